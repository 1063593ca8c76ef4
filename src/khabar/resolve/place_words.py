"""The words around place names (`data/place_words.tsv`), names of states and their adjectives, guards for free text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from khabar.arabic import fold, fold_key, strip_proclitics, words
from khabar.arabic.clitics import split
from khabar.resolve import schema
from khabar.resolve.cues import cue_words, told
from khabar.resolve.forms import nisba

Kind = Literal["feature", "direction", "inside", "border", "beside", "foreign", "reference"]
KINDS = frozenset(("feature", "direction", "inside", "border", "beside", "foreign", "reference"))


class PlaceWord(NamedTuple):
    """What a word says about the name beside it: `feature` its sort ("city"), or what it refers back to."""

    kind: str
    feature: str


class Token(NamedTuple):
    """A word of a text with its offsets; `key` is folded, `bare` also without conjunction and preposition."""

    start: int
    end: int
    key: str
    bare: str


class State(NamedTuple):
    code: str
    latin: str


def _table(name: str, columns: tuple[str, ...]) -> list[schema.Row]:
    return list(schema.read_rows(schema.package_text(name), name, columns))


@cache
def place_words() -> dict[str, PlaceWord]:
    """Folded words of `place_words.tsv`; for a feature or direction also the form with the article."""
    found: dict[str, PlaceWord] = {}
    for row in _table("place_words.tsv", ("word", "kind", "feature")):
        key = fold_key(row["word"])
        found[key] = PlaceWord(row["kind"], row["feature"])
    for key, word in list(found.items()):
        if word.kind in ("direction", "border", "inside") and not key.startswith("ال"):
            found.setdefault("ال" + key, word)
    return found


@lru_cache(maxsize=30_000)
def place_word(key: str, bare: str) -> PlaceWord | None:
    """What a token is in the table, as written or without its proclitics."""
    table = place_words()
    return table.get(key) or table.get(bare)


_PARTING = str.maketrans(dict.fromkeys("#_/-–", " "))


@lru_cache(maxsize=256)  # places and tolls read the same paragraphs of an article one after another
def tokenize(text: str) -> tuple[Token, ...]:
    """Words of a text; `#` and `_` of hashtags part words, a Latin run is one token."""
    folded, offsets = fold(text.translate(_PARTING))
    found = []
    for start, end, word in words(folded):
        found.append(Token(offsets[start], offsets[end - 1] + 1, word, strip_proclitics(word)))
    return tuple(found)


@lru_cache(maxsize=30_000)
def variants(key: str, first: bool) -> tuple[str, ...]:
    """Spellings under which a word may stand in a name: as written, without proclitics (first word of a name only),
    then with or without the article."""
    forms = [key]
    if first:
        for reading in split(key)[:4]:
            article = "ال" if reading.prefixes[-1:] == ("ال",) else ""
            if reading.prefixes and len(reading.stem) > 1 and reading.prefixes != ("ال",):
                forms.append(article + reading.stem)
                if reading.prefixes[:1] == ("ل",) and article:
                    forms.append(reading.stem)
    return tuple(dict.fromkeys(forms))


@cache
def states() -> tuple[dict[str, State], dict[str, State]]:
    """Folded names of states and folded adjectives in every form, from `countries.tsv`."""
    names: dict[str, State] = {}
    adjectives: dict[str, State] = {}
    for row in _countries():
        state = State(row["code"], row["latin"])
        for name in row.list("names"):
            names.setdefault(fold_key(name), state)
        for adjective in row.list("adjectives"):
            for form in nisba(adjective):
                adjectives.setdefault(form, state)
        for people in row.list("people"):
            adjectives.setdefault(fold_key(people), state)
    for key in cue_words("place.substate"):
        names.pop(key, None)
    for key, code in ((k, code) for code, keys in told("adjective").items() for k in keys):
        for form in nisba(key):
            adjectives.setdefault(form, State(code, ""))
    return names, adjectives


@cache
def _countries() -> list[schema.Row]:
    return _table("countries.tsv", schema.COUNTRY_COLUMNS)


@cache
def capitals() -> dict[str, tuple[str, ...]]:
    """Folded names of the capital of each state, the usual one first; where they are named like their state (تونس,
    الجزائر) the name of the city is given here."""
    found = {row["code"]: tuple(fold_key(n) for n in row.list("capitals")) for row in _countries()}
    return found | {code: names for code, names in told("capital").items() if not found.get(code)}


@lru_cache(maxsize=30_000)
def adjective(key: str, bare: str) -> State | None:
    """The state of a nationality adjective ("السورية"), None if the word is none."""
    table = states()[1]
    for form in (key, bare):
        plain = form[2:] if form.startswith("ال") and len(form) > 4 else form
        if (state := table.get(plain)) is not None:
            return state
    return None


def adjective_of_two(tokens: Sequence[Token], at: int) -> State | None:
    """The state of a nationality in two words ("الكورية الشمالية"), None if they are none."""
    if at + 1 >= len(tokens):
        return None
    first, second = tokens[at].bare, tokens[at + 1].key
    if first.startswith("ال") != second.startswith("ال"):
        return None
    return states()[1].get(f"{first.removeprefix('ال')} {second.removeprefix('ال')}")


class Guard(NamedTuple):
    """When a name is no place in free text: `rule` not, cue (only after a feature word), plain (always a place)."""

    rule: str
    before: frozenset[str]
    after: frozenset[str]


@cache
def guards() -> dict[str, tuple[Guard, ...]]:
    """Guards by folded name (`place_guards.tsv`), plain names from `place_plain.tsv`."""
    found: dict[str, list[Guard]] = {}
    for row in _table("place_guards.tsv", ("name", "rule", "before", "after", "comment")):
        guard = Guard(row["rule"], _folded(row.list("before")), _folded(row.list("after")))
        found.setdefault(fold_key(row["name"]), []).append(guard)
    return {key: tuple(rows) for key, rows in found.items()}


@cache
def plain_names() -> frozenset[str]:
    """Folded names of cities that are places wherever they stand."""
    return frozenset(fold_key(row["name"]) for row in _table("place_plain.tsv", ("name",)))


def _folded(cells: Iterable[str]) -> frozenset[str]:
    return frozenset(map(fold_key, cells))
