"""Runs of words that make mentions."""

from __future__ import annotations

from collections.abc import Sequence

from khabar.coding.numeric import Floats
from khabar.coding.windows import Word

EXTEND, PART = 0.3, 0.7  # a word goes on with a mention above the one, and begins another above the other


def spans_of(
    inside: Floats, begin: Floats, threshold: float, offset: int, words: Sequence[Word]
) -> list[tuple[int, int, float]]:
    """Mentions as (first, last, probability): runs of words above `EXTEND`, parted where a word begins a new mention,
    that hold a word above the threshold. A mention is as likely as its likeliest word. `offset` is the window's number
    of the first word of `inside`."""
    runs: list[list[int]] = []
    for j in range(len(inside)):
        if inside[j] <= min(EXTEND, threshold):
            continue
        if runs and runs[-1][1] == j - 1 and begin[j] < PART:
            runs[-1][1] = j
        else:
            runs.append([j, j])
    runs = [run for run in runs if inside[run[0] : run[1] + 1].max() > threshold]
    found = []
    for a, b in runs:
        p = float(inside[a : b + 1].max())
        a, b = a + offset, b + offset
        while a <= b and words[a].start == words[a].end:
            a += 1
        while b >= a and words[b].start == words[b].end:
            b -= 1
        if a <= b:
            found.append((a, b, p))
    return found


def likeliest(
    inside: Floats, begin: Floats, offset: int, words: Sequence[Word]
) -> list[tuple[int, int, float]]:  # fmt: skip
    """The mention around the likeliest word, where no word is likely by itself (several may be meant)."""
    best = float(inside.max())
    found = spans_of(inside / best, begin, 1 - 1e-6, offset, words)
    return [(a, b, best) for a, b, _ in found[:1]]
