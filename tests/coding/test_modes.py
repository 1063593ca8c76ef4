"""Words that name the mode of their act."""

from __future__ import annotations

import pytest

from khabar.arabic import fold_key
from khabar.codebook import MODES
from khabar.coding.lexicon import read_table
from khabar.coding.modes import left_by


def test_the_table_holds_modes_of_their_types() -> None:
    rows = read_table("mode_words.tsv")
    assert len({(row["word"], row["type"], row["after"]) for row in rows}) == len(rows)
    for row in rows:
        assert (row["word"], row["after"]) == (fold_key(row["word"]), fold_key(row["after"]))
        assert {m for m in row["modes"].split("|") if m != "-"} <= set(MODES[row["type"]])
        assert row["counted"] == "" or int(row["counted"]) >= 8


@pytest.mark.parametrize(
    ("word", "kind", "modes"),
    [
        ("وأضرب", "PROTEST", {"strike", "hunger"}),
        ("الإضراب", "PROTEST", {"strike", "hunger"}),
        ("اتهمت", "ACCUSE", {"allege"}),
        ("اتصالا", "CONSULT", {"phone"}),
    ],
)
def test_modes_that_a_word_leaves(word: str, kind: str, modes: set[str]) -> None:
    assert left_by(word, kind) == modes


def test_what_follows_tells_more() -> None:
    assert left_by("أضرب", "PROTEST", " سجناء سياسيون عن الطعام منذ الأحد") == {"hunger"}
    assert left_by("أضرب", "PROTEST", " آلاف العمال عن العمل") == {"strike", "hunger"}


def test_a_word_that_says_nothing() -> None:
    assert left_by("أضرب", "ASSAULT") is None
    assert left_by("عقرب", "PROTEST") is None
