"""`/metrics` for Prometheus: what the archive holds, how the last run went, what was asked of the reading room.

The archive is asked at most once in `FRESH` seconds, however often one scrapes. Names and meanings stand in
docs/operations.md.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, GCCollector, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from khabar import __version__
from khabar.archive import Archive, ArchiveError

FRESH = 15.0  # seconds
_GAUGES = (
    ("articles", "Articles that are shown."),
    ("versions", "Versions of pages that are stored."),
    ("events", "Mentions of acts in the articles that are shown."),
    ("acts", "Acts that the articles tell."),
    ("outlets", "Outlets of the articles."),
    ("dropped_lines", "Lines of pages that are no text of an article."),
    ("corrections", "Steps in the log of what people corrected."),
)


class _Held(Collector):
    """Asks the archive when it is scraped."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._lock = threading.Lock()
        self._found: list[Metric] = []
        self._until = 0.0

    def collect(self) -> Iterable[Metric]:
        with self._lock:
            if time.monotonic() >= self._until:
                self._found = list(_measured(self._archive))
                self._until = time.monotonic() + FRESH
            return self._found

    def describe(self) -> Iterable[Metric]:
        return []  # so that making the application asks the archive nothing


def _measured(archive: Archive) -> Iterator[Metric]:
    try:
        status, runs, failed = archive.status(), archive.runs(1), archive.faults()
    except ArchiveError:
        yield _gauge("up", "Whether the archive answers.", 0)
        return
    yield _gauge("up", "Whether the archive answers.", 1)
    for name, help_ in _GAUGES:
        yield _gauge(name, help_, getattr(status, name))
    yield _gauge("schema", "Version of the archive's tables.", status.schema)
    yield _gauge("failed_sources", "Sources that gave no article when they were last read.", len(failed))
    if status.bytes is not None:
        yield _gauge("size_bytes", "Size of the archive.", status.bytes)
    if status.last_added:
        yield _gauge("last_added_timestamp_seconds", "When an article was stored last.", _seconds(status.last_added))
    coded = GaugeMetricFamily("khabar_archive_coded_articles", "Articles by the coder.", labels=("coder", "model"))
    for coder, model, number in status.coders:
        coded.add_metric((coder, model or ""), number)
    yield coded
    for run in runs:
        if run.ended:
            yield _gauge("last_run_timestamp_seconds", "When the last run ended.", _seconds(run.ended))
        yield _gauge("last_run_seconds", "How long the last run took.", run.seconds)
        yield _gauge("last_run_stopped", "Whether the last run ended before its pages did.", run.stopped is not None)
        pages = GaugeMetricFamily("khabar_archive_last_run_pages", "Pages of the last run.", labels=("outcome",))
        for outcome in ("stored", "known", "failed"):
            pages.add_metric((outcome,), getattr(run, outcome))
        yield pages


def _gauge(name: str, help_: str, value: float) -> Metric:
    return GaugeMetricFamily(f"khabar_archive_{name}", help_, value=value)


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


class Measures:
    """The measures of one application."""

    def __init__(self, archive: Archive) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(_Held(archive))
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        labels = ("method", "status")
        self.requests = Counter("khabar_http_requests", "Requests answered.", labels, registry=self.registry)
        self.seconds = Histogram("khabar_http_request_seconds", "Time to the answer.", registry=self.registry)
        version = Gauge("khabar_build_info", "khabar's version.", ("version",), registry=self.registry)
        version.labels(__version__).set(1)


class Counted:
    """ASGI middleware that counts requests and their time; before the guard, so that refusals count too."""

    def __init__(self, app: ASGIApp, *, measures: Measures) -> None:
        self._app, self._measures = app, measures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                method = scope["method"] if scope["method"] in ("GET", "HEAD", "POST", "PATCH", "DELETE") else "other"
                self._measures.requests.labels(method, str(message["status"])).inc()
                self._measures.seconds.observe(time.perf_counter() - started)
            await send(message)

        await self._app(scope, receive, sending)


def metrics(request: Request) -> Response:
    """All measures, as text."""
    measures: Measures = request.app.state.measures
    return Response(generate_latest(measures.registry), media_type=CONTENT_TYPE_LATEST)
