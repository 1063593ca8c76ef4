"""Archives in parts by month answer as whole ones do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa
from archive_samples import article, batch, coded

from khabar.archive import Archive, ArchiveError, Query, open_archive
from khabar.archive.connect import location, make_engine

pytestmark = pytest.mark.postgres


@pytest.fixture
def parted(database: Callable[[], str]) -> Iterator[Archive]:
    with open_archive(database(), partitioned=True) as archive:
        yield archive


def dated(number: int, date: str | None) -> tuple[object, ...]:
    one = article(number, date=date, date_precision="day" if date else None)
    return one, coded(number), None


DATES = ["2022-07-16", "2022-08-01", "2022-08-31", None, "2021-01-05"]


def test_questions_recodings_versions_and_forgetting_are_as_in_whole_tables(
    parted: Archive, database: Callable[[], str]
) -> None:
    with open_archive(database()) as whole:
        for archive in (parted, whole):
            assert archive.add_batch([dated(n, d) for n, d in enumerate(DATES, 1)], coder="c") == ["added"] * 5  # type: ignore[misc]
            assert archive.add_batch([dated(1, DATES[0])], coder="c") == ["same"]  # type: ignore[list-item]
            assert archive.add_batch([dated(2, DATES[1])], coder="d") == ["recoded"]  # type: ignore[list-item]
            assert archive.add_batch([dated(3, "2020-02-02")], coder="c") == ["version"]  # type: ignore[list-item]
            assert archive.forget(article(5).id) == 1
            again = archive.recoding("e")
            again.lay_aside([(n, msgspec.structs.replace(coded(1), id=one.id)) for n, one in again.next(-1, 9)])
            while again.change_over():
                pass
            archive.link()
        for query in (Query(unit="event"), Query(), Query(published_since="2022-08"), Query(actor="ARM")):
            assert list(parted.events(query)) == list(whole.events(query))
        assert parted.counts() == whole.counts()
        assert parted.status().articles == whole.status().articles == 4
    with parted._engine.connect() as connection:
        names = set(connection.execute(sa.text("SELECT relname FROM pg_class WHERE relkind = 'r'")).scalars())
    assert {"events_p202207", "events_p202208", "events_p000000", "events_p202002", "act_tolls_p202101"} <= names


def test_two_writers_may_bring_the_same_new_month(parted: Archive) -> None:
    address = parted._engine.url.render_as_string(hide_password=False)
    outcomes: list[str] = []

    def write(first: int) -> None:
        with open_archive(address) as archive:
            for n in range(first, first + 20):
                outcomes.extend(archive.add_batch([dated(n, f"20{n % 10 + 10}-03-04")], coder="c"))  # type: ignore[list-item]

    threads = [threading.Thread(target=write, args=(first,)) for first in (1, 101)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert outcomes == ["added"] * 40
    assert parted.status().articles == 40


def test_what_cannot_be_partitioned_says_so(tmp_path: Path, database: Callable[[], str]) -> None:
    with pytest.raises(ArchiveError, match="has no partitions"):
        open_archive(tmp_path / "x.db", partitioned=True)
    address = database()
    with open_archive(address) as archive:
        archive.add_batch(batch(1), coder="c")
    with pytest.raises(ArchiveError, match="in whole tables"):
        open_archive(address, partitioned=True)


@pytest.mark.parametrize("readonly", [False, True])
def test_a_plan_over_many_parts_is_joined_part_by_part_and_not_compiled(
    database: Callable[[], str], readonly: bool
) -> None:
    engine = make_engine(location(database()), readonly=readonly)
    with engine.connect() as connection:
        settings = [
            connection.exec_driver_sql(f"SHOW {name}").scalar()
            for name in ("jit", "enable_partitionwise_join", "default_transaction_read_only")
        ]
    engine.dispose()
    assert settings == ["off", "on", "on" if readonly else "off"]
