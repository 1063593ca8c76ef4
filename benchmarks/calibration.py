"""Reliability of confidences: python benchmarks/calibration.py GOLD.jsonl CODED.jsonl

Pairs coded events with gold as `khabar evaluate` does and prints, for the event (right: paired and typed alike) and
for each cell of events typed alike (right: equal by the scorer's rule), the expected calibration error over ten bins of
equal width, and the curve: bin, events, mean confidence, share right. Then precision and recall of types at growing
`--min-confidence`.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
import msgspec
from training.measure import CELLS, bins, error, pairs, right

from khabar.records import CodedArticle


def load(path: Path) -> dict[str, CodedArticle]:
    lines = path.read_bytes().splitlines()
    return {a.id: a for a in (msgspec.json.decode(line, type=CodedArticle, strict=False) for line in lines)}


def main() -> None:
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    gold, coded = load(Path(sys.argv[1])), load(Path(sys.argv[2]))
    points: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    total = sum(len(a.events) for a in gold.values())
    for key, article in gold.items():
        mine = coded.get(key) or CodedArticle(id=key)
        matched = {id(c): g for g, c in pairs(article, mine) if g.type == c.type}
        for e in mine.events:
            points["event"].append((e.confidence or 0.0, id(e) in matched))
            if id(e) in matched:
                for cell in CELLS:
                    points[cell].append((e.cells[cell], right(cell, matched[id(e)], e)))
    for name, values in points.items():
        print(f"{name:10} ECE {error(values):.3f}  ({len(values)} events)")
    print("event curve (events, mean confidence, share right)")
    for n, p, y in bins(points["event"]):
        print(f"  {n:4} {p:.2f} {y:.2f}")
    print("type at --min-confidence")
    for least in (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9):
        kept = [y for p, y in points["event"] if p >= least]
        if kept:
            print(f"  {least:.1f}  P {sum(kept) / len(kept):.3f}  R {sum(kept) / total:.3f}  ({len(kept)} events)")


if __name__ == "__main__":
    main()
