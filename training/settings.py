"""Chooses the decoding settings on the held-out fold.

    python -m training.settings MODEL.pt --gold DIR --tokenizer FILE -o FILE

Each threshold is set by its own measure (type F1 for triggers, span F1 for roles, F1 of understood cells, F1 of
contexts) on articles that the model did not train on; the temperature minimises the log loss of the words' types.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from khabar.coding.constraints import consistent
from khabar.coding.decode import ROLES, Reading, Settings, contexts, decode
from khabar.coding.windows import Window, windows
from khabar.records import CodedArticle
from training.backend import TorchBackend
from training.export import load_model
from training.labels import Labels, examples, load
from training.measure import measure
from training.train import make_tokenize


class Held:
    """Held-out articles with their readings, so that settings can be tried without the encoder."""

    def __init__(self, model: Path, gold: Path, tokenizer: Path) -> None:
        coder, countries = load_model(model)
        self.backend = TorchBackend(coder, countries)
        held = set(torch.load(model, weights_only=False)["held"])
        tokenize = make_tokenize(tokenizer)
        self.pairs = [p for p in load(gold) if p[0]["id"] in held]
        self.read: list[list[tuple[Window, Reading]]] = []
        self.types: list[tuple[np.ndarray, np.ndarray]] = []
        for article, coded in self.pairs:
            skip = frozenset(n for n, _ in coded["not_body"])
            read = [(w, self.backend.read(w)) for w in windows(article["paragraphs"], tokenize, skip)]
            self.read.append(read)
            for example, (_, reading) in zip(
                examples(article, coded, tokenize, Labels(countries), skip), read, strict=True
            ):
                target = np.zeros(len(example.window.words), dtype=np.int64)
                for t in example.targets:
                    target[t.word] = 1 + t.type
                keep = np.array([w.predict for w in example.window.words])
                self.types.append((reading.types[keep], target[keep]))

    def drafts(self, settings: Settings) -> list[CodedArticle]:
        found = []
        for (article, _), read in zip(self.pairs, self.read, strict=True):
            events = [e for w, r in read for e in decode(w, r, self.backend, article["paragraphs"], settings)]
            found.append(
                CodedArticle(
                    id=article["id"],
                    events=consistent(events),
                    contexts=contexts([r for _, r in read], settings.context),
                )
            )
        return found

    def measure(self, settings: Settings) -> dict[str, float]:
        return measure([c for _, c in self.pairs], self.drafts(settings))

    def temperature(self) -> float:
        logits, target = (np.concatenate(x) for x in zip(*self.types, strict=True))

        def log_loss(t: float) -> float:
            z = logits / t
            z = z - z.max(-1, keepdims=True)
            return float((np.log(np.exp(z).sum(-1)) - z[np.arange(len(z)), target]).mean())

        return min((round(t, 2) for t in np.arange(0.7, 2.55, 0.05)), key=log_loss)


def choose(held: Held) -> Settings:
    settings = Settings(temperature=held.temperature())
    grid = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6)
    for field, figure in (("trigger", "type"), ("status", "status"), ("context", "contexts")):
        settings = max((settings._replace(**{field: t}) for t in grid), key=lambda s, f=figure: held.measure(s)[f])
    for field, suffix in (("role", ""), ("understood", "^")):
        tried = {t: held.measure(settings._replace(**{field: (t,) * 5})) for t in grid}

        best = [max((tried[t][role + suffix], -abs(t - 0.5), t) for t in grid)[2] for role in ROLES]
        settings = settings._replace(**{field: tuple(best)})
    return settings


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("model", type=Path)
    p.add_argument("--gold", type=Path, required=True)
    p.add_argument("--tokenizer", type=Path, required=True)
    p.add_argument("-o", "--out", type=Path, required=True)
    a = p.parse_args()
    held = Held(a.model, a.gold, a.tokenizer)
    settings = choose(held)
    a.out.write_text(json.dumps(settings.plain()) + "\n", encoding="utf-8")
    print(json.dumps({"settings": settings.plain(), "held": held.measure(settings)}))


if __name__ == "__main__":
    main()
