"""`khabar run`: the whole way, from pages to the archive, with progress and a short report."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from khabar.cli.console import (
    DEFAULT_ARCHIVE,
    FAILED,
    ArchiveOption,
    CoderOption,
    DateOption,
    Faults,
    JobsOption,
    OutletOption,
    PatienceOption,
    Problem,
    TablesOption,
    UrlOption,
    check_coder,
    check_date,
    check_tables,
    check_url,
    opened,
    say,
    stdout,
)
from khabar.logs import look
from khabar.many import many

if TYPE_CHECKING:
    from khabar.accounts import Done, Report
    from khabar.archive import Archive
    from khabar.pipeline import Settings


def run(
    pages: Annotated[
        list[str],
        typer.Argument(help="HTML, text, JSONL, WARC; folders of any mix; - is standard input.", show_default=False),
    ],
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    jobs: JobsOption = 1,
    coder: CoderOption = "auto",
    tables: TablesOption = None,
    date: DateOption = None,
    outlet: OutletOption = None,
    url: UrlOption = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            show_default=False,
            help="Code on the workers of this Dask scheduler (tcp://host:8786), with an archive on PostgreSQL.",
        ),
    ] = None,
    partitioned: Annotated[
        bool, typer.Option("--partitioned", help="A new archive on PostgreSQL: in parts by month of publication.")
    ] = False,
    patience: PatienceOption = 600,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no report.")] = False,
) -> None:
    """Pages into the archive, the whole way, with a short report at the end.

    Running again goes on where it stopped: a page that the archive holds with the same text is not coded again, a
    changed one becomes a new version. One bad page never stops the rest.
    """
    from khabar.cli.progress import Progress, count_pages
    from khabar.cli.report import report
    from khabar.pipeline import Settings
    from khabar.pipeline import run as whole_way

    check_date(date)
    check_url(url, pages)
    check_coder(coder)
    folder = check_tables(tables)
    faults = Faults()
    with opened(archive, create=True, readonly=False, partitioned=partitioned) as book:
        settings = Settings(
            coder=coder, tables=folder, date=date, outlet=outlet, url=url, archive=archive, patience=patience
        )
        with Progress(None if quiet else count_pages(pages), shown=not quiet) as progress:

            def notice(done: Done) -> None:
                for fault in done.faults:
                    faults.add(fault)
                progress.advance(done.pages)

            if scheduler is None:
                result = whole_way(pages, book, settings, jobs=jobs, notice=notice)
            else:
                result = _on_cluster(scheduler, pages, book, settings, archive, notice)
        if look().form == "json":
            say(f"{many(result.pages, 'page')} in {result.seconds:.1f} s", pages=result.pages, failed=result.faults,
                seconds=round(result.seconds, 3), stopped=result.stopped, **result.outcomes)  # fmt: skip
        elif not quiet:
            report(book, result, stdout())
    if result.stopped:
        say(result.stopped, logging.ERROR)
        raise typer.Exit(FAILED)
    faults.end("page")


def _on_cluster(
    scheduler: str, pages: list[str], book: Archive, settings: Settings, address: str, notice: Callable[[Done], None]
) -> Report:
    """The run on Dask's workers."""
    from khabar import cluster

    try:
        client = cluster.connected(scheduler)
    except ModuleNotFoundError:
        raise Problem("--scheduler needs Dask; install it with: pip install 'khabar[dask]'") from None
    except (OSError, ValueError) as error:
        raise Problem(f"--scheduler {scheduler}: no Dask scheduler answers there ({error})") from None
    with client:
        try:
            return cluster.run(client, pages, book, settings, address=address, notice=notice)
        except cluster.Unlike as error:
            raise Problem(str(error)) from None
