"""The counted tables of the baseline coder and the features that they are counted over.

`benchmarks/baseline_lexicon.py` counts them from annotated articles, `khabar.coding.baseline` reads them: both use the
functions here, so that what was counted is what is asked. The tables hold folded words and numbers, no text.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

from khabar.arabic import Word, fold_key, split, strip_article, strip_proclitics
from khabar.arabic.words import EDGE

# Trust in the counts of a word's bare stem beside its own, in occurrences.
SMOOTHING = 3.0
# The share of its occurrences in which a word begins a party for it to be a candidate; the role decides the rest.
BEGINS = 0.1
# Prepositions that tell the role of the party after them.
PREPOSITIONS = frozenset(
    map(fold_key, ("على", "إلى", "من", "ضد", "مع", "بين", "عن", "في", "لدى", "أمام", "عند", "بحسب", "وفق", "حسب"))
)
FAR = 40  # words between a trigger and its parties


def read_table(name: str) -> list[dict[str, str]]:
    """Rows of a table in `khabar/coding/data`, by column."""
    text = files("khabar.coding").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


class Span(NamedTuple):
    """A party or place: from word `first` to before word `last` of its sentence."""

    first: int
    last: int


class Spans:
    """Finds spans by how often a word begins one, and how often it goes on after one (`span_lexicon.tsv`)."""

    def __init__(
        self, begins: dict[str, tuple[int, int]], goes_on: dict[str, tuple[int, int]], least: float = BEGINS
    ) -> None:
        self._begins = {word for word, (yes, seen) in begins.items() if yes >= 2 and yes >= least * seen}
        self._goes_on = goes_on

    def _continues(self, key: str) -> bool:
        if key in self._goes_on:
            yes, seen = self._goes_on[key]
            return yes >= 2 and yes >= 0.4 * seen
        return key.startswith("ال") and key.endswith(("ي", "يه", "يين", "يون"))  # an adjective of nationality

    def find(self, text: str, words: Sequence[Word]) -> list[Span]:
        """The spans among the words of a sentence, in order."""
        found: list[Span] = []
        i = 0
        while i < len(words):
            if strip_proclitics(words[i].text) not in self._begins:
                i += 1
                continue
            end = i + 1
            while (
                end < len(words)
                and adjoining(text, words[end - 1], words[end])
                and self._continues(fold_key(words[end].text))
            ):
                end += 1
            found.append(Span(i, end))
            i = end
        return found


def adjoining(text: str, left: Word, right: Word) -> bool:
    """Whether no punctuation parts two words (quotation marks do not count)."""
    return not text[left.end : right.start].strip(' \t\u00a0"«»“”')


class Trigger(NamedTuple):
    """What the lexicon says of a word: the probability that it carries an event, and of which type and mode."""

    probability: float
    type: str
    mode: str | None


class Triggers:
    """Trigger words by count (`trigger_lexicon.tsv`): of the word with its article, backed by its bare stem."""

    def __init__(self, rows: Sequence[tuple[str, str, str, int, int]]) -> None:
        self._all: dict[str, int] = {}
        self._kinds: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
        self._stem_all: Counter[str] = Counter()
        self._stem_kinds: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
        for word, kind, mode, count, seen in rows:
            stem = strip_article(word)
            if word not in self._all:
                self._stem_all[stem] += seen
            self._all[word] = seen
            if count:
                self._kinds[word][kind, mode] += count
                self._stem_kinds[stem][kind, mode] += count

    def look_up(self, word: str) -> Trigger | None:
        """The reading of a word as written, None if it was never a trigger."""
        key = strip_proclitics(word)
        if key not in self._all:
            key = _without_suffix(key)
        stem = strip_article(key)
        kinds = self._stem_kinds.get(stem)
        if not kinds:
            return None
        own = self._kinds.get(key, Counter())
        by_stem = (sum(kinds.values()) + 0.2) / (self._stem_all[stem] + 2)
        probability = (sum(own.values()) + SMOOTHING * by_stem) / (self._all.get(key, 0) + SMOOTHING)
        chosen = own if sum(own.values()) >= 3 else kinds
        types: Counter[str] = Counter()
        for (kind, _), count in chosen.items():
            types[kind] += count
        best = max(sorted(types), key=lambda t: types[t])
        mode = max(sorted(m for t, m in chosen if t == best), key=lambda m: chosen[best, m])
        return Trigger(min(probability, 0.99), best, mode or None)


def _without_suffix(key: str) -> str:
    """A noun without its pronoun: دعوته -> دعوه."""
    for suffix in ("هما", "ها", "هم", "ه"):
        if key.endswith(suffix) and len(key) - len(suffix) >= 4:
            bare = key.removesuffix(suffix)
            return bare[:-1] + "ه" if bare.endswith("ت") else bare
    return key


def context(text: str, words: Sequence[Word], span: Span, trigger: int, rank: int, title: bool) -> tuple[str, str, str]:
    """What tells the role of a span beside a trigger: title or body, side and rank, preposition or clitic."""
    first = words[span.first]
    before = fold_key(words[span.first - 1].text) if span.first else ""
    preposition = before if before in PREPOSITIONS and span.first - 1 != trigger else ""
    if not preposition:
        prefixes = split(first.text)[0].prefixes
        preposition = next((p for p in prefixes if p in "ولبكف"), "")
    side = "after" if span.first > trigger else "before"
    between = words[span.last - 1 : trigger + 1] if side == "before" else words[trigger : span.first + 1]
    whole = all(adjoining(text, a, b) for a, b in pairwise(between))
    return ("title" if title else "body"), f"{side}{min(rank, 3)}{'' if whole else ','}", preposition


def ranked(spans: Sequence[Span], trigger: int) -> Iterator[tuple[Span, int]]:
    """Spans near a trigger word, each with its rank on its side (1 is the nearest)."""
    before = [s for s in spans if s.last <= trigger and trigger - s.last < FAR]
    after = [s for s in spans if s.first > trigger and s.first - trigger < FAR]
    yield from ((s, rank) for rank, s in enumerate(reversed(before[-4:]), 1))
    yield from ((s, rank) for rank, s in enumerate(after[:5], 1))


class Roles:
    """Roles of parties by count of their contexts (`role_lexicon.tsv`), for the type or, if that is rare, for all."""

    def __init__(self, rows: Sequence[tuple[str, str, str, str, str, int]]) -> None:
        self._counts: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
        for kind, where, side, preposition, role, count in rows:
            for key in ((kind, where, side, preposition), ("", where, side, preposition), ("", where, side, "?")):
                self._counts[key][role] += count

    def best(self, kind: str, where: str, side: str, preposition: str) -> tuple[str, float]:
        """The likeliest role (`-` for none) and its share."""
        for key in ((kind, where, side, preposition), ("", where, side, preposition), ("", where, side, "?")):
            counts = self._counts.get(key)
            if counts and counts.total() >= 10:
                role, count = max(sorted(counts.items()), key=lambda row: row[1])
                return role, count / counts.total()
        return "-", 1.0


class Cue(NamedTuple):
    """A cue of status: it counts if it stands at most `reach` words before the trigger (after it if negative)."""

    status: str
    reach: int


@cache
def triggers() -> Triggers:
    """The packaged trigger lexicon."""
    rows = read_table("trigger_lexicon.tsv")
    return Triggers([(r["word"], r["type"], r["mode"], int(r["as_trigger"]), int(r["in_all"])) for r in rows])


@cache
def spans(kind: str) -> Spans:
    """The packaged span lexicon of `party` or `place`."""
    rows = [r for r in read_table("span_lexicon.tsv") if r["kind"] == kind]
    return Spans(
        {r["word"]: (int(r["yes"]), int(r["seen"])) for r in rows if r["place"] == "first"},
        {r["word"]: (int(r["yes"]), int(r["seen"])) for r in rows if r["place"] == "next"},
    )


@cache
def roles() -> Roles:
    """The packaged counts of roles."""
    rows = read_table("role_lexicon.tsv")
    return Roles([(r["type"], r["where"], r["side"], r["preposition"], r["role"], int(r["count"])) for r in rows])


@cache
def status_cues() -> dict[str, Cue]:
    """Folded cue words of status."""
    return {fold_key(r["cue"]): Cue(r["status"], int(r["reach"])) for r in read_table("status_cues.tsv")}


@cache
def speaker_cues() -> dict[str, str]:
    """Folded cue words of a speaker: `subject` (a verb of saying) or `source` (بحسب)."""
    return {fold_key(r["cue"]): r["takes"] for r in read_table("speaker_cues.tsv")}


def shape(word: Word) -> str:
    """The folded word without punctuation inside its edges, as cue tables hold it."""
    return fold_key(word.text).strip(EDGE)
