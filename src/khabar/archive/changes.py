"""What became of articles since a moment, for publishing what changed and nothing else.

A reader of such an export takes out all rows that he has of the articles named here, and puts in the rows of those that
were added or changed: doing so twice does no harm. Moments are UTC, ISO 8601; the moment to ask from next time lies
`SLACK` before the reading began, because a batch is stored under the time at which its transaction started.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from khabar.archive import schema
from khabar.archive.errors import QueryError
from khabar.archive.ledger import now
from khabar.archive.schema import Word, metadata
from khabar.records import Record

SLACK = timedelta(minutes=10)

# Ids of articles that were taken out, so that those who published them hear of it. Nothing else of them is kept.
forgotten = sa.Table(
    "forgotten",
    metadata,
    sa.Column("id", Word, primary_key=True),
    sa.Column("at", Word, nullable=False),
    sa.Index("forgotten_at", "at"),
)


class Change(Record, frozen=True, kw_only=True):
    """An article whose published rows hold no more. `added`, `changed` (coded anew, or corrected by people) have rows
    now; `withdrawn` has none: a newer version of the page took its place, or it was forgotten."""

    article_id: str
    change: Literal["added", "changed", "withdrawn"]
    at: str
    reason: str | None = None


def moment(value: str) -> str:
    """A moment as the archive writes it: UTC to the second. A day is its first second; a time without a zone is UTC.
    Raises `QueryError`."""
    try:
        at = datetime.fromisoformat(value.strip())
    except ValueError:
        raise QueryError(f"no moment {value!r}: write 2026-11-26T13:00:00Z (UTC where no zone is given)") from None
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return at.isoformat(timespec="seconds")


def next_moment(started: datetime) -> str:
    """The moment to ask from next time, when this reading began at `started`."""
    return (started.astimezone(UTC) - SLACK).isoformat(timespec="seconds")


def changed_since(since: str) -> sa.ColumnElement[bool]:
    """Of `articles`: coded, stored or corrected since a moment."""
    article, step = schema.articles.c, schema.corrections.c
    at = moment(since)
    return sa.or_(article.coded >= at, article.added >= at, article.key.in_(sa.select(step.page).where(step.at >= at)))


def changes(connection: sa.Connection, since: str) -> Iterator[Change]:
    """All changes since a moment, each article once; what was added or changed comes first."""
    at = moment(since)
    article = schema.articles.c
    shown = sa.select(article.id, article.added, article.coded).where(article.current.is_(True), changed_since(since))
    for id_, added, coded in connection.execute(shown.order_by(article.article)):
        yield Change(article_id=id_, change="added" if added >= at else "changed", at=max(added, coded or added))
    newer = schema.articles.alias("newer").c
    other = schema.articles.alias("other").c
    alive = sa.exists().where(other.id == article.id, other.current.is_(True))
    old = (
        sa.select(article.id, newer.added)
        .where(article.current.is_(False), newer.key == article.key, newer.current.is_(True), newer.added >= at, ~alive)
        .order_by(article.article)
    )
    for id_, when in connection.execute(old):
        yield Change(article_id=id_, change="withdrawn", at=when, reason="a newer version of the page")
    gone = sa.select(forgotten).where(forgotten.c.at >= at)
    gone = gone.where(~sa.exists().where(other.id == forgotten.c.id)).order_by(forgotten.c.id)
    for row in connection.execute(gone):
        yield Change(article_id=row.id, change="withdrawn", at=row.at, reason="forgotten")


def note_forgotten(connection: sa.Connection, ids: Iterable[Any]) -> None:
    """Notes that articles were taken out."""
    for id_ in sorted(set(ids)):
        connection.execute(sa.delete(forgotten).where(forgotten.c.id == id_))
        connection.execute(sa.insert(forgotten).values(id=id_, at=now()))
