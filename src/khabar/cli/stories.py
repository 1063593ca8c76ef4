"""`khabar link`, `khabar happenings`, and what `show --happening` and `--thread` print."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from khabar.cli.console import DEFAULT_ARCHIVE, ArchiveOption, opened, say, stdout, writer
from khabar.cli.progress import Progress
from khabar.cli.question import asks
from khabar.many import many

if TYPE_CHECKING:
    from khabar.archive import Archive, Query
    from khabar.archive.happenings import Happening, Told


def link(
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    anew: Annotated[bool, typer.Option("--anew", help="Take all happenings out first and link all articles.")] = False,
) -> None:
    """Link what articles tell into happenings and threads; `khabar run` does it for what it stores."""
    with opened(archive, readonly=False) as book:
        with Progress(None) as progress:
            number = book.link(anew=anew, notice=progress.advance)
        print(f"archive {book.where}: {many(number, 'article')} linked")


@asks
def happenings(
    query: Query,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    min_reports: Annotated[int, typer.Option(min=1, metavar="N", help="Told by at least N articles.")] = 1,
    min_outlets: Annotated[int, typer.Option(min=1, metavar="N", help="Told by at least N outlets.")] = 1,
    order: Annotated[
        Literal["date", "-date"], typer.Option(help="Oldest or newest first.", metavar="date|-date")
    ] = "-date",
    limit: Annotated[int | None, typer.Option(min=0, metavar="N", help="At most N happenings.")] = 20,
    form: Annotated[
        Literal["table", "csv", "jsonl"],
        typer.Option("--format", help="How they are written.", metavar="table|csv|jsonl"),
    ] = "table",
    reports: Annotated[
        bool, typer.Option("--reports", help="jsonl: with all reports, and who says what of every cell.")
    ] = False,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="Where to write; - is standard output.")
    ] = "-",
) -> None:
    """What several articles tell together: each happening once, with the number of outlets and independent texts."""
    import msgspec

    from khabar.export.happenings import write_csv, write_jsonl

    asked = msgspec.structs.replace(query, unit="act", order=order, limit=limit)
    with opened(archive) as book:
        found = book.happenings(asked, min_reports=min_reports, min_outlets=min_outlets)
        if form == "table":
            shown: list[Happening] = []
            with writer(output, archive=archive, whole=True) as stream:
                for happening in found:
                    shown.append(happening)
                    stream.write(f"{line(happening)}\n".encode())
            _explain(shown)
            return
        with writer(output, archive=archive, whole=True) as stream:
            if form == "csv":
                write_csv(found, stream)
            else:
                write_jsonl((book.happening(one.id) for one in found) if reports else found, stream)


def _explain(shown: Iterable[Happening]) -> None:
    """Says what the marks in the lines of happenings mean, if there are any."""
    from khabar.cli.tables import footnote

    sides = (side for one in shown for side in (one.actors, one.recipients))
    if note := footnote([party for party in side if party.code] for side in sides):
        say(note)


def line(happening: Happening) -> str:
    """A happening on one line: id, days, type, parties, toll, how often told, title."""
    from khabar.cli.tables import parties

    days = happening.first or "undated"
    if happening.last and happening.last != happening.first:
        days = f"{days}/{happening.last}"
    kind = happening.type + (f" {happening.mode}" if happening.mode else "")
    if happening.status != "actual":
        kind += f" ({happening.status})"
    sides = [parties([party for party in side if party.code]) for side in (happening.actors, happening.recipients)]
    who = f"{sides[0] or '-'} > {sides[1]}" if sides[1] else sides[0] or "-"
    toll = " ".join(
        f"{kind}={value}".replace("=>=", ">=").replace("=<=", "<=") for kind, value in happening.toll.items()
    )
    told = f"{many(happening.reports, 'report')}, {many(happening.outlets, 'outlet')}, {many(happening.texts, 'text')}"
    return "  ".join(part for part in (happening.id, days, kind, who, toll, told, happening.title) if part)


def print_happening(book: Archive, id_: str) -> None:
    """A happening, its reports, and what they say of each cell."""
    told: Told = book.happening(id_)
    console = stdout()
    console.print(line(told.happening))
    if told.happening.thread:
        console.print(f"thread {told.happening.thread}")
    console.print()
    for report in told.reports:
        row = report.row
        copied = f"  (the text of {report.copy_of})" if report.copy_of else ""
        console.print(f"{row.published or 'undated'}  {row.article_id}  {row.outlet or row.source or ''}{copied}")
        console.print(f"    {row.text}")
    if told.cells:
        console.print()
    for cell in told.cells:
        mark = "" if cell.agree else "  differ"
        console.print(f"{cell.cell}{mark}")
        for said in cell.values:
            word = f", on the word of {', '.join(said.speakers)}" if said.speakers else ""
            by = ", ".join(said.outlets) or ", ".join(said.articles)
            console.print(f"    {said.value}  {len(said.articles)} ({by}{word})")
    _explain([told.happening])


def print_thread(book: Archive, id_: str) -> None:
    """A thread, its happenings from first to last."""
    timeline = book.thread(id_)
    thread = timeline.thread
    console = stdout()
    console.print(f"{thread.id}  {thread.first} to {thread.last}  {' '.join(thread.parties)}  {thread.title}")
    for happening in timeline.happenings:
        console.print(f"    {line(happening)}")
    _explain(timeline.happenings)
