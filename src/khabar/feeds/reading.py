"""Bytes of a feed to its entries: RSS, Atom, RDF, news sitemaps, sitemaps and their indexes. No network."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from khabar.pages import decode

from .guard import Refused, web_address
from .markup import FeedError, document, line, lines, mended
from .sitemaps import read_sitemap

MAX_ENTRIES = 5000  # of one feed
_MAX_TEXT = 60_000  # characters of an entry's text
_ALTERNATE = re.compile(r"<link\b[^>]{0,500}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b(rel|type|href)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)
_ISO = re.compile(r"\s*\d{4}-\d{1,2}-\d{1,2}")
_NO_YEAR = re.compile(r"\s00\d\d\s")  # the year 1 of a server without a clock, which mail reads as 2001
_OFFSET = re.compile(r"(?:GMT|UTC)\s*([+-]\d{1,2})(?::?(\d{2}))?\s*$")


class Entry(NamedTuple):
    """An article as a feed tells it. `link` is absolute, None where the feed has none; times are ISO 8601 with their
    offset where the feed gives one, `dated` is the publication as written; `text` is the article or what there is of
    it, a paragraph a line."""

    link: str | None = None
    title: str = ""
    published: str | None = None
    updated: str | None = None
    dated: str | None = None
    text: tuple[str, ...] = ()
    outlet: str | None = None
    language: str | None = None


class Feed(NamedTuple):
    """A feed as read. `kind` is rss, atom, sitemap, news sitemap or sitemap index; `maps` are the sitemaps that an
    index names with their last change."""

    kind: str
    title: str | None = None
    entries: tuple[Entry, ...] = ()
    maps: tuple[tuple[str, str | None], ...] = ()


def read_feed(data: bytes, address: str, content_type: str | None = None) -> Feed:
    """The feed in `data`, found at `address` (its links may be relative). Encodings are found out; a bad byte costs a
    letter, a broken entry itself. Raises `FeedError` for what is no feed."""
    text = decode(data, content_type).text
    if not text.strip():
        raise FeedError("empty")
    try:
        root, rest = document(text)
    except FeedError:
        links = text.split()
        if links and all(link.startswith(("http://", "https://")) for link in links[:50]):
            return Feed("sitemap", None, tuple(_listed(links, address)))  # a sitemap may be a list of addresses
        raise
    if root == "html":
        raise FeedError(_no_feed(rest, address))
    if root == "opml":
        raise FeedError("a list of feeds; save it, and name the file")
    if root in ("urlset", "sitemapindex"):
        return _of_sitemap(rest, address)
    return _of_feed(rest, address, root)


def _of_feed(text: str, address: str, root: str) -> Feed:
    import feedparser

    # Markup is mended and its depth bounded first: feedparser takes hours for a few MB of nested tags. It gets bytes in
    # a stream, since a string could be taken for an address or a path.
    parsed = feedparser.parse(
        io.BytesIO(mended(text)),
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": address},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    title = line(str(parsed.feed.get("title") or "")) or None
    entries = tuple(_entry(item, address) for item in parsed.entries[:MAX_ENTRIES])
    if not entries and not parsed.get("version") and title is None:
        raise FeedError(f"a feed that cannot be read ({parsed.get('bozo_exception', 'nothing in it')})")
    return Feed("atom" if root == "feed" else "rss", title, entries)


def _entry(item: Any, address: str) -> Entry:
    published = item.get("published") or None
    updated = item.get("updated") if "updated" in item else None
    source = item.get("source")
    outlet = line(str(source.get("title") or "")) if isinstance(source, dict) else ""
    texts = [lines(str(part.get("value") or "")[:_MAX_TEXT]) for part in item.get("content") or ()]
    texts.append(lines(str(item.get("summary") or "")[:_MAX_TEXT]))
    return Entry(
        link=_link(item, address),
        title=line(str(item.get("title") or ""))[:1000],
        published=instant(published),
        updated=instant(updated),
        dated=str(published)[:100] if published else None,
        text=tuple(max(texts, key=lambda part: sum(map(len, part)))),
        outlet=outlet or None,
    )


def _link(item: Any, address: str) -> str | None:
    """The article's address: where a service counts clicks, the one before; else the link, else an id that is one."""
    for value in (item.get("feedburner_origlink"), item.get("link"), item.get("id")):
        text = str(value or "").strip()
        if not text or (value is item.get("id") and not text.startswith(("http://", "https://"))):
            continue
        try:
            return web_address(text, address)
        except Refused:
            continue
    return None


def _of_sitemap(text: str, address: str) -> Feed:
    kind, found, maps = read_sitemap(text)
    entries = []
    for item in found[: 10 * MAX_ENTRIES]:
        try:
            link = web_address(item.address, address)
        except Refused:
            continue
        entries.append(
            Entry(
                link=link, title=item.title, published=instant(item.published), updated=instant(item.modified),
                dated=item.published, outlet=item.outlet, language=item.language,
            )
        )  # fmt: skip
    named = []
    for link, modified in maps:
        try:
            named.append((web_address(link, address), instant(modified)))
        except Refused:
            continue
    return Feed(kind, None, tuple(entries), tuple(named))


def _listed(links: list[str], address: str) -> Iterator[Entry]:
    for link in links[: 10 * MAX_ENTRIES]:
        try:
            yield Entry(link=web_address(link, address))
        except Refused:
            continue


def instant(told: object) -> str | None:
    """A time as feeds write it, in ISO 8601 with the offset that is written; a day alone stays a day. None for what
    cannot be read, and for what cannot be a time of the web."""
    text = " ".join(str(told or "").split())[:100]
    if not text or _NO_YEAR.search(text):
        return None
    found: datetime | None = None
    if _ISO.match(text):
        day = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text)
        if day:
            text = f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}"
        try:
            found = datetime.fromisoformat(text.replace("Z", "+00:00").replace(" +", "+").replace("UTC", "+00:00"))
        except ValueError:
            found = _day(text)
        if day and found:
            return found.date().isoformat() if _likely(found) else None
    else:
        try:
            found = parsedate_to_datetime(_OFFSET.sub(_four_digits, text))  # two-digit years are of this century
        except (ValueError, TypeError, IndexError):
            found = None
        if found is None:
            found = _day(text)
            return found.date().isoformat() if found and _likely(found) else None
    return found.isoformat(timespec="seconds") if found and _likely(found) else None


def _four_digits(match: re.Match[str]) -> str:
    return f"{match[1][0]}{int(match[1][1:]):02}{match[2] or '00'}"


def _day(text: str) -> datetime | None:
    """The day of a date in words, Arabic ones too."""
    from khabar.pages.dates import choose_date

    found = choose_date((), (), [text], None)
    return datetime.fromisoformat(found.date) if found.date else None


def _likely(found: datetime) -> bool:
    return 1990 <= found.year <= 2100


def utc(iso: str | None) -> str | None:
    """A time of `instant` in UTC to the second, for comparison; without offset it counts as UTC."""
    if not iso:
        return None
    found = datetime.fromisoformat(iso)
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    return found.astimezone(UTC).isoformat(timespec="seconds")


def digest(data: bytes) -> str:
    """Tells whether a feed is the same as last time, where its server does not."""
    return hashlib.sha256(data).hexdigest()[:32]


def _no_feed(text: str, address: str) -> str:
    """What to tell of a page that is no feed: the feeds that it names."""
    named = []
    for tag in _ALTERNATE.findall(text[:500_000]):
        told = {m[1].lower(): m[2] or m[3] or m[4] or "" for m in _ATTRIBUTE.finditer(tag)}
        if "alternate" in told.get("rel", "").lower() and re.search("rss|atom", told.get("type", ""), re.IGNORECASE):
            try:
                named.append(web_address(line(told.get("href", "")), address))
            except Refused:
                continue
    found = f"; it names these feeds: {' '.join(dict.fromkeys(named))}" if named else ""
    return f"a page, no feed{found}"
