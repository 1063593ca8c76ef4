"""The same tests on both databases. PostgreSQL: KHABAR_TEST_POSTGRES (an address whose user may make databases), else a
private server started from Debian's programs; without either its tests are skipped, with CI=true they fail."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from archive_samples import batch

from khabar.archive import Archive, open_archive


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parts[-3]))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).parent if initdb else None


def _as_server_user(*command: str) -> None:
    """PostgreSQL refuses to run as root."""
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    done = subprocess.run([*prefix, *command], capture_output=True, text=True, timeout=120, cwd="/")
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a PostgreSQL server, without a database."""
    given = os.environ.get("KHABAR_TEST_POSTGRES")
    if given:
        yield given
        return
    programs = _programs()
    if programs is None:
        reason = "no PostgreSQL: apt-get install postgresql, or set KHABAR_TEST_POSTGRES=postgresql://…"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        warnings.warn(f"tests of PostgreSQL are skipped: {reason}", stacklevel=1)
        pytest.skip(reason)
    # A short path: the name of a socket has 107 bytes at most.
    folder = Path(tempfile.mkdtemp(prefix="khabar-pg-", dir="/tmp"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        data = str(folder / "data")
        _as_server_user(
            str(programs / "initdb"), "-D", data, "-U", "khabar", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
            "--no-sync",
        )  # fmt: skip
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c max_connections=40"
        _as_server_user(
            str(programs / "pg_ctl"), "-D", data, "-w", "-t", "60", "-l", str(folder / "log"), "-o", options, "start"
        )
        try:
            yield f"postgresql://khabar@/postgres?host={folder}"
        finally:
            _as_server_user(str(programs / "pg_ctl"), "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def database(server: str) -> Iterator[Callable[[], str]]:
    """Makes empty PostgreSQL databases and gives their addresses."""
    url = sa.make_url(server).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    names: list[str] = []

    def make() -> str:
        names.append(f"khabar_{os.getpid()}_{os.urandom(4).hex()}")
        with engine.connect() as connection:
            connection.exec_driver_sql(f'CREATE DATABASE "{names[-1]}"')
        return url.set(drivername="postgresql", database=names[-1]).render_as_string(hide_password=False)

    yield make
    with engine.connect() as connection:
        for name in names:
            connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def kind(request: pytest.FixtureRequest) -> str:
    """The database that a test runs on."""
    return str(request.param)


@pytest.fixture(scope="session")
def new_address(
    kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], str]:
    """Gives addresses where an archive may be made: a file, or a server's empty database."""
    if kind == "sqlite":
        return lambda: str(tmp_path_factory.mktemp("archive") / "khabar.db")
    make: Callable[[], str] = request.getfixturevalue("database")
    return make


@pytest.fixture
def address(new_address: Callable[[], str]) -> str:
    """Where an archive may be made."""
    return new_address()


@pytest.fixture(scope="session")
def filled(new_address: Callable[[], str]) -> Iterator[Archive]:
    """An archive of ten articles with 30 events, to be read only."""
    with open_archive(new_address()) as archive:
        archive.add_batch(batch(*range(1, 11)), coder="c 1", model="m 1")
        yield archive


@pytest.fixture
def opened(address: str) -> Iterator[Callable[..., Archive]]:
    """Opens the archive at `address` as often as one likes."""
    archives: list[Archive] = []

    def opener(**options: bool) -> Archive:
        archives.append(open_archive(address, **options))
        return archives[-1]

    yield opener
    for archive in archives:
        archive.close()


@pytest.fixture
def archive(opened: Callable[..., Archive]) -> Archive:
    """An empty archive."""
    return opened()
