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
PREPOSITIONS = frozenset("في من الي علي لدي ضد مع عن بين خلال داخل عبر حول بعد قبل منذ تجاه عند خارج نحو".split())
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
    folded = fold(text)
    tokens: list[Token] = []
    done = 0
    for match in _TOKEN.finditer(folded.text):
        parted = bool(_BREAK.search(folded.text, done, match.start()))
        start, end = folded.span(*match.span())
        tokens.append(Token(match.group(), start, end, parted))
        done = match.end()
    return tokens


def _prefixes(token: str, key: str) -> tuple[bool, bool]:
    """Whether the reading of `token` as `key` cuts و, and whether it cuts a preposition."""
    if word_key(token) == key:
        return False, False
    for reading in split(token):
        if reading.prefixes and word_key(reading.stem) == key:
            return "و" in reading.prefixes, bool({"ب", "ل", "ك"} & set(reading.prefixes))
    return token[0] == "و", token[0] in "بل"


@lru_cache(maxsize=100_000)
def _keys(token: str) -> tuple[str, ...]:
    """Keys of a word within a phrase: without the article, then without clitics."""
    return tuple(dict.fromkeys((word_key(token), *token_keys(token))))


def _match(tokens: Sequence[Token], at: int, index: Index) -> tuple[int, tuple[Element, ...], str] | None:
    best: tuple[int, tuple[Element, ...], str] | None = None
    following = _keys(tokens[at + 1].text) if at + 1 < len(tokens) else ()
    for key in token_keys(tokens[at].text):
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
        if best is None and key in index.alone:
            best = (1, index.alone[key], key)
    return best


def _has_article(token: str) -> bool:
    return "ال" in token[:4] or "لل" in token[:3]


def scan(tokens: Sequence[Token], index: Index) -> list[Item]:
    """Items of a token list, from the left, without overlap."""
    items: list[Item] = []
    at = 0
    while at < len(tokens):
        found = _match(tokens, at, index)
        if found is not None and found[0] == 1 and not _has_article(tokens[at].text):
            kept = tuple(e for e in found[1] if not e.definite)
            found = (1, kept, found[2]) if kept else None
        if found is not None:
            size, elements, key = found
            conjoined, governed = _prefixes(tokens[at].text, key)
            items.append(Item(at, at + size, elements, conjoined, governed, False, "ال" in tokens[at].text[:4]))
            at += size
            continue
        item = _possessed(tokens[at], at, index)
        if item is not None:
            items.append(item)
        at += 1
    return items


def _possessed(token: Token, at: int, index: Index) -> Item | None:
    """A head noun with a possessive pronoun (`حكومته`)."""
    for key in token_keys(token.text):
        rest = without_pronoun(key)
        if rest is None:
            continue
        for form in pronoun_forms(rest):
            heads = tuple(e for e in index.alone.get(form, ()) if e.kind == "head")
            if heads:
                conjoined, governed = _prefixes(token.text, key)
                return Item(at, at + 1, heads, conjoined, governed, True, True)
    return None
