"""An article's draft made whole: places, then codes and identity of parties, times, tolls and event ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from khabar.records import Article, CodedArticle, Event, Mention
from khabar.resolve.compose import Part
from khabar.resolve.context import Context, read_context
from khabar.resolve.counts import Counts, load_counts
from khabar.resolve.evidence import weights
from khabar.resolve.gazetteer import load_gazetteer
from khabar.resolve.identity import identify
from khabar.resolve.parties import ROLES, Found, Where, cases, decide
from khabar.resolve.places import resolve_places
from khabar.resolve.tables import Tables
from khabar.resolve.times import resolve_times
from khabar.resolve.tolls import attach
from khabar.resolve.understood import Meant, understand

Cells = dict[str, Any]


def prepare(article: Article, draft: CodedArticle, tables: Tables) -> tuple[Context, CodedArticle]:
    """The article as the tables read it, and the draft with its places: what parties are resolved from."""
    events = resolve_places(article, draft.events, load_gazetteer(tables.directory))
    return read_context(article, tables), msgspec.structs.replace(draft, events=events)


def resolve(article: Article, draft: CodedArticle, tables: Tables) -> CodedArticle:
    """The draft with codes, ids and names of parties, places, times, tolls and event ids filled in.

    Spans, types, modes and status stay as they are. Codes that the draft already has are replaced.
    """
    return resolve_with(article, draft, tables, load_counts())


def resolve_with(
    article: Article, draft: CodedArticle, tables: Tables, counts: Counts, table: Mapping[str, float] | None = None
) -> CodedArticle:
    """`resolve` with counts and weights of one's own (benchmarks leave the article itself out of the counts)."""
    table = weights() if table is None else table
    context, draft = prepare(article, draft, tables)
    found = decide(context, counts, cases(context, draft), table)
    told = {where: _told(one, _text(draft, where), tables) for where, one in found.items()}
    codes = {tuple(where): one.codes for where, one in found.items()}
    for where, meant in understand(draft, codes, counts, table).items():  # type: ignore[arg-type]
        told[Where(*where)] = _meant(meant, told.values(), tables)
    events = tuple(_event(article, number, event, told) for number, event in enumerate(draft.events))
    return msgspec.structs.replace(draft, events=attach(article, resolve_times(article, events)))


def _text(draft: CodedArticle, where: Where) -> str | None:
    mention: Mention = getattr(draft.events[where.event], where.role)[where.number]
    return mention.text


def _event(article: Article, number: int, event: Event, told: Mapping[Where, Cells]) -> Event:
    changes: dict[str, object] = {"id": f"{article.id}:{event.paragraph}:{event.trigger.start}:{event.type}"}
    for role in ROLES:
        changes[role] = tuple(
            msgspec.structs.replace(mention, **told.get(Where(number, role, place), {}))
            for place, mention in enumerate(getattr(event, role))
        )
    return msgspec.structs.replace(event, **changes)


def _told(found: Found, text: str | None, tables: Tables) -> Cells:
    ids, names = zip(*(identify(part, text, tables) for part in found.parts), strict=True)
    return {
        "codes": found.codes, "ids": ids, "names": names, "method": found.method,
        "alternatives": found.alternatives, "confidence": found.share,
    }  # fmt: skip


def _meant(meant: Meant, told: Iterable[Cells], tables: Tables) -> Cells:
    """The cells of an understood party: identity from the mention that names it, if its codes are the same."""
    named = next((cells for cells in told if cells["codes"] == meant.codes), None)
    parts = [Part(*code.partition(".")[::2]) for code in meant.codes]
    ids, names = zip(*(identify(part, None, tables) for part in parts), strict=True)
    return {
        "codes": meant.codes, "ids": named["ids"] if named else ids, "names": named["names"] if named else names,
        "method": "understood", "alternatives": meant.alternatives, "confidence": meant.share,
    }  # fmt: skip
