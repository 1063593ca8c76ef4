"""Public fault reports about names of persons, and their siblings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from khabar.arabic import name_key, same_name

CASES = [json.loads(line) for line in Path(__file__).with_name("cases_name.jsonl").read_text("utf-8").splitlines()]


CHECKS = {"same_name": lambda c: same_name(c["params"]["a"], c["params"]["b"])}


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["id"])
def test_reported_fault(case: dict[str, Any]) -> None:
    assert CHECKS[case["check"]](case) == case["expected"]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("عبد الكريم التازي", "عبدالكريم التازي"),
        ("سالم الحسن", "سالم  الحسن"),
        ("خالد", "Khaled"),
        ("ابوسالم المصرى", "أبو سالم المصري"),
        ("ترامب", "ترمب"),
        ("دونالد ترامب", "دونالد ترمب"),
        ("غوتيريش", "جوتيريش"),
        ("أنطونيو غوتيريش", "انطونيو غوتيريس"),
        ("محمد", "Mohammed"),
        ("محمد", "Muhammad"),
        ("محمد بن سلمان", "Mohammed bin Salman"),
        ("حسين", "Hussein"),
        ("حسن", "Hassan"),
        ("معمر القذافي", "Muammar Gaddafi"),
        ("معمر القذافي", "Moammar al-Qaddafi"),
        ("بشار الأسد", "Bashar al-Assad"),
        ("بشار الأسد", "Bashar el Asad"),
        ("عمر البشير", "Omar al-Bashir"),
        ("نور الدين", "نورالدين"),
        ("عبد الفتاح السيسي", "Abdel Fattah el-Sisi"),
        ("عبد الفتاح السيسي", "Abdelfattah al-Sisi"),
        ("فاطمة", "Fatima"),
        ("يوسف", "Youssef"),
        ("يوسف", "Yusuf"),
        ("إبراهيم رئيسي", "Ebrahim Raisi"),
        ("زيلينسكي", "زيلنسكي"),
        ("Mohamed", "Muhammad"),
        ("نيكول باشينيان", "Nikol Pashinyan"),
        ("بوتين", "Putin"),
        ("هدى", "هدي"),
        ("طه ياسين", "طه ياسين"),
        ("عُمَر", "عمر"),
        ("سعود", "Saud"),
        ("علي", "Ali"),
        ("ميخائيل غورباتشوف", "ميخائيل جورباتشوف"),
        ("أبو بكر البغدادي", "ابي بكر البغدادي"),
        ("عائشة", "Aisha"),
        ("خليفة حفتر", "Khalifa Haftar"),
        ("جمال", "Gamal"),
        ("جمال", "Jamal"),
        ("قاسم", "Qassem"),
        ("شريف", "Sherif"),
        ("رؤوف", "رءوف"),
        ("حسن نصر الله", "حسن نصرالله"),
        ("حسن نصر الله", "Hassan Nasrallah"),
        ("ذو الفقار", "ذوالفقار"),
        ("عبد الله", "Abdullah"),
        ("عبد الله", "Abdallah"),
        ("عبد الرحمن", "Abdulrahman"),
        ("عبد الرحمن", "Abd al-Rahman"),
        ("أحمد الشرع", "Ahmed al-Sharaa"),
        ("إسماعيل هنية", "Ismail Haniyeh"),
        ("Erdoğan", "Erdogan"),
        ("أردوغان", "Erdogan"),
    ],
)
def test_same_name(a: str, b: str) -> None:
    assert same_name(a, b)
    assert same_name(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("سالم", "ناصر"),
        ("حسن", "حسين"),
        ("سلمان", "سليمان"),
        ("غالب", "جالب"),
        ("سالم", "سليم"),
        ("حسن", "Hussein"),
        ("Hassan", "Hussein"),
        ("محمد", "محمود"),
        ("محمد", "Mahmoud"),
        ("محمد", "أحمد"),
        ("Salem", "Salim"),
        ("", ""),
        ("123", "456"),
        ("كمال", "جمال"),
        ("محمد بن سلمان", "محمد سلمان"),
        ("خالد", "Walid"),
        ("عمر", "عمرو"),
        ("حسني", "حسن"),
        ("ناصر", "Nasrallah"),
        ("علي", "عالي"),
        ("أمين", "آمن"),
        ("سعيد", "سعد"),
        ("Said", "Saad"),
        ("محمد علي", "علي محمد"),
        ("كريم", "كرم"),
        ("سمير", "Samar"),
        ("نبيل", "Nabila"),
    ],
)
def test_other_name(a: str, b: str) -> None:
    assert not same_name(a, b)
    assert not same_name(b, a)


def test_names_of_different_scripts_have_a_key() -> None:
    assert name_key("Khaled")
    assert name_key("خالد")
    assert not name_key("123 -")
