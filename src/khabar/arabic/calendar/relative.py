"""Expressions that need a reference day: weekdays, day words, units with an adjective, amounts of time, decades."""

from __future__ import annotations

from khabar.arabic.calendar.grammar import day_month, direction, numeric
from khabar.arabic.calendar.reading import (
    END,
    Tokens,
    about,
    amounts,
    at,
    cat,
    number,
    one_month,
    ordinal,
    plain_year,
)
from khabar.arabic.calendar.spec import Spec

DAY_WORDS = {"اليوم": 0, "امس": -1, "الامس": -1, "البارحه": -1, "غدا": 1, "الغد": 1, "غد": 1, "الليله": 0, "الان": 0,
             "حاليا": 0}  # fmt: skip
THIS = frozenset(["هذا", "هذه", "هذ"])
THAT = frozenset(["ذلك", "تلك", "نفس", "ذات"])
THEN = frozenset(["حينها", "وقتها", "انذاك", "حينذاك", "يومها", "وقتذاك", "عندها", "حينيذ", "ساعتها"])
BRACKETS = ("(", "[")


def weekday_at(t: Tokens, i: int, *, bare: bool = False) -> int | None:
    """The weekday named by a token (Monday 0); `bare`: the article is not needed (after يوم, كل, an ordinal)."""
    found = cat(at(t, i), "weekday")
    return found.value if found is not None and (at(t, i).definite or bare) else None


def daypart_at(t: Tokens, i: int) -> str | None:
    """The part of the day named by a token."""
    found = cat(at(t, i), "daypart")
    return found.tag if found is not None else None


def day_parts(t: Tokens, i: int) -> tuple[int, str | None, bool]:
    """Leading parts of the day and يوم: (next, part, night): مساء يوم، بعد ظهر، منتصف ليل، ليلة، فجر وصباح."""
    j, part, night = i, None, False
    if at(t, j).text in ("بعد", "منتصف", "قبل") and daypart_at(t, j + 1) in ("noon", "night"):
        j += 1
    while (found := daypart_at(t, j)) is not None and (not at(t, j).definite):
        part, night, j = found, night or found == "night", j + 1
        if at(t, j).prefix == "و" and daypart_at(t, j) is None:
            return i, None, False
    unit = cat(at(t, j), "unit")
    if unit == (1, "D") and not at(t, j).definite and at(t, j).text != "يوما":
        j += 1
    return j, part, night


def weekday(t: Tokens, i: int) -> Spec | None:
    """[مساء] [يوم] السبت [الماضي] [(] 14 أبريل 2018 [)], السبت 14 أبريل; ليل السبت الأحد as two days."""
    j, part, night = day_parts(t, i)
    named = weekday_at(t, j, bare=j > i and at(t, j - 1).bare == "يوم")
    if named is None:
        return None
    spec = Spec("weekday", i, j + 1, weekday=named, daypart=part, night=night)
    j += 1
    if night:
        k = j + (at(t, j).text in ("-", "–", "/", "الي", "علي"))
        second = weekday_at(t, k)
        if second is not None and not at(t, k).prefix and second == (named + 1) % 7:
            other = Spec("weekday", k, k + 1, weekday=second, daypart=part)
            if any(at(t, x).text == "منتصف" for x in range(i, i + 2)):
                return other._replace(i=i)  # midnight between the two is the second day
            return Spec("night", i, k + 1, items=(spec, other))
    after = direction(t, j)
    if after is not None:
        spec = spec._replace(j=after[0], direction=after[1])
        j = after[0]
    if (
        (late := daypart_at(t, j)) is not None
        and not at(t, j).definite
        and not at(t, j).prefix
        and weekday_at(t, j + 1) is None
    ):
        spec = spec._replace(j=j + 1, daypart=late)
        j += 1
    return with_date(t, spec)


def with_date(t: Tokens, spec: Spec) -> Spec:
    """A date that stands right after a day names the same day: السبت 14 أبريل، السبت (14/4/2018)، الأحد، ١٤ نوفمبر."""
    j = spec.j
    sign = at(t, j).text
    k = j + (sign in BRACKETS or sign in ("،", ",", "-", "–", ":", "/"))
    if at(t, k).text in ("يوم", "الموافق", "الموافقه", "بتاريخ", "ل") and k < len(t):
        k += 1
    date = numeric(t, k) or day_month(t, k)
    if date is None or date.what != "date" or at(t, k).prefix:
        return spec
    if sign in ("،", ",", "-", "–") and date.year is None and date.direction is None:
        return spec
    end = date.j + (sign in BRACKETS and at(t, date.j).text in (")", "]"))
    end, date = twin(t, end, date)
    weekday_ = spec.weekday if spec.what == "weekday" else None
    return date._replace(i=spec.i, j=end, weekday=weekday_, daypart=spec.daypart)


def twin(t: Tokens, end: int, date: Spec) -> tuple[int, Spec]:
    """The same day in the other calendar: 5 رمضان 1443هـ الموافق 6 أبريل 2022م; the Gregorian one counts."""
    k = end
    while at(t, k).text in (
        "الموافق",
        "الموافقه",
        "الموافق:",
        "الموافقين",
        "ل",
        "ليوم",
        "يوم",
        "/",
        "-",
        "–",
        "(",
        "،",
        "=",
        ":",
    ):
        k += 1
    if k == end:
        return end, date
    if weekday_at(t, k) is not None:
        k += 1
    other = numeric(t, k) or day_month(t, k)
    if (
        other is None
        or other.what != "date"
        or other.calendar == date.calendar
        or other.day is None
        or date.day is None
    ):
        return end, date
    end = other.j + (at(t, other.j).text == ")" and any(at(t, x).text == "(" for x in range(date.j, k)))
    kept = other if other.calendar == "gregorian" else date
    if kept.year is None and (other.year is not None and date.year is not None):
        kept = date if other is kept else other
    return end, kept


def day_word(t: Tokens, i: int) -> Spec | None:
    """[صباح] أمس [الأول] [الأربعاء], اليوم (السبت), أول من أمس, غدا الجمعة, الليلة الماضية."""
    j, part, night = day_parts(t, i)
    token = at(t, j)
    if token.text in ("اول", "الاول") and at(t, j + 1).text == "من" and at(t, j + 2).text in ("امس", "البارحه"):
        return named_day(t, Spec("dayword", i, j + 3, offset=-2, daypart=part, night=night))
    if token.text in ("اول", "قبل") and at(t, j + 1).text in ("امس", "البارحه"):
        return named_day(t, Spec("dayword", i, j + 2, offset=-2, daypart=part, night=night))
    if token.text == "بعد" and at(t, j + 1).text in ("غد", "الغد"):
        return named_day(t, Spec("dayword", i, j + 2, offset=2, daypart=part, night=night))
    if token.bare in THIS and at(t, j + 1).definite and daypart_at(t, j + 1) and at(t, j + 1).text != "الليله":
        return named_day(t, Spec("dayword", i, j + 2, offset=0, daypart=daypart_at(t, j + 1)))
    start = j
    if token.bare in THIS and at(t, j + 1).text in ("اليوم", "الليله", "اللحظه"):
        j, token = j + 1, at(t, j + 1)
        if token.text == "اللحظه":
            return Spec("dayword", i, j + 1, offset=0)
    text = ("ال" if token.definite else "") + token.bare
    offset = DAY_WORDS.get(text)
    if offset is None or (text == "غد" and at(t, j - 1).text != "يوم"):
        return None
    if at(t, start - 1).bare in THAT:
        return None
    after, nxt = direction(t, j + 1), at(t, j + 1)
    if text in ("امس", "البارحه", "الامس") and nxt.text in ("الاول", "الاولي"):
        return named_day(t, Spec("dayword", i, j + 2, offset=-2, daypart=part, night=night))
    if text == "الليله" and after is not None:
        back = {"past": -1, "past2": -2, "next": 1, "this": 0}.get(after[1])
        return Spec("dayword", i, after[0], offset=back, daypart="night") if back is not None else None
    if text == "اليوم" and after is not None:
        back = {"follow": 1, "next": 1, "past": -1}.get(after[1], 0)
        if after[1] == "this":
            return Spec("dayword", i, after[0], offset=0)
        return Spec("same", i, after[0], unit="D", offset=back, daypart=part)
    if text == "اليوم" and token.prefix in ("ل", "ول", "ك") and ordinal(t, j + 1):
        return None
    if text == "اليوم" and ordinal(t, j + 1) and weekday_at(t, j + 1) is None and start == j:
        return None
    return named_day(t, Spec("dayword", i, j + 1, offset=offset, daypart=part, night=night))


def named_day(t: Tokens, spec: Spec) -> Spec:
    """A day word with the weekday or date after it: اليوم (السبت، أمس الأربعاء 5 مايو."""
    j = spec.j
    if (
        (late := daypart_at(t, j)) is not None
        and not at(t, j).definite
        and not at(t, j).prefix
        and weekday_at(t, j + 1) is None
        and not one_month(t, j + 1)
    ):
        spec, j = spec._replace(j=j + 1, daypart=late), j + 1
    k = j + (at(t, j).text in BRACKETS or at(t, j).text in ("،", "/", "-"))
    if at(t, k).text == "يوم":
        k += 1
    named = weekday_at(t, k)
    if named is None or (at(t, k).prefix and at(t, k).prefix != ""):
        return with_date(t, spec)
    end = k + 1 + (at(t, j).text in BRACKETS and at(t, k + 1).text in (")", "]"))
    dated = with_date(t, Spec("weekday", spec.i, k + 1, weekday=named, daypart=spec.daypart))
    if dated.what == "date":
        return dated
    return spec._replace(j=end, weekday=named)


def relative(t: Tokens, i: int) -> Spec | None:
    """الأسبوع الماضي، هذا الشهر، العام الماضي 2017، الأشهر الستة الماضية، الـ24 ساعة الماضية، العشر سنوات الأخيرة."""
    token = at(t, i)
    if token.bare in THIS:
        unit = cat(at(t, i + 1), "unit")
        if unit and unit.value == 1 and at(t, i + 1).definite and unit.tag in ("W", "M", "Y", "DEC", "CEN"):
            return Spec("relative", i, i + 2, unit=unit.tag, direction="this")
        return None
    if token.bare in THAT:
        unit = cat(at(t, i + 1), "unit")
        if unit and unit.value == 1 and at(t, i + 1).definite:
            return Spec("same", i, i + 2, unit=unit.tag, offset=0)
        # "At the same time" (نفس الوقت، الوقت نفسه) joins two clauses and names no time.
        if at(t, i + 1).text in ("الحين", "التاريخ", "الفتره") or (
            token.bare == "ذلك" and at(t, i + 1).text == "الوقت"
        ):
            return Spec("same", i, i + 2, unit=None, offset=0)
        return None
    counted, j, count = counted_unit(t, i)
    if counted is None:
        return None
    after = direction(t, j)
    unit_tag, value = counted
    if after is None:
        earlier = i > 1 and at(t, i - 1).text == "من" and at(t, i - 2).text in ("سابق", "لاحق", "مبكر")
        if earlier and token.definite and value == 1 and count is None and unit_tag in ("W", "M", "Y"):
            return Spec("relative", i, j, unit=unit_tag, direction="this")  # "في وقت سابق من الأسبوع"
        return None
    if after[1] in ("same", "follow") and value == 1:
        return Spec("same", i, after[0], unit=unit_tag, offset=1 if after[1] == "follow" else 0)
    if after[1] not in ("past", "next", "this", "past2", "next2") or unit_tag in ("MIN", "NI"):
        return None
    number_ = 1 if value == 1 and count is None else 2 if value == 2 else count
    if value == 1 and count is None and unit_tag in ("D", "H"):
        return None
    found = Spec("relative", i, after[0], unit=unit_tag, direction=after[1], number=number_)
    if number_ is not None and (value > 1 or count is not None):
        found = found._replace(amounts=((number_, unit_tag),))
    elif value == 3:
        found = found._replace(number=None)
    if unit_tag == "Y" and value == 1:
        year = plain_year(t, after[0])
        if year is not None:
            return Spec("year", i, year[0], year=year[1], calendar=year[2])
    return found


def counted_unit(t: Tokens, i: int) -> tuple[tuple[str, int] | None, int, int | None]:
    """A definite unit with its count: ((unit, sg 1/dual 2/pl 3) or None, next index, count or None)."""
    token = at(t, i)
    unit = cat(token, "unit")
    if unit is not None and token.definite:
        j, count = i + 1, None
        if unit.value == 3:
            k = j + (at(t, j).text == "ال")
            told = number(t, k)
            if told is not None and (at(t, k).definite or k > j or at(t, k).kind == "n"):
                j, count = told
            elif at(t, j).text in ("القليله", "المعدوده", "الطويله"):
                j += 1
        return (unit.tag, unit.value), j, count
    k = i + (token.text == "ال")
    told = number(t, k)
    if told is not None and (at(t, k).definite or k > i or at(t, k).prefix.endswith("ل")):
        unit = cat(at(t, told[0]), "unit")
        if unit is not None and unit.value != 2 and not at(t, told[0]).definite:
            return (unit.tag, 3), told[0] + 1, told[1]
        return None, i, None
    spelled = amounts(t, i)
    if (
        spelled is not None
        and len(spelled[1]) == 1
        and direction(t, spelled[0]) is None
        and cat(at(t, spelled[0]), "direction")
    ):
        return None, i, None
    return None, i, None


def ago(t: Tokens, i: int) -> Spec | None:
    """قبل يومين، قبل نحو أسبوعين، بعد ثلاثة أيام، بعد يوم من، قبل أيام، بعد ذلك بأسبوع."""
    word = at(t, i).bare
    if word not in ("قبل", "بعد", "عقب"):
        return None
    what, j = ("ago" if word == "قبل" else "after"), i + 1
    if at(t, j).text in ("ذلك", "هذا"):
        told = amounts(t, j + 1) if at(t, j + 1).text.startswith("ب") or at(t, j + 1).prefix.startswith("ب") else None
        if told is None:
            return None
        return Spec("after" if what == "after" else "before", i, told[0], amounts=told[1])
    if at(t, j).text in ("مرور", "مضي", "اقل") and at(t, j).text != "اقل":
        j += 1
    told = amounts(t, j)
    if told is None:
        skipped, _ = about(t, j)
        k = skipped + (at(t, skipped).text in ("بضعه", "بضع", "عده"))
        unit = cat(at(t, k), "unit")
        if unit is None or unit.value != 3 or at(t, k).definite:
            return None
        if at(t, k + 1).text in ("قليله", "معدوده"):
            k += 1
        return Spec(what, i, k + 1, unit=unit.tag, approximate=True, anchored=at(t, k + 1).text in ("من", "علي"))
    end, found, approximate = told
    end += at(t, end).text == "فقط" and at(t, end + 1).text in ("من", "علي")
    linked = at(t, end).text in ("من", "علي") and at(t, end + 1).text != "الان"
    if linked and (what == "after" or cat(at(t, end + 1), "act")):
        return Spec(what, i, end, amounts=found, approximate=approximate, anchored=True)
    if at(t, end).text == "من" and at(t, end + 1).text == "الان":
        end += 2
    return Spec(what, i, end, amounts=found, approximate=approximate)


def then(t: Tokens, i: int) -> Spec | None:
    """حينها، آنذاك، في الفترة نفسها: the time told before; غداة and عشية: the day after or before it."""
    token = at(t, i)
    text = token.text
    if token.bare in THEN:
        return Spec("same", i, i + 1, offset=0)
    if text in ("الفتره", "التاريخ") and at(t, i + 1).text in ("نفسها", "ذاتها", "نفسه", "ذاته"):
        return Spec("same", i, i + 2, offset=0)
    if token.bare == "غداه" and at(t, i + 1) is not END:
        return Spec("after", i, i + 1, amounts=((1, "D"),), anchored=True)
    return None
