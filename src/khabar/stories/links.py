"""How near two articles are to telling one happening, or one affair: a logistic scorer over what they share.

The weights in `data/link_weights.tsv` are fitted by `benchmarks/links.py fit` on the tuning half of the judged pairs
and on our own.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from khabar.stories.copies import COPY, shared
from khabar.stories.profiles import DOCUMENTS, Profile, Vector, cosine, weight

FEATURES = (
    "opening", "rare", "title", "titles", "numbers", "copy", "same_day", "later", "same_outlet", "asks",
    "other_speaker", "other_day", "told", "roots", "missing",
)  # fmt: skip
RARE = 4.5  # inverse document frequency from which a term is rare: in about one of 90 articles
RAREST = math.log(DOCUMENTS / 3)  # of a term that no table has
LATER = 2  # days
SAME = 0.45  # probability from which two articles tell one happening: half of the F1 that is reached gives the best F1
RELATED = 0.65  # and from which they belong to one affair


class Likeness(NamedTuple):
    """Probabilities that two articles tell one happening (`same`) or at least one affair (`related`), and whether they
    are copies."""

    same: float
    related: float
    copy: bool


def features(a: Profile, b: Profile) -> tuple[float, ...]:
    """The values of `FEATURES`, each 0 to 1; symmetric. An article without a date counts as of the next day."""
    days = abs(a.day - b.day) if a.day is not None and b.day is not None else 1
    few = min(len(a.numbers), len(b.numbers))
    return (
        cosine(a.opening, b.opening),
        _rare(a.lead, b.lead),
        (_told(a.title, b.head) + _told(b.title, a.head)) / 2,
        cosine(a.heading, b.heading),
        len(a.numbers & b.numbers) / (few + 1),
        shared(a.shingles, b.shingles),
        float(days == 0),
        float(days >= LATER),
        # An outlet that comes back to a thing tells what came of it.
        float(a.outlet is not None and a.outlet == b.outlet),
        float(a.asks or b.asks),
        float(bool(a.says and b.says) and not a.says & b.says),
        float(bool(a.days and b.days) and not a.days & b.days),
        # A short report is told by a long one, not the other way round.
        max(_told(a.lead.keys(), b.terms), _told(b.lead.keys(), a.terms)),
        max(_share(a.title_roots, b.roots), _share(b.title_roots, a.roots)),
        max(_heaviest(a.title - b.terms), _heaviest(b.title - a.terms)),
    )


def _share(some: frozenset[str], other: frozenset[str]) -> float:
    return len(some & other) / max(1, len(some))


def _heaviest(terms: Iterable[str]) -> float:
    """The weight of the rarest of some terms, 1 at most."""
    return max(map(weight, terms), default=0.0) / RAREST


def _told(terms: AbstractSet[str], other: frozenset[str]) -> float:
    """How much of some terms the other article has, by their weight."""
    whole = sum(map(weight, sorted(terms)))
    return sum(map(weight, sorted(terms & other))) / whole if whole else 0.0


def _rare(a: Vector, b: Vector) -> float:
    x, y = ({term for term in side if weight(term) >= RARE} for side in (a, b))
    return len(x & y) / (min(len(x), len(y)) + 1)


def label(likeness: Likeness) -> str:
    """`same`, `thread` or `different`."""
    return "same" if likeness.same >= SAME else "thread" if likeness.related >= RELATED else "different"


def compare(a: Profile, b: Profile) -> Likeness:
    """How near two articles are."""
    values = features(a, b)
    weights = _weights()
    same, related = (
        1 / (1 + math.exp(-weights[name][0] - sum(w * v for w, v in zip(weights[name][1:], values, strict=True))))
        for name in ("same", "related")
    )
    return Likeness(same, max(same, related), values[FEATURES.index("copy")] >= COPY)


@cache
def _weights() -> dict[str, tuple[float, ...]]:
    text = files("khabar.stories").joinpath("data/link_weights.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines()[1:]]
    return {name: tuple(map(float, values)) for name, *values in rows}
