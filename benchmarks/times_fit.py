"""Weights of the choice of times, from coded articles: python benchmarks/times_fit.py GOLD HELD [--check]

GOLD holds articles.jsonl and gold.jsonl and fits the conditional logits of `khabar.resolve.time_choice`: which time
expression of its paragraph dates an event, and which other mention tells the time of one without. HELD is a folder of
the same form with articles that the packaged coder did not train on (`training.labels.folds`): on them the coder's
probabilities are joined in. Writes `src/khabar/resolve/data/time_weights.tsv`. `--check` only prints how often the
choices are right, by five folds.
"""

from __future__ import annotations

import argparse
import sys
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from khabar.judging.scoring import by_paragraph, pair
from khabar.records import Article, CodedArticle, Event
from khabar.resolve.time_choice import Features, beside, donors, log_odds, none_beside, none_given, shares
from khabar.resolve.time_reading import best_overlap, main_day, reading_of
from khabar.resolve.times import dated_of, looks_ahead, resolve_times
from places import load
from resolution_learn import Floats, adam, log_softmax

OUT = Path(__file__).parents[1] / "src/khabar/resolve/data/time_weights.tsv"


class Problem(NamedTuple):
    """A choice: features of each candidate (the first is "none"), which of them are right, the article's digest."""

    features: list[Features]
    right: list[bool]
    digest: int


def problems(article: Article, gold: CodedArticle) -> Iterator[tuple[str, Problem]]:
    """Every event's choice beside it, and of those without words the choice among the other mentions."""
    digest = zlib.crc32(article.id.encode())
    reading = reading_of(article)
    resolved = resolve_times(article, [msgspec.structs.replace(e, time=_bare(e), cells={}) for e in gold.events])
    dated = dated_of(resolved)
    main = main_day(reading(False))
    for number, event in enumerate(gold.events):
        found = reading(looks_ahead(event))[event.paragraph]
        if found:
            triggers = [e.trigger.start for e in gold.events if e.paragraph == event.paragraph]
            candidates = beside(article.paragraphs[event.paragraph], event, found, triggers, article.date)
            time = event.time
            own = best_overlap(found, time.start or 0, time.end or 0) if time and time.text is not None else None
            right = [own is not None and x.start <= own.start and own.end <= x.end for x in found]
            if own is not None or time is None or time.text is None:
                yield "beside", Problem([none_beside(event), *candidates], [not any(right), *right], digest)
        if event.time is None or event.time.text is None:
            others = [d for d in dated if d.number != number]
            if others:
                value = event.time.value if event.time else None
                right = [d.value == value for d in others]
                candidates = donors(event, number, others, main)
                yield "donors", Problem([none_given(event, others), *candidates], [not any(right), *right], digest)


def _bare(event: Event):  # type: ignore[no-untyped-def]
    time = event.time
    return time and type(time)(text=time.text, start=time.start, end=time.end)


def fit(found: Sequence[Problem], *, steps: int = 200, decay: float = 1e-4, floor: int = 15) -> dict[str, float]:
    """Weights by Adam on all problems at once; rare features are left out; several candidates may be right."""
    seen: Counter[str] = Counter()
    for one in found:
        seen.update({name for candidate in one.features for name, _ in candidate})
    names = {name: i for i, name in enumerate(sorted(n for n, c in seen.items() if c >= floor))}
    row, column, value, group, right = [], [], [], [], []
    for number, one in enumerate(found):
        for place, candidate in enumerate(one.features):
            at = len(group)
            group.append(number)
            right.append(one.right[place])
            for name, v in candidate:
                if name in names:
                    row.append(at)
                    column.append(names[name])
                    value.append(v)
    r, c, v = np.array(row), np.array(column), np.array(value)
    g, y = np.array(group), np.array(right, dtype=float)
    starts = np.searchsorted(g, np.arange(len(found)))

    def gradient(w: Floats) -> Floats:
        p = np.exp(log_softmax(np.bincount(r, v * w[c], len(g)), g, starts))
        mass = np.add.reduceat(p * y, starts)[g]
        return np.bincount(c, v * (p - p * y / np.maximum(mass, 1e-9))[r], len(names)) / len(found) + decay * w

    w = adam(gradient, len(names), steps)
    return {name: float(w[i]) for name, i in names.items()}


def check(name: str, found: Sequence[Problem]) -> None:
    """By five folds of articles: how often the likeliest choice is right, and F1 of choosing something right."""
    hit = said = wanted = right = 0
    for fold in range(5):
        table = fit([p for p in found if p.digest % 5 != fold])
        for one in found:
            if one.digest % 5 != fold:
                continue
            chances = shares(one.features, table)
            best = max(range(len(chances)), key=chances.__getitem__)
            right += one.right[best]
            said += best > 0
            wanted += not one.right[0]
            hit += best > 0 and one.right[best]
    print(f"{name}: {right / len(found):.4f} right of {len(found)}; something: P {hit / max(said, 1):.3f} "
          f"R {hit / max(wanted, 1):.3f} F1 {2 * hit / max(said + wanted, 1):.3f}")  # fmt: skip


class Case(NamedTuple):
    """A cell of the coder's draft: what speaks for it, and whether its value is gold's."""

    features: tuple[float, ...]
    right: bool


def joined(
    pairs: Sequence[tuple[Article, CodedArticle]], table: dict[str, float]
) -> tuple[list[Case], list[Case]]:  # fmt: skip
    """The coder's written and understood times on articles that it did not see."""
    from khabar.coding.neural import NeuralCoder, model_folder
    from khabar.resolve import load_tables, resolve

    coder, tables = NeuralCoder(model_folder()), load_tables()
    drafts = coder.code_batch([article for article, _ in pairs])
    written: list[Case] = []
    understood: list[Case] = []
    for (article, gold), draft in zip(pairs, drafts, strict=True):
        plain = [msgspec.structs.replace(e, cells={}) for e in draft.events]
        events = resolve(article, msgspec.structs.replace(draft, events=tuple(plain)), tables).events
        events = tuple(msgspec.structs.replace(e, cells=d.cells) for e, d in zip(events, draft.events, strict=True))
        reading, dated = reading_of(article), dated_of(events)
        main = main_day(reading(False))
        numbers = {id(e): n for n, e in enumerate(events)}
        for gold_side, coded_side in by_paragraph(gold.events, events):
            for i, j in pair(gold_side, coded_side):
                said, event = gold_side[i], coded_side[j]
                if said.type != event.type:
                    continue
                value = said.time.value if said.time else None
                if event.time is not None and event.time.text is not None:
                    found = reading(looks_ahead(event))[event.paragraph]
                    one = best_overlap(found, event.time.start or 0, event.time.end or 0)
                    if event.time.value is None or one not in found:
                        continue
                    triggers = [e.trigger.start for e in events if e.paragraph == event.paragraph]
                    rows = beside(article.paragraphs[event.paragraph], event, found, triggers, article.date)
                    here = shares([none_beside(event), *rows], table)[1 + found.index(one)]
                    features = (1.0, log_odds(here), log_odds(event.cells["time"]))
                    written.append(Case(features, event.time.value == value))
                    continue
                others = [d for d in dated if d.number != numbers[id(event)]]
                if not others:
                    continue
                rows = donors(event, numbers[id(event)], others, main)
                chances = shares([none_given(event, others), *rows], table)
                sums: dict[str, float] = {}
                for other, chance in zip(others, chances[1:], strict=True):
                    sums[other.value] = sums.get(other.value, 0.0) + chance
                best = max(sums, key=sums.__getitem__)
                filled = event.time is not None
                implied = event.cells["time"] if filled else 1 - event.cells["time"]
                features = (1.0, log_odds(sums[best]), log_odds(implied), float(filled))
                understood.append(Case(features, best == value))
    return written, understood


def logistic(cases: Sequence[Case], steps: int = 3000, decay: float = 2e-3) -> np.ndarray:
    """Weights of a logistic regression."""
    x, y = np.array([c.features for c in cases]), np.array([c.right for c in cases], dtype=float)
    w = np.zeros(x.shape[1])
    for _ in range(steps):
        p = 1 / (1 + np.exp(-x @ w))
        w -= 0.05 * (x.T @ (p - y) / len(y) + decay * w)
    print(f"{len(cases)} cells, {y.mean():.3f} right; weights {np.round(w, 3)}")
    for least in (0.25, 0.33, 0.4, 0.5):
        keep = p > least
        print(f"  above {least}: {int(keep.sum())} kept, {float(y[keep].mean()):.3f} right")
    return w


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("held", type=Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    found: dict[str, list[Problem]] = {"beside": [], "donors": []}
    for article, gold in load(options.gold):
        for name, one in problems(article, gold):
            found[name].append(one)
    if options.check:
        for name, each in found.items():
            check(name, each)
        return
    table = {name: weight for each in found.values() for name, weight in fit(each).items()}
    written, understood = joined(load(options.held), table)
    join = dict(zip(("join:written", "join:here", "join:said"), logistic(written), strict=True))
    names = ("join:understood", "join:given", "join:implied", "join:filled")
    join |= dict(zip(names, logistic(understood), strict=True))
    lines = [f"{k}\t{v:.4f}" for k, v in sorted(table.items()) if abs(v) >= 0.01]
    lines += [f"{k}\t{v:.4f}" for k, v in sorted(join.items())]
    OUT.write_text("feature\tweight\n" + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
