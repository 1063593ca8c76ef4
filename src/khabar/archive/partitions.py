"""Large tables in parts, one a month of publication: an option of new archives on PostgreSQL.

Every table whose key begins with the month is a partitioned one; a month's parts are made when its first article comes.
What one asks does not change. It pays for archives of many millions of events: dropping or moving a month is one
statement, and maintenance (VACUUM, a new index) goes month by month. Questions without a month look into all parts.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.schema import CreateTable

from khabar.archive import schema


def parted(table: sa.Table) -> bool:
    """Whether a table can be partitioned: the month is the head of its key."""
    return next(iter(table.primary_key.columns)).name == "month"


def create(connection: sa.Connection) -> None:
    """Makes all tables, those that can be in parts."""
    for table in schema.metadata.sorted_tables:
        if not parted(table):
            table.create(connection)
            continue
        statement = str(CreateTable(table).compile(dialect=connection.dialect)).rstrip()
        connection.exec_driver_sql(f"{statement} PARTITION BY LIST (month)")
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            index.create(connection)


def is_partitioned(connection: sa.Connection) -> bool:
    """Whether the archive's tables are in parts."""
    kind = connection.execute(
        sa.text("SELECT relkind FROM pg_class WHERE oid = to_regclass(:name)"), {"name": schema.EVENTS.cells.name}
    ).scalar()
    return kind in ("p", b"p")


def months(connection: sa.Connection) -> set[int]:
    """The months that have parts."""
    prefix = f"{schema.EVENTS.cells.name}_p"
    found = connection.execute(
        sa.text(
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
            "WHERE i.inhparent = to_regclass(:name)"
        ),
        {"name": schema.EVENTS.cells.name},
    ).scalars()
    return {int(name.removeprefix(prefix)) for name in found}


def add(connection: sa.Connection, wanted: Iterable[int]) -> None:
    """Makes the parts of months, unless they are there; in a transaction that writes `alone`."""
    # By what the database says: a table that a later version of khabar added is whole.
    kinds = connection.exec_driver_sql("SELECT relname FROM pg_class WHERE relkind = 'p'").scalars()
    in_parts = set(kinds)
    for month in sorted(set(wanted) - months(connection)):
        for table in schema.metadata.sorted_tables:
            if table.name in in_parts:
                connection.exec_driver_sql(
                    f"CREATE TABLE {table.name}_p{month:06d} PARTITION OF {table.name} FOR VALUES IN ({month})"
                )
