"""Hijri dates from public fault reports of this field (R59 to R68), each with siblings of its kind."""

from __future__ import annotations

from datetime import date

import pytest

from khabar.arabic.calendar import find_times, parse_date, to_hijri


@pytest.mark.parametrize(
    ("day", "hijri"),
    [
        ("2024-12-02", (1446, 6, 1)),  # R59: no thirtieth of a month of 29 days
        ("2024-12-01", (1446, 5, 29)),
        ("2016-02-17", (1437, 5, 8)),  # R62: Jumada I
        ("2016-07-05", (1437, 9, 30)),  # R66: Umm al-Qura; other countries said 1 Shawwal
        ("2016-07-06", (1437, 10, 1)),
        ("2022-07-30", (1444, 1, 1)),
    ],
)
def test_to_hijri(day: str, hijri: tuple[int, int, int]) -> None:
    assert to_hijri(date.fromisoformat(day)) == hijri


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("28/5/1442 هـ", "2021-01-12"),  # R60: numeric
        ("٢٨/٥/١٤٤٢هـ", "2021-01-12"),
        ("1442/5/28 هـ", "2021-01-12"),
        ("28-05-1442", "2021-01-12"),
        ("22 شوال 1440", "2019-06-25"),  # R63: names at their places
        ("22 ذي القعدة 1440", "2019-07-25"),
        ("22 رجب 1440", "2019-03-29"),
        ("ثاني أحد من شهر جمادى الأولى عام 1443", "2021-12-12"),  # R64: n-th weekday of a month
        ("أول جمعة من شهر رمضان 1443", "2022-04-08"),
        ("آخر جمعة من شهر رمضان 1443", "2022-04-29"),
        ("ثالث خميس من نوفمبر 2021", "2021-11-18"),
        ("24 محرم 1404", "1983-10-30"),  # R67: hijridate's day; others give the 31st
    ],
)
def test_date(text: str, value: str) -> None:
    found = parse_date(text)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize(("text", "uncertain"), [("24 محرم 1404", "differ by a day"), ("10 صفر 1004 هـ", "two days")])
def test_uncertainty_is_said(text: str, uncertain: str) -> None:  # R67
    found = parse_date(text)
    assert found is not None
    assert uncertain in found.reason


def test_far_outside_the_table() -> None:  # R65: a date, Hijri, not Gregorian 1004, no error
    found = parse_date("10 صفر 1004 هـ")
    assert found is not None
    assert found.calendar == "hijri"
    assert found.value == "1595-10-15"
    assert to_hijri(date.fromisoformat(found.value)) == (1004, 2, 10)


@pytest.mark.parametrize(
    "text",
    [
        "الأربعاء 5 رمضان 1443هـ الموافق 6 أبريل 2022م",  # R68: one day in two calendars counts once
        "الأربعاء 6 أبريل 2022م الموافق 5 رمضان 1443هـ",
        "5 رمضان 1443 هـ - 6 نيسان 2022",
        "6 أبريل 2022 (5 رمضان 1443)",
        "5/9/1443هـ الموافق 6/4/2022م",
    ],
)
def test_double_date(text: str) -> None:
    assert [e.value for e in find_times(text)] == ["2022-04-06"]
