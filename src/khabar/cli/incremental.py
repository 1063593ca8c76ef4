"""`khabar export` of what changed since a moment: the moment, the list of changes, the moment to go on from."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from khabar.cli.console import Problem, say, writer, wrong_use

if TYPE_CHECKING:
    from khabar.archive import Archive, Query

EVER = "0001-01-01T00:00:00+00:00"


def question(query: Query, since_last: Path | None) -> Query:
    """The query with its moment: that of the file, or `--since` where it has a time of day, as no day of an event
    has."""
    if query.since and (":" in query.since or "T" in query.since):
        if query.changed_since:
            raise wrong_use("--since with a time of day and --changed-since: choose one")
        query = msgspec.structs.replace(query, since=None, changed_since=query.since)
    if since_last is None:
        return query
    if query.changed_since:
        raise wrong_use("--changed-since and --since-last: choose one")
    try:
        moment = since_last.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return query
    except (OSError, UnicodeDecodeError) as error:
        raise wrong_use(f"--since-last {since_last}: cannot be read: {error}") from None
    return msgspec.structs.replace(query, changed_since=moment)


def write_changes(archive: Archive, since: str | None, out: Path) -> None:
    """One line an article that was added, changed or withdrawn."""
    with writer(str(out), whole=True) as stream:
        for change in archive.changes(since or EVER):
            stream.write(msgspec.json.encode(change) + b"\n")


def go_on(begun: datetime, since_last: Path | None) -> None:
    """Tells, and with a file notes, the moment to ask from next time. Called when all is written."""
    from khabar.archive.changes import next_moment

    moment = next_moment(begun)
    if since_last is None:
        say(f"next time: --since {moment}", next=moment)
        return
    part = since_last.with_name(f"{since_last.name}.part{os.getpid()}")
    try:
        part.write_text(f"{moment}\n", encoding="utf-8")
        part.replace(since_last)
    except OSError as error:
        raise Problem(f"--since-last {since_last}: cannot be written: {error.strerror}") from None
