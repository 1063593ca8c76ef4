"""Runs on Dask's workers: counts as without them, workers that are killed, pages that kill workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import dask
import pytest
import sqlalchemy as sa
from distributed import Client, LocalCluster
from postgres_server import Server

from khabar.archive import Archive, Query, open_archive
from khabar.cluster import Stored, Unlike, _spread, run
from khabar.pipeline import Done, Settings, tasks
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


def deadly(task: object) -> Stored:
    """Kills the worker that gets page 13."""
    sources = [page.source for page in task.pages]  # type: ignore[attr-defined]
    if any(source.endswith(":13") for source in sources):
        os.kill(os.getpid(), signal.SIGKILL)
    return Stored(Done(len(sources), read=tuple(sources)), ())


def test_a_page_that_kills_workers_is_named_and_the_rest_goes_on(client: Client, pages: Path) -> None:
    given = (task for task, _ in zip(tasks([pages], Settings()), range(4), strict=False))
    found = list(_spread(client, deadly, given))
    assert sum(one.done.pages for one in found) == 32
    (fault,) = [fault for one in found for fault in one.done.faults]
    assert fault.source.endswith(":13")
    assert "died" in fault.message


def other_version() -> None:
    import khabar.cluster

    khabar.cluster.__version__ = "0.0.0"


def same_version(version: str) -> None:
    import khabar.cluster

    khabar.cluster.__version__ = version


def test_a_worker_of_another_version_ends_the_run(client: Client, pages: Path, address: str) -> None:
    from khabar import __version__

    client.wait_for_workers(3)  # the test before killed some
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
