"""What the codebook says must hold between the cells of an event, and between the events of a paragraph.

All constraints stand here, in one order; `consistent` applies them to the drafts of an article. Each says which
section of the codebook asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from khabar.codebook import SPEECH_TYPES
from khabar.records import Event, Mention

# Acts with all parties as actors and no recipient (section 5); a visit has guest and host.
TWO_SIDED = frozenset({"CONSULT"})


def consistent(events: Sequence[Event]) -> tuple[Event, ...]:
    """The events after all constraints, in text order."""
    kept = _once(_own_word(_two_sided(e)) for e in events)
    return tuple(sorted(kept, key=lambda e: (e.paragraph, e.trigger.start, e.type)))


def _two_sided(event: Event) -> Event:
    """Section 5: two-sided acts have all parties as actors and no recipient, except a visit."""
    if event.type not in TWO_SIDED or event.mode == "visit" or not event.recipients:
        return event
    spans = {(m.start, m.end) for m in event.actors}
    more = tuple(m for m in event.recipients if m.text is not None and (m.start, m.end) not in spans)
    return msgspec.structs.replace(event, actors=_ordered((*event.actors, *more)), recipients=())


def _own_word(event: Event) -> Event:
    """Section 6: no speaker for a speech act that nobody but its actor reports."""
    if event.type not in SPEECH_TYPES or not event.speaker:
        return event
    actors = {(m.start, m.end) for m in event.actors if m.text is not None}
    speaker = tuple(m for m in event.speaker if (m.start, m.end) not in actors)
    return event if len(speaker) == len(event.speaker) else msgspec.structs.replace(event, speaker=speaker)


def _ordered(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    return tuple(sorted(mentions, key=lambda m: (m.start is None, m.start or 0)))


def _once(events: Iterable[Event]) -> list[Event]:
    """Section 2: one trigger word is one event of a type; the likelier stands."""
    best: dict[tuple[int, int, str], Event] = {}
    for event in events:
        key = (event.paragraph, event.trigger.start, event.type)
        if key not in best or (event.confidence or 0) > (best[key].confidence or 0):
            best[key] = event
    return list(best.values())
