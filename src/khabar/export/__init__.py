"""Export: what the archive answers as files for other programs, one module a format.

In: `khabar.archive.Row`s. Out: polecat, icews, csv, xlsx, jsonl, parquet, geojson, graphml. It must never ask the
archive itself, fill a cell that a row leaves open, or let text of a page act in the program that reads the file.
"""

from khabar.export.csv import read_csv
from khabar.export.errors import ExportError
from khabar.export.flat import CSV_COLUMNS, flat
from khabar.export.tables import Cameo, cameo, country_name, intensity, quad_code
from khabar.export.writing import FORMATS, export, replaced

__all__ = [
    "CSV_COLUMNS",
    "FORMATS",
    "Cameo",
    "ExportError",
    "cameo",
    "country_name",
    "export",
    "flat",
    "intensity",
    "quad_code",
    "read_csv",
    "replaced",
]
