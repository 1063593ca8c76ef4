"""Scores of coded articles against gold: pairs of events, and the shares that are counted on them.

Events are paired one to one inside a paragraph: first those whose trigger spans overlap (same type first), then those
of the same type whose triggers stand at most 30 characters apart. Denied events hold no triple.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from khabar.records import CodedArticle, Event, Mention

# Characters between two triggers of the same type that may still be one event.
NEAR = 30
ACCURACY = ("status", "mode", "speaker", "place", "time", "toll")
SHARES = ("detect", "type", "country", "dyad", "record", "triples", "actor", "recipient", "contexts")

Triple = tuple[str, str | None, str | None]


def codes(mentions: Iterable[Mention]) -> frozenset[str]:
    """The set of codes of some mentions."""
    return frozenset(code for mention in mentions for code in mention.codes)


def country_of(code: str) -> str:
    """The country of a code; a body (`IGO.UNO`) stays whole."""
    return code if code.startswith("IGO") else code.split(".")[0]


def countries(mentions: Iterable[Mention]) -> frozenset[str]:
    """The set of countries of some mentions."""
    return frozenset(country_of(code) for code in codes(mentions))


def pair(gold: Sequence[Event], coded: Sequence[Event]) -> list[tuple[int, int]]:
    """One-to-one pairs (index in gold, index in coded) of the events of one paragraph, the nearest and most alike
    first."""
    candidates = []
    for i, g in enumerate(gold):
        for j, c in enumerate(coded):
            gap = max(g.trigger.start - c.trigger.end, c.trigger.start - g.trigger.end)
            same = g.type == c.type
            if gap < 0 or (same and gap <= NEAR):
                alike = len(codes(g.actors) & codes(c.actors)) + len(codes(g.recipients) & codes(c.recipients))
                candidates.append((gap >= 0, not same, max(gap, 0), -alike, i, j))
    pairs: list[tuple[int, int]] = []
    used_gold: set[int] = set()
    used_coded: set[int] = set()
    for *_, i, j in sorted(candidates):
        if i not in used_gold and j not in used_coded:
            used_gold.add(i)
            used_coded.add(j)
            pairs.append((i, j))
    return pairs


def by_paragraph(gold: Iterable[Event], coded: Iterable[Event]) -> list[tuple[list[Event], list[Event]]]:
    """Events of both sides, paragraph by paragraph, in the order in which gold names the paragraphs."""
    sides: dict[int, tuple[list[Event], list[Event]]] = defaultdict(lambda: ([], []))
    for event in gold:
        sides[event.paragraph][0].append(event)
    for event in coded:
        sides[event.paragraph][1].append(event)
    return list(sides.values())


def triples(events: Iterable[Event]) -> set[Triple]:
    """(type, actor code, recipient code) of an article; None for an empty side."""
    return {
        (event.type, actor, recipient)
        for event in events
        if event.status != "denied"
        for actor in codes(event.actors) or {None}
        for recipient in codes(event.recipients) or {None}
    }


def place_of(event: Event) -> str | None:
    """Country of the place, None where it is empty or unresolved."""
    return event.place.country if event.place else None


def time_of(event: Event) -> str | None:
    """Value of the time, None where it is empty or open."""
    return event.time.value if event.time else None


# Cells that are often empty, as what counts for them (None = empty).
_FILLED: dict[str, Callable[[Event], object]] = {
    "speaker": lambda e: codes(e.speaker) or None,
    "place": place_of,
    "time": time_of,
    "toll": lambda e: e.toll or None,
    "status": lambda e: e.status if e.status != "actual" else None,
}


def equal_cells(gold: Event, coded: Event) -> dict[str, bool]:
    """Which cells of two paired events are equal; a cell that is empty in both is equal."""
    return {
        "status": gold.status == coded.status,
        "mode": gold.mode == coded.mode,
        "speaker": codes(gold.speaker) == codes(coded.speaker),
        "place": place_of(gold) == place_of(coded),
        "time": time_of(gold) == time_of(coded),
        "toll": gold.toll == coded.toll,
    }


def same_parties(gold: Event, coded: Event) -> bool:
    """Whether actor codes and recipient codes are equal sets."""
    return codes(gold.actors) == codes(coded.actors) and codes(gold.recipients) == codes(coded.recipients)


def same_countries(gold: Event, coded: Event) -> bool:
    """Whether the countries of actors and of recipients are equal sets."""
    return countries(gold.actors) == countries(coded.actors) and countries(gold.recipients) == countries(
        coded.recipients
    )


def f1(hit: int, gold: int, coded: int) -> dict[str, float]:
    """Precision, recall and F1 from counts, with the counts; 0.0 where nothing can be divided."""
    p, r = hit / coded if coded else 0.0, hit / gold if gold else 0.0
    return {"p": p, "r": r, "f1": 2 * p * r / (p + r) if p + r else 0.0, "gold": gold, "coded": coded}


class _Tally:
    """Counts of a comparison: `hit`, `gold` and `coded` of each share, and right cells on same-type pairs."""

    def __init__(self) -> None:
        self.counts: dict[str, Counter[str]] = defaultdict(Counter)
        self.by_type: dict[str, Counter[str]] = defaultdict(Counter)
        self.cells: dict[str, Counter[str]] = {name: Counter() for name in _FILLED}
        self.right: Counter[str] = Counter()
        self.same = 0

    def sets(self, name: str, gold: set[Any] | frozenset[Any], coded: set[Any] | frozenset[Any]) -> None:
        self.counts[name].update(hit=len(gold & coded), gold=len(gold), coded=len(coded))

    def article(self, gold: CodedArticle, coded: CodedArticle) -> None:
        for side, events in (("gold", gold.events), ("coded", coded.events)):
            self.counts["events"][side] += len(events)
            for event in events:
                self.by_type[event.type][side] += 1
        self.sets("triples", triples(gold.events), triples(coded.events))
        self.sets("contexts", set(gold.contexts), set(coded.contexts))
        for g_side, c_side in by_paragraph(gold.events, coded.events):
            for i, j in pair(g_side, c_side):
                self.counts["detect"]["hit"] += 1
                if g_side[i].type == c_side[j].type:
                    self.alike(g_side[i], c_side[j])

    def alike(self, gold: Event, coded: Event) -> None:
        """Two paired events of the same type."""
        self.same += 1
        self.by_type[gold.type]["hit"] += 1
        equal = equal_cells(gold, coded)
        self.right.update(name for name, value in equal.items() if value)
        for name, cell in _FILLED.items():
            x, y = cell(gold), cell(coded)
            self.cells[name].update(gold=x is not None, coded=y is not None, hit=x is not None and x == y)
        self.sets("actor", codes(gold.actors), codes(coded.actors))
        self.sets("recipient", codes(gold.recipients), codes(coded.recipients))
        self.counts["type"]["hit"] += 1
        self.counts["country"]["hit"] += same_countries(gold, coded)
        if same_parties(gold, coded):
            self.counts["dyad"]["hit"] += 1
            self.counts["record"]["hit"] += all(equal[name] for name in ("mode", "status", "place", "time"))


def score(gold: Mapping[str, CodedArticle], coded: Mapping[str, CodedArticle]) -> dict[str, Any]:
    """The numbers of a coding against gold, both by article id; articles that `coded` lacks count as empty, articles
    that gold lacks are left out.

    `detect`, `type`, `country`, `dyad`, `record`, `triples`, `actor`, `recipient`, `contexts` are
    `{"p", "r", "f1", "gold", "coded"}`: a paired event; of the same type; with equal sets of party countries; of party
    codes; and mode, status, place country and time value equal too; then (type, actor, recipient) triples of the
    article; single codes on same-type pairs; the articles' contexts. `accuracy` holds shares of equal cells on
    same-type pairs (empty in both is right), `cells` F1 over filled cells, `by_type` F1 of each type, `articles` the
    number of gold articles.
    """
    tally = _Tally()
    for key, article in gold.items():
        tally.article(article, coded.get(key) or CodedArticle(id=key))
    events = tally.counts["events"]
    for name in ("detect", "type", "country", "dyad", "record"):
        tally.counts[name].update(gold=events["gold"], coded=events["coded"])
    order = (*SHARES[:6], "contexts", "actor", "recipient")  # the reference's, so that their JSON is the same text
    result: dict[str, Any] = {name: _f1_of(tally.counts[name]) for name in order}
    result["accuracy"] = {name: tally.right[name] / tally.same if tally.same else 0.0 for name in ACCURACY}
    result["cells"] = {name: _f1_of(count) for name, count in tally.cells.items()}
    result["by_type"] = {name: _f1_of(count) for name, count in sorted(tally.by_type.items())}
    result["articles"] = len(gold)
    return result


def _f1_of(count: Counter[str]) -> dict[str, float]:
    return f1(count["hit"], count["gold"], count["coded"])
