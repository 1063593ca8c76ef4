"""Reading: rows for a query, articles as they were stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from khabar.archive import ask, schema
from khabar.archive.connect import is_sqlite
from khabar.archive.query import Query
from khabar.archive.rows import ArticleRow, Dating, PartyCell, PlaceCell, PointRow, Row, Unit
from khabar.archive.story_tables import members
from khabar.records import Article, CodedArticle, Dropped, Event, Mention, Place

_event = msgspec.json.Decoder(Event)
_strings = msgspec.json.Decoder(tuple[str, ...])
_not_body = msgspec.json.Decoder(tuple[tuple[int, str], ...])

_events = msgspec.json.Decoder(tuple[Event, ...])

# Keys found, and rows fetched by them, at once while streaming.
BATCH = 500
AT_ONCE = 10_000


def rows(connection: sa.Connection, query: Query) -> Iterator[Row]:
    """The rows of a query. First the keys are found in their order, then the rows are fetched a batch at a time:
    nothing wide is ever sorted, and memory stays flat."""
    if query.limit is None and not is_sqlite(connection):
        # PostgreSQL plans a cursor for its first rows; here all of them are wanted.
        connection.exec_driver_sql("SET LOCAL cursor_tuple_fraction = 1.0")
    # Few keys come at once: a cursor would cost them the plan made for their limit.
    options = {"yield_per": BATCH} if query.limit is None or query.limit > AT_ONCE else {}
    found = connection.execution_options(**options).execute(ask.select_keys(connection, query))
    fetch = _select_rows(query.unit, connection.dialect.name)
    for part in found.partitions(BATCH):
        keys = [tuple(key) for key in part]
        asked = {"wanted": msgspec.json.encode(keys).decode()}
        fetched = {(row.month, row.article, row.number): row for row in connection.execute(fetch, asked)}
        for key in keys:
            yield _row(fetched[key], query.unit)


def points(connection: sa.Connection, query: Query) -> Iterator[PointRow]:
    """Where the rows of a query are, without the rest of them; rows without a known place are left out."""
    cell = schema.family(query.unit).cells.c
    dialect = connection.dialect.name
    wanted = wanted_keys(dialect, cell.month, cell.article, cell.number)
    fetch = sa.select(
        cell.latitude, cell.longitude, cell.type, cell.place, cell.place_text, cell.geonames, cell.first
    ).where(
        sa.tuple_(cell.month, cell.article, cell.number).in_(wanted),
        cell.latitude.is_not(None), cell.longitude.is_not(None),
    )  # fmt: skip
    for part in connection.execute(ask.select_keys(connection, query)).partitions(AT_ONCE):
        asked = {"wanted": msgspec.json.encode([tuple(key) for key in part]).decode()}
        for found in connection.execute(fetch, asked):
            yield PointRow(
                found.latitude, found.longitude, found.type, found.place_text or found.place or "", found.place,
                found.geonames,
            )  # fmt: skip


def rows_by_key(connection: sa.Connection, keys: Sequence[tuple[int, int, int]], unit: Unit) -> list[Row]:
    """The rows of some keys (month, article, number), in their order."""
    fetch = _select_rows(unit, connection.dialect.name)
    fetched: dict[tuple[int, int, int], Any] = {}
    for start in range(0, len(keys), BATCH):
        asked = {"wanted": msgspec.json.encode(keys[start : start + BATCH]).decode()}
        fetched.update(((row.month, row.article, row.number), row) for row in connection.execute(fetch, asked))
    return [_row(fetched[key], unit) for key in keys]


def wanted_keys(dialect: str, *columns: Any) -> Any:
    """The keys in the parameter `wanted`, a JSON list of lists, as a select of those (whole) columns: with a list of
    values SQLite would read the whole table."""
    if dialect == "sqlite":
        parts = ", ".join(f"json_extract(value, '$[{n}]')" for n in range(len(columns)))
        return sa.text(f"SELECT {parts} FROM json_each(:wanted)").columns(*columns)
    parts = ", ".join(
        f"CAST(k->>{n} AS {'bigint' if isinstance(column.type, sa.BigInteger) else 'integer'})"
        for n, column in enumerate(columns)
    )
    return sa.text(f"SELECT {parts} FROM json_array_elements(CAST(:wanted AS json)) AS k").columns(*columns)


def _select_rows(unit: Unit, dialect: str) -> sa.Select[Any]:
    """The statement that fetches what `_row` needs by the keys `wanted`."""
    family, article, paragraph = schema.family(unit), schema.articles.c, schema.paragraphs.c
    cell = family.cells.c
    event = schema.EVENTS.cells.c
    wanted = wanted_keys(dialect, cell.month, cell.article, cell.number)
    acts = unit == "act"
    source: Any = family.cells.join(
        schema.articles, sa.and_(article.month == cell.month, article.article == cell.article)
    ).join(
        schema.paragraphs,
        sa.and_(
            paragraph.month == cell.month, paragraph.article == cell.article, paragraph.paragraph == cell.paragraph
        ),
        isouter=True,
    )
    member = members.c
    source = source.join(
        members,
        sa.and_(
            member.month == cell.month,
            member.article == cell.article,
            member.number == (cell.number if acts else cell.act),
        ),
        isouter=True,
    )
    record: Any = cell.record
    if acts:
        # An act told once is stored once: its record is that of its lead.
        source = source.join(
            schema.EVENTS.cells,
            sa.and_(
                cell.record.is_(None),
                event.month == cell.month,
                event.article == cell.article,
                event.number == cell.lead,
            ),
            isouter=True,
        )
        record = sa.func.coalesce(cell.record, event.record)
    return (
        sa.select(
            cell.month, cell.article, cell.number, cell.id.label("event_id"), record.label("record"), cell.first,
            cell.last, cell.dated, cell.coder, cell.model, article.id.label("article_id"), article.url, article.source,
            article.outlet, article.agency, article.title, article.language, article.published, article.date_precision,
            article.contexts, article.story_parties, article.story_places, paragraph.text,
            (cell.mentions if acts else sa.literal(1)).label("mentions"),
            (cell.mention_ids if acts else sa.null()).label("mention_ids"), member.happening,
        )
        .select_from(source)
        .where(sa.tuple_(cell.month, cell.article, cell.number).in_(wanted))
    )  # fmt: skip


def _row(found: Any, unit: Unit) -> Row:
    event = _event.decode(found.record)
    time, dated = event.time, found.dated
    return Row(
        event_id=found.event_id,
        article_id=found.article_id,
        unit=unit,
        type=event.type,
        mode=event.mode,
        status=event.status,
        trigger=event.trigger.text,
        trigger_start=event.trigger.start,
        trigger_end=event.trigger.end,
        paragraph=event.paragraph,
        text=found.text or "",
        url=found.url,
        source=found.source,
        outlet=found.outlet,
        agency=found.agency,
        title=found.title,
        language=found.language,
        published=found.published,
        published_precision=found.date_precision,
        first=found.first,
        last=found.last,
        dated=_dating(dated),
        time=time.value if time else None,
        time_text=time.text if time else None,
        precision=time.precision if time else None,
        contexts=_strings.decode(found.contexts),
        actors=parties(event.actors),
        recipients=parties(event.recipients),
        speakers=parties(event.speaker),
        place=place(event.place),
        toll=event.toll,
        mentions=found.mentions,
        mention_ids=_strings.decode(found.mention_ids) if found.mention_ids else (found.event_id,),
        happening=None if found.happening is None else f"h{found.happening:014x}",
        confidence=event.confidence,
        why=event.why,
        story_parties=_strings.decode(found.story_parties),
        story_places=_strings.decode(found.story_places),
        coder=found.coder,
        model=found.model,
    )


def _dating(value: str | None) -> Dating | None:
    return "event" if value == "event" else "article" if value == "article" else None


def parties(mentions: tuple[Mention, ...]) -> tuple[PartyCell, ...]:
    """A cell a code; a mention without codes gives one cell."""
    cells = []
    for position, mention in enumerate(mentions):
        for part, code in enumerate(mention.codes or (None,)):
            country, _, sector = (code or "").partition(".")
            cells.append(
                PartyCell(
                    code=code,
                    country=country or None,
                    sector=sector or None,
                    id=(mention.ids[part] or None) if part < len(mention.ids) else None,
                    name=(mention.names[part] or None) if part < len(mention.names) else None,
                    mention=mention.text,
                    start=mention.start,
                    end=mention.end,
                    method=mention.method,
                    confidence=mention.confidence,
                    position=position,
                )
            )
    return tuple(cells)


def place(found: Place | None) -> PlaceCell | None:
    """The place's cell."""
    if found is None:
        return None
    return PlaceCell(
        name=found.name,
        raw=found.text,
        start=found.start,
        end=found.end,
        country=found.country,
        admin1=found.admin1,
        latitude=found.latitude,
        longitude=found.longitude,
        geonames=found.geonames,
        feature=found.feature,
        method=found.method,
        confidence=found.confidence,
    )


def article_row(found: Any) -> ArticleRow:
    """A row of `articles` as a record."""
    return ArticleRow(
        id=found.id,
        key=found.key,
        digest=found.digest,
        title=found.title,
        url=found.url,
        source=found.source,
        outlet=found.outlet,
        date=found.published,
        language=found.language,
        current=bool(found.current),
        events=found.events,
        acts=found.acts,
        added=found.added,
        coder=found.coder,
        model=found.model,
    )


def whole(connection: sa.Connection, found: Any) -> tuple[Article, CodedArticle]:
    """The article of a row of `articles` and its coding, equal to what was stored."""
    return article(connection, found), coded(connection, found)


def article(connection: sa.Connection, found: Any) -> Article:
    """The article of a row of `articles`."""
    paragraph, line = schema.paragraphs.c, schema.dropped.c
    texts = connection.execute(
        sa.select(paragraph.text)
        .where(paragraph.month == found.month, paragraph.article == found.article)
        .order_by(paragraph.paragraph)
    ).scalars()
    lines = connection.execute(
        sa.select(line.line, line.reason)
        .where(line.month == found.month, line.article == found.article)
        .order_by(line.position)
    )
    return Article(
        id=found.id,
        paragraphs=tuple(texts),
        url=found.url,
        outlet=found.outlet,
        date=found.published,
        date_evidence=found.date_evidence,
        date_precision=found.date_precision,
        agency=found.agency,
        byline=found.byline,
        dateline=found.dateline,
        language=found.language,
        source=found.source,
        dropped=tuple(Dropped(line=text, reason=reason) for text, reason in lines),
    )


def coded(connection: sa.Connection, found: Any) -> CodedArticle:
    """The coding of a row of `articles`."""
    if found.retired is not None:
        events = _events.decode(found.retired)
    else:
        event = schema.EVENTS.cells.c
        records = connection.execute(
            sa.select(event.record)
            .where(event.month == found.month, event.article == found.article)
            .order_by(event.number)
        ).scalars()
        events = tuple(_event.decode(record) for record in records)
    return CodedArticle(
        id=found.id,
        contexts=_strings.decode(found.contexts),
        not_body=_not_body.decode(found.not_body),
        events=events,
        coder=found.coded_by,
    )
