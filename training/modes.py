"""Which trigger words name the mode of their act: python -m training.modes GOLD

Counts the stems of triggers in the gold, each once an article by its commonest mode there, without the held-out fold,
and writes those with nearly always one mode into `src/khabar/coding/data/mode_words.tsv`; rows of that table without a
number are kept. On 377 held-out articles 24 modes become right and 4 wrong (stems of `LEAST` articles, `SHARE` of them
of one mode).
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from pathlib import Path

from khabar.arabic import stem
from khabar.codebook import MODES
from khabar.coding import lexicon
from training.labels import folds, load

OUT = Path(lexicon.__file__).parent / "data/mode_words.tsv"
LEAST, SHARE = 8, 0.9


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("gold", type=Path)
    a = p.parse_args()
    pairs = load(a.gold)
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for number in folds(pairs, 16, 0)[0]:
        mine: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for event in pairs[number][1]["events"]:
            mine[stem(event["trigger"]["text"]), event["type"]][event["mode"] or "-"] += 1
        for key, modes in mine.items():
            counts[key][modes.most_common(1)[0][0]] += 1
    rows = [line.split("\t") for line in OUT.read_text("utf-8").splitlines()[1:]] if OUT.exists() else []
    kept = ["\t".join(row) for row in rows if len(row) < 5 or not row[4]]
    ours = {tuple(line.split("\t")[:2]) for line in kept}  # with whatever must follow
    for (word, kind), modes in counts.items():
        mode, number = modes.most_common(1)[0]
        if MODES[kind] and (word, kind) not in ours and modes.total() >= LEAST and number >= SHARE * modes.total():
            kept.append(f"{word}\t{kind}\t\t{mode}\t{modes.total()}")
    OUT.write_text("\n".join(["word\ttype\tafter\tmodes\tcounted", *sorted(kept)]) + "\n", encoding="utf-8")
    print(len(kept), "words")


if __name__ == "__main__":
    main()
