"""Reports for people: the scores as text, by type, with the worst mistakes shown in their paragraphs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from khabar.judging.parts import BodyShares, GoldSpans
from khabar.judging.scoring import (
    SHARES,
    by_paragraph,
    equal_cells,
    pair,
    same_countries,
    same_parties,
    score,
)
from khabar.many import many
from khabar.records import Article, CodedArticle, Event, Mention, Place, Time

# Characters of the paragraph shown on each side of a trigger.
CONTEXT = 90


class Error(NamedTuple):
    """A mistake: its kind (`missed`, `invented`, `type`, `country`, `code`, `cells`), how bad it is, and both sides."""

    kind: str
    weight: float
    article: str
    gold: Event | None
    coded: Event | None


def errors(gold: Mapping[str, CodedArticle], coded: Mapping[str, CodedArticle]) -> list[Error]:
    """Every mistake, the worst first: events missed, invented or typed wrongly, then parties, then other cells; within
    a kind the ones that the coder was surest of come first."""
    found: list[Error] = []
    for key, article in gold.items():
        other = coded.get(key) or CodedArticle(id=key)
        for ours, theirs in by_paragraph(article.events, other.events):
            pairs = pair(ours, theirs)
            found += [_paired(key, ours[i], theirs[j]) for i, j in pairs if ours[i] != theirs[j]]
            left, extra = {i for i, _ in pairs}, {j for _, j in pairs}
            found += [Error("missed", 3, key, e, None) for i, e in enumerate(ours) if i not in left]
            found += [Error("invented", 2 + _sure(e), key, None, e) for j, e in enumerate(theirs) if j not in extra]
    return sorted((e for e in found if e.weight), key=lambda e: -e.weight)


def _sure(event: Event) -> float:
    return 0.5 if event.confidence is None else event.confidence


def _paired(article: str, gold: Event, coded: Event) -> Error:
    if gold.type != coded.type:
        return Error("type", 2 + _sure(coded), article, gold, coded)
    if not same_countries(gold, coded):
        return Error("country", 1 + _sure(coded), article, gold, coded)
    if not same_parties(gold, coded):
        return Error("code", 0.5 + _sure(coded) / 2, article, gold, coded)
    wrong = sum(not equal for equal in equal_cells(gold, coded).values())
    return Error("cells", wrong / 10, article, gold, coded)


def worst(found: Iterable[Error], number: int) -> list[Error]:
    """`number` mistakes, the worst of every kind in turn, so that no kind hides the others."""
    kinds: dict[str, list[Error]] = defaultdict(list)
    for error in found:
        kinds[error.kind].append(error)
    chosen: list[Error] = []
    depth = 0
    while len(chosen) < number and any(len(of) > depth for of in kinds.values()):
        chosen += [of[depth] for of in kinds.values() if len(of) > depth]
        depth += 1
    return chosen[:number]


def evaluate_report(
    gold: Mapping[str, CodedArticle],
    coded: Mapping[str, CodedArticle],
    articles: Mapping[str, Article] | None = None,
    by_type: bool = True,
    mistakes: int = 0,
) -> str:
    """The scores as lines of text; with `mistakes`, that many of the worst ones, each in its paragraph if `articles`
    holds it."""
    result = score(gold, coded)
    lines = [many(result["articles"], "article")]
    for name in SHARES:
        r = result[name]
        lines.append(
            f"{name:10} P {r['p']:.3f}  R {r['r']:.3f}  F1 {r['f1']:.3f}  (gold {r['gold']}, coded {r['coded']})"
        )
    lines.append("on same-type pairs: " + "  ".join(f"{k} {v:.3f}" for k, v in result["accuracy"].items()))
    lines.append("filled cells F1:    " + "  ".join(f"{k} {v['f1']:.3f}" for k, v in result["cells"].items()))
    if by_type:
        lines += [
            f"  {kind:10} P {r['p']:.2f} R {r['r']:.2f} F1 {r['f1']:.2f} (gold {r['gold']}, coded {r['coded']})"
            for kind, r in result["by_type"].items()
        ]
    if mistakes:
        found = errors(gold, coded)
        kinds = Counter(error.kind for error in found)
        lines += ["", "mistakes: " + "  ".join(f"{kind} {n}" for kind, n in kinds.items())]
        lines += [_shown(error, articles or {}) for error in worst(found, mistakes)]
    return "\n".join(lines) + "\n"


def _shown(error: Error, articles: Mapping[str, Article]) -> str:
    event = error.gold or error.coded
    assert event is not None
    lines = [
        f"\n{error.kind}  {error.article} paragraph {event.paragraph}  {context(event, articles.get(error.article))}"
    ]
    if error.gold:
        lines.append(f"  gold   {cells(error.gold)}")
    if error.coded:
        lines.append(f"  coded  {cells(error.coded)}")
    return "\n".join(lines)


def context(event: Event, article: Article | None) -> str:
    """The paragraph around the trigger, the trigger in «»; the trigger alone without its article."""
    if article is None or event.paragraph >= len(article.paragraphs):
        return f"«{event.trigger.text}»"
    text, start, end = article.paragraphs[event.paragraph], event.trigger.start, event.trigger.end
    left, right = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    before, after = "…" * (start > CONTEXT), "…" * (end + CONTEXT < len(text))
    return f"{before}{left}«{text[start:end]}»{right}{after}"


def cells(event: Event) -> str:
    """An event in one line, in the spirit of the written form."""
    parts = [event.trigger.text, event.type + (f"/{event.mode}" if event.mode else ""), event.status]
    for letter, mentions in (("A", event.actors), ("R", event.recipients), ("S", event.speaker)):
        if mentions:
            parts.append(f"{letter}: " + " ; ".join(_cell(m, "+".join(m.codes)) for m in mentions))
    if event.place:
        parts.append("P: " + _cell(event.place, event.place.country))
    if event.time:
        parts.append("T: " + _cell(event.time, event.time.value))
    if event.toll:
        parts.append("N: " + ";".join(f"{name} {value}" for name, value in event.toll.items()))
    if event.confidence is not None:
        parts.append(f"{event.confidence:.2f}")
    return " | ".join(parts)


def _cell(cell: Mention | Place | Time, value: str | None) -> str:
    return f"{cell.text or '^'}={value or '?'}"


def spans_report(result: GoldSpans) -> str:
    """Resolution alone as lines of text."""
    lines = ["resolution over gold spans"]
    for title, shares in (("written in the paragraph", result.written), ("understood (^)", result.understood)):
        lines.append(f" {title}")
        lines += [f"  {name:20} {share}" for name, share in shares.items()]
    if result.mistakes:
        lines.append(" commonest mistakes (cell, words, gold, coded)")
        lines += [f"  {m.count:4} {m.cell:10} {m.text}  {m.gold}  {m.coded}" for m in result.mistakes]
    return "\n".join(lines) + "\n"


def body_text(result: BodyShares, mistakes: int = 0) -> str:
    """Body and junk shares as lines of text, with that many paragraphs lost and left standing."""
    lines = [
        f"body kept             {result.kept}",
        f"junk dropped          {result.junk}  (without subheadings and teasers)",
    ]
    lines += [f"  {reason:18}  {share}" for reason, share in result.dropped.items()]
    lines.append(f"with the same reason  {result.reasons}")
    for title, places in (("body lost", result.lost), ("junk left", result.left)):
        lines += [f"{title}: {article} paragraph {number} ({reason})" for article, number, reason in places[:mistakes]]
    return "\n".join(lines) + "\n"
