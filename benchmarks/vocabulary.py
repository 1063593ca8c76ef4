"""Counts the folded words of articles into `src/khabar/arabic/data/vocabulary.tsv`.

    python benchmarks/vocabulary.py ARTICLES.jsonl[.gz]... [--least 10] [-o vocabulary.tsv]

Each line of the input is an article with `id` and `paragraphs`; an id that comes twice is counted once. Only Arabic
words of at least `--least` occurrences are kept: the table guards clitics against false cuts, it holds no text.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
from collections import Counter
from pathlib import Path

from khabar.arabic.folding import fold_key
from khabar.arabic.words import words

DEFAULT = Path(__file__).parent.parent / "src/khabar/arabic/data/vocabulary.tsv"
ARABIC = re.compile(r"[ء-ي]{2,}")


def count(paths: list[Path]) -> Counter[str]:
    """Occurrences of every folded word of the articles."""
    counts: Counter[str] = Counter()
    seen: set[str] = set()
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            for line in lines:
                article = json.loads(line)
                if article["id"] not in seen:
                    seen.add(article["id"])
                    for paragraph in article["paragraphs"]:
                        counts.update(fold_key(word.text) for word in words(paragraph))
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("articles", nargs="+", type=Path)
    parser.add_argument("--least", type=int, default=10)
    parser.add_argument("-o", "--output", type=Path, default=DEFAULT)
    options = parser.parse_args()
    rows = sorted(
        ((word, n) for word, n in count(options.articles).items() if n >= options.least and ARABIC.fullmatch(word)),
        key=lambda row: (-row[1], row[0]),
    )
    options.output.write_text("word\tcount\n" + "".join(f"{w}\t{n}\n" for w, n in rows), encoding="utf-8")
    print(f"{len(rows)} words", file=sys.stderr)


if __name__ == "__main__":
    main()
