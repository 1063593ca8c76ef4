"""Bodies of HTTP answers and files unpacked in bounded memory: a small one that unpacks to gigabytes is cut."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

_PORTION = 1 << 20  # bytes unpacked at once


class TooLarge(ValueError):
    """More bytes than allowed."""


class Damaged(ValueError):
    """Not what its encoding says, or cut in the middle."""


def inflate(chunks: Iterable[bytes], encoding: str, limit: int) -> bytes:
    """The body whose chunks come in `encoding` (a Content-Encoding: gzip, deflate, br, identity or none).

    Raises `TooLarge` as soon as more than `limit` bytes came out, `Damaged` for what cannot be unpacked.
    """
    name = encoding.strip().lower()
    if name in ("", "identity", "none", "utf-8"):  # the last is a frequent misuse of the header
        portions: Iterable[bytes] = chunks
    elif name in ("gzip", "x-gzip", "deflate"):
        portions = _zlib(chunks, name)
    elif name == "br":
        portions = _brotli(chunks)
    else:
        raise Damaged(f"its content encoding {encoding[:40]!r} is not known")
    whole = bytearray()
    for portion in portions:
        whole += portion
        if len(whole) > limit:
            raise TooLarge(f"larger than {limit // 2**20} MB" if limit >= 2**20 else f"larger than {limit} bytes")
    return bytes(whole)


def _zlib(chunks: Iterable[bytes], name: str) -> Iterator[bytes]:
    machine = zlib.decompressobj(31 if name != "deflate" else 15)
    raw = name == "deflate"  # servers send deflate with and without the header of zlib
    began = False
    for chunk in chunks:
        data = chunk
        while data:
            if machine.eof:
                if data[:2] != b"\x1f\x8b":
                    return  # padding after the end
                machine = zlib.decompressobj(31)
            try:
                yield machine.decompress(data, _PORTION)
            except zlib.error as error:
                if not raw or began:
                    raise Damaged(f"damaged {name} data: {error}") from error
                machine, raw = zlib.decompressobj(-15), False
                continue
            began = True
            data = machine.unconsumed_tail or machine.unused_data
    if began and not machine.eof:
        raise Damaged(f"{name} data cut in the middle")


def _brotli(chunks: Iterable[bytes]) -> Iterator[bytes]:
    try:
        import brotli
    except ModuleNotFoundError:
        raise Damaged("its content encoding is br; install: pip install brotli") from None
    machine = brotli.Decompressor()
    try:
        for chunk in chunks:
            yield machine.process(chunk, output_buffer_limit=_PORTION)
            while not machine.can_accept_more_data():
                yield machine.process(b"", output_buffer_limit=_PORTION)
    except brotli.error as error:
        raise Damaged(f"damaged br data: {error}") from error
    if not machine.is_finished():
        raise Damaged("br data cut in the middle")
