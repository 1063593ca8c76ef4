"""Happenings in the archive: the acts of new articles join those that are there or open new ones.

Linking is a step of its own after storing, in its own transaction: a version without a sketch is still to be linked,
so a killed run loses nothing. Whatever takes acts out (a newer version or coding, `forget`) calls `leave` first, and
the happenings that they told are made anew out of the rest; a version that was linked is linked again at once when its
coding changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

import msgspec
import sqlalchemy as sa

from khabar.archive import bulk, schema, threads
from khabar.archive import keys as numbers
from khabar.archive import story_tables as t
from khabar.archive.connect import is_sqlite
from khabar.archive.flatten import interval, pruned_json
from khabar.archive.told import ActKey, Texts, Told, acts_of, chunks, linked_of, members_of, telling
from khabar.records import Event
from khabar.stories.linker import Key, choose, day_of, days_around, keys, may_join
from khabar.stories.sketches import NO_SKETCH, pack, unpack
from khabar.stories.summary import Report, copies, summary
from khabar.stories.telling import Telling, ordinal

_LOCK = 0x6B68616261720003  # not one of `connect` or `migrate`
# How many happenings an act is held against: those that share most keys and days with it.
NEAR = 60
# Days after which what a title or lead tells is background of its thread.
PAST = 45


def lock(connection: sa.Connection) -> None:
    """On a server one writer links at a time; an SQLite file has one writer anyway."""
    if not is_sqlite(connection):
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))


def pending(connection: sa.Connection, limit: int | None = None) -> list[tuple[int, int]]:
    """Versions shown that are still to be linked, by publication day: (month, article)."""
    column, done = schema.articles.c, t.linked.c
    statement = (
        sa.select(column.month, column.article)
        .where(
            column.current.is_(True),
            ~sa.exists().where(done.month == column.month, done.article == column.article),
        )
        .order_by(column.published.asc().nulls_last(), column.article)
        .limit(limit)
    )
    return [(month, article) for month, article in connection.execute(statement)]


def unlinked(connection: sa.Connection, articles: Sequence[int]) -> list[tuple[int, int]]:
    """Those of some versions (by number) that are shown and still to be linked, by publication day."""
    column, done = schema.articles.c, t.linked.c
    statement = (
        sa.select(column.month, column.article)
        .where(
            column.article.in_(articles),
            column.current.is_(True),
            ~sa.exists().where(done.month == column.month, done.article == column.article),
        )
        .order_by(column.published.asc().nulls_last(), column.article)
    )
    return [(month, article) for month, article in connection.execute(statement)]


def is_linked(connection: sa.Connection, month: int, article: int) -> bool:
    """Whether a version is linked."""
    done = t.linked.c
    found = connection.execute(sa.select(done.article).where(done.month == month, done.article == article))
    return found.first() is not None


def link(connection: sa.Connection, month: int, article: int, texts: Texts) -> list[int]:
    """Links one version; returns the happening of each of its acts. The caller holds the lock."""
    told = acts_of(connection, [(month, article)])
    text = texts.of(connection, month, article)
    new = [telling(one, text) for one in told]
    near = {happening for one in new for happening in _near(connection, one)}
    candidates: dict[int, list[Telling]] = {}
    for happening, held in members_of(connection, near).items():
        bare = [telling(one, None) for one in held]
        if any(may_join(one, bare) for one in new):
            candidates[happening] = [telling(one, texts.of(connection, one.key[0], one.key[1])) for one in held]
    chosen = choose(new, candidates)
    numbered = _new_numbers(connection, [one for one, joins in zip(told, chosen, strict=True) if joins is None])
    found: list[int] = []
    opened: dict[int, list[Told]] = {}
    for one, joins in zip(told, chosen, strict=True):
        # Below 0 it belongs to what an act before it opened.
        happening = next(numbered) if joins is None else joins if joins >= 0 else found[-1 - joins]
        found.append(happening)
        if joins is None or joins < 0:
            opened.setdefault(happening, []).append(one)
    thread = threads.find(connection, article, told[0].published, text.opening, told) if told else None
    row = {"month": month, "article": article, "sketch": pack(text.sketch()), "thread": thread}
    bulk.insert(connection, t.linked, [row])
    rows = [_member(one.key, happening) for one, happening in zip(told, found, strict=True)]
    bulk.insert(connection, t.members, rows)
    filed = {(key, day, h) for one, h in zip(new, found, strict=True) for key, day in _files(one)}
    bulk.insert_new(connection, t.keys, [{"key": k, "day": d, "happening": h} for k, d, h in sorted(filed)])
    refresh(connection, found, opened)
    return found


def leave(connection: sa.Connection, month: int, article: int) -> None:
    """Takes a version out of its happenings, before its acts go. They are made anew out of the reports that are left,
    or go."""
    lock(connection)  # also for what is not linked: another process may be about to
    column, done = t.members.c, t.linked.c
    here = (column.month == month, column.article == article)
    connection.execute(sa.delete(t.linked).where(done.month == month, done.article == article))
    told = set(connection.execute(sa.select(column.happening).where(*here)).scalars())
    if not told:
        return
    gone = {pair for one in acts_of(connection, [(month, article)]) for pair in _files(telling(one, None))}
    connection.execute(sa.delete(t.members).where(*here))
    rest = members_of(connection, told, held=None)
    filed = t.keys.c
    for happening in sorted(told):
        kept = {pair for one in rest.get(happening, ()) for pair in _files(telling(one, None))}
        for key, day in sorted(gone - kept):
            connection.execute(
                sa.delete(t.keys).where(filed.key == key, filed.day == day, filed.happening == happening)
            )
    refresh(connection, told)


def clear(connection: sa.Connection) -> None:
    """Takes all happenings and threads out."""
    for table in (t.members, t.happenings, t.keys, t.linked, t.threads, t.thread_keys):
        connection.execute(sa.delete(table))


def _files(one: Telling) -> set[tuple[int, int]]:
    """Where a telling is filed: (key, day); an act without any day under 0."""
    return {(number_of(key), day_of(one) or 0) for key in keys(one.event)}


@lru_cache(maxsize=20_000)
def number_of(key: Key) -> int:
    """The number of a key."""
    return numbers.number(*key)


def _near(connection: sa.Connection, one: Telling) -> list[int]:
    """The happenings filed near an act, those that share most keys and days with it first."""
    first, last = days_around(one) or (0, 0)
    filed = [number_of(key) for key in keys(one.event)]
    return list(connection.execute(_filed(), {"wanted": filed, "since": first, "until": last}).scalars())


@cache
def _filed() -> sa.Select[Any]:
    column = t.keys.c
    return (
        sa.select(column.happening)
        .where(
            column.key.in_(sa.bindparam("wanted", expanding=True)),
            column.day.between(sa.bindparam("since"), sa.bindparam("until")),
        )
        .group_by(column.happening)
        .order_by(sa.func.count().desc(), column.happening)
        .limit(NEAR)
    )


def _new_numbers(connection: sa.Connection, acts: Sequence[Told]) -> Iterator[int]:
    """Numbers of happenings that acts open: made of the act's id, the next free one where that is taken."""
    made = [numbers.number("happening", one.event.id or "") >> 7 for one in acts]  # 56 bits: 14 digits
    column = t.members.c.happening
    taken: set[int] = set()
    if made:
        taken.update(connection.execute(sa.select(column).where(column.in_(made)).distinct()).scalars())
    for number in made:
        while number in taken:
            number += 1
        taken.add(number)
        yield number


def _member(key: ActKey, happening: int) -> dict[str, Any]:
    month, article, number = key
    return {"month": month, "article": article, "number": number, "happening": happening, "copy_of": None}


def refresh(
    connection: sa.Connection, happenings: Iterable[int], opened: Mapping[int, Sequence[Told]] | None = None
) -> None:
    """Makes the rows of some happenings, and of the threads that they belonged or now belong to, anew out of their
    members; a happening without members goes. What was just `opened` comes with its members."""
    opened = opened or {}
    stored = sorted(set(happenings) - opened.keys())
    told: dict[int, Sequence[Told]] = {**opened, **(members_of(connection, stored, held=None) if stored else {})}
    linked = linked_of(connection, {one.key[:2] for some in told.values() for one in some})
    rows = [_row(connection, happening, some, linked) for happening, some in told.items()]
    column = t.happenings.c
    touched: set[int | None] = {row["thread"] for row in rows}
    for chunk in chunks(stored):
        here = column.happening.in_(chunk)
        touched.update(connection.execute(sa.select(column.thread).where(here).distinct()).scalars())
        connection.execute(sa.delete(t.happenings).where(here))
    bulk.insert(connection, t.happenings, rows)
    threads.recount(connection, touched)


def _row(connection: sa.Connection, happening: int, told: Sequence[Told], linked: Mapping[int, Any]) -> dict[str, Any]:
    alone = len({one.key[1] for one in told}) == 1
    sketches = {} if alone else {n: unpack(linked[n].sketch) for n in {one.key[1] for one in told} if n in linked}
    reports = [
        Report(
            event=one.event, number=one.key[1], article=one.article, outlet=one.outlet, published=one.published,
            title=one.title, sketch=sketches.get(one.key[1], NO_SKETCH),
        )
        for one in told
    ]  # fmt: skip
    copy_of = copies(reports)
    found = summary(reports, copy_of)
    if not alone:
        _note_copies(connection, happening, copy_of)
    single = len(told) == 1
    best, days = found.best, days_told(told, found.best)
    return {
        "happening": happening, "type": best.type, "mode": best.mode, "status": best.status,
        "first": days[0] if days else None, "last": days[1] if days else None,
        "country": best.place.country if best.place else None, "title": found.first.title,
        "reports": found.articles, "outlets": found.outlets, "texts": found.texts,
        "published": found.first.published, "outlet": found.first.outlet, "article": found.first.number,
        "differ": sum(not cell.agree for cell in found.cells),
        "record": None if single else pruned_json(best),
        "cells": None if single else msgspec.json.encode(found.cells).decode(),
        "thread": _thread(found.first, days, told, linked),
    }  # fmt: skip


def _thread(first: Report, days: tuple[str, str] | None, told: Sequence[Told], linked: Mapping[int, Any]) -> int | None:
    """The thread of the first article that tells it in title or lead; none for what was long past when it was told."""
    happened, published = ordinal(days[0] if days else None), ordinal(first.published)
    if happened is not None and published is not None and published - happened > PAST:
        return None
    return next((linked[one.key[1]].thread for one in told if one.first <= 1 and one.key[1] in linked), None)


def days_told(told: Sequence[Told], best: Event) -> tuple[str, str] | None:
    """First and last day of a happening: those of its time, else the day of the first report."""
    own = interval(best.time.value) if best.time else None
    if own:
        return own
    published = min((one.published for one in told if one.published), default=None)
    return (published, published) if published else None


def _note_copies(connection: sa.Connection, happening: int, copy_of: Mapping[int, int | None]) -> None:
    column = t.members.c
    here = column.happening == happening
    connection.execute(sa.update(t.members).where(here, column.copy_of.is_not(None)).values(copy_of=None))
    for article, first in sorted(copy_of.items()):
        if first is not None:
            connection.execute(sa.update(t.members).where(here, column.article == article).values(copy_of=first))
