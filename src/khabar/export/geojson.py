"""GeoJSON (RFC 7946): a point for each row whose place has coordinates, with the columns of `khabar.export.flat`.

Rows without coordinates are left out: a map has no place for them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, BinaryIO

import msgspec

from khabar.archive.rows import Row
from khabar.export.flat import flat


def write(rows: Iterable[Row], out: BinaryIO) -> int:
    """Writes the rows that have coordinates; returns how many."""
    encoder = msgspec.json.Encoder()
    out.write(b'{"type":"FeatureCollection","features":[')
    number = 0
    for row in rows:
        if row.place is None or row.place.latitude is None or row.place.longitude is None:
            continue
        properties = {name: value for name, value in flat(row).items() if value is not None}
        feature: dict[str, Any] = {
            "type": "Feature",
            "id": row.event_id,
            "geometry": {"type": "Point", "coordinates": [row.place.longitude, row.place.latitude]},
            "properties": properties,
        }
        out.write((b",\n" if number else b"\n") + encoder.encode(feature))
        number += 1
    out.write(b"\n]}\n")
    return number
