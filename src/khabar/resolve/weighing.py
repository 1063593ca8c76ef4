"""Weights of the evidence for codes, and how they are added up.

Two tables, both fitted by `benchmarks/resolution_fit.py`. `party_weights.tsv`: features of a candidate, one weight
each. `party_words.tsv`: what is known of the mention whatever the candidate (its words, the trigger, role and type),
one weight for each sector and for each kind of country (`C` a state, `INT`, `UNK`, `IGO`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple, TypeVar

from khabar.resolve import schema

Features = list[tuple[str, float]]
T = TypeVar("T")
_NONE: dict[str, float] = {}


class Weights(NamedTuple):
    """`plain`: feature of a candidate -> weight; `words`: feature of the mention -> sector or kind -> weight."""

    plain: Mapping[str, float]
    words: Mapping[str, Mapping[str, float]]


def kind_of(country: str) -> str:
    """A country's kind: `INT`, `UNK` and `IGO` are themselves, a state is `C`."""
    return country if country in ("INT", "UNK", "IGO") else "C"


@cache
def load_weights() -> Weights:
    """The package's weights."""
    rows = schema.read_rows(schema.package_text("party_weights.tsv"), "party_weights.tsv", ("feature", "weight"))
    plain = {r["feature"]: float(r["weight"]) for r in rows}
    words = {}
    for row in schema.read_rows(schema.package_text("party_words.tsv"), "party_words.tsv", ("feature", "weights")):
        pairs = (pair.rpartition(":") for pair in row["weights"].split(" "))
        words[row["feature"]] = {key: float(weight) for key, _, weight in pairs}
    return Weights(plain, words)


def total(found: Iterable[tuple[str, float]], plain: Mapping[str, float]) -> float:
    """Sum of weighed features."""
    whole = 0.0
    for name, value in found:
        weight = plain.get(name)
        if weight is not None:
            whole += weight * value
    return whole


def chances(scored: Mapping[T, float]) -> list[tuple[T, float]]:
    """Candidates with probabilities, best first."""
    top = max(scored.values())
    raised = {c: math.exp(s - top) for c, s in scored.items()}
    whole = sum(raised.values())
    return sorted(((c, e / whole) for c, e in raised.items()), key=lambda pair: -pair[1])
