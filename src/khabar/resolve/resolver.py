"""An article's draft made whole: places, then codes and identity of parties, times, tolls and event ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import msgspec

from khabar.records import Article, CodedArticle, Event, HeardEvent, Mention, Place
from khabar.resolve import schema, together, understood_rows
from khabar.resolve.compose import Part
from khabar.resolve.context import Context, read_context
from khabar.resolve.counts import Counts, load_counts
from khabar.resolve.dyad import Parties, Party, Ranking, Span, Spoken, spoken, weigh_anew, with_heard
from khabar.resolve.dyad import load_ranking as load_dyads
from khabar.resolve.gazetteer import load_gazetteer
from khabar.resolve.identity import People, identify, people
from khabar.resolve.parties import ROLES, Found, Where, calibrated, cases, decide
from khabar.resolve.place_context import Evidence, read_evidence
from khabar.resolve.places import resolve_places
from khabar.resolve.roles import state_on
from khabar.resolve.scene import load_ranking as load_scenes
from khabar.resolve.scene import weigh_scenes
from khabar.resolve.several import counted, several
from khabar.resolve.tables import Tables
from khabar.resolve.time_reading import Reading, reading_of
from khabar.resolve.times import resolve_times
from khabar.resolve.tolls import attach
from khabar.resolve.trees import load_trees
from khabar.resolve.understood import Meant, understand
from khabar.resolve.weighing import Weights, load_weights
from khabar.resolve.whole import whole_names
from khabar.trees import Trees

Cells = dict[str, Any]
COUNTED_RIGHT = 0.6  # share of mentions told by their number that come out right on train


def prepare(
    article: Article, draft: CodedArticle, tables: Tables
) -> tuple[Context, CodedArticle, Sequence[Evidence]]:  # fmt: skip
    """The article as the tables read it, the draft with whole names and places, and the countries that the article
    names: what parties are resolved from."""
    context = read_context(article, tables)
    gazetteer = load_gazetteer(tables.directory)
    evidence = read_evidence(article, gazetteer)
    events = tuple(whole_names(event, article.paragraphs, context.paragraphs) for event in draft.events)
    events = resolve_places(article, events, gazetteer, evidence)
    events = tuple(_places_on(context, event) for event in events)
    return context, msgspec.structs.replace(draft, events=events), evidence


def _places_on(context: Context, event: Event) -> Event:
    """An event with its places, also those only heard, in the states that they belonged to then."""
    if event.place is not None:
        event = msgspec.structs.replace(event, place=_place_on(context, event.place))
    if isinstance(event, HeardEvent) and event.scene.places:
        places = tuple(_place_on(context, place) for place in event.scene.places)
        event = msgspec.structs.replace(event, scene=msgspec.structs.replace(event.scene, places=places))
    return event


def _place_on(context: Context, place: Place) -> Place:
    country = state_on(context.tables, place.country, context.date) if place.country is not None else None
    return place if country == place.country else msgspec.structs.replace(place, country=country)


def _on(context: Context, found: Found) -> Found:
    """Parties of the states that theirs were then."""
    parts = [part._replace(country=state_on(context.tables, part.country, context.date)) for part in found.parts]
    return found._replace(parts=tuple(parts))


def resolve(article: Article, draft: CodedArticle, tables: Tables) -> CodedArticle:
    """The draft with codes, ids and names of parties, places, times, tolls and event ids filled in.

    Types, modes and status stay as they are. So do spans, but a party that stops inside a name of the tables gets the
    rest of it, and parties, place, time and toll of an event of which the coder tells what else it heard are weighed
    anew (`dyad`, `scene`). Codes that the draft already has are replaced.
    """
    return resolve_with(article, draft, tables, load_counts())


class Model(NamedTuple):
    """What decides: weights and trees that rank parties again (None: weights alone), trees for understood parties."""

    weights: Weights
    parties: Trees | None
    understood: Trees


@cache
@schema.lasting
def load_model() -> Model:
    """The package's weights and trees."""
    return Model(
        load_weights(),
        load_trees("party_trees.tsv", together.COLUMNS, tuple(together.CATEGORIES.items())),
        load_trees("understood_ranking.tsv", understood_rows.COLUMNS, tuple(understood_rows.CATEGORIES.items())),
    )


def resolve_with(
    article: Article, draft: CodedArticle, tables: Tables, counts: Counts, model: Model | None = None
) -> CodedArticle:
    """`resolve` with counts and weights of one's own (benchmarks leave the article itself out of the counts)."""
    model = load_model() if model is None else model
    told = told_by(article, parties_of(article, draft, tables, counts, model), tables, counts, model, load_dyads())
    heard = [event for event in told.events if isinstance(event, HeardEvent)]
    if not heard:
        return msgspec.structs.replace(draft, events=told.events)
    if len(heard) < len(told.events):
        raise ValueError(f"{article.id}: a coder tells of all events what else it heard, or of none")
    events = weigh_scenes(article, heard, told.evidence, told.reading, load_scenes())
    return msgspec.structs.replace(draft, events=events)


class ToldBy(NamedTuple):
    """The events with parties, places, times and tolls; the countries that the article names and its times."""

    events: tuple[Event, ...]
    evidence: Sequence[Evidence]
    reading: Reading


def told_by(
    article: Article, resolved: Resolved, tables: Tables, counts: Counts, model: Model, dyads: Ranking
) -> ToldBy:  # fmt: skip
    """The events with parties weighed anew by the trees of `dyads`, with ids and names, times and tolls."""
    draft, found, silent = _anew(resolved, counts, model, dyads)
    known = people(((part, _text(draft, where)) for where, one in found.items() for part in one.parts), tables)
    told = {where: _told(one, _text(draft, where), tables, known) for where, one in found.items()}
    for where, meant in silent.items():
        told[Where(*where)] = _meant(meant, told.values(), tables)
    events = tuple(_event(article, number, event, told) for number, event in enumerate(draft.events))
    reading = reading_of(article)
    return ToldBy(attach(article, resolve_times(article, events, reading)), resolved.evidence, reading)


class Resolved(NamedTuple):
    """The article as the tables read it, its draft, the parties of each event, every mention that was resolved, also
    those that the coder only heard, and the countries that the article names."""

    context: Context
    draft: CodedArticle
    parties: Sequence[Parties]
    spoken: dict[Span, Spoken]
    evidence: Sequence[Evidence]


def parties_of(article: Article, draft: CodedArticle, tables: Tables, counts: Counts, model: Model) -> Resolved:
    """The parties as the coder told them, each resolved."""
    told = draft
    context, draft, evidence = prepare(article, draft, tables)
    heard, quiet = with_heard(told, draft)
    parties = cases(context, heard, quiet)
    decided = decide(context, counts, parties, heard, model.weights, model.parties, quiet)
    every = {where: _on(context, one) for where, one in decided.items()}
    found = {where: one for where, one in every.items() if where not in quiet}
    alone = [where for where in found if len(parties[where]) == 1 and not parties[where][0].part.country]
    silent = _unnamed(context, draft, alone, found, counts, model)
    told_by = [
        {
            role: [
                Party(mention, found.get(Where(number, role, place), silent.get((number, role, place))))
                for place, mention in enumerate(getattr(event, role))
            ]
            for role in ROLES
        }
        for number, event in enumerate(draft.events)
    ]
    return Resolved(context, draft, told_by, spoken(told, heard, every | found), evidence)


def _anew(
    resolved: Resolved, counts: Counts, model: Model, dyads: Ranking
) -> tuple[CodedArticle, dict[Where, Found], dict[tuple[int, str, int], Meant]]:
    """What was resolved, with the actors and recipients weighed anew where the coder gave more than one choice."""
    context, draft, parties, heard, _ = resolved
    if any(isinstance(event, HeardEvent) for event in draft.events):
        draft, parties = weigh_anew(context, draft, parties, heard, counts, model.understood, dyads)
    found: dict[Where, Found] = {}
    silent: dict[tuple[int, str, int], Meant] = {}
    for number, mine in enumerate(parties):
        for role in ROLES:
            for place, one in enumerate(mine[role]):
                if isinstance(one.fill, Found):
                    found[Where(number, role, place)] = one.fill
                elif one.fill is not None:
                    silent[number, role, place] = one.fill
    return draft, found, silent


def _unnamed(
    context: Context, draft: CodedArticle, alone: list[Where], found: dict[Where, Found], counts: Counts, model: Model
) -> dict[tuple[int, str, int], Meant]:
    """Who is meant by mentions told by their number (put into `found`) and by those without words: each needs the
    other, so the second are read without the first, then again with them."""

    def silent(codes: Mapping[tuple[int, str, int], tuple[str, ...]]) -> dict[tuple[int, str, int], Meant]:
        return understand(context, draft, codes, counts, model.understood)

    codes: dict[tuple[int, str, int], tuple[str, ...]] = {tuple(w): one.codes for w, one in found.items()}  # type: ignore[misc]
    kinds = counted(draft, alone, codes)
    if not kinds:
        return silent(codes)
    single = {where: mine for where, mine in codes.items() if where not in kinds}
    meant = {where: one.codes for where, one in silent(single).items()}
    for where, meant_by in several(draft, kinds, single | meant).items():
        parts = tuple(Part(*code.partition(".")[::2]) for code in meant_by)
        method = "two sides" if kinds[where].number == 2 else "counted"
        found[Where(*where)] = Found(parts, method, found[Where(*where)].codes, COUNTED_RIGHT)
        codes[where] = meant_by
    return silent(codes)


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


def _told(found: Found, text: str | None, tables: Tables, known: People) -> Cells:
    ids, names = zip(*(identify(part, text, tables, known) for part in found.parts), strict=True)
    return {
        "codes": found.codes, "ids": ids, "names": names, "method": found.method,
        "alternatives": found.alternatives, "confidence": found.share,
    }  # fmt: skip


def _meant(meant: Meant, told: Iterable[Cells], tables: Tables) -> Cells:
    """The cells of an understood party: identity from the mention that names it, if its codes are the same."""
    named = next((cells for cells in told if cells["codes"] == meant.codes), None)
    parts = [Part(*code.partition(".")[::2]) for code in meant.codes]
    ids, names = zip(*(identify(part, None, tables, {}) for part in parts), strict=True)
    return {
        "codes": meant.codes, "ids": named["ids"] if named else ids, "names": named["names"] if named else names,
        "method": "understood", "alternatives": meant.alternatives,
        "confidence": round(calibrated(meant.share), 3),
    }  # fmt: skip
