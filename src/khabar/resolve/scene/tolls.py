"""How many persons an act may have killed, hurt, detained …, and what speaks for each number: one row of `COLUMNS` a
candidate."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from khabar.arabic import fold_key, sentences
from khabar.codebook import TOLLS, TYPES
from khabar.records import Event, Mention
from khabar.resolve.acts import MODE, TYPE
from khabar.resolve.place_words import tokenize
from khabar.resolve.time_choice import CLAUSE
from khabar.resolve.toll_reading import read_tolls
from khabar.resolve.toll_words import counts_in, cue_of, is_noun, written
from khabar.resolve.tolls import TAKES, is_single, own_category
from khabar.resolve.tolls import TYPES as TAKING

SORTS = ("nobody", "one", "number", "sum", "bare")
COLUMNS = (
    *"type mode category said said_killed said_most said_others told events candidates paragraph single several victims"
    " own sure".split(),
    *"current nobody sort value approximate at_least owned distance after apart between nearest same_word rank mine"
    " others_nearer digits clause to_recipient to_actor since verb".split(),
)  # fmt: skip
CATEGORIES: Mapping[str, tuple[str, ...]] = {"type": TYPES, "category": TOLLS, "sort": SORTS}
UNKNOWN = "?"  # of numbers of persons of whom no word says what befell them
SIGNS = ("~", ">=")
APART = 120  # most characters between two numbers that may be added
SAID = 0.1  # a coder's least chance of a category that is asked without a number of it
_FAR = 400


class Number(NamedTuple):
    """A number of persons that a paragraph tells: where it stands, where the word of its category does, and its
    value."""

    start: int
    end: int
    at: int
    value: str
    sort: str


class Told(NamedTuple):
    """A paragraph's numbers by category, and its sentences' ends."""

    numbers: Mapping[str, Sequence[Number]]
    borders: Sequence[int]


def told(text: str) -> Told:
    """What a paragraph tells of tolls."""
    found: dict[str, list[Number]] = {}
    tolls = read_tolls(text)
    for toll in tolls:
        one = toll.value == "1" and not text[toll.start : toll.end].isdigit()
        found.setdefault(toll.category, []).append(
            Number(toll.start, toll.end, toll.at, toll.value, "one" if one else "number")
        )
    known = [(toll.start, toll.end) for toll in tolls]
    tokens = tokenize(text)
    bare = []
    for count in counts_in(text):
        if any(a < count.end and count.start < b for a, b in known):
            continue
        if any(_is_person(token.key) for token in tokens[count.last : count.last + 3]):
            bare.append(Number(count.start, count.end, count.start, written(count), "bare"))
    summed = {category: [*mine, *_sums(mine)] for category, mine in found.items()}
    return Told({**summed, UNKNOWN: bare}, [end for _, end in sentences(text)])


def _is_person(key: str) -> bool:
    """Whether a word names persons, also as an object ("مدنيا")."""
    forms = (key, key[:-1]) if key.endswith("ا") else (key,)
    return any(is_noun(form, "group") or is_noun(form, "single") or bool(cue_of(form)) for form in forms)


def _sums(mine: Sequence[Number]) -> Iterator[Number]:
    """Two numbers of a category that stand near each other as one ("36 rebels and seven soldiers")."""
    for one, two in pairwise(mine):
        if one.sort == two.sort == "number" and two.start - one.end < APART:
            sign = next((sign for sign in SIGNS if sign in one.value + two.value), "")
            yield Number(one.start, two.end, one.at, f"{sign}{_whole(one.value) + _whole(two.value)}", "sum")


def _whole(value: str) -> int:
    return int(re.sub(r"\D", "", value) or 0)


def takes(event: Event) -> bool:
    """Whether an event may have a toll."""
    return event.type in TAKING and event.status == "actual"


def asked(event: Event, numbers: Told) -> list[str]:
    """The categories of which an event may have a toll."""
    return [
        category for category in TOLLS
        if category in event.toll
        or (event.type in TAKES[category] and (
            numbers.numbers.get(category) or event.cells.get(f"toll:{category}", 0.0) >= SAID
        ))
    ]  # fmt: skip


def rows(
    event: Event, category: str, numbers: Told, here: Sequence[Event], text: str
) -> tuple[list[str | None], list[list[float]]]:
    """The candidates for a category of an event's toll (None: none), and a row of `COLUMNS` for each; `here` are the
    events of its paragraph."""
    current = event.toll.get(category)
    spans = [*numbers.numbers.get(category, ())]
    if category == "abducted":
        spans += numbers.numbers.get("detained", ())
    said = event.cells.get(f"toll:{category}", 0.0)
    if said >= SAID:
        spans += numbers.numbers.get(UNKNOWN, ())
    who: list[str | None] = [None, current, "1", *(one.value for one in spans)]
    values = list(dict.fromkeys(v for n, v in enumerate(who) if n == 0 or v is not None))
    rivals = [other for other in here if other is not event and other.type in TAKING]
    said_others = max((other.cells.get(f"toll:{category}", 0.0) for other in rivals), default=0.0)
    named = [m for m in event.recipients if m.text is not None]
    shared = [
        float(TYPE[event.type]), float(MODE.get((event.type, event.mode or ""), 0)), float(TOLLS.index(category)),
        said,
        event.cells.get("toll:killed", 0.0), max((event.cells.get(f"toll:{c}", 0.0) for c in TOLLS), default=0.0),
        said_others, float(len(spans)), float(len(rivals)), float(len(values)), float(event.paragraph),
        float(any(is_single(m.text or "") for m in named)), float(any(not is_single(m.text or "") for m in named)),
        float(len(event.recipients)), float(own_category(event) == category), event.confidence or 0.0,
    ]  # fmt: skip
    table = []
    for value in values:
        mine = [(_gap(event, one), n) for n, one in enumerate(spans) if one.value == value]
        gap, n = min(mine, default=(float(_FAR), -1))
        one = spans[n] if n >= 0 else None
        sort = "nobody" if value is None else one.sort if one is not None else "one"
        table.append([
            *shared, float(value == current), float(value is None), float(SORTS.index(sort)),
            math.log1p(_whole(value or "")),
            float(value is not None and value.startswith("~")), float(value is not None and value.startswith(">=")),
            float(sum(other.toll.get(category) == value for other in rivals)) if value is not None else -1.0,
            *_standing(event, one, gap, numbers, rivals, spans, text),
        ])  # fmt: skip
    return values, table


def _gap(event: Event, one: Number) -> float:
    """Characters between a trigger and a number."""
    return float(max(one.start - event.trigger.end, event.trigger.start - one.end, 0))


def _standing(
    event: Event, one: Number | None, gap: float, numbers: Told, rivals: Sequence[Event], spans: Sequence[Number],
    text: str,
) -> tuple[float, ...]:  # fmt: skip
    """Where a number stands, seen from an event and its rivals."""
    if one is None:
        return (9.0, -1.0, -1.0, -1.0, -1.0, -1.0, 9.0, -1.0, -1.0, -1.0, -1.0, 9.0, 9.0, -1.0, -1.0)
    start = event.trigger.start
    low, high = min(start, one.start), max(start, one.start)
    nearer = sum(_gap(other, one) < gap for other in rivals)
    ranks = sorted(_gap(event, other) for other in spans)
    own = start <= one.at < event.trigger.end
    others = any(other.trigger.start <= one.at < other.trigger.end for other in rivals)
    return (
        math.log1p(min(gap, _FAR)), float(one.start > start), float(sum(low < b <= high for b in numbers.borders)),
        float(sum(low < other.trigger.start < high for other in rivals)), float(nearer == 0), float(own),
        float(ranks.index(gap)), float(others), float(nearer), float(text[one.start : one.end].strip().isdigit()),
        float(CLAUSE.search(text, min(event.trigger.end, one.end), max(start, one.start)) is None),
        _to(one, event.recipients), _to(one, event.actors),
        float("منذ" in text[max(0, one.start - 60) : one.end + 60]),
        float(any(c.use in ("verb", "light") for c in cue_of(fold_key(text[one.at : one.at + 20].split(" ")[0])))),
    )  # fmt: skip


def _to(one: Number, mentions: Sequence[Mention]) -> float:
    """Characters from a number to the nearest of some mentions behind it (as a logarithm), 9 where there is none."""
    gaps = [m.start - one.end for m in mentions if m.start is not None and m.start >= one.start - 2]
    return math.log1p(max(0, min(gaps))) if gaps else 9.0
