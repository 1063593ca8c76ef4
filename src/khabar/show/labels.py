"""Words and colours in which articles are shown."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

Language = Literal["ar", "en"]


class Label(NamedTuple):
    """A code's words; types also have a colour of the terminal and a hue (degrees) for pages."""

    ar: str
    en: str
    colour: str
    hue: str


@cache
def labels() -> dict[str, Label]:
    """Key -> label, from `data/labels.tsv`."""
    text = files("khabar.show").joinpath("data", "labels.tsv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE, restval="")
    return {r["key"]: Label(r["ar"], r["en"], r["colour"], r["hue"]) for r in rows}


def word(key: str, language: Language) -> str:
    """The word for a key; the key itself where none is known."""
    known = labels().get(key)
    return key if known is None else known.ar if language == "ar" else known.en


def colour(type_: str) -> str:
    """The terminal colour of a type."""
    known = labels().get(type_)
    return known.colour if known and known.colour else "white"
