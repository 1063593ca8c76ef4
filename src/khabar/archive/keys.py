"""Natural keys: which page, which version of it, which month. They follow from the article alone, so two machines that
store the same article give it the same key and `ON CONFLICT DO NOTHING` is right."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from khabar.records import Article


class Key(NamedTuple):
    """`page` is the page's key, `digest` tells its versions, `number` is the 63-bit number made of both that every row
    of the version bears, `month` the publication month as `YYYYMM` (0 where unknown): the partition of its rows."""

    page: str
    digest: str
    number: int
    month: int


def page_key(article: Article) -> str:
    """The page's key: its canonical address, else its source path, else its id."""
    if article.url:
        from khabar.pages import canonical_url  # pages loads an HTML parser, which readers of an archive do without

        return canonical_url(article.url)
    return article.source or f"id:{article.id}"


def digest(article: Article) -> str:
    """32 hex digits of the SHA-256 of paragraphs and publication date. The date belongs in: it dates the events, so a
    page read again with another date is another version."""
    text = "\n".join((article.date or "", *article.paragraphs))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def number(*parts: str) -> int:
    """A positive 63-bit number made of strings (SHA-256): the same on every machine."""
    return int.from_bytes(hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).digest()[:8], "big") >> 1


def month(date: str | None) -> int:
    """`2022-07-16` -> 202207, None -> 0."""
    return int(date[:4]) * 100 + int(date[5:7]) if date and len(date) >= 7 else 0


def key_of(article: Article) -> Key:
    """All keys of an article."""
    page, version = page_key(article), digest(article)
    return Key(page, version, number(page, version), month(article.date))
