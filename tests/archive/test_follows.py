"""The ledger of what is followed, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from khabar.archive import Archive, open_archive
from khabar.archive.follows import EntryRow, FeedRow, Follows, HostRow

FEED = FeedRow(address="https://e.example/rss", state="good", etag='"v1"', asked="2024-08-19T10:00:00+00:00")


def entry(n: int, **more: object) -> EntryRow:
    own = {"seen": f"2024-08-19T{n:02}:00:00+00:00", "next": "2024-08-19T10:00:00+00:00", "record": '{"title":"خبر"}'}
    return EntryRow(key=f"https://e.example/{n}", link=f"/{n}", feed=FEED.address, **{**own, **more})  # type: ignore[arg-type]


@pytest.fixture
def book(new_address: Callable[[], str]) -> Iterator[Archive]:
    with open_archive(new_address()) as archive:
        yield archive


@pytest.fixture
def ledger(book: Archive) -> Follows:
    return book.follows


def test_feeds_and_what_they_name_are_noted_together(ledger: Follows) -> None:
    assert ledger.note_feed(FEED, [entry(1), entry(2), entry(2)]) == (2, 0)
    assert ledger.note_feed(FEED, [entry(2), entry(3)]) == (1, 0)
    assert ledger.feeds() == ledger.feeds([FEED.address]) == {FEED.address: FEED}
    assert ledger.feeds([]) == ledger.feeds(["https://other.example/"]) == {}
    assert ledger.counts() == {"waiting": 3}


def test_what_waits_comes_newest_first_when_its_time_has_come(ledger: Follows) -> None:
    rows = [entry(1), entry(5), entry(3, next="2024-08-19T12:00:00+00:00"), entry(4)]
    ledger.note_feed(FEED, rows)
    at = "2024-08-19T11:00:00+00:00"
    assert [row.link for row in ledger.waiting([FEED.address], at, 10)] == ["/5", "/4", "/1"]
    assert [row.link for row in ledger.waiting([FEED.address], at, 2)] == ["/5", "/4"]
    assert ledger.waiting(["https://other.example/"], at, 10) == []
    ledger.note_entries({"https://e.example/5": {"state": "stored", "record": None}})
    assert [row.link for row in ledger.waiting([FEED.address], at, 10)] == ["/4", "/1"]
    assert ledger.counts() == {"stored": 1, "waiting": 3}


def test_a_later_change_waits_again_once_an_hour(ledger: Follows) -> None:
    ledger.note_feed(FEED, [entry(1, updated="2024-08-19T10:05:00+00:00"), entry(2)])
    done = {"state": "stored", "record": None, "tries": 2}
    ledger.note_entries({f"https://e.example/{n}": done for n in (1, 2)})
    assert ledger.note_feed(FEED, [entry(1, updated="2024-08-19T10:50:00+00:00")]) == (0, 0)
    # What had no date of change before has not changed because it has one now.
    assert ledger.note_feed(FEED, [entry(2, updated="2024-08-20T10:50:00+00:00")]) == (0, 0)
    assert ledger.note_feed(FEED, [entry(1, updated="2024-08-19T11:00:00+00:00")]) == (0, 1)
    (row,) = ledger.waiting([FEED.address], "2024-08-20T00:00:00+00:00", 10)
    assert (row.key, row.tries, row.updated) == ("https://e.example/1", 0, "2024-08-19T11:00:00+00:00")
    assert row.record is not None


def test_hosts(ledger: Follows) -> None:
    ledger.note_host(HostRow(host="https://e.example:443", robots="Disallow: /\x00", robots_read="2024-08-19"))
    row = HostRow(host="https://e.example:443", robots="", until="2024-08-20")
    ledger.note_host(row)
    assert ledger.hosts() == {row.host: row}


def test_text_that_no_database_takes(ledger: Follows) -> None:
    odd = entry(1, record="a\x00b\ud800")
    assert ledger.note_feed(FeedRow(address="x", title="\x00", message="\udfff"), [odd]) == (1, 0)
    ledger.note_entries({odd.key: {"message": "\x00"}})
    (row,) = ledger.waiting([FEED.address], "2025", 1)
    assert (row.record, row.message) == ("a\ufffdb\ufffd", "\ufffd")


def test_thousands_at_once(ledger: Follows) -> None:
    many = [entry(1)] + [EntryRow(key=f"https://e.example/x{n}", link="/x", feed=FEED.address) for n in range(2500)]
    assert ledger.note_feed(FEED, many) == (2501, 0)
    assert ledger.note_feed(FEED, many) == (0, 0)
    assert len(ledger.feeds([f"https://{n}.example/" for n in range(1200)])) == 0
    assert len(ledger.waiting([f"https://{n}.example/" for n in range(1200)] + [FEED.address], "9", 3000)) == 2501
