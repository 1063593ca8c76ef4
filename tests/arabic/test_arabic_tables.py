"""The tables of the Arabic layer have the columns and values that the code expects."""

from __future__ import annotations

import pytest

from khabar.arabic import fold_key, folding, strip_article, strip_proclitics
from khabar.arabic.clitics import read_table
from khabar.arabic.numbers_words import _SCALES, _STARTS

KINDS = {*_STARTS, *_SCALES, "ordinal", "ordinal_first"}


def test_clitic_words() -> None:
    rows = read_table("clitic_words.tsv")
    assert len({(r["word"], r["first"]) for r in rows}) == len(rows)
    for row in rows:
        assert row["first"] in ("و", "ف", "ب", "ل", "ك", "س", "ال")
        assert row["word"].startswith(row["first"])
        assert row["word"] == fold_key(row["word"])
        assert row["cut"] in ("yes", "no")


def test_vocabulary() -> None:
    rows = read_table("vocabulary.tsv")
    assert len({r["word"] for r in rows}) == len(rows) > 20_000
    assert all(int(r["count"]) >= 10 and r["word"] == fold_key(r["word"]) for r in rows)


def test_number_words() -> None:
    rows = read_table("number_words.tsv")
    assert len({r["word"] for r in rows}) == len(rows)
    assert {r["kind"] for r in rows} <= KINDS
    assert all(float(r["value"]) > 0 and r["word"] == fold_key(r["word"]) for r in rows)


def test_number_modifiers() -> None:
    rows = read_table("number_modifiers.tsv")
    assert {r["side"] for r in rows} == {"before", "after"}
    assert {r["modifier"] for r in rows} == {">=", "<=", "~"}
    assert all(r["cue"] == fold_key(r["cue"]) for r in rows)
    assert len({(r["cue"], r["side"]) for r in rows}) == len(rows)


@pytest.mark.parametrize(
    ("table", "columns"), [("dual_nouns.tsv", {"singular", "oblique"}), ("name_variants.tsv", {"name", "variant"})]
)
def test_columns(table: str, columns: set[str]) -> None:
    rows = read_table(table)
    assert rows
    assert all(set(row) == columns and all(row.values()) for row in rows)


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("واشنطن", "واشنطن"), ("وواشنطن", "واشنطن"), ("بغداد", "بغداد"), ("ببغداد", "بغداد"), ("كوريا", "كوريا"),
        ("لكوريا", "كوريا"), ("وللحكومة", "الحكومه"), ("للبنان", "لبنان"), ("للجنة", "اللجنه"), ("بالسلام", "السلام"),
        ("سيلتقي", "يلتقي"), ("سياسة", "سياسه"), ("والتقى", "التقي"), ("بيان", "بيان"), ("ببيان", "بيان"),
        ("لقاء", "لقاء"), ("للقاء", "اللقاء"), ("فلسطين", "فلسطين"), ("لفلسطين", "فلسطين"), ("واحد", "واحد"),
        ("وزير", "وزير"), ("ووزير", "وزير"), ("كالعادة", "العاده"), ("لتزويده", "تزويده"), ("وطعنت", "طعنت"),
        ("ب«الإرهاب»", "الارهاب"), ("وفي", "في"), ("فهو", "هو"), ("ولايات", "ولايات"), ("والده", "والده"),
        ("وحدات", "وحدات"), ("كان", "كان"), ("لكن", "لكن"), ("ليبيا", "ليبيا"), ("بريطانيا", "بريطانيا"),
    ],
)  # fmt: skip
def test_strip_proclitics(word: str, stem: str) -> None:
    assert strip_proclitics(word) == stem


@pytest.mark.parametrize(
    ("word", "bare"),
    [("الحكومة", "حكومه"), ("ألمانيا", "المانيا"), ("التزام", "التزام"), ("التي", "التي"), ("إلغاء", "الغاء"),
     ("القاهرة", "قاهره"), ("ألف", "الف"), ("إلى", "الي"), ("البيان", "بيان")],
)  # fmt: skip
def test_strip_article(word: str, bare: str) -> None:
    assert strip_article(word) == bare


def test_no_character_that_is_replaced_stands_outside_the_blocks() -> None:
    inside = {code for block in folding._BLOCKS for code in block}
    outside = (chr(code) for code in range(0x10000) if code not in inside and not 0xD800 <= code < 0xE000)
    assert [char for char in outside if folding._is_invisible(char) or char.isspace()] == []
