"""What linking needs to know of an article: its folded terms, weighted, its numbers, and a signature of its shingles.

Terms are those of `khabar.arabic.search_terms` (folded, without clitics and article). The document frequencies in
`data/term_df.tsv.gz` were counted over 6,977 Arabic news articles (`benchmarks/links.py df`); a term that is not in the
table is taken for one of the rarest.
"""

from __future__ import annotations

import datetime
import gzip
import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from khabar.arabic import fold_key, search_terms
from khabar.records import Article
from khabar.stories.roots import root

DOCUMENTS = 6977
LEAD = 3  # title and the first two paragraphs
OPENING = 150  # terms of an article's beginning
HEAD = 80  # terms in which another article's title is looked for
BEGINNING = 2  # title and first paragraph: where the roots of another article's title are looked for
SHINGLE = 3  # words
PERMUTATIONS = 128

_LETTERS = re.compile(r"[ء-ي]+")
_SAID = re.compile(r"\s*([^:؛]{3,40}):\s")

Vector = Mapping[str, float]
Signature = npt.NDArray[np.uint32]


class Profile(NamedTuple):
    """An article as linking sees it. `opening` (first `OPENING` terms) and `lead` (title and two paragraphs) are unit
    vectors of term weights, as is `heading` (the title); `title` holds its terms, `head` the first `HEAD` terms, and
    `terms` all. `title_roots` and `roots` are the roots of the words of the title and of the beginning, `days`
    the days (proleptic ordinals) that the lead names by weekday. `asks` tells a title that asks, explains or comments,
    `says` holds the terms before the colon of a title (whose word it is), empty without one."""

    id: str
    outlet: str | None
    day: int | None  # proleptic ordinal of the publication date
    opening: Vector
    lead: Vector
    heading: Vector
    title: frozenset[str]
    head: frozenset[str]
    terms: frozenset[str]
    title_roots: frozenset[str]
    roots: frozenset[str]
    days: frozenset[int]
    asks: bool
    says: frozenset[str]
    numbers: frozenset[str]
    shingles: frozenset[int]
    signature: Signature


@cache
def _frequencies() -> Mapping[str, int]:
    data = files("khabar.stories").joinpath("data/term_df.tsv.gz").read_bytes()
    lines = gzip.decompress(data).decode("utf-8").splitlines()[1:]
    return {term: int(count) for term, _, count in (line.partition("\t") for line in lines)}


def weight(term: str) -> float:
    """Inverse document frequency of a folded term."""
    return math.log(DOCUMENTS / _frequencies().get(term, 3))


def vector(terms: Iterable[str]) -> Vector:
    """Unit vector of (1 + log count) times inverse document frequency."""
    raw = {term: (1 + math.log(n)) * weight(term) for term, n in Counter(terms).items()}
    norm = math.sqrt(sum(value * value for value in raw.values())) or 1.0
    return {term: value / norm for term, value in raw.items()}


def cosine(a: Vector, b: Vector) -> float:
    """Cosine of two unit vectors, 0 where one is empty."""
    small, large = sorted((a, b), key=len)
    return sum(value * large.get(term, 0.0) for term, value in small.items())


def shingles(terms: Sequence[str]) -> frozenset[int]:
    """Hashes (64 bit, the same on every machine) of all runs of `SHINGLE` terms; a shorter text is one shingle."""
    runs = range(max(1, len(terms) - SHINGLE + 1)) if terms else ()
    return frozenset(
        int.from_bytes(hashlib.blake2b(" ".join(terms[i : i + SHINGLE]).encode(), digest_size=8).digest(), "big")
        for i in runs
    )


@cache
def _multipliers() -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    random = np.random.Generator(np.random.PCG64(20261126))
    odd = random.integers(1, 1 << 63, PERMUTATIONS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    return odd, random.integers(0, 1 << 63, PERMUTATIONS, dtype=np.uint64)


def signature(some: frozenset[int]) -> Signature:
    """MinHash: for each of 128 multiply-shift hash functions the least value over the shingles (all ones if none)."""
    if not some:
        return np.full(PERMUTATIONS, np.iinfo(np.uint32).max, dtype=np.uint32)
    odd, add = _multipliers()
    values = np.fromiter(some, dtype=np.uint64, count=len(some))
    hashed = (values[:, None] * odd[None, :] + add[None, :]) >> np.uint64(32)
    least: Signature = hashed.min(axis=0).astype(np.uint32)
    return least


def profile(article: Article) -> Profile:
    """The profile of an article."""
    parts = [search_terms(paragraph) for paragraph in article.paragraphs]
    every = [term for part in parts for term in part]
    runs = shingles(every)
    title = article.paragraphs[0] if article.paragraphs else ""
    try:
        day = datetime.date.fromisoformat(article.date or "").toordinal()
    except ValueError:
        day = None
    return Profile(
        id=article.id,
        outlet=article.outlet,
        day=day,
        opening=vector(every[:OPENING]),
        lead=vector(term for part in parts[:LEAD] for term in part),
        heading=vector(parts[0] if parts else ()),
        title=frozenset(parts[0] if parts else ()),
        head=frozenset(every[:HEAD]),
        terms=frozenset(every),
        title_roots=_roots(title),
        roots=_roots(" ".join(article.paragraphs[:BEGINNING])),
        days=days_named(" ".join(article.paragraphs[:LEAD]), day),
        asks=asks(title),
        says=frozenset(search_terms(said[1])) if (said := _SAID.match(title)) else frozenset(),
        numbers=frozenset(term for term in every if term[0].isdigit() and not _year(term)),
        shingles=runs,
        signature=signature(runs),
    )


def _roots(text: str) -> frozenset[str]:
    """The roots of the words of three letters and more."""
    return frozenset(root(word) for word in fold_key(text).split() if len(word) > 2)


@cache
def _rows(name: str) -> list[list[str]]:
    lines = files("khabar.stories").joinpath(f"data/{name}.tsv").read_text("utf-8").splitlines()[1:]
    return [line.split("\t") for line in lines]


@cache
def _day_words() -> Mapping[str, tuple[str, int]]:
    """Folded word -> ("weekday", 0 for Monday) or ("back", days before the article)."""
    return {fold_key(word): (what, int(number)) for word, what, number in _rows("day_words")}


def days_named(text: str, day: int | None) -> frozenset[int]:
    """The days (proleptic ordinals) that a text of that day names by weekday, or as today or yesterday: the last such
    day, since news tell what was. Empty without a date."""
    if day is None:
        return frozenset()
    found, words = set(), _day_words()
    for word in _LETTERS.findall(fold_key(text)):
        plain = word if word in words else word[1:] if word[0] in "ول" else ""
        if plain in words:
            what, number = words[plain]
            found.add(day - number if what == "back" else day - (day - 1 - number) % 7)
    return frozenset(found)


@cache
def _asking() -> re.Pattern[str]:
    by: dict[str, list[str]] = {"beginning": [], "anywhere": []}
    for word, _, where in _rows("asking"):
        by[where].append(re.escape(fold_key(word)))
    first, any_ = ("|".join(by[where]) for where in ("beginning", "anywhere"))
    return re.compile(rf"(?:{first})(?!\w)|.*(?<!\w)(?:{any_})(?!\w)")


def asks(title: str) -> bool:
    """Whether a title asks, or announces an explanation, a comment or pictures: such an article seldom tells the news
    itself."""
    return "؟" in title or bool(_asking().match(fold_key(title)))


def _year(term: str) -> bool:
    return len(term) == 4 and term[:2] in ("19", "20")
