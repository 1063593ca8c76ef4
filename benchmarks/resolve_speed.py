"""Articles a second of the resolver and its rooms, in processor time: python benchmarks/resolve_speed.py SAMPLE CODED

SAMPLE holds articles, CODED what `khabar code` makes of them (`benchmarks/coverage.py` draws a sample). Codes that are
there are resolved anew; at most 200 articles, twenty of them first to fill the caches.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from khabar.records import Article, CodedArticle, decode_article, decode_coded
from khabar.resolve import load_tables, resolve
from khabar.resolve.gazetteer import load_gazetteer
from khabar.resolve.places import resolve_places
from khabar.resolve.times import resolve_times
from khabar.resolve.tolls import attach


def main() -> None:
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    articles = {a.id: a for a in map(decode_article, Path(sys.argv[1]).read_bytes().splitlines())}
    coded = list(map(decode_coded, Path(sys.argv[2]).read_bytes().splitlines()))[:200]
    pairs = [(articles[c.id], c) for c in coded]
    tables, gazetteer = load_tables(), load_gazetteer()
    rooms: dict[str, Callable[[Article, CodedArticle], object]] = {
        "places": lambda a, c: resolve_places(a, c.events, gazetteer),
        "times": lambda a, c: resolve_times(a, c.events),
        "tolls": lambda a, c: attach(a, c.events),
        "whole": lambda a, c: resolve(a, c, tables),
    }
    print(f"{len(pairs)} articles, {sum(len(c.events) for c in coded) / len(pairs):.1f} events each")
    for name, room in rooms.items():
        for pair in pairs[:20]:
            room(*pair)
        started = time.process_time()
        for pair in pairs:
            room(*pair)
        spent = time.process_time() - started
        print(f"{name:8} {len(pairs) / spent:7.0f} articles/s, {1000 * spent / len(pairs):.2f} ms each")


if __name__ == "__main__":
    main()
