"""CSV (RFC 4180, UTF-8): the columns of `khabar.export.flat`, an empty cell where a value is not known.

`bom=True` makes the file for spreadsheets: it begins with a byte order mark (read it as `utf-8-sig`, or the mark sticks
to the first column's name), and text that a spreadsheet would run as a formula is written with a `'` before it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from khabar.archive.rows import Row
from khabar.export.flat import COLUMNS, CSV_COLUMNS, Value

_FORMULA = re.compile(r"[=+\-@\t\r]")


def write(rows: Iterable[Row], out: BinaryIO, *, bom: bool = False) -> int:
    """Writes the rows; returns how many."""
    text = io.TextIOWrapper(out, encoding="utf-8", errors="replace", newline="", write_through=True)
    try:
        if bom:
            text.write("\ufeff")
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(CSV_COLUMNS)
        number = 0
        for row in rows:
            number += 1
            values = (column.value(row) for column in COLUMNS)
            writer.writerow([guarded(value) for value in values] if bom else list(values))
        return number
    finally:
        text.detach()


def guarded(value: Value) -> Value:
    """Text that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def read_csv(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV file as text by column; a byte order mark is dropped, line breaks inside cells are kept."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)
