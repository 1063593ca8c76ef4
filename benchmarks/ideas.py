"""What the design's main ideas are worth: python benchmarks/ideas.py GOLD

Codes the articles of GOLD (articles.jsonl and gold.jsonl) as `khabar code` does, then again with one idea left out, and
prints the F1 of each way (of cells: where they are filled). Nothing is fitted anew for what is left out: an idea that
others lean on loses more here than if it had never been there.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from khabar.coding import neural
from khabar.coding.neural import NeuralCoder, model_folder
from khabar.judging import score
from khabar.judging.loading import load_articles, load_coded
from khabar.records import Article, CodedArticle, Event, HeardEvent
from khabar.resolve import load_tables
from khabar.resolve.counts import Counts, load_counts
from khabar.resolve.dyad import load_ranking as load_dyads
from khabar.resolve.resolver import Model, load_model, parties_of, resolve_with, told_by
from khabar.resolve.tables import Tables
from resolution_fit import unhinted

SHOWN = ("detect", "type", "country", "dyad", "record", "triples", "actor", "recipient")
CELLS = ("place", "time", "toll")
Drafts = Sequence[CodedArticle]
Way = Callable[[Article, CodedArticle, Tables, Counts, Model], CodedArticle]


def drafts(coder: NeuralCoder, articles: Sequence[Article]) -> list[CodedArticle]:
    return coder.code_batch(articles)


def without_look(articles: Sequence[Article]) -> list[CodedArticle]:
    """Triggers and mentions by the network's own thresholds."""
    coder = NeuralCoder(model_folder())
    coder.look, coder.settings = None, coder.settings._replace(trigger=0.5)
    return drafts(coder, articles)


def without_constraints(articles: Sequence[Article]) -> list[CodedArticle]:
    kept: Callable[..., tuple[Event, ...]] = neural.consistent
    try:
        neural.consistent = lambda events: tuple(sorted(events, key=lambda e: (e.paragraph, e.trigger.start)))
        return drafts(NeuralCoder(model_folder()), articles)
    finally:
        neural.consistent = kept


def unheard(draft: CodedArticle) -> CodedArticle:
    """The draft with what the coder chose alone, so that nothing is weighed anew."""
    events = (event.plain() if isinstance(event, HeardEvent) else event for event in draft.events)
    return msgspec.structs.replace(draft, events=tuple(events))


def without_scenes(article: Article, draft: CodedArticle, tables: Tables, counts: Counts, model: Model) -> CodedArticle:
    """Dyads weighed anew, places, times and tolls not."""
    told = told_by(article, parties_of(article, draft, tables, counts, model), tables, counts, model, load_dyads())
    return unheard(msgspec.structs.replace(draft, events=told.events))


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("gold", type=Path)
    a = p.parse_args()
    gold = load_coded(a.gold / "gold.jsonl")
    held = load_articles(a.gold / "articles.jsonl")
    articles = [held[key] for key in gold]
    tables, model, counts = load_tables(), load_model(), load_counts()
    whole = drafts(NeuralCoder(model_folder()), articles)

    def show(name: str, some: Drafts, ranked: Model = model, way: Way = resolve_with) -> None:
        coded = {
            article.id: way(article, draft, tables, counts, ranked)
            for article, draft in zip(articles, some, strict=True)
        }
        told = score(gold, coded)
        shown = [told[k]["f1"] for k in SHOWN] + [told["cells"][k]["f1"] for k in CELLS]
        print(f"{name:46}" + "".join(f"{f1:>10.3f}" for f1 in shown), flush=True)

    print(" " * 46 + "".join(f"{k:>10}" for k in (*SHOWN, *CELLS)))
    show("everything", whole)
    show("without the second look", without_look(articles))
    show("places, times, tolls as the coder tells them", whole, way=without_scenes)
    show("dyads, too, as the coder tells them", [unheard(draft) for draft in whole])
    show("without the constraints of the codebook", without_constraints(articles))
    show("codes without the coder's guesses and links", [unhinted(draft) for draft in whole])
    show("codes by weights alone, without trees", whole, model._replace(parties=None))


if __name__ == "__main__":
    main()
