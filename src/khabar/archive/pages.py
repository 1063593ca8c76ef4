"""What an archive does with one page: its article as stored, and what people say of its events
(`khabar.archive.corrections` tells how)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import sqlalchemy as sa

from khabar.archive import connect, corrections, read, schema, whole
from khabar.archive.about import JudgedArticle
from khabar.archive.errors import ArchiveError, UnknownEvent
from khabar.archive.rows import ArticleRow
from khabar.archive.stories import Stories
from khabar.records import Article, CodedArticle, Event


class Pages(Stories):
    """The part of `Archive` that knows of single articles and of corrections."""

    _written: bool

    def article(self, id_or_url: str, *, digest: str | None = None) -> tuple[Article, CodedArticle]:
        """An article and its coding as stored: the version shown, or that of `digest`. Raises `ArchiveError`."""
        column = schema.articles.c
        version = column.digest == digest if digest else column.current.is_(True)
        statement = sa.select(schema.articles).where(self._names(id_or_url), version).order_by(column.added)
        with connect.reading(self._engine, self.where) as connection:
            found = connection.execute(statement).first()
            if found is None:
                raise ArchiveError(f"archive {self.where}: no article {id_or_url!r}")
            return read.whole(connection, found)

    def judged(self, event_id: str) -> corrections.Judged:
        """An event as shown, with what people said of it. Raises `UnknownEvent`."""
        with connect.reading(self._engine, self.where) as connection:
            return corrections.judged(connection, event_id)

    def judged_of(self, id_or_url: str) -> list[corrections.Judged]:
        """All events of an article as shown, then those that people deleted. Raises `UnknownEvent`."""
        with connect.reading(self._engine, self.where) as connection:
            return corrections.judged_of(connection, self._key(connection, id_or_url))

    def history(self, id_or_url: str | None = None, *, event_id: str | None = None) -> list[corrections.Step]:
        """The log of what people said, oldest first: of all, of one article or of one event."""
        with connect.reading(self._engine, self.where) as connection:
            key = self._key(connection, id_or_url) if id_or_url is not None else None
            return corrections.steps(connection, key, event_id)

    def corrected(self) -> list[ArticleRow]:
        """The articles of which people said something, as shown."""
        column = schema.articles.c
        events = sa.select(schema.corrected.c.page).where(schema.corrected.c.verdict != "undone")
        about = schema.corrected_articles.c
        whole_ones = sa.select(about.page).where(about.holds.is_(True))
        spoken = sa.or_(column.key.in_(events), column.key.in_(whole_ones))
        statement = sa.select(schema.articles).where(spoken, column.current.is_(True))
        with connect.reading(self._engine, self.where) as connection:
            return [
                read.article_row(row) for row in connection.execute(statement.order_by(column.published, column.id))
            ]

    def correct(
        self,
        event_id: str,
        action: corrections.Action,
        cells: Mapping[str, Any] | None = None,
        *,
        who: str,
        etag: str | None = None,
        note: str | None = None,
    ) -> corrections.Judged:
        """A person's word about an event: `accept`, `change`, `delete` or `undo`. No later run takes it back.

        `cells` are the new values of `change` (as JSON gives them), or name those that `accept` is about. With the
        `etag` of the event as it was read, nothing is changed if someone was quicker. Raises `Conflict`,
        `CorrectionError`, `UnknownEvent`.
        """
        with connect.writing(self._engine, self.where) as connection:
            done = corrections.correct(connection, event_id, action, cells or {}, who, etag, note)
        return self._told_anew(done)

    def add_event(self, id_or_url: str, event: Event, *, who: str, note: str | None = None) -> corrections.Judged:
        """A person's own event in an article. Raises `Conflict`, `CorrectionError`, `UnknownEvent`."""
        with connect.writing(self._engine, self.where) as connection:
            done = corrections.add(connection, self._key(connection, id_or_url), event, who, note)
        return self._told_anew(done)

    def judged_article(self, id_or_url: str) -> JudgedArticle:
        """Contexts and lines of an article as shown, with what people said of them. Raises `UnknownEvent`."""
        with connect.reading(self._engine, self.where) as connection:
            return whole.judged(connection, self._key(connection, id_or_url))

    def correct_article(
        self,
        id_or_url: str,
        *,
        contexts: Sequence[str] | None = None,
        own_contexts: bool = False,
        lines: Mapping[int, str | None] | None = None,
        who: str,
        etag: str | None = None,
        note: str | None = None,
    ) -> JudgedArticle:
        """A person's word about an article as a whole: its `contexts` (`own_contexts` gives them back to the coder),
        and `lines`: paragraph -> why it is no text, "" where it is text, None where the coder's word shall hold again.
        No later run takes it back. Raises `Conflict`, `CorrectionError`, `UnknownEvent`.
        """
        with connect.writing(self._engine, self.where) as connection:
            key = self._key(connection, id_or_url)
            done = whole.correct(
                connection, key, contexts=contexts, own_contexts=own_contexts, lines=lines or {}, who=who,
                expected=etag, note=note,
            )  # fmt: skip
        self._linked_anew(done.id)
        return done

    def accept_all(self, id_or_url: str, seen: Mapping[str, str], *, who: str) -> tuple[int, str]:
        """Accepts every event of an article that nobody spoke of yet. `seen` maps ids to the etags that the person
        saw. Returns how many, and the moment that `undo_all` wants. Raises `Conflict`, `CorrectionError`,
        `UnknownEvent`."""
        with connect.writing(self._engine, self.where) as connection:
            done = whole.accept_all(connection, self._key(connection, id_or_url), seen, who)
        self._linked_anew(id_or_url)
        return done

    def undo_all(self, id_or_url: str, moment: str, *, who: str) -> int:
        """Takes back what `accept_all` did at a moment. Raises `CorrectionError`, `UnknownEvent`."""
        with connect.writing(self._engine, self.where) as connection:
            done = whole.undo_all(connection, self._key(connection, id_or_url), moment, who)
        self._linked_anew(id_or_url)
        return done

    def _told_anew(self, judged: corrections.Judged) -> corrections.Judged:
        """The acts of a corrected article join the happenings that they tell now; should that fail, the next run does
        it."""
        self._linked_anew(judged.article_id)
        return judged

    def _linked_anew(self, id_or_url: str) -> None:
        self._written = True
        with suppress(ArchiveError):
            self.link([self.article(id_or_url)[0]])

    def _key(self, connection: sa.Connection, id_or_url: str) -> str:
        column = schema.articles.c
        found = connection.execute(
            sa.select(column.key).where(self._names(id_or_url), column.current.is_(True))
        ).scalar()
        if found is None:
            raise UnknownEvent(f"no article {id_or_url[:100]!r}")
        return str(found)

    def _names(self, id_or_url: str) -> sa.ColumnElement[bool]:
        column = schema.articles.c
        if "://" in id_or_url:
            from khabar.pages import canonical_url

            return sa.or_(column.key == canonical_url(id_or_url), column.key == id_or_url)
        return sa.or_(column.id == id_or_url, column.key == id_or_url)
