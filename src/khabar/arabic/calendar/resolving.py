"""From a `Spec` and a reference to a value. What text and reference do not fix has no value, and the reason says why.

Conventions of the project (CODEBOOK sections 7 and 11): weeks run from Sunday to Saturday; a weekday or month without
an adjective is the nearest one before the reference (the reference's own counts), after it where the words are about
the future; "since X" runs from X to the reference.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from typing import NamedTuple

from khabar.arabic.folding import fold_key
from khabar.arabic.calendar.hijri import from_hijri, month_length, to_hijri
from khabar.arabic.calendar.lexicon import table
from khabar.arabic.calendar.spec import Spec
from khabar.arabic.calendar.values import (
    Point,
    Value,
    add_months,
    between,
    nearest_weekday,
    point,
    shift,
    single,
    valid,
    week,
)


class Context(NamedTuple):
    """What an expression is read against: the reference day, whether the words look ahead, the value told before,
    the day of the main act (for "a day after …"), and words before it that make a date a name (حرب، ثورة)."""

    reference: date | None
    future: bool = False
    previous: Value | None = None
    main: date | None = None
    cues: tuple[str, ...] = ()
    dated: bool = False


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


def resolve(spec: Spec, ctx: Context) -> Outcome:
    """The value of a spec and the reason."""
    return RESOLVERS[spec.what](spec, ctx)


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
        # The text tells of an earlier time: a date without a year goes on in the year told before.
        return before.year, "no year: the year told before it"
    if ctx.future:
        return ref.year + (here < there), "no year: the next one, the words look ahead"
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


def amounts_value(spec: Spec, ref: date) -> Outcome:
    """الأشهر الستة الماضية، اليومين المقبلين: from or to the reference."""
    count, unit = spec.amounts[0]
    ahead = spec.direction in ("next", "next2")
    how = f"{'next' if ahead else 'last'} {count} {unit} from the reference"
    if spec.direction == "this":
        return None, "open"
    if unit == "H":
        if count < 24:
            return None, "open: hours of one day"
        count, unit = -(-count // 24), "D"
    elif unit == "D" and count == 2:
        low, high = (ref + timedelta(days=1), ref + timedelta(days=2)) if ahead else (
            ref - timedelta(days=2), ref - timedelta(days=1))  # fmt: skip
        return told(between(low, high, "day", how), "open")
    other = shift(ref, ((count, unit),), 1 if ahead else -1)
    if other is None:
        return None, "open"
    ends = sorted((ref, other))
    if unit in ("D", "W"):
        return told(between(ends[0], ends[1], "day", how), "open")
    if unit == "M" or (unit == "Y" and count <= 2):
        return told(between(Point(ends[0].year, ends[0].month), Point(ends[1].year, ends[1].month), "month", how), "open")
    return told(between(Point(ends[0].year), Point(ends[1].year), "year", how), "open")


def relative_value(spec: Spec, ctx: Context) -> Outcome:
    ref = ctx.reference
    if ref is None:
        return OPEN
    if spec.amounts:
        return amounts_value(spec, ref)
    if spec.number is None and spec.offset is None and spec.direction != "this":
        return None, "open: how many is not said"
    offset = {"past": -1, "past2": -2, "next": 1, "next2": 2, "this": 0}[spec.direction or "this"]
    how = {-1: "the one before the reference's", 0: "the reference's", 1: "the one after the reference's"}.get(offset, "")
    if spec.unit == "W":
        return week_value(spec, ctx, ref, offset)
    if spec.unit == "M":
        return told(single(Point(*add_months(ref.year, ref.month, offset)), how), "open")
    if spec.unit == "Y":
        year = ref.year + offset
        if spec.offset and spec.part in ("start", "end"):
            return told(single(Point(year, 1 if spec.part == "start" else 12), f"{spec.part} of the year"), "open")
        return told(single(valid(year), how), "open")
    size = 10 if spec.unit == "DEC" else 100
    low = ref.year // size * size + offset * size
    return told(between(Point(low), Point(low + size - 1), "year", how), "open")


def week_value(spec: Spec, ctx: Context, ref: date, offset: int) -> Outcome:
    ahead = ctx.future
    if spec.part == "end" or (spec.part == "start" and spec.offset):
        saturday = nearest_weekday(ref, 5, 1, same=True) if ahead and offset == 0 else \
            nearest_weekday(ref - timedelta(days=1), 5, -1, same=True)  # fmt: skip
        if offset > 0:
            saturday += timedelta(weeks=1)
        return told(between(saturday, saturday + timedelta(days=1), "day", "weekend, Saturday and Sunday"), "open")
    sunday, saturday = week(ref, offset)
    if offset:
        return told(between(sunday, saturday, "week", "week from Sunday to Saturday"), "open")
    if ahead:
        return told(between(ref, saturday, "week", "this week, from the reference on"), "open")
    return told(between(sunday, ref, "week", "this week up to the reference"), "open")


def ago_value(spec: Spec, ctx: Context) -> Outcome:
    if not spec.amounts:
        return None, "open: how many is not said"
    if spec.anchored:
        return None, "open: counted from an act, not from the reference"
    if ctx.reference is None:
        return OPEN
    return counted(ctx.reference, spec, -1)


def counted(start: date, spec: Spec, sign: int) -> Outcome:
    """`start` moved by the amounts, as coarse as their smallest unit; "about two weeks" is a month."""
    unit = spec.amounts[-1][1]
    how = f"{'+' if sign > 0 else '-'} {' '.join(f'{n} {u}' for n, u in spec.amounts)}"
    if unit in ("H", "MIN"):
        if isinstance(start, datetime):
            delta = timedelta(minutes=sum(n * {"H": 60, "MIN": 1, "D": 1440}.get(u, 0) for n, u in spec.amounts))
            return told(single((start + sign * delta).date(), how), "open")
        hours = sum(n for n, u in spec.amounts if u == "H")
        if hours % 24 or not hours:
            return None, "open: hours of a day whose hour is not known"
        spec, unit = spec._replace(amounts=((hours // 24, "D"),)), "D"
    day = shift(start, spec.amounts, sign)
    if day is None:
        return None, "open: out of the calendar"
    if unit in ("D", "NI") or (unit == "W" and not spec.approximate):
        return told(single(day, how), "open")
    if unit in ("M", "W") or (spec.amounts == ((1, "Y"),)):
        return told(single(Point(day.year, day.month), how), "open")
    return told(single(Point(day.year), how), "open")


def after_value(spec: Spec, ctx: Context) -> Outcome:
    if not spec.amounts:
        return None, "open: how many is not said"
    if spec.anchored:
        # "a day after X": X lies that much before the act that the sentence tells.
        main = ctx.main or ctx.reference
        return counted(main, spec, -1) if main is not None else OPEN
    if ctx.previous is not None and not (ctx.future and ctx.reference):
        return counted_from(ctx.previous.high, spec, 1)
    if ctx.future and ctx.reference is not None:
        return counted(ctx.reference, spec, 1)
    return None, "open: the act it is counted from has no date here"


def counted_from(start: Point, spec: Spec, sign: int) -> Outcome:
    """Counting from a point: the result is as coarse as the point."""
    value, reason = counted(start.first(), spec, sign)
    if value is None or start.day is not None:
        return value, reason
    if value.low.precision == "day" and start.month is not None:
        return None, "open: counted from a month"
    if start.month is None:
        units = {u for _, u in spec.amounts}
        return told(single(Point(value.low.year), reason), "open") if units <= {"Y", "DEC"} else (None, "open")
    return value, reason


def before_value(spec: Spec, ctx: Context) -> Outcome:
    return counted_from(ctx.previous.low, spec, -1) if ctx.previous else (None, "open: no time told before")


def same_value(spec: Spec, ctx: Context) -> Outcome:
    """في اليوم نفسه، العام التالي، حينها: from the time told before."""
    before = ctx.previous
    if before is None:
        return None, "open: no time told before"
    if spec.unit is None:
        return told(before._replace(reason="time told before"), "open")
    low = before.low
    if spec.unit == "D":
        if low.day is None:
            return None, "open: day told before is not known"
        return told(single(before.high.first() + timedelta(days=spec.offset or 0), "day told before"), "open")
    if spec.unit == "M":
        if low.month is None:
            return None, "open: month told before is not known"
        return told(single(Point(*add_months(low.year, low.month, spec.offset or 0)), "month told before"), "open")
    if spec.unit == "Y":
        return told(single(valid(low.year + (spec.offset or 0)), "year told before"), "open")
    if spec.unit == "W" and low.day is not None:
        return told(between(*week(low.first(), spec.offset or 0), "week", "week told before"), "open")
    return None, "open"


def decade_value(spec: Spec, ctx: Context) -> Outcome:
    assert spec.year is not None
    century = 1900
    if spec.number is not None:
        century = (spec.number - 1) * 100
    elif spec.direction == "past":
        if ctx.reference is None:
            return OPEN
        century = (ctx.reference.year // 100 - 1) * 100
    elif spec.direction is None and spec.year == 20:
        return None, "open: the century is not said"
    low = century + spec.year
    return told(between(Point(low), Point(low + 9), "year", "decade"), "open")


def century_value(spec: Spec, ctx: Context) -> Outcome:
    number = spec.number
    if number is None:
        if ctx.reference is None:
            return OPEN
        number = (ctx.reference.year - 1) // 100 + (spec.direction == "this")
    return told(between(Point(number * 100 - 99), Point(number * 100), "year", "century"), "open")


def season_value(spec: Spec, ctx: Context) -> Outcome:
    assert spec.number is not None
    if spec.year is not None:
        return told(single(valid(spec.year), "season of a year, coded as the year"), "open")
    if ctx.reference is None:
        return OPEN
    ref = ctx.reference
    if spec.year_direction is not None:
        offset = {"past": -1, "next": 1, "this": 0}.get(spec.year_direction)
        return told(single(valid(ref.year + offset), "season"), "open") if offset is not None else (None, "open")
    year = ref.year
    for candidate in (year + 1, year, year - 1, year - 2) if spec.direction != "next" else (year - 1, year, year + 1):
        low = Point(candidate, spec.number)
        high = Point(*add_months(candidate, spec.number, 2))
        past = high.last() < ref
        inside = low.first() <= ref <= high.last()
        if (spec.direction == "past" and past) or (spec.direction == "next" and low.first() > ref) or (
            spec.direction == "this" and inside
        ):
            return told(between(low, high, "month", "season relative to the reference"), "open")
    return None, "open"


def half_value(spec: Spec, ctx: Context) -> Outcome:
    assert spec.number is not None and spec.offset is not None
    year = spec.year
    if year is None:
        outer, reason = relative_value(spec._replace(what="relative", offset=None, number=1, part=None), ctx)
        if outer is None:
            return None, reason
        year = outer.low.year
    low = Point(year, (spec.number - 1) * spec.offset + 1)
    return told(between(low, Point(year, spec.number * spec.offset), "month", "part of a year"), "open")


def nth_value(spec: Spec, ctx: Context) -> Outcome:
    """The n-th week or weekday of a month."""
    assert spec.number is not None
    inner, reason = date_value(spec._replace(weekday=None, day=None), ctx)
    if inner is None:
        return None, reason
    first, last = inner.low.first(), inner.high.last()
    if spec.unit == "W":
        low = first + timedelta(days=7 * (spec.number - 1))
        return told(between(low, min(low + timedelta(days=6), last), "week", "week of the month"), "open")
    assert spec.weekday is not None
    if spec.number < 0:
        return told(single(nearest_weekday(last, spec.weekday, -1, same=True), "last weekday of the month"), "open")
    day = nearest_weekday(first, spec.weekday, 1, same=True) + timedelta(weeks=spec.number - 1)
    return told(single(day, "weekday of the month") if day <= last else None, "open: the month has no such day")


def within_value(spec: Spec, ctx: Context) -> Outcome:
    """خلال يومين: the two days up to the reference, from it on where the words look ahead; hours of one day stay open."""
    if ctx.reference is None:
        return OPEN
    count, unit = spec.amounts[0]
    if unit not in ("D", "W", "H", "M") or (count, unit) == (2, "D") and ctx.future:
        return None, "open: a duration without a start"
    spread = spec._replace(direction="next" if ctx.future else "past")
    if (count, unit) == (2, "D"):
        low = ctx.reference - timedelta(days=2)
        return told(between(low, ctx.reference, "day", "last 2 D up to the reference"), "open")
    return amounts_value(spread, ctx.reference)


def holiday_value(spec: Spec, ctx: Context) -> Outcome:
    """The days of a holiday; the eve is the day before."""
    assert spec.month is not None and spec.number is not None
    day, reason = date_value(spec, ctx)
    if day is None:
        return None, reason
    low = day.low.first() + timedelta(days=spec.offset or 0)
    if spec.offset or spec.number == 1:
        return told(single(low, "holiday, " + reason), "open")
    return told(between(low, low + timedelta(days=spec.number - 1), "day", "holiday, " + reason), "open")


def nothing(spec: Spec, ctx: Context) -> Outcome:  # noqa: ARG001
    return None, {"duration": "open: a duration without a start", "set": "recurring"}.get(spec.what, "open: no day told")


def reference_point(ctx: Context) -> Point | None:
    return point(ctx.reference) if ctx.reference is not None else None


RESOLVERS = {
    "date": date_value, "year": year_value, "weekday": weekday_value, "dayword": dayword_value,
    "relative": relative_value, "ago": ago_value, "after": after_value, "before": before_value, "same": same_value,
    "decade": decade_value, "century": century_value, "season": season_value, "half": half_value, "nth": nth_value,
    "within": within_value, "holiday": holiday_value, "duration": nothing, "set": nothing, "clock": nothing,
}  # fmt: skip
