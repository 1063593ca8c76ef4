"""What the examples of engines share: rows of articles to rows of acts.

Every engine hands a function a batch of rows and takes a batch back. The model and the tables are loaded once a
process and stay; batches of 8 to 64 articles are a good size. Coding is mostly Python and holds the GIL, so give the
engine processes, not threads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import khabar
from khabar.coders import code_batch
from khabar.pages import Fault
from khabar.records import Article

COLUMNS = ("article", "date", "type", "mode", "status", "actors", "recipients", "country", "trigger")


def article_rows(*paths: str) -> list[dict[str, Any]]:
    """Pages as rows of plain values, for an engine that reads none itself."""
    articles = [article for path in paths for article in khabar.read(path)]
    return [{"id": a.id, "date": a.date or "", "paragraphs": list(a.paragraphs)} for a in articles]


def acts(rows: Sequence[Mapping[str, Any]], coder: str = "auto") -> Iterator[dict[str, Any]]:
    """A row an event. An article that cannot be coded gives none; `khabar.code_batch` would raise instead."""
    articles = [
        Article(id=str(row["id"]), date=row["date"] or None, paragraphs=tuple(map(str, row["paragraphs"])))
        for row in rows
    ]
    for article, coded in zip(articles, code_batch(articles, coder=coder), strict=True):
        if isinstance(coded, Fault):
            continue
        for event in coded.events:
            yield {
                "article": article.id, "date": article.date or "", "type": event.type, "mode": event.mode or "",
                "status": event.status, "actors": " ".join(code for m in event.actors for code in m.codes),
                "recipients": " ".join(code for m in event.recipients for code in m.codes),
                "country": (event.place.country or "") if event.place else "", "trigger": event.trigger.text,
            }  # fmt: skip
