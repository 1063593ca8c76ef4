"""Torch weights out of a packaged model: python -m training.restore MODEL_DIR OUT.pt --gold DIR

Where the float weights of a run are gone, training can go on from the int8 ones (`training.train --start OUT.pt`): each
matrix is scaled back, so it differs from what was trained by the rounding alone. `--gold` is the train part the model
was made from; its held-out fold is noted in OUT.pt as `training.train` does it.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from training.encoder import Encoder
from training.labels import folds, load
from training.model import HIDDEN, Coder


def weights(path: Path, wanted: set[str]) -> dict[str, Tensor]:
    """The weights of one graph by their names in `Coder`; matrices of linear layers are named after their node."""
    graph = onnx.load(str(path)).graph
    held = {t.name: numpy_helper.to_array(t) for t in graph.initializer}

    def scaled(name: str) -> Tensor:
        base = name.removesuffix("_quantized")
        zero = held[f"{base}_zero_point"].astype(np.float32)
        return torch.from_numpy((held[name].astype(np.float32) - zero) * held[f"{base}_scale"])

    found: dict[str, Tensor] = {}
    for name, value in held.items():
        own = name.removeprefix("coder.").removesuffix("_quantized")
        if own in wanted:
            found[own] = scaled(name) if name.endswith("_quantized") else torch.from_numpy(value.copy())
    for node in graph.node:
        if node.op_type == "MatMulInteger" and node.input[1].endswith("_quantized"):
            scope = ".".join(part for part in node.name.strip("/").split("/")[:-1] if part != "coder")
            own = f"encoder.{scope}.weight" if scope.startswith("layers.") else f"{scope}.weight"
            found.setdefault(own, scaled(node.input[1]).T.contiguous())
    return found


def restore(folder: Path, out: Path, gold: Path, number: int = 16, hold: int = 0) -> None:
    """Writes `out`, a file as `training.train` leaves it; heads that the folder's model does not have are not in it."""
    description = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    wanted = set(Coder(Encoder(8, HIDDEN), len(description["countries"])).state_dict())
    state = weights(folder / "encoder.onnx", wanted) | weights(folder / "arguments.onnx", wanted)
    with np.load(folder / "spans.npz") as heads:
        for name in heads.files:
            part, kind = name.split("_")
            state[f"s_{part}.{kind}"] = torch.from_numpy(heads[name].copy())
    pairs = load(gold)
    held = [pairs[i][0]["id"] for i in folds(pairs, number, hold)[1]]
    layers = len({k.split(".")[2] for k in state if k.startswith("encoder.layers.")})
    torch.save({"model": state, "countries": description["countries"], "layers": layers, "held": held}, out)


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("folder", type=Path)
    p.add_argument("out", type=Path)
    p.add_argument("--gold", type=Path, required=True)
    a = p.parse_args()
    restore(a.folder, a.out, a.gold)


if __name__ == "__main__":
    main()
