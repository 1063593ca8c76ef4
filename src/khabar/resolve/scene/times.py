"""Which day, month or span an act may have happened in, and what speaks for each: one row of `COLUMNS` a candidate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from khabar.arabic.calendar import TimeExpression
from khabar.codebook import TYPES
from khabar.records import HeardEvent
from khabar.resolve.acts import log_odds
from khabar.resolve.scene import others, standing
from khabar.resolve.scene.others import Others
from khabar.resolve.scene.places import HEAD, head
from khabar.resolve.scene.standing import NOWHERE, Standing
from khabar.resolve.time_choice import (
    Donor,
    beside,
    donors,
    kind_of,
    nearest,
    none_beside,
    none_given,
    shares,
    weights,
)
from khabar.resolve.times import Said

KINDS = ("", "day", "month", "year", "range", "since", "duration", "set", "open", "week", "hour", "minute")
COLUMNS = (
    *HEAD,
    *"current nobody chance word rank sum kind digits spans ahead back days share share_rank none_share".split(),
    *"given given_rank none_given linked heard_beside main within holds expressions donors".split(),
    *standing.COLUMNS, *others.COLUMNS,
)  # fmt: skip
CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "type": TYPES, "kind": KINDS, "before": standing.BEFORE, "proclitic": standing.PROCLITICS,
}  # fmt: skip
GIVEN = 3  # times of other dated acts that are candidates
_YEAR = 366.0


class Written(NamedTuple):
    """Words of an act's paragraph that may date it: their chance by the coder (0 where it did not hear them), what they
    say and why, and how likely they date it by where they stand."""

    chance: float
    text: str
    start: int
    end: int
    said: Said
    value: str
    share: float

    @property
    def kind(self) -> str:
        return kind_of(self.said.expression._replace(value=self.value))


class Dates(NamedTuple):
    """What is known of an article's times: its publication day, the day that its beginning tells of, the acts that
    words date, and of spans of words (paragraph, start, end) what they say and which acts hear them with which
    chance."""

    published: str | None
    main: str | None
    dated: Sequence[Donor]
    linked: Mapping[tuple[int, int, int], str]
    heard: Mapping[tuple[int, int, int], Sequence[tuple[int, float]]]


def written(
    event: HeardEvent, text: str, found: Sequence[TimeExpression], triggers: Sequence[int], published: str | None,
    read: Mapping[tuple[int, int], Said],
) -> tuple[list[Written], float]:  # fmt: skip
    """All words of the event's paragraph that may date it, and the share of "none of them"; `read` is what those that
    the coder heard say."""
    chances = shares([none_beside(event), *beside(text, event, found, triggers, published)], weights())
    share = {(one.start, one.end): p for one, p in zip(found, chances[1:], strict=True)}
    made: dict[tuple[int, int], Written] = {}
    for chance, time in zip(event.scene.chances[1], event.scene.times, strict=True):
        start, end = time.start or 0, time.end or 0
        said = read.get((start, end))
        if said is not None and said.value is not None:
            span = (said.expression.start, said.expression.end)
            made[span] = Written(chance, text[start:end], start, end, said, said.value, share.get(span, 0.0))
    for one in found:
        span = (one.start, one.end)
        if one.value is not None and span not in made:
            made[span] = Written(0.0, one.text, *span, Said(one, one.value, one.reason), one.value, share[span])
    return sorted(made.values(), key=lambda one: (-one.chance, -one.share)), chances[0]


def rows(
    number: int, event: HeardEvent, words: Sequence[Written], none_share: float, said: Others, known: Dates,
    at: Standing,
) -> tuple[list[str | None], list[list[float]]]:  # fmt: skip
    """The candidates for the value of an act's time (None: open), and a row of `COLUMNS` for each."""
    scene, now = event.scene, event.time
    current = now.value if now is not None else None
    given, none = _given(number, event, known)
    link = known.linked.get(scene.time.link) if scene.time is not None and scene.time.link else None
    ranked = sorted(given, key=lambda value: -given[value])
    who = [None, current, *(one.value for one in words), *ranked[:GIVEN], link, known.main, *said.candidates(number)]
    values = list(dict.fromkeys(value for n, value in enumerate(who) if n == 0 or value is not None))
    told = said.columns(number, values)
    shared = head(event, 1, now is not None, now is not None and now.text is not None, [w.chance for w in words])
    shared += [float(event.place is not None), float(len(values))]
    total = max(1.0, sum(one.chance for one in words))
    empty = (1 - scene.filled[1]) * (1 - scene.understood[1])
    by_share = sorted((one.share for one in words), reverse=True)
    table = []
    for value, others_say in zip(values, told, strict=True):
        mine = [one for one in words if one.value == value]
        best = mine[0] if mine else None
        chance = empty if value is None else scene.filled[1] * sum(one.chance for one in mine) / total
        if value is not None:
            chance += scene.understood[1] * given.get(value, 0.0)
        span = (event.paragraph, best.start, best.end) if best is not None else None
        share = sum(one.share for one in mine)
        table.append([
            *shared, float(value == current), float(value is None), log_odds(chance),
            best.chance if best else 0.0, float(words.index(best)) if best else 9.0, sum(one.chance for one in mine),
            *_calendar(value, best.kind if best else "", known.published),
            share, float(sum(s > share for s in by_share)), none_share, given.get(value or "", 0.0),
            float(ranked.index(value)) if value in given else 9.0, none, float(value is not None and value == link),
            max((p for n, p in known.heard.get(span, ()) if n != number), default=0.0) if span else -1.0,
            float(value is not None and value == known.main),
            float(sum(_holds(other, value) for other in values)), float(sum(_holds(value, other) for other in values)),
            float(len(words)), float(len(known.dated)),
            *(at.columns(span[1], span[2]) if span else NOWHERE), *others_say,
        ])  # fmt: skip
    return values, table


def _given(number: int, event: HeardEvent, known: Dates) -> tuple[dict[str, float], float]:
    """How likely another act's dated words tell the time, by value, and that none does."""
    rest = nearest(number, known.dated)
    if not rest:
        return {}, 1.0
    chances = shares([none_given(event, rest), *donors(event, number, rest, known.main)], weights())
    by_value: dict[str, float] = {}
    for one, chance in zip(rest, chances[1:], strict=True):
        by_value[one.value] = by_value.get(one.value, 0.0) + chance
    return by_value, chances[0]


def _holds(outer: str | None, inner: str | None) -> bool:
    """Whether a value is a longer one's part: a day of a month, a month of a year."""
    if outer is None or inner is None or outer == inner:
        return False
    return inner.startswith(outer) and "/" not in outer


def _calendar(value: str | None, kind: str, published: str | None) -> tuple[float, ...]:
    """Kind of the words, digits and span of the value, whether it lies ahead of or behind the publication day, and how
    many days."""
    if value is None:
        return (0.0, 0.0, 0.0, 0.0, 0.0, -9.0)
    first, _, last = value.partition("/")
    sort = float(KINDS.index(kind)) if kind in KINDS else 0.0
    if published is None:
        return (sort, float(len(first)), float(bool(last)), -1.0, -1.0, -9.0)
    days = (_day(published) - _day(first)) / _YEAR
    return (
        sort, float(len(first)), float(bool(last)), float(first[: len(published)] > published[: len(first)]),
        float((last or first) < published[: len(last or first)]), max(-5.0, min(days, 50.0)) * _YEAR,
    )  # fmt: skip


def _day(value: str) -> int:
    year, month, day = (*(int(part) for part in value.split("-")), 1, 1)[:3]
    try:
        return date(year, month, day).toordinal()
    except ValueError:
        return date(max(1, min(year, 9999)), 1, 1).toordinal()
