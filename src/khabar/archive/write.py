"""Storing: versions of pages and their codings, each page whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

import msgspec
import sqlalchemy as sa

from khabar.archive import bulk, keys, linking, schema
from khabar.archive.changes import note_forgotten
from khabar.archive.connect import is_sqlite
from khabar.archive.flatten import (
    Coding,
    Rows,
    article_rows,
    coded_head,
    coded_rows,
    retired_json,
    storable,
    text_row,
)
from khabar.archive.standing import Words, lay_over, words_of
from khabar.archive.told import Texts
from khabar.records import Act, Article, CodedArticle, Event

# added: a new page; version: a page whose text or date changed; recoded: the same version by another coder; same:
# nothing to store.
Outcome = Literal["added", "version", "recoded", "same"]

# One transaction's share of a large batch of look-ups: below SQLite's limit of variables.
CHUNK = 500
# Parents before their children.
_ORDER = (
    "articles", "paragraphs", "dropped", "texts", "names", "contexts", "events", "event_parties", "event_dyads",
    "event_tolls", "acts", "act_parties", "act_dyads", "act_tolls",
)  # fmt: skip


class Item(NamedTuple):
    """What is to be stored: an article, its coding, its acts, and the keys that follow from the article."""

    article: Article
    coded: CodedArticle
    acts: tuple[Act, ...]
    key: keys.Key


def item(article: Article, coded: CodedArticle, acts: Sequence[Act] | None = None) -> Item:
    """An item made ready outside the transaction: texts storable, acts found, every event with an id."""
    article, coded = storable(article), storable(coded)
    if any(event.id is None for event in coded.events):
        coded = msgspec.structs.replace(coded, events=tuple(_with_id(event, article.id) for event in coded.events))
    if acts is None:
        from khabar.stories import acts as acts_of

        acts = acts_of(coded)
    return Item(article, coded, tuple(storable(act) for act in acts), keys.key_of(article))


def _with_id(event: Event, article: str) -> Event:
    id_ = event.id or f"{article}:{event.paragraph}:{event.trigger.start}:{event.type}"
    return msgspec.structs.replace(event, id=id_)


def known(connection: sa.Connection, numbers: Iterable[int], coder: str | None) -> set[int]:
    """Those version numbers that are stored, if `coder` is given by that coder."""
    column = schema.articles.c
    found: set[int] = set()
    for chunk in _chunks(list(set(numbers)), CHUNK):
        query = sa.select(column.article).where(column.article.in_(chunk))
        if coder is not None:
            query = query.where(column.coder == coder)
        found.update(connection.execute(query).scalars())
    return found


def store(connection: sa.Connection, items: Sequence[Item], coder: str, model: str | None) -> list[Outcome]:
    """Stores items within the running transaction; one outcome an item, in their order."""
    lock(connection, (entry.key.page for entry in items))
    versions = _versions(connection, items)
    standing = words_of(connection, (entry.key.page for entry in items))
    owners = _owners(connection, items)
    coding = Coding(coder, model, datetime.now(UTC).isoformat(timespec="seconds"))
    rows: Rows = {}
    outcomes: list[Outcome] = []
    for entry in items:
        page = versions.setdefault(entry.key.page, {})
        stored = page.get(entry.key.digest)
        if stored and (stored["coder"], stored["model"]) == (coder, model):
            outcomes.append("same")
            continue
        if stored:
            # Rows of this very batch may be what is recoded.
            _insert(connection, rows)
            rows = {}
            entry = _own(entry, stored["id"])
            if stored["current"]:
                entry = _corrected(connection, entry, standing)
            recode(connection, entry, current=stored["current"], coding=coding)
            stored |= {"coder": coder, "model": model}
            outcomes.append("recoded")
            continue
        if page:
            _insert(connection, rows)
            rows = {}
            _retire(connection, entry.key.page)
        entry = _corrected(connection, _own(entry, _free_id(entry, owners)), standing)
        _collect(rows, entry, coding)
        page[entry.key.digest] = {"id": entry.article.id, "coder": coder, "model": model, "current": True}
        outcomes.append("version" if len(page) > 1 else "added")
    _insert(connection, rows)
    return outcomes


def lock(connection: sa.Connection, pages: Iterable[str]) -> None:
    """On a server two writers may hold the same page: the second waits. (An SQLite file has one writer anyway.)"""
    if is_sqlite(connection):
        return
    numbers = sorted({keys.number(page) for page in pages})
    connection.execute(
        sa.text("SELECT pg_advisory_xact_lock(n) FROM unnest(CAST(:numbers AS bigint[])) AS n"), {"numbers": numbers}
    )


def _versions(connection: sa.Connection, items: Sequence[Item]) -> dict[str, dict[str, dict[str, Any]]]:
    """Page key -> digest -> what is stored."""
    column = schema.articles.c
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for chunk in _chunks(list({entry.key.page for entry in items}), CHUNK):
        query = sa.select(
            column.key, column.digest, column.id, column.coder, column.model, column.current, column.article
        ).where(column.key.in_(chunk))
        for row in connection.execute(query).mappings():
            found.setdefault(row["key"], {})[row["digest"]] = dict(row)
    return found


def _owners(connection: sa.Connection, items: Sequence[Item]) -> dict[str, str]:
    """Article id -> key of the page that bears it."""
    column = schema.articles.c
    owners: dict[str, str] = {}
    for chunk in _chunks(list({entry.article.id for entry in items}), CHUNK):
        for id_, key in connection.execute(sa.select(column.id, column.key).where(column.id.in_(chunk))):
            owners.setdefault(id_, key)
    return owners


def _free_id(entry: Item, owners: dict[str, str]) -> str:
    """The article's id; two pages that were given the same id (two files that both count from 1) are told apart."""
    page = entry.key.page
    if owners.setdefault(entry.article.id, page) == page:
        return entry.article.id
    return f"{entry.article.id}-{keys.number(page) & 0xFFFFFF:06x}"


def _own(entry: Item, id_: str) -> Item:
    """The item under the id that the archive gives it, ids of its events along."""
    old = entry.article.id
    if old == id_:
        return entry

    def renamed(value: str | None) -> str | None:
        return id_ + value[len(old) :] if value and value.startswith(f"{old}:") else value

    events = tuple(msgspec.structs.replace(event, id=renamed(event.id)) for event in entry.coded.events)
    acts = tuple(
        msgspec.structs.replace(
            act, id=renamed(act.id) or act.id, best=msgspec.structs.replace(act.best, id=renamed(act.best.id))
        )
        for act in entry.acts
    )
    return entry._replace(
        article=msgspec.structs.replace(entry.article, id=id_),
        coded=msgspec.structs.replace(entry.coded, id=id_, events=events),
        acts=acts,
    )


def _collect(rows: Rows, entry: Item, coding: Coding) -> None:
    new = article_rows(entry.article, entry.key)
    new["articles"][0] |= {"added": coding.at, **coded_head(entry.coded, entry.acts, coding)}
    coded = coded_rows(entry.article, entry.coded, entry.acts, entry.key, coding)
    for part in (new, coded):
        for name, values in part.items():
            rows.setdefault(name, []).extend(values)


def _corrected(connection: sa.Connection, entry: Item, standing: dict[str, Words]) -> Item:
    """The item with what people said of its page over it: a coder's run does not take that back."""
    said = standing.get(entry.key.page)
    if not said:
        return entry
    laid = lay_over(connection, entry.article, entry.coded, said)
    standing[entry.key.page] = Words(laid.standing, laid.about)
    from khabar.stories import acts as acts_of

    return entry._replace(coded=laid.coded, acts=tuple(acts_of(laid.coded)))


def corrected(connection: sa.Connection, entry: Item) -> Item:
    """The item with what people said of its page over it."""
    return _corrected(connection, entry, words_of(connection, [entry.key.page]))


def recode(connection: sa.Connection, entry: Item, *, current: bool, coding: Coding) -> None:
    """The coding of a stored version is replaced by another."""
    column = schema.articles.c
    head = coded_head(entry.coded, entry.acts, coding)
    if not current:
        head["retired"] = retired_json(entry.coded.events)
    connection.execute(sa.update(schema.articles).where(column.article == entry.key.number).values(**head))
    if current:
        linked = linking.is_linked(connection, entry.key.month, entry.key.number)
        labels = _uncode(connection, entry.key.month, entry.key.number)
        _insert(connection, coded_rows(entry.article, entry.coded, entry.acts, entry.key, coding))
        _drop_names(connection, labels)
        if linked:
            linking.lock(connection)
            linking.link(connection, entry.key.month, entry.key.number, Texts())


def _retire(connection: sa.Connection, page: str) -> None:
    """The version shown so far stays stored but is shown no more: its events leave the tables that are asked."""
    column, event = schema.articles.c, schema.EVENTS.cells.c
    query = sa.select(column.month, column.article).where(column.key == page, column.current.is_(True))
    for month, article in connection.execute(query).all():
        records = connection.execute(
            sa.select(event.record).where(*_at(schema.EVENTS.cells, month, article)).order_by(event.number)
        ).scalars()
        connection.execute(
            sa.update(schema.articles)
            .where(column.article == article)
            .values(current=False, retired=f"[{','.join(records)}]")
        )
        _drop_names(connection, _uncode(connection, month, article))
        connection.execute(sa.delete(schema.texts).where(schema.texts.c.article == article))


def _uncode(connection: sa.Connection, month: int, article: int) -> set[int]:
    """Takes the coded rows of a version out; returns the labels of the names that they bore."""
    linking.leave(connection, month, article)
    labels: set[int] = set()
    for family in (schema.EVENTS, schema.ACTS):
        for column in (family.parties.c.label, family.cells.c.place_label):
            query = sa.select(column).where(*_at(column.table, month, article), column.is_not(None))
            labels.update(connection.execute(query).scalars())
    for table in (schema.contexts, schema.EVENTS.cells, schema.ACTS.cells):
        connection.execute(sa.delete(table).where(*_at(table, month, article)))
    return labels


def _drop_names(connection: sa.Connection, labels: Iterable[int]) -> None:
    """Takes those names out that nothing bears any more."""
    name = schema.names.c.label
    used = [
        sa.exists().where(column == name)
        for family in (schema.EVENTS, schema.ACTS)
        for column in (family.parties.c.label, family.cells.c.place_label)
    ]
    for chunk in _chunks(sorted(labels), CHUNK):
        connection.execute(sa.delete(schema.names).where(name.in_(chunk), ~sa.or_(*used)))


def _at(table: Any, month: int, article: int) -> tuple[sa.ColumnElement[bool], ...]:
    return table.c.month == month, table.c.article == article


def _insert(connection: sa.Connection, rows: Rows) -> None:
    for name in _ORDER:
        table = schema.metadata.tables[name]
        if name == "names":
            # Each once, in order of their numbers, so that two writers never wait for each other.
            keys_of = {row["label"]: row["key"] for row in rows.get(name, ())}
            bulk.insert_new(connection, table, [{"label": n, "key": keys_of[n]} for n in sorted(keys_of)])
        else:
            bulk.insert(connection, table, rows.get(name, ()))


def forget(connection: sa.Connection, pages: Sequence[str]) -> int:
    """Takes pages (by key) out with all their versions and all that came from them: corrections, names that nothing
    else bears, their words in the full-text index. Returns the number of versions."""
    column = schema.articles.c
    found = connection.execute(sa.select(column.month, column.article, column.id).where(column.key.in_(pages))).all()
    labels = {label for month, article, _ in found for label in _uncode(connection, month, article)}
    numbers = [article for _, article, _ in found]
    note_forgotten(connection, [id_ for _, _, id_ in found])
    connection.execute(sa.delete(schema.texts).where(schema.texts.c.article.in_(numbers)))
    connection.execute(sa.delete(schema.articles).where(column.article.in_(numbers)))
    for table in (schema.corrections, schema.corrected, schema.corrected_articles):
        connection.execute(sa.delete(table).where(table.c.page.in_(pages)))
    _drop_names(connection, labels)
    return len(numbers)


def reindex(connection: sa.Connection) -> int:
    """Makes the full-text index anew from the stored paragraphs (after the folding rules changed). Returns how many
    articles it holds."""
    connection.execute(sa.delete(schema.texts))
    count = 0
    shown = sa.select(schema.articles.c.article, schema.articles.c.month).where(schema.articles.c.current.is_(True))
    for article, month in connection.execute(shown).all():
        paragraph = schema.paragraphs.c
        query = sa.select(paragraph.text).where(*_at(schema.paragraphs, month, article))
        lines = list(connection.execute(query.order_by(paragraph.paragraph)).scalars())
        connection.execute(sa.insert(schema.texts), [text_row(lines, article)])
        count += 1
    return count


def _chunks(values: list[Any], size: int) -> Iterable[list[Any]]:
    return (values[start : start + size] for start in range(0, len(values), size))
