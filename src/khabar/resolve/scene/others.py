"""What the article's other acts say of a value (a country, a day) that a cell of one act may have."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from khabar.records import Event
from khabar.resolve.acts import ROLES, Acts

COLUMNS = tuple(
    "typed typed_share word_share silent_share acts score dyad rival gap votes previous following previous_gap"
    " following_gap often often_share title beside before after".split()
)
ALIKE, NEAR = 4, 2  # acts that are alike, and acts before and after, whose values are candidates
_FAR, _NONE, _UNLIKE = 30.0, 9.0, -3.0


class _Says:
    """What the acts alike say of one value."""

    __slots__ = ("acts", "dyad", "gap", "score", "typed", "votes", "words")

    def __init__(self) -> None:
        self.acts = self.typed = self.words = 0
        self.score, self.dyad, self.gap, self.votes = _UNLIKE, -1.0, _FAR, 0.0


class Others:
    """An article's acts with the values of one cell as they are now."""

    def __init__(self, acts: Acts, values: Sequence[str | None]) -> None:
        self.acts, self.values = acts, values
        self.often = Counter(value for value in values if value is not None)
        self.title = {v for v, event in zip(values, acts.events, strict=True) if event.paragraph == 0 and v is not None}

    @classmethod
    def places(cls, acts: Acts) -> Others:
        """By the countries of their places."""
        return cls(acts, [event.place.country if event.place is not None else None for event in acts.events])

    @classmethod
    def times(cls, acts: Acts) -> Others:
        """By the values of their times."""
        return cls(acts, [event.time.value if event.time is not None else None for event in acts.events])

    def candidates(self, number: int) -> list[str]:
        """The values of the acts that are most alike and of the nearest ones."""
        found = [self.values[other] for _, other, *_ in self.acts.like(number)[:ALIKE]]
        for step in (-1, 1):
            near = self.acts.around(number, step)
            found += [value for value in (self.values[other] for other in near) if value is not None][:NEAR]
        return list(dict.fromkeys(value for value in found if value is not None))

    def columns(self, number: int, values: Sequence[str | None]) -> list[list[float]]:
        """`COLUMNS` of each of some values for an act."""
        says: dict[str | None, _Says] = {}
        like = self.acts.like(number)
        for score, other, same, word, dyad in like:
            one = says.setdefault(self.values[other], _Says())
            one.acts, one.typed, one.words = one.acts + 1, one.typed + same, one.words + word
            one.score, one.dyad = max(one.score, score), max(one.dyad, dyad)
            one.votes += math.exp(1.5 * score)
            if same:
                one.gap = min(one.gap, float(self._gap(number, other)))
        typed = sum(one.typed for one in says.values()) + 1
        words = sum(one.words for one in says.values()) + 1
        votes = sum(one.votes for one in says.values()) + 1e-3
        best = sorted(((one.score, value or "") for value, one in says.items()), reverse=True)[:2]
        beside = [self.acts.beside(number, step) for step in (-1, 1)]
        gaps = [_NONE if n is None else float(self._gap(number, n)) for n in beside]
        nearest: dict[str | None, list[float]] = {}
        for side, step in enumerate((-1, 1)):
            for other in self.acts.around(number, step):
                nearest.setdefault(self.values[other], [_FAR, _FAR])
                if nearest[self.values[other]][side] == _FAR:
                    nearest[self.values[other]][side] = float(self._gap(number, other))
        silent = says.get(None)
        filled = sum(self.often.values()) + 1
        paragraph = [
            self.values[other]
            for step in (-1, 1)
            for other in self.acts.around(number, step)
            if self.acts.events[other].paragraph == self.acts.events[number].paragraph
        ]
        own = self.values[number]
        nobody = _Says()
        table = []
        for value in values:
            by = says.get(value, nobody)
            often = self.often[value] - (own == value) if value is not None else len(self.values) - filled
            table.append([
                float(by.typed), by.typed / typed, by.words / words, silent.typed / typed if silent else 0.0,
                float(len(like)), by.score, by.dyad,
                next((score for score, other in best if other != (value or "")), _UNLIKE), by.gap, by.votes / votes,
                *(-1.0 if n is None else float(self.values[n] == value) for n in beside), *gaps,
                float(often), often / filled, float(value in self.title), float(paragraph.count(value)),
                *nearest.get(value, (_FAR, _FAR)),
            ])  # fmt: skip
        return table

    def _gap(self, number: int, other: int) -> int:
        return abs(self.acts.events[other].paragraph - self.acts.events[number].paragraph)


def acts_of(events: Sequence[Event]) -> Acts:
    """An article's acts with the codes of their parties."""
    return Acts(events, [{role: [one.codes for one in getattr(event, role)] for role in ROLES} for event in events])
