"""Values of dates, weekdays and day words. What text and reference do not fix has no value, and the reason says why.

Conventions of the project (CODEBOOK sections 7 and 11): weeks run from Sunday to Saturday; a weekday or month without
an adjective is the nearest one before the reference (the reference's own counts), after it where the words are about
the future; "since X" runs from X to the reference.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from khabar.arabic.calendar.hijri import from_hijri, month_length, to_hijri
from khabar.arabic.calendar.lexicon import table
from khabar.arabic.calendar.spec import Spec
from khabar.arabic.calendar.values import (
    Point,
    Value,
    add_months,
    between,
    nearest_weekday,
    single,
    valid,
    week,
)
from khabar.arabic.folding import fold_key


class Context(NamedTuple):
    """What an expression is read against: the reference day, whether the words look ahead, the value told before,
    the day of the main act (for "a day after …"), words before it that make a date a name (حرب، ثورة), and whether its
    sentence has named a year."""

    reference: date | None
    future: bool = False
    previous: Value | None = None
    main: date | None = None
    cues: tuple[str, ...] = ()
    dated: bool = False


SOON = 45  # days within which a day and month without a year is the coming one
HISTORY = 2  # years before the reference from which on a year told before governs dates without a year
NO_REFERENCE = "open: no reference date"
Outcome = tuple[Value | None, str]
OPEN: Outcome = (None, NO_REFERENCE)


def told(value: Value | None, otherwise: str) -> Outcome:
    return (value, value.reason) if value is not None else (None, otherwise)


@cache
def named_dates() -> dict[tuple[str, int, int | None], Point]:
    """Dates that are names of acts (`data/names.tsv`) by cue word, month and day."""
    found = {}
    for cue, month, day, value, _ in table("names.tsv"):
        parts = [int(x) for x in value.split("-")]
        found[fold_key(cue), int(month), int(day) if day else None] = Point(*parts)
    return found


def date_value(spec: Spec, ctx: Context) -> Outcome:
    if spec.unit == "M":
        return day_of_month(spec, ctx)
    assert spec.month is not None
    if spec.calendar == "hijri":
        return hijri_value(spec, ctx)
    if spec.year is None and spec.direction is None and spec.year_direction is None:
        cues = ctx.cues if spec.day is not None else ctx.cues[-1:]
        for cue in cues:
            if (known := named_dates().get((cue, spec.month, spec.day))) is not None:
                return told(single(known, "the date is the name of an act"), "open")
    year, reason = year_of(spec, ctx)
    if year is None:
        return None, reason
    return told(single(valid(year, spec.month, spec.day), reason), "open: no such day in the calendar")


def year_of(spec: Spec, ctx: Context) -> tuple[int | None, str]:
    """The year of a Gregorian day and month or month, and how it was found."""
    assert spec.month is not None
    if spec.year is not None:
        return spec.year, "year written"
    same = ctx.previous.low.year if ctx.previous is not None else None
    if "same" in (spec.year_direction, spec.direction):
        return same, "year of the time told before" if same else "open: year told before is not known"
    if ctx.reference is None:
        return None, NO_REFERENCE
    ref = ctx.reference
    if spec.year_direction is not None:
        offset = {"past": -1, "next": 1, "this": 0, "past2": -2}.get(spec.year_direction)
        return (ref.year + offset, "year relative to the reference") if offset is not None else (None, "open")
    month, day = spec.month, spec.day
    if spec.weekday is not None and day is not None and spec.direction is None:
        fits = [p.first() for y in (-1, 0, 1) if (p := valid(ref.year + y, month, day)) and p.day]
        fits = [d for d in fits if d.weekday() == spec.weekday]
        if len(fits) == 1 and abs((fits[0] - ref).days) <= 200:
            return fits[0].year, "the year in which the day is that weekday"
    here, there = (month, day or 0), (ref.month, ref.day if day else 0)
    if spec.direction in ("past", "past2"):
        return ref.year - (here >= there), "the last one before the reference"
    if spec.direction in ("next", "follow", "next2"):
        return ref.year + (here <= there), "the next one after the reference"
    if spec.direction == "this":
        gap = month - ref.month
        return ref.year + (gap < -6) - (gap > 6), "the current one"
    before = ctx.previous.low if ctx.previous is not None else None
    if before is not None and before.year <= ref.year - HISTORY and ctx.dated:
        # The sentence tells of an earlier time: a date without a year goes on in the year told before.
        return before.year, "no year: the year told before it"
    if ctx.future:
        return ref.year + (here < there), "no year: the next one, the words look ahead"
    if day and here > there and (coming := valid(ref.year, month, day)) and (coming.first() - ref).days <= SOON:
        return ref.year, "no year: a few weeks ahead, the last one is eleven months back"
    return ref.year - (here > there), "no year: the last one up to the reference"


def day_of_month(spec: Spec, ctx: Context) -> Outcome:
    """12 من الشهر الجاري."""
    assert spec.day is not None
    if spec.direction == "same":
        base = ctx.previous.low if ctx.previous else None
        if base is None or base.month is None:
            return None, "open: month told before is not known"
        return told(single(valid(base.year, base.month, spec.day), "month of the time told before"), "open")
    offset = {"past": -1, "past2": -2, "next": 1, "this": 0}.get(spec.direction or "")
    if ctx.reference is None or offset is None:
        return OPEN
    year, month = add_months(ctx.reference.year, ctx.reference.month, offset)
    return told(single(valid(year, month, spec.day), "month relative to the reference"), "open: no such day")


def hijri_value(spec: Spec, ctx: Context) -> Outcome:
    """A Hijri day or month as Gregorian days."""
    assert spec.month is not None
    year, how = spec.year, "Umm al-Qura calendar; by sighting it may differ by a day"
    if year is not None and year > 1600:
        # A Hijri month with a Gregorian year: the month that begins in that year, if only one does.
        first = to_hijri(date(year, 1, 1))[0]
        starts = [y for y in (first, first + 1) if from_hijri(y, spec.month, spec.day or 1).year == year]
        if len(starts) != 1:
            return None, "open: the month comes twice or never in that year"
        year, how = starts[0], "Hijri month of a Gregorian year; " + how
    if year is None:
        if ctx.reference is None:
            return OPEN
        current = to_hijri(ctx.reference)
        here, there = (spec.month, spec.day or 0), (current[1], current[2] if spec.day else 0)
        if spec.direction in ("past", "past2"):
            year = current[0] - (here >= there)
        elif spec.direction in ("next", "follow"):
            year = current[0] + (here <= there)
        elif spec.direction == "this":
            year = current[0]
        elif spec.year_direction in ("past", "next", "this"):
            year = current[0] + {"past": -1, "next": 1, "this": 0}[spec.year_direction]
        elif ctx.future:
            year = current[0] + (here < there)
        else:
            year = current[0] - (here > there)
    if not 1343 <= year <= 1500:
        how = "tabular Hijri calendar; may differ by two days"
    try:
        if spec.day is not None:
            return told(single(from_hijri(year, spec.month, spec.day), how), "open")
        low = from_hijri(year, spec.month, 1)
        return told(between(low, low + timedelta(days=month_length(year, spec.month) - 1), "month", how), "open")
    except (ValueError, OverflowError):
        return None, "open: no such day in the Hijri calendar"


def year_value(spec: Spec, ctx: Context) -> Outcome:  # noqa: ARG001
    assert spec.year is not None
    if spec.calendar == "hijri":
        try:
            low = from_hijri(spec.year, 1, 1)
            return told(between(low, from_hijri(spec.year + 1, 1, 1) - timedelta(days=1), "year", "Hijri year"), "open")
        except (ValueError, OverflowError):
            return None, "open: no such Hijri year"
    return told(single(valid(spec.year), "year written"), "open: no such year")


def weekday_value(spec: Spec, ctx: Context) -> Outcome:
    assert spec.weekday is not None
    if ctx.reference is None:
        return OPEN
    sign, same, weeks, how = -1, True, 0, "nearest one up to the reference"
    if spec.direction in ("past", "past2"):
        same, weeks, how = False, -(spec.direction == "past2"), "nearest one before the reference"
    elif spec.direction in ("next", "next2", "follow"):
        sign, same, weeks, how = 1, False, int(spec.direction == "next2"), "nearest one after the reference"
    elif spec.direction == "this":
        sunday = week(ctx.reference)[0]
        return told(single(sunday + timedelta(days=(spec.weekday + 1) % 7), "this week's"), "open")
    elif ctx.future:
        sign, how = 1, "nearest one from the reference on, the words look ahead"
    day = nearest_weekday(ctx.reference, spec.weekday, sign, same=same) + timedelta(weeks=weeks)
    return told(single(day, how), "open")


def dayword_value(spec: Spec, ctx: Context) -> Outcome:
    assert spec.offset is not None
    if ctx.reference is None:
        return OPEN
    day = ctx.reference + timedelta(days=spec.offset)
    if spec.weekday is None or day.weekday() == spec.weekday:
        return told(single(day, "day word relative to the reference"), "open")
    # The weekday is the surer of the two: a text is often put out a day or two after it was written.
    gap = (day.weekday() - spec.weekday) % 7
    if gap <= 3:
        return told(single(day - timedelta(days=gap), "day word corrected by its weekday"), "open")
    if gap == 6:
        return told(single(day + timedelta(days=1), "day word corrected by its weekday"), "open")
    return None, "open: the day word and the weekday contradict each other"
