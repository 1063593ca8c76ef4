"""Dates from public fault reports of this field (their numbers are R25 to R54), each with siblings of its kind."""

from __future__ import annotations

import json
from datetime import date, datetime

import pytest

from khabar.arabic.calendar import TimeExpression, find_times, parse_date
from khabar.pages import read_page
from khabar.records import Article, Page


def days(text: str, reference: date | None = None) -> list[str | None]:
    """The single dates of a text: of ranges and lists their parts."""
    found: list[TimeExpression] = []
    for expression in find_times(text, reference):
        found.extend(expression.parts or (expression,))
    return [e.value for e in found if e.kind == "date"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        # R25, R26: a digit is part of the month's name
        ("6 كانون 2 2022", "2022-01-06"),
        ("١٥ تشرین 1 ٢٠٢١", "2021-10-15"),
        ("20 كانون 1 2021", "2021-12-20"),
        ("9 تشرين 2 2020", "2020-11-09"),
        ("٩ تشرين ٢ ٢٠٢٠", "2020-11-09"),
        ("كانون 2 2022", "2022-01"),
        ("كانون 2022", "2022"),  # which of the two is not said
        # R27: Levantine
        ("نشر في 6 كانون الثاني 2022", "2022-01-06"),
        ("نشر في 6 كانون الأول 2022", "2022-12-06"),
        ("نشر في 6 كانون اول 2022", "2022-12-06"),
        ("حزيران 2022", "2022-06"),
        # R29: Maghrebi
        ("الجمعة 14 جانفي 2011", "2011-01-14"),
        ("الاثنين 22 فيفري 2016", "2016-02-22"),
        ("14 جويلية 2012", "2012-07-14"),
        ("20 غشت 2018", "2018-08-20"),
        ("8 شتنبر 2021", "2021-09-08"),
        ("2 دجنبر 2019", "2019-12-02"),
        # R35: damaged years
        ("١٩/٥/1٢٠١٨", None),
        ("19/5/201", None),
        ("19 مايو 20188", None),
        ("2018/5/199", None),
        # R36, R37, R38: digits and commas
        ("٢٣/٢/٢٠١٩", "2019-02-23"),
        ("۲۳/۲/۲۰۱۹", "2019-02-23"),
        ("الأحد، ١٤ نوفمبر، ٢٠٢١", "2021-11-14"),
        ("الثلاثاء, 5 يناير, 2021", "2021-01-05"),
        ("۲۰۱۵-۰۳-۱۷", "2015-03-17"),
        ("٢٠١٥-٠٣-١٧", "2015-03-17"),
        # R54: the date of a dateline
        ("رام الله 16-4-2022 (المرفأ) - أعلنت الوزارة فتح المدارس.", "2022-04-16"),
        ("صنعاء، 3 أيار 2022 (المرفأ) - عاد الوفد.", "2022-05-03"),
    ],
)
def test_date(text: str, value: str | None) -> None:
    found = parse_date(text)
    assert (found.value if found else None) == value


@pytest.mark.parametrize(
    ("text", "values"),
    [
        # R32: two names of one month are one date
        ("6 أبريل/ نيسان 2022", ["2022-04-06"]),
        ("6 نيسان / أبريل 2022", ["2022-04-06"]),
        ("6 نيسان (أبريل) 2022", ["2022-04-06"]),
        ("6 نيسان-أبريل 2022", ["2022-04-06"]),
        ("يوليو تموز 2022", ["2022-07"]),
        ("6 نيسان 2022 و9 أيار 2022", ["2022-04-06", "2022-05-09"]),
        # R50: a range of two dates
        ("٣ مايو ٢٠٢١-١٢ يونيو ٢٠٢٢", ["2021-05-03", "2022-06-12"]),
        ("3 مايو 2021 – 12 يونيو 2022", ["2021-05-03", "2022-06-12"]),
        ("من 3 مايو 2021 إلى 12 يونيو 2022", ["2021-05-03", "2022-06-12"]),
    ],
)
def test_dates(text: str, values: list[str]) -> None:
    assert days(text) == values


@pytest.mark.parametrize(
    ("text", "reference", "value"),
    [
        # R40: hours ago, with a reference that has an hour
        ("قبل ٧ ساعات", "2022-04-06T12:00", "2022-04-06T05:00"),
        ("قبل 13 ساعة", "2022-04-06T12:00", "2022-04-05T23:00"),
        ("قبل ساعتين", "2022-04-06T12:00", "2022-04-06T10:00"),
        ("قبل 45 دقيقة", "2022-04-06T12:00", "2022-04-06T11:15"),
        ("منذ 7 ساعات", "2022-04-06T12:00", "2022-04-06T05:00"),
        # R46, R47: halves of the day
        ("18 أغسطس 2024 - 12:30 م", None, "2024-08-18T12:30"),
        ("18 أغسطس 2024 - 12:30 ص", None, "2024-08-18T00:30"),
        ("18 أغسطس 2024 - 01:05 م", None, "2024-08-18T13:05"),
        ("6 أبريل 2022 الساعة 06:00 مساء", None, "2022-04-06T18:00"),
        ("6 أبريل 2022 الساعة 06:00 صباحا", None, "2022-04-06T06:00"),
        ("6 أبريل 2022، 11:20 ليلا", None, "2022-04-06T23:20"),
    ],
)
def test_datetime(text: str, reference: str | None, value: str) -> None:
    found = parse_date(text, datetime.fromisoformat(reference) if reference else None)
    assert found is not None
    assert f"{found.value}T{found.clock}" == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        # R43: the number follows the noun
        ("في غضون الأشهر الستة القادمة", "P6M"),
        ("خلال السنوات الثلاث المقبلة", "P3Y"),
        ("في الأسابيع الأربعة القادمة", "P4W"),
        ("خلال الأيام العشرة المقبلة", "P10D"),
        ("خلال العامين المقبلين", "P2Y"),
    ],
)
def test_duration(text: str, value: str) -> None:
    assert [e.duration for e in find_times(text)] == [value]


@pytest.mark.parametrize(
    ("text", "reference", "value"),
    [
        # R44: years, then months, then days are taken off
        ("منذ عامين وشهر واحد و21 يوما", "2021-04-24", "2019-03-03"),
        ("قبل عام وشهرين و3 أيام", "2021-04-24", "2020-02-21"),
        ("قبل ثلاثة أسابيع ويومين", "2021-04-24", "2021-04-01"),
    ],
)
def test_compound(text: str, reference: str, value: str) -> None:
    found = parse_date(text, date.fromisoformat(reference))
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("في 16:45", "16:45"), ("عند 08:05", "08:05"), ("الساعة 9.30 مساء", "21:30"), ("في تمام الساعة 7 مساء", "19:00")],
)
def test_time(text: str, value: str) -> None:
    assert [(e.kind, e.clock) for e in find_times(text)] == [("time", value)]


BODY = (
    "<p>افتتح وزير النقل في مدينة صفاقس صباح الأربعاء خطا جديدا للقطارات يربط الميناء بالمنطقة الصناعية، "
    "وقال إن الخط سيعمل يوميا.</p>"
)


def published(head: str, body: str, url: str | None = None) -> str | None:
    html = f'<!doctype html><html lang="ar"><head>{head}</head><body><article>{body}</article></body></html>'
    article = read_page(Page(source=json.dumps(url), html=html, url=url))
    assert isinstance(article, Article)
    return article.date


TITLE = "وزير النقل يفتتح خطا جديدا للقطارات"


def test_metadata_before_the_text() -> None:  # R51
    head = f'<meta name="dc.date" content="2023-01-02"/><title>{TITLE}</title>'
    assert published(head, f"<h1>{TITLE}</h1><p>قُبل البحث في 10/12/2022.</p>{BODY}") == "2023-01-02"


@pytest.mark.parametrize(
    "line",
    [
        "آخر تحديث: 9 أبريل 2022 - نشر في: 6 أبريل 2022",
        "نشر في: 6 أبريل 2022 - آخر تحديث: 9 أبريل 2022",
        "تاريخ التحديث: 9/4/2022 | تاريخ النشر: 6/4/2022",
    ],
)
def test_publication_is_not_the_update(line: str) -> None:  # R52
    assert published(f"<title>{TITLE}</title>", f"<h1>{TITLE}</h1><div>{line}</div>{BODY}") == "2022-04-06"


@pytest.mark.parametrize("slug", ["خطة-2030-1-للتشجير", "رؤية-2030-12", "قانون-2019"])
def test_no_date_from_a_number_in_the_address(slug: str) -> None:  # R53
    title = f"<title>{slug.replace('-', ' ')}</title>"
    assert published(title, BODY, f"https://e.example/news/{slug}") is None


@pytest.mark.parametrize("text", ["28/مايو/2024", "الثلاثاء 28/مايو/2024 - 10:22 ص", "28-أيار-2024", "٢٨/مايو/٢٠٢٤"])
def test_month_name_between_signs(text):
    found = parse_date(text)
    assert found is not None
    assert found.value == "2024-05-28"
