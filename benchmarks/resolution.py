"""How many party mentions of a gold set resolve right, given their spans: python benchmarks/resolution.py GOLD [-v N]

GOLD holds articles.jsonl and gold.jsonl. Codes are stripped from the gold, the article is resolved, and the codes of
each mention compared as sets. "country" ignores sectors, "code" is country and sector. Mentions without words (^) are
counted apart. `-v N` prints the N commonest mistakes; `--leave-out` takes each article out of the counts of
training while it is resolved (for GOLD = train, which the counts come from).
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from khabar.records import Article, CodedArticle, Event, Mention
from khabar.resolve import Tables, load_tables
from khabar.resolve.counts import Counts, load_counts, rows_of, without
from khabar.resolve.resolver import Model, resolve_with

ROLES = ("actors", "recipients", "speaker")


def load(directory: Path) -> list[tuple[Article, CodedArticle]]:
    """Articles and their gold coding."""
    articles = {}
    for line in (directory / "articles.jsonl").open(encoding="utf-8"):
        article = msgspec.json.decode(line, type=Article)
        articles[article.id] = article
    return [
        (articles[c.id], c)
        for c in (msgspec.json.decode(line, type=CodedArticle) for line in (directory / "gold.jsonl").open("rb"))
    ]


def strip(coded: CodedArticle) -> CodedArticle:
    """The gold as a coder's draft: spans, types and links of place and time, no codes."""

    def bare(event: Event) -> Event:
        changes: dict[str, Any] = {
            role: tuple(msgspec.structs.replace(m, codes=()) for m in getattr(event, role)) for role in ROLES
        }
        if event.place is not None:
            changes["place"] = msgspec.structs.replace(event.place, country=None)
        if event.time is not None:
            changes["time"] = msgspec.structs.replace(event.time, value=None)
        return msgspec.structs.replace(event, toll={}, **changes)

    return msgspec.structs.replace(coded, events=tuple(bare(e) for e in coded.events))


def pairs(gold: CodedArticle, mine: CodedArticle) -> Iterator[tuple[Event, str, Mention, Mention]]:
    for g, m in zip(gold.events, mine.events, strict=True):
        for role in ROLES:
            for a, b in zip(getattr(g, role), getattr(m, role), strict=True):
                yield g, role, a, b


def countries(codes: tuple[str, ...]) -> set[str]:
    return {c if c.startswith("IGO") else c.partition(".")[0] for c in codes}


class Compared(NamedTuple):
    """Resolved articles beside their gold: shares by kind of mention, what is wrong, every mention."""

    articles: int
    seconds: float
    shares: dict[str, Counter[str]]
    wrong: Counter[tuple[str, str, str, str]]
    dump: list[list[Any]]
    sure: list[tuple[float, bool]]  # confidence of a mention, whether its code is right

    def print(self, mistakes: int = 0) -> None:
        """The shares as a table, the commonest mistakes, how sure and how right."""
        print(f"{self.articles} articles, {self.articles / self.seconds:.0f} a second")
        print(f"{'mentions':22} {'n':>6} {'country':>8} {'code':>6}")
        for kind, c in sorted(self.shares.items(), key=lambda kc: (kc[0] == "^", kc[0].startswith(" "), -kc[1]["n"])):
            print(f"{kind:22} {c['n']:6} {c['country'] / c['n']:8.3f} {c['code'] / c['n']:6.3f}")
        print("confidence  n  mean  right")
        for low in (0.0, 0.3, 0.5, 0.7, 0.9, 0.99):
            high = {0.0: 0.3, 0.3: 0.5, 0.5: 0.7, 0.7: 0.9, 0.9: 0.99}.get(low, 1.01)
            there = [(c, ok) for c, ok in self.sure if low <= c < high]
            if there:
                mean, right = sum(c for c, _ in there) / len(there), sum(ok for _, ok in there) / len(there)
                print(f"{low:4.2f}-{min(high, 1.0):4.2f} {len(there):6} {mean:6.3f} {right:6.3f}")
        for (text, a, b, method), n in self.wrong.most_common(mistakes):
            print(f"{n:4} {text} | gold {a} | mine {b} | {method}")


def compare(
    gold: Sequence[tuple[Article, CodedArticle]], tables: Tables, counts: Counts, model: Model | None = None,
    leave_out: bool = False,
) -> Compared:  # fmt: skip
    """Gold's spans resolved and compared with gold's codes."""
    drafts = [(article, strip(coded)) for article, coded in gold]
    started = time.perf_counter()
    resolved = []
    for (article, draft), (_, coded) in zip(drafts, gold, strict=True):
        with without(counts, rows_of(coded)) if leave_out else nullcontext():
            resolved.append(resolve_with(article, draft, tables, counts, model))
    seconds = time.perf_counter() - started
    found = Compared(len(gold), seconds, defaultdict(Counter), Counter(), [], [])
    for (_article, coded), mine in zip(gold, resolved, strict=True):
        for event, role, a, b in pairs(coded, mine):
            country = countries(a.codes) == countries(b.codes)
            code = set(a.codes) == set(b.codes)
            for kind in ["^"] if a.text is None else ["with words", f"  {b.method}"]:
                found.shares[kind].update({"n": 1, "country": country, "code": code})
            found.sure.append((b.confidence or 0.0, code))
            if not code:
                found.wrong[(a.text or "^", "+".join(a.codes), "+".join(b.codes), b.method or "-")] += 1
            codes = ["+".join(a.codes), "+".join(b.codes)]
            found.dump.append([coded.id, event.paragraph, event.type, role, a.text, *codes, b.method, code])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("-v", type=int, default=0)
    parser.add_argument("--dump", type=Path, help="every mention as a line of JSON")
    parser.add_argument("--leave-out", action="store_true")
    arguments = parser.parse_args()
    found = compare(load(arguments.gold), load_tables(), load_counts(), leave_out=arguments.leave_out)
    found.print(arguments.v)
    if arguments.dump:
        lines = "\n".join(json.dumps(d, ensure_ascii=False) for d in found.dump)
        arguments.dump.write_text(lines, encoding="utf-8")


if __name__ == "__main__":
    main()
