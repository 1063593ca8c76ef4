"""What the head of an HTML page says of the article: JSON-LD, Open Graph, Dublin Core, microdata. It judges nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from lxml.html import HtmlElement

_CONTROL = re.compile(r"[\x00-\x1f]+")
_ARTICLE_TYPES = ("newsarticle", "reportagenewsarticle", "article", "blogposting", "analysisnewsarticle",
                  "opinionnewsarticle", "liveblogposting", "socialmediaposting", "report", "webpage")  # fmt: skip
_PUBLISHED = (
    "article:published_time", "og:published_time", "article:published", "datepublished", "dc.date.issued", "dc.date",
    "dcterms.created", "dcterms.issued", "dcterms.date", "date", "pubdate", "publishdate", "publish-date",
    "publish_date", "parsely-pub-date", "sailthru.date", "article.published", "article_date_original",
    "cxenseparse:recs:publishtime", "originalpublicationdate", "displaydate",
    "og:article:published_time", "published", "publication_date",
)  # fmt: skip
_MODIFIED = ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified", "lastmod")
_MAX_DEPTH = 12


class Metadata(NamedTuple):
    """Facts of the page's head, as written; `published` and `modified` are (value, where it stood)."""

    titles: tuple[tuple[str, str], ...] = ()
    site_names: tuple[str, ...] = ()
    description: str | None = None
    article_body: str | None = None
    published: tuple[tuple[str, str], ...] = ()
    modified: tuple[tuple[str, str], ...] = ()
    authors: tuple[str, ...] = ()
    url: str | None = None


def read_metadata(tree: HtmlElement) -> Metadata:
    """Metadata of a parsed page; broken JSON-LD is passed over."""
    metas = _metas(tree)
    titles: list[tuple[str, str]] = []
    sites: list[str] = []
    published: list[tuple[str, str]] = []
    modified: list[tuple[str, str]] = []
    authors: list[str] = []
    body: str | None = None
    description = metas.get("og:description") or metas.get("description") or metas.get("twitter:description")
    for item in _articles(tree):
        titles.extend(("JSON-LD headline", value) for value in _texts(item.get("headline")))
        published.extend((value, "JSON-LD datePublished") for value in _texts(item.get("datePublished")))
        modified.extend((value, "JSON-LD dateModified") for value in _texts(item.get("dateModified")))
        authors.extend(_texts(item.get("author")))
        sites.extend(_texts(item.get("publisher")))
        for text in _bodies(item.get("articleBody")):
            body = text if body is None or len(text) > len(body) else body
        for text in _texts(item.get("description")):
            description = description or text
    for key in ("og:title", "twitter:title", "title", "headline"):
        if key in metas:
            titles.append((f"meta {key}", metas[key]))
    for node in tree.iter("title"):
        if node.getparent() is not None and node.getparent().tag in ("head", "html", "body"):
            titles.append(("title", _clean(node.text_content())))
            break
    for key in ("og:site_name", "application-name", "apple-mobile-web-app-title", "dc.publisher"):
        if key in metas:
            sites.append(metas[key])
    published.extend((metas[key], f"meta {key}") for key in _PUBLISHED if key in metas)
    modified.extend((metas[key], f"meta {key}") for key in _MODIFIED if key in metas)
    for key in ("author", "article:author", "dc.creator", "parsely-author", "byl"):
        if key in metas and not metas[key].startswith("http"):
            authors.append(metas[key])
    for node in tree.xpath('//*[@itemprop="datePublished" or @itemprop="dateCreated"]')[:4]:
        value = node.get("content") or node.get("datetime") or _clean(node.text_content())[:80]
        published.append((value, "microdata datePublished"))
    url = metas.get("og:url")
    for node in tree.xpath('//link[@rel="canonical"]/@href')[:1]:
        url = str(node) if str(node).startswith("http") else url
    return Metadata(
        tuple((where, value) for where, value in titles if value),
        tuple(dict.fromkeys(name for name in sites if name and "://" not in name)),
        description,
        body,
        tuple(dict.fromkeys(published)),
        tuple(dict.fromkeys(modified)),
        tuple(dict.fromkeys(name for name in authors if name)),
        url,
    )


def _metas(tree: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in tree.iter("meta"):
        key = node.get("property") or node.get("name") or node.get("itemprop")
        value = _clean(node.get("content") or "")
        if key and value:
            found.setdefault(key.strip().lower(), value)
    return found


def _articles(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """Objects of JSON-LD that describe an article, the most telling type first."""
    found: list[tuple[int, dict[str, Any]]] = []
    for node in tree.iter("script"):
        if "ld+json" not in (node.get("type") or "").lower():
            continue
        text = (node.text or "").strip().removeprefix("<!--").removesuffix("-->").removeprefix("//<![CDATA[").strip()
        try:
            value = json.loads(_CONTROL.sub(" ", text).rstrip("; "), strict=False)
        except (ValueError, RecursionError):
            continue
        for item in _objects(value, 0):
            kinds = [kind.lower().rpartition("/")[2] for kind in _texts(item.get("@type"))]
            ranks = [_ARTICLE_TYPES.index(kind) for kind in kinds if kind in _ARTICLE_TYPES]
            if ranks:
                found.append((min(ranks), item))
    found.sort(key=lambda pair: pair[0])
    # A list of related articles at the end must not speak for this one: only the first of the best type, and pages.
    best = found[0][0] if found else 0
    yield from (item for rank, item in found[:1] if rank == best)
    yield from (item for rank, item in found[1:] if rank == len(_ARTICLE_TYPES) - 1 and best != rank)


def _objects(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement"):
            if key in value:
                yield from _objects(value[key], depth + 1)
    elif isinstance(value, list):
        for item in value[:50]:
            yield from _objects(item, depth + 1)


def _texts(value: Any) -> list[str]:
    """Strings of a JSON-LD value: a string, a list of them, or objects with a name."""
    if isinstance(value, str):
        return [text] if (text := _clean(value)) else []
    if isinstance(value, dict):
        return _texts(value.get("name") or value.get("@value"))
    if isinstance(value, list):
        return [text for item in value[:10] for text in _texts(item)]
    return []


def _bodies(value: Any) -> list[str]:
    """An article's text with its line breaks."""
    parts = value if isinstance(value, list) else [value]
    text = "\n".join(part for part in parts if isinstance(part, str)).strip()
    return [text] if text else []


def _clean(text: str) -> str:
    return " ".join(text.split())
