"""The parties of an article: what the words say by themselves, then who is meant within the article.

First every mention is composed by the tables. Then names that no table knows are looked up in the article: an earlier
or later place where the same name stands with its title. What still lacks a country takes it from the article
(`context`), and an understood party from the events around it (`understood`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from khabar.records import CodedArticle, Event, Mention
from khabar.resolve.compose import Part, compose
from khabar.resolve.context import Around, Context
from khabar.resolve.counts import Counts, mention_key
from khabar.resolve.evidence import Case, chances, gather, scores
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

    def find(self, names: tuple[str, ...], paragraph: int) -> tuple[tuple[str, float], ...]:
        """Codes of the parties whose names share words with `names`, with a score (2 for the last word, 1 for others,
        less with distance), best first."""
        keys = [_name_token(n) for n in names if len(n) > 2]
        found: dict[str, float] = {}
        for number, key in enumerate(keys):
            base = 2.0 if number == len(keys) - 1 else 1.0
            best: dict[str, float] = {}
            for where, part in self.seen.get(key, ()):
                best[part.code] = max(best.get(part.code, 0.0), base - 0.02 * min(abs(paragraph - where), 20))
            for code, score in best.items():
                found[code] = found.get(code, 0.0) + score
        return tuple(sorted(found.items(), key=lambda f: -f[1]))


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
    parts = compose(window, scan(window, context.tables.index), context.choose)
    return parts[-1] if parts else None


class Read(NamedTuple):
    """A mention as the tables read it: its parties and its words as the counts hold them."""

    parts: tuple[Part, ...]
    key: tuple[str, ...]


def read_mentions(context: Context, draft: CodedArticle) -> tuple[dict[Where, Read], Names]:
    """All mentions with words, and the names that they explain."""
    read: dict[Where, Read] = {}
    names = Names()
    cache: dict[str, Read] = {}
    for where, event, mention in mentions(draft):
        if mention.text is None:
            continue
        found = cache.get(mention.text)
        if found is None:
            tokens = tokenize(mention.text)
            parts = compose(tokens, scan(tokens, context.tables.index), context.choose)
            found = cache[mention.text] = Read(tuple(parts), mention_key(tokens))
        read[where] = found
        if len(found.parts) == 1:
            names.add(event.paragraph, found.parts[0])
    return read, names


def token_at(context: Context, mention: Mention, paragraph: int) -> int:
    """Number of the token that a mention begins with."""
    if mention.start is None or paragraph >= len(context.paragraphs):
        return 0
    tokens = context.paragraphs[paragraph].tokens
    return min(bisect_right(tokens, mention.start, key=lambda t: t.end), max(len(tokens) - 1, 0))


def method_of(part: Part) -> str:
    """How the tables alone read a part."""
    if not complete(part):
        return "article"
    if part.weakly:
        return "family name"
    if part.actor and part.strength == "actor":
        return "table"
    return "composition" if part.sector else "country"


def _body(context: Context, part: Part, around: Around) -> str:
    """The code of the body that "the movement", "the organization" leads back to, or ""."""
    if part.country or part.kind not in ("weakhead", "of") or not part.head:
        return ""
    alike = [h for h in context.heads if h.lemma == part.head]
    same = [h for h in alike if h.actor]
    if not same or 2 * len(same) < len(alike):
        return ""
    earlier = [h for h in same if (h.paragraph, h.at) < (around.paragraph, around.at)]
    seen = (earlier or same[:1])[-1]
    return f"{seen.country}.{seen.sector}" if seen.sector else seen.country


def cases(context: Context, draft: CodedArticle) -> dict[Where, tuple[Case, ...]]:
    """Every party of every mention with words, with what the article says about it."""
    read, names = read_mentions(context, draft)
    sure: dict[int, dict[str, list[Part]]] = {}
    seen: Counter[str] = Counter()
    for where, one in read.items():
        for part in one.parts:
            if complete(part) and not part.weakly:
                sure.setdefault(where.event, {}).setdefault(where.role, []).append(part)
                seen[part.code] += 1
    told: dict[tuple[str, ...], Part | None] = {}
    found: dict[Where, tuple[Case, ...]] = {}
    for where, event, mention in mentions(draft):
        if where not in read:
            continue
        one = read[where]
        others = sure.get(where.event, {})
        around = Around(
            event.paragraph,
            token_at(context, mention, event.paragraph),
            event.place.country or "" if event.place is not None else "",
            _countries(p for role, ps in others.items() if role not in (where.role, "speaker") for p in ps),
            _countries(others.get(where.role, ())),
            _countries(others.get("speaker", ())) if where.role != "speaker" else (),
        )
        opposite = tuple(p.code for role, ps in others.items() if role not in (where.role, "speaker") for p in ps)
        beside = tuple(p.code for p in others.get(where.role, ()))
        found[where] = tuple(
            _case(context, names, told, event, where, mention, one, part, around, seen, opposite, beside)
            for part in one.parts
        )
    return found


def _countries(parts: Iterable[Part]) -> tuple[str, ...]:
    return tuple(p.country for p in parts if p.country not in ("IGO", "INT"))


def _case(
    context: Context, names: Names, told: dict[tuple[str, ...], Part | None], event: Event, where: Where,
    mention: Mention, one: Read, part: Part, around: Around, seen: Counter[str], opposite: tuple[str, ...],
    beside: tuple[str, ...],
) -> Case:  # fmt: skip
    named: tuple[tuple[str, float], ...] = ()
    title = ""
    if part.names and not part.head and (not part.country or part.weakly):
        named = names.find(part.names, event.paragraph)
        if part.names not in told:
            told[part.names] = described(context, part.names, event.paragraph)
        other = told[part.names]
        title = other.code if other is not None else ""
    elif not part.country:
        title = _body(context, part, around)
    whole = complete(part)
    return Case(
        part, method_of(part), one.key, event.type, where.role, around, named, title, {} if whole else seen,
        () if whole else opposite, () if whole else beside, mention.guess,
    )  # fmt: skip


def decide(
    context: Context, counts: Counts, found: Mapping[Where, tuple[Case, ...]], table: Mapping[str, float]
) -> dict[Where, Found]:
    """The likeliest code of every party, all evidence weighed."""
    decided: dict[Where, Found] = {}
    for where, parties in found.items():
        parts, sure, rest = [], 1.0, []
        for case in parties:
            ranked = chances(scores(gather(context, counts, case), table))
            parts.append(_with(case.part, ranked[0][0]))
            if ranked[0][1] <= sure:
                sure = ranked[0][1]
                rest = [c for c, p in ranked[1:4] if p > 0.03]
        method = _method(parties, parts)
        decided[where] = Found(tuple(parts), method, tuple(rest), round(sure, 3))
    return decided


def _with(part: Part, code: str) -> Part:
    """A part with the code that was decided; an actor of the table is kept only with its own code."""
    country, _, sector = code.partition(".")
    if code == part.code:
        return part
    return part._replace(country=country, sector=sector, actor="", bare=not sector)


def _method(parties: Sequence[Case], parts: Sequence[Part]) -> str:
    """How a mention was found: by the tables, by the article (a name or title told there, a body named there), or by
    weighing what else speaks for a code."""
    methods = []
    for case, part in zip(parties, parts, strict=True):
        if complete(case.part) and part.code == case.part.code:
            methods.append(case.method)
        elif part.code in dict(case.names):
            methods.append("name in article")
        elif part.code == case.told:
            methods.append("body in article" if case.part.head else "title in article")
        elif case.part.country and part.country == case.part.country:
            methods.append("sector weighed")
        else:
            methods.append("weighed")
    return max(methods, key=_ORDER.index)


_ORDER = (
    "table", "composition", "country", "family name", "name in article", "title in article", "body in article",
    "sector weighed", "weighed",
)  # fmt: skip
