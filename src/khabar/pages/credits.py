"""Agency, byline and dateline of an article, from source lines, the opening of the lead and the end of the body."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cache
from typing import NamedTuple

from khabar.arabic import fold_key

from .credit_names import agency_name, agency_pattern, credit_words, kind_of, verbs_of_saying
from .creditlines import CreditLine, credit_line, credit_parts, source_name
from .cues import words_of
from .datelines import dateline

_NAME = r"[^\s()\[\]،,.:؛\-–—/]+"
_PLACE = rf"(?P<place>{_NAME}(?:\s{_NAME}){{0,2}}(?:\s?[،,/]\s?{_NAME}(?:\s{_NAME}){{0,3}}){{0,2}})"


class Credits(NamedTuple):
    """Who made the text: all None where the page does not say."""

    agency: str | None = None
    byline: str | None = None
    dateline: str | None = None


@cache
def _countries() -> frozenset[str]:
    """What else stands in parentheses after a place: where it lies."""
    return frozenset(map(fold_key, credit_words("country")))


@cache
def _byline() -> re.Pattern[str]:
    opening = "|".join(re.escape(word) for word in sorted(credit_words("byline"), key=len, reverse=True))
    return re.compile(rf"^[\s*\-–—•]*(?:{opening})(?:\s*[:：\-–—]\s*|\s+)(.{{3,60}}?)[\s.]*$")


class _Patterns(NamedTuple):
    openings: tuple[re.Pattern[str], ...]
    unlisted: re.Pattern[str]
    at_end: re.Pattern[str]
    place_only: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    forms, rare = agency_pattern(), agency_pattern(rare=True)
    when = r"(?:\s+\d{1,2}\s+[^\s()]+(?:\s+\d{4})?)?"
    return _Patterns(
        (
            re.compile(rf"^\s*(?:{_PLACE}{when}\s*[-–—،,:]?\s*)?\((?P<agency>{forms})\)\s*[-–—:]*\s*"),
            re.compile(rf"^\s*{_PLACE}{when}\s*(?:[-–—]+|/)\s*(?P<agency>{forms})\s*[-–—:/]+\s*"),
            re.compile(rf"^\s*(?P<agency>{rare})\s*[-–—/،,]\s*{_PLACE}{when}\s*[-–—:]\s"),
            re.compile(rf"^\s*(?P<agency>{rare})\s*[-–—:/]+\s(?P<place>)"),
        ),
        re.compile(
            rf"^\s*{_PLACE}{when}\s*[-–—،,:]?\s*\((?P<agency>[^\W\d_]{{2,}}(?:\s[^\W\d_]{{2,}}){{0,2}})\)\s*(?:[-–—]+|:)\s"
        ),
        re.compile(rf"(?:[(/]\s*(?P<inside>{forms})\s*[)/]|[(/«*\-–—]\s*(?P<agency>{rare})\s*[)/»*]*)[\s.*]*$"),
        re.compile(
            rf"^\s*{_PLACE}{when}(?:\s*[-–—:،]\s*[«\"“(][^»\"”)]{{2,25}}[»\"”)]\s*[-–—:]?\s*|\s+[-–—]+\s+)(?P<next>\S+)"
        ),
    )


def find_credits(
    body: Sequence[str],
    source_lines: Sequence[str],
    byline_lines: Sequence[str],
    above: Sequence[str] = (),
    own: Collection[str] = (),
) -> Credits:
    """Credits of an article. `body` are its paragraphs without the title, the next two the lines dropped as `source`
    and `byline`, `above` those that may be datelines with a day: dropped right above the body, and the lead; `own` the
    names of its outlet. The agency comes by its usual name (data/agencies.tsv) or as written where it is none of
    them."""
    agency, place = _from_lead(body[0]) if body else (None, None)
    byline: str | None = None
    lines = [told for line in source_lines if (told := _from_source(line, own)) is not None]
    if agency is None and body and not any(told.agency for told in lines):
        found = _patterns().at_end.search(body[-1][-40:])
        agency = agency_name(found["inside"] or found["agency"]) if found else None
    lines += [told for line in byline_lines if (told := _from_byline(line, own)) is not None]
    for line in above:
        day = dateline(line, own)
        if day is not None:
            lines.append(CreditLine(agency_name(day.agency) if day.agency else None, day.writer, day.place))
    for told in lines:
        agency, byline, place = agency or told.agency, byline or told.writer, place or told.place
    return Credits(agency, byline, place)


def _from_lead(lead: str) -> tuple[str | None, str | None]:
    """Agency and place that open the lead ("الرياض - واس:", "(CNN) --", "بيروت: «الحياة»", "القدس – أعلنت")."""
    for pattern in _patterns().openings:
        found = pattern.match(lead[:160])
        if found:
            return agency_name(found["agency"]), _lead_place(found["place"] or "")
    found = _patterns().unlisted.match(lead[:160])
    if found and (place := _lead_place(found["place"])) is not None:
        return None if fold_key(found["agency"]) in _countries() else agency_name(found["agency"]), place
    found = _patterns().place_only.match(lead[:160])
    verbs = verbs_of_saying() | words_of("openers", "lead_verb")
    if found and fold_key(found["next"]) in verbs:
        place = _lead_place(found["place"])
        return None, place if place and len(place.split()) <= 3 else None
    return None, None


def _lead_place(words: str) -> str | None:
    """The place before an agency or a verb, without the day beside it; None where it is a verb itself."""
    place = re.sub(r"\s+\d.*", "", words.strip()).rstrip(" -–—/،,")
    return place if place and fold_key(place.split()[0]) not in verbs_of_saying() else None


def _from_source(line: str, own: Collection[str]) -> CreditLine | None:
    name = source_name(line, own)
    return CreditLine(name) if name else credit_line(line, own, near=True)


def _from_byline(line: str, own: Collection[str]) -> CreditLine | None:
    """The writer of a line left out as a byline, and what stands beside the name ("بقلم: سامي خليل | بيروت")."""
    found = _byline().match(line)
    if found is None:
        day = dateline(line, own)
        if day is not None:
            return CreditLine(None, day.writer, None)
        told = credit_line(line, own, near=True)
        if told is not None:
            return told
        words = line.split()
        return CreditLine(None, line.strip(" -–—:.")) if 2 <= len(words) <= 9 and not line.endswith(":") else None
    text = re.sub(r"\s+[-–—|]\s+\d.*", "", found[1]).strip(" -–—:")
    parts = [(part, kind_of(part, own)) for part in credit_parts(text)]
    unknown = [part for part, kind in parts if kind is None]
    if len(unknown) != 1:
        return CreditLine(None, text)
    place = next((part for part, kind in parts if kind == "place"), None)
    agency = next((agency_name(part) for part, kind in parts if kind in ("agency", "outlet")), None)
    return CreditLine(agency, unknown[0], place)
