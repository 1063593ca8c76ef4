"""Pages of what several articles tell: a happening with all its reports, a thread from first to last."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from khabar.archive import Archive, ArchiveError, QueryError, Row
from khabar.archive.happenings import Cell, Happening, Report, Told
from khabar.archive.threads import Timeline
from khabar.web import question, views


class Side(NamedTuple):
    """A report beside the others: its paragraph before, at and after the trigger; `differs` names the cells in which
    it says otherwise than most, with its value."""

    report: Report
    row: Row
    before: str
    trigger: str
    after: str
    differs: dict[str, str]


def happening(request: Request) -> Response:
    """All reports of a happening side by side, differences marked."""
    told = told_of(request.app.state.archive, request.path_params["id"])
    return views.render(
        request, "happening.html", told=told, one=told.happening, sides=sides(told),
        cells=sorted(told.cells, key=lambda cell: cell.agree),
    )  # fmt: skip


def told_of(archive: Archive, id_: str) -> Told:
    """A happening. Raises 404."""
    with _known():
        return archive.happening(id_)


def line_of(archive: Archive, id_: str) -> Timeline:
    """A thread. Raises 404."""
    with _known():
        return archive.thread(id_)


@contextmanager
def _known() -> Iterator[None]:
    """What is no id, or the id of nothing, is a page that is not there."""
    try:
        yield
    except (QueryError, ArchiveError) as error:
        if isinstance(error, QueryError) or ": no happening " in str(error) or ": no thread " in str(error):
            said = str(error) if isinstance(error, QueryError) else str(error).rpartition(": ")[2]
            raise HTTPException(404, said[:200]) from None
        raise


def sides(told: Told) -> list[Side]:
    """The reports as the page sets them side by side."""
    found = []
    for report in told.reports:
        row = report.row
        differs = {}
        for cell in told.cells:
            if not cell.agree and (own := own_value(cell, row.article_id)) not in (None, cell.values[0].value):
                differs[cell.cell] = str(own)
        before, trigger, after = row.text[: row.trigger_start], row.trigger, row.text[row.trigger_end :]
        found.append(Side(report, row, before, trigger, after, differs))
    return found


def own_value(cell: Cell, article: str) -> str | None:
    """What an article says of a cell; None where it leaves it open."""
    return next((said.value for said in cell.values if article in said.articles), None)


def thread(request: Request) -> Response:
    """A thread's happenings from first to last."""
    line = line_of(request.app.state.archive, request.path_params["id"])
    return views.render(request, "thread.html", thread=line.thread, happenings=line.happenings)


def happenings(request: Request) -> Response:
    """Happenings that several articles tell, and the threads that went on last."""
    archive: Archive = request.app.state.archive
    asked = question.read(request.query_params.multi_items(), others=("page", "lang", "least"))
    page = question.whole(request.query_params, "page", 1, 1, question.LAST_PAGE)
    least = question.whole(request.query_params, "least", 2, 1, 1000)
    found = part(archive, asked, least, question.PAGE + 1, (page - 1) * question.PAGE)
    return views.render(
        request, "happenings.html", asked=asked, happenings=found[: question.PAGE], page=page, least=least,
        more=len(found) > question.PAGE, threads=archive.threads(limit=20) if page == 1 else [],
    )  # fmt: skip


def part(archive: Archive, asked: question.Asked, least: int, limit: int, offset: int) -> list[Happening]:
    """A part of the happenings that a question asks for."""
    query = msgspec.structs.replace(asked.query, limit=limit, offset=offset)
    return list(archive.happenings(query, min_reports=least))
