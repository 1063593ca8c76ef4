"""The whole way over many machines: the tasks of `khabar.pipeline` on Dask, the archive on a server.

This process reads the pages and hands them out, a bounded number at a time; a worker codes and stores its task in one
transaction and hands back counts. Pages and versions have natural keys: a task that is done twice, because its worker
was lost between storing and telling, stores nothing twice. An SQLite archive has one writer: results come back then and
are stored here. A task under which workers died again and again is tried alone, then page by page, and only the page
that kills workers by itself is named.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Iterator
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

import msgspec

from khabar import __version__
from khabar.accounts import Account, Done, Report, store
from khabar.archive import Archive, ArchiveError, Outcome, open_archive, patiently
from khabar.coders import load_coder
from khabar.pages import Source
from khabar.pipeline import Settings, Task, lost, parts, tasks, work

if TYPE_CHECKING:
    from distributed import Client, Future

AHEAD = 3  # tasks a thread of the cluster may have waiting
SUSPECTS = 32  # tasks under which workers died, before the others wait until these were tried alone


class Unlike(RuntimeError):
    """A worker has another khabar than this process, or another coder."""


class Stored(msgspec.Struct, frozen=True):
    """What a worker hands back: the task's counts, and what the archive said of each article; without `outcomes` the
    results are still to be stored."""

    done: Done
    outcomes: tuple[Outcome, ...] | None


def connected(scheduler: str, wait: float = 60.0) -> Client:
    """A client of the scheduler at that address. Raises `OSError` where none answers, `ModuleNotFoundError` without
    Dask."""
    from distributed import Client

    return Client(scheduler, timeout=wait)


def run(
    client: Client,
    sources: Iterable[Source],
    archive: Archive,
    settings: Settings,
    *,
    address: str,
    notice: Callable[[Done], None] = lambda _: None,
) -> Report:
    """As `khabar.pipeline.run`, on the workers of a client; tasks end in any order.

    `address` is that of the archive, with what is needed to open it, as the workers see it; `settings.tables` is a
    folder that they see too. Happenings are linked here at the end, since that goes one after another anyway. Raises
    `Unlike` where a worker has another version of khabar or another coder.
    """
    coder = load_coder(settings.coder).name
    account = Account(archive, coder, settings.patience)
    shared = "://" in address and not address.startswith("sqlite")
    settings = msgspec.structs.replace(settings, archive=address if shared else None)
    function = partial(_on_worker, settings=settings, coder=coder, version=__version__)
    stream = _spread(client, function, tasks(sources, settings))
    try:
        for answer in stream:
            if answer.outcomes is None:
                account.store(answer.done, link=False)
            else:
                account.count(answer.done, answer.outcomes)
            notice(msgspec.structs.replace(answer.done, results=()))
        patiently(archive.link, settings.patience)
    except ArchiveError as error:
        account.stopped = str(error)
    finally:
        stream.close()  # type: ignore[attr-defined]
        report = account.close()
    return report


def _on_worker(task: Task, settings: Settings, coder: str, version: str) -> Stored:
    """On a worker: the task worked on and, where the archive is shared, stored."""
    if (__version__, load_coder(settings.coder).name) != (version, coder):
        raise Unlike(
            f"a worker has khabar {__version__} with the coder {load_coder(settings.coder).name}, this process khabar "
            f"{version} with {coder}; install the same on all machines"
        )
    if settings.archive is None:
        return Stored(work(task, settings), None)
    archive = _archive(settings.archive, settings.patience)
    done = work(task, settings, archive)
    outcomes = patiently(partial(store, archive, done, coder), settings.patience)
    return Stored(msgspec.structs.replace(done, results=()), tuple(outcomes))


_open: dict[str, Archive] = {}  # a worker keeps its connections; Dask gives a task no other place to keep them


def _archive(address: str, patience: float) -> Archive:
    if address not in _open:
        _open[address] = patiently(partial(open_archive, address, create=False), patience)
    return _open[address]


@lru_cache(maxsize=1)
def _settle() -> None:
    """Waits a second, once a worker process: one that dies before its nanny has heard that it started is not started
    again, and a cluster may lose all its workers to one deadly page that way."""
    time.sleep(1)


def _settled(function: Callable[[Task], Stored], task: Task) -> Stored:
    _settle()
    return function(task)


def _spread(client: Client, function: Callable[[Task], Stored], given: Iterator[Task]) -> Iterator[Stored]:
    """The answers as they come, one a task or one a part of it; a bounded number of tasks is out at any time.

    Dask gives up every task that lay on a worker when it died, once this happened to it `allowed-failures` times: the
    deadly one and its neighbours alike. So these are only suspects. They wait until nothing else is out and are tried
    one after another: what kills a worker then has done so by itself.
    """
    more = True
    while more:
        suspects: list[Task] = []
        more = yield from _together(client, function, given, suspects)
        for task in suspects:
            yield from _alone(client, function, task)


def _together(
    client: Client, function: Callable[[Task], Stored], given: Iterator[Task], suspects: list[Task]
) -> Generator[Stored, None, bool]:
    """Tasks at the same time, till none is left or `suspects` are many. Returns whether tasks may be left."""
    from distributed import as_completed
    from distributed.scheduler import KilledWorker

    waiting: dict[Future[Any], Task] = {}
    answers = as_completed()
    more = True
    try:
        while True:
            room = max(sum(client.nthreads().values()), 1) * AHEAD
            while more and len(suspects) < SUSPECTS and len(waiting) < room:
                task = next(given, None)
                if task is None:
                    more = False
                else:
                    future = client.submit(_settled, function, task, pure=False)
                    waiting[future] = task
                    answers.add(future)
            if not waiting:
                return more
            future = next(answers)
            task = waiting.pop(future)
            try:
                yield future.result()
            except KilledWorker:
                suspects.append(task)
            finally:
                future.release()
    finally:
        for future in waiting:
            future.cancel()


def _alone(client: Client, function: Callable[[Task], Stored], task: Task) -> Iterator[Stored]:
    """The answer to a task while no other is out; where it kills workers then, those to its parts, each alone."""
    from distributed.scheduler import KilledWorker

    future = client.submit(_settled, function, task, pure=False)
    try:
        yield future.result()
        return
    except KilledWorker:
        pass
    finally:
        future.release()
    smaller = parts(task)
    if len(smaller) < 2:
        yield Stored(lost(task), ())
        return
    for part in smaller:
        yield from _alone(client, function, part)
