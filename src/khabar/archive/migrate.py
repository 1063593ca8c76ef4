"""Versions of the schema: making it, telling an archive's version, and bringing an older archive up to date."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from khabar.archive import bulk, partitions, schema
from khabar.archive.connect import is_sqlite, path_of, reading, shown, writing
from khabar.archive.errors import ArchiveError, NewerArchive, OlderArchive
from khabar.archive.flatten import mutual
from khabar.archive.rows import Migration
from khabar.records import Trigger


def add_what_lacks(connection: sa.Connection) -> None:
    """Creates every table and index that the schema declares and the archive lacks; what is there stays as it is."""
    schema.metadata.create_all(connection)
    # create_all makes the indexes of new tables only.
    for table in schema.metadata.sorted_tables:
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            index.create(connection, checkfirst=True)


def say_when_parties_acted(connection: sa.Connection) -> None:
    """Parties and pairs bear days, type and mode of their event (pairs did), and whether a pair is of two sides."""
    inspector = sa.inspect(connection)
    for family in (schema.EVENTS, schema.ACTS):
        pair = family.dyads.c
        for table, names in ((family.parties, ("type", "mode", "first", "last")), (family.dyads, ("sided",))):
            there = {column["name"] for column in inspector.get_columns(table.name)}
            for name in names:
                if name not in there:
                    kind = table.c[name].type.compile(connection.dialect)
                    connection.exec_driver_sql(f'ALTER TABLE {table.name} ADD COLUMN "{name}" {kind}')
        party = family.parties.name
        connection.exec_driver_sql(
            f'UPDATE {party} SET ("type", "mode", "first", "last") = (SELECT c."type", c."mode", c."first", c."last" '
            f"FROM {family.cells.name} AS c WHERE c.month = {party}.month AND c.article = {party}.article "
            f"AND c.number = {party}.number)"
        )
        other = family.parties.alias("other")
        sided = sa.exists().where(
            other.c.month == pair.month, other.c.article == pair.article, other.c.number == pair.number,
            other.c.role == "recipient",
        )  # fmt: skip
        connection.execute(sa.update(family.dyads).values(sided=sided))
        for old in (f"{family.parties.name}_country", f"{family.dyads.name}_pair"):
            connection.exec_driver_sql(f"DROP INDEX IF EXISTS {old}")
    add_what_lacks(connection)


def pair_actors_anew(connection: sa.Connection) -> None:
    """Actors without a recipient are a pair only where they stand on two sides of their act, and two parties of one
    country may be one; before, every two of two countries were. The pairs of source and target stay."""
    for family in (schema.EVENTS, schema.ACTS):
        connection.execute(sa.delete(family.dyads).where(family.dyads.c.sided.is_not(True)))
        # Month by month: a server's driver holds all rows of an answer at once.
        for month in connection.execute(sa.select(family.cells.c.month).distinct()).scalars().all():
            bulk.insert(connection, family.dyads, list(_pairs_of_month(connection, family, month)))


def _pairs_of_month(connection: sa.Connection, family: schema.Family, month: int) -> Iterator[dict[str, Any]]:
    """Rows of the pairs that the actors of a month's events without recipients make."""
    cell, actor, recipient = family.cells.c, family.parties.c, family.parties.alias("recipient").c
    paragraph = schema.paragraphs.c
    told_to = sa.exists().where(
        recipient.month == cell.month, recipient.article == cell.article, recipient.number == cell.number,
        recipient.role == "recipient",
    )  # fmt: skip
    source = family.cells.join(
        family.parties,
        sa.and_(actor.month == cell.month, actor.article == cell.article, actor.number == cell.number),
    ).outerjoin(
        schema.paragraphs,
        sa.and_(
            paragraph.month == cell.month, paragraph.article == cell.article, paragraph.paragraph == cell.paragraph
        ),
    )
    wanted = sa.select(
        cell.article, cell.number, cell.type, cell.mode, cell.first, cell.last, cell.trigger, cell.trigger_start,
        cell.trigger_end, paragraph.text, actor.code,
    )  # fmt: skip
    wanted = wanted.select_from(source).where(
        cell.month == month, actor.role == "actor", actor.code.is_not(None), ~told_to
    )
    found = connection.execute(wanted.order_by(cell.article, cell.number)).all()
    for (article, number), rows in groupby(found, key=lambda row: (row.article, row.number)):
        actors = list(rows)
        one = actors[0]
        trigger = Trigger(text=one.trigger, start=one.trigger_start, end=one.trigger_end)
        for pair in sorted(mutual({row.code for row in actors}, one.type, one.mode, trigger, one.text or "")):
            yield {
                "month": month, "article": article, "number": number, "source": pair[0], "target": pair[1],
                "type": one.type, "mode": one.mode, "first": one.first, "last": one.last, "sided": False,
            }  # fmt: skip


# From version N to N + 1, each within the one transaction of the migration.
STEPS: Mapping[int, Callable[[sa.Connection], None]] = {
    1: add_what_lacks,
    2: add_what_lacks,
    3: say_when_parties_acted,
    4: pair_actors_anew,
}

_CREATION_LOCK = 0x6B68616261720000


def stored_version(connection: sa.Connection) -> int | None:
    """The schema version of the archive, None where the database holds none. Raises `ArchiveError` where the database
    belongs to something else."""
    tables = set(sa.inspect(connection).get_table_names())
    if schema.meta.name not in tables:
        if "articles" in tables or "events" in tables:
            raise ArchiveError("the database has tables of its own by the names of the archive's; use another database")
        return None
    column = schema.meta.c
    value = connection.execute(sa.select(column.value).where(column.name == "schema")).scalar()
    return int(value) if value and value.isdecimal() else None


def check(version: int, where: str) -> None:
    """Raises `NewerArchive` or `OlderArchive` unless the version is this program's."""
    if version > schema.SCHEMA_VERSION:
        raise NewerArchive(
            f"archive {where}: made by a newer khabar (its schema is {version}, this program knows "
            f"{schema.SCHEMA_VERSION}); nothing was changed; update khabar: pip install -U khabar"
        )
    if version < schema.SCHEMA_VERSION:
        raise OlderArchive(
            f"archive {where}: made by an older khabar (its schema is {version}, this program wants "
            f"{schema.SCHEMA_VERSION}); run: khabar migrate --archive {where}"
        )


def create(connection: sa.Connection, *, partitioned: bool = False) -> None:
    """Makes the tables within the running write transaction, unless another process just has; `partitioned` on
    PostgreSQL: in parts by month."""
    if not is_sqlite(connection):
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_CREATION_LOCK)))
    if stored_version(connection) is not None:
        return
    if partitioned:
        partitions.create(connection)
    else:
        schema.metadata.create_all(connection)
    connection.execute(
        sa.insert(schema.meta),
        [
            {"name": "schema", "value": str(schema.SCHEMA_VERSION)},
            {"name": "made", "value": datetime.now(UTC).isoformat(timespec="seconds")},
        ],
    )


def migrate(engine: sa.Engine, url: sa.URL) -> Migration:
    """Brings the archive up to date in one transaction; an SQLite file is copied beside itself before.

    Raises `NewerArchive`, or `ArchiveError` where there is no archive or no way from its version.
    """
    where = shown(url)
    with reading(engine, where) as connection:
        before = stored_version(connection)
    if before is None:
        raise ArchiveError(f"archive {where}: there is none; khabar run PAGES --archive {where} makes one")
    if before == schema.SCHEMA_VERSION:
        return Migration(before=before, after=before)
    if before > schema.SCHEMA_VERSION:
        check(before, where)
    for version in range(before, schema.SCHEMA_VERSION):
        if version not in STEPS:
            raise ArchiveError(f"archive {where}: no way from schema {version} to {version + 1}; nothing was changed")
    path = path_of(url)
    backup = _backup(path, before) if path else None
    with writing(engine, where) as connection:
        if not is_sqlite(connection):
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_CREATION_LOCK)))
        # Another process may have been quicker.
        for version in range(stored_version(connection) or before, schema.SCHEMA_VERSION):
            STEPS[version](connection)
        connection.execute(
            sa.update(schema.meta).where(schema.meta.c.name == "schema").values(value=str(schema.SCHEMA_VERSION))
        )
    return Migration(before=before, after=schema.SCHEMA_VERSION, backup=str(backup) if backup else None)


def _backup(path: Path, version: int) -> Path:
    """A whole copy of the file beside it, taken with SQLite's own means so that writers cannot tear it."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    target = path.with_name(f"{path.name}.schema{version}-{stamp}.bak")
    try:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
    except (sqlite3.Error, OSError) as error:
        target.unlink(missing_ok=True)
        raise ArchiveError(
            f"archive {path}: no backup could be written to {target} ({error}); nothing was changed; make room "
            "or check the folder's permissions"
        ) from error
    return target
