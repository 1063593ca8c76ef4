"""Places without a name of their own: a state, the side of a border, words that refer back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from khabar.resolve.cues import cue_words, told
from khabar.resolve.gazetteer import Gazetteer, Row
from khabar.resolve.place_choice import Choice, Guess, guessed, said_states
from khabar.resolve.place_context import PlaceContext
from khabar.resolve.place_match import Part, capital_row, state_row
from khabar.resolve.place_words import PlaceWord, Token, place_word

# States whose capital is disputed: "العاصمة" gives the country, no point.
DISPUTED_CAPITALS = frozenset(("ISR", "PSE", "ESH"))
KINGDOMS = frozenset("SAU JOR MAR BHR GBR ESP BEL NLD SWE NOR DNK THA KHM BTN".split())
ARAB_KINGDOMS = frozenset(("SAU", "JOR", "MAR", "BHR"))
SULTANATES = frozenset(("OMN", "BRN"))


def state_place(
    found: Sequence[Part], tokens: Sequence[Token], context: PlaceContext, guess: Guess, gazetteer: Gazetteer
) -> Choice | None:  # fmt: skip
    said = said_states(found)
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
        own = guessed(guess) or context.top(without=frozenset(beside))[0]
        return Choice(own or beside[0], None, "border", 0.6, tuple(beside))
    if set(beside) <= {"PSE", "ISR"}:
        return Choice("PSE", None, "border", 0.8, tuple(beside))
    chosen = guessed(guess)
    return Choice(chosen or "INT", None, "border", 0.6, tuple(beside))


def _has_capital_word(tokens: Sequence[Token]) -> bool:
    return any(t.bare in ("العاصمه", "عاصمه") for t in tokens)


def reference_place(
    found: Sequence[Part], tokens: Sequence[Token], context: PlaceContext, guess: Guess, gazetteer: Gazetteer
) -> Choice | None:  # fmt: skip
    words = [w for t in tokens if (w := place_word(t.key, t.bare))]
    word = next((w for w in words if w.kind == "reference"), None)
    if word is None and not found and any(w.kind == "border" for w in words):
        word = PlaceWord("reference", "country")
    if any(t.bare in cue_words("place.many") for t in tokens) and not said_states(found):
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
    country = guessed(guess)
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


@cache
def _leads_back() -> dict[str, frozenset[str]]:
    """Folded word ("the city") -> the features that it may lead back to."""
    return {word: frozenset(features.split("+")) for features, words in told("back").items() for word in words}


def _earlier(word: str, context: PlaceContext, guess: Guess) -> Choice | None:
    wanted = _leads_back().get(word, frozenset())
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
