"""When an event happened: the value of its time expression, from the publication date or from another time in the text.

In: an article and its events as drafts (a `Time` with words, a `Time` without words where the time is understood, or
none). Out: the same events with `Time.value`, `precision` and `reason`. The publication date alone never dates an act;
what text and date do not fix stays None.

Where a coder says how sure it is (`Event.cells["time"]`), its words are weighed against where they stand, and an
understood time against the article's other dated mentions: what is more likely wrong than right stays open, and a time
that another mention tells is filled in.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from khabar.arabic.calendar import TimeExpression, find_times
from khabar.records import Article, Event, Time
from khabar.resolve.time_choice import (
    Donor,
    Weights,
    beside,
    chance_understood,
    chance_written,
    donors,
    nearest,
    none_beside,
    none_given,
    shares,
    weights,
)
from khabar.resolve.time_reading import (
    Reading,
    best_overlap,
    main_day,
    reading_of,
    reference_of,
    times_of,
    written_on,
)
from khabar.resolve.time_since import as_meant

__all__ = ["attach_time", "best_overlap", "resolve_times", "times_of", "written_on"]

UNLIKELY = 0.01  # where nobody says how sure the cell is: another mention's time less likely than this is not taken
LEAST = 0.3  # a time less likely than this stays open: about half of the F1 reached on held-out articles


def looks_ahead(event: Event) -> bool | None:
    """Whether times beside the event look ahead (True) or back (False)."""
    return {"planned": True, "possible": True, "actual": False}.get(event.status)


def attach_time(
    text: str, event: Event, expressions: Sequence[TimeExpression], triggers: Sequence[int] = (),
    published: str | None = None, table: Weights | None = None,
) -> tuple[TimeExpression | None, float]:  # fmt: skip
    """Which expression of its paragraph dates an event, and how likely; None with the probability that none does.

    `triggers` are the starts of all triggers of the paragraph (the event's own among them).
    """
    if not expressions:
        return None, 1.0
    found = beside(text, event, expressions, triggers or (event.trigger.start,), published)
    chances = shares([none_beside(event), *found], weights() if table is None else table)
    best = max(range(len(chances)), key=chances.__getitem__)
    return (expressions[best - 1] if best else None), chances[best]


def resolve_times(
    article: Article, events: Sequence[Event], reading: Reading | None = None
) -> tuple[Event, ...]:  # fmt: skip
    """The events with the values of their times filled.

    A time with words takes the value of the expression there (planned acts look ahead, actual ones back); a time
    without words that of another dated mention; an event without a time stays without, unless the coder was unsure of
    that and another mention of the act is dated. `reading` are the article's time expressions, where they are known.
    """
    if not any(event.time is not None and event.time.text is not None for event in events):
        return tuple(event if event.time is None else _open(event, event.time) for event in events)
    reading = reading_of(article) if reading is None else reading
    reference = reference_of(article)
    told = [_told(article, event, events, reading, reference) for event in events]
    dated = dated_of(told)
    main = main_day(reading(False)) if dated else None
    return tuple(
        _understood(event, number, dated, main) if _may_be_understood(event) else event
        for number, event in enumerate(told)
    )


def dated_of(events: Sequence[Event]) -> list[Donor]:
    """The events that words of their own date."""
    return [
        Donor(number, event, event.time.value, event.time.precision or "")
        for number, event in enumerate(events)
        if event.time is not None and event.time.text is not None and event.time.value is not None
    ]


def _told(
    article: Article, event: Event, events: Sequence[Event], reading: Reading, reference: date | None
) -> Event:  # fmt: skip
    time = event.time
    if time is None or time.text is None or time.start is None or time.end is None:
        return event
    said = said_by(article, event, time, reading, reference)
    if said is None:
        return msgspec.structs.replace(event, time=_filled(time, None, None, "open: no time expression in the words"))
    expression, value, reason = said
    found = reading(looks_ahead(event))[event.paragraph] if 0 <= event.paragraph < len(article.paragraphs) else []
    if value is not None and event.cells.get("time") is not None and expression in found:
        triggers = [e.trigger.start for e in events if e.paragraph == event.paragraph]
        chance = written_chance(article, event, found, expression, triggers)
        if chance < LEAST:
            value, reason = None, "open: the words rather date something else"
    return msgspec.structs.replace(event, time=_filled(time, value, expression.precision, reason))


class Said(NamedTuple):
    """What words say of a time: the expression there, its value as it is meant of the act, and why."""

    expression: TimeExpression
    value: str | None
    reason: str


def said_by(article: Article, event: Event, time: Time, reading: Reading, reference: date | None) -> Said | None:
    """What the words of a time of an event's paragraph say; None where no time expression stands there."""
    future = looks_ahead(event)
    inside = 0 <= event.paragraph < len(article.paragraphs)
    found = reading(future)[event.paragraph] if inside else []
    expression = best_overlap(found, time.start or 0, time.end or 0)
    if expression is None:
        alone = find_times(time.text or "", reference, future=future)
        expression = max(alone, key=lambda e: e.end - e.start, default=None)
    if expression is None:
        return None
    if inside:
        expression = as_meant(expression, event, article.paragraphs[event.paragraph], reference)
    if expression.value is None and inside and expression.kind == "time":
        day = _day_before(reading(future), event.paragraph, expression.start)
        return Said(expression, day, "hour of the day told before")
    return Said(expression, expression.value, expression.reason)


def _day_before(paragraphs: Sequence[Sequence[TimeExpression]], number: int, start: int) -> str | None:
    """The day that the text told last before a place in it."""
    found = [e for n in range(number + 1) for e in paragraphs[n] if n < number or e.start < start]
    return next((e.value for e in reversed(found) if e.value and "/" not in e.value and e.precision == "day"), None)


def written_chance(
    article: Article, event: Event, found: Sequence[TimeExpression], one: TimeExpression, triggers: Sequence[int]
) -> float:  # fmt: skip
    """How likely the coder's words date the event: by where they stand, and by the coder."""
    text = article.paragraphs[event.paragraph]
    chances = shares([none_beside(event), *beside(text, event, found, triggers, article.date)], weights())
    return chance_written(chances[1 + found.index(one)], event.cells["time"], weights())


def _filled(time: Time, value: str | None, precision: str | None, reason: str) -> Time:
    return msgspec.structs.replace(time, value=value, precision=precision, reason=reason)


def _may_be_understood(event: Event) -> bool:
    if event.time is None:
        return "time" in event.cells
    return event.time.text is None and event.time.value is None


def _understood(event: Event, number: int, dated: Sequence[Donor], main: str | None) -> Event:
    """The time of the mention that most likely tells it, or none."""
    others = nearest(number, dated)
    time = event.time
    if not others:
        return event if time is None else _open(event, time)
    chances = shares([none_given(event, others), *donors(event, number, others, main)], weights())
    by_value: dict[str, float] = {}
    for one, chance in zip(others, chances[1:], strict=True):
        by_value[one.value] = by_value.get(one.value, 0.0) + chance
    value = max(by_value, key=by_value.__getitem__)
    if "time" in event.cells:
        said = event.cells["time"] if time is not None else 1 - event.cells["time"]
        chance = chance_understood(by_value[value], said, time is not None, weights())
        if chance < LEAST:
            return event if time is None else _open(event, time)
    elif by_value[value] < UNLIKELY and time is not None:
        return _open(event, time)
    donor = max((p, -i) for i, (p, o) in enumerate(zip(chances[1:], others, strict=True)) if o.value == value)
    return msgspec.structs.replace(event, time=from_mention(event, others[-donor[1]].event))


def from_mention(event: Event, other: Event) -> Time:
    """The time of an event that the words of another one tell."""
    assert other.time is not None
    of = "" if other.type == event.type else f" ({other.type})"
    reason = f"from paragraph {other.paragraph}, «{other.time.text}»{of}: {other.time.reason}"
    return _filled(event.time or Time(), other.time.value, other.time.precision, reason)


def from_words(event: Event, value: str, paragraphs: Sequence[Sequence[TimeExpression]]) -> Time | None:
    """The time of an event that words of the article tell which date no act."""
    for number, found in enumerate(paragraphs):
        for one in found:
            if one.value == value:
                reason = f"from paragraph {number}, «{one.text}»: {one.reason}"
                return _filled(event.time or Time(), value, one.precision, reason)
    return event.time


def _open(event: Event, time: Time) -> Event:
    return msgspec.structs.replace(event, time=_filled(time, None, None, "open: no other mention is dated"))
