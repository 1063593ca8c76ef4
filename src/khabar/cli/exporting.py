"""`khabar export`: the archive as files that other programs read."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from khabar.cli.console import DEFAULT_ARCHIVE, ArchiveOption, Problem, opened, say, wrong_use
from khabar.cli.question import asks

if TYPE_CHECKING:
    from khabar.archive import Query


@asks
def export(
    format: Annotated[
        str,
        typer.Argument(help="polecat, icews, csv, xlsx, jsonl, parquet, geojson or graphml.", show_default=False),
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
) -> None:
    """The archive, or the answer to a question, as a file for other programs."""
    import msgspec

    from khabar.export import FORMATS, ExportError
    from khabar.export import export as write

    if format not in FORMATS:
        raise wrong_use(f"no format {format!r}; formats are {' '.join(FORMATS)}")
    options = {name: True for name, wanted in (("bom", bom), ("all_statuses", all_statuses)) if wanted}
    with opened(archive) as book:
        rows = book.events(msgspec.structs.replace(query, order="date", limit=limit))
        try:
            if output == "-":
                write(rows, format, sys.stdout.buffer, **options)
                sys.stdout.buffer.flush()
            else:
                number = write(rows, format, Path(output), **options)
                say(f"{output}: {number} {query.unit}s")
        except ExportError as error:
            raise wrong_use(str(error)) from None
        except BrokenPipeError:
            raise
        except OSError as error:
            raise Problem(
                f"{output}: cannot be written: {error.strerror}; what was there before is untouched"
            ) from None
