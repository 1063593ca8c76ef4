"""Weights of the evidence for codes, and how they are added up.

Two tables, both fitted by `benchmarks/resolution_fit.py`. `party_weights.tsv`: features of a candidate, one weight
each. `party_words.tsv`: what is known of the mention whatever the candidate (its words, the trigger, role and type),
one weight for each sector and for each kind of country (`C` a state, `INT`, `UNK`, `IGO`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from khabar.resolve import schema

Features = list[tuple[str, float]]
Floats = npt.NDArray[np.float64]
T = TypeVar("T")


class Weights:
    """`plain`: feature of a candidate -> weight; `words`: feature of the mention -> sector or kind -> weight."""

    def __init__(self, plain: Mapping[str, float], words: Mapping[str, Mapping[str, float]]) -> None:
        self.plain, self.words = plain, words

    @cached_property
    def _table(self) -> tuple[dict[str, int], tuple[str, ...], Floats]:
        """Lines of the words, what the columns are, and the weights; 0 where a word says nothing."""
        keys = {key: n for n, key in enumerate(dict.fromkeys(k for there in self.words.values() for k in there))}
        table = np.zeros((len(self.words), len(keys)))
        for line, there in enumerate(self.words.values()):
            table[line, [keys[k] for k in there]] = list(there.values())
        return {word: n for n, word in enumerate(self.words)}, tuple(keys), table

    def said(self, words: Iterable[str]) -> dict[str, float]:
        """What words say together of each sector (`-` for none) and kind of country."""
        lines, keys, table = self._table
        found = [lines[word] for word in words if word in lines]
        return dict(zip(keys, table[found].sum(axis=0).tolist(), strict=True)) if found else {}


def kind_of(country: str) -> str:
    """A country's kind: `INT`, `UNK` and `IGO` are themselves, a state is `C`."""
    return country if country in ("INT", "UNK", "IGO") else "C"


@cache
@schema.lasting
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
