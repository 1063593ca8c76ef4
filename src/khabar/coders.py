"""Articles to coded articles, resolved: what `khabar code` runs, and every way to the archive with it.

Comes in: articles, or lines of JSON that hold them. Goes out: for each, in its order, the coded article, or a `Fault`
that says why it could not be coded. Coder and tables are loaded once a process. No archive is opened here, and nothing
that reads pages is loaded before a line needs it: the first result should come soon.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from khabar.articles import Line, read_line
from khabar.pages import Fault
from khabar.records import Article, CodedArticle
from khabar.workers import ordered

if TYPE_CHECKING:
    from khabar.coding import Coder
    from khabar.resolve import Tables

TASK = 8  # pages that one process takes at once, and that are stored together
DIED = "the process that worked on this {} died (out of memory?); it is left out"


@cache
def load_coder(name: str) -> Coder:
    """The coder of that name, once a process. Raises `ValueError` for a name that is none."""
    from khabar.coding import load_coder as load

    return load(name)


@cache
def load_tables(folder: str | None) -> Tables:
    """The resolver's tables, once a process; those of `folder` stand before the package's own."""
    from khabar.resolve import load_tables as load

    return load(Path(folder) if folder else None)


def code_batch(
    articles: Sequence[Article], *, coder: str = "auto", tables: str | None = None, why: bool = False
) -> list[CodedArticle | Fault]:
    """Articles to coded articles, resolved, in their order; a Fault stands for an article that could not be coded."""
    model, table = load_coder(coder), load_tables(tables)
    try:
        drafts: list[CodedArticle | Fault] = list(model.code_batch(articles, why=why))
    except Exception as error:  # one article never stops the rest
        if len(articles) == 1:
            return [_coding_fault(articles[0], error)]
        return [one for article in articles for one in code_batch([article], coder=coder, tables=tables, why=why)]
    return [
        draft if isinstance(draft, Fault) else _resolved(article, draft, table)
        for article, draft in zip(articles, drafts, strict=True)
    ]


def _resolved(article: Article, draft: CodedArticle, tables: Tables) -> CodedArticle | Fault:
    from khabar.resolve import resolve

    try:
        return resolve(article, draft, tables)
    except Exception as error:  # as above
        return _coding_fault(article, error)


def _coding_fault(article: Article, error: Exception) -> Fault:
    if os.environ.get("KHABAR_DEBUG"):
        raise error
    place, _, line = (article.source or "").rpartition(":")
    source, number = (place, int(line)) if place and line.isdigit() else (article.source or article.id, None)
    return Fault(source, number, f"article {article.id} could not be coded ({type(error).__name__}: {error})")


def code_lines(
    task: Sequence[Line], *, coder: str = "auto", tables: str | None = None, why: bool = False
) -> list[CodedArticle | Fault]:
    """Lines of JSON to coded articles: one result a line, in their order."""
    read = [read_line(line) for line in task]
    coded = iter(code_batch([a for a in read if isinstance(a, Article)], coder=coder, tables=tables, why=why))
    return [next(coded) if isinstance(item, Article) else item for item in read]


def code_stream(
    lines: Iterable[Line], *, coder: str = "auto", tables: str | None = None, jobs: int = 1, why: bool = False
) -> Iterator[CodedArticle | Fault]:
    """As `code_lines`, over any number of lines and `jobs` processes, in constant memory."""
    work_on: Callable[[tuple[Line, ...]], list[CodedArticle | Fault]] = partial(
        code_lines, coder=coder, tables=tables, why=why
    )
    results: Iterator[list[CodedArticle | Fault]] = ordered(
        work_on,
        _portions(lines, 1 if jobs < 2 else TASK),
        jobs=jobs,
        parts=lambda task: [(line,) for line in task],
        lost=lambda task: [Fault(x.source, x.number, DIED.format("article")) for x in task],
    )
    for result in results:
        yield from result


def _portions(lines: Iterable[Line], size: int) -> Iterator[tuple[Line, ...]]:
    source = iter(lines)
    while portion := tuple(islice(source, size)):
        yield portion
