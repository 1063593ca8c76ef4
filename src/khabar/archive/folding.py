"""Search keys: what is indexed and what is looked for, folded alike. The rules are the Arabic layer's."""

from __future__ import annotations

import re
from functools import lru_cache

from khabar import arabic

_PHRASE = re.compile(r"[\"«“]([^\"»”]+)[\"»”]")


def text_key(text: str) -> str:
    """What of a text is indexed: one term a word, in order, one space between them."""
    return arabic.search_key(text)


def phrases(query: str) -> list[str]:
    """What a query looks for: its words, and its phrases in quotation marks (terms with a space between), folded as
    `text_key` folds. An empty list where it holds no word. Terms hold letters and digits only."""
    quoted = (" ".join(arabic.search_terms(phrase)) for phrase in _PHRASE.findall(query))
    found = (*quoted, *arabic.search_terms(_PHRASE.sub(" ", query)))
    return list(dict.fromkeys(phrase for phrase in found if phrase))


@lru_cache(maxsize=30_000)
def name_key(written: str | None, latin: str | None) -> str:
    """The key of a name, with a space on both sides so that whole words can be looked for: its terms as written, then
    those of its Latin form."""
    return f" {' '.join(filter(None, (text_key(written or ''), text_key(latin or ''))))} "
