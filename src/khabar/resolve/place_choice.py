"""What a mention of a place is resolved to, and the states that its words name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from khabar.resolve.gazetteer import Row
from khabar.resolve.place_match import Part

Guess = Sequence[tuple[str, float]]
# How large a share of the context one country must have to place an unknown name.
DOMINANT, DOMINANT_BARE = 0.35, 0.45
SURE = 0.5  # least probability at which the coder's own guess decides


class Choice(NamedTuple):
    """What a mention was resolved to."""

    country: str | None
    row: Row | None
    method: str
    confidence: float
    alternatives: tuple[str, ...] = ()


def guessed(guess: Guess, floor: float = SURE) -> str | None:
    return guess[0][0] if guess and guess[0][1] >= floor else None


def said_states(found: Sequence[Part]) -> list[str]:
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
