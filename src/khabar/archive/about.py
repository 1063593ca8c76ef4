"""A person's word about an article as a whole, laid over what a coder says: its contexts, and which paragraphs are no
text of it. Pure functions over records.

A paragraph is found again in another version of the page by its text. Events that the coder tells in a paragraph that a
person judged no text are withheld: kept with the word, and shown again when it is taken back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence

import msgspec

from khabar.archive.corrected import line_number
from khabar.archive.errors import CorrectionError
from khabar.codebook import CONTEXTS, REASONS
from khabar.records import Article, CodedArticle, Event, Record

TEXT = ""  # the reason of a paragraph that a person judged text


class By(Record, frozen=True):
    """Who said something, and when (UTC)."""

    who: str
    at: str


class Line(Record, frozen=True):
    """A person's word about a paragraph: the number of its text, where it stood, why it is no text (`TEXT`: it is), and
    who said so (None in archives of before)."""

    line: int
    paragraph: int
    reason: str
    by: By | None = None


class About(Record, frozen=True, kw_only=True):
    """What people say of an article now. `contexts` is None where nobody spoke of them. `own_contexts`,
    `own_not_body` and `withheld` are the coder's. `version` counts the steps so far; `who` and `at` are of the last."""

    page: str
    contexts: tuple[str, ...] | None = None
    contexts_by: By | None = None
    lines: tuple[Line, ...] = ()
    own_contexts: tuple[str, ...] = ()
    own_not_body: tuple[tuple[int, str], ...] = ()
    withheld: tuple[Event, ...] = ()
    version: int = 0
    who: str = ""
    at: str = ""


class JudgedArticle(Record, frozen=True, kw_only=True):
    """An article's contexts and lines as they are shown, and what people said of them. `lines` are those that people
    judged ("" is text), `lines_by` who judged them, `withheld` counts the coder's events in those that are no text;
    `etag` changes with every step."""

    id: str
    etag: str
    contexts: tuple[str, ...]
    not_body: tuple[tuple[int, str], ...]
    own_contexts: tuple[str, ...]
    own_not_body: tuple[tuple[int, str], ...]
    contexts_judged: bool = False
    contexts_by: By | None = None
    lines: tuple[tuple[int, str], ...] = ()
    lines_by: tuple[tuple[int, By], ...] = ()
    withheld: int = 0
    who: str | None = None
    at: str | None = None


def lay(article: Article, coded: CodedArticle, about: About | None, spoken: Collection[str]) -> tuple[
    CodedArticle, About | None
]:  # fmt: skip
    """The coding with the word over it, and the word as it stands there. `spoken` are ids of events that people spoke
    for: they are shown wherever they stand."""
    if about is None:
        return coded, None
    placed = [(number, one) for one in about.lines if (number := _found(article, one)) is not None]
    no_text = {number for number, one in placed if one.reason}
    withheld = tuple(event for event in coded.events if event.paragraph in no_text and event.id not in spoken)
    not_body = dict(coded.not_body)
    for number, one in placed:
        if one.reason:
            not_body[number] = one.reason
        else:
            not_body.pop(number, None)
    held = set(map(id, withheld))
    shown = msgspec.structs.replace(
        coded,
        contexts=coded.contexts if about.contexts is None else about.contexts,
        not_body=tuple(sorted(not_body.items())),
        events=tuple(event for event in coded.events if id(event) not in held),
    )
    now = msgspec.structs.replace(
        about, own_contexts=coded.contexts, own_not_body=coded.not_body, withheld=withheld,
        lines=tuple(
            msgspec.structs.replace(one, paragraph=found) if (found := _found(article, one)) is not None else one
            for one in about.lines
        ),
    )  # fmt: skip
    return shown, now


def lift(coded: CodedArticle, about: About | None) -> CodedArticle:
    """The shown coding without the word: the way back of `lay`."""
    if about is None:
        return coded
    events = sorted((*coded.events, *about.withheld), key=lambda e: (e.paragraph, e.trigger.start, e.type))
    return msgspec.structs.replace(
        coded, contexts=about.own_contexts, not_body=about.own_not_body, events=tuple(events)
    )


def _found(article: Article, one: Line) -> int | None:
    """Where the paragraph stands now: the nearest of that text."""
    same = [n for n, text in enumerate(article.paragraphs) if line_number(text) == one.line]
    return min(same, key=lambda n: abs(n - one.paragraph)) if same else None


def judged(article: Article, coded: CodedArticle, about: About | None) -> JudgedArticle:
    """What is shown, and what people said of it."""
    said = about or About(page="", own_contexts=coded.contexts, own_not_body=coded.not_body)
    placed = sorted(((n, one) for one in said.lines if (n := _found(article, one)) is not None), key=lambda p: p[0])
    state = msgspec.json.encode((said.version, coded.contexts, coded.not_body))
    return JudgedArticle(
        id=coded.id, etag=hashlib.sha256(state).hexdigest()[:16], contexts=coded.contexts, not_body=coded.not_body,
        own_contexts=said.own_contexts, own_not_body=said.own_not_body, contexts_judged=said.contexts is not None,
        contexts_by=said.contexts_by, lines=tuple((n, one.reason) for n, one in placed),
        lines_by=tuple((n, one.by) for n, one in placed if one.by), withheld=len(said.withheld),
        who=said.who or None, at=said.at or None,
    )  # fmt: skip


def check_contexts(contexts: Sequence[str]) -> tuple[str, ...]:
    """The contexts, each once, in the codebook's order. Raises `CorrectionError`."""
    if unknown := sorted(set(contexts) - set(CONTEXTS)):
        raise CorrectionError(f"no context {unknown[0][:40]!r}; contexts are {' '.join(CONTEXTS)}")
    return tuple(name for name in CONTEXTS if name in contexts)


def check_lines(article: Article, lines: Mapping[int, str | None], spoken: Sequence[Event]) -> None:
    """Raises `CorrectionError` for a paragraph that is not there, a reason that is none, the title, and a paragraph
    that tells one of the events that people spoke for."""
    for number, reason in lines.items():
        if not 0 <= number < len(article.paragraphs):
            raise CorrectionError(f"no paragraph {number}: the article has 0 to {len(article.paragraphs) - 1}")
        if not reason:
            continue
        if reason not in REASONS:
            raise CorrectionError(f"no reason {reason[:40]!r}; reasons are {' '.join(REASONS)}")
        if number == 0:
            raise CorrectionError("paragraph 0 is the title, which is text")
        here = [event.trigger.text for event in spoken if event.paragraph == number]
        if here:
            raise CorrectionError(
                f"paragraph {number} tells events that people spoke for (« {' · '.join(here)} »); delete them, or give "
                "them back to the coder first"
            )
