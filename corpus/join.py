"""Joins the published annotation with copies of the public data sets that it was made on.

    python corpus/join.py CORPUS.jsonl.gz DATASET_DIR... -o OUT_DIR

CORPUS names each article's source (`origin_repo`, `origin_path`) and each paragraph by digest. Fetch the data sets
yourself (their texts are the outlets'), point DATASET_DIR at them, and this script looks for the paragraphs in every
file below: .txt, .html and the like, .csv, .json, .jsonl, and .zip or .gz of these. What it writes is `articles.jsonl`
and `gold.jsonl` of the articles all of whose paragraphs were found, ready for `khabar evaluate` and for training.

The digests assume this cleaning: markup tags are line breaks, entities are resolved, and a text falls apart at line
breaks and at runs of four or more blanks; within a line white space runs are one space, and the ends are stripped.
Exit status 1 if some articles stay without text (each data set that is missing is named).
"""

from __future__ import annotations

import argparse
import csv
import gzip
import html
import io
import json
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from build import ROLES, digest

Json = dict[str, Any]
BREAK = re.compile(r"<[^<>]{1,400}>|[\r\n]+|[ \t\u00a0]{4,}")


def lines(text: str) -> Iterator[str]:
    """The lines of a text after the cleaning that the digests assume."""
    for line in BREAK.split(text):
        clean = " ".join(html.unescape(line).split())
        if clean:
            yield clean


def strings(value: Any) -> Iterator[str]:
    """All strings inside a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, dict):
        yield from strings(list(value.values()))


def texts(name: str, data: bytes) -> Iterator[str]:
    """The texts in a file by what its name says it is; a file that does not hold that gives what can be read."""
    suffix = Path(name).suffix.lower()
    if suffix == ".zip":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield from texts(member, archive.read(member))
        return
    if suffix == ".gz":
        yield from texts(name[:-3], gzip.decompress(data))
        return
    text = data.decode("utf-8-sig", errors="replace")
    try:
        if suffix == ".json":
            yield from strings(json.loads(text))
        elif suffix == ".jsonl":
            for line in text.splitlines():
                yield from strings(json.loads(line)) if line.strip() else ()
        elif suffix == ".csv":
            csv.field_size_limit(1 << 30)
            for row in csv.reader(io.StringIO(text)):
                yield from row
        else:
            yield text
    except (ValueError, csv.Error):
        yield text


def mention(paragraph: str, cell: list[Any], key: str) -> Json:
    """A cell of the corpus with its words."""
    at, value = cell
    start, end = at or (None, None)
    return {"text": None if at is None else paragraph[start:end], "start": start, "end": end, key: value}


def join(line: Json, found: dict[str, str]) -> tuple[Json, Json] | None:
    """The article and its coding, or None where a paragraph is missing."""
    paragraphs = [found.get(d) for d in line["paragraphs"]]
    if any(p is None or len(p) != n for p, n in zip(paragraphs, line["lengths"], strict=True)):
        return None
    events = []
    for e in line["events"]:
        text = paragraphs[e["paragraph"]]
        start, end = e["trigger"]
        event = {
            "paragraph": e["paragraph"], "trigger": {"text": text[start:end], "start": start, "end": end},
            "type": e["type"], "mode": e["mode"], "status": e["status"],
        }  # fmt: skip
        for role in ROLES:
            event[role] = [mention(text, m, "codes") for m in e.get(role, ())]
        event["place"] = mention(text, e["place"], "country") if "place" in e else None
        event["time"] = mention(text, e["time"], "value") if "time" in e else None
        event["toll"] = e.get("toll", {})
        events.append(event)
    kept = ("id", "outlet", "date", "origin_repo", "origin_path")
    coded = {"id": line["id"], "contexts": line["contexts"], "not_body": line["not_body"], "events": events}
    return {k: line[k] for k in kept} | {"paragraphs": paragraphs}, coded


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("datasets", type=Path, nargs="+")
    parser.add_argument("-o", "--out", type=Path, required=True)
    a = parser.parse_args()
    with gzip.open(a.corpus, "rt", encoding="utf-8") as file:
        corpus = [json.loads(line) for line in file]
    wanted = {d for line in corpus for d in line["paragraphs"]}
    found = {digest(""): ""}
    for folder in a.datasets:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()) if folder.is_dir() else [folder]:
            for text in texts(path.name, path.read_bytes()):
                for line in lines(text):
                    if (d := digest(line)) in wanted:
                        found[d] = line
    a.out.mkdir(parents=True, exist_ok=True)
    missing: Counter[str] = Counter()
    with (
        (a.out / "articles.jsonl").open("w", encoding="utf-8") as articles,
        (a.out / "gold.jsonl").open("w", encoding="utf-8") as gold,
    ):
        for line in corpus:
            pair = join(line, found)
            if pair is None:
                missing[line["origin_repo"]] += 1
                continue
            print(json.dumps(pair[0], ensure_ascii=False), file=articles)
            print(json.dumps(pair[1], ensure_ascii=False), file=gold)
    print(f"{len(corpus) - missing.total()} of {len(corpus)} articles joined", file=sys.stderr)
    for name, count in missing.most_common():
        print(f"  {name}: {count} articles without their text; is the data set under {a.datasets[0]}?", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
