"""Datelines that hold a day: a line of place and day ("الخرطوم - سونا - 12/5/2024"), or the opening of a lead.

Only places, agencies and outlets that `data/` knows, or the page's own outlet, stand in one: a headline, a caption or
the line of a chronology also put words beside a day, and that day is an event's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from khabar.arabic import fold_key

from .credit_names import is_own, kind_of
from .cues import is_date_line
from .dates import MARKS, day_spans

_PARTS = re.compile(r"(\s+[-–—ـ]+\s*|\s*[-–—]+\s+|\s*[()|•]\s*|\s*:\s+|\s*[،/](?!\s*\d)\s*)")
_ENDS = ("-", "–", "—", "ـ", ":", "|", "•", ")")
_REACH = 100  # characters within which a dateline ends
_DAY = "\x00"  # stands for the day while the words around it are taken apart: its own slashes part nothing
_EDGES = ' "«»،/'


class Dateline(NamedTuple):
    """The day of a dateline, and the place, agency and writer beside it (None where it names none)."""

    day: date
    place: str | None
    agency: str | None
    writer: str | None = None


def dateline(text: str, own: Collection[str] = ()) -> Dateline | None:
    """The dateline with a day that a line is, or that opens a lead; None for any other text. In a lead a dash, a colon
    or a closing bracket ends it. A line that tells an update is none. `own` are names of the page's outlet."""
    head = text[:_REACH].strip()
    if not any(ch.isdigit() for ch in head) or _updated(head):
        return None
    days = day_spans(head)
    if not days:
        return None
    day = min(days, key=lambda one: one.hijri).day
    for one in reversed(days):
        head = head[: one.start] + _DAY + head[one.end :]
    split = _PARTS.split(head)
    parts, marks = split[::2], [mark.strip() for mark in split[1::2]]
    names: list[tuple[str, str]] = []
    dated = writer = False
    for number, part in enumerate(parts):
        whole = number == len(parts) - 1
        mark = "" if whole else marks[number]
        found_names = [part]
        if _DAY in part:
            found_names, dated = _around_day(part), True
        elif is_date_line(part if dated else f"{part} 1"):  # a clock after the day, a weekday before it
            found_names = []
        for name in filter(None, found_names):
            kind = "writer" if writer else _kind(name, names, own)
            writer = kind == "byline"
            if kind is None:
                return None
            names.append((kind, name.strip(_EDGES)))
        if dated and names and _ended(mark, parts[number + 1 :], own, whole=whole and len(text) <= _REACH):
            break
    else:
        return None
    found = dict(reversed(names))
    agency = next((found[kind] for kind in ("agency", "common", "outlet", "masthead") if kind in found), None)
    place = found.get("place") or found.get("ambiguous") or found.get("country")
    known = {"agency", "common", "place", "ambiguous", "country", "writer"}
    if not (found.keys() & known or (agency and is_own(agency, own))):
        return None  # an outlet's name and a day tell nothing: a list of its issues, of its prizes
    return Dateline(day, place, agency, found.get("writer"))


def day_lines(lines: Sequence[str], own: Collection[str] = ()) -> Iterator[tuple[date, str]]:
    """The days of those lines that are, or open with, a dateline."""
    for line in lines:
        found = dateline(line, own)
        if found is not None:
            yield found.day, line


def _updated(text: str) -> bool:
    return any(mark["modified"] for mark in MARKS.finditer(fold_key(text).lower()))


def _kind(name: str, before: Sequence[tuple[str, str]], own: Collection[str]) -> str | None:
    """What stands beside a day; None for anything that a dateline does not hold. A name that only sounds like an
    outlet's counts after a place ("غزة - صوت البلد - 12/5/2024"); a person's does not: a picture may show them."""
    kind = kind_of(name, own)
    after_place = bool(before) and before[0][0] in ("place", "ambiguous")
    if kind == "masthead" and not after_place:
        return None
    return None if kind == "own_work" else kind


def _around_day(part: str) -> list[str]:
    """The words before and after the day of a part, without those that tell a time ("الخرطوم، الأحد 12 مايو 2024" comes
    in two parts; "بيروت 25 شوال 1436 هـ الموافق 10 أغسطس 2015 م واس" in one)."""
    pieces = [piece.split() for piece in part.split(_DAY)]
    while pieces[0] and is_date_line(f"{pieces[0][-1]} 1"):
        pieces[0].pop()
    for words in pieces[1:]:
        while words and is_date_line(f"{words[0]} 1"):
            words.pop(0)
    return [" ".join(words) for words in pieces]


def _is_clock(part: str) -> bool:
    return any(ch.isdigit() for ch in part) and is_date_line(part)


def _ended(mark: str, rest: Sequence[str], own: Collection[str], *, whole: bool) -> bool:
    """Whether a dateline ends here: the line is over, or a mark ends it and no further name follows."""
    if whole:
        return True
    following = next((part for part in rest if part), "")
    if following and (kind_of(following, own) is not None or _is_clock(following)):
        return False
    return mark in _ENDS or (mark != "" and not following)
