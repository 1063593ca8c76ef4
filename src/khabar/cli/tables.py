"""Rows of the archive as tables for the terminal. Arabic stands in the last column, so that lines do not turn about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from khabar.arabic import visual, width

if TYPE_CHECKING:
    from khabar.archive import PartyCell, Row

CLAUSE = 60  # characters of the paragraph shown around a trigger


def plain_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A table without vertical lines: easy to read and to copy; numbers stand on the right."""
    found = [list(row) for row in rows]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1))
    for number, name in enumerate(header):
        numeric = name in ("n", "intensity", "mean intensity")
        # The last column gives way where the terminal is narrow; the others are codes, which are whole or useless.
        cells = (name, *(_cell(row[number]) for row in found))
        whole = max(map(width, cells)) if number < len(header) - 1 else None
        table.add_column(
            name, justify="right" if numeric else "left", no_wrap=True, overflow="ellipsis", min_width=whole
        )
    for row in found:
        table.add_row(*(Text(_cell(value)) for value in row))
    return table


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def events_table(rows: Sequence[Row], *, bidi: bool = False) -> Table:
    """Acts or events, one a line."""
    header = ("date", "type", "actor", "recipient", "place", "sure", "article", "words")
    return plain_table(header, ([*_cells(row), _words(row, bidi)] for row in rows))


def _cells(row: Row) -> list[str]:
    return [
        when(row),
        kind(row),
        parties(row.actors),
        parties(row.recipients),
        where(row),
        "" if row.confidence is None else f"{row.confidence:.2f}",
        row.article_id,
    ]


def kind(row: Row) -> str:
    """Type and mode; the status where it is not actual."""
    return row.type + (f"/{row.mode}" if row.mode else "") + ("" if row.status == "actual" else f" {row.status}")


def when(row: Row) -> str:
    """The days of a row; in parentheses where only the day of publication is known."""
    if row.first is None:
        return ""
    if row.dated == "article":
        return f"({row.published})"
    return row.time or row.first


def where(row: Row) -> str:
    """The place's name with its country."""
    place = row.place
    if place is None:
        return ""
    return ", ".join(filter(None, (place.name, place.country)))


def parties(cells: Sequence[PartyCell]) -> str:
    """Codes, each once."""
    return " ".join(dict.fromkeys(cell.code or "?" for cell in cells))


def _words(row: Row, bidi: bool) -> str:
    """The trigger with the words around it."""
    room = max(CLAUSE - (row.trigger_end - row.trigger_start), 0)
    start, end = max(row.trigger_start - room // 3, 0), min(row.trigger_end + room * 2 // 3, len(row.text))
    while start and not row.text[start - 1].isspace():
        start += 1
        if start >= row.trigger_start:
            start = row.trigger_start
            break
    clause = row.text[start:end]
    if end < len(row.text) and not row.text[end].isspace():
        clause = (
            clause.rsplit(" ", 1)[0] if end > row.trigger_end and " " in clause[row.trigger_end - start :] else clause
        )
    shown = " ".join(clause.split())
    return visual(shown) if bidi else shown
