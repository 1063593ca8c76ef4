"""What stands around words of an article: head nouns and countries near a name, the words beside a mention.

A name that no table knows is explained by its company: "the lawyer X", "X, a member of the Italian parliament". Every
place where its last word stands votes with the head nouns and countries within a few words of it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from typing import NamedTuple

from khabar.arabic import stem
from khabar.resolve.compose import compose
from khabar.resolve.context import Context, country_of
from khabar.resolve.forms import word_key
from khabar.resolve.scan import Item, Token

_LEFT, _RIGHT, _PLACES = 6, 5, 6  # words to the left and right of a name, places of it that are read
_PHRASE, _HEADS = 7, 12  # words of a phrase, phrases of one head noun that are read
_BESIDE = 3  # words on each side of a name, and first places of it, that are looked at as they are
_NO_SECTOR = frozenset({"skip", "mod", "former", "official", "weakmod", "source", "state", "place"})


class Near(NamedTuple):
    """Votes for sectors and countries by what stands near a name, nearer words counting more; `places` is how often
    the name stands in the article, `words` are those beside its first places."""

    sectors: Mapping[str, float] = {}
    countries: Mapping[str, float] = {}
    places: int = 0
    words: tuple[str, ...] = ()


class Told(NamedTuple):
    """A phrase of the article: where it begins (paragraph, token) and its code."""

    paragraph: int
    at: int
    code: str


NOTHING = Near()


def name_token(token: str) -> str:
    """The key of one word of a name: without و or ل before the article, without the article."""
    token = token[1:] if token[0] in "ول" and len(token) > 5 and token[1:3] == "ال" else token
    return token[2:] if token.startswith("ال") and len(token) > 4 else token


class Surroundings:
    """An article's words by key, built once an article; votes are kept by name."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.firsts = [[item.first for item in p.items] for p in context.paragraphs]
        self.places: dict[str, list[tuple[int, int]]] = {}
        for number, paragraph in enumerate(context.paragraphs):
            for at, token in enumerate(paragraph.tokens):
                self.places.setdefault(name_token(token.text), []).append((number, at))
        self._near: dict[str, Near] = {}
        self._heads: dict[str, list[tuple[int, int]]] = {}  # lemma -> paragraph, number of the item
        for number, paragraph in enumerate(context.paragraphs):
            for index, item in enumerate(paragraph.items):
                for element in item.elements:
                    if element.head is not None:
                        self._heads.setdefault(element.head.lemma, []).append((number, index))
                        break
        self._told: dict[str, tuple[Told, ...]] = {}

    def near(self, names: tuple[str, ...]) -> Near:
        """Votes for the party whose name ends in the last of `names` that is long enough."""
        wanted = next((n for n in reversed(names) if len(n) > 2), None)
        if wanted is None:
            return NOTHING
        key = name_token(wanted)
        if key not in self._near:
            self._near[key] = self._votes(self.places.get(key, []))
        return self._near[key]

    def told(self, lemma: str) -> tuple[Told, ...]:
        """Where a head noun stands in the article with all that its code needs ("an official of the movement")."""
        if lemma not in self._told:
            there = (self._phrase(number, index) for number, index in self._heads.get(lemma, ())[:_HEADS])
            self._told[lemma] = tuple(t for t in there if t is not None)
        return self._told[lemma]

    def _phrase(self, number: int, index: int) -> Told | None:
        tokens, items = self.context.paragraphs[number].tokens, self.context.paragraphs[number].items
        start = items[index].first
        end = start + 1
        while end < len(tokens) and end - start < _PHRASE and (end < items[index].last or not tokens[end].parted):
            end += 1
        mine = [i._replace(first=i.first - start, last=i.last - start) for i in items[index : index + _PHRASE]]
        part = compose(tokens[start:end], [i for i in mine if i.last <= end - start], self.context.choose)[0]
        if not part.country or not part.sector or part.strength in ("people", ""):
            return None
        return Told(number, start, part.code)

    def token_at(self, paragraph: int, start: int | None) -> int:
        """Number of the token that begins at an offset of a paragraph (or of the one before it)."""
        if start is None or paragraph >= len(self.context.paragraphs):
            return 0
        tokens = self.context.paragraphs[paragraph].tokens
        return min(bisect_right(tokens, start, key=lambda t: t.end), max(len(tokens) - 1, 0))

    def beside(self, paragraph: int, at: int, size: int) -> tuple[str, str, str]:
        """The words before and after a mention of `size` words (empty at a break), and whether it is definite."""
        if paragraph >= len(self.context.paragraphs):
            return "", "", ""
        tokens = self.context.paragraphs[paragraph].tokens
        if at >= len(tokens):
            return "", "", ""
        before = stem(tokens[at - 1].text) if at and not tokens[at].parted else ""
        end = at + size
        after = stem(tokens[end].text) if end < len(tokens) and not tokens[end].parted else ""
        first = tokens[at].text
        return before, after, "ال" if "ال" in first[:4] or "لل" in first[:3] else ""

    def _votes(self, places: list[tuple[int, int]]) -> Near:
        sectors: dict[str, float] = {}
        countries: dict[str, float] = {}
        for number, at in places[:_PLACES]:
            paragraph = self.context.paragraphs[number]
            firsts = self.firsts[number]
            for item in paragraph.items[bisect_left(firsts, at - _LEFT) : bisect_left(firsts, at + 1 + _RIGHT)]:
                if item.first <= at < item.last:
                    continue
                weight = _closeness(paragraph.tokens, item, at)
                head = next((e.head for e in item.elements if e.head is not None), None)
                if head is not None and head.sector and head.kind not in _NO_SECTOR and not head.fixed:
                    sectors[head.sector] = sectors.get(head.sector, 0.0) + weight
                country = country_of(item, self.context)
                if country:
                    countries[country] = countries.get(country, 0.0) + weight
        words: dict[str, None] = {}
        for number, at in places[:_BESIDE]:
            tokens = self.context.paragraphs[number].tokens
            beside = (*tokens[max(0, at - _BESIDE) : at], *tokens[at + 1 : at + 1 + _BESIDE])
            words |= dict.fromkeys(word_key(stem(t.text)) for t in beside)
        return Near(sectors, countries, len(places), tuple(words))


def _closeness(tokens: list[Token], item: Item, at: int) -> float:
    """1 beside the name, less with distance, half across a break on the left (the clause before tells of others)."""
    if item.last <= at:
        gap = at - item.last
        broken = any(t.parted for t in tokens[item.last : at + 1])
        return (0.4 if broken else 1.0) / (1 + 0.3 * gap)
    gap = item.first - at - 1
    parted = sum(t.parted for t in tokens[at + 1 : item.first + 1])
    return (0.8 if parted == 1 and gap == 0 else 0.5) / (1 + 0.3 * gap + parted)
