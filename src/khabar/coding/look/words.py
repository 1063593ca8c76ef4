"""How often a word's stem was a trigger or the first word of a party in the gold, and how often it was seen at all."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from khabar.arabic import fold_key, stem
from khabar.codebook import TYPES

ROLES = ("actors", "recipients", "speaker")
# Of a stem: seen in texts, a trigger, a trigger of each type; a trigger whose actors (recipients, speaker) have words,
# whose actors (…) are understood; the first word of an actor (…).
SEEN, TRIGGER = 0, 1
TYPE = 2
WORDS = TYPE + len(TYPES)
UNDERSTOOD = WORDS + len(ROLES)
PARTY = UNDERSTOOD + len(ROLES)
SIZE = PARTY + len(ROLES)
Counts = npt.NDArray[np.int64]
NONE: Counts = np.zeros(SIZE, dtype=np.int64)
LEAST = 2  # triggers and parties of a stem that is kept


@lru_cache(maxsize=30_000)
def key_of(word: str) -> str:
    """The stem by which a word is counted."""
    return stem(fold_key(word))


class WordCounts:
    """Counts by stem, [SIZE] each; `own` are those of an article that is to be left out."""

    def __init__(self, counts: Mapping[str, Counts], types: Counts, own: Mapping[str, Counts] | None = None) -> None:
        self.counts, self.types, self.own = counts, types, own

    def __call__(self, word: str) -> Counts:
        """The counts of a word's stem; zeros if it was hardly ever a trigger or party."""
        key = key_of(word)
        found = self.counts.get(key)
        if found is None:
            return NONE
        if self.own is not None and key in self.own:
            found = found - self.own[key]
            if found[TRIGGER] + found[PARTY:].sum() < LEAST:
                return NONE
        return found

    def without(self, own: Mapping[str, Counts]) -> WordCounts:
        """The same without what one article adds."""
        return WordCounts(self.counts, self.types, own)

    @classmethod
    def of(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> WordCounts:
        """From the arrays of `look.npz`."""
        rows = arrays["counts"].astype(np.int64)
        return cls(dict(zip(arrays["stems"].tolist(), rows, strict=True)), arrays["types"].astype(np.int64))

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """What `of` reads."""
        stems = sorted(self.counts)
        return {
            "stems": np.array(stems), "counts": np.array([self.counts[s] for s in stems], dtype=np.int32),
            "types": self.types.astype(np.int32),
        }  # fmt: skip
