"""How many time mentions of a gold set the calendar reader values exactly: python benchmarks/times.py GOLD [-v]

GOLD holds articles.jsonl and gold.jsonl. Counted are mentions with words in the paragraph. The reader sees paragraph
and publication date; of its expressions the one that overlaps the gold span most is taken, or the part of it that fits
better. "reader" leaves the look ahead to its own cue words, "status" lets the coded status decide (planned: ahead).
"resolved" is `resolve_times` on the article with the gold's events; "understood" the times that the paragraph itself
does not say. "attached" is `attach_time` on every event: which expression of its paragraph dates it, if any, given the
triggers alone (precision and recall against gold's words, which the weights were fitted to on train). `-v` prints the
mistakes.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from khabar.arabic.calendar import find_times
from khabar.records import Article, Event, Mention, Place, Time, Trigger
from khabar.resolve.times import attach_time, best_overlap, resolve_times, times_of


def load(directory: Path) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    articles = {a["id"]: a for a in map(json.loads, (directory / "articles.jsonl").open(encoding="utf-8"))}
    return [(articles[g["id"]], g) for g in map(json.loads, (directory / "gold.jsonl").open(encoding="utf-8"))]


def drafts(gold: dict[str, Any]) -> list[Event]:
    """The gold's events without values."""
    return [
        Event(
            paragraph=e["paragraph"],
            trigger=Trigger(**e["trigger"]),
            type=e["type"],
            mode=e["mode"],
            status=e["status"],
            actors=tuple(Mention(codes=tuple(m["codes"])) for m in e["actors"]),
            recipients=tuple(Mention(codes=tuple(m["codes"])) for m in e["recipients"]),
            place=Place(country=e["place"]["country"]) if e["place"] else None,
            time=Time(text=e["time"]["text"], start=e["time"]["start"], end=e["time"]["end"]) if e["time"] else None,
        )
        for e in gold["events"]
    ]


def attach(article: Article, gold: list[dict[str, Any]], events: list[Event]) -> Counter[str]:
    """Events that words of their paragraph date: by gold, by the choice, by both alike."""
    found = times_of(article)
    counts: Counter[str] = Counter()
    for told, event in zip(gold, events, strict=True):
        triggers = [e.trigger.start for e in events if e.paragraph == event.paragraph]
        text = article.paragraphs[event.paragraph]
        one, _ = attach_time(text, event, found[event.paragraph], triggers, article.date)
        own = told["time"] if told["time"] and told["time"]["text"] is not None else None
        counts["gold"] += own is not None
        counts["said"] += one is not None
        counts["hit"] += bool(one and own and one.start < own["end"] and own["start"] < one.end)
    return counts


def main() -> int:
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    verbose = "-v" in sys.argv
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    paragraphs = characters = 0
    seconds = 0.0
    attached: Counter[str] = Counter()
    for article, gold in load(Path(sys.argv[1])):
        reference = date.fromisoformat(article["date"]) if article.get("date") else None
        started = time.perf_counter()
        found = [find_times(p, reference) for p in article["paragraphs"]]
        seconds += time.perf_counter() - started
        paragraphs += len(found)
        characters += sum(len(p.encode()) for p in article["paragraphs"])
        record = Article(id=article["id"], paragraphs=tuple(article["paragraphs"]), date=article.get("date"))
        bare = drafts(gold)
        resolved = resolve_times(record, bare)
        attached.update(attach(record, gold["events"], bare))
        for event, after in zip(gold["events"], resolved, strict=True):
            told = event["time"]
            if not told:
                continue
            value = after.time.value if after.time else None
            if told["text"] is None:
                total["understood"] += 1
                right["understood"] += value == told["value"]
                total["understood, valued"] += 1
                right["understood, valued"] += value is not None
                continue
            span = (told["start"], told["end"])
            text = article["paragraphs"][event["paragraph"]]
            ahead = {"planned": True, "actual": False}.get(event["status"])
            for name, expressions in (
                ("reader", found[event["paragraph"]]),
                ("status", find_times(text, reference, future=ahead)),
            ):
                best = best_overlap(expressions, *span)
                total[name] += 1
                right[name] += best is not None and best.value == told["value"]
            total["resolved"] += 1
            right["resolved"] += value == told["value"]
            if verbose and value != told["value"]:
                around = text[max(0, span[0] - 40) : span[0]] + "[" + told["text"] + "]" + text[span[1] : span[1] + 25]
                reason = after.time.reason if after.time else ""
                print(
                    article.get("date"), event["status"], told["value"], "≠", value, "|", around, "|", reason, sep="\t"
                )
    for name in total:
        print(f"{name:20} {right[name]:5} / {total[name]:5}  {right[name] / total[name]:.4f}")
    hit, said, gold_words = attached["hit"], attached["said"], attached["gold"]
    print(
        f"{'attached':20} P {hit / max(said, 1):.4f}  R {hit / max(gold_words, 1):.4f}  "
        f"({gold_words} gold, {said} said)"
    )
    print(f"speed: {paragraphs / seconds * 60:.0f} paragraphs/min, {characters / seconds / 1e6:.2f} MB/s on one core")
    return 0


if __name__ == "__main__":
    sys.exit(main())
