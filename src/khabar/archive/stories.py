"""What an archive does with stories: linking, and the questions about happenings (`khabar.archive.happenings`) and
threads (`khabar.archive.threads`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import sqlalchemy as sa

from khabar.archive import connect, happenings, keys, linking, threads
from khabar.archive.errors import QueryError
from khabar.archive.happenings import Happening, Told
from khabar.archive.query import Query, check
from khabar.archive.threads import Thread, Timeline
from khabar.archive.told import Texts
from khabar.records import Article

# Articles linked in one transaction: readers see the happenings grow, a writer waits no longer than this takes.
AT_ONCE = 20


class Stories:
    """The part of `Archive` that knows of happenings and threads."""

    _engine: sa.Engine
    where: str
    _texts: Texts | None = None

    def link(
        self,
        articles: Iterable[Article] | None = None,
        *,
        anew: bool = False,
        limit: int | None = None,
        notice: Callable[[int], None] | None = None,
    ) -> int:
        """Links articles that are stored and not linked yet: each act joins the happening that it tells or opens one.

        Without `articles` all that is still to be linked (at most `limit`), by publication day, a few articles a
        transaction; `anew` takes all happenings out first, after which they depend on the archive's content alone and
        not on the order in which it came. `notice` hears how many were linked since it last did. Returns how many were
        linked.
        """
        if self._texts is None:
            self._texts = Texts()
        with connect.writing(self._engine, self.where) as connection:
            if anew:
                linking.lock(connection)
                linking.clear(connection)
        if articles is None:
            with connect.reading(self._engine, self.where) as connection:
                wanted = linking.pending(connection, limit)
        else:
            numbers = [keys.key_of(article).number for article in articles]
            with connect.reading(self._engine, self.where) as connection:
                wanted = linking.unlinked(connection, numbers)
        done = 0
        for start in range(0, len(wanted), AT_ONCE):
            portion = wanted[start : start + AT_ONCE]
            with connect.writing(self._engine, self.where) as connection:
                linking.lock(connection)
                # Another process may have been quicker.
                still = linking.unlinked(connection, [article for _, article in portion])
                for month, article in still:
                    linking.link(connection, month, article, self._texts)
            done += len(still)
            if notice:
                notice(len(portion))
        return done

    def happenings(
        self, query: Query | None = None, *, min_reports: int = 1, min_outlets: int = 1
    ) -> Iterator[Happening]:
        """The happenings that acts answering the query tell, each once; `limit` and `offset` count happenings. Ordered
        by day (`date`, `-date`). Raises `QueryError` at once for a question that cannot be asked."""
        query = check(query or Query())
        if query.order not in ("date", "-date"):
            raise QueryError("happenings are ordered by date or -date")
        return self._happenings(query, min_reports, min_outlets)

    def _happenings(self, query: Query, min_reports: int, min_outlets: int) -> Iterator[Happening]:
        with connect.reading(self._engine, self.where) as connection:
            yield from happenings.select(connection, query, min_reports=min_reports, min_outlets=min_outlets)

    def happening(self, id: str) -> Told:
        """A happening with all its reports and who says what. Raises `QueryError` for what is no id, `ArchiveError`
        where there is none."""
        with connect.reading(self._engine, self.where) as connection:
            return happenings.told(connection, id, self.where)

    def happening_ids(self, event_ids: Sequence[str]) -> dict[str, str]:
        """The happening of events or acts, by their ids; those not linked or not there are left out."""
        with connect.reading(self._engine, self.where) as connection:
            return happenings.ids(connection, event_ids)

    def threads(
        self, *, party: str | None = None, min_happenings: int = 2, limit: int | None = None, offset: int = 0
    ) -> list[Thread]:
        """Threads, the one that went on last first: those of a party (`ARM`, `IGO.UNO`) or all, with at least so many
        happenings."""
        with connect.reading(self._engine, self.where) as connection:
            found = threads.select(connection, party=party, min_happenings=min_happenings, limit=limit, offset=offset)
            return list(found)

    def thread(self, id: str) -> Timeline:
        """A thread with its happenings from first to last. Raises `QueryError` for what is no id, `ArchiveError` where
        there is none."""
        with connect.reading(self._engine, self.where) as connection:
            return threads.timeline(connection, id, self.where)
