"""Speed of the reading room: eight readers at once while a writer adds articles.

    python benchmarks/linking.py --articles 5000 --days 145 --at small.db       # made-up articles, linked
    python benchmarks/multiply.py small.db room.db --times 40 --days 145        # 200,000 articles of 16 years
    python benchmarks/room.py room.db --seconds 60
    python benchmarks/room.py room.db --alone                                   # each page alone, processor time

`khabar serve` runs as a process of its own on this machine; each reader asks one page after another, in an order of its
own; the writer stores a batch of ten made-up articles, waits a second, and so on. Prints the median and the 95th
percentile in ms of every page, of all together, and the memory of the server at its most. The archive given grows by
what the writer adds. With `--alone` nobody else reads or writes: every page is asked in this process, with no answer
held from before, then again with what is held; printed is the processor time, which other programs do not change.
"""

from __future__ import annotations

import argparse
import os
import random
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path

import httpx

from archive import Maker
from khabar.archive import Archive, Query, open_archive

READERS = 8


def pages(archive: Archive, maker: Maker) -> dict[str, str]:
    """Name -> address of what readers ask for."""
    row = next(archive.events(Query(limit=1, order="article")))
    rare, common = maker.words[20_000], maker.words[30]
    found = {
        "front page": "/",
        "front page, English": "/?lang=en",
        "timeline": "/?view=timeline",
        "map": "/?view=map",
        "network": "/?view=network",
        "chart": "/?view=chart",
        "table of a country": "/?actor=SDN",
        "table of a common country": "/?actor=USA",
        "table of a dyad": "/?actor=ISR&recipient=PSE",
        "table of a type": "/?type=ASSAULT",
        "table of a place": "/?place=YEM",
        "a month": "/?since=2023-05&until=2023-05",
        "chart of a country": "/?view=chart&actor=SDN",
        "chart of a dyad": "/?view=chart&actor=ISR&recipient=PSE",
        "map of a country": "/?view=map&actor=SDN",
        "network of a type": "/?view=network&type=AID",
        "page 20": "/?page=20",
        "rare word": f"/?text={rare}",
        "common word": f"/?text={common}",
        "confident": "/?min_confidence=0.9",
        "article": f"/articles/{row.article_id}",
        "actor": "/actors/SDN",
        "a large actor": "/actors/USA.GOV",
        "api events": "/api/events?actor=ARM&limit=50",
        "api counts": "/api/counts?by=year,type&actor=ARM",
        "api search": f"/api/search?text={rare}",
    }
    several = next(iter(archive.happenings(Query(limit=1))), None)
    if several is not None:
        found |= {"happening": f"/happenings/{several.id}", "happenings": "/happenings"}
    return found


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def read(address: str, wanted: dict[str, str], end: float, seed: int, spent: dict[str, list[float]]) -> None:
    """One reader: every page in an order of its own, again and again."""
    order = list(wanted.items())
    random.Random(seed).shuffle(order)
    with httpx.Client(base_url=address, timeout=120) as client:
        while time.monotonic() < end:
            for name, path in order:
                started = time.perf_counter()
                answer = client.get(path)
                spent[name].append(time.perf_counter() - started)
                if answer.status_code != 200:
                    raise RuntimeError(f"{path}: {answer.status_code} {answer.text[:200]}")
                if time.monotonic() >= end:
                    return


def write(archive: Archive, maker: Maker, first: int, end: float, stored: list[int], link: bool) -> None:
    """The writer."""
    n = first
    while time.monotonic() < end:
        batch = [maker.article(n + k) for k in range(10)]
        archive.add_batch(batch, coder="benchmark 1")
        if link:
            archive.link([article for article, _, _ in batch])
        stored.append(len(batch))
        n += 10
        time.sleep(1)


def memory(pid: int) -> int:
    """The most memory that the process has held so far, in MB."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) // 1024
    return 0


def _busy(pid: int) -> float:
    """Seconds of a core that the process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--readers", type=int, default=READERS)
    parser.add_argument("--no-writer", action="store_true")
    parser.add_argument("--alone", action="store_true", help="every page alone: its processor time")
    options = parser.parse_args()
    maker = Maker(10)
    if options.alone:
        alone(options.archive, maker)
        return
    with open_archive(options.archive, create=False) as archive:
        status = archive.status()
        print(f"archive\t{status.articles} articles\t{status.events} events\t{status.acts} acts")
        wanted = pages(archive, maker)
        port = free_port()
        command = [sys.executable, "-m", "khabar", "serve", "-a", options.archive, "--port", str(port)]
        server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            address = f"http://127.0.0.1:{port}"
            _until_it_answers(address)
            cold: dict[str, list[float]] = defaultdict(list)
            read(address, wanted, time.monotonic(), 0, cold)
            spent: dict[str, list[float]] = defaultdict(list)
            stored: list[int] = []
            end = time.monotonic() + options.seconds
            threads = [
                threading.Thread(target=read, args=(address, wanted, end, seed, spent))
                for seed in range(options.readers)
            ]
            if not options.no_writer:
                link = any(name == "happening" for name in wanted)
                first = 10_000_000 + int(time.time()) % 1_000_000 * 100
                threads.append(threading.Thread(target=write, args=(archive, maker, first, end, stored, link)))
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            for name in wanted:
                if spent[name]:
                    print(_line(name, spent[name]))
            everything = [one for times in spent.values() for one in times]
            print(_line("all pages", everything))
            print(f"written\t{sum(stored)} articles meanwhile")
            print(f"memory\t{memory(server.pid)} MB at most in the server, parts of the archive's file among them")
            print(f"busy\t{_busy(server.pid) / max(1, len(everything)) * 1000:.0f} ms of a core for a page, on average")
            print(f"load\t{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, readers and writer among it")
        finally:
            server.terminate()
            server.wait(30)


def alone(path: str, maker: Maker) -> None:
    """The processor time of every page, asked for the second time without and then with answers held."""
    from starlette.testclient import TestClient

    from khabar.web.app import make_app

    with open_archive(path, readonly=True) as archive:
        app = make_app(archive)
        client = TestClient(app, base_url="http://localhost")
        for name, address in pages(archive, maker).items():
            times = []
            for held in (False, False, True):
                if not held:
                    app.state.held.clear()
                began = time.process_time()
                client.get(address).raise_for_status()
                times.append((time.process_time() - began) * 1000)
            print(f"alone\t{name}\t{times[1]:.0f} ms\theld\t{times[2]:.0f} ms", flush=True)


def _until_it_answers(address: str) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            httpx.get(f"{address}/openapi.json", timeout=5).raise_for_status()
            return
        except httpx.HTTPError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def _line(name: str, times: list[float]) -> str:
    ordered = sorted(times)
    p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    return f"page\t{name}\tmedian {statistics.median(ordered) * 1000:.0f} ms\tp95 {p95 * 1000:.0f} ms\t{len(ordered)}"


if __name__ == "__main__":
    main()
