"""A press, an archive, and following as the command does it, with the coder that takes no time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from feed_rounds import FAST, Followed, Round
from press_server import Press

from khabar.accounts import Done, fault_place
from khabar.archive import Archive, open_archive
from khabar.feeds import Follower, Options, Source
from khabar.pipeline import Settings, run


@pytest.fixture
def press() -> Iterator[Press]:
    server = Press()
    yield server
    server.close()


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(tmp_path / "news.db") as book:
        yield book


@pytest.fixture
def follow(archive: Archive) -> Round:
    """One round over feeds."""

    def once(*feeds: str | Source, options: Options = FAST, stop: threading.Event | None = None) -> Followed:
        sources = [Source(feed) if isinstance(feed, str) else feed for feed in feeds]
        follower = Follower(archive, sources, options, stop)
        faults: dict[str, str] = {}

        def notice(done: Done) -> None:
            faults.update({fault_place(fault): fault.message for fault in done.faults})
            follower.notice([fault_place(fault) for fault in done.faults], done.read)

        report = run(follower.pages(), archive, Settings(coder="baseline"), notice=notice)
        assert report.faults == len(faults)
        return Followed(faults, dict(follower.counts))

    return once
