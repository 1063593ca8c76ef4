"""Who stands against or beside whom: which acts are two-sided, and which of their actors make a pair.

An act with recipients pairs every actor with every recipient. Without recipients its actors are a pair only where the
act is one that they do to each other or with each other (talks, an agreement, a clash); two that bomb a third together
are none. Tables, exports and pictures all ask here. `data/two_sided.tsv` says it by type and mode (`-` no mode, `*`
any), and where these leave it open by words: the trigger, or what stands before or after it in its sentence. The
codebook puts a clash and a shelling of no named weapon both under ASSAULT without mode.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable
from functools import cache
from importlib.resources import files
from itertools import combinations, islice
from typing import NamedTuple

from khabar.arabic import fold_key, stem
from khabar.codebook import MODES, TYPES

# Words before and after a trigger that are read: `تبادلت` stands before the parties, `المتبادل` right behind.
BEFORE, AFTER = 5, 2
# What may follow a listed word: endings of number, gender and possession.
_ENDING = re.compile(r"(?:ات|ا|ان|ين|تان|تين|ون|وا|ت|تا|ه|(?:ات|ت)?(?:ها|هم|هما))?")
_SENTENCE = re.compile(r"[.!؟?\n]")
# The side of the state: the state itself, its organs and its allied militias (codebook section 5).
_STATE = frozenset(("", "GOV", "MIL", "COP", "SPY", "LEG", "JUD", "PRM"))
_PLACES = ("act", "trigger", "before", "after")


class _Rule(NamedTuple):
    mode: str
    where: str
    words: tuple[str, ...]


def state(code: str) -> str:
    """The country of a code; intergovernmental bodies are each their own."""
    return code if code.startswith("IGO.") else code.partition(".")[0]


def two_sided(type_: str, mode: str | None, trigger: str = "", before: str = "", after: str = "") -> bool:
    """Whether the actors of an act without recipients stand on two sides of it; `before` and `after` are the text
    around the trigger, as far as it is known."""
    rules = [rule for rule in (*_rules().get(type_, ()), *_rules()["*"]) if rule.mode in ("*", mode or "-")]
    if any(rule.where == "act" for rule in rules):
        return True
    read = {
        "trigger": [stem(trigger)],
        "before": [stem(word) for word in _SENTENCE.split(fold_key(before))[-1].split()[-BEFORE:]],
        "after": [stem(word) for word in islice(_SENTENCE.split(fold_key(after))[0].split(), AFTER)],
    }
    return any(_names(rule.words, read[rule.where]) for rule in rules)


def mutual_pairs(codes: Iterable[str]) -> set[tuple[str, str]]:
    """The pairs that the actors of a two-sided act make, each in the order of its codes."""
    told = sorted(set(codes))
    return {(a, b) for a, b in combinations(told, 2) if opposite(a, b, told)}


def opposite(one: str, other: str, among: Collection[str]) -> bool:
    """Whether two actors of a two-sided act, told by their codes, are a pair. Of two countries always. Of one country
    where its parties are alone with each other; where another country takes part, the state's organs and allied
    militias are one side (an army and its militia fight the rebels of the next country, a minister and a chief of
    intelligence meet their colleagues)."""
    if state(one) != state(other):
        return True
    if all(state(code) == state(one) or code.startswith("IGO") for code in among):
        return True
    return not {one.partition(".")[2], other.partition(".")[2]} <= _STATE


def country_pairs(codes: Iterable[str]) -> set[tuple[str, str]]:
    """The same between countries, one with itself where two parties of it are a pair."""
    return {(min(pair), max(pair)) for a, b in mutual_pairs(codes) for pair in ((state(a), state(b)),)}


def _names(listed: tuple[str, ...], read: Iterable[str]) -> bool:
    # A verb keeps its conjunction through `stem` (واشتبكوا).
    forms = {form for word in read for form in (word, word.removeprefix("و"), word.removeprefix("ف"))}
    return any(form.startswith(one) and _ENDING.fullmatch(form, len(one)) for form in forms for one in listed)


@cache
def _rules() -> dict[str, list[_Rule]]:
    """Type (or `*`) -> its rules. Raises `ValueError` that names the line where the table is damaged."""
    text = files("khabar").joinpath("data", "two_sided.tsv").read_text(encoding="utf-8")
    return read_rules(text.splitlines())


def read_rules(lines: Iterable[str]) -> dict[str, list[_Rule]]:
    """Rules of a table, checked against the codebook."""
    found: dict[str, list[_Rule]] = {"*": []}
    for number, row in enumerate(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), 2):
        type_, mode, where, words = (row[name] or "" for name in ("type", "mode", "where", "words"))
        known = type_ == "*" or type_ in TYPES
        if not known or mode not in ("*", "-", *MODES.get(type_, ())):
            raise ValueError(f"two_sided.tsv, line {number}: no type and mode {type_!r}, {mode!r} of the codebook")
        if where not in _PLACES or (where == "act") == bool(words):
            raise ValueError(
                f"two_sided.tsv, line {number}: where is one of {' '.join(_PLACES)}, with words unless it is act"
            )
        # The ه of the feminine gives way to ات and possessives: listed words stand without it.
        listed = tuple(fold_key(word).removesuffix("ه") for word in words.split())
        found.setdefault(type_, []).append(_Rule(mode, where, listed))
    return found
