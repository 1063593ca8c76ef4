"""The best value of every cell of an act, out of its mentions: what most say, the fullest, the surest."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import msgspec

from khabar.records import Event, Mention, Place, Time
from khabar.stories.compatible import codes, days, same_code, whole_country

T = TypeVar("T", Mention, Place, Time)
K = TypeVar("K")


def fullness(event: Event) -> float:
    """How much an event tells: parties, place, time and toll that are filled, those in words of the paragraph more."""
    cells = [*event.actors[:3], *event.recipients[:3], *event.speaker[:1], event.place, event.time]
    words = sum(1.0 if cell.text is not None else 0.5 for cell in cells if cell)
    return words + bool(event.mode) + bool(event.toll) + _specific(codes((*event.actors, *event.recipients))) / 4


def _specific(some: Iterable[str]) -> int:
    return sum(1 + ("." in code) - (code.startswith("UNK")) for code in some)


def best_event(events: Sequence[Event]) -> Event:
    """The best cells of the mentions of one act, `events` with the fullest first. Trigger and paragraph are those of
    the first; a cell from another paragraph keeps its words, has no offsets, and says in `link` where they stand."""
    base = events[0]
    if len(events) == 1:
        return base
    told = sorted({event.paragraph for event in events})
    return msgspec.structs.replace(
        base,
        mode=_mode(events),
        actors=_side(events, lambda e: e.actors),
        recipients=_side(events, lambda e: e.recipients),
        speaker=base.speaker or _side(events, lambda e: e.speaker),
        place=_place(events),
        time=_time(events),
        toll=_toll(events),
        confidence=max((e.confidence for e in events if e.confidence is not None), default=None),
        why=(*base.why, f"told in paragraphs {', '.join(map(str, told))}"),
    )


def _weight(event: Event) -> float:
    return 0.5 if event.confidence is None else event.confidence


def _borrowed(cell: T, of: Event, base: Event) -> T:
    """A cell as it stands in the act: offsets hold only in the paragraph of the base."""
    if of.paragraph == base.paragraph or cell.start is None or cell.end is None:
        return cell
    return msgspec.structs.replace(cell, start=None, end=None, link=(of.paragraph, cell.start, cell.end))


def _mode(events: Sequence[Event]) -> str | None:
    votes: Counter[str] = Counter()
    for event in events:
        if event.mode:
            votes[event.mode] += 1 + _weight(event)  # type: ignore[assignment]
    # Of equal votes the fullest mention's mode stands: `max` keeps the first.
    return max(votes, key=lambda mode: votes[mode], default=None)


def _side(events: Sequence[Event], side: Callable[[Event], tuple[Mention, ...]]) -> tuple[Mention, ...]:
    """The parties of one side: a mention votes for its own set of codes and for every fuller set that holds it."""
    told = [event for event in events if codes(side(event))]
    if not told:
        return side(events[0]) or next((side(e) for e in events if side(e)), ())

    def votes(of: Event) -> tuple[float, int, float, bool]:
        mine = codes(side(of))
        behind = sum(1 + _weight(e) for e in told if _holds(mine, codes(side(e))))
        written = any(m.text is not None for m in side(of))
        return behind, _specific(mine), written, of is events[0]

    chosen = max(told, key=votes)
    return tuple(_borrowed(mention, chosen, events[0]) for mention in side(chosen))


def _holds(large: frozenset[str], small: frozenset[str]) -> bool:
    """Whether every code of `small` is in `large`, as it is or with a sector."""
    return all(
        any(code == other or (same_code(code, other) and _specific([other]) >= _specific([code])) for other in large)
        for code in small
    )


def _place(events: Sequence[Event]) -> Place | None:
    told = [(event, event.place) for event in events if event.place]
    if not told:
        return None
    country = _vote((place.country, _weight(event)) for event, place in told if place.country)
    fitting = [(e, p) for e, p in told if p.country == country] or told
    event, place = max(
        fitting, key=lambda pair: (not whole_country(pair[1]), pair[1].geonames is not None, pair[1].text is not None)
    )
    return _borrowed(place, event, events[0])


def _time(events: Sequence[Event]) -> Time | None:
    told = [(event, event.time) for event in events if event.time]
    if not told:
        return None
    valued = [(event, time) for event, time in told if days(time.value)]
    if not valued:
        event, time = told[0]
        return _borrowed(time, event, events[0])
    votes: dict[str, float] = defaultdict(float)
    for event, time in valued:
        votes[time.value or ""] += 1 + _weight(event)

    def rank(pair: tuple[Event, Time]) -> tuple[int, float, bool]:
        first, last = days(pair[1].value) or ("", "")
        exact = 2 if first == last else 1 if first[:7] == last[:7] else 0
        return exact, votes[pair[1].value or ""], pair[1].text is not None

    event, time = max(valued, key=rank)
    return _borrowed(time, event, events[0])


def _toll(events: Sequence[Event]) -> dict[str, str]:
    kinds = dict.fromkeys(kind for event in events for kind in event.toll)
    toll = {}
    for kind in kinds:
        votes = Counter(event.toll[kind] for event in events if kind in event.toll)
        # An exact number before a bound or an estimate; of several the larger: parts come with their whole.
        toll[kind] = max(votes, key=lambda v: (votes[v], v.isdigit(), int(v.lstrip(">=<~") or 0)))
    return toll


def _vote(values: Iterable[tuple[K, float]]) -> K | None:
    votes: dict[K, float] = defaultdict(float)
    for value, weight in values:
        votes[value] += 1 + weight
    return max(votes, key=lambda v: votes[v], default=None)
