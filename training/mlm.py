"""Adapts the encoder to Arabic news by masked-word training.

    python -m training.mlm --texts FILE… --start DIR --out FILE

Texts are JSONL (plain or .gz) with `id` and `paragraphs`; articles of dev must not be among them. A fifth of the words
is masked whole (85 % `<mask>`, 10 % kept, 5 % another piece). The output layer is tied to the word embeddings and is
thrown away with the mask's row at the end; what is written is a state dict of the cut encoder.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor, nn

from khabar.coding.windows import BOS, EOS, PAD
from training.encoder import Encoder

LENGTH, BATCH, RATE, MASKED = 256, 16, 4e-4, 0.2
Packed = tuple[np.ndarray, np.ndarray]  # piece ids, and whether a piece begins a word; both [LENGTH]


def articles(paths: list[Path]) -> Iterator[list[str]]:
    seen: set[str] = set()
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            for line in lines:
                article = json.loads(line)
                if article["id"] not in seen:
                    seen.add(article["id"])
                    yield article["paragraphs"]


def pack(paragraphs: list[str], tokenizer: Tokenizer, known: dict[str, list[int]]) -> Iterator[Packed]:
    """The article as windows of LENGTH pieces; a rest of fewer than 60 is left out."""
    ids, starts = [BOS], [1]

    def full() -> Packed:
        pad = LENGTH - len(ids) - 1
        return np.array([*ids, EOS] + [PAD] * pad, dtype=np.int16), np.array([*starts, 1] + [1] * pad, dtype=np.int8)

    for paragraph in paragraphs:
        for word in paragraph.split():
            if word not in known:
                known[word] = tokenizer.encode(word, add_special_tokens=False).ids[:20]
            pieces = known[word]
            if len(ids) + len(pieces) > LENGTH - 2:
                yield full()
                ids, starts = [BOS], [1]
            ids += pieces
            starts += ([1] + [0] * (len(pieces) - 1)) if pieces else []
        if len(ids) < LENGTH - 2:
            ids.append(EOS)
            starts.append(1)
    if len(ids) > 60:
        yield full()


class Masked(nn.Module):
    def __init__(self, start: Path) -> None:
        super().__init__()
        state = torch.load(start / "encoder.pt")
        self.vocab = state["word.weight"].shape[0]
        state["word.weight"] = torch.cat([state["word.weight"], torch.load(start / "mask.pt")[None]])
        self.encoder = Encoder(self.vocab + 1)
        self.encoder.load_state_dict(state)
        self.head = nn.Sequential(nn.Linear(384, 384), nn.GELU(), nn.LayerNorm(384))
        self.bias = nn.Parameter(torch.zeros(self.vocab))

    def forward(self, batch: list[Packed], chance: torch.Generator) -> Tensor:
        """Mean cross-entropy of the masked pieces (natural logarithm)."""
        ids = torch.tensor(np.stack([b[0] for b in batch])).long()
        word = torch.tensor(np.stack([b[1] for b in batch])).long().cumsum(1)
        picked = (torch.rand(len(batch), LENGTH + 2, generator=chance).gather(1, word) < MASKED) & (ids > 3)
        how = torch.rand(ids.shape, generator=chance)
        other = torch.randint(4, self.vocab, ids.shape, generator=chance)
        shown = torch.where(picked & (how < 0.85), self.vocab, torch.where(picked & (how > 0.95), other, ids))
        hidden = self.encoder(shown, (ids != PAD).float())[picked]
        logits = F.linear(self.head(hidden), self.encoder.word.weight[: self.vocab]) + self.bias
        return F.cross_entropy(logits.float(), ids[picked])

    def cut(self) -> dict[str, Tensor]:
        state = dict(self.encoder.state_dict())
        state["word.weight"] = state["word.weight"][: self.vocab].clone()
        return state


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--texts", type=Path, nargs="+", required=True)
    p.add_argument("--start", type=Path, required=True, help="folder that training.encoder wrote")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--steps", type=int, default=1300)
    a = p.parse_args()
    random.seed(1)
    torch.manual_seed(1)
    tokenizer, known = Tokenizer.from_file(str(a.start / "tokenizer.json")), {}
    data = [w for paragraphs in articles(a.texts) for w in pack(paragraphs, tokenizer, known)]
    held, data = data[::100], [w for i, w in enumerate(data) if i % 100]
    model = Masked(a.start)
    optimiser = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.01, betas=(0.9, 0.98))
    checkpoint = a.out.with_suffix(".checkpoint")
    step, chance = 0, torch.Generator().manual_seed(0)
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=False)
        model.load_state_dict(saved["model"])
        optimiser.load_state_dict(saved["optimiser"])
        chance.set_state(saved["chance"])
        step = saved["step"]
    begun, first = time.time(), step

    def held_out() -> float:
        model.eval()
        same = torch.Generator().manual_seed(7)
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
            value = np.mean([float(model(held[i : i + BATCH], same)) for i in range(0, len(held), BATCH)])
        model.train()
        return round(float(value), 3)

    per_pass = len(data) // BATCH
    while step < a.steps:
        order = random.Random(step // per_pass).sample(range(len(data)), len(data))
        at = step % per_pass * BATCH
        scale = min(1.0, (step + 1) / 100) * min(1.0, max(0.02, (1 - step / a.steps) / 0.3))
        for group in optimiser.param_groups:
            group["lr"] = RATE * scale
        with torch.autocast("cpu", dtype=torch.bfloat16):
            value = model([data[i] for i in order[at : at + BATCH]], chance)
        optimiser.zero_grad()
        value.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        step += 1
        if step % 50 == 0:
            print(
                json.dumps(
                    {
                        "step": step,
                        "loss": round(value.item(), 3),
                        "seconds_a_step": round((time.time() - begun) / (step - first), 2),
                    }
                ),
                flush=True,
            )
        if step % 400 == 0:
            print(json.dumps({"step": step, "held": held_out()}), flush=True)
            state = {
                "model": model.state_dict(),
                "optimiser": optimiser.state_dict(),
                "step": step,
                "chance": chance.get_state(),
            }
            torch.save(state, checkpoint)
    print(json.dumps({"step": step, "held": held_out()}), flush=True)
    torch.save(model.cut(), a.out)


if __name__ == "__main__":
    main()
