"""Decision trees added up: a small gradient-boosted ranking, read from a table and run by numpy.

A table has one line a node: `tree`, `node`, `column`, `test` (a number: at most that goes to `yes`; names with `|`: any
of these), `yes` and `no` (numbers of nodes), or for a leaf `value` alone. Fitted by `benchmarks/resolution_fit.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from khabar.resolve import schema

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_COLUMNS = ("tree", "node", "column", "test", "yes", "no", "value")


class Trees(NamedTuple):
    """All nodes of all trees in one list; `roots` are the first of each. `mask` holds the values (as bits) that go to
    `yes` where a column is one of categories, else 0; a leaf leads to itself."""

    roots: Ints
    column: Ints
    limit: Floats
    mask: Ints
    yes: Ints
    no: Ints
    value: Floats

    def scores(self, rows: Sequence[Sequence[float]]) -> Floats:
        """One number a row: the sum of the leaves that it falls in."""
        x = np.asarray(rows, dtype=float)
        flat = x.ravel()
        count = len(self.roots)
        found = np.tile(self.roots, len(x))
        # Where a row has come to in a tree; those that are at a leaf are left out of the next step.
        open_ = np.arange(len(found))
        nodes, line = found, np.repeat(np.arange(len(x)) * x.shape[1], count)
        while len(open_):
            value = flat.take(line + self.column.take(nodes))
            left = value <= self.limit.take(nodes)
            mask = self.mask.take(nodes)
            named = mask.nonzero()
            left[named] = (mask[named] >> value[named].astype(np.int64)) & 1
            nodes = np.where(left, self.yes.take(nodes), self.no.take(nodes))
            found[open_] = nodes
            going = (self.yes.take(nodes) != nodes).nonzero()
            open_, nodes, line = open_[going], nodes[going], line[going]
        total: Floats = self.value.take(found).reshape(len(x), count).sum(axis=1)
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
