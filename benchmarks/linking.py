"""Speed of linking on made-up articles: how long an article more takes in an archive of many.

    python benchmarks/linking.py --articles 20000 [--events 10] [--days 5800] [--at FILE_OR_URL [--reuse]]

The articles are those of `archive.py`, but every third retells the one before it for another outlet, most of its words
the same, so that happenings have several reports. What an article more costs depends on how many are told of one day
rather than on how many there are: 200,000 articles of 5,800 days are as dense as 2,000 of 58. Prints at which rate the
archive is linked, and of 200 further articles, each stored and then linked alone: processor time and time on the
clock, median, 95th percentile and most. An SQLite file is made in a temporary folder and deleted, unless `--at` names
one.
"""

from __future__ import annotations

import argparse
import datetime
import random
import resource
import statistics
import tempfile
import time
from pathlib import Path

import msgspec

from archive import BATCH, Maker
from khabar.archive import Archive, Query, open_archive
from khabar.records import Act, Article, CodedArticle, Event

NEW = 200
FIRST = datetime.date(2010, 1, 1)
DAYS = 5800


class Retelling(Maker):
    """A maker of whose articles every third retells the one before; all are of `days` days."""

    def __init__(self, events: int, days: int) -> None:
        super().__init__(events)
        self.days = days

    def article(self, n: int) -> tuple[Article, CodedArticle, tuple[Act, ...]]:
        if n % 3 != 2:
            return self._moved(*super().article(n))
        first, coded, acts = self._moved(*super().article(n - 1))
        chance = random.Random(n)
        paragraphs = tuple(
            " ".join(
                word if chance.random() < 0.8 else chance.choices(self.words, cum_weights=self.word_weights)[0]
                for word in paragraph.split(" ")
            )
            for paragraph in first.paragraphs
        )
        id_ = f"{n:012x}"

        def own(event: Event) -> Event:
            return msgspec.structs.replace(event, id=id_ + (event.id or "")[12:])

        article = msgspec.structs.replace(
            first, id=id_, paragraphs=paragraphs, url=f"https://example.org/{n % 40}/{n}",
            outlet=f"صحيفة {n % 40}", source=f"{n}.html",
        )  # fmt: skip
        return (
            article,
            msgspec.structs.replace(coded, id=id_, events=tuple(map(own, coded.events))),
            tuple(msgspec.structs.replace(act, id=id_ + act.id[12:], best=own(act.best)) for act in acts),
        )

    def _moved(
        self, article: Article, coded: CodedArticle, acts: tuple[Act, ...]
    ) -> tuple[Article, CodedArticle, tuple[Act, ...]]:
        """An article and what it tells moved into the days."""
        day = datetime.date.fromisoformat(article.date or "")
        back = datetime.timedelta(days=(day - FIRST).days - (day - FIRST).days % self.days)

        def moved(event: Event) -> Event:
            if event.time is None or event.time.value is None:
                return event
            value = (datetime.date.fromisoformat(event.time.value) - back).isoformat()
            return msgspec.structs.replace(event, time=msgspec.structs.replace(event.time, value=value))

        return (
            msgspec.structs.replace(article, date=(day - back).isoformat()),
            msgspec.structs.replace(coded, events=tuple(map(moved, coded.events))),
            tuple(msgspec.structs.replace(act, best=moved(act.best)) for act in acts),
        )


def fill(archive: Archive, maker: Maker, articles: int) -> None:
    spent = 0.0
    for first in range(0, articles, BATCH):
        batch = [maker.article(n) for n in range(first, min(first + BATCH, articles))]
        started = time.perf_counter()
        archive.add_batch(batch, coder="benchmark 1")
        spent += time.perf_counter() - started
    print(f"stored\t{articles} articles\t{articles / spent:.0f} articles/s", flush=True)


def link(archive: Archive) -> None:
    started, busy = time.perf_counter(), time.process_time()
    linked = max(1, archive.link())
    spent, busy = time.perf_counter() - started, time.process_time() - busy
    print(
        f"linked\t{linked} articles\t{linked / spent:.0f} articles/s\t{busy / linked * 1000:.1f} ms of processor each"
    )


def one_more(archive: Archive, maker: Maker, first: int) -> None:
    clock, busy = [], []
    for n in range(first, first + NEW):
        article, coded, acts = maker.article(n)
        archive.add(article, coded, acts=acts, coder="benchmark 1")
        started, began = time.perf_counter(), time.process_time()
        archive.link([article])
        clock.append((time.perf_counter() - started) * 1000)
        busy.append((time.process_time() - began) * 1000)
    for name, times in (("processor", busy), ("clock", clock)):
        p95 = statistics.quantiles(times, n=20)[-1]
        print(f"one more\t{name}\tmedian {statistics.median(times):.1f} ms\tp95 {p95:.1f} ms\tmost {max(times):.1f} ms")


def ask(archive: Archive) -> None:
    newest = next(iter(archive.happenings(min_reports=2)))
    for name, question in (
        ("newest 50 happenings", lambda: list(archive.happenings(Query(limit=50)))),
        ("newest 50 of two outlets", lambda: list(archive.happenings(Query(limit=50), min_outlets=2))),
        ("newest 50 of a party", lambda: list(archive.happenings(Query(party="ARM", limit=50)))),
        ("one happening", lambda: archive.happening(newest.id)),
        ("newest 50 threads", lambda: archive.threads(limit=50)),
    ):
        times = []
        for _ in range(7):
            started = time.perf_counter()
            question()
            times.append((time.perf_counter() - started) * 1000)
        print(f"question\t{name}\t{statistics.median(times):.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=2_000)
    parser.add_argument("--events", type=int, default=10, help="mentions an article (default 10)")
    parser.add_argument("--at", help="where to make the archive: a path or a postgresql:// address")
    parser.add_argument("--reuse", action="store_true", help="the archive is there; what it has not linked is linked")
    parser.add_argument("--days", type=int, default=DAYS, help="days that the articles are of (default 5800)")
    options = parser.parse_args()
    maker = Retelling(options.events, options.days)
    with tempfile.TemporaryDirectory() as folder, open_archive(options.at or Path(folder) / "khabar.db") as archive:
        if not options.reuse:
            fill(archive, maker, options.articles)
        link(archive)
        status = archive.status()
        several = sum(1 for _ in archive.happenings(min_reports=2)) if options.articles <= 50_000 else 0
        print(f"archive\t{status.database}\t{status.articles} articles\t{status.events} events\t{status.acts} acts")
        print(f"happenings\t{several} of several reports\t{(status.bytes or 0) / 1e6:.0f} MB")
        one_more(archive, maker, 100_000_000 + status.articles)
        ask(archive)
    print(f"memory\t{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most")


if __name__ == "__main__":
    main()
