"""Reads coded articles from JSON lines, with every fault named by file and line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from khabar.records import Article, CodedArticle

_LISTS = ("actors", "recipients", "speaker")


class Fault(NamedTuple):
    """Something wrong in an input: the file, its line (counted from 1; None = the file as a whole), and what."""

    source: str
    line: int | None
    message: str

    def __str__(self) -> str:
        return f"{self.source}:{self.line}: {self.message}" if self.line else f"{self.source}: {self.message}"


class JudgingError(ValueError):
    """An input that cannot be judged; the message says where and why."""


def _whole(raw: Any) -> CodedArticle:
    """A coded article from plain JSON; nulls where a list or an object belongs are read as empty.

    Raises `msgspec.ValidationError` or `ValueError`.
    """
    if not isinstance(raw, dict):
        raise ValueError("not a JSON object")
    article = {key: value for key, value in raw.items() if value is not None}
    if "events" not in article:
        raise ValueError('no coded article: it has no "events"; khabar code makes them')
    events = []
    for event in article.get("events", ()):
        if not isinstance(event, dict):
            raise ValueError("an event is not a JSON object")
        events.append({k: v for k, v in event.items() if v is not None or k not in (*_LISTS, "toll", "cells", "why")})
    return msgspec.convert(article | {"events": events}, CodedArticle)


def load_coded(path: str | Path) -> dict[str, CodedArticle]:
    """Coded articles of a JSON-lines file by id (a byte order mark and blank lines are passed over).

    Raises `JudgingError` with file and line for a line that is no coded article, a trigger that is not one word, or an
    id that comes twice: a score over a part of a file would mislead.
    """
    return dict(_load(path, _coded_line))


def load_articles(path: str | Path) -> dict[str, Article]:
    """Articles of a JSON-lines file by id. Raises `JudgingError` with file and line."""
    return dict(_load(path, lambda line: msgspec.convert(msgspec.json.decode(line), Article)))


def _coded_line(line: str) -> CodedArticle:
    article = _whole(msgspec.json.decode(line))
    for event in article.events:
        trigger = event.trigger
        if not trigger.start < trigger.end or " " in trigger.text.strip():
            raise ValueError(f"trigger «{trigger.text}» ({trigger.start}-{trigger.end}) is not one word")
    return article


def _load(path: str | Path, read: Any) -> Iterable[tuple[str, Any]]:
    seen: set[str] = set()
    try:
        lines = Path(path).read_bytes().decode("utf-8-sig").split("\n")
    except OSError as error:
        raise JudgingError(f"{path}: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise JudgingError(f"{path}: not UTF-8 (byte {error.start})") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = read(line)
        except (ValueError, RecursionError, msgspec.MsgspecError) as error:
            raise JudgingError(f"{path}:{number}: not read: {error}") from None
        if record.id in seen:
            raise JudgingError(f"{path}:{number}: article {record.id} a second time")
        seen.add(record.id)
        yield record.id, record
