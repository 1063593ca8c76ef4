"""Counts the weights of the blurb model (`src/khabar/pages/data/blurb_weights.tsv`) on coded training articles.

    python benchmarks/pages_fit.py GOLD_DIR [--write]

GOLD_DIR holds `articles.jsonl` and `gold.jsonl` (paragraphs marked `teaser` in `not_body`). Logistic regression by
Newton's method with an L2 penalty of 1; prints blurbs found and body lost in four-fold cross-validation.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

import numpy as np

from khabar.pages import blurbs

Sample = tuple[list[dict[str, float]], list[bool], list[bool]]


def samples(directory: Path) -> list[Sample]:
    """Per article: features, whether a blurb, whether body, of every paragraph after the title."""
    articles = {}
    for line in (directory / "articles.jsonl").read_text("utf-8").splitlines():
        article = json.loads(line)
        articles[article["id"]] = article
    found = []
    for line in (directory / "gold.jsonl").read_text("utf-8").splitlines():
        gold = json.loads(line)
        article = articles[gold["id"]]
        reasons = dict(gold["not_body"])
        kept = [n for n in range(len(article["paragraphs"])) if reasons.get(n) in (None, "teaser")]
        paragraphs = [article["paragraphs"][n] for n in kept]
        if len(paragraphs) < 4:
            continue
        template = blurbs.has_blurbs(article.get("outlet"), article.get("url"), paragraphs[1])
        sets = [blurbs.content(text) for text in paragraphs]
        values = [blurbs.features(paragraphs, sets, n, template) for n in range(1, len(paragraphs))]
        marks = [reasons.get(n) == "teaser" for n in kept[1:]]
        found.append((values, marks, [not mark for mark in marks]))
    return found


def fit(data: list[Sample], names: list[str], penalty: float = 1.0) -> dict[str, float]:
    """Weights of the features."""
    matrix = np.array([[row[name] for name in names] for values, _, _ in data for row in values])
    target = np.array([float(mark) for _, marks, _ in data for mark in marks])
    weight = np.zeros(len(names))
    for _ in range(40):
        probability = 1 / (1 + np.exp(-matrix @ weight))
        gradient = matrix.T @ (probability - target) + penalty * weight
        hessian = (matrix * (probability * (1 - probability))[:, None]).T @ matrix + penalty * np.eye(len(names))
        weight -= np.linalg.solve(hessian, gradient)
    return dict(zip(names, weight.tolist(), strict=True))


def suffix(values: list[dict[str, float]], weight: dict[str, float]) -> int:
    """As `blurbs.first_blurb`, over features."""
    best, best_sum, total = len(values), 0.0, 0.0
    for number in range(len(values) - 1, max(1, len(values) + 1 - blurbs.LONGEST) - 1, -1):
        total += sum(weight[name] * value for name, value in values[number].items())
        if total > best_sum:
            best, best_sum = number, total
    return best


def main() -> None:
    data = samples(Path(sys.argv[1]))
    names = list(data[0][0][0])
    order = list(range(len(data)))
    random.Random(0).shuffle(order)
    hit = lost = total = 0
    for fold in range(4):
        weight = fit([data[j] for n, j in enumerate(order) if n % 4 != fold], names)
        for j in order[fold::4]:
            values, marks, body = data[j]
            start = suffix(values, weight)
            total += sum(marks)
            hit += sum(marks[start:])
            lost += sum(body[start:])
    print(f"blurbs found {hit} of {total}, body lost {lost}")
    weight = fit(data, names)
    rows = "".join(f"{name}\t{value:.2f}\n" for name, value in weight.items())
    print(rows)
    if "--write" in sys.argv:
        target = Path(blurbs.__file__).parent / "data" / "blurb_weights.tsv"
        target.write_text("feature\tweight\n" + rows, "utf-8")


if __name__ == "__main__":
    main()
