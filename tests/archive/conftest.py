"""The same tests on both databases. PostgreSQL: KHABAR_TEST_POSTGRES (an address whose user may make databases), else a
private server started from Debian's programs; without either its tests are skipped, with CI=true they fail."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from archive_samples import batch
from postgres_server import Server, found_programs

from khabar.archive import Archive, open_archive


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a PostgreSQL server, without a database."""
    given = os.environ.get("KHABAR_TEST_POSTGRES")
    if given:
        yield given
        return
    own = Server(found_programs())
    try:
        own.start()
        try:
            yield own.address
        finally:
            own.stop()
    finally:
        own.remove()


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A running server that a test may stop; never the one that was given."""
    own = Server(found_programs())
    try:
        own.start()
        yield own
        own.stop()
    finally:
        own.remove()


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
