"""Trains the coder on gold: python -m training.train --gold DIR --encoder FILE --out DIR [options]

Fixed seeds and steps; a checkpoint every few minutes from which the same command goes on where it stopped. What it
measures on the way is a held-out fold of train, never dev. Writes `model.pt` (averaged weights, labels, settings) and
`log.jsonl` into --out.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import torch
from tokenizers import Tokenizer

from khabar.coding.decode import Settings, contexts, decode
from khabar.coding.windows import UNK, Tokenize, windows
from khabar.records import CodedArticle
from training.backend import TorchBackend
from training.encoder import Encoder
from training.labels import Example, Labels, examples, folds, load, make_labels
from training.loss import loss
from training.measure import measure
from training.model import HIDDEN, READING, Coder, load_model

HERE = Path(__file__).parent


def arguments() -> argparse.Namespace:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument(
        "--gold", type=Path, required=True, help="folder with articles.jsonl and gold.jsonl (train, not dev)"
    )
    p.add_argument("--encoder", type=Path, help="state dict of the cut encoder")
    p.add_argument("--start", type=Path, help="model.pt of an earlier run to go on from, instead of --encoder")
    p.add_argument("--learned", type=Path, help="gold folder that --start has learned: half of its articles an epoch")
    p.add_argument("--tokenizer", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--epochs", type=int, default=8)
    p.add_argument("--layers", type=int, default=12, help="lowest layers of the encoder that are kept")
    p.add_argument("--rate", type=float, default=2e-4, help="learning rate of the encoder; heads take five times that")
    p.add_argument("--tokens", type=int, default=2000, help="pieces a batch")
    p.add_argument("--share", type=float, default=1.0, help="share of the kept articles, for a learning curve")
    p.add_argument("--folds", type=int, default=16)
    p.add_argument("--hold", type=int, default=0, help="fold that is held out (-1: none)")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    p.add_argument("--stop-after", type=float, default=1e9, help="minutes after which this call saves and stops")
    a = p.parse_args()
    if (a.encoder is None) == (a.start is None):
        p.error("give either --encoder or --start")
    return a


def make_tokenize(path: Path) -> Tokenize:
    tokenizer = Tokenizer.from_file(str(path))
    seen: dict[str, list[int]] = {}

    def tokenize(word: str) -> list[int]:
        if word not in seen:
            seen[word] = tokenizer.encode(word, add_special_tokens=False).ids
        return seen[word]

    return tokenize


def go_on(start: Path, held: set[str]) -> tuple[Coder, Labels]:
    """The model at an earlier run's end, and its labels: countries that the gold names since then are not learned.
    Raises `SystemExit` where that run learned from articles that this one holds out."""
    model, saved = load_model(start)
    if learned := held & set(saved["kept"]) if "kept" in saved else held - set(saved["held"]):
        raise SystemExit(
            f"{start}: trained on {len(learned)} of the articles to hold out; give the --folds and --hold of that run, "
            "or start from --encoder"
        )
    return model, Labels(saved["countries"])


def begin(a: argparse.Namespace, labels: Labels, some: list[list[str]], tokenize: Tokenize) -> Coder:
    """New heads on an encoder, spread by `some` articles."""
    state = torch.load(a.encoder)
    encoder = Encoder(state["word.weight"].shape[0], HIDDEN, layers=a.layers)
    encoder.load_state_dict(
        {k: v for k, v in state.items() if not k.startswith("layers.") or int(k.split(".")[1]) < a.layers}
    )
    model = Coder(encoder, len(labels.countries))
    model.standardise([w for paragraphs in some for w in windows(paragraphs, tokenize)])
    return model


def draft(
    backend: TorchBackend, article: dict[str, Any], skip: frozenset[int], tokenize: Tokenize, settings: Settings
) -> CodedArticle:
    found, readings = [], []
    for window in windows(article["paragraphs"], tokenize, skip):
        reading = backend.read(window)
        readings.append(reading)
        found += decode(window, reading, backend, article["paragraphs"], settings)
    return CodedArticle(id=article["id"], events=tuple(found), contexts=contexts(readings, settings.context))


def batches(data: list[Example], tokens: int, rng: random.Random) -> list[list[Example]]:
    """Examples of like length together, about `tokens` pieces a batch, in random order."""
    order = sorted(data, key=lambda e: len(e.window.ids) + rng.random() * 80)
    found: list[list[Example]] = []
    size = 0
    for example in order:
        longest = max(size, len(example.window.ids))
        if not found or longest * (len(found[-1]) + 1) > tokens:
            found.append([])
            longest = len(example.window.ids)
        found[-1].append(example)
        size = longest
    rng.shuffle(found)
    return found


def dropped(example: Example, rng: random.Random, rate: float = 0.06) -> Example:
    """The example with a few pieces unknown: the model may not lean on single words."""
    ids = [UNK if i > UNK and rng.random() < rate else i for i in example.window.ids]
    return example._replace(window=example.window._replace(ids=ids))


def main() -> None:
    a = arguments()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    a.out.mkdir(parents=True, exist_ok=True)
    pairs = load(a.gold)
    kept, held = folds(pairs, a.folds, a.hold) if a.hold >= 0 else (list(range(len(pairs))), [])
    kept = random.Random(a.seed).sample(kept, int(len(kept) * a.share))
    tokenize = make_tokenize(a.tokenizer)
    if a.start is not None:
        model, labels = go_on(a.start, {pairs[i][0]["id"] for i in held})
    else:
        labels = make_labels(pairs)
        model = begin(a, labels, [pairs[i][0]["paragraphs"] for i in kept[:24]], tokenize)
    model.to(a.device)
    average = {k: v.detach().clone() for k, v in model.state_dict().items()}
    groups = [
        {"params": [p for n, p in model.named_parameters() if n.startswith(READING)], "lr": a.rate},
        {"params": [p for n, p in model.named_parameters() if not n.startswith(READING)], "lr": 5 * a.rate},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01, betas=(0.9, 0.98))
    none = [examples(*pairs[i], tokenize, labels, frozenset()) for i in kept]
    junk = [frozenset(n for n, _ in pairs[i][1]["not_body"]) for i in kept]
    clean = [examples(*pairs[i], tokenize, labels, j) if j else n for i, j, n in zip(kept, junk, none, strict=True)]
    old = {article["id"] for article, _ in load(a.learned)} if a.learned else set()
    known = [pairs[i][0]["id"] in old for i in kept]

    def chosen(rng: random.Random) -> list[Example]:
        """An epoch's examples: of each article with its clutter or without, of those known already every other one."""
        rows = zip(clean, none, known, strict=True)
        return [e for c, n, k in rows if not (k and rng.random() < 0.5) for e in (n if rng.random() < 0.5 else c)]

    steps_an_epoch = len(batches(chosen(random.Random(0)), a.tokens, random.Random(0)))
    total = steps_an_epoch * a.epochs
    log = (a.out / "log.jsonl").open("a")

    def tell(**values: Any) -> None:
        print(json.dumps(values), file=log, flush=True)
        print(json.dumps(values), flush=True)

    tell(
        settings={k: str(v) for k, v in vars(a).items()}, articles=len(kept), held=len(held),
        windows=sum(map(len, clean)), pieces=sum(len(e.window.ids) for x in clean for e in x),
        events=sum(len(e.targets) for x in clean for e in x), steps=total,
        gold=hashlib.sha256((a.gold / "gold.jsonl").read_bytes()).hexdigest()[:16],
    )  # fmt: skip
    step, epoch_done, spent = 0, 0, 0.0
    checkpoint = a.out / "checkpoint.pt"
    if checkpoint.exists():
        c = torch.load(checkpoint, weights_only=False)
        model.load_state_dict(c["model"])
        optimiser.load_state_dict(c["optimiser"])
        average, step, spent = c["average"], c["step"], c["spent"]
        torch.set_rng_state(c["rng"])
        tell(resumed=step)
    begun = saved = time.time()
    parts: Counter[str] = Counter()

    def save() -> None:
        data = {
            "model": model.state_dict(), "optimiser": optimiser.state_dict(), "average": average, "step": step,
            "spent": spent + time.time() - begun, "rng": torch.get_rng_state(),
        }  # fmt: skip
        torch.save(data, checkpoint.with_suffix(".new"))
        checkpoint.with_suffix(".new").replace(checkpoint)

    def check(weights: dict[str, torch.Tensor], settings: Settings) -> dict[str, float]:
        if not held:
            return {}
        mine = {k: v.detach().clone() for k, v in model.state_dict().items()}
        model.load_state_dict(weights)
        backend = TorchBackend(model.cpu(), labels.countries)
        gold = [msgspec.convert(pairs[i][1], CodedArticle, strict=False) for i in held]
        coded = [
            draft(backend, pairs[i][0], frozenset(n for n, _ in pairs[i][1]["not_body"]), tokenize, settings)
            for i in held
        ]
        model.load_state_dict(mine)
        model.train().to(a.device)
        return measure(gold, coded)

    for epoch in range(a.epochs):
        rng = random.Random(a.seed * 1000 + epoch)
        order = batches(chosen(rng), a.tokens, rng)
        for batch in order[:steps_an_epoch]:
            epoch_done += 1
            batch = [dropped(e, rng) for e in batch]
            if epoch_done <= step:
                continue  # done before the checkpoint
            step += 1
            scale = min(1.0, step / (0.06 * total)) * max(0.02, min(1.0, (1 - step / total) / 0.8))
            for group, base in zip(optimiser.param_groups, (a.rate, 5 * a.rate), strict=True):
                group["lr"] = base * scale
            with torch.autocast(a.device, dtype=torch.bfloat16):
                value = loss(model, batch, parts)
            optimiser.zero_grad(set_to_none=True)
            value.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
            optimiser.step()
            decay = min(0.998, (1 + step) / (10 + step))
            with torch.no_grad():
                for k, v in model.state_dict().items():
                    average[k].lerp_(v, 1 - decay) if v.is_floating_point() else average[k].copy_(v)
            if step % 50 == 0:
                n = parts.pop("steps")
                rate = (spent + time.time() - begun) / step
                tell(step=step, seconds=round(spent + time.time() - begun), left=round(rate * (total - step)),
                     **{k: round(v / n, 3) for k, v in parts.items()})  # fmt: skip
                parts.clear()
            if time.time() - saved > 300:
                save()
                saved = time.time()
            if (time.time() - begun) / 60 > a.stop_after:
                save()
                return
        if epoch_done <= step and (epoch % 2 == 1 or epoch == a.epochs - 1) and epoch_done == step:
            tell(epoch=epoch + 1, **check(average, Settings()))
    save()
    torch.save(
        {
            "model": average,
            "countries": labels.countries,
            "layers": len(model.encoder.layers),
            "held": [pairs[i][0]["id"] for i in held],
            "kept": [pairs[i][0]["id"] for i in kept],
        },
        a.out / "model.pt",
    )
    tell(done=step, seconds=round(spent + time.time() - begun), rounds=math.ceil(total / steps_an_epoch))


if __name__ == "__main__":
    main()
