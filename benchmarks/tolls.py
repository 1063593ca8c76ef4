"""Tolls: F1 over filled toll cells (category and value, sign included) given the gold events.

python benchmarks/tolls.py GOLD_DIR... [--misses N] [--every K]
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from pathlib import Path

import msgspec

from khabar.resolve.tolls import attach
from places import load


def measure(folder: Path, misses: int, every: int) -> None:
    right: Counter[str] = Counter()
    gold_cells: Counter[str] = Counter()
    found_cells: Counter[str] = Counter()
    wrong: list[str] = []
    for article, gold in load(folder)[::every]:
        events = attach(article, [msgspec.structs.replace(e, toll={}) for e in gold.events])
        for said, got in zip(gold.events, events, strict=True):
            a, b = set(said.toll.items()), set(got.toll.items())
            right.update(c for c, _ in a & b)
            gold_cells.update(list(said.toll))
            found_cells.update(list(got.toll))
            if a != b:
                text = article.paragraphs[said.paragraph]
                at = said.trigger.start
                wrong.append(
                    f"{said.trigger.text} {said.type}/{said.mode} {said.status} gold {said.toll} got {got.toll} | "
                    f"{text[max(0, at - 220) : at + 220]}"
                )
    for category in [*gold_cells, None]:
        keys = [category] if category else list(gold_cells | found_cells)
        r, g, f = (sum(c[k] for k in keys) for c in (right, gold_cells, found_cells))
        precision, recall = r / max(f, 1), r / max(g, 1)
        f1 = 2 * r / max(f + g, 1)
        print(f"{category or 'all':10} P {precision:.3f} R {recall:.3f} F1 {f1:.3f} ({g} gold, {f} found)")
    random.Random(3).shuffle(wrong)
    print(*wrong[:misses], sep="\n\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--misses", type=int, default=0)
    parser.add_argument("--every", type=int, default=1)
    options = parser.parse_args()
    for folder in options.folders:
        measure(folder, options.misses, options.every)


if __name__ == "__main__":
    main()
