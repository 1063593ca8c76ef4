"""The archive as an object: what one can put in and ask."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType

import sqlalchemy as sa

from khabar.archive import (
    changes,
    connect,
    counts,
    holdings,
    keys,
    ledger,
    migrate,
    partitions,
    read,
    schema,
    search,
    write,
)
from khabar.archive.changes import Change
from khabar.archive.counts import Key
from khabar.archive.errors import ArchiveError
from khabar.archive.follows import Follows
from khabar.archive.pages import Pages
from khabar.archive.query import Many, Query, check
from khabar.archive.recoding import Recoding
from khabar.archive.rows import ArticleRow, Hit, Migration, PointRow, Row, Status
from khabar.archive.write import Outcome
from khabar.records import Act, Article, CodedArticle


def open_archive(
    url_or_path: str | os.PathLike[str], *, create: bool = True, readonly: bool = False, partitioned: bool = False
) -> Archive:
    """Opens the archive at a path (an SQLite file) or an address (`sqlite:///…`, `postgresql://…`).

    It is made where there is none, unless `create` is false or it is opened `readonly`; with `partitioned` (PostgreSQL
    alone) its large tables are in parts, one a month of publication. Raises `ArchiveError`;
    `NewerArchive` and `OlderArchive` where the archive is of another version of khabar.
    """
    url = connect.location(url_or_path)
    where = connect.shown(url)
    path = connect.path_of(url)
    if path and not path.exists():
        if readonly or not create:
            raise ArchiveError(f"archive {where}: there is none; khabar run PAGES --archive {where} makes one")
        if not path.absolute().parent.is_dir():
            raise ArchiveError(f"archive {where}: the folder {path.absolute().parent} does not exist; make it first")
    if partitioned and url.drivername == "sqlite":
        raise ArchiveError(
            f"archive {where}: an SQLite file has no partitions; use PostgreSQL, or leave the option out"
        )
    engine = connect.make_engine(url, readonly=readonly)
    try:
        with connect.reading(engine, where) as connection:
            version = migrate.stored_version(connection)
            if partitioned and version is not None and not partitions.is_partitioned(connection):
                raise ArchiveError(f"archive {where}: is there already, in whole tables; partitions are for a new one")
        if version is None:
            if readonly or not create:
                raise ArchiveError(f"archive {where}: there is none; khabar run PAGES --archive {where} makes one")
            with connect.writing(engine, where) as connection:
                migrate.create(connection, partitioned=partitioned)
        else:
            migrate.check(version, where)
    except BaseException:
        engine.dispose()
        raise
    return Archive(engine, url)


def migrate_archive(url_or_path: str | os.PathLike[str]) -> Migration:
    """Brings an archive of an older khabar up to date, an SQLite file with a backup. Raises `ArchiveError`."""
    url = connect.location(url_or_path)
    path = connect.path_of(url)
    if path and not path.exists():
        raise ArchiveError(f"archive {connect.shown(url)}: there is none")
    engine = connect.make_engine(url, readonly=False)
    try:
        return migrate.migrate(engine, url)
    finally:
        engine.dispose()


class Archive(Pages):
    """An open archive. Threads may share it; a process made by fork opens its own.

    Every method that writes is one transaction: done, or nothing of it is stored. A second writer waits for the first;
    readers neither wait nor make wait, and see the state of the moment when they began.
    """

    def __init__(self, engine: sa.Engine, url: sa.URL) -> None:
        self._engine = engine
        self._url = url
        self.where = connect.shown(url)
        self._written = False
        self._parts: tuple[bool, set[int]] | None = None

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def address(self) -> str:
        """The address under which another process opens this archive, its password in it."""
        return self._url.render_as_string(hide_password=False)

    def close(self) -> None:
        """Closes the connections; what was stored is stored already."""
        if self._written and self._engine.dialect.name == "sqlite":
            # Statistics for the planner, of a sample; another writer goes first.
            connect.maintain(self._engine, "PRAGMA busy_timeout = 0", "PRAGMA analysis_limit = 1000", "ANALYZE")
        self._engine.dispose()

    # Storing

    def add(
        self,
        article: Article,
        coded: CodedArticle,
        *,
        coder: str,
        model: str | None = None,
        acts: Sequence[Act] | None = None,
    ) -> Outcome:
        """Stores an article with its coding.

        `added` a new page, `version` a page stored before whose text or date changed (the old version is kept and no
        longer shown), `recoded` the stored version by another coder or model (its rows replace the old ones), `same`
        nothing new. `acts` are those of `khabar.stories` unless given.
        """
        return self.add_batch([(article, coded, acts)], coder=coder, model=model)[0]

    def add_batch(
        self,
        batch: Iterable[tuple[Article, CodedArticle, Sequence[Act] | None]],
        *,
        coder: str,
        model: str | None = None,
    ) -> list[Outcome]:
        """Stores many articles in one transaction (up to a few hundred); one outcome each, in order."""
        ready = [write.item(*entry) for entry in batch]
        if not ready:
            return []
        self._make_parts({entry.key.month for entry in ready})
        with connect.writing(self._engine, self.where) as connection:
            outcomes = write.store(connection, ready, coder, model)
        self._written = True
        return outcomes

    def _make_parts(self, months: set[int]) -> None:
        """Where the tables are in parts: those of months that come for the first time."""
        if self._parts is None:
            with connect.reading(self._engine, self.where) as connection:
                whole = connect.is_sqlite(connection) or not partitions.is_partitioned(connection)
                self._parts = (False, set()) if whole else (True, partitions.months(connection))
        in_parts, known = self._parts
        if in_parts and months - known:
            with connect.writing(self._engine, self.where, alone=True) as connection:
                partitions.add(connection, months - known)
            known |= months

    def has(self, key: str, digest: str, *, coder: str | None = None) -> bool:
        """Whether the version `digest` of the page `key` is stored, if `coder` is given: coded by it.

        `khabar.archive.page_key(article)` and `khabar.archive.digest(article)` give the two.
        """
        with connect.reading(self._engine, self.where) as connection:
            return bool(write.known(connection, [keys.number(key, digest)], coder))

    def known(self, articles: Sequence[Article], *, coder: str | None = None) -> list[bool]:
        """For each article whether `has` is true for it, with one question to the database."""
        numbers = [keys.key_of(article).number for article in articles]
        with connect.reading(self._engine, self.where) as connection:
            found = write.known(connection, numbers, coder)
        return [number in found for number in numbers]

    def forget(self, id_or_url: str) -> int:
        """Takes a page out with all its versions and all that came from them. Returns how many versions went (0: no
        such article)."""
        column = schema.articles.c
        with connect.writing(self._engine, self.where) as connection:
            if connect.is_sqlite(connection):
                connection.exec_driver_sql("PRAGMA secure_delete = ON")
            pages = list(connection.execute(sa.select(column.key).where(self._names(id_or_url)).distinct()).scalars())
            gone = write.forget(connection, pages) if pages else 0
        if gone and self._engine.dialect.name == "sqlite":
            # What was deleted shall not linger in the log; where a reader still reads it, a later write empties it.
            connect.maintain(
                self._engine,
                "PRAGMA busy_timeout = 0",
                "PRAGMA wal_checkpoint(TRUNCATE)",
                f"PRAGMA busy_timeout = {int(connect.WAIT * 1000)}",
            )
        return gone

    def reindex(self) -> int:
        """Makes the full-text index anew (after the folding rules changed); returns the number of articles in it."""
        with connect.writing(self._engine, self.where) as connection:
            return write.reindex(connection)

    def migrate(self) -> Migration:
        """Nothing to do for an archive that could be opened; `migrate_archive` opens and mends older ones."""
        return migrate.migrate(self._engine, self._url)

    # Asking

    def events(self, query: Query | None = None) -> Iterator[Row]:
        """The rows that a query asks for (all acts without one), fetched as they are taken. Raises `QueryError` at
        once for a question that cannot be asked."""
        return self._stream(check(query or Query()))

    def _stream(self, query: Query) -> Iterator[Row]:
        with connect.reading(self._engine, self.where) as connection:
            yield from read.rows(connection, query)

    def points(self, query: Query | None = None) -> list[PointRow]:
        """Where the rows of a query are: for maps, quicker than `events`."""
        with connect.reading(self._engine, self.where) as connection:
            return list(read.points(connection, check(query or Query())))

    def partners(self, party: str, *, unit: str = "act") -> list[tuple[str, int]]:
        """(code, in how many acts) of those with whom a party (as `Query.actor`) acted, most first."""
        with connect.reading(self._engine, self.where) as connection:
            return counts.partners(connection, party, unit)

    def count(self, query: Query | None = None, *, up_to: int | None = None) -> int:
        """How many rows the query has, its limit and offset apart; counted no further than `up_to`, which is quick
        where they are many."""
        query = query or Query()
        with connect.reading(self._engine, self.where) as connection:
            if up_to is not None:
                return int(connection.execute(counts.select_up_to(connection, query, up_to)).scalar_one())
            return int(connection.execute(counts.select_total(query, connection.dialect.name)).scalar_one())

    def counts(
        self,
        by: Sequence[str] = ("month", "dyad", "type"),
        query: Query | None = None,
        *,
        intensity: counts.Intensity | None = None,
    ) -> list[counts.Count]:
        """Tidy rows: the columns of `by` (`dyad` gives `source` and `target`), `n`, and the mean `intensity`.

        An act counts once in each of its groups: with two recipients it stands in two dyads; without any party of the
        kind asked for it stands in none. Days are the query's (`Row.first`). `intensity(type, mode)` is that of
        `khabar.export` unless given. Raises `QueryError`.
        """
        if intensity is None:
            from khabar.export import intensity as exported

            intensity = exported
        with connect.reading(self._engine, self.where) as connection:
            return counts.counts(connection, by, query or Query(), intensity)

    def sure_groups(self, by: Sequence[str], query: Query | None = None) -> dict[str, set[Key]]:
        """For each column of parties in `counts(by, query)` the keys of the rows in which not every party is a guess
        (resolved with a confidence below `UNSURE`)."""
        with connect.reading(self._engine, self.where) as connection:
            return counts.sure_groups(connection, by, query or Query())

    def search(
        self,
        text: str,
        *,
        outlet: Many = (),
        since: str | None = None,
        until: str | None = None,
        telling: Query | None = None,
        limit: int | None = 20,
        offset: int = 0,
    ) -> list[Hit]:
        """Articles that hold all words of `text` in any spelling, with or without clitics and article, best first.
        `since` and `until` are publication dates; `telling` asks for parties, types, places and so on of what the
        article tells. Raises `QueryError`."""
        filters = {"outlet": outlet, "since": since, "until": until, "telling": telling}
        with connect.reading(self._engine, self.where) as connection:
            return list(search.search(connection, text, limit=limit, offset=offset, **filters))

    def articles(
        self, *, versions: bool = False, coder_not: str | None = None, limit: int | None = None, offset: int = 0
    ) -> Iterator[ArticleRow]:
        """Articles as stored, in the order of publication (undated first): those shown, or all `versions`.
        `coder_not` leaves out what that coder coded (what a newer coder has still to do)."""
        column = schema.articles.c
        statement = sa.select(schema.articles).order_by(column.published.asc().nulls_first(), column.article)
        if not versions:
            statement = statement.where(column.current.is_(True))
        if coder_not is not None:
            statement = statement.where(sa.or_(column.coder.is_(None), column.coder != coder_not))
        if limit is not None or offset:
            statement = statement.limit(limit if limit is not None else (1 << 62)).offset(offset)
        with connect.reading(self._engine, self.where) as connection:
            for found in connection.execution_options(yield_per=read.BATCH).execute(statement):
                yield read.article_row(found)

    def versions(self, id_or_url: str) -> list[ArticleRow]:
        """All versions of a page, oldest first."""
        column = schema.articles.c
        pages = sa.select(column.key).where(self._names(id_or_url))
        statement = sa.select(schema.articles).where(column.key.in_(pages)).order_by(column.added, column.current)
        with connect.reading(self._engine, self.where) as connection:
            return [read.article_row(found) for found in connection.execute(statement)]

    def status(self) -> Status:
        """What the archive holds."""
        with connect.reading(self._engine, self.where) as connection:
            return holdings.status(connection, self._url)

    def changes(self, since: str) -> Iterator[Change]:
        """What became of articles since a moment: added, changed, withdrawn. Raises `QueryError`."""
        changes.moment(since)
        return self._changes(since)

    def _changes(self, since: str) -> Iterator[Change]:
        with connect.reading(self._engine, self.where) as connection:
            yield from changes.changes(connection, since)

    def recoding(self, coder: str, *, all_: bool = False) -> Recoding:
        """A recoding by another coder (`all_`: also of what this coder coded before), begun or resumed."""
        return Recoding(self._engine, self.where, coder, all_=all_)

    # What was read and what failed

    def note_run(self, run: ledger.Run) -> None:
        """Notes a run that has ended."""
        with connect.writing(self._engine, self.where) as connection:
            ledger.note_run(connection, run)

    def note_faults(self, failed: Iterable[tuple[str, str]], read: Iterable[str] = ()) -> None:
        """Notes sources that gave no article (source, message); those that were `read` now have failed no more."""
        with connect.writing(self._engine, self.where) as connection:
            ledger.note_faults(connection, failed, read)

    def runs(self, limit: int = 10) -> list[ledger.Run]:
        """The last runs, newest first."""
        with connect.reading(self._engine, self.where) as connection:
            return ledger.last_runs(connection, limit)

    def faults(self, limit: int | None = None) -> list[ledger.Failed]:
        """Sources that gave no article and were not read since, newest first."""
        with connect.reading(self._engine, self.where) as connection:
            return ledger.failing(connection, limit)

    @property
    def follows(self) -> Follows:
        """What `khabar follow` has seen."""
        return Follows(self._engine, self.where)
