"""`khabar doctor`: what is installed and whether it works."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from khabar.cli.console import (
    DEFAULT_ARCHIVE,
    FAILED,
    ArchiveOption,
    CoderOption,
    Faults,
    TablesOption,
    check_coder,
    check_tables,
    stdout,
)


def doctor(
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    coverage: Annotated[
        Path | None,
        typer.Option(metavar="ARTICLES", help="List the commonest mentions there that the tables do not name."),
    ] = None,
    coder: CoderOption = "auto",
    tables: TablesOption = None,
    top: Annotated[int, typer.Option(min=1, metavar="N", help="With --coverage: how many mentions.")] = 30,
) -> None:
    """What is installed, the model, the tables, the archive: what works and what to do about what does not."""
    from khabar import doctor as room

    if coverage is not None:
        _coverage(coverage, coder, check_tables(tables), top)
        return
    console = stdout()
    checks = room.checks(archive, str(tables) if tables else None)
    for check in checks:
        mark = {"good": "ok", "absent": "--", "bad": "!!"}[check.state]
        console.print(f"{mark}  {check.name:<12} {check.message}")
    if any(check.state == "bad" for check in checks):
        raise typer.Exit(FAILED)


def _coverage(path: Path, coder: str, tables: str | None, top: int) -> None:
    from khabar.cli.tables import plain_table
    from khabar.coders import code_batch
    from khabar.doctor import coverage
    from khabar.pages import Fault, read
    from khabar.records import Article, CodedArticle

    check_coder(coder)
    faults = Faults()

    def coded() -> list[CodedArticle]:
        found = []
        for item in read(path):
            results = code_batch([item], coder=coder, tables=tables) if isinstance(item, Article) else [item]
            for one in results:
                if isinstance(one, Fault):
                    faults.add(one)
                else:
                    found.append(one)
        return found

    result = coverage(coded())
    console = stdout()
    for role, (resolved, named, whole) in result.shares.items():
        console.print(
            f"{role:<8} {resolved} of {whole} resolved ({resolved / whole:.1%}), "
            f"{named} by the tables ({named / whole:.1%})"
        )
    rows = [(role, n, text, "", "") for (role, text), n in result.unresolved.items()]
    rows += [(role, n, text, code, method) for (role, text, code, method), n in result.inferred.items()]
    if rows:
        rows.sort(key=lambda row: (-row[1], row[3] != "", row[0], row[2]))
        console.print()
        console.print(plain_table(("role", "n", "mention", "taken for", "by"), rows[:top]))
    faults.end()
