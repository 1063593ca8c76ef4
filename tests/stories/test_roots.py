"""Forms of one word, and words that only look alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khabar.stories.roots import root, same_root, same_word


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("دعا", "دعت"), ("حث", "وحثت"), ("دعوته", "دعوة"), ("قصف", "بقصف"), ("القصف", "قصفت"), ("الهجوم", "هجوما"),
        ("اتهم", "اتهمت"), ("تفجير", "التفجيرات"), ("طالب", "طالبت"), ("يطالب", "مطالبته"), ("رفضه", "ترفض"),
        ("اعتقال", "واعتقلت"), ("محادثات", "المحادثات"), ("زيارة", "زيارته"), ("غارات", "الغارة"), ("اجتماع", "اجتمع"),
    ],
)  # fmt: skip
def test_forms_of_one_word(a: str, b: str) -> None:
    assert same_root(a, b)
    assert same_root(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [("دعا", "طالب"), ("قصف", "قتل"), ("زيارة", "لقاء"), ("غارة", "هجوم"), ("رفض", "رحب"), ("حث", "شدد"),
     ("اتهم", "أدان"), ("انفجار", "هجوم")],
)  # fmt: skip
def test_other_words(a: str, b: str) -> None:
    assert not same_root(a, b)


def test_places_share_a_word_apart_from_clitics() -> None:
    assert same_word("مدينة الموصل", "بالموصل")
    assert not same_word("جنين", "رفح")


@given(st.text(max_size=12))
def test_total_for_any_text(text: str) -> None:
    assert same_root(text, text)
    assert isinstance(root(text), str)
