"""An answer, or what a feed says, to an article: the page's own words first, the feed's where the page has none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec
from msgspec.structs import replace

from khabar.pages import Fault, canonical_url, decode, read_or_fault
from khabar.pages.encoding import looks_binary
from khabar.records import Article, Page

from .fetching import Answer
from .guard import Refused, web_address
from .markup import line

_HTML = ("text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml", "")
_LINK = re.compile(r"<link\b[^>]{0,800}>", re.IGNORECASE)
_CANONICAL = re.compile(r"""\brel\s*=\s*["']?\s*canonical\b""", re.IGNORECASE)
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)
_SIDE = re.compile(r"^(?:www|m|mobile|amp|wap)\.")
_OTHER_LANGUAGE = "the page is in another language"
_LEAST = 60  # letters of a feed's text that are worth an article


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a feed says of an article, as the ledger keeps it until the article is stored."""

    title: str = ""
    published: str | None = None
    dated: str | None = None
    text: tuple[str, ...] = ()
    outlet: str | None = None


class Unread(NamedTuple):
    """Why an answer gave no article. `passed`: nothing went wrong, it is no article in Arabic."""

    message: str
    passed: bool = False


def of_answer(answer: Answer, key: str, told: Told) -> Page | Unread:
    """The page of an answer as read; date and outlet of the feed stand where the page says none. Its address is the one
    the page itself names as its canonical one on its own site, else where it was found."""
    kind = answer.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind not in _HTML or looks_binary(answer.body):
        return Unread(f"no page of text ({kind or 'binary'})")
    if not answer.body.strip():
        return Unread("empty page")
    decoded = decode(answer.body, answer.headers.get("content-type"))
    address = _address(decoded.text, answer.address)
    page = Page(source=key, html=decoded.text, url=address, encoding=decoded.encoding)
    article = read_or_fault(page)
    if isinstance(article, Fault):
        return Unread(article.message, article.message.startswith(_OTHER_LANGUAGE))
    return _page(article, told)


def of_feed(told: Told, key: str, link: str, feed: str) -> Page | None:
    """The text of the feed itself as a page whose `source` says so; None where it is too little."""
    letters = sum(ch.isalpha() for text in told.text for ch in text)
    if letters < _LEAST:
        return None
    source = f"{key} (text of the feed {feed})"
    text = "\n\n".join(told.text)
    article = read_or_fault(Page(source=source, text=text, title=told.title or None, url=link))
    return None if isinstance(article, Fault) else _page(article, told)


def _page(article: Article, told: Told) -> Page:
    if article.date is None and told.published:
        # The day in the feed's own offset, as it is written.
        evidence = f"feed: {told.dated or told.published}"
        article = replace(article, date=told.published[:10], date_evidence=evidence, date_precision="day")
    if article.outlet is None and told.outlet:
        article = replace(article, outlet=told.outlet)
    return Page(
        source=article.source or "", paragraphs=article.paragraphs, url=article.url, date=article.date,
        outlet=article.outlet, article=article,
    )  # fmt: skip


def _address(html: str, found: str) -> str:
    for tag in _LINK.findall(html[:300_000]):
        href = _HREF.search(tag) if _CANONICAL.search(tag) else None
        if href is None:
            continue
        try:
            told = web_address(line(href[1] or href[2] or href[3] or ""), found)
        except Refused:
            return found
        # Templates name the home page, or another site's copy: neither is this article's address.
        bare = urlsplit(canonical_url(told)).path in ("", "/")
        return told if site(told) == site(found) and not bare else found
    return found


def site(address: str) -> str:
    """The host without what says for which screen it is."""
    return _SIDE.sub("", (urlsplit(address).hostname or "").lower())


def reason(status: int) -> str:
    """A status that is no answer, in words."""
    words: Mapping[int, str] = {
        401: "asks for a password", 402: "asks for money", 403: "refuses", 404: "is not there", 410: "is gone",
        451: "is blocked by law",
    }  # fmt: skip
    return f"answered {status} ({words[status]})" if status in words else f"answered {status}"
