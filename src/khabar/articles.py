"""Articles from lines of JSON, in the form of `docs/records.md`: what `khabar code` and `khabar show` read.

Comes in: a line with where it stood. Goes out: an `Article` whose paragraphs are, letter by letter, those of the line
(offsets of codings count in them), or a `Fault` that says what is wrong and what to do.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

import msgspec

from khabar.pages import Fault, article_id
from khabar.records import Article

MAX_BYTES = 20 * 1024 * 1024  # of one article
_PAGE = re.compile(rb"\s*<(?:!doctype|html|head|\?xml)\b", re.IGNORECASE)


class Line(NamedTuple):
    """A line of a JSONL file, counted from 1; `data` is None where it was too long to be read."""

    source: str
    number: int
    data: bytes | None


def lines(stream: BinaryIO, source: str) -> Iterator[Line]:
    """The lines of a stream that are not blank."""
    number, first = 0, True
    while data := stream.readline(MAX_BYTES + 1):
        number += 1
        if len(data) > MAX_BYTES:
            while data and not data.endswith(b"\n"):
                data = stream.readline(MAX_BYTES)
            yield Line(source, number, None)
            continue
        if number == 1:
            data = data.removeprefix(b"\xef\xbb\xbf")
        if not data.strip():
            continue
        yield Line(source, number, data)
        if first and _PAGE.match(data):
            return  # the file is a page: one fault says it for all its lines
        first = False


def read_line(line: Line) -> Article | Fault:
    """The article of a line. Its id is the given one, else that of its address (or place) and paragraphs."""
    if line.data is None:
        return _fault(line, f"line larger than {MAX_BYTES // 2**20} MB, the limit for one article; not read")
    if _PAGE.match(line.data):
        return _fault(line, "a page, not articles as lines of JSON; `khabar read` makes these of pages")
    try:
        value = msgspec.json.decode(line.data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return _fault(line, f"no JSON: {error}; write one article a line")
    except RecursionError:
        return _fault(line, "no JSON that can be read: nested too deep")
    if not isinstance(value, dict):
        return _fault(line, 'no article; expected an object with "id" and "paragraphs"')
    paragraphs = value.get("paragraphs")
    if not isinstance(paragraphs, list) or not all(isinstance(text, str) for text in paragraphs):
        return _fault(line, '"paragraphs" must be a list of strings, the title first ("" if none)')
    try:
        article = msgspec.convert({**value, "id": str(value.get("id") or ""), "date": None}, type=Article)
        date = _day(value.get("date"))
    except (msgspec.ValidationError, ValueError) as error:
        return _fault(line, f"no article: {error}")
    place = f"{line.source}:{line.number}"
    return msgspec.structs.replace(
        article,
        id=article.id or article_id(article.url or place, article.paragraphs),
        date=date,
        source=article.source or place,
    )


def _day(value: object) -> str | None:
    """`YYYY-MM-DD`; a time of day after it is left out."""
    if value is None or value == "":
        return None
    try:
        if not isinstance(value, str) or (len(value) > 10 and value[10] not in "T "):
            raise ValueError
        return datetime.date.fromisoformat(value[:10]).isoformat()
    except ValueError:
        raise ValueError(f"date {value!r} is no day; write YYYY-MM-DD, or null where it is not known") from None


def _fault(line: Line, message: str) -> Fault:
    return Fault(line.source, line.number, message)
