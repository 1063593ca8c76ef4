"""The acts of an article side by side: which are alike, by type, word and parties, and which stand near.

What weighs parties (`dyad`) and places and times (`scene`) anew looks at an act's others here.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from khabar.arabic import stem
from khabar.codebook import MODES, TYPES
from khabar.records import Event
from khabar.resolve.understood_rows import country

ROLES = ("actors", "recipients", "speaker")
OTHER = {"actors": "recipients", "recipients": "actors", "speaker": "actors"}  # the role that a role is seen beside
Codes = frozenset[str]
REACH = 100  # events before and after that an event is seen beside: an article of thousands takes no hours
# Numbers of types, and of modes of a type, in rows that trees read.
TYPE = {kind: n for n, kind in enumerate(TYPES)}
MODE = {pair: n for n, pair in enumerate(((t, m) for t in TYPES for m in MODES[t]), 1)}


def countries_of(codes: Codes) -> frozenset[str]:
    """The countries of some codes, a body between states by itself."""
    return frozenset(country(code) for code in codes)


def log_odds(chance: float) -> float:
    """The log odds of a probability, kept within 1e-4 of both ends."""
    chance = min(max(chance, 1e-4), 1 - 1e-4)
    return math.log(chance / (1 - chance))


class Like(NamedTuple):
    """Another act of the same type or word: how alike, its number, same type, same word, alike in the other role,
    paragraphs between."""

    score: float
    number: int
    same: bool
    word: bool
    dyad: float
    gap: int


class Acts:
    """An article's acts with the codes of their actors and recipients as they are now."""

    def __init__(self, events: Sequence[Event], codes: Sequence[Mapping[str, Sequence[tuple[str, ...]]]]) -> None:
        self.events = events
        self.stems = [stem(event.trigger.text) for event in events]
        self.codes = {role: [frozenset(c for one in mine[role] for c in one) for mine in codes] for role in ROLES}
        self.countries = {role: [countries_of(one) for one in self.codes[role]] for role in ROLES}
        self.often = {role: Counter(self.codes[role]) for role in ROLES}
        order = sorted(range(len(events)), key=lambda n: (events[n].paragraph, events[n].trigger.start))
        self._order, self._rank = order, {number: rank for rank, number in enumerate(order)}
        self._like: dict[int, list[tuple[float, int, bool, bool, float]]] = {}
        self._pairs: list[list[tuple[int, bool, bool, float]]] = []
        for n, event in enumerate(events):
            mine = []
            rank = self._rank[n]
            for o in sorted(order[max(0, rank - REACH) : rank + REACH + 1]):
                other = events[o]
                same, word = other.type == event.type, self.stems[o] == self.stems[n]
                if o != n and (same or word):
                    gap = abs(other.paragraph - event.paragraph)
                    mine.append((o, same, word, same + 0.5 * (same and other.mode == event.mode) + word - 0.12 * gap))
            self._pairs.append(mine)

    def beside(self, number: int, step: int) -> int | None:
        """The event told before (-1) or after (1) an event, at most a paragraph away."""
        rank = self._rank[number] + step
        if not 0 <= rank < len(self._order):
            return None
        there = self._order[rank]
        return there if abs(self.events[there].paragraph - self.events[number].paragraph) <= 1 else None

    def alike(self, number: int, role: str) -> list[Like]:
        """Other acts of an event's type or word, the likest first."""
        other = OTHER[role]
        found = []
        for o, same, word, score in self._pairs[number]:
            dyad = self._meeting(number, o, other)
            gap = abs(self.events[o].paragraph - self.events[number].paragraph)
            found.append(Like(score + 1.5 * dyad, o, same, word, dyad, gap))
        found.sort(reverse=True)
        return found

    def like(self, number: int) -> list[tuple[float, int, bool, bool, float]]:
        """Other acts of an event's type or word, the likest first: how alike, their number, same type, same word, how
        much their actors and recipients are the same."""
        if number not in self._like:
            found = []
            for o, same, word, score in self._pairs[number]:
                dyad = sum(self._meeting(number, o, role) for role in ROLES[:2])
                found.append((score + 0.75 * dyad, o, same, word, dyad))
            self._like[number] = sorted(found, key=lambda one: (-one[0], one[1]))
        return self._like[number]

    def around(self, number: int, step: int) -> list[int]:
        """The events before (-1) or after (1) an event, the nearest first, at most `REACH`."""
        rank = self._rank[number]
        if step > 0:
            return self._order[rank + 1 : rank + 1 + REACH]
        return self._order[max(0, rank - REACH) : rank][::-1]

    def _meeting(self, number: int, other: int, role: str) -> float:
        """How much a role of two acts is filled by the same."""
        mine, theirs = self.codes[role][number], self.codes[role][other]
        if not mine:
            return 0.0
        if theirs == mine:
            return 1.0
        if theirs & mine:
            return 0.6
        return 0.3 if self.countries[role][number] & self.countries[role][other] else 0.0
