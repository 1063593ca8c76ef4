"""Who may be meant by a mention without words, and what speaks for each: one row of `COLUMNS` a candidate.

Candidates are the codes of the article's other parties, and for acts of two sides the parties of one act together.
Most such mentions tell an act again, so the strongest sign is an act that is alike (type, word, mode, other party,
place) and has the candidate in the same role; next are who stood there before, and how often.
"""

from __future__ import annotations

import math
from bisect import insort
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from khabar.arabic import stem
from khabar.records import CodedArticle, Event, Mention
from khabar.resolve.counts import Counts
from khabar.resolve.together import CATEGORIES as _PARTY_CATEGORIES
from khabar.resolve.together import Guess, guessed, split_code

ROLES = ("actors", "recipients", "speaker")
Codes = tuple[str, ...]
Where = tuple[int, str, int]  # event number, role, number within the role
_TWO_SIDED = frozenset({"CONSULT", "AGREE", "COOPERATE", "ASSAULT"})
_MOST = 4  # parties of an act that may be meant together
_LIKELY = 0.5  # chance of a code that the coder guesses, from which on it is a candidate
_NEVER, _NO_ACT = 30.0, -3.0  # a distance and a likeness that there is not

CATEGORIES: dict[str, tuple[str, ...]] = {
    **{name: _PARTY_CATEGORIES[name] for name in ("role", "type", "sector")},
    **dict.fromkeys(("last_role", "own", "previous", "second", "following"), ("-", *ROLES)),
}
COLUMNS = (
    *"role type has_actors has_recipients has_speaker paragraph candidates".split(),
    *"sector several chance n n_role share rank actors recipients speakers".split(),
    *"order order_role gap gap_role last_role here_before here_after first title lead own".split(),
    *"type_before type_after type_number mode word dyad reverse alike alike_rank votes place_alike".split(),
    *"previous previous_alike previous_gap following second".split(),
    *"named_after named_here named_previous named_title named_lead named_top".split(),
    *"other_country other_same speaker_country place share_country share_role actor_too".split(),
    *"guess_code guess_country guess_sector guess_top linked linked_country".split(),
)
_NAMED = tuple(c for c in COLUMNS if c.startswith("named_"))
_NUMBER = {name: {value: n for n, value in enumerate(values)} for name, values in CATEGORIES.items()}


class Occurrence(NamedTuple):
    """A resolved mention: where it stands (for `^` its trigger), event number, role, codes, whether it has words."""

    paragraph: int
    start: int
    event: int
    role: str
    codes: Codes
    words: bool


def _at(one: Occurrence) -> tuple[int, int]:
    return one.paragraph, one.start


class Telling:
    """An article's parties as far as they are known, in the order of the text: `add` tells what one was found to be."""

    def __init__(self, draft: CodedArticle, known: Mapping[Where, Codes]) -> None:
        self.events: Sequence[Event] = draft.events
        self.order = sorted(
            range(len(draft.events)), key=lambda n: (draft.events[n].paragraph, draft.events[n].trigger.start)
        )
        self.rank = {number: rank for rank, number in enumerate(self.order)}
        self.stems = [stem(event.trigger.text) for event in draft.events]
        self.parties: list[dict[str, list[Codes]]] = [{role: [] for role in ROLES} for _ in draft.events]
        self.mentions: list[Occurrence] = []
        self._counted: _Counted | None = None
        for where, codes in known.items():
            self.add(where, codes)

    def add(self, where: Where, codes: Codes) -> None:
        number, role, place = where
        event = self.events[number]
        mention = getattr(event, role)[place]
        if codes:
            start = event.trigger.start if mention.start is None else mention.start
            self.parties[number][role].append(codes)
            one = Occurrence(event.paragraph, start, number, role, codes, mention.text is not None)
            insort(self.mentions, one, key=_at)
            self._counted = None

    def counted(self) -> _Counted:
        """How often everybody stands in the article, as far as is known."""
        if self._counted is None:
            self._counted = _count(self.mentions)
        return self._counted

    def flat(self, number: int, *roles: str) -> list[str]:
        """The codes of an event's parties in some roles."""
        return [code for role in roles for codes in self.parties[number][role] for code in codes]


def country(code: str) -> str:
    """A code's country; a body between states is its own."""
    return code if code.startswith("IGO") else code.partition(".")[0]


def _sector(code: str) -> str:
    return "body" if code.startswith("IGO") else code.partition(".")[2] or "-"


def _others(role: str) -> tuple[str, ...]:
    """The roles on the other side of an act; a speaker has none."""
    return () if role == "speaker" else tuple(r for r in ROLES[:2] if r != role)


def candidates(telling: Telling, number: int, role: str) -> list[Codes]:
    """Everybody who may be meant, in the order of the text; what the role already has without words is not there."""
    found = dict.fromkeys(o.codes for o in telling.mentions if o.event != number or o.role != role or o.words)
    if role == "actors":
        for other, event in enumerate(telling.events):
            if other != number and event.type in _TWO_SIDED and len(telling.parties[other]["actors"]) > 1:
                together = tuple(sorted({*telling.flat(other, "actors")}))
                if len(together) <= _MOST:
                    found[together] = None
    mention = hint(telling, number, role)
    if mention is not None and mention.guess and mention.guess[0][1] > _LIKELY:
        found[mention.guess[0][0],] = None
    return list(found)


def hint(telling: Telling, number: int, role: str) -> Mention | None:
    """The first mention without words of an event's role: what the coder says of it."""
    return next((m for m in getattr(telling.events[number], role) if m.text is None), None)


def _hints(telling: Telling, number: int, role: str) -> tuple[Guess | None, float, Codes | None]:
    """What the coder guesses, the chance of its first guess, and the codes of the mention that it points to."""
    mention = hint(telling, number, role)
    if mention is None:
        return None, -1.0, None
    linked: Codes | None = None
    if mention.link is not None:
        paragraph, start, end = mention.link
        there = (o.codes for o in telling.mentions if o.words and o.paragraph == paragraph and start <= o.start < end)
        linked = next(there, ())
    return guessed(mention.guess), mention.guess[0][1] if mention.guess else -1.0, linked


class _Alike:
    """How alike the acts are that have a candidate in the same role."""

    __slots__ = ("best", "values", "votes")

    def __init__(self) -> None:
        self.values: dict[str, float] = {}
        self.best = _NO_ACT
        self.votes = 0.0

    def most(self, name: str, value: float) -> None:
        if value > self.values.get(name, 0.0):
            self.values[name] = value


def _acts_alike(telling: Telling, number: int, role: str) -> dict[Codes, _Alike]:
    event = telling.events[number]
    here = (event.paragraph, event.trigger.start)
    against = _others(role)
    opposite = {*telling.flat(number, *against)}
    opposite_countries = {country(c) for c in opposite}
    speaker = {*telling.flat(number, "speaker")} if role != "speaker" else set()
    place = event.place.country if event.place is not None else None
    found: dict[Codes, _Alike] = {}
    for n, other in enumerate(telling.events):
        if n == number or not telling.parties[n][role]:
            continue
        mine, gap = telling.flat(n, role), abs(other.paragraph - event.paragraph)
        near = 1 / (1 + 0.3 * gap)
        theirs = {*telling.flat(n, *against)} if opposite else set()
        same = other.type == event.type
        mode = same and other.mode == event.mode
        word = telling.stems[n] == telling.stems[number]
        dyad = 1.0 if opposite & theirs else 0.5 if opposite_countries & {country(c) for c in theirs} else 0.0
        there = same and place is not None and other.place is not None and other.place.country == place
        before = (other.paragraph, other.trigger.start) < here
        # The sum is only a first guess at likeness: the trees weigh its parts anew.
        score = same + 0.5 * mode + word + {1.0: 1.6, 0.5: 0.4, 0.0: 0.0}[dyad] + 0.3 * there - 0.12 * gap
        score += 0.3 * (not speaker.isdisjoint(telling.flat(n, "speaker"))) - (0.0 if before else 0.1)
        who = dict.fromkeys(telling.parties[n][role])
        if role == "actors" and len(telling.parties[n][role]) > 1:
            who[tuple(sorted({*mine}))] = None
        for codes in who:
            one = found.setdefault(codes, _Alike())
            if same:
                one.most("type_before" if before else "type_after", near)
                one.values["type_number"] = one.values.get("type_number", 0.0) + 1
            one.most("mode", near * mode)
            one.most("word", near * word)
            one.most("dyad", dyad)
            one.most("place_alike", float(there))
            one.best = max(one.best, score)
            one.votes += math.exp(1.5 * score)
        if not opposite.isdisjoint(mine):  # who did it to whom the other way round
            for codes in (c for r in against for c in telling.parties[n][r]):
                found.setdefault(codes, _Alike()).most("reverse", near)
    return found


class _Beside(NamedTuple):
    """The event before or after: each party's role (number in `CATEGORIES`), same type, paragraphs between."""

    roles: Mapping[Codes, int]
    alike: float
    gap: float


def _beside(telling: Telling, number: int, step: int) -> _Beside:
    rank = telling.rank[number] + step
    if not 0 <= rank < len(telling.order):
        return _Beside({}, 0.0, 9.0)
    other = telling.order[rank]
    roles: dict[Codes, int] = {}
    for n, role in enumerate(ROLES, 1):
        for codes in telling.parties[other][role]:
            roles.setdefault(codes, n)
        roles.setdefault(tuple(sorted({*telling.flat(other, role)})), n)
    event, there = telling.events[number], telling.events[other]
    return _Beside(roles, float(there.type == event.type), float(abs(there.paragraph - event.paragraph)))


class _Counted(NamedTuple):
    """How often everybody and every country stands in the article, in all and by role."""

    all: Counter[Codes]
    roles: Counter[tuple[Codes, str]]
    countries: Counter[str]
    country_roles: Counter[tuple[str, str]]
    rank: dict[Codes, int]  # by how often


def _count(mentions: Sequence[Occurrence]) -> _Counted:
    found = _Counted(Counter(), Counter(), Counter(), Counter(), {})
    for one in mentions:
        found.all[one.codes] += 1
        found.roles[one.codes, one.role] += 1
        for there in {country(c) for c in one.codes}:
            found.countries[there] += 1
            found.country_roles[there, one.role] += 1
    found.rank.update((codes, n) for n, (codes, _) in enumerate(found.all.most_common()))
    return found


def rows(
    telling: Telling, number: int, role: str, who: Sequence[Codes], counts: Counts, named: Mapping[str, Sequence[str]]
) -> list[list[float]]:
    """One row of `COLUMNS` for every candidate; `named` says of countries where the article names them as seen from
    the event (`understood.named_near`)."""
    event = telling.events[number]
    here = (event.paragraph, event.trigger.start)
    mentions = telling.mentions
    counted = telling.counted()
    rank = counted.rank
    seen = [o for o in mentions if o.event != number or o.words]
    before = [o for o in seen if (o.paragraph, o.start) < here]
    last: dict[Codes, Occurrence] = {}
    last_role: dict[Codes, Occurrence] = {}
    for one in reversed(before):
        last.setdefault(one.codes, one)
        if one.role == role:
            last_role.setdefault(one.codes, one)
    order = {codes: n for n, codes in enumerate(last)}
    order_role = {codes: n for n, codes in enumerate(last_role)}
    following: dict[Codes, Occurrence] = {}
    for one in seen[len(before) :]:
        following.setdefault(one.codes, one)
    first: dict[Codes, int] = {}
    for one in mentions:
        first.setdefault(one.codes, one.paragraph)
    alike = _acts_alike(telling, number, role)
    likest = sorted((c for c, a in alike.items() if a.best > _NO_ACT), key=lambda c: -alike[c].best)
    alike_rank = {codes: n for n, codes in enumerate(likest)}
    votes = sum(a.votes for a in alike.values()) or 1.0
    previous, after, second = (_beside(telling, number, step) for step in (-1, 1, -2))
    opposite = {*telling.flat(number, *_others(role))}
    speaker = {country(c) for c in telling.flat(number, "speaker")} if role != "speaker" else set()
    acting = {*telling.flat(number, "actors")}
    opposite_countries = {country(c) for c in opposite}
    place = event.place.country if event.place is not None else None
    sectors = counts.of("role", f"{role} {event.type}")
    whole = sum(sectors.values()) + 1
    parties = telling.parties[number]
    fixed = [
        float(_NUMBER["role"][role]), float(_NUMBER["type"].get(event.type, 0)),
        *(float(len(parties[r])) for r in ROLES), float(event.paragraph), float(len(who)),
    ]  # fmt: skip
    nobody = _Alike()
    likely, surest, linked = _hints(telling, number, role)
    found = []
    for codes in who:
        kinds = [_sector(c) for c in codes]
        countries = [country(c) for c in codes]
        old, old_role, new = last.get(codes), last_role.get(codes), following.get(codes)
        act = alike.get(codes, nobody)
        n, n_role, at = counted.all[codes], counted.roles[codes, role], first.get(codes)
        there = {name for c in countries for name in named.get(c, ())}
        chance = sum(
            math.log((sectors.get({"body": "IGO", "-": ""}.get(k, k), 0) + 0.1) / whole) for k in kinds
        ) / len(kinds)  # fmt: skip
        value = act.values.get
        found.append([
            *fixed,
            _NUMBER["sector"].get(kinds[0], 0), len(codes), chance, n, n_role, n / max(len(mentions), 1),
            rank.get(codes, 99), *(counted.roles[codes, r] for r in ROLES),
            order.get(codes, 20), order_role.get(codes, 20),
            event.paragraph - old.paragraph if old else _NEVER,
            event.paragraph - old_role.paragraph if old_role else _NEVER,
            _NUMBER["last_role"][old.role] if old else 0,
            old is not None and old.paragraph == event.paragraph and old.words,
            new is not None and new.paragraph == event.paragraph and new.words,
            _NEVER if at is None else at, at == 0, at is not None and at <= 1,
            next((_NUMBER["own"][r] for r in ROLES if codes in parties[r]), 0),
            value("type_before", 0), value("type_after", 0), value("type_number", 0), value("mode", 0),
            value("word", 0), value("dyad", 0), value("reverse", 0), act.best, alike_rank.get(codes, 20),
            act.votes / votes, value("place_alike", 0),
            previous.roles.get(codes, 0), previous.alike, previous.gap, after.roles.get(codes, 0),
            second.roles.get(codes, 0),
            *((1 / len(codes) if name[6:] in there else 0.0) for name in _NAMED),
            not opposite_countries.isdisjoint(countries), not opposite.isdisjoint(codes),
            not speaker.isdisjoint(countries),
            place in countries, n / max(1, *(counted.countries[c] for c in countries)),
            n_role / max(1, *(counted.country_roles[c, role] for c in countries)), not acting.isdisjoint(codes),
            *((-1.0, -1.0, -1.0) if likely is None else (
                sum(likely.codes.get(c, 0.0) for c in codes) / len(codes),
                sum(likely.countries.get(c, 0.0) for c in countries) / len(codes),
                sum(likely.sectors.get(split_code(c)[1], 0.0) for c in codes) / len(codes),
            )),
            surest, -1.0 if linked is None else float(linked == codes),
            -1.0 if linked is None else float(not {country(c) for c in linked}.isdisjoint(countries)),
        ])  # fmt: skip
    return found
