"""Makes a large archive out of a small one for benchmarks: every article again and again, under other ids and numbers
and as many days later as the small one is long, with its happenings and threads.

    python benchmarks/linking.py --articles 5000 --days 145 --at small.db      # 34 articles a day, linked
    python benchmarks/multiply.py small.db large.db --times 40 --days 145      # 200,000 articles, 2 million events

SQLite alone, with its own statements: no record is made, so that it takes minutes instead of hours. The words stay the
same, so a word that one article in a hundred has stays as common. The times are stored in a mixed order.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sqlite3
import time
from pathlib import Path

# Tables of an article, parents first, then those of stories; the columns that are not copied as they are.
TABLES = (
    "articles", "paragraphs", "dropped", "contexts", "texts", "events", "event_parties", "event_dyads", "event_tolls",
    "acts", "act_parties", "act_dyads", "act_tolls", "happenings", "happening_members", "happening_keys",
    "linked_articles", "threads", "thread_keys",
)  # fmt: skip
STEP = 1_000_003
DATES = frozenset(("first", "last", "published", "time"))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("small")
    parser.add_argument("large")
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--days", type=int, default=145, help="days that the small one is long")
    options = parser.parse_args()
    Path(options.large).unlink(missing_ok=True)
    shutil.copyfile(options.small, options.large)
    began = time.perf_counter()
    with sqlite3.connect(options.large, isolation_level=None) as archive:
        for setting in ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -2000000"):
            archive.execute(f"PRAGMA {setting}")
        (small,) = archive.execute("SELECT count(*) FROM articles").fetchone()
        # Indexes and the words are made at the end, which is far quicker than row by row.
        indexes = archive.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        ).fetchall()
        triggers = archive.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for kind, some in (("INDEX", indexes), ("TRIGGER", triggers)):
            for name, _ in some:
                archive.execute(f"DROP {kind} {name}")
        archive.execute("CREATE TEMP TABLE origin AS SELECT article, id, published FROM articles")
        archive.execute("CREATE UNIQUE INDEX temp.origin_article ON origin(article)")
        order = list(range(1, options.times))
        random.Random(7).shuffle(order)
        for table in TABLES:
            last = archive.execute(f"SELECT max(_rowid_) FROM {table}").fetchone()[0] if _numbered(table) else None
            for k in order:
                archive.execute(_insert(archive, table, k, options.days, last))
            print(f"{table}\t{time.perf_counter() - began:.0f} s", flush=True)
        for _, sql in (*indexes, *triggers):
            archive.execute(sql)
        print(f"indexes\t{time.perf_counter() - began:.0f} s", flush=True)
        archive.execute("INSERT INTO texts_index(texts_index) VALUES ('rebuild')")
        print(f"words\t{time.perf_counter() - began:.0f} s", flush=True)
        archive.execute("ANALYZE")
        archive.execute("PRAGMA journal_mode = WAL")
        (large,) = archive.execute("SELECT count(*) FROM articles").fetchone()
    print(f"{small} articles became {large} in {time.perf_counter() - began:.0f} s")


def _numbered(table: str) -> bool:
    """Whether the rows have numbers of their own in the order of storing, by which the first ones are known."""
    return table not in ("articles", "texts", "happenings", "threads", "happening_keys", "thread_keys")


def _insert(archive: sqlite3.Connection, table: str, k: int, days: int, last: int | None) -> str:
    """The statement that adds the k-th copy of a table's first rows."""
    columns = [row[1] for row in archive.execute(f"PRAGMA table_info({table})")]
    source, bound = f"{table} AS t", ""
    if last is not None:
        bound = f" WHERE t._rowid_ <= {last}"
    elif table in ("articles", "texts"):
        bound = " WHERE t.article IN (SELECT article FROM origin)"
    else:
        archive.execute(f"CREATE TEMP TABLE IF NOT EXISTS first_{table} AS SELECT * FROM {table}")
        source = f"temp.first_{table} AS t"
    if "article" in columns and table not in ("texts", "happenings"):
        source += " CROSS JOIN origin AS o ON o.article = t.article"
    quoted = ", ".join(f'"{column}"' for column in columns)
    values = ", ".join(_value(table, column, k, k * days) for column in columns)
    return f"INSERT INTO main.{table} ({quoted}) SELECT {values} FROM {source}{bound}"


def _value(table: str, column: str, k: int, days: int) -> str:
    """A column's value in the k-th copy, which is so many days later."""
    own = f't."{column}"'
    if column in ("article", "copy_of"):
        return f"({own} + {k * STEP}) & 9223372036854775807"  # positive and of 63 bits, as such numbers are
    if column in ("happening", "thread"):
        return f"({own} + {k * STEP}) & 72057594037927935"  # of 56 bits
    if column == "month":
        return f"coalesce(CAST(strftime('%Y%m', o.published, '+{days} days') AS INTEGER), 0)"
    if column == "day":
        return f"{own} + {days}"
    if column in DATES:
        return f"CASE WHEN length({own}) = 10 THEN date({own}, '+{days} days') ELSE {own} END"
    if table == "articles" and column in ("id", "key", "digest", "url"):
        return f"{own} || '-{k}'"
    if column in ("id", "mention_ids", "record") and table in ("events", "acts"):
        renamed = f"replace({own}, o.id || ':', o.id || '-{k}:')"
        if column == "record":
            day = f"date(t.time, '+{days} days')"
            return f"CASE WHEN length(t.time) = 10 THEN json_set({renamed}, '$.time.value', {day}) ELSE {renamed} END"
        return renamed
    return own


if __name__ == "__main__":
    main()
