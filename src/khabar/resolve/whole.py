"""Mentions that stop inside a name of the tables get the rest: "الاتحاد العام" of "الاتحاد العام التونسي للشغل"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from khabar.records import Event, Mention
from khabar.resolve.context import Paragraph
from khabar.resolve.counts import ROLES

# What a mention leaves out on purpose (section 5 of the codebook): what stands behind a mark, what a relative clause or
# a preposition adds ("the coalition led by Riyadh").
_ADDED = re.compile(r"[^\w\s\u064b-\u0652]|\s(?:الذي|التي|الذين|بقيادة|في|على|من|ضد|التابعة?|المعترف|الحاكمة?)(?:\s|$)")


def whole_names(event: Event, texts: Sequence[str], paragraphs: Sequence[Paragraph]) -> Event:
    """The event with mentions that end where a name ends; `texts` are the article's paragraphs, `paragraphs` what the
    tables find there. Mentions of one word stay ("the forces" may be any), and none runs over what another cell of the
    event names."""
    if not 0 <= event.paragraph < len(texts):
        return event
    text, paragraph = texts[event.paragraph], paragraphs[event.paragraph]
    cells = [m for role in ROLES for m in getattr(event, role)] + [event.place, event.time, event.trigger]
    begins = [cell.start for cell in cells if cell is not None and cell.start is not None]
    changes: dict[str, Any] = {}
    for role in ROLES:
        there: Sequence[Mention] = getattr(event, role)
        grown = tuple(_grown(mention, text, paragraph, begins) for mention in there)
        if grown != there:
            changes[role] = grown
    return replace(event, **changes) if changes else event


def _grown(mention: Mention, text: str, paragraph: Paragraph, begins: Sequence[int]) -> Mention:
    start, end = mention.start, mention.end
    if start is None or end is None or not 0 <= start < end <= len(text) or " " not in text[start:end]:
        return mention
    last = end
    for item in paragraph.items:
        if item.last - item.first < 2 or item.elements[0].kind != "actor":
            continue
        first, stop = paragraph.tokens[item.first].start, paragraph.tokens[item.last - 1].end
        if start <= first < end and last < stop and not _ADDED.search(text, end, stop):
            last = stop
    if last == end or any(end <= other < last for other in begins):
        return mention
    return replace(mention, end=last, text=text[start:last])
