"""`khabar run` over web archives: what is taken, what is told of the rest, files that are cut or made to hurt."""

from __future__ import annotations

import gzip
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from khabar.cli.progress import count_pages
from sample_pages import html_page

Program = Callable[..., "subprocess.CompletedProcess[bytes]"]
ENGLISH = b"<html><body><p>The ministry announced a plan for the port on Sunday.</p></body></html>"


def record(
    body: bytes, address: str, *, kind: str = "response", status: int = 200, content: str = "text/html"
) -> bytes:
    block = f"HTTP/1.1 {status} X\r\nContent-Type: {content}\r\n\r\n".encode() + body
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {address}\r\nWARC-Date: 2024-05-06T01:02:03Z\r\n"
    return gzip.compress(f"{head}Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n")


def page(n: int) -> bytes:
    return record(html_page(title=f"وزيرا الخارجية يلتقيان للمرة {n}").encode(), f"https://e.example/{n}?utm_source=x")


REST = [
    record(b"", "https://e.example/info", kind="warcinfo"),
    record(b"<html>", "https://e.example/lost", status=404),
    record(ENGLISH, "https://e.example/en"),
    record(b"\x89PNG", "https://e.example/a.png", content="image/png"),
]


def test_pages_of_a_crawl(khabar: Program, tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(b"".join([REST[0], page(1), *REST[1:], page(2)]))
    done = khabar("run", path.name, "--archive", "news.db", "--coder", "baseline")
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode().startswith("2 pages in")
    told = done.stderr.decode()
    assert "crawl.warc.gz: 2 pages in Arabic; passed over: " in told
    for words in ("1 warcinfo record,", "1 not answered with 200", "1 in another language (other)", "1 not HTML"):
        assert words in told
    done = khabar("export", "jsonl", "--archive", "news.db")
    addresses = {json.loads(line)["article"]["url"] for line in done.stdout.splitlines()} if done.stdout else set()
    assert addresses <= {"https://e.example/1", "https://e.example/2"}
    read = [json.loads(line) for line in khabar("read", path.name).stdout.splitlines()]
    assert [article["url"] for article in read] == ["https://e.example/1", "https://e.example/2"]
    assert {article["date"] for article in read} == {"2022-07-16"}  # the page's, not that of the crawl
    for article in read:
        assert article["source"].startswith("crawl.warc.gz (record at byte ")
        assert article["source"].endswith(", fetched 2024-05-06T01:02:03Z)")
    again = khabar("run", path.name, "--archive", "news.db", "--coder", "baseline")
    assert "0 new, 0 changed, 0 coded anew, 2 known, 0 failed" in again.stdout.decode()


def test_a_cut_file_and_a_bomb(khabar: Program, tmp_path: Path) -> None:
    packed = "text/html\r\nContent-Encoding: gzip"
    bomb = record(gzip.compress(b" " * 50_000_000), "https://e.example/bomb", content=packed)
    parts = [page(1), bomb, page(2), page(3)]
    whole = b"".join(parts)
    (tmp_path / "cut.warc.gz").write_bytes(whole[: -len(parts[-1]) // 2])
    (tmp_path / "more.warc.gz").write_bytes(page(4))
    done = khabar("run", "cut.warc.gz", "more.warc.gz", "--archive", "news.db", "--coder", "baseline")
    assert done.returncode == 1
    told = done.stderr.decode()
    assert "https://e.example/bomb: larger than 20 MB" in told
    assert (
        f"cut in the middle: a gz member has no end, at byte {len(b''.join(parts[:3]))}; 2 pages read before it" in told
    )
    assert "2 pages failed" in told
    assert "5 pages in" in done.stdout.decode()
    assert "3 new" in done.stdout.decode()
    assert "Traceback" not in told


def test_a_file_cut_to_nothing(khabar: Program, tmp_path: Path) -> None:
    (tmp_path / "cut.warc").write_bytes(b"WARC/1.0\r\nWARC-Type: resp")
    done = khabar("run", "cut.warc", "--archive", "news.db", "--coder", "baseline")
    assert done.returncode == 1
    assert "cut in the middle of a record's head" in done.stderr.decode()


def test_from_standard_input_in_processes(khabar: Program) -> None:
    crawl = b"".join(page(n) for n in range(20))
    done = khabar("run", "-", "--archive", "news.db", "--coder", "baseline", "--jobs", "2", stdin=crawl)
    assert done.returncode == 0, done.stderr.decode()
    assert "20 pages in" in done.stdout.decode()
    assert "20 new" in done.stdout.decode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "mixed"
    (root / ".cache").mkdir(parents=True)
    (root / "a.html").write_text(html_page(), encoding="utf-8")
    (root / "a.css").write_text("p{}", encoding="utf-8")
    (root / ".cache" / "b.html").write_text(html_page(), encoding="utf-8")
    (root / "c.jsonl.gz").write_bytes(gzip.compress(b'{"text":"x"}\n\n{"text":"y"}\n'))
    return root


def test_progress_counts_what_will_be_read(folder: Path, tmp_path: Path) -> None:
    assert count_pages([str(folder)]) == 3
    assert count_pages([str(folder), "-"]) is None
    assert count_pages([str(tmp_path / "none.html")]) == 1  # a fault counts as a page
    cut = folder / "d.jsonl.gz"
    cut.write_bytes(gzip.compress(b'{"text":"x"}\n' * 5000)[:-8])
    assert count_pages([str(cut)]) == 1


@pytest.mark.parametrize("name", ["crawl.warc", "crawl.warc.gz", "crawl"])
def test_progress_does_not_claim_to_know_a_crawl(folder: Path, name: str) -> None:
    (folder / name).write_bytes(page(1) if name != "crawl.warc" else gzip.decompress(page(1)))
    assert count_pages([str(folder)]) is None
