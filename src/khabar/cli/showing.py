"""`khabar show`: an article with its events marked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from khabar.cli.console import (
    DEFAULT_ARCHIVE,
    ArchiveOption,
    CoderOption,
    DateOption,
    Faults,
    OutletOption,
    TablesOption,
    check_coder,
    check_date,
    check_tables,
    opened,
    say,
    stdout,
    writer,
    wrong_use,
)

if TYPE_CHECKING:
    from khabar.records import Article, CodedArticle


def show(
    article: Annotated[
        str | None,
        typer.Argument(help="An id or address in the archive, or a file: a page, or JSONL.", show_default=False),
    ] = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    why: Annotated[bool, typer.Option("--why", help="Why each event was coded, and what nearly was one.")] = False,
    html: Annotated[
        str | None, typer.Option("--html", metavar="FILE", help="Write a page of HTML instead; - is standard output.")
    ] = None,
    coder: CoderOption = "auto",
    tables: TablesOption = None,
    date: DateOption = None,
    outlet: OutletOption = None,
    happening: Annotated[
        str | None,
        typer.Option("--happening", metavar="ID", help="A happening instead: its reports, and who says what."),
    ] = None,
    thread: Annotated[
        str | None, typer.Option("--thread", metavar="ID", help="A thread instead: its happenings, first to last.")
    ] = None,
    bidi: Annotated[
        bool, typer.Option("--bidi", help="Reorder Arabic for terminals that do not do it themselves.")
    ] = False,
) -> None:
    """An article with its events marked and listed under it, in the terminal or as a page of HTML."""
    from khabar.cli import stories
    from khabar.show import show_html, show_terminal

    if sum(one is not None for one in (article, happening, thread)) != 1:
        raise wrong_use("name one: an article, or --happening ID, or --thread ID")
    if article is None:
        with opened(archive) as book:
            if happening is not None:
                stories.print_happening(book, happening)
            else:
                stories.print_thread(book, thread or "")
        return
    check_date(date)
    faults = Faults()
    if article == "-" or Path(article).exists():
        check_coder(coder)
        pairs = list(_coded(article, coder, check_tables(tables), why, date, outlet, faults))
    else:
        with opened(archive) as book:
            pairs = [book.article(article)]
        if why and not any(event.why for event in pairs[0][1].events):
            pairs = _again(pairs[0][0], coder, check_tables(tables), faults)
    if html is not None:
        if len(pairs) > 1:
            say(f"{len(pairs)} articles; the page shows the first")
        with writer(html, [article], option="--html", archive=archive) as stream:
            stream.write("".join(show_html(*pair, why=why) for pair in pairs[:1]).encode())
    else:
        width = stdout().width
        for number, pair in enumerate(pairs):
            print("\n" * (number > 0) + show_terminal(*pair, why=why, bidi=bidi, width=min(width, 120)).rstrip("\n"))
    faults.end()


def _again(article: Article, coder: str, tables: str | None, faults: Faults) -> list[tuple[Article, CodedArticle]]:
    """The stored article coded once more, this time with reasons."""
    check_coder(coder)
    return list(_code([article], coder, tables, True, faults))


def _coded(
    source: str, coder: str, tables: str | None, why: bool, date: str | None, outlet: str | None, faults: Faults
) -> Iterator[tuple[Article, CodedArticle]]:
    from khabar.pages import read
    from khabar.records import Article

    for item in read(source, date=date, outlet=outlet):
        if isinstance(item, Article):
            yield from _code([item], coder, tables, why, faults)
        else:
            faults.add(item)


def _code(
    articles: list[Article], coder: str, tables: str | None, why: bool, faults: Faults
) -> Iterator[tuple[Article, CodedArticle]]:
    from khabar.coders import code_batch
    from khabar.pages import Fault

    for article, coded in zip(articles, code_batch(articles, coder=coder, tables=tables, why=why), strict=True):
        if isinstance(coded, Fault):
            faults.add(coded)
        else:
            yield article, coded
