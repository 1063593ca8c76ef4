"""JSON lines: each row whole, as the archive answers (`khabar.archive.Row`), with `intensity` and `quad_code`.

Letters are written as letters, not as escapes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

import msgspec

from khabar.archive.rows import Row
from khabar.export.tables import intensity, quad_code


def write(rows: Iterable[Row], out: BinaryIO) -> int:
    """Writes the rows, one a line; returns how many."""
    encoder = msgspec.json.Encoder()
    number = 0
    for row in rows:
        number += 1
        record = msgspec.structs.asdict(row)
        record |= {"quad_code": quad_code(row.type), "intensity": intensity(row.type, row.mode)}
        out.write(encoder.encode(record) + b"\n")
    return number
