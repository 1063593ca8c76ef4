"""Where an event happened: the words of a place to a country and, where the gazetteer has it, a point.

The most specific name of the words is looked up; a country or nationality named beside it decides between places of
one name ("مدينة دوما في الغوطة الشرقية بريف دمشق"), then the countries of the words around, size, and the feature word
("محافظة", "مخيم"). Words that only refer back ("العاصمة", "المعبر") take the place or country they refer to. An unknown
name takes the country of a context that speaks of one country (method "context"), otherwise it stays unresolved.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from khabar.records import Article, Event, HeardEvent, Place
from khabar.resolve.gazetteer import Gazetteer
from khabar.resolve.place_choice import DOMINANT, DOMINANT_BARE, SURE, Choice, Guess, guessed
from khabar.resolve.place_context import Evidence, PlaceContext, context_at, read_evidence
from khabar.resolve.place_match import Part, parts
from khabar.resolve.place_named import named_place
from khabar.resolve.place_reference import reference_place, state_place
from khabar.resolve.place_understood import at, distance, taken_over
from khabar.resolve.place_words import Token, place_word, tokenize

NO_CONTEXT = PlaceContext()


def resolve_place(
    text: str,
    *,
    gazetteer: Gazetteer,
    context: PlaceContext = NO_CONTEXT,
    trigger: str | None = None,  # noqa: ARG001  (evidence for later: "قصف" says nothing of where)
    guess: Guess = (),
) -> Place:
    """The place that the words name. Never raises; what stays unknown has `country` None and keeps its text.

    `guess` is a model's probability over countries, best first. `method` says how the country was found: name, state,
    adjective, border, reference, context, guess or none.
    """
    tokens = tokenize(text)
    found = parts(tokens, gazetteer)
    choice = (
        named_place(found, tokens, context, guess)
        or state_place(found, tokens, context, guess, gazetteer)
        or reference_place(found, tokens, context, guess, gazetteer)
        or _unknown(found, tokens, context, guess)
    )
    return _place(text, choice, guess, context.date)


def _place(text: str | None, choice: Choice, guess: Guess, date: str | None = None) -> Place:
    row = choice.row
    return Place(
        text=text, country=_as_of(choice.country, date) if choice.country else None,
        geonames=row.geonames if row else None, name=row.latin if row else None,
        latitude=row.latitude if row else None, longitude=row.longitude if row else None,
        feature=row.feature if row else None, admin1=(row.admin1 or None) if row else None, method=choice.method,
        alternatives=choice.alternatives, confidence=round(choice.confidence, 3), guess=tuple(guess),
    )  # fmt: skip


# Before its independence the place is its mother country's (CODEBOOK section 11).
INDEPENDENT = {"SSD": ("2011-07-09", "SDN")}


def _as_of(country: str, date: str | None) -> str:
    since, mother = INDEPENDENT.get(country, ("", ""))
    return mother if mother and date is not None and date < since else country


def _unknown(found: Sequence[Part], tokens: Sequence[Token], context: PlaceContext, guess: Guess) -> Choice:
    if likely := guessed(guess):
        return Choice(likely, None, "guess", guess[0][1])
    foreign = frozenset(p.state for p in found if p.state)
    top, share = context.top(without=foreign)
    kinds = [w for t in tokens if (w := place_word(t.key, t.bare))]
    if any(w.feature == "country" and w.kind == "feature" for w in kinds):
        return Choice(None, None, "none", 0.0)  # an unknown state lies in no other
    if top and share >= (DOMINANT if kinds else DOMINANT_BARE):
        return Choice(top, None, "context", share * 0.9)
    return Choice(None, None, "none", 0.0, (top,) if top else ())


def resolve_places(
    article: Article, events: Sequence[Event], gazetteer: Gazetteer, evidence: Sequence[Evidence] | None = None
) -> tuple[Event, ...]:
    """The events with their places filled; offsets and texts stay as they are.

    A place with words is resolved by its words and what stands around it. A place without words takes that of another
    event of the same act, else the nearest earlier place, else the title's; `Place.link` (where the coder thinks it is
    named) and `Place.guess` are evidence. Places that the coder only heard (`Scene.places`) are resolved, too.
    `evidence` is what `read_evidence` finds, where that is known.
    """
    if evidence is None:
        evidence = read_evidence(article, gazetteer)
    told = [(event, event.place) for event in events if event.place is not None and event.place.text is not None]
    done: dict[tuple[int, int, int], Place] = {}
    earlier: list[tuple[int, int, Place]] = []

    def resolved(event: Event, place: Place) -> Place:
        assert place.text is not None
        start, end = place.start or 0, place.end or 0
        if (event.paragraph, start, end) not in done:
            before = tuple(one for *where, one in earlier if where <= [event.paragraph, start])
            context = context_at(evidence, event.paragraph, start, before, article.date)
            done[event.paragraph, start, end] = resolve_place(
                place.text, gazetteer=gazetteer, context=context, trigger=event.trigger.text, guess=place.guess
            )
        return _keep(place, done[event.paragraph, start, end])

    for event, place in sorted(told, key=lambda one: (one[0].paragraph, one[1].start or 0)):
        earlier.append((event.paragraph, place.start or 0, resolved(event, place)))
    found = {n: resolved(e, e.place) for n, e in enumerate(events) if e.place is not None and e.place.text is not None}
    for number, event in enumerate(events):
        if event.place is not None and number not in found:
            found[number] = _understood(number, events, found, _context_of(article, event, evidence))
    made = []
    for number, event in enumerate(events):
        if isinstance(event, HeardEvent) and event.scene.places:
            places = tuple(resolved(event, place) for place in event.scene.places)
            event = msgspec.structs.replace(event, scene=msgspec.structs.replace(event.scene, places=places))
        made.append(msgspec.structs.replace(event, place=found[number]) if number in found else event)
    return tuple(made)


def _context_of(article: Article, event: Event, evidence: Sequence[Evidence]) -> PlaceContext:
    """The context of an event whose place is understood."""
    return context_at(evidence, event.paragraph, event.trigger.start, (), article.date)


def _keep(place: Place, found: Place) -> Place:
    return msgspec.structs.replace(found, text=place.text, start=place.start, end=place.end, link=place.link)


def _understood(
    number: int, events: Sequence[Event], done: dict[int, Place], context: PlaceContext
) -> Place:  # fmt: skip
    event, place = events[number], events[number].place
    assert place is not None
    named = {i: p for i, p in done.items() if p.text is not None and p.country}
    ranked = sorted(named, key=lambda i: distance(event, events[i], number, i))
    # A guess spread over many countries says nothing against a place that the article names.
    guess = dict(place.guess) if place.guess and place.guess[0][1] >= SURE else {}
    linked = [i for i in ranked if place.link and at(events[i]) == place.link]
    for donor in [*linked, *ranked]:
        if guess and guess.get(named[donor].country or "", 0.0) < 0.15:
            continue
        return taken_over(named[donor], place)
    if guess:
        return _keep(place, _place(None, Choice(place.guess[0][0], None, "guess", place.guess[0][1]), place.guess))
    top, share = context.top()
    choice = Choice(top, None, "context", share * 0.7) if top and share >= DOMINANT else Choice(None, None, "none", 0.0)
    return _keep(place, _place(None, choice, ()))
