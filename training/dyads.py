"""Fits the trees that weigh actors and recipients anew: python -m training.dyads OUT.npz --counts GOLD... --rows …

Each `--rows NAME MODEL_DIR GOLD` has the articles of GOLD coded by the coder in MODEL_DIR, which must not have learned
from them, nor must its second look or the resolver's weights and trees; the thresholds are those of the first
MODEL_DIR, the coder that the trees are for. Words and codes are counted in the gold folders of `--counts` (of every
article without the tenth that it is in). A row is a candidate for a role of an event that gold has, too,
with the same type; it is right where its codes are gold's. NAME is a column while trees are fitted, since coders and
codings differ; the trees that are written are those of the first NAME. `--unlearned NAME RUN.pt` takes of a source only
articles that this run has not learned from. Each fifth of the first NAME is decided by trees that have not seen it, for
the calibration and for the figures that are printed; `--check` writes nothing. `--folds DIR` writes trees of each NAME
that have not seen a fifth of the articles, too: `training.scenes` tells those by them. Needs LightGBM.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from msgspec.structs import replace

from khabar.judging.scoring import codes
from khabar.records import CodedArticle
from khabar.resolve import load_tables
from khabar.resolve.counts import Counts
from khabar.resolve.dyad import Ranking, problems
from khabar.resolve.dyad.choose import chances
from khabar.resolve.dyad.rows import CATEGORIES, COLUMNS
from khabar.resolve.resolver import Model, Resolved, load_model, parties_of
from training.measure import pairs
from training.ranking import (
    FOLDS,
    Curves,
    Decided,
    Question,
    Ranked,
    Some,
    Told,
    check,
    decided,
    fit,
    fold_of,
    names_of,
    parser,
    settled,
    sources,
)

RANKED = Ranked(COLUMNS, tuple(CATEGORIES), chances, rounds=300, leaves=15, least=200)


def collect(told: Iterator[Told]) -> Iterator[Question]:
    """The roles of some articles' events."""
    tables, model = load_tables(), load_model()
    for one in told:
        resolved = parties_of(one.article, one.draft, tables, one.counts, model)
        yield from _roles(one.truth, resolved, one.counts, model)


def _roles(truth: CodedArticle, resolved: Resolved, counts: Counts, model: Model) -> Iterator[Question]:
    """The roles of one article's events that are typed as gold types them."""
    events = []
    for event, parties in zip(resolved.draft.events, resolved.parties, strict=True):
        told = {r: tuple(replace(one.mention, codes=one.codes) for one in mine) for r, mine in parties.items()}
        events.append(replace(event, **told))
    known = {id(c): g for g, c in pairs(truth, replace(resolved.draft, events=tuple(events))) if g.type == c.type}
    for one in problems(
        resolved.context, resolved.draft, resolved.parties, resolved.spoken, counts, model.understood
    ):  # fmt: skip
        event = events[one.event]
        if id(event) in known:
            gold, now = codes(getattr(known[id(event)], one.role)), codes(getattr(event, one.role))
            right = [candidate == gold for candidate in one.candidates]
            yield Question(truth.id, one.event, one.role, np.array(one.rows, dtype=np.float32), right, now == gold)


def pairs_right(found: Sequence[Decided]) -> None:
    """Prints how many dyads are right before and after."""
    dyads: dict[tuple[str, int], list[Decided]] = {}
    for one in found:
        if one.question.cell != "speaker":
            dyads.setdefault((one.question.article, one.question.event), []).append(one)
    before = np.mean([all(one.question.before for one in some) for some in dyads.values()])
    after = np.mean([all(one.right for one in some) for some in dyads.values()])
    print(f"dyads, what is settled left out: right {before:.4f} to {after:.4f} of {len(dyads)}")


def save_folds(a: argparse.Namespace, some: Some, curves: Curves) -> None:
    """Writes into `--folds`, for each source and fold, trees that have not seen the articles of the fold."""
    a.folds.mkdir(parents=True, exist_ok=True)
    for fold in range(FOLDS):
        model = fit(RANKED, [(source, one) for source, one in some if fold_of(one.article) != fold])
        for source, name in enumerate(names_of(a)):
            np.savez_compressed(
                fold_file(a.folds, name, fold), **Ranking(settled(model, COLUMNS, source), curves).arrays()
            )


def fold_file(folder: Path, name: str, fold: int) -> Path:
    """Where the trees of a source stand that have not seen a fold."""
    return folder / f"{name}-{fold}.npz"


def main() -> None:
    a = parser(__doc__).parse_args()
    some = [(source, one) for source, _, told in sources(a) for one in collect(told)]
    found = decided(RANKED, some)
    curves = check(found)
    pairs_right(found)
    if a.check:
        return
    if a.folds:
        save_folds(a, some, curves)
    np.savez_compressed(a.out, **Ranking(settled(fit(RANKED, some), COLUMNS, 0), curves).arrays())
    print(json.dumps({"roles": len(some), "bytes": a.out.stat().st_size}))


if __name__ == "__main__":
    main()
