"""Names of places within a run of words: the longest names of the gazetteer, states, nationality adjectives."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from khabar.resolve.cues import cue_words
from khabar.resolve.gazetteer import Gazetteer, Row
from khabar.resolve.place_words import (
    PlaceWord,
    State,
    Token,
    adjective,
    adjective_of_two,
    capitals,
    place_word,
    states,
    variants,
)

Countries = Mapping[str, float]
FLOOR = 0.02  # what a country has that the context does not name
LONGEST = 7  # words of a name
# Features that are named after places elsewhere: a street or a mosque says little about where its namesake lies.
NAMED_AFTER = frozenset("street square road mosque building hotel quarter stadium".split())
# What a feature word asks for: other features that do as well.
ALIKE: dict[str, frozenset[str]] = {
    "admin1": frozenset(("admin1", "region")),
    "admin2": frozenset(("admin2", "town", "city", "region")),
    "city": frozenset(("city", "town", "village", "admin2")),
    "region": frozenset(("region", "admin1", "admin2", "city", "town", "quarter", "front")),
    "front": frozenset(("front", "admin2", "town", "region")),
    "quarter": frozenset(("quarter", "town", "village")),
    "base": frozenset(("base", "airport")),
    "airport": frozenset(("airport", "base")),
    "road": frozenset(("road", "front", "admin2")),
    "field": frozenset(("field",)),
}
# Own rows have no population: what they weigh beside a city's, as its logarithm.
WEIGHT = {
    "country": 8.0, "admin1": 5.7, "region": 5.5, "city": 5.6, "admin2": 5.0, "town": 4.6, "continent": 7.0,
    "sea": 6.5, "ocean": 6.5, "gulf": 6.0, "strait": 6.0, "camp": 4.8, "crossing": 4.8, "mosque": 5.5,
}  # fmt: skip


CAPITAL = 1_000_000  # people: what a capital weighs whose own number is not known
KNOWN = 100_000


def is_known(row: Row) -> bool:
    """Whether a row is one of our own or a large city."""
    return not row.id.startswith("gn") or row.population >= KNOWN


class Part(NamedTuple):
    """A place name in a run of tokens `first` to `last` (inclusive): the rows it may be, or the state that it names.

    `sort` is "place", "state" or "adjective"; `feature` the feature word before it; `border` whether only a border or
    a neighbour is named so; `foreign` whether it names whose embassy or base stands there.
    """

    first: int
    last: int
    key: str
    sort: str
    rows: tuple[Row, ...]
    state: str
    feature: str
    border: bool
    foreign: bool


@cache
def state_row(code: str) -> Row:
    """A state as a row (no coordinates)."""
    latin = next((s.latin for s in states()[0].values() if s.code == code), code)
    return Row(f"state-{code.lower()}", (), latin, code, None, None, "country", None, 0, "", "", "")


@cache
def capital_names() -> dict[str, str]:
    """Folded names of capitals in every spelling of `countries.tsv`."""
    return {name: code for code, names in capitals().items() for name in names}


def capital_row(code: str, gazetteer: Gazetteer) -> Row:
    """The capital of a state: the gazetteer's row by any of its spellings, else a row without coordinates."""
    spellings = capitals().get(code, ())
    rows = [r for name in spellings for r in gazetteer.lookup(name) if r.country == code]
    if rows:
        return max(rows, key=lambda r: (r.feature == "city", r.population))
    latin = f"Capital of {state_row(code).latin}"
    return Row(f"capital-{code.lower()}", (), latin, code, None, None, "city", None, 0, "", "", "")


def parts(tokens: Sequence[Token], gazetteer: Gazetteer) -> list[Part]:
    """All names in the tokens from left to right, longest first, none overlapping."""
    found: list[Part] = []
    at = 0
    feature, border, foreign = "", False, False
    while at < len(tokens):
        token = tokens[at]
        longest = (
            longest_name(tokens, at, gazetteer, after_list=bool(found))
            if token.key not in cue_words("place.stop")
            else None
        )
        word = place_word(token.key, token.bare)
        if longest is not None and longest.last == at and not feature and _is_kind(longest, token):
            longest = None
        if (longest is None or longest.last == at) and (two := adjective_of_two(tokens, at)) is not None:
            found.append(
                Part(at, at + 1, f"{token.key} {tokens[at + 1].key}", "adjective", (), two.code, "", border, foreign)
            )
            at += 2
            continue
        if word is not None and (longest is None or longest.last == at) and _is_word(word, at, tokens):
            if word.kind == "feature":
                feature = word.feature
            elif word.kind in ("border", "beside"):
                border = word.kind == "beside" or _beside_follows(tokens, at)
            elif word.kind == "foreign":
                foreign = True
            elif word.kind == "reference":
                feature = ""
            at += 1
            continue
        state = adjective(token.key, token.bare)
        if token.bare == "الماليه" and at and "وزار" in tokens[at - 1].key:
            state = None  # of finance, not of Mali
        if longest is not None and state is not None and longest.last == at and _rather_adjective(longest, feature):
            longest = None
        if longest is not None and longest.key in cue_words("place.direction") and not _governed(tokens, at):
            longest = None  # "البوابة الشرقية للعاصمة": the east, not the governorate so called
        if longest is not None:
            found.append(longest._replace(feature=feature, border=border, foreign=foreign))
            at, feature = longest.last + 1, ""
            continue
        if state is not None:
            found.append(Part(at, at, token.key, "adjective", (), state.code, "", border, foreign))
        elif token.key in ("مع", "من", "بين") or token.key in cue_words("place.inside"):
            # "قرب الحدود مع العراق في مدينة X": after a new preposition the border is left behind.
            border = border and token.key not in cue_words("place.inside")
            foreign = False
            feature = ""
        at += 1
    return found


def _governed(tokens: Sequence[Token], at: int) -> bool:
    """Whether the word before is "governorate" or the like."""
    before = place_word(tokens[at - 1].key, tokens[at - 1].bare) if at else None
    return before is not None and before.feature == "admin1"


def _beside_follows(tokens: Sequence[Token], at: int) -> bool:
    """Whether a border's neighbour follows ("الحدود مع العراق", "الحدود التركية") and not its country ("حدود غزة")."""
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if following is None or tokens[at].bare.startswith("ال") or following.key in ("مع", "بين"):
        return True
    return adjective(following.key, following.bare) is not None


def _is_kind(part: Part, token: Token) -> bool:
    """Whether a word is the kind of a place rather than a town of that name ("حرم الجامعة", "وسط الدولة")."""
    if any(not row.id.startswith("gn") for row in part.rows):
        return False
    word = place_word(token.bare.removeprefix("ال"), token.bare.removeprefix("ال"))
    return word is not None and word.kind == "feature"


def _rather_adjective(part: Part, feature: str) -> bool:
    """Whether a word that is a nationality and a town's name as well is the nationality ("السوري", Surrey)."""
    return part.sort == "place" and all(r.id.startswith("gn") for r in part.rows) and not feature


def _is_word(word: PlaceWord, at: int, tokens: Sequence[Token]) -> bool:
    """Feature words and the like count as such unless they end the run ("العاصمة" alone is a reference)."""
    return word.kind != "feature" or at + 1 < len(tokens)


def longest_name(
    tokens: Sequence[Token], at: int, gazetteer: Gazetteer, *, after_list: bool = True
) -> Part | None:  # fmt: skip
    """The longest name that begins with token `at`; after other names (or in free text) its clitics are cut with
    care."""
    best: Part | None = None
    names = states()[0]
    for key, index, rank in openings(tokens[at].key, gazetteer):
        last = at
        while True:
            if best is None or last > best.last:
                part = _named(key, at, last, gazetteer, names, strict=rank > 0 or (index > 0 and after_list))
                best = part or best
            if last + 1 >= len(tokens) or last - at + 1 >= LONGEST:
                break
            if not (gazetteer.begins(key) or _state_begins(key)):
                break
            last += 1
            key = f"{key} {tokens[last].key}"
    return best


@lru_cache(maxsize=30_000)
def openings(word: str, gazetteer: Gazetteer) -> tuple[tuple[str, int, int], ...]:
    """What a word may open: the spellings that are a name or the beginning of one, with the number of the reading
    (0 as written) and whether the article was put on or taken off. Empty for nearly all words."""
    found = []
    for index, start in enumerate(variants(word, first=True)):
        keys = [start] if index or start.startswith("ال") else [start, "ال" + start]
        if not index and start.startswith("ال") and len(start) > 4:
            keys.append(start[2:])
        for rank, key in enumerate(keys):
            known = key in states()[0] or key in capital_names() or _state_begins(key)
            if known or gazetteer.begins(key) or (len(key) > 1 and gazetteer.lookup(key)):
                found.append((key, index, rank))
    return tuple(found)


@cache
def _state_starts() -> frozenset[str]:
    starts: set[str] = set()
    for name in (*states()[0], *capital_names()):
        words = name.split(" ")
        starts.update(" ".join(words[:i]) for i in range(1, len(words)))
    return frozenset(starts)


def _state_begins(key: str) -> bool:
    return key in _state_starts()


def _named(
    key: str, first: int, last: int, gazetteer: Gazetteer, names: dict[str, State], *, strict: bool
) -> Part | None:  # fmt: skip
    if (state := names.get(key)) is not None:
        return Part(first, last, key, "state", (state_row(state.code),), state.code, "", False, False)
    if len(key) < 2:
        return None
    rows = gazetteer.lookup(key)
    if (code := capital_names().get(key)) is not None and not any(r.country == code and is_known(r) for r in rows):
        rows = (capital_row(code, gazetteer)._replace(feature="city", population=CAPITAL), *rows)
    if strict:
        # With the article put on or taken off, or a clitic cut within a list, only what is well known is meant.
        rows = tuple(r for r in rows if r.population >= 5000 or not r.id.startswith("gn"))
    return Part(first, last, key, "place", rows, "", "", False, False) if rows else None


def row_score(row: Row, part: Part, countries: Countries) -> float:
    """How well a row fits the name: size, the feature word, the countries of the context."""
    score = math.log10(row.population + 10) if row.population else WEIGHT.get(row.feature, 4.6)
    if part.feature:
        wanted = ALIKE.get(part.feature, frozenset((part.feature,)))
        if row.feature == part.feature:
            score += 1.5
        elif row.feature not in wanted:
            score -= 1.0 if part.feature not in NAMED_AFTER else 2.0
    elif row.feature in ("admin1", "admin2", "front"):
        score -= 0.5
    share = max(countries.get(row.country, 0.0), 0.3 if row.country == "INT" else 0.0)
    return score + 3.5 * math.log10(share + FLOOR)
