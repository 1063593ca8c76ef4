"""Happenings as the archive answers with them: what several articles tell, and who says what.

For pages that show them, all of `Archive`:

- `happenings(query, min_reports=1, min_outlets=1)` lists happenings that an act answering the query tells, newest
  first (`Query.limit` and `offset` page through happenings; `order` is `date` or `-date`);
- `happening(id)` gives one with all its reports and, cell by cell, who says what;
- `happening_ids(ids)` gives the happening of events or acts by their ids (`Row.happening` has it too);
- `threads(party=..., limit=...)` lists threads, `thread(id)` gives one with its happenings from first to last
  (`khabar.archive.threads`).

Ids are `h` and 14 digits (threads `t`); they last as long as one report of the happening stays, whatever joins it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import msgspec
import sqlalchemy as sa

from khabar.archive import ask, read, schema
from khabar.archive import story_tables as t
from khabar.archive.connect import is_sqlite
from khabar.archive.errors import ArchiveError, QueryError
from khabar.archive.query import Query
from khabar.archive.rows import PartyCell, PlaceCell, Row
from khabar.archive.told import chunks
from khabar.records import Event, Record
from khabar.stories.summary import Cell, Said

# Acts looked at together in search of happenings.
MOST = 50_000

__all__ = ["Cell", "Happening", "Report", "Said", "Told"]

_event = msgspec.json.Decoder(Event)
_cells = msgspec.json.Decoder(tuple[Cell, ...])


class Happening(Record, frozen=True, kw_only=True):
    """What one or several articles tell, with the best value of every cell.

    `reports` counts articles, `outlets` outlets (as far as they are known), `texts` independent texts (copies of one
    agency text count once).
    `first` and `last` are its days (`YYYY-MM-DD`; those of its time, else of the first report), `title`, `published`,
    `outlet` and `article` those of the first report. `differ` counts the cells in which reports cannot all be right.
    """

    id: str
    type: str
    status: str
    title: str
    mode: str | None = None
    first: str | None = None
    last: str | None = None
    actors: tuple[PartyCell, ...] = ()
    recipients: tuple[PartyCell, ...] = ()
    place: PlaceCell | None = None
    toll: dict[str, str] = msgspec.field(default_factory=dict)
    reports: int = 1
    outlets: int = 0
    texts: int = 1
    published: str | None = None
    outlet: str | None = None
    article: str | None = None
    differ: int = 0
    thread: str | None = None


class Report(Record, frozen=True, kw_only=True):
    """One act as one article tells it: the act's row (with the paragraph as proof). `copy_of` is the id of the article
    whose text this article repeats, None for a text of its own."""

    row: Row
    copy_of: str | None = None


class Told(Record, frozen=True, kw_only=True):
    """A happening with its reports in the order of publication and, for every cell that any report fills, who says
    what (`khabar.stories.summary.Cell`)."""

    happening: Happening
    reports: tuple[Report, ...]
    cells: tuple[Cell, ...] = ()


def name(number: int) -> str:
    """The id of a happening."""
    return f"h{number:014x}"


def number(id_: str, letter: str = "h", what: str = "happening") -> int:
    """The number of an id. Raises `QueryError` for what is none."""
    digits = id_[1:]
    if not id_.startswith(letter) or len(digits) != 14 or not set(digits) <= set("0123456789abcdef"):
        raise QueryError(f"no id of a {what}: {id_!r}; it is {letter} and 14 digits")
    return int(digits, 16)


def select(connection: sa.Connection, query: Query, *, min_reports: int, min_outlets: int) -> Iterator[Happening]:
    """The happenings that a query asks for, each once, in the order of their acts."""
    query = msgspec.structs.replace(query, unit="act")
    if _walks(connection, query, min_reports, min_outlets):
        found = _walked(connection, query, min_reports, min_outlets)
    else:
        statement = _gathered(connection, query, min_reports, min_outlets)
        found = connection.execution_options(yield_per=read.BATCH).execute(statement).scalars()
    wanted = islice(_once(found), query.offset, None if query.limit is None else query.offset + query.limit)
    while part := list(islice(wanted, read.BATCH)):
        rows = by_number(connection, part)
        yield from (rows[number_] for number_ in part if number_ in rows)


def _gathered(connection: sa.Connection, query: Query, min_reports: int, min_outlets: int) -> sa.Select[Any]:
    """The statement that finds the happening of every act of a question, in the order of the acts."""
    member = t.members.c
    act, article = schema.ACTS.cells.c, schema.articles.c
    source: Any = schema.ACTS.cells.join(
        t.members, sa.and_(member.month == act.month, member.article == act.article, member.number == act.number)
    )
    if ask.needs_articles(query):
        source = source.join(schema.articles, sa.and_(article.month == act.month, article.article == act.article))
    conditions = ask.conditions(query, act, connection.dialect.name, ask.common(connection, query))
    if told := _told_by(min_reports, min_outlets):
        source = source.join(t.happenings, t.happenings.c.happening == member.happening)
        conditions += told
    return sa.select(member.happening).select_from(source).where(*conditions).order_by(*ask.order(query))


def _told_by(min_reports: int, min_outlets: int) -> list[sa.ColumnElement[bool]]:
    column = t.happenings.c
    found: list[sa.ColumnElement[bool]] = []
    if min_reports > 1 or min_outlets > 1:
        found.append(column.reports >= max(min_reports, min_outlets))
    if min_outlets > 1:  # the outlet of a page may be unknown: then there is none
        found.append(column.outlets >= min_outlets)
    return found


def _walks(connection: sa.Connection, query: Query, min_reports: int, min_outlets: int) -> bool:
    """Whether the happenings wanted are soon found along the acts: on SQLite, which would else gather all happenings
    of enough reports, if these are many."""
    if not is_sqlite(connection) or query.limit is None:
        return False
    some = sa.select(t.happenings.c.happening).where(*_told_by(min_reports, min_outlets)).limit(ask.COMMON)
    return connection.execute(sa.select(sa.func.count()).select_from(some.subquery())).scalar_one() >= ask.COMMON


def _walked(connection: sa.Connection, query: Query, min_reports: int, min_outlets: int) -> Iterator[int]:
    """The happenings of a question's acts in the order of the acts, a portion of acts at a time."""
    member = t.members.c
    keys_in = read.wanted_keys("sqlite", member.month, member.article, member.number)
    of_keys = sa.select(t.members).where(sa.tuple_(member.month, member.article, member.number).in_(keys_in))
    if told := _told_by(min_reports, min_outlets):
        of_keys = of_keys.join(t.happenings, t.happenings.c.happening == member.happening).where(*told)
    offset, size = 0, 4 * ((query.limit or 0) + query.offset) + 100
    while True:
        part = msgspec.structs.replace(query, limit=size, offset=offset)
        keys = [tuple(key) for key in connection.execute(ask.select_keys(connection, part))]
        asked = {"wanted": msgspec.json.encode(keys).decode()}
        found = {(row.month, row.article, row.number): row.happening for row in connection.execute(of_keys, asked)}
        yield from (found[key] for key in keys if key in found)
        if len(keys) < size:
            return
        offset, size = offset + size, min(4 * size, MOST)


def _once(numbers: Iterable[int]) -> Iterator[int]:
    seen: set[int] = set()
    for number_ in numbers:
        if number_ not in seen:
            seen.add(number_)
            yield number_


def by_number(connection: sa.Connection, wanted: Sequence[int]) -> dict[int, Happening]:
    """Happenings by their numbers."""
    column, member, article = t.happenings.c, t.members.c, schema.articles.c
    act, event = schema.ACTS.cells.c, schema.EVENTS.cells.c
    # What one article alone tells is stored with its act.
    alone = (
        sa.select(sa.func.coalesce(act.record, event.record))
        .select_from(
            t.members.join(
                schema.ACTS.cells,
                sa.and_(act.month == member.month, act.article == member.article, act.number == member.number),
            ).join(
                schema.EVENTS.cells,
                sa.and_(event.month == act.month, event.article == act.article, event.number == act.lead),
            )
        )
        .where(member.happening == column.happening)
        .limit(1)
        .scalar_subquery()
    )
    found: dict[int, Happening] = {}
    for chunk in chunks(wanted):
        statement = (
            sa.select(t.happenings, article.id, sa.func.coalesce(column.record, alone).label("best"))
            .select_from(t.happenings.join(schema.articles, article.article == column.article))
            .where(column.happening.in_(chunk))
        )
        for row in connection.execute(statement):
            found[row.happening] = _happening(row)
    return found


def _happening(row: Any) -> Happening:
    best = _event.decode(row.best)
    return Happening(
        id=name(row.happening),
        type=row.type,
        mode=row.mode,
        status=row.status,
        title=row.title,
        first=row.first,
        last=row.last,
        actors=read.parties(best.actors),
        recipients=read.parties(best.recipients),
        place=read.place(best.place),
        toll=best.toll,
        reports=row.reports,
        outlets=row.outlets,
        texts=row.texts,
        published=row.published,
        outlet=row.outlet,
        article=row.id,
        differ=row.differ,
        thread=None if row.thread is None else f"t{row.thread:014x}",
    )


def told(connection: sa.Connection, id_: str, where: str) -> Told:
    """A happening with its reports. Raises `ArchiveError` where there is none."""
    wanted = number(id_)
    found = by_number(connection, [wanted]).get(wanted)
    if found is None:
        raise ArchiveError(f"archive {where}: no happening {id_!r}")
    member, article = t.members.c, schema.articles.c
    keys = connection.execute(
        sa.select(member.month, member.article, member.number, member.copy_of)
        .select_from(t.members.join(schema.articles, article.article == member.article))
        .where(member.happening == wanted)
        .order_by(article.published.asc().nulls_last(), member.article, member.number)
    ).all()
    names = dict(
        connection.execute(
            sa.select(article.article, article.id).where(article.article.in_({key[1] for key in keys}))
        ).all()
    )
    rows = read.rows_by_key(connection, [(key[0], key[1], key[2]) for key in keys], "act")
    cells = connection.execute(sa.select(t.happenings.c.cells).where(t.happenings.c.happening == wanted)).scalar_one()
    return Told(
        happening=found,
        reports=tuple(
            Report(row=row, copy_of=names.get(key[3]) if key[3] is not None else None)
            for key, row in zip(keys, rows, strict=True)
        ),
        cells=_cells.decode(cells) if cells else (),
    )


def ids(connection: sa.Connection, event_ids: Sequence[str]) -> dict[str, str]:
    """Event or act id -> happening id; those not linked or not there are left out."""
    member, act, event = t.members.c, schema.ACTS.cells.c, schema.EVENTS.cells.c
    found: dict[str, str] = {}
    for chunk in chunks(event_ids):
        for column, of_member in (
            (event, sa.and_(member.month == event.month, member.article == event.article, member.number == event.act)),
            (act, sa.and_(member.month == act.month, member.article == act.article, member.number == act.number)),
        ):
            statement = (
                sa.select(column.id, member.happening)
                .select_from(column.id.table.join(t.members, of_member))
                .where(column.id.in_(chunk))
            )
            found.update((id_, name(happening)) for id_, happening in connection.execute(statement))
    return found
