"""The second look: its rows, its choices, and what decoding makes of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from test_decode import TEXT, Told, tokenize
from training.words import by_part, count, part_of, unseen

from khabar.codebook import TYPES
from khabar.coding.decode import Settings, decode
from khabar.coding.look import Look, WordCounts, parties, triggers
from khabar.coding.look.words import LEAST, PARTY, SEEN, SIZE, TRIGGER, TYPE, key_of
from khabar.coding.neural import NeuralCoder, model_folder
from khabar.coding.windows import windows
from khabar.records import Article, HeardEvent
from khabar.trees import Choice, Trees


def stump(column: int, limit: float, yes: float, no: float) -> Trees:
    """One tree of one test."""
    return Trees(
        np.array([0]), np.array([column, 0, 0]), np.array([limit, 0.0, 0.0]), np.zeros(3, dtype=np.int64),
        np.array([1, 1, 2]), np.array([2, 1, 2]), np.array([0.0, yes, no]),
    )  # fmt: skip


def always(value: float) -> Trees:
    return stump(0, 0.0, value, value)


def counts(**words: tuple[int, ...]) -> WordCounts:
    """Counts of some words: seen, trigger, first word of an actor."""
    rows = {}
    for word, (seen, trigger, actor) in words.items():
        row = np.zeros(SIZE, dtype=np.int64)
        row[SEEN], row[TRIGGER], row[PARTY] = seen, trigger, actor
        row[TYPE + TYPES.index("REQUEST")] = trigger
        rows[key_of(word)] = row
    return WordCounts(rows, np.zeros((len(TYPES), SIZE), dtype=np.int64))


def look(**parts: Trees) -> Look:
    states = Choice([parts.get(name, always(0.0)) for name in parties.STATES])
    return Look(counts(), parts.get("triggers", always(2.0)), parts.get("mentions", always(2.0)), states)


def test_trees_come_back_from_their_arrays() -> None:
    trees = stump(1, 0.5, -1.0, 2.0)
    again = Trees.of(trees.arrays("x"), "x")
    assert list(again.scores([[0.0, 0.4], [0.0, 0.6]])) == [-1.0, 2.0]


def test_a_look_comes_back_from_its_arrays() -> None:
    one = Look(counts(دعا=(9, 7, 0)), always(1.0), always(2.0), Choice([always(0.1), always(0.2), always(0.3)]))
    again = Look.of(one.arrays())
    assert again.counts("ودعا")[TRIGGER] == 7
    assert again.states.scores([[0.0]]).tolist() == [pytest.approx([0.1, 0.2, 0.3])]


def test_a_choice_says_what_its_models_say() -> None:
    models = [stump(0, 0.5, 1.0, 2.0), always(3.0), stump(1, 0.5, 4.0, 5.0)]
    rows = [[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
    assert Choice(models).scores(rows).T.tolist() == [one.scores(rows).tolist() for one in models]


def test_an_article_s_own_words_do_not_count() -> None:
    every = counts(دعا=(9, LEAST + 3, 0), قصف=(9, LEAST, 0))
    own = {key_of(word): every(word) // 2 for word in ("دعا", "قصف")}
    mine = every.without(own)
    assert mine("دعا")[TRIGGER] == LEAST + 3 - (LEAST + 3) // 2
    assert mine("قصف")[TRIGGER] == 0  # too few are left
    assert every("قصف")[TRIGGER] == LEAST


def coded(text: str, trigger: str | None) -> dict[str, Any]:
    start = text.index(trigger) if trigger else 0
    event = {
        "paragraph": 0, "trigger": {"text": trigger, "start": start, "end": start + len(trigger or "")},
        "type": "REQUEST", "actors": [], "recipients": [], "speaker": [],
    }  # fmt: skip
    return {"events": [event] if trigger else []}


def test_the_counts_that_trees_learn_from_tell_nothing_of_the_article_itself() -> None:
    """Whether a word is a trigger in an article must not change the counts its rows are made with (0.5 read its own
    labels out of a count that was one less than elsewhere, and kept too little of articles it had not seen)."""
    texts = ["دعا الوزير إلى الحوار", "قال إنه دعا إليه", "وقد دعا أمس"]
    pairs = [({"id": str(n), "paragraphs": [texts[n % 3]]}, coded(texts[n % 3], "دعا")) for n in range(90)]
    part = part_of("7")
    others = [pair for pair in pairs if part_of(pair[0]["id"]) == part]
    assert 1 < len(others) < len(pairs) / 3

    def row(label: str | None) -> list[int]:
        mine = [(a, coded(a["paragraphs"][0], label) if a["id"] == "7" else c) for a, c in pairs]
        counts = count(mine)
        return counts.without(by_part(mine)[part])("دعا").tolist()

    assert row("دعا") == row(None)
    assert row("دعا")[TRIGGER] == len(pairs) - len(others)


def test_held_out_articles_are_not_in_the_counts_that_judge_them() -> None:
    texts = ["دعا الوزير إلى الحوار"] * 9
    pairs = [({"id": str(n), "paragraphs": [t]}, coded(t, "دعا")) for n, t in enumerate(texts)]
    whole = look()._replace(counts=count(pairs))
    judged = unseen(whole, pairs[:4])
    assert judged is not None
    assert judged.counts("دعا")[TRIGGER] == 5
    assert judged.counts("دعا")[SEEN] == 5


def test_rows_have_their_columns() -> None:
    (window,) = windows(TEXT, tokenize)
    backend = Told({0: "REQUEST", 6: "ASSAULT"})
    found = triggers.candidates(window, backend.read(window).types, 1.0, frozenset())
    assert [c.word for c in found] == [0, 6]
    table, whose = triggers.rows([(window, found)], TEXT, counts(دعا=(10, 8, 0)))
    assert {len(row) for row in table} == {len(triggers.COLUMNS)}
    counted = triggers.COLUMNS.index("counted")
    kinds = [(TYPES[kind], row[counted] > 0) for (_, _, kind), row in zip(whose, table, strict=True)]
    assert kinds == [("REQUEST", True), ("ASSAULT", False)]
    roles = np.zeros((8, 10), dtype=np.float32)
    roles[1:3, 0] = 0.9
    event = parties.Happening(0, 0, 0, roles.T.tolist(), [0.5] * 5, [0.5] * 5, 1.0)
    spans = parties.mentions([event], window.words)
    assert spans == [(1, 2)]
    (peak,) = parties.peaks([event], spans)
    read = parties.rows(event, 0, [event], spans, peak, window.words, TEXT[1], counts())
    assert len(read.head) == len(parties.EVENT)
    assert [len(row) for row in read.table] == [len(parties.SPAN)]
    assert len(parties.whole_row(read.head, [0.5])) == len(parties.WHOLE)


def test_peaks_of_an_event_and_of_the_others_of_its_paragraph() -> None:
    def event(*likely: float) -> parties.Happening:
        roles = [[0.0] * 4 for _ in range(10)]
        roles[1] = list(likely)
        return parties.Happening(0, 0, 0, roles, [0.5] * 5, [0.5] * 5, 1.0)

    one, two, three = parties.peaks(
        [event(0.1, 0.9, 0, 0), event(0, 0.2, 0.3, 0), event(0, 0, 0, 0.4)], [(0, 1), (2, 3)]
    )
    assert (one.own[1], one.others[1]) == ([0.9, 0.0], [0.2, 0.4])
    assert (two.own[1], two.others[1]) == ([0.2, 0.3], [0.9, 0.4])
    assert (three.own[1], three.others[0]) == ([0.0, 0.4], [0.0, 0.0])


def test_what_is_next_to_impossible_is_not_weighed() -> None:
    (window,) = windows(TEXT, tokenize)
    roles = np.zeros((8, 10), dtype=np.float32)
    roles[1:3, 0], roles[1:3, 1] = 0.9, parties.SLIGHT / 2
    event = parties.Happening(0, 0, 0, roles.T.tolist(), [0.5] * 5, [0.5] * 5, 1.0)
    (peak,) = parties.peaks([event], [(1, 2)])
    actor, recipient = (
        parties.rows(event, r, [event], [(1, 2)], peak, window.words, TEXT[1], counts()) for r in (0, 1)
    )  # fmt: skip
    assert (actor.weighed, len(actor.table)) == ([0], 1)
    assert (recipient.weighed, recipient.table) == ([], [])
    assert recipient.likely == [pytest.approx(parties.SLIGHT / 2)]


def test_the_best_type_of_a_word_stands() -> None:
    (window,) = windows(TEXT, tokenize)
    types = Told({0: "REQUEST"}).read(window).types
    types[0, 1 + TYPES.index("ACCUSE")] = 4.5  # a little less likely by the encoder alone
    found = [(window, triggers.candidates(window, types, 1.0, frozenset()))]
    at = triggers.COLUMNS.index("rank")
    (first,) = look(triggers=stump(at, 0.5, 1.0, -1.0)).score(found, TEXT)[0]
    (second,) = look(triggers=stump(at, 0.5, -1.0, 1.0)).score(found, TEXT)[0]
    assert (TYPES[first.type], TYPES[second.type]) == ("REQUEST", "ACCUSE")
    assert first.score == pytest.approx(1 / (1 + np.exp(-1)))


@pytest.mark.parametrize(
    ("chances", "states", "told"),
    [
        ((0.9, 0.8, 0.2), (0.1, 0.8, 0.1), [(0, 1), (3, 4)]),
        ((0.2, 0.3, 0.1), (0.1, 0.8, 0.1), [(3, 4)]),  # there are words: the likeliest, however unlikely
        ((0.9, 0.2, 0.8), (0.1, 0.8, 0.1), [(0, 1)]),  # the third overlaps the first
        ((0.9, 0.8, 0.2), (0.8, 0.1, 0.1), []),
    ],
)
def test_mentions_are_chosen(
    chances: tuple[float, ...], states: tuple[float, ...], told: list[tuple[int, int]]
) -> None:
    found = parties.choose([(0, 1), (3, 4), (1, 2)], chances, states, 0.5)
    assert [span[:2] for span in found.spans] == told
    assert not found.understood
    assert 0 < found.probability <= 0.8


def test_an_understood_role_has_no_mention() -> None:
    found = parties.choose([(0, 1)], (0.9,), (0.2, 0.1, 0.7), 0.5)
    assert (found.spans, found.understood, found.probability) == ([], True, 0.7)


@pytest.mark.parametrize(
    ("actors", "recipients", "told"),
    [
        ((0.9, 0.2, 0.1), (0.3, 0.8, 0.1), ([(0, 1)], [(3, 4)])),
        ((0.9, 0.2, 0.1), (0.6, 0.4, 0.1), ([(0, 1)], [(3, 4)])),  # both claim the first: the recipient is the next
        ((0.6, 0.4, 0.1), (0.9, 0.2, 0.1), ([(3, 4)], [(0, 1)])),
        ((0.9, 0.2, 0.1), (0.6, 0.1, 0.5), ([(0, 1)], [])),  # the third is part of the first, the second unlikely
    ],
)
def test_nobody_is_actor_and_recipient(
    actors: tuple[float, ...], recipients: tuple[float, ...], told: tuple[list[tuple[int, int]], ...]
) -> None:
    states = ((0.1, 0.8, 0.1), (0.1, 0.8, 0.1))
    found = parties.choose_apart([(0, 1), (3, 4), (1, 2)], (actors, recipients), states, (0.7, 0.7))
    assert tuple([span[:2] for span in one.spans] for one in found) == told


def test_decoding_follows_the_look() -> None:
    (window,) = windows(TEXT, tokenize)
    backend = Told({0: "REQUEST"}, [("actors", [1, 2], 1)], likely={})
    reading = backend.read(window)
    (words,) = decode(window, reading, backend, TEXT, Settings(), None, look(words=always(3.0)))
    assert [m.text for m in words.actors] == ["الوزير المصري"]
    (silent,) = decode(window, reading, backend, TEXT, Settings(), None, look(understood=always(3.0)))
    assert [m.text for m in silent.actors] == [None]
    (empty,) = decode(window, reading, backend, TEXT, Settings(), None, look(empty=always(3.0)))
    assert empty.actors == ()
    assert decode(window, reading, backend, TEXT, Settings(), [triggers.Scored(0, 0, 0.4)], look()) == []


def test_a_draft_tells_what_else_was_heard() -> None:
    (window,) = windows(TEXT, tokenize)
    backend = Told({0: "REQUEST"}, [("actors", [1, 2], 1)], likely={})
    reading = backend.read(window)
    (event,) = decode(window, reading, backend, TEXT, Settings(), None, look(empty=always(3.0), mentions=always(-1.0)))
    assert isinstance(event, HeardEvent)
    assert event.actors == ()
    (minister,) = event.heard.mentions
    assert minister.text == "الوزير المصري"
    assert TEXT[event.paragraph][minister.start : minister.end] == minister.text
    assert event.heard.chances[0][0] == pytest.approx(1 / (1 + np.e))
    assert [sum(states) for states in event.heard.states] == pytest.approx([1.0] * 3)
    assert event.heard.states[0][0] > 0.9
    assert event.heard.meant == (None, None, None)  # next to impossible
    (alone,) = decode(window, reading, backend, TEXT, Settings())
    assert not isinstance(alone, HeardEvent)


def test_a_draft_tells_which_words_may_be_place_and_time() -> None:
    (window,) = windows(TEXT, tokenize)
    heard = {"place": (-1.0, {3: -1.0}), "time": (2.0, {4: 0.2, 6: -3.0})}
    backend = Told({0: "REQUEST"}, [], understood=["place"], likely=heard)
    (event,) = decode(window, backend.read(window), backend, TEXT, Settings(), None, look())
    assert isinstance(event, HeardEvent)
    scene = event.scene
    assert [place.text for place in scene.places] == ["إيران"]
    assert [time.text for time in scene.times] == ["أمس"]  # a chance below .1 is none
    assert scene.chances == (
        (pytest.approx(1 / (1 + np.e), abs=1e-6),), (pytest.approx(1 / (1 + np.exp(-0.2)), abs=1e-6),)
    )  # fmt: skip
    assert scene.filled == (pytest.approx(1 / (1 + np.e), abs=1e-6), pytest.approx(1 / (1 + np.exp(-2)), abs=1e-6))
    assert scene.place is not None
    assert scene.place.guess[0][0] == "IRN"
    assert scene.time is None  # next to impossible


def test_the_packaged_coder_takes_a_second_look_and_says_so() -> None:
    coder = NeuralCoder(model_folder())
    assert coder.look is not None
    article = Article(id="a", paragraphs=("", "دعا وزير الخارجية المصري إيران إلى وقف القصف على مدينة حلب."))
    (event,) = [e for e in coder.code(article, why=True).events if e.type == "REQUEST"]
    assert "weighed with what stands around it: REQUEST" in event.why[0]
