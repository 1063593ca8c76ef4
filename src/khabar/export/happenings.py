"""Happenings as tables: CSV (one row a happening, the columns of docs/data-dictionary.md) or JSON lines (each whole,
with its reports and who says what where that was asked for)."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from typing import BinaryIO

import msgspec

from khabar.archive.happenings import Happening, Told
from khabar.archive.rows import PartyCell
from khabar.codebook import TOLLS
from khabar.export.csv import guarded
from khabar.export.flat import Value, join
from khabar.export.tables import intensity, quad_code

Column = tuple[str, Callable[[Happening], Value]]


def _own(name: str) -> Column:
    return name, lambda happening: getattr(happening, name)


def _of_place(name: str) -> Column:
    return f"place_{name}", lambda happening: getattr(happening.place, name) if happening.place else None


def _parties(role: str, of: Callable[[Happening], tuple[PartyCell, ...]]) -> list[Column]:
    return [
        (f"{role}_codes", lambda happening: join(party.code for party in of(happening))),
        (f"{role}_names", lambda happening: join(party.name for party in of(happening))),
        (f"{role}_mentions", lambda happening: join(party.mention for party in of(happening))),
    ]


def _toll(kind: str) -> Column:
    return kind, lambda happening: happening.toll.get(kind)


COLUMNS: tuple[Column, ...] = (
    *map(_own, ("id", "type", "mode", "status")),
    ("quad_code", lambda happening: quad_code(happening.type)),
    ("intensity", lambda happening: intensity(happening.type, happening.mode)),
    *map(_own, ("first", "last")),
    *_parties("actor", lambda happening: happening.actors),
    *_parties("recipient", lambda happening: happening.recipients),
    *map(_of_place, ("name", "country", "latitude", "longitude", "geonames")),
    *map(_toll, TOLLS),
    *map(_own, ("reports", "outlets", "texts", "differ", "published", "outlet", "article", "title", "thread")),
)


def write_csv(happenings: Iterable[Happening], out: BinaryIO, *, bom: bool = False) -> int:
    """Writes one row a happening; returns how many. `bom` as in `khabar.export.csv`."""
    text = io.TextIOWrapper(out, encoding="utf-8", errors="replace", newline="", write_through=True)
    try:
        if bom:
            text.write("\ufeff")
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow([name for name, _ in COLUMNS])
        number = 0
        for happening in happenings:
            number += 1
            values = [value(happening) for _, value in COLUMNS]
            writer.writerow([guarded(value) for value in values] if bom else values)
        return number
    finally:
        text.detach()


def write_jsonl(happenings: Iterable[Happening | Told], out: BinaryIO) -> int:
    """Writes one line a happening, letters as letters; returns how many."""
    number = 0
    for happening in happenings:
        number += 1
        out.write(msgspec.json.encode(happening) + b"\n")
    return number
