"""What was read and what failed: a row a run, and the faults of pages that have not been read since."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import sqlalchemy as sa

from khabar.archive.keys import storable_text
from khabar.archive.schema import RowNumber, Word, metadata
from khabar.records import Record

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("run", RowNumber, primary_key=True),
    sa.Column("ended", Word, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("coder", Word),
    sa.Column("version", Word, nullable=False),  # of khabar
    sa.Column("pages", sa.Integer, nullable=False),
    sa.Column("stored", sa.Integer, nullable=False),  # new, changed or coded anew
    sa.Column("known", sa.Integer, nullable=False),
    sa.Column("failed", sa.Integer, nullable=False),
    sa.Column("stopped", sa.Text),  # why it ended before its pages did
)
faults = sa.Table(
    "faults",
    metadata,
    sa.Column("source", Word, primary_key=True),  # path, or path:line
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("at", Word, nullable=False),
)


class Run(Record, frozen=True, kw_only=True):
    """One run over pages. `stored` counts articles that are new, changed or coded anew; `ended` is UTC."""

    ended: str | None = None
    seconds: float = 0.0
    coder: str | None = None
    version: str = ""
    pages: int = 0
    stored: int = 0
    known: int = 0
    failed: int = 0
    stopped: str | None = None


class Failed(Record, frozen=True, kw_only=True):
    """A source that gave no article when it was last read."""

    source: str
    message: str
    at: str


def now() -> str:
    """The time of storing: UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def note_run(connection: sa.Connection, run: Run) -> None:
    """Adds a run that has ended."""
    values = {name: getattr(run, name) for name in Run.__struct_fields__}
    connection.execute(sa.insert(runs).values(**values | {"ended": run.ended or now()}))


def note_faults(connection: sa.Connection, failed: Iterable[tuple[str, str]], read: Iterable[str]) -> None:
    """Notes sources that failed (source, message), and takes those out that were read now."""
    # File names may hold bytes that are no UTF-8.
    messages = {storable_text(source): storable_text(text) for source, text in failed}
    gone = sorted({*messages, *map(storable_text, read)})
    for start in range(0, len(gone), 500):
        connection.execute(sa.delete(faults).where(faults.c.source.in_(gone[start : start + 500])))
    if messages:
        at = now()
        rows = [{"source": source, "message": text, "at": at} for source, text in sorted(messages.items())]
        connection.execute(sa.insert(faults), rows)


def last_runs(connection: sa.Connection, limit: int) -> list[Run]:
    """The last runs, newest first."""
    columns = [runs.c[name] for name in Run.__struct_fields__]
    found = connection.execute(sa.select(*columns).order_by(runs.c.run.desc()).limit(limit)).mappings()
    return [Run(**row) for row in found]


def failing(connection: sa.Connection, limit: int | None) -> list[Failed]:
    """Sources that failed and were not read since, newest first."""
    found = connection.execute(sa.select(faults).order_by(faults.c.at.desc(), faults.c.source).limit(limit)).mappings()
    return [Failed(**row) for row in found]
