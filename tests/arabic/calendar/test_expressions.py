"""Expressions of all calendar traditions with their values, written for the project (`expressions.tsv`).

Kinds: date (value), datetime (value and clock), time (clock), duration and set (ISO duration), length (a dated
expression's duration), open (found, but neither text nor reference fixes it), none (no expression with a value).
"""

from datetime import date
from pathlib import Path

import pytest

from khabar.arabic.calendar import find_times

ROWS = [
    line.split("\t")
    for line in Path(__file__).with_name("expressions.tsv").read_text(encoding="utf-8").splitlines()[1:]
]


def test_the_set_is_large_and_of_all_kinds() -> None:
    assert len(ROWS) >= 400
    assert {row[3] for row in ROWS} == {
        "date", "datetime", "time", "duration", "set", "length", "open", "none",
    }  # fmt: skip


@pytest.mark.parametrize(("text", "reference", "value", "kind"), ROWS, ids=[f"{r[0]} ({r[1]})" for r in ROWS])
def test_expression(text: str, reference: str, value: str, kind: str) -> None:
    found = find_times(text, date.fromisoformat(reference) if reference else None)
    if kind == "none":
        assert [e for e in found if e.value or e.clock] == []
        return
    assert len(found) == 1, found
    (one,) = found
    assert text[one.start : one.end] == one.text
    told = {
        "date": one.value,
        "open": one.value or "",
        "datetime": f"{one.value}T{one.clock}",
        "time": one.clock,
        "duration": one.duration if one.kind == "duration" else None,
        "length": one.duration,
        "set": one.duration if one.kind == "set" else None,
    }
    assert told[kind] == value, one
