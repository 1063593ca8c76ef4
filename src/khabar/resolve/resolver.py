"""An article's draft made whole: codes and identity of parties, then places, times, tolls and event ids."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from khabar.records import Article, CodedArticle, Event, Mention
from khabar.resolve.context import read_context
from khabar.resolve.identity import identify
from khabar.resolve.parties import ROLES, Found, Where, resolve_named
from khabar.resolve.tables import Tables


def resolve(article: Article, draft: CodedArticle, tables: Tables) -> CodedArticle:
    """The draft with codes, ids and names of parties, places, times, tolls and event ids filled in.

    Spans, types, modes and status stay as they are. Codes that the draft already has are replaced.
    """
    context = read_context(article, tables)
    found = resolve_named(context, draft)
    events = tuple(_event(article, number, event, found, tables) for number, event in enumerate(draft.events))
    return msgspec.structs.replace(draft, events=events)


def _event(article: Article, number: int, event: Event, found: Mapping[Where, Found], tables: Tables) -> Event:
    changes: dict[str, object] = {"id": f"{article.id}:{event.paragraph}:{event.trigger.start}:{event.type}"}
    for role in ROLES:
        changes[role] = tuple(
            _mention(mention, found.get(Where(number, role, place)), tables)
            for place, mention in enumerate(getattr(event, role))
        )
    return msgspec.structs.replace(event, **changes)


def _mention(mention: Mention, found: Found | None, tables: Tables) -> Mention:
    if found is None:
        return mention
    ids, names = zip(*(identify(part, mention.text, tables) for part in found.parts), strict=True)
    return msgspec.structs.replace(
        mention, codes=found.codes, ids=ids, names=names, method=found.method,
        alternatives=found.alternatives, confidence=found.share,
    )  # fmt: skip
