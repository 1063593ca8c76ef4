"""Corrections as JSON: an event with its etag, a step about it, a new event, the log.

A step bears the etag that the event had when it was read (`If-Match`): who comes second gets 409 and the event as it is
now; nothing is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from khabar.archive import CELLS, Archive, Conflict, CorrectionError, Judged
from khabar.archive.about import JudgedArticle
from khabar.archive.corrected import with_cells
from khabar.records import Article, Event, Trigger
from khabar.web import api, fields, question
from khabar.web.editing import body_of, must_edit


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of PATCH and DELETE. `cells` are new values for `change`, or the names that `accept` is about."""

    who: str
    action: str = "change"
    cells: dict[str, Any] | list[str] = {}
    note: str | None = None


class Addition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a new event: the written form of its trigger (`دعت`, `دعت#2`) and its cells."""

    who: str
    paragraph: int
    trigger: str
    cells: dict[str, Any]
    note: str | None = None


class Whole(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a PATCH of an article: its `contexts` (`own_contexts`: as the coder says), and `lines`: number of a
    paragraph to the reason why it is no text, "" where it is text, null where the coder's word shall hold again."""

    who: str
    contexts: list[str] | None = None
    own_contexts: bool = False
    lines: dict[int, str | None] = {}
    note: str | None = None


def _json(value: Any, status: int = 200, etag: str | None = None) -> Response:
    headers = {"etag": f'"{etag}"'} if etag else None
    return Response(msgspec.json.encode(value), status, headers, media_type="application/json")


async def event(request: Request) -> Response:
    """An event as it is shown, with what people said of it; or a step about it."""
    if request.method in ("PATCH", "DELETE"):
        return await change(request)
    return await run_in_threadpool(_shown, request)


def _shown(request: Request) -> Response:
    archive: Archive = request.app.state.archive
    judged = archive.judged(request.path_params["id"])
    return _json(judged, etag=judged.etag)


def corrections(request: Request) -> Response:
    """The log of corrections, oldest first."""
    archive: Archive = request.app.state.archive
    given = dict(request.query_params)
    unknown = sorted(set(given) - {"article", "event", "limit", "offset"})
    if unknown:
        raise HTTPException(400, f"no filter {unknown[0][:40]!r}; filters are article event")
    limit = question.whole(given, "limit", question.PAGE, 1, question.MOST)
    offset = question.whole(given, "offset", 0, 0, question.LAST_PAGE * question.PAGE)
    steps = archive.history(given.get("article") or None, event_id=given.get("event") or None)
    part = steps[offset : offset + limit]
    asked = question.Asked(tuple((k, v) for k, v in given.items() if k not in ("limit", "offset")), None)  # type: ignore[arg-type]
    more = (
        asked.address("/api/corrections", limit=limit, offset=offset + limit) if offset + limit < len(steps) else None
    )
    return _json({"total": len(steps), "offset": offset, "limit": limit, "next": more, "corrections": part})


async def change(request: Request) -> Response:
    """A step about an event."""
    must_edit(request)
    body = await _body(request, Change)
    action = "delete" if request.method == "DELETE" else body.action
    return await run_in_threadpool(_changed, request, body, action, _etag(request))


def _etag(request: Request) -> str | None:
    """The state that a change is about; None for any. Raises 428."""
    if "if-match" not in request.headers:
        raise HTTPException(428, "send If-Match with the etag that GET gave for this (or * for any)")
    etag = request.headers["if-match"].strip().removeprefix("W/").strip('"')
    return None if etag == "*" else etag


async def article(request: Request) -> Response:
    """An article, or a step about its contexts and lines."""
    if request.method != "PATCH":
        return await run_in_threadpool(api.article, request)
    of = request.path_params["id"].removesuffix("/events")
    if of != request.path_params["id"] and not await run_in_threadpool(_known, request):
        raise HTTPException(405, f"to the events of {of[:100]!r} one may only add: POST", {"Allow": "POST"})
    must_edit(request)
    body = await _body(request, Whole)
    return await run_in_threadpool(_whole, request, body, _etag(request))


def _known(request: Request) -> bool:
    """Whether the path names an article: an id may hold slashes, and end like the address of another's events."""
    return bool(request.app.state.archive.versions(request.path_params["id"]))


def _meanwhile(error: Conflict, now: Judged | JudgedArticle) -> Response:
    """The answer to who was second: what stands there now, with its etag."""
    said = {"error": {"status": 409, "message": str(error)}, "now": msgspec.to_builtins(now)}
    return JSONResponse(said, 409, {"etag": f'"{now.etag}"'})


def _whole(request: Request, body: Whole, etag: str | None) -> Response:
    archive: Archive = request.app.state.archive
    id_ = request.path_params["id"]
    try:
        done = archive.correct_article(
            id_, contexts=body.contexts, own_contexts=body.own_contexts, lines=body.lines, who=body.who, etag=etag,
            note=body.note,
        )  # fmt: skip
    except Conflict as error:
        return _meanwhile(error, archive.judged_article(id_))
    request.app.state.held.clear()
    return _json(done, etag=done.etag)


def _changed(request: Request, body: Change, action: str, etag: str | None) -> Response:
    archive: Archive = request.app.state.archive
    id_ = request.path_params["id"]
    judged = archive.judged(id_)
    cells = dict.fromkeys(body.cells) if isinstance(body.cells, list) else body.cells
    if action == "change" and judged.event and etag in (None, judged.etag):
        article, _ = archive.article(judged.article_id)
        cells = _completed(article, judged.event, cells)
    try:
        done = archive.correct(id_, action, cells, who=body.who, etag=etag, note=body.note)  # type: ignore[arg-type]
    except Conflict as error:
        return _meanwhile(error, archive.judged(id_))
    request.app.state.held.clear()
    return _json(done, etag=done.etag)


async def add(request: Request) -> Response:
    """A new event."""
    must_edit(request)
    return await run_in_threadpool(_added, request, await _body(request, Addition))


def _added(request: Request, body: Addition) -> Response:
    archive: Archive = request.app.state.archive
    id_ = request.path_params["id"]
    if not archive.versions(id_):
        raise HTTPException(404, f"no article {id_[:100]!r}")
    article, _ = archive.article(id_)
    if not 0 <= body.paragraph < len(article.paragraphs):
        raise CorrectionError(f"no paragraph {body.paragraph}: the article has 0 to {len(article.paragraphs) - 1}")
    trigger: Trigger = fields.read_trigger(article.paragraphs[body.paragraph], body.trigger)
    bare = Event(paragraph=body.paragraph, trigger=trigger, type=str(body.cells.get("type", "")))
    event = with_cells(bare, _completed(article, bare, body.cells))
    done = archive.add_event(id_, event, who=body.who, note=body.note)
    request.app.state.held.clear()
    return _json(done, 201, done.etag)


def _completed(article: Article, event: Event, cells: Mapping[str, Any]) -> dict[str, Any]:
    """The cells with what the tables know of their words. Raises `CorrectionError`."""
    unknown = sorted(set(cells) - set(CELLS))
    if unknown:
        raise CorrectionError(f"no cell {unknown[0][:40]!r}; cells are {' '.join(CELLS)}")
    typed = with_cells(event, cells)
    values = {name: getattr(typed, name) for name in cells if name in fields.LETTERS}
    return {**cells, **fields.complete(article, event, values)}


async def _body(request: Request, kind: Any) -> Any:
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise HTTPException(415, "send application/json")
    try:
        return msgspec.json.decode(await body_of(request), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise HTTPException(400, f"this is no {kind.__name__.lower()}: {error}") from None
