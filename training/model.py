"""The coder as a torch module: an encoder, a type for every word, and for every trigger a reader of its paragraph.

`Coder.read` turns windows into word vectors, and `Coder.arguments` reads, for each trigger, the words of its paragraph
again with the trigger marked: roles word by word, mode, status, toll, understood parties with a pointer to words that
name them, and codes of spans. The second reader begins as a copy of the encoder's last layers over the layer below
them, so that it can read before it has seen an event.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from khabar.codebook import CONTEXTS, TOLLS, TYPES
from khabar.coding.windows import PAD, Window
from training.encoder import Encoder
from training.labels import PAIRS, ROLES, SECTOR_NAMES, STATUSES

HIDDEN = 384
READING = ("encoder.", "reader.")  # parts that begin with trained weights; all others are heads
FAR = 32  # distances beyond so many words are told alike


class Arguments(NamedTuple):
    """Logits per event: roles [E, P, 10] (inside, then start, a role), mode [E, 73], status [E, 4], toll [E, 7],
    understood [E, 5], pointer [E, 5, W] over the window's words, countries and sectors of understood parties
    [E, 4, C], [E, 3, S], and filled [E, 5]: whether the role has words of its own at all, whichever they are."""

    roles: Tensor
    mode: Tensor
    status: Tensor
    toll: Tensor
    understood: Tensor
    pointer: Tensor
    country: Tensor
    sector: Tensor
    filled: Tensor


class Coder(nn.Module):
    def __init__(self, encoder: Encoder, countries: int, layers: int = 2, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = encoder
        # The encoder's vectors lie close together (cosine .9 between any two words); `standardise` spreads them, or the
        # heads learn nothing for hundreds of steps.
        self.shift, self.scale = nn.Parameter(torch.zeros(HIDDEN)), nn.Parameter(torch.ones(HIDDEN))
        self.drop = nn.Dropout(dropout)
        self.kind = nn.Linear(HIDDEN, 1 + len(TYPES))
        self.reader = nn.ModuleList(copy.deepcopy(layer) for layer in encoder.layers[-layers:])
        self.mark = nn.Parameter(torch.zeros(HIDDEN))
        self.trigger = nn.Linear(HIDDEN, HIDDEN)
        self.distance = nn.Embedding(2 * FAR + 1, HIDDEN)
        self.of_type = nn.Embedding(len(TYPES), HIDDEN)
        self.shift2, self.scale2 = nn.Parameter(torch.zeros(HIDDEN)), nn.Parameter(torch.ones(HIDDEN))
        self.role = nn.Linear(HIDDEN, 2 * len(ROLES))
        both = 2 * HIDDEN
        self.mode = nn.Linear(both, len(PAIRS))
        self.status = nn.Linear(both, len(STATUSES))
        self.toll = nn.Linear(both, len(TOLLS))
        self.understood = nn.Linear(both, len(ROLES))
        self.filled = nn.Linear(both, len(ROLES))
        self.query = nn.Linear(both, len(ROLES) * 96)
        self.key = nn.Linear(HIDDEN, 96)
        self.u_country = nn.Linear(both, 4 * countries)
        self.u_sector = nn.Linear(both, 3 * len(SECTOR_NAMES))
        self.s_country = nn.Linear(HIDDEN, countries)
        self.s_sector = nn.Linear(HIDDEN, len(SECTOR_NAMES))
        self.context = nn.Linear(HIDDEN, len(CONTEXTS))
        self.junk = nn.Linear(HIDDEN, 1)
        self.kind.bias.data.zero_()
        self.kind.bias.data[0] = 2.5
        for head, low in (
            (self.role, -3.0),
            (self.understood, -2.0),
            (self.toll, -2.0),
            (self.context, -2.5),
            (self.junk, -3.0),
        ):
            nn.init.constant_(head.bias, low)
        for zero in (self.distance.weight, self.of_type.weight, self.trigger.weight, self.trigger.bias):
            nn.init.zeros_(zero)  # at first the second reader is the encoder's end, untouched

    def read(self, batch: Sequence[Window]) -> tuple[list[Tensor], list[Tensor], list[Tensor]]:
        """Word vectors [W, 768] (mean of the word's pieces: the encoder's end, spread, and the layer below the reader's
        own), paragraph-end vectors [P, 384], and mean vectors [384] of the windows."""
        device = self.kind.weight.device
        longest = max(len(w.ids) for w in batch)
        ids = torch.full((len(batch), longest), PAD)
        mask = torch.zeros(len(batch), longest)
        for i, w in enumerate(batch):
            ids[i, : len(w.ids)] = torch.tensor(w.ids)
            mask[i, : len(w.ids)] = 1
        deep, middle = self.encoder.both(ids.to(device), mask.to(device), len(self.reader))
        hidden, middle = self.spread(deep.float()), middle.float()
        vectors, ends, means = [], [], []
        for i, w in enumerate(batch):
            vectors.append(torch.cat([pool(hidden[i], w), pool(middle[i], w)], -1))
            ends.append(hidden[i, torch.tensor(list(w.ends.values()), device=device)])
            means.append(hidden[i, : len(w.ids)].mean(0))
        return vectors, ends, means

    def spread(self, hidden: Tensor) -> Tensor:
        """Encoder output with the common part taken out."""
        return (hidden - self.shift) * self.scale

    @torch.no_grad()
    def standardise(self, batch: Sequence[Window]) -> None:
        """Sets shift and scale to mean and spread of the encoder's output over `batch`."""
        self.eval()
        hidden = torch.cat([self.encoder(torch.tensor([w.ids]), torch.ones(1, len(w.ids)))[0] for w in batch])
        for shift, scale in ((self.shift, self.scale), (self.shift2, self.scale2)):
            shift.copy_(hidden.mean(0))
            scale.copy_(1 / hidden.std(0).clamp(min=1e-3))
        self.train()

    def arguments(
        self, words: Tensor, triggers: Tensor, types: Tensor, start: Tensor, length: Tensor, offsets: Tensor
    ) -> Arguments:
        """Reads each trigger's paragraph. `words` [W, 768] of one window; `triggers` [E] word indexes, `types` [E];
        the paragraph of event e is words start[e] … start[e]+length[e]-1; `offsets` is 0 … P-1, P the longest."""
        e = triggers.shape[0]
        index = start[:, None] + offsets[None]
        inside = index < (start + length)[:, None]
        index = torch.minimum(index, (start + length - 1)[:, None])
        deep, middle = words[:, :HIDDEN], words[:, HIDDEN:]
        tv = deep[triggers]
        x = middle[index] + self.distance((index - triggers[:, None]).clamp(-FAR, FAR) + FAR)
        x = x + (self.trigger(tv) + self.of_type(types))[:, None]
        x = x + (index == triggers[:, None])[..., None].to(x.dtype) * self.mark
        bias = torch.where(inside, 0.0, -1e4)[:, None, None, :]
        for layer in self.reader:
            x = layer(x, bias.to(x.dtype))
        x = (x - self.shift2) * self.scale2
        own = (triggers - start)[:, None, None].expand(-1, 1, HIDDEN)
        y = torch.cat([x.gather(1, own)[:, 0].float(), tv], -1)
        y = self.drop(y)
        q = self.query(y).view(e, len(ROLES), 96)
        pointer = q.float() @ self.key(deep).float().T / 10
        return Arguments(
            self.role(self.drop(x)), self.mode(y), self.status(y), self.toll(y), self.understood(y), pointer,
            self.u_country(y).view(e, 4, -1), self.u_sector(y).view(e, 3, -1), self.filled(y),
        )  # fmt: skip


def load_model(path: Path) -> tuple[Coder, dict[str, Any]]:
    """A run's model (weights as they were at its end) and what else its file says: `countries`, `layers`, `held`.

    Heads that the file lacks begin anew: an older design can be gone on from. Raises `SystemExit` where a part that
    reads is missing."""
    saved: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=False)
    state = saved["model"]
    coder = Coder(
        Encoder(state["encoder.word.weight"].shape[0], HIDDEN, layers=saved["layers"]), len(saved["countries"])
    )
    missing = sorted(coder.load_state_dict(state, strict=False).missing_keys)
    if lost := [name for name in missing if name.startswith(READING)]:
        raise SystemExit(f"{path}: no weights of {', '.join(lost)}: made by another design")
    return coder, saved | {"new": missing}


def pool(hidden: Tensor, window: Window) -> Tensor:
    """Mean of each word's pieces: [pieces, 384] -> [W, 384]."""
    first = torch.tensor([w.first for w in window.words], device=hidden.device)
    last = torch.tensor([w.last for w in window.words], device=hidden.device)
    sums = torch.cat([hidden.new_zeros(1, hidden.shape[1]), hidden.cumsum(0)])
    return (sums[last + 1] - sums[first]) / (last - first + 1)[:, None]
