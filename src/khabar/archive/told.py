"""Acts and texts of the archive as linking reads them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from khabar.arabic import search_terms
from khabar.archive import schema
from khabar.archive import story_tables as t
from khabar.archive.read import wanted_keys
from khabar.records import Event
from khabar.stories.profiles import Vector, shingles, vector
from khabar.stories.sketches import Sketch, sketch
from khabar.stories.telling import Telling, days_of, opening_terms, ordinal

# Reports of a happening that a new one is held against: its first and its last ones.
HELD = 24
CHUNK = 400

_event = msgspec.json.Decoder(Event)

ActKey = tuple[int, int, int]  # month, article, number


class Told(NamedTuple):
    """An act as stored, with what linking needs of its article. `first` is the first paragraph that tells it."""

    key: ActKey
    event: Event
    article: str
    outlet: str | None
    published: str | None
    title: str
    first: int


class Text:
    """The text of a version as linking sees it; words are counted when they are first asked for."""

    def __init__(self, paragraphs: Sequence[str]) -> None:
        self._paragraphs = paragraphs
        self._words: dict[int, Vector] = {}
        self._opening: Vector | None = None

    def words(self, n: int) -> Vector:
        """The terms of a paragraph."""
        if n not in self._words:
            self._words[n] = vector(search_terms(self._paragraphs[n])) if n < len(self._paragraphs) else {}
        return self._words[n]

    @property
    def opening(self) -> Vector:
        """The terms of the beginning."""
        if self._opening is None:
            self._opening = vector(opening_terms(self._paragraphs))
        return self._opening

    def sketch(self) -> Sketch:
        """The sketch of the whole text."""
        return sketch(shingles([term for paragraph in self._paragraphs for term in search_terms(paragraph)]))


@cache
def _paragraphs() -> sa.Select[Any]:
    paragraph = schema.paragraphs.c
    return (
        sa.select(paragraph.text)
        .where(paragraph.month == sa.bindparam("of_month"), paragraph.article == sa.bindparam("of_article"))
        .order_by(paragraph.paragraph)
    )


class Texts:
    """Texts of the versions that were looked at last; what is news meets what was news just now."""

    def __init__(self, size: int = 2000) -> None:
        self._size = size
        self._held: dict[int, Text] = {}

    def of(self, connection: sa.Connection, month: int, article: int) -> Text:
        """The text of a version."""
        found = self._held.pop(article, None)
        if found is None:
            lines = connection.execute(_paragraphs(), {"of_month": month, "of_article": article}).scalars()
            found = Text(list(lines))
        self._held[article] = found
        if len(self._held) > self._size:
            del self._held[next(iter(self._held))]
        return found


def acts_of(connection: sa.Connection, articles: Sequence[tuple[int, int]]) -> list[Told]:
    """The acts of some versions, in their order."""
    found: list[Told] = []
    for month, article in articles:
        found += _read(connection, _of_article(), {"of_month": month, "of_article": article})
    return found


def members_of(connection: sa.Connection, happenings: Iterable[int], held: int | None = HELD) -> dict[int, list[Told]]:
    """The reports of some happenings, oldest first; of more than `held` the first and last ones."""
    by: dict[int, list[ActKey]] = defaultdict(list)
    for chunk in chunks(sorted(happenings)):
        for happening, month, article, number in connection.execute(_members(), {"wanted": chunk}):
            by[happening].append((month, article, number))
    if held is not None:
        by.update({h: [*some[: held // 3], *some[-(held - held // 3) :]] for h, some in by.items() if len(some) > held})
    told = {one.key: one for one in _by_key(connection, [key for some in by.values() for key in some])}
    return {happening: [told[key] for key in some] for happening, some in by.items()}


@cache
def _members() -> sa.Select[Any]:
    column, article = t.members.c, schema.articles.c
    return (
        sa.select(column.happening, column.month, column.article, column.number)
        .select_from(t.members.join(schema.articles, article.article == column.article))
        .where(column.happening.in_(sa.bindparam("wanted", expanding=True)))
        .order_by(article.published.asc().nulls_last(), column.article, column.number)
    )


def _by_key(connection: sa.Connection, wanted: Sequence[ActKey]) -> Iterator[Told]:
    statement = _of_keys(connection.dialect.name)
    for chunk in chunks(wanted):
        yield from _read(connection, statement, {"wanted": msgspec.json.encode(chunk).decode()})


# Statements are built once: building them takes longer than a database takes to answer.
@cache
def _of_article() -> sa.Select[Any]:
    act = schema.ACTS.cells.c
    return _statement().where(act.month == sa.bindparam("of_month"), act.article == sa.bindparam("of_article"))


@cache
def _of_keys(dialect: str) -> sa.Select[Any]:
    act = schema.ACTS.cells.c
    keys = sa.tuple_(act.month, act.article, act.number)
    return _statement().where(keys.in_(wanted_keys(dialect, act.month, act.article, act.number)))


@cache
def _of_linked(dialect: str) -> sa.Select[Any]:
    column = t.linked.c
    pairs = sa.tuple_(column.month, column.article)
    return sa.select(t.linked).where(pairs.in_(wanted_keys(dialect, column.month, column.article)))


def _statement() -> sa.Select[Any]:
    """Selects what `Told` holds; an act that is told once has the record of its event."""
    act, event, article = schema.ACTS.cells.c, schema.EVENTS.cells.c, schema.articles.c
    lead = schema.EVENTS.cells.alias("lead")
    first = (
        sa.select(sa.func.min(event.paragraph))
        .where(event.month == act.month, event.article == act.article, event.act == act.number)
        .scalar_subquery()
    )
    of_article = sa.and_(article.month == act.month, article.article == act.article)
    of_lead = sa.and_(lead.c.month == act.month, lead.c.article == act.article, lead.c.number == act.lead)
    return (
        sa.select(
            act.month, act.article, act.number, act.id.label("act"),
            sa.func.coalesce(act.record, lead.c.record).label("record"),
            article.id, article.outlet, article.published, article.title,
            sa.func.coalesce(first, act.paragraph).label("first"),
        )
        .select_from(schema.ACTS.cells.join(schema.articles, of_article).join(lead, of_lead))
        .order_by(act.month, act.article, act.number)
    )  # fmt: skip


def _read(connection: sa.Connection, statement: sa.Select[Any], values: dict[str, Any]) -> Iterator[Told]:
    for row in connection.execute(statement, values):
        yield Told(
            key=(row.month, row.article, row.number),
            event=msgspec.structs.replace(_event.decode(row.record), id=row.act),
            article=row.id,
            outlet=row.outlet,
            published=row.published,
            title=row.title,
            first=row.first,
        )


def linked_of(connection: sa.Connection, versions: Iterable[tuple[int, int]]) -> dict[int, Any]:
    """What linking stored of some versions, by their numbers: rows with `sketch` and `thread`."""
    statement = _of_linked(connection.dialect.name)
    found: dict[int, Any] = {}
    for chunk in chunks(sorted(versions)):
        rows = connection.execute(statement, {"wanted": msgspec.json.encode(chunk).decode()})
        found.update((row.article, row) for row in rows)
    return found


def telling(one: Told, text: Text | None) -> Telling:
    """An act as linking sees it; without its text it has no words."""
    return Telling(
        event=one.event,
        article=one.key[1],
        outlet=one.outlet or "",
        published=ordinal(one.published),
        days=days_of(one.event),
        words=text.words(one.event.paragraph) if text else {},
        opening=text.opening if text else {},
        lead=one.first <= 1,
    )


def chunks(values: Sequence[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    """The values in portions."""
    return (list(values[start : start + size]) for start in range(0, len(values), size))
