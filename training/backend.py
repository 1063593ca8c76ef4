"""The torch model behind the run time's `Backend` protocol, to measure checkpoints as they will run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from khabar.coding.decode import Arguments, Reading
from khabar.coding.numeric import Floats, Ints
from khabar.coding.windows import Window
from training.labels import SECTOR_NAMES
from training.model import HIDDEN, Coder


class TorchBackend:
    def __init__(self, model: Coder, countries: Sequence[str]) -> None:
        self.model = model.eval()
        self.countries = list(countries)
        self.sectors = SECTOR_NAMES

    @torch.no_grad()
    def read(self, window: Window) -> Reading:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            (words,), (ends,), (mean,) = self.model.read([window])
        junk = self.model.junk(ends)[:, 0].numpy()
        return Reading(
            words.numpy(), self.model.kind(words[:, :HIDDEN]).numpy(), self.model.context(mean).numpy(),
            dict(zip(window.ends, map(float, junk), strict=True)),
        )  # fmt: skip

    @torch.no_grad()
    def arguments(self, reading: Reading, triggers: Ints, types: Ints, start: Ints, length: Ints) -> Arguments:
        t = torch.from_numpy
        offsets = torch.arange(int(length.max()))
        out = self.model.arguments(t(reading.words), t(triggers), t(types), t(start), t(length), offsets)
        return Arguments(*(x.numpy() for x in out))

    @torch.no_grad()
    def spans(self, vectors: Floats) -> tuple[Floats, Floats]:
        v = torch.from_numpy(np.asarray(vectors))[:, :HIDDEN]
        return self.model.s_country(v).numpy(), self.model.s_sector(v).numpy()
