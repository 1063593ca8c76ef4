"""The same questions as JSON. Lists bear `offset`, `limit` and `next`; errors `{"error": {status, message}}`."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from khabar.archive import Archive
from khabar.web import question

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
    rows = list(archive.events(msgspec.structs.replace(asked.query, limit=limit, offset=offset)))
    total = archive.count(asked.query)
    more = asked.address("/api/events", limit=limit, offset=offset + limit) if offset + limit < total else None
    return _json({"total": total, "offset": offset, "limit": limit, "next": more, "events": rows})


def counts(request: Request) -> Response:
    """Tidy counts by the columns of `by` (commas between them)."""
    archive: Archive = request.app.state.archive
    asked = question.read(request.query_params.multi_items(), others=(*OTHERS, "by"))
    limit, offset = _page(request)
    by = [name.strip() for name in request.query_params.get("by", "month,type")[:200].split(",") if name.strip()]
    query = msgspec.structs.replace(asked.query, limit=limit + 1, offset=offset)
    found = archive.counts(by, query)
    after = asked.address("/api/counts", by=",".join(by), limit=limit, offset=offset + limit)
    more = after if len(found) > limit else None
    return _json({"offset": offset, "limit": limit, "next": more, "counts": found[:limit]})


def search(request: Request) -> Response:
    """Articles that hold all words of `text`, best first."""
    archive: Archive = request.app.state.archive
    asked = question.read(request.query_params.multi_items(), others=OTHERS)
    limit, offset = _page(request)
    query = asked.query
    found = archive.search(
        query.text or "", outlet=query.outlet, since=query.since, until=query.until, limit=limit + 1, offset=offset
    )
    more = asked.address("/api/search", limit=limit, offset=offset + limit) if len(found) > limit else None
    return _json({"offset": offset, "limit": limit, "next": more, "hits": found[:limit]})


def article(request: Request) -> Response:
    """An article as it was read and its coding."""
    archive: Archive = request.app.state.archive
    id_ = request.path_params["id"]
    if not archive.versions(id_):
        raise HTTPException(404, f"no article {id_[:100]!r}")
    read, coded = archive.article(id_)
    return _json({"article": read, "coded": coded, "judged": archive.judged_of(id_)})


@cache
def _description() -> bytes:
    text = files("khabar.web").joinpath("data", "openapi.json").read_text(encoding="utf-8")
    whole = json.loads(text)
    filters = [
        {"name": name, "in": "query", "schema": {"type": "number" if name == "min_confidence" else "string"}}
        for name in (*question.MANY, *question.ONE)
    ]
    for path in ("/api/events", "/api/counts", "/api/search"):
        whole["paths"][path]["get"]["parameters"] += filters
    return json.dumps(whole).encode()


def openapi(request: Request) -> Response:  # noqa: ARG001
    """The description of all this."""
    return Response(_description(), media_type="application/json")
