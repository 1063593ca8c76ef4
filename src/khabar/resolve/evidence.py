"""What speaks for which code of a party: features of candidate codes, weighed and added up.

A candidate is a country with a sector. The tables' reading, the counts of training, names explained elsewhere in the
article, the countries around and the words of the mention each give features; `weighing` holds their weights. Features
of the country, of the sector and of both together are scored apart and added, so that every sector can be weighed for
every country of the article.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from heapq import nlargest
from typing import NamedTuple

from khabar.codebook import BODIES
from khabar.resolve.compose import Part
from khabar.resolve.context import Around, Context, features
from khabar.resolve.counts import Counts
from khabar.resolve.surroundings import NOTHING, Near, Told
from khabar.resolve.weighing import Features, Weights, kind_of, total

_PEOPLE = frozenset("CVL REF EDU MED LAB REL CRM SOC".split())
_ARMED = frozenset("MIL REB PRM UAF COP".split())
_COUNTRIES = 8  # candidates taken from the context
SECTORS = ("", *"GOV MIL COP SPY LEG JUD PTY REB PRM UAF CRM CVL ELI JRN MED EDU REL BUS LAB SOC NGO REF".split())
_ALL = frozenset(SECTORS)


class Case(NamedTuple):
    """One party to be decided: its reading by the tables and all that the article says beside it.

    `names` are codes that the article gives the same name elsewhere, with a score; `told` is the code of the title
    that stands with the name (the first of `titles`, one for every place of it); `near` what stands around the name;
    `seen` counts codes of the article's mentions that are sure; `opposite` and `beside` are the sure codes of the
    event's other parties; `words` are what is known whatever the candidate (words of the mention and beside it, the
    trigger, role and type)."""

    part: Part
    method: str
    key: tuple[str, ...]
    type: str
    role: str
    around: Around
    names: tuple[tuple[str, float], ...] = ()
    told: str = ""
    near: Near = NOTHING
    seen: Mapping[str, int] = {}
    opposite: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    guess: tuple[tuple[str, float], ...] = ()
    phrases: tuple[Told, ...] = ()
    titles: tuple[str, ...] = ()


class Evidence(NamedTuple):
    """Candidates with the features of their countries and sectors, features of whole codes (of few), and `words`.

    Candidates are `extra`, codes that something speaks for, and every country of the grid with every sector of it;
    `near` is what `context` says of each country."""

    extra: tuple[str, ...]
    grid: tuple[tuple[str, ...], tuple[str, ...]]
    countries: dict[str, Features]
    sectors: dict[str, Features]
    whole: dict[str, Features]
    words: tuple[str, ...]
    near: Mapping[str, Mapping[str, float]]

    @property
    def codes(self) -> tuple[str, ...]:
        """All candidates."""
        return crossed(self.extra, *self.grid)


def crossed(extra: Iterable[str], countries: Iterable[str], sectors: Sequence[str]) -> tuple[str, ...]:
    """Some codes, and every country with every sector; never none."""
    codes = dict.fromkeys(extra)
    for country in countries:
        codes |= dict.fromkeys([f"{country}.{s}" if s else country for s in sectors])
    return tuple(codes) or ("INT", "UNK")


def group_of(case: Case) -> str:
    """The kind of mention, for weights that differ by it."""
    part = case.part
    if part.country and (part.sector or part.bare):
        return case.method
    if part.country:
        return "country"
    if part.kind in ("source", "state", "media"):
        return "source"
    if not part.sector:
        return "name" if part.names and not part.head else "open"
    return "people" if part.sector in _PEOPLE else "armed" if part.sector in _ARMED else "office"


def _top(counts: Mapping[str, int], number: int) -> list[str]:
    return sorted(counts, key=lambda k: (-counts[k], k))[:number]


def _chance(counts: Mapping[str, int], value: str, whole: int, prior: float = 0.05, weight: float = 0.5) -> float:
    """Log of the smoothed share of a value."""
    return math.log((counts.get(value, 0) + prior * weight) / (whole + weight))


def gather(context: Context, counts: Counts, case: Case) -> Evidence:
    """Candidates of a case and their features."""
    part, key, group = case.part, case.key, group_of(case)
    whole = counts.of("mention", " ".join(key))
    first = counts.of("first", key[0]) if key else {}
    last = counts.of("last", key[-1]) if key else {}
    role = counts.of("role", f"{case.role} {case.type}")
    around = features(context, part, case.around)
    for code in case.titles:
        there = around.setdefault(code.partition(".")[0], {})
        there["titled"] = there.get("titled", 0.0) + 1 / len(case.titles)
    for country, votes in case.near.countries.items():
        around.setdefault(country, {})["near"] = math.log1p(votes)
    extra, grid = _candidates(part, around, whole, first, last, role, case)
    countries = {c.partition(".")[0] for c in extra} | {*grid[0]}
    sectors = {c.partition(".")[2] for c in extra} | {*grid[1]}
    if not extra and not (grid[0] and grid[1]):
        countries, sectors = {"INT", "UNK"}, {""}
    return Evidence(
        extra,
        grid,
        {c: _country(c, part, group, around, last) for c in countries},
        _sectors(sectors, part, group, first, role, case),
        _whole({*extra}, grid, group, whole, last, case),
        case.words,
        around,
    )


def _candidates(
    part: Part, around: Mapping[str, Mapping[str, float]], whole: Mapping[str, int], first: Mapping[str, int],
    last: Mapping[str, int], role: Mapping[str, int], case: Case,
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], tuple[str, ...]]]:  # fmt: skip
    codes = dict.fromkeys(_top(whole, 4))
    codes |= dict.fromkeys(_top(last, 3))
    codes |= dict.fromkeys(c for c, _ in case.names[:3])
    codes |= dict.fromkeys(c for c, _ in case.guess[:4])
    if case.told:
        codes[case.told] = None
    codes |= dict.fromkeys(t.code for t in case.phrases)
    codes |= dict.fromkeys(case.titles)
    codes |= dict.fromkeys(c for c in case.seen if c.startswith("IGO"))
    if part.country == "IGO":
        codes[part.code] = None
    extra = tuple(c for c in codes if "+" not in c and (c[:3] != "IGO" or c[4:] in BODIES))
    if part.country == "IGO":
        return extra, ((), ())
    known = bool(part.country) and bool(part.sector or part.bare)
    if known and not part.weakly:
        sectors = [part.sector, *_top(first, 4)]
        if not part.head or not part.sector:
            sectors += ["CVL", "GOV", *_top(role, 3)] if not part.actor else []
        sectors = [s for s in dict.fromkeys(sectors[:6]) if s in _ALL]
    else:
        sectors = list(SECTORS)
    if part.country and not part.weakly:
        countries = [part.country]
    else:
        near = sorted(around, key=lambda c: -sum(around[c].values()))[:_COUNTRIES]
        there = {c.partition(".")[0] for c in extra} - {"IGO"}
        countries = [*near, "INT", "UNK", *sorted(there), *([part.country] if part.country else [])]
    return extra, (tuple(dict.fromkeys(c for c in countries if c != "IGO")), tuple(sectors))


def _country(
    country: str, part: Part, group: str, around: Mapping[str, Mapping[str, float]], last: Mapping[str, int]
) -> Features:
    there = around.get(country, {})
    found: Features = [(f"c:{group}:{name}", value) for name, value in there.items()]
    if part.pronoun:
        found += [(f"c:pronoun:{name}", value) for name, value in there.items()]
    if part.country:
        found.append((f"c:said:{part.strength}:{country == part.country}", 1.0))
    elif country not in around:
        found.append((f"c:{group}:absent", 1.0))
    if last:
        mine = sum(n for c, n in last.items() if c.partition(".")[0] == country)
        found.append((f"c:{group}:last", math.log((mine + 0.05) / (sum(last.values()) + 0.5))))
    return found


def _sectors(
    sectors: set[str], part: Part, group: str, first: Mapping[str, int], role: Mapping[str, int], case: Case
) -> dict[str, Features]:
    names = _sector_names(group)
    of_first, of_role = sum(first.values()), sum(role.values())
    by_first = {k: _chance(first, k, of_first) for k in first if k in sectors} if first else {}
    by_role = {k: _chance(role, k, of_role) for k in role if k in sectors} if role else {}
    no_first, no_role = _chance(_NO_COUNTS, "", of_first), _chance(_NO_COUNTS, "", of_role)
    titled = Counter(code.partition(".")[2] for code in case.titles)
    near = case.near.sectors
    result = {}
    for sector in sectors:
        found: Features = [(names[sector], 1.0)]
        if sector == part.sector:
            found.append((f"s:said:{part.strength}:{part.kind}", 1.0))
            found.append((f"s:said:{sector}", 1.0))
        if first:
            found.append((names["first"], by_first.get(sector, no_first)))
        if role:
            found.append((names["role"], by_role.get(sector, no_role)))
        if sector in titled:
            found.append((names["titled"], titled[sector] / len(case.titles)))
        votes = near.get(sector)
        if votes:
            found.append((names["near"], math.log1p(votes)))
            found.append((f"s:near:{sector}", math.log1p(votes)))
        result[sector] = found
    return result


_NO_COUNTS: dict[str, int] = {}


class _Names(dict[str, str]):
    """Names of the features of a group's sectors, made when first asked for."""

    def __init__(self, group: str) -> None:
        self.group = group

    def __missing__(self, sector: str) -> str:
        self[sector] = name = f"s:{self.group}:{sector}"
        return name


@cache
def _sector_names(group: str) -> _Names:
    return _Names(group)


def _whole(
    extra: set[str],
    grid: tuple[tuple[str, ...], tuple[str, ...]],
    group: str,
    whole: Mapping[str, int],
    last: Mapping[str, int],
    case: Case,
) -> dict[str, Features]:
    """Features of whole codes. Those of an unseen value are the same for most candidates, so they are taken as the
    difference to it, and only the few other codes have any."""
    found: dict[str, Features] = {}

    def add(code: str, name: str, value: float) -> None:
        country, _, sector = code.partition(".")
        if code in extra or (country in grid[0] and sector in grid[1]):
            found.setdefault(code, []).append((name, value))

    add(case.part.code, f"x:{group}:{case.method}", 1.0)
    for name, counts in (("mention", whole), ("last", last)):
        number = sum(counts.values())
        unseen = _chance(counts, "", number) if counts else 0.0
        for code in counts:
            add(code, f"x:{group}:{name}", _chance(counts, code, number) - unseen)
    for code, score in case.names:
        add(code, f"x:{group}:named", score)
    add(case.told, f"x:{group}:told", 1.0)
    for code, number in Counter(case.titles).items():
        add(code, f"x:{group}:titles", number / len(case.titles))
    for code, number in case.seen.items():
        add(code, f"x:{group}:seen", math.log1p(number))
    _phrases(case, group, add)
    for code in set(case.opposite):
        add(code, "x:opposite", 1.0)
    for code in set(case.beside):
        add(code, "x:beside", 1.0)
    return found


def _phrases(case: Case, group: str, add: Callable[[str, str, float], None]) -> None:
    """Codes of the fuller phrases with the same head noun: their shares, the last one before and the first after."""
    here = (case.around.paragraph, case.around.at)
    for told in case.phrases:
        if (told.paragraph, told.at) == here:  # with the words that go on after the mention
            add(told.code, f"x:{group}:here", 1.0)
    phrases = [t for t in case.phrases if (t.paragraph, t.at) != here]
    for code, number in Counter(t.code for t in phrases).items():
        add(code, f"x:{group}:phrase", number / len(phrases))
    before = [t for t in phrases if (t.paragraph, t.at) < here]
    if before:
        near = 1 / (1 + 0.3 * (here[0] - before[-1].paragraph))
        add(before[-1].code, f"x:{group}:phrase_last", near)
        add(before[-1].code, f"x:{case.part.kind}:phrase_last", near)
    elif phrases:
        add(phrases[0].code, f"x:{group}:phrase_next", 1.0)


MOST_COUNTRIES, MOST_SECTORS = 6, 8  # of the grid, by their own score, that are crossed where only the best are wanted


def scores(evidence: Evidence, weights: Weights, best: bool = False) -> dict[str, float]:
    """Scores of candidates, in the order of the candidates; with `best`, of those alone whose country and sector are
    among the likeliest by themselves."""
    plain = weights.plain
    said = weights.said(evidence.words)
    countries = {c: total(f, plain) + said.get(kind_of(c), 0.0) for c, f in evidence.countries.items()}
    sectors = {s: total(f, plain) + said.get(s or "-", 0.0) for s, f in evidence.sectors.items()}
    if best:
        extra: Iterable[str] = (*evidence.extra, *evidence.whole)
        across = nlargest(MOST_COUNTRIES, evidence.grid[0], key=countries.__getitem__)
        down = nlargest(MOST_SECTORS, evidence.grid[1], key=sectors.__getitem__)
    else:
        extra, across, down = evidence.extra, list(evidence.grid[0]), list(evidence.grid[1])
    result = {}
    for code in extra:
        country, _, sector = code.partition(".")
        result[code] = countries[country] + sectors[sector]
    grid = [(f".{s}" if s else "", sectors[s]) for s in down]
    for country in across:
        mine = countries[country]
        for ending, score in grid:
            result[country + ending] = mine + score
    if not result:
        result = {code: countries[code] + sectors[""] for code in ("INT", "UNK")}
    for code, found in evidence.whole.items():
        result[code] += total(found, plain)
    return result
