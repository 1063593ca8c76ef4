"""Cue words: which lines of a page say by their wording that they are no text of the article. All cues are data.

`data/cues.tsv`: reason, scope (`line` only this line; `next` this and the next; `head` opens a list of headlines;
`tail` the article is over),
match (`whole`, `start`, `part`, `end` of the folded line), cue, longest line in words (0: 30 for `whole`, else any).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from khabar.arabic import fold_key

_EDGE = re.compile(r"^[\W_]+|[\W_]+$")
_DIGITS = re.compile(r"[\d:/.,،+\-–—()\[\]|]+")


class Cue(NamedTuple):
    """A cue found in a line: the reason it gives and how far it reaches."""

    reason: str
    scope: str


class _Tables(NamedTuple):
    whole: dict[str, Cue]
    parts: dict[str, tuple[tuple[str, int, Cue], ...]]


def rows(name: str) -> list[list[str]]:
    """Rows of a table of `data/` without its header line."""
    text = (files(__package__) / "data" / f"{name}.tsv").read_text("utf-8")
    return [line.split("\t") for line in text.splitlines()[1:] if line]


@cache
def words_of(table: str, kind: str) -> frozenset[str]:
    """The folded words of one kind of a table with columns `kind` and `words`."""
    return frozenset(word for row in rows(table) if row[0] == kind for word in row[1].split())


def line_key(line: str) -> str:
    """The folded line in lower case without marks at its edges: what cues are compared with."""
    return _EDGE.sub("", fold_key(line).lower())


@cache
def _tables() -> _Tables:
    whole: dict[str, Cue] = {}
    parts: dict[str, list[tuple[str, int, Cue]]] = {"start": [], "part": [], "end": []}
    for reason, scope, match, cue, longest in rows("cues"):
        folded = fold_key(cue).lower()
        key = _EDGE.sub("", folded) or folded
        if match == "whole":
            whole[key] = Cue(reason, scope)
        else:
            parts[match].append((folded.strip() if match != "end" else key, int(longest) or 90, Cue(reason, scope)))
    return _Tables(whole, {match: tuple(found) for match, found in parts.items()})


def find_cue(line: str, key: str | None = None) -> Cue | None:
    """The cue that a line carries, or None."""
    tables = _tables()
    key = line_key(line) if key is None else key
    found = tables.whole.get(key)
    if found is not None:
        return found
    count = key.count(" ") + 1
    if count > 90:
        return None
    raw = fold_key(line).lower().strip()
    for cue, longest, what in tables.parts["part"]:
        if count <= longest and cue in raw:
            return what
    for cue, longest, what in tables.parts["start"]:
        if count <= longest and (_starts(key, cue) or _starts(raw, cue)):
            return what
    for cue, longest, what in tables.parts["end"]:
        if count <= longest and (key.endswith(" " + cue) or raw.endswith(cue)):
            return what
    return None


def _starts(text: str, cue: str) -> bool:
    return text.startswith(cue) and (len(text) == len(cue) or not (cue[-1].isalpha() and text[len(cue)].isalpha()))


@cache
def _date_words() -> frozenset[str]:
    kinds: Iterable[str] = ("month", "hijri", "weekday", "clock", "label", "latin")
    return frozenset().union(*(words_of("date_words", kind) for kind in kinds))


def is_date_line(line: str) -> bool:
    """Whether a line says nothing but a date or a time ("الأربعاء، 07 أكتوبر 2020 - 12:09 م", "10:37 ت م"), also beside
    the outlet's name behind a bar ("المرفأ | 2022/04/06")."""
    if len(line) > 120 or not any(ch.isdigit() for ch in line):
        return False
    if "|" in line:
        parts = [part for part in line.split("|") if part.strip()]
        dated = [part for part in parts if any(ch.isdigit() for ch in part) and is_date_line(part)]
        rest = [part for part in parts if part not in dated]
        return bool(dated) and len(rest) <= 1 and all(len(part.split()) <= 4 for part in rest)
    rest = _DIGITS.sub(" ", fold_key(line).lower()).split()
    known = _date_words()
    other = [word for word in rest if word.strip("'\"«»*") not in known]
    return len(other) <= (1 if len(rest) >= 3 else 0)
