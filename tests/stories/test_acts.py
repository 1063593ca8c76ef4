"""Acts: which events of one article are brought together, which never, and the best cells."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from khabar.records import CodedArticle, Event, Mention, Place, Time, Trigger
from khabar.stories import acts


def party(*codes: str, text: str | None = None, start: int = 0) -> Mention:
    return Mention(text=text, start=start if text else None, end=start + len(text) if text else None, codes=codes)


def event(paragraph: int, word: str, kind: str, start: int = 10, **cells: Any) -> Event:
    for role in ("actors", "recipients", "speaker"):
        if isinstance(cells.get(role), str):
            cells[role] = tuple(party(code) for code in cells[role].split())
    for role, record, key in (("place", Place, "country"), ("time", Time, "value")):
        if isinstance(cells.get(role), str):
            cells[role] = record(**{key: cells[role]})
    return Event(
        paragraph=paragraph, trigger=Trigger(text=word, start=start, end=start + len(word)), type=kind, **cells
    )


def groups(*events: Event) -> list[list[int]]:
    return [sorted(act.events) for act in acts(CodedArticle(id="a", events=events))]


def place(text: str, country: str, **more: Any) -> Place:
    return Place(text=text, start=20, end=20 + len(text), country=country, **more)


TALKS = event(0, "محادثات", "CONSULT", actors="AZE ARM", place="GEO")


def test_no_events_no_acts() -> None:
    assert acts(CodedArticle(id="a")) == ()


def test_title_lead_and_later_paragraphs_of_one_meeting() -> None:
    lead = event(1, "التقى", "CONSULT", actors="AZE.GOV ARM.GOV", place=place("تبليسي", "GEO"), time="2022-07-16")
    later = event(4, "اللقاء", "CONSULT", actors="AZE.GOV ARM.GOV", place="GEO", time="2022-07-16")
    assert groups(TALKS, lead, later) == [[0, 1, 2]]


def test_another_meeting_of_the_same_parties_elsewhere_and_earlier_is_another_act() -> None:
    lead = event(1, "التقى", "CONSULT", actors="AZE.GOV ARM.GOV", place=place("تبليسي", "GEO"), time="2022-07-16")
    earlier = event(5, "لقائهما", "CONSULT", actors="AZE.GOV ARM.GOV", place=place("بروكسل", "BEL"), time="2022-04-06")
    assert groups(TALKS, lead, earlier) == [[0, 1], [2]]


def test_a_guest_and_host_are_the_parties_of_the_meeting_told_later() -> None:
    visit = event(0, "زيارة", "CONSULT", mode="visit", actors="TUR.GOV", recipients="QAT", place="QAT")
    talks = event(1, "مباحثات", "CONSULT", actors="QAT.GOV TUR.GOV", place=place("الدوحة", "QAT"))
    assert groups(visit, talks) == [[0, 1]]


def test_types_never_mix() -> None:
    assert groups(TALKS, event(1, "محادثات", "AGREE", actors="AZE ARM", place="GEO")) == [[0], [1]]


@pytest.mark.parametrize("status", ["planned", "possible", "denied"])
def test_statuses_never_mix(status: str) -> None:
    other = event(1, "محادثات", "CONSULT", actors="AZE ARM", place="GEO", status=status)
    assert groups(TALKS, other) == [[0], [1]]


def test_events_of_one_paragraph_never_mix() -> None:
    again = event(0, "محادثات", "CONSULT", start=40, actors="AZE ARM", place="GEO")
    assert groups(TALKS, again) == [[0], [1]]


ATTACK = {"mode": "aerial", "actors": "ISR.MIL", "recipients": "PSE.CVL", "place": "PSE", "time": "2023-01-05"}


def test_an_attack_told_three_times() -> None:
    title = event(0, "غارة", "ASSAULT", mode="aerial", actors="ISR", toll={"killed": "5"}, place=place("غزة", "PSE"))
    lead = event(1, "قصفت", "ASSAULT", **ATTACK | {"place": place("مدينة غزة", "PSE")}, toll={"killed": "5"})
    later = event(3, "الغارة", "ASSAULT", **ATTACK)
    assert groups(title, lead, later) == [[0, 1, 2]]


def test_two_attacks_on_different_days() -> None:
    assert groups(event(0, "غارة", "ASSAULT", **ATTACK),
                  event(2, "غارة", "ASSAULT", **ATTACK | {"time": "2023-01-02"})) == [[0], [1]]  # fmt: skip


def test_a_day_inside_a_longer_time_may_be_the_same_attack() -> None:
    assert groups(event(1, "غارة", "ASSAULT", **ATTACK | {"time": "2023-01"}),
                  event(2, "الغارة", "ASSAULT", **ATTACK)) == [[0, 1]]  # fmt: skip


def test_two_attacks_in_towns_far_apart() -> None:
    north = place("جنين", "PSE", geonames=1, latitude=32.46, longitude=35.30, feature="PPL")
    south = place("رفح", "PSE", geonames=2, latitude=31.28, longitude=34.24, feature="PPL")
    assert groups(event(1, "غارة", "ASSAULT", **ATTACK | {"place": north}),
                  event(2, "غارة", "ASSAULT", **ATTACK | {"place": south})) == [[0], [1]]  # fmt: skip


def test_a_village_near_its_town_is_the_same_place() -> None:
    town = place("جنين", "PSE", geonames=1, latitude=32.46, longitude=35.30, feature="PPL")
    camp = place("مخيم الفارعة", "PSE", geonames=3, latitude=32.29, longitude=35.35, feature="PPL")
    assert groups(event(1, "اقتحام", "COERCE", mode="seize", actors="ISR.MIL", place=town, time="2023-01-05"),
                  event(2, "الاقتحام", "COERCE", mode="seize", actors="ISR.MIL", place=camp)) == [[0, 1]]  # fmt: skip


def test_a_town_inside_the_province_named_before() -> None:
    province = place("إدلب", "SYR", geonames=4, latitude=35.9, longitude=36.6, feature="ADM1", admin1="Idlib")
    town = place("معرة النعمان", "SYR", geonames=5, latitude=35.2, longitude=36.7, feature="PPL", admin1="Idlib")
    cells = {"mode": "aerial", "actors": "RUS.MIL", "time": "2019-12-21"}
    assert groups(event(1, "غارات", "ASSAULT", place=province, **cells),
                  event(2, "الغارات", "ASSAULT", place=town, **cells)) == [[0, 1]]  # fmt: skip


def test_two_attacks_with_other_victims() -> None:
    soldiers = event(1, "هجوم", "ASSAULT", recipients="EGY.MIL", place="EGY")
    pilgrims = event(2, "هجوم", "ASSAULT", recipients="IRQ.CVL", place="EGY")
    assert groups(soldiers, pilgrims) == [[0], [1]]


def test_victims_named_in_part_and_in_whole() -> None:
    part = event(0, "مقتل", "ASSAULT", mode="explosives", recipients="USA.MIL", place="IRQ", toll={"killed": "4"})
    whole = event(1, "انفجار", "ASSAULT", mode="suicide-attack", actors="UNK.CRM", recipients="USA.MIL IRQ.CVL",
                  place="IRQ", toll={"killed": "5"})  # fmt: skip
    assert groups(part, whole) == [[0, 1]]


def test_two_means_are_two_attacks() -> None:
    cells = {"actors": "SYR.MIL", "place": "SYR", "time": "2018-02-20"}
    shelling = event(1, "قصف", "ASSAULT", mode="heavy-weapons", **cells)
    gas = event(2, "هجوم", "ASSAULT", mode="unconventional", **cells)
    assert groups(shelling, gas) == [[0], [1]]


def test_the_unknown_gunmen_of_the_title_are_named_later() -> None:
    title = event(0, "هجوم", "ASSAULT", actors="UNK.UAF", recipients="NGA.CVL", place="NGA", toll={"killed": "12"})
    later = event(3, "الهجوم", "ASSAULT", actors="NGA.REB", recipients="NGA.CVL", place="NGA")
    assert groups(title, later) == [[0, 1]]


def test_two_bare_wars_in_one_country_need_more_than_nothing() -> None:
    war = event(2, "الحرب", "ASSAULT", place="SYR")
    fight = event(5, "معارك", "ASSAULT", place="SYR")
    assert groups(war, fight) == [[0], [1]]


def test_two_named_towns_without_coordinates_need_more_evidence() -> None:
    cells = {"actors": "TUR.REB", "recipients": "TUR.COP"}
    assert groups(event(1, "هجوم", "ASSAULT", place=place("ديار بكر", "TUR"), **cells),
                  event(3, "قتل", "ASSAULT", place=place("جيلان بينار", "TUR"), **cells)) == [[0], [1]]  # fmt: skip


def test_demands_of_one_person_in_two_paragraphs_are_two() -> None:
    first = event(2, "دعا", "REQUEST", actors="UNO", recipients="SYR")
    second = event(4, "طالب", "REQUEST", actors="UNO", recipients="SYR")
    assert groups(first, second) == [[0], [1]]


def test_the_same_word_makes_one_demand() -> None:
    first = event(2, "دعا", "REQUEST", actors="IGO.UNO", recipients="SYR", mode="yield")
    second = event(4, "دعوته", "REQUEST", actors="IGO.UNO", recipients="SYR.GOV", mode="yield")
    assert groups(first, second) == [[0, 1]]


def test_the_title_s_demand_is_the_first_one_of_the_text() -> None:
    title = event(0, "يطالب", "REQUEST", actors="FRA.GOV", recipients="IRN", mode="yield")
    lead = event(1, "دعا", "REQUEST", actors="FRA.GOV", recipients="IRN.GOV", mode="yield")
    later = event(3, "حث", "REQUEST", actors="FRA.GOV", recipients="IRN", mode="yield")
    another = event(5, "شدد", "REQUEST", actors="FRA.GOV", recipients="IRN", mode="yield")
    assert groups(title, lead, later, another) == [[0, 1, 2], [3]]


def test_a_title_s_speech_is_not_another_person_s() -> None:
    title = event(0, "يدين", "ACCUSE", actors="FRA.GOV", recipients="IRN", mode="disapprove")
    lead = event(1, "أدانت", "ACCUSE", actors="DEU.GOV", recipients="IRN", mode="disapprove")
    assert groups(title, lead) == [[0], [1]]


def test_two_persons_of_one_code_are_not_one_speaker() -> None:
    cells = {"recipients": "ISR", "mode": "disapprove"}
    first, second, same = (Mention(codes=("USA.GOV",), ids=(i,)) for i in ("q1", "q2", "q1"))
    lead = event(2, "انتقد", "ACCUSE", actors=(first,), **cells)
    assert groups(lead, event(4, "ندد", "ACCUSE", actors=(same,), **cells)) == [[0], [1]]
    assert groups(lead, event(4, "انتقد", "ACCUSE", actors=(same,), **cells)) == [[0, 1]]
    # The same word and mode weigh more than two names, which may be a man and his office.
    title = event(0, "ينتقد", "ACCUSE", recipients="ISR.GOV", actors=(first,))
    assert groups(title, event(1, "أدان", "ACCUSE", recipients="ISR", actors=(second,))) == [[0], [1]]


def test_an_id_that_is_the_code_names_nobody() -> None:
    generic, named = (Mention(codes=("USA.GOV",), ids=(i,)) for i in ("USA.GOV", "q1"))
    assert groups(event(2, "انتقد", "ACCUSE", recipients="ISR", actors=(named,)),
                  event(4, "انتقد", "ACCUSE", recipients="ISR", actors=(generic,))) == [[0, 1]]  # fmt: skip


def test_condemning_and_accusing_are_two() -> None:
    cells = {"actors": "FRA.GOV", "recipients": "IRN"}
    assert groups(event(0, "يدين", "ACCUSE", mode="disapprove", **cells),
                  event(1, "اتهم", "ACCUSE", mode="allege", **cells)) == [[0], [1]]  # fmt: skip


def test_a_noun_with_the_article_refers_back_to_what_was_told() -> None:
    north = place("جنين", "PSE", geonames=1, latitude=32.46, longitude=35.30, feature="PPL")
    south = place("رفح", "PSE", geonames=2, latitude=31.28, longitude=34.24, feature="PPL")
    raid = event(1, "غارة", "ASSAULT", **ATTACK | {"place": north})
    assert groups(raid, event(2, "الغارة", "ASSAULT", **ATTACK | {"place": south})) == [[0, 1]]
    assert groups(raid, event(2, "غارة", "ASSAULT", **ATTACK | {"place": south})) == [[0], [1]]


def test_shelling_may_be_an_air_raid() -> None:
    raid = event(1, "غارة", "ASSAULT", **ATTACK)
    shelled = ATTACK | {"mode": "heavy-weapons"}
    assert groups(raid, event(2, "القصف", "ASSAULT", **shelled)) == [[0, 1]]
    assert groups(raid, event(2, "المدفعية", "ASSAULT", **shelled)) == [[0], [1]]


def test_an_event_fits_the_whole_act_or_not_at_all() -> None:
    # The third fits the first (no place said), but not the second.
    first = event(0, "غارة", "ASSAULT", mode="aerial", actors="ISR.MIL", time="2023-01-05")
    second = event(1, "الغارة", "ASSAULT", mode="aerial", actors="ISR.MIL", place="SYR", time="2023-01-05")
    third = event(2, "الغارة", "ASSAULT", mode="aerial", actors="ISR.MIL", place="LBN", time="2023-01-05")
    assert groups(first, second, third) == [[0, 1], [2]]


def test_drafts_without_codes_link_by_words_place_and_time() -> None:
    first = event(0, "غارة", "ASSAULT", mode="aerial", place=place("غزة", "PSE"))
    second = event(1, "الغارة", "ASSAULT", mode="aerial", place=place("غزة", "PSE"))
    assert groups(first, second) == [[0, 1]]


def test_ids_are_the_first_event_s_and_stay_when_later_paragraphs_change() -> None:
    lead = event(1, "التقى", "CONSULT", start=3, actors="AZE.GOV ARM.GOV", place="GEO")
    (one,) = acts(CodedArticle(id="x1", events=(TALKS, lead)))
    (two,) = acts(CodedArticle(id="x1", events=(TALKS,)))
    assert one.id == two.id == "x1:a0:10:CONSULT"


def test_the_fullest_mention_comes_first_and_gives_trigger_and_paragraph() -> None:
    lead = event(1, "التقى", "CONSULT", actors=(party("AZE.GOV", text="وزير"), party("ARM.GOV", text="نظيره", start=5)),
                 place=place("تبليسي", "GEO"))  # fmt: skip
    (act,) = acts(CodedArticle(id="a", events=(TALKS, lead)))
    assert act.events == (1, 0)
    assert (act.best.trigger.text, act.best.paragraph) == ("التقى", 1)


def best(*events: Event) -> Event:
    (act,) = acts(CodedArticle(id="a", events=events))
    return act.best


def test_one_mention_is_its_own_best() -> None:
    assert best(TALKS) == TALKS


def test_best_sides_have_sectors_and_all_parties() -> None:
    title = event(0, "هجوم", "ASSAULT", recipients="USA", actors="AFG", place="AFG", toll={"killed": "3"})
    lead = event(1, "الهجوم", "ASSAULT", recipients="USA.MIL AFG.CVL", actors="AFG.REB", place="AFG")
    found = best(title, lead)
    assert [m.codes for m in found.recipients] == [("USA.MIL",), ("AFG.CVL",)]
    assert [m.codes for m in found.actors] == [("AFG.REB",)]


def test_most_mentions_decide_a_disputed_sector() -> None:
    cells = {"recipients": "SYR.CVL", "place": place("دوما", "SYR"), "time": "2018-04-07", "mode": "unconventional"}
    found = best(event(0, "هجوم", "ASSAULT", actors="SYR", **cells),
                 event(1, "الهجوم", "ASSAULT", actors="SYR.GOV", **cells),
                 event(2, "الهجوم", "ASSAULT", actors="SYR.GOV", **cells),
                 event(3, "الهجوم", "ASSAULT", actors="SYR", **cells))  # fmt: skip
    assert [m.codes for m in found.actors] == [("SYR.GOV",)]


def test_cells_from_another_paragraph_keep_words_without_offsets() -> None:
    lead = event(1, "التقى", "CONSULT", actors=(party("AZE.GOV", text="وزير"), party("ARM.GOV", text="نظيره", start=5)))
    later = event(2, "اللقاء", "CONSULT", actors="AZE.GOV ARM.GOV", place=place("تبليسي", "GEO"))
    found = best(TALKS, lead, later)
    assert found.paragraph == 1
    assert found.place is not None
    assert (found.place.text, found.place.start, found.place.link) == ("تبليسي", None, (2, 20, 26))
    assert found.actors[0].start == 0


def test_the_day_is_taken_before_the_year_and_the_town_before_the_country() -> None:
    cells = {"mode": "primitive", "actors": "MAR.CRM"}
    country, town = place("فنلندا", "FIN", feature="PCLI"), place("توركو", "FIN", geonames=9)
    found = best(
        event(0, "هجوم", "ASSAULT", place=country, time="2017", **cells),
        event(1, "الهجوم", "ASSAULT", place=town, time="2017-08-18", **cells),
    )
    assert found.time is not None
    assert found.time.value == "2017-08-18"
    assert found.place is not None
    assert found.place.text == "توركو"


def test_most_mentions_decide_the_toll_then_the_larger_number() -> None:
    cells = {"mode": "explosives", "recipients": "IRQ.CVL", "place": place("بغداد", "IRQ"), "time": "2016-07-03"}
    two = [event(n, "تفجير", "ASSAULT", toll={"killed": k}, **cells) for n, k in enumerate(("80", "83", "83"))]
    assert best(*two).toll == {"killed": "83"}
    assert best(*two[:2]).toll == {"killed": "83"}


def test_best_mode_and_confidence_and_reason() -> None:
    title = event(0, "هجوم", "ASSAULT", recipients="IRQ.CVL", place="IRQ", confidence=0.6, time="2016-07-03")
    lead = event(1, "الهجوم", "ASSAULT", recipients="IRQ.CVL", place="IRQ", confidence=0.9, mode="explosives")
    found = best(title, lead)
    assert (found.mode, found.confidence) == ("explosives", 0.9)
    assert found.why[-1] == "told in paragraphs 0, 1"


@st.composite
def coded(draw: st.DrawFn) -> CodedArticle:
    cells = st.fixed_dictionaries(
        {
            "actors": st.sampled_from(["", "AZE", "AZE.GOV", "ARM.MIL RUS", "UNK.UAF"]),
            "recipients": st.sampled_from(["", "ARM", "ARM.CVL"]),
            "place": st.sampled_from([None, "AZE", "ARM"]),
            "time": st.sampled_from([None, "2020", "2020-09-27", "2021/2022", "nonsense"]),
            "toll": st.sampled_from([{}, {"killed": "3"}, {"killed": ">=2"}, {"killed": "~20"}]),
            "mode": st.sampled_from([None, "x"]),
        }
    )
    events = [
        event(draw(st.integers(0, 4)), draw(st.sampled_from(["دعا", "قصف", "؟"])),
              draw(st.sampled_from(["ASSAULT", "REQUEST", "CONSULT"])), start=i * 9, **draw(cells))
        for i in range(draw(st.integers(0, 9)))
    ]  # fmt: skip
    return CodedArticle(id="a", events=tuple(events))


@given(coded())
def test_every_event_is_in_one_act_and_no_act_tells_a_paragraph_twice(one: CodedArticle) -> None:
    found = acts(one)
    assert sorted(i for act in found for i in act.events) == list(range(len(one.events)))
    assert len({act.id for act in found}) == len(found)
    for act in found:
        members = [one.events[i] for i in act.events]
        assert len({e.paragraph for e in members}) == len(members)
        assert {(e.type, e.status) for e in members} == {(act.best.type, act.best.status)}
        assert act.best.trigger == members[0].trigger
        msgspec.json.encode(act)
