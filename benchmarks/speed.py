"""Speed of coding: python benchmarks/speed.py ARTICLES.jsonl[.gz] [--articles 2000] [--threads 1]

Prints, from one process on one core: seconds from start of the interpreter to the first coded article, articles and
pieces a second of the whole way (labelling, coding, resolving), pieces a second of the bare encoder over the same
windows in the same run, their ratio, the share of time by room, and the peak memory.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import resource
import time
from pathlib import Path

BEGUN = time.perf_counter()


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("articles_file", type=Path)
    p.add_argument("--articles", type=int, default=2000)
    a = p.parse_args()
    from khabar.coding.neural import NeuralCoder, model_folder
    from khabar.coding.windows import windows
    from khabar.pages import not_body
    from khabar.records import Article
    from khabar.resolve import load_tables, resolve

    coder = NeuralCoder(model_folder())
    tables = load_tables()
    opened = gzip.open if a.articles_file.suffix == ".gz" else open
    with opened(a.articles_file, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in itertools.islice(file, a.articles)]
    articles = [Article(id=r["id"], paragraphs=tuple(r["paragraphs"]), date=r["date"]) for r in rows]
    resolve(articles[0], coder.code_batch(articles[:1])[0], tables)
    first = time.perf_counter() - BEGUN
    spent = dict.fromkeys(("labelling", "coding", "resolving", "encoder alone"), 0.0)
    pieces = events = 0
    for article in articles:
        t0 = time.perf_counter()
        skip = frozenset(n for n, _ in not_body(article))
        t1 = time.perf_counter()
        draft = coder.code(article, skip)
        t2 = time.perf_counter()
        events += len(resolve(article, draft, tables).events)
        t3 = time.perf_counter()
        found = windows(article.paragraphs, coder.tokenize, skip)
        t4 = time.perf_counter()
        for window in found:
            coder.backend.read(window)
        t5 = time.perf_counter()
        pieces += sum(len(w.ids) for w in found)
        for room, seconds in zip(spent, (t1 - t0, t2 - t1, t3 - t2, t5 - t4), strict=True):
            spent[room] += seconds
    whole = spent["labelling"] + spent["coding"] + spent["resolving"]
    alone = spent["encoder alone"]
    print(f"start to first article {first:.2f} s")
    print(f"{len(articles)} articles, {events} events, {pieces} pieces")
    print(f"whole way      {len(articles) / whole:.2f} articles/s  {pieces / whole:.0f} pieces/s on one core")
    print(f"encoder alone  {pieces / alone:.0f} pieces/s; the whole way runs at {alone / whole:.0%} of it")
    print("share of time  " + "  ".join(f"{k} {v / whole:.0%}" for k, v in list(spent.items())[:3]))
    print(f"peak memory    {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
