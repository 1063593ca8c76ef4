"""Counts and weights of the resolver of parties, from coded articles: python benchmarks/resolution_fit.py GOLD

GOLD holds articles.jsonl and gold.jsonl. Writes `party_counts.tsv` (codes of mentions, of their first and last words,
sectors by role and event type, each counted once an article) and `party_weights.tsv` (a conditional logit over the
candidates of `khabar.resolve.evidence` and `khabar.resolve.understood`). While fitting, every article is read with
counts that leave it out.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from khabar.records import Article, CodedArticle
from khabar.resolve import load_tables
from khabar.resolve.counts import Counts
from khabar.resolve.evidence import Evidence, gather
from khabar.resolve.parties import ROLES, cases
from khabar.resolve.resolver import prepare, resolve_with
from khabar.resolve.understood import candidates, occurrences
from resolution import add, load, rows_of, strip, without

DATA = Path(__file__).parents[1] / "src/khabar/resolve/data"
Rows = list[tuple[str, str, str]]


class Problem(NamedTuple):
    """A choice to be learned: features of each candidate, the number of the right one."""

    features: list[list[tuple[str, float]]]
    right: int


def count(articles: Iterable[set[tuple[str, str, str]]]) -> Counts:
    counts = Counts({}, {}, {}, {})
    for rows in articles:
        add(counts, rows, 1)
    return counts


def written(counts: Counts) -> str:
    """The counts as a table; long mentions seen once are left out."""
    lines = ["kind\tkey\tcounts"]
    for kind in Counts._fields:
        for key, values in sorted(getattr(counts, kind).items()):
            if key and values and not (kind == "mention" and sum(values.values()) == 1 and key.count(" ") > 2):
                shown = " ".join(f"{c}:{n}" for c, n in sorted(values.items(), key=lambda v: (-v[1], v[0])))
                lines.append(f"{kind}\t{key}\t{shown}")
    return "\n".join(lines) + "\n"


def problems(article: Article, coded: CodedArticle, counts: Counts) -> Iterator[Problem]:
    context, draft = prepare(article, strip(coded), load_tables())
    for where, parties in cases(context, draft).items():
        gold = getattr(coded.events[where.event], where.role)[where.number].codes
        if len(gold) != len(parties):
            continue
        for case, code in zip(parties, gold, strict=True):
            evidence = gather(context, counts, case)
            if code in evidence.codes:
                yield problem(evidence, code)


def understood_problems(
    article: Article, coded: CodedArticle, counts: Counts, weights: dict[str, float]
) -> Iterator[Problem]:
    """Mentions without words, beside the others as they are resolved."""
    draft = resolve_with(article, strip(coded), load_tables(), counts, weights)
    codes = {
        (number, role, place): (gold if mention.text is None else mention).codes
        for number, event in enumerate(draft.events)
        for role in ROLES
        for place, (mention, gold) in enumerate(
            zip(getattr(event, role), getattr(coded.events[number], role), strict=True)
        )
    }
    for (number, role, place), gold in codes.items():
        if getattr(draft.events[number], role)[place].text is None:
            known = occurrences(draft, {where: c for where, c in codes.items() if where != (number, role, place)})
            found = candidates(draft, number, role, known, counts)
            if gold in found:
                yield Problem(list(found.values()), list(found).index(gold))
            MISSED.update([gold in found])


MISSED: Counter[bool] = Counter()  # whether gold was among the candidates


def problem(evidence: Evidence, code: str) -> Problem:
    return Problem([evidence.of(c) for c in evidence.codes], evidence.codes.index(code))


def fit(found: Sequence[Problem], *, steps: int = 150, decay: float = 3e-6, floor: int = 20) -> dict[str, float]:
    """Weights by Adam on all problems at once; features seen in fewer than `floor` problems are left out."""
    seen: Counter[str] = Counter()
    for one in found:
        seen.update({name for candidate in one.features for name, _ in candidate})
    names = {name: i for i, name in enumerate(sorted(n for n, c in seen.items() if c >= floor))}
    row, column, value, group, right = [], [], [], [], []
    for number, one in enumerate(found):
        for place, candidate in enumerate(one.features):
            at = len(group)
            group.append(number)
            right.append(place == one.right)
            for name, v in candidate:
                if name in names:
                    row.append(at)
                    column.append(names[name])
                    value.append(v)
    r, c, v = np.array(row), np.array(column), np.array(value)
    g, y = np.array(group), np.array(right, dtype=float)
    starts = np.searchsorted(g, np.arange(len(found)))
    w, m, s = np.zeros(len(names)), np.zeros(len(names)), np.zeros(len(names))
    for step in range(1, steps + 1):
        score = np.bincount(r, v * w[c], len(g))
        score -= np.maximum.reduceat(score, starts)[g]
        p = np.exp(score)
        p /= np.add.reduceat(p, starts)[g]
        grad = np.bincount(c, v * (p - y)[r], len(names)) / len(found) + decay * w
        m, s = 0.9 * m + 0.1 * grad, 0.99 * s + 0.01 * grad**2
        rate = 0.15 * (1 - step / (steps + 1)) + 0.005
        w -= rate * (m / (1 - 0.9**step)) / (np.sqrt(s / (1 - 0.99**step)) + 1e-8)
    loss = -np.log(p[y > 0] + 1e-12).mean()
    print(f"{len(found)} problems, {len(names)} features, loss {loss:.3f}")
    return {name: float(w[i]) for name, i in names.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    arguments = parser.parse_args()
    gold = load(arguments.gold)
    rows = [rows_of(coded) for _, coded in gold]
    counts = count(rows)
    (DATA / "party_counts.tsv").write_text(written(counts), encoding="utf-8")
    found: list[Problem] = []
    for (article, coded), mine in zip(gold, rows, strict=True):
        with without(counts, mine):
            found += problems(article, coded, counts)
    weights = fit(found)
    found = []
    for (article, coded), mine in zip(gold, rows, strict=True):
        with without(counts, mine):
            found += understood_problems(article, coded, counts, weights)
    print(MISSED)
    weights |= fit(found)
    lines = [f"{name}\t{weight:.4f}" for name, weight in sorted(weights.items()) if abs(weight) >= 0.01]
    (DATA / "party_weights.tsv").write_text("feature\tweight\n" + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
