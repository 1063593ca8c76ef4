from hypothesis import given
from hypothesis import strategies as st

from khabar.coding.windows import BOS, EOS, MAX_PIECES, UNK, windows


def tokenize(word: str) -> list[int]:
    """Two letters a piece: long words are many pieces."""
    return [4 + ord(c) % 90 for c in word[::2]]


ARTICLE = ["عنوان الخبر", "التقى الوزير، أمس، نظيره.", "ودعا «الرئيس» إلى الحوار"]


def test_words_point_at_their_letters_without_edge_punctuation():
    (window,) = windows(ARTICLE, tokenize)
    texts = [ARTICLE[w.paragraph][w.start : w.end] for w in window.words]
    assert texts == ["عنوان", "الخبر", "التقى", "الوزير", "أمس", "نظيره", "ودعا", "الرئيس", "إلى", "الحوار"]
    assert window.ids[0] == BOS
    assert [window.ids[i] for i in window.ends.values()] == [EOS, EOS, EOS]


def test_later_windows_repeat_title_and_end_of_the_paragraph_before_as_context():
    paragraphs = ["عنوان قصير", *(["كلمة " * 100] * 4)]
    found = windows(paragraphs, tokenize, limit=300)
    assert len(found) > 1
    for window in found[1:]:
        context = [w for w in window.words if not w.predict]
        assert {w.paragraph for w in context} >= {0}
    for i in range(1, 5):
        coded = [w.start for window in found for w in window.words if w.predict and w.paragraph == i]
        assert len(coded) == len(set(coded)) == 100


def test_skipped_paragraphs_are_not_read():
    (window,) = windows(ARTICLE, tokenize, skip=frozenset({1}))
    assert {w.paragraph for w in window.words} == {0, 2}


def test_article_without_words_gives_no_windows():
    assert windows(["", "   ", "\n"], tokenize) == []


def test_word_of_silent_marks_is_unknown_not_empty():
    (window,) = windows(["\u200f\u064b نص"], lambda w: tokenize(w))
    first = window.words[0]
    assert window.ids[first.first : first.last + 1] == [UNK]


@given(st.lists(st.text(alphabet="ابتثجح ،.«»\n\u064b\u200fab1#", max_size=400), max_size=8))
def test_every_word_of_every_paragraph_is_coded_exactly_once(paragraphs):
    found = windows(paragraphs, tokenize)
    coded = [(w.paragraph, w.start, w.end) for window in found for w in window.words if w.predict]
    assert len(coded) == sum(len(p.split()) for p in paragraphs)
    for window in found:
        assert len(window.ids) <= MAX_PIECES
        for w in window.words:
            assert 0 <= w.start <= w.end <= len(paragraphs[w.paragraph])
            assert 0 < w.first <= w.last < len(window.ids)


def test_five_thousand_words_in_one_line_are_cut_not_lost():
    found = windows(["", "كلمة " * 5000], tokenize)
    assert sum(w.predict for window in found for w in window.words) == 5000
