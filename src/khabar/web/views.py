"""The pages: answers to a question, an article, an actor."""

from __future__ import annotations

import io
import queue
import threading
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any, BinaryIO, cast
from urllib.parse import quote

import jinja2
import msgspec
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse

from khabar.arabic import display
from khabar.archive import Archive, ArchiveError, Query, Row
from khabar.archive.threads import Thread
from khabar.codebook import CONTEXTS, MODES, REASONS, TYPES
from khabar.export import export
from khabar.records import STATUSES
from khabar.show.labels import Language
from khabar.show.markup import text as safe_text
from khabar.web import drawing, editing, question, reading, uploads
from khabar.web.held import Held, tally
from khabar.web.held import total as held_total
from khabar.web.naming import code_name, named
from khabar.web.whole import Values
from khabar.web.words import counted, mode_word, told, types_css, word

DRAWN = 2000  # rows of which map and network are drawn
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson",
    "geojson": "application/geo+json",
    "graphml": "application/xml",
    "counts": "text/csv; charset=utf-8",
}
# The format that a view's own picture is made of stands first.
OWN_FORMAT = {"map": "geojson", "network": "graphml", "chart": "counts"}
_OTHERS = ("view", "page", "lang")


@cache
def _templates() -> jinja2.Environment:
    found = jinja2.Environment(
        loader=jinja2.PackageLoader("khabar.web"), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    # Text of articles: escaped, controls gone, bidi controls shown by name.
    found.filters["shown"] = lambda value: Markup(safe_text(str(value or "")))
    found.filters["way"] = lambda value: display.direction(value, "rtl")
    found.filters["sent_as"] = uploads.sent_as
    found.filters["quoted"] = lambda value: quote(str(value), safe="")
    return found


def _language(request: Request) -> Language:
    asked = request.query_params.get("lang") or request.cookies.get("khabar_lang")
    return "en" if asked == "en" else "ar"


def render(request: Request, template: str, status: int = 200, **values: Any) -> Response:
    """A page in the reader's language."""
    language = _language(request)
    other: Language = "en" if language == "ar" else "ar"
    rest = [item for item in request.query_params.multi_items() if item[0] != "lang"]
    switch = question.Asked(tuple(rest), None).address(quote(request.url.path), lang=other)  # type: ignore[arg-type]
    page = _templates().get_template(template)
    values.setdefault("edit", request.app.state.edit)
    html = page.render(
        language=language, w=lambda key: word(key, language),
        n=lambda key, many, **more: counted(key, many, language, **more),
        m=lambda mode: mode_word(mode, language), t=lambda message: told(message, language),
        named=lambda cells: named(cells, language), c=lambda code: code_name(code, language), switch=switch,
        path=request.url.path, **values,
    )  # fmt: skip
    answer = HTMLResponse(html, status)
    if request.query_params.get("lang") in ("ar", "en"):
        answer.set_cookie("khabar_lang", language, max_age=31536000, samesite="lax", httponly=True)
    return answer


def error(request: Request, status: int, message: str, way: tuple[str, str] = ("/", "home")) -> Response:
    """A page that says what is wrong, with a way on: an address and the key of its words."""
    return render(request, "error.html", status, code=status, message=message, way=way)


def types(request: Request) -> Response:  # noqa: ARG001
    """The hues of the types."""
    return Response(types_css(), media_type="text/css", headers={"cache-control": "max-age=3600"})


def answers(request: Request) -> Response:
    """The question and its answer in one of the views."""
    archive: Archive = request.app.state.archive
    asked = question.read(request.query_params.multi_items(), others=_OTHERS)
    view = request.query_params.get("view", "table")
    if view not in question.VIEWS:
        raise HTTPException(404, f"no view {view[:40]!r}; views are {' '.join(question.VIEWS)}")
    page = question.whole(request.query_params, "page", 1, 1, question.LAST_PAGE)
    held: Held = request.app.state.held
    total, exact = held_total(held, archive, asked.query)
    shown: dict[str, Any] = {"rows": [], "points": [], "network": None, "chart": None, "window": None, "wide": False}
    shown["hues"] = []  # types whose colours the picture has
    shown["share"] = None  # how many of the results the picture can show
    query = asked.query
    if total and view in ("table", "timeline"):
        part = msgspec.structs.replace(query, limit=question.PAGE, offset=(page - 1) * question.PAGE)
        shown["rows"] = list(archive.events(part))
    elif total and view == "map":
        some = msgspec.structs.replace(query, limit=DRAWN)
        shown["points"] = held.get(("points", some), lambda: drawing.points(archive.points(some)))
        shown["window"] = drawing.window(shown["points"]) if shown["points"] else None
        shown["hues"] = [type_ for type_ in TYPES if any(point.type == type_ for point in shown["points"])]
        shown["share"] = ("with_place", sum(point.n for point in shown["points"]))
    elif total and view == "network":
        shown["wide"] = not exact or total > DRAWN  # counting stops there
        shown["network"], pairs = held.get(
            ("network", query, shown["wide"]), lambda: _network(held, archive, query, shown["wide"])
        )
        if pairs is not None:
            shown["share"] = ("with_pair", pairs)
        shown["hues"] = [type_ for type_ in TYPES if any(edge[5] == type_ for edge in shown["network"].edges)]
    elif total:
        monthly = drawing.chart(tally(held, archive, ["month", "type"], query), "month")
        many = len(monthly.bars) > 60
        shown["chart"] = drawing.chart(tally(held, archive, ["year", "type"], query), "year") if many else monthly
        shown["chart_by"] = "year" if many else "month"
        shown["share"] = ("with_date", sum(n for _, n in shown["chart"].types))
    return render(
        request, "answers.html", asked=asked, view=view, page=page, total=total, exact=exact, drawn=DRAWN,
        pages=max(1, -(-total // question.PAGE)), views=question.VIEWS, all_types=TYPES, modes=MODES, statuses=STATUSES,
        contexts=CONTEXTS, formats=sorted(FORMATS, key=lambda name: name != OWN_FORMAT.get(view)),
        empty=not total and not archive.status().articles, **shown,
    )  # fmt: skip


def _network(held: Held, archive: Archive, query: Query, wide: bool) -> tuple[drawing.Network, int | None]:
    """The picture of the parties, and how many rows draw a line; of very many (`wide`) counts alone are asked."""
    if wide:
        counted = tally(held, archive, ["dyad", "type"], query)
        pairs = Counter({(str(c["source"]), str(c["target"]), str(c["type"])): int(c["n"] or 0) for c in counted})
        return drawing.network(pairs), None
    rows = list(archive.events(query))
    return drawing.network(drawing.pairs_of(rows)), sum(drawing.has_pair(row) for row in rows)


def article(request: Request) -> Response:
    """An article as it was read, events marked."""
    archive: Archive = request.app.state.archive
    asked = request.query_params.get("said", "")
    said = asked if asked in ("saved", "all") else ""
    form = editing.opened(archive, request)
    return article_page(request, request.path_params["id"], form=form, said=said)


def article_page(
    request: Request,
    id_: str,
    *,
    form: editing.Form | None = None,
    status: int = 200,
    said: str = "",
    bad: bool = False,
) -> Response:
    """The article's page, with a form open for one of its events."""
    shown = reading.page_of(request.app.state.archive, id_)
    state = request.app.state
    done = {name: request.query_params.get(name, "")[:40] for name in ("n", "moment")} if said == "all" else {}
    return render(
        request, "article.html", status, **shown, form=form, bad=bad or bool(form and form.error), done=done,
        reasons=REASONS, all_contexts=CONTEXTS, said=said, form_secret=state.secret,
        adding=form if form and not form.id else editing.Form("", Values()),
        who=editing.who_of(request) or (form.values["who"] if form else ""), all_types=TYPES, modes=MODES,
        statuses=STATUSES,
    )  # fmt: skip


def actor(request: Request) -> Response:
    """What an actor did, what was done to it, what it said, with whom."""
    archive: Archive = request.app.state.archive
    held: Held = request.app.state.held
    code = request.path_params["code"]
    parts = []
    name = code_name(code, _language(request))
    for key, role in (("did", "actor"), ("done", "recipient"), ("said", "speaker")):
        asked = question.read([(role, code)])
        by_type = Counter[str]()
        for count in tally(held, archive, ["type"], asked.query):
            by_type[str(count["type"])] += int(count["n"] or 0)
        rows = list(archive.events(msgspec.structs.replace(asked.query, limit=8))) if by_type else []
        parts.append((key, asked, by_type.total(), rows, by_type.most_common(6)))
        for row in rows:
            cells = {"actor": row.actors, "recipient": row.recipients, "speaker": row.speakers}[role]
            name = next((c.name for c in cells if c.id == code != c.code and c.name), name)
    if not any(total for _, _, total, _, _ in parts):
        raise HTTPException(404, f"no actor {code[:100]!r}")
    partners = held.get(("partners", code), lambda: archive.partners(code))
    return render(
        request, "actor.html", code=code, name=name, parts=parts, partners=partners[:20],
        threads=threads_of(archive, code),
    )  # fmt: skip


def threads_of(archive: Archive, party: str) -> list[Thread]:
    """The threads of a party's country or body, the one that went on last first."""
    return archive.threads(party=party if party.startswith("IGO.") else party.partition(".")[0], limit=12)


def exported(request: Request) -> Response:
    """The selection as a file. What is held row by row is sent row by row."""
    archive: Archive = request.app.state.archive
    format_ = request.path_params["format"]
    if format_ not in FORMATS:
        raise HTTPException(404, f"no format {format_[:40]!r}; formats are {' '.join(FORMATS)}")
    asked = question.read(request.query_params.multi_items(), others=_OTHERS)
    if format_ == "counts":
        counted = archive.counts(["month", "type"], asked.query)
        return Response(
            drawing.counts_csv(counted), media_type=FORMATS[format_],
            headers={"content-disposition": 'attachment; filename="khabar-counts.csv"'},
        )  # fmt: skip
    rows = archive.events(msgspec.structs.replace(asked.query, order="date"))
    return StreamingResponse(
        _parts(rows, format_), media_type=FORMATS[format_],
        headers={"content-disposition": f'attachment; filename="khabar.{format_}"'},
    )  # fmt: skip


def _parts(rows: Iterator[Row], format_: str) -> Iterator[bytes]:
    """The bytes of an export as its rows are taken: the writer, in a thread of its own, runs
    ahead by at most 64 pieces."""
    out = _Pieces()

    pieces: queue.Queue[bytes | Exception | None] = queue.Queue(maxsize=64)
    stopped = threading.Event()

    def put(piece: bytes | Exception | None) -> None:
        while not stopped.is_set():
            try:
                return pieces.put(piece, timeout=0.5)
            except queue.Full:
                continue
        raise BrokenPipeError

    def work() -> None:
        try:
            out.put = put
            export(rows, format_, cast(BinaryIO, out))
            out.flush()
            put(None)
        except BrokenPipeError:
            pass
        except Exception as fault:
            put(fault)

    threading.Thread(target=work, daemon=True).start()
    try:
        while (piece := pieces.get()) is not None:
            if isinstance(piece, Exception):
                raise ArchiveError(str(piece)) from piece
            yield piece
    finally:
        stopped.set()


class _Pieces(io.RawIOBase):
    """A binary stream that hands on what is written to it in pieces of 64 kB."""

    put: Any = None

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._held += data
        if len(self._held) >= 65536:
            self.flush()
        return len(data)

    def flush(self) -> None:
        if self._held and self.put is not None:
            self.put(bytes(self._held))
            self._held.clear()
