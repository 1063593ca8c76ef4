"""Happenings: what joins, what stays apart, what copies count for, and who says what."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khabar.arabic import search_terms
from khabar.records import Article, CodedArticle, Event, Mention, Place, Time, Trigger
from khabar.stories import acts
from khabar.stories.compatible import same_number
from khabar.stories.linker import Linker
from khabar.stories.profiles import shingles
from khabar.stories.sketches import KEPT, NO_SKETCH, overlap, pack, sketch, unpack
from khabar.stories.summary import Report, copies, summary
from khabar.stories.telling import Telling, evidence, possible, tellings

TITLE = "قتلى في قصف على سوق المدينة"
LEAD = "قتل عشرة مدنيين في قصف مدفعي على سوق المدينة القديمة مساء الجمعة."
OTHER = "سقط قتلى وجرحى بعدما استهدفت قذائف سوقا شعبيا في المدينة القديمة الجمعة."


def party(*codes: str) -> Mention:
    return Mention(codes=codes)


def event(paragraph: int = 1, kind: str = "ASSAULT", word: str = "قصف", start: int = 5, **cells: Any) -> Event:
    fields: dict[str, Any] = {
        "mode": "heavy-weapons",
        "actors": (party("SDN.REB"),),
        "recipients": (party("SDN.CVL"),),
        "place": Place(text="المدينة", start=0, end=7, country="SDN", geonames=1, latitude=13.6, longitude=25.3),
        "time": Time(value="2024-06-07", precision="day"),
        "toll": {"killed": "10"},
    }
    return Event(
        paragraph=paragraph, trigger=Trigger(text=word, start=start, end=start + len(word)), type=kind,
        **{**fields, **cells},
    )  # fmt: skip


def article(id_: str, date: str = "2024-06-08", *lines: str) -> Article:
    return Article(id=id_, paragraphs=lines or (TITLE, LEAD), date=date, outlet=f"outlet {id_}")


def link(*items: tuple[Article, tuple[Event, ...]]) -> list[list[int]]:
    linker = Linker()
    found = []
    for page, events in items:
        coded = CodedArticle(id=page.id, events=events)
        found.append(linker.add(page, coded, acts(coded)))
    return found


def test_two_outlets_tell_one_attack() -> None:
    first, second = link(
        (article("a"), (event(),)), (article("b", "2024-06-08", TITLE, OTHER), (event(word="استهدفت"),))
    )
    assert first == second


@pytest.mark.parametrize(
    "cells",
    [
        {"time": Time(value="2024-06-10", precision="day")},
        {"mode": "abduct"},
        {"kind": "COERCE", "mode": None},
        {"actors": (party("TCD.MIL"),)},
        {"status": "planned", "time": Time(value="2024-06-08", precision="day")},
        {"place": Place(text="الساحل", start=0, end=6, country="SDN", geonames=2, latitude=19.6, longitude=37.2)},
    ],
)
def test_what_speaks_against_one_happening_keeps_apart(cells: dict[str, Any]) -> None:
    first, second = link((article("a"), (event(),)), (article("b"), (event(**cells),)))
    assert first != second


def test_the_word_for_shelling_is_that_for_an_air_raid() -> None:
    first, second = link((article("a"), (event(),)), (article("b"), (event(mode="aerial"),)))
    assert first == second


def test_two_attacks_of_one_week_stay_apart_even_with_reports_that_leave_the_day_open() -> None:
    friday, tuesday = event(), event(time=Time(value="2024-06-11", precision="day"), toll={"killed": "3"})
    undated = event(time=None, toll={})
    found = link(
        (article("a"), (friday,)),
        (article("b", "2024-06-10"), (undated,)),  # could be either, and must not chain them
        (article("c", "2024-06-11"), (tuesday,)),
        (article("d", "2024-06-11"), (tuesday,)),
    )
    assert found[0] != found[2]
    assert found[2] == found[3]


def test_a_happening_told_again_weeks_later_by_its_day() -> None:
    first, later = link((article("a"), (event(),)), (article("b", "2024-07-20"), (event(),)))
    assert first == later


def test_news_of_the_same_kind_weeks_later_without_a_day_is_another_happening() -> None:
    first, later = link((article("a"), (event(time=None),)), (article("b", "2024-07-20"), (event(time=None),)))
    assert first != later


def test_acts_of_one_paragraph_never_join_one_happening() -> None:
    told = link((article("a"), (event(),)), (article("b"), (event(), event(start=30))))
    assert len(set(told[1])) == 2
    assert told[0][0] in told[1]


def test_a_denial_belongs_to_what_it_denies() -> None:
    denied = event(paragraph=2, status="denied")
    (told,) = link((article("a", "2024-06-08", TITLE, LEAD, LEAD), (event(), denied)))
    assert len(told) == 2
    assert len(set(told)) == 1


PLACES = (
    None,
    Place(country="SDN"),
    Place(text="المدينة", start=0, end=7, country="SDN", geonames=1, latitude=13.6, longitude=25.3),
    Place(text="الساحل", start=0, end=6, country="SDN", geonames=2, latitude=19.6, longitude=37.2),
)
EVENTS = st.builds(
    lambda day, place, actor, mode, killed, status: event(
        time=Time(value=f"2024-06-{day:02d}", precision="day") if day else None, place=PLACES[place],
        actors=(party(actor),) if actor else (), mode=mode, toll={"killed": str(killed)} if killed else {},
        status=status,
    ),
    st.sampled_from((0, 7, 8, 9, 10)), st.integers(0, 3), st.sampled_from((None, "SDN.REB", "SDN.MIL", "TCD.MIL")),
    st.sampled_from((None, "aerial", "heavy-weapons", "abduct")), st.integers(0, 3),
    st.sampled_from(("actual", "actual", "denied", "planned")),
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(7, 12), EVENTS), min_size=2, max_size=12))
def test_no_chain_brings_two_together_that_cannot_be_one(told: list[tuple[int, Event]]) -> None:
    """Whatever comes in whatever order: any two reports of a happening can be one by themselves."""
    items = [(article(f"a{n}", f"2024-06-{day:02d}"), (one,)) for n, (day, one) in enumerate(told)]
    happenings: dict[int, list[Telling]] = {}
    for n, ((page, events), (happening,)) in enumerate(zip(items, link(*items), strict=True)):
        coded = CodedArticle(id=page.id, events=events)
        happenings.setdefault(happening, []).extend(tellings(page, acts(coded), n, [1]))
    for members in happenings.values():
        assert all(possible(a, b) and possible(b, a) for a in members for b in members)


@given(EVENTS, EVENTS)
def test_evidence_is_symmetric(one: Event, other: Event) -> None:
    (a,), (b,) = (
        tellings(article(name, "2024-06-08"), acts(CodedArticle(id=name, events=(e,))), n, [1])
        for n, (name, e) in enumerate((("a", one), ("b", other)))
    )
    assert evidence(a, b) == pytest.approx(evidence(b, a))
    assert possible(a, b) == possible(b, a)


def report(n: int, text: str = LEAD, outlet: str | None = None, date: str | None = None, **cells: Any) -> Report:
    return Report(
        event=event(**cells), number=n, article=f"art{n}", outlet=outlet or f"outlet {n}",
        published=date or f"2024-06-{8 + n:02d}", title=TITLE, sketch=sketch(shingles(search_terms(text))),
    )  # fmt: skip


WORDS = "ذكر مصدر طبي أن القذائف أصابت السوق صباحا وأن المستشفى امتلأ بالجرحى من النساء والأطفال وكبار السن"


def test_copies_count_once_and_the_earliest_is_the_text() -> None:
    reports = [report(2, WORDS), report(1, WORDS + " وفق الوكالة"), report(3, OTHER)]
    copy_of = copies(reports)
    assert copy_of == {1: None, 2: 1, 3: None}
    found = summary(reports, copy_of)
    assert (found.articles, found.outlets, found.texts) == (3, 3, 2)
    assert found.first.number == 1


def test_copies_have_one_voice() -> None:
    """Three prints of one agency text do not outvote two texts of their own."""
    wire = [report(n, WORDS, toll={"killed": "10"}) for n in (1, 2, 3)]
    own = [report(4, OTHER, toll={"killed": "12"}), report(5, TITLE + " أمس", toll={"killed": "12"})]
    found = summary([*wire, *own], copies([*wire, *own]))
    assert found.best.toll == {"killed": "12"}
    (killed,) = [cell for cell in found.cells if cell.cell == "killed"]
    assert not killed.agree
    assert [(said.value, len(said.articles)) for said in killed.values] == [("10", 3), ("12", 2)]


def test_who_says_what() -> None:
    ministry = Mention(text="وزارة الصحة", start=0, end=11, codes=("SDN.GOV",), names=("Sudan Ministry of Health",))
    reports = [report(1, toll={"killed": "12"}, speaker=(ministry,)), report(2, OTHER, toll={"killed": ">=10"})]
    cells = {cell.cell: cell for cell in summary(reports, copies(reports)).cells}
    assert cells["killed"].agree  # 12 is at least 10
    assert cells["killed"].values[0].speakers == ("Sudan Ministry of Health",)
    assert cells["actor"].agree
    assert len(cells["actor"].values) == 1


def test_cells_of_other_articles_have_no_offsets() -> None:
    place = Place(text="سوق", start=3, end=6, country="SDN", geonames=7, latitude=13.6, longitude=25.3)
    bare = {"place": None, "time": None, "toll": {}}
    reports = [report(1, OTHER, place=place), report(2, WORDS, **bare)]
    for some in (reports, reports[::-1]):
        best = summary(some, copies(some)).best
        assert best.place is not None
        assert (best.place.start is None) == (best.time is None)


@given(st.permutations(range(5)))
def test_what_reports_say_together_does_not_depend_on_their_order(order: list[int]) -> None:
    reports = [
        report(1, WORDS), report(2, WORDS, toll={"killed": "12"}), report(3, OTHER, toll={"killed": "12"}),
        report(4, LEAD, time=None), report(5, TITLE, actors=(party("SDN"),)),
    ]  # fmt: skip
    shuffled = [reports[n] for n in order]
    assert copies(shuffled) == copies(reports)
    assert summary(shuffled, copies(shuffled)) == summary(reports, copies(reports))


@given(st.frozensets(st.integers(0, (1 << 64) - 1), max_size=3 * KEPT))
def test_sketches_survive_packing(hashes: frozenset[int]) -> None:
    item = sketch(hashes)
    assert unpack(pack(item)) == item
    assert len(item.hashes) <= KEPT
    assert overlap(item, item) == (1.0 if hashes else 0.0)


def test_a_sketch_estimates_how_much_of_the_shorter_text_is_in_the_longer() -> None:
    long = frozenset(n * 0x9E3779B97F4A7C15 % (1 << 64) for n in range(3000))
    short = frozenset(sorted(long)[:300]) | frozenset(n * 0xC2B2AE3D27D4EB4F % (1 << 64) for n in range(300))
    assert overlap(sketch(long), sketch(short)) == pytest.approx(0.5, abs=0.2)
    assert overlap(sketch(long), NO_SKETCH) == 0.0


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [("12", "12", True), ("12", "15", False), ("12", ">=10", True), ("9", ">=10", False), ("~20", "30", True),
     ("5", "<=6", True), ("7", "<=6", False), (">=10", ">=12", False)],
)  # fmt: skip
def test_numbers_that_can_both_be_right(a: str, b: str, same: bool) -> None:
    assert same_number(a, b) is same
    assert same_number(b, a) is same
