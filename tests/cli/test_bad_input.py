"""Bad pages, bad archives, a full disk: a clear message with its place, the rest goes on, nothing stored is lost."""

from __future__ import annotations

import json
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sample_pages import article, article_lines, html_page

Program = Callable[..., Any]

PERSIAN = (
    "وزیر امور خارجه ایران روز شنبه در تهران با همتای ترکیه‌ای خود دیدار کرد و گفت که این گفت‌وگوها برای گسترش "
    "روابط دو کشور بسیار مهم است. "
    "وی همچنین از پیشنهاد برگزاری نشست سه جانبه استقبال کرد و گفت که می‌تواند به صلح کمک کند."
)


def count(archive: Path) -> int:
    with sqlite3.connect(archive) as connection:
        return int(connection.execute("SELECT count(*) FROM articles WHERE current").fetchone()[0])


BAD_PAGES: dict[str, tuple[bytes, bytes]] = {
    "empty.html": (b"", b"empty"),
    "binary.html": (bytes(range(256)) * 200, b"binary"),
    "big.html": (b"<html><body>" + b"<p>" + "كلمة ".encode() * 5_300_000 + b"</p>", b"MB"),
    "persian.html": (html_page("", (PERSIAN,)).encode(), b"Persian"),
    "menu.html": (b"<html><body><nav><a href='/'>1</a></nav></body></html>", b"no text"),
}


@pytest.mark.parametrize("name", BAD_PAGES)
def test_one_bad_page_is_named_and_the_rest_goes_on(khabar: Program, pages: Path, tmp_path: Path, name: str) -> None:
    data, message = BAD_PAGES[name]
    (pages / name).write_bytes(data)
    done = khabar("run", "-q", "--coder", "baseline", "pages", "--archive", "x.db")
    assert done.returncode == 1
    assert f"pages/{name}: ".encode() in done.stderr
    assert message in done.stderr
    assert b"Traceback" not in done.stderr
    assert count(tmp_path / "x.db") == 4
    told = khabar("status", "--archive", "x.db")
    assert f"pages/{name}: ".encode() in told.stdout


def test_a_page_given_to_code_is_one_fault(khabar: Program, tmp_path: Path) -> None:
    (tmp_path / "one.html").write_text(html_page(), encoding="utf-8")
    (tmp_path / "two.jsonl").write_bytes(article_lines(1))
    done = khabar("code", "--coder", "baseline", "one.html", "two.jsonl")
    assert done.returncode == 1
    assert done.stderr.count(b"one.html") == 1
    assert b"one.html:1: a page" in done.stderr
    assert b"khabar read" in done.stderr
    assert done.stdout.count(b"\n") == 1


def test_markup_among_articles_costs_its_own_line_alone(khabar: Program, tmp_path: Path) -> None:
    first, second = article_lines(2).splitlines(keepends=True)
    (tmp_path / "mixed.jsonl").write_bytes(first + b"<html>\n" + second)
    done = khabar("code", "--coder", "baseline", "mixed.jsonl")
    assert done.returncode == 1
    assert b"mixed.jsonl:2: a page" in done.stderr
    assert done.stdout.count(b"\n") == 2


def test_a_mended_page_is_no_longer_a_failure(khabar: Program, pages: Path) -> None:
    (pages / "four.html").write_bytes(b"")
    assert khabar("run", "-q", "--coder", "baseline", "pages").returncode == 1
    (pages / "four.html").write_text(html_page("عنوان آخر تماما"), encoding="utf-8")
    assert khabar("run", "-q", "--coder", "baseline", "pages").returncode == 0
    assert json.loads(khabar("status", "--json").stdout)["failed"] == []


def test_broken_utf8_and_nested_tags_do_not_stop_a_run(khabar: Program, pages: Path, tmp_path: Path) -> None:
    page = html_page()
    (pages / "broken.html").write_bytes(page.encode().replace("تبليسي".encode(), b"\xd8\xff\xd9", 1))
    (pages / "bomb.html").write_text("<div>" * 200_000 + page + "</div>" * 200_000, encoding="utf-8")
    done = khabar("run", "-q", "--coder", "baseline", "pages", "--archive", "x.db")
    assert done.returncode in (0, 1)
    assert b"Traceback" not in done.stderr
    assert b"unexpected" not in done.stderr
    assert count(tmp_path / "x.db") >= 4
    # Every page is either an article or a named failure.
    failed = json.loads(khabar("status", "--archive", "x.db", "--json").stdout)["failed"]
    assert count(tmp_path / "x.db") + len(failed) == 6


def test_bad_line_of_jsonl(khabar: Program, pages: Path, tmp_path: Path) -> None:
    good = article_lines(3).splitlines(keepends=True)
    (pages / "bad.jsonl").write_bytes(good[2] + b'{"paragraphs": \n' + b'{"html": 5}\n')
    done = khabar("run", "-q", "--coder", "baseline", "pages", "--archive", "x.db")
    assert done.returncode == 1
    assert b"pages/bad.jsonl:2: " in done.stderr
    assert b"pages/bad.jsonl:3: " in done.stderr
    assert count(tmp_path / "x.db") == 5


def test_archive_of_a_newer_version_is_left_alone(khabar: Program, pages: Path, tmp_path: Path) -> None:
    assert khabar("run", "-q", "--coder", "baseline", "pages", "--archive", "x.db").returncode == 0
    with sqlite3.connect(tmp_path / "x.db") as connection:
        connection.execute("UPDATE khabar_meta SET value = '999' WHERE name = 'schema'")
    for arguments in (["run", "-q", "--coder", "baseline", "pages"], ["events"], ["migrate"], ["status"]):
        done = khabar(*arguments, "--archive", "x.db")
        assert done.returncode == 1
        assert b"newer" in done.stderr
        assert b"Traceback" not in done.stderr
    assert count(tmp_path / "x.db") == 4


@pytest.mark.parametrize("command", [("run", "{pages}"), ("events",), ("status",), ("counts",), ("migrate",)])
def test_an_archive_that_is_a_folder(khabar: Program, pages: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
    told = [part.format(pages=pages) for part in command]
    done = khabar(*told, "--archive", tmp_path)
    assert done.returncode == 1
    assert b"this is a folder; name a file" in b" ".join(done.stderr.split())


def test_an_archive_that_is_none(khabar: Program, pages: Path, tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"this is no database" * 100)
    done = khabar("run", "-q", "--coder", "baseline", "pages", "--archive", "x.db")
    assert done.returncode == 1
    assert b"no SQLite database" in done.stderr
    assert (tmp_path / "x.db").read_bytes() == b"this is no database" * 100


def test_full_disk_keeps_what_is_stored_and_a_later_run_goes_on(khabar: Program, tmp_path: Path) -> None:
    (tmp_path / "some.jsonl").write_bytes(article_lines(8))
    assert khabar("run", "-q", "--coder", "baseline", "some.jsonl", "--archive", "x.db").returncode == 0
    with (tmp_path / "more.jsonl").open("w", encoding="utf-8") as stream:
        for number in range(200):
            one = article(number)
            stream.write(json.dumps(one | {"paragraphs": [*one["paragraphs"], "نص طويل " * 500]}) + "\n")  # type: ignore[misc]
    limit = (tmp_path / "x.db").stat().st_size + 600_000
    done = subprocess.run(
        [sys.executable, "-m", "khabar", "run", "-q", "--coder", "baseline", "more.jsonl", "--archive", "x.db"],
        cwd=tmp_path, capture_output=True, check=False, timeout=300,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )  # fmt: skip
    assert done.returncode == 1
    assert b"disk is full" in done.stderr
    assert b"Traceback" not in done.stderr
    assert count(tmp_path / "x.db") >= 8
    assert khabar("run", "-q", "--coder", "baseline", "more.jsonl", "--archive", "x.db").returncode == 0
    assert count(tmp_path / "x.db") == 200


def test_full_disk_while_a_file_is_written(khabar: Program, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(article_lines(100))
    done = subprocess.run(
        [sys.executable, "-m", "khabar", "code", "--coder", "baseline", "a.jsonl", "-o", "c.jsonl"],
        cwd=tmp_path, capture_output=True, check=False, timeout=300,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
    )  # fmt: skip
    assert done.returncode == 1
    assert b"c.jsonl: cannot be written" in done.stderr


def test_a_reader_that_goes_away_is_no_error(khabar: Program, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(article_lines(50))
    command = f"{sys.executable} -m khabar code --coder baseline a.jsonl | head -n 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], cwd=tmp_path, capture_output=True, check=False, timeout=300
    )
    assert done.returncode == 0
    assert done.stdout.count(b"\n") == 1
    assert done.stderr == b""


def test_a_page_out_of_a_pipe_is_read_once_and_whole(khabar: Program, tmp_path: Path) -> None:
    """`khabar run <(curl …)`: counting the pages must not drink from the pipe."""
    (tmp_path / "page.html").write_text(html_page() + "<!-- " + "x" * 200_000 + " -->", encoding="utf-8")
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m khabar run --coder baseline <(cat page.html) --archive x.db"],
        cwd=tmp_path, capture_output=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert count(tmp_path / "x.db") == 1
