"""What the heads predict, and gold events as their targets."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from khabar.codebook import BODIES, CONTEXTS, MODES, SECTORS, TOLLS, TYPES
from khabar.coding.windows import Tokenize, Window, windows

ROLES = ("actors", "recipients", "speaker", "place", "time")
PAIRS: list[tuple[str, str | None]] = [(t, m) for t in TYPES for m in (None, *MODES[t])]
STATUSES = ("actual", "planned", "possible", "denied")
SECTOR_NAMES: list[str] = ["", *sorted(SECTORS), *sorted(f"IGO.{b}" for b in BODIES)]
Json = dict[str, Any]


class Labels(NamedTuple):
    """The closed lists of a model: countries are those that train holds at least twice."""

    countries: list[str]


class Target(NamedTuple):
    """One gold event inside a window. `word` is the trigger's index in `Window.words`; `spans` holds (role, first, last
    word); `understood` the role numbers known only from elsewhere; `codes` (first, last word, role, countries,
    sectors) of mentions with text, -1 as first word for understood ones; `links` role -> words that name the same."""

    word: int
    type: int
    mode: int
    status: int
    spans: list[tuple[int, int, int]]
    understood: list[int]
    codes: list[tuple[int, int, int, list[int], list[int]]]
    links: dict[int, list[int]]
    toll: list[int]


class Example(NamedTuple):
    window: Window
    targets: list[Target]
    contexts: list[int]
    junk: dict[int, bool]


def split_code(code: str) -> tuple[str, str]:
    country, _, sector = code.partition(".")
    return ("IGO", f"IGO.{sector or 'OTH'}") if country == "IGO" else (country, sector)


def load(folder: Path) -> list[tuple[Json, Json]]:
    """(article, coded) pairs of a gold folder, in the order of `gold.jsonl`."""
    articles = {}
    for line in (folder / "articles.jsonl").open(encoding="utf-8"):
        article = json.loads(line)
        articles[article["id"]] = article
    return [(articles[c["id"]], c) for c in map(json.loads, (folder / "gold.jsonl").open(encoding="utf-8"))]


def make_labels(pairs: Iterable[tuple[Json, Json]]) -> Labels:
    seen: Counter[str] = Counter()
    for _, coded in pairs:
        for event in coded["events"]:
            for role in ROLES[:3]:
                for mention in event[role]:
                    seen.update(split_code(c)[0] for c in mention["codes"])
            if event["place"]:
                seen[event["place"]["country"]] += 1
    return Labels([c for c, n in sorted(seen.items(), key=lambda x: (-x[1], x[0])) if n >= 2])


def mentions(event: Json, role: str) -> list[Json]:
    value = event[role]
    return list(value) if isinstance(value, (list, tuple)) else [value] if value else []


def _key(role: int, mention: Json) -> Any:
    if role < 3:
        return ("party", frozenset(mention["codes"]))
    return ("place", mention["country"]) if role == 3 else ("time", mention["value"])


def examples(article: Json, coded: Json, tokenize: Tokenize, labels: Labels, skip: frozenset[int]) -> list[Example]:
    """The windows of a gold article with their targets; paragraphs in `skip` are left out."""
    country = {c: i for i, c in enumerate(labels.countries)}
    sector = {s: i for i, s in enumerate(SECTOR_NAMES)}
    contexts = [CONTEXTS.index(c) for c in coded["contexts"]]
    junk = {n for n, _ in coded["not_body"]}
    found = []
    for window in windows(article["paragraphs"], tokenize, skip):
        at: dict[tuple[int, int], int] = {}
        for i, w in enumerate(window.words):
            for offset in range(w.start, w.end):
                at[w.paragraph, offset] = i

        def span(paragraph: int, mention: Json, at: dict[tuple[int, int], int] = at) -> tuple[int, int] | None:
            if mention["start"] is None:
                return None
            first = at.get((paragraph, mention["start"]))
            last = at.get((paragraph, mention["end"] - 1))
            return None if first is None or last is None or last < first else (first, last)

        named: dict[Any, set[int]] = {}
        for event in coded["events"]:
            for r, role in enumerate(ROLES):
                for m in mentions(event, role):
                    if (s := span(event["paragraph"], m)) is not None:
                        named.setdefault(_key(r, m), set()).update(range(s[0], s[1] + 1))
        targets = []
        for event in coded["events"]:
            k = at.get((event["paragraph"], event["trigger"]["start"]))
            if k is None or not window.words[k].predict:
                continue
            spans, understood, codes, links = [], [], [], {}
            for r, role in enumerate(ROLES):
                for m in mentions(event, role):
                    s = span(event["paragraph"], m)
                    if s is None and m["start"] is not None:
                        continue  # its words stand in another window
                    if s is not None:
                        spans.append((r, *s))
                    else:
                        understood.append(r)
                        links[r] = sorted(named.get(_key(r, m), ()))
                    if r < 3:
                        pairs = [split_code(c) for c in m["codes"]]
                        cs = sorted({country[c] for c, _ in pairs if c in country})
                        ss = sorted({sector[x] for _, x in pairs if x in sector})
                    elif r == 3:
                        cs, ss = [country[m["country"]]] if m["country"] in country else [], []
                    else:
                        continue
                    codes.append((*(s or (-1, -1)), r, cs, ss))
            targets.append(
                Target(
                    k, TYPES.index(event["type"]), PAIRS.index((event["type"], event["mode"])),
                    STATUSES.index(event["status"]), spans, sorted(set(understood)), codes, links,
                    [TOLLS.index(t) for t in (event.get("toll") or {})],
                )
            )  # fmt: skip
        found.append(Example(window, targets, contexts, {p: p in junk for p in window.ends}))
    return found


def folds(pairs: Sequence[tuple[Json, Json]], number: int, held: int) -> tuple[list[int], list[int]]:
    """Indexes of (kept, held out) articles: fold `held` of `number`, by a digest of the id (never by dev)."""
    import zlib

    fold = [zlib.crc32(a["id"].encode()) % number for a, _ in pairs]
    return [i for i, f in enumerate(fold) if f != held], [i for i, f in enumerate(fold) if f == held]
