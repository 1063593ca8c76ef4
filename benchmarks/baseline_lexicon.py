"""Counts the tables of the baseline coder from annotated articles.

    python benchmarks/baseline_lexicon.py ARTICLES.jsonl GOLD.jsonl [-o src/khabar/coding/data]
    python benchmarks/baseline_lexicon.py ARTICLES.jsonl GOLD.jsonl --folds 5     only prints what threshold does best

Writes `trigger_lexicon.tsv` (folded word without proclitics, type, mode, how often it was that trigger, how often
seen), `span_lexicon.tsv` (words that begin and continue parties and places), `role_lexicon.tsv` (roles of the found
parties by type and context). Words seen once are left out; the tables hold no text.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from khabar.arabic import Word, fold_key, sentences, strip_article, strip_proclitics, words
from khabar.coding import lexicon

DATA = Path(__file__).parent.parent / "src/khabar/coding/data"
ROLES = {"actors": "actor", "recipients": "recipient", "speaker": "speaker"}
Paragraph = tuple[int, str, list[dict[str, Any]]]


def paragraphs(articles: Path, gold: Path) -> Iterator[Paragraph]:
    """Number, text and events of every body paragraph."""
    coded = {one["id"]: one for one in map(json.loads, gold.open(encoding="utf-8"))}
    for article in map(json.loads, articles.open(encoding="utf-8")):
        if (one := coded.get(article["id"])) is None:
            continue
        junk = {number for number, _ in one["not_body"]}
        by_paragraph: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for event in one["events"]:
            by_paragraph[event["paragraph"]].append(event)
        for number, text in enumerate(article["paragraphs"]):
            if number not in junk:
                yield number, text, by_paragraph[number]


def count_triggers(source: list[Paragraph]) -> list[tuple[str, str, str, int, int]]:
    seen: Counter[str] = Counter()
    kinds: Counter[tuple[str, str, str]] = Counter()
    for _, text, events in source:
        at: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for event in events:
            at[event["trigger"]["start"]].append(event)
        for word in words(text):
            key = strip_proclitics(word.text)
            seen[key] += 1
            for event in at.get(word.start, ()):
                kinds[key, event["type"], event["mode"] or ""] += 1
    stems: Counter[str] = Counter()
    for (key, *_), count in kinds.items():
        stems[strip_article(key)] += count
    rows = [(*kind, count, seen[kind[0]]) for kind, count in kinds.items() if stems[strip_article(kind[0])] >= 2]
    triggers = {key for key, *_ in kinds}
    rows += [(key, "", "", 0, n) for key, n in seen.items() if key not in triggers and stems[strip_article(key)] >= 2]
    return sorted(rows)


def count_spans(source: list[Paragraph]) -> list[tuple[str, str, str, int, int]]:
    rows: list[tuple[str, str, str, int, int]] = []
    for kind in ("party", "place"):
        first: Counter[tuple[str, bool]] = Counter()
        following: Counter[tuple[str, bool]] = Counter()
        for _, text, events in source:
            marked = {span for event in events for span in _marked(event, kind)}
            found = words(text)
            starts, inside = {a for a, _ in marked}, [(a, b) for a, b in marked]
            was_inside = False
            for i, word in enumerate(found):
                begins = word.start in starts
                goes_on = not begins and any(a < word.start < b for a, b in inside)
                first[strip_proclitics(word.text), begins] += 1
                if was_inside and lexicon.adjoining(text, found[i - 1], word):
                    following[fold_key(word.text), goes_on] += 1
                was_inside = begins or goes_on
        for place, counts in (("first", first), ("next", following)):
            for key, yes in list(counts):
                least = 2 if yes else 5
                if yes and counts[key, True] >= least:
                    rows.append((kind, place, key, counts[key, True], counts[key, True] + counts[key, False]))
                elif place == "next" and not counts.get((key, True)) and counts[key, False] >= least:
                    rows.append((kind, place, key, 0, counts[key, False]))
    return sorted(row for row in rows if ("\t" not in row[2] and row[3] >= 0.05 * row[4]) or row[1] == "next")


def _marked(event: dict[str, Any], kind: str) -> list[tuple[int, int]]:
    mentions = [m for role in ROLES for m in event[role]] if kind == "party" else [event["place"] or {}]
    return [(m["start"], m["end"]) for m in mentions if m.get("text") is not None]


def count_roles(source: list[Paragraph], parties: lexicon.Spans) -> list[tuple[str, str, str, str, str, int]]:
    counts: Counter[tuple[str, str, str, str, str]] = Counter()
    for number, text, events in source:
        for start, end in sentences(text):
            sentence = [Word(start + w.start, start + w.end, w.text) for w in words(text[start:end])]
            spans = parties.find(text, sentence)
            for event in events:
                index = next((i for i, w in enumerate(sentence) if w.start == event["trigger"]["start"]), None)
                if index is None:
                    continue
                for span, rank in lexicon.ranked(spans, index):
                    a, b = sentence[span.first].start, sentence[span.last - 1].end
                    role = next((name for field, name in ROLES.items() if _overlaps(event[field], a, b)), "-")
                    counts[event["type"], *lexicon.context(text, sentence, span, index, rank, number == 0), role] += 1
    return sorted((*key, count) for key, count in counts.items())


def _overlaps(mentions: list[dict[str, Any]], start: int, end: int) -> bool:
    return any(m["text"] is not None and m["start"] < end and start < m["end"] for m in mentions)


def cross_validate(source: list[Paragraph], folds: int) -> None:
    """Prints precision, recall and F1 of trigger words (same word, same type) by threshold, each fold by the others."""
    thresholds = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)
    hits, coded, gold = Counter[float](), Counter[float](), 0
    size = len(source) // folds + 1  # neighbouring paragraphs are of one article
    for fold in range(folds):
        own = source[fold * size : (fold + 1) * size]
        table = lexicon.Triggers(count_triggers(source[: fold * size] + source[(fold + 1) * size :]))
        for _, text, events in own:
            right = {(event["trigger"]["start"], event["type"]) for event in events}
            gold += len(right)
            seen: set[tuple[str, str]] = set()
            for word in words(text):
                hit = table.look_up(word.text)
                if hit is None or (hit.type, word.text) in seen:
                    continue
                seen.add((hit.type, word.text))
                for threshold in thresholds:
                    coded[threshold] += hit.probability >= threshold
                    hits[threshold] += hit.probability >= threshold and (word.start, hit.type) in right
    for threshold in thresholds:
        p, r = hits[threshold] / coded[threshold], hits[threshold] / gold
        print(f"{threshold:.2f}  P {p:.3f}  R {r:.3f}  F1 {2 * p * r / (p + r):.3f}")


def write(path: Path, header: str, rows: list[Any]) -> None:
    path.write_text(header + "\n" + "".join("\t".join(map(str, row)) + "\n" for row in rows), encoding="utf-8")
    print(f"{path.name}: {len(rows)} rows")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("articles", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("-o", "--output", type=Path, default=DATA)
    options = parser.parse_args()
    source = list(paragraphs(options.articles, options.gold))
    if options.folds:
        cross_validate(source, options.folds)
        return
    write(options.output / "trigger_lexicon.tsv", "word\ttype\tmode\tas_trigger\tin_all", count_triggers(source))
    span_rows = count_spans(source)
    write(options.output / "span_lexicon.tsv", "kind\tplace\tword\tyes\tseen", span_rows)
    parties = lexicon.Spans(
        {word: (yes, seen) for kind, place, word, yes, seen in span_rows if (kind, place) == ("party", "first")},
        {word: (yes, seen) for kind, place, word, yes, seen in span_rows if (kind, place) == ("party", "next")},
    )
    write(
        options.output / "role_lexicon.tsv", "type\twhere\tside\tpreposition\trole\tcount", count_roles(source, parties)
    )


if __name__ == "__main__":
    main()
