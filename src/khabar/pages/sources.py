"""Files, folders and streams to pages: HTML, plain text, JSONL of either, gz of these, WARC, in any mix."""

from __future__ import annotations

import gzip
import io
import logging
import re
import zlib
from collections.abc import Iterable, Iterator
from enum import Enum
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from msgspec.structs import replace

from khabar.records import Article, Page

from .dates import given_date
from .encoding import decode, looks_binary
from .faults import Fault
from .warc import read_warc
from .warcfile import is_warc

_LOG = logging.getLogger(__name__)
MAX_BYTES = 20 * 1024 * 1024  # of one page; the largest news pages seen have 3 MB
# Files that saved pages bring along; in a folder they are passed over without a word.
_COMPANIONS = frozenset(
    [
        ".css",
        ".js",
        ".mjs",
        ".map",
        ".png",
        ".jpg",
        ".jpeg",
        ".gif",
        ".svg",
        ".webp",
        ".ico",
        ".woff",
        ".woff2",
        ".ttf",
        ".eot",
        ".mp4",
    ]
)
# An archive in the folder that is read (`khabar run .`), and what SQLite writes beside it.
_ARCHIVES = re.compile(r"\.(?:db|sqlite3?)(?:-wal|-shm|-journal|\.schema\d.*\.bak)?$", re.IGNORECASE)
_LINES = frozenset((".jsonl", ".ndjson", ".jsonlines"))
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|article|div|p|meta|title|main|section|h1|br)\b", re.IGNORECASE)
_JSON = re.compile(r'[\[\s]*\{\s*"(?:[^"\\\n]|\\.){0,100}"\s*:')  # an object, or a list of them, from its first key
_HEAD = 4096  # bytes that tell a WARC file


class Pause(Enum):
    """What a source of pages yields where the next page may take long: what came before shall not wait for it."""

    PAUSE = "pause"


_TOO_DEEP = "no JSON that can be read: nested too deep"
_TEXT_KEYS = ("html", "text", "paragraphs", "body", "content")
Source = str | Path | BinaryIO | Page | Fault | Pause


def iter_sources(paths: Iterable[Source]) -> Iterator[Page | Fault]:
    """Pages of all sources, in order; folders are walked by name, `-` is standard input, pages (and faults) that
    somebody else fetched go through. Never raises for an input."""
    return (item for item in iter_stream(paths) if not isinstance(item, Pause))


def iter_stream(paths: Iterable[Source]) -> Iterator[Page | Fault | Pause]:
    """As `iter_sources`, with the pauses that a source announces."""
    for path in paths:
        if isinstance(path, Pause):
            yield path
        else:
            yield from _source(path)


def _source(source: str | Path | BinaryIO | Page | Fault) -> Iterator[Page | Fault]:
    if isinstance(source, Page | Fault):
        yield source
        return
    if not isinstance(source, str | Path):
        yield from _stream(source, str(getattr(source, "name", "stream")), "")
        return
    if str(source) == "-":
        import sys

        yield from _stream(sys.stdin.buffer, "standard input", "")
        return
    path = Path(source)
    if path.is_dir():
        wanted = files_of(path)
        if not wanted:
            yield Fault(str(path), None, "no pages in this folder")
        for file in wanted:
            yield from _file(file)
    else:
        yield from _file(path)


def files_of(folder: Path) -> list[Path]:
    """The files of a folder that are read, in order: none of hidden ones, what saved pages bring along, archives."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and not _hidden(p.relative_to(folder)))
    return [p for p in files if p.suffix.lower() not in _COMPANIONS and not _ARCHIVES.search(p.name)]


def _hidden(path: Path) -> bool:
    """Whether a file, or a folder on the way to it from the one that was named, is hidden."""
    return any(part.startswith(".") for part in path.parts)


def count_pages(source: str | Path) -> int | None:
    """How many pages a source will give, without reading them: files, and lines of JSONL; None where only reading can
    tell (standard input, WARC files)."""
    if str(source) == "-":
        return None
    path = Path(source)
    counts = [_pages_in(file) for file in (files_of(path) if path.is_dir() else [path])]
    return None if None in counts else sum(n for n in counts if n is not None)


def _pages_in(path: Path) -> int | None:
    if path.exists() and not path.is_file():  # a pipe can be read once only, and that is not for counting
        return None
    try:
        with path.open("rb") as raw:
            head = raw.read(_HEAD)
            if is_warc(head):
                return None
            if Path(path.name.lower().removesuffix(".gz")).suffix not in _LINES:
                return 1
            raw.seek(0)
            with gzip.GzipFile(fileobj=raw) if head[:2] == b"\x1f\x8b" else raw as stream:
                return sum(1 for line in stream if line.strip())
    except (OSError, EOFError, zlib.error):
        return 1


def _file(path: Path) -> Iterator[Page | Fault]:
    try:
        with path.open("rb") as stream:
            yield from _stream(stream, str(path), path.name)
    except FileNotFoundError:
        yield Fault(str(path), None, "no such file or folder")
    except OSError as error:
        yield Fault(str(path), None, f"cannot be read: {error.strerror or error}")


def _stream(raw: BinaryIO, source: str, name: str) -> Iterator[Page | Fault]:
    buffered = raw if isinstance(raw, io.BufferedReader) else io.BufferedReader(_Raw(raw))
    if is_warc(buffered.peek(_HEAD)[:_HEAD]):
        yield from read_warc(buffered, source, MAX_BYTES)
        return
    stream: io.BufferedReader | io.BufferedIOBase = buffered
    if buffered.peek(2)[:2] == b"\x1f\x8b":
        stream = gzip.GzipFile(fileobj=buffered)
        name = name.removesuffix(".gz")
    try:
        head = _peek(stream)
        if Path(name).suffix.lower() in _LINES or _looks_jsonl(head):
            yield from _json_lines(stream, source)
        else:
            yield _page(stream.read(MAX_BYTES + 1), source)
    except (OSError, EOFError, zlib.error) as error:
        yield Fault(source, None, f"damaged gz file: {error}")


class _Raw(io.RawIOBase):
    """Any object with `read` as a raw stream, so that it can be peeked into."""

    def __init__(self, stream: BinaryIO) -> None:
        self._inner = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        data = self._inner.read(len(view))
        if isinstance(data, str):
            raise TypeError("open the file in binary mode")
        view[: len(data)] = data
        return len(data)


def _peek(stream: io.BufferedReader | io.BufferedIOBase) -> bytes:
    peek = getattr(stream, "peek", None)
    return bytes(peek(65536)[:65536]) if peek is not None else b""


def _looks_jsonl(head: bytes) -> bool:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text.startswith(b"{"):
        return False
    line = text.split(b"\n", 1)[0]
    if re.match(rb'\{\s*"', line) is None:
        return False
    try:
        msgspec.json.decode(line)
    except msgspec.DecodeError:
        return b"\n" not in text and len(text) >= 65000  # the first line is longer than what was peeked at
    except RecursionError:
        return True  # the line is named as one that cannot be read
    return True


def _page(data: bytes, source: str) -> Page | Fault:
    """One page of a file of its own."""
    if not data.strip():
        return Fault(source, None, "empty file")
    if len(data) > MAX_BYTES:
        return Fault(source, None, f"larger than {MAX_BYTES // 2**20} MB, the limit for one page; not read")
    if looks_binary(data):
        return Fault(source, None, "binary file, no page of text")
    decoded = decode(data)
    if decoded.replaced:
        _LOG.warning("%s: %d bytes fit no letter of %s and were replaced", source, decoded.replaced, decoded.encoding)
    text = decoded.text
    stripped = text.lstrip()
    if _JSON.match(stripped):
        return _whole_json(stripped, source)
    if _HTML.search(stripped[:5000]) and "<" in stripped[:1000]:
        return Page(source=source, html=text, encoding=decoded.encoding)
    return Page(source=source, text=text, encoding=decoded.encoding)


def _whole_json(text: str, source: str) -> Page | Fault:
    """The page that a file of JSON holds. What is cut or a list is no text to read either: its syntax is no Arabic."""
    try:
        value = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        return Fault(source, None, f"no JSON: {error}")
    except RecursionError:
        return Fault(source, None, _TOO_DEEP)
    if isinstance(value, list):
        return Fault(source, None, "a JSON list; write one article a line (jq -c '.[]' FILE > FILE.jsonl)")
    return _from_json(value, source, None)


def _json_lines(stream: io.BufferedReader | io.BufferedIOBase, source: str) -> Iterator[Page | Fault]:
    number = 0
    empty = True
    while line := stream.readline(MAX_BYTES + 1):
        number += 1
        if len(line) > MAX_BYTES:
            yield Fault(source, number, f"line larger than {MAX_BYTES // 2**20} MB, the limit for one page; not read")
            empty = False
            while line and not line.endswith(b"\n"):
                line = stream.readline(MAX_BYTES)
            continue
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if not line.strip():
            continue
        empty = False
        yield _json_line(line, source, number)
    if empty:
        yield Fault(source, None, "empty file")


def _json_line(line: bytes, source: str, number: int) -> Page | Fault:
    try:
        value = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as first:
        try:
            value = msgspec.json.decode(decode(line).text)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return Fault(source, number, f"no JSON: {first}")
    except RecursionError:
        return Fault(source, number, _TOO_DEEP)
    return _from_json(value, source, number)


def _from_json(value: object, source: str, number: int | None) -> Page | Fault:
    if not isinstance(value, dict):
        return Fault(source, number, "expected an object with html, text or paragraphs")
    keys: dict[str, Any] = {str(key): item for key, item in value.items() if item not in (None, "")}
    for key in ("html", "text", "url", "date", "outlet", "title", "body", "content"):
        if key in keys and not isinstance(keys[key], str):
            if key in ("body", "content", "text") and _strings(keys[key]):
                keys[key] = "\n".join(keys[key])
            else:
                return Fault(source, number, f"{key} must be a string")
    where = source if number is None else f"{source}:{number}"
    date = keys.get("date")
    if date is not None and given_date(date).date is None:
        _LOG.warning("%s: date %r is no day that can be read; the page's own stands, if it has one", where, date)
    base = Page(
        source=where,
        id=str(keys["id"]) if "id" in keys else None,
        url=keys.get("url"),
        date=date,
        outlet=keys.get("outlet"),
        title=keys.get("title"),
    )
    if "paragraphs" in keys:
        if not _strings(keys["paragraphs"]):
            return Fault(source, number, "paragraphs must be a list of strings")
        return _from_article(keys, base, source, number)
    if "html" in keys:
        return replace(base, html=keys["html"])
    text = keys.get("text") or keys.get("body") or keys.get("content")
    if text is None:
        return Fault(source, number, f"none of the keys {', '.join(_TEXT_KEYS)}")
    return replace(base, text=text)


def _from_article(keys: dict[str, Any], base: Page, source: str, number: int | None) -> Page | Fault:
    """A line in the form of our own articles: what it says of date, agency and dropped lines goes through."""
    paragraphs = tuple(keys["paragraphs"])
    try:
        article = msgspec.convert({**keys, "id": base.id or "", "paragraphs": paragraphs}, type=Article)
    except msgspec.ValidationError as error:
        return Fault(source, number, f"no article: {error}")
    return replace(base, paragraphs=paragraphs, article=article)


def _strings(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
