"""Whether two writings of a person's name are the same name.

Spelling only: hamza, joined compounds (عبد الكريم / عبدالكريم, ابوسالم), undotted yeh, foreign g (غ ج ك ق گ), p and v,
vowels of known foreign names (`data/name_variants.tsv`), and Arabic against Latin letters. Different names that merely
look alike (حسن, حسين; سلمان, سليمان; جابر, غابر) stay different. Nothing here knows persons.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from itertools import zip_longest

from khabar.arabic.clitics import read_table
from khabar.arabic.folding import fold_key, is_arabic

_NO_LETTER = re.compile(r"[\W_]+")
# First parts that are written joined to what follows or apart from it.
_JOINED_FIRST = frozenset(fold_key(w) for w in ("عبد", "أبو", "أبي", "أبا", "أم", "ابن", "آل"))
_JOINED_LAST = frozenset(fold_key(w) for w in ("الله", "الدين", "الإسلام", "الحق", "الزمان", "الرحمن", "النصر"))
_LATIN_IN_ARABIC = str.maketrans(
    {"پ": "ب", "چ": "ج", "ژ": "ز", "ڤ": "ف", "گ": "غ", "ڨ": "غ", "ڭ": "غ", "ݣ": "غ", "ط": "ط"}
)
_FOREIGN = re.compile(r"تش|[وي]ف$|سكي|سون|بيرغ|برغ|بورغ|ينيو|يريس|يريش|فيلي|[پچڤگژ]")


@cache
def _variants() -> dict[str, str]:
    return {fold_key(r["variant"]).replace("-", ""): fold_key(r["name"]) for r in read_table("name_variants.tsv")}


def _parts(name: str) -> list[str]:
    """Folded parts; a compound (عبد الكريم, ابو سالم, نور الدين) is one part."""
    folded = fold_key(name)
    parts: list[str] = []
    glue = False
    raw = _NO_LETTER.sub(" ", folded).translate(_LATIN_IN_ARABIC).split()
    for part, following in zip_longest(raw, raw[1:], fillvalue=""):
        # Cases of ابو; but آبي أحمد is a name of its own.
        if part in ("ابي", "ابا") and following not in ("", "احمد"):
            part = "ابو"
        if parts and (glue or part in _JOINED_LAST):
            parts[-1] += part
        else:
            parts.append(part)
        glue = part in _JOINED_FIRST
    return [_part_key(p) for p in parts]


def _part_key(part: str) -> str:
    for first in ("ابي", "ابا"):
        if part.startswith(first) and len(part) > len(first) + 2 and part[3:5] == "ال":
            part = "ابو" + part[3:]
    if part == "ابن":
        return "بن"
    bare, article = (part[2:], "ال") if part.startswith("ال") and len(part) > 5 else (part, "")
    return _variants().get(part) or article + _variants().get(bare, bare)


@lru_cache(maxsize=30_000)
def name_key(name: str) -> str:
    """One string for all spellings of a name: parts joined without spaces. Empty only if the name has no letter."""
    if not any(map(str.isalpha, name)):
        return ""
    if not is_arabic(name):
        return " ".join(_latin_parts(name))
    return "".join(_parts(name))


def _g_class(part: str) -> str:
    """A foreign name with every letter that newspapers write for g made one, and q, k and kh as they are."""
    return re.sub("[غجق]", "غ", part)


def _same_part(a: str, b: str) -> bool:
    """Whether two parts are spellings of one foreign name."""
    if a == b:
        return True
    bare_a, bare_b = a.removeprefix("ال"), b.removeprefix("ال")
    if a.startswith("ال") != b.startswith("ال") or min(len(bare_a), len(bare_b)) < 5:
        return False
    a, b = bare_a, bare_b
    if _g_class(a) == _g_class(b):
        return True
    if min(len(a), len(b)) >= 6 and re.sub("ك", "غ", _g_class(a)) == re.sub("ك", "غ", _g_class(b)):
        return True
    # Only a name that sounds foreign may differ in its long vowels: زيلينسكي، زيلنسكي
    if not (_FOREIGN.search(a) and _FOREIGN.search(b)) or a[0] != b[0]:
        return False
    return re.sub("[اوي]", "", _g_class(a[1:])) == re.sub("[اوي]", "", _g_class(b[1:])) and abs(len(a) - len(b)) <= 2


def _plain_latin(name: str) -> str:
    name = name.replace("’", "").replace("'", "").replace("ʿ", "").replace("ʾ", "").replace("`", "").replace("ı", "i")
    return "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))


def _latin_parts(name: str) -> list[str]:
    parts: list[str] = []
    glue = ""
    for part in _NO_LETTER.sub(" ", _plain_latin(name)).split():
        if part in (
            "al",
            "el",
            "ul",
            "ad",
            "ar",
            "as",
            "ash",
            "at",
            "an",
            "az",
            "abd",
            "abdel",
            "abdul",
            "abu",
            "abou",
        ):
            glue += {"el": "al", "ul": "al", "abdel": "abdal", "abdul": "abdal", "abou": "abu"}.get(part, part)
            continue
        parts.append(glue + {"ibn": "bin", "ben": "bin"}.get(part, part))
        glue = ""
    return [*parts, glue] if glue else parts


_SHORT = "[aeiou]?"
# What stands in Latin letters for a folded Arabic letter; long vowels must be written, short ones may.
_SOUNDS = {
    "ب": "(?:bb?|pp?)", "ت": "tt?", "ث": "(?:th|s|t)", "ج": "(?:dj|jj?|g|dsch|zh)", "ح": "hh?", "خ": "(?:kh|ch|x|h|j)",
    "د": "dd?", "ذ": "(?:dh|th|z|d|dd)", "ر": "rr?", "ز": "(?:zz?|s)", "س": "(?:ss?|c|z)", "ش": "(?:sh|ch|sch|s)",
    "ص": "ss?", "ض": "(?:dh?|z|dd)", "ط": "tt?", "ظ": "(?:zz?|dh)", "ع": "a?", "غ": "(?:gh|gg?|rh|r)",
    "ف": "(?:ff?|v|ph)", "ق": "(?:qq?|k|gh?|ck|c)", "ك": "(?:kk?|ck|c|q|g)", "ل": "ll?", "م": "mm?", "ن": "nn?",
    "ه": "(?:h|a|e|ah|eh|t|at)?", "ء": "", "چ": "ch", "و": "(?:w|ou?|oo|u|v|aw|ow|au)",
    "ي": "(?:i|ee|ie|iy|yy|[ae]?[iy]|aii|aee|aei)",
    "ا": "(?:aa?|e)",
}  # fmt: skip


def _latin_pattern(part: str) -> str:
    """A pattern of the ways to write a folded Arabic part in Latin letters."""
    inner = part.find("ال", 2)
    if inner > 0 and (part[:inner] in _JOINED_FIRST or part[inner:] in _JOINED_LAST):  # Abdullah, Noureddine
        return f"{_latin_pattern(part[:inner])}[aeiou]{{0,2}}(?:[lrsdntz]h?)?{_latin_pattern(part[inner + 2 :])}"
    pattern = ""
    article = part.startswith("ال") and len(part) > 4
    body = part[2:] if article else part
    body = body.replace("يي", "ي")  # a hamza on yeh: رئيسي, Raisi
    if article:
        pattern = "(?:a[lrsdntz]h?|el)?"
    for i, letter in enumerate(body):
        first, last = i == 0, i == len(body) - 1
        sound = _SOUNDS.get(letter, re.escape(letter))
        if first and letter in "اعء":
            sound = "[aeiou]{1,2}" if letter == "ا" else "[aeiou]{0,2}"
        elif first and letter == "ي":
            sound = "(?:y|j|i)"
        elif last and letter == "و":
            sound = f"(?:{sound})?"
        elif last and letter == "ي":
            sound = "(?:i|y|ee|iy|ie|e)"
        closed = (letter in "اوي" and not first) or (last and letter not in "عء")
        pattern += sound + ("" if closed else _SHORT)
    return pattern


def _same_across(arabic: str, latin: str) -> bool:
    ours, theirs = _parts(arabic), _latin_parts(latin)
    if not ours or len(ours) != len(theirs):
        # A compound may be written apart in one script only.
        joined = "".join(theirs)
        return bool(ours) and re.fullmatch("".join(map(_latin_pattern, ours)), joined) is not None
    return all(re.fullmatch(_latin_pattern(a), b) for a, b in zip(ours, theirs, strict=True))


_LATIN_CLASSES = (
    ("kh", "x"), ("ch", "x"), ("gh", "g"), ("ph", "f"), ("dh", "d"), ("q", "k"), ("ou", "u"), ("oo", "u"), ("ee", "i"),
    ("ie", "i"), ("ei", "i"), ("ai", "i"), ("y", "i"), ("o", "u"), ("e", "a"),
)  # fmt: skip


def _latin_skeleton(part: str) -> str:
    part = re.sub(r"(.)\1", r"\1", part.removeprefix("al") if len(part) > 4 else part)
    for old, new in _LATIN_CLASSES:
        part = part.replace(old, new)
    # Short unstressed vowels vary (Mohamed, Muhammad), an i does not (Hassan, Hussein).
    return part[:1] + re.sub("[ua]", "", part[1:])


def same_name(a: str, b: str) -> bool:
    """Whether `a` and `b` write the same name, each in Arabic or Latin letters. Names without letters equal nothing."""
    key = name_key(a)
    if not key or not name_key(b):
        return False
    arabic_a, arabic_b = is_arabic(a), is_arabic(b)
    if arabic_a != arabic_b:
        return _same_across(a, b) if arabic_a else _same_across(b, a)
    if key == name_key(b):
        return True
    if not arabic_a:
        ours, theirs = _latin_parts(a), _latin_parts(b)
        return len(ours) == len(theirs) and all(
            _latin_skeleton(x) == _latin_skeleton(y) for x, y in zip(ours, theirs, strict=True)
        )
    ours, theirs = _parts(a), _parts(b)
    return len(ours) == len(theirs) and all(_same_part(x, y) for x, y in zip(ours, theirs, strict=True))
