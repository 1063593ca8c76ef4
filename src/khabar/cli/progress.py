"""Progress on standard error: a bar with rate and time left in a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Self

from khabar.logs import look, note

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

EVERY = 10.0  # seconds between two plain lines


def count_pages(sources: Iterable[str]) -> int | None:
    """How many pages there will be; None where it cannot be known before."""
    from khabar.pages.sources import count_pages as count

    total = 0
    for source in sources:
        found = count(source)
        if found is None:
            return None
        total += found
    return total


class Progress:
    """Context manager: `advance` counts pages. What is printed to standard error meanwhile stands above the bar."""

    def __init__(self, total: int | None, *, shown: bool = True) -> None:
        self._total = total
        self._done = 0
        self._started = self._told = time.monotonic()
        self._plain = shown and (not sys.stderr.isatty() or look().form == "json")
        self._bar: Bar | None = None
        self._task: TaskID | None = None
        if shown and not self._plain:
            self._bar = _bar()

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
            self._task = self._bar.add_task("pages", total=self._total, rate="")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def advance(self, pages: int) -> None:
        """`pages` more are done."""
        self._done += pages
        now = time.monotonic()
        rate = self._done / max(now - self._started, 1e-6)
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, advance=pages, rate=f"{rate:.1f} pages/s")
        elif self._plain and now - self._told >= EVERY:
            self._told = now
            self._tell(rate)

    def _tell(self, rate: float) -> None:
        seconds = None if self._total is None else max(self._total - self._done, 0) / rate
        left = "" if seconds is None else f" of {self._total}, {_span(seconds)} left"
        message = f"{self._done} {'page' if self._done == 1 else 'pages'}{left}, {rate:.1f} pages/s"
        if look().form == "json":
            note(message, pages=self._done, total=self._total, rate=round(rate, 2), seconds_left=seconds)
        else:
            print(message, file=sys.stderr, flush=True)


def _span(seconds: float) -> str:
    minutes, rest = divmod(int(max(seconds, 0)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _bar() -> Bar:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    return Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("left"),
        console=Console(stderr=True),
        transient=False,
    )
