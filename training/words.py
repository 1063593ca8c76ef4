"""How often stems are triggers and parties in gold: what `khabar.coding.look.words` holds, counted."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import numpy as np

from khabar.codebook import TYPES
from khabar.coding.look import Look, WordCounts
from khabar.coding.look.words import LEAST, PARTY, ROLES, SEEN, SIZE, TRIGGER, TYPE, UNDERSTOOD, WORDS, Counts, key_of
from khabar.coding.windows import EDGE

Json = dict[str, Any]
PARTS = 10


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


def by_part(pairs: Iterable[tuple[Json, Json]]) -> list[dict[str, Counts]]:
    """What the articles of each part (`part_of`) add to the counts.

    Rows that trees learn from are made with counts of the other parts. To leave out the article's own words alone will
    not do: a stem counted 2,057 times where all others say 2,058 tells that here it is a trigger, and trees learn just
    that.
    """
    found: list[dict[str, Counts]] = [{} for _ in range(PARTS)]
    for article, coded in pairs:
        part = found[part_of(article["id"])]
        for key, row in own_counts(article, coded).items():
            part[key] = part[key] + row if key in part else row
    return found


def part_of(article: str) -> int:
    """The part of the gold that an article is in while rows are made."""
    return zlib.crc32(f"words {article}".encode()) % PARTS


def unseen(look: Look | None, pairs: Iterable[tuple[Json, Json]]) -> Look | None:
    """The look without the words of some articles that its counts hold, none of them."""
    total: dict[str, Counts] = {}
    for article, coded in pairs:
        for key, row in own_counts(article, coded).items():
            total[key] = total[key] + row if key in total else row
    return look and look._replace(counts=look.counts.without(total))
