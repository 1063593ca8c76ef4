"""Politeness: one question to a host at a time, pauses between them, robots.txt, and hosts that want to be left alone.

The clock is `time.monotonic`; only `Host.until` crosses from one run to the next, as wall-clock time in the ledger."""

from __future__ import annotations

import heapq
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Generic, NamedTuple, TypeVar

from protego import Protego

from .fetching import Answer

T = TypeVar("T")

TOKEN = "khabar"  # what robots.txt calls this program
ROBOTS_SIZE = 512 * 1024  # RFC 9309 asks for at least 500 KiB
MAX_PAUSE = 300.0  # seconds; a crawl-delay beyond it is kept as that
FAILURES = 4  # in a row: then a host is left alone for the rest of the run


class Manners(NamedTuple):
    """Seconds between two questions to a host, how much of them is left to chance, and how long a run waits for a host
    that asked to be left alone (longer: the next run)."""

    delay: float = 2.0
    jitter: float = 0.5
    patience: float = 60.0


class Rules:
    """A robots.txt. A text that makes no sense forbids nothing."""

    def __init__(self, text: str) -> None:
        try:
            self._rules = Protego.parse(text[:ROBOTS_SIZE])
        except Exception:  # the parser is a library's, the file is anybody's
            self._rules = Protego.parse("")

    def allow(self, address: str) -> bool:
        """Whether khabar may ask for the address."""
        return bool(self._rules.can_fetch(address, TOKEN))

    @property
    def pause(self) -> float:
        """Seconds that it wants between two questions."""
        told = self._rules.crawl_delay(TOKEN) or 0.0
        rate = self._rules.request_rate(TOKEN)
        if rate is not None and rate.requests:
            told = max(told, rate.seconds / rate.requests)
        return min(float(told), MAX_PAUSE)


def robots_text(answer: Answer) -> str | None:
    """What a robots.txt says by its answer (RFC 9309): none there, nothing forbidden (""); a server in trouble tells
    nothing, and nothing may be asked of it now (None)."""
    if 200 <= answer.status < 300:
        return answer.body.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    return None if answer.status >= 500 or answer.status == 429 else ""


class Host(Generic[T]):
    """What is to be asked of one host, and when it may be asked next."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.jobs: deque[T] = deque()
        self.rules: Rules | None = None
        self.failures = 0
        self.ready = 0.0  # monotonic
        self.busy = False


class Frontier(Generic[T]):
    """Jobs by host. Threads take one, and say when it is done; a host whose turn has not come makes no other wait."""

    def __init__(self, manners: Manners, stop: threading.Event, clock: Callable[[], float] = time.monotonic) -> None:
        self._manners = manners
        self._stop = stop
        self._clock = clock
        self._hosts: dict[str, Host[T]] = {}
        self._heap: list[tuple[float, int, str]] = []
        self._order = 0
        self._change = threading.Condition()
        self._closed = False

    def host(self, name: str) -> Host[T]:
        """The host of that name."""
        with self._change:
            return self._hosts.setdefault(name, Host(name))

    def add(self, name: str, jobs: Iterable[T], *, first: bool = False) -> None:
        """More to ask of a host; `first`: before what waits there."""
        with self._change:
            host = self._hosts.setdefault(name, Host(name))
            (host.jobs.extendleft if first else host.jobs.extend)(jobs)
            self._queue(host)
            self._change.notify_all()

    def _queue(self, host: Host[T]) -> None:
        if host.jobs and not host.busy:
            self._order += 1
            heapq.heappush(self._heap, (host.ready, self._order, host.name))

    def take(self) -> tuple[Host[T], T] | None:
        """A job whose host may be asked now, and the host, which is busy till `done`. Waits; None when all ended."""
        with self._change:
            while not self._closed and not self._stop.is_set():
                wait = 1.0
                while self._heap:
                    ready, _, name = self._heap[0]
                    host = self._hosts[name]
                    if host.busy or not host.jobs:
                        heapq.heappop(self._heap)  # an entry of before
                    elif ready != host.ready:
                        heapq.heapreplace(self._heap, (host.ready, self._heap[0][1], name))
                    elif ready > self._clock():
                        wait = min(wait, ready - self._clock())
                        break
                    else:
                        heapq.heappop(self._heap)
                        host.busy = True
                        return host, host.jobs.popleft()
                self._change.wait(max(wait, 0.001))
            return None

    def done(self, host: Host[T], *, pause: float = 0.0) -> None:
        """The host may be asked again, after its pause (twice as long after every failure in a row) or `pause`."""
        with self._change:
            own = max(self._manners.delay, host.rules.pause if host.rules else 0.0)
            own *= 2 ** min(host.failures, 5) * (1 + random.uniform(0, self._manners.jitter))
            host.ready = self._clock() + max(min(own, MAX_PAUSE), pause)
            host.busy = False
            self._queue(host)
            self._change.notify_all()

    def give_up(self, host: Host[T]) -> list[T]:
        """Takes away all that was still to be asked of a host."""
        with self._change:
            left = list(host.jobs)
            host.jobs.clear()
            return left

    def close(self) -> None:
        """Ends all that wait in `take`."""
        with self._change:
            self._closed = True
            self._change.notify_all()
