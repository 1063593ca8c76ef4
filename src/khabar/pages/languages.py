"""The language of a text in Arabic script, told by its letters and function words.

Persian, Urdu, Sorani Kurdish, Pashto and Uyghur share most letters with Arabic; each has letters and small words that
the others lack. Persian ye and kaf alone say little: typists of Arabic pages use them too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

NAMES = {
    "ar": "Arabic", "fa": "Persian", "ur": "Urdu", "ckb": "Sorani Kurdish", "ps": "Pashto", "ug": "Uyghur",
    "other": "not Arabic",
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")
_MARKS = re.compile("[\u064b-\u065f\u0670\u0640\u200e\u200f]")
_SAMPLE = 6000  # characters; enough for any language here and bounded for huge pages


class _Table(NamedTuple):
    letters: Mapping[str, tuple[tuple[str, float], ...]]
    words: Mapping[str, tuple[tuple[str, float], ...]]


@cache
def _table() -> _Table:
    letters: dict[str, list[tuple[str, float]]] = {}
    words: dict[str, list[tuple[str, float]]] = {}
    for row in (files(__package__) / "data" / "languages.tsv").read_text("utf-8").splitlines()[1:]:
        language, kind, form, weight = row.split("\t")
        table, forms = (letters, list(form)) if kind == "letters" else (words, form.split())
        for item in forms:
            table.setdefault(item, []).append((language, float(weight)))
    return _Table({k: tuple(v) for k, v in letters.items()}, {k: tuple(v) for k, v in words.items()})


@lru_cache(maxsize=30_000)
def _told_by(word: str) -> tuple[tuple[str, float], ...]:
    """What a word says for which language: by itself, by its letters, by its article."""
    table = _table()
    found = list(table.words.get(word, ()))
    best: dict[str, float] = {}
    for letter in set(word):
        for name, weight in table.letters.get(letter, ()):
            best[name] = max(best.get(name, 0.0), weight)
    found += best.items()
    if word.startswith(("ال", "وال", "بال", "لل")) and len(word) > 4:
        found.append(("ar", 0.7))
    return tuple(found)


def language(text: str) -> str:
    """`ar`, `fa`, `ur`, `ckb`, `ps`, `ug`, or `other` (another script, or no letters at all).

    A short Arabic text without any telling word stays `ar`.
    """
    words = _WORD.findall(_MARKS.sub("", text[:_SAMPLE]).replace("\u200c", " "))
    arabic = [word for word in words if "\u0600" <= word[0] <= "\u06ff" or "\ufb50" <= word[0] <= "\ufeff"]
    if not arabic or sum(map(len, arabic)) < 0.3 * sum(map(len, words)):
        return "other"
    score = dict.fromkeys(("ar", "fa", "ur", "ckb", "ps", "ug"), 0.0)
    for word in arabic:
        for name, weight in _told_by(word):
            score[name] += weight
    score["ar"] += 0.5  # where nothing tells, the text is what this program reads
    return max(score, key=lambda name: score[name])
