"""An article's parties decided together: what other mentions were found to be speaks for a candidate, too.

`evidence` weighs every mention by itself. Here each uncertain one is ranked again beside the others: mentions of the
same words, of the same family name, with the same head noun, the ones before and after, the other parties of the event,
and how much of the article is about a code. The ranking is by small decision trees (`trees`), fitted by
`benchmarks/resolution_fit.py`; the columns are `COLUMNS`, one row a candidate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from heapq import nlargest
from itertools import repeat
from typing import NamedTuple

from khabar.resolve.evidence import SECTORS, Case, Evidence, group_of
from khabar.resolve.surroundings import name_token
from khabar.resolve.tables import KINDS

_NOTHING: Mapping[str, float] = {}
TOP = 10  # candidates of a mention that are ranked again
SURE = 0.995  # a mention that the tables give and weighing makes this sure is left as it is
_TABLES = frozenset({"table", "composition", "country"})

CATEGORIES: dict[str, tuple[str, ...]] = {
    "group": ("composition", "table", "country", "office", "armed", "name", "people", "family name", "source", "open"),
    "role": ("actors", "recipients", "speaker"),
    "type": tuple(
        "AGREE CONSULT SUPPORT CONCEDE COOPERATE AID RETREAT REQUEST ACCUSE REJECT THREATEN PROTEST SANCTION MOBILIZE "
        "COERCE ASSAULT".split()
    ),
    "sector": (*("-" if s == "" else s for s in SECTORS), "body"),
    "country": ("C", "INT", "UNK", "IGO"),
    "strength": ("-", "head", "weak", "of", "people", "source", "weakhead", "actor"),
    "kind": ("-", *sorted(KINDS)),
}
_NUMBER = {name: {value: n for n, value in enumerate(values)} for name, values in CATEGORIES.items()}
_AROUND = (
    "top global title lead before after paragraph previous1 previous2 lemma lemma_last sector place located other "
    "same_role speaker near titled prior next home"
).split()
_ZEROS = repeat(0.0)
_WHOLE = "mention last named told titles phrase phrase_last here".split()
COLUMNS = (
    *CATEGORIES,
    *"score rank behind entropy said_country said_sector pronoun names mentions".split(),
    *"words words_code words_country words_sector name name_code name_country name_sector".split(),
    *"head head_code head_country head_sector last_head_code last_head_country".split(),
    *"previous_code previous_country second_code second_country next_code next_country role_code role_country".split(),
    *"other_code other_country beside_code beside_country beside_sector all_code all_country rival".split(),
    *(f"near_{name}" for name in _AROUND),
    *(f"whole_{name}" for name in _WHOLE),
    *"guess_code guess_country guess_sector guess_top guess_first".split(),
)


class Weighed(NamedTuple):
    """A party as weighed by itself: where its mention stands (paragraph, offset, number of the part), its event and
    role, its case and evidence, and its candidates with log chances, best first."""

    at: tuple[int, int, int]
    event: int
    case: Case
    evidence: Evidence
    ranked: tuple[tuple[str, float, float], ...]  # code, chance, log chance


class _Votes:
    """Chances of codes, countries and sectors, added up over mentions."""

    __slots__ = ("codes", "countries", "number", "sectors")

    def __init__(self) -> None:
        self.codes: dict[str, float] = {}
        self.countries: dict[str, float] = {}
        self.sectors: dict[str, float] = {}
        self.number = 0

    def add(self, one: _Votes) -> None:
        for mine, theirs in (
            (self.codes, one.codes), (self.countries, one.countries), (self.sectors, one.sectors)
        ):  # fmt: skip
            for key, value in theirs.items():
                mine[key] = mine.get(key, 0.0) + value
        self.number += max(one.number, 1)


def _votes(ranked: Iterable[tuple[str, float, float]]) -> _Votes:
    found = _Votes()
    for code, chance, _ in ranked:
        country, sector = split_code(code)
        found.codes[code] = chance
        found.countries[country] = found.countries.get(country, 0.0) + chance
        found.sectors[sector] = found.sectors.get(sector, 0.0) + chance
    found.number = 1
    return found


def votes_of(parties: Sequence[Weighed]) -> list[_Votes]:
    """What each mention votes for."""
    return [_votes(one.ranked) for one in parties]


@lru_cache(maxsize=10_000)
def split_code(code: str) -> tuple[str, str]:
    """Country and sector; a body between states is its own country."""
    country, _, sector = code.partition(".")
    return (code, "body") if country == "IGO" else (country, sector)


class _Mates:
    """Votes by a key, with what is to be left out taken away; added up when they are first asked for."""

    def __init__(self) -> None:
        self._cast: dict[object, list[_Votes]] = {}
        self._whole: dict[object, _Votes] = {}

    def add(self, key: object, votes: _Votes) -> None:
        self._cast.setdefault(key, []).append(votes)

    def votes(self, key: object) -> _Votes | None:
        """The votes of a key, None if nobody votes."""
        if key not in self._cast:
            return None
        if key not in self._whole:
            self._whole[key] = whole = _Votes()
            for one in self._cast[key]:
                whole.add(one)
        return self._whole[key]

    def without(self, key: object, less: _Votes | None, mine: _Votes) -> _Votes | None:
        """The votes of a key for what `mine` votes for, those of `less` taken away; None if nobody else votes."""
        there = self.votes(key)
        if there is None or less is None:
            return there
        rest = _Votes()
        rest.number = there.number - less.number
        if rest.number <= 0:
            return None
        rest.codes = {k: there.codes.get(k, 0.0) - less.codes.get(k, 0.0) for k in mine.codes}
        rest.countries = {k: there.countries.get(k, 0.0) - less.countries.get(k, 0.0) for k in mine.countries}
        rest.sectors = {k: there.sectors.get(k, 0.0) - less.sectors.get(k, 0.0) for k in mine.sectors}
        return rest


def _over(votes: Sequence[_Votes]) -> _Votes | None:
    """Votes added up, None of nobody."""
    if len(votes) < 2:
        return votes[0] if votes else None
    found = _Votes()
    for one in votes:
        found.add(one)
    return found


def _two(votes: _Votes | None, code: str, country: str) -> tuple[float, float]:
    """Mean votes for a code and its country, -1 of nobody."""
    if votes is None:
        return -1.0, -1.0
    return votes.codes.get(code, 0.0) / votes.number, votes.countries.get(country, 0.0) / votes.number


def _sector(votes: _Votes | None, sector: str) -> float:
    return -1.0 if votes is None else votes.sectors.get(sector, 0.0) / votes.number


def _four(votes: _Votes | None, code: str, country: str, sector: str) -> tuple[float, float, float, float]:
    """How many vote, and their mean votes for a code, its country and its sector."""
    return (
        0.0 if votes is None else float(votes.number), *_two(votes, code, country), _sector(votes, sector)
    )  # fmt: skip


def uncertain(one: Weighed) -> bool:
    """Whether a mention is ranked again."""
    return not (one.ranked[0][1] > SURE and group_of(one.case) in _TABLES)


class Article(NamedTuple):
    """All that is counted once an article."""

    parties: Sequence[Weighed]
    votes: Sequence[_Votes]
    order: list[int]
    rank: dict[int, int]
    words: _Mates
    heads: _Mates
    names: _Mates
    all: _Votes


def read(parties: Sequence[Weighed], votes: Sequence[_Votes] | None = None) -> Article:
    """The votes of an article's mentions, by words, names and head nouns; `votes` are theirs, where they are known."""
    votes = votes_of(parties) if votes is None else votes
    order = sorted(range(len(parties)), key=lambda n: parties[n].at)
    words, heads, names, every = _Mates(), _Mates(), _Mates(), _Votes()
    for one, vote in zip(parties, votes, strict=True):
        key, head = one.case.key, one.case.part.head
        words.add(key, vote)
        every.add(vote)
        if head:
            heads.add(head, vote)
            heads.add((head, key), vote)
        for name in set(names_of(one.case)):
            names.add(name, vote)
            names.add((name, key), vote)
    return Article(parties, votes, order, {n: r for r, n in enumerate(order)}, words, heads, names, every)


def names_of(case: Case) -> list[str]:
    """Keys of the words of a mention that no table knows."""
    return [name_token(n) for n in case.part.names if len(n) > 2]


class Guess(NamedTuple):
    """What the coder guesses of a mention: its chances of codes, countries and sectors."""

    codes: Mapping[str, float]
    countries: Mapping[str, float]
    sectors: Mapping[str, float]


def guessed(guess: Sequence[tuple[str, float]]) -> Guess | None:
    """The guess of a mention, None where the coder gives none (gold)."""
    if not guess:
        return None
    countries: dict[str, float] = {}
    sectors: dict[str, float] = {}
    for code, chance in guess:
        country, sector = split_code(code)
        countries[country] = countries.get(country, 0.0) + chance
        sectors[sector] = sectors.get(sector, 0.0) + chance
    return Guess(dict(guess), countries, sectors)


_NO_GUESS = (-1.0,) * 5


def rows(article: Article, number: int, guess: Sequence[tuple[str, float]] = ()) -> list[list[float]]:
    """One row of `COLUMNS` for every candidate of a mention; `guess` is the coder's."""
    parties, votes, order = article.parties, article.votes, article.order
    one, mine = parties[number], votes[number]
    case, part, key = one.case, one.case.part, one.case.key
    names = names_of(case)
    family = names[-1] if names else ""
    words = article.words.without(key, mine, mine)
    named = article.names.without(family, article.names.votes((family, key)), mine)
    head = part.head
    headed = article.heads.without(head, article.heads.votes((head, key)), mine)
    at = article.rank[number]
    before = [order[n] for n in range(at - 1, -1, -1)]
    last_head = next(
        (votes[n] for n in before if head and parties[n].case.part.head == head and parties[n].case.key != key), None
    )
    same_role = next((votes[n] for n in before if parties[n].case.role == case.role), None)
    previous = votes[before[0]] if before else None
    second = votes[before[1]] if len(before) > 1 else None
    following = votes[order[at + 1]] if at + 1 < len(order) else None
    event = [n for n in range(len(parties)) if n != number and parties[n].event == one.event]
    beside = _over([votes[n] for n in event if parties[n].case.role == case.role])
    opposite = _over([
        votes[n] for n in event
        if parties[n].case.role != case.role and "speaker" not in (parties[n].case.role, case.role)
    ])  # fmt: skip
    entropy = -sum(chance * log for _, chance, log in one.ranked)
    top = max((article.all.codes.get(code, 0.0) for code in mine.codes), default=0.0)
    rest = max(len(parties) - 1, 1)
    fixed = [
        _NUMBER["group"].get(group_of(case), 0), _NUMBER["role"].get(case.role, 0), _NUMBER["type"].get(case.type, 0),
    ]  # fmt: skip
    said = [_NUMBER["strength"].get(part.strength or "-", 0), _NUMBER["kind"].get(part.kind or "-", 0)]
    found, likely = [], guessed(guess)
    for rank, (code, _, log) in enumerate(one.ranked):
        country, sector = split_code(code)
        state = code.partition(".")[0]
        near = one.evidence.near.get(state, _NOTHING)
        whole = {name.rpartition(":")[2]: value for name, value in one.evidence.whole.get(code, ())}
        found.append([
            *fixed, _NUMBER["sector"].get(sector or "-", 0), _NUMBER["country"].get(state, 0), *said,
            log, rank, log - one.ranked[0][2], entropy,
            -1.0 if not part.country else float(state == part.country),
            -1.0 if not part.sector else float(sector == part.sector),
            float(part.pronoun), len(part.names), len(parties),
            *_four(words, code, country, sector),
            *_four(named, code, country, sector),
            *_four(headed, code, country, sector),
            *_two(last_head, code, country),
            *_two(previous, code, country),
            *_two(second, code, country),
            *_two(following, code, country),
            *_two(same_role, code, country),
            *_two(opposite, code, country),
            *_two(beside, code, country), _sector(beside, sector),
            (article.all.codes.get(code, 0.0) - mine.codes.get(code, 0.0)) / rest,
            (article.all.countries.get(country, 0.0) - mine.countries.get(country, 0.0)) / rest,
            top - article.all.codes.get(code, 0.0),
            *map(near.get, _AROUND, _ZEROS),
            *map(whole.get, _WHOLE, _ZEROS),
            *(_NO_GUESS if likely is None else (
                likely.codes.get(code, 0.0), likely.countries.get(country, 0.0), likely.sectors.get(sector, 0.0),
                guess[0][1], float(code == guess[0][0]),
            )),
        ])  # fmt: skip
    return found


def best_of(ranked: Sequence[tuple[str, float]], guess: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """The `TOP` candidates, with scores, that are ranked again, best first; the coder's first guess is one of them."""
    top = nlargest(TOP, ranked, key=lambda one: one[1])
    if guess and all(code != guess[0][0] for code, _ in top):
        top[-1] = next((one for one in ranked if one[0] == guess[0][0]), top[-1])
    return top
