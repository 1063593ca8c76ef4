"""Full-text search over the folded shadow of the articles that are shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from khabar.archive import ask, read, schema
from khabar.archive import query as q
from khabar.archive.folding import phrases, text_key
from khabar.archive.rows import Hit

# A word of the title weighs as much as this many of the body.
TITLE_WEIGHT = 4.0
AT_ONCE = 200  # articles whose paragraphs are asked for in one go


def select_hits(
    words: Sequence[str],
    dialect: str,
    *,
    outlet: q.Many,
    since: str | None,
    until: str | None,
    limit: int | None,
    offset: int,
    telling: q.Query | None = None,
) -> sa.Select[Any]:
    """The statement that finds articles which hold all `words` (not empty), best first; with `telling` those that tell
    an act of these parties, types, places and so on (its dates, outlets and words are not asked again)."""
    article = schema.articles.c
    number: Any
    score: Any
    if dialect == "sqlite":
        index = sa.table("texts_index", sa.column("rowid", sa.Integer))
        score = sa.literal_column(f"-bm25(texts_index, {TITLE_WEIGHT}, 1.0)")
        condition: Any = sa.text("texts_index MATCH :words").bindparams(words=ask.fts5(list(words)))
        source: Any = index
        number = index.c.rowid
    else:
        asked = sa.func.to_tsquery("simple", ask.tsquery(list(words)))
        vector: sa.ColumnClause[Any] = sa.literal_column("vector")
        # Weights of the classes D, C, B, A; 1: longer texts count for less.
        weights = sa.text(f"'{{{1 / TITLE_WEIGHT}, 0.5, 0.75, 1.0}}'::float4[]")
        score = sa.func.ts_rank(weights, vector, asked, 1)
        condition = vector.op("@@")(asked)
        source, number = schema.texts, schema.texts.c.article
    statement = (
        sa.select(schema.articles, score.label("score"))
        .select_from(source.join(schema.articles, article.article == number))
        .where(condition, article.current.is_(True))
        .order_by(sa.desc("score"), article.published.desc().nulls_last(), article.article)
    )
    if outlets := q.many(outlet):
        statement = statement.where(article.outlet_key.in_([text_key(value) for value in outlets]))
    if since:
        statement = statement.where(article.published >= q.day(since, last=False))
    if until:
        statement = statement.where(article.published <= q.day(until, last=True))
    if telling is not None and (acts := _telling(telling, dialect)) is not None:
        statement = statement.where(article.article.in_(acts))
    if limit is not None or offset:
        statement = statement.limit(limit if limit is not None else (1 << 62)).offset(offset)
    return statement


def _telling(query: q.Query, dialect: str) -> sa.Select[Any] | None:
    """The numbers of the articles that tell what the query asks for beside words, outlets and dates."""
    rest = msgspec.structs.replace(
        query, text=None, outlet=(), since=None, until=None, published_since=None, published_until=None
    )
    cells = schema.family(query.unit).cells
    conditions = ask.conditions(rest, cells.c, dialect)
    if not conditions:
        return None
    source: Any = cells
    if ask.needs_articles(rest):
        article = schema.articles.c
        source = cells.join(
            schema.articles, sa.and_(article.month == cells.c.month, article.article == cells.c.article)
        )
    return sa.select(cells.c.article).select_from(source).where(*conditions)


def search(connection: sa.Connection, text: str, **filters: Any) -> Iterator[Hit]:
    """Articles that hold all words of `text`; none where it holds no word."""
    words = phrases(text)
    if not words:
        return
    hits = connection.execute(select_hits(words, connection.dialect.name, **filters)).all()
    proofs: dict[int, tuple[int | None, str | None]] = {}
    for first in range(0, len(hits), AT_ONCE):
        proofs |= _proofs(connection, hits[first : first + AT_ONCE], words)
    for found in hits:
        paragraph, line = proofs.get(found.article, (None, None))
        yield Hit(article=read.article_row(found), score=float(found.score), paragraph=paragraph, text=line)


def _proofs(
    connection: sa.Connection, hits: Sequence[Any], words: Sequence[str]
) -> dict[int, tuple[int | None, str | None]]:
    """By number of the article the first paragraph that holds the most of the words."""
    column = schema.paragraphs.c
    lines = connection.execute(
        sa.select(column.article, column.paragraph, column.text)
        .where(column.month.in_({hit.month for hit in hits}), column.article.in_([hit.article for hit in hits]))
        .order_by(column.article, column.paragraph)
    )
    best: dict[int, tuple[int, int, str]] = {}
    for article, number, line in lines:
        most = best[article][0] if article in best else 0
        if most < len(words):
            key = f" {text_key(line)} "
            held = sum(f" {word} " in key for word in words)
            if held > most:
                best[article] = held, number, line
    return {article: (number, line) for article, (_, number, line) in best.items()}
