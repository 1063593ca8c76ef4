"""Exports a trained model to ONNX: python -m training.export MODEL.pt OUT_DIR --tokenizer FILE

Writes `encoder.onnx` (int8 weights, activations scaled at run time; one window a call, so no neighbour can change a
result), `arguments.onnx`, `spans.npz`, `tokenizer.json` and `model.json` (labels, version, digests, and settings that
`training.settings` and `training.calibrate` replace).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from khabar.coding.decode import Settings
from khabar.coding.look.look import FILE as LOOK
from training.labels import SECTOR_NAMES
from training.model import HIDDEN, Coder, load_model


class Reader(nn.Module):
    """ids [1, N], first [W], last [W], ends [P] -> words [W, 768], types [W, 17], contexts [37], junk [P]."""

    def __init__(self, coder: Coder) -> None:
        super().__init__()
        self.coder = coder

    def forward(self, ids: Tensor, first: Tensor, last: Tensor, ends: Tensor) -> tuple[Tensor, ...]:
        c = self.coder
        deep, middle = c.encoder.both(ids, torch.ones_like(ids, dtype=torch.float32), len(c.reader))
        hidden = c.spread(deep[0])
        both = torch.cat([hidden, middle[0]], -1)
        sums = torch.cat([torch.zeros(1, 2 * HIDDEN), both.cumsum(0)])
        words = (sums[last + 1] - sums[first]) / (last - first + 1)[:, None].float()
        return words, c.kind(words[:, :HIDDEN]), c.context(hidden.mean(0)), c.junk(hidden[ends])[:, 0]


class ArgumentReader(nn.Module):
    def __init__(self, coder: Coder) -> None:
        super().__init__()
        self.coder = coder

    def forward(
        self, words: Tensor, triggers: Tensor, types: Tensor, start: Tensor, length: Tensor, offsets: Tensor
    ) -> tuple[Tensor, ...]:
        return tuple(self.coder.arguments(words, triggers, types, start, length, offsets))


def _quantise(plain: Path, out: Path) -> None:
    quantize_dynamic(plain, out, per_channel=True, reduce_range=False, weight_type=QuantType.QInt8)


def export(model: Path, out: Path, tokenizer: Path, version: str) -> None:
    coder, saved = load_model(model)
    if saved["new"]:
        raise SystemExit(f"{model}: {', '.join(saved['new'])} never trained; go on from it with training.train --start")
    coder, countries = coder.eval(), saved["countries"]
    out.mkdir(parents=True, exist_ok=True)
    (out / LOOK).unlink(missing_ok=True)  # of another model
    ids = torch.arange(4, 44)[None]
    first, last, ends = torch.tensor([1, 5, 9]), torch.tensor([4, 8, 12]), torch.tensor([13, 39])
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "encoder.onnx"
        torch.onnx.export(
            Reader(coder), (ids, first, last, ends), str(plain), dynamo=False, opset_version=17,
            input_names=["ids", "first", "last", "ends"], output_names=["words", "types", "contexts", "junk"],
            dynamic_axes={"ids": {1: "n"}, "first": {0: "w"}, "last": {0: "w"}, "ends": {0: "p"}},
        )  # fmt: skip
        _quantise(plain, out / "encoder.onnx")
        plain = Path(folder) / "arguments.onnx"
        index = torch.tensor([1, 2])
        names = ["words", "triggers", "types", "start", "length"]
        torch.onnx.export(
            ArgumentReader(coder),
            (torch.randn(12, 2 * HIDDEN), index, index, torch.tensor([0, 0]), torch.tensor([5, 7]), torch.arange(7)),
            str(plain), dynamo=False, opset_version=17, input_names=[*names, "offsets"],
            output_names=["roles", "mode", "status", "toll", "understood", "pointer", "country", "sector", "filled"],
            dynamic_axes={"words": {0: "w"}, "offsets": {0: "s"}} | {n: {0: "e"} for n in names[1:]},
        )  # fmt: skip
        _quantise(plain, out / "arguments.onnx")
        for name in ("encoder", "arguments"):
            onnx.checker.check_model(onnx.load(out / f"{name}.onnx"))
    np.savez(
        out / "spans.npz",
        country_weight=coder.s_country.weight.detach().numpy(), country_bias=coder.s_country.bias.detach().numpy(),
        sector_weight=coder.s_sector.weight.detach().numpy(), sector_bias=coder.s_sector.bias.detach().numpy(),
    )  # fmt: skip
    shutil.copy(tokenizer, out / "tokenizer.json")
    digest = {
        f.name: hashlib.sha256(f.read_bytes()).hexdigest()[:16]
        for f in sorted(out.glob("*.*"))
        if f.name != "model.json"
    }
    description = {
        "version": version, "countries": countries, "sectors": SECTOR_NAMES, "settings": Settings().plain(),
        "files": digest,
    }  # fmt: skip
    (out / "model.json").write_text(json.dumps(description, indent=1) + "\n", encoding="utf-8")
    print(json.dumps({f.name: f.stat().st_size for f in sorted(out.iterdir())}))


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("model", type=Path)
    p.add_argument("out", type=Path)
    p.add_argument("--tokenizer", type=Path, required=True)
    p.add_argument("--version", default="0.4")
    a = p.parse_args()
    export(a.model, a.out, a.tokenizer, a.version)


if __name__ == "__main__":
    main()
