"""The scores are those of the reference scorer, to the last digit."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
import reference_score
from hypothesis import given
from hypothesis import strategies as st

from khabar.codebook import MODES, TOLLS
from khabar.judging import score
from khabar.records import CodedArticle, Event, Mention, Place, Time, Trigger

CODES = ["AZE", "AZE.GOV", "ARM.GOV", "ARM.MIL", "IGO.UNO", "IGO", "RUS"]
TEXT = "دعا"


def spanned(draw: st.DrawFn) -> dict[str, Any]:
    if draw(st.booleans()):
        return {"text": None, "start": None, "end": None}
    start = draw(st.integers(0, 50))
    return {"text": TEXT, "start": start, "end": start + 3}


@st.composite
def mentions(draw: st.DrawFn) -> tuple[Mention, ...]:
    lists = draw(st.lists(st.lists(st.sampled_from(CODES), max_size=2), max_size=2))
    return tuple(Mention(**spanned(draw), codes=tuple(codes)) for codes in lists)


@st.composite
def events(draw: st.DrawFn) -> Event:
    # Few types, paragraphs and offsets, so that pairs, near pairs and rivals are common.
    kind = draw(st.sampled_from(["ASSAULT", "REQUEST", "ACCUSE"]))
    start = draw(st.integers(0, 60))
    return Event(
        paragraph=draw(st.integers(0, 2)),
        trigger=Trigger(text=TEXT, start=start, end=start + draw(st.integers(1, 12))),
        type=kind,
        mode=draw(st.sampled_from([None, *MODES[kind][:2]])),
        status=draw(st.sampled_from(["actual", "actual", "planned", "denied"])),
        actors=draw(mentions()),
        recipients=draw(mentions()),
        speaker=draw(mentions()),
        place=draw(st.none() | st.sampled_from([Place(country="AZE"), Place(country="ARM"), Place(text="باكو")])),
        time=draw(st.none() | st.sampled_from([Time(value="2020"), Time(value="2020-09-27"), Time(text="أمس")])),
        toll=draw(st.dictionaries(st.sampled_from(TOLLS[:2]), st.sampled_from(["3", ">=3"]), max_size=2)),
    )


@st.composite
def articles(draw: st.DrawFn) -> dict[str, CodedArticle]:
    keys = draw(st.lists(st.sampled_from("abc"), unique=True))
    contexts = st.lists(st.sampled_from(["military", "legal", "economic"]), unique=True, max_size=3)
    return {
        key: CodedArticle(id=key, contexts=tuple(draw(contexts)), events=tuple(draw(st.lists(events(), max_size=6))))
        for key in keys
    }


def plain(coded: dict[str, CodedArticle]) -> dict[str, Any]:
    return {key: msgspec.to_builtins(article) for key, article in coded.items()}


@given(articles(), articles())
def test_equals_the_reference(gold: dict[str, CodedArticle], coded: dict[str, CodedArticle]) -> None:
    ours, reference = score(gold, coded), reference_score.score(plain(gold), plain(coded))
    assert ours == reference
    assert list(ours) == list(reference)


def event(start: int, kind: str = "ASSAULT", **cells: Any) -> Event:
    return Event(paragraph=1, trigger=Trigger(text=TEXT, start=start, end=start + 3), type=kind, **cells)


def test_perfect_coding_scores_one() -> None:
    one = CodedArticle(
        id="a",
        contexts=("military",),
        events=(event(0, actors=(Mention(codes=("AZE.MIL",)),), place=Place(country="AZE"), toll={"killed": "3"}),),
    )
    result = score({"a": one}, {"a": one})
    assert all(result[name]["f1"] == 1 for name in ("detect", "type", "country", "dyad", "record", "triples", "actor"))
    assert result["cells"]["toll"]["f1"] == 1
    assert result["accuracy"]["mode"] == 1


def test_missing_articles_count_as_empty_and_extra_ones_not_at_all() -> None:
    one = CodedArticle(id="a", events=(event(0),))
    result = score({"a": one}, {"b": one})
    assert result["detect"] == {"p": 0.0, "r": 0.0, "f1": 0.0, "gold": 1, "coded": 0}


@pytest.mark.parametrize(("gap", "paired"), [(30, 1), (31, 0)])
def test_near_triggers_of_one_type_pair_up_to_thirty_characters(gap: int, paired: int) -> None:
    gold, coded = CodedArticle(id="a", events=(event(0),)), CodedArticle(id="a", events=(event(3 + gap),))
    assert score({"a": gold}, {"a": coded})["type"]["p"] == paired


def test_overlap_of_another_type_is_detected_but_not_typed() -> None:
    gold, coded = CodedArticle(id="a", events=(event(0),)), CodedArticle(id="a", events=(event(1, "ACCUSE"),))
    result = score({"a": gold}, {"a": coded})
    assert (result["detect"]["f1"], result["type"]["f1"]) == (1, 0)


def test_denied_events_hold_no_triples() -> None:
    gold = CodedArticle(id="a", events=(event(0, status="denied"),))
    assert score({"a": gold}, {"a": gold})["triples"]["gold"] == 0
