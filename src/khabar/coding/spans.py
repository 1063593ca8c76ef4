"""Runs of words that make mentions."""

from __future__ import annotations

from collections.abc import Sequence

from khabar.coding.numeric import Floats
from khabar.coding.windows import Word

EXTEND, PART = 0.3, 0.7  # a word goes on with a mention above the one, and begins another above the other


def spans_of(
    inside: Sequence[float], begin: Sequence[float], threshold: float, offset: int, words: Sequence[Word]
) -> list[tuple[int, int, float]]:
    """Mentions as (first, last, probability): runs of words above `EXTEND`, parted where a word begins a new mention,
    that hold a word above the threshold. A mention is as likely as its likeliest word. `offset` is the window's number
    of the first word of `inside`."""
    runs: list[list[int]] = []
    least = min(EXTEND, threshold)
    for j, p in enumerate(inside):
        if p <= least:
            continue
        if runs and runs[-1][1] == j - 1 and begin[j] < PART:
            runs[-1][1] = j
        else:
            runs.append([j, j])
    found = []
    for a, b in runs:
        p = max(inside[a : b + 1])
        if p <= threshold:
            continue
        a, b = a + offset, b + offset
        while a <= b and words[a].start == words[a].end:
            a += 1
        while b >= a and words[b].start == words[b].end:
            b -= 1
        if a <= b:
            found.append((a, b, p))
    return found


def likeliest(
    inside: Floats, begin: Sequence[float], offset: int, words: Sequence[Word]
) -> list[tuple[int, int, float]]:  # fmt: skip
    """The mention around the likeliest word, where no word is likely by itself (several may be meant)."""
    best = float(inside.max())
    found = spans_of((inside / best).tolist(), begin, 1 - 1e-6, offset, words)
    return [(a, b, best) for a, b, _ in found[:1]]
