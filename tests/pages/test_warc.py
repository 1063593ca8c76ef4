"""WARC files: what is taken, what is passed over, and files that are cut, damaged or made to hurt."""

from __future__ import annotations

import gzip
import io
import logging
import zlib
from pathlib import Path

import pytest

from khabar.many import many
from khabar.pages import Fault, iter_sources, read
from khabar.pages.inflating import Damaged, TooLarge, inflate
from khabar.records import Article, Page

TITLE = "وصول قافلة مساعدات طبية إلى الأبيض"
A = "أعلنت وزارة الصحة في الخرطوم، الأحد، وصول قافلة مساعدات طبية إلى مدينة الأبيض بعد توقف دام شهرين."
HTML = f'<html lang="ar"><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><p>{A}</p></body></html>'.encode()
FARSI = (
    "<html><body><p>رئیس جمهور ایران گفت که این توافق برای منطقه مهم است و باید اجرا شود.</p></body></html>".encode()
)
DAY = "2024-05-06T01:02:03Z"


def record(
    body: bytes,
    address: str = "https://e.example/1",
    *,
    kind: str = "response",
    head: str = "",
    status: int = 200,
    content: str = "text/html; charset=utf-8",
    warc: str = "",
) -> bytes:
    block = f"HTTP/1.1 {status} X\r\nContent-Type: {content}\r\n{head}\r\n".encode() + body
    lines = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {address}\r\nWARC-Date: {DAY}\r\n{warc}"
    return f"{lines}Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"


def packed(*records: bytes) -> bytes:
    """A gz member a record, as crawlers write them."""
    return b"".join(map(gzip.compress, records))


def pages(data: bytes) -> list[Page | Fault]:
    return list(iter_sources([io.BytesIO(data)]))


INFO = record(b"software: x", kind="warcinfo")


@pytest.mark.parametrize("pack", [b"".join, lambda parts: packed(*parts), lambda parts: gzip.compress(b"".join(parts))])
def test_plain_gz_and_one_gz(pack: object, tmp_path: Path) -> None:
    data = pack([INFO, record(HTML), record(HTML, "https://e.example/2?utm_source=x")])  # type: ignore[operator]
    for name in ("a.warc", "a.warc.gz", "a"):
        path = tmp_path / name
        path.write_bytes(data)
        found = list(read(path))
        assert [a.url for a in found if isinstance(a, Article)] == ["https://e.example/1", "https://e.example/2"]
        first = found[0]
        assert isinstance(first, Article)
        assert first.paragraphs == (TITLE, A)
        assert f"fetched {DAY}" in str(first.source)
        assert first.date is None  # the day of fetching is no day of publication


def test_source_says_where_the_record_begins() -> None:
    plain = [INFO, record(HTML)]
    (page,) = pages(b"".join(plain))
    assert f"byte {len(INFO)}," in page.source
    (page,) = pages(packed(*plain))
    assert f"byte {len(gzip.compress(INFO))}," in page.source


def test_the_rest_is_counted(caplog: pytest.LogCaptureFixture) -> None:
    parts = [
        INFO, record(HTML, kind="request"), record(HTML, kind="revisit"), record(HTML, status=404),
        record(b"{}", content="application/json"), record(b"\x89PNG", content="image/png"), record(FARSI),
        record(b"<html><body><p>The ministry announced a plan.</p></body></html>"), record(HTML, "dns:e.example"),
        record(HTML),
    ]  # fmt: skip
    with caplog.at_level(logging.WARNING):
        (page,) = pages(packed(*parts))
    assert isinstance(page, Page)
    for words in ("1 page in Arabic", "2 not HTML", "1 not answered with 200", "1 in another language (fa)",
                  "1 in another language (other)", "1 warcinfo record,", "1 request record,", "1 revisit record,",
                  "1 not of the web"):  # fmt: skip
        assert words in caplog.text


SHORT = "<p>تهران، بغداد، دمشق، صنعاء، عمان، بيروت، الرياض، القاهرة، طرابلس، نواكشوط</p>"


@pytest.mark.parametrize(
    ("html", "head", "warc", "taken"),
    [
        (f"<html>{SHORT}", "", "", True),
        (f'<html lang="fa-IR">{SHORT}', "", "", False),
        (f"<html>{SHORT}", "Content-Language: fa\r\n", "", False),
        (f"<html>{SHORT}", "", "WARC-Identified-Content-Language: fas,eng\r\n", False),
        (f'<html lang="en">{SHORT}', "", "", True),  # a template's
        (f'<html lang="fa"><p>{A * 6}</p>', "", "", True),  # its words say more
        (f'<html lang="ar">{FARSI.decode()}', "", "", False),
    ],
)
def test_declared_and_detected_language(html: str, head: str, warc: str, taken: bool) -> None:
    assert bool(pages(record(html.encode(), head=head, warc=warc))) is taken


def chunked(data: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (data[:10], data[10:])) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("body", "head"),
    [
        (HTML, ""),
        (gzip.compress(HTML), "Content-Encoding: gzip\r\n"),
        (zlib.compress(HTML), "Content-Encoding: deflate\r\n"),
        (zlib.compress(HTML)[2:-4], "Content-Encoding: deflate\r\n"),
        (chunked(HTML), "Transfer-Encoding: chunked\r\n"),
        (chunked(gzip.compress(HTML)), "Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n"),
        (HTML, "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"),  # stored unpacked with the old headers
        (HTML, "Content-Encoding: br\r\nX-Long: a\r\n folded\r\n"),
    ],
)
def test_encodings_of_bodies(body: bytes, head: str) -> None:
    (page,) = pages(packed(record(body, head=head)))
    assert isinstance(page, Page)
    assert page.html == HTML.decode()


def test_windows_1256() -> None:
    (page,) = pages(record(HTML.decode().encode("cp1256"), content="text/html; charset=windows-1256"))
    assert isinstance(page, Page)
    assert page.html == HTML.decode()


def test_cut_anywhere_keeps_what_came_before() -> None:
    parts = [record(HTML, f"https://e.example/{n}") for n in range(3)]
    for join in (b"".join, lambda some: packed(*some)):
        ends = [len(join(parts[:n])) for n in range(4)]
        whole = join(parts)
        for cut in range(1, len(whole), 7):
            found = pages(whole[:cut])
            read_whole = sum(isinstance(item, Page) for item in found)
            before = sum(end <= cut for end in ends[1:])
            # A record is whole without the blank lines behind it, and without the check sum of gz.
            assert before <= read_whole <= before + 1
            if cut not in ends and read_whole == before:
                assert isinstance(found[-1], Fault)
                if "gz file" not in found[-1].message and cut > 12:  # else too short to tell what it is
                    assert "cut in the middle" in found[-1].message
                    assert f"{many(read_whole, 'page')} read before it" in found[-1].message


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (record(HTML) + b"something else\r\n" * 50, "no WARC record"),
        (b"WARC/1.0\r\nWARC-Type: response\r\n\r\n", "without its length"),
        (b"WARC/1.0\r\nX: " + b"a" * 50_000, "no end"),
        (packed(record(HTML)) + b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xff\xff\xff\xff", "damaged"),
    ],
)
def test_damaged_files(data: bytes, words: str) -> None:
    *_, last = pages(data)
    assert isinstance(last, Fault)
    assert words in last.message


def test_bombs_are_cut_and_the_rest_is_read() -> None:
    bomb = gzip.compress(b"\0" * 30_000_000, 1)
    parts = [record(HTML, "https://e.example/1"), record(b"\0" * 30_000_000, "https://e.example/2"),
             record(bomb, "https://e.example/3", head="Content-Encoding: gzip\r\n"),
             record(HTML, "https://e.example/4")]  # fmt: skip
    first, large, packed_bomb, last = pages(packed(*parts))
    assert isinstance(first, Page)
    assert isinstance(last, Page)
    for fault in (large, packed_bomb):
        assert isinstance(fault, Fault)
        assert "larger than 20 MB" in fault.message


def test_a_member_that_unpacks_to_gigabytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("khabar.pages.warcfile._BOMB_BYTES", 1 << 20)
    first, last = pages(packed(record(HTML), record(b"\0" * 5_000_000)) + packed(record(HTML)))
    assert isinstance(first, Page)
    assert "gzip bomb" in str(last)


def test_inflate_stops_at_the_limit() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000, 9)
    taken = 0

    def chunks() -> object:
        nonlocal taken
        for start in range(0, len(bomb), 1000):
            taken += 1
            yield bomb[start : start + 1000]

    with pytest.raises(TooLarge):
        inflate(chunks(), "gzip", 1 << 20)  # type: ignore[arg-type]
    assert taken < 5
    for name, data in (("gzip", bomb[:-20]), ("gzip", b"plain"), ("deflate", b"\xff\xff"), ("zstd", b"x")):
        with pytest.raises(Damaged):
            inflate([data], name, 1 << 30)
