"""Linking measured on judged pairs of articles, and the tables it needs.

    python benchmarks/links.py df ARTICLES.jsonl.gz       writes the table of document frequencies
    python benchmarks/links.py fit PAIRS ARTICLES         fits the scorer on the tuning half and `link_pairs.tsv`
    python benchmarks/links.py score PAIRS ARTICLES       F1 of same, thread, different and copy on the other half

A pair is in the tuning half if the first hexadecimal digit of the SHA-1 of its two ids (sorted, a space between) is
below 8. Pairs that share an article may fall in different halves. `link_pairs.tsv` holds 423 further pairs of the same
articles (none of an article of the reported half), judged by us from titles and leads: 97 `same` or `other`, drawn
evenly over the likeness of the beginnings, and 326 `same`, `thread`, `different` or `other` (of
the last two), drawn where the score was unsure; so they are hard.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from khabar.arabic import search_terms
from khabar.records import Article
from khabar.stories import links
from khabar.stories.copies import COPY
from khabar.stories.profiles import profile

DATA = Path(__file__).parents[1] / "src/khabar/stories/data"
OWN = Path(__file__).parent / "link_pairs.tsv"
PENALTY = 5.0  # of features that are brought to a variance of 1
FOLDS = 8
SEEDS = 4


def articles(path: str) -> dict[str, Article]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return {
        r["id"]: Article(id=r["id"], paragraphs=tuple(r["paragraphs"]), date=r["date"], outlet=r["outlet"])
        for r in rows
    }


def tuning(pair: dict[str, Any]) -> bool:
    return hashlib.sha1(" ".join(sorted((pair["a"], pair["b"]))).encode()).hexdigest()[0] < "8"


def read(
    pairs: str, path: str, *, fitted: bool = True
) -> list[tuple[dict[str, Any], tuple[float, ...], links.Likeness | None]]:
    stored = articles(path)
    judged = [json.loads(line) for line in Path(pairs).read_text("utf-8").splitlines()]
    wanted = {pair[side] for pair in judged for side in "ab"}
    profiles = {id_: profile(stored[id_]) for id_ in wanted}
    return [
        (p, links.features(profiles[p["a"]], profiles[p["b"]]),
         links.compare(profiles[p["a"]], profiles[p["b"]]) if fitted else None)
        for p in judged
    ]  # fmt: skip


def df(path: str) -> None:
    counts: Counter[str] = Counter()
    for article in articles(path).values():
        counts.update({term for text in article.paragraphs for term in search_terms(text)})
    kept = sorted((term, n) for term, n in counts.items() if n >= 5)
    text = "term\tdocuments\n" + "".join(f"{term}\t{n}\n" for term, n in kept)
    (DATA / "term_df.tsv.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(len(kept), "terms")


def logistic(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Weights of a logistic regression, the intercept first and not penalised (Newton's method)."""
    mean, spread = x.mean(0), x.std(0) + 1e-9
    x = np.hstack([np.ones((len(x), 1)), (x - mean) / spread])
    penalty = np.diag([0.0] + [PENALTY] * (x.shape[1] - 1))
    w = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ w))
        w -= np.linalg.solve(x.T * (p * (1 - p)) @ x + penalty, x.T @ (p - y) + penalty @ w)
    return np.concatenate([[w[0] - (w[1:] * mean / spread).sum()], w[1:] / spread])


def own(path: str) -> list[tuple[dict[str, Any], tuple[float, ...]]]:
    """Our own pairs with their features."""
    stored = articles(path)
    rows = [line.split("\t") for line in OWN.read_text("utf-8").splitlines()[1:]]
    profiles = {id_: profile(stored[id_]) for row in rows for id_ in row[:2]}
    return [
        ({"a": a, "b": b, "label": label}, links.features(profiles[a], profiles[b])) for a, b, label in rows
    ]  # fmt: skip


def fit(pairs: str, path: str) -> None:
    judged = [(p, f) for p, f, _ in read(pairs, path, fitted=False) if tuning(p)]
    rows = [*judged, *own(path)]
    lines = ["score\tintercept\t" + "\t".join(links.FEATURES)]
    for name, wanted in (("same", {"same"}), ("related", {"same", "thread"})):
        # `other` of ours may be a thread or not.
        used = [(p, f) for p, f in rows if name == "same" or p["label"] != "other"]
        x, y = np.array([f for _, f in used]), np.array([p["label"] in wanted for p, _ in used], float)
        lines.append(f"{name}\t" + "\t".join(f"{v:.3f}" for v in logistic(x, y)))
        held_out(name, [p for p, _ in used], x, y, len(judged))
    (DATA / "link_weights.tsv").write_text("\n".join(lines) + "\n", "utf-8")
    print(*lines, sep="\n")
    at = links.FEATURES.index("copy")
    for cut in np.arange(0.15, 0.65, 0.05):
        print(f"copy from {cut:.2f}:", f1([(p["copy"], f[at] >= cut) for p, f in judged]))


def groups(pairs: list[dict[str, Any]]) -> list[str]:
    """Of each pair a name of the pairs that hang together by their articles."""
    of: dict[str, str] = {}

    def top(id_: str) -> str:
        while of.setdefault(id_, id_) != id_:
            id_ = of[id_]
        return id_

    for pair in pairs:
        of[top(pair["a"])] = top(pair["b"])
    return [top(pair["a"]) for pair in pairs]


def held_out(name: str, pairs: list[dict[str, Any]], x: np.ndarray, y: np.ndarray, judged: int) -> None:
    """`same`, or what is not `related`, at several thresholds on the tuning half and on our own pairs, each pair scored
    by weights fitted without its fold (pairs that share an article are in one fold), over `SEEDS` divisions."""
    of = groups(pairs)
    scores = np.zeros((SEEDS, len(x)))
    for seed in range(SEEDS):
        order = np.random.default_rng(seed).permutation(sorted(set(of)))
        fold = {group: n % FOLDS for n, group in enumerate(order)}
        at = np.array([fold[group] for group in of])
        for n in range(FOLDS):
            w = logistic(x[at != n], y[at != n])
            scores[seed, at == n] = 1 / (1 + np.exp(-(w[0] + x[at == n] @ w[1:])))
    for cut in np.arange(0.3, 0.85, 0.05):
        parts = []
        for part in (slice(0, judged), slice(judged, len(x))):
            found = scores[:, part] >= cut
            told = np.tile(y[part] > 0, (SEEDS, 1))
            if name == "related":
                found, told = ~found, ~told
            parts.append(f1(list(zip(told.ravel().tolist(), found.ravel().tolist(), strict=True))))
        print(f"{'same' if name == 'same' else 'different'} at {cut:.2f}: tuning {parts[0]}, ours {parts[1]}")


def f1(pairs: list[tuple[bool, bool]]) -> str:
    right = sum(g and f for g, f in pairs)
    precision = right / max(1, sum(f for _, f in pairs))
    recall = right / max(1, sum(g for g, _ in pairs))
    return f"P {precision:.3f}  R {recall:.3f}  F1 {2 * precision * recall / max(1e-9, precision + recall):.3f}"


def score(pairs: str, path: str) -> None:
    every = [(p, likeness) for p, _, likeness in read(pairs, path) if likeness]
    for half, wanted in (("tuning", (True,)), ("reported", (False,)), ("all", (True, False))):
        rows = [(p, likeness) for p, likeness in every if tuning(p) in wanted]
        print(f"{half}: {len(rows)} pairs")
        for name in ("same", "thread", "different"):
            print(f"  {name:10}", f1([(p["label"] == name, links.label(likeness) == name) for p, likeness in rows]))
        print(f"  {'copy':10}", f1([(p["copy"], likeness.copy) for p, likeness in rows]), f"(from {COPY})")
        if "-v" in sys.argv and wanted == (True,):
            for p, likeness in rows:
                if links.label(likeness) != p["label"]:
                    print("   ", p, f"same {likeness.same:.2f} related {likeness.related:.2f}")


if __name__ == "__main__":
    {"df": df, "fit": fit, "score": score}[sys.argv[1]](*[a for a in sys.argv[2:] if a != "-v"])
