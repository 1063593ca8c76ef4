"""Counts, weights and trees of the resolver of parties, from coded articles: python benchmarks/resolution_fit.py GOLD

GOLD holds articles.jsonl and gold.jsonl; where its parties have guesses of the coder (`training.guesses`), the trees
learn how far to believe them. Writes into `src/khabar/resolve/data`: `party_counts.tsv` (codes of mentions,
of their first and last words, sectors by role and event type, each counted once an article), `party_weights.tsv` and
`party_words.tsv` (a conditional logit over the candidates of `evidence`), `party_trees.tsv` (boosted trees that rank
them again), `understood_ranking.tsv` (boosted trees that rank who is meant by a mention without words). While fitting,
every article is read with counts that leave a tenth of the articles out, itself among them (to leave out itself alone
would tell its codes: they are those counted once less than elsewhere), and the trees learn from scores of weights that
have not seen it.

`--check` writes nothing: it fits on four fifths of the articles (by digest) and prints how the last fifth resolves.
Needs LightGBM (of the extra `train`).
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np

from khabar.records import Article, CodedArticle
from khabar.resolve import load_tables, together, understood_rows
from khabar.resolve.counts import Counts, add, rows_of, without
from khabar.resolve.evidence import gather
from khabar.resolve.parties import ROLES, Where, cases, decide
from khabar.resolve.resolver import Model, load_model, prepare
from khabar.resolve.together import Weighed
from khabar.resolve.trees import read_trees
from khabar.resolve.understood import named_near
from khabar.resolve.understood_rows import Codes, Telling, candidates, rows
from khabar.resolve.weighing import KEYS, Weights
from resolution import compare, load, strip
from resolution_learn import Floats, Logit, Problem, boost, written_trees

DATA = Path(__file__).parents[1] / "src/khabar/resolve/data"
RANKING = "understood_ranking.tsv"
FOLDS, PARTS = 3, 10
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


class Reading(NamedTuple):
    """An article as its understood parties are ranked: gold, its draft, the codes of its mentions with words, and of
    every event what `named_near` says."""

    article: Article
    coded: CodedArticle
    draft: CodedArticle
    words: Mapping[Where, Codes]
    named: Sequence[Mapping[str, Sequence[str]]]


class Silent(NamedTuple):
    """A mention without words: its article, a row a candidate, the right candidate's number (-1: not there)."""

    article: str
    rows: list[list[float]]
    right: int


def fold_of(article: str, folds: int) -> int:
    return int(hashlib.sha256(article.encode()).hexdigest()[:6], 16) % folds


def part_of(one: tuple[Article, CodedArticle]) -> int:
    """The tenth of the gold that an article is in."""
    return fold_of(f"part {one[0].id}", PARTS)


def apart(gold: Gold, counts: Counts) -> Iterator[tuple[Article, CodedArticle]]:
    """The articles, each while `counts` lacks its tenth; they are to be in the order of their tenths."""
    for _, some in groupby(gold, part_of):
        ones = list(some)
        with without(counts, chain.from_iterable(rows_of(coded) for _, coded in ones)):
            yield from ones


def count(articles: Iterable[Rows]) -> Counts:
    counts = Counts({}, {}, {}, {})
    for one in articles:
        add(counts, one, 1)
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
    """Every party of every mention with words, read with counts that leave its tenth out."""
    parties = Parties([], [], [], [], [])
    tables = load_tables()
    for number, (article, coded) in enumerate(apart(gold, counts)):
        context, draft, _ = prepare(article, strip(coded), tables)
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
        scored = list(zip(one.evidence.codes, map(float, mine), strict=True))
        ranked = tuple((code, float(np.exp(log)), log) for code, log in together.best_of(scored, one.case.guess))
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
                # With the coder's guess where there is one, and without: gold's own mentions have none.
                for guess in dict.fromkeys(((), one.case.guess)):
                    rows += together.rows(article, n, guess)
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


def silent_problems(one: Reading, counts: Counts, ranking: Any = None) -> Iterator[Silent]:
    """An article's mentions without words, in the order of the text, beside those with words as weighed and earlier
    ones without words as gold has them or, with a `ranking`, as that would have them; later ones are not known, as
    when they are resolved."""
    telling = Telling(one.draft, one.words)
    for number in telling.order:
        for role in ROLES:
            for place, mention in enumerate(getattr(one.coded.events[number], role)):
                if mention.text is not None:
                    continue
                who = candidates(telling, number, role)
                right = next((n for n, codes in enumerate(who) if {*codes} == {*mention.codes}), -1)
                table = rows(telling, number, role, who, counts, one.named[number]) if who else []
                yield Silent(one.article.id, table, right)
                if ranking is None:
                    telling.add((number, role, place), mention.codes)
                elif who:
                    chosen = int(np.argmax(ranking.predict(np.array(table, dtype=np.float32))))
                    telling.add((number, role, place), who[chosen])


def unhinted(draft: CodedArticle) -> CodedArticle:
    """A draft of which the coder says nothing: no guesses, no links."""
    events = [
        msgspec.structs.replace(
            event,
            **{r: tuple(msgspec.structs.replace(m, guess=(), link=None) for m in getattr(event, r)) for r in ROLES},
        )
        for event in draft.events
    ]
    return msgspec.structs.replace(draft, events=tuple(events))


def understood_trees(gold: Gold, readings: Sequence[Sequence[Reading]], counts: Counts) -> str:
    """The ranking of understood parties. It learns beside its own earlier choices, as it is asked when it resolves: a
    first ranking of either half of the articles, which has seen gold's, makes those of the other half."""

    def problems(ranking: Callable[[str], Any]) -> list[Silent]:
        each = zip(apart(gold, counts), readings, strict=True)
        return [
            silent for (article, _), several in each for one in several
            for silent in silent_problems(one, counts, ranking(article.id))
        ]  # fmt: skip

    first = problems(lambda _: None)
    print(f"{len(first)} understood parties, {sum(o.right >= 0 for o in first)} among their candidates", flush=True)
    halves = [ranked([one for one in first if fold_of(one.article, 2) != half]) for half in (0, 1)]
    model = ranked(problems(lambda article: halves[fold_of(article, 2)]))
    return written_trees(model, understood_rows.COLUMNS, understood_rows.CATEGORIES)


def ranked(found: Sequence[Silent]) -> Any:
    """A LightGBM model that ranks candidates."""
    found = [one for one in found if one.right >= 0]
    table = np.array([row for one in found for row in one.rows], dtype=np.float32)
    right = np.array([n == one.right for one in found for n in range(len(one.rows))])
    sizes = np.array([len(one.rows) for one in found])
    columns, categories = understood_rows.COLUMNS, understood_rows.CATEGORIES
    return boost(table, np.zeros(len(table)), right, sizes, columns, categories, rounds=320, rate=0.04)


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
    words = said(parties, (one for ones in ranked for one in ones))
    each = zip(gold, parties.drafts, words, parties.named, strict=True)
    readings = [with_and_without(Reading(article, coded, *rest)) for (article, coded), *rest in each]
    return weights, trees, understood_trees(gold, readings, counts)


def with_and_without(one: Reading) -> list[Reading]:
    """A reading, and where the coder says something in it, another one without."""
    plain = unhinted(one.draft)
    return [one] if plain == one.draft else [one, one._replace(draft=plain)]


def understood_alone(gold: Gold, counts: Counts) -> str:
    """The ranking of understood parties, beside mentions with words as the package resolves them."""
    readings = []
    tables, model = load_tables(), load_model()
    for article, coded in apart(gold, counts):
        context, draft, _ = prepare(article, strip(coded), tables)
        found = decide(context, counts, cases(context, draft), draft, model.weights, model.parties)
        named = [named_near(context, event) for event in draft.events]
        words = {where: one.codes for where, one in found.items()}
        readings.append(with_and_without(Reading(article, coded, draft, words, named)))
    return understood_trees(gold, readings, counts)


def model_of(weights: Weights, trees: str, silent: str) -> Model:
    return Model(
        weights,
        read_trees(trees, "fitted", together.COLUMNS, together.CATEGORIES),
        read_trees(silent, "fitted", understood_rows.COLUMNS, understood_rows.CATEGORIES),
    )


def write(counts: Counts, weights: Weights, trees: str, silent: str) -> None:
    (DATA / "party_counts.tsv").write_text(written(counts), encoding="utf-8")
    plain = [f"{name}\t{weight:.4f}" for name, weight in sorted(weights.plain.items())]
    (DATA / "party_weights.tsv").write_text("feature\tweight\n" + "\n".join(plain) + "\n", encoding="utf-8")
    words = [
        f"{name}\t{' '.join(f'{k}:{w:.2f}' for k, w in zip(KEYS, row, strict=True) if w)}"
        for name, row in sorted(weights.words.items())
    ]
    (DATA / "party_words.tsv").write_text("feature\tweights\n" + "\n".join(words) + "\n", encoding="utf-8")
    (DATA / "party_trees.tsv").write_text(trees, encoding="utf-8")
    (DATA / RANKING).write_text(silent, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--understood", action="store_true", help="fit the ranking of understood parties alone")
    parser.add_argument("--steps", type=int, default=45)
    arguments = parser.parse_args()
    gold = sorted(load(arguments.gold), key=part_of)
    held = [one for one in gold if fold_of(one[0].id, 5) == 0] if arguments.check else []
    used = [one for one in gold if not (arguments.check and fold_of(one[0].id, 5) == 0)]
    counts = count(rows_of(coded) for _, coded in used)
    if arguments.understood:
        (DATA / RANKING).write_text(understood_alone(used, counts), encoding="utf-8")
        return
    fitted = fit(used, counts, arguments.steps)
    if arguments.check:
        compare(held, load_tables(), counts, model_of(*fitted)).print()
    else:
        write(counts, *fitted)


if __name__ == "__main__":
    main()
