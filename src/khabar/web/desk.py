"""Pages that readers add: one job after another, coded in a process of its own, told step by step.

A page at a time goes the whole way and is stored, so a job that is cancelled, or a server that ends, leaves whole
articles only. Jobs are kept in memory: the page of a job lives as long as the server. What earlier ones left is in the
archive: a row a run, and the pages that could not be read.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from khabar.accounts import Account, Done, fault_place
from khabar.archive import Archive, ArchiveError, Run, page_key
from khabar.coders import load_coder
from khabar.pages import Fault, Pause, read_or_fault
from khabar.pages.sources import Source, count_pages
from khabar.pipeline import (
    Settings,
    Task,
    lost,
    parts,
    tasks,
    work,
)
from khabar.web import fetched
from khabar.web.uploads import Upload
from khabar.workers import ordered

log = logging.getLogger(__name__)
JOBS = 50  # jobs remembered
WAITING = 10  # jobs that may wait
LINES = 500  # pages named of a job, and as many that failed
State = Literal["waiting", "running", "done", "cancelled", "stopped"]
ENDED: tuple[State, ...] = ("done", "cancelled", "stopped")


class Busy(Exception):
    """So many jobs wait already."""


class Line(msgspec.Struct, frozen=True):
    """What became of a page. `outcome` is the archive's (`added`, `version`, `recoded`, `same`) or `failed`, with a
    message; `id`, `title` and `acts` are those of its article."""

    source: str
    outcome: str
    message: str | None = None
    id: str | None = None
    title: str | None = None
    acts: int = 0


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A job as it stands. `total` is None where only reading can tell it; `left` are seconds; `lines` are the pages in
    their order, `counts` says how many had which outcome."""

    id: str
    at: str
    who: str
    state: State
    total: int | None
    done: int
    counts: dict[str, int]
    lines: tuple[Line, ...] = ()
    message: str | None = None
    left: float | None = None


class Wanted(NamedTuple):
    """What a reader sent: files in a folder that goes when the job ends, and addresses of the web."""

    folder: Path
    files: tuple[tuple[Path, str], ...] = ()  # where it lies, what it is called
    addresses: tuple[str, ...] = ()


class _Work:
    """A job under way. `at`, `ended`: seconds of the monotonic clock."""

    def __init__(self, id_: str, who: str, wanted: Wanted, settings: Settings) -> None:
        self.id, self.who, self.wanted, self.settings = id_, who, wanted, settings
        self.made = _now()
        self.stop = threading.Event()
        self.state: State = "waiting"
        self.total = _total(wanted)
        self.lines: list[Line] = []
        self.counts: Counter[str] = Counter()
        self.message: str | None = None
        self.begun = 0.0

    def seen(self) -> Job:
        done = sum(self.counts.values())
        left = None
        if self.state == "running" and self.total and 0 < done < self.total:
            left = (time.monotonic() - self.begun) / done * (self.total - done)
        return Job(
            id=self.id, at=self.made, who=self.who, state=self.state, total=self.total, done=done,
            counts=dict(self.counts), lines=tuple(self.lines), message=self.message, left=left,
        )  # fmt: skip

    def note(self, line: Line) -> None:
        failed = line.outcome == "failed"
        if sum((one.outcome == "failed") == failed for one in self.lines) < LINES:
            self.lines.append(line)
        self.counts[line.outcome] += 1


class Desk:
    """Takes pages in. `changed` is called when the archive holds more than before. Threads may share it."""

    def __init__(
        self, archive: Archive, settings: Settings, changed: Callable[[], None], *, allow_local: bool = False
    ) -> None:
        self._archive = archive
        self._settings = msgspec.structs.replace(settings, archive=archive.address)
        self._changed = changed
        self._allow_local = allow_local
        self._lock = threading.Condition()
        self._jobs: dict[str, _Work] = {}
        self._thread: threading.Thread | None = None
        self._closed = False
        self._begun = _now()

    def add(
        self, wanted: Wanted, *, who: str, date: str | None = None, outlet: str | None = None, url: str | None = None
    ) -> Job:
        """A new job, told apart by its number. Raises `Busy`."""
        settings = msgspec.structs.replace(self._settings, date=date, outlet=outlet, url=url)
        with self._lock:
            if sum(job.state == "waiting" for job in self._jobs.values()) >= WAITING or self._closed:
                raise Busy(f"{WAITING} jobs wait already; come back when one has ended")
            job = _Work(_new_id(self._jobs), who, wanted, settings)
            self._jobs[job.id] = job
            for old in [one.id for one in self._jobs.values() if one.state in ENDED][: max(0, len(self._jobs) - JOBS)]:
                del self._jobs[old]
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True, name="desk")
                self._thread.start()
            self._lock.notify_all()
            return job.seen()

    def job(self, id_: str) -> Job | None:
        """A job as it stands."""
        with self._lock:
            job = self._jobs.get(id_)
            return job.seen() if job else None

    def jobs(self) -> list[Job]:
        """All jobs, newest first."""
        with self._lock:
            return [job.seen() for job in reversed(self._jobs.values())]

    def earlier(self, most: int) -> list[Run]:
        """Runs that ended before this server began, newest first: jobs of the servers before it, and those of the
        command line."""
        return [run for run in self._archive.runs(JOBS + most) if (run.ended or "") <= self._begun][:most]

    def cancel(self, id_: str) -> Job | None:
        """Ends a job; what was stored stays."""
        with self._lock:
            job = self._jobs.get(id_)
            if job is None:
                return None
            job.stop.set()
            if job.state == "waiting":
                self._end(job, "cancelled")
            return job.seen()

    def close(self, wait: float = 10) -> None:
        """Ends all jobs."""
        with self._lock:
            self._closed = True
            for job in self._jobs.values():
                job.stop.set()
            self._lock.notify_all()
        if self._thread is not None:
            self._thread.join(wait)

    # In the thread

    def _run(self) -> None:
        while (job := self._next()) is not None:
            state: State = "done"
            try:
                self._do(job)
                state = "cancelled" if job.stop.is_set() else "done"
            except ArchiveError as error:
                state, job.message = "stopped", str(error)
            except Exception as error:
                log.exception("job %s", job.id)
                state, job.message = "stopped", f"{type(error).__name__}: {error}"
            with self._lock:
                self._end(job, state)
            self._changed()

    def _next(self) -> _Work | None:
        with self._lock:
            while not self._closed:
                job = next((one for one in self._jobs.values() if one.state == "waiting"), None)
                if job is not None:
                    job.state, job.begun = "running", time.monotonic()
                    return job
                self._lock.wait()
            return None

    def _end(self, job: _Work, state: State) -> None:
        job.state = state
        shutil.rmtree(job.wanted.folder, ignore_errors=True)

    def _do(self, job: _Work) -> None:
        """One job, a page at a time."""
        archive, settings = self._archive, job.settings
        account = Account(archive, settings.coder, patience=0)
        function = partial(_work, settings=settings)
        stream = ordered(function, self._tasks(job), jobs=1, apart=True, parts=lambda task: (task,), lost=_lost)
        try:
            for coder, key, done in stream:
                if job.stop.is_set():
                    break
                account.coder = coder
                outcomes = account.store(done)
                lines = self._lines(done, key, outcomes)
                with self._lock:
                    for line in lines:
                        job.note(line)
                self._changed()
        finally:
            stream.close()  # type: ignore[attr-defined]
            account.close()

    def _tasks(self, job: _Work) -> Iterator[Task]:
        """The job's pages one by one; lines that an outlet repeats were counted over many."""
        for task in tasks(self._sources(job), job.settings):
            for part in parts(task) or [task]:
                if job.stop.is_set():
                    return
                yield part

    def _sources(self, job: _Work) -> Iterator[Source]:
        for path, name in job.wanted.files:
            if job.stop.is_set():
                return
            with Upload(path, name) as stream:
                yield stream
        if job.wanted.addresses:
            yield Pause.PAUSE
            yield from fetched.pages(job.wanted.addresses, self._archive, job.stop, allow_local=self._allow_local)

    def _lines(self, done: Done, key: str | None, outcomes: Sequence[str]) -> Iterable[Line]:
        lines = [Line(fault_place(fault), "failed", fault.message) for fault in done.faults]
        outcome = outcomes[0] if outcomes else "same" if done.known else None
        if outcome is not None and key is not None:
            row = next((row for row in self._archive.versions(key) if row.current), None)
            source = done.read[0] if done.read else key
            if row is not None:
                lines.append(Line(source, outcome, None, row.id, row.title, row.acts))
        return lines


def _work(task: Task, settings: Settings) -> tuple[str, str | None, Done]:
    """One page, in the other process: the coder's name, the key of its page, and what became of it."""
    done = work(task, settings)
    articles = [result.article for result in done.results]
    if done.known:
        read = [
            read_or_fault(page, date=settings.date, outlet=settings.outlet, url=settings.url, repeated=repeated)
            for page, repeated in zip(task.pages, task.repeated, strict=True)
        ]
        articles = [article for article in read if not isinstance(article, Fault)]
    return load_coder(settings.coder).name, page_key(articles[0]) if articles else None, done


def _lost(task: Task) -> tuple[str, str | None, Done]:
    return "", None, lost(task)


def _total(wanted: Wanted) -> int | None:
    counts = [count_pages(path) for path, _ in wanted.files]
    return None if None in counts else sum(n for n in counts if n is not None) + len(wanted.addresses)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _new_id(known: Iterable[str]) -> str:
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    taken = set(known)
    return next(id_ for n in range(len(taken) + 1) if (id_ := f"{stamp}-{n}" if n else stamp) not in taken)


def new_folder() -> Path:
    """An empty folder for what a reader sends."""
    return Path(tempfile.mkdtemp(prefix="khabar-"))
