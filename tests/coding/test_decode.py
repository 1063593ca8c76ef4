import numpy as np
import pytest

from khabar.codebook import CONTEXTS, TOLLS, TYPES
from khabar.coding.decode import PAIRS, ROLES, Arguments, Reading, Settings, bounds, contexts, decode
from khabar.coding.windows import windows

TEXT = ["", "دعا الوزير المصري إيران أمس إلى وقف القصف"]


def tokenize(word: str) -> list[int]:
    return [4 + len(word)]


class Told:
    """A backend that says what it is told: `types` word -> type, `roles` (role, words, begins)."""

    countries = ("EGY", "IRN", "IGO")
    sectors = ("", "GOV", "IGO.UNO")

    def __init__(self, types, roles=(), understood=(), status=0, pointer=None, likely=None):
        self.said = types, roles, understood, status, pointer
        self.likely = likely or {}  # role -> (logit that it has words, {word: logit})

    def read(self, window):
        types = np.full((len(window.words), 17), -5, dtype=np.float32)
        types[:, 0] = 5
        for word, kind in self.said[0].items():
            types[word, 0], types[word, 1 + TYPES.index(kind)] = -5, 5
        words = np.zeros((len(window.words), 384), dtype=np.float32)
        return Reading(words, types, np.full(len(CONTEXTS), -9, dtype=np.float32), dict.fromkeys(window.ends, -9.0))

    def arguments(self, reading, triggers, _types, _start, length):
        n, span = len(triggers), int(length.max())
        roles = np.full((n, span, 10), -9, dtype=np.float32)
        for role, words, begins in self.said[1]:
            roles[:, words, ROLES.index(role)] = 9
            roles[:, begins, 5 + ROLES.index(role)] = 9
        filled = np.full((n, 5), -9, dtype=np.float32)
        for role, (some, words) in self.likely.items():
            filled[:, ROLES.index(role)] = some
            for word, logit in words.items():
                roles[:, word, ROLES.index(role)] = logit
        understood = np.full((n, 5), -9, dtype=np.float32)
        for role in self.said[2]:
            understood[:, ROLES.index(role)] = 9
        status = np.zeros((n, 4), dtype=np.float32)
        status[:, self.said[3]] = 9
        pointer = np.zeros((n, 5, len(reading.words)), dtype=np.float32)
        if self.said[4] is not None:
            pointer[:, :, self.said[4]] = 9
        zeros = np.zeros((n, len(PAIRS)), dtype=np.float32)
        return Arguments(
            roles, zeros, status, np.full((n, len(TOLLS)), -9, dtype=np.float32), understood, pointer,
            np.tile(np.array([0, 5, 0], dtype=np.float32), (n, 4, 1)),
            np.tile(np.array([5, 0, 0], dtype=np.float32), (n, 3, 1)), filled,
        )  # fmt: skip

    def spans(self, _vectors):
        return np.array([[5, 0, 0]], dtype=np.float32), np.array([[0, 5, 0]], dtype=np.float32)


DEFAULT = Settings()


def run(backend, settings=DEFAULT, why=False):
    (window,) = windows(TEXT, tokenize)
    return decode(window, backend.read(window), backend, TEXT, settings, why=why)


def test_trigger_and_spans_point_at_their_words():
    (event,) = run(Told({0: "REQUEST"}, [("actors", [1, 2], [1]), ("recipients", [3], [3]), ("time", [4], [4])]))
    assert (event.type, event.trigger.text, event.status) == ("REQUEST", "دعا", "actual")
    assert [m.text for m in event.actors] == ["الوزير المصري"]
    assert [m.text for m in event.recipients] == ["إيران"]
    assert event.time.text == "أمس"
    for cell in (event.trigger, *event.actors, *event.recipients, event.time):
        assert TEXT[1][cell.start : cell.end] == cell.text


def test_words_that_begin_a_mention_part_a_run():
    (event,) = run(Told({0: "CONSULT"}, [("actors", [1, 2, 3], [1, 3])]))
    assert [m.text for m in event.actors] == ["الوزير المصري", "إيران"]


def test_guess_names_codes_with_probabilities():
    (event,) = run(Told({0: "REQUEST"}, [("actors", [1, 2], [1])]))
    code, p = event.actors[0].guess[0]
    assert code == "EGY.GOV"
    assert 0.9 < p <= 1


def test_understood_party_links_to_the_words_that_name_it():
    (event,) = run(Told({7: "ASSAULT"}, [], understood=["actors", "place"], pointer=3))
    (actor,) = event.actors
    assert actor.text is None
    assert actor.link == (1, TEXT[1].index("إيران"), TEXT[1].index("إيران") + 5)
    assert event.place is not None
    assert event.place.text is None


def test_where_several_words_are_meant_the_likeliest_is_taken_if_some_words_are_sure():
    split = {1: -0.9, 2: -0.8, 3: -1.5}
    sure, unsure = ({"actors": (some, split)} for some in (3.0, -3.0))
    settings = Settings()._replace(filled=(0.5,) * 5)
    (event,) = run(Told({0: "REQUEST"}, likely=sure), settings)
    assert [m.text for m in event.actors] == ["الوزير المصري إيران"]
    (event,) = run(Told({0: "REQUEST"}, likely={"actors": (3.0, {1: -3.0, 3: -0.8})}), settings)
    assert [m.text for m in event.actors] == ["إيران"]
    assert run(Told({0: "REQUEST"}, likely=unsure), settings)[0].actors == ()
    assert run(Told({0: "REQUEST"}, likely=sure))[0].actors == ()


def test_mode_belongs_to_the_type():
    for kind in TYPES:
        (event,) = run(Told({0: kind}))
        assert (kind, event.mode) in PAIRS


def test_nothing_is_coded_in_a_paragraph_judged_junk():
    backend = Told({0: "REQUEST"})
    (window,) = windows(TEXT, tokenize)
    reading = backend.read(window)
    junk = reading._replace(junk={1: 9.0})
    assert decode(window, junk, backend, TEXT, Settings()) == []


def test_reasons_only_where_asked_for():
    backend = Told({0: "REQUEST"}, [("actors", [1], [1])])
    assert run(backend)[0].why == ()
    lines = run(backend, why=True)[0].why
    assert any("REQUEST" in line for line in lines)
    assert any(line.startswith("actors: الوزير") for line in lines)


def test_bounds_are_the_paragraphs_words():
    (window,) = windows(["عنوان خبر", *TEXT[1:]], tokenize)
    assert bounds(window.words, 0) == (0, 2)
    assert bounds(window.words, 5) == (2, 8)


@pytest.mark.parametrize(("logits", "expected"), [([9, 8, -9], 2), ([-9, -8, -7], 1)])
def test_contexts_are_at_least_one(logits, expected):
    full = np.full(len(CONTEXTS), -9, dtype=np.float32)
    full[:3] = logits
    reading = Told({}).read(windows(TEXT, tokenize)[0])._replace(contexts=full)
    assert len(contexts([reading], 0.5)) == expected
    assert contexts([], 0.5) == ()
