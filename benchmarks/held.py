"""How the packaged coder does on articles that training held out: python benchmarks/held.py GOLD [--model FOLDER]

GOLD is a folder with articles.jsonl and gold.jsonl that the coder was trained from; what is scored is the fold of it
that `training.train` holds out (by digest), as new articles are: neither the words of the second look nor the
resolver's counts have them. The resolver's trees do know them, and the thresholds were chosen on a part of them.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from training.labels import folds, load
from training.settings import Held

from khabar.coding.neural import model_folder

SHOWN = ("detect", "type", "country", "dyad", "record", "triples", "actor", "recipient", "contexts")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--model", type=Path, default=model_folder(), help="another model folder")
    options = parser.parse_args()
    pairs = load(options.gold)
    held = Held(options.model, [pairs[n] for n in folds(pairs, 16, 0)[1]])
    scores = held.score(held.coder.settings)
    print(f"{held.coder.name}\t{len(held.pairs)} articles held out of {len(pairs)}")
    for name in SHOWN:
        print(f"{name}\tP {scores[name]['p']:.3f}\tR {scores[name]['r']:.3f}\tF1 {scores[name]['f1']:.3f}")
    print("filled cells\t" + "\t".join(f"{name} {cell['f1']:.3f}" for name, cell in scores["cells"].items()))


if __name__ == "__main__":
    main()
