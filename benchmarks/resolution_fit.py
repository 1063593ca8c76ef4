"""Counts, weights and trees of the resolver of parties, from coded articles: python benchmarks/resolution_fit.py GOLD

GOLD holds articles.jsonl and gold.jsonl. Writes into `src/khabar/resolve/data`: `party_counts.tsv` (codes of mentions,
of their first and last words, sectors by role and event type, each counted once an article), `party_weights.tsv` and
`party_words.tsv` (a conditional logit over the candidates of `evidence` and `understood`), `party_trees.tsv` and
`understood_trees.tsv` (boosted trees that rank them again). While fitting, every article is read with counts that leave
it out, and the trees learn from scores of weights that have not seen the article.

`--check` writes nothing: it fits on four fifths of the articles (by digest) and prints how the last fifth resolves.
Needs LightGBM (of the extra `train`).
"""

from __future__ import annotations

import argparse
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from khabar.records import Article, CodedArticle
from khabar.resolve import load_tables, together, understood
from khabar.resolve.counts import Counts
from khabar.resolve.evidence import gather
from khabar.resolve.parties import ROLES, Where, cases
from khabar.resolve.resolver import Model, prepare
from khabar.resolve.together import TOP, Weighed
from khabar.resolve.trees import read_trees
from khabar.resolve.understood import candidates, columns, named_near, occurrences
from khabar.resolve.weighing import Features, Weights, total
from resolution import add, compare, load, rows_of, strip, without
from resolution_learn import Floats, Logit, Problem, boost, written_trees

DATA = Path(__file__).parents[1] / "src/khabar/resolve/data"
FOLDS = 3
Gold = Sequence[tuple[Article, CodedArticle]]
Rows = set[tuple[str, str, str]]


class Parties(NamedTuple):
    """All parties of some articles: problems, for each its mention and what `together` needs beside the chances, and
    the drafts of the articles with their places."""

    problems: list[Problem]
    where: list[Where]
    weighed: list[Weighed]  # without candidates
    drafts: list[CodedArticle]
    named: list[list[dict[str, list[str]]]]  # of every event of every article, what `named_near` says


class Understood(NamedTuple):
    """A mention without words: its article, its candidates with features, the right one's number (-1: not there)."""

    article: int
    event: object
    role: str
    found: dict[tuple[str, ...], Features]
    right: int


def fold_of(article: str, folds: int) -> int:
    return int(hashlib.sha256(article.encode()).hexdigest()[:6], 16) % folds


def count(articles: Iterable[Rows]) -> Counts:
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


def collect(gold: Gold, counts: Counts) -> Parties:
    """Every party of every mention with words, read with counts that leave its article out."""
    parties = Parties([], [], [], [], [])
    tables = load_tables()
    for number, (article, coded) in enumerate(gold):
        with without(counts, rows_of(coded)):
            context, draft = prepare(article, strip(coded), tables)
            parties.drafts.append(draft)
            parties.named.append([named_near(context, event) for event in draft.events])
            for where, ones in cases(context, draft).items():
                event = coded.events[where.event]
                mention = getattr(event, where.role)[where.number]
                for place, case in enumerate(ones):
                    evidence = gather(context, counts, case)
                    right = mention.codes[place] if len(mention.codes) == len(ones) else None
                    parties.problems.append(Problem(number, evidence, right))
                    parties.where.append(where)
                    at = (event.paragraph, mention.start or 0, place)
                    parties.weighed.append(Weighed(at, where.event, case, evidence, ()))
    return parties


def out_of_fold(logit: Logit, folds: np.ndarray, steps: int) -> Floats:
    """Log chances of every candidate by weights that have not seen its article."""
    found = np.zeros(len(logit.group))
    for fold in range(FOLDS):
        mine = (folds == fold)[logit.group]
        found[mine] = logit.log_chances(logit.fit(folds != fold, steps))[mine]
    return found


def with_chances(parties: Parties, logit: Logit, logs: Floats) -> list[list[Weighed]]:
    """The parties article by article, with their candidates as weighed."""
    ends = np.append(logit.starts[1:], len(logs))
    articles: dict[int, list[Weighed]] = {}
    for n, one in enumerate(parties.weighed):
        mine = logs[logit.starts[n] : ends[n]]
        top = np.argsort(-mine, kind="stable")[:TOP]
        ranked = tuple((one.evidence.codes[i], float(np.exp(mine[i])), float(mine[i])) for i in top)
        articles.setdefault(parties.problems[n].article, []).append(one._replace(ranked=ranked))
    return list(articles.values())


def party_trees(parties: Parties, articles: Sequence[list[Weighed]]) -> str:
    rows: list[list[float]] = []
    right, sizes = [], []
    place = 0
    for ones in articles:
        article = together.read(ones)
        for n, one in enumerate(ones):
            code = parties.problems[place + n].right
            if together.uncertain(one):
                rows += together.rows(article, n)
                right += [c == code for c, _, _ in one.ranked]
                sizes.append(len(one.ranked))
        place += len(ones)
    table = np.array(rows, dtype=np.float32)
    base = table[:, together.COLUMNS.index("score")].astype(float)
    model = boost(table, base, np.array(right), np.array(sizes), together.COLUMNS, together.CATEGORIES)
    return written_trees(model, together.COLUMNS, together.CATEGORIES)


def said(parties: Parties, weighed: Iterable[Weighed]) -> list[dict[tuple[int, str, int], tuple[str, ...]]]:
    """What the mentions with words were weighed to be, article by article."""
    found: list[dict[tuple[int, str, int], tuple[str, ...]]] = [{} for _ in parties.drafts]
    for problem, where, one in zip(parties.problems, parties.where, weighed, strict=True):
        there = found[problem.article]
        there[where] = (*there.get(where, ()), one.ranked[0][0])
    return found


def collect_understood(gold: Gold, counts: Counts, parties: Parties, weighed: Iterable[Weighed]) -> list[Understood]:
    """Mentions without words, beside those with words as weighed and other understood ones as gold has them."""
    found = []
    for number, (written_codes, (_, coded)) in enumerate(zip(said(parties, weighed), gold, strict=True)):
        draft = parties.drafts[number]
        codes = {
            (n, role, place): mention.codes
            for n, event in enumerate(coded.events)
            for role in ROLES
            for place, mention in enumerate(getattr(event, role))
        } | written_codes
        with without(counts, rows_of(coded)):
            for (n, role, place), right in codes.items():
                if getattr(draft.events[n], role)[place].text is None:
                    known = occurrences(draft, {w: c for w, c in codes.items() if w != (n, role, place)})
                    there = candidates(draft, n, role, known, counts, parties.named[number][n])
                    at = list(there).index(right) if right in there else -1
                    found.append(Understood(number, draft.events[n], role, there, at))
    return found


def fit_plain(
    found: Sequence[Understood], *, steps: int = 150, decay: float = 0.1, floor: int = 20
) -> dict[str, float]:
    """Weights of understood parties' features, by Adam on all problems at once."""
    found = [one for one in found if one.right >= 0]
    seen: Counter[str] = Counter()
    for one in found:
        seen.update({name for features in one.found.values() for name, _ in features})
    names = {name: i for i, name in enumerate(sorted(n for n, c in seen.items() if c >= floor))}
    row, column, value, group, right = [], [], [], [], []
    for number, one in enumerate(found):
        for place, features in enumerate(one.found.values()):
            for name, v in features:
                if name in names:
                    row.append(len(group))
                    column.append(names[name])
                    value.append(v)
            group.append(number)
            right.append(place == one.right)
    r, c, v, g, y = np.array(row), np.array(column), np.array(value), np.array(group), np.array(right, dtype=float)
    starts = np.searchsorted(g, np.arange(len(found)))
    w, m, s = np.zeros(len(names)), np.zeros(len(names)), np.zeros(len(names))
    for step in range(1, steps + 1):
        score = np.bincount(r, v * w[c], len(g))
        score -= np.maximum.reduceat(score, starts)[g]
        p = np.exp(score)
        p /= np.add.reduceat(p, starts)[g]
        grad = np.bincount(c, v * (p - y)[r], len(names)) / len(found) + decay / len(found) * w
        m, s = 0.9 * m + 0.1 * grad, 0.99 * s + 0.01 * grad**2
        rate = 0.15 * (1 - step / (steps + 1)) + 0.005
        w -= rate * (m / (1 - 0.9**step)) / (np.sqrt(s / (1 - 0.99**step)) + 1e-8)
    return {name: float(w[i]) for name, i in names.items() if abs(w[i]) >= 0.01}


def understood_trees(found: Sequence[Understood], folds: np.ndarray) -> str:
    rows: list[list[float]] = []
    right, sizes = [], []
    for fold in range(FOLDS):
        plain = fit_plain([one for one in found if folds[one.article] != fold])
        for one in found:
            if folds[one.article] != fold or one.right < 0:
                continue
            scored = {codes: total(features, plain) for codes, features in one.found.items()}
            top = sorted(scored.items(), key=lambda c: -c[1])[: understood.TOP]
            rows += columns(one.event, one.role, top, one.found)  # type: ignore[arg-type]
            right += [codes == list(one.found)[one.right] for codes, _ in top]
            sizes.append(len(top))
    table = np.array(rows, dtype=np.float32)
    base = table[:, understood.COLUMNS.index("score")].astype(float)
    model = boost(
        table, base, np.array(right), np.array(sizes), understood.COLUMNS, understood.CATEGORIES, rounds=60, leaves=8
    )  # fmt: skip
    return written_trees(model, understood.COLUMNS, understood.CATEGORIES)


def fit(gold: Gold, counts: Counts, steps: int) -> tuple[Weights, str, str]:
    """Weights, and the two tables of trees."""
    folds = np.array([fold_of(article.id, FOLDS) for article, _ in gold])
    parties = collect(gold, counts)
    logit = Logit(parties.problems)
    print(f"{len(parties.problems)} parties, {len(logit.group)} candidates, {logit.size} weights", flush=True)
    of_problem = folds[np.array([p.article for p in parties.problems])]
    logs = out_of_fold(logit, of_problem, steps)
    ranked = with_chances(parties, logit, logs)
    trees = party_trees(parties, ranked)
    weights = logit.table(logit.fit(np.ones(len(parties.problems), bool), steps))
    silent = collect_understood(gold, counts, parties, (one for ones in ranked for one in ones))
    print(f"{len(silent)} understood parties, {sum(o.right >= 0 for o in silent)} among their candidates", flush=True)
    plain = {**weights.plain, **fit_plain(silent)}
    return Weights(plain, weights.words), trees, understood_trees(silent, folds)


def model_of(weights: Weights, trees: str, silent: str) -> Model:
    return Model(
        weights,
        read_trees(trees, "fitted", together.COLUMNS, together.CATEGORIES),
        read_trees(silent, "fitted", understood.COLUMNS, understood.CATEGORIES),
    )


def write(counts: Counts, weights: Weights, trees: str, silent: str) -> None:
    (DATA / "party_counts.tsv").write_text(written(counts), encoding="utf-8")
    plain = [f"{name}\t{weight:.4f}" for name, weight in sorted(weights.plain.items())]
    (DATA / "party_weights.tsv").write_text("feature\tweight\n" + "\n".join(plain) + "\n", encoding="utf-8")
    words = [f"{n}\t{' '.join(f'{k}:{w:.2f}' for k, w in there.items())}" for n, there in sorted(weights.words.items())]
    (DATA / "party_words.tsv").write_text("feature\tweights\n" + "\n".join(words) + "\n", encoding="utf-8")
    (DATA / "party_trees.tsv").write_text(trees, encoding="utf-8")
    (DATA / "understood_trees.tsv").write_text(silent, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--steps", type=int, default=45)
    arguments = parser.parse_args()
    gold = load(arguments.gold)
    held = [one for one in gold if fold_of(one[0].id, 5) == 0] if arguments.check else []
    used = [one for one in gold if not (arguments.check and fold_of(one[0].id, 5) == 0)]
    counts = count(rows_of(coded) for _, coded in used)
    fitted = fit(used, counts, arguments.steps)
    if arguments.check:
        compare(held, load_tables(), counts, model_of(*fitted)).print()
    else:
        write(counts, *fitted)


if __name__ == "__main__":
    main()
