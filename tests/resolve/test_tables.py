"""The tables of parties: their schema, a user's rows on top, and faults named by file, line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from khabar.records import Article
from khabar.resolve import TableError, load_tables, schema
from khabar.resolve.context import read_context
from khabar.resolve.counts import load_counts
from khabar.resolve.roles import role_at
from khabar.resolve.weighing import load_weights


def test_package_tables_are_sound() -> None:
    tables = load_tables()
    assert len(tables.countries) > 150
    assert all(actor.id == key for key, roles in tables.actors.items() for actor in roles)


def test_user_row_adds_an_actor_and_its_former_role(tmp_path: Path) -> None:
    head = "id\tnames\tlatin\tcountry\tsector\tfrom\tto\trole\n"
    table = head + "zz\tفلان الزنجبيلي\tF. Zanjabili\tQAT\tGOV\t2010\t2015\tperson\n"
    (tmp_path / "actors_mine.tsv").write_text(table, encoding="utf-8")
    tables = load_tables(tmp_path)
    article = Article(id="a", paragraphs=("",), date="2012-03-01")
    assert [p.code for p in read_context(article, tables).parts("فلان الزنجبيلي")] == ["QAT.GOV"]
    assert role_at(tables.actors["zz"], "2020-01-01")[0].sector == "ELI"


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("zz\tفلان\tF\tQQQ\tGOV\t\t\tperson", "country"),
        ("zz\tفلان\tF\tQAT\tKING\t\t\tperson", "sector"),
        ("zz\tفلان\tF\tQAT\tGOV\tyesterday\t\tperson", "from"),
        ("zz\tفلان\tF\tQAT\tGOV\t2015\t2010\tperson", "to"),
        ("zz\tفلان\tZZ official : YY agency\tQAT\tGOV\t\t\tstate agency", "latin"),
    ],
)
def test_bad_row_is_named(tmp_path: Path, row: str, column: str) -> None:
    head = "id\tnames\tlatin\tcountry\tsector\tfrom\tto\trole\n"
    (tmp_path / "actors_mine.tsv").write_text(head + row + "\n", encoding="utf-8")
    with pytest.raises(TableError) as fault:
        load_tables(tmp_path)
    assert (fault.value.line, fault.value.column) == (2, column)
    assert "actors_mine.tsv" in str(fault.value)


def test_every_line_of_the_counts_and_words_can_be_read() -> None:
    for table in (*load_counts(), load_weights().words):
        assert isinstance(table, schema.Lines)
        for key in table._lines:
            assert table.get(key) is not None
        assert table.get("no such key") is None
