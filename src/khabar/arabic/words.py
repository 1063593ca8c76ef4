"""Words, tokens and sentences of Arabic text, with offsets (code points, end exclusive)."""

from __future__ import annotations

import re
from typing import NamedTuple

from khabar.arabic.folding import MARKS

EDGE = "\"'«»“”‘’()[]{}.,،؛;:؟?!…-–—/\\"
_RUN = re.compile(r"\S+")


class Word(NamedTuple):
    """A run between white space without punctuation at its edges: `text == source[start:end]`."""

    start: int
    end: int
    text: str


def words(text: str) -> list[Word]:
    """The words of `text` in order; clitics stay on the word. The rule is the one of the written coding form."""
    found = []
    for run in _RUN.finditer(text):
        raw = core = run[0]
        start = run.start()
        if raw[0] in EDGE or raw[-1] in EDGE:
            start += len(raw) - len(raw.lstrip(EDGE))
            core = raw.strip(EDGE)
        if core:
            found.append(Word(start, start + len(core), core))
    return found


_LETTER = rf"(?:[^\W\d_]|[{MARKS}ـ\u200c\u200d])"
_TOKEN = re.compile(
    r"https?://\S+?(?=[.,،؛;:؟?!)»\"”]*(?:\s|$))|www\.\S+?(?=[.,،؛;:؟?!)»\"”]*(?:\s|$))"
    r"|[^\s@]+@[^\s@]+\.[A-Za-z]+"
    r"|\d+(?:[.,٫٬،:/]\d+)*"
    rf"|\#?{_LETTER}(?:{_LETTER}|[\d_]|['’-](?=[A-Za-z]))*"
    r"|\.{2,}|[!؟?]{2,}|\S"
)


def tokens(text: str) -> list[Word]:
    """Words, numbers, addresses and punctuation marks, each a token of its own (`العاصمة` and `.`)."""
    return [Word(m.start(), m.end(), m[0]) for m in _TOKEN.finditer(text)]


_CLOSING = "\"»”’')]}"
_STOP = re.compile(rf"(?P<mark>[.!?؟۔…]+)(?P<close>[{re.escape(_CLOSING)}]*)")
_LEFT = re.compile(rf"(?:{_LETTER}|\d)+$")
_INITIALS = re.compile(r"(?:^|[\s(«\"])[وفبلك]?(?:\w\.\s?){3,}$")
# Titles before a name and other short forms of more than one letter that end in a stop.
_ABBREVIATIONS = frozenset(("Mr", "Mrs", "Ms", "Dr", "St", "Prof", "Gen", "Lt", "Col", "Sen", "No", "vs", "Inc", "Jr"))


def _ends(text: str, match: re.Match[str], floor: int) -> bool:
    """Whether the stop ends a sentence that began at `floor`."""
    mark, close, after = match["mark"], match["close"], text[match.end() : match.end() + 1]
    if not after:
        return True
    if mark == "..":  # a dash of Egyptian headlines
        return False
    left = _LEFT.search(text, floor, match.start())
    word = left[0] if left else ""
    if mark != ".":
        # A question inside quotation marks goes on: «أين؟» سأل
        return after.isspace() and not (close and mark[-1] in "!?؟")
    letters = word.strip(MARKS + "ـ")
    single = len(letters) == 1 and letters.isalpha()
    if single or (len(letters) == 2 and letters[0] == "و" and letters[1] in "داأم"):
        before = text[floor : left.start() if left else floor].rstrip()
        dated = letters in ("م", "ه") and before[-1:].isdigit()  # «1445 هـ.»
        if not (dated or _INITIALS.search(text, floor, match.end())) or not after.isspace():
            return False
    if word in _ABBREVIATIONS:
        return False
    if word.isdigit() and not text[floor : left.start() if left else floor].strip():
        return False  # the number of a list item
    if after.isspace():
        return True
    if close:
        return after.isalpha() and not after.isascii()
    # No space after the stop: two sentences if Arabic letters follow and the next word is no initial.
    following = re.compile(rf"{_LETTER}+").match(text, match.end())
    return bool(
        word and not (word.isascii() and word.isalpha()) and following and not following[0][0].isascii()
        and len(following[0].strip(MARKS)) > 1
    )  # fmt: skip


def sentences(text: str) -> list[tuple[int, int]]:
    """Offsets of the sentences, without the white space around them; lines are never joined."""
    found: list[tuple[int, int]] = []
    start = 0

    def close(end: int) -> None:
        nonlocal start
        piece = text[start:end]
        if piece.strip():
            left = start + len(piece) - len(piece.lstrip())
            found.append((left, left + len(piece.strip())))
        start = end

    for match in re.finditer(rf"\n+|{_STOP.pattern}", text):
        if match[0][0] == "\n" or _ends(text, match, start):
            close(match.end())
    close(len(text))
    return found
