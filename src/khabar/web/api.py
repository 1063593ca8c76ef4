"""The same questions as JSON. Lists bear `offset`, `limit` and `next`; errors `{"error": {status, message}}`."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from khabar.archive import Archive, Query, QueryError
from khabar.web import held, question, telling
from khabar.web.openapi import description

OTHERS = ("limit", "offset")


def _json(value: Any) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")


def _page(request: Request) -> tuple[int, int]:
    limit = question.whole(request.query_params, "limit", question.PAGE, 1, question.MOST)
    return limit, question.whole(request.query_params, "offset", 0, 0, question.LAST_PAGE * question.PAGE)


def events(request: Request) -> Response:
    """Rows of a question."""
    archive: Archive = request.app.state.archive
    asked = question.read(request.query_params.multi_items(), others=OTHERS)
    limit, offset = _page(request)
    rows = list(archive.events(msgspec.structs.replace(asked.query, limit=limit + 1, offset=offset)))
    total = held.total(request.app.state.held, archive, asked.query)
    more = asked.address("/api/events", limit=limit, offset=offset + limit) if len(rows) > limit else None
    head = {"total": total.n, "exact": total.exact, "offset": offset, "limit": limit, "next": more}
    return _json(head | {"events": rows[:limit]})


def counts(request: Request) -> Response:
    """Tidy counts by the columns of `by` (commas between them)."""
    archive: Archive = request.app.state.archive
    asked = question.read(request.query_params.multi_items(), others=(*OTHERS, "by"))
    limit, offset = _page(request)
    by = [name.strip() for name in request.query_params.get("by", "month,type")[:200].split(",") if name.strip()]
    found = held.tally(request.app.state.held, archive, by, asked.query)[offset : offset + limit + 1]
    after = asked.address("/api/counts", by=",".join(by), limit=limit, offset=offset + limit)
    more = after if len(found) > limit else None
    return _json({"offset": offset, "limit": limit, "next": more, "counts": found[:limit]})


def search(request: Request) -> Response:
    """Articles that hold all words of `text`, best first."""
    archive: Archive = request.app.state.archive
    asked = question.read(request.query_params.multi_items(), others=OTHERS)
    limit, offset = _page(request)
    query = asked.query
    if not (query.text or "").strip():
        raise QueryError("text: which words are looked for?")
    found = archive.search(
        query.text or "", outlet=query.outlet, since=query.published_since or query.since,
        until=query.published_until or query.until, telling=query, limit=limit + 1, offset=offset,
    )  # fmt: skip
    more = asked.address("/api/search", limit=limit, offset=offset + limit) if len(found) > limit else None
    return _json({"offset": offset, "limit": limit, "next": more, "hits": found[:limit]})


def article(request: Request) -> Response:
    """An article as it was read and its coding."""
    archive: Archive = request.app.state.archive
    id_ = request.path_params["id"]
    if not archive.versions(id_):
        raise HTTPException(404, f"no article {id_[:100]!r}")
    read, coded = archive.article(id_)
    return _json(
        {"article": read, "coded": coded, "judged": archive.judged_of(id_), "about": archive.judged_article(id_)}
    )


def happenings(request: Request) -> Response:
    """Happenings that acts answering a question tell, of at least `least` reports."""
    asked = question.read(request.query_params.multi_items(), others=(*OTHERS, "least"))
    limit, offset = _page(request)
    least = question.whole(request.query_params, "least", 1, 1, 1000)
    found = telling.part(request.app.state.archive, asked, least, limit + 1, offset)
    after = asked.address("/api/happenings", least=least, limit=limit, offset=offset + limit)
    more = after if len(found) > limit else None
    return _json({"offset": offset, "limit": limit, "next": more, "happenings": found[:limit]})


def happening(request: Request) -> Response:
    """A happening with all its reports and who says what."""
    return _json(telling.told_of(request.app.state.archive, request.path_params["id"]))


def threads(request: Request) -> Response:
    """Threads, the one that went on last first."""
    archive: Archive = request.app.state.archive
    given = dict(request.query_params)
    if unknown := sorted(set(given) - {"party", *OTHERS}):
        raise QueryError(f"no filter {unknown[0][:40]!r}; the filter is party")
    limit, offset = _page(request)
    party = given.get("party", "").strip()[: question.LONGEST] or None
    found = archive.threads(party=party, limit=limit + 1, offset=offset)
    asked = question.Asked((("party", party),) if party else (), Query())
    more = asked.address("/api/threads", limit=limit, offset=offset + limit) if len(found) > limit else None
    return _json({"offset": offset, "limit": limit, "next": more, "threads": found[:limit]})


def thread(request: Request) -> Response:
    """A thread with its happenings from first to last."""
    return _json(telling.line_of(request.app.state.archive, request.path_params["id"]))


def openapi(request: Request) -> Response:  # noqa: ARG001
    """The description of all this."""
    return Response(description(), media_type="application/json")
