"""The 20 columns of ICEWS, tab-separated: CAMEO codes as text (`010` is not `10`), one source and one target a row.

An act of several parties gives a row for each pair; a two-sided act (talks, a clash: `khabar.pairing`) a row for each
ordered pair, as ICEWS has it; actors that do one thing together to nobody named a row each, without a target.
`Event ID` is the id of the act, and of its further rows the id with `#2`, `#3`, so that it is unique. `Sentence Number`
is the number of the paragraph (0 is the title).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import permutations
from typing import BinaryIO

from khabar.archive.rows import PartyCell, PlaceCell, Row
from khabar.export.comparable import Comparable, acts_mutually, comparable, display_name, one_line, place_names
from khabar.export.tables import cameo, country_name, sectors
from khabar.pairing import opposite

COLUMNS: tuple[str, ...] = (
    "Event ID", "Event Date", "Source Name", "Source Sectors", "Source Country", "Event Text", "CAMEO Code",
    "Intensity", "Target Name", "Target Sectors", "Target Country", "Story ID", "Sentence Number", "Publisher", "City",
    "District", "Province", "Country", "Latitude", "Longitude",
)  # fmt: skip
Cell = str | int | float | None
Pair = tuple[PartyCell | None, PartyCell | None]


def write(rows: Iterable[Row], out: BinaryIO, *, all_statuses: bool = False) -> int:
    """Writes the rows; returns how many acts were written. `all_statuses` adds what is planned, possible or denied."""
    text = io.TextIOWrapper(out, encoding="utf-8", errors="replace", newline="", write_through=True)
    try:
        writer = csv.writer(text, delimiter="\t", lineterminator="\n")
        writer.writerow(COLUMNS)
        number = 0
        for item in comparable(rows, all_statuses):
            number += 1
            for line in lines(item):
                writer.writerow(["" if cell is None else one_line(cell) for cell in line])
        return number
    finally:
        text.detach()


def lines(item: Comparable) -> Iterator[list[Cell]]:
    """The rows of one act, 20 cells each."""
    row, place = item.row, item.row.place or PlaceCell()
    code = cameo(item.type, item.mode, item.planned)
    for number, (source, target) in enumerate(pairs(row), 1):
        yield [
            row.event_id if number == 1 else f"{row.event_id}#{number}", row.first, *_party(source), code.text,
            code.code, code.goldstein, *_party(target), row.article_id, row.paragraph, row.outlet, *place_names(row),
            country_name(place.country), place.latitude, place.longitude,
        ]  # fmt: skip


def pairs(row: Row) -> list[Pair]:
    """Source and target of each row: actors with recipients, or the actors of a two-sided act with each other. An actor
    without a counterpart has a row without a target."""
    actors, recipients = _distinct(row.actors), _distinct(row.recipients)
    if recipients:
        sources: list[PartyCell | None] = [*actors] or [None]
        return [(source, target) for source in sources for target in recipients]
    found: list[Pair] = []
    if acts_mutually(row):
        codes = [party.code for party in actors if party.code]
        found = [
            (a, b) for a, b in permutations(actors, 2) if not a.code or not b.code or opposite(a.code, b.code, codes)
        ]
    paired = {id(source) for source, _ in found}
    return found + [(actor, None) for actor in actors if id(actor) not in paired] or [(None, None)]


def _distinct(parties: tuple[PartyCell, ...]) -> list[PartyCell]:
    """Every party once: mentions of one code and id are one."""
    return list({(p.code, p.id or p.name or (None if p.code else p.mention)): p for p in reversed(parties)}.values())[
        ::-1
    ]


def _party(party: PartyCell | None) -> list[Cell]:
    """Name, sectors and country of one side."""
    if party is None:
        return [None, None, None]
    body = party.country == "IGO"
    sector = "International Government Organization" if body else sectors().get(party.sector or "")
    return [display_name(party), sector, country_name(party.country)]
