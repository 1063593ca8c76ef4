"""Sitemaps (sitemaps.org), those of news (Google's extension), and indexes of them, read element by element."""

from __future__ import annotations

import io
from typing import NamedTuple

from lxml import etree

from .markup import FeedError

MAX_LOCATIONS = 50_000  # what the protocol allows in one file


class Location(NamedTuple):
    """An address of a sitemap with what it says of it, as written."""

    address: str
    modified: str | None = None
    published: str | None = None
    title: str = ""
    outlet: str | None = None
    language: str | None = None


def read_sitemap(text: str) -> tuple[str, list[Location], list[tuple[str, str | None]]]:
    """Kind (sitemap, news sitemap, sitemap index), addresses, and the sitemaps that an index names. `text` begins with
    its root element. Raises `FeedError`."""
    found: list[Location] = []
    maps: list[tuple[str, str | None]] = []
    news = False
    try:
        for _, node in etree.iterparse(
            io.BytesIO(text.encode()), events=("end",), resolve_entities=False, no_network=True, load_dtd=False,
            huge_tree=False, recover=True, remove_comments=True, remove_pis=True,
        ):  # fmt: skip
            name = _name(node)
            if name not in ("url", "sitemap"):
                continue
            own, of_news = _texts(node), {}
            for part in node:
                if _name(part) == "news":
                    of_news, news = {**_texts(part), **_texts(part.find("{*}publication"))}, True
            if "loc" in own and name == "sitemap":
                maps.append((own["loc"], own.get("lastmod")))
            elif "loc" in own:
                found.append(
                    Location(
                        own["loc"], own.get("lastmod"), of_news.get("publication_date"), of_news.get("title", ""),
                        of_news.get("name"), of_news.get("language"),
                    )
                )  # fmt: skip
            node.clear()
            while node.getprevious() is not None and (parent := node.getparent()) is not None:
                del parent[0]  # what was read is let go
            if len(found) >= MAX_LOCATIONS or len(maps) >= MAX_LOCATIONS:
                break
    except etree.XMLSyntaxError as error:
        if not found and not maps:
            raise FeedError(f"broken XML: {error}") from None
    kind = "sitemap index" if maps and not found else "news sitemap" if news else "sitemap"
    return kind, found, maps


def _texts(node: etree._Element | None) -> dict[str, str]:
    """The texts of an element's children by their names, the first of a name."""
    found: dict[str, str] = {}
    for part in node if node is not None else ():
        value = " ".join((part.text or "").split()) if isinstance(part.tag, str) else ""
        if value:
            found.setdefault(_name(part), value)
    return found


def _name(node: etree._Element) -> str:
    return etree.QName(node).localname.lower() if isinstance(node.tag, str) else ""
