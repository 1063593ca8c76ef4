"""The title among the titles of a page: of its head, its headings, without its outlet and its sections."""

from __future__ import annotations

import pytest

from khabar.pages import read_page
from khabar.pages.titles import is_headline
from khabar.records import Article, Page

TITLE = "مقتل ثلاثة جنود في انفجار شرق البلاد"
OTHER = "هجوم دام يهز المناطق الحدودية: ثلاثة قتلى من الجيش"
A = "قتل ثلاثة جنود وأصيب خمسة آخرون في انفجار عبوة ناسفة استهدفت دورية للجيش شرق البلاد، مساء الأربعاء."
B = "وقال المتحدث باسم الجيش إن الهجوم وقع قرب المناطق الحدودية، ولم تتبنه أي جهة حتى الآن بحسب البيان."
C = "وأضاف أن قوات إضافية أرسلت إلى المنطقة لتمشيطها والبحث عن المنفذين الذين فروا بعد الانفجار."


def article(title: str | None, *headings: str, head: str = "", inner: str = "", url: str | None = None) -> Article:
    page = f"<html><head>{f'<title>{title}</title>' if title is not None else ''}{head}</head><body>"
    page += "".join(headings) + f"<article><p>{A}</p><p>{B}</p>{inner}<p>{C}</p></article></body></html>"
    found = read_page(Page(source="x", html=page, url=url))
    assert found.paragraphs[1:] == (A, B, C)
    return found


def og(title: str) -> str:
    return f'<meta property="og:title" content="{title}">'


@pytest.mark.parametrize(
    "title",
    [
        "أخبار محلية | جريدة النهار الجديد",
        "جريدة النهار الجديد",
        "النهار الجديد - الصفحة الرئيسية",
        "أخبار",
        "",
        OTHER,
        f"{OTHER} | جريدة النهار الجديد",
        "انفجار في الشرق يقتل عسكريين - النهار الجديد",
        None,
    ],
)
def test_a_lone_heading_above_the_body_is_the_title(title: str | None) -> None:
    for level in ("h1", "h2"):
        found = article(title, f"<{level}>{TITLE}</{level}>")
        assert found.paragraphs[0] == TITLE
        assert TITLE not in {item.line for item in found.dropped}


@pytest.mark.parametrize(
    "logo", ["<h1>النهار الجديد</h1>", "<h1><a href='/'>جريدة النهار الجديد</a></h1>", "<h1>أخبار محلية</h1>"]
)
def test_a_logo_or_section_in_a_first_heading_is_none(logo: str) -> None:
    site = '<meta property="og:site_name" content="النهار الجديد">'
    assert article(f"{TITLE} | النهار الجديد", logo, head=site).paragraphs[0] == TITLE
    assert article(f"{TITLE} | النهار الجديد", logo, f"<h2>{TITLE}</h2>", head=site).paragraphs[0] == TITLE
    assert article("النهار الجديد", logo, f"<h2>{TITLE}</h2>", head=site).paragraphs[0] == TITLE
    assert article(OTHER, logo, f"<h1>{TITLE}</h1>", head=site).paragraphs[0] == TITLE


def test_a_slogan_above_the_body_gives_way_to_a_title_that_the_body_bears_out() -> None:
    slogan = "<h1>صوت الناس من كل مكان</h1>"
    assert article(f"{TITLE} | النهار الجديد", slogan).paragraphs[0] == TITLE
    assert article("النهار الجديد", slogan, head=og(TITLE)).paragraphs[0] == TITLE


def test_a_heading_in_a_container_of_any_name_where_the_head_has_no_title() -> None:
    linked = f'<div class="headlines"><h1><a href="/a">{TITLE}</a></h1></div>'
    assert article("جريدة النهار الجديد", linked).paragraphs[0] == TITLE
    assert article(None, "<h1>حوادث الحدود الشرقية</h1>", f"<h1>{TITLE}</h1>").paragraphs[0] == TITLE


def test_a_heading_that_the_page_names_in_its_metadata() -> None:
    related = "".join(f"<h1>{text}</h1>" for text in ("وزير الدفاع يزور الحدود", "البرلمان يناقش الموازنة العامة"))
    found = article("النهار الجديد | عاجل الآن", f"<h1>{TITLE}</h1>", head=og(TITLE), inner=f"<aside>{related}</aside>")
    assert found.paragraphs[0] == TITLE
    assert article(OTHER, f"<h1>{TITLE}</h1>", head=og(f"{TITLE} - النهار الجديد")).paragraphs[0] == TITLE


def test_metadata_where_no_heading_stands_above_the_body() -> None:
    assert article("أخبار محلية | جريدة النهار الجديد", head=og(TITLE)).paragraphs[0] == TITLE
    assert article(TITLE, head=og("جريدة النهار الجديد")).paragraphs[0] == TITLE
    assert article(f"{TITLE} | جريدة النهار الجديد").paragraphs[0] == TITLE


def test_headings_of_other_stories_are_no_titles() -> None:
    lists = '<div class="most-read"><h1>وزير الدفاع يزور الحدود الشرقية</h1></div>'
    assert article(f"{TITLE} | النهار الجديد", lists).paragraphs[0] == TITLE
    inner = "<div><h3>اقرأ أيضا</h3><h1>انفجار يقتل ثلاثة جنود في الجنوب أيضا</h1></div>"
    page = f"<title>{OTHER}</title><h1>{TITLE}</h1><p>{A}</p><p>{B}</p><p>{C}</p>{inner}"
    found = read_page(Page(source="x", html=page))
    assert found.paragraphs == (TITLE, A, B, C)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (TITLE, True),
        ("أخبار محلية", False),
        ("جريدة النهار الجديد", False),
        ("الرئيسية", False),
        ("صحيفة أمريكية: الجيش يستعد لعملية واسعة", True),
        ("وكالة الطاقة تحذر إيران", True),
        ("اقتصاد الحرب", True),
    ],
)
def test_what_may_be_a_headline(text: str, answer: bool) -> None:
    assert is_headline(text) is answer
