"""Parquet: the columns of `khabar.export.flat` with their types. Needs `pip install 'khabar[parquet]'`."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import BinaryIO

from khabar.archive.rows import Row
from khabar.export.errors import ExportError
from khabar.export.flat import COLUMNS

BATCH = 10_000  # rows that are held at once


def write(rows: Iterable[Row], out: BinaryIO) -> int:
    """Writes the rows; returns how many. Raises `ExportError` if pyarrow is not installed."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise ExportError("parquet needs pyarrow: pip install 'khabar[parquet]'") from None
    types = {str: pa.string(), int: pa.int64(), float: pa.float64()}
    schema = pa.schema([(column.name, types[column.kind]) for column in COLUMNS])
    waiting = iter(rows)
    number = 0
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        while batch := list(islice(waiting, BATCH)):
            arrays = [pa.array([column.value(row) for row in batch], types[column.kind]) for column in COLUMNS]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            number += len(batch)
    return number
