"""What an article tells about its countries: evidence for a party whose words name none ("the army", "civilians").

Every country of the article is a candidate with features: how often and where it is named, with which head nouns,
whether it is the place of the event or another party's. `evidence` weighs them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from khabar.records import Article
from khabar.resolve.compose import Part, compose
from khabar.resolve.cues import cue_words
from khabar.resolve.forms import token_keys
from khabar.resolve.roles import resolve_actor
from khabar.resolve.scan import Item, Token, scan, tokenize
from khabar.resolve.tables import Actor, Tables, outlet_key

_YEAR = re.compile(r"\b(20[0-3]\d)\b")


class Named(NamedTuple):
    """A country named in a paragraph: the token's number, and whether it only follows a preposition."""

    at: int
    country: str


class Paragraph(NamedTuple):
    tokens: list[Token]
    items: list[Item]
    named: list[Named]


class HeadSeen(NamedTuple):
    """A head noun that stands with its country in the text."""

    paragraph: int
    at: int
    lemma: str
    sector: str
    country: str
    actor: str = ""


class Context(NamedTuple):
    """An article as the tables read it. `date` is the publication date, else the latest year of the text, else None."""

    tables: Tables
    date: str | None
    paragraphs: list[Paragraph]
    countries: Counter[str]
    heads: list[HeadSeen]
    home: str = ""  # the country whose news the outlet tells as its own

    def choose(self, ids: Sequence[str], country: str) -> Actor | None:
        """The actor of several of one name that date, a country said beside the name, and the article suggest."""

        def prefer(actor: Actor) -> float:
            total = sum(self.countries.values()) or 1
            said = 3.0 if country and actor.country == country else 0.0
            return said + 2.0 * self.countries[actor.country] / total - actor.order * 1e-6

        return resolve_actor(self.tables, ids, self.date, prefer)

    def parts(self, text: str) -> list[Part]:
        """The parties that some words name, by tables and composition alone."""
        tokens = tokenize(text)
        return compose(tokens, scan(tokens, self.tables.index), self.choose)


def date_of(article: Article) -> str | None:
    """The publication date, else the latest year that the text names (not before 2000), else None."""
    if article.date:
        return article.date
    years = [y for p in article.paragraphs for y in _YEAR.findall(p)]
    return max(years) if years else None


def read_context(article: Article, tables: Tables) -> Context:
    """The article read once by the tables."""
    home = tables.outlets.get(outlet_key(article.outlet), "") if article.outlet else ""
    context = Context(tables, date_of(article), [], Counter(), [], home)
    scanned = [(tokens, scan(tokens, tables.index)) for tokens in map(tokenize, article.paragraphs)]
    # Names of countries first: they decide between actors of one name.
    for _, items in scanned:
        for item in items:
            for element in item.elements[:1]:
                if element.kind in ("country", "adjective", "people", "capital"):
                    context.countries[element.country] += 1
    for number, (tokens, items) in enumerate(scanned):
        named = []
        for item in items:
            country = country_of(item, context) if not _is_word(item, tokens) else ""
            if country and country not in ("IGO", "INT", "UNK"):
                named.append(Named(item.first, country))
                if item.elements[0].kind in ("actor", "family"):
                    context.countries[country] += 1
        context.paragraphs.append(Paragraph(tokens, items, named))
        context.heads.extend(_heads(number, tokens, items, context))
    return context


def _is_word(item: Item, tokens: Sequence[Token]) -> bool:
    """Whether a name is, in running text, mostly another word (`فتح`: Fatah, or "opening")."""
    if item.last - item.first > 1 or item.elements[0].kind != "actor":
        return False
    return not cue_words("name.running").isdisjoint(token_keys(tokens[item.first].text))


def country_of(item: Item, context: Context) -> str:
    first = item.elements[0]
    if first.kind in ("country", "adjective", "people", "capital"):
        return first.country
    actors = [e.actor for e in item.elements if e.kind == "actor"]
    if actors:
        chosen = context.choose(actors, "")
        return chosen.country if chosen else ""
    if first.head is not None and first.head.fixed:
        return first.head.fixed.partition(".")[0]
    return ""


def _heads(number: int, tokens: Sequence[Token], items: Sequence[Item], context: Context) -> Iterator[HeadSeen]:
    for position, item in enumerate(items):
        head = next((e.head for e in item.elements if e.head is not None), None)
        if item.elements[0].kind == "actor":
            yield from _named_head(number, tokens, item, context)
        if head is None or not head.sector or head.kind in ("skip", "mod", "former") or head.fixed:
            continue
        for other in items[position + 1 : position + 4]:
            between = tokens[item.last : other.first + 1]
            if other.first - item.last > 2 or any(t.parted for t in between):
                break
            if other.governed or any(t.text in cue_words("preposition") for t in tokens[item.last : other.first]):
                break
            country = country_of(other, context)
            if country:
                yield HeadSeen(number, item.first, head.lemma, head.sector, country)
                break


def _named_head(number: int, tokens: Sequence[Token], item: Item, context: Context) -> Iterator[HeadSeen]:
    """The head noun within an actor's name (`حركة حماس`), so that "the movement" leads back to it."""
    actor = context.choose([e.actor for e in item.elements if e.kind == "actor"], "")
    if actor is None or actor.role.startswith("person"):
        return
    for key in token_keys(tokens[item.first].text):
        head = next((e.head for e in context.tables.index.alone.get(key, ()) if e.head is not None), None)
        if head is not None:
            yield HeadSeen(number, item.first, head.lemma, actor.sector, actor.country, actor.id)
            return


class Around(NamedTuple):
    """The event around a party: its paragraph, the token number, place country, countries of its other parties; `size`
    is how many words the party's mention has."""

    paragraph: int
    at: int
    place: str = ""
    others: tuple[str, ...] = ()
    same_role: tuple[str, ...] = ()
    speaker: tuple[str, ...] = ()
    size: int = 1


_NEAR = 9  # words on each side of a mention in which a country counts by nearness


def _beside(paragraph: Paragraph, around: Around) -> Iterator[tuple[str, str, float]]:
    """The nearest countries named before and after a mention, with nearness: less with words and breaks between."""
    tokens, end = paragraph.tokens, around.at + around.size
    before = next((n for n in reversed(paragraph.named) if n.at < around.at), None)
    after = next((n for n in paragraph.named if n.at >= end), None)
    for name, one, first, last in (
        ("prior", before, before.at if before else 0, around.at), ("next", after, end, after.at if after else 0)
    ):  # fmt: skip
        if one is not None and last - first <= _NEAR:
            breaks = sum(t.parted for t in tokens[first + (name == "prior") : last + 1])
            yield one.country, name, 1 / (1 + 0.25 * (last - first) + breaks)


def features(context: Context, part: Part, around: Around) -> dict[str, dict[str, float]]:
    """Features of every candidate country, by candidate."""
    found: dict[str, dict[str, float]] = {}

    def add(country: str, feature: str, value: float) -> None:
        if country and country not in ("IGO",):
            there = found.setdefault(country, {})
            there[feature] = there.get(feature, 0.0) + value

    total = sum(context.countries.values()) or 1
    for rank, (country, count) in enumerate(context.countries.most_common(12)):
        add(country, "global", count / total)
        if rank == 0:
            add(country, "top", 1.0)
    here = context.paragraphs[around.paragraph].named if around.paragraph < len(context.paragraphs) else []
    before = [n for n in here if n.at < around.at]
    after = [n for n in here if n.at >= around.at]
    if before:
        add(before[-1].country, "before", 1.0)
    elif after:
        add(after[0].country, "after", 1.0)
    for named in here:
        add(named.country, "paragraph", 1 / len(here))
    if here:
        for country, name, value in _beside(context.paragraphs[around.paragraph], around):
            add(country, name, value)
    add(context.home, "home", 1.0)
    for distance in (1, 2):
        number = around.paragraph - distance
        if 0 <= number < len(context.paragraphs) and context.paragraphs[number].named:
            previous = context.paragraphs[number].named
            for named in previous:
                add(named.country, f"previous{distance}", 1 / len(previous))
    title = context.paragraphs[0].named if context.paragraphs else []
    for named in title:
        add(named.country, "title", 1 / len(title))
    lead = context.paragraphs[1].named if len(context.paragraphs) > 1 else []
    for named in lead:
        add(named.country, "lead", 1 / len(lead))
    _head_features(context, part, around, add)
    add(around.place, "place", 1.0)
    add(part.located, "located", 1.0)
    for country in set(around.others):
        add(country, "other", 1.0)
    for country in set(around.same_role):
        add(country, "same_role", 1.0)
    for country in set(around.speaker):
        add(country, "speaker", 1.0)
    found.setdefault("INT", {})["int"] = 1.0
    found.setdefault("UNK", {})["unk"] = 1.0
    return found


def _head_features(context: Context, part: Part, around: Around, put: Callable[[str, str, float], None]) -> None:
    same = [h for h in context.heads if h.lemma == part.head] if part.head else []
    for seen in same:
        put(seen.country, "lemma", 1 / len(same))
    earlier = [h for h in same if (h.paragraph, h.at) < (around.paragraph, around.at)]
    if earlier:
        last = earlier[-1]
        put(last.country, "lemma_last", 1 / (1 + 0.3 * (around.paragraph - last.paragraph)))
    alike = [h for h in context.heads if h.sector == part.sector] if part.sector else []
    for seen in alike:
        put(seen.country, "sector", 1 / len(alike))
