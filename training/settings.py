"""Chooses the decoding settings on the held-out fold: python -m training.settings MODEL.pt MODEL_DIR --gold DIR

Codes the articles that MODEL.pt did not train on with the packaged coder (as it runs: int8, resolver and all) and sets
each threshold by what it is for: the trigger's by type F1, those of the parties by the share of events that tell the
party as gold tells it (empty, understood, or in the same words; not by codes, since the resolver's trees have seen
these articles and would forgive too much), those of other words by their overlap with gold's, of understood places,
times and speakers by the F1 of filled cells and the share of right ones. The temperature stays as `training.look` has
set it.
Where the model takes a second look (`training.look`, to be run before), that says who the parties and speakers are, and
of their thresholds only that of a second mention is chosen; its words are counted without those of these articles.
Writes the settings into MODEL_DIR/model.json; a second run replaces them.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import msgspec
import torch

from khabar.coding.constraints import consistent
from khabar.coding.decode import ROLES, Arguments, Reading, Settings, contexts, decode
from khabar.coding.look import Scored
from khabar.coding.neural import NeuralCoder, scored_words
from khabar.coding.numeric import Floats, Ints
from khabar.coding.windows import Window, windows
from khabar.judging import score
from khabar.records import Article, CodedArticle
from khabar.resolve import load_tables, resolve
from khabar.resolve.counts import load_counts, rows_of, without
from training.labels import load
from training.measure import measure
from training.words import unseen

GRID = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7)
Json = dict[str, Any]
Scores = dict[str, Any]


def _cell(name: str) -> Callable[[Scores], float]:
    return lambda s: float(s["cells"][name]["f1"] + s["accuracy"][name])


def _words(role: str) -> Callable[[Scores], float]:
    return lambda s: float(s["words"][role])


AIMS: dict[str, Callable[[Scores], float]] = {
    "trigger": lambda s: float(s["type"]["f1"]),
    "status": _cell("status"),
    "context": lambda s: float(s["contexts"]["f1"]),
    **{f"words:{role}": _words(role) for role in ROLES},
    **{f"told:{role}": _words(f"{role}=") for role in ROLES[:2]},
    "further:speaker": _cell("speaker"),
    "speaker": _cell("speaker"),
    "place": _cell("place"),
    "time": _cell("time"),
}


class Remembering:
    """The coder's backend, which reads the same triggers of a window only once."""

    def __init__(self, coder: NeuralCoder) -> None:
        self.inner = coder.backend
        self.countries, self.sectors = self.inner.countries, self.inner.sectors
        self.seen: dict[tuple[int, bytes, bytes], Arguments] = {}

    def read(self, window: Window) -> Reading:
        return self.inner.read(window)

    def arguments(self, reading: Reading, triggers: Ints, types: Ints, start: Ints, length: Ints) -> Arguments:
        key = (id(reading.words), triggers.tobytes(), types.tobytes())
        if key not in self.seen:
            self.seen[key] = self.inner.arguments(reading, triggers, types, start, length)
        return self.seen[key]

    def spans(self, vectors: Floats) -> tuple[Floats, Floats]:
        return self.inner.spans(vectors)


class Held:
    """Held-out articles with their readings, so that settings can be tried without the encoder. They are scored as new
    ones: neither the words of the second look nor the resolver's counts have them."""

    def __init__(self, folder: Path, pairs: Sequence[tuple[Json, Json]]) -> None:
        coder = NeuralCoder(folder)
        self.coder, self.backend, self.pairs = coder, Remembering(coder), pairs
        self.gold = {c["id"]: msgspec.convert(c, CodedArticle, strict=False) for _, c in self.pairs}
        self.tables = load_tables()
        self.counted = [row for coded in self.gold.values() for row in rows_of(coded)]
        self.read: list[list[tuple[Window, Reading]]] = []
        self.scored: list[list[list[Scored]]] = []
        self.look = unseen(coder.look, self.pairs)
        for article, coded in self.pairs:
            skip = frozenset(n for n, _ in coded["not_body"])
            read = [(w, self.backend.read(w)) for w in windows(article["paragraphs"], coder.tokenize, skip)]
            self.read.append(read)
            self.scored.append(scored_words(read, article["paragraphs"], coder.settings, self.look))

    def score(self, settings: Settings) -> Scores:
        with without(load_counts(), self.counted):
            return self._score(settings)

    def _score(self, settings: Settings) -> Scores:
        drafts, found = [], {}
        for (article, _), read, scored in zip(self.pairs, self.read, self.scored, strict=True):
            events = [
                e
                for (w, r), some in zip(read, scored, strict=True)
                for e in decode(w, r, self.backend, article["paragraphs"], settings, some, self.look)
            ]
            draft = CodedArticle(
                id=article["id"], events=consistent(events), contexts=contexts([r for _, r in read], settings.context)
            )
            drafts.append(draft)
            record = Article(id=article["id"], paragraphs=tuple(article["paragraphs"]), date=article["date"])
            found[article["id"]] = resolve(record, draft, self.tables)
        return score(self.gold, found) | {"words": measure(list(self.gold.values()), drafts)}


def changed(settings: Settings, field: str, role: int | None, value: float) -> Settings:
    """The settings with one threshold changed."""
    if role is None:
        return settings._replace(**{field: value})
    row = list(getattr(settings, field))
    row[role] = value
    return settings._replace(**{field: tuple(row)})


def choose(held: Held) -> Settings:
    """One threshold after the other, each at its best by its aim; of equally good ones the nearest to one half."""
    settings = Settings(temperature=held.coder.settings.temperature)
    knobs: list[tuple[str, int | None, str]] = [("trigger", None, "trigger"), ("status", None, "status")]
    for r, role in enumerate(ROLES):
        if held.coder.look is not None and r < len(settings.further):
            knobs.append(("further", r, f"told:{role}" if r < 2 else f"further:{role}"))
            continue
        words, known = (f"told:{role}", f"told:{role}") if r < 2 else (f"words:{role}", role)
        knobs += [("role", r, words), ("filled", r, words), ("understood", r, known)]
    for field, role, aim in [*knobs, ("context", None, "context")]:
        grid = (*GRID, 0.9, 1.0) if field == "filled" else GRID
        candidates = [changed(settings, field, role, t) for t in grid]
        # Once the triggers stand, all that the model has to say is known, and processes can share the rest.
        scores = list(map(held.score, candidates)) if field == "trigger" else _shared(held, candidates)
        tried = [(round(AIMS[aim](s), 4), -abs(t - 0.5), t) for s, t in zip(scores, grid, strict=True)]
        settings = changed(settings, field, role, max(tried)[2])
        print(json.dumps({"knob": [field, aim], "tried": {str(t): v for v, _, t in tried}}), flush=True)
    return settings


def _shared(held: Held, candidates: list[Settings]) -> list[Scores]:
    """Scores of all candidates by forked processes, which have what is held as it stands; only scores are sent."""
    fork = multiprocessing.get_context("fork")
    jobs = os.cpu_count() or 1

    def work(mine: list[Settings], end: Connection) -> None:
        end.send([held.score(settings) for settings in mine])

    held.score(candidates[0])
    ends = []
    for job in range(jobs):
        here, there = fork.Pipe(duplex=False)
        fork.Process(target=work, args=(candidates[job::jobs], there), daemon=True).start()
        ends.append(here)
    parts = [end.recv() for end in ends]
    return [parts[i % jobs][i // jobs] for i in range(len(candidates))]


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("model", type=Path)
    p.add_argument("folder", type=Path)
    p.add_argument("--gold", type=Path, required=True)
    a = p.parse_args()
    unlearned = set(torch.load(a.model, weights_only=False)["held"])
    held = Held(a.folder, [p for p in load(a.gold) if p[0]["id"] in unlearned])
    settings = choose(held)
    path = a.folder / "model.json"
    description = json.loads(path.read_text(encoding="utf-8"))
    description["settings"] = settings.plain()
    path.write_text(json.dumps(description, indent=1) + "\n", encoding="utf-8")
    result = held.score(settings)
    print(json.dumps({"settings": settings.plain()} | {k: v for k, v in result.items() if k != "by_type"}))


if __name__ == "__main__":
    main()
