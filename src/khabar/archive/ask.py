"""A query in SQL: which rows of a family of tables it wants, in which order."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from khabar.archive import query as q
from khabar.archive import schema
from khabar.archive.folding import phrases, text_key
from khabar.archive.query import Query

Condition = sa.ColumnElement[bool]


def conditions(query: Query, dialect: str) -> list[Condition]:
    """The conditions on the cells (events or acts) joined with `articles`. Raises `QueryError`."""
    q.check(query)
    family = schema.family(query.unit)
    cell, article = family.cells.c, schema.articles.c
    found: list[Condition] = [cell.current.is_(True)]
    for column, values in (
        (cell.type, q.types(query)),
        (cell.mode, q.modes(query)),
        (cell.status, q.statuses(query)),
        (article.id, q.many(query.article)),
        (article.outlet_key, tuple(text_key(value) for value in q.many(query.outlet))),
    ):
        if values:
            found.append(column == values[0] if len(values) == 1 else column.in_(values))
    for roles, values in (
        (("actor",), q.many(query.actor)),
        (("recipient",), q.many(query.recipient)),
        (("actor", "recipient"), q.many(query.party)),
        (("speaker",), q.many(query.speaker)),
    ):
        if values:
            found.append(_party(family, roles, values))
    if places := q.many(query.place):
        found.append(sa.or_(*(_place(cell, value) for value in places)))
    if contexts := q.many(query.context):
        named = schema.contexts.c
        wanted = sa.select(named.month, named.article).where(named.context.in_(contexts))
        found.append(sa.tuple_(cell.month, cell.article).in_(wanted))
    if query.since:
        found.append(cell.last >= q.day(query.since, last=False))
    if query.until:
        found.append(cell.first <= q.day(query.until, last=True))
    if query.published_since:
        found.append(article.published >= q.day(query.published_since, last=False))
    if query.published_until:
        found.append(article.published <= q.day(query.published_until, last=True))
    if query.min_confidence is not None:
        found.append(sa.or_(cell.confidence.is_(None), cell.confidence >= query.min_confidence))
    if query.text:
        found.append(cell.article.in_(matching(query.text, dialect)))
    return found


def order(query: Query) -> list[sa.ColumnElement[Any]]:
    """The order of the rows, the same at every call, so that pages of rows fit together."""
    cell = schema.family(query.unit).cells.c
    # NULL first going up, last going down: what an index of either database gives without sorting.
    stored = [cell.month, cell.article, cell.number]
    match query.order:
        case "date":
            return [cell.first.asc().nulls_first(), *stored]
        case "-date":
            return [cell.first.desc().nulls_last(), *(column.desc() for column in stored)]
        case "confidence":
            return [cell.confidence.asc().nulls_first(), *stored]
        case "-confidence":
            return [cell.confidence.desc().nulls_last(), *stored]
        case _:
            return [*stored]


def _party(family: schema.Family, roles: tuple[str, ...], values: tuple[str, ...]) -> Condition:
    """Rows that have one of the parties in one of the roles."""
    party, cell = family.parties.c, family.cells.c
    role = party.role == roles[0] if len(roles) == 1 else party.role.in_(roles)
    wanted = sa.select(party.month, party.article, party.number).where(
        role, sa.or_(*(_is_party(family, value) for value in values))
    )
    return sa.tuple_(cell.month, cell.article, cell.number).in_(wanted)


def _is_party(family: schema.Family, value: str) -> Condition:
    party, reading = family.parties.c, q.read_party(value)
    match reading.kind:
        case "country":
            return party.country == reading.value
        case "sector":
            return party.sector == reading.value
        case "code":
            country, _, sector = reading.value.partition(".")
            return sa.and_(party.country == country, party.sector == sector)
        case _:
            return sa.or_(party.actor_id == reading.value, party.label.in_(_named(reading.value)))


def _place(cell: Any, value: str) -> Condition:
    if value.isdecimal():
        return sa.cast(cell.geonames == int(value), sa.Boolean)
    if len(value) == 3 and value.isascii() and value.isupper():
        return sa.cast(cell.country == value, sa.Boolean)
    return sa.cast(cell.place_label.in_(_named(value)), sa.Boolean)


def _named(value: str) -> sa.Select[tuple[int]]:
    """The labels of the names that hold all words of `value` as whole words, in any spelling."""
    key = schema.names.c.key
    words = phrases(value)
    # A value without any word (only signs) names nothing.
    found = [key.contains(f" {word} ", autoescape=True) for word in words] or [sa.false()]
    return sa.select(schema.names.c.label).where(*found)


def matching(text: str, dialect: str) -> sa.Select[tuple[int]]:
    """The numbers of the articles that hold all words of `text`; none where it holds no word."""
    words = phrases(text)
    column = schema.texts.c.article
    if not words:
        return sa.select(column).where(sa.false())
    if dialect == "sqlite":
        index = sa.table("texts_index", sa.column("rowid", sa.Integer))
        return sa.select(index.c.rowid).where(sa.text("texts_index MATCH :words").bindparams(words=fts5(words)))
    return sa.select(column).where(sa.literal_column("vector").op("@@")(sa.func.to_tsquery("simple", tsquery(words))))


def fts5(words: list[str]) -> str:
    """The words and phrases as a query of SQLite's FTS5: all of them, each taken literally."""
    return " AND ".join(f'"{word}"' for word in words)


def tsquery(words: list[str]) -> str:
    """The words and phrases as a query of PostgreSQL: all of them, each taken literally."""
    return " & ".join(" <-> ".join(f"'{word}'" for word in phrase.split()) for phrase in words)
