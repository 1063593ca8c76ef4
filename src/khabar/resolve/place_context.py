"""Which countries the words around a place speak of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from khabar.records import Article, Place
from khabar.resolve.gazetteer import Gazetteer
from khabar.resolve.place_finder import Hit, hits
from khabar.resolve.place_words import tokenize

# Weights fitted to the training articles (references back and unknown names): a place or a nationality says more of
# where things happen than the name of a state.
STATE, PLACE, ADJECTIVE = 1.0, 2.5, 1.4
JUST_BEFORE, LONG_BEFORE, AFTER, TITLE, PREVIOUS, NEXT, LEAST = 4.5, 0.5, 1.2, 1.6, 3.5, 2.5, 0.15
WINDOW = 220  # characters
EARLIER = 5.0  # the last place an event was put at


class PlaceContext(NamedTuple):
    """`countries` are shares (they add up to 1), `places` those resolved earlier in the article (the latest last),
    `date` the publication date (`YYYY-MM-DD`)."""

    countries: Mapping[str, float] = {}
    places: tuple[Place, ...] = ()
    date: str | None = None

    def top(self, *, without: frozenset[str] = frozenset()) -> tuple[str, float]:
        """The country with the largest share ("" if none), as a share of those not in `without`."""
        rest = [(share, country) for country, share in self.countries.items() if country not in without]
        share, country = max(rest, default=(0.0, ""))
        return country, share / (sum(s for s, _ in rest) or 1.0)


class Evidence(NamedTuple):
    """A country named in a paragraph at an offset, with what that is worth."""

    paragraph: int
    start: int
    country: str
    weight: float


def read_evidence(article: Article, gazetteer: Gazetteer) -> list[Evidence]:
    """All countries that the article names, by name, adjective or a place that lies in one country only."""
    found = []
    for number, paragraph in enumerate(article.paragraphs):
        for hit in hits(tokenize(paragraph), gazetteer):
            if named := _country(hit):
                found.append(Evidence(number, hit.start, *named))
    if article.dateline:
        for hit in hits(tokenize(article.dateline), gazetteer):
            if named := _country(hit):
                found.append(Evidence(1, 0, *named))
    return found


def _country(hit: Hit) -> tuple[str, float] | None:
    part = hit.part
    if part.state:
        return part.state, (ADJECTIVE if part.sort == "adjective" else STATE)
    countries = {r.country for r in part.rows if r.population >= 20_000 or not r.id.startswith("gn")} - {"INT"}
    return (countries.pop(), PLACE) if len(countries) == 1 else None


def context_at(
    evidence: Sequence[Evidence], paragraph: int, start: int, places: tuple[Place, ...], date: str | None
) -> PlaceContext:  # fmt: skip
    """The context of a mention: what stands near it counts more, the title and what came before more than what
    follows."""
    counts: defaultdict[str, float] = defaultdict(float)
    for item in evidence:
        distance = paragraph - item.paragraph
        if distance == 0:
            gap = start - item.start
            nearness = JUST_BEFORE if 0 < gap < WINDOW else LONG_BEFORE if gap > 0 else AFTER
            if gap == 0:
                nearness = 0.5  # the mention itself
        elif item.paragraph == 0:
            nearness = TITLE
        else:
            nearness = max(PREVIOUS / distance if distance > 0 else NEXT / -distance, LEAST)
        counts[item.country] += item.weight * nearness
    for back, place in enumerate(reversed(places[-3:])):
        if place.country not in (None, "INT", "UNK"):
            counts[str(place.country)] += EARLIER / (back + 1)
    total = sum(counts.values())
    shares = {country: count / total for country, count in counts.items()} if total else {}
    return PlaceContext(shares, places, date)
