"""Speed of the archive on made-up articles: storing, questions, counts, search, streaming.

    python benchmarks/archive.py --articles 20000 --events 10
    python benchmarks/archive.py --articles 20000 --at postgresql://user@host/empty_database
    python benchmarks/archive.py --articles 1000000 --writers 2 --at postgresql://user@host/empty_database

Prints one line a figure. The articles are made of made-up words with the skew of real ones (few countries and words
are everywhere, most are rare); making them is not timed. An SQLite file is made in a temporary folder and deleted,
unless `--at` names one (which is kept; `--reuse` asks an archive that an earlier run filled).
"""

from __future__ import annotations

import argparse
import datetime
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from multiprocessing import Process
from pathlib import Path

from khabar.archive import Archive, Query, open_archive
from khabar.codebook import CONTEXTS, MODES, TYPES
from khabar.records import Act, Article, CodedArticle, Event, Mention, Place, Time, Trigger

BATCH = 100
COUNTRIES = (
    "USA ISR PSE SYR IRN RUS YEM SAU EGY IRQ TUR LBN LBY SDN FRA GBR QAT ARE JOR TUN DZA MAR CHN DEU UKR ARM AZE KWT "
    "BHR OMN AFG PAK IND ITA ESP SOM ETH MRT DJI COM KOR PRK JPN CYP GRC NLD BEL SWE CHE CAN"
).split()
SECTORS = ("", "GOV", "MIL", "REB", "CVL", "COP", "PTY", "LEG")
LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"


class Maker:
    """Makes article number n with its coding, the same at every run."""

    def __init__(self, events: int, seed: int = 7, days: int = 5800) -> None:
        self.events, self.days = events, days
        chance = random.Random(seed)
        self.words = ["".join(chance.choices(LETTERS, k=chance.randint(3, 7))) for _ in range(30_000)]
        self.word_weights = self._zipf(len(self.words))
        self.country_weights = self._zipf(len(COUNTRIES))
        self.names = [f"{chance.choice(self.words)} {chance.choice(self.words)}" for _ in range(20_000)]
        self.places = [(chance.choice(self.words), chance.choice(COUNTRIES), 100_000 + n) for n in range(3_000)]

    @staticmethod
    def _zipf(n: int) -> list[float]:
        total, weights = 0.0, []
        for rank in range(1, n + 1):
            total += 1 / rank
            weights.append(total)
        return weights

    def article(self, n: int) -> tuple[Article, CodedArticle, tuple[Act, ...]]:
        chance = random.Random(n)
        texts = [
            " ".join(chance.choices(self.words, cum_weights=self.word_weights, k=8 if p == 0 else 35))
            for p in range(11)
        ]
        day = datetime.date(2010, 1, 1) + datetime.timedelta(days=chance.randrange(self.days))
        id_ = f"{n:012x}"
        events = tuple(self._event(chance, id_, k, texts, day) for k in range(self.events))
        # As in the shared gold: about one mention in three tells an act again.
        acts, taken = [], 0
        while taken < len(events):
            size = min(len(events) - taken, chance.choice((1, 1, 1, 2)))
            numbers = tuple(range(taken, taken + size))
            best = events[taken]
            acts.append(Act(id=str(best.id), events=numbers, best=best))
            taken += size
        article = Article(
            id=id_, paragraphs=tuple(texts), url=f"https://example.org/{n % 40}/{n}", outlet=f"صحيفة {n % 40}",
            date=day.isoformat(), date_precision="day", source=f"{n}.html",
        )  # fmt: skip
        coded = CodedArticle(id=id_, contexts=tuple(chance.sample(CONTEXTS, 2)), events=events)
        return article, coded, tuple(acts)

    def _event(self, chance: random.Random, id_: str, k: int, texts: list[str], day: datetime.date) -> Event:
        paragraph = chance.randrange(len(texts))
        start = k
        type_ = chance.choice(TYPES)
        modes = MODES[type_]
        place = chance.choice(self.places) if chance.random() < 0.5 else None
        value = (day - datetime.timedelta(days=chance.randrange(30))).isoformat() if chance.random() < 0.5 else None
        return Event(
            paragraph=paragraph, trigger=Trigger(text=texts[paragraph][start : start + 5], start=start, end=start + 5),
            type=type_, mode=chance.choice(modes) if modes else None, id=f"{id_}:{paragraph}:{start}:{type_}",
            status=chance.choices(("actual", "planned", "possible", "denied"), (85, 7, 5, 3))[0],
            actors=tuple(self._party(chance) for _ in range(chance.choice((0, 1, 1, 1, 2)))),
            recipients=tuple(self._party(chance) for _ in range(chance.choice((0, 1, 1)))),
            speaker=(self._party(chance),) if chance.random() < 0.4 else (),
            place=Place(text=place[0], start=0, end=len(place[0]), country=place[1], geonames=place[2], name=place[0],
                        latitude=30.0, longitude=40.0, feature="PPL") if place else None,
            time=Time(text="أمس", start=0, end=3, value=value, precision="day") if value else None,
            toll={"killed": str(chance.randint(1, 60))} if type_ == "ASSAULT" else {}, confidence=chance.random(),
            cells={"type": 0.9, "status": 0.8}, why=("why",),
        )  # fmt: skip

    def _party(self, chance: random.Random) -> Mention:
        country = chance.choices(COUNTRIES, cum_weights=self.country_weights)[0]
        sector = chance.choice(SECTORS)
        name = chance.choice(self.names)
        return Mention(
            text=name, start=0, end=len(name), codes=(f"{country}.{sector}" if sector else country,),
            ids=(f"Q{hash_of(name)}",), names=(f"Name {hash_of(name)}",), method="table", confidence=0.8,
        )  # fmt: skip


def hash_of(name: str) -> int:
    return sum(ord(char) * 31**n for n, char in enumerate(name)) % 20_000


def questions() -> Iterator[tuple[str, Callable[[Archive], object]]]:
    """Name and question."""

    def rows(**fields: object) -> Callable[[Archive], object]:
        query = Query(**fields)  # type: ignore[arg-type]
        return lambda archive: list(archive.events(query))

    yield "latest 50 acts", rows(limit=50)
    yield "oldest 50 acts", rows(limit=50, order="date")
    yield "latest 50 mentions", rows(limit=50, unit="event")
    yield "common actor, 50", rows(actor="USA", limit=50)
    yield "rare actor, 50", rows(actor="CAN", limit=50)
    yield "actor and recipient, 50", rows(actor="USA", recipient="ISR", limit=50)
    yield "rare pair, 50", rows(actor="CAN", recipient="CHE", limit=50)
    yield "code ARM.GOV, 50", rows(actor="ARM.GOV", limit=50)
    yield "sector .REB, 50", rows(actor=".REB", limit=50)
    yield "party by id, 50", rows(party="Q1234", limit=50)
    yield "party by name, 50", rows(party="name 1234", limit=50)
    yield "type and actor, 50", rows(actor="SYR", type="ASSAULT", limit=50)
    yield "type and mode since, 50", rows(type="ASSAULT", mode="aerial", since="2024", limit=50)
    yield "place and type, 50", rows(place="SYR", type="PROTEST", limit=50)
    yield "month, 50", rows(since="2015-03", until="2015-03", limit=50)
    yield "outlet and month, 50", rows(outlet="صحيفة 7", since="2015-03", until="2015-03", limit=50)
    yield "speaker and status, 50", rows(speaker="RUS", status="denied", limit=50)
    yield "context and type, 50", rows(context="cyber", type="COERCE", limit=50)
    yield "page 200 of latest", rows(limit=50, offset=10_000)
    yield "most certain 50", rows(order="-confidence", limit=50)
    yield "number of acts of USA", lambda archive: archive.count(Query(actor="USA"))
    yield (
        "counts by month, dyad, type of ARM",
        lambda archive: archive.counts(("month", "dyad", "type"), Query(actor="ARM"), intensity=lambda *_: 0.0),
    )
    yield "counts by type", lambda archive: archive.counts(("type",), intensity=lambda *_: 0.0)
    yield "counts by year, type", lambda archive: archive.counts(("year", "type"), intensity=lambda *_: 0.0)
    yield "counts by dyad", lambda archive: archive.counts(("dyad",), intensity=lambda *_: 0.0)
    yield "counts by month, dyad, type", lambda archive: archive.counts(intensity=lambda *_: 0.0)
    yield "status", lambda archive: archive.status()
    words = Maker(1).words
    yield "search a common word", lambda archive: archive.search(words[3])
    yield "search a rare word", lambda archive: archive.search(words[20_000])
    yield "search two words", lambda archive: archive.search(f"{words[150]} {words[400]}")
    yield "acts of articles with a rare word, 50", rows(text=words[20_000], limit=50)
    yield "acts of articles with a common word, 50", rows(text=words[30], limit=50)


def fill(archive: Archive, maker: Maker, articles: int, writer: int = 0, writers: int = 1) -> None:
    """Stores articles 0 … articles-1, of several writers every so many a batch; prints a line each 100,000 articles."""
    spent = busy = 0.0
    events = 0
    whole = time.perf_counter()
    for first in range(writer * BATCH, articles, writers * BATCH):
        batch = [maker.article(n) for n in range(first, min(first + BATCH, articles))]
        started, began = time.perf_counter(), time.process_time()
        archive.add_batch(batch, coder="benchmark 1")
        spent += time.perf_counter() - started
        busy += time.process_time() - began
        events += sum(len(coded.events) for _, coded, _ in batch)
        if writer == 0 and first and first % 100_000 == 0:
            print(f"so far\t{first} articles\t{time.perf_counter() - whole:.0f} s with making them", flush=True)
    if writers > 1:
        return
    print(f"stored\t{articles} articles\t{events} events\t{spent:.1f} s, of these {busy:.1f} s of this process's own")
    print(f"storing\t{articles / spent:.0f} articles/s\t{events / spent:.0f} events/s\tone transaction for {BATCH}")


def share(at: str, events: int, articles: int, writer: int, writers: int, days: int) -> None:
    """One of several writers, a process of its own."""
    with open_archive(at) as archive:
        fill(archive, Maker(events, days=days), articles, writer, writers)


def fill_together(at: str, events: int, articles: int, writers: int, days: int) -> None:
    """Several processes fill one archive on a server; making the articles is in the time."""
    started = time.perf_counter()
    some = [Process(target=share, args=(at, events, articles, n, writers, days)) for n in range(writers)]
    for one in some:
        one.start()
    for one in some:
        one.join()
    spent = time.perf_counter() - started
    print(f"stored\t{articles} articles\t{spent:.0f} s, making them too\t{writers} writers", flush=True)
    print(f"storing\t{articles / spent:.0f} articles/s\t{articles * events / spent:.0f} events/s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=5_000)
    parser.add_argument("--events", type=int, default=10, help="mentions an article (default 10)")
    parser.add_argument("--repeat", type=int, default=5, help="how often each question is asked (median is shown)")
    parser.add_argument("--at", help="where to make the archive: a path or a postgresql:// address")
    parser.add_argument("--partitioned", action="store_true", help="PostgreSQL: tables in parts by month")
    parser.add_argument("--writers", type=int, default=1, help="PostgreSQL: processes that store at the same time")
    parser.add_argument("--days", type=int, default=5800, help="days over which the articles are spread")
    parser.add_argument("--reuse", action="store_true", help="ask the archive as it is")
    parser.add_argument("--only", default="", help="ask only questions whose name holds this")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        open_archive(options.at or Path(folder) / "khabar.db", partitioned=options.partitioned) as archive,
    ):
        if not options.reuse:
            if options.writers > 1:
                archive.status()
                fill_together(options.at, options.events, options.articles, options.writers, options.days)
            else:
                fill(archive, Maker(options.events, days=options.days), options.articles)
            archive.close()
        status = archive.status()
        print(f"archive\t{status.database}\t{status.articles} articles\t{status.events} events\t{status.acts} acts")
        size = status.bytes or 0
        print(f"size\t{size / 1e6:.0f} MB\t{size / max(status.events, 1):.0f} bytes an event")
        for name, ask in questions():
            if options.only not in name:
                continue
            times = []
            for _ in range(options.repeat):
                started = time.perf_counter()
                found = ask(archive)
                times.append(time.perf_counter() - started)
            n = found if isinstance(found, int) else len(found) if isinstance(found, list) else 1
            print(f"question\t{name}\t{statistics.median(times) * 1000:.1f} ms\t{n}")
        if not options.only:
            started = time.perf_counter()
            count = sum(1 for _ in archive.events(Query(order="date")))
            print(f"streaming\tall acts by date\t{count / (time.perf_counter() - started):.0f} rows/s")
    print(f"memory\t{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most")


if __name__ == "__main__":
    main()
