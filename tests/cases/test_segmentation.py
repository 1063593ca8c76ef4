"""Public fault reports about sentences, words and tokens, and their siblings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from khabar.arabic import sentences, tokens, words

CASES = [
    json.loads(line) for line in Path(__file__).with_name("cases_segmentation.jsonl").read_text("utf-8").splitlines()
]


def sentence_texts(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


CHECKS = {
    "sentences": lambda c: sentence_texts(c["input"]),
    "words": lambda c: [w.text for w in words(c["input"])],
    "tokens": lambda c: [t.text for t in tokens(c["input"])],
}


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["id"])
def test_reported_fault(case: dict[str, Any]) -> None:
    assert CHECKS[case["check"]](case) == case["expected"]


@pytest.mark.parametrize(
    "parts",
    [
        ["هل عاد الوزير؟", "نعم، عاد أمس."],
        ["توقف القتال!", "وعاد الهدوء."],
        ["قال د. سالم إن اللقاء انتهى.", "ثم غادر."],
        ["نقلت (أ.ف.ب) الخبر عن مصدر.", "ونفاه آخر."],
        ["قال م. خالد العمري ذلك.", "وأكده غيره."],
        ["بلغت النسبة ٣.٥ في المئة.", "ولم ترتفع."],
        ["زار موقع bbc.com وغادر.", "وعاد."],
        ["مصر.. الحكومة تقر القانون"],
        ["وقع ذلك عام 2005.", "وقال شهود إنه سمع."],
        ["1. مقدمة البيان طويلة", "2. خاتمة البيان قصيرة"],
        ["قال: «لن نعود.»", "وغادر القاعة."],
        ["سأل «أين الوفد؟» ثم خرج."],
        ["صدر سنة 1445 هـ.", "وطبع بعدها."],
        ["في U.S. Army جنود.", "وفيهم ضباط."],
        ["انتظروا…", "ثم عادوا."],
    ],
)
def test_sentences(parts: list[str]) -> None:
    assert sentence_texts(("\n" if parts[0].startswith("1.") else " ").join(parts)) == parts


def test_no_space_after_the_stop() -> None:
    assert sentence_texts("انتهى عام 2005.وقال الوزير ذلك.ثم عاد") == ["انتهى عام 2005.", "وقال الوزير ذلك.", "ثم عاد"]
    assert sentence_texts("وصل الوفد؟\nلا") == ["وصل الوفد؟", "لا"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(القدس)، «غزة»: نعم!", ["القدس", "غزة", "نعم"]),
        ("قال – أمس - إنه", ["قال", "أمس", "إنه"]),
        ("الأمم\u00a0المتحدة", ["الأمم", "المتحدة"]),
        ("...", []),
        ("1،000 و10.5.", ["1،000", "و10.5"]),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert [w.text for w in words(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("بلغ 10.5%، نعم", ["بلغ", "10.5", "%", "،", "نعم"]),
        ("«غزة»؟", ["«", "غزة", "»", "؟"]),
        ("انظر https://a.example/b?c=1.", ["انظر", "https://a.example/b?c=1", "."]),
        ("#غزة_الآن هنا", ["#غزة_الآن", "هنا"]),
        ("عاد!؟", ["عاد", "!؟"]),
        ("الرَّأْيُ؛", ["الرَّأْيُ", "؛"]),
        ("بلغ ١٬٠٠٠٫٥.", ["بلغ", "١٬٠٠٠٫٥", "."]),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert [t.text for t in tokens(text)] == expected
