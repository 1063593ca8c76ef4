"""Mentions that stop inside a name of the tables get the rest: "الاتحاد العام" of "الاتحاد العام التونسي للشغل"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from khabar.records import Event, Mention
from khabar.resolve.context import Paragraph

ROLES = ("actors", "recipients", "speaker")
# What a mention leaves out on purpose (section 5 of the codebook): what stands behind a mark, what a relative clause or
# a preposition adds ("the coalition led by Riyadh").
_ADDED = re.compile(r"[^\w\s\u064b-\u0652]|\s(?:الذي|التي|الذين|بقيادة|في|على|من|ضد|التابعة?|المعترف|الحاكمة?)(?:\s|$)")


def whole_names(event: Event, text: str, paragraph: Paragraph) -> Event:
    """The event with mentions that end where a word or a name ends; `text` is its paragraph, `paragraph` what the
    tables find there. Mentions of one word stay: "the forces" may be any."""
    changes: dict[str, Any] = {}
    for role in ROLES:
        there: Sequence[Mention] = getattr(event, role)
        begins = [mention.start for mention in there if mention.start is not None]
        grown = tuple(_grown(mention, text, paragraph, begins) for mention in there)
        if grown != there:
            changes[role] = grown
    return replace(event, **changes) if changes else event


def _grown(mention: Mention, text: str, paragraph: Paragraph, begins: Sequence[int]) -> Mention:
    if mention.start is None or mention.end is None or " " not in (mention.text or ""):
        return mention
    for item in paragraph.items:
        if item.last - item.first < 2 or item.elements[0].kind != "actor":
            continue
        start, end = paragraph.tokens[item.first].start, paragraph.tokens[item.last - 1].end
        if not mention.start <= start < mention.end < end or _ADDED.search(text, mention.end, end):
            continue
        if not any(mention.end <= other < end for other in begins):
            return replace(mention, end=end, text=text[mention.start : end])
    return mention
