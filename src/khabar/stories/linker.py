"""Happenings out of what articles tell: an act joins the happening that it fits best, or opens a new one.

An act is held against all reports of a happening, not against the nearest alone: nothing may speak against any of
them, and the middle of what speaks for them has to be enough. So no chain of half-likenesses merges two attacks of
one week.

What comes out depends on the order in which articles come; `khabar link` therefore takes them by publication day, and
two archives of the same articles are linked alike whatever the order in which they were added.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import NamedTuple

from khabar.records import Act, Article, CodedArticle, Event
from khabar.stories.telling import ENOUGH, SLACK, WINDOW, Telling, evidence, pinned, possible, promising, tellings


class Key(NamedTuple):
    """Where a happening is looked for: its type, and the country or body of a party or place."""

    type: str
    of: str


def keys(event: Event) -> frozenset[Key]:
    """The keys of an act; one that names neither party nor place has one of its own."""
    named = {
        code if code.startswith("IGO.") else code.partition(".")[0]
        for mention in (*event.actors, *event.recipients)
        for code in mention.codes
    }
    if event.place and event.place.country:
        named.add(event.place.country)
    named -= {"UNK", "INT"}
    return frozenset(Key(event.type, of) for of in named or {"-"})


def day_of(telling: Telling) -> int | None:
    """The day under which a telling is filed: the first of the act, else that of the article."""
    return telling.days[0] if telling.days else telling.published


def days_around(telling: Telling) -> tuple[int, int] | None:
    """First and last day under which a happening that a telling may belong to is filed; None where it has no day."""
    if telling.days:
        return telling.days[0] - SLACK, telling.days[1] + WINDOW
    day = telling.published
    return None if day is None else (day - WINDOW, day + WINDOW)


def fit(new: Telling, members: Sequence[Telling]) -> float:
    """How well a telling fits the reports of a happening; 0 if anything speaks against it."""
    if not may_join(new, members):
        return 0.0
    scores = sorted(evidence(new, member) + (0.0 if pinned(new, member) else -0.75) for member in members)
    return median(scores)


def may_join(new: Telling, members: Sequence[Telling]) -> bool:
    """Whether nothing speaks against a telling joining a happening, and enough may speak for it: what can be said
    without the texts."""
    return all(possible(new, member) for member in members) and any(promising(new, member) for member in members)


def choose(new: Sequence[Telling], candidates: Mapping[int, Sequence[Telling]]) -> list[int | None]:
    """For each act of one article the happening that it joins, None where it opens one, -1 - n where it belongs to
    what act n opens (a denial of it). The best fits go first."""
    fits = sorted(
        (
            (score, n, happening)
            for n, telling in enumerate(new)
            for happening, members in candidates.items()
            if members[0].event.type == telling.event.type and (score := fit(telling, members)) >= ENOUGH
        ),
        key=lambda found: (-found[0], found[1], found[2]),
    )
    chosen: list[int | None] = [None] * len(new)
    joined: dict[int, list[Telling]] = defaultdict(list)
    for _, n, happening in fits:
        if chosen[n] is None and all(_beside(new[n], other) for other in joined[happening]):
            chosen[n] = happening
            joined[happening].append(new[n])
    for n, telling in enumerate(new):
        if chosen[n] is None:
            chosen[n] = next((-1 - m for m in range(n) if chosen[m] is None and _denial(new[m], telling)), None)
    return chosen


def _beside(a: Telling, b: Telling) -> bool:
    """Whether two acts of one article may be one happening: never of one paragraph, where an act is coded once."""
    return a.event.paragraph != b.event.paragraph and possible(a, b)


def _denial(a: Telling, b: Telling) -> bool:
    """Whether of two acts of one article one is told as denied and the other not, and all else speaks for one."""
    return a.event.status != b.event.status and _beside(a, b) and evidence(a, b) >= ENOUGH


def first_paragraphs(coded: CodedArticle, acts: Iterable[Act]) -> list[int]:
    """The first paragraph that tells each act."""
    return [min(coded.events[n].paragraph for n in act.events) for act in acts]


class Linker:
    """Happenings of articles held in memory (an archive holds its own, `khabar.archive.linking`)."""

    def __init__(self) -> None:
        self._members: dict[int, list[Telling]] = {}
        self._filed: dict[tuple[Key, int | None], set[int]] = defaultdict(set)
        self._articles = 0

    def add(self, article: Article, coded: CodedArticle, acts: Sequence[Act]) -> list[int]:
        """Takes an article in; returns the happening of each of its acts."""
        self._articles += 1
        new = tellings(article, acts, self._articles, first_paragraphs(coded, acts))
        near = {happening for telling in new for happening in self._near(telling)}
        chosen = choose(new, {happening: self._members[happening] for happening in sorted(near)})
        found: list[int] = []
        for telling, happening in zip(new, chosen, strict=True):
            if happening is not None and happening < 0:
                happening = found[-1 - happening]
            place = len(self._members) if happening is None else happening
            self._members.setdefault(place, []).append(telling)
            for key in keys(telling.event):
                self._filed[key, day_of(telling)].add(place)
            found.append(place)
        return found

    def _near(self, telling: Telling) -> set[int]:
        around = days_around(telling)
        days: list[int | None] = [None] if around is None else list(range(around[0], around[1] + 1))
        return {
            happening for key in keys(telling.event) for day in days for happening in self._filed.get((key, day), ())
        }
