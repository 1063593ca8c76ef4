"""What an archive holds, in numbers."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from khabar.archive import connect, migrate, schema
from khabar.archive.rows import Status


def status(connection: sa.Connection, url: sa.URL) -> Status:
    """What the archive at an address holds."""
    column = schema.articles.c

    def one(statement: sa.Select[Any]) -> Any:
        return connection.execute(statement).scalar()

    shown = column.current.is_(True)
    totals = connection.execute(
        sa.select(
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(column.events), 0),
            sa.func.coalesce(sa.func.sum(column.acts), 0),
            sa.func.count(column.outlet_key.distinct()),
            sa.func.min(column.published),
            sa.func.max(column.published),
            sa.func.count(column.published),
        ).where(shown)
    ).one()
    coders = connection.execute(
        sa.select(column.coder, column.model, sa.func.count())
        .where(shown)
        .group_by(column.coder, column.model)
        .order_by(sa.func.count().desc(), column.coder)
    ).all()
    path = connect.path_of(url)
    size = (
        sum(file.stat().st_size for suffix in ("", "-wal") if (file := path.with_name(path.name + suffix)).exists())
        if path
        else one(sa.select(sa.func.pg_database_size(sa.func.current_database())))
        if url.drivername != "sqlite"
        else None
    )
    return Status(
        location=connect.shown(url),
        database="SQLite" if url.drivername == "sqlite" else "PostgreSQL",
        schema=migrate.stored_version(connection) or 0,
        articles=totals[0],
        undated=totals[0] - totals[6],
        versions=one(sa.select(sa.func.count()).select_from(schema.articles)),
        events=int(totals[1]),
        acts=int(totals[2]),
        outlets=totals[3],
        dropped_lines=one(sa.select(sa.func.count()).select_from(schema.dropped)),
        corrections=one(sa.select(sa.func.count()).select_from(schema.corrections)),
        first=totals[4],
        last=totals[5],
        last_added=one(sa.select(sa.func.max(column.added))),
        coders=tuple((str(coder), model, n) for coder, model, n in coders),
        bytes=size,
    )
