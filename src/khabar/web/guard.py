"""What stands before every page: the host's name, the token, where a change comes from, the length of the address, and
headers for browsers."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LONGEST = 4096  # bytes of path and question
COOKIE = "khabar_token"
_HEADERS: Mapping[str, str] = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


def is_local(host: str) -> bool:
    """Whether a host is this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Guard:
    """ASGI middleware. Without a token only requests to a local name are answered, so that no other site's name can be
    pointed at this machine; with one, `Authorization: Bearer TOKEN`, a cookie, or once `?token=TOKEN` is asked for."""

    def __init__(self, app: ASGIApp, *, token: str | None) -> None:
        self._app = app
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                headers.setdefault("cache-control", "no-store")
            await send(message)

        answer = self._refusal(scope)
        await (answer or self._app)(scope, receive, sending)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > LONGEST:
            return _refused(scope, 414, f"the address is longer than {LONGEST} bytes")
        if self._token is None:
            host = _hostname(headers.get("host", ""))
            if not is_local(host):
                return _refused(scope, 403, "answers only to localhost; start it with --token")
            return _crossing(scope, headers)
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        if asked and self._fits(asked):
            answer = Response(status_code=303, headers={"location": scope["path"].replace("//", "/")})
            answer.set_cookie(COOKIE, asked, httponly=True, samesite="strict")
            return answer
        scheme, _, bearer = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and self._fits(bearer.strip()):
            return _crossing(scope, headers)
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            cookie = None
        if cookie and self._fits(cookie.value):
            return _crossing(scope, headers)
        return _refused(scope, 401, "a token is needed: open /?token=TOKEN or send Authorization: Bearer TOKEN")

    def _fits(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), (self._token or "").encode())


def _hostname(host: str) -> str:
    """The name in a Host header, without its port."""
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.rsplit(":", 1)[0] if host.count(":") == 1 else host


def _crossing(scope: Scope, headers: Headers) -> Response | None:
    """Refuses what would change something and comes from another site's page."""
    if scope["method"] in ("GET", "HEAD", "OPTIONS"):
        return None
    # Browsers say where a request comes from; older ones give the origin alone, programs neither.
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site in ("same-origin", "none") if site else not origin or urlsplit(origin).netloc == headers.get("host", ""):
        return None
    return _refused(scope, 403, "a change must come from this reading room's own pages")


def _refused(scope: Scope, status: int, message: str) -> Response:
    if scope["path"].startswith("/api"):
        return JSONResponse({"error": {"status": status, "message": message}}, status)
    return PlainTextResponse(f"khabar: {message}\n", status)
