"""Places in free text: names of the gazetteer and of states, with guards against words that only look like places.

A state's name is a place unless a guard of `data/place_guards.tsv` says otherwise (أذان المغرب, سطح القمر). A city's is
one if it is plain (`data/place_plain.tsv`), of several words and well known, or after a feature word or preposition.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from khabar.arabic.clitics import vocabulary
from khabar.resolve.cues import cue_words
from khabar.resolve.gazetteer import Gazetteer, Row, load_gazetteer
from khabar.resolve.place_match import Part, longest_name, openings, row_score
from khabar.resolve.place_words import Token, adjective, adjective_of_two, guards, place_word, plain_names, tokenize


class Hit(NamedTuple):
    """A name found in text: token numbers and offsets of the name, what it may be."""

    start: int
    end: int
    part: Part


class FoundPlace(NamedTuple):
    """A place named in a text: `text == source[start:end]`; `kind` a feature of the gazetteer ("country", "city")."""

    start: int
    end: int
    text: str
    name: str
    kind: str
    country: str
    geonames: int | None


def hits(tokens: Sequence[Token], gazetteer: Gazetteer, *, adjectives: bool = True) -> Iterator[Hit]:
    """Guarded names in the tokens of a text, left to right; nationality adjectives too if asked for."""
    at = 0
    while at < len(tokens):
        token = tokens[at]
        opens, state = _may_be(token.key, token.bare, gazetteer)
        part = longest_name(tokens, at, gazetteer) if opens else None
        if part is not None and _as_written(part, token) and not _guarded(part, tokens):
            yield Hit(token.start, tokens[part.last].end, part)
            at = part.last + 1
            continue
        if adjectives and state is None and (two := adjective_of_two(tokens, at)) is not None:
            state = two.code
        if adjectives and state is not None:
            yield Hit(token.start, token.end, Part(at, at, token.key, "adjective", (), state, "", False, False))
        at += 1


def _as_written(part: Part, token: Token) -> bool:
    """Whether the name needs no article put on or taken off: in free text "عند" is no العند, "السورية" no سورية."""
    first = part.key.split(" ")[0]
    if first in (token.key, token.bare):
        return True
    # "للعراق" is ل and العراق; a first cut that is not the likely one ("ولاية" as و and لاية) is no name.
    return token.key.startswith("لل") and first in (token.key[1:], "ا" + token.key[1:], "ال" + token.key[2:])


@lru_cache(maxsize=30_000)
def _may_be(key: str, bare: str, gazetteer: Gazetteer) -> tuple[bool, str | None]:
    """Whether a name may begin with a word, and the state whose adjective it is; nearly all words are neither."""
    if key in cue_words("place.stop") or len(key) < 2:
        return False, None
    return bool(openings(key, gazetteer)), _adjective(key, bare)


def _adjective(key: str, bare: str) -> str | None:
    state = adjective(key, bare)
    if state is None or (bare in cue_words("place.ambiguous") and not bare.startswith("ال")) or bare == "المالي":
        return None
    # Indefinite forms count for the longer, less ambiguous words only ("تركي", "هندي" are also names of people).
    return state.code


def _guarded(part: Part, tokens: Sequence[Token]) -> bool:
    """Whether the name is no place here."""
    before = tokens[part.first - 1] if part.first else None
    after = tokens[part.last + 1] if part.last + 1 < len(tokens) else None
    cue = _cue(before)
    for guard in guards().get(part.key, ()):
        if guard.rule == "plain":
            return False
        if guard.rule == "cue" and not cue:
            return True
        if guard.rule == "not":
            if not guard.before and not guard.after:
                return True
            if before is not None and ({before.key, before.bare} & guard.before):
                return True
            if after is not None and after.key in guard.after:
                return True
    if part.sort == "state" or part.key in plain_names():
        return False
    return not _well_known(part, tokens[part.first], before, cue)


def _cue(before: Token | None) -> bool:
    if before is None:
        return False
    word = place_word(before.key, before.bare)
    return word is not None and word.kind in ("feature", "direction")


def _well_known(part: Part, token: Token, before: Token | None, cue: bool) -> bool:
    """Whether a name that is no state's and not plain may be taken for a place in free text."""
    own = any(not r.id.startswith("gn") for r in part.rows)
    size = max((r.population for r in part.rows), default=0)
    if " " in part.key:
        return own or size >= 10_000 or cue
    if cue:
        return own or size >= 1_000
    common = _count(part.key) >= 30
    at = (before is not None and before.key in cue_words("place.before")) or token.key != part.key
    if own:
        return len(part.key) >= 4 and (at or part.key.startswith("ال") or _count(part.key) < 200)
    return at and token.key != "ال" + part.key and not common and size >= 15_000 and len(part.key) >= 4


@lru_cache(maxsize=30_000)
def _count(key: str) -> int:
    return vocabulary().get(key, 0)


def find_places(text: str, gazetteer: Gazetteer | None = None) -> list[FoundPlace]:
    """The places named in a text, in order. Ambiguous names go with the states that the text names."""
    table = gazetteer or load_gazetteer()
    tokens = tokenize(text)
    found = list(hits(tokens, table))
    shares = said_countries(found)
    places = []
    for hit in found:
        if hit.part.sort == "adjective":
            continue
        row = best_row(hit.part, tokens, shares)
        start, end = name_span(hit, tokens)
        name = text[start:end]
        places.append(FoundPlace(start, end, name, row.latin, row.feature, row.country, row.geonames))
    return places


def name_span(hit: Hit, tokens: Sequence[Token]) -> tuple[int, int]:
    """Offsets of the name without its proclitics (where they are letters of their own)."""
    token = tokens[hit.part.first]
    first = hit.part.key.split(" ")[0]
    cut = len(token.key) - len(first)
    whole = token.end - token.start == len(token.key)
    return (token.start + cut if 0 < cut <= 2 and whole and token.key.endswith(first) else token.start), hit.end


def find_countries(text: str, gazetteer: Gazetteer | None = None) -> list[str]:
    """Alpha-3 codes of the states that a text names, by name, adjective or one of their places; each once, in order."""
    table = gazetteer or load_gazetteer()
    tokens = tokenize(text)
    found = list(hits(tokens, table))
    shares = said_countries(found)
    codes = [h.part.state or best_row(h.part, tokens, shares).country for h in found]
    return [code for code in dict.fromkeys(codes) if code not in ("INT", "UNK")]


def said_countries(found: Sequence[Hit]) -> dict[str, float]:
    """Shares of the states that hits name without doubt."""
    counts: defaultdict[str, float] = defaultdict(float)
    for hit in found:
        if hit.part.state:
            counts[hit.part.state] += 1.0
        else:
            countries = {r.country for r in hit.part.rows if r.population >= 20_000 or not r.id.startswith("gn")}
            if len(countries) == 1 and "INT" not in countries:
                counts[countries.pop()] += 0.7
    total = sum(counts.values()) or 1.0
    return {country: count / total for country, count in counts.items()}


def best_row(part: Part, tokens: Sequence[Token], shares: dict[str, float]) -> Row:
    """The row that fits a part best, with the feature word before it."""
    before = tokens[part.first - 1] if part.first else None
    word = place_word(before.key, before.bare) if before else None
    featured = part._replace(feature=word.feature if word and word.kind == "feature" else "")
    return max(part.rows, key=lambda row: row_score(row, featured, shares))
