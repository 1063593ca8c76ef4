"""Proclitics (و ف | ب ل ك | س | ال) cut from a word, guarded against false cuts.

Arabic writes these on the word, and as many words begin with the same letter as a root letter (واشنطن، بيان، لقاء،
كبير، سياسة، التزام). Three things decide: a list of words that are never, or always, cut (`data/clitic_words.tsv`), the
counts of the word and of its rest in news (`data/vocabulary.tsv`, made by `benchmarks/vocabulary.py`), and, for words
neither knows, the shape of the rest. Words are folded first: prefixes and stems are folded.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from khabar.arabic.folding import fold_key
from khabar.arabic.words import EDGE


class Clitic(NamedTuple):
    """One reading of a word: the prefixes in order, the article `ال` as the last of them, and what is left."""

    prefixes: tuple[str, ...]
    stem: str


def read_table(name: str) -> list[dict[str, str]]:
    """Rows of a table in `khabar/arabic/data`, by column."""
    text = files("khabar.arabic").joinpath("data", name).read_text(encoding="utf-8")
    header, *lines = text.splitlines()
    columns = header.split("\t")
    return [dict(zip(columns, line.split("\t"), strict=True)) for line in lines if line]


@cache
def vocabulary() -> dict[str, int]:
    """Folded words of Arabic news and how often they were counted (words below the table's floor are absent)."""
    return {row["word"]: int(row["count"]) for row in read_table("vocabulary.tsv")}


@cache
def _listed() -> tuple[frozenset[tuple[str, str]], frozenset[tuple[str, str]]]:
    rows = read_table("clitic_words.tsv")
    return (
        frozenset((r["word"], r["first"]) for r in rows if r["cut"] == "no"),
        frozenset((r["word"], r["first"]) for r in rows if r["cut"] == "yes"),
    )


# Which prefixes may follow: conjunction, then future or preposition, then article.
_STAGES = {"و": 1, "ف": 1, "ب": 2, "ل": 2, "ك": 2, "س": 3, "ال": 3}
# How frequent the rest must be beside the whole word for the prefix to be cut.
_RATIO = {"و": 0.02, "ب": 0.08, "ل": 0.08, "ك": 0.5, "س": 0.3}
_SUFFIXES = ("هما", "ها", "هم", "هن", "نا", "كم", "ه")
# Letters that foreign names in Arabic letters seldom have, and roots in و that have one.
_NATIVE = frozenset("حعصضظذثخقط")
_WAW_ROOT = re.compile("و(?:ضع|صف|قع|حد|عد|ثق|ظف|طن|صل|ضح|قف|حش|صي|طد|عي|فق|قود|ضو|قت|عظ|خز|ذر)")
_FLOOR = 10  # the vocabulary table's


def _article(word: str) -> bool:
    return word.startswith("ال") and len(word) >= 5 and (word, "ال") not in _listed()[0]


def _known(reading: Clitic, rest: str) -> int:
    """How often the rest of a cut was seen, as it stands or by the stem of its own reading."""
    counts = vocabulary()
    seen = counts.get(rest, 0)
    if reading.prefixes and len(reading.stem) >= 3:
        return max(seen, counts.get(reading.stem, 0), counts.get("ال" + reading.stem, 0))
    if not seen:
        suffix = next((s for s in _SUFFIXES if rest.endswith(s) and len(rest) - len(s) >= 3), None)
        if suffix:
            bare = rest.removesuffix(suffix)
            seen = max(counts.get(bare, 0), counts.get(bare[:-1] + "ه", 0) if bare[-1] == "ت" else 0)
    return seen


def _cut(prefix: str, word: str, rest: str, reading: Clitic) -> bool:
    never, always = _listed()
    if (word, prefix) in never:
        return False
    if (word, prefix) in always:
        return True
    if len(rest) < 3:
        return False
    count = vocabulary().get(word, 0)
    seen = _known(reading, rest)
    if rest.startswith("ال") and len(rest) >= 5 and (rest, "ال") not in never:
        return seen > 0 or not count
    if prefix == "ف":
        return (count < _FLOOR and seen >= 30) or (len(word) >= 6 and seen >= max(count, _FLOOR))
    if prefix == "س" and (rest[0] not in "يتن" or (len(rest) < 4 and rest != "يتم")):
        return False
    if seen:
        return seen >= _RATIO[prefix] * count
    # Neither the word nor its rest is known: only و is so common that the shape of the rest may decide.
    if prefix != "و" or count or len(rest) < 4:
        return False
    return rest[0] in "مت" or rest.startswith("است") or (not _NATIVE.isdisjoint(rest) and not _WAW_ROOT.match(word))


def _lil(word: str) -> Clitic:
    """`لل…`: the article's alef is not written after ل, nor a third lam (للجنة = ل + اللجنة, للبنان = ل + لبنان)."""
    counts = vocabulary()
    plain = word[1:]
    whole = (plain, "ل") in _listed()[0] or (plain in counts and not _best(plain, 1).prefixes)
    if whole and ("ال" + plain in counts or "ال" + word[2:] not in counts):
        return Clitic(("ل", "ال") if "ال" + plain in counts else ("ل",), plain)
    if "ال" + plain in counts and "ال" + word[2:] not in counts:
        return Clitic(("ل", "ال"), plain)
    return Clitic(("ل", "ال"), word[2:])


@lru_cache(maxsize=30_000)
def _best(word: str, stage: int = 0) -> Clitic:
    if stage < 2 and word.startswith("لل") and len(word) >= 5:
        return _lil(word)
    if _article(word) and stage < 4:
        return Clitic(("ال",), word[2:])
    prefix = word[:1]
    next_stage = _STAGES.get(prefix, 0)
    if next_stage > stage and len(word) >= 3:
        rest = word[1:]
        reading = _best(rest, next_stage)
        if _cut(prefix, word, rest, reading):
            return Clitic((prefix, *reading.prefixes), reading.stem)
    return Clitic((), word)


def _all(word: str, stage: int = 0) -> list[Clitic]:
    found = [Clitic((), word)]
    if stage < 2 and word.startswith("لل") and len(word) >= 5:
        found.append(Clitic(("ل", "ال"), word[2:]))
    if stage < 4 and word.startswith("ال") and len(word) >= 4:
        found.append(Clitic(("ال",), word[2:]))
    prefix = word[:1]
    if _STAGES.get(prefix, 0) > stage and len(word) >= 3:
        found += [Clitic((prefix, *r.prefixes), r.stem) for r in _all(word[1:], _STAGES[prefix])]
    return found


_INSIDE = str.maketrans(dict.fromkeys("\"«»“”„()[]'", ""))


@lru_cache(maxsize=30_000)
def _prepare(word: str) -> str:
    """Folded, without punctuation at the edges or quotation marks after a clitic (`ب«المقاومة»`)."""
    return fold_key(word).strip(EDGE + " ").translate(_INSIDE)


def split(word: str) -> list[Clitic]:
    """Every reading of `word` that the grammar of proclitics allows, the most likely first, the rest by how often their
    stem is seen in news. The word is folded, quotation marks in it dropped; never empty."""
    folded = _prepare(word)
    best = _best(folded)
    counts = vocabulary()
    others = sorted((r for r in _all(folded) if r != best), key=lambda r: -counts.get(r.stem, 0))
    return [best, *others]


@lru_cache(maxsize=30_000)
def strip_proclitics(word: str) -> str:
    """The folded word without conjunction, preposition and future sign; the article stays (`وللحكومة` -> `الحكومه`)."""
    best = _best(_prepare(word))
    return "ال" + best.stem if best.prefixes[-1:] == ("ال",) else best.stem


@lru_cache(maxsize=30_000)
def strip_article(word: str) -> str:
    """The folded word without the article, unless ال belongs to it (`التزام`, `المانيا`); other clitics stay."""
    folded = _prepare(word)
    return folded[2:] if _article(folded) else folded


@lru_cache(maxsize=30_000)
def stem(word: str) -> str:
    """The folded word without any proclitic: what the search index and the lexicons hold."""
    return _best(_prepare(word)).stem
