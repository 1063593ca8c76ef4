"""Keys for full-text search: the index and the query pass through the same function, so both spell alike.

`search_key` is what a full-text index holds (one term a word, in order, so that phrases work), `search_terms` the terms
of a query. A term is the folded word without proclitics and article; a word of several parts (a hyphen, a slash) gives
several terms.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from khabar.arabic import numbers_digits
from khabar.arabic.clitics import stem
from khabar.arabic.folding import fold_key, is_arabic

_TERM = re.compile(r"\d+(?:[.,٫٬،]\d+)*|[^\W\d_]+|\d+")
# Letters of other languages in borrowed names; ئ and ؤ after folding (مسئول، مسؤول; شئون، شؤون); مائة, مئة.
_LETTERS = str.maketrans({"پ": "ب", "چ": "ج", "ژ": "ز", "ڤ": "ف", "گ": "ك", "ڨ": "ق"})
_HAMZA = re.compile("(?<=.)وو(?=.)")
_HUNDRED = re.compile("ماي(?=(?:ه|تين|تان|تي|تا)$)")


@lru_cache(maxsize=30_000)
def _term(word: str) -> str:
    if not is_arabic(word):
        return "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))
    return _HUNDRED.sub("مي", _HAMZA.sub("يو", stem(word).translate(_LETTERS)))


def _terms(text: str) -> list[str]:
    found = []
    for match in _TERM.finditer(fold_key(text)):
        token = match[0]
        if token[0].isdigit():
            value = numbers_digits.parse(token)
            found.append(f"{value:.10g}" if value is not None and value < 1e9 else re.sub(r"\D", "", token))
        else:
            found.append(_term(token))
    return [term for term in found if term]


def search_key(text: str) -> str:
    """The terms of `text` in order, one space between them: the column that a full-text index reads."""
    return " ".join(_terms(text))


def search_terms(query: str) -> list[str]:
    """The terms of a query, as they stand in `search_key` of a text that has its words."""
    return _terms(query)


def matches(text: str, query: str) -> bool:
    """Whether `text` holds every term of `query`; words between quotation marks must stand together. An empty query
    matches nothing."""
    key = f" {search_key(text)} "
    phrases = [" ".join(_terms(p)) for p in re.findall(r"[\"«“]([^\"»”]+)[\"»”]", query)]
    rest = search_terms(re.sub(r"[\"«“][^\"»”]+[\"»”]", " ", query))
    wanted = [p for p in [*phrases, *rest] if p]
    return bool(wanted) and all(f" {w} " in key for w in wanted)
