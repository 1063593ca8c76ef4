"""Makes a large archive out of a small one for benchmarks: every article again and again, under other ids and numbers.

    python benchmarks/archive.py --articles 5000 --at small.db --only none
    python benchmarks/multiply.py small.db large.db --times 40          # 200,000 articles, 2 million events

SQLite alone, with its own statements: no record is made, so that it takes minutes instead of hours. The words stay the
same, so a word that one article in a hundred has stays as common. Happenings are left out.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import time

# Tables of an article, parents first; the columns that are not copied as they are.
TABLES = (
    "articles", "paragraphs", "dropped", "contexts", "texts", "events", "event_parties", "event_dyads", "event_tolls",
    "acts", "act_parties", "act_dyads", "act_tolls",
)  # fmt: skip
STEP = 1_000_003


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("small")
    parser.add_argument("large")
    parser.add_argument("--times", type=int, default=40)
    options = parser.parse_args()
    shutil.copyfile(options.small, options.large)
    began = time.perf_counter()
    with sqlite3.connect(options.large, isolation_level=None) as archive:
        for setting in ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -800000"):
            archive.execute(f"PRAGMA {setting}")
        (small,) = archive.execute("SELECT count(*) FROM articles").fetchone()
        archive.executescript(
            "CREATE TEMP TABLE first AS SELECT article FROM articles; CREATE INDEX temp.f ON first(article)"
        )
        for table in TABLES:
            columns = [row[1] for row in archive.execute(f"PRAGMA table_info({table})")]
            values = ", ".join(_value(table, column) for column in columns)
            quoted = ", ".join(f'"{column}"' for column in columns)
            archive.execute(
                f"INSERT INTO {table} ({quoted}) WITH RECURSIVE k(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM k "
                f"WHERE k + 1 < {options.times}) SELECT {values} FROM k, {table} AS t "
                "WHERE t.article IN (SELECT article FROM first)"
            )
            print(f"{table}\t{time.perf_counter() - began:.0f} s", flush=True)
        archive.execute("ANALYZE")
        (large,) = archive.execute("SELECT count(*) FROM articles").fetchone()
    print(f"{small} articles became {large} in {time.perf_counter() - began:.0f} s")


def _value(table: str, column: str) -> str:
    if column == "article":
        # Positive and of 63 bits, as such numbers are.
        return f"(t.article + k * {STEP}) & 9223372036854775807"
    if column == "id" or (table == "articles" and column in ("key", "digest")):
        return f"t.\"{column}\" || '-' || k"
    return f't."{column}"'


if __name__ == "__main__":
    main()
