"""An article's draft made whole: places, then codes and identity of parties, times, tolls and event ids."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from khabar.records import Article, CodedArticle, Event, Mention
from khabar.resolve.context import Context, read_context
from khabar.resolve.counts import Counts, load_counts
from khabar.resolve.gazetteer import load_gazetteer
from khabar.resolve.identity import identify
from khabar.resolve.parties import ROLES, Found, Where, resolve_named
from khabar.resolve.places import resolve_places
from khabar.resolve.tables import Tables
from khabar.resolve.times import resolve_times


def prepare(article: Article, draft: CodedArticle, tables: Tables) -> tuple[Context, CodedArticle]:
    """The article as the tables read it, and the draft with its places: what parties are resolved from."""
    events = resolve_places(article, draft.events, load_gazetteer())
    return read_context(article, tables), msgspec.structs.replace(draft, events=events)


def resolve(article: Article, draft: CodedArticle, tables: Tables) -> CodedArticle:
    """The draft with codes, ids and names of parties, places, times, tolls and event ids filled in.

    Spans, types, modes and status stay as they are. Codes that the draft already has are replaced.
    """
    return resolve_with(article, draft, tables, load_counts())


def resolve_with(article: Article, draft: CodedArticle, tables: Tables, counts: Counts) -> CodedArticle:
    """`resolve` with counts of one's own (benchmarks leave the article itself out of them)."""
    context, draft = prepare(article, draft, tables)
    found = resolve_named(context, draft, counts)
    events = tuple(_event(article, number, event, found, tables) for number, event in enumerate(draft.events))
    return msgspec.structs.replace(draft, events=resolve_times(article, events))


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
