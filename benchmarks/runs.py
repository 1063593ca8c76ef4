"""Whole runs, HTML to archive: cores, rooms, memory, kills.

    python benchmarks/runs.py cores  [--pages 400] [--coder auto]     # one, two at once, one with --jobs 2
    python benchmarks/runs.py rooms  [--pages 100] [--coder auto]     # share of processor time by room
    python benchmarks/runs.py memory [--pages 50000] --coder baseline # resident memory while pages stream in
    python benchmarks/runs.py kills  [--pages 300] [--times 10]       # kill -9 at random moments, then to the end

Pages are made up (benchmarks/synthetic.py). What is printed was measured on the machine at that time; other work on it
shows in the seconds, less in shares, and not in counts.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from synthetic import lines


def write_pages(path: Path, first: int, last: int) -> Path:
    with path.open("wb") as stream:
        stream.writelines(lines(first, last))
    return path


def khabar(folder: Path, pages: Path, archive: str, coder: str, *more: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "khabar", "run", "-q", str(pages), "-a", archive, "--coder", coder, *more]
    return subprocess.Popen(command, cwd=folder)


def seconds(start: Callable[[], Sequence[subprocess.Popen[bytes]]]) -> float:
    begun = time.perf_counter()
    for process in start():
        if process.wait():
            raise SystemExit(f"a run ended with status {process.returncode}")
    return time.perf_counter() - begun


def cores(folder: Path, pages: int, coder: str) -> None:
    halves = [write_pages(folder / f"{n}.jsonl", n * pages // 2, (n + 1) * pages // 2) for n in (0, 1)]
    both = write_pages(folder / "both.jsonl", 0, pages)
    nothing = write_pages(folder / "nothing.jsonl", 0, 1)
    start = seconds(lambda: [khabar(folder, nothing, "start.db", coder)])
    one = seconds(lambda: [khabar(folder, halves[0], "one.db", coder)])
    two = seconds(lambda: [khabar(folder, half, f"two{n}.db", coder) for n, half in enumerate(halves)])
    jobs = seconds(lambda: [khabar(folder, both, "jobs.db", coder, "--jobs", "2")])
    print(f"pages\t{pages}\tcoder {coder}\tstart alone {start:.1f} s (in all figures)")
    print(f"one process, one core\t{pages / 2 / one:.2f} pages/s")
    print(f"two processes at once\t{pages / two:.2f} pages/s")
    print(f"one run, --jobs 2\t{pages / jobs:.2f} pages/s\t{two / jobs:.2f} of two processes at once")


def rooms(folder: Path, pages: int, coder: str) -> None:
    from khabar import pipeline
    from khabar.archive import open_archive
    from khabar.coding import load_coder
    from khabar.pages import Fault, not_body
    from khabar.resolve import load_tables, resolve
    from khabar.stories import acts

    spent = dict.fromkeys(("reading pages", "telling text from clutter", "coding", "resolving", "acts", "storing",
                           "linking"), 0.0)  # fmt: skip

    def timed(room: str, action: Callable[[], object]) -> object:
        begun = time.process_time()
        try:
            return action()
        finally:
            spent[room] += time.process_time() - begun

    model, tables = load_coder(coder), load_tables()
    settings = pipeline.Settings(coder=coder)
    given = pipeline.tasks([write_pages(folder / "rooms.jsonl", 0, pages)], settings)
    articles = events = 0
    with open_archive(folder / "rooms.db") as archive:
        while (task := timed("reading pages", lambda: next(given, None))) is not None:
            read = [
                timed("reading pages", lambda p=page, r=repeated: pipeline._read(p, settings, r))  # type: ignore[misc]
                for page, repeated in zip(task.pages, task.repeated, strict=True)  # type: ignore[attr-defined]
            ]
            found = [article for article in read if not isinstance(article, Fault)]
            for article in found:
                timed("telling text from clutter", lambda a=article: not_body(a))  # type: ignore[misc]
            drafts = timed("coding", lambda f=found: model.code_batch(f))  # type: ignore[misc]
            coded = [
                timed("resolving", lambda a=a, d=d: resolve(a, d, tables))  # type: ignore[misc]
                for a, d in zip(found, drafts, strict=True)  # type: ignore[call-overload]
            ]
            told = [timed("acts", lambda c=c: acts(c)) for c in coded]  # type: ignore[misc]
            batch = list(zip(found, coded, told, strict=True))
            timed("storing", lambda b=batch: archive.add_batch(b, coder=model.name))  # type: ignore[misc]
            timed("linking", lambda f=found: archive.link(f))  # type: ignore[misc]
            articles += len(found)
            events += sum(len(one.events) for one in coded)
    # The coder tells text from clutter itself; what that takes was measured beside it.
    spent["coding"] -= spent["telling text from clutter"]
    whole = sum(spent.values())
    print(f"{articles} articles, {events} events, {whole:.1f} s of one core: {articles / whole:.2f} articles/s")
    for room, took in spent.items():
        print(f"{room}\t{took / whole:.0%}\t{took / articles * 1000:.1f} ms an article")


def resident(pid: int) -> float:
    """Memory of the process's own in MB; pages of mapped files (the archive, the model) are the system's."""
    for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
        if line.startswith("RssAnon"):
            return int(line.split()[1]) / 1024
    return 0.0


def memory(folder: Path, pages: int, coder: str) -> None:
    fifo = folder / "pages.jsonl"
    os.mkfifo(fifo)
    process = khabar(folder, fifo, "memory.db", coder)
    measured: list[tuple[int, float]] = []

    def feed() -> None:
        every = max(pages // 25, 1)
        with fifo.open("wb") as stream:
            for number, line in enumerate(lines(0, pages), 1):
                stream.write(line)
                if number % every == 0:
                    measured.append((number, resident(process.pid)))
                    print(f"{number} pages handed out\t{measured[-1][1]:.0f} MB", flush=True)

    begun = time.perf_counter()
    thread = threading.Thread(target=feed)
    thread.start()
    process.wait()
    thread.join()
    early = [mb for n, mb in measured if pages * 0.1 <= n <= pages * 0.3]
    late = [mb for n, mb in measured if n >= pages * 0.8]
    took = time.perf_counter() - begun
    print(f"{pages} pages in {took:.0f} s ({pages / took:.1f} a second), exit status {process.returncode}")
    print(f"resident memory\t{max(early):.0f} MB at 10 to 30 %\t{max(late):.0f} MB at 80 to 100 %")


def contents(archive: Path) -> dict[str, int]:
    with sqlite3.connect(archive) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        own = [name for name in names if not name.startswith(("sqlite_", "texts_index")) and name not in ("runs",)]
        return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in sorted(own)}


def articles_in(archive: Path) -> int:
    try:
        return contents(archive).get("articles", 0) if archive.exists() else 0
    except sqlite3.OperationalError:  # being made
        return 0


def kills(folder: Path, pages: int, coder: str, times: int, seed: int) -> None:
    given = write_pages(folder / "kills.jsonl", 0, pages)
    seconds(lambda: [khabar(folder, given, "whole.db", coder)])
    chance = random.Random(seed)
    for number in range(times):
        jobs = ("1", "2")[number % 2]
        before = articles_in(folder / "killed.db")
        # A moment at random: when some more are stored than now, and a while.
        wanted = before + chance.randint(0, max(pages // times - 8, 1))
        process = khabar(folder, given, "killed.db", coder, "--jobs", jobs)
        while process.poll() is None and articles_in(folder / "killed.db") <= wanted:
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.3))
        ended = process.poll()
        process.send_signal(signal.SIGKILL)
        process.wait()
        how = "had ended" if ended is not None else "killed"
        print(f"{how}, --jobs {jobs}: {before} articles before, {articles_in(folder / 'killed.db')} after", flush=True)
    seconds(lambda: [khabar(folder, given, "killed.db", coder)])
    # Happenings and threads depend on the order in which articles are linked; linked anew, on the articles alone.
    for name in ("whole.db", "killed.db"):
        subprocess.run([sys.executable, "-m", "khabar", "link", "--anew", "-a", name], cwd=folder, check=True,
                       capture_output=True)  # fmt: skip
    one, other = contents(folder / "whole.db"), contents(folder / "killed.db")
    differ = {name: (one[name], other.get(name)) for name in one if one[name] != other.get(name)}
    print(f"after {times} kills and a last run\t{other['articles']} articles, {other['events']} events")
    print(
        f"tables with the same number of rows as an unbroken run\t{len(one) - len(differ)} of {len(one)} {differ or ''}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("cores", "rooms", "memory", "kills"))
    parser.add_argument("--pages", type=int)
    parser.add_argument("--coder", default="auto")
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pages = options.pages or {"cores": 400, "rooms": 100, "memory": 50_000, "kills": 300}[options.what]
        if options.what == "kills":
            kills(folder, pages, options.coder, options.times, options.seed)
        else:
            {"cores": cores, "rooms": rooms, "memory": memory}[options.what](folder, pages, options.coder)


if __name__ == "__main__":
    main()
