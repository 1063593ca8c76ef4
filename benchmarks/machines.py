"""Whole runs with a server and with many machines: a database that goes away, a Dask worker that is killed.

    python benchmarks/machines.py away --at postgresql://… --stop 'pg_ctl … stop' --start 'pg_ctl … start'
    python benchmarks/machines.py dask --at postgresql://… [--pages 600] [--workers 3]

The database has to be an empty one. `away` stops the server by the shell command given, in the middle of `khabar run`,
and starts it again after --seconds. `dask` runs on a LocalCluster and kills one of its processes with signal 9. Both
then say what the archive holds beside what one unbroken run stores of the same pages (benchmarks/synthetic.py).
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path

from khabar.accounts import Done
from khabar.archive import Archive, Query, open_archive
from khabar.archive.errors import Away
from khabar.pipeline import Settings
from khabar.records import encode
from runs import khabar, seconds, write_pages


def held(archive: Archive) -> Counter[bytes]:
    """All articles with their coding, as they are stored."""
    return Counter(b"\n".join(map(encode, archive.article(row.id))) for row in archive.articles())


def compare(at: str, whole: Path) -> None:
    """Prints whether the archive at an address holds what the unbroken run's file does."""
    with open_archive(at) as archive, open_archive(whole) as unbroken:
        mine, other = held(archive), held(unbroken)
        print(f"archive\t{archive.status().articles} articles\t{archive.count(Query(unit='event'))} events")
    print(
        f"as in an unbroken run\t{(mine & other).total()} of {other.total()} articles, {(mine - other).total()} others"
    )


def away(folder: Path, options: argparse.Namespace) -> None:
    """The server stops in the middle of a run."""
    given = write_pages(folder / "pages.jsonl", 0, options.pages)
    seconds(lambda: [khabar(folder, given, "whole.db", options.coder)])
    with open_archive(options.at) as archive:
        archive.status()
    begun = time.perf_counter()
    process = khabar(folder, given, options.at, options.coder, "--jobs", "2")
    while process.poll() is None and stored(options.at) < options.pages // 4:
        time.sleep(0.2)
    subprocess.run(options.stop, shell=True, check=True, capture_output=True)
    print(f"stopped\tafter {time.perf_counter() - begun:.1f} s, for {options.seconds} s", flush=True)
    time.sleep(options.seconds)
    print(f"meanwhile\tthe run is {'waiting' if process.poll() is None else 'over'}", flush=True)
    subprocess.run(options.start, shell=True, check=True, capture_output=True)
    status = process.wait()
    print(f"run\texit status {status}\t{time.perf_counter() - begun:.1f} s in all")
    compare(options.at, folder / "whole.db")


def stored(at: str) -> int:
    """Articles so far."""
    try:
        with open_archive(at) as archive:
            return archive.status().articles
    except Away:
        return 0


def dask(folder: Path, options: argparse.Namespace) -> None:
    """A worker is killed when a third of the pages is done."""
    from distributed import Client, LocalCluster

    from khabar import cluster

    given = write_pages(folder / "pages.jsonl", 0, options.pages)
    alone = seconds(lambda: [khabar(folder, given, "whole.db", options.coder)])
    done: list[int] = []
    killed: list[int] = []

    with (
        LocalCluster(n_workers=options.workers, threads_per_worker=1, dashboard_address=None) as machines,
        Client(machines) as client,
        open_archive(options.at) as archive,
    ):

        def notice(part: Done) -> None:
            done.append(part.pages)
            if not killed and sum(done) >= options.pages / 3:
                killed.append(next(iter(client.run(os.getpid).values())))
                os.kill(killed[0], signal.SIGKILL)
                print(f"killed\tworker process {killed[0]} after {sum(done)} pages", flush=True)

        begun = time.perf_counter()
        report = cluster.run(client, [given], archive, Settings(coder=options.coder), address=options.at, notice=notice)
        took = time.perf_counter() - begun
    outcomes = ", ".join(f"{n} {name}" for name, n in report.outcomes.items())
    print(f"run\t{report.pages} pages: {outcomes}; {report.faults} failed\t{took:.1f} s on {options.workers} workers")
    print(f"one process\t{alone:.1f} s with its start")
    compare(options.at, folder / "whole.db")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("away", "dask"))
    parser.add_argument("--at", required=True)
    parser.add_argument("--pages", type=int, default=600)
    parser.add_argument("--coder", default="auto")
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--stop")
    parser.add_argument("--start")
    options = parser.parse_args()
    if options.what == "away" and not (options.stop and options.start):
        parser.error("away needs --stop and --start")
    with tempfile.TemporaryDirectory() as name:
        {"away": away, "dask": dask}[options.what](Path(name), options)


if __name__ == "__main__":
    main()
