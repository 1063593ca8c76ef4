"""Blurbs of other stories at the end of an article: whole sentences, told by how they open and what they share with it.

A blurb is the lead of another article: it opens with a bare verb and names everybody in full, while a paragraph that
goes on opens with و or another connective and points back. The weights (data/blurb_weights.tsv) are a logistic
regression counted on the coded training articles (benchmarks/pages.py fit). The blurbs are the suffix whose weights
add up to most.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from khabar.arabic import fold_key

from .cues import rows, words_of

LONGEST = 6  # blurbs at one end, as templates have them
_WORD = re.compile(r"[\u0621-\u064a0-9a-z]+")
_PREFIX = re.compile(r"^(?:وال|بال|فال|كال|لل|ال|و)(?=..[^ ])")


@cache
def weights() -> dict[str, float]:
    """Feature to weight; a positive sum is a blurb."""
    return {name: float(value) for name, value in rows("blurb_weights")}


def has_blurbs(outlet: str | None, url: str | None, lead: str) -> bool:
    """Whether the outlet's template puts blurbs under its articles (data/outlets.tsv)."""
    where = f"{outlet or ''} {url or ''} {fold_key(lead[:90])}".lower()
    return any(row[2] == "1" and any(mark in where for mark in row[1].split("|")) for row in rows_outlets())


@cache
def rows_outlets() -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(row) for row in rows("outlets"))


def content(text: str) -> frozenset[str]:
    """The telling words of a text: folded, without conjunction and article, without function words."""
    stop = words_of("openers", "stop")
    found = (_PREFIX.sub("", word) for word in _WORD.findall(fold_key(text).lower()) if word not in stop)
    return frozenset(word for word in found if len(word) > 2)


def features(
    paragraphs: Sequence[str], sets: Sequence[frozenset[str]], number: int, template: bool
) -> dict[str, float]:
    """Features of paragraph `number` (1 is the lead, 0 the title) of an article; `sets` are the `content` of each."""
    text = paragraphs[number]
    words = _WORD.findall(fold_key(text).lower())
    first = words[0] if words else ""
    own = sets[number]
    size = max(5, min(len(own), 20))
    before: set[str] = set()
    for other in sets[:number]:
        before |= other
    previous = sets[number - 1] if number > 1 else sets[0] | own
    return {
        "bias": 1.0,
        "waw": float(first.startswith("و") and first not in words_of("openers", "waw_word")),
        "connective": float(first in words_of("openers", "continue")),
        "lead_verb": float(first in words_of("openers", "lead_verb")),
        "quotation": float(text[:1] in '"“«'),
        "template": float(template),
        "weekday": float(not words_of("date_words", "weekday").isdisjoint(words[:25])),
        "open_end": float(text.rstrip()[-1:] not in '.؟!"”:…'),
        "short": float(len(words) < 15),
        "middle": float(15 <= len(words) <= 50),
        "long": float(len(words) > 60),
        "overlap_head": len(own & (sets[0] | sets[1])) / size if len(sets) > 1 else 0.0,
        "overlap_previous": len(own & previous) / size,
        "overlap_all": len(own & before) / size,
        "reference": float(not words_of("openers", "reference").isdisjoint(words[:18])),
        "early": float(number <= 2),
    }


def score(values: dict[str, float]) -> float:
    """Log odds that the paragraph is a blurb."""
    table = weights()
    return sum(table.get(name, 0.0) * value for name, value in values.items())


def first_blurb(paragraphs: Sequence[str], template: bool) -> int:
    """Number of the first paragraph of the blurbs at the end; `len(paragraphs)` if there are none."""
    end = len(paragraphs)
    if end < 4:
        return end
    sets = [content(text) for text in paragraphs]
    best, best_sum, total = end, 0.0, 0.0
    for number in range(end - 1, max(2, end - LONGEST) - 1, -1):
        total += score(features(paragraphs, sets, number, template))
        if total > best_sum:
            best, best_sum = number, total
    return best
