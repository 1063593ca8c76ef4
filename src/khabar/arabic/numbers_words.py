"""The grammar of numbers in Arabic words and digits: reads one number from a list of tokens.

A number is a chain of parts, each joined by و, that only falls in size (ألفين ومئتين وسبعة وثلاثين), save that the unit
stands before its ten; a part right before a greater one without و multiplies it (ثلاث مئة, خمسة وعشرون مئة ألف,
4 آلاف). The words and their values are `data/number_words.tsv`.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from khabar.arabic import numbers_digits
from khabar.arabic.clitics import read_table
from khabar.arabic.folding import Folded


class Part(NamedTuple):
    """A token that may be part of a number: the clitics before it and what it means; the first `skip` letters of the
    token (conjunction and preposition, the article too before digits) do not belong to the number."""

    conjunction: bool
    preposition: str
    article: bool
    kind: str
    value: float
    skip: int


class Token(NamedTuple):
    """A folded word or number with its offsets in the folded text; `joined` if only a space parts it from the last."""

    text: str
    start: int
    end: int
    joined: bool


_TOKEN = re.compile(
    r"(?P<digits>(?<!\w)[وفبلك]{0,2}(?:ال)?(?P<number>\d{1,3}(?: \d{3})+(?![\d.,،])"
    rf"|{numbers_digits.NUMBER.pattern})(?![A-Za-z0-9]))|[^\W\d_]+|\d+"
)
# Dates, clock times, codes and addresses in digits are no numbers.
_NO_NUMBER = re.compile(
    r"\d+([/:.-])\d+\1\d+|\d+[/:]\d+|[A-Za-z]+-?\d[\w-]*|(?!ال-)[^\W\d_]{2,}-\d+|\d+[A-Za-z][\w-]*|https?://\S+"
)


@cache
def _words() -> dict[str, tuple[str, float]]:
    return {row["word"]: (row["kind"], float(row["value"])) for row in read_table("number_words.tsv")}


def tokenise(folded: Folded) -> list[Token]:
    """Words and numbers of a folded text, without those in dates, times and codes."""
    blocked = [m.span() for m in _NO_NUMBER.finditer(folded.text) if numbers_digits.parse(m[0]) is None]
    found: list[Token] = []
    end = -2
    for match in _TOKEN.finditer(folded.text):
        start = match.start()
        inside = match["digits"] and any(a <= match.start("number") < b for a, b in blocked)
        joined = start >= end >= 0 and folded.text[end:start] in (" ", "")
        text = match[0]
        if inside or (match["digits"] is None and text.isdigit()):
            text = "#"  # a stopper: neither word nor number
        found.append(Token(text, start, match.end(), joined))
        end = match.end()
    return found


@lru_cache(maxsize=30_000)
def part(text: str) -> Part | None:
    """What a token may mean in a number, None if nothing."""
    if text[-1].isdigit():
        match = re.fullmatch(r"(و|ف)?([بلك])?(ال)?(\d.*)", text)
        if not match:
            return None
        value = numbers_digits.parse(re.sub(r"(?<=\d) (?=\d)", "\u00a0", match[4]))
        if value is None:
            return None
        preposition = match[2] or ("ف" if match[1] == "ف" else "")
        return Part(match[1] == "و", preposition, bool(match[3]), "digits", value, match.start(4))
    words = _words()
    rest, conjunction, preposition = text, False, ""
    while True:
        for form, article in ((rest, False), (rest[2:] if rest.startswith("ال") else "", True)):
            if form in words:
                return Part(conjunction, preposition, article, *words[form], len(text) - len(rest))
        if rest.startswith("لل") and not preposition and rest[2:] in words:
            return Part(conjunction, "ل", True, *words[rest[2:]], len(text) - len(rest) + 1)
        if rest[0] in "وف" and not conjunction and not preposition and len(rest) > 3:
            conjunction, rest = rest[0] == "و", rest[1:]
            if not conjunction:
                preposition = "ف"
        elif rest[0] in "بلك" and preposition in ("", "ف") and len(rest) > 3:
            preposition, rest = rest[0], rest[1:]
        else:
            return None


class Reading(NamedTuple):
    """A number that ends before token `end`: its value and whether it only names an order of magnitude (عشرات)."""

    end: int
    value: float
    vague: bool


_SCALES = ("scale", "dual_scale", "plural_scale")
_STARTS = frozenset(
    ("unit", "ten1", "teen_first", "ten", "hundred", "hundreds", *_SCALES, "digits", "vague", "fraction")
)


class _Sum:
    """The number read so far: `total` of closed groups, `group` that a scale may still multiply."""

    def __init__(self) -> None:
        self.total = self.group = self.last_group = 0.0
        self.scale = float("inf")  # the last scale: what follows must be smaller
        self.last = ""
        self.last_value = 0.0
        self.vague = False

    @property
    def value(self) -> float:
        return self.total + self.group

    def _first(self, kind: str, value: float) -> bool:
        if kind in ("scale", "dual_scale"):
            self.total = self.last_group = value
            self.scale = value / 2 if kind == "dual_scale" else value
        elif kind == "plural_scale":
            self.total = self.last_group = 2 * value
            self.scale, self.vague = value, True
        else:
            self.group = value
            self.vague = kind == "vague"
        return kind in _STARTS

    def _after_and(self, kind: str, value: float) -> bool:
        after_scale, last = self.last in _SCALES, self.last
        if self.vague and kind != "plural_scale":
            return False
        if kind in ("unit", "ten1", "teen_first"):
            good = after_scale or last in ("hundred", "hundreds")
        elif kind == "ten":
            good = after_scale or last in ("hundred", "hundreds") or (last in ("unit", "teen_first") and value >= 20)
        elif kind in ("hundred", "hundreds"):
            good = after_scale
        elif kind == "digits":
            good = after_scale and value < self.scale
        elif kind == "fraction":
            if not after_scale:
                return False
            self.total += value * self.scale
            return True
        elif kind in ("scale", "dual_scale"):
            unit = value / 2 if kind == "dual_scale" else value
            if not after_scale or unit >= self.scale:
                return False
            self.total, self.last_group, self.scale = self.total + value, value, unit
            return True
        else:
            good = False
        if good:
            self.group += value
        return good

    def _right_after(self, kind: str, value: float) -> bool:
        last = self.last
        if kind == "ten1" and last in ("unit", "teen_first"):
            self.group += 10
            return True
        if kind == "hundred" and last in ("unit", "ten", "ten1", "digits"):
            tail = self.group % 100 or self.group
            self.group += tail * 99
            return True
        if kind not in ("scale", "plural_scale"):
            return False
        if last == "fraction" and not self.group:  # مليون ونصف مليون
            return value == self.scale
        if last in _SCALES:  # ألف مليون, آلاف الملايين
            if value <= self.scale and not self.vague:
                return False
            self.total += self.last_group * (value - 1)
            self.last_group *= value
        elif self.group:
            if value >= self.scale:  # ألف ومئتا مليون multiplies all, ألفين وثلاثة ملايين are two numbers
                if self.total >= value or last not in ("hundred", "hundreds"):
                    return False
                self.group += self.total
                self.total = 0.0
            self.last_group = self.group * value
            self.total += self.last_group
            self.group = 0.0
        else:
            return False
        self.scale = value
        return True

    def take(self, piece: Part, first: bool) -> bool:
        """Adds a part; False (and an undefined state) if it does not continue the number."""
        if first:
            good = self._first(piece.kind, piece.value)
        elif piece.preposition:
            good = False
        elif piece.conjunction:
            good = self._after_and(piece.kind, piece.value)
        else:
            good = self._right_after(piece.kind, piece.value)
        self.last, self.last_value = piece.kind, piece.value
        return good


def read(parts: list[Part | None], joined: list[bool], start: int) -> Reading | None:
    """The longest number that begins at token `start`, None if none does."""
    first = parts[start]
    if first is None or first.kind not in _STARTS:
        return None
    # Ends are tried from the longest: a later part may show that an earlier و joined two numbers.
    end = start + 1
    while end < len(parts) and parts[end] is not None and joined[end]:
        end += 1
    best: Reading | None = None
    state = _Sum()
    for i in range(start, end):
        piece = parts[i]
        if piece is None or not state.take(piece, first=i == start):
            break
        best = Reading(i + 1, state.value, state.vague)
    else:
        return _checked(first, best)
    if best is not None and piece is not None and not piece.conjunction and piece.kind in _SCALES:
        # The scale belongs to the last joined part alone: 3 آلاف | و5 آلاف
        joint = next((k for k in range(best.end - 1, start, -1) if (p := parts[k]) is not None and p.conjunction), None)
        while joint is not None and joint > start + 1 and _inner(parts, joint):
            joint -= 1
        if joint is not None:
            return read(parts[:joint], joined[:joint], start)
    return _checked(first, best)


def _inner(parts: list[Part | None], joint: int) -> bool:
    """Whether the و before `joint` only joins a unit and its ten (خمسة وعشرون)."""
    before, here = parts[joint - 1], parts[joint]
    return before is not None and here is not None and here.kind == "ten" and before.kind == "unit"


def _checked(first: Part, reading: Reading | None) -> Reading | None:
    """A lone half, a lone أحد and a weekday (الاثنين) are no numbers."""
    if reading is None or (first.kind in ("fraction", "teen_first") and reading.value < 10):
        return None
    return reading
