"""A spreadsheet: one sheet, laid out from right to left, with the columns of `khabar.export.flat`.

Text stays text: nothing that a page wrote can run as a formula.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from khabar.archive.rows import Row
from khabar.export.errors import ExportError
from khabar.export.flat import COLUMNS, CSV_COLUMNS, Value

# What the format can hold.
MOST_ROWS = 1_048_576
MOST_CHARACTERS = 32_767
_WIDE = {"text": 80, "title": 50, "url": 40}


def write(rows: Iterable[Row], out: BinaryIO) -> int:
    """Writes the rows; returns how many. Raises `ExportError` if they are more than a sheet can hold."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("khabar")
    sheet.sheet_view.rightToLeft = True
    sheet.freeze_panes = "B2"
    for number, name in enumerate(CSV_COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDE.get(name, max(12, len(name) + 2))
    sheet.append([_cell(sheet, name, bold=True) for name in CSV_COLUMNS])
    number = 0
    for number, row in enumerate(rows, 1):
        if number >= MOST_ROWS:
            raise ExportError(f"a sheet holds {MOST_ROWS - 1:,} rows: narrow the question, or export csv or parquet")
        sheet.append([_cell(sheet, column.value(row)) for column in COLUMNS])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(CSV_COLUMNS))}{number + 1}"
    book.save(out)
    return number


def _cell(sheet: Any, value: Value, bold: bool = False) -> Any:
    if not isinstance(value, str):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", value)
    if len(text) > MOST_CHARACTERS:
        text = text[: MOST_CHARACTERS - 1] + "…"
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"  # `=…` would be taken for a formula
    cell.alignment = Alignment(vertical="top")
    if bold:
        cell.font = Font(bold=True)
    return cell
