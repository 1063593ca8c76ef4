"""Which other mention tells the place of an event whose own words do not."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from khabar.arabic import fold_key
from khabar.records import Event, Place


def at(event: Event) -> tuple[int, int, int] | None:
    place = event.place
    if place is None or place.start is None or place.end is None:
        return None
    return event.paragraph, place.start, place.end


# How near another event is to telling the place of one without: fitted to the training articles.
SAME_TYPE, SAME_MODE, SAME_PARTY, OTHER_STATUS, LATER, BEHIND = 20.0, 8.0, 2.5, 20.0, 3.0, 0.1


def distance(event: Event, other: Event, number: int, index: int) -> tuple[float, int]:
    """How far another event is from telling the place of this one: same act before same paragraph before nearness."""
    gap = event.paragraph - other.paragraph
    far = float(gap) if gap >= 0 else -gap * LATER + BEHIND
    if event.type == other.type:
        far -= SAME_TYPE
        if event.mode and event.mode == other.mode:
            far -= SAME_MODE
    if _parties(event) & _parties(other):
        far -= SAME_PARTY
    if event.status != other.status:
        far += OTHER_STATUS
    return far, abs(number - index)


def _parties(event: Event) -> set[str]:
    """Codes of the parties where they are known, else the words that name them."""
    mentions = (*event.actors, *event.recipients)
    return {c for m in mentions for c in m.codes} or {fold_key(m.text) for m in mentions if m.text}


def taken_over(source: Place, place: Place | None) -> Place:
    """A place that other words of the article tell, of an event whose own do not; `place` is what the coder made of it
    without words."""
    return msgspec.structs.replace(
        source, text=None, start=None, end=None, method="understood", guess=place.guess if place is not None else (),
        link=place.link if place is not None else None, confidence=round((source.confidence or 0.5) * 0.8, 3),
        alternatives=(),
    )  # fmt: skip


def in_country(event: Event, number: int, country: str, events: Sequence[Event], place: Place | None) -> Place:
    """The place in a country that an event may have without words of its own: that of the nearest act, else the country
    alone. `place` as in `taken_over`."""
    named = [
        (distance(event, other, number, i), i, other.place)
        for i, other in enumerate(events)
        if i != number and other.place is not None and other.place.text is not None and other.place.country == country
    ]
    if named:
        return taken_over(min(named, key=lambda one: one[:2])[2], place)
    kept = place if place is not None else Place()
    return msgspec.structs.replace(
        kept, country=country, method="guess", confidence=dict(kept.guess).get(country, kept.confidence)
    )
