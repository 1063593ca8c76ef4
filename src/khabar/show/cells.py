"""The cells of an event as short texts, and which events tell the same act."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from khabar.records import CodedArticle, Event, Mention, Place, Time
from khabar.stories import acts


def summary(event: Event) -> str:
    """Trigger, type and mode, status, paragraph and confidence in one line."""
    kind = event.type + (f"/{event.mode}" if event.mode else "")
    parts = [event.trigger.text, kind, event.status, f"¶{event.paragraph}"]
    if event.confidence is not None:
        parts.append(f"{event.confidence:.2f}")
    return "  ".join(parts)


def cell_lines(event: Event) -> Iterator[tuple[str, str]]:
    """(role, value) of each filled cell."""
    for role in ("actors", "recipients", "speaker"):
        for mention in getattr(event, role):
            yield role, party(mention)
    if event.place:
        yield "place", place(event.place)
    if event.time:
        yield "time", time(event.time)
    if event.toll:
        yield "toll", ", ".join(f"{name} {value}" for name, value in event.toll.items())


def party(mention: Mention) -> str:
    """The words, the codes and the names of a party; `^` for one that is understood."""
    codes = "+".join(mention.codes) or "?"
    names = ", ".join(name for name in mention.names if name)
    return f"{mention.text or '^'} = {codes}" + (f" ({names})" if names else "")


def place(cell: Place) -> str:
    """The words, the country, the gazetteer's name, number and coordinates of a place."""
    parts = [f"{cell.text or '^'} = {cell.country or '?'}"]
    if cell.name:
        parts.append(cell.name)
    if cell.latitude is not None and cell.longitude is not None:
        parts.append(f"{cell.latitude:.3f}, {cell.longitude:.3f}")
    if cell.geonames is not None:
        parts.append(f"geonames {cell.geonames}")
    return " · ".join(parts)


def time(cell: Time) -> str:
    """The words and the value of a time; `?` for one that stays open."""
    return f"{cell.text or '^'} = {cell.value or '?'}"


def other_mentions(coded: CodedArticle, events: Sequence[Event]) -> dict[int, list[int]]:
    """Number of an event -> the numbers of the others that tell the same act."""
    numbers = {id(event): number for number, event in enumerate(events, 1)}
    found: dict[int, list[int]] = {}
    for act in acts(coded):
        members = sorted(numbers[id(coded.events[i])] for i in act.events)
        found |= {number: [other for other in members if other != number] for number in members}
    return found
