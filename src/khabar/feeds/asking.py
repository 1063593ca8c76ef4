"""Threads that ask: feeds and pages by host, politely, with retries. They touch neither archive nor articles."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from khabar.archive.follows import HostRow

from .fetching import Answer, Failed, Limits, get, retry_after
from .guard import Refused, authority
from .hosts import FAILURES, ROBOTS_SIZE, Frontier, Host, Manners, Rules, robots_text

_PASSING = (408, 425, 429)
_ROBOTS_DAYS = 1  # RFC 9309: not kept longer


class Job(NamedTuple):
    """An address to ask. `about` is what the asker wants to know again when the answer comes."""

    address: str
    size: int
    headers: Mapping[str, str]
    about: Any
    attempt: int = 1


class Trouble(NamedTuple):
    """No answer. `passing`: it may come later; `asked`: whether the host was asked at all; `forbidden`: robots.txt
    does not allow it; `after`: seconds that the host wants to be left alone."""

    message: str
    passing: bool = False
    asked: bool = True
    forbidden: bool = False
    after: float | None = None


class Result(NamedTuple):
    """What became of a job."""

    job: Job
    came: Answer | Trouble


class _RobotsSilent(Exception):
    """A robots.txt that did not come: nothing may be asked of its host now."""


class Asker:
    """A pool of threads over a `Frontier`. `results` come in no order; `news` collects rows of hosts that changed."""

    def __init__(
        self, limits: Limits, manners: Manners, known: Mapping[str, HostRow], stop: threading.Event, *,
        threads: int = 8, attempts: int = 3,
    ) -> None:  # fmt: skip
        self._limits = limits
        self._manners = manners
        self._attempts = attempts
        self._rows = dict(known)
        self._stop = stop
        self._left = threading.Event()
        self._frontier: Frontier[Job] = Frontier(manners, stop)
        self._results: queue.Queue[Result] = queue.Queue(maxsize=2 * threads)
        self._news: dict[str, HostRow] = {}
        self._lock = threading.Lock()
        self.open = 0  # jobs whose result was not taken yet
        self._threads = [threading.Thread(target=self._work, daemon=True, name=f"asker {n}") for n in range(threads)]
        for thread in self._threads:
            thread.start()

    def add(self, jobs: Iterable[Job]) -> None:
        """More to ask, each host's in this order."""
        by_host: dict[str, list[Job]] = {}
        for job in jobs:
            by_host.setdefault(authority(job.address), []).append(job)
            self.open += 1
        for name, portion in by_host.items():
            self._frontier.add(name, portion)

    def result(self, wait: float) -> Result | None:
        """The next result, None where none comes in `wait` seconds."""
        try:
            found = self._results.get(timeout=wait)
        except queue.Empty:
            return None
        self.open -= 1
        return found

    def news(self) -> list[HostRow]:
        """Rows of hosts that changed since this was last asked."""
        with self._lock:
            found = list(self._news.values())
            self._news.clear()
        return found

    def close(self) -> None:
        """Ends the threads; what they are at is given up."""
        self._left.set()
        self._frontier.close()

    # In the threads

    def _work(self) -> None:
        while (taken := self._frontier.take()) is not None and not self._left.is_set():
            host, job = taken
            pause = 0.0
            came: Answer | Trouble
            try:
                came = self._ask(host, job)
            except Exception as error:  # no page may end a thread
                came = Trouble(f"could not be asked ({type(error).__name__}: {error})")
            if isinstance(came, Trouble) and came.passing and came.asked:
                pause = came.after or 0.0
                given_up = host.failures >= FAILURES or pause > self._manners.patience
                if job.attempt < self._attempts and not given_up:
                    self._frontier.add(host.name, [job._replace(attempt=job.attempt + 1)], first=True)
                    self._frontier.done(host, pause=pause)
                    continue
                if given_up:
                    why = f"{host.name} {'asked to be left alone' if pause else 'did not answer again and again'}"
                    for other in self._frontier.give_up(host):
                        self._put(Result(other, Trouble(f"{why}; left for the next run", passing=True, asked=False)))
            self._frontier.done(host, pause=pause)
            self._put(Result(job, came))

    def _put(self, result: Result) -> None:
        while not self._left.is_set():
            try:
                self._results.put(result, timeout=0.5)
                return
            except queue.Full:
                continue

    def _ask(self, host: Host[Job], job: Job) -> Answer | Trouble:
        """Asks, and counts what the host did."""
        if host.failures >= FAILURES:
            return Trouble(f"{host.name} did not answer again and again; left for the next run", True, asked=False)
        if (wait := self._until(host.name)) > self._manners.patience:
            when = self._rows[host.name].until
            return Trouble(f"{host.name} asked to be left alone until {when}", True, asked=False)
        if wait > 0 and self._stop.wait(wait):
            return Trouble("stopped", True, asked=False)
        try:
            if not self._rules(host).allow(job.address):
                return Trouble(f"robots.txt of {urlsplit(job.address).hostname} forbids it", forbidden=True)
            answer = get(job.address, self._limits, job.size, job.headers, hop=self._hop)
        except Refused as error:
            return Trouble(str(error), forbidden="robots.txt" in str(error))
        except _RobotsSilent as error:
            host.failures += 1
            return Trouble(f"its robots.txt did not come ({error}), so nothing was asked", passing=True)
        except Failed as error:
            host.failures += error.passing
            return Trouble(str(error), error.passing)
        asked = authority(answer.address)
        if answer.status in _PASSING or answer.status >= 500:
            host.failures += 1
            after = retry_after(answer.headers) if answer.status in (429, 503) else None
            if after:
                until = (datetime.now(UTC) + timedelta(seconds=after)).isoformat(timespec="seconds")
                self._note(self._row(asked, until=until))
            told = f" and asked to be left alone for {after:.0f} seconds" if after else ""
            return Trouble(f"answered {answer.status}{told}", True, after=after)
        host.failures = 0
        return answer

    def _hop(self, address: str) -> None:
        """Before a redirect is followed: the other address is judged and waited for as any."""
        name = authority(address)
        host = self._frontier.host(name)
        if not self._rules(host).allow(address):
            raise Refused(f"redirects to {address}, which robots.txt forbids")
        if self._stop.wait(min(self._manners.delay, max(0.0, host.ready - time.monotonic()))):
            raise Failed("stopped", passing=True)
        host.ready = time.monotonic() + self._manners.delay

    def _until(self, name: str) -> float:
        row = self._rows.get(name)
        if row is None or not row.until:
            return 0.0
        return (datetime.fromisoformat(row.until) - datetime.now(UTC)).total_seconds()

    def _rules(self, host: Host[Job]) -> Rules:
        """The host's robots.txt, asked once a day. Raises `_RobotsSilent`, `Refused`."""
        if host.rules is not None:
            return host.rules
        row = self._rows.get(host.name)
        text = row.robots if row is not None else None
        read = datetime.fromisoformat(row.robots_read) if row is not None and row.robots_read else None
        if text is None or read is None or datetime.now(UTC) - read > timedelta(days=_ROBOTS_DAYS):
            text = self._robots(host.name)
            stamp = datetime.now(UTC).isoformat(timespec="seconds")
            self._note(self._row(host.name, robots=text, robots_read=stamp))
        host.rules = Rules(text)
        return host.rules

    def _robots(self, name: str) -> str:
        try:
            answer = get(f"{name}/robots.txt", self._limits, ROBOTS_SIZE, cut=True)
        except Failed as error:
            if not error.passing:
                return ""  # a circle of redirects, or endless: as if there were none
            raise _RobotsSilent(str(error)) from None
        text = robots_text(answer)
        if text is None:
            raise _RobotsSilent(f"answered {answer.status}")
        return text

    def _row(self, name: str, **changes: str) -> HostRow:
        old = self._rows.get(name) or HostRow(host=name)
        values: dict[str, str | None] = {"robots": old.robots, "robots_read": old.robots_read, "until": old.until}
        return HostRow(host=name, **{**values, **changes})

    def _note(self, row: HostRow) -> None:
        with self._lock:
            self._rows[row.host] = self._news[row.host] = row
