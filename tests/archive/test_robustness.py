"""What goes wrong: killed writers, full disks, locks, other versions, files that are no archives."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import sqlalchemy as sa
from archive_samples import article, batch

from khabar.archive import (
    Archive,
    ArchiveError,
    NewerArchive,
    OlderArchive,
    Query,
    connect,
    migrate,
    migrate_archive,
    open_archive,
    read,
    schema,
)
from khabar.archive.write import store


def writer(address: str, first: int, last: int, size: int = 0) -> subprocess.Popen[str]:
    folder = Path(__file__).parent
    command = [sys.executable, str(folder / "writer.py"), address, str(first), str(last), str(size)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder)


def assert_whole(archive: Archive) -> None:
    """Every article of the archive has all its rows."""
    rows = list(archive.articles(versions=True))
    for row in rows:
        page, coding = archive.article(row.id)
        assert len(page.paragraphs) == 3
        assert len(page.dropped) == 2
        assert len(coding.events) == row.events == 3
    assert archive.count() == 2 * len(rows)
    assert len(list(archive.events())) == 2 * len(rows)
    assert len(archive.search("تبليسي", limit=None)) == len(rows)


@pytest.mark.parametrize("after", [1, 7])
def test_a_killed_writer_leaves_whole_articles_and_the_next_run_goes_on(address: str, after: int) -> None:
    process = writer(address, 1, 100_000)
    assert process.stdout
    for _ in range(after):
        assert process.stdout.readline()
    time.sleep(0.01 * after)
    process.send_signal(signal.SIGKILL)
    told = after + len(process.stdout.readlines())
    process.wait(300)
    with open_archive(address) as archive:
        held = archive.status().articles
        # What was told was stored; the last transaction may have ended untold.
        assert told * 5 <= held <= (told + 1) * 5
        assert_whole(archive)
        last = held + 26
        everything = batch(*range(1, last))
        known = archive.known([entry[0] for entry in everything], coder="c")
        assert sum(known) == held
        outcomes = archive.add_batch(everything, coder="c")
        assert [outcome == "same" for outcome in outcomes] == known
        assert archive.status().articles == last - 1
        assert_whole(archive)


def test_readers_and_an_open_write_do_not_wait_for_each_other(opened: Callable[..., Archive]) -> None:
    writing, reader = opened(), opened(readonly=True)
    writing.add_batch(batch(1), coder="c")
    from khabar.archive.write import item

    started = time.monotonic()
    with connect.writing(writing._engine, "here") as connection:
        store(connection, [item(*entry) for entry in batch(2, 3)], "c", None)
        assert reader.count() == 2
        assert reader.article(article(1).id)[0] == article(1)
        assert len(reader.search("تبليسي")) == 1
    assert reader.count() == 6
    rows = reader.events(Query(order="article"))
    next(rows)  # a reader in the middle of its answer
    writing.add_batch(batch(4, 5), coder="c")
    assert len(list(rows)) == 5
    assert reader.count() == 10
    assert time.monotonic() - started < 60  # a wait for a lock would take two minutes


def test_an_answer_shows_one_state(opened: Callable[..., Archive], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "BATCH", 2)
    writing, reader = opened(), opened(readonly=True)
    writing.add_batch(batch(*range(1, 6)), coder="c")
    rows = reader.events(Query(order="article"))
    found = [next(rows)]
    for n in range(1, 6):
        assert writing.forget(article(n).id) == 1
    found += rows
    assert len(found) == 10
    assert {row.text for row in found} >= {article(n).paragraphs[2] for n in range(1, 6)}
    assert reader.count() == 0


def test_a_second_writer_waits(address: str, opened: Callable[..., Archive]) -> None:
    first, second = opened(), opened()
    outcomes: list[str] = []
    with connect.writing(first._engine, "here") as connection:
        from khabar.archive.write import item

        store(connection, [item(*batch(1)[0])], "c", None)
        other = threading.Thread(target=lambda: outcomes.extend(second.add_batch(batch(1, 2), coder="c")))
        other.start()
        other.join(0.5)
        assert other.is_alive()
    other.join(120)
    assert outcomes == ["same", "added"]
    with open_archive(address) as archive:
        assert_whole(archive)


def test_many_writers_store_every_page_once(address: str) -> None:
    open_archive(address).close()
    processes = [writer(address, 1, 61), writer(address, 1, 61), writer(address, 31, 91)]
    for process in processes:
        _, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
    with open_archive(address) as archive:
        assert archive.status().versions == 90
        assert_whole(archive)


def test_processes_that_make_the_archive_at_once(address: str) -> None:
    processes = [writer(address, 1, 11) for _ in range(3)]
    for process in processes:
        _, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
    with open_archive(address) as archive:
        assert archive.status().articles == 10


def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    path = str(tmp_path / "khabar.db")
    process = writer(path, 1, 1_000_000, size=3_000_000)
    output, errors = process.communicate(timeout=300)
    assert process.returncode == 1, errors
    assert "the disk is full" in errors
    assert path in errors
    assert "Traceback" not in errors
    told = len(output.split())
    assert told > 3
    with open_archive(path) as archive:
        assert archive.status().articles == told * 5
        assert_whole(archive)
        assert archive.add_batch(batch(told * 5, told * 5 + 1), coder="c") == ["same", "added"]
        with archive._engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def set_version(archive: Archive, version: int) -> None:
    with archive._engine.begin() as connection:
        connection.execute(sa.update(schema.meta).where(schema.meta.c.name == "schema").values(value=str(version)))


def test_an_archive_of_a_newer_khabar_is_left_alone(address: str, archive: Archive) -> None:
    archive.add_batch(batch(1), coder="c")
    set_version(archive, schema.SCHEMA_VERSION + 1)
    archive.close()
    for attempt in (lambda: open_archive(address), lambda: open_archive(address, readonly=True)):
        with pytest.raises(NewerArchive, match=r"newer khabar.*update khabar"):
            attempt()
    with pytest.raises(NewerArchive):
        migrate_archive(address)


def add_column(connection: sa.Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE articles ADD COLUMN novelty TEXT")


def fail(connection: sa.Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE half (x INTEGER)")
    connection.exec_driver_sql("SELECT nothing FROM nowhere")


def newer_program(monkeypatch: pytest.MonkeyPatch, steps: Mapping[int, Callable[[sa.Connection], None]]) -> None:
    """A program whose schema is newer by as many versions; the steps are counted from this one's."""
    now = schema.SCHEMA_VERSION
    monkeypatch.setattr(schema, "SCHEMA_VERSION", now + len(steps))
    steps = {now + n: step for n, step in steps.items()}
    monkeypatch.setattr(migrate, "STEPS", steps)


def test_an_older_archive_is_migrated(address: str, archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    archive.add_batch(batch(1), coder="c")
    archive.close()
    now = schema.SCHEMA_VERSION
    newer_program(monkeypatch, {0: add_column, 1: lambda _: None})
    with pytest.raises(OlderArchive, match="khabar migrate"):
        open_archive(address)
    done = migrate_archive(address)
    assert (done.before, done.after) == (now, now + 2)
    with open_archive(address) as mended:
        assert mended.count() == 2
        assert mended.migrate().before == mended.migrate().after == now + 2
        with mended._engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT novelty FROM articles").scalar() is None
    if "://" in address:
        assert done.backup is None
        return
    assert done.backup
    monkeypatch.undo()
    with open_archive(done.backup) as old:
        assert old.count() == 2


def test_a_migration_that_fails_changes_nothing(
    address: str, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.add_batch(batch(1), coder="c")
    archive.close()
    now = schema.SCHEMA_VERSION
    newer_program(monkeypatch, {0: add_column, 1: fail})
    with pytest.raises(ArchiveError):
        migrate_archive(address)
    monkeypatch.undo()
    newer_program(monkeypatch, {1: fail, 2: fail})
    with pytest.raises(ArchiveError, match=f"no way from schema {now} to {now + 1}"):
        migrate_archive(address)
    monkeypatch.undo()
    with open_archive(address) as same:
        assert same.count() == 2
        assert "half" not in sa.inspect(same._engine).get_table_names()


def test_there_is_none(tmp_path: Path, new_address: Callable[[], str]) -> None:
    for address in (str(tmp_path / "no.db"), new_address()):
        for options in ({"create": False}, {"readonly": True}):
            with pytest.raises(ArchiveError, match="there is none; khabar run"):
                open_archive(address, **options)
        with pytest.raises(ArchiveError, match="there is none"):
            migrate_archive(address)
    assert not (tmp_path / "no.db").exists()
    with pytest.raises(ArchiveError, match=r"folder .* does not exist"):
        open_archive(tmp_path / "no" / "no.db")


def test_a_file_of_something_else(tmp_path: Path) -> None:
    text, other = tmp_path / "notes.txt", tmp_path / "other.db"
    text.write_text("just some notes, long enough to be no SQLite header at all\n" * 40)
    with pytest.raises(ArchiveError, match="no SQLite database"):
        open_archive(text)
    assert text.read_text().startswith("just some notes")
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE articles (title TEXT)")
    connection.commit()
    connection.close()
    with pytest.raises(ArchiveError, match="tables of its own"):
        open_archive(other)


@pytest.mark.parametrize("address", ["mysql://localhost/x", "http://example.org", "postgresql://[::1", "x://"])
def test_addresses_that_are_none(address: str) -> None:
    with pytest.raises(ArchiveError, match="archive"):
        open_archive(address)


def test_a_server_that_does_not_answer(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="the server does not answer") as caught:
        open_archive(f"postgresql://me:secret@/x?host={tmp_path}")
    assert "secret" not in str(caught.value)


def test_a_read_only_archive_answers_and_takes_nothing(opened: Callable[..., Archive]) -> None:
    opened().add_batch(batch(1), coder="c")
    reader = opened(readonly=True)
    assert reader.count() == 2
    with pytest.raises(ArchiveError, match="read-only"):
        reader.add_batch(batch(2), coder="c")
    with pytest.raises(ArchiveError, match="read-only"):
        reader.forget(article(1).id)
    assert reader.count() == 2


def test_a_file_without_write_permission(tmp_path: Path) -> None:
    """Tried as another user, because root may write everywhere."""
    path = tmp_path / "khabar.db"
    with open_archive(path) as archive:
        archive.add_batch(batch(1), coder="c")
    path.chmod(0o444)
    tmp_path.chmod(0o555)
    program = (
        "import os, sys\n"
        "from archive_samples import batch\n"
        "from khabar.archive import open_archive, ArchiveError\n"
        "with open_archive(':memory:') as warm:\n"  # imports what the other user may not read
        "    warm.add_batch(batch(1), coder='c'); assert warm.count() == 2\n"
        "if os.geteuid() == 0:\n    os.setgid(65534); os.setuid(65534)\n"
        "archive = open_archive(sys.argv[1], readonly=True)\n"
        "assert archive.count() == 2\n"
        "try:\n    open_archive(sys.argv[1]).add_batch(batch(2), coder='c')\n"
        "except ArchiveError as error:\n    print(error)\n"
    )
    try:
        for parent in list(tmp_path.parents)[:3]:
            if parent != Path("/tmp"):
                parent.chmod(0o755)
        command = [sys.executable, "-c", program, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=Path(__file__).parent)
    finally:
        tmp_path.chmod(0o755)
    assert done.returncode == 0, done.stderr
    assert "read-only" in done.stdout


def test_a_lock_that_never_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "WAIT", 0.2)
    path = tmp_path / "khabar.db"
    with open_archive(path) as archive:
        holder = sqlite3.connect(path, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(ArchiveError, match="another program has held it"):
            archive.add_batch(batch(1), coder="c")
        holder.execute("ROLLBACK")
        holder.close()
        assert archive.add_batch(batch(1), coder="c") == ["added"]
