"""The whole way over many pages: sources -> articles -> coded -> resolved -> acts -> archive.

The steps are pure functions on batches (`code_batch`, `work`), so any engine can run them; `run` runs them over
processes in ordered, bounded queues and is the only one that writes. What is finished is stored at once, a batch whole
or not at all: a killed run goes on where it stopped, because pages that the archive holds with the same digest by the
same coder are not coded again. One bad page is a fault with its place and never stops the rest.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from khabar import __version__
from khabar.archive import PATIENCE, Archive, ArchiveError, Outcome, Run, open_archive, patiently
from khabar.articles import Line, read_line
from khabar.pages import Fault, Pause, Source, iter_stream, read_or_fault, repeated_lines
from khabar.records import Act, Article, CodedArticle, Page
from khabar.stories import acts
from khabar.workers import ordered

if TYPE_CHECKING:
    from khabar.coding import Coder
    from khabar.resolve import Tables

WINDOW = 64  # pages over which lines that an outlet repeats are counted
TASK = 8  # pages that one process takes at once, and that are stored together
DIED = "the process that worked on this {} died (out of memory?); it is left out"
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


@cache
def load_coder(name: str) -> Coder:
    """The coder of that name, once a process. Raises `ValueError` for a name that is none."""
    from khabar.coding import load_coder as load

    return load(name)


@cache
def load_tables(folder: str | None) -> Tables:
    """The resolver's tables, once a process; those of `folder` stand before the package's own."""
    from khabar.resolve import load_tables as load

    return load(Path(folder) if folder else None)


def code_batch(
    articles: Sequence[Article], *, coder: str = "auto", tables: str | None = None, why: bool = False
) -> list[CodedArticle | Fault]:
    """Articles to coded articles, resolved, in their order; a Fault stands for an article that could not be coded."""
    model, table = load_coder(coder), load_tables(tables)
    try:
        drafts: list[CodedArticle | Fault] = list(model.code_batch(articles, why=why))
    except Exception as error:  # one article never stops the rest
        if len(articles) == 1:
            return [_coding_fault(articles[0], error)]
        return [one for article in articles for one in code_batch([article], coder=coder, tables=tables, why=why)]
    return [
        draft if isinstance(draft, Fault) else _resolved(article, draft, table)
        for article, draft in zip(articles, drafts, strict=True)
    ]


def _resolved(article: Article, draft: CodedArticle, tables: Tables) -> CodedArticle | Fault:
    from khabar.resolve import resolve

    try:
        return resolve(article, draft, tables)
    except Exception as error:  # as above
        return _coding_fault(article, error)


def _coding_fault(article: Article, error: Exception) -> Fault:
    if os.environ.get("KHABAR_DEBUG"):
        raise error
    place, _, line = (article.source or "").rpartition(":")
    source, number = (place, int(line)) if place and line.isdigit() else (article.source or article.id, None)
    return Fault(source, number, f"article {article.id} could not be coded ({type(error).__name__}: {error})")


def code_lines(
    task: Sequence[Line], *, coder: str = "auto", tables: str | None = None, why: bool = False
) -> list[CodedArticle | Fault]:
    """Lines of JSON to coded articles: one result a line, in their order."""
    read = [read_line(line) for line in task]
    coded = iter(code_batch([a for a in read if isinstance(a, Article)], coder=coder, tables=tables, why=why))
    return [next(coded) if isinstance(item, Article) else item for item in read]


def code_stream(
    lines: Iterable[Line], *, coder: str = "auto", tables: str | None = None, jobs: int = 1, why: bool = False
) -> Iterator[CodedArticle | Fault]:
    """As `code_lines`, over any number of lines and `jobs` processes, in constant memory."""
    work_on: Callable[[tuple[Line, ...]], list[CodedArticle | Fault]] = partial(
        code_lines, coder=coder, tables=tables, why=why
    )
    results: Iterator[list[CodedArticle | Fault]] = ordered(
        work_on,
        _portions(lines, 1 if jobs < 2 else TASK),
        jobs=jobs,
        parts=lambda task: [(line,) for line in task],
        lost=lambda task: [Fault(x.source, x.number, DIED.format("article")) for x in task],
    )
    for result in results:
        yield from result


def _portions(lines: Iterable[Line], size: int) -> Iterator[tuple[Line, ...]]:
    source = iter(lines)
    while portion := tuple(islice(source, size)):
        yield portion


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
    started = time.monotonic()
    failing = {fault.source for fault in archive.faults()}
    coder = load_coder(settings.coder).name
    outcomes: Counter[str] = Counter()
    pages = faults = 0
    stopped = None
    # Other processes open the archive themselves; in this one it is open.
    function = partial(work, settings=settings, archive=archive if jobs < 2 else None)
    stream = ordered(function, tasks(sources, settings), jobs=jobs, parts=parts, lost=lost)
    try:
        for done in stream:
            outcomes.update(patiently(partial(store, archive, done, coder), settings.patience))
            if done.results:
                patiently(partial(archive.link, [r.article for r in done.results]), settings.patience)
            outcomes["same"] += done.known
            note_task(archive, done, failing, settings)
            pages, faults = pages + done.pages, faults + len(done.faults)
            notice(done)
        # What a killed run had stored and not linked; an archive of an older version is left to `khabar link`.
        patiently(partial(archive.link, limit=CATCH_UP), settings.patience)
    except ArchiveError as error:
        stopped = str(error)
    finally:
        stream.close()  # type: ignore[attr-defined]
        report = Report(
            pages=pages, outcomes=dict(outcomes), faults=faults, seconds=time.monotonic() - started, stopped=stopped
        )
        note_report(archive, report, coder)
    return report


def store(archive: Archive, done: Done, coder: str) -> list[Outcome]:
    """The articles of a task into the archive, in one transaction."""
    return archive.add_batch([(r.article, r.coded, r.acts) for r in done.results], coder=coder)


def note_task(archive: Archive, done: Done, failing: set[str], settings: Settings) -> None:
    """Notes what failed in a task, and that sources which were `failing` have been read now."""
    read = failing.intersection(done.read)
    if done.faults or read:
        failed = [(fault_place(fault), fault.message) for fault in done.faults]
        patiently(partial(archive.note_faults, failed, read), settings.patience)


def fault_place(fault: Fault) -> str:
    """Where a fault stood: path, or path:line."""
    return fault.source if fault.line is None else f"{fault.source}:{fault.line}"


def note_report(archive: Archive, report: Report, coder: str) -> None:
    """Notes the run in the archive; a full disk is told by the run itself."""
    known = report.outcomes.get("same", 0)
    run = Run(
        seconds=round(report.seconds, 3), coder=coder, version=__version__, pages=report.pages,
        stored=sum(report.outcomes.values()) - known, known=known, failed=report.faults, stopped=report.stopped,
    )  # fmt: skip
    with suppress(ArchiveError):
        archive.note_run(run)


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
