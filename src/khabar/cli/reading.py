"""`khabar read`: pages to articles."""

from __future__ import annotations

from typing import Annotated

import typer

from khabar.cli.console import DateOption, Faults, OutletOption, OutputOption, UrlOption, check_date, check_url, writer


def read(
    pages: Annotated[
        list[str],
        typer.Argument(help="HTML, text, JSONL, WARC; folders of any mix; - is standard input.", show_default=False),
    ],
    output: OutputOption = "-",
    date: DateOption = None,
    outlet: OutletOption = None,
    url: UrlOption = None,
) -> None:
    """Pages to articles, one a line of JSON: title, paragraphs, date with its evidence, and every dropped line."""
    from khabar import pages as room
    from khabar.records import Article, encode

    check_date(date)
    check_url(url, pages)
    faults = Faults()
    with writer(output, pages) as stream:
        for page in pages:
            for item in room.read(page, date=date, outlet=outlet, url=url):
                if isinstance(item, Article):
                    stream.write(encode(item) + b"\n")
                else:
                    faults.add(item)
    faults.end()
