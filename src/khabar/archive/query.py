"""The question that the archive is asked: a `Query`, its checks and the readings of its values."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from khabar.archive.errors import QueryError
from khabar.archive.nearest import instead
from khabar.codebook import BODIES, CONTEXTS, MODES, SECTORS, TYPES
from khabar.records import STATUSES

Many = str | tuple[str, ...]
Order = Literal["date", "-date", "confidence", "-confidence", "article"]
ORDERS: tuple[Order, ...] = ("date", "-date", "confidence", "-confidence", "article")

_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_CODE = re.compile(r"([A-Z]{3})(?:\.([A-Z]{3}))?")


class Query(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to look for. Empty fields ask nothing; a field of several values asks for any of them; all fields together.

    - `actor`, `recipient`, `speaker`, `party` (any role but the speaker's): `ARM` (the country with all its sectors),
      `ARM.GOV`, `.GOV` (the sector of any country), an actor's id, or words of a name (Arabic as written, in any
      spelling, or Latin).
    - `type`, `mode`, `status`, `context`: words of the codebook; `type` in any case.
    - `place`: a country (alpha-3), a GeoNames id (digits), or words of a place's name.
    - `since`, `until`: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, both inclusive, over the time of the event, or the
      publication date where the event has no time of its own (`Row.dated` says which). An event that lasts is found
      if it overlaps.
    - `published_since`, `published_until`: the same over the publication date alone.
    - `changed_since`: a moment (`2026-11-26T13:00:00Z`): rows of articles that were stored, coded anew or corrected
      since then; what was withdrawn is told by `Archive.changes`.
    - `text`: full-text search; events of articles that hold all the words. `outlet`: the outlet's name, any case.
    - `article`: the article's id. `min_confidence`: events without a confidence pass.
    - `order`: `date`, `-date` (newest first), `confidence`, `-confidence`, `article` (as stored: the quickest).
    """

    actor: Many = ()
    recipient: Many = ()
    party: Many = ()
    speaker: Many = ()
    type: Many = ()
    mode: Many = ()
    status: Many = ()
    context: Many = ()
    place: Many = ()
    outlet: Many = ()
    article: Many = ()
    since: str | None = None
    until: str | None = None
    published_since: str | None = None
    published_until: str | None = None
    changed_since: str | None = None
    text: str | None = None
    min_confidence: float | None = None
    unit: Literal["event", "act"] = "act"
    limit: int | None = None
    offset: int = 0
    order: Order = "-date"


class PartyReading(msgspec.Struct, frozen=True):
    """How a party's value is read: by code, by country, by sector, or by id and name."""

    kind: Literal["code", "country", "sector", "name"]
    value: str


def many(value: Many | Iterable[str] | None) -> tuple[str, ...]:
    """The values of a field: one string is one value; blanks are dropped."""
    values = (value,) if isinstance(value, str) else tuple(value or ())
    return tuple(v for v in (str(v).strip() for v in values) if v)


def read_party(value: str) -> PartyReading:
    """`ARM`, `ARM.GOV`, `.GOV`, `IGO.UNO`, else an id or a name. Raises `QueryError` for an unknown sector."""
    if value.startswith(".") and len(value) > 1:
        sector = value[1:].upper()
        if sector not in SECTORS and sector not in BODIES:
            raise QueryError(f"no sector {value!r}; sectors are {' '.join('.' + s for s in sorted(SECTORS))}")
        return PartyReading("sector", sector)
    match = _CODE.fullmatch(value)
    if not match:
        return PartyReading("name", value)
    country, sector = match.groups()
    if not sector:
        return PartyReading("country", country)
    if sector not in (BODIES if country == "IGO" else SECTORS):
        known = " ".join(sorted(BODIES if country == "IGO" else SECTORS))
        raise QueryError(f"no party code {value!r}: {sector} is none of {known}")
    return PartyReading("code", value)


def day(value: str, *, last: bool) -> str:
    """The first (or last) day of `YYYY[-MM[-DD]]` as `YYYY-MM-DD`. Raises `QueryError`."""
    match = _DAY.fullmatch(value.strip())
    try:
        if not match:
            raise ValueError
        year, month, of_month = int(match[1]), int(match[2] or 0), int(match[3] or 0)
        if not year or (match[2] and not 1 <= month <= 12):
            raise ValueError
        first_month = month or (12 if last else 1)
        length = calendar.monthrange(year, first_month)[1]
        if match[3] and not 1 <= of_month <= length:
            raise ValueError
        return f"{year:04d}-{first_month:02d}-{of_month or (length if last else 1):02d}"
    except ValueError:
        raise QueryError(f"no date {value!r}: write YYYY, YYYY-MM or YYYY-MM-DD") from None


def _known(values: Iterable[str], what: str, allowed: Sequence[str], all_are: str) -> tuple[str, ...]:
    """The values, of which each must be allowed. Raises `QueryError` for another, with those that there are."""
    found = tuple(values)
    for value in found:
        if value not in allowed:
            near = instead(value, allowed)
            raise QueryError(f"no {what} {value!r}; {near}{all_are} are {' '.join(allowed) or 'none for this type'}")
    return found


def types(query: Query) -> tuple[str, ...]:
    """The types asked for. Raises `QueryError` for one that the codebook does not have."""
    return _known((value.upper() for value in many(query.type)), "event type", TYPES, "types")


def modes(query: Query) -> tuple[str, ...]:
    """The modes asked for. Raises `QueryError` for one that no type asked for has."""
    allowed = sorted({mode for type_ in (types(query) or TYPES) for mode in MODES[type_]})
    return _known((value.lower() for value in many(query.mode)), "mode", allowed, "modes")


def statuses(query: Query) -> tuple[str, ...]:
    """The statuses asked for. Raises `QueryError`."""
    return _known((value.lower() for value in many(query.status)), "status", STATUSES, "statuses")


def contexts(query: Query) -> tuple[str, ...]:
    """The contexts asked for. Raises `QueryError`."""
    return _known((value.lower() for value in many(query.context)), "context", CONTEXTS, "contexts")


def check(query: Query) -> Query:
    """The query itself if all its values can be read. Raises `QueryError` with what is wrong and what is possible."""
    types(query), modes(query), statuses(query), contexts(query)
    for value in (*many(query.actor), *many(query.recipient), *many(query.party), *many(query.speaker)):
        read_party(value)
    for since, until in ((query.since, query.until), (query.published_since, query.published_until)):
        low = day(since, last=False) if since else ""
        if until and day(until, last=True) < low:
            raise QueryError(f"until {until} lies before since {since}")
    if query.changed_since:
        from khabar.archive.changes import moment

        moment(query.changed_since)
    if query.unit not in ("event", "act"):
        raise QueryError(f"no unit {query.unit!r}; units are event and act")
    if query.order not in ORDERS:
        raise QueryError(f"no order {query.order!r}; {instead(query.order, ORDERS)}orders are {' '.join(ORDERS)}")
    if (query.limit is not None and query.limit < 0) or query.offset < 0:
        raise QueryError("limit and offset count rows and cannot be below 0")
    if query.min_confidence is not None and not 0 <= query.min_confidence <= 1:
        raise QueryError("min_confidence is a probability between 0 and 1")
    return query
