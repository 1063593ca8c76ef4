"""Places: share of gold place mentions whose country is right, given the gold spans; commonest misses.

    python benchmarks/places.py GOLD_DIR... [--misses N]

GOLD_DIR holds `articles.jsonl` and `gold.jsonl`. Mentions without words (`^`) are reported apart.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from pathlib import Path

import msgspec

from khabar.records import Article, CodedArticle, Event, Mention, Place, decode_article, decode_coded
from khabar.resolve.gazetteer import load_gazetteer
from khabar.resolve.places import resolve_places


def _uncoded(mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    return tuple(msgspec.structs.replace(m, codes=()) for m in mentions)


def bare(event: Event) -> Event:
    """The event as a draft has it: words and offsets only, no codes."""
    event = msgspec.structs.replace(
        event, actors=_uncoded(event.actors), recipients=_uncoded(event.recipients), speaker=_uncoded(event.speaker)
    )
    place = event.place
    if place is None:
        return event
    return msgspec.structs.replace(event, place=Place(text=place.text, start=place.start, end=place.end))


def load(folder: Path) -> list[tuple[Article, CodedArticle]]:
    articles = [decode_article(line) for line in (folder / "articles.jsonl").read_bytes().splitlines()]
    gold = {g.id: g for g in map(decode_coded, (folder / "gold.jsonl").read_bytes().splitlines())}
    return [(a, gold[a.id]) for a in articles if a.id in gold]


def measure(folder: Path, misses: int) -> None:
    gazetteer = load_gazetteer()
    right: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    methods: Counter[tuple[str, bool]] = Counter()
    wrong: Counter[tuple[str, str, str, str]] = Counter()
    started = time.perf_counter()
    pairs = load(folder)
    for article, gold in pairs:
        events = resolve_places(article, [bare(e) for e in gold.events], gazetteer)
        for said, found in zip(gold.events, events, strict=True):
            if said.place is None or found.place is None:
                continue
            sort = "with text" if said.place.text is not None else "^"
            good = said.place.country == found.place.country
            seen[sort] += 1
            right[sort] += good
            if sort == "with text":
                methods[(found.place.method or "", good)] += 1
                if not good:
                    key = said.place.text or ""
                    wrong[(key, said.place.country or "", found.place.country or "-", found.place.method or "")] += 1
            if sort == "with text" and found.place.latitude is not None:
                seen["with coordinates"] += 1
    seconds = time.perf_counter() - started
    print(f"{folder}: {len(pairs)} articles, {seconds:.1f} s")
    for sort in ("with text", "^"):
        print(f"  {sort:10} {right[sort]:5} of {seen[sort]:5} = {right[sort] / max(seen[sort], 1):.3f}")
    print(f"  with coordinates {seen['with coordinates'] / max(seen['with text'], 1):.3f} of those with text")
    for method in sorted({m for m, _ in methods}):
        good, bad = methods[(method, True)], methods[(method, False)]
        print(f"  {method:10} {good:5} right {bad:4} wrong")
    for (text, country, got, method), count in wrong.most_common(misses):
        print(f"    {count:3} {text} | {country} | {got} | {method}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--misses", type=int, default=0)
    options = parser.parse_args()
    for folder in options.folders:
        measure(folder, options.misses)


if __name__ == "__main__":
    main()
