"""Order, width and direction of text on a screen; `visual` is for terminals that do no bidi of their own.

`visual` follows the Unicode bidirectional algorithm (UAX #9: W1-W7, N0 for brackets in part, N1-N2, I1-I2, L1-L4)
without explicit embeddings, whose controls are dropped, and without shaping.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from khabar.arabic.folding import plain_letters

Direction = Literal["rtl", "ltr"]
_STRONG = {"L": "L", "R": "R", "AL": "R"}
_MIRROR = dict(zip("()[]{}<>«»‹›≤≥", ")(][}{><»«›‹≥≤", strict=True))
_MARKUP = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->|<[!/]?[a-zA-Z][^>]*>", re.S | re.I)


def direction(text: str, default: Direction = "ltr") -> Direction:
    """Which way a title, a paragraph or a page of HTML runs: the way of most of its words, of the first on a tie.

    Digits, signs and markup are neutral, so `5 قتلى` is right to left, and so is an Arabic line that only begins with
    a Latin name. `default` is returned where no word has a strong letter.
    """
    if "<" in text:
        text = _MARKUP.sub(" ", text)
    ways: list[Direction] = []
    for word in text.split():
        strong = next((_STRONG[c] for c in map(unicodedata.bidirectional, word) if c in _STRONG), None)
        if strong:
            ways.append("rtl" if strong == "R" else "ltr")
    if not ways:
        return default
    right = ways.count("rtl")
    return ways[0] if 2 * right == len(ways) else "rtl" if 2 * right > len(ways) else "ltr"


def width(text: str) -> int:
    """Columns of a terminal that `text` takes: marks and invisible characters none, wide East Asian letters two."""
    columns = 0
    for char in text:
        category = unicodedata.category(char)
        if category in ("Mn", "Me", "Cf", "Cc"):
            continue
        columns += 2 if unicodedata.east_asian_width(char) in "WF" else 1
    return columns


def _weak(classes: list[str], base: str) -> None:
    """Rules W1 to W7: marks, digits and their separators."""
    last_strong = previous = base
    for i, kind in enumerate(classes):  # W1-W3
        if kind == "NSM":
            classes[i] = previous
        elif kind == "EN" and last_strong == "AL":
            classes[i] = "AN"
        if kind in ("L", "R", "AL"):
            last_strong = kind
        previous = classes[i]
    for i in range(1, len(classes) - 1):  # W4
        before, kind, after = classes[i - 1 : i + 2]
        if before == after and ((before == "EN" and kind in ("ES", "CS")) or (before == "AN" and kind == "CS")):
            classes[i] = before
    i = 0
    while i < len(classes):  # W5
        if classes[i] == "ET":
            end = i
            while end < len(classes) and classes[end] == "ET":
                end += 1
            if (i and classes[i - 1] == "EN") or (end < len(classes) and classes[end] == "EN"):
                classes[i:end] = ["EN"] * (end - i)
            i = end
        else:
            i += 1
    last_strong = base
    for i, kind in enumerate(classes):  # W6, W7, and AL as R
        if kind in ("ES", "ET", "CS", "BN", "S", "B", "WS"):
            classes[i] = "ON"
        elif kind == "EN" and last_strong == "L":
            classes[i] = "L"
        elif kind in ("L", "R", "AL"):
            last_strong = "L" if kind == "L" else "R"
            classes[i] = last_strong


def _neutral(text: str, classes: list[str], base: str) -> None:
    """Rules N0 (a bracket pair around text of the base direction) to N2."""
    opened: list[int] = []
    for i, char in enumerate(text):
        if classes[i] == "ON" and char in "([{«":
            opened.append(i)
        elif classes[i] == "ON" and char in ")]}»" and opened and _MIRROR[text[opened[-1]]] == char:
            start = opened.pop()
            inside = {"R" if c in ("EN", "AN") else c for c in classes[start + 1 : i]} & {"L", "R"}
            if base in inside:
                classes[start] = classes[i] = base
            elif inside:
                outer = next((c for c in reversed(classes[:start]) if c in ("L", "R", "EN", "AN")), base)
                outer = "L" if outer == "L" else "R"
                classes[start] = classes[i] = outer if outer in inside else base
    i = 0
    while i < len(classes):
        if classes[i] != "ON":
            i += 1
            continue
        end = i
        while end < len(classes) and classes[end] == "ON":
            end += 1
        before = base if i == 0 else "L" if classes[i - 1] == "L" else "R"
        after = base if end == len(classes) else "L" if classes[end] == "L" else "R"
        classes[i:end] = [before if before == after else base] * (end - i)
        i = end


def _clusters(text: str) -> list[str]:
    """Letters with the marks that sit on them, so that a mark stays on its letter when the order turns."""
    found: list[str] = []
    for char in text:
        if found and unicodedata.bidirectional(char) == "NSM":
            found[-1] += char
        else:
            found.append(char)
    return found


def _visual_line(line: str, base_direction: Direction) -> str:
    clusters = _clusters(line)
    heads = "".join(c[0] for c in clusters)
    base = "R" if base_direction == "rtl" else "L"
    classes = [unicodedata.bidirectional(c) or "L" for c in heads]
    _weak(classes, base)
    _neutral(heads, classes, base)
    if base == "R":
        levels = [2 if c in ("L", "EN", "AN") else 1 for c in classes]
    else:
        levels = [{"L": 0, "R": 1}.get(c, 2) for c in classes]
    blank = len(heads)  # L1: white space at the end of the line takes the level of the line
    while blank and heads[blank - 1].isspace():
        blank -= 1
        levels[blank] = 1 if base == "R" else 0
    shown = [_MIRROR.get(c, c) if level % 2 else c for c, level in zip(clusters, levels, strict=True)]
    for level in range(max(levels, default=0), 0, -1):
        start = 0
        while start < len(shown):
            end = start
            while end < len(shown) and levels[end] >= level:
                end += 1
            if end > start:
                shown[start:end] = shown[start:end][::-1]
                levels[start:end] = levels[start:end][::-1]
            start = end + 1
    return "".join(shown)


def visual(text: str, base: Direction | None = None) -> str:
    """`text` in the order of the screen from left to right, line by line, without shaping.

    `base` is the direction of the paragraph, by default that of `direction` (right to left if only digits stand in it).
    """
    lines = [plain_letters(line) for line in text.split("\n")]
    way = base or direction(" ".join(lines), "rtl")
    return "\n".join(_visual_line(line, way) for line in lines)
