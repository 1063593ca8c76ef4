"""Public fault reports about search, and their siblings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from khabar.arabic import matches, search_key, search_terms

CASES = [json.loads(line) for line in Path(__file__).with_name("cases_search.jsonl").read_text("utf-8").splitlines()]


CHECKS = {"search_hit": lambda c: matches(c["input"], c["params"]["query"])}


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["id"])
def test_reported_fault(case: dict[str, Any]) -> None:
    assert CHECKS[case["check"]](case) == case["expected"]


@pytest.mark.parametrize(
    ("text", "query", "hit"),
    [
        ("اعتقل مشتبه به في هجوم إرهابي أمس", "إرهابي", True),
        ("وصل أحمد إلى المطار", "احمد", True),
        ("دعا إلى التمسك بالسلام والعدل", "السلام", True),
        ("أعلنت الحكومة نتائج", "حكومة", True),
        ("خطة لمكافحة الحرائق", "مكافحة", True),
        ("ارتفع سعر البطاطس", "طاطس", False),
        ("فهم الموقف صعب", "هم", False),
        ("المجلس الوطني", "الوطنى", True),
        ("٥٠ قتيلا", "50", True),
        ("كتب المسئول", "مسؤول", True),
        ("للبنان", "لبنان", True),
        ("وللحكومة", "الحكومة", True),
        ("قال NATO", "nato", True),
        ("الـــقاهرة", "القاهرة", True),
        ("۲۵ سنة", "25", True),
        ("27,300 شخص", "٢٧٬٣٠٠", True),
        ("بالأمم المتحدة", "الأمم المتحدة", True),
        ("ولد في باريس", "لد", False),
        ("كوريا", "وريا", False),
        ("وزير", "زير", False),
        ("سلام", "لام", False),
        ("ليبيا", "يبيا", False),
        ("فلسطين", "لسطين", False),
        ("كوفيد-19", "كوفيد", True),
        ("الکویت", "الكويت", True),
        ("", "", False),
        ("بلاد", "لاد", False),
        ("فريق", "ريق", False),
        ("واحد", "احد", False),
        ("بيان", "يان", False),
        ("وليد", "ليد", False),
        ("لهم", "هم", False),
        ("كما", "ما", False),
        ("المئة", "مائة", True),
        ('وصل إلى "بيت لحم"', '"بيت لحم"', True),
        ("لحم في بيت", '"بيت لحم"', False),
        ("ب«المقاومة» فقط", "المقاومة", True),
        ("الأخيرة", "اخيره", True),
        ("زار ألمانيا", "المانيا", True),
        ("التزام", "تزام", False),
        ("اﻹمارات", "الإمارات", True),
        ("سَلَام", "سلام", True),
        ("كردستان", "ردستان", False),
        ("وللفلسطينيين", "الفلسطينيين", True),
        ("سيلتقي", "يلتقي", True),
        ("والقدس وبالقدس", "القدس", True),
    ],
)
def test_matches(text: str, query: str, hit: bool) -> None:
    assert matches(text, query) is hit


def test_terms_stand_in_the_key_in_order() -> None:
    text = "وقالت الحكومة إن 1٬500 نازح وصلوا إلى بيت لحم"
    assert search_key(text).split() == search_terms(text)
    assert search_terms("1,500") == ["1500"]
