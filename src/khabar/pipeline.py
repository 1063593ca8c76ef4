"""The whole way over many pages: sources -> articles -> coded -> resolved -> acts -> archive.

The steps are pure functions on batches (`code_batch`, `work`), so any engine can run them; `run` runs them over
processes in ordered, bounded queues and is the only one that writes. What is finished is stored at once, a batch whole
or not at all: a killed run goes on where it stopped, because pages that the archive holds with the same digest by the
same coder are not coded again. One bad page is a fault with its place and never stops the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache, partial
from typing import TYPE_CHECKING

import msgspec

from khabar.accounts import Account, Done, Report, Result
from khabar.archive import PATIENCE, Archive, ArchiveError, open_archive, patiently
from khabar.coders import DIED, TASK, code_batch, load_coder
from khabar.pages import Fault, Pause, Source, iter_stream, read_or_fault, repeated_lines
from khabar.records import Article, Page
from khabar.stories import acts
from khabar.workers import ordered

if TYPE_CHECKING:
    pass

WINDOW = 64  # pages over which lines that an outlet repeats are counted
CATCH_UP = 100  # articles that an earlier run stored and did not link
TASK_SIZE = 4_000_000  # characters of a window; large pages make small windows


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How a run works: coder's name, folder of own tables, what stands where a page does not say it, the archive whose
    pages are not coded again, and how many seconds its server is waited for when it does not answer."""

    coder: str = "auto"
    tables: str | None = None
    date: str | None = None
    outlet: str | None = None
    url: str | None = None
    archive: str | None = None
    patience: float = PATIENCE


class Task(msgspec.Struct, frozen=True):
    """Pages that go together, and for each the lines that its outlet repeats."""

    pages: tuple[Page, ...]
    repeated: tuple[frozenset[str], ...]
    faults: tuple[Fault, ...] = ()


def tasks(sources: Iterable[Source], settings: Settings) -> Iterator[Task]:
    """Sources in portions. Faults of sources travel with the portion they stood in, so that order is kept."""
    stream = iter_stream(sources)
    while window := list(_window(stream)):
        pages = [item for item in window if isinstance(item, Page)]
        counted = repeated_lines(msgspec.structs.replace(p, outlet=p.outlet or settings.outlet) for p in pages)
        for start in range(0, len(window), TASK):
            portion = window[start : start + TASK]
            own = tuple(item for item in portion if isinstance(item, Page))
            yield Task(
                own,
                tuple(counted.get(page.outlet or settings.outlet, frozenset()) for page in own),
                tuple(item for item in portion if isinstance(item, Fault)),
            )


def _window(stream: Iterator[Page | Fault | Pause]) -> Iterator[Page | Fault]:
    """The pages that go together: up to `WINDOW`, or `TASK_SIZE` characters, or till the source pauses."""
    size = number = 0
    for item in stream:
        if isinstance(item, Pause):
            if number:
                return
            continue
        yield item
        number += 1
        if number >= WINDOW:
            return
        if isinstance(item, Page):
            size += len(item.html or item.text or "")
            if size > TASK_SIZE:
                return


def work(task: Task, settings: Settings, archive: Archive | None = None) -> Done:
    """One task: read, leave out what the archive holds, code, resolve, link. Writes nothing.

    `archive` is the one to ask for what it holds; without it that of the settings is opened, once a process.
    """
    faults = list(task.faults)
    articles: list[Article] = []
    for page, repeated in zip(task.pages, task.repeated, strict=True):
        read = _read(page, settings, repeated)
        if isinstance(read, Fault):
            faults.append(read)
        else:
            articles.append(read)
    if archive is None and settings.archive is not None:
        archive = patiently(partial(_reader, settings.archive), settings.patience)
    fresh = _fresh(articles, archive, settings)
    results = []
    for article, coded in zip(fresh, code_batch(fresh, coder=settings.coder, tables=settings.tables), strict=True):
        if isinstance(coded, Fault):
            faults.append(coded)
        else:
            results.append(Result(article, coded, acts(coded)))
    return Done(
        pages=len(task.pages) + len(task.faults),
        results=tuple(results),
        faults=tuple(faults),
        known=len(articles) - len(fresh),
        read=tuple(article.source for article in articles if article.source),
    )


def _read(page: Page, settings: Settings, repeated: Collection[str]) -> Article | Fault:
    return read_or_fault(page, date=settings.date, outlet=settings.outlet, url=settings.url, repeated=repeated)


@cache
def _reader(archive: str) -> Archive:
    return open_archive(archive, create=False, readonly=True)


def _fresh(articles: list[Article], archive: Archive | None, settings: Settings) -> list[Article]:
    """Those that the archive does not hold as this coder would code them."""
    if archive is None or not articles:
        return articles
    known = patiently(partial(archive.known, articles, coder=load_coder(settings.coder).name), settings.patience)
    return [article for article, stored in zip(articles, known, strict=True) if not stored]


def run(
    sources: Iterable[Source],
    archive: Archive,
    settings: Settings,
    *,
    jobs: int = 1,
    notice: Callable[[Done], None] = lambda _: None,
) -> Report:
    """Pages of all sources into the archive. `notice` hears of every task when its articles are stored.

    Raises `KeyboardInterrupt` as it comes; what was finished before is in the archive. A server that does not answer is
    waited for; an archive that cannot be written any more (a full disk) ends the run with the reason in
    `Report.stopped`.
    """
    account = Account(archive, load_coder(settings.coder).name, settings.patience)
    # Other processes open the archive themselves; in this one it is open.
    function = partial(work, settings=settings, archive=archive if jobs < 2 else None)
    stream = ordered(function, tasks(sources, settings), jobs=jobs, parts=parts, lost=lost)
    try:
        for done in stream:
            account.store(done)
            notice(done)
        # What a killed run had stored and not linked; an archive of an older version is left to `khabar link`.
        patiently(partial(archive.link, limit=CATCH_UP), settings.patience)
    except ArchiveError as error:
        account.stopped = str(error)
    finally:
        stream.close()  # type: ignore[attr-defined]
        report = account.close()
    return report


def parts(task: Task) -> list[Task]:
    """A task split into its pages; the faults that it bears go with the first."""
    return [
        Task((page,), (repeated,), () if number else task.faults)
        for number, (page, repeated) in enumerate(zip(task.pages, task.repeated, strict=True))
    ]


def lost(task: Task) -> Done:
    """What stands for a task whose process died."""
    faults = tuple(Fault(page.source, None, DIED.format("page")) for page in task.pages)
    return Done(len(task.pages) + len(task.faults), faults=task.faults + faults)
