"""Fits the trees that weigh actors and recipients anew: python -m training.dyads OUT.npz --counts GOLD... --rows …

Each `--rows NAME MODEL_DIR GOLD` has the articles of GOLD coded by the coder in MODEL_DIR, which must not have learned
from them, nor must its second look or the resolver's weights and trees; the thresholds are those of the first
MODEL_DIR, the coder that the trees are for. Words and codes are counted in the gold folders of `--counts` (of every
article without the tenth that it is in). A row is a candidate for a role of an event that gold has, too,
with the same type; it is right where its codes are gold's. NAME is a column while trees are fitted, since coders and
codings differ; the trees that are written are those of the first NAME. `--unlearned NAME RUN.pt` takes of a source only
articles that this run has not learned from. Each fifth of the first NAME is decided by trees that have not seen it, for
the calibration and for the figures that are printed; `--check` writes nothing. Needs LightGBM.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections.abc import Iterator, Sequence
from itertools import chain, groupby
from pathlib import Path
from typing import Any, NamedTuple

import lightgbm
import msgspec
import numpy as np
import numpy.typing as npt
import torch
from msgspec.structs import replace

from khabar.coding.confidence import squash
from khabar.coding.neural import NeuralCoder
from khabar.records import Article, CodedArticle
from khabar.resolve import load_tables
from khabar.resolve.counts import Counts, add, rows_of, without
from khabar.resolve.dyad import Ranking, problems
from khabar.resolve.dyad.choose import CURVES, chances
from khabar.resolve.dyad.rows import CATEGORIES, COLUMNS, ROLES
from khabar.resolve.resolver import Model, Resolved, load_model, parties_of
from khabar.trees import Trees
from training.calibrate import fit as calibrate
from training.labels import load
from training.look import trees_of
from training.measure import codes, error, pairs
from training.words import by_part, count, part_of

Json = dict[str, Any]
Pairs = Sequence[tuple[Json, Json]]
Floats = npt.NDArray[np.float64]
FOLDS = 5
ROUNDS, RATE = 300, 0.1
COMMON = {
    "num_leaves": 15, "min_data_in_leaf": 200, "feature_fraction": 0.6, "bagging_fraction": 0.8, "bagging_freq": 1,
    "lambda_l2": 20.0, "cat_smooth": 20.0, "verbose": -1, "num_threads": 1, "seed": 1, "deterministic": True,
}  # fmt: skip


class Role(NamedTuple):
    """A role of an event typed as gold types it: the article, the number of its event, the role, the rows of its
    candidates, which of them gold has, and whether it was right before."""

    article: str
    event: int
    role: str
    rows: npt.NDArray[np.float32]
    right: list[bool]
    before: bool


def collect(coder: NeuralCoder, gold: Pairs, counted: Pairs) -> Iterator[Role]:
    """The roles of the articles of `gold`; words and codes are counted in `counted` without the article's tenth."""
    look = coder.look
    if look is None:
        raise SystemExit("the coder has no second look, so it hears no candidates")
    words, own, tables, model = count(counted), by_part(counted), load_tables(), load_model()
    tenths: dict[int, list[CodedArticle]] = {n: [] for n in range(len(own))}
    for article, coding in counted:
        tenths[part_of(article["id"])].append(msgspec.convert(coding, CodedArticle, strict=False))
    counts = Counts({}, {}, {}, {})
    for coded in chain.from_iterable(tenths.values()):
        add(counts, rows_of(coded), 1)
    order = sorted(gold, key=lambda pair: part_of(pair[0]["id"]))
    for part, some in groupby(order, key=lambda pair: part_of(pair[0]["id"])):
        mine = look._replace(counts=words.without(own[part]))
        with without(counts, chain.from_iterable(map(rows_of, tenths[part]))):
            for article, coding in some:
                truth = msgspec.convert(coding, CodedArticle, strict=False)
                whole = Article(id=article["id"], paragraphs=tuple(article["paragraphs"]), date=article["date"])
                draft = coder.code(whole, frozenset(n for n, _ in truth.not_body), look=mine)
                yield from _roles(truth, parties_of(whole, draft, tables, counts, model), counts, model)


def _roles(truth: CodedArticle, resolved: Resolved, counts: Counts, model: Model) -> Iterator[Role]:
    """The roles of one article's events that are typed as gold types them."""
    events = []
    for event, parties in zip(resolved.draft.events, resolved.parties, strict=True):
        told = {r: tuple(replace(one.mention, codes=one.codes) for one in mine) for r, mine in parties.items()}
        events.append(replace(event, **told))
    known = {id(c): g for g, c in pairs(truth, replace(resolved.draft, events=tuple(events))) if g.type == c.type}
    context, draft, parties_now, spoken = resolved
    for one in problems(context, draft, parties_now, spoken, counts, model.understood):
        event = events[one.event]
        if id(event) in known:
            gold, now = codes(getattr(known[id(event)], one.role)), codes(getattr(event, one.role))
            right = [candidate == gold for candidate in one.candidates]
            yield Role(truth.id, one.event, one.role, np.array(one.rows, dtype=np.float32), right, now == gold)


def fit(roles: Sequence[tuple[int, Role]]) -> lightgbm.Booster:
    """Trees whose sum is the score of a candidate (a softmax over the candidates of a role); a source's number is the
    last column. Roles without a right candidate teach nothing."""
    known = [(source, one) for source, one in roles if any(one.right)]
    sizes = np.array([len(one.rows) for _, one in known])
    group, starts = np.repeat(np.arange(len(sizes)), sizes), np.cumsum(sizes) - sizes
    target = np.array([right for _, one in known for right in one.right], dtype=float)

    def gradient(score: Floats, _: Any) -> tuple[Floats, Floats]:
        chance = np.exp(score - np.maximum.reduceat(score, starts)[group])
        chance /= np.add.reduceat(chance, starts)[group]
        return chance - target, np.maximum(chance * (1 - chance), 1e-4)

    data = lightgbm.Dataset(_table(known), target, categorical_feature=[COLUMNS.index(name) for name in CATEGORIES])
    return lightgbm.train(COMMON | {"objective": gradient, "learning_rate": RATE}, data, ROUNDS)


def _table(roles: Sequence[tuple[int, Role]]) -> npt.NDArray[np.float32]:
    return np.concatenate([
        np.column_stack([one.rows, np.full(len(one.rows), source, dtype=np.float32)]) for source, one in roles
    ])  # fmt: skip


class Decided(NamedTuple):
    """A role and what trees that have not seen its article make of it: whether it is empty, whether that is right, with
    which chance."""

    role: Role
    empty: bool
    right: bool
    chance: float


def decided(roles: Sequence[tuple[int, Role]]) -> list[Decided]:
    """Every role of the first source, each fifth of its articles by trees fitted on all the rest."""
    found = []
    for fold in range(FOLDS):
        out = [one for source, one in roles if source == 0 and _fold(one) == fold]
        if not out:
            continue
        model = fit([(source, one) for source, one in roles if source or _fold(one) != fold])
        score = np.asarray(model.predict(_table([(0, one) for one in out])))
        for one, part in zip(out, np.split(score, np.cumsum([len(o.rows) for o in out])[:-1]), strict=True):
            nobody = (one.rows[:, COLUMNS.index("nobody")] == 1).tolist()
            chance = chances(part, nobody)
            best = int(chance.argmax())
            found.append(Decided(one, nobody[best], one.right[best], float(chance[best])))
    return found


def check(found: Sequence[Decided]) -> dict[tuple[str, bool], tuple[float, float]]:
    """Prints how many roles and dyads are right, before and after, and the expected calibration error; the curves of
    the calibration."""
    curves = {}
    for role, empty in CURVES:
        points = [(one.chance, one.right) for one in found if one.role.role == role and one.empty == empty]
        curves[role, empty] = calibrate(points)
    for role in ROLES:
        mine = [one for one in found if one.role.role == role]
        before, after = np.mean([one.role.before for one in mine]), np.mean([one.right for one in mine])
        sure = error([(squash(one.chance, *curves[role, one.empty]), one.right) for one in mine])
        print(f"{role}: right {before:.4f} to {after:.4f} of {len(mine)}, calibration error {sure:.4f}")
    dyads: dict[tuple[str, int], list[Decided]] = {}
    for one in found:
        if one.role.role != "speaker":
            dyads.setdefault((one.role.article, one.role.event), []).append(one)
    before = np.mean([all(one.role.before for one in some) for some in dyads.values()])
    after = np.mean([all(one.right for one in some) for some in dyads.values()])
    print(f"dyads, what is settled left out: right {before:.4f} to {after:.4f} of {len(dyads)}")
    return curves


def _fold(one: Role) -> int:
    return zlib.crc32(f"dyad {one.article}".encode()) % FOLDS


def settled(model: lightgbm.Booster, source: int) -> Trees:
    """A model as arrays, its tests of the last column decided for one source."""
    trees = trees_of(model)
    last = len(COLUMNS)
    for name in ("yes", "no"):
        way = getattr(trees, name)
        for n in range(len(way)):
            while trees.column[way[n]] == last and trees.yes[way[n]] != way[n]:
                way[n] = trees.yes[way[n]] if source <= trees.limit[way[n]] else trees.no[way[n]]
    for n, root in enumerate(trees.roots):
        while trees.column[root] == last and trees.yes[root] != root:
            root = trees.yes[root] if source <= trees.limit[root] else trees.no[root]
        trees.roots[n] = root
    trees.column[trees.column == last] = 0  # no test leads there any more
    return trees


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("out", type=Path)
    p.add_argument("--counts", type=Path, nargs="+", required=True)
    p.add_argument("--rows", nargs=3, action="append", required=True, metavar=("NAME", "MODEL_DIR", "GOLD"))
    p.add_argument("--unlearned", nargs=2, action="append", default=[], metavar=("NAME", "RUN.pt"))
    p.add_argument("--check", action="store_true")
    a = p.parse_args()
    learned = {name: set(torch.load(run, weights_only=False)["kept"]) for name, run in a.unlearned}
    counted = [pair for folder in a.counts for pair in load(folder)]
    names = list(dict.fromkeys(name for name, _, _ in a.rows))
    settings = NeuralCoder(Path(a.rows[0][1])).settings
    roles: list[tuple[int, Role]] = []
    for name, folder, gold in a.rows:
        coder = NeuralCoder(Path(folder))
        coder.settings = settings._replace(temperature=coder.settings.temperature)
        mine = [pair for pair in load(Path(gold)) if pair[0]["id"] not in learned.get(name, ())]
        roles += [(names.index(name), one) for one in collect(coder, mine, counted)]
        print(json.dumps({"source": name, "roles": sum(names[n] == name for n, _ in roles)}), flush=True)
    calibration = check(decided(roles))
    if a.check:
        return
    np.savez_compressed(a.out, **Ranking(settled(fit(roles), 0), calibration).arrays())
    print(json.dumps({"roles": len(roles), "bytes": a.out.stat().st_size}))


if __name__ == "__main__":
    main()
