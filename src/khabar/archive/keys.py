"""Natural keys: which page, which version of it, which month. They follow from the article alone, so two machines that
store the same article give it the same key and `ON CONFLICT DO NOTHING` is right."""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

from khabar.records import Article

# Characters that no database stores: NUL (PostgreSQL) and halves of surrogate pairs (no UTF-8; file names hold them).
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable_text(text: str) -> str:
    """The text with characters that no database stores replaced one for one by U+FFFD."""
    return _UNSTORABLE.sub("\ufffd", text)


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

        return storable_text(canonical_url(article.url))
    return storable_text(article.source or f"id:{article.id}")


def digest(article: Article) -> str:
    """32 hex digits of the SHA-256 of paragraphs and publication date. The date belongs in: it dates the events, so a
    page read again with another date is another version."""
    text = storable_text("\n".join((article.date or "", *article.paragraphs)))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def number(*parts: str) -> int:
    """A positive 63-bit number made of strings (SHA-256): the same on every machine."""
    return int.from_bytes(hashlib.sha256("\n".join(parts).encode()).digest()[:8], "big") >> 1


def month(date: str | None) -> int:
    """`2022-07-16` -> 202207, None -> 0."""
    return int(date[:4]) * 100 + int(date[5:7]) if date and len(date) >= 7 else 0


def key_of(article: Article) -> Key:
    """All keys of an article."""
    page, version = page_key(article), digest(article)
    return Key(page, version, number(page, version), month(article.date))
