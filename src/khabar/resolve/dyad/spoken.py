"""The mentions that the coder only heard, resolved beside the draft's own."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from khabar.records import CodedArticle, HeardEvent, Mention
from khabar.resolve.acts import ROLES
from khabar.resolve.dyad.sides import Span, Spoken
from khabar.resolve.parties import Found, Where, mentions


def with_heard(told: CodedArticle, draft: CodedArticle) -> tuple[CodedArticle, set[Where]]:
    """The draft with what the coder heard beside its parties, each where it is likeliest, and where that stands; words
    that are a party elsewhere in the article are left out, since they mean the same. `told` is the draft with the
    bounds that the coder gave."""
    known = {(event.paragraph, m.start, m.end) for _, event, m in mentions(told)}
    texts = {mention.text for _, _, mention in mentions(told)}
    likeliest: dict[tuple[int, int | None, int | None], tuple[float, int, str, Mention]] = {}
    for number, event in enumerate(told.events):
        if not isinstance(event, HeardEvent):
            continue
        for mention, chances in zip(event.heard.mentions, event.heard.chances, strict=True):
            span, best = (event.paragraph, mention.start, mention.end), max(chances)
            if span in known or mention.text in texts:
                continue
            if span not in likeliest or best > likeliest[span][0]:
                likeliest[span] = (best, number, ROLES[chances.index(best)], mention)
    events, quiet = list(draft.events), set()
    for _, number, role, mention in likeliest.values():
        there: tuple[Mention, ...] = getattr(events[number], role)
        events[number] = replace(events[number], **{role: (*there, mention)})
        quiet.add(Where(number, role, len(there)))
    return replace(draft, events=tuple(events)), quiet


def spoken(told: CodedArticle, heard: CodedArticle, found: Mapping[Where, Found]) -> dict[Span, Spoken]:
    """Every mention with words that was resolved, by its bounds as the coder gave them; `heard` and `told` as in
    `with_heard`."""
    made: dict[Span, Spoken] = {}
    same: dict[str | None, Found] = {}
    bounds = {where: mention for where, _, mention in mentions(told)}
    for where, event, mention in mentions(heard):
        if where in found:
            as_told = bounds.get(where, mention)
            made[event.paragraph, as_told.start or 0, as_told.end or 0] = Spoken(mention, found[where])
            same.setdefault(as_told.text, found[where])
    for event in told.events:
        for mention in event.heard.mentions if isinstance(event, HeardEvent) else ():
            span = (event.paragraph, mention.start or 0, mention.end or 0)
            if span not in made and mention.text in same:
                made[span] = Spoken(mention, same[mention.text])
    return made
