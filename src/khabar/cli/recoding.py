"""`khabar recode`: an archive coded anew by a newer coder."""

from __future__ import annotations

import contextlib
from typing import Annotated

import typer

from khabar.cli.console import (
    DEFAULT_ARCHIVE,
    ArchiveOption,
    CoderOption,
    Faults,
    JobsOption,
    PatienceOption,
    TablesOption,
    check_coder,
    check_tables,
    opened,
    say,
)
from khabar.many import many


def recode(
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    coder: CoderOption = "auto",
    tables: TablesOption = None,
    all_: Annotated[bool, typer.Option("--all", help="Also what this coder coded: after its tables changed.")] = False,
    jobs: JobsOption = 1,
    patience: PatienceOption = 600,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no report.")] = False,
) -> None:
    """Code the archive anew from the stored texts: what another coder coded, or all of it.

    Questions find the old coding until every article is coded; then articles change over, each whole. A recoding that
    was stopped goes on where it stopped. What people corrected stays corrected.
    """
    from khabar.cli.progress import Progress
    from khabar.pipeline import Settings
    from khabar.recoding import Coded
    from khabar.recoding import recode as anew

    check_coder(coder)
    folder = check_tables(tables)
    faults = Faults()
    with opened(archive, readonly=False) as book, contextlib.ExitStack() as stack:
        shown: list[Progress] = []

        def begun(articles: int) -> None:
            shown.append(stack.enter_context(Progress(articles, shown=not quiet)))

        def notice(done: Coded) -> None:
            for fault in done.faults:
                faults.add(fault)
            shown[0].advance(len(done.codings) + len(done.faults))

        settings = Settings(coder=coder, tables=folder, patience=patience)
        result = anew(book, settings, all_=all_, jobs=jobs, begun=begun, notice=notice)
    if not quiet:
        say(
            f"{many(result.replaced, 'article')} coded anew in {result.seconds:.1f} s"
            + (f" ({result.replaced - result.coded} of them in an earlier call)" if result.resumed else "")
            + (f"; {many(result.faults, 'article')} left with the old coding" if result.faults else ""),
            replaced=result.replaced, coded=result.coded, failed=result.faults, seconds=round(result.seconds, 3),
        )  # fmt: skip
    faults.end("article")
