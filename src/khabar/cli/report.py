"""The short report at the end of a run: what was read, and what the archive holds now."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from khabar.archive import Query
from khabar.cli.tables import footnote, kind, mark_guesses, parties, plain_table, when, where
from khabar.many import many

if TYPE_CHECKING:
    from rich.console import Console

    from khabar.accounts import Report
    from khabar.archive import Archive, Row, Status

PAIRS, LATEST = 10, 10


def report(archive: Archive, result: Report, console: Console) -> None:
    """Prints it."""
    out = result.outcomes
    rate = result.pages / result.seconds if result.seconds else 0.0
    told = [
        f"{out.get('added', 0)} new", f"{out.get('version', 0)} changed", f"{out.get('recoded', 0)} coded anew",
        f"{out.get('same', 0)} known", f"{result.faults} failed",
    ]  # fmt: skip
    console.print(f"{many(result.pages, 'page')} in {result.seconds:.1f} s ({rate:.1f} a second): {', '.join(told)}")
    status = archive.status()
    if not status.articles:
        console.print(f"The archive {status.location} is empty.")
        return
    days = (f", published {status.first} to {status.last}" if status.first else "") + undated(status)
    console.print(
        f"Archive {status.location}: {many(status.articles, 'article')} of {many(status.outlets, 'outlet')}{days}; "
        f"{many(status.events, 'event')}, {many(status.acts, 'act')}\n"
    )
    by_type = sorted(archive.counts(["type"]), key=lambda row: -_number(row["n"]))
    console.print("Acts by type")
    console.print(
        plain_table(("type", "n", "mean intensity"), ([r["type"], r["n"], _mean(r["intensity"])] for r in by_type))
    )
    pairs = sorted(archive.counts(["dyad"]), key=lambda row: -_number(row["n"]))[:PAIRS]
    if pairs:
        pairs, note = mark_guesses(pairs, ("source", "target"), archive.sure_groups(["dyad"]))
        console.print("\nMost active pairs of parties")
        console.print(
            plain_table(
                ("source", "target", "n", "mean intensity"),
                ([r["source"], r["target"], r["n"], _mean(r["intensity"])] for r in pairs),
            )
        )
        if note:
            console.print(note)
    console.print("\nLatest acts with a known actor")
    rows = archive.events(Query(order="-date", limit=LATEST * 20, status="actual"))
    latest = list(islice((row for row in rows if row.actors and parties(row.actors) != "?"), LATEST))
    console.print(
        plain_table(("date", "type", "actor", "recipient", "place", "article", "trigger"), map(_line, latest))
    )
    if note := footnote(side for row in latest for side in (row.actors, row.recipients)):
        console.print(note)


def undated(status: Status) -> str:
    """How many articles have no day of publication, and what that costs; empty where all have one."""
    if not status.undated:
        return ""
    return f' ({status.undated} without a date: "today" and the like stay open there; `--date` gives one)'


def _line(row: Row) -> list[str]:
    return [
        when(row), kind(row), parties(row.actors), parties(row.recipients),
        where(row), row.article_id, row.trigger,
    ]  # fmt: skip


def _mean(value: object) -> str:
    return f"{value:.1f}" if isinstance(value, int | float) else ""


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
