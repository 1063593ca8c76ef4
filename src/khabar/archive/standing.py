"""What people say of events now, as rows: read by page, written back after every coding of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec
import sqlalchemy as sa

from khabar.archive import corrected as word
from khabar.archive import schema
from khabar.archive.about import About, lay
from khabar.archive.corrected import Standing
from khabar.archive.flatten import pruned_json
from khabar.records import Article, CodedArticle, Event

_about = msgspec.json.Decoder(About)
CHUNK = 500  # pages asked for at once: below SQLite's limit of variables


class Words(NamedTuple):
    """What people say of a page: of its events, and of the article as a whole."""

    standing: tuple[Standing, ...] = ()
    about: About | None = None

    def __bool__(self) -> bool:
        return bool(self.standing) or self.about is not None


class Laid(NamedTuple):
    """A coding with the words of people in it, and these words as they stand there."""

    coded: CodedArticle
    standing: tuple[Standing, ...]
    about: About | None


def words_of(connection: sa.Connection, pages: Iterable[str]) -> dict[str, Words]:
    """Page key -> what people say of it, for every page asked for."""
    wanted = list(dict.fromkeys(pages))
    standing, abouts = _standing(connection, wanted), _abouts(connection, wanted)
    return {page: Words(tuple(standing.get(page, ())), abouts.get(page)) for page in wanted}


def _abouts(connection: sa.Connection, wanted: Sequence[str]) -> dict[str, About]:
    table = schema.corrected_articles
    found: dict[str, About] = {}
    for start in range(0, len(wanted), CHUNK):
        query = sa.select(table).where(table.c.page.in_(wanted[start : start + CHUNK]))
        for row in connection.execute(query):
            found[row.page] = _about.decode(row.record)
    return found


def keep_about(connection: sa.Connection, about: About | None) -> None:
    """Writes what holds of an article now."""
    if about is None:
        return
    table = schema.corrected_articles
    holds = about.contexts is not None or bool(about.lines)
    record = msgspec.json.encode(about).decode()
    values = {"holds": holds, "record": record, "who": about.who, "at": about.at}
    if not connection.execute(sa.update(table).where(table.c.page == about.page).values(**values)).rowcount:
        connection.execute(sa.insert(table).values(page=about.page, **values))


def over(article: Article, coded: CodedArticle, standing: Sequence[Standing], about: About | None) -> Laid:
    """A coder's coding with the words of people over it."""
    laid = word.overlay(article, coded, standing)
    spoken = {one.shown for one in laid.standing if one.verdict in ("accepted", "changed", "added") and one.shown}
    shown, now = lay(article, laid.coded, about, spoken)
    return Laid(shown, laid.standing, now)


def _standing(connection: sa.Connection, wanted: Sequence[str]) -> dict[str, list[Standing]]:
    """Page key -> what people say of its events."""
    found: dict[str, list[Standing]] = {}
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


def lay_over(connection: sa.Connection, article: Article, coded: CodedArticle, said: Words) -> Laid:
    """A new coding with the words of people over it; what holds of them now is written."""
    laid = over(article, coded, said.standing, said.about)
    keep(connection, laid.standing)
    keep_about(connection, laid.about)
    return laid
