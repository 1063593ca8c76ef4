"""What several articles together say of one happening: the best value of every cell, and who says otherwise.

Copies of one text have one voice: each independent text votes once for the best cells, and `copies` says which reports
are copies of which. All of it depends on the set of reports alone, not on their order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

import msgspec

from khabar.records import Event, Mention, Place, Record, Time
from khabar.stories.best import best_event, fullness
from khabar.stories.compatible import codes, same_mode, same_number, same_parties, same_place, same_time
from khabar.stories.copies import COPY
from khabar.stories.sketches import Sketch, overlap


class Report(NamedTuple):
    """One act as one article tells it. `number` is the article's in the archive; `published` its day (`YYYY-MM-DD`)."""

    event: Event
    number: int
    article: str
    outlet: str | None
    published: str | None
    title: str
    sketch: Sketch


class Said(Record, frozen=True, kw_only=True):
    """A value of a cell and whose word it is: the articles (ids) and outlets that say so, the speakers they name."""

    value: str
    articles: tuple[str, ...]
    outlets: tuple[str, ...]
    speakers: tuple[str, ...] = ()


class Cell(Record, frozen=True, kw_only=True):
    """What the reports say of one cell (`status`, `mode`, `actor`, `recipient`, `place`, `time`, or a category of
    victims), most told first. `agree` is false where two values cannot both be right (12 killed and 15 killed; 12 and
    at least 10 can). Reports that leave the cell open are not in it."""

    cell: str
    agree: bool
    values: tuple[Said, ...]


class Summary(NamedTuple):
    """A happening out of its reports. `first` is the first report, `articles`, `outlets` and `texts` count articles,
    outlets and independent texts."""

    best: Event
    cells: tuple[Cell, ...]
    first: Report
    articles: int
    outlets: int
    texts: int


def in_order(reports: Iterable[Report]) -> list[Report]:
    """Reports by publication (undated last), then by number and place in the text."""
    return sorted(
        reports, key=lambda r: (r.published or "9999", r.number, r.event.paragraph, r.event.trigger.start, r.event.type)
    )


def copies(reports: Sequence[Report]) -> dict[int, int | None]:
    """Article -> the earlier article whose text it repeats, None for a text of its own. Each is held against the texts
    that came before it, so a chain of rewritings ends where the text has become another."""
    found: dict[int, int | None] = {}
    texts: list[Report] = []
    for report in in_order(reports):
        if report.number in found:
            continue
        near = max(
            ((overlap(report.sketch, text.sketch), -n) for n, text in enumerate(texts)),
            default=(0.0, 0),
        )
        if near[0] >= COPY:
            found[report.number] = texts[-near[1]].number
        else:
            found[report.number] = None
            texts.append(report)
    return found


def summary(reports: Sequence[Report], copy_of: dict[int, int | None]) -> Summary:
    """The happening that some reports (at least one) tell together."""
    ordered = in_order(reports)
    own = [report for report in ordered if copy_of[report.number] is None] or ordered[:1]
    return Summary(
        best=_best([report.event for report in own]),
        cells=tuple(cell for one in _cells(ordered) if (cell := _cell(one, ordered))),
        first=ordered[0],
        articles=len({report.number for report in ordered}),
        outlets=len({report.outlet for report in ordered if report.outlet}),
        texts=sum(one is None for one in copy_of.values()),
    )


def _best(events: Sequence[Event]) -> Event:
    """The best cells of all reports on the fullest event; what another article says keeps its words, not its place."""
    ordered = sorted(events, key=lambda event: (-fullness(event), event.id or ""))
    actual = [event for event in ordered if event.status == ordered[0].status] or ordered
    base = actual[0]
    return msgspec.structs.replace(best_event([base, *map(_placeless, actual[1:])]), why=base.why)


def _placeless(event: Event) -> Event:
    """The event without offsets, which count in another article."""
    return msgspec.structs.replace(
        event,
        actors=tuple(map(_loose, event.actors)),
        recipients=tuple(map(_loose, event.recipients)),
        speaker=tuple(map(_loose, event.speaker)),
        place=msgspec.structs.replace(event.place, start=None, end=None, link=None) if event.place else None,
        time=msgspec.structs.replace(event.time, start=None, end=None, link=None) if event.time else None,
    )


def _loose(mention: Mention) -> Mention:
    return msgspec.structs.replace(mention, start=None, end=None, link=None)


Fits = Callable[[Event, Event], bool]
Read = Callable[[Event], str | None]


def _cells(reports: Sequence[Report]) -> list[tuple[str, Read, Fits]]:
    """Name of each cell, how it is read from an event, and whether those of two events can both be right."""
    victims = dict.fromkeys(kind for report in reports for kind in report.event.toll)
    return [
        ("status", lambda e: e.status, lambda a, b: a.status == b.status),
        ("mode", lambda e: e.mode, lambda a, b: same_mode(a.mode, b.mode)),
        ("actor", lambda e: _parties(e.actors), lambda a, b: same_parties(codes(a.actors), codes(b.actors))),
        (
            "recipient",
            lambda e: _parties(e.recipients),
            lambda a, b: same_parties(codes(a.recipients), codes(b.recipients)),
        ),
        ("place", lambda e: _place(e.place), lambda a, b: same_place(a.place, b.place)),
        ("time", lambda e: _time(e.time), lambda a, b: same_time(a.time, b.time)),
        *((kind, _victims(kind), _same_victims(kind)) for kind in victims),
    ]


def _victims(kind: str) -> Read:
    return lambda event: event.toll.get(kind)


def _same_victims(kind: str) -> Fits:
    return lambda a, b: same_number(a.toll[kind], b.toll[kind])


def _parties(mentions: Sequence[Mention]) -> str | None:
    return " ".join(sorted(codes(mentions))) or None


def _place(place: Place | None) -> str | None:
    return (place.name or place.text or place.country) if place else None


def _time(time: Time | None) -> str | None:
    return time.value if time else None


def _cell(one: tuple[str, Read, Fits], reports: Sequence[Report]) -> Cell | None:
    name, read, fits = one
    told: dict[str, list[Report]] = {}
    for report in reports:
        value = read(report.event)
        if value is not None:
            told.setdefault(value, []).append(report)
    if not told:
        return None
    agree = all(fits(x[0].event, y[0].event) for x, y in combinations(told.values(), 2))
    values = sorted(told.items(), key=lambda item: -len({report.number for report in item[1]}))
    return Cell(
        cell=name,
        agree=agree,
        values=tuple(
            Said(
                value=value,
                articles=tuple(dict.fromkeys(report.article for report in by)),
                outlets=tuple(dict.fromkeys(report.outlet for report in by if report.outlet)),
                speakers=tuple(dict.fromkeys(name for report in by for name in _speakers(report.event))),
            )
            for value, by in values
        ),
    )


def _speakers(event: Event) -> Iterable[str]:
    for mention in event.speaker:
        yield next((name for name in mention.names if name), None) or mention.text or " ".join(mention.codes)
