"""Datelines that hold a day: a line of place and day ("الخرطوم - سونا - 12/5/2024"), or the opening of a lead.

Only places and agencies that `data/credits.tsv` and `data/agencies.tsv` know stand in one: a headline, a caption or the
line of a chronology also put words beside a day, and that day is an event's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from typing import NamedTuple

from khabar.arabic import fold_key

from .cues import is_date_line, rows
from .dates import MARKS, full_days

_PARTS = re.compile(r"(\s+[-–—]+\s*|\s*[-–—]+\s+|\s*[()|•]\s*|\s*:\s+|\s*[،/](?!\s*\d)\s*)")
_ENDS = ("-", "–", "—", ":", "|", "•", ")")
_REACH = 100  # characters within which a dateline ends


class Dateline(NamedTuple):
    """The day of a dateline, and the place and agency beside it (None where it names none)."""

    day: date
    place: str | None
    agency: str | None


@cache
def _known() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Folded places and countries, forms of agencies, words before a writer's name."""
    words = {row[0]: [fold_key(word) for word in row[1].split("|")] for row in rows("credits")}
    agencies = (fold_key(form).lower() for row in rows("agencies") for form in row[1].split("|"))
    return frozenset(words["place"] + words["country"]), frozenset(agencies), frozenset(words["byline"])


def dateline(text: str) -> Dateline | None:
    """The dateline with a day that a line is, or that opens a lead; None for any other text. In a lead a dash, a colon
    or a closing bracket ends it. A line that tells an update is none."""
    if not any(ch.isdigit() for ch in text[:_REACH]) or _updated(text[:_REACH]):
        return None
    split = _PARTS.split(text[:_REACH].strip())
    parts, marks = split[::2], [mark.strip() for mark in split[1::2]]
    day: date | None = None
    names: list[tuple[str, str]] = []
    writer = False
    for number, part in enumerate(parts):
        whole = number == len(parts) - 1
        mark = "" if whole else marks[number]
        if part and day is None:
            name, day = _name_and_day(part)
        else:
            name = part
        if name:
            kind = "writer" if writer else _kind(name)
            writer = kind == "byline"
            if kind is None:
                return None
            names.append((kind, name.strip(' "«»،/')))
        if day is not None and names and _ended(mark, parts[number + 1 :], whole=whole and len(text) <= _REACH):
            break
    else:
        return None
    assert day is not None
    found = dict(reversed(names))
    if not found.keys() & {"place", "agency", "writer"}:
        return None
    return Dateline(day, found.get("place"), found.get("agency"))


def day_lines(lines: Sequence[str]) -> Iterator[tuple[date, str]]:
    """The days of those lines that are, or open with, a dateline."""
    for line in lines:
        found = dateline(line)
        if found is not None:
            yield found.day, line


def _updated(text: str) -> bool:
    return any(mark["modified"] for mark in MARKS.finditer(fold_key(text).lower()))


def _kind(name: str) -> str | None:
    """What stands beside a day: a place, an agency, or the word before a writer; None for anything else."""
    places, agencies, bylines = _known()
    key = fold_key(name).strip(' "«»،/').lower()
    return "agency" if key in agencies else "place" if key in places else "byline" if key in bylines else None


def _name_and_day(part: str) -> tuple[str, date | None]:
    """The words before the day of a part, and the day ("الخرطوم، الأحد 12 مايو 2024" comes in two parts)."""
    words = part.split()
    first = next((n for n, word in enumerate(words) if any(ch.isdigit() for ch in word)), None)
    if first is None:
        return ("" if is_date_line(f"{part} 1") else part), None
    while first and is_date_line(f"{words[first - 1]} 1"):  # a weekday, "on"
        first -= 1
    day = " ".join(words[first:])
    found = full_days(day) if is_date_line(day) else []
    return " ".join(words[:first]), (found[0] if found else None)


def _ended(mark: str, rest: Sequence[str], *, whole: bool) -> bool:
    """Whether a dateline ends here: the line is over, or a mark ends it and no further name follows."""
    if whole:
        return True
    following = next((part for part in rest if part), "")
    if following and _kind(following) is not None:
        return False
    return mark in _ENDS or (mark != "" and not following)
