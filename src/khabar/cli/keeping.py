"""`khabar status`, `khabar forget` and `khabar migrate`: looking after an archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from khabar.cli.console import DEFAULT_ARCHIVE, ArchiveOption, Faults, opened, say, stdout
from khabar.many import many

if TYPE_CHECKING:
    from collections.abc import Mapping

    from khabar.archive import Run
    from khabar.archive.follows import FeedRow

SHOWN = 20  # failed sources that `status` names


def status(
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """What the archive holds, what was read and what failed."""
    import msgspec

    with opened(archive) as book:
        state, runs, failing = book.status(), book.runs(), book.faults()
        feeds, entries = book.follows.feeds(), book.follows.counts()
    if as_json:
        followed = {"feeds": list(feeds.values()), "followed": entries}
        whole = {**msgspec.to_builtins(state), "runs": runs, "failed": failing, **followed}
        print(msgspec.json.format(msgspec.json.encode(whole), indent=1).decode())
        return
    from khabar.cli.report import undated

    size = "" if state.bytes is None else f", {state.bytes / 2**20:.1f} MB"
    lines = [
        ("archive", f"{state.location} ({state.database}{size}, schema {state.schema})"),
        ("articles", f"{state.articles} shown, {many(state.versions, 'version')}, {many(state.outlets, 'outlet')}"),
        ("published", (f"{state.first} to {state.last}" if state.first else "no dates") + undated(state)),
        ("events", f"{many(state.events, 'event')}, {many(state.acts, 'act')}"),
        ("dropped", f"{many(state.dropped_lines, 'line')}, no text of an article"),
        ("last added", state.last_added or "never"),
        *(("coder", f"{name}{f' {model}' if model else ''}: {many(n, 'article')}") for name, model, n in state.coders),
        *(("run", _run(run)) for run in runs[:3]),
        *_followed(feeds, entries),
        ("failed", f"{many(len(failing), 'source')} gave no article when last read"),
        *(("", f"{one.source}: {one.message} ({one.at})") for one in failing[:SHOWN]),
    ]
    if len(failing) > SHOWN:
        lines.append(("", f"and {len(failing) - SHOWN} more: khabar status --json"))
    console = stdout()
    for name, value in lines:
        console.print(f"{name:<11} {value}")


def _followed(feeds: Mapping[str, FeedRow], entries: Mapping[str, int]) -> list[tuple[str, str]]:
    if not feeds:
        return []
    failing = sum(feed.state in ("failing", "gone") for feed in feeds.values())
    last = max((feed.asked or "" for feed in feeds.values()), default="")
    told = ", ".join(f"{n} {state}" for state, n in entries.items())
    return [
        ("followed", f"{many(len(feeds), 'feed')}, {failing} failing, last asked {last}; articles: {told or 'none'}")
    ]


def _run(run: Run) -> str:
    stopped = f"; stopped: {run.stopped}" if run.stopped else ""
    return (
        f"{run.ended}: {many(run.pages, 'page')} in {run.seconds:.1f} s, {run.stored} stored, {run.known} known, "
        f"{run.failed} failed ({run.coder}, khabar {run.version}){stopped}"
    )


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
                print(f"{name}: forgotten ({many(versions, 'version')})")
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
    if done.before < 2:
        say("the articles are to be linked into happenings once: khabar link")
