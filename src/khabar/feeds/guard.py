"""Which addresses may be asked: web addresses of the public internet, judged by what a host resolves to at the moment
of connecting, so that neither a redirect nor a name that changes its answer leads into the machine's own network."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

from khabar.pages import absolute_link

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_UNSET = ipaddress.IPv4Address(0)


class Refused(Exception):
    """An address that is not asked; the message says why. No OSError: no library takes it for a fault of the net."""


def web_address(link: str, base: str = "") -> str:
    """The address of a link, absolute and percent-encoded. Raises `Refused` for what is no web address, and for one
    that bears a name and password (they would stand in every table and message)."""
    address = absolute_link(link, base).partition("#")[0]
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable or len(address) > 4000 or not address.isascii():
        raise Refused(f"{address[:200]!r} is no web address (http or https)")
    if parts.username is not None or parts.password is not None:
        raise Refused(f"the address of {parts.hostname} bears a name or password; write it without")
    return address


def authority(address: str) -> str:
    """Host and port of a web address: what politeness and robots.txt count by."""
    parts = urlsplit(address)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    name = (parts.hostname or "").rstrip(".")
    return f"{parts.scheme}://{f'[{name}]' if ':' in name else name}:{port}"


def is_public(number: str) -> bool:
    """Whether an IP number is one of the public internet; numbers that wrap another count as what they wrap."""
    found = ipaddress.ip_address(number.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        wrapped = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if wrapped is None and (found in _NAT64 or found.packed[:12] == bytes(12)):
            wrapped = ipaddress.IPv4Address(found.packed[12:])
        if wrapped is not None and wrapped != _UNSET:
            return is_public(str(wrapped))
    return found.is_global and not found.is_multicast and not found.is_reserved


def open_socket(host: str, port: int, timeout: float, *, allow_local: bool) -> socket.socket:
    """A connection to a host. Its numbers are looked up once, judged, and that very number is connected to.

    Raises `Refused` where all of them are local, OSError where none answers."""
    found = socket.getaddrinfo(host.strip("[]"), port, 0, socket.SOCK_STREAM)
    allowed = [one for one in found if allow_local or is_public(str(one[4][0]))]
    if found and not allowed:
        raise Refused(
            f"{host} is an address of the local network ({found[0][4][0]}); --allow-local lets khabar ask there"
        )
    failure: OSError = OSError(f"{host} has no address")
    for family, kind, protocol, _, number in allowed[:4]:
        try:
            opened = socket.socket(family, kind, protocol)
        except OSError as error:
            failure = error
            continue
        try:
            opened.settimeout(timeout)
            opened.connect(number)
        except OSError as error:
            opened.close()
            failure = error
            continue
        return opened
    raise failure
