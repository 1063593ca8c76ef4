"""What `khabar follow` has seen: feeds with what their servers said last, articles that they name, hosts.

One row a feed, an article address, a host. Times are UTC to the second (text, which sorts as time does).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from khabar.archive.connect import is_sqlite, reading, writing
from khabar.archive.keys import storable_text
from khabar.archive.ledger import now
from khabar.archive.schema import Word, metadata
from khabar.records import Record

feeds = sa.Table(
    "feeds",
    metadata,
    sa.Column("address", Word, primary_key=True),
    sa.Column("kind", Word),  # rss, atom, sitemap, news sitemap, sitemap index; NULL before the first answer
    sa.Column("title", sa.Text),
    sa.Column("parent", Word),  # the sitemap index that named it
    sa.Column("etag", sa.Text),
    sa.Column("modified", sa.Text),  # Last-Modified as the server wrote it
    sa.Column("digest", Word),  # of the body read last
    sa.Column("state", Word, nullable=False),  # new, good, failing, gone
    sa.Column("tries", sa.Integer, nullable=False),  # failures since it was good
    sa.Column("asked", Word),
    sa.Column("next", Word, nullable=False),  # not to be asked before
    sa.Column("message", sa.Text),
)
entries = sa.Table(
    "feed_entries",
    metadata,
    sa.Column("key", Word, primary_key=True),  # canonical address of the article
    sa.Column("link", sa.Text, nullable=False),  # as the feed writes it, absolute
    sa.Column("feed", Word, nullable=False),
    sa.Column("state", Word, nullable=False),  # waiting, stored, feed text, passed, failed
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("seen", Word, nullable=False),
    sa.Column("next", Word, nullable=False),
    sa.Column("updated", Word),  # the feed's last word on when the article changed
    sa.Column("message", sa.Text),
    sa.Column("record", sa.Text),  # JSON of what the feed says; NULL once it is not needed any more
    sa.Index("feed_entries_state", "state", "next"),
    sa.Index("feed_entries_feed", "feed", "state"),
)
hosts = sa.Table(
    "feed_hosts",
    metadata,
    sa.Column("host", Word, primary_key=True),  # scheme://name:port
    sa.Column("robots", sa.Text),  # robots.txt as it was; "" where there is none
    sa.Column("robots_read", Word),
    sa.Column("until", Word),  # the host asked to be left alone till then
)

EntryState = Literal["waiting", "stored", "feed text", "passed", "failed"]


class FeedRow(Record, frozen=True, kw_only=True):
    """A feed as the ledger knows it (columns of `feeds`)."""

    address: str
    kind: str | None = None
    title: str | None = None
    parent: str | None = None
    etag: str | None = None
    modified: str | None = None
    digest: str | None = None
    state: str = "new"
    tries: int = 0
    asked: str | None = None
    next: str = ""
    message: str | None = None


class EntryRow(Record, frozen=True, kw_only=True):
    """An article that a feed named (columns of `feed_entries`)."""

    key: str
    link: str
    feed: str
    state: str = "waiting"
    tries: int = 0
    seen: str = ""
    next: str = ""
    updated: str | None = None
    message: str | None = None
    record: str | None = None


class HostRow(Record, frozen=True, kw_only=True):
    """A host's robots.txt, and till when it wants to be left alone."""

    host: str
    robots: str | None = None
    robots_read: str | None = None
    until: str | None = None


class Follows:
    """The ledger of one archive. Every method is one transaction. Raises `ArchiveError`."""

    def __init__(self, engine: sa.Engine, where: str) -> None:
        self._engine = engine
        self._where = where

    def feeds(self, addresses: Sequence[str] | None = None) -> dict[str, FeedRow]:
        """Feeds by address: those named, or all."""
        with reading(self._engine, self._where) as connection:
            if addresses is None:
                found = list(connection.execute(sa.select(feeds)).mappings())
            else:
                found = _chosen(connection, feeds, feeds.c.address, addresses)
        return {row["address"]: FeedRow(**row) for row in found}

    def hosts(self) -> dict[str, HostRow]:
        """All hosts by name."""
        with reading(self._engine, self._where) as connection:
            return {row["host"]: HostRow(**row) for row in connection.execute(sa.select(hosts)).mappings()}

    def note_feed(self, feed: FeedRow, found: Iterable[EntryRow] = ()) -> tuple[int, int]:
        """Notes what came of asking a feed together with the articles it names, so that no answer is taken for read
        whose articles are not in. Returns how many are new, and how many of the known ones wait again because the
        feed says that they changed."""
        rows = {row.key: row for row in found}
        with writing(self._engine, self._where) as connection:
            _put(connection, feeds, feeds.c.address, feed)
            known = {row["key"]: row for row in _chosen(connection, entries, entries.c.key, list(rows))}
            fresh = [_values(row) for key, row in rows.items() if key not in known]
            _insert(connection, entries, fresh)
            changed = 0
            for key, old in known.items():
                if _is_newer(rows[key].updated, old):
                    again = {"state": "waiting", "tries": 0, "next": rows[key].next, "message": None}
                    values = {"updated": rows[key].updated, "record": rows[key].record, "link": rows[key].link}
                    connection.execute(sa.update(entries).where(entries.c.key == key).values(**again, **values))
                    changed += 1
        return len(fresh), changed

    def waiting(self, of: Sequence[str], at: str, limit: int) -> list[EntryRow]:
        """Articles of these feeds that wait to be fetched and whose time has come, the newest first."""
        found: list[EntryRow] = []
        with reading(self._engine, self._where) as connection:
            for start in range(0, len(of), 500):
                column = entries.c
                statement = (
                    sa.select(entries)
                    .where(column.state == "waiting", column.next <= at, column.feed.in_(of[start : start + 500]))
                    .order_by(column.seen.desc(), column.key)
                    .limit(limit)
                )
                found += [EntryRow(**row) for row in connection.execute(statement).mappings()]
        return sorted(found, key=lambda row: row.seen, reverse=True)[:limit]

    def note_entries(self, changes: Mapping[str, Mapping[str, Any]]) -> None:
        """Changes columns of articles, by key."""
        if not changes:
            return
        with writing(self._engine, self._where) as connection:
            for key, values in changes.items():
                plain = {name: storable_text(v) if isinstance(v, str) else v for name, v in values.items()}
                connection.execute(sa.update(entries).where(entries.c.key == key).values(**plain))

    def note_host(self, host: HostRow) -> None:
        """Notes what a host said."""
        with writing(self._engine, self._where) as connection:
            _put(connection, hosts, hosts.c.host, host)

    def counts(self) -> dict[str, int]:
        """How many articles are in which state."""
        with reading(self._engine, self._where) as connection:
            statement = sa.select(entries.c.state, sa.func.count()).group_by(entries.c.state).order_by(entries.c.state)
            return {row[0]: row[1] for row in connection.execute(statement)}


def _values(record: Record) -> dict[str, Any]:
    found = {name: getattr(record, name) for name in record.__struct_fields__}
    return {name: storable_text(value) if isinstance(value, str) else value for name, value in found.items()}


def _put(connection: sa.Connection, table: sa.Table, key: sa.Column[Any], record: Record) -> None:
    values = _values(record)
    if not connection.execute(sa.update(table).where(key == values[key.name]).values(**values)).rowcount:
        _insert(connection, table, [values])


def _insert(connection: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    """Adds rows; those that another process has just added stay as they are."""
    own = sqlite.insert if is_sqlite(connection) else postgresql.insert
    if rows:
        connection.execute(own(table).on_conflict_do_nothing(), rows)


def _chosen(connection: sa.Connection, table: sa.Table, key: sa.Column[Any], names: Sequence[str]) -> list[Any]:
    found: list[Any] = []
    for start in range(0, len(names), 500):
        statement = sa.select(table).where(key.in_(names[start : start + 500]))
        found += connection.execute(statement).mappings()
    return found


def _is_newer(updated: str | None, old: Any) -> bool:
    """Whether the feed says that an article changed since it was last looked at; one that still waits is fetched
    anyway, and a feed that dates everything by the moment of asking is believed once an hour."""
    if updated is None or old["state"] == "waiting" or old["updated"] is None:
        return False
    return bool(updated[:13] > old["updated"][:13])


__all__ = ["EntryRow", "EntryState", "FeedRow", "Follows", "HostRow", "now"]
