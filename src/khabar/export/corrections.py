"""Corrected articles in the gold's written form (`docs/codebook.md` section 10), for judging and training.

Each article stands whole, as it is shown: people's word where they gave one, the coder's elsewhere. A comment line
before an event says whose it is; what people deleted is a comment alone. `khabar.judging.read_coding` reads it.
"""

from __future__ import annotations

from collections.abc import Sequence

from khabar.archive import Judged
from khabar.archive.about import JudgedArticle
from khabar.judging import write_coding, write_event
from khabar.records import Article, CodedArticle, Event, encode


def complete(judged: Sequence[Judged]) -> bool:
    """Whether people spoke of every event of an article: nothing in it is the coder's word alone."""
    return all(one.standing is not None and one.standing.verdict != "undone" for one in judged)


def written(article: Article, coded: CodedArticle, judged: Sequence[Judged], about: JudgedArticle | None = None) -> str:
    """One article in the written form. `judged` are all its events, those deleted too; `about` says whose its contexts
    and lines are."""
    bare = CodedArticle(id=coded.id, contexts=coded.contexts, not_body=coded.not_body)
    lines = [*_whole(about), write_coding(bare, {coded.id: article}).rstrip("\n")]
    for one in judged:
        said = one.standing if one.standing and one.standing.verdict != "undone" else None
        whose = f"# {said.verdict} · {said.who} · {said.at[:10]}" if said else "# coder"
        coder = said.coder if said else None
        if one.event is None:
            lines.append(f"{whose}: {_line(coder, article)}" if coder else whose)
            continue
        line = _line(one.event, article)
        if said and coder and (own := _line(coder, article)) != line:
            whose += f" · coder: {own}"
        lines += [whose, line]
    return "\n".join(lines) + "\n"


def _whole(about: JudgedArticle | None) -> list[str]:
    """Comments on what people said of contexts and lines, with the coder's own."""
    if about is None or not (about.contexts_judged or about.lines):
        return []
    whose = f"{about.who} · {(about.at or '')[:10]}"
    lines = []
    if about.contexts_judged:
        lines.append(f"# contexts changed · {whose} · coder: {';'.join(about.own_contexts) or '-'}")
    own = dict(about.own_not_body)
    for number, reason in about.lines:
        lines.append(f"# paragraph {number} {reason or 'text'} · {whose} · coder: {own.get(number, 'text')}")
    return lines


def _line(event: Event, article: Article) -> str:
    """The event's line; a comment where the form cannot write it."""
    try:
        return write_event(event, article.paragraphs[event.paragraph])
    except (ValueError, IndexError) as error:
        return f"# left out, {event.type} in paragraph {event.paragraph}: {error}"


def article_line(article: Article) -> bytes:
    """The article as a line of JSON, as `khabar evaluate --articles` and training read it."""
    return encode(article) + b"\n"
