"""Places by name: which row of the gazetteer the words mean."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from khabar.resolve.cues import cue_words
from khabar.resolve.gazetteer import Row
from khabar.resolve.place_choice import DOMINANT, Choice, Guess, said_states
from khabar.resolve.place_context import PlaceContext
from khabar.resolve.place_match import NAMED_AFTER, Part, is_known, row_score
from khabar.resolve.place_words import Token

GREAT = 1_000_000  # people: a street or bridge called after a city of this size may be its own
GREATER = 8  # times as many people as the small town called after a city
SMALL = 30_000  # people: a namesake of this size in a country that nobody named is not meant


def named_place(found: Sequence[Part], tokens: Sequence[Token], context: PlaceContext, guess: Guess) -> Choice | None:
    """The place that the words name; None if they name none of their own."""
    if any(name in " ".join(t.bare for t in tokens) for name in cue_words("place.high seas")):
        return Choice("INT", None, "name", 0.9)
    named = [p for p in found if p.sort == "place"]
    if _parted(found) == {"PSE", "ISR"}:
        return Choice("PSE", None, "border", 0.8)
    beside = {p.state for p in found if p.border and p.state} | {r.country for p in named if p.border for r in p.rows}
    if any(p.border for p in found) and "ISR" in beside and beside <= {"PSE", "ISR", "INT"} and "PSE" in beside:
        return Choice("PSE", None, "border", 0.8)
    heads = _without_words([p for p in named if not p.border])
    heads = heads or [p for p in named if "INT" in {r.country for r in p.rows}]
    if not heads:
        return None
    head = heads[0]
    said = said_states(found)
    rows = _outshining([r for r in head.rows if r.valid_on(context.date)] or list(head.rows), said)
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


def _parted(found: Sequence[Part]) -> set[str]:
    """The countries that a border with a name of its own parts ("السياج الفاصل بين إسرائيل وغزة")."""
    if len(found) < 3 or not all(r.feature == "border" for r in found[0].rows):
        return set()
    return {country for p in found[1:] for country in ({p.state} if p.state else {r.country for r in p.rows})}


def _outshining(rows: Sequence[Row], said: Sequence[str]) -> Sequence[Row]:
    """The rows without small towns called after a great city abroad (Vienna, Virginia): they are never named alone."""
    great = max((r.population for r in rows if r.country not in said), default=0)
    least = min(SMALL, great / GREATER)
    return [r for r in rows if r.country in said or not 0 < r.population < least]


def _without_words(heads: list[Part]) -> list[Part]:
    """The names without a first one that is rather a word: a small town of that name lies where no other name of the
    mention does ("أحد ميادين القاهرة", "بلاد قيفة")."""
    while len(heads) > 1 and not any(map(is_known, heads[0].rows)):
        others = {row.country for part in heads[1:] for row in part.rows}
        if others & {row.country for row in heads[0].rows} or not any(map(is_known, heads[1].rows)):
            break
        heads = heads[1:]
    return heads


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
    named_after = head.feature in NAMED_AFTER and best.feature not in NAMED_AFTER and best.population < GREAT
    if named_after and share < 0.05 and top_share >= DOMINANT:
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
