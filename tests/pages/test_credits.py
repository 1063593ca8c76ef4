"""Agency, byline and dateline as pages write them."""

from __future__ import annotations

import pytest

from khabar.pages import read_page
from khabar.pages.credits import find_credits
from khabar.records import Page

A = "أعلنت وزارة الصحة، الأحد، وصول قافلة مساعدات طبية إلى مدينة الأبيض بعد توقف دام شهرين."
B = "وقال وزير الصحة إن القافلة تضم أدوية ومحاليل وريدية تكفي نحو عشرة آلاف مريض لمدة ثلاثة أشهر."


@pytest.mark.parametrize(
    ("lead", "agency", "dateline"),
    [
        ("الرياض - واس: ", "واس", "الرياض"),
        ("الخرطوم – سونا - ", "سونا", "الخرطوم"),
        ("الخرطوم (أ ف ب) - ", "أ ف ب", "الخرطوم"),
        ("عمان 6 أيار (بترا) - ", "بترا", "عمان"),
        ("دمشق، سوريا (CNN) -- ", "CNN", "دمشق، سوريا"),
        ("(CNN)-- ", "CNN", None),
        ("رويترز - ", "رويترز", None),
        ("طهران/ إرنا - ", "إرنا", "طهران"),
        ("القدس المحتلة – ", None, "القدس المحتلة"),
        ("القاهرة: «المرفأ» ", None, "القاهرة"),
        ("ألماتي (المرفأ) - ", "المرفأ", "ألماتي"),
        ("بورتسودان 6 مايو (شبكة المرفأ) – ", "شبكة المرفأ", "بورتسودان"),
        ("القدس المحتلة (المرفأ): ", "المرفأ", "القدس المحتلة"),
        ("حلب (سوريا) - ", None, "حلب"),
        ("غزة (قطاع غزة) - ", None, "غزة"),
        ("القاهرة (10 مايو) - ", None, None),
        ("قال الوزير (المقال) - ", None, None),
        ("وصلت القافلة (المساعدات الطبية) وأعلن أن ", None, None),
        ("", None, None),
    ],
)
def test_openings_of_the_lead(lead: str, agency: str | None, dateline: str | None) -> None:
    found = find_credits([lead + A, B], [], [])
    assert (found.agency, found.dateline) == (agency, dateline)


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("المصدر: وكالات", "وكالات"),
        ("المصدر : رويترز", "رويترز"),
        ("(بترا)", "بترا"),
        ("--(بترا)", "بترا"),
        ("فرانس24/ أ ف ب", "أ ف ب"),
        ('* نقلا عن "المرفأ" اللندنية', "المرفأ"),
    ],
)
def test_source_lines(line: str, agency: str) -> None:
    article = read_page(Page(source="x", text=f"عنوان الخبر في الصفحة\n{A}\n{B}\n{line}\n"))
    assert article.agency == agency
    assert article.paragraphs == ("عنوان الخبر في الصفحة", A, B)
    assert [(item.line, item.reason) for item in article.dropped] == [(line, "source")]


@pytest.mark.parametrize("end", [" (رويترز)", " /وام/", " - (واس)"])
def test_agency_at_the_end(end: str) -> None:
    assert find_credits([A, B + end], [], []).agency == end.strip(" -()/")


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("كتب: سامي خليل", "سامي خليل"),
        ("بقلم ليلى حداد", "ليلى حداد"),
        ("تقرير : منى صالح", "منى صالح"),
        ("كتبت منى صالح", "منى صالح"),
    ],
)
def test_bylines(line: str, name: str) -> None:
    article = read_page(Page(source="x", text=f"عنوان الخبر في الصفحة\n{line}\n{A}\n{B}\n"))
    assert article.byline == name
    assert article.paragraphs[1:] == (A, B)


@pytest.mark.parametrize("form", ["text", "html"])
@pytest.mark.parametrize(
    ("line", "date", "agency", "dateline", "byline"),
    [
        ("الأبيض - 12 مايو 2024", "2024-05-12", None, "الأبيض", None),
        ("الخرطوم - سونا - 12/5/2024", "2024-05-12", "سونا", "الخرطوم", None),
        ("الخرطوم، السودان - الأحد 12 أيار 2024", "2024-05-12", None, "الخرطوم", None),
        ("الأبيض 2024-05-12", "2024-05-12", None, "الأبيض", None),
        ("كتب: سامي خليل - 12/5/2024", "2024-05-12", None, None, "سامي خليل"),
        ("الأبيض - 12 مايو", None, None, None, None),
    ],
)
def test_lines_of_place_and_day(
    form: str, line: str, date: str | None, agency: str | None, dateline: str | None, byline: str | None
) -> None:
    title = "قافلة مساعدات طبية تصل بعد شهرين"
    if form == "text":
        page = Page(source="x", text=f"{title}\n{line}\n{A}\n{B}\n")
    else:
        page = Page(source="x", html="".join(f"<p>{text}</p>" for text in (line, A, B)), title=title)
    article = read_page(page)
    assert (article.date, article.agency, article.dateline) == (date, agency, dateline)
    assert date is None or article.byline == byline
    assert article.paragraphs == (title, A, B)


@pytest.mark.parametrize(
    ("lead", "date"),
    [
        ("الخرطوم - سونا - 12/5/2024: ", "2024-05-12"),
        ("الخرطوم (سونا) 12 مايو 2024 - ", "2024-05-12"),
        ("الخرطوم، 12 مايو 2024 – ", "2024-05-12"),
        ("دمشق/ 12 أيار 2024/ سانا: ", "2024-05-12"),
        ("في 12 مايو 2024، ", None),  # the day of what is told
        ("الخرطوم، 12 مايو 2024، ", None),
        ("", None),
    ],
)
def test_day_of_the_dateline(lead: str, date: str | None) -> None:
    assert read_page(Page(source="x", text=f"قافلة مساعدات طبية تصل بعد شهرين\n{lead}{A}\n{B}\n")).date == date


@pytest.mark.parametrize(
    "line",
    [
        "هجوم 7 أكتوبر 2023",
        "صورة أرشيفية (12/5/2015)",
        "تصوير: أحمد علي - 12 مايو 2019",
        "حلب - 3/4/2015 (أرشيف)",
        "كأس العالم: قطر 20 نوفمبر 2022",
        "سقوط الفاشر - 26 أكتوبر 2025",
        "تحديث: بيروت 12/5/2024",
        "سامي خليل - 12/5/2024",
    ],
)
def test_a_day_beside_other_words_is_an_event_s(line: str) -> None:
    article = read_page(Page(source="x", text=f"قافلة مساعدات طبية تصل بعد شهرين\n{line}\n{A}\n{B}\n"))
    assert (article.date, article.dateline) == (None, None)


def test_a_day_in_title_and_lead_is_an_event_s() -> None:
    for title in ("انفجار مرفأ بيروت 4 أغسطس 2020", "حصيلة معارك الخرطوم 20 مايو 2024"):
        article = read_page(Page(source="x", text=f"{title}\n{A}\n{B}\n"))
        assert (article.date, article.dateline, article.paragraphs[0]) == (None, None, title)
    lead = "اندلعت الحرب في 15 أبريل 2023 - وما زالت مستمرة في أنحاء البلاد بعد مرور أكثر من عام عليها."
    page = Page(
        source="x", html=f"<h1>عام من الحرب</h1><p>{lead}</p><p>{A}</p>", url="https://x.example/2024/10/07/a.html"
    )
    assert read_page(page).date == "2024-10-07"


def test_lines_of_a_chronology_are_no_datelines() -> None:
    days = ["- 15 أبريل 2023: اندلاع الحرب", "- 20 مايو 2023: اتفاق جدة", "- 5 ديسمبر 2023: انهيار المفاوضات"]
    article = read_page(Page(source="x", text="\n".join(["عام من الحرب في السودان", A, *days, B])))
    assert (article.date, article.dateline) == (None, None)
    assert "byline" not in {item.reason for item in article.dropped}


def test_a_writer_outside_the_body_is_found_beside_a_line_of_place_and_day() -> None:
    head = "<h1>قافلة مساعدات طبية تصل</h1><div class=author>كتب: سامي خليل</div>"
    article = read_page(Page(source="x", html=f"{head}<p>الأبيض 2024-05-12</p><p>{A}</p><p>{B}</p>"))
    assert (article.byline, article.dateline, article.date) == ("سامي خليل", "الأبيض", "2024-05-12")
