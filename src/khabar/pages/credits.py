"""Agency, byline and dateline of an article, from source lines, the opening of the lead and the end of the body."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from .cues import rows

_SOURCE = re.compile(r"^[\s*\-–—•]*(?:ال)?(?:مصدر|مصادر)\s*[:：]\s*(.{1,60}?)[\s.*]*$")
_QUOTED_SOURCE = re.compile(r"^[\s*\-–—•]*نقل(?:ا|اً)\s+عن\s*[:\"“«']?\s*(.{2,40}?)[\"”»']?(?:\s+\S+)?[\s.*]*$")
_NAME = r"[^\s()\[\]،,.:؛\-–—/]+"
_PLACE = rf"(?P<place>{_NAME}(?:\s{_NAME}){{0,2}}(?:\s?[،,/]\s?{_NAME}(?:\s{_NAME}){{0,3}}){{0,2}})"


class Credits(NamedTuple):
    """Who made the text: all None where the page does not say."""

    agency: str | None = None
    byline: str | None = None
    dateline: str | None = None


@cache
def _agencies() -> tuple[dict[str, str], str]:
    """Form to name, and an alternation of all forms, the longest first."""
    names = {form: row[0] for row in rows("agencies") for form in row[1].split("|")}
    forms = sorted(names, key=len, reverse=True)
    return names, "|".join(re.escape(form).replace(r"\ ", r"\s?") for form in forms)


@cache
def _words(kind: str) -> tuple[str, ...]:
    return next(tuple(row[1].split("|")) for row in rows("credits") if row[0] == kind)


@cache
def _byline() -> re.Pattern[str]:
    opening = "|".join(re.escape(word) for word in sorted(_words("byline"), key=len, reverse=True))
    return re.compile(rf"^[\s*\-–—•]*(?:{opening})(?:\s*[:：\-–—]\s*|\s+)(.{{3,60}}?)[\s.]*$")


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    forms = _agencies()[1]
    in_brackets = re.compile(rf"^\s*(?:{_PLACE}\s*[-–—،,:]?\s*)?\((?P<agency>{forms})\)\s*[-–—:]*\s*")
    after_dash = re.compile(rf"^\s*{_PLACE}\s*(?:[-–—]+|/)\s*(?P<agency>{forms})(?:\s*[-–—:/]+\s|\s*[-–—:]\s*)")
    at_end = re.compile(rf"[\s.\-–—(/«*]*[(/«*\-–—]\s*(?P<agency>{forms})\s*[)/».*]*\s*$")
    alone = re.compile(
        rf"^[\s*\-–—•(/]*(?:{_NAME}(?:\s{_NAME}){{0,2}}\s*[-–—/،]\s*)?(?P<agency>{forms})(?:\s*[/،,+و]\s*[^.]{{1,30}})?[\s*)/.\-–—]*$"
    )
    return in_brackets, after_dash, at_end, alone


def find_credits(body: Sequence[str], source_lines: Sequence[str], byline_lines: Sequence[str]) -> Credits:
    """Credits of an article. `body` are its paragraphs without the title, the other two the lines dropped as `source`
    and `byline`. The agency comes by its usual name (data/agencies.tsv) or as written where it is none of them."""
    agency, dateline = _from_lead(body[0]) if body else (None, None)
    for line in source_lines:
        agency = agency or _from_source(line)
    if agency is None and body:
        found = _patterns()[2].search(body[-1][-40:])
        agency = _name(found["agency"]) if found else None
    byline = None
    for line in byline_lines:
        byline = byline or _from_byline(line)
    return Credits(agency, byline, dateline)


def _name(form: str) -> str:
    names = _agencies()[0]
    flat = re.sub(r"\s+", " ", form)
    return names.get(flat) or next(
        (name for known, name in names.items() if known.replace(" ", "") == flat.replace(" ", "")), flat
    )


def _from_lead(lead: str) -> tuple[str | None, str | None]:
    in_brackets, after_dash, _, _ = _patterns()
    for pattern in (in_brackets, after_dash):
        found = pattern.match(lead[:160])
        if found:
            place = found["place"]
            return _name(found["agency"]), place.strip() if place and place.split()[0] not in _words("said") else None
    return None, None


def _from_source(line: str) -> str | None:
    found = _SOURCE.match(line)
    if found:
        return _name(found[1].strip(" \"'“”«»()"))
    found = _QUOTED_SOURCE.match(line)
    if found:
        return _name(found[1].strip(" \"'“”«»()"))
    found = _patterns()[3].match(line)
    if found:
        return _name(found["agency"])
    return "واس" if re.search(r"الموافق.+\sواس\s*$", line) else None


def _from_byline(line: str) -> str | None:
    found = _byline().match(line)
    if found:
        return found[1].strip(" -–—:")
    words = line.split()
    return line.strip(" -–—:.") if 2 <= len(words) <= 9 and not line.endswith(":") else None
