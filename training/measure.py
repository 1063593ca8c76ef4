"""Scores of a draft (spans without codes) against gold, to choose settings on held-out folds of train.

Detection and type as `khabar evaluate`; roles by overlap of their words with gold's, on events typed alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec

from khabar.records import CodedArticle
from training.labels import ROLES, mentions

Json = dict[str, Any]
CELLS = ("mode", "status", "actors", "recipients", "speaker", "place", "time")


def _f1(hit: float, gold: float, coded: float) -> float:
    return 2 * hit / (gold + coded) if gold + coded else 0.0


def pair(gold: Sequence[Json], coded: Sequence[Json]) -> list[tuple[Json, Json]]:
    """One-to-one pairs of the events of one paragraph by the rule of the scorer (parties aside)."""
    candidates = []
    for i, g in enumerate(gold):
        for j, c in enumerate(coded):
            a, b = g["trigger"], c["trigger"]
            gap = max(a["start"] - b["end"], b["start"] - a["end"])
            same = g["type"] == c["type"]
            if gap < 0 or (same and gap <= 30):
                candidates.append((gap >= 0, not same, max(gap, 0), i, j))
    found, used_g, used_c = [], set(), set()
    for *_, i, j in sorted(candidates):
        if i not in used_g and j not in used_c:
            used_g.add(i)
            used_c.add(j)
            found.append((gold[i], coded[j]))
    return found


def _meet(some: Sequence[Json], others: Sequence[Json]) -> bool:
    """Whether each of some mentions shares a character with one of the others."""
    return all(any(s["start"] < t["end"] and t["start"] < s["end"] for t in others) for s in some)


def measure(gold: Sequence[Json], drafts: Sequence[CodedArticle]) -> dict[str, float]:
    """F1 of detection, types, contexts, role spans, understood roles (`^`), status other than actual; accuracy of modes;
    and with `=` the share of events whose role is told as gold tells it: empty, understood, or in the same words."""
    n: Counter[str] = Counter()
    for g, draft in zip(gold, drafts, strict=True):
        c: Json = msgspec.to_builtins(draft)
        n["gold"] += len(g["events"])
        n["coded"] += len(c["events"])
        a, b = set(g["contexts"]), set(c["contexts"])
        n.update(cg=len(a), cc=len(b), ch=len(a & b))
        for p in {e["paragraph"] for e in g["events"]}:
            for x, y in pair(
                [e for e in g["events"] if e["paragraph"] == p], [e for e in c["events"] if e["paragraph"] == p]
            ):
                n["detect"] += 1
                if x["type"] != y["type"]:
                    continue
                n["type"] += 1
                n["mode"] += x["mode"] == y["mode"]
                n["sg"] += x["status"] != "actual"
                n["sc"] += y["status"] != "actual"
                n["sh"] += x["status"] == y["status"] != "actual"
                for role in ROLES:
                    m, k = mentions(x, role), mentions(y, role)
                    mt, kt = [s for s in m if s["text"]], [s for s in k if s["text"]]
                    n[role + "g"] += len(mt)
                    n[role + "c"] += len(kt)
                    n[role + "h"] += sum(any(s["start"] < t["end"] and t["start"] < s["end"] for t in kt) for s in mt)
                    mu, ku = len(m) > len(mt), len(k) > len(kt)
                    n.update({role + "ug": mu, role + "uc": ku, role + "uh": mu and ku})
                    n[role + "="] += (mu, bool(mt)) == (ku, bool(kt)) and _meet(mt, kt) and _meet(kt, mt)
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


def right(cell: str, gold: Json, coded: Json) -> bool:
    """Whether a cell says what gold says, by the rule of the scorer."""

    def codes(mentions: Sequence[Json]) -> set[str]:
        return {c for m in mentions for c in m["codes"]}

    if cell in ("actors", "recipients", "speaker"):
        return codes(gold[cell]) == codes(coded[cell])
    if cell == "place":
        return bool((gold[cell] or {}).get("country") == (coded[cell] or {}).get("country"))
    if cell == "time":
        return bool((gold[cell] or {}).get("value") == (coded[cell] or {}).get("value"))
    return bool(gold[cell] == coded[cell])
