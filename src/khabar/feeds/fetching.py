"""One address asked over HTTP: limits of size and time, redirects followed by hand, every connection guarded."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import NamedTuple, Protocol
from urllib.parse import urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from khabar import __version__
from khabar.pages.inflating import Damaged, TooLarge, inflate

from .guard import open_socket, web_address

AGENT = f"khabar/{__version__} (event data of the Arabic press)"
_MOVED = (301, 302, 303, 307, 308)
_PORTION = 1 << 16


class Limits(NamedTuple):
    """Seconds to wait for the next bytes, seconds for a whole answer, redirects followed, and whether addresses of the
    local network may be asked."""

    wait: float = 20.0
    whole: float = 90.0
    redirects: int = 5
    allow_local: bool = False
    agent: str = AGENT


class Answer(NamedTuple):
    """What came back. `address` is where the answer was found, `moved` where all redirects on the way were permanent;
    header names are in lower case; `body` is unpacked."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    address: str
    moved: bool = False


class Failed(Exception):
    """No answer that can be used. `passing` says whether it may do later."""

    def __init__(self, message: str, *, passing: bool) -> None:
        super().__init__(message)
        self.passing = passing


class Hop(Protocol):
    """What is asked before a redirect is followed."""

    def __call__(self, address: str, /) -> None: ...


class _Watch:
    """Ends a connection when its time is up, whatever it waits for: a body or head that drips comes under it too."""

    def __init__(self, seconds: float) -> None:
        self.expired = False
        self._ends = time.monotonic() + seconds
        self._line: socket.socket | None = None
        self._timer: threading.Timer | None = None

    def over(self, opened: socket.socket) -> None:
        # A copy of the descriptor: TLS takes the socket itself away.
        self._line = socket.fromfd(opened.fileno(), opened.family, opened.type)
        self._timer = threading.Timer(max(0.0, self._ends - time.monotonic()), self._end)
        self._timer.daemon = True
        self._timer.start()

    def _end(self) -> None:
        self.expired = True
        if self._line is not None:
            with contextlib.suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer.join()
        if self._line is not None:
            self._line.close()


@cache
def _trust() -> ssl.SSLContext:
    context = ssl.create_default_context()
    with contextlib.suppress(ImportError, OSError):
        import certifi

        context.load_verify_locations(certifi.where())
    return context


def get(
    address: str, limits: Limits, size: int, headers: Mapping[str, str] | None = None, *, hop: Hop | None = None,
    cut: bool = False,
) -> Answer:  # fmt: skip
    """Asks `address`, at most `size` bytes of body, unpacked or not; a longer one is a failure, or is `cut` there.

    `hop` is called before every redirect with the next address (it waits, or raises `Refused`). Raises `Refused`,
    `Failed`.
    """
    ends = time.monotonic() + limits.whole
    seen = {address}
    permanent = True
    first = address
    while True:
        answer, location = _ask(address, limits, size, headers or {}, ends, cut)
        if location is None:
            return answer._replace(moved=permanent and address != first)
        permanent = permanent and answer.status in (301, 308)
        address = web_address(location, address)
        if address in seen:
            raise Failed(f"redirects in a circle: {address} comes twice", passing=False)
        if len(seen) > limits.redirects:
            raise Failed(f"more than {limits.redirects} redirects, the last to {address}", passing=False)
        seen.add(address)
        if hop is not None:
            waited = time.monotonic()
            hop(address)
            ends += time.monotonic() - waited


def _ask(
    address: str, limits: Limits, size: int, headers: Mapping[str, str], ends: float, cut: bool
) -> tuple[Answer, str | None]:
    """One answer, and where it redirects to."""
    parts = urlsplit(address)
    watch = _Watch(ends - time.monotonic())
    pool = _pool(parts.scheme, parts.hostname or "", parts.port, limits, watch)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    sent = {"User-Agent": limits.agent, "Accept-Encoding": "gzip, deflate", "Accept-Language": "ar, *;q=0.5"}
    try:
        answer = pool.urlopen(
            "GET", target, headers={**sent, **headers}, retries=False, redirect=False, preload_content=False,
            decode_content=False, assert_same_host=False,
        )  # fmt: skip
        told = {name.lower(): _text(value) for name, value in answer.headers.items()}
        location = told.get("location") if answer.status in _MOVED else None
        body = b"" if location is not None or answer.status == 304 else (_start if cut else _body)(answer, told, size)
        if watch.expired:
            raise Failed(_slow(limits), passing=True)
        return Answer(answer.status, told, body, address), location
    except TooLarge as error:
        raise Failed(f"{error}, the limit; not read", passing=False) from None
    except Damaged as error:
        raise Failed(str(error), passing=True) from None
    except (HTTPError, OSError, UnicodeError) as error:
        if watch.expired:
            raise Failed(_slow(limits), passing=True) from None
        raise Failed(_told(error, limits), passing=not isinstance(error, UnicodeError)) from None
    finally:
        watch.close()
        pool.close()


def _slow(limits: Limits) -> str:
    return f"no whole answer within {limits.whole:g} seconds"


def _told(error: Exception, limits: Limits) -> str:
    if isinstance(error, urllib3.exceptions.TimeoutError | TimeoutError) or isinstance(error.__cause__, TimeoutError):
        return f"no answer within {limits.wait:g} seconds"
    text = re.sub(r"<[^>]*object at 0x[0-9a-f]+>:? ?", "", str(error)) or type(error).__name__
    return f"cannot be reached ({text[:200]})"


def _pool(scheme: str, host: str, port: int | None, limits: Limits, watch: _Watch) -> urllib3.HTTPConnectionPool:
    """A pool of one connection that is opened under guard and watch. Nothing is kept open: between two questions to one
    host lie seconds."""

    def opened(host: str, port: int) -> socket.socket:
        line = open_socket(host, port, limits.wait, allow_local=limits.allow_local)
        watch.over(line)
        return line

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return opened(self.host, self.port or 80)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return opened(self.host, self.port or 443)

    timeout = urllib3.Timeout(connect=limits.wait, read=limits.wait)
    pool: urllib3.HTTPConnectionPool
    if scheme == "https":
        pool = urllib3.HTTPSConnectionPool(host, port, timeout=timeout, maxsize=1, ssl_context=_trust())
        pool.ConnectionCls = Secure
    else:
        pool = urllib3.HTTPConnectionPool(host, port, timeout=timeout, maxsize=1)
        pool.ConnectionCls = Plain
    return pool


def _body(answer: urllib3.BaseHTTPResponse, headers: Mapping[str, str], size: int) -> bytes:
    length = headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length) > size:
        raise TooLarge(f"larger than {size / 2**20:g} MB")
    data = inflate(_portions(answer), "", size)
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding in ("", "identity"):
        return data
    try:
        return inflate([data], encoding, size)
    except Damaged:
        if encoding in ("gzip", "x-gzip") and data[:2] == b"\x1f\x8b":
            raise
        return data  # servers that forget to pack, and say that they did


def _start(answer: urllib3.BaseHTTPResponse, headers: Mapping[str, str], size: int) -> bytes:
    """The first `size` bytes of a body."""
    whole = bytearray()
    for portion in _portions(answer):
        whole += portion
        if len(whole) >= size:
            break
    packed = headers.get("content-encoding", "").strip().lower() in ("gzip", "x-gzip", "deflate")
    # The text in a packed one that is longer cannot be had without its end.
    return inflate([bytes(whole)], headers["content-encoding"], size) if packed else bytes(whole[:size])


def _portions(answer: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    while portion := answer.read(_PORTION, decode_content=False):
        yield portion


def _text(value: str) -> str:
    """A header's value; letters beyond ASCII come as UTF-8, which the library reads as Latin-1."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value


def gunzip(data: bytes, size: int) -> bytes:
    """A body that is itself a gz file (sitemap.xml.gz), unpacked; any other as it is. Raises `Failed`."""
    if data[:2] != b"\x1f\x8b":
        return data
    try:
        return inflate([data], "gzip", size)
    except (TooLarge, Damaged, zlib.error) as error:
        raise Failed(f"its gz file is {error}; not read", passing=False) from None


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds that a Retry-After asks for, at most a week; None where there is none that can be read."""
    told = headers.get("retry-after", "").strip()
    if told.isascii() and told.isdigit():
        return float(min(int(told[:9]), 7 * 86400))
    try:
        when = parsedate_to_datetime(told)
    except (ValueError, TypeError, IndexError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return min(max(0.0, (when - (now or datetime.now(UTC))).total_seconds()), 7 * 86400.0)
