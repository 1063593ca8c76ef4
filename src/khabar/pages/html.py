"""HTML to lines with hints: blocks of the page in reading order, what trafilatura keeps, and the container of the body.

Trafilatura in precision mode says where the body is. What it loses on Arabic pages (a lead in a block of its own,
paragraphs made of `div` and `br`, short paragraphs) is taken from the same container; what it keeps too much of
(related headlines, captions) is for the labeller to drop, by wording and by tag, class and id of the blocks around.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from functools import cache
from typing import Any, NamedTuple

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from trafilatura import bare_extraction

from khabar.arabic import clean_text, fold_key

from .cues import rows
from .faults import PageError
from .lines import Hint

MAX_ELEMENTS = 150_000  # beyond, a page is no article; trafilatura would take minutes
_LONGEST_TEXT = 200_000  # characters of an extracted text in which single lines are looked up
_CLIMB = 4  # levels to go up from a container that holds one line only
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "button",
        "label",
        "time",
    ]
)
_SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "iframe",
        "select",
        "textarea",
        "object",
        "embed",
        "audio",
        "video",
        "canvas",
        "head",
        "math",
        "input",
    ]
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NEGATED = re.compile(
    r"\b(?:with|has|no|without|hide|show|is|not)[-_][\w\-]+", re.IGNORECASE
)  # "with-share", "no-sidebar"
_SPACE = re.compile(r"[\s\xa0]+")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_COMPACT = re.compile(r"[\W_]+")


class Block(NamedTuple):
    """A line of the page: text, the hint its markup gives, its element, and whether it looks like prose."""

    text: str
    hint: Hint
    element: HtmlElement
    time: str | None  # the datetime attribute of a time tag around it


def parse(html: str) -> HtmlElement:
    """The tree of a page; nesting deeper than 256 is cut by the parser. Raises PageError where there is no page."""
    data = _NOT_XML.sub(" ", html).encode("utf-8", "replace")
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        tree = document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise PageError(f"HTML that cannot be read: {error}") from None
    return tree


def count_elements(tree: HtmlElement) -> int:
    """Number of elements, counted no further than the limit."""
    number = 0
    for number, _ in enumerate(tree.iter(), 1):
        if number > MAX_ELEMENTS:
            break
    return number


@cache
def _markup() -> tuple[dict[str, str], tuple[tuple[re.Pattern[str], str], ...]]:
    tags = {row[1]: row[2] for row in rows("markup") if row[0] == "tag"}
    parts = tuple(
        (re.compile(rf"(?:^|[\s_\-]|[a-z](?=[A-Z]))(?:{row[1]})(?=$|[\s_\-\d])", re.IGNORECASE), row[2])
        for row in rows("markup")
        if row[0] == "attr"
    )
    return tags, parts


@cache
def _byline_link() -> re.Pattern[str]:
    return re.compile("|".join(row[1] for row in rows("markup") if row[0] == "href"), re.IGNORECASE)


@cache
def _attribute_reason(names: str) -> str | None:
    return next((reason for pattern, reason in _markup()[1] if pattern.search(names)), None)


def _own_reason(element: HtmlElement) -> str | None:
    tag = element.tag
    if tag in ("html", "body", "main", "article", "h1", "p"):
        return None
    reason = _markup()[0].get(tag)
    if tag == "a":
        return "byline" if _byline_link().search(element.get("href") or "") else None
    if reason is None:
        names = _NEGATED.sub(" ", f"{element.get('class') or ''} {element.get('id') or ''}").strip()
        reason = _attribute_reason(names[:300]) if names else None
    return reason


class _State(NamedTuple):
    element: HtmlElement
    marked: HtmlElement | None  # innermost element around that carries a reason
    link: bool
    heading: int
    time: str | None


def blocks(tree: HtmlElement) -> list[Block]:
    """Lines of the page in reading order; reasons of containers that hold most of the prose are taken back."""
    found: list[tuple[str, float, _State]] = []
    stack: list[_State] = []
    reasons: dict[HtmlElement, str] = {}
    buffer: list[tuple[str, bool]] = []

    def flush() -> None:
        text = _SPACE.sub(" ", "".join(part for part, _ in buffer)).strip()
        if text and stack:
            letters = sum(len(part.strip()) for part, _ in buffer) or 1
            linked = sum(len(part.strip()) for part, link in buffer if link)
            found.append((text, linked / letters, stack[-1]))
        buffer.clear()

    body = tree.find("body")
    walk = etree.iterwalk(tree if body is None else body, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if not isinstance(tag, str):
            continue
        if event == "start":
            skip = tag in _SKIPPED or _HIDDEN.search(element.get("style") or "") or element.get("hidden") is not None
            if skip:
                walk.skip_subtree()
            if tag in _BLOCKS:
                flush()
            outer = stack[-1] if stack else None
            marked = outer.marked if outer else None
            reason = None if skip else _own_reason(element)
            if reason is not None:
                reasons[element] = reason
                marked = element if marked is None else marked
            level = (
                int(tag[1]) if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit() else (outer.heading if outer else 0)
            )
            time = (element.get("datetime") or "") if tag == "time" else (outer.time if outer else None)
            holder = element if tag in _BLOCKS or outer is None else outer.element
            stack.append(_State(holder, marked, tag == "a" or bool(outer and outer.link), level, time))
            if element.text and not skip:
                buffer.append((element.text, stack[-1].link))
        else:
            if tag in _BLOCKS:
                flush()
            if stack:
                stack.pop()
            if element.tail and stack:
                buffer.append((element.tail, stack[-1].link))
    return _without_false_reasons(found, reasons)


def _without_false_reasons(found: Sequence[tuple[str, float, _State]], reasons: dict[HtmlElement, str]) -> list[Block]:
    """A container called `sidebar-wrap` that holds the article is no sidebar: its reason is dropped."""
    prose: dict[HtmlElement, int] = {}
    total = 0
    for text, link, state in found:
        if len(text) > 60 and link < 0.4:
            total += len(text)
            if state.marked is not None:
                prose[state.marked] = prose.get(state.marked, 0) + len(text)
    result = []
    for text, link, state in found:
        marked = state.marked
        reason = reasons[marked] if marked is not None else None
        if marked is not None and total and prose.get(marked, 0) > 0.4 * total:
            reason = _inner_reason(state.element, marked, reasons)
        result.append(
            Block(clean_text(text).strip(), Hint(link, state.heading, False, reason), state.element, state.time)
        )
    return [block for block in result if block.text]


def _inner_reason(element: HtmlElement, outer: HtmlElement, reasons: dict[HtmlElement, str]) -> str | None:
    node: HtmlElement | None = element
    while node is not None and node is not outer:
        if node in reasons:
            return reasons[node]
        node = node.getparent()
    return None


def compact(text: str) -> str:
    """Letters and digits only, folded: for looking a line up in a text that breaks its lines elsewhere."""
    return _COMPACT.sub("", fold_key(text).lower())


class Kept(NamedTuple):
    """What the extractor kept, `compact`: its lines, and the whole for lines that it broke elsewhere."""

    lines: frozenset[str] = frozenset()
    whole: str = ""

    def holds(self, key: str) -> bool:
        return len(key) > 3 and (key in self.lines or key in self.whole)


def extracted(tree: HtmlElement) -> Kept:
    """What trafilatura keeps in precision mode; nothing where it fails. The tree stays as it is."""
    try:
        document: Any = bare_extraction(
            deepcopy(tree), favor_precision=True, include_comments=False, include_tables=True, deduplicate=False,
            with_metadata=False, fast=True,
        )  # fmt: skip
    except Exception:  # whatever a broken page does to it, our own reading goes on
        return Kept()
    return as_kept(document.text or "") if document is not None else Kept()


def as_kept(text: str) -> Kept:
    """A text by lines and as a whole; of a text longer than any article only the lines: looking in it takes long."""
    return Kept(frozenset(map(compact, text.splitlines())), compact(text) if len(text) < _LONGEST_TEXT else "")


def trusted(found: Sequence[Block], kept: Kept, metadata_texts: Sequence[str]) -> list[Block]:
    """Blocks with the hint that the extractor kept them; a sentence that the page itself gives as its description or
    body, or that the extractor kept, loses a reason that rests on the name of a class around it."""
    told = [key for key in (compact(text) for text in metadata_texts) if len(key) > 20]
    result = []
    for block in found:
        key = compact(block.text)
        is_kept = kept.holds(key)
        hint = block.hint._replace(kept=is_kept)
        if hint.reason is not None and hint.link < 0.3 and len(key) >= 25:
            opening = key[:60]
            known = any(opening in text or (text[:60] in key) for text in told)
            closed = block.text.rstrip()[-1:] in '.؟!…"»”' and hint.reason not in (
                "caption",
                "read_also",
                "comment_form",
            )
            if known or (is_kept and closed):
                hint = hint._replace(reason=None)
        result.append(block._replace(hint=hint))
    return result


def region(found: Sequence[Block], article_body: str | None) -> tuple[int, int]:
    """First and last + 1 block of the container that holds the body."""
    told = as_kept(article_body) if article_body else Kept()
    weights: dict[HtmlElement, float] = {}
    total = 0.0
    picked = [block for block in found if is_prose(block) and (block.hint.kept or told.holds(compact(block.text)))]
    if not picked:
        picked = [block for block in found if is_prose(block)] or [b for b in found if b.hint.reason is None]
    for block in picked:
        weight = float(min(len(block.text), 600))
        total += weight
        for node in _line_of(block.element):
            weights[node] = weights.get(node, 0.0) + weight
    if not weights:
        return 0, len(found)
    inside = {node for node, weight in weights.items() if weight >= 0.75 * total}
    best = next((node for block in picked for node in _line_of(block.element) if node in inside), None)
    if best is None:
        return 0, len(found)
    for _ in range(_CLIMB):
        numbers = [n for n, block in enumerate(found) if any(node is best for node in _line_of(block.element))]
        parent = best.getparent()
        if len(numbers) > 1 or parent is None or parent.tag == "html":
            break
        best = parent  # a paragraph is no container: what stands beside it may be text too
    return (numbers[0], numbers[-1] + 1) if numbers else (0, len(found))


def is_prose(block: Block) -> bool:
    """Whether a block reads as running text."""
    return block.hint.reason is None and block.hint.link < 0.5 and len(block.text) >= 40


def _line_of(element: HtmlElement) -> Iterator[HtmlElement]:
    yield element
    yield from element.iterancestors()
