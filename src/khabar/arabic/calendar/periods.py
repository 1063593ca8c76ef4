"""Periods: starts, middles and ends, seasons, halves and quarters, weeks of a month, decades, centuries, holidays."""

from __future__ import annotations

from functools import cache

from khabar.arabic.calendar.grammar import direction, month_date, month_tail
from khabar.arabic.calendar.lexicon import holidays
from khabar.arabic.calendar.reading import Tokens, at, before_christ, cat, marked_year, one_month, ordinal, plain_year
from khabar.arabic.calendar.relative import THIS, relative, weekday_at
from khabar.arabic.calendar.spec import Spec


def period(t: Tokens, i: int) -> Spec | None:
    """مطلع الشهر، نهاية 2014، منتصف مارس، صيف 2016، الخريف الماضي، النصف الأول من 2015، الأسبوع الأول من مايو."""
    token = at(t, i)
    part = cat(token, "part")
    if part is not None and (token.text != "اول" or cat(at(t, i + 1), "unit")):
        inner = _part_of(t, i + 1)
        if inner is not None:
            return inner._replace(i=i, part=part.tag)
    if token.bare in THIS and at(t, i + 1).definite and (season := cat(at(t, i + 1), "season")) is not None:
        if at(t, i + 2).text == "العربي":
            return None  # the Arab Spring
        return Spec("season", i, i + 2, number=season.value, direction="this")
    season = cat(token, "season")
    if season is not None and one_month(t, i) is None:
        after = direction(t, i + 1) if token.definite else None
        if after is not None and after[1] in ("past", "next", "this"):
            return Spec("season", i, after[0], number=season.value, direction=after[1])
        j = i + 1 + (at(t, i + 1).text == "من")
        year = marked_year(t, j) or (plain_year(t, j) if not token.definite else None)
        if year is not None and year[2] == "gregorian":
            return Spec("season", i, year[0], number=season.value, year=year[1])
        if cat(at(t, j), "unit") == (1, "Y") and at(t, j).definite and (after := direction(t, j + 1)):
            return Spec("season", i, after[0], number=season.value, year_direction=after[1])
        return None
    if token.bare in ("نصف", "ربع", "فصل", "ثلث") and token.definite:
        nth = ordinal(t, i + 1)
        size = {"نصف": 6, "ربع": 3, "فصل": 3, "ثلث": 4}[token.bare]
        if nth is None or nth[1] * size > 12 or at(t, nth[0]).text != "من":
            return None
        inner = _part_of(t, nth[0] + 1)
        if inner is None or inner.month is not None or inner.unit not in (None, "Y"):
            return None
        return inner._replace(what="half", i=i, number=nth[1], offset=size)
    if cat(token, "unit") == (1, "W") and token.definite and (nth := ordinal(t, i + 1)) and at(t, nth[0]).text == "من":
        inner = month_date(t, nth[0] + 1, None, i)
        if inner is not None and nth[1] <= 5:
            return inner._replace(what="nth", i=i, unit="W", number=nth[1])
    first = cat(token, "ordinal")
    if (first or token.text in ("اخر",)) and (named := weekday_at(t, i + 1, bare=True)) is not None:
        j = i + 2 + (at(t, i + 2).text in ("من", "في"))
        inner = month_date(t, j, None, i)
        if inner is not None and inner.day is None:
            return inner._replace(what="nth", i=i, weekday=named, number=first.value if first else -1)
    return None


def _part_of(t: Tokens, j: int) -> Spec | None:
    """What a start, middle or end belongs to: a month, a year, a decade, الشهر، العام الماضي، هذا الأسبوع."""
    inner = month_date(t, j, None, j)
    if inner is not None:
        return inner
    inner = relative(t, j)
    if inner is not None:
        return inner if inner.number in (1, None) or inner.what != "relative" else None
    year = marked_year(t, j) or plain_year(t, j)
    if year is not None:
        return Spec("year", j, year[0], year=year[1], calendar=year[2])
    if (inner := decade(t, j)) is not None:
        return inner
    unit = cat(at(t, j), "unit")
    if unit is not None and unit.value == 1 and at(t, j).definite and unit.tag in ("W", "M", "Y"):
        return Spec("relative", j, j + 1, unit=unit.tag, direction="this", number=1, offset=1)
    return None


def decade(t: Tokens, i: int) -> Spec | None:
    """التسعينيات، ثمانينيات القرن الماضي، القرن التاسع عشر، الثمانينيات من القرن العشرين."""
    token = at(t, i)
    found = cat(token, "decade")
    if found is not None:
        j = i + 1
        k = j + (at(t, j).text == "من")
        century_ = _century(t, k)
        if century_ is not None:
            return century_._replace(what="decade", i=i, year=found.value)
        if not token.definite:
            return None
        return Spec("decade", i, j, year=found.value)
    return _century(t, i)


def _century(t: Tokens, i: int) -> Spec | None:
    token = at(t, i)
    if cat(token, "unit") != (1, "CEN") or not token.definite:
        return None
    after = direction(t, i + 1)
    if after is not None and after[1] in ("past", "this"):
        return Spec("century", i, after[0], direction=after[1])
    nth = ordinal(t, i + 1)
    if nth is None or nth[1] > 22:
        return None
    end = nth[0]
    if at(t, end).text == "الميلادي":
        end += 1
    elif before_christ(t, end):
        return Spec("century", i, end + 2, number=-nth[1])
    return Spec("century", i, end, number=nth[1])


@cache
def _first_words() -> frozenset[str]:
    return frozenset(words[0] for words in holidays())


def holiday(t: Tokens, i: int) -> Spec | None:
    """A holiday by name (`data/holidays.tsv`), with عشية the day before: يوم عيد الميلاد، عيد الفطر 2022."""
    j = i + (at(t, i).bare in ("يوم", "ليله", "عشيه", "ايام"))
    if at(t, j).text not in _first_words():
        return None
    for size in (4, 3, 2, 1):
        key = tuple(at(t, j + k).text for k in range(size))
        found = holidays().get(key)
        if found is None:
            continue
        calendar, month, day, days = found
        eve = -1 if at(t, i).bare in ("عشيه",) else 0
        spec = Spec("holiday", i, j + size, month=month, day=day, calendar=calendar, number=days, offset=eve)
        return month_tail(t, j + size, spec)
    return None
