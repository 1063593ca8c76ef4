"""Happenings and threads measured on the example pages, and happenings on judged pairs of articles.

    python benchmarks/happenings.py examples                      on the gold's cells and on the coder's own
    python benchmarks/happenings.py pairs PAIRS ARTICLES CODED    pairs of articles whose title or lead acts meet

`examples/happenings.tsv` names the events of one happening (those that it does not name are each their own);
`examples/groups.tsv` the pages of one happening and of one thread. Pairwise scores count pairs of events, B³ events.
CODED is what `khabar code` gave for ARTICLES; half of the pairs is for tuning, half is reported, as in `links.py`.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from khabar.archive import open_archive
from khabar.coders import code_batch
from khabar.judging.form import read_coding
from khabar.judging.loading import load_coded
from khabar.pages import read
from khabar.records import Article, CodedArticle
from khabar.stories import acts
from khabar.stories.linker import Linker
from links import articles as read_articles
from links import f1, tuning

EXAMPLES = Path(__file__).parents[1] / "examples"
Mention = tuple[str, int, int]  # page, paragraph, offset of the trigger


def pages() -> dict[str, Article]:
    found = {}
    for path in sorted((EXAMPLES / "pages").iterdir()):
        for item in read(path):
            if isinstance(item, Article):
                found[path.stem] = item
    return found


def gold_of(name: str, article: Article) -> CodedArticle:
    path = EXAMPLES / "gold" / f"{name}.txt"
    own = path.read_text("utf-8").splitlines()[0].lstrip("@").split()[0]  # the page's address makes another id
    coded, faults = read_coding(path, {own: msgspec.structs.replace(article, id=own)})
    if faults or len(coded) != 1:
        raise SystemExit(f"{name}: {faults}")
    return coded[0]


def gold_groups(coded: Mapping[str, CodedArticle]) -> dict[Mention, str]:
    """Every event of the gold with its happening."""
    named = {}
    with (EXAMPLES / "happenings.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            named[row["page"], int(row["paragraph"]), row["trigger"]] = row["happening"]
    found = {}
    for page, one in coded.items():
        for event in one.events:
            key = (page, event.paragraph, event.trigger.text)
            found[page, event.paragraph, event.trigger.start] = named.pop(key, f"{page}:{event.id or key}")
    if named:
        raise SystemExit(f"no such events: {named}")
    return found


def linked(items: Mapping[str, tuple[Article, CodedArticle]]) -> dict[Mention, int]:
    """Every event with the happening that the linker puts it in, pages in the order of publication."""
    linker = Linker()
    found = {}
    for page, (article, coded) in sorted(items.items(), key=lambda item: (item[1][0].date or "", item[0])):
        told = acts(coded)
        for act, happening in zip(told, linker.add(article, coded, told), strict=True):
            for n in act.events:
                event = coded.events[n]
                found[page, event.paragraph, event.trigger.start] = happening
    return found


def compare(gold: Mapping[Mention, Hashable], system: Mapping[Mention, Hashable]) -> None:
    both = sorted(gold.keys() & system.keys())
    print(f"  {len(both)} of {len(gold)} events found", end="; ")
    pairs = [(gold[a] == gold[b], system[a] == system[b]) for a, b in combinations(both, 2)]
    print("pairwise", f1(pairs), end="; ")
    within = [(gold[a] == gold[b], system[a] == system[b]) for a, b in combinations(both, 2) if a[0] == b[0]]
    print("within pages", f1(within), end="; ")
    across = [
        (gold[a] == gold[b], system[a] == system[b]) for a, b in combinations(both, 2) if a[0] != b[0]
    ]  # between pages only: what linking over outlets adds
    print("between pages", f1(across), end="; ")
    precision, recall = (b_cubed(both, x, y) for x, y in ((system, gold), (gold, system)))
    print(f"B³ P {precision:.3f}  R {recall:.3f}  F1 {2 * precision * recall / (precision + recall):.3f}")
    if "-v" in sys.argv:
        for a, b in combinations(both, 2):
            if (gold[a] == gold[b]) != (system[a] == system[b]):
                print("   ", "missed" if gold[a] == gold[b] else "wrong", a, b)


def b_cubed(items: Sequence[Any], by: Mapping[Any, Hashable], against: Mapping[Any, Hashable]) -> float:
    """Mean share of an item's group (`by`) that is of its group in `against`."""
    groups: dict[Hashable, list[Any]] = defaultdict(list)
    for item in items:
        groups[by[item]].append(item)
    shares = [sum(against[o] == against[i] for o in groups[by[i]]) / len(groups[by[i]]) for i in items]
    return sum(shares) / len(shares)


def matched(gold: CodedArticle, coded: CodedArticle) -> dict[tuple[int, int], tuple[int, int]]:
    """Triggers of the coder that overlap one of the gold in the same paragraph: (paragraph, start) -> gold's."""
    found = {}
    for event in coded.events:
        for other in gold.events:
            if event.paragraph == other.paragraph and (
                event.trigger.start < other.trigger.end and other.trigger.start < event.trigger.end
            ):
                found[event.paragraph, event.trigger.start] = (other.paragraph, other.trigger.start)
    return found


def examples() -> None:
    read_pages = pages()
    gold = {name: gold_of(name, article) for name, article in read_pages.items()}
    groups = gold_groups(gold)
    print("on the gold's cells")
    of_gold = {name: (read_pages[name], gold[name]) for name in gold}
    compare(groups, linked(of_gold))
    compare_threads(of_gold)
    coded = {}
    for name, one in zip(read_pages, code_batch(list(read_pages.values())), strict=True):
        if not isinstance(one, CodedArticle):
            raise SystemExit(str(one))
        coded[name] = one
    print("on the coder's own events, where they meet the gold's")
    of_coder = {name: (read_pages[name], coded[name]) for name in coded}
    own = linked(of_coder)
    met = {name: matched(gold[name], coded[name]) for name in coded}
    compare(
        groups,
        {(page, *met[page][n, at]): group for (page, n, at), group in own.items() if (n, at) in met[page]},
    )
    compare_threads(of_coder)


def page_threads(items: Mapping[str, tuple[Article, CodedArticle]]) -> dict[str, str]:
    """The thread of every page, as an archive of the pages has them."""
    with TemporaryDirectory() as folder, open_archive(Path(folder) / "pages.db") as archive:
        archive.add_batch([(article, one, acts(one)) for article, one in items.values()], coder="benchmark")
        archive.link()
        names = {article.id: page for page, (article, _) in items.items()}
        found: dict[str, str] = {}
        for thread in archive.threads(min_happenings=1):
            for happening in archive.thread(thread.id).happenings:
                for report in archive.happening(happening.id).reports:
                    found.setdefault(names[report.row.article_id], thread.id)
    return found


def compare_threads(items: Mapping[str, tuple[Article, CodedArticle]]) -> None:
    with (EXAMPLES / "groups.tsv").open(encoding="utf-8") as file:
        gold = {row["page"]: row["thread"] for row in csv.DictReader(file, delimiter="\t")}
    system = page_threads(items)
    both = sorted(gold.keys() & system.keys())
    pairs = [(gold[a] == gold[b], system[a] == system[b]) for a, b in combinations(both, 2)]
    precision, recall = b_cubed(both, system, gold), b_cubed(both, gold, system)
    print(f"  threads of {len(both)} pages: pairwise", f1(pairs), end="; ")
    print(f"B³ P {precision:.3f}  R {recall:.3f}  F1 {2 * precision * recall / (precision + recall):.3f}")
    if "-v" in sys.argv:
        for a, b in combinations(both, 2):
            if (gold[a] == gold[b]) != (system[a] == system[b]):
                print("   ", "missed" if gold[a] == gold[b] else "wrong", a, b)


def lead_happenings(coded: CodedArticle, happenings: Iterable[int]) -> set[int]:
    """The happenings that title or lead (two paragraphs) tell."""
    return {
        happening
        for act, happening in zip(acts(coded), happenings, strict=True)
        if min(coded.events[n].paragraph for n in act.events) <= 2
    }


def pairs(pairs_path: str, articles_path: str, coded_path: str) -> None:
    stored, coded = read_articles(articles_path), load_coded(coded_path)
    judged = [json.loads(line) for line in Path(pairs_path).read_text("utf-8").splitlines()]
    wanted = {pair[side] for pair in judged for side in "ab"}
    linker, found = Linker(), {}
    for id_ in sorted(wanted, key=lambda i: (stored[i].date or "", i)):
        told = acts(coded[id_])
        found[id_] = lead_happenings(coded[id_], linker.add(stored[id_], coded[id_], told))
    for half, which in (("tuning", True), ("reported", False)):
        rows = [p for p in judged if tuning(p) is which]
        met = [(p["label"] == "same", bool(found[p["a"]] & found[p["b"]])) for p in rows]
        print(f"{half}: {len(rows)} pairs; same happening in title or lead", f1(met))
        if "-v" in sys.argv and which:
            for p, (gold, system) in zip(rows, met, strict=True):
                if gold != system:
                    print("   ", "missed" if gold else "wrong", p)


if __name__ == "__main__":
    command, *rest = [a for a in sys.argv[1:] if a != "-v"]
    {"examples": examples, "pairs": pairs}[command](*rest)
