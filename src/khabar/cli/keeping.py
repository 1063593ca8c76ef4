"""`khabar status`, `khabar forget` and `khabar migrate`: looking after an archive."""

from __future__ import annotations

from typing import Annotated

import typer

from khabar.cli.console import DEFAULT_ARCHIVE, ArchiveOption, Faults, opened, stdout


def status(
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """What the archive holds, what was read and what failed."""
    import msgspec

    with opened(archive) as book:
        state = book.status()
    if as_json:
        print(msgspec.json.encode(state).decode())
        return
    size = "" if state.bytes is None else f", {state.bytes / 2**20:.1f} MB"
    lines = [
        ("archive", f"{state.location} ({state.database}{size}, schema {state.schema})"),
        ("articles", f"{state.articles} shown, {state.versions} versions, {state.outlets} outlets"),
        ("published", f"{state.first} to {state.last}" if state.first else "no dates"),
        ("events", f"{state.events} events, {state.acts} acts"),
        ("dropped", f"{state.dropped_lines} lines that are no text of an article"),
        ("last added", state.last_added or "never"),
        *(("coder", f"{name}{f' {model}' if model else ''}: {n} articles") for name, model, n in state.coders),
    ]
    console = stdout()
    for name, value in lines:
        console.print(f"{name:<11} {value}")


def forget(
    articles: Annotated[list[str], typer.Argument(help="Ids or addresses of articles.", show_default=False)],
    archive: ArchiveOption = DEFAULT_ARCHIVE,
) -> None:
    """Take articles and all that came from them out of the archive."""
    faults = Faults()
    with opened(archive, readonly=False) as book:
        for name in articles:
            versions = book.forget(name)
            if versions:
                print(f"{name}: forgotten ({versions} version{'' if versions == 1 else 's'})")
            else:
                faults.add(f"archive {book.where}: no article {name!r}")
    faults.end("article")


def migrate(archive: ArchiveOption = DEFAULT_ARCHIVE) -> None:
    """Bring an older archive up to date; an SQLite file is copied beside itself before."""
    from khabar.archive import migrate_archive

    done = migrate_archive(archive)
    if done.before == done.after:
        print(f"archive {archive}: up to date (schema {done.after})")
        return
    kept = f"; backup: {done.backup}" if done.backup else ""
    print(f"archive {archive}: schema {done.before} to {done.after}{kept}")
