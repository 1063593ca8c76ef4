"""Boosted trees read from a table: values by hand, faults named, the package's own table."""

from __future__ import annotations

import pytest

from khabar.resolve import TableError, together, understood_rows
from khabar.resolve.resolver import load_model
from khabar.resolve.trees import read_trees

HEAD = "tree\tnode\tcolumn\ttest\tyes\tno\tvalue\n"
TABLE = (
    HEAD + "0\t0\tsize\t1.5\t1\t2\t\n0\t1\t\t\t\t\t10\n0\t2\tkind\tb|c\t3\t4\t\n0\t3\t\t\t\t\t20\n0\t4\t\t\t\t\t30\n"
    "1\t0\t\t\t\t\t0.5\n"
)
KINDS = {"kind": ("a", "b", "c")}


def test_sum_of_leaves() -> None:
    trees = read_trees(TABLE, "t.tsv", ("kind", "size"), KINDS)
    assert trees.scores([[0, 1.5], [1, 2.0], [2, 9.0], [0, 9.0]]).tolist() == [10.5, 20.5, 20.5, 30.5]


@pytest.mark.parametrize(("bad", "column"), [("size\t", "column"), ("b|c", "test")])
def test_bad_node_is_named(bad: str, column: str) -> None:
    with pytest.raises(TableError) as fault:
        read_trees(TABLE.replace(bad, "zz\t" if "\t" in bad else "zz"), "t.tsv", ("kind", "size"), KINDS)
    assert fault.value.column == column


def test_package_trees_fit_their_columns() -> None:
    model = load_model()
    assert model.parties is not None
    assert len(model.parties.roots) > 50
    assert int(model.parties.column.max()) < len(together.COLUMNS)
    assert int(model.understood.column.max()) < len(understood_rows.COLUMNS)
