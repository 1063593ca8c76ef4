"""The training loss: the trigger's by words, everything else by events, so that no part drowns another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from khabar.codebook import CONTEXTS, TOLLS
from training.labels import PAIRS, ROLES, Example
from training.model import HIDDEN, Coder

WEIGHTS = {
    "type": 1.0, "role": 0.4, "mode": 0.3, "status": 0.6, "understood": 0.4, "filled": 0.4, "pointer": 0.2,
    "toll": 0.25, "code": 0.25, "place": 0.15, "context": 0.5, "junk": 0.2,
}  # fmt: skip
_PAIR_TYPE = torch.tensor([[t == u for u, _ in PAIRS] for t in dict.fromkeys(t for t, _ in PAIRS)])


def paragraph_bounds(example: Example, word: int) -> tuple[int, int]:
    """(first word, count) of the predicted words of the paragraph that holds `word`."""
    words = example.window.words
    a = b = word
    while a > 0 and words[a - 1].paragraph == words[word].paragraph and words[a - 1].predict:
        a -= 1
    while b + 1 < len(words) and words[b + 1].paragraph == words[word].paragraph and words[b + 1].predict:
        b += 1
    return a, b - a + 1


def loss(model: Coder, batch: Sequence[Example], log: Counter[str], smooth: float = 0.0) -> Tensor:
    """Weighted loss of a batch; adds each part to `log`."""
    vectors, ends, means = model.read([e.window for e in batch])
    device = vectors[0].device
    parts: dict[str, Tensor] = {}

    def add(name: str, value: Tensor) -> None:
        parts[name] = parts[name] + value if name in parts else value

    events = max(1, sum(len(e.targets) for e in batch))
    flat = torch.cat(vectors)
    target = torch.zeros(len(flat), dtype=torch.long)
    keep = torch.zeros(len(flat), dtype=torch.bool)
    base = 0
    for e in batch:
        keep[base : base + len(e.window.words)] = torch.tensor([w.predict for w in e.window.words])
        for t in e.targets:
            target[base + t.word] = 1 + t.type
        base += len(e.window.words)
    keep, target = keep.to(device), target.to(device)
    logits = model.kind(model.drop(flat[:, :HIDDEN]))
    add("type", F.cross_entropy(logits[keep].float(), target[keep], reduction="sum", label_smoothing=smooth) / events)

    windows = len(batch)
    gold = torch.zeros(windows, len(CONTEXTS))
    for i, e in enumerate(batch):
        gold[i, e.contexts] = 1
    add(
        "context",
        F.binary_cross_entropy_with_logits(model.context(torch.stack(means)), gold.to(device), reduction="sum")
        / windows,
    )
    junk = torch.tensor([float(x) for e in batch for x in e.junk.values()], device=device)
    add("junk", F.binary_cross_entropy_with_logits(model.junk(torch.cat(ends))[:, 0], junk, reduction="sum") / windows)

    for e, words in zip(batch, vectors, strict=True):
        if e.targets:
            _event_loss(model, e, model.drop(words), events, add)
    total = sum(WEIGHTS[k] * v for k, v in parts.items())
    for k, v in parts.items():
        log[k] += float(v.detach())
    log["steps"] += 1
    assert isinstance(total, Tensor)
    return total


def _event_loss(model: Coder, e: Example, words: Tensor, events: int, add) -> None:  # type: ignore[no-untyped-def]
    device = words.device
    bounds = [paragraph_bounds(e, t.word) for t in e.targets]
    start = torch.tensor([b[0] for b in bounds], device=device)
    length = torch.tensor([b[1] for b in bounds], device=device)
    triggers = torch.tensor([t.word for t in e.targets], device=device)
    types = torch.tensor([t.type for t in e.targets], device=device)
    out = model.arguments(words, triggers, types, start, length, torch.arange(int(length.max()), device=device))
    n, span = out.roles.shape[:2]
    roles = torch.zeros(n, span, 2 * len(ROLES))
    inside = torch.zeros(n, span, 1)
    understood, filled = torch.zeros(n, len(ROLES)), torch.zeros(n, len(ROLES))
    toll = torch.zeros(n, len(TOLLS))
    for i, (t, (a, count)) in enumerate(zip(e.targets, bounds, strict=True)):
        inside[i, :count] = 1
        for r, x, y in t.spans:
            if a <= x and y < a + count:
                roles[i, x - a : y - a + 1, r] = 1
                roles[i, x - a, len(ROLES) + r] = 1
                filled[i, r] = 1
        understood[i, t.understood] = 1
        toll[i, t.toll] = 1
    bce = F.binary_cross_entropy_with_logits
    add("role", (bce(out.roles.float(), roles.to(device), reduction="none") * inside.to(device)).sum() / events)
    allowed = _PAIR_TYPE.to(device)[types]
    mode = out.mode.float().masked_fill(~allowed, -1e4)
    add(
        "mode",
        F.cross_entropy(mode, torch.tensor([t.mode for t in e.targets], device=device), reduction="sum") / events,
    )
    status = torch.tensor([t.status for t in e.targets], device=device)
    add("status", F.cross_entropy(out.status.float(), status, reduction="sum") / events)
    add("understood", bce(out.understood.float(), understood.to(device), reduction="sum") / events)
    add("filled", bce(out.filled.float(), filled.to(device), reduction="sum") / events)
    add("toll", bce(out.toll.float(), toll.to(device), reduction="sum") / events)
    for i, t in enumerate(e.targets):
        for r, ws in t.links.items():
            ws = [w for w in ws if w != t.word]
            if ws:
                scores = out.pointer[i, r].log_softmax(-1)
                add("pointer", -torch.logsumexp(scores[torch.tensor(ws, device=device)], 0) / events)
    deep = words[:, :HIDDEN]
    sums = torch.cat([deep.new_zeros(1, HIDDEN), deep.cumsum(0)])
    rows: list[Tensor] = []
    want: list[tuple[int, list[int], list[int]]] = []
    for i, t in enumerate(e.targets):
        for x, y, r, cs, ss in t.codes:
            if x >= 0:
                rows.append((sums[y + 1] - sums[x]) / (y - x + 1))
                want.append((r, cs, ss))
            else:
                if cs:
                    add("place" if r == 3 else "code", -out.country[i, r].float().log_softmax(-1)[cs].mean() / events)
                if ss and r < 3:
                    add("code", -out.sector[i, r].float().log_softmax(-1)[ss].mean() / events)
    if rows:
        vectors = torch.stack(rows)
        country, sector = (
            model.s_country(vectors).float().log_softmax(-1),
            model.s_sector(vectors).float().log_softmax(-1),
        )
        for j, (r, cs, ss) in enumerate(want):
            if cs:
                add("place" if r == 3 else "code", -country[j, cs].mean() / events)
            if ss:
                add("code", -sector[j, ss].mean() / events)
