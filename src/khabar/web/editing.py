"""Corrections from the article's page: one address that forms post to."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, unquote

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from khabar.archive import Archive, Conflict, CorrectionError, Judged
from khabar.codebook import TYPES
from khabar.records import Event
from khabar.web import fields, whole
from khabar.web.whole import Values

LONGEST_BODY = 65536
WHO = "khabar_who"
READ_ONLY = "this reading room is read-only; start it with: khabar serve --edit"


class Form(NamedTuple):
    """The form that stands open on an article's page: for the event `id`, or for a new one ("" then). `values` are
    what stands in its fields, `error` says why it was not saved, `etag` which state of the event it would change."""

    id: str
    values: Values
    etag: str = ""
    error: str = ""


def secret() -> str:
    """A word that forms of this server bear and no other site can know."""
    return secrets.token_urlsafe(24)


def who_of(request: Request) -> str:
    """The name that this reader gave before."""
    return unquote(request.cookies.get(WHO, ""))[:80]


async def body_of(request: Request) -> bytes:
    """The body. Raises 413 where it is too long."""
    held = bytearray()
    async for part in request.stream():
        held += part
        if len(held) > LONGEST_BODY:
            raise HTTPException(413, f"more than {LONGEST_BODY} bytes")
    return bytes(held)


def must_edit(request: Request) -> None:
    """Raises 403 unless the room was started for corrections."""
    if not request.app.state.edit:
        raise HTTPException(403, READ_ONLY)


async def post(request: Request) -> Response:
    """A step about an event, or a new event; then the article's page again."""
    must_edit(request)
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise HTTPException(415, "send the form as application/x-www-form-urlencoded")
    try:
        pairs = parse_qsl((await body_of(request)).decode(), keep_blank_values=True, max_num_fields=2000)
    except ValueError:
        raise HTTPException(400, "this is no form") from None
    values = dict(pairs)
    confirmed = tuple(value for name, value in pairs if name == "confirm")
    if not hmac.compare_digest(values.pop("form", "").encode(), request.app.state.secret.encode()):
        raise HTTPException(
            403, "this form is of an earlier start of the server, or of another site; load the page again"
        )
    if values.get("action") in whole.ACTIONS:
        return await run_in_threadpool(_whole, request, Values(values), pairs)
    return await run_in_threadpool(_done, request, values, confirmed)


def opened(archive: Archive, request: Request) -> Form | None:
    """The form that the address asks for: `?edit=EVENT`, or `?add=PARAGRAPH`."""
    if not request.app.state.edit:
        return None
    if id_ := request.query_params.get("edit"):
        judged = archive.judged(id_)
        return _form(archive, judged) if judged.event else None
    if "add" in request.query_params:
        return Form("", Values(paragraph=request.query_params["add"][:6]))
    return None


def _form(archive: Archive, judged: Judged) -> Form:
    assert judged.event
    article, _ = archive.article(judged.article_id)
    values = fields.written(judged.event, article.paragraphs[judged.event.paragraph])
    return Form(judged.id, Values(values), judged.etag)


def _done(request: Request, values: dict[str, str], confirmed: tuple[str, ...]) -> Response:
    from khabar.web import views

    archive: Archive = request.app.state.archive
    id_, article = values.get("event", ""), values.get("article", "")
    try:
        judged = _add(archive, values) if values.get("action") == "add" else _step(archive, values, confirmed)
    except (Conflict, CorrectionError) as error:
        status = 409 if isinstance(error, Conflict) else 422
        etag = values.get("etag", "")
        if isinstance(error, Conflict) and id_:
            now = archive.judged(id_)
            article, etag = now.article_id, now.etag
            if now.event is None or values.get("action") != "change":
                return views.article_page(request, article, status=status, said=str(error))
        form = Form(id_, Values(values), etag, str(error)) if values.get("action") in ("add", "change") else None
        return views.article_page(request, article, form=form, status=status, said=str(error))
    request.app.state.held.clear()
    page = quote(judged.article_id, safe="")
    answer = RedirectResponse(f"/articles/{page}?said=saved#{quote('ev-' + judged.id)}", 303)
    remember(answer, values.get("who", ""))
    return answer


def remember(answer: Response, who: str) -> None:
    """Has the reader's browser keep the name for the next form."""
    answer.set_cookie(WHO, quote(who.strip()[:80]), max_age=31536000, samesite="strict", httponly=True)


def _whole(request: Request, values: Values, pairs: list[tuple[str, str]]) -> Response:
    """A step about the article as a whole."""
    from khabar.web import views

    try:
        address = whole.done(request.app.state.archive, values, pairs)
    except (Conflict, CorrectionError) as error:
        status = 409 if isinstance(error, Conflict) else 422
        return views.article_page(request, values["article"], status=status, said=str(error), bad=True)
    request.app.state.held.clear()
    answer = RedirectResponse(address, 303)
    remember(answer, values["who"])
    return answer


def _step(archive: Archive, values: Mapping[str, str], confirmed: tuple[str, ...]) -> Judged:
    action, id_, who = values.get("action", ""), values.get("event", ""), values.get("who", "")
    note, etag = values.get("note") or None, values.get("etag", "")
    if action in ("accept", "delete", "undo"):
        return archive.correct(id_, action, who=who, etag=etag, note=note)  # type: ignore[arg-type]
    if action != "change":
        raise CorrectionError(f"no step {action[:40]!r}")
    judged = archive.judged(id_)
    if judged.event is None:
        raise Conflict(f"event {id_}: it was deleted meanwhile")
    if judged.etag != etag:
        # What was typed belongs to the state that the person saw; compared with a later one, it would undo the other's
        # word.
        other = judged.standing.who if judged.standing else "the coder"
        raise Conflict(f"changed meanwhile by {other}; what you typed stands below: look, and save again")
    article, _ = archive.article(judged.article_id)
    text = article.paragraphs[judged.event.paragraph]
    typed = fields.changed(judged.event, text, values)
    right = {name: None for name in confirmed if name in fields.written(judged.event, text) and name not in typed}
    if not typed and not right:
        raise CorrectionError("nothing was changed; to say that all is right, press that button")
    if typed:
        cells = fields.read(article, judged.event, typed)
        judged = archive.correct(id_, "change", cells, who=who, etag=etag, note=note)
    return archive.correct(id_, "accept", right, who=who, etag=judged.etag, note=note) if right else judged


def _add(archive: Archive, values: Mapping[str, str]) -> Judged:
    article, _ = archive.article(values.get("article", ""))
    number = values.get("paragraph", "")
    if not (number.isascii() and number.isdecimal()) or int(number) >= len(article.paragraphs):
        raise CorrectionError(f"no paragraph {number[:10]!r}: the article has 0 to {len(article.paragraphs) - 1}")
    if values.get("type") not in TYPES:
        raise CorrectionError(f"choose a type: {' '.join(TYPES)}")
    paragraph = int(number)
    trigger = fields.read_trigger(article.paragraphs[paragraph], values.get("trigger", ""))
    bare = Event(paragraph=paragraph, trigger=trigger, type=values["type"])
    typed = {name: values[name] for name in (*fields.PLAIN, *fields.LETTERS) if values.get(name)}
    cells: dict[str, Any] = {"status": "actual"} | fields.read(article, bare, typed)
    try:
        event = msgspec.convert({"paragraph": paragraph, "trigger": msgspec.to_builtins(trigger), **cells}, Event)
    except msgspec.ValidationError as error:
        raise CorrectionError(str(error)) from None
    return archive.add_event(article.id, event, who=values.get("who", ""), note=values.get("note") or None)
