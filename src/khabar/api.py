"""What `import khabar` offers: the commands as functions. Rooms are loaded when they are first used."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    import pandas as pd

    from khabar.archive import ArticleRow, Count, Hit, Query, Row, Status
    from khabar.archive.happenings import Told
    from khabar.pages import Fault
    from khabar.records import Article, CodedArticle


class CodingError(ValueError):
    """An article could not be coded; the message says which and why."""


def read(
    path: str | Path | BinaryIO,
    *,
    date: str | None = None,
    outlet: str | None = None,
    url: str | None = None,
    on_fault: Callable[[Fault], None] | None = None,
) -> Iterator[Article]:
    """Articles of a file, a folder, a binary stream or standard input (`-`), in input order.

    `date` (`YYYY-MM-DD`), `outlet` and `url` stand where the page does not say. What gives no article is handed to
    `on_fault`; without one it is a `UserWarning` with file, line and reason. One bad page never stops the rest.
    """
    from khabar.pages import Fault
    from khabar.pages import read as read_pages

    for item in read_pages(path, date=date, outlet=outlet, url=url):
        if not isinstance(item, Fault):
            yield item
        elif on_fault is not None:
            on_fault(item)
        else:
            warnings.warn(str(item), stacklevel=2)


def code(article: Article, *, coder: str = "auto", tables: str | Path | None = None, why: bool = False) -> CodedArticle:
    """What the article tells: events with parties, codes, places, times. Raises `CodingError`.

    `coder` is `baseline`, `neural` or `auto`; `tables` a folder of your own tables; `why` adds reasons.
    """
    return code_batch([article], coder=coder, tables=tables, why=why)[0]


def code_batch(
    articles: Iterable[Article], *, coder: str = "auto", tables: str | Path | None = None, why: bool = False
) -> list[CodedArticle]:
    """As `code`, for several articles, in their order. The result of one never depends on its neighbours."""
    from khabar.coders import code_batch as whole
    from khabar.pages import Fault

    found: list[CodedArticle] = []
    for one in whole(list(articles), coder=coder, tables=str(tables) if tables else None, why=why):
        if isinstance(one, Fault):
            raise CodingError(str(one))
        found.append(one)
    return found


def open(archive: str | os.PathLike[str]) -> Reader:
    """An archive to ask: the path of an SQLite file or the address of a PostgreSQL database.

    Raises `khabar.archive.ArchiveError`.
    """
    from khabar.archive import open_archive

    return Reader(open_archive(archive, create=False, readonly=True))


class Reader:
    """An archive opened for questions. The keywords of `events`, `rows`, `counts` are the fields of `Query`."""

    def __init__(self, archive: Any) -> None:
        self._archive = archive

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections."""
        self._archive.close()

    def events(self, **question: Any) -> pd.DataFrame:
        """What answers a question as a pandas DataFrame with the columns of the CSV export, newest first:
        `events(actor="ARM", type="REQUEST", since="2022-07")`.

        A row is an act; `unit="event"` gives every mention. Needs `pip install 'khabar[pandas]'`. Raises
        `khabar.archive.QueryError`.
        """
        try:
            import pandas as pd
        except ImportError:
            raise ImportError("frames need pandas: pip install 'khabar[pandas]'; rows(...) does without") from None
        from khabar.export import CSV_COLUMNS, flat

        return pd.DataFrame([flat(row) for row in self.rows(**question)], columns=list(CSV_COLUMNS))

    frame = events  # by its older name

    def rows(self, **question: Any) -> list[Row]:
        """The same as a list of `khabar.archive.Row`, with every cell. Raises `khabar.archive.QueryError`."""
        return list(self._archive.events(_query(question)))

    def happenings(self, *, min_reports: int = 1, **question: Any) -> pd.DataFrame:
        """What articles tell, each happening once, newest first, as a pandas DataFrame: id, days, type, mode, status,
        codes of the parties, place, toll, how many articles (`reports`), outlets and independent texts tell it, and in
        how many cells they differ. `happening(id)` has the reports and who says what."""
        import pandas as pd

        from khabar.codebook import TOLLS

        found = self._archive.happenings(_query(question), min_reports=min_reports)
        columns = "id first last type mode status title reports outlets texts differ thread".split()
        rows = [
            {name: getattr(one, name) for name in columns}
            | {
                "actors": " ".join(cell.code or "?" for cell in one.actors),
                "recipients": " ".join(cell.code or "?" for cell in one.recipients),
                "country": one.place.country if one.place else None,
                "place": (one.place.name or one.place.raw) if one.place else None,
                **one.toll,
            }
            for one in found
        ]
        tolls = sorted({name for row in rows for name in row} & set(TOLLS))
        return pd.DataFrame(rows, columns=[*columns, "actors", "recipients", "country", "place", *tolls])

    def happening(self, id: str) -> Told:
        """A happening with all its reports and who says what of each cell."""
        found: Told = self._archive.happening(id)
        return found

    def counts(self, by: str | Sequence[str] = ("month", "dyad", "type"), **question: Any) -> list[Count]:
        """Tidy counts with mean intensity, one dictionary a row; `by` as in `khabar counts --by`."""
        names = [name.strip() for name in by.split(",")] if isinstance(by, str) else list(by)
        found: list[Count] = self._archive.counts(names, _query(question))
        return found

    def article(self, id_or_url: str) -> tuple[Article, CodedArticle]:
        """An article and its coding as stored."""
        found: tuple[Article, CodedArticle] = self._archive.article(id_or_url)
        return found

    def articles(self) -> Iterator[ArticleRow]:
        """All articles, in the order of publication."""
        yield from self._archive.articles()

    def search(self, text: str, **question: Any) -> list[Hit]:
        """Articles that hold all words of `text`, in any spelling, best first."""
        found: list[Hit] = self._archive.search(text, **question)
        return found

    def status(self) -> Status:
        """What the archive holds."""
        found: Status = self._archive.status()
        return found


def _query(question: dict[str, Any]) -> Query:
    from khabar.archive import Query, QueryError

    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in question.items()
    }
    unknown = sorted(values.keys() - set(Query.__struct_fields__))
    if unknown:
        raise QueryError(f"no field {', '.join(unknown)}; fields are {' '.join(Query.__struct_fields__)}")
    return Query(**values)
