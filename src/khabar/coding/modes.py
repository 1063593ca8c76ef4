"""Trigger words that name the mode of their act ("إضراب" a strike, "اتهم" an allegation), whatever the network weighs.

`data/mode_words.tsv`: stem of the trigger, type, what must follow soon (empty: nothing), the modes that it leaves (`-`
for none, `|` between them), and in how many articles of the gold it was counted. `training/modes.py` counts the rows;
those without a number are our own.
"""

from __future__ import annotations

import re
from functools import cache

from khabar.arabic import fold_key, stem
from khabar.coding.lexicon import read_table

REACH = 40  # characters after a trigger in which its complement stands
NAMED = 0.85  # how often a mode is right that the word names and the network does not
_SENTENCE = re.compile(r"[.!؟\n]")


@cache
def _rows() -> dict[tuple[str, str], dict[str, frozenset[str | None]]]:
    found: dict[tuple[str, str], dict[str, frozenset[str | None]]] = {}
    for row in read_table("mode_words.tsv"):
        modes = frozenset(mode if mode != "-" else None for mode in row["modes"].split("|"))
        found.setdefault((row["word"], row["type"]), {})[row["after"]] = modes
    return found


def left_by(word: str, kind: str, after: str = "") -> frozenset[str | None] | None:
    """The modes of a type that a trigger word leaves, `after` the text that follows it; None where it says nothing."""
    rows = _rows().get((stem(word), kind))
    if rows is None:
        return None
    following = fold_key(_SENTENCE.split(after[:REACH])[0])
    return next((modes for phrase, modes in rows.items() if phrase and phrase in following), rows.get(""))
