"""Articles in the terminal."""

from __future__ import annotations

import re

import msgspec
import pytest
from article_for_tests import ARTICLE, CODED
from hypothesis import given
from hypothesis import strategies as st

from khabar.arabic import display
from khabar.codebook import REASONS, TOLLS, TYPES
from khabar.records import STATUSES, Article, CodedArticle
from khabar.show import show_terminal
from khabar.show.labels import labels
from khabar.show.terminal import wrap


def shown(**options: bool | int) -> str:
    return show_terminal(ARTICLE, CODED, **{"width": 80, "color": False, **options})  # type: ignore[arg-type]


def test_triggers_are_marked_by_number_without_colour() -> None:
    text = shown()
    assert "[قصفت]2 طائرات مسيرة" in text
    assert "[دعا]3 الأمين العام" in text
    assert "\x1b" not in text


def test_two_events_of_one_word_share_their_mark_and_brackets_of_the_text_are_no_marks() -> None:
    text = shown()
    assert "[القصف]4,5 فورا" in text
    assert "(مقتبس)" in text


def test_cells_are_listed_under_the_article() -> None:
    text = shown()
    assert re.search(r"^2  قصفت  ASSAULT/drone  actual  ¶1  0\.97", text, re.M)
    for line in (
        "actor      طائرات مسيرة = ISR.MIL (Israel Defense Forces)", "recipient  مستشفى في مدينة غزة = PSE.MED",
        "place      مدينة غزة = PSE · Gaza · 31.500, 34.460 · geonames 281133", "time       أمس = 2023-01-04",
        "toll       killed 5", "actor      ^ = USA", "place      ^ = PSE", "time       ؟ = ?",
    ):  # fmt: skip
        assert f"    {line}\n" in text


def test_head_dropped_lines_and_paragraphs_that_are_no_text() -> None:
    text = shown()
    assert 'وكالة "<b>" · 2023-01-05 (meta) · javascript:alert(1) · x1' in text
    assert "(read_also) اقرأ أيضا: قصة أخرى" in text
    assert "dropped from the page (1)\n    promo        <img src=x onerror=alert(1)>" in text


def test_why_shows_reasons_confidences_and_what_nearly_was_an_event() -> None:
    text = shown(why=True)
    for line in (
        "why: trigger 0.97", "confidence: mode 0.90",
        "طائرات مسيرة: table; 0.80; or USA.MIL; model: ISR.MIL 0.70", "أمس: publication date",
        "مقتل  ASSAULT  0.41  ¶1",
    ):  # fmt: skip
        assert line in text
        assert line not in shown()


def test_text_of_a_page_cannot_steer_the_terminal() -> None:
    text = show_terminal(ARTICLE, CODED, width=80, color=True)
    assert "\x1b[31m إلى" not in text
    assert "\ufffd[31m".replace("[", "(") in text
    assert "\u202e" not in text


def test_colour_by_type() -> None:
    text = show_terminal(ARTICLE, CODED, width=80, color=True)
    assert re.search(r"\x1b\[[0-9;]*31m[^\x1b]*قصفت", text)  # red: ASSAULT
    assert re.search(r"\x1b\[[0-9;]*33m[^\x1b]*دعا", text)  # yellow: REQUEST


def test_bidi_turns_lines_and_sets_them_to_the_right() -> None:
    lines = shown(bidi=True).splitlines()
    line = next(line for line in lines if "2[تفصق]" in line)
    assert line == line.rjust(80)
    assert line.endswith("2[تفصق]")
    assert display.width(line) == 80
    assert any("ISR.MIL" in line and "ةريسم تارئاط" in line for line in lines)


def test_bidi_keeps_the_colours_on_their_words() -> None:
    text = show_terminal(ARTICLE, CODED, width=80, bidi=True, color=True)
    assert re.search(r"\x1b\[[0-9;]*31mتفصق\x1b", text)


@pytest.mark.parametrize("width", [30, 47, 80])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    for bidi in (False, True):
        assert max(map(display.width, shown(width=width, bidi=bidi, why=True).splitlines())) <= width


def test_an_empty_article() -> None:
    text = show_terminal(Article(id="e", paragraphs=("",)), CodedArticle(id="e"), color=False)
    assert text == "(no title)\nno date · e\n\nno events\n"


def test_events_of_one_act_name_each_other() -> None:
    again = msgspec.structs.replace(CODED, events=(CODED.events[1], CODED.events[2]))
    text = show_terminal(ARTICLE, again, color=False)
    assert "0.80  same act: 2" in text


@given(st.text(alphabet="اب [\u202e\x1bx1]", max_size=60), st.integers(1, 20))
def test_wrapping_loses_no_letter(text: str, width: int) -> None:
    lines = list(wrap(text, width))
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(display.width(line) <= width for line in lines)


def test_every_code_has_its_words() -> None:
    known = labels()
    assert {*TYPES, *STATUSES, *TOLLS, *REASONS} <= known.keys()
    assert all(label.ar and label.en for label in known.values())
    assert all(known[t].colour and known[t].hue.isdigit() for t in TYPES)
