"""Which time an event gets: how likely the words beside it date it, and which other mention's time it takes over.

Two conditional logits whose features are counted here and whose weights are `data/time_weights.tsv` (fitted to the
training articles by `benchmarks/times_fit.py`): `beside` scores a time expression of the event's own paragraph against
"none of them", `donors` another event's dated mention against "no other mention dates it". Where a coder said how sure
it is of the cell (`Event.cells["time"]`, calibrated), `chance_written` and `chance_understood` join both.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import cache
from heapq import nsmallest
from typing import NamedTuple

from khabar.arabic import fold_key, stem
from khabar.arabic.calendar import TimeExpression
from khabar.records import Event, Mention
from khabar.resolve import schema
from khabar.resolve.cues import cue_words

Features = list[tuple[str, float]]
Weights = Mapping[str, float]
# Verbs and nouns of saying, folded: a day right after one dates the saying, not what is said.
SAYING = re.compile(
    r"(?:^|[\s(«\"])[وف]?(?:قال|قالت|قالوا|ذكر|ذكرت|اوضح|اوضحت|اضاف|اضافت|اشار|اشارت|صرح|صرحت|افاد|افادت|اكد|اكدت|"
    r"بيان|تصريح|تصريحات|كتب|كتبت|نقلت|نشرت|اعلن|اعلنت|مقابله|تغريده|موتمر صحافي|موتمر صحفي)(?:\s+\S+){0,6}\s*$"
)
CLAUSE = re.compile(r"[.!؟؛،,:\n«»\"()]|\s(?:[اأإ]نه?ا?|الذي|التي|الذين|حيث|فيما|بينما|لكن|(?:قبل|بعد) [اأ]ن)\s")
# What follows tells of somebody or something, not of the act ("the president who has ruled since 1990").
RELATIVE = re.compile(r"\s[وبفلك]?(?:الذي|التي|الذين|اللذين|اللذان|اللتين|اللتان|اللواتي|ممن|مما|حيث)\s")
SENTENCE = re.compile(r"[.!؟\n]")
SPEECH = frozenset("ACCUSE REQUEST REJECT SUPPORT THREATEN AGREE CONCEDE".split())
MOST = 200  # dated events that an event without a time is seen beside
FAR = 400  # characters: an expression farther away counts as that far


def bounds(text: str, start: int, end: int, border: re.Pattern[str]) -> tuple[int, int]:
    """The stretch around a span up to the nearest border on each side."""
    before = max((m.end() for m in border.finditer(text, 0, start)), default=0)
    after = border.search(text, end)
    return before, after.start() if after else len(text)


def kind_of(expression: TimeExpression) -> str:
    """What sort of time an expression tells, as the weights know it."""
    if expression.value is None:
        return "open"
    if expression.kind in ("duration", "set"):
        return expression.kind
    if expression.reason.startswith(("from it", "since")):
        return "since"
    return "range" if "/" in expression.value else f"{expression.precision}"


def beside(text: str, event: Event, expressions: Sequence[TimeExpression], triggers: Sequence[int],
           published: str | None) -> list[Features]:  # fmt: skip
    """Features of each time expression of the event's paragraph as what dates the event. `triggers` are the starts of
    all triggers of the paragraph, `published` the publication day."""
    start, end = event.trigger.start, event.trigger.end
    low, high = bounds(text, start, end, SENTENCE)
    inner_low, inner_high = bounds(text, start, end, CLAUSE)
    before = [w.strip('"«»()،,:') for w in fold_key(text[max(0, start - 40) : start]).split()][-2:]
    marked = bool(before) and (before[-1] in cue_words("time.mark") or before[0] in cue_words("time.mark"))
    speech = "speech" if event.type in SPEECH else "ground"
    gaps = [x.start - end if x.start >= end else start - x.end for x in expressions]
    order = sorted(range(len(gaps)), key=gaps.__getitem__)
    found: list[Features] = []
    for number, (x, gap) in enumerate(zip(expressions, gaps, strict=True)):
        after = x.start >= end
        side = "after" if after else "before"
        inside = inner_low <= x.start < inner_high
        sentence = low <= x.start and x.end <= high
        middle = sum(1 for t in triggers if t != start and min(start, x.start) < t < max(start, x.start))
        nearest = min(triggers, key=lambda t: abs(t - x.start) + (t > x.start) * 5) == start
        saying = bool(SAYING.search(fold_key(text[max(low, x.start - 60) : x.start])))
        place = "clause" if inside else "sentence" if sentence else "paragraph"
        kind = kind_of(x)
        features: Features = [
            ("bias", 1.0),
            (f"place:{place}:{side}", 1.0),
            (f"gap:{side}", math.log1p(min(max(gap, 0), FAR))),
            (f"middle:{side}:{min(middle, 2)}", 1.0),
            (f"rank:{min(order.index(number), 3)}", 1.0),
            (f"kind:{kind}", 1.0),
            (f"type:{event.type}", 1.0),
            (f"status:{event.status}:{_against(x.value, published)}", 1.0),
        ]
        features += [(f"kind:{kind}:{speech}", 1.0), (f"kind:{kind}:{event.status}", 1.0)]
        features.append((f"word:{_word_of(text, x)}:{side}", 1.0))
        if after and RELATIVE.search(text, end, x.start):
            features.append((f"relative:{kind}", 1.0))
        if nearest:
            features.append((f"nearest:{place}", 1.0))
        if saying:
            features.append((f"saying:{speech}:{'in' if inside else 'out'}", 1.0))
        if marked:
            features.append((f"mark:{side}:{place}", 1.0))
        if event.paragraph == 0:
            features.append(("title", 1.0))
        if len(expressions) == 1:
            features.append(("alone", 1.0))
        if "منذ" in fold_key(text[max(0, x.start - 30) : x.start]) and kind != "since":
            features.append((f"after since:{side}", 1.0))
        found.append(features)
    return found


def _word_of(text: str, expression: TimeExpression) -> str:
    """The word of time or place that opens an expression or stands right before it, `-` for any other."""
    known = cue_words("time.word")
    before = fold_key(text[max(0, expression.start - 16) : expression.start]).split()[-1:]
    return next((w for w in (*before, *fold_key(expression.text).split()[:1]) if w in known), "-")


def _against(value: str | None, published: str | None) -> str:
    if value is None or published is None:
        return "unknown"
    first, last = value.split("/")[0], value.split("/")[-1]
    if first[: len(published)] > published[: len(first)]:
        return "ahead"
    return "past" if last < published[: len(last)] else "now"


def none_beside(event: Event) -> Features:
    """Features of "no time expression of the paragraph dates it"."""
    return [(f"none:{event.status}", 1.0), (f"none:{'def' if _definite(event) else 'other'}", 1.0)]


def _definite(event: Event) -> bool:
    return fold_key(event.trigger.text).lstrip("وفبل").startswith(("ال", "ل"))


class Donor(NamedTuple):
    """An event whose own words date it."""

    number: int
    event: Event
    value: str
    precision: str


def nearest(number: int, dated: Sequence[Donor]) -> list[Donor]:
    """The dated events other than one, of very many those told nearest."""
    others = [one for one in dated if one.number != number]
    if len(others) > MOST:
        others = sorted(nsmallest(MOST, others, key=lambda one: abs(one.number - number)), key=lambda one: one.number)
    return others


def donors(event: Event, number: int, dated: Sequence[Donor], main: str | None) -> list[Features]:
    """Features of each dated event as what tells the time of `event`; `main` is the day that the article's beginning
    tells of."""
    order = sorted(range(len(dated)), key=lambda i: _distance(event, number, dated[i]))
    word = stem(event.trigger.text)
    found: list[Features] = []
    for at, one in enumerate(dated):
        other = one.event
        gap = event.paragraph - other.paragraph
        far = "same" if gap == 0 else f"{'before' if gap > 0 else 'after'}{min(abs(gap), 4)}"
        alike = "same" if event.type == other.type else "other"
        precision = "since" if "/" in one.value else one.precision
        features: Features = [
            (f"d:type:{alike}", 1.0),
            (f"d:gap:{far}:{alike}", 1.0),
            (f"d:rank:{min(order.index(at), 3)}:{alike}", 1.0),
            (f"d:precision:{precision}", 1.0),
            (f"d:status:{event.status == other.status}", 1.0),
            (f"d:mode:{_same(event.mode, other.mode)}:{alike}", 1.0),
            (f"d:actors:{_shared(event.actors, other.actors)}:{alike}", 1.0),
            (f"d:recipients:{_shared(event.recipients, other.recipients)}:{alike}", 1.0),
            (f"d:place:{_place(event, other)}", 1.0),
            ("d:far", math.log1p(abs(gap))),
        ]
        if stem(other.trigger.text) == word:
            features.append((f"d:word:{alike}", 1.0))
        if event.paragraph == 0:
            features.append((f"d:title:{min(other.paragraph, 3)}:{alike}", 1.0))
        if one.value == main:
            features.append((f"d:main:{alike}", 1.0))
        if abs(one.number - number) == 1:
            features.append((f"d:next:{alike}", 1.0))
        found.append(features)
    return found


def none_given(event: Event, dated: Sequence[Donor]) -> Features:
    """Features of "no other mention dates it"."""
    same = sum(1 for one in dated if one.event.type == event.type)
    return [
        ("d:none", 1.0),
        (f"d:none:{event.type}", 1.0),
        (f"d:none:{event.status}", 1.0),
        (f"d:none:{'def' if _definite(event) else 'other'}", 1.0),
        (f"d:none:same{min(same, 3)}", 1.0),
        (f"d:none:paragraph{min(event.paragraph, 2)}", 1.0),
        ("d:none:speaker" if event.speaker else "d:none:outlet", 1.0),
    ]


def _distance(event: Event, number: int, one: Donor) -> tuple[int, float, int]:
    gap = event.paragraph - one.event.paragraph
    return (event.type != one.event.type, gap if gap >= 0 else 0.5 - 2 * gap, abs(one.number - number))


def _same(a: str | None, b: str | None) -> str:
    return "unknown" if not a or not b else "same" if a == b else "other"


def _shared(a: Sequence[Mention], b: Sequence[Mention]) -> str:
    codes_a, codes_b = ({c for m in side for c in m.codes} for side in (a, b))
    if not codes_a or not codes_b:
        return "unknown"
    if codes_a & codes_b:
        return "code"
    return "country" if {c[:3] for c in codes_a} & {c[:3] for c in codes_b} else "other"


def _place(a: Event, b: Event) -> str:
    if a.place is None or b.place is None or not a.place.country or not b.place.country:
        return "unknown"
    if a.place.country != b.place.country:
        return "other"
    return "same" if a.place.name and a.place.name == b.place.name else "country"


def shares(candidates: Sequence[Features], table: Weights) -> list[float]:
    """The probability of each candidate; they add up to 1."""
    scores = [sum(table.get(name, 0.0) * value for name, value in features) for features in candidates]
    top = max(scores)
    powers = [math.exp(s - top) for s in scores]
    total = sum(powers)
    return [p / total for p in powers]


@cache
def weights() -> dict[str, float]:
    """Weights by feature, from `time_weights.tsv`."""
    rows = schema.read_rows(schema.package_text("time_weights.tsv"), "time_weights.tsv", ("feature", "weight"))
    return {row["feature"]: float(row["weight"]) for row in rows}


def log_odds(chance: float) -> float:
    """The log odds of a probability, kept finite."""
    chance = min(max(chance, 0.005), 0.995)
    return math.log(chance / (1 - chance))


def chance_written(here: float, said: float, table: Weights) -> float:
    """How likely a coder's time words are right: `here` by where they stand, `said` the coder's own probability."""
    score = table["join:written"] + table["join:here"] * log_odds(here) + table["join:said"] * log_odds(said)
    return 1 / (1 + math.exp(-score))


def chance_understood(given: float, said: float, filled: bool, table: Weights) -> float:
    """How likely an understood time is right: `given` by the other mentions, `said` the coder's probability that there
    is one, `filled` whether it put one."""
    score = table["join:understood"] + table["join:given"] * log_odds(given) + table["join:implied"] * log_odds(said)
    score += table["join:filled"] * filled
    return 1 / (1 + math.exp(-score))
