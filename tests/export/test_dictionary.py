"""The data dictionary names every column that is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from khabar.archive.counts import BY
from khabar.archive.rows import PartyCell, PlaceCell, Row
from khabar.codebook import TYPES
from khabar.export import CSV_COLUMNS, FORMATS, intensity
from khabar.export import icews as icews_format
from khabar.export import polecat as polecat_format

TEXT = (Path(__file__).parents[2] / "docs" / "data-dictionary.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return re.split(r"^## ", TEXT.partition(f"\n## {title}")[2], maxsplit=1, flags=re.M)[0]


@pytest.mark.parametrize(
    ("title", "columns"),
    [("csv", CSV_COLUMNS), ("polecat", polecat_format.COLUMNS), ("icews", icews_format.COLUMNS), ("counts", BY)],
)
def test_every_column_is_described(title: str, columns: tuple[str, ...]) -> None:
    named = set(re.findall(r"`([^`]+)`", section(title)))
    assert set(columns) - named == set()


def test_nested_keys_of_jsonl_are_described() -> None:
    words = set(re.findall(r"\w+", section("jsonl") + section("csv")))
    for record in (PartyCell, PlaceCell, Row):
        assert set(record.__struct_fields__) - words == set()


def test_every_format_has_its_section() -> None:
    titles = " ".join(re.findall(r"^## (.*)$", TEXT, flags=re.M))
    assert all(name in titles for name in FORMATS)


def test_printed_intensities_are_those_of_the_table() -> None:
    printed = section("Intensity").replace("−", "-").partition(":")[2].partition("Modes")[0]
    found: dict[str, float] = {}
    for names, value in re.findall(r"((?:[A-Z]+(?: and )?)+) (-?[\d.]*\d)", printed):
        found |= {name: float(value) for name in names.split(" and ")}
    assert found == {type_: intensity(type_) for type_ in TYPES}
