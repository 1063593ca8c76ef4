"""Where an archive is and how it is talked to: engines, transactions, and errors in words for people."""

from __future__ import annotations

import os
import signal
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from khabar.archive.errors import ArchiveError, Away

# How long a second writer waits for the first, in seconds. A batch takes far less; a recode of a large archive commits
# article by article.
WAIT = 120.0


def location(url_or_path: str | os.PathLike[str]) -> sa.URL:
    """The address of the archive: a path is an SQLite file, `sqlite:///…` and `postgresql://…` are what they say.

    Raises `ArchiveError` for an address that cannot be read or a database of another kind.
    """
    text = os.fspath(url_or_path)
    if "://" not in text:
        return sa.URL.create("sqlite", database=text)
    try:
        url = sa.make_url(text)
    except (SQLAlchemyError, ValueError):
        raise ArchiveError(f"archive {text!r}: no address of a database; write a path or postgresql://…") from None
    name = url.drivername.partition("+")[0]
    if name in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if name == "sqlite":
        return url.set(drivername="sqlite")
    raise ArchiveError(f"archive {shown(url)}: {name} is not supported; use an SQLite file or PostgreSQL")


def shown(url: sa.URL) -> str:
    """The address as messages show it: the path of a file, no password."""
    if url.drivername == "sqlite":
        return url.database or ":memory:"
    return url.render_as_string(hide_password=True).replace("+psycopg", "", 1)


def path_of(url: sa.URL) -> Path | None:
    """The SQLite file, None for a server or an archive in memory."""
    if url.drivername != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Path(url.database)


def make_engine(url: sa.URL, *, readonly: bool) -> sa.Engine:
    """An engine whose write transactions queue and whose readers never block a writer."""
    if url.drivername == "sqlite":
        return _sqlite(url, readonly)
    options = {"options": "-c default_transaction_read_only=on"} if readonly else {}
    try:
        engine = sa.create_engine(url, connect_args=options, pool_pre_ping=True)
    except ModuleNotFoundError:
        raise ArchiveError(
            f"archive {shown(url)}: PostgreSQL needs psycopg; install it with: pip install 'khabar[postgres]'"
        ) from None

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: object) -> None:
        # Over many parts a plan has hundreds of nodes: to compile them took ten seconds, to run them 26 ms. Joined part
        # by part, a row is sought in its own month alone. (`benchmarks/runs.md`, ten million events.)
        connection.execute("SET jit = off")
        connection.execute("SET enable_partitionwise_join = on")
        connection.commit()

    return engine


def _sqlite(url: sa.URL, readonly: bool) -> sa.Engine:
    path = path_of(url)
    if path is not None and path.is_dir():
        raise ArchiveError(f"archive {shown(url)}: this is a folder; name a file, for example {path / 'khabar.db'}")

    def connect() -> sqlite3.Connection:
        if path is None:
            return sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        mode = "ro" if readonly else "rwc"
        if readonly and not os.access(path.parent, os.W_OK) and not Path(f"{path}-wal").exists():
            mode = "ro&immutable=1"  # a read-only folder: SQLite cannot make its -shm file there
        address = f"file:{quote(os.fspath(path.absolute()))}?mode={mode}"
        return sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False, timeout=WAIT)

    pool = sa.pool.StaticPool if path is None else sa.pool.QueuePool
    engine = sa.create_engine("sqlite://", creator=connect, poolclass=pool)

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _: object) -> None:
        if not readonly:
            connection.execute("PRAGMA journal_mode = WAL")
            # In WAL a killed process loses nothing that was committed; NORMAL spares a sync a transaction.
            connection.execute("PRAGMA synchronous = NORMAL")
            # Pages are taken over from the log in large lots: one that many articles changed is written once.
            connection.execute("PRAGMA wal_autocheckpoint = 16384")
        connection.execute("PRAGMA foreign_keys = ON")
        # A writer gains from what it has at hand; of readers there are many, and the system holds the file for all.
        connection.execute(f"PRAGMA cache_size = {-8192 if readonly else -65536}")
        # Readers that count millions of rows sort them; what outgrows the cache goes to a file, not into memory.
        connection.execute(f"PRAGMA temp_store = {'FILE' if readonly else 'MEMORY'}")
        connection.execute(f"PRAGMA mmap_size = {0 if readonly else 268435456}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        # A writer takes the lock at once: a reader that turns writer half-way would fail instead of waiting.
        writes = connection.get_execution_options().get("khabar_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@contextmanager
def reading(engine: sa.Engine, where: str) -> Iterator[sa.Connection]:
    """A connection that reads one state of the archive. Errors of the database become `ArchiveError`."""
    try:
        with engine.connect() as connection:
            # SQLite reads one state by itself, a server wants to be told.
            yield connection if is_sqlite(engine) else connection.execution_options(isolation_level="REPEATABLE READ")
    except _errors(engine) as error:
        raise explain(error, where) from error


@contextmanager
def writing(engine: sa.Engine, where: str, *, alone: bool = False) -> Iterator[sa.Connection]:
    """One transaction: all of it is stored or nothing. Errors of the database become `ArchiveError`. With `alone` it
    waits until no other writes, and others wait for it: a change of tables would else lock them in another order."""
    try:
        with _whole(), engine.connect() as plain:
            connection = plain.execution_options(khabar_writes=True)
            with connection.begin():
                if not is_sqlite(engine):
                    kind = "" if alone else "_shared"
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock{kind}({_TABLES_LOCK})")
                yield connection
    except _errors(engine) as error:
        raise explain(error, where) from error


@contextmanager
def _whole() -> Iterator[None]:
    """Ctrl-C waits until the transaction is over; pressed twice it does not. One that came while a transaction begins
    or ends could leave it open, and the next one of this process would wait for it."""
    told = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(told):
        yield
        return
    pressed: list[FrameType | None] = []

    def wait(number: int, frame: FrameType | None) -> None:
        pressed.append(frame)
        if len(pressed) > 1:
            told(number, frame)

    signal.signal(signal.SIGINT, wait)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, told)
        if len(pressed) == 1:
            told(signal.SIGINT, pressed[0])


def _errors(engine: sa.Engine) -> tuple[type[Exception], ...]:
    """What the database raises, through SQLAlchemy or (COPY) without it."""
    return DBAPIError, engine.dialect.loaded_dbapi.Error


def maintain(engine: sa.Engine, *statements: str) -> None:
    """Housekeeping of an SQLite file outside any transaction; not worth failing for."""
    with suppress(SQLAlchemyError, sqlite3.Error), closing(engine.raw_connection()) as connection:
        for statement in statements:
            connection.cursor().execute(statement).fetchall()


_AWAY = "the server does not answer; check that it runs and that address, port and name are right"
_TABLES_LOCK = 0x6B68616261720001
# Words of the database's message -> what happened and what to do. SQLite's result codes are not finer than its words.
_REASONS: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("database or disk is full", "disk i/o error", "no space left", "could not extend file", "file too large"),
        "the disk is full or cannot be written; what was stored is safe, this article or batch is not in. "
        "Make room and run again: it goes on where it stopped",
    ),
    (
        ("readonly database", "read-only transaction", "read-only"),
        "it is read-only; check the permissions of the file and its folder, or name another archive",
    ),
    (
        ("database is locked", "lock timeout", "table is locked"),
        f"another program has held it for longer than {WAIT:.0f} seconds; wait until it is done and run again",
    ),
    (("file is not a database", "file is encrypted"), "the file is no SQLite database; name another file"),
    (
        ("unable to open database file",),
        "the file cannot be opened or made; check that its folder exists and may be written",
    ),
    (("malformed", "corrupt"), "the file is damaged; restore a backup, or try: sqlite3 FILE .recover"),
    (
        ("password authentication failed", "no password supplied", "does not exist", "permission denied",
         "authentication failed", "no pg_hba.conf entry"),
        "the server refuses",
    ),
    (
        ("connection refused", "could not connect", "connection failed", "could not translate host", "timeout expired",
         "server closed the connection", "terminating connection", "connection is bad", "no such file or directory",
         "connection is closed", "connection is lost", "the database system is", "connection reset", "broken pipe",
         "consuming input failed", "sending data failed", "sending query failed", "network is unreachable",
         "no route to host"),
        _AWAY,
    ),
)  # fmt: skip


def explain(error: Exception, where: str) -> ArchiveError:
    """The error of the database in words: what, where, what to do."""
    source = (error.orig or error) if isinstance(error, DBAPIError) else error
    words = str(source).strip() or type(source).__name__
    lower = words.lower()
    for signs, advice in _REASONS:
        if any(sign in lower for sign in signs):
            kind = Away if advice == _AWAY else ArchiveError
            return kind(f"archive {where}: {advice} ({_first_line(words)})")
    return ArchiveError(f"archive {where}: {_first_line(words)}")


def _first_line(words: str) -> str:
    return words.splitlines()[0][:300]


def is_sqlite(connection: sa.Connection | sa.Engine) -> bool:
    """Whether the archive is an SQLite file."""
    return connection.dialect.name == "sqlite"


def pragma(connection: sa.Connection, name: str) -> Any:
    """The value of an SQLite setting."""
    return connection.exec_driver_sql(f"PRAGMA {name}").scalar()
