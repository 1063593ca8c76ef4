"""Markup from anybody made harmless: where a document begins, XML without entities of its own, HTML to lines."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from html.entities import html5
from itertools import islice

from lxml import etree

MAX_ELEMENTS = 400_000  # of one feed; the largest that were seen have a tenth
_DOCTYPE = re.compile(
    r"""<!DOCTYPE(?:[^\[>"']++|"[^"]*+"|'[^']*+')*+(?:\[(?:[^\]"']++|"[^"]*+"|'[^']*+')*+\]\s*+)?>""", re.I
)
_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]{0,30}:)?(rss|feed|rdf|urlset|sitemapindex|opml|html)(?=[\s>/])", re.IGNORECASE)
_LOOSE = re.compile(r"&(?!#)(?:([A-Za-z][A-Za-z0-9]{0,31});)?|<(?![A-Za-z_/!?])")
_XML_OWN = ("amp", "lt", "gt", "quot", "apos")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile(r"&(?:lt|#60|#x3c);\s{0,9}/?[a-z!]", re.IGNORECASE)
_SILENT = frozenset(("script", "style", "iframe", "figure", "form", "noscript", "svg", "object", "head", "title"))
_BLOCKS = frozenset(
    "p div br li ul ol h1 h2 h3 h4 h5 h6 tr table blockquote section article hr dd dt figcaption pre".split()
)


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
            if found is None and text[at : at + 9].upper() == "<!DOCTYPE":
                raise FeedError("broken XML: a document type without an end")
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
    """Letters for the entities of HTML, which XML does not know; unknown ones, and signs that stand alone, are text."""
    parts: list[str] = []
    at = 0
    while (start := text.find("<![CDATA[", at)) >= 0:
        end = _after(text, "]]>", start)
        parts += [_LOOSE.sub(_sign, text[at:start]), text[start:end]]
        at = end
    return "".join([*parts, _LOOSE.sub(_sign, text[at:])])


def _sign(match: re.Match[str]) -> str:
    if match[0] == "<":
        return "&lt;"
    if match[1] in _XML_OWN:
        return match[0]
    return html5.get(f"{match[1]};", f"&amp;{match[1]};") if match[1] else "&amp;"


def parse_xml(text: str) -> etree._Element:
    """The tree of a document, mended where it is broken. Raises `FeedError`."""
    return _tree(document(text)[1])


def _tree(text: str) -> etree._Element:
    try:
        tree = etree.fromstring(text.encode(), parser=_parser())
    except etree.XMLSyntaxError as error:
        raise FeedError(f"broken XML: {error}") from None
    if tree is None:
        raise FeedError("broken XML: nothing in it can be read")
    return tree


def mended(text: str) -> bytes:
    """A document that begins with its root element as sound XML in UTF-8; nested deeper than 256 elements it is cut.
    Raises `FeedError`, also for more elements than any feed has."""
    tree = _tree(text)
    if sum(1 for _ in islice(tree.iter(), MAX_ELEMENTS + 1)) > MAX_ELEMENTS:
        raise FeedError(f"more than {MAX_ELEMENTS} elements")
    return etree.tostring(tree, encoding="utf-8")


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True, remove_pis=True
    )  # fmt: skip


def lines(fragment: str) -> list[str]:
    """The text of a piece of HTML, a line a block. CDATA marks that were escaped once too often go; so do scripts."""
    text = _uncovered(fragment)
    if "<" not in text and _ESCAPED.search(text):  # escaped twice
        text = _uncovered(html.unescape(text))
    parts = "".join(_texts(text)).split("\n") if "<" in text else [html.unescape(text)]
    return [line for part in parts if (line := " ".join(part.split()))]


def _uncovered(text: str) -> str:
    for mark in ("<![CDATA[", "]]>", "]]&gt;"):
        text = text.replace(mark, "")
    return text


def _texts(text: str) -> Iterator[str]:
    """Pieces of text of a piece of HTML, with a line break at every edge of a block."""
    parser = etree.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        tree = etree.fromstring(f"<div>{_ILLEGAL.sub('', text)}</div>", parser=parser)
    except etree.XMLSyntaxError:
        return
    silent = 0
    for event, node in etree.iterwalk(tree, events=("start", "end")) if tree is not None else ():
        if node.tag in _SILENT:
            silent += 1 if event == "start" else -1
        if event == "start":
            yield "\n" if node.tag in _BLOCKS else ""
            yield " ".join((node.text or "").split("\n")) if not silent else ""
        else:
            yield "\n" if node.tag in _BLOCKS else ""
            yield " ".join((node.tail or "").split("\n")) if not silent else ""


def line(fragment: str) -> str:
    """The text of a piece of HTML in one line."""
    return " ".join(lines(fragment))
