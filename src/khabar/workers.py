"""Ordered work over processes with bounded queues: results come in the order of the tasks, memory stays constant.

A process that dies (killed for memory, a crash in a C library) costs only the task that killed it: its parts are tried
alone, and only the part that dies again is given up.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from typing import TypeVar

from khabar.logs import Look, look, show_notes

T = TypeVar("T")
R = TypeVar("R")

AHEAD = 3  # tasks a process may lie ahead of the one whose result is awaited


def ordered(
    function: Callable[[T], R],
    tasks: Iterable[T],
    *,
    jobs: int,
    parts: Callable[[T], Sequence[T]],
    lost: Callable[[T], R],
    apart: bool = False,
) -> Iterator[R]:
    """`function` of each task, in their order; at most `AHEAD` tasks a process are read ahead.

    With `jobs` below 2 all runs in this process, unless it shall run `apart`. Otherwise `function`, tasks and results
    must be picklable, `parts` splits a task whose process died into smaller ones, and `lost` is the result of one that
    cannot be split further. An error that `function` raises is raised here. Processes end when this generator or its
    process ends, however it ends.
    """
    if jobs < 2 and not apart:
        yield from map(function, tasks)
        return
    pool = _pool(jobs)
    waiting: deque[tuple[T, Future[R]]] = deque()
    source = iter(tasks)
    try:
        while True:
            while len(waiting) < jobs * AHEAD and (task := next(source, None)) is not None:
                waiting.append((task, _submit(pool, function, task)))
            if not waiting:
                break
            task, future = waiting.popleft()
            try:
                results = [future.result()]
            except BrokenProcessPool:
                _stop(pool)
                results = list(_alone(function, task, parts, lost))
                pool = _pool(jobs)
                waiting = deque((t, f if _good(f) else pool.submit(function, t)) for t, f in waiting)
            yield from results
    finally:
        _stop(pool)


def _submit(pool: ProcessPoolExecutor, function: Callable[[T], R], task: T) -> Future[R]:
    """A future in any case: a pool that broke in the meantime gives one that says so when its turn comes."""
    try:
        return pool.submit(function, task)
    except BrokenProcessPool as error:
        future: Future[R] = Future()
        future.set_exception(error)
        return future


def _good(future: Future[R]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


def _alone(
    function: Callable[[T], R], task: T, parts: Callable[[T], Sequence[T]], lost: Callable[[T], R]
) -> Iterator[R]:
    pool = _pool(1)
    try:
        yield pool.submit(function, task).result()
        return
    except BrokenProcessPool:
        pass
    finally:
        _stop(pool)
    smaller = parts(task)
    if len(smaller) < 2:
        yield lost(task)
        return
    for part in smaller:
        yield from _alone(function, part, parts, lost)


def _pool(jobs: int) -> ProcessPoolExecutor:
    # spawn: a fork of a process with threads (progress bar, database pool) may hang.
    return ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_start, initargs=(look(),))


def _start(shown: Look) -> None:
    """In a new process: notes look as in the parent, Ctrl-C is the parent's business, and no process outlives a parent
    that was killed."""
    show_notes(shown)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _stop(pool: ProcessPoolExecutor) -> None:
    """Ends the processes at once: what they have not handed over is not wanted any more."""
    processes = list((getattr(pool, "_processes", None) or {}).values())
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()
    for process in processes:
        process.join(5)
