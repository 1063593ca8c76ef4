"""`khabar run`: the whole way, from pages to the archive, with progress and a short report."""

from __future__ import annotations

import logging
from typing import Annotated

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
    TablesOption,
    UrlOption,
    check_coder,
    check_date,
    check_tables,
    opened,
    say,
    stdout,
)
from khabar.logs import look


def run(
    pages: Annotated[
        list[str],
        typer.Argument(help="HTML, text or JSONL files, folders of any mix; - is standard input.", show_default=False),
    ],
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    jobs: JobsOption = 1,
    coder: CoderOption = "auto",
    tables: TablesOption = None,
    date: DateOption = None,
    outlet: OutletOption = None,
    url: UrlOption = None,
    patience: PatienceOption = 600,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no report.")] = False,
) -> None:
    """Pages into the archive, the whole way, with a short report at the end.

    Running again goes on where it stopped: a page that the archive holds with the same text is not coded again, a
    changed one becomes a new version. One bad page never stops the rest.
    """
    from khabar.cli.progress import Progress, count_pages
    from khabar.cli.report import report
    from khabar.pipeline import Done, Settings
    from khabar.pipeline import run as whole_way

    check_date(date)
    check_coder(coder)
    folder = check_tables(tables)
    faults = Faults()
    with opened(archive, create=True, readonly=False) as book:
        settings = Settings(
            coder=coder, tables=folder, date=date, outlet=outlet, url=url, archive=archive, patience=patience
        )
        with Progress(None if quiet else count_pages(pages), shown=not quiet) as progress:

            def notice(done: Done) -> None:
                for fault in done.faults:
                    faults.add(fault)
                progress.advance(done.pages)

            result = whole_way(pages, book, settings, jobs=jobs, notice=notice)
        if look().form == "json":
            say(f"{result.pages} pages in {result.seconds:.1f} s", pages=result.pages, failed=result.faults,
                seconds=round(result.seconds, 3), stopped=result.stopped, **result.outcomes)  # fmt: skip
        elif not quiet:
            report(book, result, stdout())
    if result.stopped:
        say(result.stopped, logging.ERROR)
        raise typer.Exit(FAILED)
    faults.end("page")
