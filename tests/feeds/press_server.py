"""A small press of the tests' own: a local server whose answers a test sets by path, and that remembers its askers."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

TOWNS = ("تعز", "عدن", "إب", "المكلا", "صعدة", "حجة", "ذمار", "مأرب", "سيئون", "لحج")


class Asked(NamedTuple):
    """One request as it came."""

    path: str
    headers: dict[str, str]
    at: float


class Reply(NamedTuple):
    """What a path answers. `body` may be a generator: it is sent piece by piece, without a length, to the end."""

    body: bytes | Callable[[], Iterator[bytes]] = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    kind: str = "text/html; charset=utf-8"
    wait: float = 0.0


class Press:
    """The server. `replies` maps a path to a `Reply`, or to a function of the request that gives one."""

    def __init__(self) -> None:
        self.replies: dict[str, Reply | Callable[[Asked], Reply]] = {}
        self.asked: list[Asked] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def paths(self) -> list[str]:
        """What was asked so far, in order."""
        return [one.path for one in self.asked]

    def page(self, path: str, html: str | bytes, **more: Any) -> str:
        """Serves a page; gives its address."""
        self.replies[path] = Reply(html.encode() if isinstance(html, str) else html, **more)
        return self.url + path

    def feed(self, path: str, xml: str | bytes, **more: Any) -> str:
        """Serves a feed; gives its address."""
        return self.page(path, xml, **{"kind": "application/rss+xml; charset=utf-8", **more})

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        press = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                asked = Asked(self.path, {k.lower(): v for k, v in self.headers.items()}, time.monotonic())
                press.asked.append(asked)
                reply = press.replies.get(self.path, Reply(b"not here", 404, kind="text/plain"))
                reply = reply(asked) if callable(reply) and not isinstance(reply, Reply) else reply
                time.sleep(reply.wait)
                with contextlib.suppress(OSError):
                    self._send(reply)
                self.close_connection = True

            def _send(self, reply: Reply) -> None:
                self.send_response(reply.status)
                for name, value in reply.headers:
                    self.send_header(name, value)
                if reply.kind and not any(name.lower() == "content-type" for name, _ in reply.headers):
                    self.send_header("Content-Type", reply.kind)
                if isinstance(reply.body, bytes):
                    if not any(name.lower() == "content-length" for name, _ in reply.headers):
                        self.send_header("Content-Length", str(len(reply.body)))
                    self.end_headers()
                    self.wfile.write(reply.body)
                    return
                self.send_header("Connection", "close")
                self.end_headers()
                for portion in reply.body():
                    self.wfile.write(portion)
                    self.wfile.flush()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler


def title(n: int) -> str:
    return f"وصول قافلة إغاثة رقم {n} إلى مدينة {TOWNS[n % 10]}"


def article(n: int, head: str = "") -> str:
    """A page with an article of its own; without a date unless `head` gives one."""
    town = TOWNS[n % 10]
    return (
        f'<!doctype html><html lang="ar"><head><title>{title(n)}</title>{head}</head><body><h1>{title(n)}</h1>'
        f"<article><p>أعلنت السلطة المحلية في {town}، الأحد، وصول قافلة إغاثة رقم {n} تضم أدوية ومواد غذائية بعد "
        f"أسابيع من الانتظار على الطريق.</p><p>وقال مدير مكتب الصحة في {town} إن الفرق الطبية بدأت توزيع الأدوية على "
        f"{n + 3} مراكز صحية، ودعا المنظمات الدولية إلى إرسال مزيد من القوافل.</p></article></body></html>"
    )


def stamp(days: float = 0.0) -> str:
    """A time so many days back, as RSS writes it."""
    return format_datetime(datetime.now(UTC) - timedelta(days=days))


def item(link: str, n: int = 1, date: str | None = None, description: str = "", more: str = "") -> str:
    told = f"<pubDate>{date}</pubDate>" if date else ""
    text = f"<description><![CDATA[{description}]]></description>" if description else ""
    return f"<item><title>{title(n)}</title><link>{link}</link>{told}{text}{more}</item>"


def rss(*items: str, name: str = "صحيفة الميناء", head: str = '<?xml version="1.0" encoding="utf-8"?>') -> str:
    return f'{head}<rss version="2.0"><channel><title>{name}</title>{"".join(items)}</channel></rss>'
