"""Fits the calibration of confidences on the held-out fold: python -m training.calibrate MODEL.pt MODEL_DIR --gold DIR

Codes the articles that MODEL.pt did not train on with the packaged coder and the resolver, pairs their events with gold
and fits, for the event and for each cell, a logistic curve over the log odds of its raw probability. Writes the curves
into MODEL_DIR/model.json; a second run replaces them.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import defaultdict
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec
import torch

from khabar.coding.neural import NeuralCoder
from khabar.records import Article, CodedArticle
from khabar.resolve import load_tables, resolve
from khabar.resolve.acts import ROLES
from khabar.resolve.counts import load_counts, rows_of, without
from training.labels import load
from training.measure import CELLS, pairs, right
from training.words import unseen

Json = dict[str, Any]
WEIGHED_ANEW = frozenset(ROLES)  # `training.dyads` calibrates these


def fit(points: Sequence[tuple[float, bool]], ridge: float = 1.0) -> tuple[float, float]:
    """(slope, offset) that maximise the likelihood of the outcomes; Newton's method, drawn to slope 1 and offset 0."""
    slope, offset = 1.0, 0.0
    odds = [(math.log(min(max(p, 1e-6), 1 - 1e-6) / (1 - min(max(p, 1e-6), 1 - 1e-6))), float(y)) for p, y in points]
    for _ in range(50):
        g0, g1, h00, h01, h11 = ridge * offset, ridge * (slope - 1), ridge, 0.0, ridge
        for x, y in odds:
            q = 1 / (1 + math.exp(-min(max(slope * x + offset, -30.0), 30.0)))
            w = q * (1 - q)
            g0, g1, h00, h01, h11 = g0 + q - y, g1 + (q - y) * x, h00 + w, h01 + w * x, h11 + w * x * x
        determinant = h00 * h11 - h01 * h01
        step0, step1 = (h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant
        shorter = min(1.0, 0.5 / max(abs(step0), abs(step1), 1e-12))  # a whole step may overshoot
        offset, slope = offset - shorter * step0, slope - shorter * step1
        if abs(step0) + abs(step1) < 1e-8:
            break
    return round(slope, 4), round(offset, 4)


def points(coder: NeuralCoder, held: Sequence[tuple[Json, Json]]) -> dict[str, list[tuple[float, bool]]]:
    """Raw probability and outcome of every event, and of every cell of events typed as gold types them."""
    tables, look = load_tables(), unseen(coder.look, held)
    found: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    golds = {article["id"]: msgspec.convert(coding, CodedArticle, strict=False) for article, coding in held}
    with without(load_counts(), chain.from_iterable(map(rows_of, golds.values()))):
        for article, _ in held:
            gold = golds[article["id"]]
            record = Article(id=article["id"], paragraphs=tuple(article["paragraphs"]), date=article["date"])
            draft = coder.code(record, frozenset(n for n, _ in gold.not_body), look=look)
            coded = resolve(record, draft, tables)
            matched = {id(c): g for g, c in pairs(gold, coded) if g.type == c.type}
            for event in coded.events:
                found["event"].append((event.confidence, id(event) in matched))
                if id(event) in matched:
                    for cell in CELLS:
                        if cell in event.cells and not (coder.look and cell in WEIGHED_ANEW):
                            found[cell].append((event.cells[cell], right(cell, matched[id(event)], event)))
    return found


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("model", type=Path)
    p.add_argument("folder", type=Path)
    p.add_argument("--gold", type=Path, required=True)
    a = p.parse_args()
    path = a.folder / "model.json"
    description = json.loads(path.read_text(encoding="utf-8"))
    description["settings"]["calibration"] = {}
    path.write_text(json.dumps(description, indent=1) + "\n", encoding="utf-8")
    held = set(torch.load(a.model, weights_only=False)["held"])
    found = points(NeuralCoder(a.folder), [x for x in load(a.gold) if x[0]["id"] in held])
    description["settings"]["calibration"] = {k: fit(v) for k, v in sorted(found.items())}
    path.write_text(json.dumps(description, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(description["settings"]["calibration"]))


if __name__ == "__main__":
    main()
