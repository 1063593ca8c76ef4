"""What the coder would say of gold's parties: python -m training.guesses MODEL_DIR GOLD OUT

Writes the articles of GOLD into OUT, their parties with the codes that the coder in MODEL_DIR guesses from the words
alone (`Mention.guess`) and, where a party is understood, the words that it points to (`Mention.link`). From these
`benchmarks/resolution_fit.py` learns how far the coder is to be believed; so it must not have learned from these
articles.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from khabar.codebook import TYPES
from khabar.coding.decode import Arguments, bounds
from khabar.coding.heard import code_guess, pointed
from khabar.coding.neural import NeuralCoder
from khabar.coding.windows import Window, windows
from khabar.records import Article, CodedArticle, Event, Mention, encode
from training.labels import ROLES, load

PARTIES = ROLES[:3]


def guessed(coder: NeuralCoder, article: Article, gold: CodedArticle) -> CodedArticle:
    """`gold` with guesses and links; what stands in no window stays as it is."""
    events = list(gold.events)
    skip = frozenset(number for number, _ in gold.not_body)
    for window in windows(article.paragraphs, coder.tokenize, skip):
        at = {
            (w.paragraph, offset): n
            for n, w in enumerate(window.words) if w.predict for offset in range(w.start, w.end)
        }  # fmt: skip
        mine = {
            n: at[e.paragraph, e.trigger.start] for n, e in enumerate(events) if (e.paragraph, e.trigger.start) in at
        }
        if not mine:
            continue
        reading = coder.backend.read(window)
        words = np.array(list(mine.values()), dtype=np.int64)
        kinds = np.array([TYPES.index(events[n].type) for n in mine], dtype=np.int64)
        start, length = np.array([bounds(window.words, int(w)) for w in words], dtype=np.int64).T
        out = coder.backend.arguments(reading, words, kinds, start.copy(), length.copy())
        spans = _spans([events[n] for n in mine], at)
        for i, (n, word) in enumerate(mine.items()):
            changes: dict[str, Any] = {}
            for r, role in enumerate(PARTIES):
                changes[role] = tuple(
                    _told(coder, reading.words, m, spans.get((events[n].paragraph, m.start, m.end)), out, i, r, window,
                          list(spans.values()), word)
                    for m in getattr(events[n], role)
                )  # fmt: skip
            events[n] = msgspec.structs.replace(events[n], **changes)
    return msgspec.structs.replace(gold, events=tuple(events))


Spans = Mapping[tuple[int, int | None, int | None], tuple[int, int]]


def _spans(events: Iterable[Event], at: Mapping[tuple[int, int], int]) -> Spans:
    """First and last word of the mentions of some events, by paragraph and offsets."""
    found = {}
    for event in events:
        for role in PARTIES:
            for m in getattr(event, role):
                if m.start is not None:
                    first, last = at.get((event.paragraph, m.start)), at.get((event.paragraph, m.end - 1))
                    if first is not None and last is not None and first <= last:
                        found[event.paragraph, m.start, m.end] = (first, last)
    return found


def _told(
    coder: NeuralCoder, words: Any, mention: Mention, span: tuple[int, int] | None, out: Arguments, i: int, r: int,
    window: Window, named: Sequence[tuple[int, int]], trigger: int,
) -> Mention:  # fmt: skip
    backend = coder.backend
    if mention.start is None:
        guess = code_guess(out.country[i, r], out.sector[i, r], backend)
        return msgspec.structs.replace(
            mention, guess=guess, link=pointed(out.pointer[i, r], window.words, named, trigger)
        )
    if span is None:
        return mention
    country, sector = backend.spans(words[span[0] : span[1] + 1].mean(0, keepdims=True))
    return msgspec.structs.replace(mention, guess=code_guess(country[0], sector[0], backend))


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("model", type=Path)
    p.add_argument("gold", type=Path)
    p.add_argument("out", type=Path)
    a = p.parse_args()
    coder = NeuralCoder(a.model)
    a.out.mkdir(parents=True, exist_ok=True)
    with (a.out / "gold.jsonl").open("wb") as file:
        for article, coded in load(a.gold):
            gold = msgspec.convert(coded, CodedArticle, strict=False)
            whole = Article(id=article["id"], paragraphs=tuple(article["paragraphs"]))
            file.write(encode(guessed(coder, whole, gold)) + b"\n")
    shutil.copy(a.gold / "articles.jsonl", a.out / "articles.jsonl")


if __name__ == "__main__":
    main()
