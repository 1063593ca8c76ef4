"""A query in SQL: which rows of a family of tables it wants, in which order."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from khabar.archive import query as q
from khabar.archive import schema
from khabar.archive.changes import changed_since
from khabar.archive.folding import phrases, text_key
from khabar.archive.query import Query

Condition = sa.ColumnElement[bool]

# A filter that this many rows pass is checked row by row along the order that is asked for, instead of gathering them
# all first: with 50 rows wanted of 1.6 million, both ways cost the same at about 10,000.
COMMON = 10_000


class Filter(NamedTuple):
    """A filter on something beside the row itself, in its two forms: `gathered` (the row is among those found) and
    `checked` (looked up row by row). `found` selects what is gathered."""

    found: sa.Select[Any]
    gathered: Condition
    checked: Condition


def conditions(
    query: Query, cell: Any, dialect: str, common: frozenset[str] = frozenset(), without: frozenset[str] = frozenset()
) -> list[Condition]:
    """The conditions on the columns `cell` of events or acts; those of `needs_articles` speak of `articles` too.
    Filters named in `common` are checked row by row, those `without` left out. Raises `QueryError`."""
    q.check(query)
    article = schema.articles.c
    found: list[Condition] = []
    for columns, name, values in (
        (cell, "type", q.types(query)),
        (cell, "mode", q.modes(query)),
        (cell, "status", q.statuses(query)),
        (article, "id", q.many(query.article)),
        (article, "outlet_key", tuple(text_key(value) for value in q.many(query.outlet))),
    ):
        if values:
            found.append(columns[name].in_(values) if len(values) > 1 else columns[name] == values[0])
    if places := q.many(query.place):
        found.append(sa.or_(*(_place(cell, value) for value in places)))
    if query.since:
        found.append(cell.last >= q.day(query.since, last=False))
    if query.until:
        found.append(cell.first <= q.day(query.until, last=True))
    if query.published_since:
        found.append(article.published >= q.day(query.published_since, last=False))
    if query.published_until:
        found.append(article.published <= q.day(query.published_until, last=True))
    if query.changed_since:
        found.append(changed_since(query.changed_since))
    if query.min_confidence is not None:
        found.append(sa.or_(cell.confidence.is_(None), cell.confidence >= query.min_confidence))
    for name, part in _filters(query, cell, dialect).items():
        if name not in without:
            found.append(part.checked if name in common else part.gathered)
    return found


def needs_articles(query: Query) -> bool:
    """Whether the conditions speak of the article."""
    return bool(
        q.many(query.article)
        or q.many(query.outlet)
        or query.published_since
        or query.published_until
        or query.changed_since
    )


def select_keys(connection: sa.Connection, query: Query) -> sa.Select[Any]:
    """The statement that finds the keys (month, article, number) of the rows, in their order."""
    family, dialect = schema.family(query.unit), connection.dialect.name
    known = common(connection, query)
    lead = led(connection, query, known)
    if lead is not None:
        found: Any = lead.select(query, dialect).order_by(*order(query, lead.column)).subquery("led").c
        return sa.select(found.month, found.article, found.number).order_by(*order(query, found))
    cell, article = family.cells.c, schema.articles.c
    source: Any = family.cells
    if needs_articles(query):
        source = source.join(schema.articles, sa.and_(article.month == cell.month, article.article == cell.article))
    wanted = conditions(query, cell, dialect, known)
    if query.since and query.limit is not None and query.order in ("date", "-date"):
        began, lasted = (
            sa.select(cell.first, cell.month, cell.article, cell.number).select_from(source).where(*wanted, *part)
            for part in since_parts(query, cell)
        )
        if dialect != "sqlite":
            # PostgreSQL takes no order into a union: what began since comes in order and cut, of what lasted is little.
            enough = query.limit + query.offset
            began = sa.select(*began.order_by(*order(query)).limit(enough).subquery("began").c)
        found = sa.union_all(began, lasted).subquery("since").c
        statement = sa.select(found.month, found.article, found.number).order_by(*order(query, found))
    else:
        statement = sa.select(cell.month, cell.article, cell.number).select_from(source).where(*wanted)
        statement = statement.order_by(*order(query))
    if query.limit is not None or query.offset:
        # SQLite knows no OFFSET without LIMIT.
        statement = statement.limit(query.limit if query.limit is not None else (1 << 62)).offset(query.offset)
    return statement


def since_parts(query: Query, cell: Any) -> tuple[tuple[Condition, ...], tuple[Condition, ...]]:
    """The two parts of what is asked since a day: what began since, which the index of first days bounds, and what
    began before and lasted, for which there is an index of its own. In one, every earlier row would be looked at."""
    day = q.day(query.since or "", last=False)
    return (cell.first >= day,), (cell.first < day, cell.last != cell.first, cell.last >= day)


class Lead(NamedTuple):
    """Where a question about a party, or about what one country did to another, is best looked up: in a table whose
    index has the party's events from the newest on. `fields` of the question are answered by the conditions `where`."""

    table: sa.Table
    where: tuple[Condition, ...]
    fields: frozenset[str]

    @property
    def column(self) -> Any:
        """The columns."""
        return self.table.c

    def covers(self, query: Query) -> bool:
        """Whether the table answers all of the question."""
        own = {"since", "until", "type", "mode", "unit", "limit", "offset", "order"} | self.fields
        return not any(getattr(query, name) for name in query.__struct_fields__ if name not in own)

    def select(self, query: Query, dialect: str, *columns: Any) -> sa.Select[Any]:
        """The events of the question, each once (a party may be named twice), as (first, month, article, number) and
        what `columns` are asked for, within the question's limit."""
        column, family = self.column, schema.family(query.unit)
        statement = sa.select(column.first, column.month, column.article, column.number, *columns).where(*self.where)
        statement = statement.distinct()
        if self.covers(query):
            bare = msgspec.structs.replace(query, **dict.fromkeys(self.fields & set(query.__struct_fields__), ()))
            statement = statement.where(*conditions(bare, column, dialect))
        else:
            cell, article = family.cells.c, schema.articles.c
            source: Any = self.table.join(
                family.cells,
                sa.and_(cell.month == column.month, cell.article == column.article, cell.number == column.number),
            )
            if needs_articles(query):
                of_article = sa.and_(article.month == cell.month, article.article == cell.article)
                source = source.join(schema.articles, of_article)
            every = frozenset(_filters(query, cell, dialect))
            statement = statement.select_from(source).where(*conditions(query, cell, dialect, every, self.fields))
        if query.limit is not None or query.offset:
            statement = statement.limit(query.limit if query.limit is not None else (1 << 62)).offset(query.offset)
        return statement


def lead_of(query: Query, rare: frozenset[str] = frozenset()) -> Lead | None:
    """The table that leads, None where the question names no country or code in one role; of several parties one of
    the `rare` ones."""
    family = schema.family(query.unit)
    if (pair := _pair(query)) is not None:
        dyad = family.dyads.c
        both = (dyad.source == pair[0], dyad.target == pair[1], dyad.sided.is_(True))
        return Lead(family.dyads, both, frozenset(("actor", "recipient", "pair")))
    party = family.parties.c
    found = {}
    for role in ("actor", "recipient", "speaker"):
        values = q.many(getattr(query, role))
        if len(values) == 1 and q.read_party(values[0]).kind in ("country", "code"):
            where = (party.role == role, *is_party(family, values[0]))
            found[role] = Lead(family.parties, where, frozenset((role,)))
    return next((found[role] for role in sorted(found, key=lambda role: role not in rare)), None)


def led(connection: sa.Connection, query: Query, known: frozenset[str]) -> Lead | None:
    """The table that leads to the rows of a question that wants some of them in the order of days; None where another
    filter is rarer (`known` are those that many rows pass), or where the planner knows by itself."""
    if connection.dialect.name != "sqlite" or query.limit is None or query.order not in ("date", "-date"):
        return None
    names = frozenset(_filters(query, schema.family(query.unit).cells.c, "sqlite"))
    lead = lead_of(query, names - known)
    return lead if lead is not None and not names - known - lead.fields else None


def common(connection: sa.Connection, query: Query) -> frozenset[str]:
    """The filters that so many rows pass that walking along the dates finds enough of them soon. PostgreSQL's planner
    knows that by itself."""
    if connection.dialect.name != "sqlite" or query.limit is None or query.order not in ("date", "-date"):
        return frozenset()
    return frozenset(
        name
        for name, part in _filters(query, schema.family(query.unit).cells.c, "sqlite").items()
        if connection.execute(
            sa.select(sa.func.count()).select_from(part.found.limit(COMMON).subquery("probe"))
        ).scalar_one()
        >= COMMON
    )


def _filters(query: Query, cell: Any, dialect: str) -> dict[str, Filter]:
    """Field -> its filter, for the fields that ask for more than a column of the row or of its article."""
    family = schema.family(query.unit)
    found: dict[str, Filter] = {}
    for name, roles, values in (
        ("actor", ("actor",), q.many(query.actor)),
        ("recipient", ("recipient",), q.many(query.recipient)),
        ("party", ("actor", "recipient"), q.many(query.party)),
        ("speaker", ("speaker",), q.many(query.speaker)),
    ):
        if values:
            found[name] = _party(family, cell, roles, values)
    if (pair := _pair(query)) is not None:
        # The table of pairs finds in one step those that two tables of parties would be searched for; it also holds
        # pairs of actors alone, so the two are checked all the same.
        dyad = family.dyads.c
        told = (dyad.source == pair[0], dyad.target == pair[1])
        pairs: sa.Select[Any] = sa.select(dyad.month, dyad.article, dyad.number).where(*told)
        found = {name: one._replace(gathered=one.checked) for name, one in found.items()}
        found["pair"] = Filter(
            pairs,
            sa.tuple_(cell.month, cell.article, cell.number).in_(pairs),
            sa.exists().where(
                dyad.month == cell.month, dyad.article == cell.article, dyad.number == cell.number, *told
            ),
        )
    if contexts := q.contexts(query):
        named = schema.contexts.c
        wanted = sa.select(named.month, named.article).where(named.context.in_(contexts))
        found["context"] = Filter(
            wanted,
            sa.tuple_(cell.month, cell.article).in_(wanted),
            sa.exists().where(named.month == cell.month, named.article == cell.article, named.context.in_(contexts)),
        )
    if query.text:
        texts = matching(query.text, dialect)
        # The sum keeps SQLite from starting at the articles: it walks and looks the number up among those gathered.
        found["text"] = Filter(texts, cell.article.in_(texts), (cell.article + 0).in_(texts))
    return found


def _pair(query: Query) -> tuple[str, str] | None:
    """Actor and recipient where each is one country."""
    sides = (q.many(query.actor), q.many(query.recipient))
    if any(len(side) != 1 for side in sides):
        return None
    first, second = (q.read_party(side[0]) for side in sides)
    if (first.kind, second.kind) != ("country", "country") or "IGO" in (first.value, second.value):
        return None
    return first.value, second.value


def order(query: Query, column: Any = None) -> list[sa.ColumnElement[Any]]:
    """The order of the rows, the same at every call, so that pages of rows fit together; by the columns of the rows
    themselves, or of another table that has them."""
    cell = column if column is not None else schema.family(query.unit).cells.c
    # NULL first going up, last going down: what an index of either database gives without sorting.
    stored = [cell.month, cell.article, cell.number]
    match query.order:
        case "date":
            return [cell.first.asc().nulls_first(), *stored]
        case "-date":
            return [cell.first.desc().nulls_last(), *(column.desc() for column in stored)]
        case "confidence":
            return [cell.confidence.asc().nulls_first(), *stored]
        case "-confidence":
            return [cell.confidence.desc().nulls_last(), *stored]
        case _:
            return [*stored]


def _party(family: schema.Family, cell: Any, roles: tuple[str, ...], values: tuple[str, ...]) -> Filter:
    """Rows that have one of the parties in one of the roles."""
    party = family.parties.c
    role = party.role == roles[0] if len(roles) == 1 else party.role.in_(roles)
    named = [condition for value in values for condition in is_party(family, value)]
    # One index each: joined by OR, PostgreSQL would read the whole table.
    parts = [sa.select(party.month, party.article, party.number).where(role, condition) for condition in named]
    # A plain select around the union, or SQLite would not start at what it finds.
    wanted = parts[0] if len(parts) == 1 else sa.select(sa.union_all(*parts).subquery("named"))
    return Filter(
        wanted,
        sa.tuple_(cell.month, cell.article, cell.number).in_(wanted),
        sa.exists().where(
            party.month == cell.month, party.article == cell.article, party.number == cell.number, role, sa.or_(*named)
        ),
    )


def is_party(family: schema.Family, value: str) -> list[Condition]:
    """The conditions of which one has to hold."""
    party, reading = family.parties.c, q.read_party(value)
    match reading.kind:
        case "country":
            return [party.country == reading.value]
        case "sector":
            return [party.sector == reading.value]
        case "code":
            country, _, sector = reading.value.partition(".")
            return [sa.and_(party.country == country, party.sector == sector)]
        case _:
            return [party.actor_id == reading.value, party.label.in_(_named(reading.value))]


def _place(cell: Any, value: str) -> Condition:
    if value.isdecimal():
        return sa.type_coerce(cell.geonames == int(value), sa.Boolean)
    if len(value) == 3 and value.isascii() and value.isupper():
        return sa.type_coerce(cell.country == value, sa.Boolean)
    return sa.type_coerce(cell.place_label.in_(_named(value)), sa.Boolean)


def _named(value: str) -> sa.Select[tuple[int]]:
    """The labels of the names that hold all words of `value` as whole words, in any spelling."""
    key = schema.names.c.key
    words = phrases(value)
    # A value without any word (only signs) names nothing.
    found = [key.contains(f" {word} ", autoescape=True) for word in words] or [sa.false()]
    return sa.select(schema.names.c.label).where(*found)


def matching(text: str, dialect: str) -> sa.Select[tuple[int]]:
    """The numbers of the articles that hold all words of `text`; none where it holds no word."""
    words = phrases(text)
    column = schema.texts.c.article
    if not words:
        return sa.select(column).where(sa.false())
    if dialect == "sqlite":
        index = sa.table("texts_index", sa.column("rowid", sa.Integer))
        return sa.select(index.c.rowid).where(sa.text("texts_index MATCH :words").bindparams(words=fts5(words)))
    return sa.select(column).where(sa.literal_column("vector").op("@@")(sa.func.to_tsquery("simple", tsquery(words))))


def fts5(words: list[str]) -> str:
    """The words and phrases as a query of SQLite's FTS5: all of them, each taken literally."""
    return " AND ".join(f'"{word}"' for word in words)


def tsquery(words: list[str]) -> str:
    """The words and phrases as a query of PostgreSQL: all of them, each taken literally."""
    return " & ".join(" <-> ".join(f"'{word}'" for word in phrase.split()) for phrase in words)
