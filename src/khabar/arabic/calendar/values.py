"""Days, months and years as intervals: the arithmetic behind the values of time expressions.

A `Point` is a day, a month or a year; a `Value` is one point or a first and a last one. Nothing here invents the part
of a date that is not known: a year minus two years is a year, a month minus six months a month.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

YEARS = range(1, 2201)


class Point(NamedTuple):
    """A year, a month (`day` None) or a day."""

    year: int
    month: int | None = None
    day: int | None = None

    def __str__(self) -> str:
        text = f"{self.year:04d}"
        if self.month is not None:
            text += f"-{self.month:02d}"
            if self.day is not None:
                text += f"-{self.day:02d}"
        return text

    @property
    def precision(self) -> str:
        return "year" if self.month is None else "month" if self.day is None else "day"

    def first(self) -> date:
        """The first day of the point."""
        return date(self.year, self.month or 1, self.day or 1)

    def last(self) -> date:
        """The last day of the point."""
        if self.day is not None:
            return self.first()
        if self.month is None:
            return date(self.year, 12, 31)
        following = date(self.year + self.month // 12, self.month % 12 + 1, 1)
        return following - timedelta(days=1)


class Value(NamedTuple):
    """An interval: `low` and `high` points, both included; `precision` as the text gives it."""

    low: Point
    high: Point
    precision: str
    reason: str

    def __str__(self) -> str:
        return str(self.low) if self.low == self.high else f"{self.low}/{self.high}"


def point(day: date) -> Point:
    """The day as a point."""
    return Point(day.year, day.month, day.day)


def valid(year: int, month: int | None = None, day: int | None = None) -> Point | None:
    """The point if there is such a day in the calendar, else None."""
    if year not in YEARS:
        return None
    if month is None:
        return Point(year)
    if not 1 <= month <= 12:
        return None
    if day is None:
        return Point(year, month)
    try:
        date(year, month, day)
    except ValueError:
        return None
    return Point(year, month, day)


def single(at: Point | date | None, reason: str) -> Value | None:
    """A value of one point."""
    if at is None:
        return None
    if isinstance(at, date):
        at = point(at)
    return Value(at, at, at.precision, reason)


def between(low: Point | date, high: Point | date, precision: str, reason: str) -> Value | None:
    """A value from low to high; None if they stand in the wrong order."""
    low, high = (point(p) if isinstance(p, date) else p for p in (low, high))
    if low.first() > high.last():
        return None
    return Value(low, high, precision, reason)


def add_months(year: int, month: int, count: int) -> tuple[int, int]:
    """(year, month) `count` months later."""
    index = year * 12 + month - 1 + count
    return index // 12, index % 12 + 1


def shift(day: date, amounts: tuple[tuple[int, str], ...], sign: int) -> date | None:
    """`day` moved by amounts of Y, M, W, D (years first, days last; a day that the month lacks becomes its last)."""
    months = sum(n * {"Y": 12, "M": 1, "DEC": 120, "CEN": 1200}.get(unit, 0) for n, unit in amounts)
    days = sum(n * {"W": 7, "D": 1, "NI": 1}.get(unit, 0) for n, unit in amounts)
    year, month = add_months(day.year, day.month, sign * months)
    if year not in YEARS:
        return None
    last = Point(year, month).last().day
    try:
        return date(year, month, min(day.day, last)) + timedelta(days=sign * days)
    except (OverflowError, ValueError):
        return None


def week(day: date, offset: int = 0) -> tuple[date, date]:
    """Sunday and Saturday of the week `offset` weeks from that of `day` (CODEBOOK section 11)."""
    sunday = day - timedelta(days=(day.weekday() + 1) % 7) + timedelta(weeks=offset)
    return sunday, sunday + timedelta(days=6)


def nearest_weekday(day: date, weekday: int, direction: int, *, same: bool) -> date:
    """The nearest day with that weekday (Monday 0) before (-1) or after (+1) `day`; `same`: `day` itself counts."""
    gap = (day.weekday() - weekday) % 7 if direction < 0 else (weekday - day.weekday()) % 7
    if gap == 0 and not same:
        gap = 7
    return day + timedelta(days=direction * gap)
