"""Answers that are slow to find, held for a while: counts over hundreds of thousands of acts.

What is quick is asked anew every time. What is slow is held for a time that grows with what it cost, and then given
once more while a thread finds it anew: nobody waits for a number that somebody asked for before.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, NamedTuple, TypeVar

from khabar.archive import Archive, Query

T = TypeVar("T")
log = logging.getLogger(__name__)
QUICK = 0.03  # seconds: not worth holding
SHARE = 30  # an answer is held so many times as long as it took
MOST = 500  # answers held
COUNTED = 2_000  # rows counted while a reader waits


class _Answer(NamedTuple):
    value: Any
    cost: float
    at: float


class Held:
    """Answers by their questions. Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: OrderedDict[Hashable, _Answer] = OrderedDict()
        self._under_way: dict[Hashable, threading.Event] = {}
        self._round = 0

    def clear(self) -> None:
        """Forgets all answers: something was corrected."""
        with self._lock:
            self._answers.clear()
            self._round += 1

    def get(self, key: Hashable, find: Callable[[], T]) -> T:
        """The answer, held or found now."""
        answer = self._look(key)
        if answer is None:
            with self._lock:
                other = self._under_way.get(key)
            if other is not None and other.wait(60) and (answer := self._look(key)) is not None:
                return answer.value  # type: ignore[no-any-return]
            return self._find(key, find)
        if time.monotonic() - answer.at > SHARE * answer.cost:
            self.later(key, find)
        return answer.value  # type: ignore[no-any-return]

    def known(self, key: Hashable) -> Any:
        """The answer if it is held, else None."""
        answer = self._look(key)
        return None if answer is None else answer.value

    def later(self, key: Hashable, find: Callable[[], Any]) -> None:
        """Has the answer found by a thread, unless one is at it."""
        with self._lock:
            if key in self._under_way:
                return
            self._under_way[key] = threading.Event()

        def work() -> None:
            try:
                self._find(key, find)
            except Exception as error:  # who asks next is told
                log.debug("%s: %s", key, error)
            finally:
                self._done(key)

        threading.Thread(target=work, daemon=True).start()

    def _look(self, key: Hashable) -> _Answer | None:
        with self._lock:
            answer = self._answers.get(key)
            if answer is not None:
                self._answers.move_to_end(key)
            return answer

    def _find(self, key: Hashable, find: Callable[[], T]) -> T:
        begun, started = self._round, time.monotonic()
        mine = threading.Event()
        with self._lock:
            held = self._under_way.setdefault(key, mine)
        try:
            value = find()
        finally:
            if held is mine:
                self._done(key)
        cost = time.monotonic() - started
        with self._lock:
            if cost > QUICK and begun == self._round:
                self._answers[key] = _Answer(value, cost, time.monotonic())
                while len(self._answers) > MOST:
                    self._answers.popitem(last=False)
        return value

    def _done(self, key: Hashable) -> None:
        with self._lock:
            event = self._under_way.pop(key, None)
        if event is not None:
            event.set()


class Total(NamedTuple):
    """How many rows a question has: all of them, or (not `exact`) so many at least."""

    n: int
    exact: bool


def total(held: Held, archive: Archive, query: Query) -> Total:
    """How many rows a question has. Of very many only the first `COUNTED` are counted while the reader waits; who asks
    again gets the whole number."""
    key = ("total", query)
    known = held.known(key)
    if known is not None:
        return Total(held.get(key, lambda: archive.count(query)), True)
    n = archive.count(query, up_to=COUNTED + 1)
    if n <= COUNTED:
        return Total(n, True)
    held.later(key, lambda: archive.count(query))
    return Total(COUNTED, False)


def tally(held: Held, archive: Archive, by: list[str], query: Query) -> list[Any]:
    """Counts of the archive by some columns."""
    return held.get(("counts", tuple(by), query), lambda: archive.counts(by, query))


def warm(held: Held, archive: Archive) -> None:
    """Has what the front page and its views need found at the start, one after another."""

    def work() -> int:
        query = Query()
        n = archive.count(query, up_to=COUNTED + 1)
        if n > COUNTED:
            held.get(("total", query), lambda: archive.count(query))
            for by in (["month", "type"], ["year", "type"], ["dyad", "type"]):
                tally(held, archive, by, query)
        return n

    held.later("warm", work)
