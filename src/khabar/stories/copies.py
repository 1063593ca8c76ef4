"""Articles that are copies of each other: agency text with small changes, a shortened text, other spelling.

Near copies are looked up by MinHash and locality-sensitive hashing over folded shingles (32 bands of 4 rows: a pair of
Jaccard .4 is met with probability .56, of .5 with .87, of .6 with .99), then judged by their shingles themselves: the
share of the shorter text that stands in the longer. The MinHash is our own thirty lines: signatures must stay the same
over versions and machines, and the libraries looked at bring scipy (datasketch) or a compiled wheel (rensa).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from khabar.arabic import search_terms
from khabar.records import Article
from khabar.stories.profiles import PERMUTATIONS, Profile, profile, shingles

ROWS = 4
# Share of the shorter text's shingles that the longer holds. Set beforehand; on the tuning half of the judged pairs
# .35 is best by a little (`benchmarks/links.py fit`).
COPY = 0.40


class Copy(NamedTuple):
    """Two articles of which one is a copy of the other, and the shared part of the shorter (0 to 1)."""

    a: str
    b: str
    shared: float


def shared(a: frozenset[int], b: frozenset[int]) -> float:
    """Share of the smaller set that the larger holds; 0 where one is empty."""
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def same_article(a: str, b: str) -> bool:
    """Whether two texts are one, apart from spelling and small changes. An empty text is no copy of anything."""
    return shared(shingles(search_terms(a)), shingles(search_terms(b))) >= COPY


class Index:
    """Profiles by the bands of their signatures. Not safe for writers in several threads."""

    def __init__(self) -> None:
        self._bands: dict[tuple[int, bytes], list[str]] = defaultdict(list)
        self._profiles: dict[str, Profile] = {}

    def add(self, item: Profile) -> None:
        """Takes an article in; one whose id is held already is left as it is."""
        if item.id in self._profiles or not item.shingles:
            return
        self._profiles[item.id] = item
        for key in _bands(item):
            self._bands[key].append(item.id)

    def find(self, item: Profile) -> list[Copy]:
        """The copies of an article among those taken in, nearest first; itself apart."""
        near = {other for key in _bands(item) for other in self._bands.get(key, ())} - {item.id}
        found = [Copy(item.id, other, shared(item.shingles, self._profiles[other].shingles)) for other in near]
        return sorted((copy for copy in found if copy.shared >= COPY), key=lambda copy: (-copy.shared, copy.b))


def _bands(item: Profile) -> list[tuple[int, bytes]]:
    return [(n, item.signature[n : n + ROWS].tobytes()) for n in range(0, PERMUTATIONS, ROWS)]


def find(articles: Iterable[Article]) -> list[Copy]:
    """All pairs of copies among some articles, each once, in the order in which the later of the two comes."""
    index, found = Index(), []
    for article in articles:
        item = profile(article)
        found += index.find(item)
        index.add(item)
    return found
