"""Counting: tidy rows of how many events or acts there are by what is asked, with their mean intensity."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from khabar.archive import ask, schema
from khabar.archive.errors import QueryError
from khabar.archive.nearest import count_words, instead
from khabar.archive.query import Query
from khabar.archive.rows import UNSURE

Count = dict[str, str | int | float | None]
Key = tuple[Any, ...]  # the values of a row's columns before `n`
Intensity = Callable[[str, str | None], float | None]

_PARTIES = ("actor", "recipient", "speaker")
BY = (
    "day", "month", "year", "type", "mode", "status", "dyad", *_PARTIES, *(f"{role}_country" for role in _PARTIES),
    "country", "geonames", "context", "outlet", "language", "dated", "coder",
)  # fmt: skip
_OF_DAYS = frozenset(("day", "month", "year", "type", "mode"))
_IN_DYADS = _OF_DAYS | {"dyad"}


def columns(by: Sequence[str]) -> list[str]:
    """The names of the columns of the tidy rows before `n` and `intensity`: a dyad has two, `source` and `target`."""
    return [name for value in by for name in (("source", "target") if value == "dyad" else (value,))]


def select_counts(by: Sequence[str], query: Query, dialect: str, sure: str = "") -> sa.Select[Any]:
    """The statement: groups by what is asked, and by type and mode for the intensity. Of the column `sure` (`actor`,
    `source`, …) only parties that are resolved with some confidence. Raises `QueryError`."""
    for value in by:
        if value not in BY:
            near = instead(value, BY, count_words())
            raise QueryError(f"no count by {value!r}; {near}counts are by {' '.join(BY)}")
    family, article = schema.family(query.unit), schema.articles.c
    lead = ask.lead_of(query)
    if lead is not None and _OF_DAYS.issuperset(by) and lead.covers(query):
        return _led(lead, by, query, dialect)
    if dialect == "sqlite" and _OF_DAYS.issuperset(by) and not _narrow(query) and not query.until:
        return _of_days(by, query)
    # The table of pairs bears what counts by pair mostly ask for; then the events themselves are not read.
    pairs_alone = _IN_DYADS.issuperset(by) and "dyad" in by and not _needs_cells(query)
    source: Any = family.dyads if pairs_alone else family.cells
    cell: Any = source.c
    if {"outlet", "language"} & set(by) or ask.needs_articles(query):
        source = source.join(schema.articles, sa.and_(article.month == cell.month, article.article == cell.article))
    groups: list[sa.ColumnElement[Any]] = []
    sides: list[sa.ColumnElement[bool]] = []
    for value in dict.fromkeys(by):
        if value == "dyad":
            dyad = family.dyads.c
            if not pairs_alone:
                source = source.join(family.dyads, _same_event(dyad, cell))
            groups += [dyad.source.label("source"), dyad.target.label("target")]
            if sure in ("source", "target"):
                sides.append(_is_sure(family, sure))
        elif value == "context":
            column = schema.contexts.c
            source = source.join(schema.contexts, sa.and_(column.month == cell.month, column.article == cell.article))
            groups.append(column.context.label(value))
        elif value.partition("_")[0] in _PARTIES:
            role, _, half = value.partition("_")
            party = family.parties.c
            wanted = party.country if half else party.code
            # A party is counted once an event, however many of its mentions name it.
            once = (
                sa.select(party.month, party.article, party.number, wanted.label("value"))
                .where(party.role == role, wanted.is_not(None), *([_confident(party)] if value == sure else []))
                .distinct()
                .subquery(f"{value}_once")
            )
            source = source.join(once, _same_event(once.c, cell))
            groups.append(once.c.value.label(value))
        else:
            groups.append(_simple(value, cell, article).label(value))
    type_, mode = cell.type, cell.mode
    if dialect == "sqlite" and not pairs_alone and _narrow(query):
        # Or SQLite walks all rows in the order of their types, which spares it a small sort.
        type_, mode = cell.type.concat(""), cell.mode.concat("")
        groups = [group.element.concat("").label(group.name) if _plain(group) else group for group in groups]
    keys = [*groups, type_.label("_type"), mode.label("_mode")]
    return (
        sa.select(*keys, sa.func.count().label("n"))
        .select_from(source)
        .where(*ask.conditions(query, cell, dialect), *sides)
        .group_by(*keys)
    )


def _confident(party: Any) -> sa.ColumnElement[bool]:
    return sa.or_(party.confidence.is_(None), party.confidence >= UNSURE)


def _is_sure(family: schema.Family, side: str) -> sa.ColumnElement[bool]:
    """Whether a pair's source or target is resolved with some confidence."""
    dyad, party = family.dyads.c, family.parties.alias(f"{side}_party").c
    roles = party.role == "actor"
    if side == "target":
        roles = sa.or_(
            sa.and_(dyad.sided.is_(True), party.role == "recipient"),
            sa.and_(dyad.sided.is_(False), party.role == "actor"),
        )
    return sa.exists().where(
        _same_event(party, dyad), roles, _confident(party),
        sa.or_(party.country == dyad[side], party.code == dyad[side]),
    )  # fmt: skip


def sure_groups(connection: sa.Connection, by: Sequence[str], query: Query) -> dict[str, set[Key]]:
    """For each column of parties the groups (as `columns` has them) in which some act's party of that column is
    resolved with confidence; in the others each is rather a guess."""
    names = columns(list(dict.fromkeys(by)))
    found = {}
    for name in names:
        if name in ("source", "target") or name.partition("_")[0] in _PARTIES:
            statement = select_counts(by, query, connection.dialect.name, sure=name)
            found[name] = {tuple(row[: len(names)]) for row in connection.execute(statement)}
    return found


def _led(lead: ask.Lead, by: Sequence[str], query: Query, dialect: str) -> sa.Select[Any]:
    """Counts of what a party did, or one country to another, out of the index of their days alone."""
    every = msgspec.structs.replace(query, limit=None, offset=0)
    told = lead.select(every, dialect, lead.column.type, lead.column.mode).subquery("told").c
    keys = [_simple(value, told, None).label(value) for value in dict.fromkeys(by)]
    keys += [told.type.label("_type"), told.mode.label("_mode")]
    return sa.select(*keys, sa.func.count().label("n")).group_by(*keys)


def _of_days(by: Sequence[str], query: Query) -> sa.Select[Any]:
    """Counts of everything, or of some types and modes: first by type, day and mode, which is the order of an index and
    sorts nothing, then of these by what is asked."""
    cell = schema.family(query.unit).cells.c
    n = sa.func.count().label("n")
    days = sa.select(cell.type, cell.first, cell.mode, n).where(*ask.conditions(query, cell, "sqlite"))
    told = days.group_by(cell.type, cell.first, cell.mode).subquery("days").c
    keys = [_simple(value, told, None).label(value) for value in dict.fromkeys(by)]
    keys += [told.type.label("_type"), told.mode.label("_mode")]
    return sa.select(*keys, sa.func.sum(told.n).label("n")).group_by(*keys)


def _narrow(query: Query) -> bool:
    """Whether the query asks for more than types and days from the first on."""
    wide = ("type", "mode", "until", "unit", "limit", "offset", "order")
    return any(getattr(query, name) for name in Query.__struct_fields__ if name not in wide)


def _plain(group: Any) -> bool:
    """Whether a group is by the type or the mode itself."""
    return getattr(group.element, "name", "") in ("type", "mode")


def _needs_cells(query: Query) -> bool:
    return bool(query.status or query.place or query.min_confidence is not None or ask.needs_articles(query))


def _same_event(one: Any, cell: Any) -> sa.ColumnElement[bool]:
    return sa.and_(one.month == cell.month, one.article == cell.article, one.number == cell.number)


def _simple(value: str, cell: Any, article: Any) -> Any:
    lengths = {"year": 4, "month": 7}
    if value in lengths:
        return sa.func.substr(cell.first, 1, lengths[value])
    if value in ("outlet", "language"):
        return article[value]
    return cell["first" if value == "day" else value]


def select_up_to(connection: sa.Connection, query: Query, most: int) -> sa.Select[Any]:
    """The statement: how many rows the query has, counted no further than `most`."""
    dialect = connection.dialect.name
    some = msgspec.structs.replace(query, limit=most, offset=0, order="-date")
    common = ask.common(connection, some)
    lead = ask.led(connection, some, common)
    if lead is not None:
        return sa.select(sa.func.count()).select_from(lead.select(some, dialect).subquery("found"))
    cell, article = schema.family(query.unit).cells, schema.articles.c
    source: Any = cell
    if ask.needs_articles(query):
        source = cell.join(schema.articles, sa.and_(article.month == cell.c.month, article.article == cell.c.article))
    some_of = sa.select(sa.literal(1)).select_from(source).where(*ask.conditions(query, cell.c, dialect, common))
    if dialect == "sqlite" and query.since:
        parts = (some_of.where(*part).limit(most).subquery() for part in ask.since_parts(query, cell.c))
        both = sa.union_all(*(sa.select(sa.literal(1)).select_from(part) for part in parts))
        return sa.select(sa.func.count()).select_from(both.limit(most).subquery("found"))
    return sa.select(sa.func.count()).select_from(some_of.limit(most).subquery("found"))


def select_total(query: Query, dialect: str) -> sa.Select[Any]:
    """The statement: how many rows the query has, its limit and offset apart. Raises `QueryError`."""
    every = msgspec.structs.replace(query, limit=None, offset=0)
    lead = ask.lead_of(query)
    if lead is not None and lead.covers(query):
        return sa.select(sa.func.count()).select_from(lead.select(every, dialect).subquery("told"))
    cells, article = schema.family(query.unit).cells, schema.articles.c
    source: Any = cells
    if ask.needs_articles(query):
        of_article = sa.and_(article.month == cells.c.month, article.article == cells.c.article)
        source = cells.join(schema.articles, of_article)
    return sa.select(sa.func.count()).select_from(source).where(*ask.conditions(every, cells.c, dialect))


def partners(connection: sa.Connection, party: str, unit: str) -> list[tuple[str, int]]:
    """Codes of those to whom a party did something or who did it to them, with in how many events or acts each, most
    first. Raises `QueryError`."""
    family = schema.family(unit)
    one, other = family.parties.c, family.parties.alias("other").c
    sides = []
    for mine, theirs in (("actor", "recipient"), ("recipient", "actor")):
        keys = sa.union(
            *(
                sa.select(one.month, one.article, one.number).where(one.role == mine, named)
                for named in ask.is_party(family, party)
            )
        ).subquery(f"as_{mine}")
        sides.append(
            sa.select(keys.c.month, keys.c.article, keys.c.number, other.code)
            .distinct()
            .select_from(keys)
            .where(
                other.month == keys.c.month, other.article == keys.c.article, other.number == keys.c.number,
                other.role == theirs, other.code.is_not(None),
            )
        )  # fmt: skip
    told = sa.union_all(*sides).subquery("told")
    n = sa.func.count().label("n")
    statement = sa.select(told.c.code, n).group_by(told.c.code).order_by(n.desc(), told.c.code)
    return [(str(code), int(found)) for code, found in connection.execute(statement)]


def counts(connection: sa.Connection, by: Sequence[str], query: Query, intensity: Intensity | None) -> list[Count]:
    """Tidy rows in the order of their keys, open keys first; `intensity` is the mean over the rows that have one."""
    names = columns(list(dict.fromkeys(by)))
    totals: dict[tuple[Any, ...], list[float]] = {}
    for found in connection.execute(select_counts(by, query, connection.dialect.name)):
        *key, type_, mode, n = found
        total = totals.setdefault(tuple(key), [0, 0.0, 0])
        total[0] += n
        value = intensity(type_, mode) if intensity else None
        if value is not None:
            total[1] += value * n
            total[2] += n
    rows = sorted(totals.items(), key=lambda entry: tuple((part is not None, part) for part in entry[0]))
    # `limit` and `offset` of the query count tidy rows here.
    end = None if query.limit is None else query.offset + query.limit
    return [
        dict(zip(names, key, strict=True))
        | {"n": int(total[0]), "intensity": round(total[1] / total[2], 4) if total[2] else None}
        for key, total in rows[query.offset : end]
    ]
