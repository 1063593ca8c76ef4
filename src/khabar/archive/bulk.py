"""Many rows into a table at once, each database by its quickest way: prepared tuples on SQLite, COPY on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from khabar.archive.connect import is_sqlite


def insert(connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts rows that are not there yet; all have the same keys."""
    if not rows:
        return
    columns = list(rows[0])
    values = (tuple(row[name] for name in columns) for row in rows)
    if is_sqlite(connection):
        connection.exec_driver_sql(_insert_sql(table, columns), list(values))
    else:
        _copy(connection, table.name, columns, values)


def insert_new(connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts rows, leaving out those whose key is there."""
    if not rows:
        return
    columns = list(rows[0])
    values = (tuple(row[name] for name in columns) for row in rows)
    if is_sqlite(connection):
        connection.exec_driver_sql(f"{_insert_sql(table, columns)} ON CONFLICT DO NOTHING", list(values))
        return
    # COPY knows no conflicts: it fills a table of this transaction alone, and one statement takes over what is new.
    names = ", ".join(columns)
    connection.exec_driver_sql(
        f"CREATE TEMP TABLE IF NOT EXISTS new_{table.name} (LIKE {table.name}) ON COMMIT DELETE ROWS"
    )
    connection.exec_driver_sql(f"DELETE FROM new_{table.name}")
    _copy(connection, f"new_{table.name}", columns, values)
    connection.exec_driver_sql(
        f"INSERT INTO {table.name} ({names}) SELECT {names} FROM new_{table.name} ORDER BY {columns[0]} "
        "ON CONFLICT DO NOTHING"
    )


def _insert_sql(table: sa.Table, columns: Iterable[str]) -> str:
    names = [_quoted(name) for name in columns]
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join('?' for _ in names)})"


def _copy(connection: sa.Connection, table: str, columns: Iterable[str], values: Iterable[tuple[Any, ...]]) -> None:
    driver: Any = connection.connection.driver_connection
    with (
        driver.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(map(_quoted, columns))}) FROM STDIN") as copy,
    ):
        for row in values:
            copy.write_row(row)


def _quoted(name: str) -> str:
    return f'"{name}"'
