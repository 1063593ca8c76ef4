"""Which words are triggers, and of which type: a row of numbers for every word that may be one and each likely type."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from khabar.arabic import fold_key, strip_proclitics
from khabar.codebook import TYPES
from khabar.coding.look.words import SEEN, TRIGGER, TYPE, Counts, WordCounts
from khabar.coding.numeric import Floats, softmax
from khabar.coding.windows import Window

FLOOR = 0.08  # least probability of a word that is looked at
LEAST, MOST = 0.03, 3  # of a type that is weighed against the likeliest, and how many
FAR = 99  # words to another candidate where there is none
# Like the columns, these words are part of the fitted trees: who changes them fits anew.
DEFINITE = ("ال", "وال", "بال", "لل")
MARKS = frozenset(("قبل", "بعد", "منذ", "خلال", "اثر", "عقب", "بسبب", "اثناء"))  # before an act that dates another
COLUMNS = (
    "trigger", "near1", "near3", "near6", "title", "paragraph", "offset", "length", "share", "counted", "seen",
    "of seen", "definite", "mark", "letters", "dense", "dense article", "before", "after", "counted before",
    "counted after", "type", "rank", "typed", "of trigger", "of counted", "same", "same near", "same before",
    "same in article", "other type",
)  # fmt: skip
CATEGORIES = ("type",)


class Scored(NamedTuple):
    """A word of a window (by index) that may be a trigger: its best type (index in `TYPES`) and how likely that is."""

    word: int
    type: int
    score: float


class Candidate(NamedTuple):
    """A word of a window that may be a trigger: probabilities [17], the paragraph's first word and number of words."""

    word: int
    paragraph: int
    probability: Floats
    first: int
    length: int


def log_odds(p: float) -> float:
    """The log odds of a probability, bounded."""
    p = min(max(float(p), 1e-6), 1 - 1e-6)
    return math.log(p / (1 - p))


def coded_words(window: Window, skipped: frozenset[int]) -> list[int]:
    """Words in which something may be coded; `skipped` are paragraphs that are no text of the article."""
    return [j for j, w in enumerate(window.words) if w.predict and w.start < w.end and w.paragraph not in skipped]


def first_look(window: Window, types: Floats, temperature: float, skipped: frozenset[int]) -> list[Scored]:
    """Words by the encoder alone: how likely each is a trigger of any type, and its likeliest type."""
    found = candidates(window, types, temperature, skipped)
    return [Scored(c.word, int(c.probability[1:].argmax()), float(1 - c.probability[0])) for c in found]


def candidates(window: Window, types: Floats, temperature: float, skipped: frozenset[int]) -> list[Candidate]:
    """The words of a window that a second look is worth."""
    coded = coded_words(window, skipped)
    span: dict[int, list[int]] = defaultdict(list)
    for j in coded:
        span[window.words[j].paragraph].append(j)
    probability = softmax(types / np.float32(temperature))
    found = []
    for j in coded:
        if 1 - probability[j, 0] > FLOOR:
            mine = span[window.words[j].paragraph]
            found.append(
                Candidate(j, window.words[j].paragraph, probability[j], mine[0], mine[-1] - mine[0] + 1)
            )  # fmt: skip
    return found


def rows(
    found: Sequence[tuple[Window, Sequence[Candidate]]], paragraphs: Sequence[str], counts: WordCounts
) -> tuple[list[list[float]], list[tuple[int, int, int]]]:
    """Rows of `COLUMNS` for the candidates of an article, window by window, and of each row (window, index of the
    candidate, type)."""
    sums = np.zeros(1 + len(TYPES), dtype=np.float32)
    for _, some in found:
        for c in some:
            sums += c.probability
    total = float(sums[1:].sum())
    table: list[list[float]] = []
    whose: list[tuple[int, int, int]] = []
    for number, (window, some) in enumerate(found):

        def text(j: int, window: Window = window) -> str:
            if not 0 <= j < len(window.words):
                return ""
            w = window.words[j]
            return paragraphs[w.paragraph][w.start : w.end]

        beside: dict[int, list[Candidate]] = defaultdict(list)
        for c in some:
            beside[c.paragraph].append(c)
        for index, c in enumerate(some):
            others = [d for d in beside[c.paragraph] if d is not c]
            common = _common(c, others, text(c.word), text(c.word - 1), text(c.word + 1), counts, len(paragraphs))
            dense = sum(1 - float(d.probability[0]) for d in beside[c.paragraph]) / c.length
            common[15:17] = [dense, total / len(paragraphs)]
            typed = c.probability[1:]
            order = np.argsort(-typed, kind="stable").tolist()
            known = counts(text(c.word))
            for rank in range(MOST):
                kind = order[rank]
                if rank and typed[kind] < LEAST:
                    break
                table.append(common + _typed(c, others, kind, rank, order, known, float(sums[1 + kind])))
                whose.append((number, index, kind))
    return table, whose


def _common(
    c: Candidate, others: Sequence[Candidate], word: str, before: str, after: str, counts: WordCounts, paragraphs: int
) -> list[float]:
    """What does not depend on the type; density is filled in by the caller."""

    def near(low: int, high: int) -> float:
        return max((1 - float(d.probability[0]) for d in others if low <= d.word - c.word <= high), default=0.0)

    known, folded = counts(word), fold_key(before)
    offset = c.word - c.first
    beside = [counts(w) if w else None for w in (before, after)]
    ratio = [0.0 if k is None else (k[TRIGGER] + 0.5) / (k[SEEN] + 5) for k in beside]
    return [
        log_odds(1 - float(c.probability[0])), near(-1, 1), near(-3, 3), near(-6, 6), float(c.paragraph == 0),
        c.paragraph / paragraphs, offset, c.length, offset / c.length, math.log1p(known[TRIGGER]),
        math.log1p(known[SEEN]), (known[TRIGGER] + 0.5) / (known[SEEN] + 5), float(word.startswith(DEFINITE)),
        float(folded in MARKS or strip_proclitics(folded) in MARKS), len(word), 0.0, 0.0,
        near(-1000, -1), near(1, 1000), *ratio,
    ]  # fmt: skip


def _typed(
    c: Candidate, others: Sequence[Candidate], kind: int, rank: int, order: Sequence[int], known: Counts,
    in_article: float,
) -> list[float]:  # fmt: skip
    typed = c.probability[1:]
    trigger = 1 - float(c.probability[0])
    alike = [d for d in others if int(d.probability[1:].argmax()) == kind]
    same = [1 - float(d.probability[0]) for d in alike]
    near = min((abs(d.word - c.word) for d in alike if 1 - d.probability[0] > 0.4), default=FAR)
    return [
        kind, rank, log_odds(float(typed[kind])), float(typed[kind]) / max(trigger, 1e-6),
        (known[TYPE + kind] + 0.2) / (known[TRIGGER] + 2), max(same, default=0.0), near,
        max((1 - float(d.probability[0]) for d in alike if d.word < c.word), default=0.0),
        in_article - float(typed[kind]), float(typed[order[1 if rank == 0 else 0]]),
    ]  # fmt: skip
