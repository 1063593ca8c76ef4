"""The parties of an article: what the words say by themselves, then who is meant within the article.

First every mention is composed by the tables. Then names that no table knows are looked up in the article: an earlier
or later place where the same name stands with its title. What still lacks a country takes it from the article
(`context`), and an understood party from the events around it (`understood`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from khabar.records import CodedArticle, Event, Mention
from khabar.resolve.compose import Part
from khabar.resolve.context import Around, Context, rank_countries
from khabar.resolve.scan import PREPOSITIONS, Token, scan, tokenize

ROLES = ("actors", "recipients", "speaker")


class Where(NamedTuple):
    """Which mention of the draft: event number, role, number within the role."""

    event: int
    role: str
    number: int


class Found(NamedTuple):
    """What a mention resolved to; `method` is the weakest step that was needed."""

    parts: tuple[Part, ...]
    method: str
    alternatives: tuple[str, ...] = ()
    share: float = 1.0  # how sure the context is of a country it gave

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(p.code for p in self.parts)


def mentions(draft: CodedArticle) -> Iterator[tuple[Where, Event, Mention]]:
    """All party mentions of a draft, event by event."""
    for number, event in enumerate(draft.events):
        for role in ROLES:
            for place, mention in enumerate(getattr(event, role)):
                yield Where(number, role, place), event, mention


class Names:
    """Names that the article itself explains: token of a name -> the party it stood with, in order of the text."""

    def __init__(self) -> None:
        self.seen: dict[str, list[tuple[int, Part]]] = {}

    def add(self, paragraph: int, part: Part) -> None:
        if part.country and (part.sector or part.actor):
            for token in part.names:
                if len(token) > 2:
                    self.seen.setdefault(_name_token(token), []).append((paragraph, part))

    def find(self, names: tuple[str, ...], paragraph: int) -> Part | None:
        """The party whose name shares most words with `names`; the last word must be among them."""
        keys = [_name_token(n) for n in names if len(n) > 2]
        if not keys:
            return None
        scores: dict[str, tuple[float, Part]] = {}
        for number, key in enumerate(keys):
            last = number == len(keys) - 1
            for where, part in self.seen.get(key, ()):
                score = scores.get(part.code, (0.0, part))[0]
                bonus = (2.0 if last else 1.0) - 0.01 * abs(paragraph - where)
                scores[part.code] = (max(score, 0.0) + bonus if score < 3 else score + 0.01, part)
        if not scores:
            return None
        best = max(scores.values(), key=lambda s: s[0])
        return best[1] if best[0] >= (1.5 if len(keys) > 1 else 0.5) else None


def _name_token(token: str) -> str:
    token = token[1:] if token[0] in "ول" and len(token) > 5 and token[1:3] == "ال" else token
    return token[2:] if token.startswith("ال") and len(token) > 4 else token


def complete(part: Part) -> bool:
    return bool(part.country) and bool(part.sector or part.bare)


def described(context: Context, names: tuple[str, ...], paragraph: int) -> Part | None:
    """The party that the article's text calls by a name with its title: left of the name, or after it in apposition."""
    wanted = next((n for n in reversed(names) if len(n) > 2), None)
    if wanted is None:
        return None
    key = _name_token(wanted)
    order = sorted(range(len(context.paragraphs)), key=lambda n: (n > paragraph, abs(n - paragraph)))
    for number in order:
        tokens = context.paragraphs[number].tokens
        for at, token in enumerate(tokens):
            if _name_token(token.text) == key:
                part = _left(context, tokens, at) or _right(context, tokens, at)
                if part is not None:
                    return part
    return None


def _left(context: Context, tokens: list[Token], at: int) -> Part | None:
    start = at
    while start > 0 and at - start < 9 and not tokens[start].parted:
        start -= 1
    window = tokens[start:at]
    items = scan(window, context.tables.index)
    # The title must run up to the name: at most three unknown words (given names) between.
    while items:
        if at - start - items[-1].last > 3 or any(t.text in PREPOSITIONS for t in window[items[-1].last :]):
            return None
        break
    if not items:
        return None
    first = len(items) - 1
    while first > 0 and items[first].first - items[first - 1].last <= 1:
        first -= 1
    part = _phrase(context, window[items[first].first :])
    return part if part is not None and complete(part) and part.sector and part.strength not in ("people", "") else None


def _right(context: Context, tokens: list[Token], at: int) -> Part | None:
    if at + 1 >= len(tokens) or not tokens[at + 1].parted:
        return None
    end = at + 2
    while end < len(tokens) and end - at < 9 and not tokens[end].parted:
        end += 1
    window = tokens[at + 1 : end]
    items = scan(window, context.tables.index)
    if not items or items[0].first > 0 or not any(e.kind == "head" for e in items[0].elements):
        return None
    part = _phrase(context, window)
    return (
        part
        if part is not None and complete(part) and part.sector and part.strength in ("head", "of", "actor")
        else None
    )


def _phrase(context: Context, window: list[Token]) -> Part | None:
    from khabar.resolve.compose import compose

    parts = compose(window, scan(window, context.tables.index), context.choose)
    return parts[-1] if parts else None


def first_pass(context: Context, draft: CodedArticle) -> tuple[dict[Where, list[Part]], Names]:
    """Parts of all mentions with words, and the names that they explain."""
    read: dict[Where, list[Part]] = {}
    names = Names()
    cache: dict[str, list[Part]] = {}
    for where, event, mention in mentions(draft):
        if mention.text is None:
            continue
        parts = cache.get(mention.text)
        if parts is None:
            parts = cache[mention.text] = context.parts(mention.text)
        read[where] = parts
        if len(parts) == 1:
            names.add(event.paragraph, parts[0])
    return read, names


def token_at(context: Context, mention: Mention, paragraph: int) -> int:
    """Number of the token that a mention begins with."""
    if mention.start is None or paragraph >= len(context.paragraphs):
        return 0
    for number, token in enumerate(context.paragraphs[paragraph].tokens):
        if token.end > mention.start:
            return number
    return 0


def fill(context: Context, names: Names, part: Part, around: Around) -> tuple[Part, str, float, tuple[str, ...]]:
    """A part made whole from the article: the part, the method, the share of the context's choice, alternatives."""
    named = part.names and not part.head and not part.country
    if named or (part.weakly and not part.head):
        other = names.find(part.names, around.paragraph) if named else None
        if other is not None:
            return other, "name in article", 1.0, ()
        if named:
            other = described(context, part.names, around.paragraph)
            if other is not None:
                return other, "title in article", 1.0, ()
    if complete(part):
        method = "table" if part.actor and part.strength == "actor" else "composition" if part.sector else "country"
        return part, "family name" if part.weakly else method, 1.0, part.alternatives
    if part.names and not part.country and part.strength not in ("head",):
        other = names.find(part.names, around.paragraph)
        if other is not None:
            return other, "name in article", 1.0, ()
    if part.country:
        return part, "composition", 1.0, part.alternatives
    if part.kind in ("weakhead", "of") and part.head:
        same = [h for h in context.heads if h.lemma == part.head and h.actor]
        others = [h for h in context.heads if h.lemma == part.head and not h.actor]
        earlier = [h for h in same if (h.paragraph, h.at) < (around.paragraph, around.at)]
        if same and len(same) >= len(others):
            seen = (earlier or same[:1])[-1]
            found = part._replace(country=seen.country, sector=seen.sector, actor=seen.actor, strength="actor")
            return found, "body in article", 1.0, ()
    ranked = rank_countries(context, part, around)
    if not part.head and not part.sector and part.names:
        part = part._replace(sector="CVL")
    best = part._replace(country=ranked[0][0])
    rest = tuple(part._replace(country=c).code for c, share in ranked[1:4] if share > 0.05)
    return best, "article", ranked[0][1], rest


def resolve_named(context: Context, draft: CodedArticle) -> dict[Where, Found]:
    """What every mention with words resolves to."""
    read, names = first_pass(context, draft)
    found: dict[Where, Found] = {}
    events = list(draft.events)
    # Whole parties first: they are evidence for the others of their event.
    whole: dict[int, dict[str, list[str]]] = {}
    for where, parts in read.items():
        for part in parts:
            if part.country and part.country not in ("IGO", "INT"):
                whole.setdefault(where.event, {}).setdefault(where.role, []).append(part.country)
    for where, parts in read.items():
        event = events[where.event]
        mention: Mention = getattr(event, where.role)[where.number]
        others = whole.get(where.event, {})
        place = event.place.country if event.place is not None and event.place.country else ""
        around = Around(
            event.paragraph,
            token_at(context, mention, event.paragraph),
            place,
            tuple(c for role, cs in others.items() if role != where.role and role != "speaker" for c in cs),
            tuple(others.get(where.role, ())),
            tuple(others.get("speaker", ())) if where.role != "speaker" else (),
        )
        done = [fill(context, names, part, around) for part in parts]
        weakest = min(done, key=lambda d: d[2])
        found[where] = Found(tuple(d[0] for d in done), weakest[1], weakest[3], weakest[2])
    return found
