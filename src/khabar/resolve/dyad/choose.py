"""From a role's candidates to the parties that fill it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from khabar.coding.confidence import squash
from khabar.coding.constraints import consistent
from khabar.records import CodedArticle, Event, HeardEvent, Mention
from khabar.resolve.acts import OTHER, ROLES, Acts, Codes
from khabar.resolve.context import Context
from khabar.resolve.counts import Counts
from khabar.resolve.dyad.rows import Named, Side, rows
from khabar.resolve.dyad.sides import Parties, Party, Span, Spoken, sides
from khabar.resolve.understood import Meant
from khabar.trees import Trees, likelihoods

FILE = "dyad.npz"
CURVES = tuple((role, empty) for role in ROLES for empty in (False, True))
# Taken off the score of nobody: trees learn from roles that have a right candidate, and those that have none are filled
# (chosen among six values on held-out articles).
NOBODY = 0.25
PASSES = 2
ALTERNATIVE = 0.05  # least chance of a candidate that is told beside the chosen one


class Ranking(NamedTuple):
    """Trees whose sum is the score of a candidate, and for each role, filled and empty, the slope and offset that make
    log odds of the likeliest one's chance those of being right (some roles have no right candidate)."""

    trees: Trees
    calibration: Mapping[tuple[str, bool], tuple[float, float]]

    @classmethod
    def of(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Ranking:
        """From the arrays of `FILE`."""
        several = arrays["dyad_calibration"].tolist()
        curves = {key: (slope, offset) for key, (slope, offset) in zip(CURVES, several, strict=True)}
        return cls(Trees.of(arrays, "dyad"), curves)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """What `of` reads."""
        return self.trees.arrays("dyad") | {"dyad_calibration": np.array([self.calibration[key] for key in CURVES])}


@cache
def load_ranking() -> Ranking:
    """The package's own."""
    with (files("khabar.resolve") / "data" / FILE).open("rb") as file, np.load(file) as arrays:
        return Ranking.of(arrays)


def chances(scores: npt.NDArray[np.float64], nobody: Sequence[bool]) -> npt.NDArray[np.float64]:
    """How likely each candidate of a role is by its score; `nobody` says which one is the empty cell."""
    return likelihoods(scores - NOBODY * np.array(nobody))


class Problem(NamedTuple):
    """A role to be decided: the number of its event, its candidates with a row of `rows.COLUMNS` for each, and what
    they come from."""

    event: int
    role: str
    candidates: list[Codes]
    rows: list[list[float]]
    side: Side


def problems(
    context: Context, draft: CodedArticle, parties: Sequence[Parties], spoken: Mapping[Span, Spoken], counts: Counts,
    understood: Trees,
) -> list[Problem]:  # fmt: skip
    """Every role that the coder gave candidates for; arguments as in `sides.sides`."""
    return _asked(draft, parties, sides(context, draft, parties, spoken, counts, understood), counts)


def _asked(
    draft: CodedArticle, parties: Sequence[Parties], known: Mapping[tuple[int, str], Side], counts: Counts,
    changed: Collection[tuple[int, str]] | None = None,
) -> list[Problem]:  # fmt: skip
    """Every role of which something is known; where it is known which roles have `changed`, only those that one of them
    speaks for: the event's own other side, or one of the two in an act that is alike."""
    acts = Acts(draft.events, [{role: [one.codes for one in mine[role]] for role in ROLES} for mine in parties])
    return [
        Problem(number, role, *rows(acts, number, role, side, counts), side)
        for (number, role), side in known.items()
        if changed is None
        or (number, OTHER[role]) in changed
        or any((other, side_of) in changed for _, other, *_ in acts.like(number) for side_of in (role, OTHER[role]))
    ]


def weigh_anew(
    context: Context, draft: CodedArticle, parties: Sequence[Parties], spoken: Mapping[Span, Spoken], counts: Counts,
    understood: Trees, ranking: Ranking,
) -> tuple[CodedArticle, Sequence[Parties]]:  # fmt: skip
    """The draft with the likeliest actors, recipients and speakers, and the parties of each of its events; `cells` of
    these three hold the probability that the codes are right. Roles are decided twice: the second time acts that are
    alike speak with the parties that they have been given."""
    known = sides(context, draft, parties, spoken, counts, understood)
    told: list[dict[str, list[Party]]] = [{role: list(mine[role]) for role in ROLES} for mine in parties]
    cells: list[dict[str, float]] = [{} for _ in parties]
    changed: Collection[tuple[int, str]] | None = None
    for _ in range(PASSES):
        before = told
        told = [dict(mine) for mine in told]
        asked = _asked(draft, before, known, counts, changed)
        if not asked:
            break
        scores = ranking.trees.scores([row for one in asked for row in one.rows])
        parts = np.split(scores, np.cumsum([len(one.rows) for one in asked])[:-1])
        for one, part in zip(asked, parts, strict=True):
            likely = chances(part, [not codes for codes in one.candidates]).tolist()
            ranked = sorted(zip(likely, one.candidates, strict=True), key=lambda c: -c[0])
            curve = ranking.calibration[one.role, not ranked[0][1]]
            cells[one.event][one.role] = round(squash(ranked[0][0], *curve), 3)
            there = told[one.event]
            there[one.role] = _parties(one, ranked, there[one.role], draft.events[one.event], spoken)
        changed = {
            (one.event, one.role) for one in asked
            if _codes(before[one.event][one.role]) != _codes(told[one.event][one.role])
        }  # fmt: skip
    return _made(draft, told, cells)


def _codes(parties: Sequence[Party]) -> frozenset[str]:
    return frozenset(code for one in parties for code in one.codes)


def _made(
    draft: CodedArticle, parties: Sequence[Parties], cells: Sequence[Mapping[str, float]]
) -> tuple[CodedArticle, Sequence[Parties]]:
    """Plain events of some parties, as the codebook has them, and the parties that they keep."""
    events, kept = [], []
    for event, mine, sure in zip(draft.events, parties, cells, strict=True):
        pool = {id(one.mention): one for role in ROLES for one in mine[role]}
        told: dict[str, Any] = {role: tuple(one.mention for one in mine[role]) for role in ROLES}
        told["cells"] = {**event.cells, **sure}
        (made,) = consistent([replace(event, **told)])
        events.append(made)
        kept.append({role: [pool[id(mention)] for mention in getattr(made, role)] for role in ROLES})
    return replace(draft, events=tuple(events)), kept


def _parties(
    problem: Problem, ranked: Sequence[tuple[float, Codes]], now: list[Party], event: Event,
    spoken: Mapping[Span, Spoken],
) -> list[Party]:  # fmt: skip
    """The parties that have the likeliest codes: those that stand there now, if they have them; the words that say
    them; or, where nothing in the paragraph does, somebody understood."""
    chance, codes = ranked[0]
    if _codes(now) == codes:
        return now
    if not codes:
        return []
    side = problem.side
    silent = max((share for one, share in side.meant if frozenset(one) == codes), default=0.0)
    spans = _words(side, codes)
    if spans and side.states[1] * min(one.chance for one in spans) >= side.states[2] * silent:
        found = [(one.chance, spoken[event.paragraph, one.start, one.end]) for one in spans]
        return [Party(replace(one.mention, confidence=likely), one.found) for likely, one in found]
    meant = event.heard.meant[ROLES.index(problem.role)] if isinstance(event, HeardEvent) else None
    mention = Mention() if meant is None else meant
    others = tuple("+".join(sorted(one)) or "-" for p, one in ranked[1:4] if p > ALTERNATIVE)
    return [Party(mention, Meant(tuple(sorted(codes)), max(silent, chance), others, mention.link is not None))]


def _words(side: Side, codes: Codes) -> list[Named]:
    """The likeliest mention, or the likeliest two, that say all of some codes, in the order of the text."""
    for one in side.mentions:
        if frozenset(one.codes) == codes:
            return [one]
    for n, one in enumerate(side.mentions):
        for two in side.mentions[n + 1 :]:
            if frozenset((*one.codes, *two.codes)) == codes and (one.end <= two.start or two.end <= one.start):
                return sorted((one, two), key=lambda span: span.start)
    return []
