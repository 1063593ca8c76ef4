"""Actors and recipients weighed anew: their candidates, what speaks for each, and what is made of the likeliest."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from khabar.records import Article, CodedArticle, Event, Heard, HeardEvent, Mention, Scene, Trigger
from khabar.resolve import load_tables, resolve
from khabar.resolve.acts import ROLES, Acts, Codes
from khabar.resolve.counts import Counts, load_counts
from khabar.resolve.dyad import Ranking, load_ranking, problems, weigh_anew
from khabar.resolve.dyad.choose import CURVES, Problem
from khabar.resolve.dyad.rows import CATEGORIES, COLUMNS, Named, Side, rows
from khabar.resolve.resolver import load_model, parties_of
from khabar.trees import Trees

NOTHING = Counts({}, {}, {}, {})
NOWHERE = Scene(filled=(0.01, 0.01), understood=(0.01, 0.01))
EMPTY = (0.9, 0.05, 0.05)
SILENT = Mention(guess=(("EGY.GOV", 0.6),), link=None)
TEXT = ("قصف الجيش الأردني مواقع المتمردين", "قصف الجيش الأردني مواقع المتمردين شرق البلاد ثم قصفها مجددا")


def _event(paragraph: int, start: int, word: str, kind: str = "ASSAULT", **more: object) -> Event:
    trigger = Trigger(text=word, start=start, end=start + len(word))
    made: type[Event] = Event
    if "heard" in more:
        made, more = HeardEvent, {"scene": NOWHERE, **more}
    return made(paragraph=paragraph, trigger=trigger, type=kind, confidence=0.9, **more)  # type: ignore[arg-type]


def _side(*mentions: Named, states: tuple[float, float, float] = (0.2, 0.7, 0.1), **more: object) -> Side:
    return Side(states, 0.5, 0.1, mentions, more.get("meant", ()), SILENT.guess)  # type: ignore[arg-type]


def _rows(acts: Acts, number: int, role: str, side: Side) -> dict[Codes, dict[str, float]]:
    who, table = rows(acts, number, role, side, NOTHING)
    return {codes: dict(zip(COLUMNS, row, strict=True)) for codes, row in zip(who, table, strict=True)}


def _acts(*codes: tuple[tuple[str, ...], tuple[str, ...]], kind: str = "ASSAULT") -> Acts:
    events = [_event(n, 0, "قصف", kind) for n in range(len(codes))]
    return Acts(events, [{"actors": [a] if a else [], "recipients": [r] if r else [], "speaker": []} for a, r in codes])


def test_candidates_are_nobody_the_mentions_two_of_them_those_understood_and_those_of_acts_alike() -> None:
    acts = _acts(((), ()), (("IRQ.MIL",), ("IRQ.REB",)))
    side = _side(
        Named(0.8, 0.1, 4, 9, ("JOR.MIL",), 0.9), Named(0.3, 0.5, 12, 20, ("JOR.REB",), 0.9),
        meant=[(("TUR",), 0.7)],
    )  # fmt: skip
    assert set(_rows(acts, 0, "actors", side)) == {
        frozenset(), frozenset({"JOR.MIL"}), frozenset({"JOR.REB"}), frozenset({"JOR.MIL", "JOR.REB"}),
        frozenset({"TUR"}), frozenset({"IRQ.MIL"}),
    }  # fmt: skip


def test_mentions_that_share_words_are_not_taken_together() -> None:
    side = _side(Named(0.8, 0.1, 4, 20, ("JOR.MIL",), 0.9), Named(0.3, 0.5, 12, 20, ("JOR.REB",), 0.9))
    assert frozenset({"JOR.MIL", "JOR.REB"}) not in _rows(_acts(((), ())), 0, "actors", side)


def test_an_act_that_is_alike_speaks_for_its_parties_and_the_more_the_nearer_its_other_side() -> None:
    acts = _acts(((), ("SYR.REB",)), (("JOR.MIL",), ("SYR.REB",)), (("TUR.MIL",), ("IRQ",)))
    found = _rows(acts, 0, "actors", _side())
    jordan, turkey = found[frozenset({"JOR.MIL"})], found[frozenset({"TUR.MIL"})]
    assert jordan["dyad"] == 1.0
    assert turkey["dyad"] == 0.0
    assert jordan["votes"] > turkey["votes"] > 0
    assert jordan["alike"] == turkey["alike"] == 2
    assert found[frozenset()]["nobody"] == 1.0
    assert found[frozenset()]["sector"] == 0.0


def test_mentions_of_one_code_add_up() -> None:
    side = _side(Named(0.4, 0, 0, 3, ("JOR.MIL",), 0.9), Named(0.35, 0, 9, 12, ("JOR.MIL",), 0.8))
    found = _rows(_acts(((), ())), 0, "actors", side)
    assert found[frozenset({"JOR.MIL"})]["chance"] == pytest.approx(float(np.log(0.525 / 0.475)))
    assert found[frozenset({"JOR.MIL"})]["rank_word"] == 0.0


def _draft(states: tuple[float, float, float], chance: float = 0.9) -> tuple[Article, CodedArticle]:
    """A title and a lead in which the Jordanian army shells; the coder told the title's actor alone."""
    article = Article(id="a" * 12, paragraphs=TEXT, date="2020-01-05")
    army = Mention(text="الجيش الأردني", start=4, end=17, confidence=chance)
    heard = Heard(
        states=(states, EMPTY, EMPTY), filled=(0.5, 0.1, 0.1), understood=(0.1,) * 3, meant=(SILENT,) * 3,
        mentions=(army,), chances=((chance, 0.02, 0.01),),
    )  # fmt: skip
    events = (_event(0, 0, "قصف", actors=(army,), heard=heard), _event(1, 0, "قصف", heard=heard, mode="shelling"))
    return article, CodedArticle(id=article.id, events=events)


def _bare(draft: CodedArticle) -> CodedArticle:
    """The draft of a coder that tells nothing else than what it chose."""
    events = (event.plain() for event in draft.events if isinstance(event, HeardEvent))
    return msgspec.structs.replace(draft, events=tuple(events))


def _told(states: tuple[float, float, float], best: str) -> tuple[CodedArticle, list[list[tuple[str, ...]]]]:
    """The second event's actors when the trees are for one candidate: with the value 1 in a column."""
    article, draft = _draft(states)
    model, counts = load_model(), load_counts()
    resolved = parties_of(article, draft, load_tables(), counts, model)
    column = COLUMNS.index(best)
    trees = Trees(
        np.array([0]), np.array([column, 0, 0]), np.array([0.5, 0, 0]), np.zeros(3, dtype=np.int64),
        np.array([1, 1, 2]), np.array([2, 1, 2]), np.array([0.0, 0.0, 4.0]),
    )  # fmt: skip
    context, told, parties, spoken, _ = resolved
    ranking = Ranking(trees, dict.fromkeys(CURVES, (1.0, 0.0)))
    made, kept = weigh_anew(context, told, parties, spoken, counts, model.understood, ranking)
    return made, [[one.codes for one in mine["actors"]] for mine in kept]


def test_words_that_the_coder_only_heard_become_the_actor() -> None:
    made, codes = _told((0.5, 0.45, 0.05), "word")
    assert codes == [[("JOR.MIL",)], [("JOR.MIL",)]]
    assert [m.text for m in made.events[1].actors] == ["الجيش الأردني"]
    assert made.events[1].cells["actors"] == pytest.approx(float(1 / (1 + np.exp(-4))), abs=0.2)


def test_nobody_takes_the_place_of_words() -> None:
    made, codes = _told((0.5, 0.45, 0.05), "nobody")
    assert codes == [[], []]
    assert made.events[0].actors == ()


def test_what_stands_there_stays_where_it_is_likeliest() -> None:
    made, codes = _told((0.5, 0.45, 0.05), "current")
    assert codes == [[("JOR.MIL",)], []]
    assert made.events[0].actors[0].start == 4


def test_heard_words_do_not_change_what_others_resolve_to() -> None:
    article, draft = _draft((0.2, 0.7, 0.1))
    bare = _bare(draft)
    with_heard = parties_of(article, draft, load_tables(), load_counts(), load_model())
    without = parties_of(article, bare, load_tables(), load_counts(), load_model())
    assert [one["actors"] for one in with_heard.parties] == [one["actors"] for one in without.parties]


def test_a_speaker_who_is_the_actor_of_a_speech_act_is_told_once() -> None:
    text = "أعلن الوزير المصري رفضه الاقتراح"
    minister = Mention(text="الوزير المصري", start=5, end=18, confidence=0.6)
    heard = Heard(
        states=((0.5, 0.45, 0.05), EMPTY, (0.1, 0.9, 0.0)), filled=(0.5, 0.1, 0.9), understood=(0.1,) * 3,
        meant=(SILENT,) * 3, mentions=(minister,), chances=((0.6, 0.01, 0.6),),
    )  # fmt: skip
    event = _event(0, 19, "رفضه", "REJECT", speaker=(minister,), heard=heard)
    coded = resolve(
        Article(id="b" * 12, paragraphs=(text,)), CodedArticle(id="b" * 12, events=(event,)), load_tables()
    ).events[0]
    assert not coded.speaker or not coded.actors


def test_a_draft_of_which_nothing_was_heard_keeps_its_parties() -> None:
    article, draft = _draft((0.9, 0.05, 0.05))
    bare = _bare(draft)
    coded = resolve(article, bare, load_tables())
    assert [[m.codes for m in e.actors] for e in coded.events] == [[("JOR.MIL",)], []]


def test_the_trees_ask_for_columns_that_there_are() -> None:
    trees = load_ranking().trees
    assert len(trees.roots) >= 100
    assert trees.column.max() < len(COLUMNS)
    tested = {int(c) for c, mask in zip(trees.column, trees.mask, strict=True) if mask}
    assert tested <= {COLUMNS.index(name) for name in CATEGORIES}


def test_a_ranking_comes_back_from_its_arrays() -> None:
    one = load_ranking()
    again = Ranking.of(one.arrays())
    assert again.calibration == one.calibration
    row = [[0.5] * len(COLUMNS)]
    assert again.trees.scores(row).tolist() == pytest.approx(one.trees.scores(row).tolist())


def test_each_role_that_was_heard_is_one_problem_with_a_row_a_candidate() -> None:
    article, draft = _draft((0.2, 0.7, 0.1))
    context, told, parties, spoken, _ = parties_of(article, draft, load_tables(), load_counts(), load_model())
    found: list[Problem] = problems(context, told, parties, spoken, load_counts(), load_model().understood)
    assert [(one.event, one.role) for one in found] == [(n, r) for n in (0, 1) for r in ROLES]
    assert all(len(one.rows) == len(one.candidates) == len(set(one.candidates)) for one in found)
    assert {len(row) for one in found for row in one.rows} == {len(COLUMNS)}


def test_acts_that_are_alike_speak_with_the_parties_that_they_have_been_given() -> None:
    article = Article(id="a" * 12, paragraphs=(*TEXT, "ثم قصف مرة أخرى"), date="2020-01-05")
    army = Mention(text="الجيش الأردني", start=4, end=17, confidence=0.9)
    words, nothing = (0.3, 0.6, 0.1), (0.8, 0.1, 0.1)
    heard = Heard(
        states=(words, EMPTY, EMPTY), filled=(0.5, 0.1, 0.1), understood=(0.1,) * 3, meant=(SILENT,) * 3,
        mentions=(army,), chances=((0.9, 0.02, 0.01),),
    )  # fmt: skip
    silent = Heard(states=(nothing, EMPTY, EMPTY), filled=(0.1,) * 3, understood=(0.1,) * 3, meant=(None,) * 3)
    draft = CodedArticle(
        id=article.id, events=(_event(1, 0, "قصف", heard=heard), _event(2, 3, "قصف", heard=silent))
    )  # fmt: skip
    model, counts = load_model(), load_counts()
    context, told, parties, spoken, _ = parties_of(article, draft, load_tables(), counts, model)
    columns = [COLUMNS.index(name) for name in ("word", "same")]  # by the words, else as in an act that is alike
    trees = Trees(
        np.array([0, 3]), np.array([columns[0], 0, 0, columns[1], 0, 0]), np.array([0.05, 0, 0, 0.5, 0, 0]),
        np.zeros(6, dtype=np.int64), np.array([1, 1, 2, 4, 4, 5]), np.array([2, 1, 2, 5, 4, 5]),
        np.array([0.0, 0.0, 8.0, 0.0, 0.0, 4.0]),
    )  # fmt: skip
    ranking = Ranking(trees, dict.fromkeys(CURVES, (1.0, 0.0)))
    _, kept = weigh_anew(context, told, parties, spoken, counts, model.understood, ranking)
    assert [[one.codes for one in mine["actors"]] for mine in kept] == [[("JOR.MIL",)], [("JOR.MIL",)]]
