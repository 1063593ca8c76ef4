"""Following: feeds are asked, what they name is fetched, and pages come out for the pipeline.

`Follower.pages` is a generator that `khabar.pipeline.run` reads; `Follower.notice` hears what became of them. All that
must outlive the run stands in the archive's ledger: an article waits there from the moment its feed names it until it
is stored, so a run that is killed goes on with the next.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from khabar.archive import Archive
from khabar.archive.follows import EntryRow, FeedRow
from khabar.many import many
from khabar.pages import Fault, Pause, canonical_url
from khabar.records import Page

from .articles import Told, Unread, of_answer, of_feed, reason
from .asking import Asker, Job, Result, Trouble
from .fetching import Answer, Failed, Limits, gunzip
from .hosts import Manners
from .markup import FeedError
from .opml import Source
from .reading import Entry, Feed, digest, read_feed, utc

_ACCEPT_FEED = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.8, */*;q=0.5"
_ACCEPT_PAGE = "text/html, application/xhtml+xml;q=0.9, */*;q=0.3"
_DEPTH = 3  # indexes of indexes
_PATIENCE = 3.0  # seconds without an answer: what came is coded; after a stop what is still to come is given up
_MAPS = 50  # sitemaps of one index that are read in a run


class Options(NamedTuple):
    """How to follow. Sizes in bytes. `days`: what a feed dates further back is passed over; `most`: articles of one
    feed in one run; `tries`: runs that fetch an article before it is given up; `attempts`: of one run."""

    limits: Limits = Limits()
    manners: Manners = Manners()
    feed_size: int = 20 * 2**20
    page_size: int = 10 * 2**20
    days: int = 7
    most: int = 500
    tries: int = 5
    attempts: int = 3
    threads: int = 8
    retry: float = 600.0  # seconds before the second try of an article; three times as long each time


class _OfFeed(NamedTuple):
    row: FeedRow
    outlet: str | None
    depth: int = 0


class _OfPage(NamedTuple):
    row: EntryRow
    told: Told


class Follower:
    """One round over feeds. `counts` tells what came of it; `stop` ends it soon, with nothing lost."""

    def __init__(
        self, archive: Archive, sources: Sequence[Source], options: Options, stop: threading.Event | None = None
    ) -> None:
        self._archive = archive
        self._ledger = archive.follows
        self._sources = sources
        self._options = options
        self._stop = stop or threading.Event()
        self._failing = {fault.source for fault in archive.faults()}
        self._outlets: dict[str, str | None] = {}
        self._sent: dict[str, tuple[str, str]] = {}  # source of a page given out -> key, state once it is stored
        self._asked: set[str] = set()
        self.counts: Counter[str] = Counter()

    def pages(self) -> Iterator[Page | Fault | Pause]:
        """Pages of the articles that the feeds name and the archive has not seen, and what failed, as they come; a
        pause where nothing comes for a while."""
        options = self._options
        asker = Asker(
            options.limits, options.manners, self._ledger.hosts(), self._stop,
            threads=options.threads, attempts=options.attempts,
        )  # fmt: skip
        try:
            yield from self._feeds(asker)
            quiet = 0.0
            while asker.open and not (self._stop.is_set() and quiet >= _PATIENCE):
                found = asker.result(0.5)
                for row in asker.news():
                    self._ledger.note_host(row)
                if found is not None:
                    quiet = 0.0
                    yield from self._came(asker, found)
                    continue
                quiet += 0.5
                if quiet == _PATIENCE:
                    yield Pause.PAUSE
        finally:
            asker.close()
            for row in asker.news():
                self._ledger.note_host(row)

    def notice(self, faults: Iterable[str], read: Iterable[str]) -> None:
        """Sources that failed, and those whose articles are stored (or were known)."""
        failed = set(faults)
        changes: dict[str, dict[str, Any]] = {}
        for source in failed.intersection(self._sent):
            key, _ = self._sent.pop(source)
            changes[key] = {"state": "failed", "message": "could not be coded", "record": None}
            self.counts["failed"] += 1
        for source in read:
            if source in self._sent:
                key, state = self._sent.pop(source)
                changes[key] = {"state": state, "message": None, "record": None}
                self.counts[state] += 1
                if key != source and key in self._failing:
                    self._archive.note_faults((), [key])
        self._ledger.note_entries(changes)

    # Feeds

    def _feeds(self, asker: Asker) -> Iterator[Fault]:
        known = self._ledger.feeds([canonical_url(source.address) for source in self._sources])
        now = _now()
        jobs = []
        for source in self._sources:
            key = canonical_url(source.address)
            if key in self._asked:
                continue
            self._asked.add(key)
            self._outlets[key] = source.outlet
            row = known.get(key) or FeedRow(address=key)
            if row.next > now:
                self.counts["feeds left alone"] += 1
                self._schedule(asker, key)
                yield from self._still_wrong(row)
                continue
            jobs.append(self._feed_job(row, source.address, source.outlet))
        asker.add(jobs)

    def _still_wrong(self, row: FeedRow) -> Iterator[Fault]:
        if row.state in ("failing", "gone"):
            yield Fault(row.address, None, f"{row.message}; not asked again before {row.next}")

    def _feed_job(self, row: FeedRow, address: str, outlet: str | None, depth: int = 0) -> Job:
        headers = {"Accept": _ACCEPT_FEED}
        if row.etag:
            headers["If-None-Match"] = row.etag
        if row.modified:
            headers["If-Modified-Since"] = row.modified
        return Job(address, self._options.feed_size, headers, _OfFeed(row, outlet, depth))

    def _came(self, asker: Asker, found: Result) -> Iterator[Page | Fault]:
        about = found.job.about
        if isinstance(about, _OfFeed):
            yield from self._feed_came(asker, about, found.came)
        else:
            yield from self._page_came(about, found.came)

    def _feed_came(self, asker: Asker, about: _OfFeed, came: Answer | Trouble) -> Iterator[Fault]:
        if isinstance(came, Trouble):
            yield from self._feed_failed(about.row, came.message, counted=came.asked, after=came.after)
        elif came.status == 304 and about.row.state != "new":
            self._feed_good(about.row, came, "feeds unchanged")
        elif came.status in (404, 410) or not 200 <= came.status < 300:
            yield from self._feed_failed(about.row, reason(came.status), gone=came.status == 410)
        else:
            try:
                yield from self._feed_read(asker, about, came)
            except (FeedError, Failed) as error:
                yield from self._feed_failed(about.row, str(error))
        self._schedule(asker, about.row.address)

    def _feed_read(self, asker: Asker, about: _OfFeed, came: Answer) -> Iterator[Fault]:
        print_ = digest(came.body)
        if print_ == about.row.digest and about.row.state == "good" and about.row.kind != "sitemap index":
            self._feed_good(about.row, came, "feeds unchanged")
            return
        body = gunzip(came.body, self._options.feed_size)
        feed = read_feed(body, came.address, came.headers.get("content-type"))
        rows = self._entries(feed, about)
        row = msgspec.structs.replace(about.row, kind=feed.kind, title=feed.title, digest=print_)
        new, changed = self._feed_good(row, came, "feeds read", rows)
        self.counts["new articles"] += new
        self.counts["changed articles"] += changed
        if came.moved:
            self.counts["feeds moved"] += 1
            yield from ()
        if feed.maps:
            self._maps(asker, feed, about)

    def _feed_good(self, row: FeedRow, came: Answer, count: str, entries: Iterable[EntryRow] = ()) -> tuple[int, int]:
        self.counts[count] += 1
        fresh = came.status != 304
        moved = f"moved for good to {came.address}; follow that" if came.moved else None
        noted = self._ledger.note_feed(
            msgspec.structs.replace(
                row, state="good", tries=0, asked=_now(), next=_now(),
                message=moved or (None if fresh else row.message),
                etag=came.headers.get("etag") if fresh else row.etag,
                modified=came.headers.get("last-modified") if fresh else row.modified,
            ),
            entries,
        )  # fmt: skip
        if row.address in self._failing:
            self._archive.note_faults((), [row.address])
        return noted

    def _feed_failed(
        self, row: FeedRow, message: str, *, counted: bool = True, gone: bool = False, after: float | None = None
    ) -> Iterator[Fault]:
        self.counts["feeds failed"] += 1
        tries = row.tries + counted
        # A feed that fails again and again is asked more and more seldom; one that is gone once a month.
        wait = 30 * 86400.0 if gone else max(after or 0.0, min(900.0 * 2 ** (tries - 3), 86400.0) if tries > 2 else 0.0)
        yield Fault(row.address, None, f"{message}; not asked again for {_span(wait)}" if wait else message)
        if counted:
            self._ledger.note_feed(
                msgspec.structs.replace(
                    row,
                    state="gone" if gone else "failing",
                    tries=tries,
                    asked=_now(),
                    next=_now(wait),
                    message=message,
                )
            )

    def _maps(self, asker: Asker, feed: Feed, about: _OfFeed) -> None:
        """The sitemaps of an index: those changed last; of undated ones the first and the last."""
        if about.depth + 1 >= _DEPTH:
            return
        dated = sorted(((link, when) for link, when in feed.maps if when), key=lambda m: utc(m[1]) or "", reverse=True)
        recent = [link for link, when in dated if not self._too_old(when)]
        undated = [link for link, when in feed.maps if not when]
        chosen = [*recent, *undated[: _MAPS // 2], *undated[_MAPS // 2 :][-_MAPS // 2 :]][:_MAPS]
        self.counts["sitemaps passed over"] += len(feed.maps) - len(chosen)
        links = {canonical_url(link): link for link in chosen}
        known = self._ledger.feeds(list(links))
        jobs = []
        for key, link in links.items():
            if key in self._asked:
                continue
            self._asked.add(key)
            self._outlets[key] = about.outlet
            row = known.get(key) or FeedRow(address=key, parent=about.row.address)
            if row.next <= _now():
                jobs.append(self._feed_job(row, link, about.outlet, about.depth + 1))
        asker.add(jobs)

    def _entries(self, feed: Feed, about: _OfFeed) -> Iterator[EntryRow]:
        now = _now()
        for entry in feed.entries:
            if entry.link is None:
                self.counts["entries without address"] += 1
            elif self._too_old(entry.published or entry.updated):
                self.counts["too old"] += 1
            elif entry.language and not entry.language.lower().startswith("ar"):
                self.counts["in another language"] += 1
            else:
                told = _told(entry, about.outlet or entry.outlet or feed.title)
                yield EntryRow(
                    key=canonical_url(entry.link), link=entry.link, feed=about.row.address, next=now,
                    seen=min(utc(entry.published) or now, now), updated=utc(entry.updated),
                    record=msgspec.json.encode(told).decode(),
                )  # fmt: skip

    def _too_old(self, when: str | None) -> bool:
        stamp = utc(when)
        return bool(stamp) and (stamp or "") < _now(-86400.0 * (self._options.days + 1))

    # Articles

    def _schedule(self, asker: Asker, feed: str) -> None:
        """Puts in line what waits of a feed."""
        rows = self._ledger.waiting([feed], _now(), self._options.most)
        jobs = []
        for row in rows:
            if row.key not in self._asked:
                self._asked.add(row.key)
                told = msgspec.json.decode(row.record, type=Told) if row.record else Told()
                jobs.append(Job(row.link, self._options.page_size, {"Accept": _ACCEPT_PAGE}, _OfPage(row, told)))
        asker.add(jobs)

    def _page_came(self, about: _OfPage, came: Answer | Trouble) -> Iterator[Page | Fault]:
        row = about.row
        if isinstance(came, Trouble):
            if not came.asked:
                self.counts["left for the next run"] += 1
            elif came.passing and row.tries + 1 < self._options.tries:
                yield self._again(row, came)
            elif came.forbidden:
                yield from self._instead(about, came.message, passed=True)
            else:
                yield from self._instead(about, came.message)
            return
        self.counts["fetched"] += 1
        if came.status != 200:
            yield from self._instead(about, reason(came.status))
            return
        page = of_answer(came, row.key, about.told)
        if isinstance(page, Unread):
            if page.passed:
                self._end(row, "passed", page.message)
                self.counts["in another language"] += 1
            else:
                yield from self._instead(about, page.message)
            return
        yield self._give(page, row, "stored")

    def _give(self, page: Page, row: EntryRow, state: str) -> Page:
        self._sent[page.source] = row.key, state
        return page

    def _again(self, row: EntryRow, came: Trouble) -> Fault:
        wait = max(self._options.retry * 3**row.tries, came.after or 0.0)
        self.counts["to be tried again"] += 1
        changes = {"tries": row.tries + 1, "next": _now(wait), "message": came.message}
        self._ledger.note_entries({row.key: changes})
        return Fault(row.key, None, f"{came.message}; tried again in {_span(wait)}")

    def _instead(self, about: _OfPage, message: str, *, passed: bool = False) -> Iterator[Page | Fault]:
        """What the feed says, where the page gives nothing."""
        page = of_feed(about.told, about.row.key, about.row.link, about.row.feed)
        if page is not None:
            yield self._give(page, about.row, "feed text")
            return
        self._end(about.row, "passed" if passed else "failed", message)
        if passed:
            self.counts["passed over"] += 1
        else:
            self.counts["failed"] += 1
            yield Fault(about.row.key, None, message)

    def _end(self, row: EntryRow, state: str, message: str) -> None:
        self._ledger.note_entries({row.key: {"state": state, "message": message, "record": None}})


def _told(entry: Entry, outlet: str | None) -> Told:
    return Told(title=entry.title, published=entry.published, dated=entry.dated, text=entry.text, outlet=outlet)


def _now(after: float = 0.0) -> str:
    return (datetime.now(UTC) + timedelta(seconds=after)).isoformat(timespec="seconds")


def _span(seconds: float) -> str:
    for size, name in ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size:
            n = round(seconds / size)
            return many(n, name)
    return "a moment"
