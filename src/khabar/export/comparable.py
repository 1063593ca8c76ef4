"""What the two data sets in older forms hold: acts that are actual, and planned cooperation as AGREE.

PLOVER reads a future CONSULT, SUPPORT, COOPERATE or AID as an AGREE; the older sets have no column for the status, so
what did not happen must not stand in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from khabar.archive.rows import PartyCell, Row
from khabar.export.tables import bodies, country_name, sectors
from khabar.pairing import two_sided

AGREED_WHEN_PLANNED = frozenset({"CONSULT", "SUPPORT", "COOPERATE", "AID"})


class Comparable(NamedTuple):
    """A row with the type and mode under which it is exported; `planned` is its own type where that is AGREE now."""

    row: Row
    type: str
    mode: str | None
    planned: str | None


def comparable(rows: Iterable[Row], all_statuses: bool) -> Iterator[Comparable]:
    """The rows to export: actual ones as they are, planned cooperation as AGREE, and with `all_statuses` the others
    (planned, possible and denied) as well, under their own type."""
    for row in rows:
        if row.status == "planned" and row.type in AGREED_WHEN_PLANNED:
            yield Comparable(row, "AGREE", None, row.type)
        elif row.status == "actual" or all_statuses:
            yield Comparable(row, row.type, row.mode, None)


def acts_mutually(row: Row) -> bool:
    """Whether the actors of a row stand on two sides of its act: no recipient, and an act that takes two sides."""
    if row.recipients or len(row.actors) < 2:
        return False
    before, after = row.text[: row.trigger_start], row.text[row.trigger_end :]
    return two_sided(row.type, row.mode, row.trigger, before, after)


def display_name(party: PartyCell) -> str | None:
    """A name for a party: its own if it is a certain one, else what its code says (`Government (Armenia)`, `Armenia`,
    `United Nations`), else the words as written."""
    if party.name and party.id != party.code:
        return party.name
    if party.country == "IGO":
        return bodies().get(party.sector or "OTH", (party.mention, ""))[0]
    country = country_name(party.country)
    sector = sectors().get(party.sector or "")
    if sector:
        return f"{sector} ({country or ('International' if party.country == 'INT' else 'unknown country')})"
    return country or party.mention


def one_line(value: object) -> str:
    """Text that cannot break a line of a tab-separated file: tabs and line breaks become spaces."""
    return " ".join(str(value).split()) if isinstance(value, str) else str(value)


def place_names(row: Row) -> tuple[str | None, str | None, str | None]:
    """City, district and province of a row's place, as far as its feature code tells them apart."""
    if row.place is None:
        return None, None, None
    feature, name = row.place.feature or "", row.place.name or row.place.raw
    city = name if feature.startswith("PPL") else None
    district = name if feature in ("ADM2", "ADM3", "ADM4") else None
    province = name if feature == "ADM1" else row.place.admin1
    return city, district, province
