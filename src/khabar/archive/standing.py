"""What people say of events now, as rows: read by page, written back after every coding of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
import sqlalchemy as sa

from khabar.archive import corrected as word
from khabar.archive import schema
from khabar.archive.corrected import Standing
from khabar.archive.flatten import pruned_json
from khabar.records import Article, CodedArticle, Event

CHUNK = 500  # pages asked for at once: below SQLite's limit of variables


def standing_of(connection: sa.Connection, pages: Iterable[str]) -> dict[str, list[Standing]]:
    """Page key -> what people say of its events."""
    found: dict[str, list[Standing]] = {}
    wanted = list(dict.fromkeys(pages))
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        query = sa.select(schema.corrected).where(schema.corrected.c.page.in_(chunk))
        for row in connection.execute(query.order_by(schema.corrected.c.event_id)).mappings():
            values = dict(row) | {"cells": msgspec.json.decode(row["cells"])}
            values["coder"] = msgspec.json.decode(row["coder"], type=Event) if row["coder"] else None
            found.setdefault(row["page"], []).append(Standing(**values | {"found": bool(row["found"])}))
    return found


def keep(connection: sa.Connection, standing: Iterable[Standing]) -> None:
    """Writes what holds now."""
    for one in standing:
        values = {name: getattr(one, name) for name in Standing.__struct_fields__}
        values["cells"] = msgspec.json.encode(one.cells).decode()
        values["coder"] = pruned_json(one.coder) if one.coder else None
        column = schema.corrected.c.event_id
        done = connection.execute(sa.update(schema.corrected).where(column == one.event_id).values(**values))
        if not done.rowcount:
            connection.execute(sa.insert(schema.corrected).values(**values))


def lay_over(
    connection: sa.Connection, article: Article, coded: CodedArticle, standing: Sequence[Standing]
) -> word.Overlaid:
    """A new coding with the words of people over it; what holds of them now is written."""
    laid = word.overlay(article, coded, standing)
    keep(connection, laid.standing)
    return laid
