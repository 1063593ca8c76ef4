"""Makes a large archive on PostgreSQL out of one year in parts: the year again and again, as the years after it.

    python benchmarks/archive.py --articles 100000 --days 365 --partitioned --at postgresql://…  # a million events
    python benchmarks/years.py --times 10 --at postgresql://…  # ten million, 2010 to 2019
    python benchmarks/archive.py --reuse --at postgresql://…

The server copies its own rows, under other numbers and ids and with later dates; no record is made. A month's part is
filled before it has indexes and then attached, which builds them, so ten million events take minutes instead of hours.
What storing one article after another costs, `benchmarks/archive.py` says.
"""

from __future__ import annotations

import argparse
import time

import sqlalchemy as sa

from khabar.archive import open_archive
from khabar.archive.partitions import parted
from khabar.archive.schema import metadata

STEP = 1_000_003
DATES = frozenset(("first", "last", "published", "time"))
IDS = {"events": ("id", "record"), "acts": ("id", "mention_ids", "record")}
WHOLE = {"articles": ("id", "key", "digest", "url"), "texts": ()}


def value(table: str, column: str, k: int) -> str:
    """A column's value in the k-th copy, which is k years later."""
    own = f't."{column}"'
    if column == "article":
        return f"{own} + {k * STEP}"
    if column == "month":
        return f"{own} + {k * 100}"
    if column in DATES:
        return f"CASE WHEN {own} ~ '^\\d{{4}}' THEN (left({own}, 4)::int + {k}) || substr({own}, 5) ELSE {own} END"
    if column in WHOLE.get(table, ()):
        return f"{own} || '-{k}'"
    if column in IDS.get(table, ()):  # an event's id begins with its article's
        return f"replace({own}, split_part(t.id, ':', 1) || ':', split_part(t.id, ':', 1) || '-{k}:')"
    return own


def copy(table: sa.Table, into: str, k: int, month: int | None) -> str:
    """The statement that adds the k-th copy of a table's first rows, or of those of one month."""
    columns = [column.name for column in table.columns]
    values = ", ".join(value(table.name, column, k) for column in columns)
    bound = f" WHERE t.month = {month}" if month is not None else " WHERE t.article IN (SELECT article FROM origin)"
    quoted = ", ".join(f'"{column}"' for column in columns)
    return f"INSERT INTO {into} ({quoted}) SELECT {values} FROM {table.name} AS t{bound}"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--at", required=True, help="the postgresql:// address of an archive in parts, of one year")
    parser.add_argument("--times", type=int, default=10, help="years that it shall have")
    options = parser.parse_args()
    with open_archive(options.at, create=False):
        pass  # so that an address that is no archive is told as everywhere
    engine = sa.create_engine(
        options.at.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    began = time.perf_counter()
    with engine.connect() as server:
        run = server.exec_driver_sql
        run("SET maintenance_work_mem = '1GB'")
        run("CREATE TEMP TABLE origin AS SELECT article FROM articles")
        run("ANALYZE origin")
        months = [m for (m,) in run("SELECT DISTINCT month FROM articles ORDER BY 1")]
        lists = "SELECT indexdef FROM pg_indexes WHERE tablename = 'texts' AND indexdef LIKE '%%USING gin%%'"
        words = [sql for (sql,) in run(lists)]
        for sql in words:
            run(f"DROP INDEX {sql.split()[2]}")
        for k in range(1, options.times):
            for name in WHOLE:
                run(copy(metadata.tables[name], name, k, None))
            for table in filter(parted, metadata.sorted_tables):
                for month in months:
                    part = f"{table.name}_p{month + 100 * k:06d}"
                    run(f"CREATE TABLE {part} (LIKE {table.name} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)")
                    run(copy(table, part, k, month))
                    run(f"ALTER TABLE {table.name} ATTACH PARTITION {part} FOR VALUES IN ({month + 100 * k})")
            print(f"year {k + 1}\t{time.perf_counter() - began:.0f} s", flush=True)
        for sql in words:
            run(sql)
        print(f"words\t{time.perf_counter() - began:.0f} s", flush=True)
        run("ANALYZE")
        (events,) = run("SELECT count(*) FROM events").one()
    print(f"{events} events of {len(months) * options.times} months in {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
