"""What a name in a credit is: an agency, a place, an outlet, a writer. All that is known stands in `data/`."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

from khabar.arabic import fold_key

from .cues import rows, words_of
from .titles import is_masthead, tokens

_EDGES = " \t\"'“”«»*•،,/.:()[]"
_LONGEST = 5  # words of a name
_PERSON = (2, 4)  # words of a writer's name


@cache
def agency_forms() -> dict[str, str]:
    """Form to usual name of every agency."""
    return {form: row[0] for row in rows("agencies") for form in row[1].split("|")}


@cache
def agency_pattern(*, rare: bool = False) -> str:
    """An alternation of all forms of agencies, the longest first; `rare`: without those that are common words."""
    common = {form for row in rows("agencies") for form in row[2].split("|")} if rare else set()
    forms = sorted((form for form in agency_forms() if form not in common), key=len, reverse=True)
    return "|".join(re.escape(form).replace(r"\ ", r"\s?") for form in forms)


@cache
def credit_words(kind: str) -> tuple[str, ...]:
    """The words of one kind of `data/credits.tsv`."""
    return next(tuple(row[1].split("|")) for row in rows("credits") if row[0] == kind)


@cache
def verbs_of_saying() -> frozenset[str]:
    """Folded verbs that tell who says something: no name opens with one."""
    return frozenset(map(fold_key, credit_words("said")))


def agency_name(form: str) -> str:
    """The usual name of an agency; the form itself where it is none that is known."""
    names = agency_forms()
    flat = re.sub(r"\s+", " ", form.strip())
    squeezed = flat.replace(" ", "")
    return names.get(flat) or next((name for known, name in names.items() if known.replace(" ", "") == squeezed), flat)


def _key(name: str) -> str:
    return fold_key(name).lower().strip(_EDGES)


@cache
def _lexicon() -> dict[str, str]:
    """Kind by the folded name; where a name is of two kinds the earlier counts."""
    found: dict[str, str] = {}
    for row in rows("agencies"):
        common = row[2].split("|")
        for form in row[1].split("|"):
            found.setdefault(_key(form), "common" if form in common else "agency")
    for kind in ("ambiguous", "place", "country", "outlet", "byline", "own_work"):
        for name in credit_words(kind):
            found.setdefault(_key(name), kind)
    return found


@cache
def _given() -> frozenset[str]:
    return frozenset(map(fold_key, credit_words("given")))


def kind_of(name: str, own: Collection[str] = ()) -> str | None:
    """What a name is, None where nothing says: `agency`, `common` (an agency's that is also a common word), `place`,
    `country`, `ambiguous` (a place's that is also a common word), `outlet` (known, one of the page's `own` names, or
    called a newspaper, a site …), `masthead` (made of the words that outlets are called by), `byline` (the word before
    a writer), `own_work` (the outlet's own)."""
    known = _lexicon().get(_key(name))
    if known is not None:
        return known
    words = tokens(name)
    if not 1 <= len(words) <= _LONGEST:
        return None
    if is_own(name, own):
        return "outlet"
    house = words_of("outlet_words", "house")
    if len(words) > 1 and (words[0] in house or words[-1] in words_of("outlet_words", "suffix")):
        return "outlet" if not set(words) & words_of("openers", "stop") else None
    if is_masthead(words) or (len(words) == 1 and words[0] in words_of("outlet_words", "masthead")):
        return "masthead"
    return None


def is_own(name: str, own: Collection[str]) -> bool:
    """Whether a name is one of the page's outlet, with or without "newspaper", "agency" and the like before it."""
    words = tokens(name)
    house = words_of("outlet_words", "house")
    known = [names for names in map(tokens, own) if names]
    return any(words in (names, names[1:] if names[0] in house else names) for names in known)


def is_person(name: str) -> bool:
    """Whether a name opens with a given name: in a credit a writer's; "حصار مستمر" beside a city is none."""
    words = fold_key(name).strip(_EDGES).split()
    return (
        _PERSON[0] <= len(words) <= _PERSON[1]
        and words[0] in _given()
        and not set(words) & words_of("openers", "stop")
        and not any(ch.isdigit() for ch in name)
    )
