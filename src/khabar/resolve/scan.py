"""Reading of words by the tables: which words of a text are a country, an adjective, an actor, a head noun.

Longest match from the left; one dictionary look-up a word, so a whole article costs little.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from khabar.arabic import fold, split
from khabar.resolve.forms import pronoun_forms, token_keys, without_pronoun, word_key
from khabar.resolve.tables import Element, Index

_TOKEN = re.compile(r"[^\W_]+")
# Prepositions and relatives: what follows says where, to or against whom, not who.
_ARTICLE = re.compile("[وف]?(?:[بك]?ال|لل)")
_BREAK = re.compile(r"[.؟!؛:«»“”\"()\[\]…\n،,]")


class Token(NamedTuple):
    """A folded word: offsets in the paragraph as given (code points, end exclusive), if a clause may end before it."""

    text: str
    start: int
    end: int
    parted: bool


class Item(NamedTuple):
    """Words `first` to `last` (exclusive) of a token list and what they may be. `conjoined`: و is written on the first
    word; `governed`: a preposition is written on it; `pronoun`: a possessive pronoun was cut to find it."""

    first: int
    last: int
    elements: tuple[Element, ...]
    conjoined: bool = False
    governed: bool = False
    pronoun: bool = False
    definite: bool = True


def tokenize(text: str) -> list[Token]:
    """Folded words of a text with offsets; underscores of hash tags part words."""
    folded, offsets = fold(text)
    tokens: list[Token] = []
    done = 0
    for match in _TOKEN.finditer(folded):
        start, end = match.span()
        # Nearly all words are parted by one space.
        parted = start > done and folded[done:start] != " " and _BREAK.search(folded, done, start) is not None
        tokens.append(Token(match[0], offsets[start], max(offsets[end], offsets[end - 1] + 1), parted))
        done = end
    return tokens


@lru_cache(maxsize=30_000)
def _prefixes(token: str, key: str) -> tuple[bool, bool]:
    """Whether the reading of `token` as `key` cuts و, and whether it cuts a preposition."""
    if word_key(token) == key:
        return False, False
    for reading in split(token):
        if reading.prefixes and word_key(reading.stem) == key:
            return "و" in reading.prefixes, bool({"ب", "ل", "ك"} & set(reading.prefixes))
    return token[0] == "و", token[0] in "بل"


@lru_cache(maxsize=30_000)
def _keys(token: str) -> tuple[str, ...]:
    """Keys of a word within a phrase: without the article, then without clitics."""
    return tuple(dict.fromkeys((word_key(token), *token_keys(token))))


class _Word(NamedTuple):
    """What a word may be by the tables: keys that open a longer phrase, what it is alone (`alone` with its `key`), else
    the head noun in it that has a pronoun (`possessed`, to be placed)."""

    openings: tuple[str, ...]
    alone: tuple[Element, ...] = ()
    key: str = ""
    possessed: Item | None = None


_PLAIN = _Word(())
_MOST = 30_000  # words that an index remembers


def _word(token: str, index: Index) -> _Word:
    """What a word may be, read once by an index."""
    found: _Word | None = index.read.get(token)
    if found is None:
        keys = token_keys(token)
        key = next((k for k in keys if k in index.alone), "")
        alone = index.alone[key] if key else ()
        unfit = "without" if token.startswith("ال") or (key != token and _ARTICLE.match(token)) else "with"
        alone = tuple(e for e in alone if e.article != unfit)
        openings = tuple(k for k in keys if k in index.openings)
        if token[0] in "وبلف" and 2 < len(token) < 5 and token[1:] in index.openings and token[1:] not in openings:
            openings += (token[1:],)  # a short word is cut only where a longer name begins with it
        possessed = None if alone else _possessed(token, index)
        found = _Word(openings, alone, key if alone else "", possessed)
        if found == _PLAIN:
            found = _PLAIN
        if len(index.read) >= _MOST:
            index.read.clear()
        index.read[token] = found
    return found


def _match(
    word: _Word, tokens: Sequence[Token], at: int, index: Index
) -> tuple[int, tuple[Element, ...], str] | None:  # fmt: skip
    best: tuple[int, tuple[Element, ...], str] | None = None
    if word.openings and at + 1 < len(tokens):
        following = _keys(tokens[at + 1].text)
        for key in word.openings:
            for second in following:
                for rest, elements in index.longer.get((key, second), ()):
                    size = len(rest) + 2
                    if best is not None and size <= best[0]:
                        break
                    if at + size <= len(tokens) and all(
                        r in _keys(t.text) for t, r in zip(tokens[at + 2 : at + size], rest, strict=True)
                    ):
                        best = (size, elements, key)
                        break
    if best is None and word.key:
        best = (1, word.alone, word.key)
    return best


def scan(tokens: Sequence[Token], index: Index) -> list[Item]:
    """Items of a token list, from the left, without overlap."""
    items: list[Item] = []
    at, count = 0, len(tokens)
    while at < count:
        text = tokens[at].text
        word = _word(text, index)
        if word is _PLAIN:
            at += 1
            continue
        found = _match(word, tokens, at, index)
        if found is not None:
            size, elements, key = found
            conjoined, governed = _prefixes(text, key)
            items.append(Item(at, at + size, elements, conjoined, governed, False, "ال" in text[:4]))
            at += size
            continue
        if word.possessed is not None:
            items.append(word.possessed._replace(first=at, last=at + 1))
        at += 1
    return items


def _possessed(token: str, index: Index) -> Item | None:
    """A head noun with a possessive pronoun (`حكومته`), as an item at the beginning of a text."""
    for key in token_keys(token):
        rest = without_pronoun(key)
        if rest is None:
            continue
        for form in pronoun_forms(rest):
            heads = tuple(e for e in index.alone.get(form, ()) if e.kind == "head")
            if heads:
                conjoined, governed = _prefixes(token, key)
                return Item(0, 1, heads, conjoined, governed, True, True)
    return None
