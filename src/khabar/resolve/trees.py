"""Decision trees added up: a small gradient-boosted ranking, read from a table and run by numpy.

A table has one line a node: `tree`, `node`, `column`, `test` (a number: at most that goes to `yes`; names with `|`: any
of these), `yes` and `no` (numbers of nodes), or for a leaf `value` alone. Fitted by `benchmarks/resolution_fit.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from khabar.resolve import schema

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_COLUMNS = ("tree", "node", "column", "test", "yes", "no", "value")


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
        tests: list[list[tuple[int, int]]] = []  # by tree: node, bits of the leaves that are left if it fails
        leaves: list[list[float]] = []
        for root in roots.tolist():
            tests.append([])
            leaves.append([])
            self._walk(root, tests[-1], leaves[-1])
        depth = max((len(one) for one in tests), default=0)
        most = max((len(one) for one in leaves), default=1)
        if most > 64:
            raise ValueError(f"a tree of {most} leaves; at most 64")
        kind = np.uint16 if most <= 16 else np.uint64
        everything = np.iinfo(kind).max
        node = np.zeros((depth, len(tests)), dtype=np.int64)
        self._left = np.full((depth, len(tests)), everything, dtype=kind)
        for tree, one in enumerate(tests):
            for slot, (number, left) in enumerate(one):
                node[slot, tree] = number
                self._left[slot, tree] = left & everything
        self._column, self._limit = column[node], limit[node]
        self._named = [mask[line].nonzero()[0] for line in node]
        self._mask = [mask[line][named] for line, named in zip(node, self._named, strict=True)]
        self._leaves = np.zeros((len(tests), most))
        for tree, values in enumerate(leaves):
            self._leaves[tree, : len(values)] = values
        self._first = np.arange(len(leaves))[:, None] * most

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
        x = np.ascontiguousarray(np.asarray(rows, dtype=float).T)  # a test reads one column of all rows
        kind = self._left.dtype.type
        left = np.full((len(self._leaves), x.shape[1]), np.iinfo(kind).max, dtype=kind)
        for column, limit, named, mask, keep in zip(
            self._column, self._limit, self._named, self._mask, self._left, strict=True
        ):
            value = x.take(column, axis=0)
            holds = value <= limit[:, None]
            if len(named):
                holds[named] = (mask[:, None] >> value.take(named, axis=0).astype(np.int64)) & 1
            # Bits stay where the test holds; where it fails, those of `keep`.
            left &= np.negative(holds.astype(kind)) | keep[:, None]
        lowest = left & np.negative(left)
        leaf = np.frexp(lowest.astype(np.float32))[1] - 1
        total: Floats = self._leaves.take(self._first + leaf).sum(axis=0)
        return total


def read_trees(
    text: str, file: str, columns: Sequence[str], categories: Mapping[str, Sequence[str]]
) -> Trees:  # fmt: skip
    """Trees of a table. Raises `TableError` for a column or category that there is not."""
    place = {name: n for n, name in enumerate(columns)}
    numbers = {name: {v: n for n, v in enumerate(values)} for name, values in categories.items()}
    rows = list(schema.read_rows(text, file, _COLUMNS))
    at = {(row["tree"], row["node"]): n for n, row in enumerate(rows)}
    size = len(rows)
    column, mask = np.zeros(size, np.int64), np.zeros(size, np.int64)
    yes, no = np.arange(size), np.arange(size)
    limit, value = np.zeros(size), np.zeros(size)
    for n, row in enumerate(rows):
        name = row["column"]
        if not name:
            value[n] = float(row["value"])
            continue
        if name not in place:
            raise row.fail("column", f"«{name}» is no column")
        column[n] = place[name]
        if name in numbers:
            for one in row["test"].split("|"):
                if one not in numbers[name]:
                    raise row.fail("test", f"«{one}» is no {name}")
                mask[n] |= 1 << numbers[name][one]
        else:
            limit[n] = float(row["test"])
        yes[n], no[n] = at[row["tree"], row["yes"]], at[row["tree"], row["no"]]
    roots = np.array([n for n, row in enumerate(rows) if row["node"] == "0"], dtype=np.int64)
    return Trees(roots, column, limit, mask, yes, no, value)


@cache
def load_trees(name: str, columns: tuple[str, ...], categories: tuple[tuple[str, tuple[str, ...]], ...]) -> Trees:
    """Trees of a table of the package."""
    return read_trees(schema.package_text(name), name, columns, dict(categories))
