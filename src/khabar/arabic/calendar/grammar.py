"""Absolute dates: numeric, day and month, month, year, weekday, with their variants. All read tokens at `i`."""

from __future__ import annotations

from khabar.arabic.calendar.lexicon import Token
from khabar.arabic.calendar.reading import (
    YEAR_SEPARATORS,
    Tokens,
    adjoining,
    at,
    cat,
    damaged,
    digits,
    era,
    marked_year,
    month,
    number,
    one_month,
    ordinal,
    plain_year,
)
from khabar.arabic.calendar.spec import Spec

SAME_WORDS = frozenset(["نفسه", "نفسها", "ذاته", "ذاتها", "عينه"])
ATTACKS = frozenset(["هجمات", "الهجمات", "اعتداءات", "احداث", "الاحداث", "هجوم"])


def direction(t: Tokens, i: int) -> tuple[int, str] | None:
    """Past, next, this, same or follow by an adjective (الماضي، المقبل، الجاري، نفسه); past2 for قبل الماضي."""
    token = at(t, i)
    if token.bare in ("قبل", "بعد") and not token.prefix:
        after = direction(t, i + 1)
        if after and after[1] in ("past", "next") and at(t, i + 1).definite:
            return after[0], after[1] + "2"
        return None
    found = cat(token, "direction")
    if found is None or not (token.definite or found.tag == "same" or token.text in ("مضت", "مضي", "مضيا", "مضتا")):
        return None
    return i + 1, found.tag


def numeric(t: Tokens, i: int) -> Spec | None:
    """23/2/2019, 12 / 5 / 2024, 16-4-2022, 2015-03-17, 28/5/1442 هـ; day before month; a year of two or five digits is
    refused."""
    first, sign, second = at(t, i), at(t, i + 1), at(t, i + 2)
    if sign.text not in ("/", "-", ".", "–") or second.kind != "n" or at(t, i + 3).text != sign.text:
        return None
    third = at(t, i + 4)
    if third.kind != "n" or not evenly_set(t, i):
        return None
    if at(t, i + 5).text in ("/", "-") and adjoining(t, i + 4) and at(t, i + 6).kind == "n" and adjoining(t, i + 5):
        return None
    before = at(t, i - 1)
    if before.text in ("/", "-", ".") and adjoining(t, i - 1) and at(t, i - 2).kind == "n":
        return None
    parts = [digits(first), digits(second), digits(third)]
    lengths = [len(x.text) for x in (first, second, third)]
    if None in parts or lengths[1] > 2:
        return None
    if lengths[0] == 4 and lengths[2] <= 2:
        year, mon, day = parts
    elif lengths[2] == 4 and lengths[0] <= 2:
        day, mon, year = parts
    else:
        return None
    assert year is not None
    assert mon is not None
    assert day is not None
    if mon > 12 and day <= 12:
        day, mon = mon, day
    j, calendar = era(t, i + 5)
    if calendar is None:
        calendar = "hijri" if 1300 <= year <= 1500 else "gregorian"
    return Spec("date", i, j, year=year, month=mon, day=day, calendar=calendar)


def evenly_set(t: Tokens, i: int) -> bool:
    """Whether three parts of a date stand close (12/5/2024) or all apart (12 - 5 - 2024); slashes in any way."""
    close = sum(adjoining(t, k) for k in range(i, i + 4))
    sign = at(t, i + 1).text
    return close == 4 or (close == 0 and sign in "-–") or sign == "/"


def month_first(t: Tokens, i: int) -> Spec | None:
    """مايو 12، 2024: the order of templates made for English; without the year the number counts something."""
    found = month(t, i)
    if found is None or at(t, i).definite:
        return None
    j, name, _ = found
    day = at(t, j)
    if day.kind != "n" or len(day.text) > 2 or not 1 <= int(day.text) <= 31:
        return None
    year = plain_year(t, j + 1 + (at(t, j + 1).text in ("،", ",")))
    if year is None or year[2] != name.calendar:
        return None
    return Spec("date", i, year[0], year=year[1], month=name.number, day=int(day.text), calendar=name.calendar)


def day_number(t: Tokens, i: int, *, linked: bool = False) -> tuple[int, int] | None:
    """The day of a month before its month: 14, الـ14, الرابع عشر, أول: (next, day).

    A number after a sign and another number (16-4) is none, unless it is read as one of several days (`linked`).
    """
    token = at(t, i)
    if token.text == "ال" and at(t, i + 1).kind == "n":
        i, token = i + 1, at(t, i + 1)
    if token.kind == "n" and len(token.text) <= 2 and 1 <= int(token.text) <= 31 and not damaged(t, i):
        before = at(t, i - 1)
        if (
            not linked
            and before.text in ("/", "-")
            and at(t, i - 2).kind == "n"
            and adjoining(t, i - 1)
            and adjoining(t, i - 2)
            and len(at(t, i - 2).text) <= 2
        ):
            return None
        return i + 1, int(token.text)
    if (found := ordinal(t, i)) is not None:
        return found if found[1] <= 31 else None
    if token.text in ("اول", "غره") and (one_month(t, i + 1) or at(t, i + 1).text in ("شهر",)):
        return i + 1, 1
    words = number(t, i)
    if (
        words is not None
        and token.kind == "w"
        and not token.definite
        and 1 <= words[1] <= 31
        and one_month(t, words[0])
    ):
        return words
    return None


def month_tail(t: Tokens, j: int, spec: Spec) -> Spec:
    """The year or the adjective after a month: 2015، من عام 2015، من العام الماضي، الماضي، الجاري."""
    after = direction(t, j)
    if after is not None:
        spec = spec._replace(j=after[0], direction=after[1])
        k = after[0] + (at(t, after[0]).text in YEAR_SEPARATORS)
        if (year := plain_year(t, k)) is not None and year[2] == spec.calendar:
            return spec._replace(j=year[0], year=year[1], direction=None)
        return spec
    k = j + (at(t, j).text in YEAR_SEPARATORS)
    if at(t, k).text in ("من", "في") and at(t, k).text == "من":
        k += 1
    if at(t, k).text in ("نفس", "ذات") and cat(at(t, k + 1), "unit") == (1, "Y"):
        return spec._replace(j=k + 2, year_direction="same")
    if (year := marked_year(t, k)) is not None:
        return with_year(spec, year)
    unit = cat(at(t, k), "unit")
    if unit == (1, "Y") and at(t, k).definite:
        after = direction(t, k + 1)
        if after is not None:
            return spec._replace(j=after[0], year_direction=after[1])
    if at(t, k).text in ("هذا", "هذه") and cat(at(t, k + 1), "unit") == (1, "Y"):
        return spec._replace(j=k + 2, year_direction="this")
    low = 1000 if spec.day is not None else 1800
    if spec.calendar == "hijri":
        low = 1
    year = plain_year(t, k, low=low)
    if year is None and spec.calendar == "hijri" and at(t, k).kind == "n" and len(at(t, k).text) in (3, 4):
        mark, calendar = era(t, k + 1)
        if calendar == "hijri":
            year = mark, int(at(t, k).text), "hijri"
    if year is not None:
        return with_year(spec, year)
    return (
        spec._replace(j=era(t, j)[0]) if spec.day and era(t, j)[1] == spec.calendar and at(t, j).text != "م" else spec
    )


def with_year(spec: Spec, year: tuple[int, int, str]) -> Spec:
    """The spec with its year: a Hijri month with a year above 1600 means the Gregorian year around it."""
    return spec._replace(j=year[0], year=year[1])


def month_date(t: Tokens, i: int, day: int | None, start: int) -> Spec | None:
    """[شهر] month with its tail; `day` was read before it. A bare name that is also a common word needs support."""
    j = i
    led = False
    unit = cat(at(t, j), "unit")
    if unit == (1, "M"):
        led, j = True, j + 1
    found = month(t, j)
    if found is None:
        return None
    end, name, double = found
    spec = month_tail(t, end, Spec("date", start, end, month=name.number, day=day, calendar=name.calendar))
    supported = led or double or day is not None or spec.j > end
    if not supported and at(t, j).prefix not in ("", "و", "ف") and not name.weak:
        supported = True
    if not supported and (name.weak or name.calendar == "hijri") and not month_context(at(t, j - 1)):
        return None
    if name.weak and not supported and at(t, j).prefix:
        return None
    return spec


def month_context(before: Token) -> bool:
    """Whether the word before a bare month name makes it a month."""
    return before.bare in MONTH_LEADS or cat(before, "part") is not None


MONTH_LEADS = frozenset(["في", "منذ", "خلال", "حتي", "بحلول", "شهر", "اوائل", "اواخر", "بين", "من", "الي"]) - {
    "من",
    "الي",
    "بين",
}


def day_month(t: Tokens, i: int) -> Spec | None:
    """Day and month: 14 مايو، العاشر من أكتوبر، 12 من الشهر الجاري; lists: 28 و29 يونيو."""
    first = day_number(t, i)
    if first is None:
        return None
    j, day = first
    single = after_day(t, j, day, i)
    if single is not None:
        return single
    days, places, k = [day], [(i, j)], j
    link = "list"
    while True:
        token = at(t, k)
        if token.text in ("و", "-", "–", "الي", "حتي", "،", "او"):
            link = "range" if token.text in ("-", "–", "الي", "حتي") else link
            k += 1
        elif token.prefix != "و":
            return None
        if at(t, k).text == "ال" and at(t, k + 1).kind != "n":
            return None
        more = day_number(t, k, linked=True)
        if more is None:
            return None
        start, k = k, more[0]
        days.append(more[1])
        places.append((start, k))
        last = after_day(t, k, more[1], start)
        if last is not None:
            break
        if len(days) > 6:
            return None
    places[-1] = (last.i, last.j)
    items = tuple(last._replace(day=d, i=a, j=b) for d, (a, b) in zip(days, places, strict=True))
    return Spec(link, i, last.j, items=items)


def after_day(t: Tokens, j: int, day: int, start: int) -> Spec | None:
    """What follows a day number: من [شهر] month, or من الشهر الجاري / من هذا الشهر / من الشهر نفسه; 28/مايو/2024."""
    of = at(t, j).text == "من"
    if at(t, j).text in ("/", "-"):
        spec = month_date(t, j + 1, day, start)
        # 12/مايو/2024; apart (12 - مايو - 2024) only with its year, or a dash between clauses would count
        close = adjoining(t, j - 1) and adjoining(t, j)
        if spec is not None and (close or (spec.year is not None and not adjoining(t, j - 1) and not adjoining(t, j))):
            return spec
    k = j + 1 if of else j
    spec = month_date(t, k, day, start)
    if spec is not None:
        return spec
    if at(t, k).text in ("هذا",) and cat(at(t, k + 1), "unit") == (1, "M"):
        return Spec("date", start, k + 2, day=day, unit="M", direction="this")
    if cat(at(t, k), "unit") == (1, "M") and at(t, k).definite:
        after = direction(t, k + 1)
        if after is not None:
            return Spec("date", start, after[0], day=day, unit="M", direction=after[1])
    return None


def years(t: Tokens, i: int) -> Spec | None:
    """A year: عام 2011، 2015م، 1443هـ؛ lists: عامي 2011 و2014، أعوام 1948 و1965؛ 1975-1990، 1950-53."""
    token = at(t, i)
    if token.kind == "w":
        unit = cat(token, "unit")
        if unit is None or unit.tag != "Y":
            words = number(t, i) if (n := cat(token, "number")) and n.tag == "thousand" else None
            if words is None or not 1900 <= words[1] <= 2100 or words[0] == i + 1:
                return None
            return Spec("year", i, words[0], year=words[1])
        found = marked_year(t, i)
        if found is not None:
            return year_pair(t, Spec("year", i, found[0], year=found[1], calendar=found[2]))
        if unit.value >= 2 or (token.definite and unit.value == 1):
            return year_list(t, i)
        return None
    found = plain_year(t, i)
    if found is None:
        return None
    before, after = at(t, i - 1), at(t, found[0])
    if before.text in NO_YEAR_AFTER or cat(after, "counted") or cat(after, "unit"):
        return None
    if before.text in ("/", "-", ".", ":") and adjoining(t, i - 1) and at(t, i - 2).kind == "n":
        return None
    single = Spec("year", i, found[0], year=found[1], calendar=found[2])
    pair = year_pair(t, single)
    if pair is not single:
        return pair
    if after.text in ("/", ":") and adjoining(t, i) and at(t, i + 2).kind == "n":
        return None
    if after.text == "-" and at(t, i + 2).kind == "n" and len(at(t, i + 2).text) == 1:
        return None
    return single


NO_YEAR_AFTER = frozenset(
    [
        "قرار",
        "القرار",
        "رقم",
        "الرقم",
        "قرارها",
        "قراره",
        "قرارات",
        "القرارين",
        "بقرار",
        "القرارات",
        "بالقرار",
        "للقرار",
        "والقرار",
    ]
)


def year_pair(t: Tokens, spec: Spec) -> Spec:
    """1975-1990, 1950-53, 2015/2016 as one range."""
    sign, second = at(t, spec.j), at(t, spec.j + 1)
    if sign.text not in ("-", "–", "/") or second.kind != "n" or spec.year is None or at(t, spec.j - 1).kind != "n":
        return spec
    if len(second.text) == 4:
        year = int(second.text)
    elif len(second.text) == 2 and adjoining(t, spec.j):
        year = spec.year - spec.year % 100 + int(second.text)
    else:
        return spec
    if not spec.year < year < spec.year + 200 or (sign.text == "/" and year != spec.year + 1) or damaged(t, spec.j + 1):
        return spec
    j, _ = era(t, spec.j + 2)
    if at(t, spec.j + 2).text in ("-", "/") and at(t, spec.j + 3).kind == "n":
        return spec
    last = Spec("year", spec.j + 1, j, year=year, calendar=spec.calendar)
    return Spec("range", spec.i, j, items=(spec, last))


def year_list(t: Tokens, i: int) -> Spec | None:
    """عامي 2011 و2014؛ العامين 2002 و2005؛ الأعوام 1948 و1965 و1971."""
    found: list[Spec] = []
    j = i + 1
    while True:
        k = j + (at(t, j).text in ("و", "،", "-", ".", "الي", "حتي") and bool(found))
        if at(t, k).text == "." and found:
            k += 1
        year = plain_year(t, k) or (None if at(t, k).prefix != "و" else plain_year(t, k))
        if year is None or (found and k == j):
            break
        found.append(Spec("year", k, year[0], year=year[1], calendar=year[2]))
        j = year[0]
    if not found:
        return None
    return found[0]._replace(i=i) if len(found) == 1 else Spec("list", i, j, items=tuple(found))
