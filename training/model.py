"""The coder as a torch module: an encoder, a type for every word, and for every trigger a reader of its paragraph.

`Coder.read` turns windows into word vectors, `Coder.types` types them, and `Coder.arguments` reads, for each trigger,
the words of its paragraph again with the trigger marked: roles word by word, mode, status, toll, understood parties
with a pointer to words that name them, and codes of spans.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from khabar.codebook import CONTEXTS, TOLLS, TYPES
from khabar.coding.windows import PAD, Window
from training.encoder import Encoder
from training.labels import PAIRS, ROLES, SECTOR_NAMES, STATUSES

HIDDEN = 384
FAR = 32  # distances beyond so many words are told alike


class Block(nn.Module):
    """Pre-norm transformer layer over the words of a paragraph."""

    def __init__(self, size: int, heads: int, wide: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.n1, self.n2 = nn.LayerNorm(size), nn.LayerNorm(size)
        self.qkv, self.out = nn.Linear(size, 3 * size), nn.Linear(size, size)
        self.up, self.down = nn.Linear(size, wide), nn.Linear(wide, size)
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        e, p, d = x.shape
        q, k, v = self.qkv(self.n1(x)).view(e, p, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        a = F.scaled_dot_product_attention(q, k, v, attn_mask=bias.to(q.dtype))
        x = x + self.drop(self.out(a.transpose(1, 2).reshape(e, p, d)))
        return x + self.drop(self.down(F.gelu(self.up(self.n2(x)))))


class Arguments(NamedTuple):
    """Logits per event: roles [E, P, 10] (inside, then start, a role), mode [E, 73], status [E, 4], toll [E, 7],
    understood [E, 5], pointer [E, 5, W] over the window's words, countries and sectors of understood parties
    [E, 4, C], [E, 3, S], and the trigger's vector."""

    roles: Tensor
    mode: Tensor
    status: Tensor
    toll: Tensor
    understood: Tensor
    pointer: Tensor
    country: Tensor
    sector: Tensor


class Coder(nn.Module):
    def __init__(
        self, encoder: Encoder, countries: int, size: int = 256, layers: int = 2, dropout: float = 0.1
    ) -> None:
        super().__init__()
        self.encoder = encoder
        # The encoder's vectors lie close together (cosine .9 between any two words); `standardise` spreads them, or the
        # heads learn nothing for hundreds of steps.
        self.shift, self.scale = nn.Parameter(torch.zeros(HIDDEN)), nn.Parameter(torch.ones(HIDDEN))
        self.drop = nn.Dropout(dropout)
        self.kind = nn.Linear(HIDDEN, 1 + len(TYPES))
        self.word = nn.Linear(HIDDEN, size)
        self.trigger = nn.Linear(HIDDEN, size)
        self.distance = nn.Embedding(2 * FAR + 1, size)
        self.of_type = nn.Embedding(len(TYPES), size)
        self.blocks = nn.ModuleList(Block(size, 4, 3 * size, dropout) for _ in range(layers))
        self.norm = nn.LayerNorm(size)
        self.role = nn.Linear(size, 2 * len(ROLES))
        both = size + HIDDEN
        self.mode = nn.Linear(both, len(PAIRS))
        self.status = nn.Linear(both, len(STATUSES))
        self.toll = nn.Linear(both, len(TOLLS))
        self.understood = nn.Linear(both, len(ROLES))
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
        for emb in (self.distance, self.of_type):
            nn.init.normal_(emb.weight, std=0.1)

    def read(self, batch: Sequence[Window]) -> tuple[list[Tensor], list[Tensor], list[Tensor]]:
        """Word vectors [W, 384] (mean of the word's pieces), paragraph-end vectors, and mean vectors of the windows."""
        device = self.kind.weight.device
        longest = max(len(w.ids) for w in batch)
        ids = torch.full((len(batch), longest), PAD)
        mask = torch.zeros(len(batch), longest)
        for i, w in enumerate(batch):
            ids[i, : len(w.ids)] = torch.tensor(w.ids)
            mask[i, : len(w.ids)] = 1
        hidden = self.spread(self.encoder(ids.to(device), mask.to(device)).float())
        vectors, ends, means = [], [], []
        for i, w in enumerate(batch):
            vectors.append(pool(hidden[i], w))
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
        self.shift.copy_(hidden.mean(0))
        self.scale.copy_(1 / hidden.std(0).clamp(min=1e-3))
        self.train()

    def arguments(
        self, words: Tensor, triggers: Tensor, types: Tensor, start: Tensor, length: Tensor, offsets: Tensor
    ) -> Arguments:
        """Reads each trigger's paragraph. `words` [W, 384] of one window; `triggers` [E] word indexes, `types` [E];
        the paragraph of event e is words start[e] … start[e]+length[e]-1; `offsets` is 0 … P-1, P the longest."""
        e = triggers.shape[0]
        index = start[:, None] + offsets[None]
        inside = index < (start + length)[:, None]
        index = torch.minimum(index, (start + length - 1)[:, None])
        tv = words[triggers]
        x = self.word(words)[index] + self.distance((index - triggers[:, None]).clamp(-FAR, FAR) + FAR)
        x = x + (self.trigger(tv) + self.of_type(types))[:, None]
        bias = torch.where(inside, 0.0, -1e4)[:, None, None, :]
        for block in self.blocks:
            x = block(x, bias)
        x = self.norm(x)
        own = (triggers - start)[:, None, None].expand(-1, 1, x.shape[-1])
        y = torch.cat([x.gather(1, own)[:, 0].float(), tv], -1)
        y = self.drop(y)
        q = self.query(y).view(e, len(ROLES), 96)
        pointer = q.float() @ self.key(words).float().T / 10
        return Arguments(
            self.role(x), self.mode(y), self.status(y), self.toll(y), self.understood(y), pointer,
            self.u_country(y).view(e, 4, -1), self.u_sector(y).view(e, 3, -1),
        )  # fmt: skip


def pool(hidden: Tensor, window: Window) -> Tensor:
    """Mean of each word's pieces: [pieces, 384] -> [W, 384]."""
    first = torch.tensor([w.first for w in window.words], device=hidden.device)
    last = torch.tensor([w.last for w in window.words], device=hidden.device)
    sums = torch.cat([hidden.new_zeros(1, hidden.shape[1]), hidden.cumsum(0)])
    return (sums[last + 1] - sums[first]) / (last - first + 1)[:, None]
