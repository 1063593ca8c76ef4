"""How the resolver's weights and trees are learned: a conditional logit over factored candidates, boosted trees over
its scores. Used by `resolution_fit.py`; numpy for the first, LightGBM (of the extra `train`) for the second."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from khabar.resolve.evidence import Evidence
from khabar.resolve.weighing import KEYS, Weights, kind_of, row_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
_KEY = {key.removeprefix("-"): n for n, key in enumerate(KEYS)}


class Problem(NamedTuple):
    """A party to be decided: the number of its article, its evidence, the right code (None: the mention has another
    number of parties)."""

    article: int
    evidence: Evidence
    right: str | None


class _Sparse:
    """Rows, columns and values of a growing sparse matrix."""

    def __init__(self) -> None:
        self.row: list[int] = []
        self.column: list[int] = []
        self.value: list[float] = []

    def add(self, row: int, column: int, value: float) -> None:
        self.row.append(row)
        self.column.append(column)
        self.value.append(value)

    def done(self) -> tuple[Ints, Ints, Floats]:
        return np.array(self.row, np.int32), np.array(self.column, np.int32), np.array(self.value, np.float32)


class Logit:
    """The conditional logit of `khabar.resolve.evidence`: score of a code = country + sector + whole code.

    Features seen in fewer than `floor` problems, words seen in fewer than `word_floor` articles, are left out."""

    def __init__(self, problems: Sequence[Problem], floor: int = 20, word_floor: int = 8) -> None:
        seen: Counter[str] = Counter()
        articles: dict[str, set[int]] = {}
        for article, evidence, _ in problems:
            parts = (*evidence.countries.values(), *evidence.sectors.values(), *evidence.whole.values())
            seen.update({name for features in parts for name, _ in features})
            for word in evidence.words:
                articles.setdefault(word, set()).add(article)
        self.plain = {name: n for n, name in enumerate(sorted(n for n, c in seen.items() if c >= floor))}
        self.words = {w: n for n, w in enumerate(sorted(w for w, a in articles.items() if len(a) >= word_floor))}
        self.size = len(self.plain) + len(self.words) * len(KEYS)
        self._units, self._whole = _Sparse(), _Sparse()
        self.unit_count = 0
        country, sector, group, right = [], [], [], []
        for number, (_, evidence, code) in enumerate(problems):
            words = [self.words[w] for w in evidence.words if w in self.words]
            units = {c: self._unit(f, kind_of(c), words) for c, f in evidence.countries.items()}
            others = {s: self._unit(f, s, words) for s, f in evidence.sectors.items()}
            for one in evidence.codes:
                state, _, kind = one.partition(".")
                for name, value in evidence.whole.get(one, ()):
                    if name in self.plain:
                        self._whole.add(len(group), self.plain[name], value)
                country.append(units[state])
                sector.append(others[kind])
                group.append(number)
                right.append(one == code)
        self.units, self.whole = self._units.done(), self._whole.done()
        self.country, self.sector = np.array(country), np.array(sector)
        self.group, self.right = np.array(group), np.array(right)
        self.starts = np.searchsorted(self.group, np.arange(len(problems)))
        self.known = np.add.reduceat(self.right.astype(int), self.starts) > 0

    def _unit(self, features: Sequence[tuple[str, float]], key: str, words: Sequence[int]) -> int:
        unit = self.unit_count
        for name, value in features:
            if name in self.plain:
                self._units.add(unit, self.plain[name], value)
        if key in _KEY:
            for word in words:
                self._units.add(unit, len(self.plain) + word * len(KEYS) + _KEY[key], 1.0)
        self.unit_count += 1
        return unit

    def log_chances(self, weights: Floats) -> Floats:
        """Log chance of every candidate of every problem."""
        row, column, value = self.units
        units = np.bincount(row, value * weights[column], self.unit_count)
        score = units[self.country] + units[self.sector]
        row, column, value = self.whole
        score += np.bincount(row, value * weights[column], len(score))
        return log_softmax(score, self.group, self.starts)

    def fit(self, use: Bools, steps: int, decay: float = 1.0, word_decay: float = 5.0) -> Floats:
        """Weights by Adam on the problems in `use`; `decay` and `word_decay` draw weights to nought."""
        use = use & self.known
        chosen, number = use[self.group], int(use.sum())
        pull = np.full(self.size, word_decay / number)
        pull[: len(self.plain)] = decay / number
        row, column, value = self.units
        whole_row, whole_column, whole_value = self.whole

        def gradient(weights: Floats) -> Floats:
            wrong = np.where(chosen, np.exp(self.log_chances(weights)) - self.right, 0.0)
            units = np.bincount(self.country, wrong, self.unit_count) + np.bincount(self.sector, wrong, self.unit_count)
            whole = np.bincount(column, value * units[row], self.size)
            whole += np.bincount(whole_column, whole_value * wrong[whole_row], self.size)
            return whole / number + pull * weights

        return adam(gradient, self.size, steps)

    def table(self, weights: Floats, least: float = 0.01) -> Weights:
        """Weights as the resolver reads them; those below `least` are nought."""
        plain = {name: float(weights[n]) for name, n in self.plain.items() if abs(weights[n]) >= least}
        words = {}
        for word, n in self.words.items():
            at = len(self.plain) + n * len(KEYS)
            mine = [(k, float(weights[at + i])) for i, k in enumerate(KEYS) if abs(weights[at + i]) >= 5 * least]
            if mine:
                words[word] = row_of(mine)
        return Weights(plain, words)


def adam(gradient: Callable[[Floats], Floats], size: int, steps: int) -> Floats:
    """Weights that a gradient leads to from nought (Kingma and Ba 2015), by steps that grow shorter."""
    weights, m, s = np.zeros(size), np.zeros(size), np.zeros(size)
    for step in range(1, steps + 1):
        slope = gradient(weights)
        m, s = 0.9 * m + 0.1 * slope, 0.99 * s + 0.01 * slope**2
        rate = 0.15 * (1 - step / (steps + 1)) + 0.005
        weights -= rate * (m / (1 - 0.9**step)) / (np.sqrt(s / (1 - 0.99**step)) + 1e-8)
    return weights


def log_softmax(score: Floats, group: Ints, starts: Ints) -> Floats:
    """Log chances within groups of consecutive candidates."""
    score = score - np.maximum.reduceat(score, starts)[group]
    result: Floats = score - np.log(np.add.reduceat(np.exp(score), starts))[group]
    return result


def boost(
    rows: Floats, base: Floats, right: Bools, sizes: Ints, columns: Sequence[str],
    categories: Mapping[str, Sequence[str]], rounds: int = 150, leaves: int = 15, rate: float = 0.1,
) -> Any:  # fmt: skip
    """A LightGBM model whose sum, added to `base`, is the score of candidates; `sizes` are candidates a problem.
    Problems without a right candidate teach nothing."""
    import lightgbm

    group = np.repeat(np.arange(len(sizes)), sizes)
    known = np.bincount(group, right, len(sizes)) > 0
    use = known[group]
    group = np.unique(group[use], return_inverse=True)[1]
    starts = np.searchsorted(group, np.arange(group.max() + 1))
    target, start = right[use].astype(float), base[use]

    def gradient(score: Floats, _: Any) -> tuple[Floats, Floats]:
        chance = np.exp(log_softmax(score + start, group, starts))
        return chance - target, np.maximum(chance * (1 - chance), 1e-4)

    data = lightgbm.Dataset(
        rows[use], target, categorical_feature=[columns.index(c) for c in categories if c in columns]
    )
    parameters = {
        "objective": gradient, "num_leaves": leaves, "learning_rate": rate, "min_data_in_leaf": 60, "lambda_l2": 5.0,
        "num_threads": 1, "verbose": -1, "feature_fraction": 0.6, "bagging_fraction": 0.8, "bagging_freq": 1,
        "cat_smooth": 20, "max_cat_to_onehot": 8, "seed": 1, "deterministic": True,
    }  # fmt: skip
    return lightgbm.train(parameters, data, num_boost_round=rounds)


def written_trees(model: Any, columns: Sequence[str], categories: Mapping[str, Sequence[str]]) -> str:
    """A model as the table that `khabar.resolve.trees` reads."""
    lines = ["tree\tnode\tcolumn\ttest\tyes\tno\tvalue"]
    for number, tree in enumerate(model.dump_model()["tree_info"]):
        lines += [f"{number}\t{line}" for line in _nodes(tree["tree_structure"], columns, categories)]
    return "\n".join(lines) + "\n"


def _nodes(root: Any, columns: Sequence[str], categories: Mapping[str, Sequence[str]]) -> Iterator[str]:
    waiting, made = [(0, root)], 1
    while waiting:
        number, node = waiting.pop(0)
        if "leaf_value" in node:
            yield f"{number}\t\t\t\t\t{node['leaf_value']:.5f}"
            continue
        name = columns[node["split_feature"]]
        test = f"{node['threshold']:.6g}" if node["decision_type"] == "<=" else "|".join(
            categories[name][int(n)] for n in node["threshold"].split("||")
        )  # fmt: skip
        yield f"{number}\t{name}\t{test}\t{made}\t{made + 1}\t"
        waiting += [(made, node["left_child"]), (made + 1, node["right_child"])]
        made += 2
