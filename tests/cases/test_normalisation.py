"""Public fault reports about spelling, and their siblings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from khabar.arabic import clean_text, fold_key, strip_marks

CASES = [
    json.loads(line) for line in Path(__file__).with_name("cases_normalisation.jsonl").read_text("utf-8").splitlines()
]


CHECKS = {
    "same_key": lambda c: fold_key(c["params"]["a"]) == fold_key(c["params"]["b"]),
    "clean_text": lambda c: clean_text(c["input"]),
    "strip_marks": lambda c: strip_marks(c["input"]),
}


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["id"])
def test_reported_fault(case: dict[str, Any]) -> None:
    assert CHECKS[case["check"]](case) == case["expected"]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("مسؤول", "مسو\u0654ول"),  # decomposed hamza on waw
        ("رئيس", "ري\u0654يس"),
        ("رئيس", "رى\u0654يس"),
        ("آسيا", "ا\u0653سيا"),  # decomposed madda
        ("إيران", "ا\u0655يران"),
        ("الحكومة", "الحكومه"),
        ("على", "علی"),
        ("كردستان", "ڪردستان"),
        ("الـــقاهرة", "القاهرة"),
        ("٢٠٢٢", "2022"),
        ("۲۰۲۲", "2022"),
        ("ﺍﻟﻘﺎﻫﺮﺓ", "القاهرة"),  # presentation forms
        ("ﻷن", "لأن"),
        ("الله", "ﷲ"),
        ("هٰذا", "هذا"),
        ("مُحَمَّدٌ", "محمد"),
        ("قطر\u00a0 والبحرين", "قطر والبحرين"),
        ("ہم", "هم"),
        ("ﻣﻦ\u200d", "من"),
        ("\u2067الرياض\u2069", "الرياض"),
        ("سورية", "سوريه"),
    ],
)
def test_same_key(a: str, b: str) -> None:
    assert fold_key(a) == fold_key(b)


@pytest.mark.parametrize(("a", "b"), [("حسن", "حسين"), ("كلب", "قلب"), ("سعد", "سعيد"), ("غزة", "عزة"), ("ذهب", "دهب")])
def test_different_words_keep_different_keys(a: str, b: str) -> None:
    assert fold_key(a) != fold_key(b)


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("ﻷول مرة", "لأول مرة"),
        ("\u202bالقدس\u202c", "القدس"),
        ("الري\u00adاض", "الرياض"),
        ("ﷺ", "صلى الله عليه وسلم"),
        ("اﻹمارات", "الإمارات"),
        ("جمهورـــية", "جمهورية"),
        ("1445 هـ", "1445 هـ"),
        ("لـ«حماس»", "لـ«حماس»"),
        ("قال:\u00a0\u00a0نعم", "قال: نعم"),
        ("سطر\r\n\r\nآخر", "سطر\nآخر"),
        ("هٰذا الرَّأْيُ", "هٰذا الرَّأْيُ"),  # marks are letters' own, a reader sees them
        ("الکویت", "الکویت"),
        ("مسا\x07ء", "مساء"),
    ],
)
def test_clean_text(given: str, clean: str) -> None:
    assert clean_text(given) == clean


@pytest.mark.parametrize(
    ("given", "plain"), [("سُؤَال", "سؤال"), ("ٱلْقُرْآن", "ٱلقرآن"), ("ا\u0653ب", "آب"), ("ـٰ", ""), ("ط ۖ", "ط ")]
)
def test_strip_marks(given: str, plain: str) -> None:
    assert strip_marks(given) == plain
