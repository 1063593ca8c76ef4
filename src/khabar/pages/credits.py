"""Agency, byline and dateline of an article, from source lines, the opening of the lead and the end of the body."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from khabar.arabic import fold_key

from .cues import rows, words_of
from .datelines import dateline

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
def _countries() -> frozenset[str]:
    """What else stands in parentheses after a place: where it lies."""
    return frozenset(map(fold_key, _words("country")))


@cache
def _byline() -> re.Pattern[str]:
    opening = "|".join(re.escape(word) for word in sorted(_words("byline"), key=len, reverse=True))
    return re.compile(rf"^[\s*\-–—•]*(?:{opening})(?:\s*[:：\-–—]\s*|\s+)(.{{3,60}}?)[\s.]*$")


class _Patterns(NamedTuple):
    openings: tuple[re.Pattern[str], ...]
    unlisted: re.Pattern[str]
    at_end: re.Pattern[str]
    alone: re.Pattern[str]
    place_only: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    forms = _agencies()[1]
    when = r"(?:\s+\d{1,2}\s+[^\s()]+(?:\s+\d{4})?)?"
    return _Patterns(
        (
            re.compile(rf"^\s*(?:{_PLACE}{when}\s*[-–—،,:]?\s*)?\((?P<agency>{forms})\)\s*[-–—:]*\s*"),
            re.compile(rf"^\s*{_PLACE}{when}\s*(?:[-–—]+|/)\s*(?P<agency>{forms})\s*[-–—:/]+\s*"),
            re.compile(rf"^\s*(?P<agency>{forms})\s*[-–—/،,]\s*{_PLACE}{when}\s*[-–—:]\s"),
            re.compile(rf"^\s*(?P<agency>{forms})\s*[-–—:/]+\s(?P<place>)"),
        ),
        re.compile(
            rf"^\s*{_PLACE}{when}\s*[-–—،,:]?\s*\((?P<agency>[^\W\d_]{{2,}}(?:\s[^\W\d_]{{2,}}){{0,2}})\)\s*(?:[-–—]+|:)\s"
        ),
        re.compile(rf"[\s.\-–—(/«*]*[(/«*\-–—]\s*(?P<agency>{forms})\s*[)/».*]*\s*$"),
        re.compile(
            rf"^[\s*\-–—•(/]*(?:{_NAME}(?:\s{_NAME}){{0,2}}\s*[-–—/،]\s*)?(?P<agency>{forms})"
            r"(?:\s*[/،,+و]\s*[^.]{1,30})?[\s*)/.\-–—]*$"
        ),
        re.compile(
            rf"^\s*{_PLACE}{when}(?:\s*[-–—:،]\s*[«\"“(][^»\"”)]{{2,25}}[»\"”)]\s*[-–—:]?\s*|\s+[-–—]+\s+)(?P<next>\S+)"
        ),
    )


def find_credits(
    body: Sequence[str], source_lines: Sequence[str], byline_lines: Sequence[str], above: Sequence[str] = ()
) -> Credits:
    """Credits of an article. `body` are its paragraphs without the title, the next two the lines dropped as `source`
    and `byline`, `above` those that may be datelines with a day: dropped right above the body, and the lead. The agency
    comes by its usual name (data/agencies.tsv) or as written where it is none of them."""
    agency, place = _from_lead(body[0]) if body else (None, None)
    for line in source_lines:
        agency = agency or _from_source(line)
    if agency is None and body:
        found = _patterns().at_end.search(body[-1][-40:])
        agency = _name(found["agency"]) if found else None
    byline = None
    for line in byline_lines:
        if _byline().match(line) or not dateline(line):
            byline = byline or _from_byline(line)
    for line in above:
        found_day = dateline(line)
        if found_day is not None:
            agency = agency or (_name(found_day.agency) if found_day.agency else None)
            place = place or found_day.place
    return Credits(agency, byline, place)


def _name(form: str) -> str:
    names = _agencies()[0]
    flat = re.sub(r"\s+", " ", form)
    return names.get(flat) or next(
        (name for known, name in names.items() if known.replace(" ", "") == flat.replace(" ", "")), flat
    )


def _from_lead(lead: str) -> tuple[str | None, str | None]:
    """Agency and place that open the lead ("الرياض - واس:", "(CNN) --", "بيروت: «الحياة»", "القدس – أعلنت")."""
    for pattern in _patterns().openings:
        found = pattern.match(lead[:160])
        if found:
            place = re.sub(r"\s+\d.*", "", (found["place"] or "").strip())
            return _name(found["agency"]), place if place and place.split()[0] not in _words("said") else None
    found = _patterns().unlisted.match(lead[:160])
    if found:
        place = re.sub(r"\s+\d.*", "", found["place"].strip())
        if place.split()[0] not in _words("said"):
            return None if fold_key(found["agency"]) in _countries() else _name(found["agency"]), place
    found = _patterns().place_only.match(lead[:160])
    if found and (found["next"] in _words("said") or fold_key(found["next"]) in words_of("openers", "lead_verb")):
        place = found["place"].strip()
        return None, place if place.split()[0] not in _words("said") and len(place.split()) <= 3 else None
    return None, None


def _from_source(line: str) -> str | None:
    found = _SOURCE.match(line)
    if found:
        return _name(found[1].strip(" \"'“”«»()"))
    found = _QUOTED_SOURCE.match(line)
    if found:
        return _name(found[1].strip(" \"'“”«»()"))
    found = _patterns().alone.match(line)
    if found:
        return _name(found["agency"])
    return "واس" if re.search(r"الموافق.+\sواس\s*$", line) else None


def _from_byline(line: str) -> str | None:
    found = _byline().match(line)
    if found:
        return re.sub(r"\s+[-–—|]\s+\d.*", "", found[1]).strip(" -–—:")
    words = line.split()
    return line.strip(" -–—:.") if 2 <= len(words) <= 9 and not line.endswith(":") else None
