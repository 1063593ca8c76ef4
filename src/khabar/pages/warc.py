"""Pages of WARC files: HTML that was answered with 200 and is in Arabic; the rest is counted and passed over."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator

from khabar.many import many
from khabar.records import Page

from .encoding import decode
from .faults import Fault
from .inflating import Damaged, TooLarge, inflate
from .languages import language
from .warcfile import Record, WarcError, records

_LOG = logging.getLogger(__name__)
_HTML = ("text/html", "application/xhtml+xml")
_LETTER = re.compile("[\u0621-\u064a\u066e-\u06d3]")
_TEXTS = re.compile(r">([^<>]{2,2000})")
_DECLARED = re.compile(r"<html\b[^>]{0,500}?\b(?:xml:)?lang\s*=\s*[\"']?\s*([A-Za-z]{2,3})", re.IGNORECASE)
_FEW = 40  # letters: fewer are the link to an Arabic edition, no page in Arabic
_SHORT = 400  # letters: in fewer, what the page declares counts more than what its letters say
_SAMPLE = 6000
# The names that headers, pages and Common Crawl use for the language that `language` calls so.
_SAME = {"ara": "ar", "fas": "fa", "per": "fa", "urd": "ur", "pus": "ps", "pbt": "ps", "uig": "ug", "ku": "ckb"}


def read_warc(stream: io.BufferedReader, source: str, limit: int) -> Iterator[Page | Fault]:
    """Pages of a WARC file, plain or gz, in its order. `limit` is that of one page in bytes.

    A page has the record's address; its `source` says where the record begins and when it was fetched. A cut or damaged
    file gives a Fault; what came before stays.
    """
    passed: Counter[str] = Counter()
    pages = 0
    try:
        for record in records(stream):
            found = _page(record, source, limit)
            if isinstance(found, str):
                passed[found] += 1
                continue
            pages += isinstance(found, Page)
            yield found
    except WarcError as error:
        yield Fault(source, None, f"{error}, at byte {error.offset}; {many(pages, 'page')} read before it")
    except OSError as error:
        yield Fault(source, None, f"cannot be read further: {error}; {many(pages, 'page')} read before it")
    rest = ", ".join(many(n, what) if what.endswith(" record") else f"{n} {what}" for what, n in passed.most_common())
    _LOG.warning("%s: %s in Arabic; passed over: %s", source, many(pages, "page"), rest or "nothing")


def _page(record: Record, source: str, limit: int) -> Page | Fault | str:
    """The page of a record, or why it is passed over."""
    kind = record.headers.get("warc-type", "").lower()
    if kind != "response":
        return f"{kind or 'nameless'} record"
    address = record.headers.get("warc-target-uri", "").strip("<> ")
    if not address.lower().startswith(("http:", "https:")):
        return "not of the web"
    status, headers = record.head()
    if status != 200:
        return "not answered with 200"
    if headers.get("content-type", "text/html").split(";")[0].strip().lower() not in _HTML:
        return "not HTML"
    place = (
        f"{source} (record at byte {record.offset}, fetched {record.headers.get('warc-date') or 'at no known time'})"
    )
    if record.left > limit:
        return Fault(place, None, f"{address}: larger than {limit // 2**20} MB, the limit for one page; not read")
    try:
        data = _body(record.body(), headers, limit)
    except (TooLarge, Damaged) as error:
        return Fault(place, None, f"{address}: {error}; not read")
    text = decode(data, headers.get("content-type")).text
    spoken = _language(text, headers, record.headers)
    if spoken != "ar":
        return f"in another language ({spoken})"
    return Page(source=place, html=text, url=address)


def _body(data: bytes, headers: dict[str, str], limit: int) -> bytes:
    """The body as the reader would see it. Crawlers that store it unpacked often keep the server's headers."""
    if "chunked" in headers.get("transfer-encoding", "").lower():
        data = _unchunked(data)
    encoding = headers.get("content-encoding", "")
    packed = data[:2] == b"\x1f\x8b"
    if packed or encoding.strip().lower() in ("deflate", "br"):
        try:
            return inflate([data], "gzip" if packed else encoding, limit)
        except Damaged:
            if packed:
                raise
    return data


def _unchunked(data: bytes) -> bytes:
    parts: list[bytes] = []
    at = 0
    while match := re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,200})?\r?\n").match(data, at):
        size = int(match[1], 16)
        if not size:
            return b"".join(parts)
        parts.append(data[match.end() : match.end() + size])
        at = match.end() + size
        at += 2 if data[at : at + 2] == b"\r\n" else 1
    return b"".join(parts) if at >= len(data) else data


def _language(html: str, headers: dict[str, str], warc: object) -> str:
    """The language of a page: by its letters and words; of a short one, what page, server or crawler declare."""
    letters = len(_LETTER.findall(html))
    if letters < _FEW:
        return "other"
    text = " ".join(part for part in _TEXTS.findall(html) if _LETTER.search(part))
    found = language(text[:_SAMPLE])
    if len(text) > 3 * _SAMPLE and found != "ar":  # the frame of the page may be in another language than its text
        middle = len(text) // 2
        found = language(text[middle : middle + _SAMPLE])
    if found == "ar" and letters < _SHORT:
        page = _DECLARED.search(html[:5000])
        told = (page[1] if page else "") or headers.get("content-language", "")
        told = told or getattr(warc, "get", lambda *_: "")("warc-identified-content-language", "")
        name = re.split(r"[-_,;\s]", told.strip().lower())[0]
        name = _SAME.get(name, name)
        if name in ("fa", "ur", "ps", "ug", "ckb"):
            return name
    return found
