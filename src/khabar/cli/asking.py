"""`khabar events` and `khabar counts`: questions to the archive."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from khabar.cli.console import DEFAULT_ARCHIVE, ArchiveOption, opened, say, stdout, wrong_use
from khabar.cli.question import asks
from khabar.many import many

if TYPE_CHECKING:
    from khabar.archive import Query

AsJson = Annotated[bool, typer.Option("--json", help="A JSON array with every cell.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Comma-separated values with a header.")]
BidiOption = Annotated[bool, typer.Option("--bidi", help="Reorder Arabic for terminals that do not do it themselves.")]


@asks
def events(
    query: Query,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    limit: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="At most N rows; of a table 50 unless told.")
    ] = None,
    offset: Annotated[int, typer.Option(min=0, metavar="N", help="Leave out the first N rows.")] = 0,
    order: Annotated[str, typer.Option(help="date, -date (newest first), confidence, -confidence, article.")] = "-date",
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    bidi: BidiOption = False,
) -> None:
    """Who did what to whom: the acts that answer a question, newest first."""
    from khabar.cli.tables import events_table, footnote

    _one_form(as_json, as_csv)
    table = not (as_json or as_csv)
    asked = msgspec.structs.replace(query, limit=50 if table and limit is None else limit, offset=offset, order=order)
    with opened(archive) as book:
        rows = book.events(asked)
        if as_json:
            _print_json(rows)
        elif as_csv:
            from khabar.export import export

            export(rows, "csv", sys.stdout.buffer)
            sys.stdout.buffer.flush()
        else:
            found = list(rows)
            if found:
                stdout().print(events_table(found, bidi=bidi))
                if note := footnote(side for row in found for side in (row.actors, row.recipients)):
                    say(note)
            whole = len(found) + offset if limit is None and len(found) < 50 else book.count(query)
            say(f"{len(found)} of {many(whole, query.unit)}")


@asks
def counts(
    query: Query,
    by: Annotated[
        str,
        typer.Option(
            metavar="A,B,…",
            help="day, month or year, dyad, actor, recipient, actor_country, type, mode, status, country or geonames "
            "(of the place), context, outlet, …",
        ),
    ] = "month,dyad,type",
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    limit: Annotated[int | None, typer.Option(min=0, metavar="N", help="At most N rows.")] = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Tidy counts with mean intensity (-10 to 10), for pandas and R: `khabar counts --csv > counts.csv`."""
    from khabar.archive.counts import columns
    from khabar.cli.tables import mark_guesses, plain_table

    _one_form(as_json, as_csv)
    names = [name.strip() for name in by.split(",") if name.strip()]
    groups = columns(list(dict.fromkeys(names)))
    header = [*groups, "n", "intensity"]
    with opened(archive) as book:
        rows = book.counts(names, msgspec.structs.replace(query, limit=limit))
        sure = {} if as_json or as_csv else book.sure_groups(names, query)
    if as_json:
        _print_json(rows)
    elif as_csv:
        print(_csv(header, ([row[name] for name in header] for row in rows)), end="")
    else:
        marked, note = mark_guesses(rows, groups, sure)
        stdout().print(plain_table(header, [[row[name] for name in header] for row in marked]))
        if note:
            say(note)


def _one_form(*chosen: bool) -> None:
    if sum(chosen) > 1:
        raise wrong_use("--json and --csv: choose one")


def _print_json(rows: Iterable[Any]) -> None:
    """A JSON array, written as its rows come."""
    write = sys.stdout.buffer.write
    write(b"[")
    for number, row in enumerate(rows):
        write((b",\n" if number else b"\n") + msgspec.json.encode(row))
    write(b"\n]\n")
    sys.stdout.buffer.flush()


def _csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(header)
    out.writerows(["" if cell is None else cell for cell in row] for row in rows)
    return text.getvalue()
