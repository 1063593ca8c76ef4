"""Rows of the archive as tables for the terminal. Arabic stands in the last column, so that lines do not turn about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich import box
from rich.table import Table
from rich.text import Text

from khabar.arabic import visual, width

if TYPE_CHECKING:
    from khabar.archive import Count, PartyCell, Row

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
    """Codes, each once; `?` for a party without, and behind a code that is rather a guess."""
    sure = {cell.code for cell in cells if not guessed(cell)}
    return " ".join(dict.fromkeys((cell.code or "") + ("" if cell.code in sure else "?") for cell in cells))


def guessed(cell: PartyCell) -> bool:
    """Whether a party has no code, or one of little confidence."""
    from khabar.archive.rows import UNSURE

    return not cell.code or (cell.confidence is not None and cell.confidence < UNSURE)


def footnote(sides: Iterable[Sequence[PartyCell]]) -> str:
    """What the marks of `parties` mean, as far as there are any on these sides; empty where there are none."""
    from khabar.archive.rows import UNSURE

    shown = {code for side in sides for code in parties(side).split() if code.endswith("?")}
    told = []
    if shown - {"?"}:
        told.append(f"? behind a code: a party resolved with a confidence below {UNSURE}, rather a guess")
    if "?" in shown:
        told.append("? alone: a party that is not resolved")
    return "; ".join(told)


def mark_guesses(
    rows: Sequence[Count], groups: Sequence[str], sure: Mapping[str, set[tuple[Any, ...]]]
) -> tuple[list[Count], str]:
    """Rows of counts with `?` behind each party that is a guess in all acts of its row (`Archive.sure_groups` has the
    others), and what that means, empty where there is none."""
    from khabar.archive.rows import UNSURE

    marked = []
    for row in rows:
        key = tuple(row[group] for group in groups)
        marked.append(row | {name: f"{row[name]}?" for name, keys in sure.items() if key not in keys})
    note = f"? behind a code: in all acts of the row a party resolved with a confidence below {UNSURE}, rather a guess"
    return marked, note if marked != list(rows) else ""


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
