"""The description of the JSON interface, made of the records that it answers with: it cannot say what is not so."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import msgspec

from khabar import __version__
from khabar.archive import BY, CELLS, Failed, Hit, Judged, Row, Run, Step
from khabar.archive.about import JudgedArticle
from khabar.archive.happenings import Happening, Told
from khabar.archive.query import ORDERS
from khabar.archive.threads import Thread, Timeline
from khabar.codebook import CONTEXTS, TYPES
from khabar.records import STATUSES, Article, CodedArticle
from khabar.web import question
from khabar.web.changing import Addition, Change, Whole
from khabar.web.desk import Job

_ABOUT = (
    "An archive of coded Arabic news. Filters are those of khabar.archive.Query; a filter may be given several times, "
    "or with several values parted by |. Lists bear offset, limit and next, the address of the next part (null at the "
    "end). Ids are stable: those of events last through every coding of the same text. Changes need a server started "
    "with --edit."
)
_MEANING = {
    "actor": "ARM, ARM.GOV, .GOV, an actor's id, or words of a name",
    "recipient": "as actor",
    "party": "actor or recipient",
    "speaker": "on whose word",
    "mode": "mode of the type, as yield",
    "context": "context of the article: " + " ".join(CONTEXTS),
    "place": "a country (GEO), a GeoNames id, or words of a place's name",
    "outlet": "name of the outlet, in any case",
    "article": "id of the article",
    "text": "articles that hold all these words, in any spelling",
    "since": "YYYY[-MM[-DD]], the event's time (in /api/search: publication)",
    "until": "YYYY[-MM[-DD]], the event's time (in /api/search: publication)",
    "published_since": "YYYY[-MM[-DD]]",
    "published_until": "YYYY[-MM[-DD]]",
    "changed_since": "a moment (2026-11-26T13:00:00Z): stored, coded anew or corrected since then",
    "min_confidence": "0 to 1",
    "unit": "act: what one article tells, once; event: every mention",
    "order": "order of the rows",
}
_CLOSED: dict[str, tuple[str, ...]] = {"unit": ("act", "event"), "order": ORDERS}
_WORDS = {"type": TYPES, "status": STATUSES, "context": CONTEXTS}
_ERRORS = {
    400: "the question or the body cannot be read",
    401: "the token is missing or wrong",
    403: "read-only, or not from this room's own pages",
    404: "no such thing",
    405: "this method is not allowed",
    409: "someone else was quicker; `now` is what it is now",
    413: "the body is too long",
    414: "the address is too long",
    415: "not application/json",
    422: "the codebook or the article does not allow it",
    428: "If-Match is missing",
    429: "so many jobs wait already",
    503: "the archive cannot be read or written now",
}
_READ = (400, 401, 403, 405, 414, 503)
_WRITE = (*_READ, 404, 409, 413, 415, 422)


@cache
def description() -> bytes:
    """The OpenAPI 3.1 document as JSON."""
    kinds = (
        Row,
        Hit,
        Article,
        CodedArticle,
        Judged,
        Step,
        Change,
        Addition,
        Happening,
        Told,
        Thread,
        Timeline,
        Job,
        JudgedArticle,
        Whole,
        Run,
        Failed,
    )
    _, schemas = msgspec.json.schema_components(kinds, ref_template="#/components/schemas/{name}")
    schemas["Count"] = {
        "type": "object",
        "description": "the columns asked for, n, and the mean intensity",
        "properties": {"n": {"type": "integer"}, "intensity": {"type": ["number", "null"]}},
        "required": ["n", "intensity"],
    }
    schemas["Error"] = {
        "type": "object",
        "properties": {
            "error": {
                "type": "object",
                "properties": {"status": {"type": "integer"}, "message": {"type": "string"}},
                "required": ["status", "message"],
            },
            "now": {"anyOf": [_ref("Judged"), _ref("JudgedArticle")]},
        },
        "required": ["error"],
    }
    whole = {
        "openapi": "3.1.0",
        "info": {"title": "khabar", "version": __version__, "description": _ABOUT},
        "paths": _paths(),
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "where one was set"}},
        },
        "security": [{}, {"token": []}],
    }
    return json.dumps(whole, ensure_ascii=False).encode()


def _paths() -> dict[str, Any]:
    filters = [_filter(name) for name in (*question.MANY, *question.ONE)]
    by = _query("by", "columns, commas between them: " + " ".join(BY), {"type": "string", "default": "month,type"})
    text = _filter("text") | {"required": True}
    searching = [text, *(f for f in filters if f["name"] not in ("text", "order", "changed_since"))]
    id_ = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    match = {
        "name": "If-Match", "in": "header", "required": True, "schema": {"type": "string", "pattern": "^[!-~]+$"},
        "description": "the etag that it had when it was read, or *",
    }  # fmt: skip
    order = _query("order", "order of the happenings", {"enum": ["date", "-date"]})
    pages: dict[str, Any] = {"text/html": {}, "text/plain": {}}
    return {
        "/api/events": {"get": _get("Acts (or events) that answer a question", filters, _list("events", "Row", True))},
        "/api/counts": {"get": _get("Tidy counts", [by, *filters], _list("counts", "Count", False))},
        "/api/search": {"get": _get("Articles that hold all words", searching, _list("hits", "Hit", False))},
        "/api/happenings": {
            "get": _get(
                "What articles tell, each happening once",
                [_query("least", "of at least so many reports", {"type": "integer", "minimum": 1, "default": 1})]
                + [_filter(name) if name != "order" else order for name in (*question.MANY, *question.ONE)],
                _list("happenings", "Happening", False),
            )
        },
        "/api/happenings/{id}": {
            "get": _get("Its reports, and who says what", [id_], _ref("Told"), also=(404,), paged=False)
        },
        "/api/threads": {
            "get": _get(
                "Threads, the one that went on last first",
                [_query("party", "ARM, IGO.UNO")],
                _list("threads", "Thread", False),
            )
        },
        "/api/threads/{id}": {
            "get": _get("Its happenings from first to last", [id_], _ref("Timeline"), also=(404,), paged=False)
        },
        "/api/corrections": {
            "get": _get(
                "The log of corrections, oldest first",
                [_query("article", "of this article"), _query("event", "of this event")],
                _list("corrections", "Step", True),
                also=(404,),
            )
        },
        "/api/articles/{id}": {
            "get": _get(
                "An article as read, its coding, and its events with their etags",
                [id_],
                _object(
                    article=_ref("Article"), coded=_ref("CodedArticle"), judged=_array("Judged"),
                    about=_ref("JudgedArticle"),
                ),
                also=(404,),
                paged=False,
            ),
            "patch": _write(
                "Say what its contexts are, and which paragraphs are no text", [id_, match], "Whole", 200,
                (*_WRITE, 428), "JudgedArticle",
            ),
        },
        "/api/articles/{id}/events": {
            "post": _write("Add an event that the coder missed", [id_], "Addition", 201, _WRITE)
        },
        "/api/events/{id}": {
            "get": _get("An event as shown", [id_], _ref("Judged"), also=(404,), paged=False),
            "patch": _write(
                f"Change cells ({' '.join(CELLS)}), accept, delete or undo", [id_, match], "Change", 200, (*_WRITE, 428)
            ),
            "delete": _write("Delete an event", [id_, match], "Change", 200, (*_WRITE, 428)),
        },
        "/api/jobs": {
            "get": _get(
                "Pages that were added: jobs since the server began, runs of before, sources that could not be read",
                [], _object(jobs=_array("Job"), earlier=_array("Run"), failed=_array("Failed")), paged=False,
            ),
            "post": {
                "summary": "Add pages: HTML, text, JSONL, WARC, or gz of these; the job goes on after the answer",
                "parameters": [
                    _query("who", "who adds") | {"required": True},
                    _query("name", "what the file is called"),
                    _query("date", "day of publication where the page says none"),
                    _query("outlet", "outlet where the page says none"),
                    _query("url", "address of a single page"),
                ],
                "requestBody": {"required": True, "content": {"application/octet-stream": {}}},
                "responses": {"202": _answer("the job", _ref("Job")), **_errors((*_READ, 413, 422, 429))},
            },
        },
        "/api/jobs/{id}": {
            "get": _get("A job and what became of its pages", [id_], _ref("Job"), also=(404,), paged=False),
            "delete": _get("Cancel what is left of a job", [id_], _ref("Job"), also=(404,), paged=False),
        },
        "/export/{format}": {
            "get": {
                "summary": "The whole selection as a file, sent as it is read",
                "parameters": [
                    {
                        "name": "format", "in": "path", "required": True,
                        "schema": {"enum": ["csv", "jsonl", "geojson", "graphml", "counts"]},
                    },
                    *filters,
                ],
                "responses": {
                    "200": {
                        "description": "the file",
                        "content": {
                            kind: {}
                            for kind in ("text/csv", "application/x-ndjson", "application/geo+json", "application/xml")
                        },
                    },
                    **{str(n): {"description": _ERRORS[n], "content": pages} for n in (*_READ, 404)},
                },
            }
        },
    }  # fmt: skip


def _filter(name: str) -> dict[str, Any]:
    closed = _CLOSED.get(name)
    schema: dict[str, Any] = {"enum": list(closed)} if closed else {"type": "string", "maxLength": question.LONGEST}
    if name in _WORDS:
        word = f"({'|'.join(_WORDS[name])})"
        schema |= {"pattern": f"^{word}( ?\\| ?{word}){{0,5}}$"}
    elif name.endswith(("since", "until")) and name != "changed_since":
        schema |= {"pattern": r"^[12][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|1[0-9]|2[0-8]))?)?$"}
    if name == "min_confidence":
        schema = {"type": "number", "minimum": 0, "maximum": 1}
    meaning = _MEANING.get(name) or " ".join({"type": TYPES, "status": STATUSES}[name])
    return _query(name, meaning, schema)


def _query(name: str, meaning: str, schema: dict[str, Any] | None = None) -> dict[str, Any]:
    schema = schema or {"type": "string", "maxLength": question.LONGEST}
    return {"name": name, "in": "query", "description": meaning, "schema": schema}


def _get(
    summary: str, parameters: list[dict[str, Any]], schema: Any, *, also: tuple[int, ...] = (), paged: bool = True
) -> dict[str, Any]:
    pages = [
        _query("limit", f"at most {question.MOST}", {"type": "integer", "minimum": 1, "default": question.PAGE}),
        _query("offset", "rows left out before the first", {"type": "integer", "minimum": 0, "default": 0}),
    ]
    return {
        "summary": summary,
        "parameters": [*parameters, *(pages if paged else ())],
        "responses": {"200": _answer("the answer", schema), **_errors((*_READ, *also))},
    }


def _write(
    summary: str, parameters: list[Any], body: str, status: int, errors: tuple[int, ...], answer: str = "Judged"
) -> dict[str, Any]:
    return {
        "summary": summary,
        "parameters": parameters,
        "requestBody": {"required": True, "content": {"application/json": {"schema": _ref(body)}}},
        "responses": {str(status): _answer("what was changed, as it is now", _ref(answer)), **_errors(errors)},
    }


def _errors(statuses: tuple[int, ...]) -> dict[str, Any]:
    return {str(status): _answer(_ERRORS[status], _ref("Error")) for status in sorted(set(statuses))}


def _answer(description: str, schema: Any) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _list(name: str, kind: str, counted: bool) -> dict[str, Any]:
    whole: dict[str, Any] = {"type": "integer", "minimum": 0}
    total = {"total": whole} if counted else {}
    if name == "events":
        about = "false: there are at least so many; who asks again gets the whole number"
        total["exact"] = {"type": "boolean", "description": about}
    return _object(**total, offset=whole, limit=whole, next={"type": ["string", "null"]}, **{name: _array(kind)})


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _array(kind: str) -> dict[str, Any]:
    return {"type": "array", "items": _ref(kind)}


def _ref(kind: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{kind}"}
