"""The scorer that defines the numbers, kept as it was written: `khabar.judging.score` must give the same."""

# ruff: noqa
from __future__ import annotations

from collections import Counter, defaultdict


def codes(mentions: list[dict] | None) -> frozenset[str]:
    return frozenset(c for m in mentions or () for c in m["codes"])


def countries(mentions: list[dict] | None) -> frozenset[str]:
    return frozenset(c if c.startswith("IGO") else c.split(".")[0] for c in codes(mentions))


def pair(gold: list[dict], coded: list[dict]) -> list[tuple[dict, dict]]:
    """One-to-one pairs of the events of one paragraph; the nearest and most alike first."""
    candidates = []
    for i, g in enumerate(gold):
        for j, c in enumerate(coded):
            a, b = g["trigger"], c["trigger"]
            gap = max(a["start"] - b["end"], b["start"] - a["end"])
            same = g["type"] == c["type"]
            if gap < 0 or (same and gap <= 30):
                alike = len(codes(g["actors"]) & codes(c["actors"])) + len(
                    codes(g["recipients"]) & codes(c["recipients"])
                )
                candidates.append((gap >= 0, not same, max(gap, 0), -alike, i, j))
    pairs, used_gold, used_coded = [], set(), set()
    for *_, i, j in sorted(candidates):
        if i not in used_gold and j not in used_coded:
            used_gold.add(i)
            used_coded.add(j)
            pairs.append((gold[i], coded[j]))
    return pairs


def triples(events: list[dict]) -> set[tuple]:
    return {
        (e["type"], a, r)
        for e in events
        if e["status"] != "denied"
        for a in codes(e["actors"]) or {None}
        for r in codes(e["recipients"]) or {None}
    }


def value(event: dict, role: str, key: str) -> str | None:
    return (event.get(role) or {}).get(key)


FILLED = {
    "speaker": lambda e: codes(e["speaker"]) or None,
    "place": lambda e: value(e, "place", "country"),
    "time": lambda e: value(e, "time", "value"),
    "toll": lambda e: e.get("toll") or None,
    "status": lambda e: e["status"] if e["status"] != "actual" else None,
}


def f1(hit: int, gold: int, coded: int) -> dict[str, float]:
    p, r = hit / coded if coded else 0.0, hit / gold if gold else 0.0
    return {"p": p, "r": r, "f1": 2 * p * r / (p + r) if p + r else 0.0, "gold": gold, "coded": coded}


def score(gold: dict[str, dict], coded: dict[str, dict]) -> dict:
    n_gold = n_coded = 0
    hit: Counter[str] = Counter()
    right: Counter[str] = Counter()
    same = tri_gold = tri_coded = tri_hit = con_gold = con_coded = con_hit = 0
    cells: dict[str, Counter] = {k: Counter() for k in FILLED}
    party: dict[str, Counter] = {"actor": Counter(), "recipient": Counter()}
    by_type: dict[str, Counter] = defaultdict(Counter)
    for key, article in gold.items():
        other = coded.get(key, {"contexts": [], "events": []})
        for e in article["events"]:
            by_type[e["type"]]["gold"] += 1
        for e in other["events"]:
            by_type[e["type"]]["coded"] += 1
        n_gold += len(article["events"])
        n_coded += len(other["events"])
        a, b = triples(article["events"]), triples(other["events"])
        tri_gold, tri_coded, tri_hit = tri_gold + len(a), tri_coded + len(b), tri_hit + len(a & b)
        a, b = set(article["contexts"]), set(other.get("contexts") or ())
        con_gold, con_coded, con_hit = con_gold + len(a), con_coded + len(b), con_hit + len(a & b)
        paragraphs: dict[int, tuple[list, list]] = defaultdict(lambda: ([], []))
        for e in article["events"]:
            paragraphs[e["paragraph"]][0].append(e)
        for e in other["events"]:
            paragraphs[e["paragraph"]][1].append(e)
        for g, c in (p for sides in paragraphs.values() for p in pair(*sides)):
            hit["detect"] += 1
            if g["type"] != c["type"]:
                continue
            same += 1
            hit["type"] += 1
            by_type[g["type"]]["hit"] += 1
            equal = {
                "status": g["status"] == c["status"],
                "mode": g["mode"] == c["mode"],
                "speaker": codes(g["speaker"]) == codes(c["speaker"]),
                "place": value(g, "place", "country") == value(c, "place", "country"),
                "time": value(g, "time", "value") == value(c, "time", "value"),
                "toll": (g.get("toll") or {}) == (c.get("toll") or {}),
            }
            right.update(k for k, v in equal.items() if v)
            for name, cell in FILLED.items():
                x, y = cell(g), cell(c)
                cells[name].update(gold=x is not None, coded=y is not None, hit=x is not None and x == y)
            for name, role in (("actor", "actors"), ("recipient", "recipients")):
                x, y = codes(g[role]), codes(c[role])
                party[name].update(hit=len(x & y), gold=len(x), coded=len(y))
            hit["country"] += all(countries(g[r]) == countries(c[r]) for r in ("actors", "recipients"))
            if all(codes(g[r]) == codes(c[r]) for r in ("actors", "recipients")):
                hit["dyad"] += 1
                hit["record"] += all(equal[k] for k in ("mode", "status", "place", "time"))
    result = {k: f1(hit[k], n_gold, n_coded) for k in ("detect", "type", "country", "dyad", "record")}
    result["triples"] = f1(tri_hit, tri_gold, tri_coded)
    result["contexts"] = f1(con_hit, con_gold, con_coded)
    result |= {k: f1(c["hit"], c["gold"], c["coded"]) for k, c in party.items()}
    result["accuracy"] = {
        k: right[k] / same if same else 0.0 for k in ("status", "mode", "speaker", "place", "time", "toll")
    }
    result["cells"] = {k: f1(c["hit"], c["gold"], c["coded"]) for k, c in cells.items()}
    result["by_type"] = {t: f1(c["hit"], c["gold"], c["coded"]) for t, c in sorted(by_type.items())}
    result["articles"] = len(gold)
    return result
