"""Marks of events in a paragraph: spans by offsets, cut where they overlap; and text of a page made safe to show."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from khabar.records import CodedArticle, Event, Mention, Place, Time

ROLES = ("actors", "recipients", "speaker", "place", "time")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufff9-\ufffb]")
# Embeddings, overrides and isolates: they would turn the order of what stands after them.
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")


class Mark(NamedTuple):
    """A span of a paragraph: code points from `start` to `end`, the event's number from 1, `trigger` or a role."""

    start: int
    end: int
    event: int
    role: str


class Segment(NamedTuple):
    """A run of a paragraph under the same marks (none for plain text)."""

    text: str
    start: int
    marks: tuple[Mark, ...]


def marks_of(events: Sequence[Event]) -> dict[int, list[Mark]]:
    """Paragraph -> the marks of its events; events are numbered in the order given. Cells without words of that
    paragraph, or with offsets that make no span, have no mark."""
    found: dict[int, list[Mark]] = {}
    for number, event in enumerate(events, 1):
        cells: list[tuple[str, int | None, int | None]] = [("trigger", event.trigger.start, event.trigger.end)]
        cells += [(role, cell.start, cell.end) for role in ROLES for cell in cells_of(event, role)]
        for role, start, end in cells:
            if start is not None and end is not None and 0 <= start < end:
                found.setdefault(event.paragraph, []).append(Mark(start, end, number, role))
    return found


def cells_of(event: Event, role: str) -> tuple[Mention | Place | Time, ...]:
    """The cells of one role, none, one or several."""
    value = getattr(event, role)
    return value if isinstance(value, tuple) else (value,) if value else ()


def segments(text: str, marks: Sequence[Mark]) -> Iterator[Segment]:
    """The paragraph cut at every edge of a mark; together the segments are the text."""
    inside = [mark for mark in marks if mark.start < len(text)]
    edges = sorted({0, len(text), *(m.start for m in inside), *(min(m.end, len(text)) for m in inside)})
    for start, end in pairwise(edges):
        over = tuple(mark for mark in inside if mark.start <= start and mark.end >= end)
        yield Segment(text[start:end], start, over)


def in_order(coded: CodedArticle) -> tuple[Event, ...]:
    """The events as they stand in the text."""
    return tuple(sorted(coded.events, key=lambda e: (e.paragraph, e.trigger.start)))


def plain(text: str) -> str:
    """Text that cannot steer a terminal or a page: control characters as U+FFFD, white space as spaces."""
    return _CONTROL.sub("\ufffd", text.replace("\n", " ").replace("\t", " ").replace("\r", " "))
