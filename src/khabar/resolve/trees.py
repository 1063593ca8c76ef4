"""Trees (`khabar.trees`) read from a table.

A table has one line a node: `tree`, `node`, `column`, `test` (a number: at most that goes to `yes`; names with `|`: any
of these), `yes` and `no` (numbers of nodes), or for a leaf `value` alone. Fitted by `benchmarks/resolution_fit.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from khabar.resolve import schema
from khabar.trees import Trees

_COLUMNS = ("tree", "node", "column", "test", "yes", "no", "value")


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
