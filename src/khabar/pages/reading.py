"""Page to article: one way for HTML, plain text and paragraphs that are already split."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from msgspec.structs import replace

from khabar.records import Article, Page

from .body import Body
from .credits import find_credits
from .cues import line_key
from .datelines import day_lines
from .dates import Published, choose_date, given_date
from .faults import Fault, PageError
from .languages import NAMES, language
from .metadata import Metadata
from .outlets import find_outlet
from .sources import iter_sources
from .textpage import read_text
from .titles import tokens
from .urls import canonical_url

_NEAR = 8  # dropped lines next to the title, where a page may stand its outlet's name
_BATCH = 64  # pages over which lines of a template are counted


def read(
    source: str | Path | BinaryIO, *, date: str | None = None, outlet: str | None = None, url: str | None = None
) -> Iterator[Article | Fault]:
    """Articles of a file, a folder, a stream or standard input ("-"), in input order; a Fault for what gives none.

    `date` (`YYYY-MM-DD`), `outlet` and `url` stand where the page does not say. Never raises for an input.
    """
    batch: list[Page | Fault] = []
    stream = iter_sources([source])
    while batch := list(islice(stream, _BATCH)):
        repeated = repeated_lines(page for page in batch if isinstance(page, Page))
        for item in batch:
            yield (
                item
                if isinstance(item, Fault)
                else read_or_fault(
                    item, date=date, outlet=outlet, url=url, repeated=repeated.get(item.outlet or outlet, frozenset())
                )
            )


def read_or_fault(
    page: Page,
    *,
    date: str | None = None,
    outlet: str | None = None,
    url: str | None = None,
    repeated: Collection[str] = frozenset(),
) -> Article | Fault:
    """As `read_page`, with a Fault instead of an error; the arguments stand where the page does not say."""
    filled = replace(page, outlet=page.outlet or outlet, url=page.url or url)
    try:
        article = read_page(filled, repeated=repeated)
    except PageError as error:
        return _fault(page.source, str(error))
    except (RecursionError, MemoryError, ValueError, OverflowError) as error:  # one page never stops the rest
        return _fault(page.source, f"could not be read ({type(error).__name__}: {error})")
    if article.date is None and date is not None:
        published = given_date(date)
        article = replace(
            article, date=published.date, date_evidence=published.evidence, date_precision=published.precision
        )
    return article


def _fault(source: str, message: str) -> Fault:
    path, _, line = source.rpartition(":")
    return Fault(path, int(line), message) if path and line.isdigit() else Fault(source, None, message)


def repeated_lines(pages: Iterable[Page]) -> dict[str | None, frozenset[str]]:
    """Per outlet, keys of lines that at least three of its plain-text pages and a third of them share.

    Copies of one article (pages with the same longest line) count as one page: their text is no template.
    """
    counts: dict[str | None, Counter[str]] = defaultdict(Counter)
    seen: dict[str | None, set[str]] = defaultdict(set)
    for page in pages:
        lines = (page.text or "").splitlines()
        longest = max(lines, key=len, default="")
        if longest and longest not in seen[page.outlet]:
            seen[page.outlet].add(longest)
            counts[page.outlet].update(
                {line_key(line) for line in lines if 0 < len(line) < 300 and line is not longest}
            )
    return {
        outlet: frozenset(key for key, n in found.items() if n >= max(3, len(seen[outlet]) / 3) and key)
        for outlet, found in counts.items()
    }


def read_page(page: Page, *, repeated: Collection[str] = frozenset()) -> Article:
    """The article of a page. Raises PageError: no text in it, another language (named), HTML that cannot be read."""
    if page.paragraphs is not None:
        return _given_article(page)
    body = _read_html(page) if page.html is not None else read_text(page, repeated)
    _check(body.title, body.paragraphs, [item.line for item in body.dropped])
    url = page.url or body.metadata.url
    opening = (*body.datelines, *body.paragraphs[:1])
    published = given_date(page.date) if page.date else Published()
    if published.date is None:
        datelines = day_lines(opening, body.own)
        published = choose_date(body.metadata.published, body.metadata.modified, body.date_lines, url, tuple(datelines))
    sources = [item.line for item in body.dropped if item.reason == "source"]
    credits = find_credits(body.paragraphs, sources, body.byline_lines, opening, body.own)
    authors = [name for name in body.metadata.authors if _is_person(name, body.metadata)]
    paragraphs = (body.title, *body.paragraphs)
    address = canonical_url(url) if url else None
    return Article(
        id=page.id or article_id(address or page.source, paragraphs),
        paragraphs=paragraphs,
        url=address,
        outlet=page.outlet or _outlet(body, url),
        date=published.date,
        date_evidence=published.evidence,
        date_precision="day" if published.date else None,
        agency=credits.agency,
        byline=credits.byline or (authors[0] if authors else None),
        dateline=credits.dateline,
        source=page.source,
        dropped=body.dropped,
    )


def _read_html(page: Page) -> Body:
    from .htmlpage import read_html  # with trafilatura, a tenth of a second: what comes as text does not wait for it

    return read_html(page)


def article_id(address: str, paragraphs: Sequence[str]) -> str:
    """First 12 hex digits of the SHA-256 of address (or source path) and paragraphs, joined by newlines."""
    return hashlib.sha256("\n".join((address, *paragraphs)).encode("utf-8", "replace")).hexdigest()[:12]


def _check(title: str, paragraphs: Sequence[str], dropped: Sequence[str] = ()) -> None:
    """Raises PageError where a page has no Arabic text."""
    text = " ".join(paragraphs)
    found = language(text if _has_letters(text) else " ".join((title, *dropped)))
    if found != "ar" and _has_letters(" ".join((text, title, *dropped))):
        raise PageError(f"the page is in another language: {NAMES[found]} ({found})")
    if not _has_letters(text) and not _has_letters(title):
        raise PageError("no text of an article in this page")


def _has_letters(text: str) -> bool:
    return any(ch.isalpha() for ch in text)


def _is_person(name: str, metadata: Metadata) -> bool:
    """Whether an author of the metadata is a person: no name of the outlet, none in Latin letters on an Arabic page."""
    words = tokens(name)
    sites = [tokens(site) for site in metadata.site_names]
    return len(words) >= 2 and not name.isascii() and words not in sites


def _outlet(body: Body, url: str | None) -> str | None:
    lines = [item.line for item in body.dropped]
    near = [item.line for item in body.dropped[:_NEAR] if item.reason in ("menu", "byline", "source", "other")]
    return find_outlet(body.metadata.site_names, body.metadata.titles, body.title, lines, url, near)


def _given_article(page: Page) -> Article:
    """Paragraphs that are already split stay as they are, letter by letter: offsets of codings count in them."""
    paragraphs = page.paragraphs or ()
    if page.title is not None and (not paragraphs or paragraphs[0] != page.title):
        paragraphs = (page.title, *paragraphs)
    if not any(text.strip() for text in paragraphs):
        raise PageError("no paragraph with text")
    _check("", paragraphs)
    base = page.article or Article(id="", paragraphs=paragraphs)
    published = given_date(page.date) if page.date else Published()
    url = page.url or base.url
    return replace(
        base,
        id=page.id or article_id(url or page.source, paragraphs),
        paragraphs=paragraphs,
        url=url,
        outlet=page.outlet or base.outlet,
        date=published.date,
        date_evidence=(base.date_evidence or published.evidence) if published.date else None,
        date_precision=(base.date_precision or published.precision) if published.date else None,
        source=base.source or page.source,
    )
