"""When an event happened: the value of its time expression, from the publication date or from another time in the text.

In: an article and its events as drafts (a `Time` with words, a `Time` without words where the time is understood, or
none). Out: the same events with `Time.value`, `precision` and `reason`. The publication date alone never dates an act;
what text and date do not fix stays None.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

import msgspec

from khabar.arabic.calendar import TimeExpression, find_times
from khabar.arabic.folding import fold_key
from khabar.records import Article, Event, Mention, Time

# Verbs and nouns of saying, folded: a day right after one dates the saying, not what is said.
SAYING = re.compile(
    r"(?:^|[\s(«\"])[وف]?(?:قال|قالت|قالوا|ذكر|ذكرت|اوضح|اوضحت|اضاف|اضافت|اشار|اشارت|صرح|صرحت|افاد|افادت|اكد|اكدت|"
    r"بيان|تصريح|تصريحات|كتب|كتبت|نقلت|نشرت|اعلن|اعلنت|مقابله|تغريده|موتمر صحافي|موتمر صحفي)(?:\s+\S+){0,6}\s*$"
)
CLAUSE = re.compile(r"[.!؟؛،,:\n«»\"()]|\s(?:[اأإ]نه?ا?|الذي|التي|الذين|حيث|فيما|بينما|لكن|(?:قبل|بعد) [اأ]ن)\s")
TODAY = re.compile(
    r"\b(?:اول من امس|امس|اليوم|غدا|البارحه)\s*\(?\s*(?:الاحد|الاثنين|الثلاثاء|الاربعاء|الخميس|الجمعه|السبت)\b"
)
ALMANAC = re.compile(r"(?:هذا|مثل هذا|ذات) اليوم (?:في|من) (?:ال)?تاريخ|(?:حدث )?في مثل هذا اليوم")
MAIN = ("nearest one up to", "day word relative")  # reasons of the days that news is told of
OFFSETS = {"اول": -2, "امس": -1, "البارحه": -1, "اليوم": 0, "غدا": 1}
WEEKDAYS = ("الاثنين", "الثلاثاء", "الاربعاء", "الخميس", "الجمعه", "السبت", "الاحد")


Reading = Callable[[bool | None], list[list[TimeExpression]]]


def reference_of(article: Article) -> date | None:
    """The publication day, if the article has one known to the day."""
    if article.date is None or article.date_precision not in (None, "day"):
        return None
    try:
        return date.fromisoformat(article.date[:10])
    except ValueError:
        return None


def written_on(paragraphs: Sequence[str], published: date) -> date:
    """The day that the text itself calls today: "أمس الثلاثاء" in a page of Thursday was written on Wednesday.

    At most three days before publication; the publication day where the text names no weekday beside a day word, or
    where its own words disagree.
    """
    votes: Counter[int] = Counter()
    for paragraph in paragraphs:
        for match in TODAY.finditer(fold_key(paragraph)):
            words = re.findall(r"\w+", match.group())
            today = published + timedelta(days=OFFSETS[words[0]])
            gap = (today.weekday() - WEEKDAYS.index(words[-1])) % 7
            if gap <= 3:
                votes[gap] += 1
    if not votes:
        return published
    gap, count = votes.most_common(1)[0]
    return published - timedelta(days=gap) if count * 2 > sum(votes.values()) else published


def times_of(article: Article) -> list[list[TimeExpression]]:
    """All time expressions of an article by paragraph, read against its publication date."""
    reference = reference_of(article)
    return [expressions for _, expressions in _read(article, reference, None)]


def _read(article: Article, reference: date | None, future: bool | None) -> Iterator[tuple[int, list[TimeExpression]]]:
    """Expressions by paragraph; what a paragraph told last is what the next one's "the same day" goes back to."""
    previous: str | None = None
    main: date | None = None
    today = written_on(article.paragraphs, reference) if reference is not None else None
    almanac = reference if reference is not None and article.paragraphs and ALMANAC.search(
        fold_key(article.paragraphs[0])) else None  # fmt: skip
    for number, paragraph in enumerate(article.paragraphs):
        found = find_times(paragraph, today, future=future, previous=previous, main=main)
        if almanac is not None and found and found[0].start <= 1 and len(found[0].value or "") == 4:
            day = f"{found[0].value}-{almanac:%m-%d}"
            found[0] = found[0]._replace(value=day, precision="day", reason="this day in the year written")
        if today is not None and reference is not None and today != reference:
            found = [_until(e, today, reference) for e in found]
        previous = next((e.value for e in reversed(found) if e.value is not None and e.kind == "date"), previous)
        main = next((date.fromisoformat(e.value) for e in found if e.value and e.reason.startswith(MAIN)), main)
        yield number, found


def _until(expression: TimeExpression, today: date, published: date) -> TimeExpression:
    """ "Since X" runs to the publication date, also where the text's own today is a day earlier."""
    value = expression.value
    if value is not None and expression.reason == "from it to the reference" and value.endswith(f"/{today}"):
        return expression._replace(value=value.removesuffix(str(today)) + str(published))
    return expression


def best_overlap(expressions: Sequence[TimeExpression], start: int, end: int) -> TimeExpression | None:
    """The expression, or the part of one, whose words fit the span best; None if none touches it."""
    best: TimeExpression | None = None
    best_fit = 0.0
    for expression in _flat(expressions):
        common = min(end, expression.end) - max(start, expression.start)
        if common <= 0:
            continue
        fit = common / (max(end, expression.end) - min(start, expression.start))
        if fit > best_fit or (fit == best_fit and best is not None and best.value is None and expression.value):
            best, best_fit = expression, fit
    return best


def _flat(expressions: Sequence[TimeExpression]) -> Iterator[TimeExpression]:
    for expression in expressions:
        yield expression
        yield from _flat(expression.parts)


def attach_time(text: str, trigger: tuple[int, int], expressions: Sequence[TimeExpression]) -> TimeExpression | None:
    """Which expression dates the act whose trigger stands at `trigger` (start, end).

    The nearest one in the trigger's own clause, else in its sentence the nearest with no other clause's verb of saying
    right before it; after the trigger counts a little nearer than before. None if the sentence has none.
    """
    low, high = _bounds(text, *trigger, re.compile(r"[.!؟\n]"))
    inner_low, inner_high = _bounds(text, *trigger, CLAUSE)
    best: tuple[tuple[bool, float], TimeExpression] | None = None
    for expression in expressions:
        if expression.kind not in ("date", "time") or expression.start < low or expression.end > high:
            continue
        after = expression.start >= trigger[1]
        gap = expression.start - trigger[1] if after else trigger[0] - expression.end
        inside = inner_low <= expression.start < inner_high
        if not inside and SAYING.search(fold_key(text[max(low, expression.start - 60) : expression.start])):
            continue
        rank = (not inside, gap if after else gap * 1.5)
        if best is None or rank < best[0]:
            best = rank, expression
    return best[1] if best else None


def _bounds(text: str, start: int, end: int, border: re.Pattern[str]) -> tuple[int, int]:
    """The stretch around a span up to the nearest border on each side."""
    before = max((m.end() for m in border.finditer(text, 0, start)), default=0)
    after = border.search(text, end)
    return before, after.start() if after else len(text)


def resolve_times(article: Article, events: Sequence[Event]) -> tuple[Event, ...]:
    """The events with the values of their times filled.

    A time with words takes the value of the expression there (planned acts look ahead, actual ones back); a time
    without words that of another event that tells the same act; an event without a time stays without.
    """
    reference = reference_of(article)
    readings: dict[bool | None, list[list[TimeExpression]]] = {}

    def reading(future: bool | None) -> list[list[TimeExpression]]:
        if future not in readings:
            readings[future] = [found for _, found in _read(article, reference, future)]
        return readings[future]

    told = [_told(article, event, reading, reference) for event in events]
    return tuple(
        _understood(event, number, told) if event.time is not None and event.time.text is None else event
        for number, event in enumerate(told)
    )


def _told(article: Article, event: Event, reading: Reading, reference: date | None) -> Event:
    time = event.time
    if time is None or time.text is None or time.start is None or time.end is None:
        return event
    future = {"planned": True, "possible": True, "actual": False}.get(event.status)
    paragraph = reading(future)[event.paragraph] if 0 <= event.paragraph < len(article.paragraphs) else []
    expression = best_overlap(paragraph, time.start, time.end)
    if expression is None:
        alone = find_times(time.text, reference, future=future)
        expression = max(alone, key=lambda e: e.end - e.start, default=None)
    if expression is None:
        return msgspec.structs.replace(event, time=_filled(time, None, None, "open: no time expression in the words"))
    return msgspec.structs.replace(event, time=_filled(time, expression.value, expression.precision, expression.reason))


def _filled(time: Time, value: str | None, precision: str | None, reason: str) -> Time:
    return msgspec.structs.replace(time, value=value, precision=precision, reason=reason)


def _understood(event: Event, number: int, events: Sequence[Event]) -> Event:
    """The time of the nearest event that tells the same act, else of the same party's nearest act: earlier paragraphs
    first, then later ones."""
    assert event.time is not None
    if event.time.value is not None:
        return event
    donors = [
        (kin, i > number, abs(other.paragraph - event.paragraph), i, other)
        for i, other in enumerate(events)
        if i != number
        and other.time is not None
        and other.time.text is not None
        and other.time.value is not None
        and (kin := kinship(event, other)) is not None
    ]
    if not donors:
        return msgspec.structs.replace(event, time=_filled(event.time, None, None, "open: no other mention is dated"))
    donor = min(donors, key=lambda d: d[:4])[4]
    assert donor.time is not None
    of = "" if donor.type == event.type else f", an act of the same party ({donor.type})"
    reason = f"from paragraph {donor.paragraph}, «{donor.time.text}»{of}: {donor.time.reason}"
    return msgspec.structs.replace(event, time=_filled(event.time, donor.time.value, donor.time.precision, reason))


def kinship(a: Event, b: Event) -> int | None:
    """How near two mentions are to telling one act: 0 nothing speaks against it, 1 only the mode does, 2 another act of
    the same party, likely in one statement or operation; None for acts that have nothing to do with each other."""
    if (a.status == "planned") != (b.status == "planned"):
        return None
    if a.place and b.place and a.place.country and b.place.country and a.place.country != b.place.country:
        return None
    if not _compatible(a.actors, b.actors):
        return None
    if a.type != b.type:
        return 2 if _codes(a.actors) & _codes(b.actors) else None
    if not _compatible(a.recipients, b.recipients):
        return None
    return 1 if a.mode and b.mode and a.mode != b.mode else 0


def _codes(mentions: Sequence[Mention]) -> set[str]:
    return {c for m in mentions for c in m.codes}


def _compatible(a: Sequence[Mention], b: Sequence[Mention]) -> bool:
    codes_a = {c.split(".")[0] for m in a for c in m.codes}
    codes_b = {c.split(".")[0] for m in b for c in m.codes}
    return not codes_a or not codes_b or bool(codes_a & codes_b)
