"""What a run did: its articles into the archive, its faults and counts noted there. Every run keeps one account,
wherever its pages are worked on."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

import msgspec

from khabar import __version__
from khabar.archive import Archive, ArchiveError, Outcome, Run, patiently
from khabar.pages import Fault
from khabar.records import Act, Article, CodedArticle


class Result(msgspec.Struct, frozen=True):
    """An article with all that is to be stored of it."""

    article: Article
    coded: CodedArticle
    acts: tuple[Act, ...]


class Done(msgspec.Struct, frozen=True):
    """What became of a task: `results` are to be stored; `known` counts articles that the archive held already,
    `read` names the sources that gave an article."""

    pages: int
    results: tuple[Result, ...] = ()
    faults: tuple[Fault, ...] = ()
    known: int = 0
    read: tuple[str, ...] = ()


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a run did. `outcomes` counts what the archive said of each article (`added`, `version`, `recoded`, `same`);
    `stopped` says why a run ended before its pages did."""

    pages: int
    outcomes: dict[str, int]
    faults: int
    seconds: float
    stopped: str | None = None


class Account:
    """The account of one run: `store` or `count` takes each task's end, `close` notes the run and gives its report.

    `stopped` is set to the reason where the run ends before its pages do, `coder` where its name is known late only. A
    server that does not answer is waited for, `patience` seconds; then, and where the archive cannot be written,
    `store` and `count` raise `ArchiveError`.
    """

    def __init__(self, archive: Archive, coder: str, patience: float) -> None:
        self.stopped: str | None = None
        self.coder = coder
        self._archive, self._patience = archive, patience
        self._begun = time.monotonic()
        self._failing = {fault.source for fault in archive.faults()}
        self._outcomes: Counter[str] = Counter()
        self._pages = self._faults = 0

    def store(self, done: Done, *, link: bool = True) -> list[Outcome]:
        """The articles of a task into the archive, in one transaction, and linked; then counted."""
        outcomes = patiently(partial(store, self._archive, done, self.coder), self._patience)
        if link and done.results:
            patiently(partial(self._archive.link, [r.article for r in done.results]), self._patience)
        self.count(done, outcomes)
        return outcomes

    def count(self, done: Done, outcomes: Sequence[Outcome]) -> None:
        """A task that is stored already: its counts; what failed is noted, and that what failed before was read now."""
        self._outcomes.update(outcomes)
        self._outcomes["same"] += done.known
        self._pages, self._faults = self._pages + done.pages, self._faults + len(done.faults)
        read = self._failing.intersection(done.read)
        if done.faults or read:
            failed = [(fault_place(fault), fault.message) for fault in done.faults]
            patiently(partial(self._archive.note_faults, failed, read), self._patience)

    def close(self) -> Report:
        """The run's report, noted in the archive too; a full disk is told by the run itself."""
        seconds = time.monotonic() - self._begun
        report = Report(
            pages=self._pages, outcomes=dict(self._outcomes), faults=self._faults, seconds=seconds,
            stopped=self.stopped,
        )  # fmt: skip
        known = self._outcomes["same"]
        run = Run(
            seconds=round(seconds, 3), coder=self.coder, version=__version__, pages=self._pages,
            stored=sum(self._outcomes.values()) - known, known=known, failed=self._faults, stopped=self.stopped,
        )  # fmt: skip
        with suppress(ArchiveError):
            self._archive.note_run(run)
        return report


def store(archive: Archive, done: Done, coder: str) -> list[Outcome]:
    """The articles of a task into the archive, in one transaction."""
    return archive.add_batch([(r.article, r.coded, r.acts) for r in done.results], coder=coder)


def fault_place(fault: Fault) -> str:
    """Where a fault stood: path, or path:line."""
    return fault.source if fault.line is None else f"{fault.source}:{fault.line}"
