"""Properties that hold for every string."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from khabar.arabic import (
    clean_text,
    direction,
    fold,
    fold_key,
    name_key,
    numbers,
    ordinal,
    same_name,
    search_key,
    search_terms,
    sentences,
    split,
    strip_marks,
    tokens,
    visual,
    width,
    words,
)
from khabar.arabic.words import EDGE

# The first example loads the tables: no deadline.
settings.register_profile("tables", deadline=None)
settings.load_profile("tables")

ARABIC = "اأإآبتثجحخدذرزسشصضطظعغفقكلمنهويىةؤئءـًٌَُِّْٰٓٔٱﻻﷲپگیک٠١٢۳456,.،؛؟«» \u200b\u200f\u00a0\n-abC"
TEXT = st.one_of(st.text(alphabet=ARABIC, max_size=60), st.text(max_size=40))
NUMBER_WORDS = (
    *(
        "خمسة",
        "وعشرون",
        "مئة",
        "ومئتين",
        "ألف",
        "ألفا",
        "آلاف",
        "مليون",
        "مليونين",
        "ونصف",
        "عشرات",
        "الآلاف",
        "4",
        "و500",
    ),
    *("3.5", "نحو", "في", "المئة", "الثاني", "والعشرين", "بعد", "أحد", "عشر", "عشرة", "جنديين", "و", "من", "قتيلا"),
    *("على", "الأقل", "فاصلة", "2020-10-01"),
)
NUMBERS = st.lists(st.sampled_from(NUMBER_WORDS), max_size=12).map(" ".join)


@given(TEXT)
def test_fold_maps_every_character_back(text: str) -> None:
    folded = fold(text)
    assert len(folded.offsets) == len(folded.text) + 1
    assert folded.offsets[-1] == len(text)
    assert list(folded.offsets) == sorted(folded.offsets)
    for i, char in enumerate(folded.text):
        assert char in fold_key(text[folded.offsets[i]])


@given(TEXT)
def test_fold_is_idempotent_and_fold_key_is_its_text(text: str) -> None:
    folded = fold(text).text
    assert fold(folded).text == folded
    assert fold_key(text) == folded


@given(TEXT, st.data())
def test_span_of_a_fold_folds_to_the_span(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    start = data.draw(st.integers(0, len(folded.text)))
    end = data.draw(st.integers(start, len(folded.text)))
    a, b = folded.span(start, end)
    assert 0 <= a <= b <= len(text)
    assert folded.text[start:end].strip() in fold_key(text[a:b])


@given(TEXT)
def test_cleaning_is_idempotent_and_changes_no_fold(text: str) -> None:
    clean = clean_text(text)
    assert clean_text(clean) == clean
    # Cleaning composes letters of all scripts (NFC), which folding leaves alone outside Arabic.
    assert fold_key(clean).strip() == fold_key(unicodedata.normalize("NFC", text)).strip()
    assert strip_marks(strip_marks(text)) == strip_marks(text)


@given(TEXT)
def test_words_and_tokens_stand_where_they_say(text: str) -> None:
    for found in (words(text), tokens(text)):
        end = 0
        for word in found:
            assert text[word.start : word.end] == word.text
            assert end <= word.start < word.end
            end = word.end
    assert all(w.text[0] not in EDGE and w.text[-1] not in EDGE and not w.text.isspace() for w in words(text))
    assert "".join(t.text for t in tokens(text)) == "".join(text.split())


@given(TEXT)
def test_sentences_lose_nothing_but_space(text: str) -> None:
    spans = sentences(text)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())


@given(TEXT)
def test_clitics_only_part_a_word(text: str) -> None:
    for word in text.split():
        readings = split(word)
        whole = {r.stem for r in readings if not r.prefixes}
        assert len(whole) == 1
        for reading in readings:
            # The article loses its alef, and a third lam, after ل.
            joined = ("".join(reading.prefixes) + reading.stem).replace("لال", "لل")
            assert joined.replace("للل", "لل") in {w.replace("لال", "لل").replace("للل", "لل") for w in whole}


@settings(max_examples=200)
@given(NUMBERS)
def test_numbers_are_found_in_order_and_never_fail(text: str) -> None:
    end = 0
    for found in numbers.find(text):
        assert text[found.start : found.end] == found.text
        assert end <= found.start < found.end
        assert found.value > 0
        end = found.end
    ordinal(text)


@given(TEXT)
def test_everything_is_total(text: str) -> None:
    numbers.find(text)
    ordinal(text)
    name_key(text)
    assert search_key(text).split() == search_terms(text)
    assert len(visual(text)) <= 18 * len(text)
    assert width(text) >= 0
    assert direction(text) in ("rtl", "ltr")


@given(TEXT, TEXT)
def test_same_name_is_symmetric_and_never_true_of_nothing(a: str, b: str) -> None:
    assert same_name(a, b) == same_name(b, a)
    assert not same_name("", b)


@given(st.integers(0, 10**12))
def test_digits_of_every_script(value: int) -> None:
    plain = str(value)
    for base in (0x0660, 0x06F0):
        assert numbers.number("".join(chr(base + int(d)) for d in plain)) == value
    assert numbers.number(f"{value:,}") == value
    assert numbers.number(f"{value:,}".replace(",", "٬")) == value


UNITS = ("واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة")
TENS = ("عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون")


def spell(value: int) -> str:
    """An Arabic cardinal below a thousand, as grammar books spell it."""
    hundreds, rest = divmod(value, 100)
    parts = []
    if hundreds:
        parts.append(["مئة", "مئتان", *(u[:-1] + "مئة" for u in UNITS[2:])][hundreds - 1])
    if rest in (10, 11, 12):
        parts.append({10: "عشرة", 11: "أحد عشر", 12: "اثنا عشر"}[rest])
    elif 12 < rest < 20:
        parts.append(f"{UNITS[rest - 11]} عشر")
    elif rest:
        tens, unit = divmod(rest, 10)
        parts += [UNITS[unit - 1]] if unit else []
        parts += [TENS[tens - 2]] if tens else []
    return " و".join(parts)


@settings(max_examples=300)
@given(st.integers(0, 999), st.integers(0, 999), st.integers(1, 999))
def test_spelled_numbers_are_read_back(millions: int, thousands: int, rest: int) -> None:
    text = " و".join(
        part
        for part in (
            f"{spell(millions)} مليونا" if millions > 2 else {1: "مليون", 2: "مليونان"}.get(millions, ""),
            f"{spell(thousands)} ألفا" if thousands > 2 else {1: "ألف", 2: "ألفان"}.get(thousands, ""),
            spell(rest),
        )
        if part
    )
    assert numbers.number(text) == millions * 10**6 + thousands * 10**3 + rest, text
