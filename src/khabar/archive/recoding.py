"""Coding an archive anew: new codings are laid aside until all are there, then they take the place of the old ones.

Until then every question finds the old coding of every article. What was laid aside survives a kill, and so does the
change-over, which is made a lot of articles at a time, each whole: the next call goes on. A newer version of a page
that came meanwhile was coded when it came; what was laid aside for the old one is dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from khabar.archive import keys, read, schema, write
from khabar.archive.connect import reading, writing
from khabar.archive.flatten import Coding, pruned_json
from khabar.archive.ledger import now
from khabar.archive.schema import Word, metadata
from khabar.records import Article, CodedArticle

aside = sa.Table(
    "recodings",
    metadata,
    sa.Column(
        "article",
        schema.RowNumber,
        sa.ForeignKey("articles.article", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("coder", Word, nullable=False),
    sa.Column("model", Word),
    sa.Column("record", sa.Text, nullable=False),  # JSON of records.CodedArticle
)
_coded = msgspec.json.Decoder(CodedArticle)
MARK = "recoding"  # of khabar_meta: the recoding that is under way


class Goal(msgspec.Struct, frozen=True):
    """What a recoding is for: all articles that another coder coded, with `all` also those that this coder coded before
    `since` (UTC)."""

    coder: str
    since: str
    all: bool = False


class Recoding:
    """A recoding of an archive, resumed where an earlier one for the same coder was broken off."""

    def __init__(self, engine: sa.Engine, where: str, coder: str, *, all_: bool = False) -> None:
        self._engine, self._where = engine, where
        with writing(engine, where) as connection:
            column = schema.meta.c
            found = connection.execute(sa.select(column.value).where(column.name == MARK)).scalar()
            before = msgspec.json.decode(found, type=Goal) if found else None
            self.resumed = before is not None and (before.coder, before.all) == (coder, all_)
            if before is not None and self.resumed:
                self.goal = before
                return
            self.goal = Goal(coder, now(), all_)
            connection.execute(sa.delete(aside))
            connection.execute(sa.delete(schema.meta).where(column.name == MARK))
            value = msgspec.json.encode(self.goal).decode()
            connection.execute(sa.insert(schema.meta).values(name=MARK, value=value))

    def left(self) -> int:
        """How many articles are still to be coded."""
        with reading(self._engine, self._where) as connection:
            return int(connection.execute(sa.select(sa.func.count()).select_from(self._old().subquery())).scalar_one())

    def next(self, after: int, limit: int) -> list[tuple[int, Article]]:
        """Articles still to be coded, by their numbers, those above `after` only."""
        column = schema.articles.c
        statement = self._old(schema.articles).where(column.article > after).order_by(column.article).limit(limit)
        with reading(self._engine, self._where) as connection:
            return [(row.article, read.article(connection, row)) for row in connection.execute(statement).all()]

    def _old(self, *columns: Any) -> sa.Select[Any]:
        column = schema.articles.c
        other = sa.or_(column.coder.is_(None), column.coder != self.goal.coder)
        if self.goal.all:
            other = sa.or_(other, column.coded < self.goal.since)
        return sa.select(*(columns or (column.article,))).where(
            column.current.is_(True), other, ~sa.exists().where(aside.c.article == column.article)
        )

    def lay_aside(self, codings: Sequence[tuple[int, CodedArticle]], *, model: str | None = None) -> None:
        """Stores new codings where no question finds them. Of a page that was forgotten meanwhile nothing is kept."""
        column = schema.articles.c
        with writing(self._engine, self._where) as connection:
            numbers = [number for number, _ in codings]
            held = set(connection.execute(sa.select(column.article).where(column.article.in_(numbers))).scalars())
            connection.execute(sa.delete(aside).where(aside.c.article.in_(numbers)))
            rows = [
                {"article": number, "coder": self.goal.coder, "model": model, "record": pruned_json(coded)}
                for number, coded in codings
                if number in held
            ]
            if rows:
                connection.execute(sa.insert(aside), rows)

    def change_over(self, limit: int = 100) -> int:
        """Up to `limit` of the new codings take the place of the old ones, in one transaction. Returns how many were
        taken from those laid aside: 0 when all is done."""
        with writing(self._engine, self._where) as connection:
            rows = connection.execute(sa.select(aside).order_by(aside.c.article).limit(limit)).all()
            numbers = [row.article for row in rows]
            column = schema.articles.c
            found = connection.execute(
                sa.select(schema.articles).where(column.article.in_(numbers), column.current.is_(True))
            )
            heads = {head.article: head for head in found}
            write.lock(connection, [head.key for head in heads.values()])
            for row in rows:
                if row.article in heads:
                    self._replace(connection, heads[row.article], row)
            connection.execute(sa.delete(aside).where(aside.c.article.in_(numbers)))
            if not rows:
                connection.execute(sa.delete(schema.meta).where(schema.meta.c.name == MARK))
        return len(rows)

    def _replace(self, connection: sa.Connection, head: Any, row: Any) -> None:
        key = keys.Key(head.key, head.digest, head.article, head.month)
        entry = write.item(read.article(connection, head), _coded.decode(row.record))._replace(key=key)
        entry = write.corrected(connection, entry)
        write.recode(connection, entry, current=True, coding=Coding(row.coder, row.model, now()))
