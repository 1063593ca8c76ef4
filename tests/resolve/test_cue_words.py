"""The short lists of words: their schema, and that code and table name the same lists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import khabar.resolve
from khabar.resolve import TableError, cues, schema
from khabar.resolve.cues import COLUMNS, TOLD, cue_words, told
from khabar.resolve.place_words import capitals

ROWS = list(schema.read_rows(schema.package_text("cue_words.tsv"), "cue_words.tsv", COLUMNS))


def test_code_and_table_name_the_same_lists() -> None:
    code = "".join(path.read_text("utf-8") for path in Path(khabar.resolve.__file__).parent.glob("*.py"))
    asked = set(re.findall(r'cue_words\("([^"]+)"\)', code)) | set(re.findall(r'told\("([^"]+)"\)', code))
    assert asked == {row["kind"].partition("=")[0] for row in ROWS}
    assert all((row["kind"].partition("=")[0] in TOLD) == ("=" in row["kind"]) for row in ROWS)


def test_every_form_stands_once_in_its_list() -> None:
    for row in ROWS:
        assert len(set(row.list("forms"))) == len(row.list("forms")), row["kind"]


def test_what_lists_say() -> None:
    assert "في" in cue_words("preposition")
    assert capitals()["JOR"] == ("عمان",)
    assert told("adjective")["PSE"] == ("غزي", "مقدسي")
    with pytest.raises(KeyError):
        cue_words("nonsense")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("kind\tforms\nx\tا\nx\tب\n", "line 3, column kind: there is a list «x» already"),
        ("kind\tforms\nx\t\n", "line 2, column forms: a list needs a form"),
    ],
)
def test_a_faulty_row_is_named(text: str, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "package_text", lambda _: text)
    with pytest.raises(TableError, match=re.escape(fault)):
        cues._lists.__wrapped__()
