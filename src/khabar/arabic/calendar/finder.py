"""Finding all time expressions of a text: one pass over its tokens."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import cache, lru_cache

from khabar.arabic.calendar.expression import Kind, TimeExpression
from khabar.arabic.calendar.intervals import resolve
from khabar.arabic.calendar.lexicon import Token, table, tokenise
from khabar.arabic.calendar.phrases import may_start, phrase
from khabar.arabic.calendar.resolving import Context, Outcome
from khabar.arabic.calendar.spec import PRECISION, Spec, iso_duration
from khabar.arabic.calendar.values import Point, Value, between, point, week
from khabar.arabic.folding import MARKS, fold, fold_key

# Words that look ahead: future verbs (سـ، سوف) and what is planned. Names that begin like such verbs are in a table.
FUTURE = re.compile(
    r"\b[وف]?(?:س[يتن][ء-ي]{3,}|سوف|(?:ال)?مقرر(?:ه|ا)?|(?:ال)?مزمع|(?:ال)?مرتقبه?|(?:ال)?منتظره?|(?:ال)?متوقعه?|"
    r"[يت]عتزم\w*|[يت]نوي|لن|[يت]ستعد\w*|[يت]خطط\w*|تمهيدا|استعدادا|تحضيرا|لاعداد|ترقب|موعد|بحلول|الي حين|قبيل|"
    r"احتمال|الممكن|المحتمل|المرجح)\b"
)
FIRST_PERSON = re.compile(r"\b[وف]?سأ[ء-ي]{3,}")
WAS = re.compile(r"كان[ت]?( من)? $")  # "was to": what was planned then is past now


@cache
def names_like_verbs() -> tuple[str, ...]:
    """Beginnings of words that look like future verbs and are none (`data/not_future.tsv`)."""
    return tuple(fold_key(row[0]) for row in table("not_future.tsv"))


SENTENCE_END = frozenset(".!؟؛?…\n")
PRECISIONS = {"date": None, "weekday": "day", "dayword": "day", "clock": "minute", "decade": "decade",
              "century": "century", "season": "season", "half": "month", "year": "year", "nth": "day"}  # fmt: skip
ORDER = ("minute", "hour", "day", "week", "month", "season", "year", "decade", "century")


@lru_cache(maxsize=256)  # an article's paragraphs are read more than once: for acts ahead and for acts past
def specs(text: str) -> tuple[tuple[Token, ...], tuple[Spec | int, ...]]:
    """The tokens of a text and, in order, what its time expressions say and where its sentences end."""
    folded, offsets = fold(text)
    tokens = tuple(
        _place(t, text[offsets[t.start] : offsets[t.end]]) if t.bare in ("اب", "الان") else t for t in tokenise(folded)
    )
    found: list[Spec | int] = []
    i, count = 0, len(tokens)
    while i < count:
        token = tokens[i]
        if token.kind == "p":
            if token.text in SENTENCE_END:
                found.append(token.end)
        elif may_start(token) and (spec := phrase(tokens, i)) is not None:
            found.append(spec)
            i = max(spec.j, i + 1)
            continue
        i += 1
    return tokens, tuple(found)


def _place(token: Token, written: str) -> Token:
    """The city إب is no month آب and the name آلان not "now", though they fold to the same letters."""
    other = "إ" in written or (written[:1] == "آ" and "لان" in written)
    return token._replace(bare=written, text=written) if other else token


class Reader:
    """The state of one pass: tokens, reference, the last value told (what "the same day" goes back to)."""

    def __init__(self, text: str, reference: date | None, *, future: bool | None, previous: Value | None,
                 main: date | None = None) -> None:  # fmt: skip
        self.text, self.reference, self.future, self.previous = text, reference, future, previous
        self.folded, self.offsets = fold(text)
        self.tokens, self.steps = specs(text)
        self.main = main
        self.fresh = True
        self.dated = False  # whether the sentence has named a year
        self.sentence = 0
        self._ahead: list[int] | None = None

    def looks_ahead(self, start: int, end: int) -> bool:
        """Whether the words before the expression in its sentence, or right after it, are about the future."""
        if self.future is not None:
            return self.future
        if self._ahead is None:
            self._ahead = [
                m.start()
                for m in FUTURE.finditer(self.folded)
                if not m.group().lstrip("وف").startswith(names_like_verbs())
                and not WAS.search(self.folded, max(0, m.start() - 12), m.start())
            ]
            if "سأ" in self.text:
                starts = {m.start() for m in FIRST_PERSON.finditer(self.text)}
                self._ahead += [k for k, place in enumerate(self.offsets) if place in starts]
        return any(max(self.sentence, start - 70) <= place < end for place in self._ahead)

    def context(self, spec: Spec) -> Context:
        first = self.tokens[spec.i]
        cues = tuple(stem(self.tokens[k]) for k in range(max(0, spec.i - 6), spec.i))
        ahead = self.looks_ahead(first.start, self.tokens[spec.j - 1].end)
        return Context(self.reference, ahead, self.previous, self.main, cues, self.dated)

    def expressions(self) -> list[TimeExpression]:
        found: list[TimeExpression] = []
        for step in self.steps:
            if isinstance(step, int):
                self.sentence, self.fresh, self.dated = step, True, False
            elif (one := self.expression(step)) is not None:
                found.append(one)
        return found

    def expression(self, spec: Spec) -> TimeExpression | None:
        """The expression of a spec; None if its digits make no date (45/13/2019)."""
        ctx = self.context(spec)
        (value, reason), parts = self.outcome(spec, ctx)
        if value is None and spec.what == "date" and spec.year is not None and reason.startswith("open: no such"):
            return None
        if value is not None and spec.what not in ("same", "after", "before"):
            self.dated = self.dated or (spec.what in ("date", "year") and spec.year is not None)
            self.previous = (
                value if spec.what != "since" else Value(value.low, value.low, value.precision, value.reason)
            )
        if self.fresh and value is not None and value.precision == "day" and spec.what in NEWS_DAYS:
            self.main, self.fresh = value.low.first(), False
        return self.record(spec, value, reason, parts)

    def record(self, spec: Spec, value: Value | None, reason: str, parts: tuple[TimeExpression, ...]) -> TimeExpression:
        start, end = self.span(spec)
        clock, kind = spec.clock, kind_of(spec)
        if spec.what == "ago" and isinstance(self.reference, datetime) and spec.amounts[-1:] and \
                spec.amounts[-1][1] in ("H", "MIN"):  # fmt: skip
            minutes = sum(n * {"H": 60, "MIN": 1, "D": 1440}.get(u, 0) for n, u in spec.amounts)
            clock = (self.reference - timedelta(minutes=minutes)).strftime("%H:%M")
        duration = iso_duration(spec.amounts) if spec.amounts and spec.what in DURABLE else None
        if spec.what == "since" and spec.items[0].what == "ago":
            duration = iso_duration(spec.items[0].amounts)
        calendar = spec.calendar if not spec.items else spec.items[0].calendar
        return TimeExpression(start, end, self.text[start:end], str(value) if value else None, kind,
                              precision_of(spec), reason, calendar, clock, duration, parts)  # fmt: skip

    def span(self, spec: Spec) -> tuple[int, int]:
        """Offsets in the text as given; a conjunction before the expression stays outside."""
        first, last = self.tokens[spec.i], self.tokens[spec.j - 1]
        start = first.start
        if (first.prefix[:1] in ("و", "ف") and first.text[:1] == first.prefix[0]) or (
            first.prefix in ("ب", "ل", "ك") and first.text[0] == first.prefix and not first.text.startswith("لل")
        ):
            start += 1
        return self.offsets[start], self.end(last)

    def end(self, last: Token) -> int:
        """The end of a token in the text, with the marks on its last letter but not what folding drops after it."""
        end, limit = self.offsets[last.end - 1] + 1, self.offsets[last.end]
        while end < limit and self.text[end] in TRAILING:
            end += 1
        return end

    def outcome(self, spec: Spec, ctx: Context) -> tuple[Outcome, tuple[TimeExpression, ...]]:
        if spec.what == "since":
            return self.since(spec, ctx)
        if spec.items:
            return self.several(spec, ctx)
        return resolve(spec, ctx), ()

    def since(self, spec: Spec, ctx: Context) -> tuple[Outcome, tuple[TimeExpression, ...]]:
        inner = spec.items[0]
        (value, reason), _ = self.outcome(inner, ctx._replace(future=False, cues=self.context(inner).cues))
        parts = (self.record(inner, value, reason, ()),)
        if value is None:
            return (None, reason), parts
        low = value.low
        if inner.part == "start" and inner.what == "relative":
            low = point(low.first() if inner.unit != "W" else week(ctx.reference or low.first())[0])
        if ctx.reference is None:
            return (Value(low, low, value.precision, "since it; the end is open"), "since it; the end is open"), parts
        if value.precision == "day" and low == point(ctx.reference):
            return (value, "since it"), parts
        whole = between(low, ctx.reference, value.precision, "from it to the reference")
        return ((whole, whole.reason) if whole else (value, reason)), parts

    def several(self, spec: Spec, ctx: Context) -> tuple[Outcome, tuple[TimeExpression, ...]]:
        """Ranges and lists: what one date leaves out (year, adjective) it takes from the other."""
        items = share(spec.items)
        outcomes: list[Outcome] = []
        inner = ctx
        for item in items:
            outcome, _ = self.outcome(item, inner)
            outcomes.append(outcome)
            if outcome[0] is not None:
                inner = inner._replace(previous=outcome[0])
        values = ordered(items, [o[0] for o in outcomes], future=ctx.future)
        parts = tuple(self.record(s, v, o[1], ()) for s, v, o in zip(items, values, outcomes, strict=True))
        known = [v for v in values if v is not None]
        if len(known) < len(values):
            return (None, next(o[1] for o in outcomes if o[0] is None)), parts
        whole = between(known[0].low, known[-1].high, known[0].precision, "first to last")
        return ((whole, whole.reason) if whole else (None, "open: the end lies before the start")), parts


TRAILING = frozenset(MARKS + "ـ")
NEWS_DAYS = frozenset(("weekday", "dayword", "date"))
DURABLE = frozenset(("duration", "within", "relative", "ago", "after", "before", "set"))


def stem(token: Token) -> str:
    """A word without article and conjunction, to look up what a date is the name of (وهجمات، الثورة)."""
    if token.bare != token.text:
        return token.bare
    return re.sub(r"^[وفبل]?(?:ال|لل)?(?=..)", "", token.text) if token.kind == "w" else token.text


def share(items: tuple[Spec, ...]) -> tuple[Spec, ...]:
    """Year and adjective told once for several dates: بين 6 و8 أكتوبر الماضي، أغسطس وسبتمبر 2008."""
    first, last = items[0], items[-1]
    if first.what == last.what == "date":
        assert first.month is not None or first.unit
        if first.year is None and last.year is not None and not (first.direction or first.year_direction):
            earlier = (first.month or 0, first.day or 0) > (last.month or 0, last.day or 0)
            items = tuple(s if s.year else s._replace(year=last.year - earlier) for s in items)
        elif last.year is None and first.year is not None and not (last.direction or last.year_direction):
            later = (last.month or 0, last.day or 0) < (first.month or 0, first.day or 0)
            items = tuple(s if s.year else s._replace(year=first.year + later) for s in items)
        elif first.direction is None and last.direction and first.year is None:
            items = tuple(s if s.direction else s._replace(direction=last.direction) for s in items)
    elif first.what == last.what == "weekday" and first.direction is None and last.direction:
        items = tuple(s if s.direction else s._replace(direction=last.direction) for s in items)
    return items


def ordered(items: tuple[Spec, ...], values: list[Value | None], *, future: bool) -> list[Value | None]:
    """Weekdays and months in the order in which they are told: a later one that came out earlier is moved."""
    first, last = values[0], values[-1]
    if first is None or last is None or first.low.first() <= last.high.last():
        return values
    if items[0].what == items[-1].what == "weekday" or {items[0].what, items[-1].what} == {"weekday", "dayword"}:
        if future:
            moved = point(last.low.first() + timedelta(weeks=1))
            return [*values[:-1], Value(moved, moved, "day", last.reason)]
        moved = point(first.low.first() - timedelta(weeks=1))
        return [Value(moved, moved, "day", first.reason), *values[1:]]
    if items[0].what == items[-1].what == "date" and items[0].year is None and items[-1].year is None:
        if future:
            moved = last.low._replace(year=last.low.year + 1)
            return [*values[:-1], Value(moved, moved, last.precision, last.reason)]
        moved = Point(first.low.year - 1, first.low.month, first.low.day)
        return [Value(moved, moved, first.precision, first.reason), *values[1:]]
    return values


def kind_of(spec: Spec) -> Kind:
    if spec.what == "clock":
        return "time"
    if spec.what == "set":
        return "set"
    return "duration" if spec.what == "duration" else "date"


def precision_of(spec: Spec) -> str:
    """The precision that the words have: day for a day, month for a month …"""
    if spec.items:
        return min((precision_of(s) for s in spec.items), key=lambda p: ORDER.index(p) if p in ORDER else 99)
    if spec.clock is not None:
        return "minute"
    if spec.what == "date":
        return "day" if spec.day is not None else "month"
    if spec.what in ("ago", "after", "before", "duration", "within", "set") and spec.amounts:
        return PRECISION[spec.amounts[-1][1]]
    if spec.what in ("relative", "same", "ago", "after", "running") and spec.unit is not None:
        return PRECISION[spec.unit]
    return PRECISIONS.get(spec.what) or "day"


def find_times(
    text: str,
    reference: date | None = None,
    *,
    future: bool | None = None,
    previous: str | None = None,
    main: date | None = None,
) -> list[TimeExpression]:
    """All time expressions of a text, in order, none inside another (but see `TimeExpression.parts`).

    `reference`: the publication date or that of the dateline, a `datetime` where the hour is known; without it only
    what the text itself fixes has a value. `future`: whether bare weekdays and months lie ahead; None lets the words
    around decide. `previous`: a value told before the text, for "the next day"; `main`: the day of the act told
    last, for "a day after …". Never raises on any text.
    """
    before = parse_value(previous) if previous else None
    return Reader(text, reference, future=future, previous=before, main=main).expressions()


def parse_value(text: str) -> Value | None:
    """A `Value` from its written form; None if it is no such form."""
    points = []
    for part in text.split("/"):
        fields = part.split("-")
        if not 1 <= len(fields) <= 3 or not all(f.isdigit() for f in fields):
            return None
        points.append(Point(*(int(f) for f in fields)))
    if not 1 <= len(points) <= 2:
        return None
    return Value(points[0], points[-1], points[0].precision, "given")


def parse_date(text: str, reference: date | None = None) -> TimeExpression | None:
    """The day (else month, else year) that a short text names: a date line, a field of a page, an amount of time ago.

    The first expression with the finest precision that has a value, a Gregorian day before the Hijri one beside it
    (which may be off by one where the moon was seen otherwise); of "since X" the X. None where there is none: a damaged
    date is not guessed.
    """
    found = [e.parts[0] if e.parts and (e.text.startswith(("منذ", "مذ")) or e.value is None) else e
             for e in find_times(text, reference)]  # fmt: skip
    dated = [e for e in found if e.value is not None and e.kind == "date"]
    precision = {10: 0, 7: 1}
    return min(dated, key=lambda e: (precision.get(len(e.value or ""), 2), e.calendar == "hijri"), default=None)
