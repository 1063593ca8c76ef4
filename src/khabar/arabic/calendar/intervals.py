"""Values of intervals: weeks, months and years relative to the reference, amounts of time, seasons, decades, holidays;
and `resolve`, which gives any `Spec` its value."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta

from khabar.arabic.calendar.resolving import (
    OPEN,
    Context,
    Outcome,
    date_value,
    dayword_value,
    told,
    weekday_value,
    year_value,
)
from khabar.arabic.calendar.spec import Spec
from khabar.arabic.calendar.values import Point, add_months, between, nearest_weekday, shift, single, valid, week


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
        return told(
            between(Point(ends[0].year, ends[0].month), Point(ends[1].year, ends[1].month), "month", how), "open"
        )
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
    how = {-1: "the one before the reference's", 0: "the reference's", 1: "the one after the reference's"}.get(
        offset, ""
    )
    if spec.unit == "W":
        return week_value(spec, ctx, ref, offset)
    if spec.unit == "M":
        return told(single(Point(*add_months(ref.year, ref.month, offset)), how), "open")
    if spec.unit == "Y":
        year = ref.year + offset
        if spec.offset and spec.part in ("start", "end"):
            return told(single(Point(year, 1 if spec.part == "start" else 12), f"{spec.part} of the year"), "open")
        return told(single(valid(year), how), "open")
    if spec.unit == "CEN":
        return century_value(spec._replace(number=(ref.year - 1) // 100 + 1 + offset), ctx)
    low = ref.year // 10 * 10 + offset * 10
    return told(between(Point(low), Point(low + 9), "year", how), "open")


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
    if number is not None and number < 0:
        return None, "open: before the common era"
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
    ref = ctx.reference.date() if isinstance(ctx.reference, datetime) else ctx.reference
    if spec.year_direction is not None:
        offset = {"past": -1, "next": 1, "this": 0}.get(spec.year_direction)
        return told(single(valid(ref.year + offset), "season"), "open") if offset is not None else (None, "open")
    year = ref.year
    if not MINYEAR + 2 < year < MAXYEAR - 2:
        return None, "open"
    if spec.direction == "this":  # told before it or after it too: the nearest one
        middles = {y: abs((Point(*add_months(y, spec.number, 1)).first() - ref).days) for y in (year - 1, year)}
        year = min(middles, key=lambda y: middles[y])
    for candidate in (year + 1, year, year - 1, year - 2) if spec.direction != "next" else (year - 1, year, year + 1):
        low = Point(candidate, spec.number)
        high = Point(*add_months(candidate, spec.number, 2))
        past = high.last() < ref
        if (
            (spec.direction == "past" and past)
            or (spec.direction == "next" and low.first() > ref)
            or (spec.direction == "this" and candidate == year)
        ):
            how = "season relative to the reference, coded as the year"
            if low.year == high.year:
                return told(single(valid(low.year), how), "open")
            return told(between(low, high, "month", how), "open")
    return None, "open"


def running_value(spec: Spec, ctx: Context) -> Outcome:
    """لليوم الثالث على التوالي: the days (weeks, months, years) up to the reference, of which it is the third."""
    assert spec.number is not None
    ref, count = ctx.reference, spec.number - 1
    if ref is None:
        return OPEN
    how = "so many of them up to the reference"
    low: date | Point
    high: date | Point = ref
    try:
        if spec.unit == "M":
            low, high = Point(*add_months(ref.year, ref.month, -count)), Point(ref.year, ref.month)
        elif spec.unit == "Y":
            low, high = Point(ref.year - count), Point(ref.year)
        else:
            low = ref - (timedelta(days=count) if spec.unit == "D" else timedelta(weeks=spec.number))
        return told(between(low, high, {"M": "month", "Y": "year"}.get(spec.unit or "D", "day"), how), "open")
    except (OverflowError, ValueError):
        return None, "open: before the calendar begins"


def half_value(spec: Spec, ctx: Context) -> Outcome:
    assert spec.number is not None
    assert spec.offset is not None
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
    """خلال يومين: the two days up to the reference, from it on where the words look ahead; hours stay open."""
    if ctx.reference is None:
        return OPEN
    count, unit = spec.amounts[0]
    if unit not in ("D", "W", "H", "M") or ((count, unit) == (2, "D") and ctx.future):
        return None, "open: a duration without a start"
    spread = spec._replace(direction="next" if ctx.future else "past")
    if (count, unit) == (2, "D"):
        low = ctx.reference - timedelta(days=2)
        return told(between(low, ctx.reference, "day", "last 2 D up to the reference"), "open")
    return amounts_value(spread, ctx.reference)


def holiday_value(spec: Spec, ctx: Context) -> Outcome:
    """The days of a holiday; the eve is the day before."""
    assert spec.month is not None
    assert spec.number is not None
    day, reason = date_value(spec, ctx)
    if day is None:
        return None, reason
    low = day.low.first() + timedelta(days=spec.offset or 0)
    if spec.offset or spec.number == 1:
        return told(single(low, "holiday, " + reason), "open")
    return told(between(low, low + timedelta(days=spec.number - 1), "day", "holiday, " + reason), "open")


def nothing(spec: Spec, ctx: Context) -> Outcome:  # noqa: ARG001
    return None, {"duration": "open: a duration without a start", "set": "recurring"}.get(
        spec.what, "open: no day told"
    )


RESOLVERS = {
    "date": date_value, "year": year_value, "weekday": weekday_value, "dayword": dayword_value,
    "relative": relative_value, "ago": ago_value, "after": after_value, "before": before_value, "same": same_value,
    "decade": decade_value, "century": century_value, "season": season_value, "half": half_value, "nth": nth_value,
    "running": running_value,
    "within": within_value, "holiday": holiday_value, "duration": nothing, "set": nothing, "clock": nothing,
}  # fmt: skip


def resolve(spec: Spec, ctx: Context) -> Outcome:
    """The value of a spec and the reason."""
    return RESOLVERS[spec.what](spec, ctx)
