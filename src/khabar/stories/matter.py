"""What an article is about, and whether it goes on with a thread: the same parties, the same matter.

The matter of an article is the weighted words of its beginning, that of a thread the mean of its articles; the parties
are the countries and bodies of the acts that title and lead tell.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from khabar.records import Event
from khabar.stories.profiles import Vector, cosine

# Words of an article under which its thread is looked for, and words that a thread keeps.
KEYS = 8
KEPT = 60
# A thread sleeps: an article joins what was told last within so many days.
ASLEEP = 60
# Likeness of words that makes one matter (tuned on the tuning half of the judged pairs).
SAME_MATTER = 0.20
# Words that an article and a thread share at least among those looked for, parties included.
SHARED = 2


class Matter(NamedTuple):
    """`words` is a unit vector; `parties` are countries and bodies, most told first."""

    words: Vector
    parties: tuple[str, ...]


def parties(events: Iterable[Event]) -> tuple[str, ...]:
    """Countries and bodies of some acts, most told first."""
    told = Counter(
        code if code.startswith("IGO.") else code.partition(".")[0]
        for event in events
        for mention in (*event.actors, *event.recipients)
        for code in mention.codes
    )
    return tuple(code for code, _ in sorted(told.items(), key=lambda item: (-item[1], item[0])) if code != "UNK")


def key_words(words: Mapping[str, float]) -> list[str]:
    """The heaviest words: those under which a thread is looked for."""
    return sorted(words, key=lambda word: (-words[word], word))[:KEYS]


def goes_on(new: Matter, thread: Matter) -> float:
    """How much an article goes on with a thread; 0 if it does not. Without a party in common it never does; with a
    pair in common the words may differ more."""
    common = len(set(new.parties[:4]) & set(thread.parties[:6]))
    if not common and new.parties and thread.parties:
        return 0.0
    score = cosine(new.words, thread.words) + (0.06 if common > 1 else 0.0)
    return score if score >= SAME_MATTER else 0.0


def joined(thread: Matter, new: Matter, articles: int) -> Matter:
    """The thread's matter with an article more; `articles` were in it before."""
    told = Counter({word: value * articles for word, value in thread.words.items()})
    told.update(dict(new.words))
    heavy = sorted(told.items(), key=lambda item: (-item[1], item[0]))[:KEPT]
    norm = math.sqrt(sum(value * value for _, value in heavy)) or 1.0
    named = dict.fromkeys((*thread.parties, *new.parties))
    return Matter({word: value / norm for word, value in heavy}, tuple(named)[:12])
