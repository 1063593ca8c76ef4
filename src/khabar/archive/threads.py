"""Threads in the archive: a negotiation, a siege, a file of sanctions, from its first happening to its last.

Every article belongs to one thread by the words of its beginning and the parties of its title and lead; a happening
belongs to the thread of the first article that tells it in title or lead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Any

import msgspec
import sqlalchemy as sa

from khabar.archive import bulk, happenings
from khabar.archive import keys as numbers
from khabar.archive import story_tables as t
from khabar.archive.errors import ArchiveError
from khabar.archive.happenings import Happening
from khabar.archive.told import Told, chunks
from khabar.records import Record
from khabar.stories.matter import ASLEEP, SHARED, Matter, goes_on, joined, key_words, parties
from khabar.stories.profiles import Vector
from khabar.stories.telling import ordinal

# How many threads an article is held against: those that share most keys with it.
NEAR = 30
_words = msgspec.json.Decoder(dict[str, float])


class Thread(Record, frozen=True, kw_only=True):
    """Happenings of the same parties on the same matter. `title` is that of the most reported one, `parties` are
    countries and bodies, most told first; `first` and `last` are days, `reports` counts reports of all happenings."""

    id: str
    title: str
    parties: tuple[str, ...]
    first: str | None
    last: str | None
    happenings: int
    reports: int


class Timeline(Record, frozen=True, kw_only=True):
    """A thread with its happenings from first to last."""

    thread: Thread
    happenings: tuple[Happening, ...]


def name(number: int) -> str:
    """The id of a thread."""
    return f"t{number:014x}"


@lru_cache(maxsize=30_000)
def _key(word: str) -> int:
    return numbers.number("thread", word)


def find(connection: sa.Connection, article: int, published: str | None, opening: Vector, told: Sequence[Told]) -> int:
    """The thread that an article goes on with, or a new one; its matter takes the article in."""
    lead = [one for one in told if one.first <= 1] or list(told)
    new = Matter(opening, parties(one.event for one in lead))
    day = ordinal(published) or 0
    wanted = [_key(word) for word in (*key_words(opening), *new.parties[:4])]
    best: tuple[float, int] = (0.0, 0)
    stored: dict[int, Matter] = {}
    counts: dict[int, int] = {}
    for row in _near(connection, wanted, day):
        stored[row.thread] = Matter(_words.decode(row.matter), tuple(row.parties.split()))
        counts[row.thread] = row.happenings
        best = max(best, (goes_on(new, stored[row.thread]), -row.thread))
    thread = -best[1] if best[0] > 0 else numbers.number("thread of", str(article)) >> 7
    matter = joined(stored[thread], new, max(1, counts[thread])) if thread in stored else joined(new, new, 0)
    values = {"parties": " ".join(matter.parties), "matter": msgspec.json.encode(_rounded(matter.words)).decode()}
    if thread in stored:
        connection.execute(sa.update(t.threads).where(t.threads.c.thread == thread).values(**values))
    else:
        empty = {"title": "", "first": None, "last": None, "happenings": 0, "reports": 0}
        bulk.insert_new(connection, t.threads, [{"thread": thread, **values, **empty}])
    rows = [{"key": key, "day": day, "thread": thread} for key in sorted(set(wanted))]
    bulk.insert_new(connection, t.thread_keys, rows)
    return thread


def _rounded(words: Vector) -> dict[str, float]:
    return {word: round(value, 3) for word, value in words.items()}


def _near(connection: sa.Connection, wanted: Sequence[int], day: int) -> list[Any]:
    around = {"wanted": list(wanted), "since": day - ASLEEP, "until": day + ASLEEP}
    return list(connection.execute(_filed(), around))


@cache
def _filed() -> sa.Select[Any]:
    column, thread = t.thread_keys.c, t.threads.c
    shared = sa.func.count(column.key.distinct())
    near = (
        sa.select(column.thread, shared.label("shared"))
        .where(
            column.key.in_(sa.bindparam("wanted", expanding=True)),
            column.day.between(sa.bindparam("since"), sa.bindparam("until")),
        )
        .group_by(column.thread)
        .having(shared >= SHARED)
        .order_by(shared.desc(), column.thread)
        .limit(NEAR)
        .subquery()
    )
    return sa.select(thread.thread, thread.matter, thread.parties, thread.happenings).join_from(
        near, t.threads, thread.thread == near.c.thread
    )


def recount(connection: sa.Connection, threads: Iterable[int | None]) -> None:
    """Makes what follows from their happenings anew for some threads; one without happenings goes."""
    column = t.happenings.c
    for thread in sorted({thread for thread in threads if thread is not None}):
        here = column.thread == thread
        n, reports, first, last = connection.execute(
            sa.select(
                sa.func.count(), sa.func.coalesce(sa.func.sum(column.reports), 0), sa.func.min(column.first),
                sa.func.max(column.last),
            ).where(here)
        ).one()  # fmt: skip
        if not n:
            connection.execute(sa.delete(t.threads).where(t.threads.c.thread == thread))
            continue
        title = connection.execute(
            sa.select(column.title).where(here).order_by(column.reports.desc(), column.first, column.happening).limit(1)
        ).scalar_one()
        connection.execute(
            sa.update(t.threads)
            .where(t.threads.c.thread == thread)
            .values(title=title, first=first, last=last, happenings=n, reports=int(reports))
        )


def select(
    connection: sa.Connection, *, party: str | None, min_happenings: int, limit: int | None, offset: int
) -> Iterator[Thread]:
    """Threads, the one that went on last first."""
    column = t.threads.c
    statement = (
        sa.select(t.threads)
        .where(column.happenings >= min_happenings)
        .order_by(column.last.desc().nulls_last(), column.thread)
        .limit(limit if limit is not None else (1 << 62))
        .offset(offset)
    )
    if party is not None:
        # Codes stand whole between spaces.
        statement = statement.where((" " + column.parties + " ").contains(f" {party} ", autoescape=True))
    for row in connection.execute(statement):
        yield _thread(row)


def _thread(row: Any) -> Thread:
    return Thread(
        id=name(row.thread),
        title=row.title,
        parties=tuple(row.parties.split()),
        first=row.first,
        last=row.last,
        happenings=row.happenings,
        reports=row.reports,
    )


def timeline(connection: sa.Connection, id_: str, where: str) -> Timeline:
    """A thread with its happenings. Raises `QueryError`, `ArchiveError` where there is none."""
    number = happenings.number(id_, "t", "thread")
    row = connection.execute(sa.select(t.threads).where(t.threads.c.thread == number)).first()
    if row is None:
        raise ArchiveError(f"archive {where}: no thread {id_!r}")
    column = t.happenings.c
    wanted = list(
        connection.execute(
            sa.select(column.happening)
            .where(column.thread == number)
            .order_by(column.first.asc().nulls_last(), column.published.asc().nulls_last(), column.happening)
        ).scalars()
    )
    found: dict[int, Happening] = {}
    for chunk in chunks(wanted):
        found |= happenings.by_number(connection, chunk)
    return Timeline(thread=_thread(row), happenings=tuple(found[n] for n in wanted if n in found))
