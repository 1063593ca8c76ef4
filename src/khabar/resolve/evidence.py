"""What speaks for which code of a party: features of candidate codes, weighed and added up.

A candidate is a country with a sector. The tables' reading, the counts of training, names explained elsewhere in the
article, the countries around and the model's guess each give features; `data/party_weights.tsv` holds their weights
(a conditional logit fitted by `benchmarks/resolution_fit.py`). Features of the country, of the sector and of both
together are scored apart and added.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple, TypeVar

from khabar.resolve import schema
from khabar.resolve.compose import Part
from khabar.resolve.context import Around, Context, features
from khabar.resolve.counts import Counts

Features = list[tuple[str, float]]
T = TypeVar("T")
_PEOPLE = frozenset("CVL REF EDU MED LAB REL CRM SOC".split())
_ARMED = frozenset("MIL REB PRM UAF COP".split())
_COUNTRIES, _SECTORS = 6, 4  # candidates taken from the context and from the counts


class Case(NamedTuple):
    """One party to be decided: its reading by the tables and all that the article says beside it.

    `names` are codes that the article gives the same name elsewhere, with a score; `told` is the code of the title
    that stands with the name; `seen` counts codes of the article's mentions that are sure; `opposite` and `beside` are
    the sure codes of the event's other parties."""

    part: Part
    method: str
    key: tuple[str, ...]
    type: str
    role: str
    around: Around
    names: tuple[tuple[str, float], ...] = ()
    told: str = ""
    seen: Mapping[str, int] = {}
    opposite: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    guess: tuple[tuple[str, float], ...] = ()


class Evidence(NamedTuple):
    """Candidate codes, and the features of their countries, sectors and of themselves."""

    codes: tuple[str, ...]
    countries: dict[str, Features]
    sectors: dict[str, Features]
    whole: dict[str, Features]

    def of(self, code: str) -> Features:
        country, _, sector = code.partition(".")
        return [*self.countries[country], *self.sectors[sector], *self.whole[code]]


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


def _chance(counts: Mapping[str, int], value: str, prior: float = 0.05, weight: float = 0.5) -> float:
    """Log of the smoothed share of a value."""
    return math.log((counts.get(value, 0) + prior * weight) / (sum(counts.values()) + weight))


def gather(context: Context, counts: Counts, case: Case) -> Evidence:
    """Candidates of a case and their features."""
    part, key, group = case.part, case.key, group_of(case)
    whole = counts.of("mention", " ".join(key))
    first = counts.of("first", key[0]) if key else {}
    last = counts.of("last", key[-1]) if key else {}
    role = counts.of("role", f"{case.role} {case.type}")
    around = features(context, part, case.around)
    codes = _candidates(part, around, whole, first, last, role, case)
    countries = {c.partition(".")[0] for c in codes}
    sectors = {c.partition(".")[2] for c in codes}
    return Evidence(
        codes,
        {c: _country(c, part, group, around, last) for c in countries},
        {s: _sector(s, part, group, first, role) for s in sectors},
        {c: _whole(c, group, whole, last, case) for c in codes},
    )


def _candidates(
    part: Part, around: Mapping[str, Mapping[str, float]], whole: Mapping[str, int], first: Mapping[str, int],
    last: Mapping[str, int], role: Mapping[str, int], case: Case,
) -> tuple[str, ...]:  # fmt: skip
    codes = dict.fromkeys(_top(whole, 4))
    codes |= dict.fromkeys(_top(last, 3))
    codes |= dict.fromkeys(c for c, _ in case.names[:3])
    codes |= dict.fromkeys(c for c, _ in case.guess[:4])
    if case.told:
        codes[case.told] = None
    if part.country == "IGO" and part.sector:
        codes[part.code] = None
        return tuple(c for c in codes if "+" not in c)
    sectors = [part.sector, *_top(first, _SECTORS)]
    if not part.head or not part.sector:
        sectors += ["CVL", "GOV", *_top(role, 3)] if not part.actor else []
    if part.country:
        countries = [part.country]
    else:
        near = sorted(around, key=lambda c: -sum(around[c].values()))[:_COUNTRIES]
        countries = [*near, "INT", "UNK", *({c.partition(".")[0] for c in codes} - {"IGO"})]
    for country in countries:
        for sector in sectors[:6]:
            if (country != "IGO" and sector in _ALL) or not sector:
                codes[f"{country}.{sector}" if sector else country] = None
    return tuple(c for c in codes if "+" not in c and c != "IGO")


_ALL = frozenset("GOV MIL COP SPY LEG JUD PTY REB PRM UAF CRM CVL ELI JRN MED EDU REL BUS LAB SOC NGO REF".split())


def _country(
    country: str, part: Part, group: str, around: Mapping[str, Mapping[str, float]], last: Mapping[str, int]
) -> Features:
    found: Features = [(f"c:{group}:{name}", value) for name, value in around.get(country, {}).items()]
    if part.country:
        found.append((f"c:said:{part.strength}:{country == part.country}", 1.0))
    elif country not in around:
        found.append((f"c:{group}:absent", 1.0))
    if last:
        shared = dict(last.items())
        mine = sum(n for c, n in shared.items() if c.partition(".")[0] == country)
        found.append((f"c:{group}:last", math.log((mine + 0.05) / (sum(shared.values()) + 0.5))))
    return found


def _sector(sector: str, part: Part, group: str, first: Mapping[str, int], role: Mapping[str, int]) -> Features:
    found: Features = [(f"s:{group}:{sector}", 1.0)]
    if sector == part.sector:
        found.append((f"s:said:{part.strength}:{part.kind}", 1.0))
        found.append((f"s:said:{sector}", 1.0))
    if first:
        found.append((f"s:{group}:first", _chance(first, sector)))
    if role:
        found.append((f"s:{group}:role", _chance(role, sector)))
    return found


def _whole(code: str, group: str, whole: Mapping[str, int], last: Mapping[str, int], case: Case) -> Features:
    found: Features = []
    if code == case.part.code:
        found.append((f"x:{group}:{case.method}", 1.0))
    if whole:
        found.append((f"x:{group}:mention", _chance(whole, code)))
    if last:
        found.append((f"x:{group}:last", _chance(last, code)))
    if case.names:
        score = dict(case.names).get(code, 0.0)
        found.append((f"x:{group}:named", score))
    if code == case.told:
        found.append((f"x:{group}:told", 1.0))
    if case.seen:
        found.append((f"x:{group}:seen", math.log1p(case.seen.get(code, 0))))
    if code in case.opposite:
        found.append(("x:opposite", 1.0))
    if code in case.beside:
        found.append(("x:beside", 1.0))
    if case.guess:
        found.append(("x:guess", math.log(dict(case.guess).get(code, 0.0) + 0.02)))
    return found


@cache
def weights() -> dict[str, float]:
    """Weights of features."""
    rows = schema.read_rows(schema.package_text("party_weights.tsv"), "party_weights.tsv", ("feature", "weight"))
    return {r["feature"]: float(r["weight"]) for r in rows}


def scores(evidence: Evidence, table: Mapping[str, float]) -> dict[str, float]:
    """Scores of candidates, in the order of the candidates."""

    def total(found: Iterable[tuple[str, float]]) -> float:
        return sum(table.get(name, 0.0) * value for name, value in found)

    countries = {c: total(f) for c, f in evidence.countries.items()}
    sectors = {s: total(f) for s, f in evidence.sectors.items()}
    result = {}
    for code in evidence.codes:
        country, _, sector = code.partition(".")
        result[code] = countries[country] + sectors[sector] + total(evidence.whole[code])
    return result


def chances(scored: Mapping[T, float]) -> list[tuple[T, float]]:
    """Candidates with probabilities, best first."""
    top = max(scored.values())
    raised = {c: math.exp(s - top) for c, s in scored.items()}
    total = sum(raised.values())
    return sorted(((c, e / total) for c, e in raised.items()), key=lambda pair: -pair[1])
