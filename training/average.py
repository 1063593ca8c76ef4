"""The mean of the weights of runs that went on from one another: python -m training.average RUN.pt RUN.pt... OUT.pt

Runs from one start lie in one valley: their mean is often better than each, and costs nothing to run (Wortsman et al.,
"Model soups", 2022). What else OUT.pt says (labels, held-out articles) is the last run's.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch


def average(runs: list[Path], out: Path) -> None:
    """Writes `out`. Raises `SystemExit` where the runs have other labels or parts."""
    saved = [torch.load(run, map_location="cpu", weights_only=False) for run in runs]
    last = saved[-1]
    for run, one in zip(runs, saved, strict=True):
        if one["countries"] != last["countries"] or one["model"].keys() != last["model"].keys():
            raise SystemExit(
                f"{run}: other labels or parts than {runs[-1]}; average runs that went on from one another"
            )
    mean = {
        name: torch.stack([one["model"][name].float() for one in saved]).mean(0).to(value.dtype)
        if value.is_floating_point() else value
        for name, value in last["model"].items()
    }  # fmt: skip
    torch.save(last | {"model": mean}, out)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path, nargs="+", metavar="RUN.pt")
    parser.add_argument("out", type=Path, metavar="OUT.pt")
    options = parser.parse_args()
    average(options.runs, options.out)


if __name__ == "__main__":
    main()
