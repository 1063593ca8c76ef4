"""An article as the encoder reads it: windows of whole paragraphs, cut into words and word pieces.

Every window begins with `<s>`, then, after the first window, the title again and the end of the paragraph before as
context; every paragraph ends with `</s>`. Context words carry `predict=False`: nothing is coded there twice, but an
understood party may point at them. A paragraph longer than a window goes on in the next one, cut between words.
Training and run time cut alike because both call `windows`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

BOS, PAD, EOS, UNK = 0, 1, 2, 3
MAX_PIECES = 400  # of a window; the encoder has 512 positions
MAX_TITLE = 48  # pieces of the title repeated as context
MAX_BEFORE = 64  # pieces of the paragraph before repeated as context
MAX_WORD = 24  # pieces of one word; the rest of a longer run of letters is not read

_RUN = re.compile(r"\S+")
# White space and marks that carry no sound or sense: diacritics, tatweel, zero-width and bidi controls.
_SILENT = re.compile("[\u064b-\u065f\u0670\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u061c\x00-\x1f\x7f]")
EDGE = "\"'«»“”‘’()[]{}.,،؛;:؟?!…-–—/\\"


class Word(NamedTuple):
    """A word of a window: `start`, `end` are offsets in its paragraph, edge punctuation stripped; `first`, `last` are
    the indexes of its first and last piece in `Window.ids` (inclusive)."""

    paragraph: int
    start: int
    end: int
    first: int
    last: int
    predict: bool


class Window(NamedTuple):
    """Piece ids and words of one window; `ends` maps each paragraph of the window to the index of its `</s>`."""

    ids: list[int]
    words: list[Word]
    ends: dict[int, int]


Tokenize = Callable[[str], list[int]]
_Run = tuple[int, int, list[int]]


def word_runs(paragraph: str, tokenize: Tokenize) -> list[_Run]:
    """Words of a paragraph: stripped offsets and the pieces of the whole run, punctuation included."""
    runs: list[_Run] = []
    for match in _RUN.finditer(paragraph):
        start, end = match.span()
        pieces = tokenize(_SILENT.sub("", match[0]))[:MAX_WORD] or [UNK]
        while start < end and paragraph[start] in EDGE:
            start += 1
        while end > start and paragraph[end - 1] in EDGE:
            end -= 1
        runs.append((start, end, pieces))  # start == end: a run of punctuation, kept as context
    return runs


def windows(
    paragraphs: Sequence[str], tokenize: Tokenize, skip: frozenset[int] = frozenset(), limit: int = MAX_PIECES
) -> list[Window]:
    """Windows of an article, in order.

    `tokenize` gives the piece ids of one word without special pieces; paragraphs numbered in `skip` are left out;
    `limit` is the most pieces a window may have. An article without words gives no windows.
    """
    runs = {i: word_runs(text, tokenize) for i, text in enumerate(paragraphs) if i not in skip}
    title = _head(runs.get(0, []), MAX_TITLE)
    found: list[Window] = []
    ids: list[int] = []
    words: list[Word] = []
    ends: dict[int, int] = {}
    last: tuple[int, list[_Run]] | None = None  # the paragraph part before

    def begin() -> None:
        nonlocal ids, words, ends
        ids, words, ends = [BOS], [], {}
        if found:
            if title:
                _append(ids, words, 0, title, predict=False)
                ids.append(EOS)
            if last is not None and last[0] != 0:
                _append(ids, words, last[0], _tail(last[1], MAX_BEFORE), predict=False)
                ids.append(EOS)

    def close() -> None:
        if any(w.predict for w in words):
            found.append(Window(ids, words, ends))

    begin()
    for number, paragraph in runs.items():
        position = 0
        while position < len(paragraph):
            room = limit - len(ids) - 1
            size = sum(len(r[2]) for r in paragraph[position:])
            if size > room and any(w.predict for w in words):  # a fresh window, if this one holds something
                close()
                begin()
                room = limit - len(ids) - 1
            stop = position
            while stop < len(paragraph) and len(paragraph[stop][2]) <= room:
                room -= len(paragraph[stop][2])
                stop += 1
            part = paragraph[position:stop]
            _append(ids, words, number, part, predict=True)
            ends[number] = len(ids)
            ids.append(EOS)
            last = (number, part)
            position = stop
    close()
    return found


def _append(ids: list[int], words: list[Word], number: int, part: Sequence[_Run], *, predict: bool) -> None:
    for start, end, pieces in part:
        words.append(Word(number, start, end, len(ids), len(ids) + len(pieces) - 1, predict))
        ids.extend(pieces)


def _head(runs: Sequence[_Run], limit: int) -> list[_Run]:
    kept: list[_Run] = []
    for run in runs:
        limit -= len(run[2])
        if limit < 0:
            break
        kept.append(run)
    return kept


def _tail(runs: Sequence[_Run], limit: int) -> list[_Run]:
    return _head(list(reversed(runs)), limit)[::-1]
