"""Month names and time words, and the tokens of a text with what each may mean.

Tables: `data/months.tsv` (name, month, calendar, tradition, weak) and `data/cues.tsv` (form, category, value, tag).
Forms stand in the tables in common spelling, without the article; both sides are folded before they are compared.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from khabar.arabic.folding import fold_key


class Month(NamedTuple):
    """A month name: number 1–12, `gregorian` or `hijri`, tradition; `weak` names are also common words."""

    number: int
    calendar: str
    tradition: str
    weak: bool


class Meaning(NamedTuple):
    """What a word is in one category (weekday, unit, direction, …): its value and a tag (see `data/cues.tsv`)."""

    value: int
    tag: str


class Token(NamedTuple):
    """A token of the folded text: `kind` n (digits), w (letters), p (any other sign); offsets in the folded text.

    `bare` is the word without conjunction, preposition and article, `prefix` those parts, `cats` its meanings.
    """

    start: int
    end: int
    text: str
    kind: str
    bare: str
    prefix: str
    definite: bool
    cats: dict[str, Meaning]


def table(name: str) -> list[list[str]]:
    """Rows of a TSV file of `data/` without its header line."""
    text = files("khabar.arabic.calendar").joinpath("data", name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()[1:] if line]


@cache
def months() -> dict[tuple[str, ...], Month]:
    """Month by the folded words of its name (one to three words)."""
    found: dict[tuple[str, ...], Month] = {}
    for name, number, calendar, tradition, weak in table("months.tsv"):
        found.setdefault(tuple(fold_key(name).split()), Month(int(number), calendar, tradition, weak == "1"))
    return found


@cache
def month_starts() -> frozenset[str]:
    """First words of month names."""
    return frozenset(words[0] for words in months())


@cache
def cues() -> dict[str, dict[str, Meaning]]:
    """Meanings by category for each folded form."""
    found: dict[str, dict[str, Meaning]] = {}
    for form, category, value, tag in table("cues.tsv"):
        if category == "function":
            continue
        found.setdefault(fold_key(form), {}).setdefault(category, Meaning(int(value), tag))
    return found


@cache
def holidays() -> dict[tuple[str, ...], tuple[str, int, int, int]]:
    """(calendar, month, day, number of days) by the folded words of a holiday's name."""
    return {
        tuple(fold_key(name).split()): (calendar, int(month), int(day), int(days))
        for name, calendar, month, day, days, _ in table("holidays.tsv")
    }


NOTHING: dict[str, Meaning] = {}


@cache
def functions() -> frozenset[str]:
    """Folded function words that may begin an expression (منذ، قبل، اليوم …), read whole."""
    return frozenset(fold_key(form) for form, category, *_ in table("cues.tsv") if category == "function")


PROCLITICS = ("و", "ف", "ب", "ل", "ك")


@lru_cache(maxsize=30_000)
def meaning(word: str) -> tuple[str, str, bool, dict[str, Meaning]]:
    """(bare form, proclitics, has the article, meanings) of a folded word; no meanings if it is no time word."""
    table_, starts, whole = cues(), month_starts(), functions()

    def known(form: str) -> bool:
        return form in table_ or form in starts or form in whole

    prefix, rest = "", word
    for _ in range(3):
        if known(rest):
            return rest, prefix, False, table_.get(rest, NOTHING)
        if rest.startswith("ال") and known(rest[2:]):
            return rest[2:], prefix, True, table_.get(rest[2:], NOTHING)
        if rest.startswith("لل") and known(rest[2:]):
            return rest[2:], prefix + "ل", True, table_.get(rest[2:], NOTHING)
        if len(rest) > 3 and rest[0] in PROCLITICS:
            prefix, rest = prefix + rest[0], rest[1:]
        else:
            break
    return word, "", False, NOTHING


# A month or weekday glued to the adjective after it ("آذارالماضي") is a common fault: it is cut before the adjective.
TOKEN = re.compile(r"\d+|[^\W\d_]{3,}?(?=(?:الماضي|الماضيه|الجاري|المقبل|الحالي)\b)|[^\W\d_]+|[^\w\s]|_")


def tokenise(folded: str) -> tuple[Token, ...]:
    """Tokens of a folded text, each with what it may mean in a time expression."""
    found = []
    for match in TOKEN.finditer(folded):
        text = match.group()
        start, end = match.span()
        if text.isalpha():
            bare, prefix, definite, cats = meaning(text)
            found.append(Token(start, end, text, "w", bare, prefix, definite, cats))
        else:
            found.append(Token(start, end, text, "n" if "0" <= text[0] <= "9" else "p", text, "", False, NOTHING))
    return tuple(found)
