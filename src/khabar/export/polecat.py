"""The 40 columns of POLECAT, tab-separated; an empty cell is the word `None`, several values are joined by `; `.

A row is an act (or event) with all its parties, as in POLECAT. Three columns stay None: the titles of
actor and recipient, and the story's people, who are listed with its organizations.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import BinaryIO

from khabar import __version__
from khabar.archive.rows import PartyCell, PlaceCell, Row
from khabar.export.comparable import Comparable, comparable, display_name, one_line, place_names
from khabar.export.flat import join
from khabar.export.tables import bodies, countries, intensity, quad_code

_SIDE = (
    "{} Name", "{} Country", "{} COW", "Primary {} Sector", "{} Sectors", "{} Title", "{} Name Raw", "Wikipedia {} ID"
)  # fmt: skip
COLUMNS: tuple[str, ...] = (
    "Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts",
    *(name.format("Actor") for name in _SIDE),
    *(name.format("Recipient") for name in _SIDE),
    "Placename", "City", "District", "Province", "Country", "Latitude", "Longitude", "GeoNames ID", "Raw Placename",
    "Feature Type", "Source", "Publication Date", "Story People", "Story Organizations", "Story Locations", "Language",
    "Version",
)  # fmt: skip
LANGUAGES = {"ar": "Arabic", "fa": "Persian", "ur": "Urdu", "ckb": "Sorani", "ps": "Pashto", "ug": "Uyghur"}
# Non-states that PLOVER writes in the country's place, by the sector of an INT party.
_INTERNATIONAL = {"NGO": "NGO", "REB": "IMG", "BUS": "MNC"}
Cell = str | int | float | None


def write(rows: Iterable[Row], out: BinaryIO, *, all_statuses: bool = False) -> int:
    """Writes the rows; returns how many were written. `all_statuses` adds what is planned, possible or denied."""
    text = io.TextIOWrapper(out, encoding="utf-8", errors="replace", newline="", write_through=True)
    try:
        writer = csv.writer(text, delimiter="\t", lineterminator="\n")
        writer.writerow(COLUMNS)
        number = 0
        for item in comparable(rows, all_statuses):
            number += 1
            writer.writerow(["None" if cell in (None, "") else one_line(cell) for cell in cells(item)])
        return number
    finally:
        text.detach()


def cells(item: Comparable) -> list[Cell]:
    """The 40 cells of a row, None for an empty one."""
    row, place = item.row, item.row.place or PlaceCell()
    return [
        row.event_id, row.first, item.type, item.mode, intensity(item.type, item.mode), quad_code(item.type),
        ";".join(row.contexts), *_party(row.actors), *_party(row.recipients),
        place.name or place.raw, *place_names(row), place.country, place.latitude, place.longitude, place.geonames,
        place.raw, place.feature, row.outlet, row.published, None, join(row.story_parties),
        join(row.story_places), LANGUAGES.get(row.language, row.language), f"khabar-{__version__}",
    ]  # fmt: skip


def _party(parties: tuple[PartyCell, ...]) -> list[Cell]:
    """The eight cells of one side. Names and countries run parallel; sectors and COW numbers are listed once."""
    countries_ = [plover_country(party) for party in parties]
    sectors = list(dict.fromkeys(p.sector for p in parties if p.sector and p.country != "IGO"))
    cow = dict.fromkeys(number for code in countries_ if (number := _cow(code)))
    return [
        join(display_name(p) or "None" for p in parties),
        "; ".join(code or "None" for code in countries_) if any(countries_) else None,
        "; ".join(cow),
        sectors[0] if sectors else None,
        "; ".join(sectors),
        None,
        join(dict.fromkeys(p.mention for p in parties if p.mention)),
        join(dict.fromkeys(p.id for p in parties if p.id and p.id != p.code)),
    ]


def _cow(code: str | None) -> str:
    known = countries().get(code or "")
    return known.cow if known else ""


def plover_country(party: PartyCell) -> str | None:
    """What PLOVER writes in the country's place: alpha-3, `UNO`, `EUR` or `IGO` for bodies, `NGO`, `IMG` (militants)
    or `MNC` for international ones; None where no country is known."""
    if party.country == "IGO":
        return bodies().get(party.sector or "", ("", "IGO"))[1]
    if party.country == "INT":
        return _INTERNATIONAL.get(party.sector or "")
    return None if party.country == "UNK" else party.country
