"""The application: its addresses, and errors as pages or JSON."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio.to_thread
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from khabar.archive import Archive, ArchiveError, Conflict, CorrectionError, QueryError, UnknownEvent
from khabar.pipeline import Settings
from khabar.web import adding, api, changing, editing, fields, telling, views
from khabar.web.desk import Desk
from khabar.web.guard import Guard
from khabar.web.held import Held, warm
from khabar.web.metrics import Counted, Measures, metrics

THREADS = 6
STATIC = Path(__file__).parent / "static"


def make_app(
    archive: Archive, *, token: str | None = None, edit: bool = False, settings: Settings | None = None,
    allow_local: bool = False,
) -> Starlette:  # fmt: skip
    """The reading room over an open archive. With a `token` every request must bear it; without one only requests to
    a local name are answered. With `edit` people may correct and add pages, for which the archive must be open for
    writing; `settings` say how pages are coded, `allow_local` whether addresses of the local network are fetched."""
    measures = Measures(archive)
    app = Starlette(
        routes=[
            Route("/", views.answers),
            Route("/articles/{id:path}", views.article),
            Route("/actors/{code}", views.actor),
            Route("/happenings", telling.happenings),
            Route("/happenings/{id}", telling.happening),
            Route("/threads/{id}", telling.thread),
            Route("/export/{format}", views.exported),
            Route("/types.css", views.types),
            Route("/api/events", api.events),
            Route("/api/counts", api.counts),
            Route("/api/search", api.search),
            Route("/edit", editing.post, methods=["POST"]),
            Route("/add", adding.add, methods=["GET", "POST"]),
            Route("/add/{id}", adding.job),
            Route("/add/{id}/cancel", adding.cancel, methods=["POST"]),
            Route("/api/jobs", adding.jobs, methods=["GET", "POST"]),
            Route("/api/jobs/{id}", adding.one_job, methods=["GET", "DELETE"]),
            Route("/api/events/{id:path}", changing.event, methods=["GET", "PATCH", "DELETE"]),
            Route("/api/corrections", changing.corrections),
            Route("/api/happenings", api.happenings),
            Route("/api/happenings/{id}", api.happening),
            Route("/api/threads", api.threads),
            Route("/api/threads/{id}", api.thread),
            Route("/api/articles/{id:path}/events", changing.add, methods=["POST"]),
            Route("/api/articles/{id:path}", changing.article, methods=["GET", "PATCH"]),
            Route("/openapi.json", api.openapi),
            Route("/metrics", metrics),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        lifespan=_running,
        middleware=[Middleware(Counted, measures=measures), Middleware(Guard, token=token)],
        exception_handlers={
            QueryError: _question,
            CorrectionError: _correction,
            Conflict: _conflict,
            UnknownEvent: _unknown,
            ArchiveError: _archive,
            HTTPException: _http,
            Exception: _fault,
        },
    )
    app.state.archive = archive
    app.state.measures = measures
    app.state.edit = edit
    app.state.secret = editing.secret()
    app.state.held = Held()
    warm(app.state.held, archive)
    app.state.desk = None
    if edit:
        app.state.desk = Desk(archive, settings or Settings(), app.state.held.clear, allow_local=allow_local)
        threading.Thread(target=fields.load, daemon=True).start()
    return app


@asynccontextmanager
async def _running(app: Starlette) -> AsyncIterator[None]:
    """More questions at once than this only wait for each other, each with a connection and its memory."""
    anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
    yield
    if app.state.desk is not None:
        await run_in_threadpool(app.state.desk.close)


def _question(request: Request, error: Exception) -> Response:
    return _answer(request, 400, str(error))


def _correction(request: Request, error: Exception) -> Response:
    return _answer(request, 422, str(error))


def _conflict(request: Request, error: Exception) -> Response:
    return _answer(request, 409, str(error))


def _unknown(request: Request, error: Exception) -> Response:
    return _answer(request, 404, str(error))


def _archive(request: Request, error: Exception) -> Response:
    return _answer(request, 503, str(error))


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    answer = _answer(request, error.status_code, error.detail)
    answer.headers.update(error.headers or {})
    return answer


def _fault(request: Request, error: Exception) -> Response:
    return _answer(request, 500, type(error).__name__)


def _answer(request: Request, status: int, message: str) -> Response:
    if request.url.path.startswith("/api"):
        return JSONResponse({"error": {"status": status, "message": message}}, status)
    return views.error(request, status, message)
