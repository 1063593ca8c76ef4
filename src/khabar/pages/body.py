"""What a page gives once its lines are labelled: the same for HTML and for plain text."""

from __future__ import annotations

from typing import NamedTuple

from khabar.codebook import REASONS
from khabar.records import Dropped

from .metadata import Metadata


class Body(NamedTuple):
    title: str
    paragraphs: tuple[str, ...]
    dropped: tuple[Dropped, ...]
    date_lines: tuple[str, ...]
    byline_lines: tuple[str, ...] = ()
    metadata: Metadata = Metadata()
    datelines: tuple[str, ...] = ()  # lines left out above the body, which may name place and day
    own: tuple[str, ...] = ()  # names of the page's outlet


def dropped_line(line: str, reason: str | None) -> Dropped:
    return Dropped(line=line, reason=reason if reason in REASONS else "other")
