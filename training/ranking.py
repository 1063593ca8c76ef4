"""What `training.dyads` and `training.scenes` share: questions put to a whole chain, trees that rank the answers.

A question is a cell of an event that gold has, too, with the same type; a row is a candidate for it, right where it is
gold's. Articles are coded by a coder that has not learned from them, with words and codes counted without their tenth
of the gold. A source of rows (coder and coding) is a column while trees are fitted; what is written is decided for one.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, groupby
from pathlib import Path
from typing import Any, NamedTuple

import lightgbm
import msgspec
import numpy as np
import numpy.typing as npt
import torch

from khabar.coding.confidence import squash
from khabar.coding.neural import NeuralCoder
from khabar.records import Article, CodedArticle
from khabar.resolve.counts import Counts, add, rows_of, without
from khabar.trees import Trees
from training.calibrate import fit as calibrate
from training.labels import load
from training.look import trees_of
from training.measure import error
from training.words import by_part, count, part_of

Json = dict[str, Any]
Pairs = Sequence[tuple[Json, Json]]
Floats = npt.NDArray[np.float64]
Curves = dict[tuple[str, bool], tuple[float, float]]
FOLDS = 5
RATE = 0.1
COMMON = {
    "feature_fraction": 0.6, "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 20.0, "cat_smooth": 20.0,
    "verbose": -1, "num_threads": 1, "seed": 1, "deterministic": True,
}  # fmt: skip


class Question(NamedTuple):
    """A cell of an event typed as gold types it: the article, the number of its event, the cell, the rows of its
    candidates, which of them gold has, and whether it was right before."""

    article: str
    event: int
    cell: str
    rows: npt.NDArray[np.float32]
    right: list[bool]
    before: bool


Some = Sequence[tuple[int, Question]]  # with the number of the source


class Told(NamedTuple):
    """An article as gold codes it and as a coder does that has not learned from it, and counts without its tenth."""

    truth: CodedArticle
    article: Article
    draft: CodedArticle
    counts: Counts


def drafts(coder: NeuralCoder, gold: Pairs, counted: Pairs) -> Iterator[Told]:
    """The articles of `gold`; words and codes are counted in `counted` without the article's tenth."""
    look = coder.look
    if look is None:
        raise SystemExit("the coder has no second look, so it hears no candidates")
    words, own = count(counted), by_part(counted)
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
                yield Told(truth, whole, coder.code(whole, frozenset(n for n, _ in truth.not_body), look=mine), counts)


class Ranked(NamedTuple):
    """What trees are to rank: the columns of a row, those that are categories, the chances of some scores, given which
    candidate is the empty cell; and how many trees of how many leaves with at least how many rows in each."""

    columns: Sequence[str]
    categories: Sequence[str]
    chances: Callable[[Floats, Sequence[bool]], Floats]
    rounds: int
    leaves: int
    least: int

    def empty(self, one: Question) -> list[bool]:
        """Which candidates of a question are the empty cell."""
        found: list[bool] = (one.rows[:, self.columns.index("nobody")] == 1).tolist()
        return found


def fit(ranked: Ranked, some: Some) -> lightgbm.Booster:
    """Trees whose sum is the score of a candidate (a softmax over the candidates of a question); a source's number is
    the last column. Questions without a right candidate teach nothing."""
    known = [(source, one) for source, one in some if any(one.right)]
    sizes = np.array([len(one.rows) for _, one in known])
    group, starts = np.repeat(np.arange(len(sizes)), sizes), np.cumsum(sizes) - sizes
    target = np.array([right for _, one in known for right in one.right], dtype=float)

    def gradient(score: Floats, _: Any) -> tuple[Floats, Floats]:
        chance = np.exp(score - np.maximum.reduceat(score, starts)[group])
        chance /= np.add.reduceat(chance, starts)[group]
        return chance - target, np.maximum(chance * (1 - chance), 1e-4)

    categories = [ranked.columns.index(name) for name in ranked.categories]
    data = lightgbm.Dataset(_table(known), target, categorical_feature=categories)
    size = {"num_leaves": ranked.leaves, "min_data_in_leaf": ranked.least}
    return lightgbm.train(COMMON | size | {"objective": gradient, "learning_rate": RATE}, data, ranked.rounds)


def _table(some: Some) -> npt.NDArray[np.float32]:
    return np.concatenate([
        np.column_stack([one.rows, np.full(len(one.rows), source, dtype=np.float32)]) for source, one in some
    ])  # fmt: skip


class Decided(NamedTuple):
    """A question and what trees that have not seen its article make of it: whether the cell is empty, whether that is
    right, with which chance."""

    question: Question
    empty: bool
    right: bool
    chance: float


def fold_of(article: str) -> int:
    """The fold of an article, the same whatever is fitted."""
    return zlib.crc32(f"dyad {article}".encode()) % FOLDS


def decided(ranked: Ranked, some: Some) -> list[Decided]:
    """Every question of the first source, each fifth of its articles by trees fitted on all the rest."""
    found = []
    for fold in range(FOLDS):
        out = [one for source, one in some if source == 0 and fold_of(one.article) == fold]
        if not out:
            continue
        model = fit(ranked, [(source, one) for source, one in some if source or fold_of(one.article) != fold])
        score = np.asarray(model.predict(_table([(0, one) for one in out])))
        for one, part in zip(out, np.split(score, np.cumsum([len(o.rows) for o in out])[:-1]), strict=True):
            empty = ranked.empty(one)
            chance = ranked.chances(part, empty)
            best = int(chance.argmax())
            found.append(Decided(one, empty[best], one.right[best], float(chance[best])))
    return found


def check(found: Sequence[Decided]) -> Curves:
    """Prints how many questions are right before and after, and the expected calibration error; the curves of the
    calibration by cell, filled and empty apart."""
    curves: Curves = {}
    for cell in dict.fromkeys(one.question.cell for one in found):
        mine = [one for one in found if one.question.cell == cell]
        for empty in (False, True):
            curves[cell, empty] = calibrate([(one.chance, one.right) for one in mine if one.empty == empty])
        before, after = np.mean([one.question.before for one in mine]), np.mean([one.right for one in mine])
        sure = error([(squash(one.chance, *curves[cell, one.empty]), one.right) for one in mine])
        print(f"{cell}: right {before:.4f} to {after:.4f} of {len(mine)}, calibration error {sure:.4f}")
    return curves


def settled(model: lightgbm.Booster, columns: Sequence[str], source: int) -> Trees:
    """A model as arrays, its tests of the last column decided for one source."""
    trees = trees_of(model)
    last = len(columns)
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


def parser(description: str | None) -> argparse.ArgumentParser:
    """The options of both commands."""
    p = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("out", type=Path)
    p.add_argument("--counts", type=Path, nargs="+", required=True)
    p.add_argument("--rows", nargs=3, action="append", required=True, metavar=("NAME", "MODEL_DIR", "GOLD"))
    p.add_argument("--unlearned", nargs=2, action="append", default=[], metavar=("NAME", "RUN.pt"))
    p.add_argument("--check", action="store_true")
    p.add_argument("--folds", type=Path)
    return p


def sources(a: argparse.Namespace) -> Iterator[tuple[int, str, Iterator[Told]]]:
    """The number and name of each source of `--rows` (one name is one source), and its articles as they are told."""
    learned = {name: set(torch.load(run, weights_only=False)["kept"]) for name, run in a.unlearned}
    counted = [pair for folder in a.counts for pair in load(folder)]
    names = names_of(a)
    settings = NeuralCoder(Path(a.rows[0][1])).settings
    for name, folder, gold in a.rows:
        coder = NeuralCoder(Path(folder))
        coder.settings = settings._replace(temperature=coder.settings.temperature)
        mine = [pair for pair in load(Path(gold)) if pair[0]["id"] not in learned.get(name, ())]
        yield names.index(name), name, drafts(coder, mine, counted)
        print(json.dumps({"source": name, "articles": len(mine)}), flush=True)


def names_of(a: argparse.Namespace) -> list[str]:
    """The names of the sources, the first one's the one that the trees are for."""
    return list(dict.fromkeys(name for name, _, _ in a.rows))
