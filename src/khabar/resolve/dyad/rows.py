"""Who may fill a role, and what speaks for each: one row of `COLUMNS` a candidate, which is a set of codes."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from khabar.codebook import SECTORS, TYPES
from khabar.resolve.acts import MODE, OTHER, ROLES, TYPE, Acts, Codes, Like, countries_of, log_odds
from khabar.resolve.counts import Counts
from khabar.resolve.understood_rows import country

COLUMNS = (
    *"type role empty words understood filled silent candidates current nobody size countries".split(),
    *"chance word rank_word opposite meant rank_meant sure second".split(),
    *"size_current size_other speakers alike alike_word same share share_word overlap likest dyad rival gap".split(),
    *"votes other_meets other_same other_country other_within in_role in_other paragraph actors event".split(),
    *"previous following previous_gap following_gap".split(),
    *"guess_code guess_country more fewer within beyond actual mode sector usual".split(),
)  # fmt: skip
_KINDS = ("nobody", "", "IGO", *sorted(SECTORS))
CATEGORIES: Mapping[str, tuple[str, ...]] = {"type": TYPES, "sector": _KINDS}
MOST = 6  # mentions of a role that are weighed
ALIKE = 4  # acts whose parties are candidates
SECOND = 0.1  # least chance of a mention that may stand beside a likelier one
_FAR, _NONE, _UNLIKE = 30.0, 9.0, -3.0
_KIND = {kind: n for n, kind in enumerate(_KINDS)}


def _kind(code: str) -> str:
    """The sector of a code, "" for a state as a whole, IGO for a body between states."""
    return "IGO" if code.startswith("IGO") else code.partition(".")[2]


class Named(NamedTuple):
    """A mention that may fill a role: its chance there and in the role `OTHER`, where it stands, its codes and how sure
    they are."""

    chance: float
    opposite: float
    start: int
    end: int
    codes: tuple[str, ...]
    sure: float


class Side(NamedTuple):
    """What is known of a role of an event before its candidates are weighed: the coder's chances that it is empty, has
    words, is understood (with the second look, then the last two by the reader alone), the mentions that may fill it
    (likeliest first), who may be understood with the chance of each, and the code that the coder guesses then."""

    states: Sequence[float]
    filled: float
    understood: float
    mentions: Sequence[Named]
    meant: Sequence[tuple[tuple[str, ...], float]]
    guess: Sequence[tuple[str, float]]


class _Told:
    """What acts that are alike say of one set of codes: how many have it, of them of the same type, of that of the same
    word; the likest, the most alike other side, the nearest of the type, and their votes."""

    __slots__ = ("acts", "dyad", "gap", "score", "typed", "votes", "words")

    def __init__(self) -> None:
        self.acts = self.typed = self.words = 0
        self.score, self.dyad, self.gap, self.votes = _UNLIKE, -1.0, _FAR, 0.0

    def add(self, one: Like) -> None:
        self.acts += 1
        self.score, self.dyad = max(self.score, one.score), max(self.dyad, one.dyad)
        self.votes += math.exp(1.5 * one.score)
        if one.same:
            self.typed, self.words = self.typed + 1, self.words + one.word
            self.gap = min(self.gap, float(one.gap))


_NOBODY = _Told()


class _Seen:
    """What speaks for one set of codes by where it comes from."""

    __slots__ = ("chance", "meant", "opposite", "rank_meant", "rank_word", "second", "sure", "word")

    def __init__(self) -> None:
        self.chance = self.word = self.opposite = self.meant = self.sure = self.second = 0.0
        self.rank_word = self.rank_meant = _NONE

    def named(self, rank: int, one: Named, chance: float) -> None:
        self.chance += chance
        self.word, self.opposite = max(self.word, one.chance), max(self.opposite, one.opposite)
        self.sure, self.rank_word = max(self.sure, one.sure), min(self.rank_word, float(rank))


def _candidates(side: Side, current: Codes, others: Sequence[Codes]) -> dict[Codes, _Seen]:
    found: dict[Codes, _Seen] = {}

    def of(codes: Codes) -> _Seen:
        return found.setdefault(codes, _Seen())

    empty, words, understood = side.states
    of(frozenset()).chance = empty
    mentions = side.mentions[:MOST]
    whole = max(1.0, sum(one.chance for one in mentions))
    for rank, one in enumerate(mentions):
        of(frozenset(one.codes)).named(rank, one, words * one.chance / whole)
    for rank, one in enumerate(mentions):
        for two in mentions[rank + 1 : 4]:
            if two.chance <= SECOND or (one.start < two.end and two.start < one.end):
                continue
            both = frozenset((*one.codes, *two.codes))
            if both != frozenset(one.codes) and both != frozenset(two.codes):
                seen = of(both)
                seen.chance += words * one.chance * two.chance / whole
                seen.second = max(seen.second, two.chance)
    for rank, (codes, share) in enumerate(side.meant):
        seen = of(frozenset(codes))
        seen.chance += understood * share
        seen.meant, seen.rank_meant = max(seen.meant, share), min(seen.rank_meant, float(rank))
    for codes_ in (*others, current):
        of(codes_)
    return found


def rows(acts: Acts, number: int, role: str, side: Side, counts: Counts) -> tuple[list[Codes], list[list[float]]]:
    """The candidates of a role, and a row of `COLUMNS` for each."""
    event, r = acts.events[number], ROLES.index(role)
    other = OTHER[role]
    current, opposite = acts.codes[role][number], acts.codes[other][number]
    there = acts.countries[other][number]
    alike = acts.alike(number, role)
    beside = [acts.beside(number, step) for step in (-1, 1)]
    near = [n for n in beside if n is not None] if role == "speaker" else []
    who = _candidates(side, current, [acts.codes[role][n] for n in (*(one.number for one in alike[:ALIKE]), *near)])
    gaps = [_NONE if n is None else float(abs(acts.events[n].paragraph - event.paragraph)) for n in beside]
    guess, guessed = dict(side.guess), Counter[str]()
    for code, chance in side.guess:
        guessed[country(code)] += chance  # type: ignore[assignment]
    told: dict[Codes, _Told] = {}
    for one in alike:
        told.setdefault(acts.codes[role][one.number], _Told()).add(one)
    same, words = (sum(getattr(one, name) for one in told.values()) for name in ("typed", "words"))
    whole = sum(one.votes for one in told.values()) + 1e-3
    rivals = sorted(((one.score, codes) for codes, one in told.items()), key=lambda r: -r[0])[:2]
    sectors = counts.of("role", f"{role} {event.type}")
    usual = sum(sectors.values()) + 1
    head = [
        float(TYPE[event.type]), float(r), *side.states, log_odds(side.filled), log_odds(side.understood),
        float(len(who)),
    ]  # fmt: skip
    about = [float(len(current)), float(len(opposite)), float(len(event.speaker)), float(same), float(words)]
    tail = [float(event.status == "actual"), float(MODE.get((event.type, event.mode or ""), 0))]
    table = []
    for codes, seen in who.items():
        mine = countries_of(codes)
        by = told.get(codes, _NOBODY)
        overlap = sum(one.acts for theirs, one in told.items() if not codes.isdisjoint(theirs))
        kinds = [_kind(c) for c in sorted(codes)]
        table.append([
            *head, float(codes == current), float(not codes), float(len(codes)), float(len(mine)),
            log_odds(seen.chance), seen.word, seen.rank_word, seen.opposite, seen.meant, seen.rank_meant, seen.sure,
            seen.second, *about, float(by.typed), by.typed / (same + 1), by.words / (words + 1),
            overlap / (len(alike) + 1), by.score, by.dyad,
            next((score for score, theirs in rivals if theirs != codes), _UNLIKE), by.gap, by.votes / whole,
            float(not opposite.isdisjoint(codes)), float(bool(opposite) and opposite == codes),
            float(not there.isdisjoint(mine)), float(bool(opposite) and opposite < codes),
            float(acts.often[role][codes]), float(acts.often[other][codes]), float(event.paragraph),
            float(len(event.actors)), event.confidence or 0.0,
            *(-1.0 if n is None else float(acts.codes[role][n] == codes) for n in beside), *gaps,
            max((guess.get(c, 0.0) for c in codes), default=-1.0), max((guessed[c] for c in mine), default=-1.0),
            float(len(codes - current)), float(len(current - codes)), float(codes < current), float(current < codes),
            *tail, float(_KIND.get(kinds[0], 1)) if kinds else 0.0,
            sum(math.log((sectors.get(k, 0) + 0.1) / usual) for k in kinds) / len(kinds) if kinds else 0.0,
        ])  # fmt: skip
    return list(who), table
