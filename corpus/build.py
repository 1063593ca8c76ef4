"""Writes the published annotation: python corpus/build.py GOLD_DIR OUT.jsonl.gz

GOLD_DIR holds `articles.jsonl` (texts) and `gold.jsonl` (coding, as `khabar code` writes it). What is written holds no
text: articles and paragraphs are named by digest, words by offset. `join.py` puts the two together again.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

Json = dict[str, Any]
ROLES = ("actors", "recipients", "speaker")


def digest(text: str) -> str:
    """First 16 hex digits of the SHA-256 of the UTF-8 of the text with white space runs made one space."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:16]


def span(cell: Json) -> list[int] | None:
    """Offsets of a cell, null where it is understood from elsewhere."""
    return None if cell["start"] is None else [cell["start"], cell["end"]]


def stand_off(article: Json, coded: Json) -> Json:
    """One line of the corpus: everything but the words."""
    events = []
    for e in coded["events"]:
        event: Json = {
            "paragraph": e["paragraph"],
            "trigger": span(e["trigger"]),
            "type": e["type"],
            "mode": e["mode"],
            "status": e["status"],
        }
        for role in ROLES:
            if e[role]:
                event[role] = [[span(m), m["codes"]] for m in e[role]]
        if e["place"]:
            event["place"] = [span(e["place"]), e["place"]["country"]]
        if e["time"]:
            event["time"] = [span(e["time"]), e["time"]["value"]]
        if e.get("toll"):
            event["toll"] = e["toll"]
        events.append(event)
    return {
        "id": article["id"],
        "outlet": article["outlet"],
        "date": article["date"],
        "origin_repo": article["origin_repo"],
        "origin_path": article["origin_path"],
        "paragraphs": [digest(p) for p in article["paragraphs"]],
        "lengths": [len(p) for p in article["paragraphs"]],
        "contexts": coded["contexts"],
        "not_body": coded["not_body"],
        "events": events,
    }


def main() -> None:
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    articles = {a["id"]: a for a in map(json.loads, (folder / "articles.jsonl").open(encoding="utf-8"))}
    # A fixed time and no name in the gzip header: the same annotation gives the same bytes.
    with out.open("wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as file:
        for coded in map(json.loads, (folder / "gold.jsonl").open(encoding="utf-8")):
            line = json.dumps(stand_off(articles[coded["id"]], coded), ensure_ascii=False, separators=(",", ":"))
            file.write(line.encode() + b"\n")


if __name__ == "__main__":
    main()
