"""A sample of a text's shingles, small enough to be stored with every article, by which copies are found.

Of all 32-bit hashes of the shingles those below a bound are kept, the bound such that about `KEPT` stay (scaled
MinHash). Two samples are compared below the lower of their bounds: what they share there estimates without bias how
much of the shorter text stands in the longer, however different their lengths are.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

KEPT = 256
FULL = 1 << 32


class Sketch(NamedTuple):
    """`hashes` are the kept ones, each below `bound`."""

    bound: int
    hashes: frozenset[int]


NO_SKETCH = Sketch(FULL, frozenset())


def sketch(shingles: frozenset[int]) -> Sketch:
    """The sketch of some 64-bit shingle hashes; empty for a text without words."""
    low = sorted({value & 0xFFFFFFFF for value in shingles})
    if len(low) <= KEPT:
        return Sketch(FULL, frozenset(low))
    return Sketch(low[KEPT], frozenset(low[:KEPT]))


def overlap(a: Sketch, b: Sketch) -> float:
    """Estimate of the share of the shorter text's shingles that stand in the longer; 0 where one is empty."""
    bound = min(a.bound, b.bound)
    x = a.hashes if a.bound == bound else {value for value in a.hashes if value < bound}
    y = b.hashes if b.bound == bound else {value for value in b.hashes if value < bound}
    return len(x & y) / min(len(x), len(y)) if x and y else 0.0


def pack(item: Sketch) -> bytes:
    """The sketch as bytes: the bound (8), then the hashes in order (4 each), little endian."""
    return item.bound.to_bytes(8, "little") + np.array(sorted(item.hashes), dtype="<u4").tobytes()


def unpack(data: bytes) -> Sketch:
    """The sketch of such bytes."""
    return Sketch(int.from_bytes(data[:8], "little"), frozenset(np.frombuffer(data[8:], dtype="<u4").tolist()))
