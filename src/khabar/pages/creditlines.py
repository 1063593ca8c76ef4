"""Lines that are nothing but a credit: "أنقرة/ الأناضول", "المصدر: صحيفة …", "هسبريس من الرباط", "بيروت - ليلى حداد".

A sentence of the article must never be one: every part of the line has to be a name that is known for what it is; only
next to the title, among lines that are left out anyway, is one unknown name taken for what its place in the line says.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import NamedTuple

from khabar.arabic import fold_key

from .credit_names import agency_name, credit_words, is_person, kind_of, verbs_of_saying
from .cues import find_cue, words_of

_LONGEST = 80  # characters of a credit
_MOST_WORDS = 10
_NAME_WORDS = 6  # of a source
_WRITER_WORDS = (2, 4)
_SIGNED = 3  # lines after the body
_EDGES = " \t*•-–—«»\"“”'()[]/.:،,"
_PARTS = re.compile(r"\s+[-–—ـ]+\s*|\s*[-–—]+\s+|\s*[()\[\]|•/+،,]\s*|\s*:\s+")
_FROM = re.compile(r"^(\S+(?:\s\S+){0,2})\s+من\s+(\S+(?:\s\S+){0,2})$")
_HIJRI = re.compile(r"^\S+(?:\s\S+){0,2}\s\d{1,2}\s.{4,20}\d{4}\s?ه.{0,6}الموافق.{6,25}\d{4}")
_QUOTED = re.compile(r"^([^:«\"“]{2,20}?)\s*[:،\-–—]\s*[«\"“]([^\s»\"”]{2,20})[»\"”][\s:.\-–—]*$")  # "لندن: «المرفأ»"
_BRACKETS = re.compile(r"^[\s\-–—*]*[(/\[].*[)/\]][\s.]*$")
_PUBLISHERS = frozenset(("agency", "common", "outlet", "masthead"))
_RELABELLED = frozenset(("menu", "teaser", "byline", "caption", "heading", "read_also"))


class CreditLine(NamedTuple):
    """Who made the text and from where, as one line tells it."""

    agency: str | None = None
    writer: str | None = None
    place: str | None = None

    @property
    def reason(self) -> str:
        """Why such a line is no text of the article."""
        return "byline" if self.writer else "source"


class _Part(NamedTuple):
    name: str
    kind: str | None

    @property
    def size(self) -> int:
        return self.name.count(" ") + 1


def credit_parts(text: str) -> list[str]:
    """The names of a line, taken apart at its dashes, slashes, commas, bars and brackets."""
    parts: list[str] = []
    for raw in _PARTS.split(text.strip(_EDGES)):
        first, dash, last = raw.strip(_EDGES).partition("-")
        close = dash and last and kind_of(first) in _PUBLISHERS  # "بي بي سي-عمان"
        parts += [first, last] if close else [raw.strip(_EDGES)]
    return [part for part in parts if part]


def credit_line(text: str, own: Collection[str] = (), *, near: bool = False) -> CreditLine | None:
    """The credit that a line is as a whole, None for any other line. `own` are names of the page's outlet; `near`: the
    line stands between title and body and is no text of the article, whatever it says."""
    if len(text) > _LONGEST or text.rstrip()[-1:] in ("؟", "?", "!", "…", ":"):
        return None
    core = text.strip(_EDGES)
    if len(core) <= 60 and _HIJRI.match(fold_key(text)):  # how the Saudi agency signs: place, both days, its name
        last = core.split()[-1]
        return CreditLine(agency_name(last) if kind_of(last) == "agency" else None)
    if core.count(" ") >= _MOST_WORDS:
        return None
    pair = _FROM.match(core)
    if pair:
        first, second = (_Part(name, kind_of(name, own)) for name in pair.groups())
        told = first.kind in ("agency", "outlet") and second.kind == "place"  # "الحياة من غزة" is a headline
        return _told([first, second]) if told else None
    parts = [_Part(name, kind_of(name, own)) for name in credit_parts(text)]
    unknown = [number for number, part in enumerate(parts) if part.kind is None]
    if not parts or len(unknown) > 1:
        return None
    closed = text.rstrip().endswith(".")
    if near and (quoted := _QUOTED.match(text.strip())) and kind_of(quoted[1]) == "place":
        return CreditLine(agency_name(quoted[2]), None, quoted[1])
    if unknown:
        return None if closed else _with_unknown(parts, unknown[0], near=near, slash="/" in text)
    return _told(parts) if _of_known(parts, near=near, bracketed=bool(_BRACKETS.match(text))) else None


def _of_known(parts: Sequence[_Part], *, near: bool, bracketed: bool) -> bool:
    """Whether known names make a credit together."""
    kinds = {part.kind for part in parts}
    beside = bool(kinds & {"place", "own_work"})
    if "agency" in kinds:
        return True
    if "common" in kinds:
        return "place" in kinds or (len(parts) == 1 and bracketed)
    if "outlet" in kinds:
        return beside or (near and len(parts) > 1)
    return "masthead" in kinds and near and parts[0].kind in ("place", "own_work")  # "الأخبار / بغداد" is a menu


def _with_unknown(parts: Sequence[_Part], number: int, *, near: bool, slash: bool) -> CreditLine | None:
    """The credit of a line with one unknown name: beside an agency any; next to the title a writer's beside a place or
    publisher, and after a city and a slash the agency's ("بغداد/ واحة")."""
    part = parts[number]
    rest = [other for other in parts if other is not part]
    kinds = {other.kind for other in rest}
    if near and is_person(part.name) and kinds & (_PUBLISHERS | {"place"}):
        return _told(rest)._replace(writer=part.name)
    if parts[0].kind == "agency" and part.size <= 4:
        return _told(rest)
    if near and part.size == 1 and number == 0 and "agency" in kinds:
        told = _told(rest)  # a town that no table knows
        return told if told.place or told.agency in credit_words("generic") else told._replace(place=part.name)
    if near and slash and len(parts) == 2 and number == 1 and parts[0].kind == "place" and part.size == 1:
        return CreditLine(part.name, None, parts[0].name)
    return None


def _told(parts: Sequence[_Part]) -> CreditLine:
    """What known names say: of several publishers the agency counts, of several places the first, before a country."""

    def first(*kinds: str) -> str | None:
        return next((part.name for kind in kinds for part in parts if part.kind == kind), None)

    agency = first("agency", "common", "outlet", "masthead")
    return CreditLine(agency_name(agency) if agency else None, None, first("place", "country"))


@cache
def _source() -> re.Pattern[str]:
    heads = sorted(credit_words("source"), key=len, reverse=True)
    return re.compile(
        rf"^[\W_]*(?P<head>{'|'.join(map(re.escape, heads))})(?:(?P<mark>\s*(?:[:：|/]|[-–—](?=\s)))\s*|\s+|(?=[\"“«]))"
        r"(?P<open>[\"“«])?(?P<name>[^\"”»]{2,60})(?:[\"”»]\s*(?P<after>\S+)?)?[\W_]*$"
    )


def source_name(line: str, own: Collection[str] = ()) -> str | None:
    """The source that a line names after "source", "quoted from" or the like; None where a sentence follows instead."""
    found = _source().match(line)
    if found is None:
        return None
    name = found["name"].strip(_EDGES)
    if not name or not is_name(name):
        return None
    quoting = found["head"].endswith("عن")
    if not quoting and found["mark"] is None:
        return None
    if found["head"] == "عن" and kind_of(name, own) not in ("agency", "outlet"):
        return None  # "عن" opens sentences and headlines too
    return agency_name(name)


def is_credit(line: str, own: Collection[str] = (), *, last: bool = False) -> bool:
    """Whether a closed line with a credit's cue is one, and no sentence that opens with the same words: what follows is
    a name that is known, or at least looks like one and no body comes after it (`last`)."""
    name = source_name(line, own)
    if name is None:
        opened = _writer().match(line)
        name = opened[1].strip(_EDGES) if opened and not line.rstrip().endswith(":") else None
        if name is None or not is_name(name):
            return opened is None and _source().match(line) is None
        if re.match(r"[^:：]{2,25}[:：]", line) and _WRITER_WORDS[0] <= len(name.split()) <= _WRITER_WORDS[1]:
            return True
    return last or is_person(name) or kind_of(name, own) is not None


@cache
def _writer() -> re.Pattern[str]:
    words = sorted(credit_words("byline"), key=len, reverse=True)
    return re.compile(rf"^[\s*\-–—•]*(?:{'|'.join(map(re.escape, words))})(?:\s*[:：\-–—]\s*|\s+)(.+)$")


def is_name(text: str) -> bool:
    """Whether some words may be a name: few, none of them a function word or a verb that opens leads."""
    words = fold_key(text).lower().split()
    verbs = words_of("openers", "lead_verb") | verbs_of_saying()
    return (
        0 < len(words) <= _NAME_WORDS
        and not set(words) & words_of("openers", "stop")
        and words[0] not in verbs
        and not re.search(r"[.؟?!؛]\s", text)
    )


def signature(lines: Sequence[str], after: int) -> range:
    """The lines right after the body in which it may be signed: up to the head of a list."""
    stop = min(after + _SIGNED, len(lines))
    return range(after, next((n for n in range(after, stop) if find_cue(lines[n]) is not None), stop))


def relabel(
    lines: Sequence[str], labels: Sequence[str | None], numbers: Iterable[int], own: Collection[str]
) -> dict[int, str]:
    """Reasons of those dropped lines next to title or end of the body that are credits, by their number."""
    found = {}
    for number in numbers:
        if labels[number] in _RELABELLED and find_cue(lines[number]) is None:
            told = credit_line(lines[number], own, near=True)
            if told is not None:
                found[number] = told.reason
            elif source_name(lines[number], own) is not None:
                found[number] = "source"
    return found
