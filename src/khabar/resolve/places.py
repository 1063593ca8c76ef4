"""Where an event happened: the words of a place to a country and, where the gazetteer has it, a point.

The most specific name of the words is looked up; a country or nationality named beside it decides between places of
one name ("مدينة دوما في الغوطة الشرقية بريف دمشق"), then the countries of the words around, size, and the feature word
("محافظة", "مخيم"). Words that only refer back ("العاصمة", "المعبر") take the place or country they refer to. An unknown
name takes the country of a context that speaks of one country (method "context"), otherwise it stays unresolved.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import msgspec

from khabar.arabic import fold_key
from khabar.records import Article, Event, Place
from khabar.resolve.gazetteer import Gazetteer, Row
from khabar.resolve.place_context import Evidence, PlaceContext, context_at, read_evidence
from khabar.resolve.place_match import NAMED_AFTER, Part, capital_row, is_known, parts, row_score, state_row
from khabar.resolve.place_words import PlaceWord, Token, place_word, tokenize

NO_CONTEXT = PlaceContext()
Guess = Sequence[tuple[str, float]]
# States whose capital is disputed: "العاصمة" gives the country, no point.
DISPUTED_CAPITALS = frozenset(("ISR", "PSE", "ESH"))
KINGDOMS = frozenset("SAU JOR MAR BHR GBR ESP BEL NLD SWE NOR DNK THA KHM BTN".split())
ARAB_KINGDOMS = frozenset(("SAU", "JOR", "MAR", "BHR"))
SULTANATES = frozenset(("OMN", "BRN"))
# How large a share of the context one country must have to place an unknown name.
DOMINANT, DOMINANT_BARE = 0.35, 0.45
SURE = 0.5  # least probability at which the coder's own guess decides
SMALL = 30_000  # people: a namesake of this size in a country that nobody named is not meant


class Choice(NamedTuple):
    """What a mention was resolved to."""

    country: str | None
    row: Row | None
    method: str
    confidence: float
    alternatives: tuple[str, ...] = ()


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
        _places(found, tokens, context, guess)
        or _states(found, tokens, context, guess, gazetteer)
        or _reference(found, tokens, context, guess, gazetteer)
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


def _said(found: Sequence[Part]) -> list[str]:
    """States that the words name as where the place lies; الصحراوية is the desert's rather than Western Sahara's, and
    "للاجئين الفلسطينيين" says whose camp it is."""
    return list(
        dict.fromkeys(p.state for p in found if p.state and not p.border and not p.foreign and _locates(p, found))
    )


def _locates(part: Part, found: Sequence[Part]) -> bool:
    if part.sort != "adjective":
        return True
    camp = any("camp" in {r.feature for r in p.rows} or p.feature == "camp" for p in found)
    return part.key not in ("الصحراويه", "صحراويه") and not (camp and part.state == "PSE")


def _places(found: Sequence[Part], tokens: Sequence[Token], context: PlaceContext, guess: Guess) -> Choice | None:
    named = [p for p in found if p.sort == "place"]
    beside = {p.state for p in found if p.border and p.state} | {r.country for p in named if p.border for r in p.rows}
    if any(p.border for p in found) and "ISR" in beside and beside <= {"PSE", "ISR", "INT"} and "PSE" in beside:
        return Choice("PSE", None, "border", 0.8)
    heads = [p for p in named if not p.border] or [p for p in named if "INT" in {r.country for r in p.rows}]
    if not heads:
        return None
    head = heads[0]
    said = _said(found)
    rows = [r for r in head.rows if r.valid_on(context.date)] or list(head.rows)
    scored = sorted(((_score(row, head, heads, said, context, guess), row) for row in rows), key=lambda pair: -pair[0])
    top_score, best = scored[0]
    alternatives = _alternatives(scored)
    if said and best.country not in (*said, "INT"):
        if len(said) == 1:
            return Choice(said[0], None, "adjective", 0.85, alternatives)
    elif (
        not said
        and not is_known(best)
        and (known := _known(scored)) is not None
        and not context.countries.get(best.country)
    ):
        best = known
    elif not said and (unsure := _namesake(best, head, context, guess)):
        return Choice(unsure, None, "context", context.countries.get(unsure, 0.5), alternatives)
    listed = _listed(heads, found, tokens, context, best)
    if listed:
        return Choice("INT", None, "list", 0.7, alternatives)
    rivals = [s for s, r in scored if r.country != best.country]
    sure = 1 / (1 + sum(10 ** min(s - top_score, 0.0) for s in rivals))
    return Choice(best.country, best, "name", 0.97 * sure, alternatives)


def _known(scored: Sequence[tuple[float, Row]]) -> Row | None:
    """The best row that is known by itself: a small namesake elsewhere does not hide it."""
    return next((row for _, row in scored if is_known(row)), None)


def _score(
    row: Row, head: Part, heads: Sequence[Part], said: Sequence[str], context: PlaceContext, guess: Guess
) -> float:  # fmt: skip
    score = row_score(row, head, context.countries) if context.countries else row_score(row, head, {row.country: 0.3})
    if row.country in said:
        score += 5.0
    for other in heads[1:]:
        countries = {r.country for r in other.rows}
        if row.country in countries:
            # "قرية دوما بالضفة الغربية": what can lie in one country only says most.
            score += 3.0 if len(countries) == 1 else 1.2
    if guess:
        score += 3.0 * math.log10(dict(guess).get(row.country, 0.0) + 0.03)
    return score


def _alternatives(scored: Sequence[tuple[float, Row]]) -> tuple[str, ...]:
    """Other rows that the name may be, as `Latin name, COUNTRY`."""
    return tuple(dict.fromkeys(f"{row.latin}, {row.country}" for _, row in scored[1:6]))


def _namesake(best: Row, head: Part, context: PlaceContext, guess: Guess) -> str | None:
    """The context's country where the best row is only a namesake of an unknown place there."""
    share = context.countries.get(best.country, 0.0)
    top, top_share = context.top()
    if guess and dict(guess).get(best.country, 0.0) > 0.2:
        return None
    small = best.id.startswith("gn") and best.population < SMALL
    if head.feature in NAMED_AFTER and best.feature not in NAMED_AFTER and share < 0.05 and top_share >= DOMINANT:
        return top
    if not small or best.country == "INT" or share >= 0.04 or top_share < DOMINANT:
        return None
    return top


def _listed(
    heads: Sequence[Part], found: Sequence[Part], tokens: Sequence[Token], context: PlaceContext, best: Row
) -> bool:  # fmt: skip
    """Whether the words list places of several countries ("لندن ودبلن")."""
    countries = {best.country}
    for previous, part in pairwise(found):
        joined = part.first == previous.last + 1 and tokens[part.first].key.startswith("و")
        if not joined or part.border or part.sort == "adjective" or part.key.startswith("و"):
            continue
        if part.state:
            countries.add(part.state)
        elif part in heads:
            row = max(part.rows, key=lambda r: row_score(r, part, context.countries) + 5 * (r.country == best.country))
            countries.add(row.country)
    return len(countries) > 1 and not (countries <= {"PSE", "ISR"})


def _states(
    found: Sequence[Part], tokens: Sequence[Token], context: PlaceContext, guess: Guess, gazetteer: Gazetteer
) -> Choice | None:  # fmt: skip
    said = _said(found)
    beside = list(dict.fromkeys(p.state for p in found if p.state and p.border))
    if len(said) == 1:
        sort = "state" if any(p.sort == "state" and p.state == said[0] for p in found) else "adjective"
        row = capital_row(said[0], gazetteer) if _has_capital_word(tokens) else state_row(said[0])
        return Choice(said[0], row, sort, 0.97 if sort == "state" else 0.9)
    if said:
        return Choice("PSE" if set(said) <= {"PSE", "ISR"} else "INT", None, "list", 0.75, tuple(said))
    if not beside:
        return None
    if len(beside) == 1:
        part = next(p for p in found if p.state == beside[0])
        if part.sort == "adjective":
            return Choice(beside[0], state_row(beside[0]), "border", 0.75)
        own = _guessed(guess) or context.top(without=frozenset(beside))[0]
        return Choice(own or beside[0], None, "border", 0.6, tuple(beside))
    if set(beside) <= {"PSE", "ISR"}:
        return Choice("PSE", None, "border", 0.8, tuple(beside))
    chosen = _guessed(guess)
    return Choice(chosen or "INT", None, "border", 0.6, tuple(beside))


def _guessed(guess: Guess, floor: float = SURE) -> str | None:
    return guess[0][0] if guess and guess[0][1] >= floor else None


def _has_capital_word(tokens: Sequence[Token]) -> bool:
    return any(t.bare in ("العاصمه", "عاصمه") for t in tokens)


def _reference(
    found: Sequence[Part], tokens: Sequence[Token], context: PlaceContext, guess: Guess, gazetteer: Gazetteer
) -> Choice | None:  # fmt: skip
    words = [w for t in tokens if (w := place_word(t.key, t.bare))]
    word = next((w for w in words if w.kind == "reference"), None)
    if word is None and not found and any(w.kind == "border" for w in words):
        word = PlaceWord("reference", "country")
    if any(t.bare in _MANY for t in tokens) and not _said(found):
        return Choice("INT", None, "reference", 0.7)
    if word is None or (found and not any(p.foreign or p.border for p in found)):
        return None
    without = frozenset(p.state for p in found if p.state)
    if word.feature == "place":
        key = next(t for t in tokens if place_word(t.key, t.bare) == word)
        if (earlier := _earlier(key.bare, context, guess)) is not None:
            return earlier
        if key.bare == "المنطقه" and len(tokens) == 1:
            return Choice("INT", None, "reference", 0.5)
    if word.feature in ("kingdom", "sultanate"):
        among = KINGDOMS if word.feature == "kingdom" else SULTANATES
        # In Arabic news the kingdom without a name is an Arab one.
        near = {c: context.countries.get(c, 0.0) * (4.0 if c in ARAB_KINGDOMS else 1.0) for c in among}
        best = max(((share, c) for c, share in near.items()), default=(0.0, ""))
        if best[0] > 0:
            return Choice(best[1], state_row(best[1]), "reference", 0.85)
        return Choice("OMN", state_row("OMN"), "reference", 0.6) if word.feature == "sultanate" else None
    country = _guessed(guess)
    confidence = guess[0][1] if country and guess else 0.0
    if country is None:
        country, confidence = context.top(without=without)
    if not country:
        return None
    row = None
    if word.feature == "capital" and country not in DISPUTED_CAPITALS:
        row = capital_row(country, gazetteer)
    elif word.feature == "country":
        row = state_row(country)
    return Choice(country, row, "reference", 0.5 + confidence / 2.2)


_MANY = frozenset(("دول", "الدول", "بلدان", "البلدان", "البلدين", "عواصم", "بلدا", "قارات"))

# Which features a reference may lead back to.
_BACK: dict[str, frozenset[str]] = {
    "المدينه": frozenset(("city", "town")), "البلده": frozenset(("city", "town", "village")),
    "القريه": frozenset(("city", "town", "village")), "المحافظه": frozenset(("admin1", "city")),
    "الولايه": frozenset(("admin1",)), "الاقليم": frozenset(("admin1", "region")),
    "المديريه": frozenset(("admin2",)), "المخيم": frozenset(("camp",)), "المعبر": frozenset(("crossing",)),
    "المطار": frozenset(("airport", "base")), "الميناء": frozenset(("port",)), "المسجد": frozenset(("mosque",)),
    "السجن": frozenset(("prison",)), "القاعده": frozenset(("base",)), "الجزيره": frozenset(("island",)),
    "البحيره": frozenset(("lake",)), "الحي": frozenset(("quarter",)), "المستوطنه": frozenset(("settlement",)),
    "المنطقه": frozenset(("region", "admin2", "town", "city", "front", "admin1")),
}  # fmt: skip


def _earlier(word: str, context: PlaceContext, guess: Guess) -> Choice | None:
    wanted = _BACK.get(word, frozenset())
    for place in reversed(context.places):
        if place.feature in wanted and place.country:
            if guess and dict(guess).get(place.country, 0.0) < 0.05:
                continue
            row = Row(
                "", (), place.name or "", place.country, place.latitude, place.longitude, place.feature or "",
                place.geonames, 0, place.admin1 or "", "", "",
            )  # fmt: skip
            return Choice(place.country, row, "reference", 0.85)
    return None


def _unknown(found: Sequence[Part], tokens: Sequence[Token], context: PlaceContext, guess: Guess) -> Choice:
    guessed = _guessed(guess)
    if guessed:
        return Choice(guessed, None, "guess", guess[0][1])
    foreign = frozenset(p.state for p in found if p.state)
    top, share = context.top(without=foreign)
    kinds = [w for t in tokens if (w := place_word(t.key, t.bare))]
    if any(w.feature == "country" and w.kind == "feature" for w in kinds):
        return Choice(None, None, "none", 0.0)  # an unknown state lies in no other
    if top and share >= (DOMINANT if kinds else DOMINANT_BARE):
        return Choice(top, None, "context", share * 0.9)
    return Choice(None, None, "none", 0.0, (top,) if top else ())


def resolve_places(article: Article, events: Sequence[Event], gazetteer: Gazetteer) -> tuple[Event, ...]:
    """The events with their places filled; offsets and texts stay as they are.

    A place with words is resolved by its words and what stands around it. A place without words takes that of another
    event of the same act, else the nearest earlier place, else the title's; `Place.link` (where the coder thinks it is
    named) and `Place.guess` are evidence.
    """
    evidence = read_evidence(article, gazetteer)
    order = sorted(
        (i for i, e in enumerate(events) if e.place is not None and e.place.text is not None),
        key=lambda i: (events[i].paragraph, events[i].place.start or 0),  # type: ignore[union-attr]
    )
    done: dict[int, Place] = {}
    earlier: list[Place] = []
    for number in order:
        event = events[number]
        place = event.place
        assert place is not None
        assert place.text is not None
        context = context_at(evidence, event.paragraph, place.start or 0, tuple(earlier), article.date)
        found = resolve_place(
            place.text, gazetteer=gazetteer, context=context, trigger=event.trigger.text, guess=place.guess
        )
        done[number] = _keep(place, found)
        earlier.append(found)
    for number, event in enumerate(events):
        if event.place is not None and number not in done:
            done[number] = _understood(number, events, done, _context_of(article, event, evidence))
    return tuple(
        msgspec.structs.replace(event, place=done[number]) if number in done else event
        for number, event in enumerate(events)
    )


def _context_of(article: Article, event: Event, evidence: list[Evidence]) -> PlaceContext:
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
    ranked = sorted(named, key=lambda i: _distance(event, events[i], number, i))
    # A guess spread over many countries says nothing against a place that the article names.
    guess = dict(place.guess) if place.guess and place.guess[0][1] >= SURE else {}
    linked = [i for i in ranked if place.link and _at(events[i]) == place.link]
    for donor in [*linked, *ranked]:
        if guess and guess.get(named[donor].country or "", 0.0) < 0.15:
            continue
        source = named[donor]
        return msgspec.structs.replace(
            source, text=None, start=None, end=None, method="understood", guess=place.guess, link=place.link,
            confidence=round((source.confidence or 0.5) * 0.8, 3), alternatives=(),
        )  # fmt: skip
    if guess:
        return _keep(place, _place(None, Choice(place.guess[0][0], None, "guess", place.guess[0][1]), place.guess))
    top, share = context.top()
    choice = Choice(top, None, "context", share * 0.7) if top and share >= DOMINANT else Choice(None, None, "none", 0.0)
    return _keep(place, _place(None, choice, ()))


def _at(event: Event) -> tuple[int, int, int] | None:
    place = event.place
    if place is None or place.start is None or place.end is None:
        return None
    return event.paragraph, place.start, place.end


# How near another event is to telling the place of one without: fitted to the training articles.
SAME_TYPE, SAME_MODE, SAME_PARTY, OTHER_STATUS, LATER, BEHIND = 20.0, 8.0, 2.5, 20.0, 3.0, 0.1


def _distance(event: Event, other: Event, number: int, index: int) -> tuple[float, int]:
    """How far another event is from telling the place of this one: same act before same paragraph before nearness."""
    gap = event.paragraph - other.paragraph
    far = float(gap) if gap >= 0 else -gap * LATER + BEHIND
    if event.type == other.type:
        far -= SAME_TYPE
        if event.mode and event.mode == other.mode:
            far -= SAME_MODE
    if _parties(event) & _parties(other):
        far -= SAME_PARTY
    if event.status != other.status:
        far += OTHER_STATUS
    return far, abs(number - index)


def _parties(event: Event) -> set[str]:
    """Codes of the parties where they are known, else the words that name them."""
    mentions = (*event.actors, *event.recipients)
    return {c for m in mentions for c in m.codes} or {fold_key(m.text) for m in mentions if m.text}
