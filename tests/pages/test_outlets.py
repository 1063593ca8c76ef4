"""The outlet that a page names itself: by its head, its titles, its copyright line, its address; never a section."""

from __future__ import annotations

import pytest

from khabar.pages import read_or_fault
from khabar.records import Article, Page

TITLE = "وصول قافلة مساعدات طبية إلى مدينة الأبيض"
BODY = (
    "أعلنت وزارة الصحة في الخرطوم، الأحد، وصول قافلة مساعدات طبية إلى مدينة الأبيض بعد توقف دام شهرين.",
    "وقالت الوزارة في بيان إن القافلة تضم أدوية لعلاج الكوليرا ستوزع على عشرين مركزا صحيا في الولاية.",
)


def of_html(head: str = "", title: str = TITLE, end: str = "", url: str | None = None) -> str | None:
    body = "".join(f"<p>{text}</p>" for text in BODY)
    html = f'<html lang="ar"><head><title>{title}</title>{head}</head><body><h1>{TITLE}</h1>{body}{end}</body></html>'
    return outlet(Page(source="x", html=html, url=url))


def of_text(*lines: str) -> str | None:
    return outlet(Page(source="x", text="\n".join(lines)))


def outlet(page: Page) -> str | None:
    article = read_or_fault(page)
    assert isinstance(article, Article), article
    assert article.paragraphs == (TITLE, *BODY)
    return article.outlet


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ('<meta property="og:site_name" content="صحيفة الميناء">', "صحيفة الميناء"),
        ('<meta property="og:site_name" content="الميناء | أخبار السودان والعالم لحظة بلحظة">', "الميناء"),
        ('<meta name="application-name" content="Port News">', "Port News"),
        (
            '<script type="application/ld+json">{"@type":"NewsArticle","publisher":{"name":"الميناء نت"}}</script>',
            "الميناء نت",
        ),
        ('<meta property="og:site_name" content="https://minaa.example">', None),
        ("", None),
    ],
)
def test_head(head: str, name: str | None) -> None:
    assert of_html(head) == name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        (f"{TITLE} – الميناء الآن", "الميناء الآن"),
        (f"{TITLE} | الخرطوم برس", "الخرطوم برس"),
        (f"الخرطوم برس | {TITLE}", "الخرطوم برس"),
        (f"{TITLE} - سياسة - صحيفة الميناء", "صحيفة الميناء"),
        (f"{TITLE} - الأخبار", None),
        (f"{TITLE} | سياسة", None),
        (f"{TITLE} | هل تكفي القافلة سكان الولاية كلها؟", None),
        (f"{TITLE} - 6 مايو 2024", None),
        (TITLE, None),
    ],
)
def test_titles(title: str, name: str | None) -> None:
    assert of_html(title=title) == name


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("جميع الحقوق محفوظة © صحيفة الميناء 2024", "صحيفة الميناء"),
        ("© 2024 الميناء. كافة الحقوق محفوظة.", "الميناء"),
        ("حقوق النشر محفوظة لصحيفة الميناء © 2019-2024", "صحيفة الميناء"),
        ("Copyright © 2024 Port News. All rights reserved", "Port News"),
        ("جميع الحقوق محفوظة", None),
        ("جميع الحقوق محفوظة © 2024", None),
    ],
)
def test_copyright(line: str, name: str | None) -> None:
    assert of_html(end=f"<footer><p>{line}</p></footer>") == name


def test_text_pages() -> None:
    assert of_text(TITLE, "نشر في 6 ماي 2024", "الجريدة الساحلية", *BODY, "أضف تعليقك") == "الجريدة الساحلية"
    assert of_text(TITLE, "شبكة الميناء | 2024/05/06", *BODY) == "شبكة الميناء"
    assert of_text(TITLE, *BODY, "حمّلوا تطبيق الميناء على هواتفكم لتصلكم تنبيهات بأهم الأخبار") == "الميناء"
    assert of_text(TITLE, *BODY, "اقرأ أيضا", "صحيفة الجبل تكرم مراسليها") is None
    assert of_text(TITLE, *BODY, "اقرأ أيضا", "صحيفة الجبل") is None
    assert of_text(TITLE, *BODY) is None


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.minaa.example/news/1", "minaa.example"),
        ("https://arabic.minaa.example/1", "arabic.minaa.example"),
        ("http://127.0.0.1:8000/1", None),
        ("https://localhost/1", None),
        (None, None),
    ],
)
def test_address(url: str | None, name: str | None) -> None:
    assert of_html(url=url) == name


def test_order() -> None:
    site = '<meta property="og:site_name" content="الميناء">'
    rights = "<footer>© 2024 شركة الجبل</footer>"
    assert of_html(site, f"{TITLE} | الساحل", rights, "https://e.example/1") == "الميناء"
    assert of_html("", f"{TITLE} | الساحل", rights, "https://e.example/1") == "الساحل"
    assert of_html("", TITLE, rights, "https://e.example/1") == "شركة الجبل"
    assert outlet(Page(source="x", text="\n".join((TITLE, *BODY)), outlet="given")) == "given"
