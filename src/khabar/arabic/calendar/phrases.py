"""Whole expressions from single ones: clock times, durations, sets, "since", ranges and lists."""

from __future__ import annotations

from khabar.arabic.calendar.grammar import (
    ATTACKS,
    day_month,
    day_number,
    month_date,
    month_first,
    numeric,
    years,
)
from khabar.arabic.calendar.lexicon import Token, functions, month_starts
from khabar.arabic.calendar.periods import decade, holiday, period
from khabar.arabic.calendar.reading import Tokens, about, adjoining, amounts, at, cat, damaged, digits, ordinal
from khabar.arabic.calendar.relative import (
    DAY_WORDS,
    ago,
    day_word,
    daypart_at,
    relative,
    then,
    twin,
    weekday,
    weekday_at,
)
from khabar.arabic.calendar.spec import Spec

UNTIL = frozenset(["الي", "حتي", "لغايه", "وحتي", "ولغايه", "والي"])
SPANS = frozenset(["خلال", "غضون", "مدي", "مدار", "لمده", "طوال", "طيله"])
EVERY = {"يوميا": "P1D", "شهريا": "P1M", "سنويا": "P1Y", "اسبوعيا": "P1W"}
QUARTERS = {"النصف": 30, "الربع": 15, "الثلث": 20}
MANY = {"D": 1000, "W": 150, "M": 60, "Y": 50}  # no more of them in a row are told
RUNNING = {"لليوم": "D", "للاسبوع": "W", "للشهر": "M", "للعام": "Y", "للسنه": "Y"}
EVENING = frozenset(("noon", "afternoon", "evening"))


def may_start(token: Token) -> bool:
    """Whether an expression can start at the token: a cheap look before the grammar is tried."""
    return token.kind == "n" or bool(token.cats) or token.bare in functions() or token.text in functions() \
        or token.bare in month_starts()  # fmt: skip


def to_24(hour: int, part: str | None) -> int | None:
    """The hour of a 24-hour clock; 12 at noon is 12, 12 at night 0."""
    if part in EVENING:
        return hour + 12 if hour < 12 else hour
    if part in ("dawn", "morning"):
        return 0 if hour == 12 else hour
    if part == "night":
        return hour + 12 if 6 <= hour < 12 else 0 if hour == 12 else hour
    return hour


def clock(t: Tokens, i: int) -> tuple[int, str, bool] | None:
    """A clock time: (next, HH:MM, whether a day may follow): 16:45، 4:45 عصرا، الساعة الثالثة والنصف فجرا، 12:30 م."""
    j, led = i, False
    if at(t, j).bare == "ساعه" and at(t, j).definite:
        j, led = j + 1, True
    elif at(t, j).text == "ال":
        return None
    token = at(t, j)
    minute = 0
    if token.kind == "n" and len(token.text) <= 2:
        hour = int(token.text)
        sign = at(t, j + 1).text
        if (
            sign in (":", ".")
            and at(t, j + 2).kind == "n"
            and len(at(t, j + 2).text) == 2
            and adjoining(t, j)
            and adjoining(t, j + 1)
            and (sign == ":" or led)
        ):
            minute, j = int(at(t, j + 2).text), j + 3
            if at(t, j).text == ":" and at(t, j + 1).kind == "n":
                j += 2
        elif led:
            j += 1
        else:
            part = daypart_at(t, j + 1) if at(t, j + 1).text.endswith("ا") or at(t, j + 1).text == "مساء" else None
            if part is None or at(t, j + 1).definite or damaged(t, j) or hour > 12:
                return None
            j += 1
    elif led and (named := ordinal(t, j)) is not None and named[1] <= 12:
        j, hour = named
    elif led and at(t, j).text == "الواحده":
        j, hour = j + 1, 1
    else:
        return None
    follows = at(t, j).text
    if led and follows[1:] in QUARTERS and follows[0] == "و":
        minute, j = QUARTERS[follows[1:]], j + 1
    elif led and follows == "الا" and at(t, j + 1).text in ("الربع", "ربعا"):
        hour, minute, j = hour - 1, 45, j + 2
    k = j + (at(t, j).text == "من")
    part = None
    if at(t, k).text in ("ص", "م"):
        part, j = ("morning" if at(t, k).text == "ص" else "evening"), k + 1
    elif (found := daypart_at(t, k)) is not None:
        part = found
        j = k + 1
        if at(t, k).text in ("بعد", "قبل"):
            j += 1
    elif at(t, k).text == "بعد" and daypart_at(t, k + 1) == "noon":
        part, j = "afternoon", k + 2
    converted = to_24(hour, part)
    if converted is None or not (0 <= converted <= 23 and 0 <= minute <= 59):
        return None
    if led or part is not None or at(t, i + 1).text == ":":
        if at(t, j).text in ("بتوقيت", "حسب", "غرينتش", "غرينيتش", "جرينتش"):
            j += 1 if at(t, j).text != "بتوقيت" else 2
        return j, f"{converted:02d}:{minute:02d}", True
    return None


def with_clock(t: Tokens, spec: Spec) -> Spec:
    """The date with the clock time right after it (18 أغسطس 2024 - 12:30 م)."""
    k = spec.j
    while at(t, k).text in ("-", "–", "،", ",", "|", "(", "في", "عند", "وعند", "،", "/") and k < spec.j + 2:
        k += 1
    if at(t, k).kind != "n" and at(t, k).bare != "ساعه":
        return spec
    found = clock(t, k)
    if found is None or (":" not in {x.text for x in t[k : found[0]]} and at(t, k).bare != "ساعه"):
        return spec
    return spec._replace(j=found[0], clock=found[1])


def atom(t: Tokens, i: int) -> Spec | None:
    """One expression at token i, without ranges."""
    token = at(t, i)
    spec: Spec | None = None
    if token.kind == "n" or token.text == "ال":
        spec = attacks(t, i) or numeric(t, i) or day_month(t, i)
        if spec is None and (told := clock(t, i)) is not None:
            return Spec("clock", i, told[0], clock=told[1])
        spec = spec or years(t, i) or relative(t, i) or lasting(t, i)
    elif token.kind == "w":
        named = running(t, i) or then(t, i) or ago(t, i) or holiday(t, i) or day_word(t, i) or weekday(t, i)
        if named is not None:
            spec = named
        elif token.bare == "ساعه" and token.definite and (told := clock(t, i)) is not None:
            k = told[0] + (at(t, told[0]).text in ("من", "يوم"))
            day = day_word(t, k) or weekday(t, k)
            return day._replace(i=i, clock=told[1]) if day else Spec("clock", i, told[0], clock=told[1])
        else:
            spec = period(t, i) or relative(t, i) or years(t, i) or day_month(t, i) or month_first(t, i) \
                or month_date(t, i, None, i) or decade(t, i) or lasting(t, i)  # fmt: skip
    if spec is None:
        return None
    if spec.what == "date" and spec.day is not None:
        end, kept = twin(t, spec.j, spec)
        if end != spec.j:
            spec = kept._replace(i=spec.i, j=end, weekday=spec.weekday)
    if spec.what in ("date", "weekday", "dayword") and (spec.what != "date" or spec.day is not None):
        spec = with_clock(t, spec)
    return spec


def running(t: Tokens, i: int) -> Spec | None:
    """لليوم الثالث على التوالي، لليوم الـ190، للشهر الرابع على التوالي: so many days, weeks, months or years up to now.
    An ordinal alone (لليوم الثاني من المؤتمر, the newspaper اليوم السابع) says nothing of the kind."""
    unit = RUNNING.get(at(t, i).text.removeprefix("و"))
    if unit is None:
        return None
    led = at(t, i + 1).text == "ال"
    k = i + 1 + led
    if numeric(t, k) or day_month(t, i + 1) or damaged(t, k):
        return None
    if (told := ordinal(t, k)) is None:
        count = digits(at(t, k)) if at(t, k).kind == "n" else None
        if count is None:
            return None
        told = k + 1, count
    j = told[0]
    in_a_row = at(t, j).text == "علي" and at(t, j + 1).text == "التوالي"
    if not (in_a_row or (unit == "D" and led and not clock(t, k))) or not 2 <= told[1] <= MANY[unit]:
        return None
    return Spec("running", i, j + 2 * in_a_row, number=told[1], unit=unit)


def attacks(t: Tokens, i: int) -> Spec | None:
    """هجمات 11/9: the day of that name."""
    if (
        at(t, i + 1).text == "/"
        and (at(t, i).text, at(t, i + 2).text) in (("11", "9"), ("9", "11"))
        and at(t, i + 3).text != "/"
        and (at(t, i - 1).bare in ATTACKS or at(t, i - 1).text in ATTACKS)
    ):
        return Spec("date", i, i + 3, month=9, day=11)
    return None


def lasting(t: Tokens, i: int) -> Spec | None:
    """A bare amount (44 يوما، ستة أشهر قادمة): a duration, or an interval with its adjective."""
    told = amounts(t, i)
    if told is None:
        return None
    j, found, approximate = told
    bare = cat(at(t, i), "unit")
    if bare is not None and bare.value == 1 and at(t, j - 1) is at(t, i) and not span_lead(at(t, i - 1), at(t, i)):
        return None
    turn = cat(at(t, j), "direction")
    if turn is not None and turn.tag in ("past", "next") and len(found) == 1 and not at(t, j).definite:
        tag = turn.tag
        if at(t, j).text in ("مضت", "مضي", "مضيا"):
            return Spec("ago", i, j + 1, amounts=found, approximate=approximate)
        return Spec("relative", i, j + 1, unit=found[0][1], number=found[0][0], amounts=found, direction=tag)
    within = at(t, i - 1).bare == "خلال" or (at(t, i - 1).text == "غضون" and at(t, i - 2).text == "في")
    return Spec("within" if within and len(found) == 1 else "duration", i, j, amounts=found, approximate=approximate)


def span_lead(before: Token, token: Token) -> bool:
    """Whether the word before makes a bare unit a duration (خلال شهر، لمدة عام، استمر أسبوعا)."""
    return before.bare in SPANS or before.text in SPANS or before.text[1:] in SPANS or \
        before.text.startswith(("استمر", "تستمر", "يستمر", "دام", "تدوم", "مدتها", "مدته")) or (token.text in (
            "اسبوعا", "شهرا") and before.text.startswith(("استغرق", "تستغرق")))  # fmt: skip


def recurring(t: Tokens, i: int) -> Spec | None:
    """كل يوم جمعة، كل أسبوع، كل ثلاثة أشهر، يوميا."""
    text = at(t, i).text
    if text in EVERY:
        unit = EVERY[text][2]
        return Spec("set", i, i + 1, amounts=((1, unit),))
    if at(t, i).bare != "كل" or at(t, i).definite:
        return None
    j = i + 1 + (at(t, i + 1).text in ("يوم",) and weekday_at(t, i + 2, bare=True) is not None)
    named = weekday_at(t, j, bare=True)
    if named is not None:
        return Spec("set", i, j + 1, weekday=named, amounts=((1, "W"),))
    told = amounts(t, i + 1)
    if told is None or told[1][0][1] in ("H", "MIN", "CEN"):
        return None
    return Spec("set", i, told[0], amounts=told[1])


def since(t: Tokens, i: int) -> Spec | None:
    """منذ with what follows: a date, an amount, or an act and its date (منذ سقوط النظام عام 2003)."""
    if at(t, i).bare not in ("منذ", "مذ"):
        return None
    j, _ = about(t, i + 1)
    told = amounts(t, i + 1)
    if told is not None and (cat(at(t, told[0]), "direction") is None or at(t, told[0]).text in ("مضت", "مضي")):
        end = told[0] + (at(t, told[0]).text in ("مضت", "مضي"))
        inner = Spec("ago", i + 1, end, amounts=told[1], approximate=told[2])
        return Spec("since", i, end, items=(inner,))
    if cat(at(t, j), "part") and cat(at(t, j + 1), "direction") and at(t, j + 1).definite:
        inner = Spec("relative", j, j + 2, unit="Y", direction="this", number=1, part="start")
        return Spec("since", i, j + 2, items=(inner,))
    if (found := atom(t, j)) is not None and found.what not in ("duration", "clock"):
        return until(t, Spec("since", i, found.j, items=(found,)))
    for k in range(j, min(j + 11, len(t))):
        if at(t, k).kind == "p" or at(t, k).text in ("ان", "الذي", "التي"):
            break
        if k > j and may_start(at(t, k)) and (found := atom(t, k)) is not None:
            if found.what in ("year", "date", "ago", "weekday", "dayword") and not found.anchored:
                return Spec("since", i, found.j, items=(found,))
            break
    return None


def until(t: Tokens, spec: Spec) -> Spec:
    """A range where حتى or إلى follows (منذ أبريل 2015 إلى يوليو 2018)."""
    j = spec.j
    if at(t, j).text not in UNTIL:
        return spec
    if at(t, j + 1).text in ("الان", "اليوم", "هذا"):
        return spec._replace(j=j + 2)
    last = atom(t, j + 1)
    if last is None or last.what in ("duration", "clock"):
        return spec
    return Spec("range", spec.i, last.j, items=(spec.items[0], last))


def bounded(t: Tokens, i: int) -> Spec | None:
    """من … إلى …, بين … و…, ما بين عامي …."""
    j = i
    if at(t, j).text in ("بين", "مابين", "وبين") or (at(t, j).text == "ما" and at(t, j + 1).text == "بين"):
        j += 2 if at(t, j).text == "ما" else 1
        told = years(t, j)
        if told is not None and told.what in ("list", "range"):
            return told._replace(what="range", i=i, items=(told.items[0], told.items[-1]))
        found = day_month(t, j)
        if found is not None and found.what in ("list", "range"):
            return found._replace(what="range", i=i, items=(found.items[0], found.items[-1]))
        first = atom(t, j)
        if first is None or first.what in ("duration", "clock", "set"):
            return None
        if first.what == "range":
            return first._replace(i=i)
        k = first.j + (at(t, first.j).text in ("،", ","))
        if at(t, k).text in UNTIL or at(t, k).text == "و":
            second = atom(t, k + 1)
        elif at(t, k).prefix.startswith("و"):
            second = atom(t, k)
            if second is None and (day := day_number(t, k)) is not None and first.day is not None:
                second = first._replace(i=k, j=day[0], day=day[1])
        else:
            return None
        if second is None or second.what in ("duration", "clock", "set"):
            return None
        return Spec("range", i, second.j, items=(first, second))
    if at(t, j).text not in ("من", "ومن"):
        return None
    first = atom(t, j + 1)
    if first is None or first.what in ("duration", "clock", "set"):
        return None
    if first.what == "range":
        return first._replace(i=i)
    spec = until(t, first._replace(items=(first,)))
    if spec.what == "range":
        return spec._replace(i=i)
    return Spec("since", i, spec.j, items=(first,)) if spec.j != first.j else None


PAIRED = frozenset(("weekday", "date", "dayword", "year", "relative"))


def joined(t: Tokens, first: Spec) -> Spec:
    """A list or range where a like expression follows at once: الجمعة والسبت؛ 3 مايو 2021 - 12 يونيو 2022."""
    if first.what not in PAIRED or first.anchored:
        return first
    j, sign = first.j, at(t, first.j)
    if sign.text in UNTIL and first.what in ("date", "weekday", "year"):
        if at(t, j + 1).text in ("الان", "اليوم") and at(t, j + 2).bare not in DAY_WORDS and not at(t, j + 2).cats:
            return Spec("since", first.i, j + 2, items=(first,))
        second = atom(t, j + 1)
        if second is not None and (second.what == first.what or (first.what, second.what) == ("year", "date")):
            return Spec("range", first.i, second.j, items=(first, second))
        return first
    if sign.text in ("-", "–", "/") and first.what == "date":
        second = atom(t, j + 1)
        if (
            second is not None
            and second.what == "date"
            and (second.day is None) == (first.day is None)
            and (sign.text != "/" or first.day is None)
        ):
            return Spec("range", first.i, second.j, items=(first, second))
        return first
    k = j + 1 if sign.text == "و" else j
    if k == j and sign.prefix != "و":
        return first
    second = atom(t, k)
    if second is None:
        return first
    like = second.what == first.what or {first.what, second.what} == {"weekday", "dayword"}
    if not like or (first.what == "date" and (first.day is None) != (second.day is None)):
        if second.what == "list" and first.what == "date":
            return Spec("list", first.i, second.j, items=(first, *second.items))
        return first
    if first.what == "relative" and first.unit != second.unit:
        return first
    if first.what == "weekday" and first.direction:
        return first
    return Spec("list", first.i, second.j, items=(first, second))


def phrase(t: Tokens, i: int) -> Spec | None:
    """The longest expression that starts at token i."""
    token = at(t, i)
    if token.kind == "w":
        found = since(t, i) or bounded(t, i) or recurring(t, i)
        if found is not None:
            return found
        if token.text in ("من", "بين", "ومن", "وبين", "مابين", "منذ", "ومنذ"):
            return None
    unit = cat(token, "unit")
    if unit is not None and unit.value == 2 and unit.tag == "D" and not token.definite:
        first = weekday(t, i + 1) or day_month(t, i + 1)
        if first is not None:
            return joined(t, first)._replace(i=i)
    if unit is not None and unit.value == 2 and unit.tag == "DEC" and (one := decade(t, i + 1)) is not None:
        other = decade(t, one.j) if at(t, one.j).prefix == "و" else None
        return Spec("list", i, other.j, items=(one, other)) if other else one._replace(i=i)
    first = atom(t, i)
    return None if first is None else joined(t, first)
