"""Words of the pages in Arabic and English: `data/words.tsv`, the labels of `khabar.show` for codes, and
`data/messages.tsv` for what the program says in English when it refuses something."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from typing import get_args

from khabar.show.labels import Language, labels

LANGUAGES: tuple[Language, ...] = get_args(Language)


@cache
def words() -> dict[str, dict[Language, str]]:
    """Key -> language -> words."""
    text = files("khabar.web").joinpath("data", "words.tsv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return {row["key"]: {"ar": row["ar"], "en": row["en"]} for row in rows}


def word(key: str, language: Language) -> str:
    """The words for a key or a code; the key itself where there are none."""
    if key in words():
        return words()[key][language]
    known = labels().get(key)
    return key if known is None else known.ar if language == "ar" else known.en


def counted(key: str, n: int, language: Language, **more: int) -> str:
    """A number with its noun: the forms of a key, parted by |, are for 1, 2, 3 to 10, 11 to 99, and hundreds in Arabic
    (by the last two digits, as CLDR has them), for 1 and others in English; one form alone is for all. `more` are
    other numbers in it."""
    forms = word(key, language).split("|")
    if len(forms) == 1:
        form = forms[0]
    elif language == "en":
        form = forms[0 if n == 1 else 1]
    elif n in (1, 2):
        form = forms[n - 1]
    else:
        form = forms[2 if 3 <= n % 100 <= 10 else 3 if n % 100 >= 11 else 4]
    return form.format(n=f"{n:,}", **{name: f"{number:,}" for name, number in more.items()})


@cache
def _messages() -> list[tuple[re.Pattern[str], str]]:
    """Patterns of messages, `{}` standing for any words, and the Arabic with those words' numbers."""
    text = files("khabar.web").joinpath("data", "messages.tsv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [(re.compile("(.+?)".join(map(re.escape, row["en"].split("{}"))), re.DOTALL), row["ar"]) for row in rows]


def told(message: str, language: Language) -> str:
    """A message of the program in the reader's language; as it is where no words are known for it."""
    if language == "ar":
        for pattern, arabic in _messages():
            if found := pattern.fullmatch(message):
                return arabic.format(*(re.sub(r"^(['\"])(.*)\1$", r"«\2»", said) for said in found.groups()))
    return message


def mode_word(mode: str, language: Language) -> str:
    """The words for a mode."""
    return word(f"mode_{mode}", language).removeprefix("mode_")


def types_css() -> str:
    """A class for each type that sets its hue."""
    return "".join(f".ty-{key}{{--h:{label.hue}}}\n" for key, label in labels().items() if label.hue)
