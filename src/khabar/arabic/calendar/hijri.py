"""Hijri dates: the Umm al-Qura table (hijridate, years 1343–1500), elsewhere the tabular calendar.

The Umm al-Qura calendar is Saudi Arabia's; countries that go by sighting of the moon differ from it by a day at times,
and libraries differ by a day before about 1410. The tabular (civil, epoch 16 July 622) calendar repeats every 30 years
and is right to about two days.
"""

from __future__ import annotations

from datetime import date, timedelta

from hijridate import Gregorian, Hijri

FIRST, LAST = 1343, 1500
_EPOCH = date(622, 7, 19)  # 16 July 622 of the Julian calendar
_LEAP = frozenset((2, 5, 7, 10, 13, 16, 18, 21, 24, 26, 29))


def _year_start(year: int) -> int:
    """Days from the epoch to 1 Muharram of the tabular year."""
    cycles, rest = divmod(year - 1, 30)
    return cycles * 10631 + sum(354 + (y in _LEAP) for y in range(1, rest + 1))


def _tabular_length(year: int, month: int) -> int:
    if month == 12 and (year - 1) % 30 + 1 in _LEAP:
        return 30
    return 30 if month % 2 else 29


def month_length(year: int, month: int) -> int:
    """Days of a Hijri month: 29 or 30."""
    if FIRST <= year <= LAST:
        return int(Hijri(year, month, 1).month_length())
    return _tabular_length(year, month)


def from_hijri(year: int, month: int, day: int) -> date:
    """The Gregorian day of a Hijri day. Raises ValueError if the month has no such day or the year is not in 1–1700."""
    if not (1 <= year <= 1700 and 1 <= month <= 12 and 1 <= day <= month_length(year, month)):
        raise ValueError(f"no Hijri day {year}-{month}-{day}")
    if FIRST <= year <= LAST:
        found = Hijri(year, month, day).to_gregorian()
        return date(found.year, found.month, found.day)
    days = _year_start(year) + sum(_tabular_length(year, m) for m in range(1, month)) + day - 1
    return _EPOCH + timedelta(days=days)


def to_hijri(day: date) -> tuple[int, int, int]:
    """Hijri (year, month, day) of a Gregorian day. Raises ValueError before 19 July 622."""
    if from_hijri(FIRST, 1, 1) <= day <= from_hijri(LAST, 12, month_length(LAST, 12)):
        hijri = Gregorian(day.year, day.month, day.day).to_hijri()
        return int(hijri.year), int(hijri.month), int(hijri.day)
    days = (day - _EPOCH).days
    if days < 0:
        raise ValueError(f"{day} is before the Hijri calendar")
    year = int(days / 354.3666) + 1
    while _year_start(year) > days:
        year -= 1
    while _year_start(year + 1) <= days:
        year += 1
    rest, month = days - _year_start(year), 1
    while rest >= _tabular_length(year, month):
        rest -= _tabular_length(year, month)
        month += 1
    return year, month, rest + 1
