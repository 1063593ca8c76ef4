"""What a party is called on Arabic and on English pages."""

from __future__ import annotations

import pytest

from khabar.archive import PartyCell
from khabar.web.naming import code_name, named, party_name


@pytest.mark.parametrize(
    ("code", "arabic", "english"),
    [
        ("ARM", "أرمينيا", "Armenia"),
        ("ARM.GOV", "حكومة (أرمينيا)", "Government (Armenia)"),
        ("IGO.UNO", "الأمم المتحدة", "United Nations"),
        ("INT.REB", "متمردون (دولي)", "Rebel (International)"),
        ("MCO", "موناكو", "Monaco"),
        ("ASM.GOV", "حكومة (American Samoa)", "Government (American Samoa)"),  # the table has no Arabic name
        ("nobody_known", "nobody_known", "nobody_known"),
    ],
)
def test_a_code_is_told_in_the_reader_s_language(code: str, arabic: str, english: str) -> None:
    assert (code_name(code, "ar"), code_name(code, "en")) == (arabic, english)


def test_the_words_of_the_page_come_first_then_the_party_s_own_name() -> None:
    cell = PartyCell(code="ARM.GOV", country="ARM", sector="GOV", id="someone", name="Some One", mention="الوزير")
    assert party_name(cell, "en") == "الوزير"
    silent = PartyCell(code="ARM.GOV", country="ARM", sector="GOV", id="someone", name="Some One")
    assert party_name(silent, "ar") == "Some One"
    nameless = PartyCell(code="ARM.GOV", country="ARM", sector="GOV", id="ARM.GOV", name="Armenia GOV")
    assert (party_name(nameless, "ar"), party_name(nameless, "en")) == ("حكومة (أرمينيا)", "Government (Armenia)")
    assert party_name(PartyCell(), "ar") == "?"


def test_parties_that_one_word_names_are_told_apart() -> None:
    both = [PartyCell(code=code, mention="الطرفين", country=code[:3]) for code in ("YEM.GOV", "YEM.REB")]
    alone = PartyCell(code="SAU", mention="الرياض", country="SAU")
    assert [name for _, name in named([*both, alone], "ar")] == ["حكومة (اليمن)", "متمردون (اليمن)", "الرياض"]
