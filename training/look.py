"""Fits the second look: python -m training.look OUT_DIR --counts GOLD... --rows MODEL_DIR GOLD [--rows …]

The words are counted in the gold folders of `--counts` (a tenth of the articles is left out while rows are made of it).
The rows are what the coder in MODEL_DIR says of the articles of GOLD, from which it must not have learned: those that
the run RUN.pt learned from are left out (`--unlearned`), and always the fold that `training.train` holds out, on which
`training.settings` chooses thresholds. Writes OUT_DIR/look.npz, and into model.json the temperature of the types, which
is chosen on that fold. `--check` writes nothing, and prints how well trees fitted on two thirds of the articles do on
the third, beside the coder without them. Needs LightGBM.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import zlib
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import lightgbm
import numpy as np
import numpy.typing as npt
import torch

from khabar.codebook import TYPES
from khabar.coding.decode import bounds
from khabar.coding.look import Look, WordCounts, parties, triggers
from khabar.coding.look.look import FILE
from khabar.coding.look.parties import Happening
from khabar.coding.look.words import ROLES
from khabar.coding.neural import NeuralCoder
from khabar.coding.numeric import sigmoid, softmax
from khabar.coding.windows import Window, windows
from khabar.trees import Choice, Trees
from training.labels import folds, load
from training.words import by_part, count, part_of

Json = dict[str, Any]
Pairs = list[tuple[Json, Json]]
Floats = npt.NDArray[np.float64]
THIRDS = 3
BOUNDS = 0.7  # of the characters of two mentions that are one, those in both
TREES = {"triggers": (300, 0.05), "mentions": (250, 0.06), "states": (100, 0.07)}  # rounds, rate
COMMON = {
    "num_leaves": 31, "min_data_in_leaf": 50, "feature_fraction": 0.6, "bagging_fraction": 0.8, "bagging_freq": 1,
    "lambda_l2": 5.0, "verbose": -1, "num_threads": 1, "seed": 1, "deterministic": True,
}  # fmt: skip


class Role(NamedTuple):
    """One role of one event: its article's third, its head, the rows of its weighed mentions, which of them have the
    bounds of one of gold's (nearly), and which of `parties.STATES` gold has."""

    third: int
    role: int
    head: list[float]
    rows: list[list[float]]
    right: list[bool]
    state: int
    gold: int  # mentions with words in gold
    met: list[frozenset[int]]  # of each mention, which of gold's it meets


class Rows(NamedTuple):
    """All rows: of triggers (article's third, article and word, row, whether gold has that type there, whether gold has
    any event there), of roles, and the number of gold events."""

    thirds: list[int]
    words: list[tuple[str, int, int]]
    triggers: list[list[float]]
    typed: list[bool]
    hit: list[bool]
    roles: list[Role]
    events: int


def third(article: str) -> int:
    """The third of the articles that this one is in."""
    return zlib.crc32(f"look {article}".encode()) % THIRDS


def temperature(coder: NeuralCoder, pairs: Pairs) -> float:
    """The divisor of the type logits at which the log loss of the words' types is least."""
    logits, target = [], []
    for article, coded in pairs:
        skip = frozenset(number for number, _ in coded["not_body"])
        for window in windows(article["paragraphs"], coder.tokenize, skip):
            here = [j for j, w in enumerate(window.words) if w.predict and w.start < w.end]
            told = [next((1 + TYPES.index(e["type"]) for e in _at(coded, window, j)), 0) for j in here]
            logits.append(coder.backend.read(window).types[here])
            target.append(np.array(told, dtype=np.int64))
    x, y = np.concatenate(logits), np.concatenate(target)

    def loss(t: float) -> float:
        z = x / t - (x / t).max(-1, keepdims=True)
        return float((np.log(np.exp(z).sum(-1)) - z[np.arange(len(z)), y]).mean())

    return min((round(float(t), 2) for t in np.arange(0.7, 2.55, 0.05)), key=loss)


def collect(coder: NeuralCoder, pairs: Pairs, counts: Sequence[WordCounts]) -> Rows:
    """The rows of some articles; `counts` are those of the gold without each part of it (`training.words.part_of`)."""
    rows = Rows([], [], [], [], [], [], 0)
    events = 0
    for article, coded in pairs:
        mine = counts[part_of(article["id"])]
        paragraphs, part = article["paragraphs"], third(article["id"])
        skip = frozenset(number for number, _ in coded["not_body"])
        read = [(w, coder.backend.read(w)) for w in windows(paragraphs, coder.tokenize, skip)]
        found = [(w, triggers.candidates(w, r.types, coder.settings.temperature, frozenset())) for w, r in read]
        table, whose = triggers.rows(found, paragraphs, mine)
        for row, (number, index, kind) in zip(table, whose, strict=True):
            window, some = found[number]
            here = _at(coded, window, some[index].word)
            rows.thirds.append(part)
            rows.words.append((article["id"], number, some[index].word))
            rows.triggers.append(row)
            rows.typed.append(any(e["type"] == TYPES[kind] for e in here))
            rows.hit.append(bool(here))
        for (window, some), (_, reading) in zip(found, read, strict=True):
            rows.roles.extend(_roles(coder, coded, window, some, reading, paragraphs, mine, part))
        events += len(coded["events"])
    return rows._replace(events=events)


def _at(coded: Json, window: Window, word: int) -> list[Json]:
    """The gold events whose trigger a word is."""
    w = window.words[word]
    return [
        e for e in coded["events"]
        if e["paragraph"] == w.paragraph and e["trigger"]["start"] < w.end and w.start < e["trigger"]["end"]
    ]  # fmt: skip


def _roles(
    coder: NeuralCoder, coded: Json, window: Window, some: Sequence[triggers.Candidate], reading: Any,
    paragraphs: Sequence[str], counts: WordCounts, part: int,
) -> list[Role]:  # fmt: skip
    """The roles of a window's events that gold has, read with gold's type; likely triggers stand beside them."""
    taken: list[tuple[int, int, Json | None]] = []
    for c in some:
        here = _at(coded, window, c.word)
        best = int(c.probability[1:].argmax())
        event = next((e for e in here if e["type"] == TYPES[best]), here[0] if here else None)
        if event is not None or c.probability[0] < 0.5:
            taken.append((c.word, TYPES.index(event["type"]) if event else best, event))
    if not taken:
        return []
    words, kinds = (np.array(x, dtype=np.int64) for x in list(zip(*taken, strict=True))[:2])
    start, length = (
        np.array(x, dtype=np.int64) for x in zip(*(bounds(window.words, int(w)) for w in words), strict=True)
    )
    out = coder.backend.arguments(reading, words, kinds, start, length)
    roles, filled, understood = sigmoid(out.roles), sigmoid(out.filled), sigmoid(out.understood)
    actual = softmax(out.status)[:, 0]
    events = [
        Happening(
            w,
            k,
            int(start[i]),
            roles[i, : length[i]].T.tolist(),
            filled[i].tolist(),
            understood[i].tolist(),
            float(actual[i]),
        )
        for i, (w, k, _) in enumerate(taken)
    ]
    found = []
    for event, (word, _, gold) in zip(events, taken, strict=True):
        if gold is None:
            continue
        number = window.words[word].paragraph
        beside = [e for e in events if window.words[e.trigger].paragraph == number]
        spans = parties.mentions(beside, window.words)
        peak = parties.peaks(beside, spans)[next(n for n, e in enumerate(beside) if e is event)]
        for r, role in enumerate(ROLES):
            read = parties.rows(event, r, beside, spans, peak, window.words, paragraphs[number], counts)
            weighed = [spans[n] for n in read.weighed]
            told = [m for m in gold[role] if m["start"] is not None]
            met = [
                frozenset(
                    n for n, m in enumerate(told)
                    if window.words[a].start < m["end"] and m["start"] < window.words[b].end
                )
                for a, b in weighed
            ]  # fmt: skip
            state = parties.STATES.index("words" if told else "understood" if gold[role] else "empty")
            right = [_covers((window.words[a].start, window.words[b].end), told) for a, b in weighed]
            found.append(Role(part, r, read.head, read.table, right, state, len(told), met))
    return found


def _covers(span: tuple[int, int], told: Sequence[Json]) -> bool:
    """Whether a mention has nearly the bounds of one of gold's: a shorter one may name somebody else."""
    a, b = span
    return any(
        min(b, m["end"]) - max(a, m["start"]) >= BOUNDS * (max(b, m["end"]) - min(a, m["start"])) for m in told
    )  # fmt: skip


def boost(x: Floats, y: npt.NDArray[Any], name: str, categories: Sequence[int], **more: Any) -> lightgbm.Booster:
    """Boosted trees."""
    rounds, rate = TREES[name]
    data = lightgbm.Dataset(x, y, categorical_feature=list(categories))
    return lightgbm.train(COMMON | {"objective": "binary", "learning_rate": rate} | more, data, rounds)


def trees_of(model: lightgbm.Booster, every: int = 1, first: int = 0) -> Trees:
    """A model as arrays; of a model of several classes each `every`-th tree from the `first` on."""
    roots: list[int] = []
    parts: dict[str, list[float]] = {k: [] for k in ("column", "limit", "mask", "yes", "no", "value")}

    def add(node: Json) -> int:
        at = len(parts["value"])
        for name, value in (("column", 0), ("limit", 0.0), ("mask", 0), ("yes", at), ("no", at), ("value", 0.0)):
            parts[name].append(value)
        if "leaf_value" in node:
            parts["value"][at] = node["leaf_value"]
            return at
        parts["column"][at] = node["split_feature"]
        if node["decision_type"] == "<=":
            parts["limit"][at] = float(node["threshold"])
        else:
            parts["mask"][at] = sum(1 << int(n) for n in node["threshold"].split("||"))
        parts["yes"][at] = add(node["left_child"])
        parts["no"][at] = add(node["right_child"])
        return at

    for tree in model.dump_model()["tree_info"][first::every]:
        roots.append(add(tree["tree_structure"]))
    kinds = {"limit": np.float64, "value": np.float64}
    return Trees(
        np.array(roots, dtype=np.int64), **{k: np.array(v, dtype=kinds.get(k, np.int64)) for k, v in parts.items()}
    )  # fmt: skip


class Fitted(NamedTuple):
    """The three models."""

    triggers: lightgbm.Booster
    mentions: lightgbm.Booster
    states: lightgbm.Booster


def _spread(roles: Sequence[Role], chances: Floats) -> list[list[float]]:
    """The chances of all mentions, role by role."""
    ends = np.cumsum([len(role.rows) for role in roles])
    return [part.tolist() for part in np.split(chances, ends[:-1])]


def fit(rows: Rows) -> Fitted:
    """Trees for triggers, mentions and states; the last learn from chances of trees that have not seen the article."""
    where = [triggers.COLUMNS.index(c) for c in triggers.CATEGORIES]
    first = boost(np.array(rows.triggers), np.array(rows.typed), "triggers", where)
    x = np.array([row for role in rows.roles for row in role.rows])
    y = np.array([right for role in rows.roles for right in role.right])
    part = np.array([role.third for role in rows.roles for _ in role.rows])
    where = [parties.SPAN.index(c) for c in parties.CATEGORIES]
    unseen = np.zeros(len(x))
    for n in range(THIRDS):
        if (part == n).any() and (part != n).any():
            unseen[part == n] = boost(x[part != n], y[part != n], "mentions", where).predict(x[part == n])
    whole = np.array(
        [parties.whole_row(o.head, c) for o, c in zip(rows.roles, _spread(rows.roles, unseen), strict=True)]
    )
    state = np.array([role.state for role in rows.roles])
    more = {"objective": "multiclass", "num_class": len(parties.STATES)}
    return Fitted(first, boost(x, y, "mentions", where), boost(whole, state, "states", where, **more))


def in_thirds(rows: Rows, thirds: set[int]) -> Rows:
    """The rows of the articles in some thirds."""
    keep = [n for n, t in enumerate(rows.thirds) if t in thirds]
    return Rows(
        [rows.thirds[n] for n in keep], [rows.words[n] for n in keep], [rows.triggers[n] for n in keep],
        [rows.typed[n] for n in keep], [rows.hit[n] for n in keep], [r for r in rows.roles if r.third in thirds], 0,
    )  # fmt: skip


def check(rows: Rows) -> None:
    """Prints F1 of types and detection with and without the trees, and how many roles are told as gold tells them."""
    chances = np.zeros(len(rows.triggers))
    told: dict[int, list[bool]] = defaultdict(list)
    for n in range(THIRDS):
        fitted = fit(in_thirds(rows, {0, 1, 2} - {n}))
        mine = [k for k, t in enumerate(rows.thirds) if t == n]
        chances[mine] = fitted.triggers.predict(np.array(rows.triggers)[mine])
        roles = [role for role in rows.roles if role.third == n]
        x = np.array([row for role in roles for row in role.rows])
        spread = _spread(roles, np.asarray(fitted.mentions.predict(x)))
        whole = np.array([parties.whole_row(o.head, c) for o, c in zip(roles, spread, strict=True)])
        for role, chance, state in zip(roles, spread, np.asarray(fitted.states.predict(whole)), strict=True):
            told[role.role].append(_alike(role, chance, state.tolist()))
    for name, scores in (
        ("encoder alone", 1 / (1 + np.exp(-np.array(rows.triggers)[:, 0]))),
        ("second look", chances),
    ):
        best: dict[tuple[str, int, int], int] = {}
        for n in np.argsort(scores if name == "second look" else -np.array(rows.triggers)[:, 22], kind="stable"):
            best[rows.words[n]] = int(n)
        index = np.array(sorted(best.values()))
        typed, hit = np.array(rows.typed), np.array(rows.hit)
        tried = []
        for cut in np.arange(0.2, 0.8, 0.025):
            kept = index[scores[index] > cut]
            f1 = [2 * y[kept].sum() / (len(kept) + rows.events) for y in (typed, hit)]
            tried.append((round(float(f1[0]), 4), round(float(f1[1]), 4), round(float(cut), 3)))
        print(f"{name}: type, detect, threshold {max(tried)}; by detection {max(tried, key=lambda t: t[1])}")
    for r, role in enumerate(ROLES):
        print(f"{role} told as in gold: {np.mean(told[r]):.4f} of {len(told[r])}")


def _alike(role: Role, chances: Sequence[float], states: Sequence[float]) -> bool:
    """Whether a role is told as gold tells it: empty, understood, or in the same mentions."""
    spans = [(n, n) for n in range(len(chances))]  # what overlaps is not known here; the run time leaves it out
    told = parties.choose(spans, chances, states, 0.55)
    if role.state != parties.STATES.index("words"):
        return not told.spans and told.understood == (role.state == parties.STATES.index("understood"))
    met = [role.met[n] for n, _, _ in told.spans]
    return bool(met) and all(met) and len(frozenset().union(*met)) == role.gold


def describe(folder: Path, part: str, name: str, value: object) -> None:
    """Writes a value of a part of `model.json`."""
    path = folder / "model.json"
    description = json.loads(path.read_text(encoding="utf-8"))
    description[part][name] = value
    path.write_text(json.dumps(description, indent=1) + "\n", encoding="utf-8")
    print(json.dumps({name: value}), flush=True)


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("out", type=Path)
    p.add_argument("--counts", type=Path, nargs="+", required=True)
    p.add_argument("--rows", type=Path, nargs=2, action="append", required=True, metavar=("MODEL_DIR", "GOLD"))
    p.add_argument("--unlearned", type=Path, metavar="RUN.pt")
    p.add_argument("--check", action="store_true")
    a = p.parse_args()
    counted = [pair for folder in a.counts for pair in load(folder)]
    counts = count(counted)
    others = [counts.without(part) for part in by_part(counted)]
    learned = set(torch.load(a.unlearned, weights_only=False)["kept"]) if a.unlearned else set()
    held = [counted[n] for n in folds(counted, 16, 0)[1]]
    if not a.check:
        describe(a.out, "settings", "temperature", temperature(NeuralCoder(a.out), held))
    rows = Rows([], [], [], [], [], [], 0)
    for folder, gold in a.rows:
        pairs, coder = load(gold), NeuralCoder(folder)
        coder.settings = coder.settings._replace(temperature=temperature(coder, held))
        mine = [pairs[n] for n in folds(pairs, 16, 0)[0] if pairs[n][0]["id"] not in learned]
        more = collect(coder, mine, others)
        for one, other in zip(rows[:-1], more[:-1], strict=True):
            one.extend(other)
        rows = rows._replace(events=rows.events + more.events)
    told = {"articles": len({w[0] for w in rows.words}), "rows": len(rows.triggers), "roles": len(rows.roles)}
    print(json.dumps(told), flush=True)
    if a.check:
        check(rows)
        return
    fitted = fit(rows)
    states = Choice([trees_of(fitted.states, len(parties.STATES), n) for n in range(len(parties.STATES))])
    look = Look(counts, trees_of(fitted.triggers), trees_of(fitted.mentions), states)
    np.savez_compressed(a.out / FILE, **look.arrays())
    describe(a.out, "files", FILE, hashlib.sha256((a.out / FILE).read_bytes()).hexdigest()[:16])
    print(json.dumps({"stems": len(counts.counts), "bytes": (a.out / FILE).stat().st_size}))


if __name__ == "__main__":
    main()
