"""What the tests of following share: options that take no time, and what a round gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from khabar.archive import Archive
from khabar.feeds import Options
from khabar.feeds.fetching import Limits
from khabar.feeds.hosts import Manners
from khabar.records import Article


class Followed(NamedTuple):
    """What a round gave: messages of faults by place, and what it counted."""

    faults: dict[str, str]
    counts: dict[str, int]


Round = Callable[..., Followed]
# Waits are long, for machines that do much at once; tests of slow answers shorten them.
FAST = Options(
    limits=Limits(wait=10.0, whole=20.0, allow_local=True), manners=Manners(delay=0.0, jitter=0.0, patience=1.0),
    retry=0.0, attempts=2,
)  # fmt: skip


def articles(archive: Archive) -> dict[str, Article]:
    """Stored articles by the path of their address."""
    found = [archive.article(row.id)[0] for row in archive.articles()]
    return {"/" + (article.url or "").split("/", 3)[-1]: article for article in found}
