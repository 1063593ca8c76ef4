"""Public fault reports about order, width and direction on the screen, and their siblings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from khabar.arabic import direction, visual, width

CASES = [json.loads(line) for line in Path(__file__).with_name("cases_display.jsonl").read_text("utf-8").splitlines()]


CHECKS = {
    "visual": lambda c: visual(c["input"]),
    "width": lambda c: width(c["input"]),
    "direction": lambda c: direction(c["input"]),
}


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["id"])
def test_reported_fault(case: dict[str, Any]) -> None:
    assert CHECKS[case["check"]](case) == case["expected"]


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("«المرفأ» تفوز", "rtl"),
        ("BBC تعلن عن برامج جديدة", "rtl"),
        ("Reuters said (رويترز) today", "ltr"),
        ("- 12 قتيلا", "rtl"),
        ("2022", "ltr"),
        ("", "ltr"),
        ("<html lang='en'><p>قال الوزير ذلك</p><script>var a = b + c</script></html>", "rtl"),
        ("<p>The minister said</p>", "ltr"),
        ("שלום", "rtl"),
    ],
)
def test_direction(text: str, way: str) -> None:
    assert direction(text) == way


@pytest.mark.parametrize(
    ("text", "columns"),
    [("سلام", 4), ("", 0), ("a\u200bب", 2), ("日本", 4), ("هٰذا", 3), ("\u200fقطر\u200f", 3), ("لا", 2)],
)
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("قتل 15 شخصا", "اصخش 15 لتق"),
        ("نسبة 10.5%", "%10.5 ةبسن"),
        ("10.5% only", "10.5% only"),
        ("قال (نعم)", "(معن) لاق"),
        ("قال BBC NEWS ذلك", "كلذ BBC NEWS لاق"),
        ("the word سلام here", "the word مالس here"),
        ("2020-10-01", "2020-10-01"),
        ("في 2020-10-01", "01-10-2020 يف"),
        ("مُ", "مُ"),
        ("سطر\nآخر", "رطس\nرخآ"),
        ("plain text", "plain text"),
    ],
)
def test_visual(text: str, shown: str) -> None:
    assert visual(text) == shown
