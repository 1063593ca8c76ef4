"""The parties of an article: what the words say by themselves, then who is meant within the article.

First every mention is composed by the tables. Then names that no table knows are looked up in the article: an earlier
or later place where the same name stands with its title. What still lacks a country takes it from the article
(`context`), and an understood party from the events around it (`understood`).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from khabar.arabic import stem
from khabar.records import CodedArticle, Event, Mention
from khabar.resolve.compose import Part, compose
from khabar.resolve.context import Around, Context
from khabar.resolve.counts import Counts, mention_key
from khabar.resolve.evidence import Case, gather, group_of, scores
from khabar.resolve.naming import Names, complete, titles
from khabar.resolve.pieces import pieces
from khabar.resolve.scan import scan, tokenize
from khabar.resolve.surroundings import NOTHING, Surroundings
from khabar.resolve.together import Weighed, best_of, read, rows, uncertain, votes_of
from khabar.resolve.weighing import Weights, chances
from khabar.trees import Trees

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


class Read(NamedTuple):
    """A mention as the tables read it: its parties, of each the words as the counts hold them (of parties that the
    words do not part, those of the mention), and the number of words."""

    parts: tuple[Part, ...]
    keys: tuple[tuple[str, ...], ...]
    size: int


def _read_mention(text: str, context: Context) -> Read:
    tokens = tokenize(text)
    items = scan(tokens, context.tables.index)
    parts = compose(tokens, items, context.choose)
    several = list(pieces(items, tokens)) if len(parts) > 1 else []
    if len(several) == len(parts):
        keys = tuple(mention_key(tokens[first:last]) for _, first, last in several)
    else:
        keys = (mention_key(tokens),) * len(parts)
    return Read(tuple(parts), keys, len(tokens))


def read_mentions(context: Context, draft: CodedArticle, quiet: Collection[Where]) -> tuple[dict[Where, Read], Names]:
    """All mentions with words, and the names that they explain; those in `quiet` explain none."""
    read: dict[Where, Read] = {}
    names = Names()
    cache: dict[str, Read] = {}
    for where, event, mention in mentions(draft):
        if mention.text is None:
            continue
        found = cache.get(mention.text)
        if found is None:
            found = cache[mention.text] = _read_mention(mention.text, context)
        read[where] = found
        if len(found.parts) == 1 and where not in quiet:
            names.add(event.paragraph, found.parts[0])
    return read, names


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


def cases(
    context: Context, draft: CodedArticle, quiet: Collection[Where] = frozenset()
) -> dict[Where, tuple[Case, ...]]:
    """Every party of every mention with words, with what the article says about it. Those in `quiet` (which nobody may
    have meant as parties) say nothing about the others; they come last."""
    read, names = read_mentions(context, draft, quiet)
    around = Surroundings(context)
    sure: dict[int, dict[str, list[Part]]] = {}
    seen: Counter[str] = Counter()
    for where, one in read.items():
        for part in one.parts if where not in quiet else ():
            if complete(part) and not part.weakly:
                sure.setdefault(where.event, {}).setdefault(where.role, []).append(part)
                seen[part.code] += 1
    told: dict[tuple[str, ...], tuple[Part, ...]] = {}
    found: dict[Where, tuple[Case, ...]] = {}
    for where, event, mention in sorted(mentions(draft), key=lambda one: one[0] in quiet):
        if where not in read:
            continue
        one = read[where]
        others = sure.get(where.event, {})
        at = around.token_at(event.paragraph, mention.start)
        beside = others.get(where.role, ())
        opposite = [p for role, ps in others.items() if role not in (where.role, "speaker") for p in ps]
        event_around = Around(
            event.paragraph, at, event.place.country or "" if event.place is not None else "",
            _countries(opposite), _countries(beside),
            _countries(others.get("speaker", ())) if where.role != "speaker" else (), one.size,
        )  # fmt: skip
        parties = []
        for part, key in zip(one.parts, one.keys, strict=True):
            named: tuple[tuple[str, float], ...] = ()
            title, near, whole = "", NOTHING, complete(part)
            others_told: tuple[Part, ...] = ()
            if part.names and not part.head and (not part.country or part.weakly):
                named = names.find(part.names, event.paragraph)
                if part.names not in told:
                    told[part.names] = titles(around, part.names, event.paragraph)
                others_told = told[part.names]
                title = others_told[0].code if others_told else ""
                near = around.near(part.names)
            elif not part.country:
                title = _body(context, part, event_around)
                near = around.near(part.names) if part.names else NOTHING
            case = Case(
                part, method_of(part), key, event.type, where.role, event_around, named, title, near,
                {} if whole else seen, () if whole else tuple(p.code for p in opposite),
                () if whole else tuple(p.code for p in beside), (), mention.guess,
                () if whole or not part.head else around.told(part.head), tuple(p.code for p in others_told),
            )  # fmt: skip
            parties.append(case._replace(words=_words(around, event, case, one.size)))
        found[where] = tuple(parties)
    return found


def _words(around: Surroundings, event: Event, case: Case, size: int) -> tuple[str, ...]:
    """What is known of a mention whatever its code: role and type, its words, those beside it, the trigger."""
    group, role = group_of(case), case.role
    found = [f"r={role}:{event.type}:{event.mode or ''}", f"r={role}:{event.type}", f"g={group}:{role}"]
    found += [f"w={word}" for word in dict.fromkeys(case.key[:8])]
    if complete(case.part) and not case.part.weakly:
        return tuple(found)
    if case.key:
        found += [f"f={case.key[0]}", f"e={case.key[-1]}"]
    found += [f"t={role}:{stem(event.trigger.text)}", f"l={case.part.head}:{role}", f"k={case.part.kind}:{role}"]
    found += [f"q={word}" for word in case.near.words]
    before, after, definite = around.beside(case.around.paragraph, case.around.at, size)
    found += [f"p={before}", f"n={after}", f"d={group}:{definite}:{case.part.pronoun}"]
    return tuple(found)


def _countries(parts: Iterable[Part]) -> tuple[str, ...]:
    return tuple(p.country for p in parts if p.country not in ("IGO", "INT"))


def weigh(
    context: Context, counts: Counts, found: Mapping[Where, tuple[Case, ...]], draft: CodedArticle, weights: Weights
) -> list[tuple[Where, Weighed]]:
    """Every party weighed by itself, part by part, in the order of `found`."""
    weighed = []
    for where, parties in found.items():
        event = draft.events[where.event]
        start = getattr(event, where.role)[where.number].start or 0
        for number, case in enumerate(parties):
            evidence = gather(context, counts, case)
            likely = scores(evidence, weights, best=True)
            top = best_of(tuple(likely.items()), case.guess)
            best = top[0][1]
            whole = sum([math.exp(score - best) for score in likely.values()])
            chance = [math.exp(score - best) / whole for _, score in top]
            ranked = tuple((c, p, math.log(p + 1e-12)) for (c, _), p in zip(top, chance, strict=True))
            weighed.append((where, Weighed((event.paragraph, start, number), where.event, case, evidence, ranked)))
    return weighed


def ranked_again(
    weighed: Sequence[Weighed], trees: Trees | None, loud: int | None = None
) -> list[list[tuple[str, float]]]:  # fmt: skip
    """Candidates with probabilities, best first, of every party: the uncertain ones of the first `loud` (None: all)
    ranked beside each other, the uncertain ones of the rest beside all."""
    loud = len(weighed) if loud is None else loud
    result = [[(code, chance) for code, chance, _ in one.ranked] for one in weighed]
    doubtful = [n for n, one in enumerate(weighed) if uncertain(one)] if trees is not None else []
    if trees is not None and doubtful:
        votes = votes_of(weighed)
        article = read(weighed[:loud], votes[:loud])
        table = [row for n in doubtful if n < loud for row in rows(article, n, weighed[n].case.guess)]
        if doubtful[-1] >= loud:
            article = read(weighed, votes)
            table += [row for n in doubtful if n >= loud for row in rows(article, n, weighed[n].case.guess)]
        added = iter(trees.scores(table).tolist())
        for n in doubtful:
            result[n] = chances({code: log + next(added) for code, _, log in weighed[n].ranked})
    return result


# A chance, and how often it came out right on articles held out (`benchmarks/resolution_fit.py --check`).
_RIGHT = ((0.0, 0.0), (0.253, 0.171), (0.418, 0.336), (0.598, 0.494), (0.812, 0.725), (0.954, 0.910), (1.0, 0.976))


def calibrated(chance: float) -> float:
    """How often a code of this chance is right."""
    for (low, below), (high, above) in pairwise(_RIGHT):
        if chance <= high:
            return below + (above - below) * (chance - low) / (high - low)
    return _RIGHT[-1][1]


def decide(
    context: Context, counts: Counts, found: Mapping[Where, tuple[Case, ...]], draft: CodedArticle, weights: Weights,
    trees: Trees | None, quiet: Collection[Where] = frozenset(),
) -> dict[Where, Found]:  # fmt: skip
    """The likeliest code of every party, all evidence weighed; those in `quiet` are none for the others."""
    weighed = weigh(context, counts, found, draft, weights)
    loud = sum(where not in quiet for where, _ in weighed)
    ones = [one for _, one in weighed]
    ranking = iter(ranked_again(ones, trees, loud))
    decided: dict[Where, Found] = {}
    for where, parties in found.items():
        parts, sure, rest = [], 1.0, []
        for case in parties:
            ranked = _as_said(case.part, next(ranking))
            parts.append(_with(case.part, ranked[0][0]))
            if ranked[0][1] <= sure:
                sure = ranked[0][1]
                rest = [c for c, p in ranked[1:4] if p > 0.03]
        method = _method(parties, parts)
        decided[where] = Found(tuple(parts), method, tuple(rest), round(calibrated(sure), 3))
    return decided


def _as_said(part: Part, ranked: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """The candidates of the country that the words themselves say, where they say one: what else the article is about
    may still tell the sector."""
    if not complete(part) or part.weakly:
        return ranked
    same = [(code, chance) for code, chance in ranked if code.partition(".")[0] == part.country]
    return same or [(part.code, ranked[0][1])]


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
