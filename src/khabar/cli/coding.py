"""`khabar code`: articles to coded articles, one line each, in input order."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from khabar.cli.console import (
    CoderOption,
    Faults,
    JobsOption,
    OutputOption,
    TablesOption,
    check_coder,
    check_tables,
    writer,
)

if TYPE_CHECKING:
    from khabar.articles import Line


def code(
    articles: Annotated[
        list[str], typer.Argument(help="JSONL files of articles; - is standard input.", show_default=False)
    ],
    output: OutputOption = "-",
    coder: CoderOption = "auto",
    tables: TablesOption = None,
    jobs: JobsOption = 1,
    why: Annotated[bool, typer.Option("--why", help="Add reasons and near misses.")] = False,
) -> None:
    """Articles to coded articles: one line each, in input order, nothing else on standard output.

    An article is {"id", "paragraphs": [title, ...]} with "date", "outlet" and "url" where known. Nothing is coded in
    paragraphs that are no text of the article (`not_body`).
    """
    from khabar.coders import code_stream
    from khabar.pages import Fault
    from khabar.records import encode

    check_coder(coder)
    folder = check_tables(tables)
    faults = Faults()
    with writer(output, articles) as stream:
        items = (item for name in articles for item in _lines(name, faults))
        for item in code_stream(items, coder=coder, tables=folder, jobs=jobs, why=why):
            if isinstance(item, Fault):
                faults.add(item)
            else:
                stream.write(encode(item) + b"\n")
                if output == "-":
                    stream.flush()
    faults.end()


def _lines(name: str, faults: Faults) -> Iterator[Line]:
    """Every line of a file that is not blank, with where it stands."""
    from khabar.articles import lines

    if name == "-":
        yield from lines(sys.stdin.buffer, "standard input")
        return
    try:
        with Path(name).open("rb") as stream:
            yield from lines(stream, name)
    except OSError as error:
        faults.add(f"{name}: cannot be read: {error.strerror}")
