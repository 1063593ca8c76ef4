"""Which acts are two-sided, and which of their actors are a pair."""

from __future__ import annotations

import pytest

from khabar.codebook import MODES, TYPES
from khabar.pairing import country_pairs, mutual_pairs, read_rules, two_sided


def test_types_and_modes_that_need_no_word() -> None:
    sure = {(t, m) for t in TYPES for m in (None, *MODES[t]) if two_sided(t, m)}
    assert sure == {
        ("AGREE", None), ("COOPERATE", None), ("CONSULT", None), ("CONSULT", "phone"), ("CONSULT", "third-party"),
        ("CONSULT", "multilateral"), ("RETREAT", "ceasefire"), ("PROTEST", "riot"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("type_", "mode", "before", "trigger", "after"),
    [
        ("ASSAULT", None, "اندلعت ", "اشتباكات", " بين الفصيل والجيش"),
        ("ASSAULT", None, "خرج الفتية ", "واشتبكوا", " مع الحراس"),
        ("ASSAULT", None, "بعد ", "حربهما", " الثانية"),
        ("ASSAULT", None, "تجددت أعمال ", "العنف", " بين القبيلتين"),
        ("ASSAULT", "heavy-weapons", "في ", "معارك", " بالمدافع"),
        ("ASSAULT", "firearms", "وتبادل الحارس والسارق ", "إطلاق", " النار"),
        ("ASSAULT", "heavy-weapons", "سمع ", "القصف", " المتبادل ليلا"),
        ("ACCUSE", "allege", "تتبادل الحكومتان ", "الاتهامات", ""),
        ("CONCEDE", None, "أعلن الجانبان ", "هدنة", " ليومين"),
        ("RETREAT", "release", "جرت ", "مبادلة", " أسرى"),
    ],
)
def test_words_of_two_sides(type_: str, mode: str | None, before: str, trigger: str, after: str) -> None:
    assert two_sided(type_, mode, trigger, before, after)


@pytest.mark.parametrize(
    ("type_", "mode", "before", "trigger", "after"),
    [
        ("ASSAULT", None, "", "قصفت", " واشنطن ولندن مواقع في الجبل"),
        ("ASSAULT", "aerial", "شنت الدولتان ", "غارات", " على ميناء بين مدينتين"),
        ("ASSAULT", None, "تبادلا التحية. ثم وقع ", "هجوم", " على القرية"),
        ("ASSAULT", None, "", "قتل", " مسلحون رجلا"),
        ("MOBILIZE", "troops", "", "نشرت", " الدولتان قوات"),
        ("SUPPORT", None, "", "رحبت", " العاصمتان بالقرار"),
        ("CONSULT", "visit", "", "زار", " الوزيران المعبر"),
        ("CONCEDE", None, "", "اعتذر", " الوزيران"),
    ],
)
def test_actors_of_one_side(type_: str, mode: str | None, before: str, trigger: str, after: str) -> None:
    assert not two_sided(type_, mode, trigger, before, after)


@pytest.mark.parametrize(
    ("codes", "pairs"),
    [
        (["SYR.REB", "SYR.MIL"], {("SYR.MIL", "SYR.REB")}),
        (["SYR.REB", "SYR.REB"], set()),
        (["KEN.GOV", "KEN.MIL"], {("KEN.GOV", "KEN.MIL")}),  # alone with each other
        (["KEN.GOV", "KEN.LEG", "IGO.UNO"], {
            ("KEN.GOV", "KEN.LEG"), ("IGO.UNO", "KEN.GOV"), ("IGO.UNO", "KEN.LEG"),
        }),
        # The army and its militia are one side of a fight with another country's rebels, and so are two officials of
        # one state beside those of another.
        (["NER.MIL", "NER.PRM", "MLI.REB"], {("MLI.REB", "NER.MIL"), ("MLI.REB", "NER.PRM")}),
        (["NER.MIL", "NER.REB", "FRA.MIL"], {
            ("NER.MIL", "NER.REB"), ("FRA.MIL", "NER.MIL"), ("FRA.MIL", "NER.REB"),
        }),
    ],
)  # fmt: skip
def test_pairs_of_parties(codes: list[str], pairs: set[tuple[str, str]]) -> None:
    assert mutual_pairs(codes) == pairs


def test_pairs_of_countries() -> None:
    assert country_pairs(["SYR.REB", "SYR.MIL"]) == {("SYR", "SYR")}
    assert country_pairs(["NER.MIL", "NER.PRM", "MLI.REB"]) == {("MLI", "NER")}
    assert country_pairs(["OMN.GOV", "IGO.UNO"]) == {("IGO.UNO", "OMN")}
    assert country_pairs(["OMN.GOV"]) == set()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("DANCE\t*\tact\t\tx", "no type and mode"),
        ("CONSULT\twaltz\tact\t\tx", "no type and mode"),
        ("CONSULT\t*\tnear\tبين\tx", "where is one of"),
        ("CONSULT\t*\ttrigger\t\tx", "with words unless"),
        ("CONSULT\t*\tact\tبين\tx", "with words unless"),
    ],
)
def test_a_damaged_table_says_where(line: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as fault:
        read_rules(["type\tmode\twhere\twords\tsource", "AGREE\t*\tact\t\tx", line])
    assert "line 3" in str(fault.value)
