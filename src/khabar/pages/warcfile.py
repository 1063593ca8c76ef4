"""Records of WARC files (ISO 28500) in a stream, plain or gz, in bounded memory.

Why not a library: fastwarc 2.0.1 and warcio 1.8.1 end without a word where a file is cut, so that a half crawl looks
like a whole one, and fastwarc loses its place after a body that was not unpacked to its end.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator, Mapping
from typing import BinaryIO

_PORTION = 1 << 16
_LINE, _LINES = 1 << 15, 500  # limits of a head: bytes of a line, lines
# Text packs to a tenth; what unpacks to this much more, and to that many bytes, is made to hurt.
_BOMB_RATIO, _BOMB_BYTES = 300, 1 << 30


class WarcError(ValueError):
    """The file cannot be read further; the message says why, `offset` where (bytes of the file as it is stored)."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


class _Input:
    """Bytes of the file, unpacked; never more than one portion ahead."""

    def __init__(self, stream: BinaryIO, packed: bool) -> None:
        self._stream = stream
        self._packed = packed
        self._buffer = bytearray()
        self._taken = 0  # bytes of the plain file before the buffer
        self._read = 0  # bytes read from the file
        self._rest = b""  # packed bytes that were read and not unpacked yet
        self._machine: zlib._Decompress | None = None
        self._member = 0  # where the gz member that is unpacked now begins
        self._grown = 0  # bytes that it has given

    @property
    def offset(self) -> int:
        """Where the next byte stands in the file: for gz files the begin of its member."""
        return self._member if self._packed else self._taken

    def _fill(self) -> bool:
        """More bytes into the buffer; false at the end of the file."""
        if not self._packed:
            data = self._stream.read(_PORTION)
            self._buffer += data
            return bool(data)
        while True:
            if not self._rest and (self._machine is None or not self._machine.unconsumed_tail):
                self._rest = self._stream.read(_PORTION)
                self._read += len(self._rest)
                if not self._rest:
                    if self._machine is not None:
                        raise WarcError("cut in the middle: a gz member has no end", self._member)
                    return False
            if self._machine is None:
                self._rest = self._rest.lstrip(b"\0")  # padding between members
                if not self._rest:
                    continue
                self._machine, self._member, self._grown = zlib.decompressobj(31), self._read - len(self._rest), 0
            try:
                data = self._machine.decompress(self._rest, _PORTION)
            except zlib.error as error:
                raise WarcError(f"damaged gz data ({error})", self._member) from error
            self._rest = self._machine.unconsumed_tail or self._machine.unused_data
            self._grown += len(data)
            eaten = self._read - len(self._rest) - self._member
            if self._grown > _BOMB_BYTES and self._grown > _BOMB_RATIO * eaten:
                raise WarcError("a gzip bomb: a few bytes that unpack to gigabytes", self._member)
            if self._machine.eof:
                self._machine = None
            if data:
                self._buffer += data
                return True

    def begin(self) -> bool:
        """Goes over blank lines to the next record; false at the end of the file."""
        while True:
            blank = len(self._buffer) - len(self._buffer.lstrip(b"\r\n"))
            self._drop(blank)
            if self._buffer:
                return True
            if not self._fill():
                return False

    def line(self) -> bytes:
        """The next line without its end."""
        start = 0
        while (end := self._buffer.find(b"\n", start)) < 0:
            start = len(self._buffer)
            if start > _LINE:
                raise WarcError("a line of a record's head has no end", self.offset)
            if not self._fill():
                raise WarcError("cut in the middle of a record's head", self.offset)
        line = bytes(self._buffer[:end]).rstrip(b"\r")
        self._drop(end + 1)
        return line

    def read(self, size: int) -> bytes:
        """`size` bytes."""
        while len(self._buffer) < size:
            if not self._fill():
                raise WarcError("cut in the middle of a record", self.offset)
        data = bytes(self._buffer[:size])
        self._drop(size)
        return data

    def skip(self, size: int) -> None:
        while size > 0:
            if not self._buffer and not self._fill():
                raise WarcError("cut in the middle of a record", self.offset)
            gone = min(size, len(self._buffer))
            self._drop(gone)
            size -= gone

    def _drop(self, size: int) -> None:
        del self._buffer[:size]
        self._taken += size


class Record:
    """One record while it is the iterator's current one. `headers` have lower-case names; `offset` is where it begins
    in the file as stored; `length` counts bytes of its block."""

    def __init__(self, source: _Input, headers: Mapping[str, str], offset: int, length: int) -> None:
        self._source = source
        self.headers = headers
        self.offset = offset
        self.length = length
        self.left = length

    def head(self) -> tuple[int, dict[str, str]]:
        """Status and headers of the HTTP answer in the block; status 0 where it holds none."""
        status = self._line().split(None, 2)
        if len(status) < 2 or not status[0].startswith(b"HTTP/") or not status[1].isdigit():
            return 0, {}
        return int(status[1]), _headers(self._line)

    def _line(self) -> bytes:
        if self.left <= 0:
            return b""
        before = self._source._taken
        line = self._source.line()
        self.left -= self._source._taken - before
        return line

    def body(self) -> bytes:
        """What is left of the block."""
        size, self.left = max(0, self.left), 0
        return self._source.read(size)

    def skip(self) -> None:
        """Goes over what is left of the block."""
        size, self.left = max(0, self.left), 0
        self._source.skip(size)


def is_warc(head: bytes) -> bool:
    """Whether a file that begins so (plain, or a gz file of it) is a WARC file."""
    if head[:2] == b"\x1f\x8b":
        try:
            head = zlib.decompressobj(31).decompress(head, 16)
        except zlib.error:
            return False
    return head.startswith(b"WARC/")


def records(stream: io.BufferedReader) -> Iterator[Record]:
    """The records in order, each to be read before the next is asked for. Raises `WarcError` where the file is cut or
    is no WARC file any more."""
    source = _Input(stream, stream.peek(2)[:2] == b"\x1f\x8b")
    while source.begin():
        offset = source.offset
        version = source.line()
        if not version.startswith(b"WARC/"):
            raise WarcError("no WARC record where one should begin; the rest is not read", offset)
        headers = _headers(source.line)
        length = headers.get("content-length", "")
        if not length.isascii() or not length.isdigit():
            raise WarcError("a record without its length; the rest is not read", offset)
        record = Record(source, headers, offset, int(length))
        yield record
        record.skip()


def _headers(line: object) -> dict[str, str]:
    """Header lines up to a blank one; the first of a name counts; folded lines are joined."""
    found: dict[str, str] = {}
    name = ""
    for _ in range(_LINES):
        raw = line()  # type: ignore[operator]
        if not raw:
            return found
        text = raw.decode("utf-8", "replace")
        if text[0] in " \t" and name:
            found[name] += " " + text.strip()
            continue
        key, colon, value = text.partition(":")
        name = key.strip().lower()
        if colon and name not in found:
            found[name] = value.strip()
        elif name in found:
            name = ""
    return found
