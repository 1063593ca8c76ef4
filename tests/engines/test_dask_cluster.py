"""Runs on Dask's workers: counts as without them, workers that are killed, pages that kill workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path

import dask
import pytest
import sqlalchemy as sa
from distributed import Client, LocalCluster
from postgres_server import Server

from khabar.accounts import Done
from khabar.archive import Archive, Query, open_archive
from khabar.cluster import Stored, Unlike, _spread, run
from khabar.pipeline import Settings, Task, tasks
from khabar.pipeline import run as alone
from khabar.records import encode
from sample_pages import article_lines

PAGES = 200


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 2}),
        LocalCluster(n_workers=3, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        Client(cluster) as connected,
    ):
        yield connected


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pages") / "many.jsonl"
    path.write_bytes(article_lines(PAGES))
    return path


@pytest.fixture
def address(postgres: Server) -> str:
    """An empty database."""
    url = sa.make_url(postgres.address).set(drivername="postgresql+psycopg")
    name = f"d{os.urandom(4).hex()}"
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    return url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="module")
def expected(pages: Path, tmp_path_factory: pytest.TempPathFactory) -> set[bytes]:
    """What one process stores of the same pages."""
    with open_archive(tmp_path_factory.mktemp("alone") / "x.db") as archive:
        alone([pages], archive, Settings(coder="baseline"))
        return held(archive)


def held(archive: Archive) -> set[bytes]:
    return {encode(part) for row in archive.articles() for part in archive.article(row.id)}


def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(
    client: Client, pages: Path, address: str, expected: set[bytes]
) -> None:
    killed: list[int] = []
    heard: list[int] = []

    def notice(done: Done) -> None:
        heard.append(done.pages)
        if len(heard) == 4:
            killed.append(next(iter(client.run(os.getpid).values())))
            os.kill(killed[0], signal.SIGKILL)

    with open_archive(address) as archive:
        report = run(client, [pages], archive, Settings(coder="baseline"), address=address, notice=notice)
        assert killed
        assert (report.stopped, report.faults, report.pages) == (None, 0, PAGES)
        assert sum(heard) == PAGES
        status = archive.status()
        assert (status.articles, status.versions) == (PAGES, PAGES)
        assert held(archive) == expected
        assert archive.count(Query(unit="event")) == status.events
        again = run(client, [pages], archive, Settings(coder="baseline"), address=address)
        assert again.outcomes == {"same": PAGES}
        assert [one.pages for one in archive.runs()] == [PAGES, PAGES]


def test_an_sqlite_archive_is_written_by_the_client_alone(
    client: Client, pages: Path, tmp_path: Path, expected: set[bytes]
) -> None:
    (tmp_path / "empty.html").write_bytes(b"")
    with open_archive(tmp_path / "x.db") as archive:
        where = str(tmp_path / "x.db")
        report = run(client, [pages, tmp_path / "empty.html"], archive, Settings(coder="baseline"), address=where)
        assert (report.outcomes["added"], report.faults) == (PAGES, 1)
        assert held(archive) == expected
        assert [Path(one.source).name for one in archive.faults()] == ["empty.html"]


def deadly(task: Task) -> Stored:
    """Kills the worker that gets page 13."""
    sources = [page.source for page in task.pages]
    if any(source.endswith(":13") for source in sources):
        os.kill(os.getpid(), signal.SIGKILL)
    return Stored(Done(len(sources), read=tuple(sources)), ())


def only_page_13_is_lost(found: list[Stored], pages: int) -> None:
    """Every page once, read or named; named is the deadly one alone."""
    assert sum(one.done.pages for one in found) == pages
    (fault,) = [fault for one in found for fault in one.done.faults]
    assert fault.source.endswith(":13")
    assert "died" in fault.message
    read = [int(source.rpartition(":")[2]) for one in found for source in one.done.read]
    assert sorted(read) == [number for number in range(1, pages + 1) if number != 13]


def test_a_page_that_kills_workers_is_named_and_the_rest_goes_on(client: Client, pages: Path) -> None:
    only_page_13_is_lost(list(_spread(client, deadly, islice(tasks([pages], Settings()), 10))), 80)


def deadly_for_two(task: Task, folder: Path) -> Stored:
    """As `deadly`, but the first time the task of page 1 goes on till it is killed, and page 13 waits for it: the
    innocent task is always on the worker that dies."""
    first = task.pages[0].source.rpartition(":")[2]
    fresh = not list(folder.glob(f"{first}-*"))
    (folder / f"{first}-{os.urandom(4).hex()}").touch()
    while first == "1" and fresh:
        time.sleep(0.01)
    while first == "9" and not list(folder.glob("1-*")):
        time.sleep(0.01)
    return deadly(task)


@pytest.mark.parametrize("most", [1, 32])
def test_what_only_shared_a_worker_with_a_deadly_page_is_tried_alone_and_not_blamed(
    pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr("khabar.cluster.SUSPECTS", most)
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        LocalCluster(n_workers=1, threads_per_worker=2, processes=True, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        given = islice(tasks([pages], Settings()), 10)
        found = list(_spread(client, partial(deadly_for_two, folder=tmp_path), given))
    only_page_13_is_lost(found, 80)
    assert len(list(tmp_path.glob("1-*"))) == 2  # killed once beside page 13, whole when alone
    assert len(list(tmp_path.glob("9-*"))) == 3  # pages 9 to 16: with others, alone, and page 9 by itself


def other_version() -> None:
    import khabar.cluster

    khabar.cluster.__version__ = "0.0.0"


def same_version(version: str) -> None:
    import khabar.cluster

    khabar.cluster.__version__ = version


def test_a_worker_of_another_version_ends_the_run(client: Client, pages: Path, address: str) -> None:
    from khabar import __version__

    # The tests before killed some, and a nanny whose worker dies while it starts may give up: one is enough here.
    client.wait_for_workers(1, timeout=120)
    client.run(other_version)
    try:
        with (
            open_archive(address) as archive,
            pytest.raises(Unlike, match="install the same on all machines"),
        ):
            run(client, [pages], archive, Settings(coder="baseline"), address=address)
    finally:
        client.run(same_version, __version__)


def test_the_command_runs_on_a_scheduler(client: Client, pages: Path, address: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "khabar", "run", str(pages), "-q", "-a", address, "--coder", "baseline"]
    done = subprocess.run(
        [*command, "--scheduler", client.scheduler.address], cwd=tmp_path, capture_output=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    with open_archive(address, readonly=True) as archive:
        assert archive.status().articles == PAGES
    nobody = subprocess.run(
        [*command, "--scheduler", "tcp://127.0.0.1:9"], cwd=tmp_path, capture_output=True, timeout=300, check=False
    )
    assert nobody.returncode == 1
    assert b"no Dask scheduler answers there" in nobody.stderr
    assert b"Traceback" not in nobody.stderr
