"""Parties that are understood: `^` in the codebook, a mention without words.

Such a party is nearly always one that the article names elsewhere. Candidates are the codes of the article's resolved
mentions; how near each stands, in which roles, and beside whom, is weighed as for mentions with words (`evidence`).
Where the coder says who is meant (`Mention.link`, `Mention.guess`), that counts too, by weights set by hand: gold has
neither.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from khabar.arabic import stem
from khabar.records import CodedArticle, Event, Mention
from khabar.resolve.context import Context
from khabar.resolve.counts import Counts
from khabar.resolve.together import CATEGORIES as _PARTY_CATEGORIES
from khabar.resolve.trees import Trees
from khabar.resolve.weighing import Features, chances

ROLES = ("actors", "recipients", "speaker")
Codes = tuple[str, ...]
_TWO_SIDED = frozenset({"CONSULT", "AGREE", "COOPERATE", "ASSAULT"})
LINK_WEIGHT, GUESS_WEIGHT = 3.0, 0.8


class Occurrence(NamedTuple):
    """A resolved mention: event number, role, where it stands (paragraph, offset; for `^` that of the trigger)."""

    event: int
    role: str
    paragraph: int
    start: int
    codes: Codes
    words: bool


def occurrences(draft: CodedArticle, codes: Mapping[tuple[int, str, int], Codes]) -> list[Occurrence]:
    """All mentions whose codes are known (event number, role, number within the role), in the order of the text."""
    found = []
    for number, event in enumerate(draft.events):
        for role in ROLES:
            for place, mention in enumerate(getattr(event, role)):
                known = codes.get((number, role, place))
                if known:
                    start = event.trigger.start if mention.start is None else mention.start
                    found.append(Occurrence(number, role, event.paragraph, start, known, mention.text is not None))
    return sorted(found, key=lambda o: (o.paragraph, o.start, o.event))


def candidates(
    draft: CodedArticle, number: int, role: str, known: Sequence[Occurrence], counts: Counts,
    named: Mapping[str, Sequence[str]],
) -> dict[Codes, Features]:  # fmt: skip
    """Features of everybody who may be meant by a mention without words of event `number`; `named` says of countries
    where the article names them as seen from the event (`named_near`)."""
    event = draft.events[number]
    here = (event.paragraph, event.trigger.start)
    others = [o for o in known if o.event != number or o.words]
    before = [o for o in others if (o.paragraph, o.start) < here]
    found: dict[Codes, Features] = {}
    for one in others:
        found.setdefault(one.codes, [])
    _recency(found, before, event, role)
    total: dict[Codes, int] = {}
    alike: dict[Codes, float] = {}
    for one in others:
        total[one.codes] = total.get(one.codes, 0) + 1
        if one.role == role:
            alike[one.codes] = alike.get(one.codes, 0) + 1
    same = _same(draft, number, role, others)
    around = _neighbours(draft, number, role, others)
    place = event.place.country if event.place is not None else None
    chances = counts.of("role", f"{role} {event.type}")
    whole = sum(chances.values()) + 1
    for codes, features in found.items():
        features.append((f"^n:{role}", math.log(total[codes])))
        features.append((f"^n_role:{role}", math.log1p(alike.get(codes, 0))))
        features += same.get(codes, ())
        features += around.get(codes, ())
        sectors = [c.partition(".")[2] if c[:3] != "IGO" else "IGO" for c in codes]
        features.append(
            (f"^sector:{role}", sum(math.log((chances.get(s, 0) + 0.1) / whole) for s in sectors) / len(sectors))
        )
        features.append((f"^is:{role}:{sectors[0]}", 1.0))
        if len(codes) > 1:
            features.append((f"^several:{role}:{event.type if event.type in _TWO_SIDED else ''}", 1.0))
        if place and any(c[:3] == place for c in codes):
            features.append((f"^place:{role}:{event.type}", 1.0))
        for country in {c.partition(".")[0] for c in codes}:
            features += [(f"^named:{role}:{where}", 1.0 / len(codes)) for where in named.get(country, ())]
    return found


def named_near(context: Context, event: Event) -> dict[str, list[str]]:
    """Where an article names its countries, as seen from an event: last before its word, first after it, elsewhere in
    its paragraph, in the paragraph before, in the title, first in the lead, most of all."""
    found: dict[str, list[str]] = {}

    def add(country: str, where: str) -> None:
        there = found.setdefault(country, [])
        if where not in there:
            there.append(where)

    if event.paragraph < len(context.paragraphs):
        paragraph = context.paragraphs[event.paragraph]
        before = [n for n in paragraph.named if paragraph.tokens[n.at].start < event.trigger.start]
        after = [n for n in paragraph.named if paragraph.tokens[n.at].start > event.trigger.start]
        for names, where in ((before[-1:], "before"), (after[:1], "after"), (paragraph.named, "here")):
            for one in names:
                add(one.country, where)
        if event.paragraph:  # the title has none before it
            for one in context.paragraphs[event.paragraph - 1].named:
                add(one.country, "previous")
    for one in context.paragraphs[0].named if context.paragraphs else ():
        add(one.country, "title")
    for one in context.paragraphs[1].named[:1] if len(context.paragraphs) > 1 else ():
        add(one.country, "lead")
    for country, _ in context.countries.most_common(1):
        add(country, "top")
    return found


def _recency(found: Mapping[Codes, Features], before: Sequence[Occurrence], event: Event, role: str) -> None:
    order: dict[Codes, Occurrence] = {}
    for one in reversed(before):
        order.setdefault(one.codes, one)
    for rank, (codes, one) in enumerate(order.items()):
        gap = event.paragraph - one.paragraph
        found[codes].append((f"^rank:{role}:{min(rank, 4)}:{min(gap, 2)}", 1.0))
        found[codes].append((f"^last:{role}:{one.role}:{min(gap, 2)}", 1.0))
        found[codes].append((f"^gap:{role}", math.log1p(gap)))
    for codes in found.keys() - order.keys():
        found[codes].append((f"^after:{role}", 1.0))


def _same(draft: CodedArticle, number: int, role: str, others: Sequence[Occurrence]) -> dict[Codes, Features]:
    """Who has the role in other mentions of the act: same type, same mode, same word, same other party."""
    event = draft.events[number]
    word = stem(event.trigger.text)
    best: dict[Codes, dict[str, float]] = {}
    mine = {o.codes for o in others if o.event == number and o.role != role}
    for one in others:
        other = draft.events[one.event]
        if one.event == number:
            best.setdefault(one.codes, {})[f"^own:{role}:{one.role}"] = 1.0
            continue
        there = best.setdefault(one.codes, {})
        if other.type == event.type:
            near = 1 / (1 + 0.3 * abs(other.paragraph - event.paragraph))
            kind = "role" if one.role == role else "other"
            there[f"^type:{role}:{kind}"] = max(there.get(f"^type:{role}:{kind}", 0.0), near)
            if other.mode == event.mode and one.role == role:
                there[f"^mode:{role}"] = 1.0
            if one.role == role and stem(other.trigger.text) == word:
                there[f"^word:{role}"] = 1.0
        if (
            mine
            and one.role == role
            and any(o.event == one.event and o.role != role and o.codes in mine for o in others)
        ):
            there[f"^dyad:{role}"] = 1.0
    return {codes: list(features.items()) for codes, features in best.items()}


def _neighbours(draft: CodedArticle, number: int, role: str, others: Sequence[Occurrence]) -> dict[Codes, Features]:
    """Who has which role in the events before and after."""
    event = draft.events[number]
    found: dict[Codes, Features] = {}
    for step, name in ((-1, "prev"), (1, "next"), (-2, "prev2")):
        if not 0 <= number + step < len(draft.events):
            continue
        other = draft.events[number + step]
        gap = min(abs(other.paragraph - event.paragraph), 2)
        alike = "=" if other.type == event.type else ""
        for one in others:
            if one.event == number + step:
                found.setdefault(one.codes, []).append((f"^{name}:{role}:{one.role}:{gap}{alike}", 1.0))
    return found


COLUMNS = (
    *"role type sector score rank behind several n n_role gap recency after last_role own".split(),
    *"type_role type_other mode word dyad place chance candidates".split(),
    *"prev prev_alike next next_alike prev2 prev2_alike".split(),
    *"named_before named_after named_here named_previous named_title named_lead named_top".split(),
)
CATEGORIES: dict[str, tuple[str, ...]] = {name: values for name, values in _PARTY_CATEGORIES.items() if name in COLUMNS}
_NUMBER = {name: {value: n for n, value in enumerate(values)} for name, values in CATEGORIES.items()}
_PLACE = {name: n for n, name in enumerate(COLUMNS)}
TOP = 8
_SAME_NAME = {
    "^n": "n", "^n_role": "n_role", "^gap": "gap", "^after": "after", "^mode": "mode", "^word": "word", "^dyad": "dyad",
    "^place": "place", "^sector": "chance",
}  # fmt: skip


def columns(
    event: Event, role: str, ranked: Sequence[tuple[Codes, float]], found: Mapping[Codes, Features]
) -> list[list[float]]:
    """One row of `COLUMNS` for every candidate, from its features and its score."""
    rows = []
    for rank, (codes, score) in enumerate(ranked):
        sector = "body" if codes[0].startswith("IGO") else codes[0].partition(".")[2] or "-"
        row = [0.0] * len(COLUMNS)
        first = {
            "role": _NUMBER["role"].get(role, 0), "type": _NUMBER["type"].get(event.type, 0),
            "sector": _NUMBER["sector"].get(sector, 0), "score": score, "rank": rank, "behind": score - ranked[0][1],
            "several": len(codes), "candidates": len(found), "recency": 9, "last_role": -1,
        }  # fmt: skip
        for name, number in first.items():
            row[_PLACE[name]] = float(number)
        for name, value in found[codes]:
            _fill(row, name.split(":"), value)
        rows.append(row)
    return rows


def _fill(row: list[float], name: list[str], value: float) -> None:
    if name[0] in _SAME_NAME:
        row[_PLACE[_SAME_NAME[name[0]]]] = value
    elif name[0] == "^rank":
        row[_PLACE["recency"]] = float(name[2])
    elif name[0] == "^last":
        row[_PLACE["last_role"]] = float(_NUMBER["role"][name[2]])
    elif name[0] == "^own":
        row[_PLACE["own"]] = 1.0 + _NUMBER["role"][name[2]]
    elif name[0] == "^type":
        row[_PLACE[f"type_{name[2]}"]] = value
    elif name[0] == "^named":
        row[_PLACE[f"named_{name[2]}"]] = max(row[_PLACE[f"named_{name[2]}"]], value)
    elif name[0] in ("^prev", "^next", "^prev2"):
        row[_PLACE[name[0][1:]]] += 1.0 if name[2] == name[1] else 0.5
        row[_PLACE[f"{name[0][1:]}_alike"]] += float(name[-1].endswith("="))


def hinted(mention: Mention, scored: dict[Codes, float], known: Sequence[Occurrence], draft: CodedArticle) -> None:
    """Add what the coder says of a mention: the party it points to, and its own guess at the code."""
    if mention.link is not None:
        paragraph, start, end = mention.link
        for one in known:
            target = getattr(draft.events[one.event], one.role)
            if one.words and one.paragraph == paragraph and start <= one.start < end and target:
                scored[one.codes] = scored.get(one.codes, min(scored.values(), default=0.0)) + LINK_WEIGHT
                break
    if mention.guess:
        guess = dict(mention.guess)
        for code, chance in mention.guess:
            if chance > 0.5:
                scored.setdefault((code,), min(scored.values(), default=0.0))
        for codes in scored:
            chance = sum(guess.get(c, 0.0) for c in codes) / len(codes)
            scored[codes] += GUESS_WEIGHT * math.log(chance + 0.02)


class Meant(NamedTuple):
    """Who is meant: the codes, how sure, and who else may be."""

    codes: Codes
    share: float
    alternatives: tuple[str, ...]
    linked: bool


def understand(
    context: Context, draft: CodedArticle, codes: Mapping[tuple[int, str, int], Codes], counts: Counts,
    table: Mapping[str, float], trees: Trees | None = None,
) -> dict[tuple[int, str, int], Meant]:  # fmt: skip
    """Every mention without words, in the order of the text; what is decided is evidence for the next."""
    known = dict(codes)
    found: dict[tuple[int, str, int], Meant] = {}
    order = sorted(range(len(draft.events)), key=lambda n: (draft.events[n].paragraph, draft.events[n].trigger.start))
    for number in order:
        event = draft.events[number]
        named: dict[str, list[str]] | None = None
        for role in ROLES:
            for place, mention in enumerate(getattr(event, role)):
                if mention.text is not None:
                    continue
                named = named_near(context, event) if named is None else named
                where = occurrences(draft, known)
                features = candidates(draft, number, role, where, counts, named)
                scored = {c: sum(table.get(n, 0.0) * v for n, v in fs) for c, fs in features.items()}
                if scored and trees is not None:
                    top = sorted(scored.items(), key=lambda c: -c[1])[:TOP]
                    added = trees.scores(columns(event, role, top, features))
                    scored = {c: s + float(a) for (c, s), a in zip(top, added, strict=True)}
                hinted(mention, scored, where, draft)
                if not scored:
                    continue
                ranked = chances(scored)
                best = ranked[0]
                rest = tuple("+".join(c) for c, p in ranked[1:4] if p > 0.03)
                found[number, role, place] = Meant(best[0], round(best[1], 3), rest, mention.link is not None)
                known[number, role, place] = best[0]
    return found
