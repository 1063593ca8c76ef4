"""Folding of Arabic spelling, with a map back to the source, and cleaning for the eye.

`fold` makes spellings that a reader takes for the same word equal: presentation forms and ligatures (NFKC of the blocks
U+FB50–FDFF and U+FE70–FEFF), hamza and alef forms, alef maqsura, ta marbuta, Persian letters, digits, tatweel, vowel
marks, zero-width and bidi controls, white space. One `str.translate` does it, so it costs about as much as a copy.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

# Arabic combining marks (harakat, hamza and madda above and below, Quranic signs). The mark U+0654 and its like are
# outside U+0300–036F, so a rule for "combining diacriticals" misses them.
_MARK_RANGES = (
    (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670), (0x06D6, 0x06DC), (0x06DF, 0x06E4), (0x06E7, 0x06E8),
    (0x06EA, 0x06ED), (0x0898, 0x089F), (0x08CA, 0x08E1), (0x08E3, 0x08FF),
)  # fmt: skip
MARKS = "".join(chr(c) for low, high in _MARK_RANGES for c in range(low, high + 1))
TATWEEL = "\u0640"
_LETTERS = {
    "ا": "أإآٱٲٳٵ" + "".join(map(chr, (*range(0x0870, 0x0883),))),
    "ي": "ىئیېۍےۓؽؾؿێ\u0678\u0620\u08a8\u08a9",
    "و": "ؤٶٷۄۆۇۈۉۋ",
    "ه": "ةہھۀەۂۃ\u06ff",
    "ك": "کڪګ\u063b\u063c\u06ac",
    "ء": "ٴ",
}


# Where characters stand that repair or folding replaces. To walk through all of Unicode takes a twentieth of a second,
# before the first article; a test does.
_BLOCKS = (
    range(0x0900), range(0x115F, 0x1160), range(0x1680, 0x1681), range(0x180B, 0x180F), range(0x2000, 0x2070),
    range(0x3000, 0x3001), range(0xFB50, 0x10000), range(0x1D173, 0x1D17B), range(0xE0000, 0xE01F0),
)  # fmt: skip


def _is_invisible(char: str) -> bool:
    """Format and control characters and variation selectors that are no white space."""
    return not char.isspace() and (
        unicodedata.category(char) in ("Cf", "Cc") or 0xFE00 <= ord(char) <= 0xFE0F or char in "\u034f\ufffc\u115f"
    )


def _is_presentation(code: int) -> bool:
    return 0xFB50 <= code <= 0xFDFF or 0xFE70 <= code <= 0xFEFC or 0xFF00 <= code <= 0xFFEF


@cache
def _repairs() -> dict[int, str]:
    """What `clean_text` replaces character by character: presentation forms, invisible characters."""
    table: dict[int, str] = {}
    for code in chain(*_BLOCKS):
        char = chr(code)
        if _is_invisible(char):
            table[code] = ""
        elif _is_presentation(code):
            # A free-standing mark (U+FE70, U+FC5E) decomposes into space + mark: the space was never written.
            plain = unicodedata.normalize("NFKC", char)
            plain = plain.lstrip() if plain.strip(MARKS + " ") == "" and not char.isspace() else plain
            if plain != char:
                table[code] = plain
    return table


@cache
def _folds() -> dict[int, str]:
    """What `fold` replaces character by character."""
    table = {ord(variant): letter for letter, variants in _LETTERS.items() for variant in variants}
    table |= {ord(mark): "" for mark in MARKS} | {ord(TATWEEL): ""}
    table |= {base + digit: str(digit) for base in (0x0660, 0x06F0) for digit in range(10)}
    table |= {code: " " for code in chain(*_BLOCKS) if chr(code).isspace()}
    table |= {code: plain.translate(table) for code, plain in _repairs().items()}
    return table


@cache
def _uneven() -> re.Pattern[str]:
    """Finds what shifts offsets: characters that vanish or become several, and white space beside white space."""
    one_to_one = (code for code, plain in _folds().items() if len(plain) != 1)
    return re.compile("[" + "".join(re.escape(chr(code)) for code in one_to_one) + r"]|\s{2,}")


class Folded(NamedTuple):
    """A folded text; `offsets[i]` is where in the source the folded character i stands, one more at the end.

    `len(offsets) == len(text) + 1`, the last is the length of the source; offsets never fall.
    """

    text: str
    offsets: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The source span (end exclusive) of the folded span; marks on its last letter belong to it."""
        if start >= end:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], max(self.offsets[end], self.offsets[end - 1] + 1)


_SPACES = re.compile(r"\s{2,}")


@lru_cache(maxsize=256)  # the rooms fold the same paragraphs of an article one after another
def fold(text: str) -> Folded:
    """`text` folded, with the offsets of its characters in the source. Total; the fold of a fold is itself."""
    table = _folds()
    chars: list[str] = []
    offsets: list[int] = []
    done = 0
    spaced = False  # whether what was written last is a space: another one after it is dropped

    def plain(start: int, end: int) -> None:
        """Characters that keep their number."""
        nonlocal spaced
        if spaced and text[start].isspace():
            start += 1
        if start < end:
            piece = text[start:end].translate(table)
            chars.append(piece)
            offsets.extend(range(start, end))
            spaced = piece[-1] == " "

    for match in _uneven().finditer(text):
        start, end = match.span()
        if start > done:
            plain(done, start)
        for char in " " if end > start + 1 else table.get(ord(text[start]), text[start]):
            if char == " " and spaced:
                continue
            spaced = char == " "
            chars.append(char)
            offsets.append(start)
        done = end
    if done < len(text):
        plain(done, len(text))
    offsets.append(len(text))
    return Folded("".join(chars), tuple(offsets))


def _fold_text(text: str) -> str:
    return _SPACES.sub(" ", text.translate(_folds()))


# As every memory of words here: 30,000 hold nearly all that a newspaper says twice, and an endless stream of pages with
# ever new names stays within some 100 MB.
_fold_short = lru_cache(maxsize=30_000)(_fold_text)


def fold_key(text: str) -> str:
    """The folded string alone: `fold(text).text`, cached for words and short phrases."""
    return _fold_short(text) if len(text) <= 64 else _fold_text(text)


def plain_letters(text: str) -> str:
    """`text` without invisible characters and with presentation forms as plain letters; spaces and lines untouched."""
    return text.translate(_repairs())


_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[ \n]*")
# Tatweel between two letters only stretches the word; at its end it is kept (`هـ` Hijri, `لـ"حماس"`).
_STRETCH = re.compile(rf"(?<=[^\W\d_]){TATWEEL}+(?=[^\W\d_])")
_LONG_TATWEEL = re.compile(f"{TATWEEL}{{2,}}")


def clean_text(text: str) -> str:
    """What a reader should see: no controls, zero-width or bidi characters, presentation forms and ligatures as plain
    letters, composed hamza, one space between words, no stretching. Letters, vowel marks and lines are kept."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    text = unicodedata.normalize("NFC", text.translate(_repairs()))
    text = _LONG_TATWEEL.sub(TATWEEL, _STRETCH.sub("", text))
    return _LINES.sub("\n", _BLANKS.sub(" ", text)).strip()


_ANY_MARK = re.compile(f"{TATWEEL}?[{MARKS}]")


def strip_marks(text: str) -> str:
    """`text` without vowel marks, dagger alef and Quranic signs; letters with hamza stay (composed first)."""
    return _ANY_MARK.sub("", unicodedata.normalize("NFC", text))


_ARABIC_LETTER = re.compile("[\u0620-\u063f\u0641-\u064a\u066e-\u06d3\u06ee-\u06fc\ufb50-\ufdfb\ufe80-\ufefc]")


def is_arabic(text: str) -> bool:
    """Whether any letter of `text` is of the Arabic script (of whatever language)."""
    return _ARABIC_LETTER.search(text) is not None
