"""Two parties in one word: "the two sides", "both countries", "the two ministers", "leaders of the two Koreas".

The words say how many, not who. Who is meant are two parties that the article sets beside each other: those of an event
of two sides, near the mention rather than far, before it rather than after.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import combinations
from typing import NamedTuple

from khabar.arabic import fold_key, stem
from khabar.records import CodedArticle
from khabar.resolve import schema
from khabar.resolve.forms import word_key
from khabar.resolve.scan import Token, tokenize

Codes = tuple[str, ...]
_TWO_SIDED = frozenset({"CONSULT", "AGREE", "COOPERATE", "ASSAULT"})
_APART = frozenset({"REB", "PTY", "PRM"})
_NOBODY = frozenset({"CVL", "REF", "JRN", "MED", "NGO", "EDU"})
KINDS = ("state", "office", "side")


@cache
def pair_words() -> dict[str, str]:
    """Folded words in the dual -> `state`, `office`, `side`, or the two codes that are always meant.

    Raises `TableError` for a kind that is none of these."""
    found = {}
    for row in schema.read_rows(schema.package_text("pair_words.tsv"), "pair_words.tsv", ("forms", "kind")):
        kind = row["kind"].removeprefix("fixed=")
        if kind == row["kind"] and kind not in KINDS:
            raise row.fail("kind", f"«{kind}» is none of {' '.join(KINDS)}, fixed=CODE+CODE")
        for code in kind.split("+") if kind != row["kind"] else ():
            schema.check_fixed(row, "kind", code)
        for form in row.list("forms"):
            found[fold_key(form)] = kind
    return found


def pair_kind(tokens: Sequence[Token]) -> str:
    """What kind of two a mention is of, or "": a dual of a state anywhere in it decides before one of an office."""
    words = pair_words()
    keys = (k for t in tokens for k in ((t.text,) if t.text in words else (word_key(stem(t.text)),)))
    kinds = [words[key] for key in keys if key in words]
    return next((k for k in kinds if k != "office"), kinds[0] if kinds else "")


class Side(NamedTuple):
    """Parties that one event sets beside each other, and how much that counts for the mention in question."""

    codes: Codes
    weight: float


def sides(draft: CodedArticle, codes: Mapping[tuple[int, str, int], Codes], event: int) -> list[Side]:
    """What the article's events set beside each other, as seen from an event; mentions without codes are not there."""
    found = []
    here = draft.events[event].paragraph
    for number, other in enumerate(draft.events):
        parties: dict[str, None] = {}
        for role in ("actors", "recipients"):
            for place in range(len(getattr(other, role))):
                parties |= dict.fromkeys(codes.get((number, role, place), ()))
        if len(parties) < 2:
            continue
        gap = other.paragraph - here
        near = 1 / (1 + 0.4 * abs(gap)) * (0.6 if gap > 0 else 1.0) * (1.5 if number == event else 1.0)
        found.append(Side(tuple(parties), near * (2.0 if other.type in _TWO_SIDED else 1.0)))
    return found


def choose_pair(kind: str, sector: str, beside: Iterable[Side], seen: Mapping[str, float]) -> Codes:
    """The two codes of a mention of two, or () if the article names no two. `sector` is what the mention's head says
    ("" for states and sides as such); `seen` weighs the article's codes, for articles that set no two side by side."""
    if "+" in kind:
        two = tuple(kind.split("+"))
        return tuple(f"{c}.{sector}" for c in two) if sector else two
    votes: dict[tuple[str, str], float] = {}
    alone: dict[str, float] = {}
    forms: dict[str, dict[str, float]] = {}
    for side in (*beside, *(Side((code,), weight / 100) for code, weight in seen.items())):
        blocs = dict.fromkeys(_bloc(kind, c) for c in side.codes)
        blocs.pop("", None)
        for pair in combinations(blocs, 2):
            key = (min(pair), max(pair))
            votes[key] = votes.get(key, 0.0) + side.weight / max(len(blocs) - 1, 1) ** 2
        for code in side.codes:
            bloc = _bloc(kind, code)
            there = forms.setdefault(bloc, {})
            there[code] = there.get(code, 0.0) + side.weight
            if bloc:
                alone[bloc] = alone.get(bloc, 0.0) + side.weight
    if votes:
        best: tuple[str, ...] = max(votes.items(), key=lambda v: (v[1], v[0]))[0]
    else:
        best = tuple(sorted(alone, key=lambda k: (-alone[k], k))[:2])
    if len(best) < 2:
        return ()
    if kind == "side":
        return tuple(max(forms[b], key=lambda c: (forms[b][c], c)) for b in best)
    return tuple(f"{c}.{sector}" if sector else c for c in best)


def _bloc(kind: str, code: str) -> str:
    """Whose side a code is on: its state, for a mention of two sides also the armed or the opposition of a state;
    mediators are nobody's."""
    country, _, sector = code.partition(".")
    if (
        country == "IGO"
        or sector in _NOBODY
        or (country in ("INT", "UNK") and not (kind == "side" and sector in _APART))
    ):
        return ""
    return f"{country}.{sector}" if kind == "side" and sector in _APART else country


Where = tuple[int, str, int]


def pair_kinds(
    draft: CodedArticle, alone: Iterable[Where], codes: Mapping[Where, Codes]
) -> dict[Where, tuple[str, str]]:
    """The mentions of two among `alone` (event number, role, number within the role: those whose words name no
    country), with the kind of two and the sector of its head; `codes` is what each was resolved to as one party."""
    kinds = {}
    for where in alone:
        text = getattr(draft.events[where[0]], where[1])[where[2]].text
        tokens = tokenize(text) if text else []
        kind = pair_kind(tokens)
        if kind:
            headed = kind == "office" or (kind != "side" and len(tokens) > 1)
            kinds[(where[0], where[1], where[2])] = (kind, codes[where][0].partition(".")[2] if headed else "")
    return kinds


def pairs(
    draft: CodedArticle, kinds: Mapping[Where, tuple[str, str]], single: Mapping[Where, Codes]
) -> dict[Where, Codes]:
    """The two codes of every mention of two, if the article names two; `single` is what all others resolve to."""
    seen: dict[str, float] = {}
    for found in single.values():
        for code in found:
            seen[code] = seen.get(code, 0.0) + 1.0
    chosen = {w: choose_pair(kind, sector, sides(draft, single, w[0]), seen) for w, (kind, sector) in kinds.items()}
    return {where: two for where, two in chosen.items() if two}
