"""Rows as flat tables: one value a column, for csv, xlsx and parquet.

Several values of one cell (parties, contexts) are joined by `; `; the columns of one role (`actor_codes`,
`actor_names`, …) run parallel, an empty value keeps its place. Columns are described in docs/data-dictionary.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from khabar.archive.rows import PartyCell, Row
from khabar.codebook import TOLLS
from khabar.export.tables import intensity, quad_code

Value = str | int | float | None
JOIN = "; "
_TOLL = re.compile(r"(>=|<=|~)?\s*(\d+)")


class Column(NamedTuple):
    """A column: its name, the type of its values (`str`, `int` or `float`), and its value of a row."""

    name: str
    kind: type
    value: Callable[[Row], Value]


def join(values: Iterable[str | None]) -> str | None:
    """Values joined by `; `, an empty one in its place; None if all are empty. `; ` inside a value becomes `, `."""
    found = [(value or "").replace(JOIN, ", ") for value in values]
    return JOIN.join(found) if any(found) else None


def toll(row: Row, kind: str) -> tuple[str | None, int | None]:
    """Relation (`=`, `>=`, `<=` or `~`) and number of persons; None where the text gives none."""
    match = _TOLL.fullmatch((row.toll.get(kind) or "").strip())
    return (match[1] or "=", int(match[2])) if match else (None, None)


_PARTY: tuple[tuple[str, Callable[[PartyCell], str | None]], ...] = (
    ("codes", lambda p: p.code),
    ("countries", lambda p: p.country),
    ("sectors", lambda p: p.sector),
    ("ids", lambda p: p.id),
    ("names", lambda p: p.name),
    ("mentions", lambda p: p.mention),
)
_ROLES: tuple[tuple[str, Callable[[Row], tuple[PartyCell, ...]]], ...] = (
    ("actor", lambda r: r.actors),
    ("recipient", lambda r: r.recipients),
    ("speaker", lambda r: r.speakers),
)


def _of_row(*names: str, kind: type = str) -> list[Column]:
    return [Column(name, kind, lambda r, name=name: getattr(r, name)) for name in names]  # type: ignore[misc]


def _of_place(*names: str, kind: type = str) -> list[Column]:
    def value(name: str) -> Callable[[Row], Value]:
        return lambda r: getattr(r.place, name) if r.place else None

    return [Column(f"place_{name}", kind, value(name)) for name in names]


def _of_parties() -> list[Column]:
    def value(
        role: Callable[[Row], tuple[PartyCell, ...]], cell: Callable[[PartyCell], str | None]
    ) -> Callable[[Row], Value]:
        return lambda r: join(map(cell, role(r)))

    return [Column(f"{role}_{name}", str, value(of, cell)) for role, of in _ROLES for name, cell in _PARTY]


def _of_toll() -> list[Column]:
    def value(kind: str, part: int) -> Callable[[Row], Value]:
        return lambda r: toll(r, kind)[part]

    return [
        column
        for kind in TOLLS
        for column in (Column(kind, int, value(kind, 1)), Column(f"{kind}_relation", str, value(kind, 0)))
    ]


COLUMNS: tuple[Column, ...] = (
    *_of_row("event_id", "unit", "type", "mode", "status"),
    Column("quad_code", str, lambda r: quad_code(r.type)),
    Column("intensity", float, lambda r: intensity(r.type, r.mode)),
    *_of_row("first", "last", "dated", "time", "time_text", "precision"),
    *_of_parties(),
    *_of_place("name", "raw", "country", "admin1"),
    *_of_place("latitude", "longitude", kind=float),
    *_of_place("geonames", kind=int),
    *_of_place("feature"),
    *_of_toll(),
    Column("contexts", str, lambda r: join(r.contexts)),
    *_of_row("confidence", kind=float),
    *_of_row("mentions", kind=int),
    Column("mention_ids", str, lambda r: join(r.mention_ids)),
    *_of_row("happening"),
    *_of_row(
        "article_id", "title", "outlet", "agency", "url", "source", "published", "published_precision", "language"
    ),
    *_of_row("paragraph", kind=int),
    *_of_row("trigger"),
    *_of_row("trigger_start", "trigger_end", kind=int),
    *_of_row("text", "coder", "model"),
)
CSV_COLUMNS: tuple[str, ...] = tuple(column.name for column in COLUMNS)


def flat(row: Row) -> dict[str, Value]:
    """A row as the columns of `CSV_COLUMNS`, in their order."""
    return {column.name: column.value(row) for column in COLUMNS}


def kinds() -> Mapping[str, type]:
    """The type of each column's values."""
    return {column.name: column.kind for column in COLUMNS}
