"""Articles as pages of HTML: read again by a parser."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest
from article_for_tests import ARTICLE, CODED, PARAGRAPHS
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from khabar.records import Article, CodedArticle, Event, Mention, Trigger
from khabar.show import show_html
from khabar.show.marks import Mark, segments


def page(article: Article = ARTICLE, coded: CodedArticle = CODED, **options: Any) -> html.HtmlElement:
    return html.document_fromstring(show_html(article, coded, **options))


def test_the_page_is_right_to_left_and_needs_nothing_else() -> None:
    source = show_html(ARTICLE, CODED)
    found = html.document_fromstring(source)
    assert (found.get("dir"), found.get("lang")) == ("rtl", "ar")
    assert not found.xpath("//script | //img | //link | //iframe | //*[@onerror] | //*[@onclick]")
    assert "url(" not in source
    assert "default-src 'none'" in source
    assert found.xpath("//meta[@charset='utf-8']")


def test_hostile_text_shows_as_text() -> None:
    found = page()
    assert "<script>alert(1)</script>" in found.xpath("//h1")[0].text_content()
    assert found.xpath("//details//li/bdi")[0].text == "<img src=x onerror=alert(1)>"
    assert found.xpath("//title")[0].text_content().startswith("<script>")
    assert [c.text for c in found.xpath("//h1//span[@class='ctl']")] == ["U+202E", "U+202C"]
    assert not re.search("[\u202a-\u202e\x1b]", show_html(ARTICLE, CODED, why=True))


def test_only_web_addresses_are_links() -> None:
    assert not page().xpath("//header//a[contains(@href,'javascript')]")
    good = msgspec.structs.replace(ARTICLE, url='https://example.org/خبر?"x"=<1>')
    (link,) = page(good).xpath("//header/ul//a")
    assert link.get("href") == good.url
    assert "noopener" in link.get("rel")


def test_triggers_link_to_their_cards() -> None:
    found = page()
    assert [(a.text_content(), a.get("href")) for a in found.xpath("//article//a")] == [
        ("قصفت", "#e2"), ("دعا", "#e3"), ("القصف", "#e4")
    ]  # fmt: skip
    assert [s.text for s in found.xpath("//article//sup")] == ["2", "3", "4,5"]
    assert [c.get("id") for c in found.xpath("//section")] == ["e1", "e2", "e3", "e4", "e5"]


def test_overlapping_mentions_carry_the_classes_of_all() -> None:
    both = [n for n in page().xpath("//article//span[contains(@class,'m ')]") if n.text_content() == "مدينة غزة"]
    assert both[0].get("class") == "m e2"
    # Without the marks the paragraph is the paragraph.
    paragraph = page().xpath("//p[@id='p1']")[0]
    for sup in paragraph.xpath(".//sup"):
        sup.drop_tree()
    assert paragraph.text_content() == PARAGRAPHS[1]


def test_cards_hold_all_cells() -> None:
    card = page().xpath("//section[@id='e2']")[0].text_content()
    for words in (
        "2. قصفت", "ASSAULT/drone", "اعتداء", "0.97", "طائرات مسيرة", "ISR.MIL", "Israel Defense Forces", "PSE.MED",
        "Gaza", "31.50, 34.46", "أمس", "2023-01-04", "قتيل 5",
    ):  # fmt: skip
        assert words in card
    open_time = page().xpath("//section[@id='e5']//dd")[0].text_content()
    assert open_time == "؟ ?"
    assert "محتمل" in page().xpath("//section[@id='e4']")[0].text_content()
    assert "مفهوم" in page().xpath("//section[@id='e1']")[0].text_content()


def test_paragraphs_that_are_no_text_are_labelled() -> None:
    (out,) = page().xpath("//p[@class='out']")
    assert out.text_content() == "اقرأ أيضا" + PARAGRAPHS[2]


def test_why_and_language() -> None:
    assert "trigger 0.97" not in page().text_content()
    found = page(why=True, language="en")
    assert "why: trigger 0.97" in found.text_content()
    assert "ASSAULT 0.41 ¶1" in found.text_content()
    assert "recipient" in found.text_content()


def test_an_empty_article_is_a_page() -> None:
    found = page(Article(id="e", paragraphs=()), CodedArticle(id="e"))
    assert found.xpath("//h1")[0].text_content() == "(بلا عنوان)"
    assert "لا أحداث" in found.text_content()


@pytest.mark.parametrize("offsets", [(500, 510), (-3, 2), (5, 5), (9, 4)])
def test_offsets_outside_the_text_do_no_harm(offsets: tuple[int, int]) -> None:
    start, end = offsets
    event = Event(paragraph=1, trigger=Trigger(text="x", start=start, end=end), type="AID",
                  actors=(Mention(text="y", start=60, end=900, codes=("USA",)),))  # fmt: skip
    far = msgspec.structs.replace(event, paragraph=99)
    found = page(ARTICLE, CodedArticle(id="x1", events=(event, far)))
    assert len(found.xpath("//section")) == 2


spans = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 12)), max_size=8)


@given(st.text(max_size=30), spans)
def test_segments_are_the_text_and_every_mark_covers_its_own(text: str, found: list[tuple[int, int]]) -> None:
    marks = [Mark(start, start + length, n, "trigger") for n, (start, length) in enumerate(found)]
    cut = list(segments(text, marks))
    assert "".join(s.text for s in cut) == text
    for mark in marks:
        under = "".join(s.text for s in cut if mark in s.marks)
        assert under == text[mark.start : mark.end]


@given(st.text(max_size=60))
def test_any_text_survives_escaping(text: str) -> None:
    found = page(Article(id="t", paragraphs=("", text)), CodedArticle(id="t"))
    assert not found.xpath("//script | //img")
