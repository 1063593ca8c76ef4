"""Parties that are understood: `^` in the codebook, a mention without words.

Such a party is nearly always one that the article names elsewhere. Candidates are the codes of the article's resolved
mentions; boosted trees rank them by how alike the acts are that have them, how near each stands, in which roles, and
beside whom, and by what the coder says of them (`Mention.link`, `Mention.guess`; gold has neither) (`understood_rows`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from khabar.records import CodedArticle, Event
from khabar.resolve.context import Context
from khabar.resolve.counts import Counts
from khabar.resolve.understood_rows import ROLES, Codes, Telling, Where, candidates, rows
from khabar.resolve.weighing import chances
from khabar.trees import Trees


def named_near(context: Context, event: Event) -> dict[str, list[str]]:
    """Where an article names its countries, as seen from an event: last before its word, first after it, elsewhere in
    its paragraph, in the paragraph before, in the title, first in the lead, most of all."""
    found: dict[str, list[str]] = {}

    def add(country: str, where: str) -> None:
        there = found.setdefault(country, [])
        if where not in there:
            there.append(where)

    if event.paragraph < len(context.paragraphs):
        paragraph = context.paragraphs[event.paragraph]
        before = [n for n in paragraph.named if paragraph.tokens[n.at].start < event.trigger.start]
        after = [n for n in paragraph.named if paragraph.tokens[n.at].start > event.trigger.start]
        for names, where in ((before[-1:], "before"), (after[:1], "after"), (paragraph.named, "here")):
            for one in names:
                add(one.country, where)
        if event.paragraph:  # the title has none before it
            for one in context.paragraphs[event.paragraph - 1].named:
                add(one.country, "previous")
    for one in context.paragraphs[0].named if context.paragraphs else ():
        add(one.country, "title")
    for one in context.paragraphs[1].named[:1] if len(context.paragraphs) > 1 else ():
        add(one.country, "lead")
    for country, _ in context.countries.most_common(1):
        add(country, "top")
    return found


class Meant(NamedTuple):
    """Who is meant: the codes, how sure, and who else may be."""

    codes: Codes
    share: float
    alternatives: tuple[str, ...]
    linked: bool


def understand(
    context: Context, draft: CodedArticle, codes: Mapping[Where, Codes], counts: Counts, trees: Trees
) -> dict[Where, Meant]:
    """Every mention without words, in the order of the text; what is decided is evidence for the next."""
    telling = Telling(draft, codes)
    found: dict[Where, Meant] = {}
    for number in telling.order:
        event = draft.events[number]
        named: dict[str, list[str]] | None = None
        for role in ROLES:
            for place, mention in enumerate(getattr(event, role)):
                if mention.text is not None:
                    continue
                named = named_near(context, event) if named is None else named
                who = candidates(telling, number, role)
                scored: dict[Codes, float] = {}
                if who:
                    scores = trees.scores(rows(telling, number, role, who, counts, named))
                    scored = dict(zip(who, map(float, scores), strict=True))
                if not scored:
                    continue
                ranked = chances(scored)
                best = ranked[0]
                rest = tuple("+".join(c) for c, p in ranked[1:4] if p > 0.03)
                found[number, role, place] = Meant(best[0], round(best[1], 3), rest, mention.link is not None)
                telling.add((number, role, place), best[0])
    return found
