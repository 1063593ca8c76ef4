"""The trees of the second look and what they are asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from khabar.coding.look import parties, triggers
from khabar.coding.look.parties import Happening, Rows, Weighed
from khabar.coding.look.triggers import Candidate, Scored
from khabar.coding.look.words import ROLES, WordCounts
from khabar.coding.numeric import Floats, softmax
from khabar.coding.windows import Window
from khabar.trees import Choice, Trees

FILE = "look.npz"


def _chances(trees: Trees, table: Sequence[Sequence[float]]) -> npt.NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-trees.scores(table)))) if len(table) else np.zeros(0)


def _all(read: Rows, weighed: Sequence[float]) -> list[float]:
    """The chances of all mentions: where they are not weighed, what the second reader says."""
    chances = list(read.likely)
    for n, chance in zip(read.weighed, weighed, strict=True):
        chances[n] = chance
    return chances


class Look(NamedTuple):
    """Trees for triggers, for mentions, and for the three states of a role; and the counts of words."""

    counts: WordCounts
    triggers: Trees
    mentions: Trees
    states: Choice

    @classmethod
    def load(cls, folder: Path) -> Look | None:
        """The look of a model folder; None where it has none yet (while a model is made)."""
        if not (folder / FILE).exists():
            return None
        with np.load(folder / FILE) as arrays:
            return cls.of(arrays)

    @classmethod
    def of(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Look:
        """From the arrays of `FILE`."""
        states = Choice([Trees.of(arrays, state) for state in parties.STATES])
        return cls(WordCounts.of(arrays), Trees.of(arrays, "triggers"), Trees.of(arrays, "mentions"), states)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """What `of` reads."""
        found = self.counts.arrays() | self.triggers.arrays("triggers") | self.mentions.arrays("mentions")
        for name, trees in zip(parties.STATES, self.states.models, strict=True):
            found |= trees.arrays(name)
        return found

    def score(
        self, found: Sequence[tuple[Window, Sequence[Candidate]]], paragraphs: Sequence[str]
    ) -> list[list[Scored]]:
        """Of each window the words that may be triggers, with their best types."""
        table, whose = triggers.rows(found, paragraphs, self.counts)
        best: dict[tuple[int, int], tuple[float, int]] = {}
        for (window, index, kind), chance in zip(whose, _chances(self.triggers, table), strict=True):
            if (window, index) not in best or chance > best[window, index][0]:
                best[window, index] = float(chance), kind
        scored: list[list[Scored]] = [[] for _ in found]
        for (window, index), (chance, kind) in best.items():
            scored[window].append(Scored(found[window][1][index].word, kind, chance))
        return scored

    def parties(
        self, events: Sequence[Happening], window: Window, paragraphs: Sequence[str], further: Sequence[float]
    ) -> list[Weighed]:
        """Of each event of a window who fills `ROLES`; `further` [3] is the least probability of a second mention."""
        inside: dict[int, list[Happening]] = defaultdict(list)
        for event in events:
            inside[window.words[event.trigger].paragraph].append(event)
        found = {number: parties.mentions(some, window.words) for number, some in inside.items()}
        peaks = {number: iter(parties.peaks(some, found[number])) for number, some in inside.items()}
        read = [
            parties.rows(
                event, r, inside[number], found[number], peak, window.words, paragraphs[number], self.counts
            )
            for event in events
            for number in (window.words[event.trigger].paragraph,)
            for peak in (next(peaks[number]),)
            for r in range(len(ROLES))
        ]  # fmt: skip
        weighed = _chances(self.mentions, [row for one in read for row in one.table])
        parts = np.split(weighed, np.cumsum([len(one.table) for one in read])[:-1])
        whole = [parties.whole_row(one.head, some.tolist()) for one, some in zip(read, parts, strict=True)]
        states: Floats = softmax(self.states.scores(whole).astype(np.float32))
        told = []
        for i, event in enumerate(events):
            mine = found[window.words[event.trigger].paragraph]
            at = range(i * len(ROLES), (i + 1) * len(ROLES))
            likely, states_of = [_all(read[n], parts[n].tolist()) for n in at], [states[n].tolist() for n in at]
            two = parties.choose_apart(mine, likely[:2], states_of[:2], further[:2])
            spoken = parties.choose(mine, likely[2], states_of[2], further[2])
            told.append(Weighed((*two, spoken), mine, likely, states_of))
        return told
