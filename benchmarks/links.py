"""Linking measured on judged pairs of articles, and the tables it needs.

    python benchmarks/links.py df ARTICLES.jsonl.gz       writes the table of document frequencies
    python benchmarks/links.py fit PAIRS ARTICLES         fits the scorer on the tuning half and `link_pairs.tsv`
    python benchmarks/links.py score PAIRS ARTICLES       F1 of same, thread, different and copy on the other half

A pair is in the tuning half if the first hexadecimal digit of the SHA-1 of its two ids (sorted, a space between) is
below 8. Pairs that share an article may fall in different halves. `link_pairs.tsv` holds 97 further pairs of the same
articles (none of an article of the reporting half), judged by us from titles and leads: `same` or `other`; they were
drawn evenly over the likeness of the beginnings, so they are hard.
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
PENALTY = 0.5
FOLDS = 10


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
    x = np.hstack([np.ones((len(x), 1)), x])
    penalty = np.diag([0.0] + [PENALTY] * (x.shape[1] - 1))
    w = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ w))
        w -= np.linalg.solve(x.T * (p * (1 - p)) @ x + penalty, x.T @ (p - y) + penalty @ w)
    return w


def own(path: str) -> list[tuple[str, tuple[float, ...]]]:
    """Label and features of our own pairs."""
    stored = articles(path)
    rows = [line.split("\t") for line in OWN.read_text("utf-8").splitlines()[1:]]
    return [(label, links.features(profile(stored[a]), profile(stored[b]))) for a, b, label in rows]


def fit(pairs: str, path: str) -> None:
    rows = [(p, f) for p, f, _ in read(pairs, path, fitted=False) if tuning(p)]
    others = own(path)
    x = np.array([f for _, f in rows] + [f for _, f in others])
    lines = ["score\tintercept\t" + "\t".join(links.FEATURES)]
    labels = [p["label"] for p, _ in rows]
    same = np.array([label == "same" for label in labels] + [label == "same" for label, _ in others], float)
    lines.append("same\t" + "\t".join(f"{v:.3f}" for v in logistic(x, same)))
    # Ours do not tell threads from other things.
    related = np.array([label in ("same", "thread") for label in labels], float)
    lines.append("related\t" + "\t".join(f"{v:.3f}" for v in logistic(x[: len(rows)], related)))
    (DATA / "link_weights.tsv").write_text("\n".join(lines) + "\n", "utf-8")
    print(*lines, sep="\n")
    held_out(x, same, len(rows))
    at = links.FEATURES.index("copy")
    for cut in np.arange(0.15, 0.65, 0.05):
        print(f"copy from {cut:.2f}:", f1([(p["copy"], f[at] >= cut) for p, f in rows]))


def held_out(x: np.ndarray, same: np.ndarray, judged: int) -> None:
    """`same` on the tuning half at several thresholds, each pair scored by weights fitted without it."""
    order = np.random.default_rng(0).permutation(len(x))
    scores = np.zeros(len(x))
    for fold in range(FOLDS):
        out = order[fold::FOLDS]
        kept = np.setdiff1d(order, out)
        w = logistic(x[kept], same[kept])
        scores[out] = 1 / (1 + np.exp(-(w[0] + x[out] @ w[1:])))
    for cut in np.arange(0.3, 0.65, 0.05):
        print(
            f"same from {cut:.2f}:",
            f1([(bool(g), s >= cut) for g, s in zip(same[:judged], scores[:judged], strict=True)]),
        )


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
