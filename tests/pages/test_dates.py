"""Publication dates as pages print them, and days of the text that are none."""

from __future__ import annotations

import pytest

from khabar.pages import read_page
from khabar.records import Article, Page

TITLE = "وصول قافلة مساعدات طبية إلى مدينة الأبيض"
A = "أعلنت وزارة الصحة، صباح أمس، وصول قافلة مساعدات طبية إلى مدينة الأبيض بعد توقف دام شهرين."
B = "وقال وزير الصحة إن القافلة تضم أدوية ومحاليل وريدية تكفي نحو عشرة آلاف مريض لمدة ثلاثة أشهر."


def of_text(*lines: str) -> Article:
    return read_page(Page(source="x", text="\n".join(lines)))


def of_html(*lines: str) -> Article:
    body = "".join(f"<p>{line}</p>" for line in lines)
    return read_page(Page(source="x", html=f"<title>{TITLE}</title><h1>{TITLE}</h1><article>{body}</article>"))


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("9 أيلول/سبتمبر 2023", "2023-09-09"),
        ("22 حزيران/ يونيو 2025", "2025-06-22"),
        ("السبت 9 أيلول (سبتمبر) 2023", "2023-09-09"),
        ("12 / 5 / 2024", "2024-05-12"),
        ("12/ 5/ 2024", "2024-05-12"),
        ("12 - 5 - 2024", "2024-05-12"),
        ("2024 / 5 / 12", "2024-05-12"),
        ("12 - مايو - 2024", "2024-05-12"),
        ("مايو 12، 2024", "2024-05-12"),
        ("الأحد، مايو 12, 2024 - 10:30 ص", "2024-05-12"),
        ("أيار/مايو 12، 2024", "2024-05-12"),
        ("تاريخ النشر : 12 / 5 / 2024", "2024-05-12"),
        ("الثلاثاء 5 ذو القعدة 1445هـ 14 مايو 2024م", "2024-05-14"),  # as written, whatever the tables make of the moon
        ("12 / 5", None),
        ("12 / 5 / 24", None),
        ("31 / 2 / 2024", None),
        ("مايو 2024", None),
    ],
)
def test_date_lines(line: str, date: str | None) -> None:
    for read in (of_text, of_html):
        article = read(*((TITLE,) if read is of_text else ()), line, A, B)
        assert (article.date, article.paragraphs) == (date, (TITLE, A, B)), read


@pytest.mark.parametrize(
    "sentence",
    [
        "وبدأت القافلة رحلتها في مايو 12، 2024، من ميناء بورتسودان شرقي البلاد متجهة إلى الغرب.",
        "ووصلت القافلة السابقة في 12 / 5 / 2024 إلى المدينة بعد رحلة استمرت أسبوعا كاملا.",
        "في 9 أيلول (سبتمبر) 2023 توقفت القوافل عن الوصول إلى المدينة بسبب القتال الدائر حولها.",
    ],
)
def test_a_day_in_the_body_is_no_publication_date(sentence: str) -> None:
    for lines in ((sentence, A, B), (A, sentence, B), (A, B, sentence)):
        for article in (of_text(TITLE, *lines), of_html(*lines)):
            assert (article.date, article.paragraphs[1:]) == (None, lines)
