"""Decision trees added up: small gradient-boosted models, run by numpy alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
FLOATS = ("limit", "value")
PARTS = ("roots", "column", "limit", "mask", "yes", "no", "value")


def likelihoods(scores: Floats) -> Floats:
    """The probability of each of some candidates by its score; they add up to 1."""
    raised = np.exp(scores - scores.max())
    found: Floats = raised / raised.sum()
    return found


class _Layout(NamedTuple):
    """By depth of the list of tests [depth] and tree: the column and limit of a test, the trees whose test is one of
    categories with their masks, the bits of the leaves that are left if it fails; the leaves [tree, leaf] and where
    each tree's begin in them."""

    column: Ints
    limit: Floats
    named: list[Ints]
    mask: list[Ints]
    left: npt.NDArray[Any]
    leaves: Floats
    first: Ints


class Trees:
    """All nodes of all trees in one list; `roots` are the first of each. `mask` holds the values (as bits) that go to
    `yes` where a column is one of categories, else 0; a leaf leads to itself.

    Every test of every tree is made for every row, which numpy does in a few steps; each test that fails takes away the
    leaves under its `yes`, and the first leaf left is the row's (QuickScorer, Lucchese et al. 2015).
    """

    def __init__(
        self, roots: Ints, column: Ints, limit: Floats, mask: Ints, yes: Ints, no: Ints, value: Floats
    ) -> None:
        self.roots, self.column, self.limit, self.mask = roots, column, limit, mask
        self.yes, self.no, self.value = yes, no, value

    @classmethod
    def of(cls, arrays: Mapping[str, npt.NDArray[Any]], name: str) -> Trees:
        """The trees that `arrays` (an opened .npz file) holds under `name_roots`, `name_column` and so on."""
        own = {part: arrays[f"{name}_{part}"].astype(float if part in FLOATS else np.int64) for part in PARTS}
        return cls(**own)

    def arrays(self, name: str) -> dict[str, npt.NDArray[Any]]:
        """What `of` reads."""
        found = {f"{name}_{part}": getattr(self, part) for part in PARTS}
        return {k: v.astype(np.float32) if v.dtype == np.float64 else v for k, v in found.items()}

    @cached_property
    def _layout(self) -> _Layout:
        """The tests and leaves side by side, a tree a column; made when the first rows are scored."""
        tests: list[list[tuple[int, int]]] = []  # by tree: node, bits of the leaves that are left if it fails
        leaves: list[list[float]] = []
        for root in self.roots.tolist():
            tests.append([])
            leaves.append([])
            self._walk(root, tests[-1], leaves[-1])
        depth = max((len(one) for one in tests), default=0)
        most = max((len(one) for one in leaves), default=1)
        if most > 64:
            raise ValueError(f"a tree of {most} leaves; at most 64")
        kind = np.uint16 if most <= 16 else np.uint32 if most <= 32 else np.uint64
        everything = np.iinfo(kind).max
        node = np.zeros((depth, len(tests)), dtype=np.int64)
        lefts = np.full((depth, len(tests)), everything, dtype=kind)
        for tree, one in enumerate(tests):
            for slot, (number, left) in enumerate(one):
                node[slot, tree] = number
                lefts[slot, tree] = left & everything
        named = [self.mask[line].nonzero()[0] for line in node]
        masks = [self.mask[line][some] for line, some in zip(node, named, strict=True)]
        values = np.zeros((len(tests), most))
        for tree, mine in enumerate(leaves):
            values[tree, : len(mine)] = mine
        first = np.arange(len(leaves))[:, None] * most
        return _Layout(self.column[node], self.limit[node], named, masks, lefts, values, first)

    def _walk(self, node: int, tests: list[tuple[int, int]], leaves: list[float]) -> None:
        """Leaves from left to right; each test with the bits that stay when it fails."""
        if self.yes[node] == node:
            leaves.append(float(self.value[node]))
            return
        first, place = len(leaves), len(tests)
        tests.append((node, 0))
        self._walk(int(self.yes[node]), tests, leaves)
        under = ((1 << len(leaves)) - 1) ^ ((1 << first) - 1)
        tests[place] = (node, ~under)
        self._walk(int(self.no[node]), tests, leaves)

    def scores(self, rows: Sequence[Sequence[float]]) -> Floats:
        """One number a row: the sum of the leaves that it falls in."""
        found: Floats = self._fallen(rows).sum(axis=0)
        return found

    def _fallen(self, rows: Sequence[Sequence[float]]) -> Floats:
        """The leaf [tree, row] that each row falls in."""
        x = np.ascontiguousarray(np.asarray(rows, dtype=float).T)  # a test reads one column of all rows
        plan = self._layout
        kind = plan.left.dtype.type
        left = np.full((len(plan.leaves), x.shape[1]), np.iinfo(kind).max, dtype=kind)
        for column, limit, named, mask, keep in zip(
            plan.column, plan.limit, plan.named, plan.mask, plan.left, strict=True
        ):
            value = x.take(column, axis=0)
            holds = value <= limit[:, None]
            if len(named):
                holds[named] = (mask[:, None] >> value.take(named, axis=0).astype(np.int64)) & 1
            # Bits stay where the test holds; where it fails, those of `keep`.
            left &= np.negative(holds.astype(kind)) | keep[:, None]
        lowest = left & np.negative(left)
        leaf = np.frexp(lowest.astype(np.float32))[1] - 1
        found: Floats = plan.leaves.take(plan.first + leaf)
        return found


class Choice:
    """Several models over the same columns, one for each thing there is to choose from, asked in one go."""

    def __init__(self, models: Sequence[Trees]) -> None:
        self.models = tuple(models)
        parts = {part: [getattr(one, part) for one in models] for part in PARTS}
        before = np.cumsum([0, *map(len, parts["column"])])  # nodes of the models before
        for part in ("roots", "yes", "no"):
            parts[part] = [one + first for one, first in zip(parts[part], before, strict=False)]
        self._all = Trees(**{part: np.concatenate(several) for part, several in parts.items()})
        self._begins = np.cumsum([0, *map(len, parts["roots"])])[:-1]

    def scores(self, rows: Sequence[Sequence[float]]) -> Floats:
        """[row, model]: what `Trees.scores` of each model says of each row."""
        found: Floats = np.add.reduceat(self._all._fallen(rows), self._begins, axis=0).T
        return found
