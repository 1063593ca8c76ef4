"""What holds for all expressions, the tables, Hijri conversion, and what needs more context than one expression."""

from __future__ import annotations

import csv
import re
from datetime import date, timedelta
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khabar.arabic.calendar import find_times, from_hijri, parse_date, to_hijri
from khabar.arabic.calendar.hijri import month_length

REFERENCE = date(2022, 7, 16)
VALUE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?(/\d{4}(-\d\d(-\d\d)?)?)?")
DAYS = {"الخميس": 3, "السبت": 5, "الأحد": 6}
MIXTURE = (
    "أمس اليوم غدا السبت الأحد الماضي المقبل الجاري قبل بعد منذ من إلى حتى و بين عام العام 2015 1443 12 3 يومين أيام "
    "أسبوع الأسبوع شهر سنوات مايو أبريل/نيسان نيسان (أبريل) كانون 2 الثاني الأول رمضان هـ م - : ، . الساعة 10:30 مساء "
    "ليل صيف مطلع نهاية القرن التسعينيات كل خلال الـ24 ساعة العاشر عشر والعشرين نفسه التالي"
)
PIECES = st.sampled_from(MIXTURE.split(" "))


@given(st.lists(PIECES, max_size=14).map(" ".join))
def test_any_mixture_gives_well_formed_expressions(text: str) -> None:
    last = 0
    for one in find_times(text, REFERENCE):
        assert last <= one.start < one.end <= len(text)
        assert text[one.start : one.end] == one.text
        assert one.reason
        assert one.value is None or VALUE.fullmatch(one.value)
        if one.value and "/" in one.value:
            first, second = one.value.split("/")
            size = min(len(first), len(second))
            assert first[:size] <= second[:size]
        last = one.end


@given(st.text(max_size=80))
def test_no_text_is_an_error(text: str) -> None:
    find_times(text, REFERENCE)
    find_times(text)


@given(
    st.dates(min_value=date(2000, 1, 1), max_value=date(2030, 12, 31)), st.sampled_from(["السبت", "الأحد", "الخميس"])
)
def test_weekdays_lie_within_a_week(reference: date, name: str) -> None:
    weekday = DAYS[name]
    for text, low, high in ((name, -6, 0), (f"{name} الماضي", -7, -1), (f"{name} المقبل", 1, 7)):
        value = find_times(text, reference)[0].value
        assert value is not None
        day = date.fromisoformat(value)
        assert day.weekday() == weekday
        assert low <= (day - reference).days <= high


@pytest.mark.parametrize("text", ["نزل الجنود", "", "ا", "في من إلى", "قال 2 من 3", "مدينة آب", "عقد اجتماعا", "ساعة"])
def test_no_expression(text: str) -> None:
    assert find_times(text, REFERENCE) == []


@given(st.dates(min_value=date(700, 1, 1), max_value=date(2170, 1, 1)))
def test_hijri_goes_there_and_back(day: date) -> None:
    hijri = to_hijri(day)
    assert from_hijri(*hijri) == day
    assert 1 <= hijri[2] <= month_length(hijri[0], hijri[1])


def test_hijri_calendar_joins_the_tabular_one_without_a_hole() -> None:
    for edge in (from_hijri(1343, 1, 1), from_hijri(1501, 1, 1)):
        before = to_hijri(edge - timedelta(days=1))
        assert before[1] == 12
        assert before[2] in (28, 29, 30)  # Umm al-Qura and the tabular calendar may part by a day there


@pytest.mark.parametrize("bad", [(1443, 13, 1), (1443, 9, 31), (0, 1, 1), (1443, 0, 1), (99999, 1, 1)])
def test_impossible_hijri_days(bad: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="no Hijri day"):
        from_hijri(*bad)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("وقع الهجوم في 3 مايو 2021 وفي اليوم التالي وصل الوفد", ["2021-05-03", "2021-05-04"]),
        ("وقع الهجوم في 3 مايو 2021، وفي اليوم نفسه رد الجيش", ["2021-05-03", "2021-05-03"]),
        ("بدأت الحرب عام 2015. وفي العام التالي سقطت المدينة", ["2015", "2016"]),
        ("بدأت في مارس 2015. وفي الشهر نفسه دخلت القوات", ["2015-03", "2015-03"]),
        ("استقال في 2011 وكان حينها رئيسا", ["2011", "2011"]),
        ("وقع الاتفاق في 3 مايو 2021 وبعد يومين انهار", ["2021-05-03", "2021-05-05"]),
        ("غادر في 2010 وعاد بعد ثلاث سنوات", ["2010", "2013"]),
        ("اندلعت في 26 مارس 2015، ومنذ ذلك الحين قتل الآلاف", ["2015-03-26", "2015-03-26/2022-07-16"]),
        ("اندلعت الثورة في 1952 وفي 26 يوليو غادر الملك", ["1952", "1952-07-26"]),
        ("قصفت الطائرات الميناء الخميس، بعد يومين من انهيار الهدنة", ["2022-07-14", "2022-07-12"]),
    ],
)
def test_times_that_go_back_to_another(text: str, values: list[str]) -> None:
    assert [e.value for e in find_times(text, REFERENCE)] == values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("منذ عام 2015 والحرب", "منذ عام 2015"),
        ("والسبت وصل", "السبت"),
        ("وبالأمس غادر", "بالأمس"),
        ("ـ في ١٥ نِيسَانَ ٢٠٢١، كما", "١٥ نِيسَانَ ٢٠٢١"),
        ("(أمس)", "أمس"),
        ("يوم «الجمعة» المقبل", "الجمعة"),
    ],
)
def test_span(text: str, expected: str) -> None:
    assert expected in [e.text for e in find_times(text, REFERENCE)]


def test_since_holds_its_date_as_a_part() -> None:
    (one,) = find_times("منذ مارس 2011", REFERENCE)
    assert one.value == "2011-03/2022-07-16"
    assert [(p.text, p.value) for p in one.parts] == [("مارس 2011", "2011-03")]


def test_future_can_be_told() -> None:
    assert [e.value for e in find_times("الاثنين", REFERENCE, future=True)] == ["2022-07-18"]
    assert [e.value for e in find_times("سيصل الاثنين", REFERENCE, future=False)] == ["2022-07-11"]


def test_parse_date_takes_the_finest() -> None:
    found = parse_date("تقرير 2021 السنوي، نشر في 5 يناير 2022")
    assert found is not None
    assert found.value == "2022-01-05"
    assert parse_date("تقرير سنوي") is None


TABLES = {
    "months.tsv": ["name", "month", "calendar", "tradition", "weak"],
    "cues.tsv": ["form", "category", "value", "tag"],
    "names.tsv": ["cue", "month", "day", "value", "note"],
    "holidays.tsv": ["name", "calendar", "month", "day", "days", "note"],
    "not_future.tsv": ["prefix"],
}
CATEGORIES = {
    "weekday", "unit", "direction", "part", "daypart", "season", "decade", "number", "ordinal", "counted", "act",
    "function",
}  # fmt: skip


@pytest.mark.parametrize(("name", "header"), TABLES.items())
def test_tables_keep_their_form(name: str, header: list[str]) -> None:
    text = files("khabar.arabic.calendar").joinpath("data", name).read_text(encoding="utf-8")
    rows = list(csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
    assert rows[0] == header
    for row in rows[1:]:
        assert len(row) == len(header), row
        assert row[0] == row[0].strip() != ""
        record = dict(zip(header, row, strict=True))
        if name == "cues.tsv":
            assert record["category"] in CATEGORIES
            int(record["value"])
        if "calendar" in record:
            assert record["calendar"] in ("gregorian", "hijri")
        if "month" in record:
            assert 1 <= int(record["month"]) <= 12
    assert len({tuple(row[:3]) for row in rows}) == len(rows), "a row stands twice"
