"""What the grammar reads before any reference date is looked at: a `Spec` holds the words, not the day."""

from __future__ import annotations

from typing import NamedTuple

Amounts = tuple[tuple[int, str], ...]


class Spec(NamedTuple):
    """A parsed time expression over tokens `i` to `j` (exclusive).

    `what`: date, weekday, dayword, relative, ago, after, duration, year, decade, century, season, half, nth, clock,
    same, set, range, list, since, before, running. Fields that the words do not fill stay None.
    """

    what: str
    i: int
    j: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    calendar: str = "gregorian"
    direction: str | None = None
    year_direction: str | None = None
    weekday: int | None = None
    part: str | None = None
    unit: str | None = None
    number: int | None = None
    offset: int | None = None
    amounts: Amounts = ()
    approximate: bool = False
    anchored: bool = False
    night: bool = False
    clock: str | None = None
    daypart: str | None = None
    items: tuple[Spec, ...] = ()


UNIT_CODES = {"Y": "P{}Y", "M": "P{}M", "W": "P{}W", "D": "P{}D", "NI": "P{}D", "H": "PT{}H", "MIN": "PT{}M"}
PRECISION = {"Y": "year", "M": "month", "W": "week", "D": "day", "NI": "day", "H": "hour", "MIN": "minute"}
PRECISION |= {"DEC": "decade", "CEN": "century"}


def iso_duration(amounts: Amounts) -> str | None:
    """ISO 8601 duration (`P1Y2M`, `PT48H`); None without amounts."""
    if not amounts:
        return None
    sums: dict[str, int] = {}
    for count, unit in amounts:
        if unit in ("DEC", "CEN"):
            count, unit = count * (10 if unit == "DEC" else 100), "Y"
        unit = "D" if unit == "NI" else unit
        sums[unit] = sums.get(unit, 0) + count
    if set(sums) == {"W"}:
        return f"P{sums['W']}W"
    if "W" in sums:
        sums["D"] = sums.get("D", 0) + 7 * sums.pop("W")
    days = "".join(f"{sums[u]}{u}" for u in ("Y", "M", "D") if u in sums)
    hours = "".join(f"{sums[u]}{u[0]}" for u in ("H", "MIN") if u in sums)
    return "P" + days + ("T" + hours if hours else "")
