"""Markup from anybody made harmless: where a document begins, XML without entities of its own, HTML to lines."""

from __future__ import annotations

import html
import re
from html.entities import html5

from lxml import etree

_DOCTYPE = re.compile(
    r"""<!DOCTYPE(?:[^\[>"']++|"[^"]*+"|'[^']*+')*+(?:\[(?:[^\]"']++|"[^"]*+"|'[^']*+')*+\]\s*+)?>""", re.I
)
_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]{0,30}:)?(rss|feed|rdf|urlset|sitemapindex|opml|html)(?=[\s>/])", re.IGNORECASE)
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_XML_OWN = ("amp", "lt", "gt", "quot", "apos")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\](?:>|&gt;)", re.DOTALL)
_SILENT = re.compile(r"<(script|style|iframe|figure|form|noscript)\b.*?</\1\s*>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
_BLOCK = re.compile(r"</?(?:p|div|br|li|ul|ol|h[1-6]|tr|table|blockquote|section|article|hr)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<![^<>]*>")


class FeedError(ValueError):
    """No feed that can be read; the message says why."""


def document(text: str) -> tuple[str, str]:
    """Name of the root element (lower case, no prefix) and the document from there on.

    What stands before it goes: declarations of encoding (text has none), document types with their entities (the way
    of XML bombs and of files read from the disk), comments, warnings that a server printed. Raises `FeedError`.
    """
    at = 0
    while (at := text.find("<", at)) >= 0:
        if text.startswith("<?", at):
            at = _after(text, "?>", at)
        elif text.startswith("<!--", at):
            at = _after(text, "-->", at)
        elif text.startswith("<!", at):
            found = _DOCTYPE.match(text, at)
            at = found.end() if found else at + 2
        elif root := _ROOT.match(text, at):
            return root[1].lower(), _named(_ILLEGAL.sub("", text[at:]))
        else:
            at += 1
    raise FeedError("neither RSS nor Atom nor a sitemap")


def _after(text: str, end: str, at: int) -> int:
    found = text.find(end, at)
    return found + len(end) if found >= 0 else len(text)


def _named(text: str) -> str:
    """Letters for the entities of HTML, which XML does not know; unknown ones are text."""

    def letter(match: re.Match[str]) -> str:
        if match[1] in _XML_OWN:
            return match[0]
        return html5.get(f"{match[1]};", f"&amp;{match[1]};")

    return _ENTITY.sub(letter, text)


def parse_xml(text: str) -> etree._Element:
    """The tree of a document, mended where it is broken. Raises `FeedError`."""
    _, rest = document(text)
    try:
        tree = etree.fromstring(rest.encode(), parser=_parser())
    except etree.XMLSyntaxError as error:
        raise FeedError(f"broken XML: {error}") from None
    if tree is None:
        raise FeedError("broken XML: nothing in it can be read")
    return tree


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True, remove_pis=True
    )  # fmt: skip


def lines(fragment: str) -> list[str]:
    """The text of a piece of HTML, a line a block. CDATA marks that were escaped once too often go; so do scripts."""
    text = fragment
    for _ in range(2):
        text = _CDATA.sub(lambda match: match[1], text)
        if "<" in text or not re.search(r"&(?:lt|#60|#x3c);", text, re.IGNORECASE):
            break
        text = html.unescape(text)  # escaped twice
    text = _SILENT.sub(" ", text)
    text = _TAG.sub("", _BLOCK.sub("\n", text.replace("\n", " ")))
    text = html.unescape(text)
    return [line for part in text.split("\n") if (line := " ".join(part.split()))]


def line(fragment: str) -> str:
    """The text of a piece of HTML in one line."""
    return " ".join(lines(fragment))
