"""Addresses: one canonical form, comparison, and links made absolute. No network."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files
from urllib.parse import quote, unquote_to_bytes, urljoin, urlsplit, urlunsplit

_PORTS = {"http": "80", "https": "443"}
_UNRESERVED = "-._~"
_PATH_SAFE = "/:@!$&'()*+,;=" + _UNRESERVED
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")


@cache
def _tracking() -> tuple[frozenset[str], tuple[str, ...]]:
    """Query parameters that only say where the reader came from: exact names and prefixes."""
    rows = (files(__package__) / "data" / "tracking.tsv").read_text("utf-8").splitlines()[1:]
    names = [row.split("\t")[0] for row in rows]
    return frozenset(n for n in names if not n.endswith("*")), tuple(n[:-1] for n in names if n.endswith("*"))


def canonical_url(url: str) -> str:
    """The address in one form: scheme and host in lower case (host in IDNA), no default port, no fragment, dot segments
    resolved, letters beyond ASCII percent-encoded as UTF-8 exactly once with capital hex digits, no tracking
    parameters, the others sorted, no final slash. What is no web address comes back stripped of white space."""
    text = unicodedata.normalize("NFC", re.sub(r"[\r\n\t\u200b-\u200f\u202a-\u202e\ufeff]+", "", url).strip())
    if text.startswith("//"):
        text = "https:" + text
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return text
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or not parts.hostname:
        return text
    host = _host(parts.hostname)
    if port is not None and str(port) != _PORTS[scheme]:
        host = f"{host}:{port}"
    path = urlsplit(urljoin(f"http://h{'' if parts.path.startswith('/') else '/'}", parts.path or "/")).path
    path = re.sub(r"/{2,}", "/", _encode(path, _PATH_SAFE)).rstrip("/")
    return urlunsplit((scheme, host, path or "/", _query(parts.query), ""))


def _query(query: str) -> str:
    names, prefixes = _tracking()
    kept = []
    for pair in query.split("&"):
        name = unquote_to_bytes(pair.partition("=")[0]).decode("utf-8", "replace").lower()
        if pair and name not in names and not name.startswith(prefixes):
            kept.append(_encode(pair, _PATH_SAFE + "?"))
    return "&".join(sorted(kept))


def _host(host: str) -> str:
    host = host.rstrip(".").lower()
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _encode(text: str, safe: str) -> str:
    """Percent-encodes what must be, keeps escapes that are there (capital hex), undoes escapes of plain letters."""

    def tidy(match: re.Match[str]) -> str:
        char = chr(int(match[1], 16))
        return char if char.isascii() and (char.isalnum() or char in _UNRESERVED) else match[0].upper()

    return _ESCAPE.sub(tidy, quote(text, safe=safe + "%") if not _stray(text) else _encode_stray(text, safe))


def _stray(text: str) -> bool:
    """Whether a percent sign stands that begins no escape (100% in a slug)."""
    return text.count("%") != len(_ESCAPE.findall(text))


def _encode_stray(text: str, safe: str) -> str:
    return quote(re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text), safe=safe + "%")


def same_url(first: str, second: str) -> bool:
    """Whether two addresses name the same page: equal in canonical form, http and https alike, with or without www."""

    def key(url: str) -> str:
        return re.sub(r"^https?://(?:www\.)?", "", canonical_url(url))

    return key(first) == key(second)


def absolute_link(href: str, page_url: str, base: str | None = None) -> str:
    """The address a link of a page points to, percent-encoded once; `base` is the href of the page's `<base>`.

    Letters beyond ASCII are allowed in all three; query and fragment of the link are kept as they are.
    """
    root = urljoin(page_url.strip(), base.strip()) if base else page_url.strip()
    joined = urljoin(root, href.strip())
    try:
        parts = urlsplit(joined)
    except ValueError:
        return joined
    if parts.scheme not in _PORTS:
        return joined
    netloc = parts.netloc
    if not netloc.isascii() and parts.hostname:
        netloc = netloc.lower().replace(parts.hostname, _host(parts.hostname))
    path = _encode(unicodedata.normalize("NFC", parts.path), _PATH_SAFE)
    query = _encode(unicodedata.normalize("NFC", parts.query), _PATH_SAFE + "?")
    return urlunsplit((parts.scheme, netloc, path, query, _encode(parts.fragment, _PATH_SAFE + "?")))
