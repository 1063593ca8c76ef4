"""OPML: the lists of feeds that feed readers import and export."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from lxml import etree

from khabar.pages import decode

from .guard import Refused, web_address
from .markup import FeedError, parse_xml

MAX_BYTES = 10 * 2**20


class Source(NamedTuple):
    """A feed to follow: its address, and the outlet's name where the list gives one. `place` is where it stood."""

    address: str
    outlet: str | None = None
    place: str = ""


def read_list(path: str | Path) -> tuple[list[Source], list[str]]:
    """Feeds of an OPML file, or of a text file with an address a line (`#` begins a remark), and a message for each
    line that names none. Raises `FeedError` where the file cannot be read."""
    file = Path(path)
    try:
        if file.stat().st_size > MAX_BYTES:
            raise FeedError(f"{path}: larger than {MAX_BYTES // 2**20} MB, no list of feeds")
        data = file.read_bytes()
    except OSError as error:
        raise FeedError(f"{path}: cannot be read: {error.strerror or error}") from None
    text = decode(data).text
    if "<opml" not in text[:5000].lower():
        return _lines(text, str(path))
    try:
        tree = parse_xml(text)
    except FeedError as error:
        raise FeedError(f"{path}: {error}") from None
    return _outlines(tree, str(path))


def _outlines(tree: etree._Element, path: str) -> tuple[list[Source], list[str]]:
    found: list[Source] = []
    wrong: list[str] = []
    for node in tree.iter():
        if not isinstance(node.tag, str) or etree.QName(node).localname.lower() != "outline":
            continue
        told = {str(name).lower(): " ".join(str(value).split()) for name, value in node.attrib.items()}
        address = told.get("xmlurl")
        name = told.get("title") or told.get("text")
        if not address:
            if told.get("type", "").lower() in ("rss", "atom"):
                wrong.append(f"{path}:{node.sourceline}: an outline ({name or 'nameless'}) without xmlUrl")
            continue
        try:
            found.append(Source(web_address(address), name, f"{path}:{node.sourceline}"))
        except Refused as error:
            wrong.append(f"{path}:{node.sourceline}: {error}")
    return found, wrong


def _lines(text: str, path: str) -> tuple[list[Source], list[str]]:
    found: list[Source] = []
    wrong: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split(None, 1)
        if not words or words[0].startswith("#"):
            continue
        address, name = words[0], words[1].strip() if len(words) > 1 else None
        try:
            found.append(Source(web_address(address), name, f"{path}:{number}"))
        except Refused as error:
            wrong.append(f"{path}:{number}: {error}")
    return found, wrong
