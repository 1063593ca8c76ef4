"""Fits the trees that weigh places, times and tolls anew: python -m training.scenes OUT.npz --counts GOLD... --rows …

As `training.dyads`, with the same options, of which `--folds DIR` has the trees of dyads that have not seen an article:
its parties are told by them. A row is a candidate for the country of the place, the value of the time, or the number of
one category of the toll, of an event that gold has, too, with the same type. Needs LightGBM.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from typing import cast

import numpy as np
from msgspec.structs import replace

from khabar.records import HeardEvent
from khabar.resolve import load_tables
from khabar.resolve.dyad import Ranking as Dyads
from khabar.resolve.resolver import load_model, parties_of, told_by
from khabar.resolve.scene import Ground, Ranking, problems
from khabar.resolve.scene.cells import CATEGORIES, CELLS, COLUMNS
from khabar.trees import likelihoods
from training.dyads import fold_file
from training.measure import pairs
from training.ranking import (
    FOLDS,
    Curves,
    Floats,
    Question,
    Ranked,
    Told,
    check,
    decided,
    fit,
    fold_of,
    parser,
    settled,
    sources,
)


def chances(scores: Floats, empty: Sequence[bool]) -> Floats:  # noqa: ARG001  (as `Ranked` asks for it)
    """How likely each candidate is."""
    return likelihoods(scores)


RANKED = {
    cell: Ranked(COLUMNS[cell], tuple(CATEGORIES[cell]), chances, rounds=400, leaves=7, least=100) for cell in CELLS
}


def collect(told: Iterator[Told], dyads: Sequence[Dyads]) -> Iterator[Question]:
    """The places, times and tolls of some articles' events; `dyads` are trees that have not seen a fold."""
    tables, model = load_tables(), load_model()
    for one in told:
        resolved = parties_of(one.article, one.draft, tables, one.counts, model)
        scene = told_by(one.article, resolved, tables, one.counts, model, dyads[fold_of(one.article.id)])
        known = {id(c): g for g, c in pairs(one.truth, replace(one.draft, events=scene.events)) if g.type == c.type}
        events = cast(Sequence[HeardEvent], scene.events)
        for asked in problems(Ground(one.article, events, scene.evidence, scene.reading), events):
            event = events[asked.event]
            if id(event) in known:
                gold, now = asked.value(known[id(event)]), asked.value(event)
                right = [candidate == gold for candidate in asked.candidates]
                rows = np.array(asked.rows, dtype=np.float32)
                yield Question(one.article.id, asked.event, asked.cell, rows, right, now == gold)


def dyads_of(a: argparse.Namespace, name: str) -> list[Dyads]:
    """The trees of dyads of a source by the fold that they have not seen."""
    if a.folds is None:
        raise SystemExit("--folds DIR is missing: what `training.dyads --folds DIR` wrote")
    found = []
    for fold in range(FOLDS):
        with np.load(fold_file(a.folds, name, fold)) as arrays:
            found.append(Dyads.of(arrays))
    return found


def main() -> None:
    a = parser(__doc__).parse_args()
    some = [(source, one) for source, name, told in sources(a) for one in collect(told, dyads_of(a, name))]
    curves: Curves = {}
    trees = {}
    for cell in CELLS:
        mine = [(source, one) for source, one in some if one.cell == cell]
        curves |= check(decided(RANKED[cell], mine))
        if not a.check:
            trees[cell] = settled(fit(RANKED[cell], mine), RANKED[cell].columns, 0)
    if not a.check:
        np.savez_compressed(a.out, **Ranking(trees, curves).arrays())
        print(json.dumps({"cells": len(some), "bytes": a.out.stat().st_size}))


if __name__ == "__main__":
    main()
