"""How often stems are triggers and parties in gold: what `khabar.coding.look.words` holds, counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import numpy as np

from khabar.codebook import TYPES
from khabar.coding.look import Look, WordCounts
from khabar.coding.look.words import LEAST, PARTY, ROLES, SEEN, SIZE, TRIGGER, TYPE, UNDERSTOOD, WORDS, Counts, key_of
from khabar.coding.windows import EDGE

Json = dict[str, Any]


def own_counts(article: Json, coded: Json) -> dict[str, Counts]:
    """What an article adds to the counts, by stem."""
    found: dict[str, Counts] = defaultdict(lambda: np.zeros(SIZE, dtype=np.int64))
    for paragraph in article["paragraphs"]:
        for run in paragraph.split():
            found[key_of(run.strip(EDGE))][SEEN] += 1
    for event in coded["events"]:
        _add(found[key_of(event["trigger"]["text"])], event)
        for r, role in enumerate(ROLES):
            for mention in event[role]:
                if mention["text"]:
                    found[key_of(mention["text"].split()[0].strip(EDGE))][PARTY + r] += 1
    return dict(found)


def _add(row: Counts, event: Json) -> None:
    row[TRIGGER] += 1
    row[TYPE + TYPES.index(event["type"])] += 1
    for r, role in enumerate(ROLES):
        if event[role]:
            row[(WORDS if any(m["text"] for m in event[role]) else UNDERSTOOD) + r] += 1


def count(pairs: Iterable[tuple[Json, Json]]) -> WordCounts:
    """Counts of all words of some gold."""
    found: dict[str, Counts] = defaultdict(lambda: np.zeros(SIZE, dtype=np.int64))
    types = np.zeros((len(TYPES), SIZE), dtype=np.int64)
    for article, coded in pairs:
        for key, row in own_counts(article, coded).items():
            found[key] += row
        for event in coded["events"]:
            _add(types[TYPES.index(event["type"])], event)
    return WordCounts({k: v for k, v in found.items() if v[TRIGGER] + v[PARTY:].sum() >= LEAST}, types)


def unseen(look: Look | None, article: Json, coded: Json) -> Look | None:
    """The look without the words of an article that its counts hold."""
    return look and look._replace(counts=look.counts.without(own_counts(article, coded)))
