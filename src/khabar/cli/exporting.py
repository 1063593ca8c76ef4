"""`khabar export`: the archive as files that other programs read."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from khabar.cli import incremental
from khabar.cli.console import DEFAULT_ARCHIVE, ArchiveOption, Problem, check_output, opened, say, writer, wrong_use
from khabar.cli.question import asks
from khabar.many import many

if TYPE_CHECKING:
    from khabar.archive import Query


@asks
def export(
    format: Annotated[
        str,
        typer.Argument(
            help="polecat, icews, csv, xlsx, jsonl, parquet, geojson, graphml, happenings or corrections.",
            show_default=False,
        ),
    ],
    query: Query,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="Where to write; - is standard output.")
    ],
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    limit: Annotated[int | None, typer.Option(min=0, metavar="N", help="At most N rows.")] = None,
    bom: Annotated[bool, typer.Option("--bom", help="csv: a byte order mark, so that Excel reads it right.")] = False,
    all_statuses: Annotated[
        bool, typer.Option("--all", help="polecat, icews: also what is planned, possible or denied.")
    ] = False,
    changes: Annotated[
        Path | None,
        typer.Option(
            "--changes",
            metavar="FILE",
            help="With --changed-since: which articles were added, changed or withdrawn, as JSONL.",
            show_default=False,
        ),
    ] = None,
    since_last: Annotated[
        Path | None,
        typer.Option(
            "--since-last",
            metavar="FILE",
            help="Changed since the moment in this file (all if there is none); the "
            "moment to go on from is written there.",
            show_default=False,
        ),
    ] = None,
    articles: Annotated[
        Path | None,
        typer.Option(
            "--articles", metavar="FILE", help="corrections: also the articles, as JSONL.", show_default=False
        ),
    ] = None,
    complete: Annotated[
        bool, typer.Option("--complete", help="corrections: only articles whose every event a person judged.")
    ] = False,
) -> None:
    """The archive, or the answer to a question, as a file for other programs.

    For publishing what is new: --since with a time of day (2026-11-26T13:00:00Z) is --changed-since.
    """
    import msgspec

    from khabar.export import FORMATS, ExportError
    from khabar.export import export as write

    check_output(output, archive=archive)
    for option, file in (("--changes", changes), ("--since-last", since_last), ("--articles", articles)):
        check_output(file, option=option, archive=archive)
        if file is not None and output != "-" and file.resolve() == Path(output).resolve():
            raise wrong_use(f"{option} {file}: is also where -o writes; name another file")
    if format == "happenings":
        _happenings(archive, query, output, limit, bom)
        return
    if format == "corrections":
        _corrections(archive, query.article, output, articles, complete)
        return
    if articles is not None or complete:
        raise wrong_use("--articles and --complete belong to the format corrections")
    if format not in FORMATS:
        raise wrong_use(f"no format {format!r}; formats are {' '.join(FORMATS)} happenings corrections")
    options = {name: True for name, wanted in (("bom", bom), ("all_statuses", all_statuses)) if wanted}
    query, begun = incremental.question(query, since_last), datetime.now(UTC)
    if changes is not None and query.changed_since is None and since_last is None:
        raise wrong_use("--changes: says what changed since a moment; give --changed-since or --since-last")
    with opened(archive) as book:
        if changes is not None:
            # Before the rows: an article named without rows would be taken out and not put in again.
            incremental.write_changes(book, query.changed_since, changes)
        rows = book.events(msgspec.structs.replace(query, order="date", limit=limit))
        try:
            if output == "-":
                write(rows, format, sys.stdout.buffer, **options)
                sys.stdout.buffer.flush()
            else:
                number = write(rows, format, Path(output), **options)
                say(f"{output}: {many(number, query.unit)}")
        except ExportError as error:
            raise wrong_use(str(error)) from None
        except BrokenPipeError:
            raise
        except OSError as error:
            raise Problem(
                f"{output}: cannot be written: {error.strerror}; what was there before is untouched"
            ) from None
    if since_last is not None or query.changed_since:
        incremental.go_on(begun, since_last)


def _corrections(
    archive: str, wanted: str | tuple[str, ...], output: str, articles: Path | None, complete: bool
) -> None:
    """Articles that people corrected, in the gold's written form."""
    from khabar.export import corrections

    ids = (wanted,) if isinstance(wanted, str) else wanted
    with opened(archive) as book:
        rows = [row for row in book.corrected() if not ids or row.id in ids]
        told, texts, events = [], [], 0
        for row in rows:
            judged = book.judged_of(row.id)
            if complete and not corrections.complete(judged):
                continue
            article, coded = book.article(row.id)
            told.append(corrections.written(article, coded, judged, book.judged_article(row.id)))
            texts.append(corrections.article_line(article))
            events += sum(one.standing is not None and one.standing.verdict != "undone" for one in judged)
    with writer(output, whole=True) as stream:
        stream.write("".join(told).encode())
    if articles is not None:
        with writer(str(articles), whole=True) as stream:
            stream.write(b"".join(texts))
    if output != "-":
        say(f"{output}: {many(len(told), 'article')}, {many(events, 'corrected event')}")


def _happenings(archive: str, query: Query, output: str, limit: int | None, bom: bool) -> None:
    """What several articles tell, once: CSV unless the file is called .jsonl, which has all reports too."""
    import msgspec

    from khabar.export.happenings import write_csv, write_jsonl

    asked = msgspec.structs.replace(query, unit="act", order="date", limit=limit)
    with opened(archive) as book, writer(output, whole=True) as stream:
        found = book.happenings(asked)
        if output.lower().endswith((".jsonl", ".ndjson")):
            number = write_jsonl((book.happening(one.id) for one in found), stream)
        else:
            number = write_csv(found, stream, bom=bom)
    if output != "-":
        say(f"{output}: {many(number, 'happening')}")
