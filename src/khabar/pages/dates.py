"""The publication date of a page, with its evidence: never invented, published and modified told apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import unquote

from khabar.arabic import fold_key

from .cues import rows

_ISO = re.compile(
    r"^\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[T\s]+(\d{1,2}):(\d{2})(?::\d{2}(?:[.,]\d+)?)?\s*(?:[AaPp][Mm])?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
)
_STAMP = re.compile(r"^\s*(\d{10}|\d{13})\s*$")
_COMPACT = re.compile(r"^\s*(\d{4})(\d{2})(\d{2})(?:T?\d{4,6}Z?)?\s*$")
_URL = (
    re.compile(r"/((?:19|20)\d{2})[/\-_]([01]?\d)[/\-_]([0-3]?\d)(?=[/\-_.]|$)"),
    re.compile(r"(?<![\d])((?:19|20)\d{2})-([01]\d)-([0-3]\d)(?!\d)"),
    re.compile(r"(?<=[/\-_=])((?:19|20)\d{2})([01]\d)([0-3]\d)(?:[0-2]\d[0-5]\d(?:[0-5]\d)?)?(?!\d)"),
)
_MONTH_FIRST = re.compile(r"([A-Za-zéû]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+([A-Za-zéû]{3,9})\.?,?\s+(\d{4})")
MARKS = re.compile(
    r"(?P<modified>اخر تحديث|تاريخ التحديث|تم التحديث|تحديث|محدثه|تم التعديل|last updated?|updated|modified)"
    r"|(?P<published>تاريخ النشر|تم نشره|تم النشر|نشر|published|posted)",
)


class Published(NamedTuple):
    """A publication date `YYYY-MM-DD` with where it stood and its precision; all None where the page has none."""

    date: str | None = None
    evidence: str | None = None
    precision: str | None = None


class Day(NamedTuple):
    """A full day and the offsets of its words in the text that writes it."""

    day: date
    start: int
    end: int
    hijri: bool = False


class _Stamp(NamedTuple):
    day: date
    hour: int | None
    offset: str | None  # as written; None where no zone is given


def real_date(year: int, month: int, day: int) -> date | None:
    """The day if it exists and can be the day of a web page."""
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if 1990 <= year <= 2100 else None


def choose_date(
    published: Sequence[tuple[str, str]],
    modified: Sequence[tuple[str, str]],
    lines: Sequence[str],
    url: str | None,
    datelines: Sequence[tuple[date, str]] = (),
) -> Published:
    """The date from metadata (value, where), date lines near the title, the address, a dateline (its day, its words),
    then the last update, in this order. A day in UTC gives way to the local day that the page prints or writes with its
    own offset."""
    visible: list[tuple[date, str]] = []
    updates: list[tuple[date, str]] = []
    for line in lines:
        for day, is_update in _told_by(line):
            (updates if is_update else visible).append((day, line))
    stamps = [(stamp, where) for value, where in published for stamp in _stamps(value)]
    if stamps:
        stamp, where = stamps[0]
        if stamp.offset in ("Z", "UTC", "GMT", "+00:00", "+0000", "-00:00"):
            near = {stamp.day + timedelta(days=step) for step in (-1, 1)}
            for other, other_where in stamps[1:]:
                if other.day in near and other.offset not in (None, "Z", "UTC", "GMT", "+00:00", "+0000"):
                    return _told(other.day, other_where)
            for day, line in visible:
                if day in near and stamp.hour is not None and (stamp.hour >= 18 or stamp.hour <= 5):
                    return _told(day, f"date line: {line}")
        return _told(stamp.day, where)
    if visible:
        day, line = visible[0]
        return _told(day, f"date line: {line}")
    from_url = url_date(url) if url else None
    if from_url is not None:
        return _told(from_url, "address")
    for day, line in datelines:
        return _told(day, f"dateline: {line[:60]}")
    for day, line in updates:
        return _told(day, f"last update: {line}")
    for value, where in modified:
        for stamp in _stamps(value):
            return _told(stamp.day, f"last update: {where}")
    return Published()


def _told_by(line: str) -> list[tuple[date, bool]]:
    """Days of a line, each with whether it is that of the update ("آخر تحديث: 9 أبريل 2022 - نشر في: 6 أبريل 2022").

    A mark of an update with no day after it (only a time) speaks of the day before it.
    """
    folded = fold_key(line).lower()
    marks = list(MARKS.finditer(folded))
    starts = [0, *(mark.start() for mark in marks), len(folded)]
    kinds = [False, *(mark["modified"] is not None for mark in marks)]
    days = [full_days(folded[start:end]) for start, end in pairwise(starts)]
    if len(days) > 1 and kinds[1] and not days[1]:
        kinds[0] = True
    return [(day, kind) for found, kind in zip(days, kinds, strict=True) for day in found]


def _told(day: date, evidence: str) -> Published:
    return Published(day.isoformat(), evidence[:160], "day")


def given_date(value: str) -> Published:
    """The date its carrier gives (a key of JSONL, `--date`): ISO or any date line."""
    for stamp in _stamps(value):
        return _told(stamp.day, "given")
    return Published()


def url_date(url: str) -> date | None:
    """The full date in an address, or None: a year and a number in a slug are none."""
    path = unquote(url.partition("?")[0].partition("//")[2].partition("/")[2])
    for pattern in _URL:
        for match in pattern.finditer("/" + path):
            found = real_date(int(match[1]), int(match[2]), int(match[3]))
            if found is not None:
                return found
    return None


def _stamps(value: str) -> list[_Stamp]:
    """The day that a metadata value writes, as a list of none or one."""
    match = _ISO.match(value)
    if match:
        found = real_date(int(match[1]), int(match[2]), int(match[3]))
        if found:
            return [_Stamp(found, int(match[4]) if match[4] else None, match[6])]
        return [_Stamp(day, None, None) for day in full_days(match[0])]  # a Hijri day ("1445-09-02")
    match = _COMPACT.match(value)
    if match:
        found = real_date(int(match[1]), int(match[2]), int(match[3]))
        return [_Stamp(found, None, None)] if found else []
    match = _STAMP.match(value)
    if match:
        moment = datetime.fromtimestamp(int(match[1][:10]), UTC)
        return [_Stamp(moment.date(), moment.hour, "Z")] if 1995 <= moment.year <= 2100 else []
    return [_Stamp(day, None, None) for day in full_days(value)]


@cache
def _latin_months() -> dict[str, int]:
    return {name: int(month) for name, month in rows("months_latin")}


def _latin(line: str) -> list[Day]:
    """A full day with the English or French name of its month ("November 9, 2020", "Mon, 09 Nov 2020 10:00 GMT")."""
    for pattern, year, month, day in ((_MONTH_FIRST, 3, 1, 2), (_DAY_FIRST, 3, 2, 1)):
        for match in pattern.finditer(line):
            number = _latin_months().get(match[month].lower())
            found = real_date(int(match[year]), number, int(match[day])) if number else None
            if found is not None:
                return [Day(found, match.start(), match.end())]
    return []


def full_days(line: str) -> list[date]:
    """The full day that a line of text writes, read by the calendar, as a list of none or one."""
    latin = _latin(line)
    if latin:
        return [latin[0].day]
    from khabar.arabic.calendar import parse_date

    found = parse_date(line)
    day = _as_day(found.value) if found is not None else None
    return [day] if day else []


def day_spans(text: str) -> list[Day]:
    """All full days of a text and where they stand in it."""
    latin = _latin(text)
    if latin:
        return latin
    from khabar.arabic.calendar import find_times

    days = ((_as_day(one.value), one) for one in find_times(text) if one.kind == "date")
    return [Day(day, one.start, one.end, one.calendar == "hijri") for day, one in days if day is not None]


def _as_day(value: str | None) -> date | None:
    if value is None or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return None
    return real_date(*(int(part) for part in value.split("-")))
