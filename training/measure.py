"""Scores of a draft (spans without codes) against gold, to choose settings on held-out folds of train.

Detection and type as `khabar evaluate`; roles by overlap of their words with gold's, on events typed alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from khabar.judging.scoring import by_paragraph, codes, pair, place_of, time_of
from khabar.records import CodedArticle, Event, Mention, Place, Time
from training.labels import ROLES

CELLS = ("mode", "status", "actors", "recipients", "speaker", "place", "time")
Cell = Mention | Place | Time
Points = Sequence[tuple[float, bool]]  # a confidence, and whether it came out right


def _f1(hit: float, gold: float, coded: float) -> float:
    return 2 * hit / (gold + coded) if gold + coded else 0.0


def _mentions(event: Event, role: str) -> tuple[Cell, ...]:
    value = getattr(event, role)
    return value if isinstance(value, tuple) else (value,) if value else ()


def _spans(cells: Sequence[Cell]) -> list[tuple[int, int]]:
    return [(c.start, c.end) for c in cells if c.start is not None and c.end is not None]


def _met(some: Sequence[tuple[int, int]], others: Sequence[tuple[int, int]]) -> int:
    """How many of some spans share a character with one of the others."""
    return sum(any(a < d and c < b for c, d in others) for a, b in some)


def pairs(gold: CodedArticle, coded: CodedArticle) -> Iterator[tuple[Event, Event]]:
    """Events of both sides that tell the same, by the rule of the scorer."""
    for mine, theirs in by_paragraph(gold.events, coded.events):
        for i, j in pair(mine, theirs):
            yield mine[i], theirs[j]


def measure(gold: Sequence[CodedArticle], drafts: Sequence[CodedArticle]) -> dict[str, float]:
    """F1 of detection, types, contexts, role spans, understood roles (`^`), status other than actual; accuracy of
    modes; and with `=` the share of events whose role is told as gold tells it: empty, understood, or in the same
    words."""
    n: Counter[str] = Counter()
    for g, c in zip(gold, drafts, strict=True):
        n.update(gold=len(g.events), coded=len(c.events))
        n.update(cg=len(g.contexts), cc=len(c.contexts), ch=len(set(g.contexts) & set(c.contexts)))
        for x, y in pairs(g, c):
            n["detect"] += 1
            if x.type != y.type:
                continue
            n["type"] += 1
            n["mode"] += x.mode == y.mode
            n["sg"] += x.status != "actual"
            n["sc"] += y.status != "actual"
            n["sh"] += x.status == y.status != "actual"
            for role in ROLES:
                m, k = _mentions(x, role), _mentions(y, role)
                ms, ks = _spans(m), _spans(k)
                met, understood, coded = _met(ms, ks), len(m) > len(ms), len(k) > len(ks)
                n.update({role + "g": len(ms), role + "c": len(ks), role + "h": met})
                n.update({role + "ug": understood, role + "uc": coded, role + "uh": understood and coded})
                n[role + "="] += understood == coded and met == len(ms) and _met(ks, ms) == len(ks)
    result = {
        "detect": _f1(n["detect"], n["gold"], n["coded"]),
        "type": _f1(n["type"], n["gold"], n["coded"]),
        "precision": n["detect"] / max(1, n["coded"]),
        "recall": n["detect"] / max(1, n["gold"]),
        "contexts": _f1(n["ch"], n["cg"], n["cc"]),
        "mode": n["mode"] / max(1, n["type"]),
        "status": _f1(n["sh"], n["sg"], n["sc"]),
    }
    for role in ROLES:
        result[role] = _f1(n[role + "h"], n[role + "g"], n[role + "c"])
        result[role + "="] = n[role + "="] / max(1, n["type"])
        result[role + "^"] = _f1(n[role + "uh"], n[role + "ug"], n[role + "uc"])
    return {k: round(v, 4) for k, v in result.items()}


def right(cell: str, gold: Event, coded: Event) -> bool:
    """Whether a cell says what gold says, by the rule of the scorer."""
    if cell in ("actors", "recipients", "speaker"):
        return codes(getattr(gold, cell)) == codes(getattr(coded, cell))
    if cell == "place":
        return place_of(gold) == place_of(coded)
    if cell == "time":
        return time_of(gold) == time_of(coded)
    return bool(getattr(gold, cell) == getattr(coded, cell))


def bins(points: Points, count: int = 10) -> list[tuple[int, float, float]]:
    """(events, mean confidence, share right) of each bin that holds any."""
    found = []
    for i in range(count):
        inside = [p for p in points if i / count <= p[0] < (i + 1) / count or (i == count - 1 and p[0] == 1)]
        if inside:
            n = len(inside)
            found.append((n, sum(p for p, _ in inside) / n, sum(y for _, y in inside) / n))
    return found


def error(points: Points) -> float:
    """Expected calibration error: mean gap between confidence and share right, weighted by events."""
    return sum(n * abs(p - y) for n, p, y in bins(points)) / max(1, len(points))
