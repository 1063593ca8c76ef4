"""Who the actors, recipients and speakers of an event are: a row of numbers for every mention that its paragraph may
hold, and one for the event's role as a whole (empty, with words, understood)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from khabar.arabic import fold_key
from khabar.coding.look.triggers import DEFINITE, FAR, log_odds
from khabar.coding.look.words import PARTY, ROLES, SEEN, TRIGGER, UNDERSTOOD, WORDS, WordCounts
from khabar.coding.spans import spans_of
from khabar.coding.windows import Word

SLIGHT = 0.005  # by the second reader alone, least probability of a mention that is weighed
LEFT = 0.3  # least chance of a mention for a role whose likelier ones are another role's
LOW, HALF = 0.12, 0.5  # words above the one, and above the other, make the mentions that are weighed
PREPOSITIONS = ("في", "الي", "علي", "من", "مع", "عن", "ضد", "بين", "قبل")
EVENT = (
    "type", "role", "filled", "understood", "filled1", "filled2", "understood1", "understood2", "best", "best1",
    "best2", "actual", "definite", "words of trigger", "understood of trigger", "title", "offset", "left", "sum",
)  # fmt: skip
SPAN = (
    *EVENT, "likely", "mean", "least", "begins", "likely1", "likely2", "place", "time", "rank", "ahead", "distance",
    "far", "marks", "triggers between", "size", "mentions", "counted", "of seen", "of parties", "joined", "to", "by",
    "preposition", "of others", "of others1", "of others2", "nearest trigger", "holds trigger",
)  # fmt: skip
WHOLE = (*EVENT, "first", "second", "third", "expected", "mentions")
CATEGORIES = ("type", "role")
STATES = ("empty", "words", "understood")


class Happening(NamedTuple):
    """An event as the second reader sees it: its trigger (word of the window), type, the paragraph's first word, the
    probabilities of its roles [10][P] (inside, then start, a role; as lists, of which short slices are taken quickly),
    whether roles have words [5] or are understood [5], and whether it is actual."""

    trigger: int
    type: int
    first: int
    roles: list[list[float]]
    filled: Sequence[float]
    understood: Sequence[float]
    actual: float


class Told(NamedTuple):
    """Who fills a role: mentions (first word, last word, probability), or, if there are none, whether somebody is
    understood; `probability` of just this."""

    spans: list[tuple[int, int, float]]
    understood: bool
    probability: float


class Weighed(NamedTuple):
    """Who fills `ROLES`, and what that was chosen from: the mentions of the paragraph (first word, last word), and for
    each role the chance of each mention and those of `STATES`."""

    told: tuple[Told, ...]
    mentions: Sequence[tuple[int, int]]
    chances: Sequence[Sequence[float]]
    states: Sequence[Sequence[float]]


def mentions(events: Sequence[Happening], words: Sequence[Word]) -> list[tuple[int, int]]:
    """The mentions that the events of one paragraph may have, whoever's they are."""
    found: dict[tuple[int, int], None] = {}
    for event in events:
        for r in range(len(ROLES)):
            for floor in (LOW, HALF):
                for a, b, _ in spans_of(event.roles[r], event.roles[5 + r], floor, event.first, words):
                    found[a, b] = None
    return list(found)


class Peaks(NamedTuple):
    """Of each of `ROLES`, place and time [5] the greatest probability inside each mention [mention]: for an event, and
    the greatest of the other events of its paragraph (0 where there is no other)."""

    own: list[list[float]]
    others: list[list[float]]


def peaks(events: Sequence[Happening], found: Sequence[tuple[int, int]]) -> list[Peaks]:
    """For each event of a paragraph how likely its mentions are."""
    each = [
        [[max(e.roles[k][a - e.first : b - e.first + 1]) for a, b in found] for k in range(len(ROLES) + 2)]
        for e in events
    ]
    nobody = [[0.0] * len(found) for _ in range(len(ROLES) + 2)]
    return [
        Peaks(own, [[max(ps) for ps in zip(*several, strict=True)]
                    for several in zip(*(o for o in each if o is not own), strict=True)] or nobody)
        for own in each
    ]  # fmt: skip


class Rows(NamedTuple):
    """What is known of an event's role: the columns `EVENT`; of every mention its probability by the second reader
    alone; the numbers of the mentions that are weighed, and the columns `SPAN` of each."""

    head: list[float]
    likely: list[float]
    weighed: list[int]
    table: list[list[float]]


def rows(
    event: Happening, r: int, events: Sequence[Happening], found: Sequence[tuple[int, int]], peak: Peaks,
    words: Sequence[Word], text: str, counts: WordCounts,
) -> Rows:  # fmt: skip
    """The rows of an event's role; `events` are those of the paragraph with the text `text`, `peak` is this event's.
    Mentions that are next to impossible (of a hundred that gold has, one) are not weighed."""
    rest = [k for k in range(len(ROLES)) if k != r]
    roles, t, first = event.roles, event.trigger, event.first

    def word(j: int) -> str:
        return text[words[j].start : words[j].end]

    known, kind = counts(word(t)), counts.types[event.type]
    share = [
        (known[at + r] + kind[at + r] / max(1, kind[TRIGGER])) / (known[TRIGGER] + 1) for at in (WORDS, UNDERSTOOD)
    ]  # fmt: skip
    head = [
        event.type, r, log_odds(event.filled[r]), log_odds(event.understood[r]),
        *(log_odds(event.filled[k]) for k in rest), *(log_odds(event.understood[k]) for k in rest),
        max(roles[r]), *(max(roles[k]) for k in rest), event.actual,
        float(word(t).startswith(DEFINITE)), *share, float(words[t].paragraph == 0), t - first,
        len(roles[r]) - (t - first), sum(roles[r]),
    ]  # fmt: skip
    others = [e for e in events if e is not event]
    likely = peak.own[r]
    order = sorted(range(len(found)), key=lambda n: -likely[n])
    rank = {n: place for place, n in enumerate(order)}
    weighed = [n for n in range(len(found)) if likely[n] >= SLIGHT]
    table = []
    for n in weighed:
        a, b = found[n]
        here = slice(a - first, b - first + 1)
        own = roles[r][here]
        apart = [likely[m] for m, (c, d) in enumerate(found) if d < a or b < c]
        away = a - t if a > t else min(b - t, 0)
        low, high = (b + 1, t) if b < t else (t + 1, a)
        between = text[words[min(b, t)].end : words[max(a, t)].start] if away else ""
        start, before = fold_key(word(a)), fold_key(word(a - 1)) if a > first else ""
        party = counts(word(a))
        parties = int(party[PARTY : PARTY + len(ROLES)].sum())
        row = [
            *head, log_odds(likely[n]), log_odds(sum(own) / len(own)), log_odds(min(own)),
            log_odds(roles[5 + r][a - first]),
            *(log_odds(peak.own[k][n]) for k in rest), peak.own[3][n], peak.own[4][n], rank[n],
            likely[n] - max(apart, default=0.0), away, abs(away), sum(map(between.count, '،,؛:.()"')),
            sum(low <= e.trigger < high for e in others), b - a + 1, len(found), math.log1p(parties),
            (parties + 0.2) / (party[SEEN] + 2), (party[PARTY + r] + 0.5) / (parties + 1),
            float(start[:1] in ("ل", "ب", "و")), float(start.startswith("ل")), float(start.startswith("ب")),
            PREPOSITIONS.index(before) if before in PREPOSITIONS else -1, *(peak.others[k][n] for k in (r, *rest)),
            min((abs(e.trigger - a) for e in others), default=FAR), float(a <= t <= b),
        ]  # fmt: skip
        table.append(row)
    return Rows(head, likely, weighed, table)


def whole_row(head: Sequence[float], chances: Sequence[float]) -> list[float]:
    """The columns `WHOLE` of an event's role, given the chances of the mentions that are weighed."""
    best = sorted((float(c) for c in chances), reverse=True)[:3]
    return [*head, *(log_odds(p) for p in [*best, 0.0, 0.0, 0.0][:3]), float(sum(chances)), len(chances)]


Spans = Sequence[tuple[int, int]]


def choose(
    found: Spans,
    chances: Sequence[float],
    states: Sequence[float],
    further: float,
    barred: frozenset[int] = frozenset(),
) -> Told:
    """The likeliest of `STATES`; with words: the likeliest mention, and all others above `further` beside it. Mentions
    `barred` are another role's: without them a role has words only where one of the others is likely."""
    state = STATES[int(np.argmax(states))]
    chance = float(np.max(states))
    order = [n for n in sorted(range(len(found)), key=lambda n: (-chances[n], n)) if n not in barred]
    if state == "words" and (not order or (barred and chances[order[0]] < LEFT)):
        empty, _, silent = states
        return Told([], bool(order or barred) and silent > empty, float(max(empty, silent)))
    if state != "words":
        return Told([], state == "understood", chance)
    taken: list[int] = []
    for n in order:
        if taken and chances[n] < further:
            break
        if not any(_meet(found[n], found[m]) for m in taken):
            taken.append(n)
    spans = sorted((*found[n], float(chances[n])) for n in taken)
    return Told(spans, False, chance * min(p for *_, p in spans))


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def choose_apart(
    found: Spans, chances: Sequence[Sequence[float]], states: Sequence[Sequence[float]], further: Sequence[float]
) -> list[Told]:
    """Actors and recipients of an event: nobody is both, so a mention that both claim is the role's that it is likelier
    of (section 5 of the codebook)."""
    barred: list[frozenset[int]] = [frozenset(), frozenset()]
    told = [choose(found, chances[r], states[r], further[r]) for r in (0, 1)]
    words = STATES.index("words")
    for _ in range(2):  # what is chosen instead may be the other's, too
        clashes = [(a, b) for a in told[0].spans for b in told[1].spans if _meet(a[:2], b[:2])]
        if not clashes:
            break
        for a, b in clashes:
            loser = 0 if b[2] * states[1][words] > a[2] * states[0][words] else 1
            kept = b if loser == 0 else a
            barred[loser] |= {n for n, span in enumerate(found) if _meet(span, kept[:2])}
        told = [choose(found, chances[r], states[r], further[r], barred[r]) for r in (0, 1)]
    return told
