"""What a party is called on a page: in Arabic on Arabic pages, in English on English ones."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from khabar.archive import PartyCell
from khabar.export.comparable import display_name
from khabar.export.tables import country_name, read_table
from khabar.show.labels import Language

_NOWHERE = {"INT": "دولي", "UNK": "بلد غير معروف"}


@cache
def _arabic(table: str) -> dict[str, str]:
    """Code -> Arabic name ("" where the table has none), of `countries`, `sectors` or `bodies`."""
    rows = read_table(f"{table}.tsv")
    return {next(iter(row.values())): row["arabic"] for row in rows}


def code_name(code: str, language: Language) -> str:
    """What a code says: `حكومة (أرمينيا)`, `Armenia`, `الأمم المتحدة`; the code itself where nothing is known."""
    country, _, sector = code.partition(".")
    if language == "en":
        return display_name(PartyCell(code=code, country=country, sector=sector or None)) or code
    if country == "IGO":
        return _arabic("bodies").get(sector or "OTH", code)
    place = _arabic("countries").get(country) or _NOWHERE.get(country) or country_name(country) or country
    return f"{_arabic('sectors').get(sector, sector)} ({place})" if sector else place


def party_name(cell: PartyCell, language: Language) -> str:
    """A party in a row: its words on the page; understood from elsewhere, its own name where that is known, else what
    its code says."""
    if cell.mention:
        return cell.mention
    if cell.name and cell.id != cell.code:
        return cell.name
    return code_name(cell.code, language) if cell.code else "?"


def named(cells: Sequence[PartyCell], language: Language) -> list[tuple[PartyCell, str]]:
    """The parties of a row with what they are called; those that one word names (الطرفين) by what their codes say."""
    names = [party_name(cell, language) for cell in cells]
    return [
        (cell, code_name(cell.code, language) if cell.code and names.count(name) > 1 else name)
        for cell, name in zip(cells, names, strict=True)
    ]
