"""Weights of the evidence for codes, and how they are added up.

Two tables, both fitted by `benchmarks/resolution_fit.py`. `party_weights.tsv`: features of a candidate, one weight
each. `party_words.tsv`: what is known of the mention whatever the candidate (its words, the trigger, role and type),
one weight for each sector and for each kind of country (`C` a state, `INT`, `UNK`, `IGO`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from khabar.codebook import SECTORS
from khabar.resolve import schema

Features = list[tuple[str, float]]
Floats = npt.NDArray[np.float64]
T = TypeVar("T")


KEYS = ("C", "INT", "UNK", "IGO", "-", *sorted(SECTORS))
_COLUMN = {key: n for n, key in enumerate(KEYS)}


class Weights:
    """`plain`: feature of a candidate -> weight; `words`: feature of the mention -> weights of `KEYS`, sectors (`-` for
    none) and kinds of country."""

    def __init__(self, plain: Mapping[str, float], words: Mapping[str, Floats]) -> None:
        self.plain, self.words = plain, words

    def said(self, words: Iterable[str]) -> dict[str, float]:
        """What words say together of each of `KEYS`; empty where they say nothing."""
        found = [there for word in words if (there := self.words.get(word)) is not None]
        return dict(zip(KEYS, np.array(found).sum(axis=0).tolist(), strict=True)) if found else {}


def row_of(pairs: Iterable[tuple[str, float]]) -> Floats:
    """A row of `Weights.words`: 0 where a word says nothing."""
    row = np.zeros(len(KEYS))
    for key, weight in pairs:
        row[_COLUMN[key]] = weight
    return row


def _read(line: str) -> Floats:
    return row_of((key, float(weight)) for key, _, weight in (pair.rpartition(":") for pair in line.split(" ")))


def kind_of(country: str) -> str:
    """A country's kind: `INT`, `UNK` and `IGO` are themselves, a state is `C`."""
    return country if country in ("INT", "UNK", "IGO") else "C"


@cache
@schema.lasting
def load_weights() -> Weights:
    """The package's weights."""
    rows = schema.read_rows(schema.package_text("party_weights.tsv"), "party_weights.tsv", ("feature", "weight"))
    plain = {r["feature"]: float(r["weight"]) for r in rows}
    words = schema.read_rows(schema.package_text("party_words.tsv"), "party_words.tsv", ("feature", "weights"))
    return Weights(plain, schema.Lines({r["feature"]: r["weights"] for r in words}, _read))


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
