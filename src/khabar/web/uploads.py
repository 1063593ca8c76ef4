"""What a reader sends to be added: a multipart form taken apart within limits, its files laid into a folder."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import NamedTuple

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

MOST = 200 * 2**20  # bytes of a form
PASTED = 2 * 2**20  # bytes of a pasted page
FILES = 2000
ADDRESSES = 500
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)


class Upload(io.BufferedReader):
    """A file under the name that its sender gave it."""

    def __init__(self, path: Path, name: str) -> None:
        super().__init__(io.FileIO(path))
        self._shown = name

    @property
    def name(self) -> str:
        """The name that stands for the source of its pages."""
        return self._shown


class Sent(NamedTuple):
    """A form: its plain fields, and what is to be added."""

    values: dict[str, str]
    files: tuple[tuple[Path, str], ...]
    addresses: tuple[str, ...]


async def taken(request: Request, folder: Path) -> Sent:
    """The form of a request, its files in `folder`. Raises 400, 413, 415."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise HTTPException(415, "send the form as multipart/form-data")
    parser = MultiPartParser(request.headers, _limited(request), max_files=FILES, max_fields=20, max_part_size=PASTED)
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise HTTPException(
            413 if "exceed" in error.message or "Too many" in error.message else 400, error.message
        ) from None
    files: list[tuple[Path, str]] = []
    values: dict[str, str] = {}
    for name, value in form.multi_items():
        if not isinstance(value, UploadFile):
            values[name] = value
        elif value.filename or value.size:
            files.append(await _laid(value, folder, len(files)))
    await form.close()
    pasted = values.get("pasted", "").strip()
    addresses = addresses_of(pasted)
    if len(addresses) > ADDRESSES:
        raise HTTPException(413, f"more than {ADDRESSES} addresses; khabar follow reads long lists")
    if pasted and not addresses:
        path = folder / "pasted"
        path.write_text(pasted, encoding="utf-8")
        files.append((path, source_name(path, "pasted")))
    return Sent(values, tuple(files), addresses)


def addresses_of(pasted: str) -> tuple[str, ...]:
    """The addresses of a text that holds nothing else, one a line; none where it is a page."""
    lines = [line.strip() for line in pasted.splitlines() if line.strip()]
    return tuple(dict.fromkeys(lines)) if lines and all(_ADDRESS.fullmatch(line) for line in lines) else ()


def source_name(path: Path, name: str) -> str:
    """What stands for a file as the source of its pages: two files of one name are two sources, a file sent twice is
    one."""
    with path.open("rb") as stream:
        number = hashlib.file_digest(stream, "sha256").hexdigest()[:8]
    return f"upload:{number}/{name}"


def sent_as(source: str) -> str:
    """The name of a source as its sender knows it."""
    return re.sub(r"^upload:\w+/", "", source)


async def body(request: Request, folder: Path, name: str) -> tuple[Path, str] | None:
    """The body of a request as a file; None where it is empty. Raises 413."""
    shown, ending = _name(name)
    path = folder / f"0{ending}"
    with path.open("wb") as out:
        async for part in _limited(request):
            out.write(part)
        if not out.tell():
            return None
    return path, source_name(path, shown)


def _name(sent: str) -> tuple[str, str]:
    """What a file is called, and its ending: that says how many pages it holds. Nothing of it becomes a path."""
    shown = re.split(r"[/\\]", sent)[-1][-120:] or "page"
    ending = re.search(r"(\.[a-z]{1,9}){1,2}$", shown.lower())
    return shown, ending[0] if ending else ""


async def _laid(sent: UploadFile, folder: Path, number: int) -> tuple[Path, str]:
    shown, ending = _name(sent.filename or "page")
    path = folder / f"{number}{ending}"
    with path.open("wb") as out:
        while part := await sent.read(1 << 20):
            out.write(part)
    return path, source_name(path, shown)


async def _limited(request: Request) -> AsyncGenerator[bytes, None]:
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > MOST:
            raise HTTPException(413, f"more than {MOST // 2**20} MB; khabar run reads as much as there is")
        yield part
