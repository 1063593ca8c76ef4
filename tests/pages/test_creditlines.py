"""Lines that are nothing but a credit, and sentences that only look like one."""

from __future__ import annotations

import pytest

from khabar.pages import not_body, read_page
from khabar.pages.creditlines import credit_line, source_name
from khabar.records import Article, Page

TITLE = "قافلة مساعدات طبية تصل بعد شهرين"
A = "أعلنت وزارة الصحة، الأحد، وصول قافلة مساعدات طبية إلى مدينة الأبيض بعد توقف دام شهرين."
B = "وقال وزير الصحة إن القافلة تضم أدوية ومحاليل وريدية تكفي نحو عشرة آلاف مريض لمدة ثلاثة أشهر."
C = "وأضاف أن الوزارة تنسق مع المنظمات الدولية لإيصال دفعة ثانية خلال الأسبوع المقبل عبر الطريق نفسه."


def of_text(*lines: str) -> Article:
    return read_page(Page(source="x", text="\n".join((TITLE, *lines))))


def of_html(*lines: str, site: str = "") -> Article:
    body = "".join(f"<p>{line}</p>" for line in lines)
    head = f'<meta property="og:site_name" content="{site}">' if site else ""
    return read_page(Page(source="x", html=f"<head><title>{TITLE}</title>{head}</head><h1>{TITLE}</h1>{body}"))


@pytest.mark.parametrize(
    ("line", "agency", "writer", "place"),
    [
        ("بغداد / شفق", "شفق نيوز", None, "بغداد"),
        ("بغداد/ شفق نيوز", "شفق نيوز", None, "بغداد"),
        ("أنقرة/ الأناضول", "الأناضول", None, "أنقرة"),
        ("طهران / إرنا", "إرنا", None, "طهران"),
        ("الدلنج / سونا", "سونا", None, "الدلنج"),
        ("بغداد/ واحة", "واحة", None, "بغداد"),
        ("هسبريس من الرباط", "هسبريس", None, "الرباط"),
        ("غزة - صوت البلد", "صوت البلد", None, "غزة"),
        ("لندن: «المرفأ»", "المرفأ", None, "لندن"),
        ("صنعاء – صحيفة المرفأ", "صحيفة المرفأ", None, "صنعاء"),
        ("بيروت - ليلى حداد", None, "ليلى حداد", "بيروت"),
        ("سامي خليل - رويترز", "رويترز", "سامي خليل", None),
        ("بقلم: سامي خليل | بيروت", None, "سامي خليل", "بيروت"),
    ],
)
def test_credits_above_the_body(line: str, agency: str | None, writer: str | None, place: str | None) -> None:
    for article in (of_text(line, A, B, C), of_html(line, A, B, C)):
        assert (article.agency, article.byline, article.dateline) == (agency, writer, place)
        assert article.paragraphs == (TITLE, A, B, C)
        assert [(item.line, item.reason) for item in article.dropped] == [(line, "byline" if writer else "source")]


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("المصدر: صحيفة المرفأ", "صحيفة المرفأ"),
        ("«المصدر: صحيفة المرفأ»", "صحيفة المرفأ"),
        ("المصدر : وكالات", "وكالات"),
        ("المصدر/ وكالات", "وكالات"),
        ("المصدر | المرفأ", "المرفأ"),
        ("المصدر - وكالات", "وكالات"),
        ("(المصدر: رويترز)", "رويترز"),
        ("مصدر الخبر: المرفأ", "المرفأ"),
        ("نقلا عن صحيفة المرفأ", "صحيفة المرفأ"),
        ("عن رويترز", "رويترز"),
        ("المصدر: المرفأ.", "المرفأ"),
        ("إرنا", "إرنا"),
        ("سونا", "سونا"),
        ("– وكالات –", "وكالات"),
        ("(بنا)", "بنا"),
    ],
)
def test_credits_below_the_body(line: str, agency: str) -> None:
    for article in (of_text(A, B, C, line), of_html(A, B, C, line)):
        assert (article.agency, article.byline) == (agency, None)
        assert article.paragraphs == (TITLE, A, B, C)
        assert [(item.line, item.reason) for item in article.dropped] == [(line, "source")]


def test_the_page_s_own_outlet() -> None:
    article = of_html("الرقيب من طرابلس", A, B, site="الرقيب")
    assert (article.agency, article.dateline, article.paragraphs) == ("الرقيب", "طرابلس", (TITLE, A, B))
    assert of_html("الرقيب من طرابلس", A, B).agency is None


@pytest.mark.parametrize(
    "sentence",
    [
        "المصدر: لم نتلق أي أوامر بالانسحاب من المدينة.",
        "المصدر: هذا غير صحيح.",
        "المصدر: الأوامر صدرت فعلا.",
        "المصدر – الذي طلب عدم ذكر اسمه – أكد وصول القافلة.",
        "نقلا عن مصادر أمنية، قتل ثلاثة أشخاص في الهجوم.",
        "نقلا عن شهود وصلت القافلة ليلا.",
        "عن رويترز أن القافلة وصلت ليلا.",
        "كتب على حسابه:",
        "كتبت الوزيرة استقالتها.",
        "ووصل الوفد من الرباط.",
        "الأناضول من أنقرة نقلت الخبر.",
        "رويترز: القافلة وصلت ليلا إلى المدينة.",
        "واس، وهي وكالة الأنباء، نفت الخبر.",
        "فارس من دمشق.",
        "بغداد / واشنطن.",
    ],
)
def test_a_sentence_of_the_body_is_kept(sentence: str) -> None:
    for article in (of_text(A, sentence, B, C), of_html(A, sentence, B, C)):
        assert article.paragraphs == (TITLE, A, sentence, B, C)
        assert (article.agency, article.byline, article.dateline) == (None, None, None)
    assert not_body(Article(id="x", paragraphs=(TITLE, A, sentence, B, C))) == ()


@pytest.mark.parametrize(
    "line",
    [
        "غزة - حصار مستمر",
        "مشاهد من غزة",
        "عائدون من دمشق",
        "واشنطن - موسكو",
        "الأخبار / بغداد",
        "فارس",
        "معا",
        "الرئيسية / أخبار / العراق",
        "القاهرة: أزمة الخبز",
        "ماذا قال سامي خليل؟",
        "سامي خليل",
        "كأس العرب - قطر",
        "المصدر المفتوح",
        "عن الحرب والسلام",
    ],
)
def test_other_short_lines_are_no_credits(line: str) -> None:
    assert credit_line(line, near=True) is None
    assert source_name(line) is None
    article = of_text(line, A, B, C)
    assert (article.agency, article.dateline) == (None, None)


@pytest.mark.parametrize(
    ("line", "date", "agency", "place"),
    [
        ("نواكشوط - الأخبار، الجمعة، 05/07/2024", "2024-07-05", "الأخبار", "نواكشوط"),
        ("غزة - صوت البلد - 12/5/2024", "2024-05-12", "صوت البلد", "غزة"),
        ("طهران / 22 حزيران / يونيو 2025/ إرنا", "2025-06-22", "إرنا", "طهران"),
        ("طهران، 22 حزيران/يونيو 2025/ إرنا", "2025-06-22", "إرنا", "طهران"),
        ("بيروت – شبكة المرفأ – 9 أيلول (سبتمبر) 2023", "2023-09-09", "شبكة المرفأ", "بيروت"),
        ("عدن - الأيام - مايو 12، 2024", "2024-05-12", "الأيام", "عدن"),
        ("الخرطوم - سونا - 12 / 5 / 2024", "2024-05-12", "سونا", "الخرطوم"),
        ("جدة 4 ذو القعدة 1445 هـ الموافق 12 مايو 2024 م واس", "2024-05-12", "واس", "جدة"),
    ],
)
def test_datelines_with_an_outlet(line: str, date: str, agency: str, place: str) -> None:
    for article in (of_text(line, A, B), of_html(line, A, B), of_text(f"{line}: {A}", B)):
        assert (article.date, article.agency, article.dateline) == (date, agency, place)


@pytest.mark.parametrize(
    "line",
    [
        "غزة - قصف المستشفى - 17/10/2023",
        "بيروت - انفجار المرفأ - 4/8/2020",
        "حلب - صوت القصف - 3 / 4 / 2016",
        "صوت البلد - 12/5/2024",
        "بيروت - سامي خليل - 14/2/2005",
        "بغداد 9 أبريل 2003 سقوط التمثال",
        "12 مايو 2014 مظاهرة في بيروت",
        "جائزة صحيفة المرفأ - 12/5/2014",
        "صحيفة المرفأ - 12/5/2014",
        "صورة من غزة - 12 / 5 / 2014",
        "جنود في بغداد / 9 نيسان / أبريل 2003",
        "أيلول/سبتمبر 2001 - نيويورك",
    ],
)
def test_a_day_beside_what_is_no_outlet(line: str) -> None:
    for article in (of_text(line, A, B), of_html(line, A, B)):
        assert (article.date, article.dateline) == (None, None)


def test_a_dateline_inside_the_body_is_no_publication_date() -> None:
    quoted = "غزة - صوت البلد - 12/5/2014: كان هذا أول تقرير عن القوافل التي منعت من الوصول إلى المدينة."
    for article in (of_text(A, quoted, B), of_html(A, quoted, B)):
        assert (article.date, article.paragraphs) == (None, (TITLE, A, quoted, B))
