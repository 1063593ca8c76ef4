"""HTML to title, paragraphs and dropped lines: trafilatura's body, mended from the page's own blocks and metadata."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from khabar.arabic import clean_text
from khabar.records import Page

from . import html as markup
from .body import Body, dropped_line
from .creditlines import relabel, signature
from .cues import find_cue, is_date_line
from .datelines import dateline
from .encoding import repair
from .faults import PageError
from .lines import label_lines
from .metadata import read_metadata
from .outlets import own_names
from .titles import Heading, choose_title, tokens

_NEAR = 25  # blocks between title and body: day, writer, pictures, buttons


def read_html(page: Page) -> Body:
    source, _ = repair(page.html or "")
    tree = markup.parse(source)
    if markup.count_elements(tree) > markup.MAX_ELEMENTS:
        raise PageError(f"more than {markup.MAX_ELEMENTS} elements, no page of an article")
    metadata = read_metadata(tree)
    found = markup.blocks(tree)
    if not found:
        raise PageError("no text of an article in this page")
    kept = markup.extracted(tree)
    found = markup.trusted(found, kept, [text for text in (metadata.description, metadata.article_body) if text])
    start, end = markup.region(found, metadata.article_body)
    headings = _headings(found, start, end)
    given = [("given", page.title)] if page.title else []
    sites = [*metadata.site_names, *([page.outlet] if page.outlet else [])]
    prose = " ".join(block.text for block in found[start:end] if markup.is_prose(block) and not block.hint.heading)
    title = choose_title([*given, *metadata.titles], headings, sites, prose)
    own = own_names(page.outlet, metadata.site_names, [*given, *metadata.titles], title)
    start = _with_lead(found, title, start)
    inside = found[start:end]
    url = page.url or metadata.url
    hints = [block.hint for block in inside]
    lines = [block.text for block in found]
    labels = label_lines(
        lines[start:end], title=title, whole=True, hints=hints, outlet=page.outlet, url=url, own=own
    )  # fmt: skip
    reasons = [*map(_outer_reason, found[:start]), *labels, *map(_outer_reason, found[end:])]
    same = [tokens(line) == tokens(title) for line in lines]
    body = [number for number, reason in enumerate(reasons) if reason is None and not same[number]]
    first, after = (body[0], body[-1] + 1) if body else (start, end)
    head = _near_title(found, title, first)
    for number, reason in relabel(lines, reasons, [*head, *signature(lines, after)], own).items():
        reasons[number] = reason
    paragraphs = _or_article_body([lines[number] for number in body], metadata.article_body)
    dropped = [
        dropped_line(line, reason)
        for number, (line, reason) in enumerate(zip(lines, reasons, strict=True))
        if reason is not None and not (same[number] and number < end)
    ]
    bylines: list[str] = []
    for near in (range(start, end), range(max(0, first - 12), start)):
        bylines = bylines or [
            lines[n] for n in near if reasons[n] == "byline" and len(lines[n]) < 90 and not same[n]
            and not _is_place(lines[n], own)
        ]  # fmt: skip
    dates = [time for number in head if (time := found[number].time)]
    dates += [lines[number] for number in head if len(lines[number]) <= 120 and is_date_line(lines[number])]
    above = tuple(lines[number] for number in head[:-1] if not same[number])
    return Body(title, tuple(paragraphs), tuple(dropped), tuple(dates), tuple(bylines), metadata, above, own)


def _headings(found: Sequence[markup.Block], start: int, end: int) -> list[Heading]:
    """First-level headings up to the end of the body, then lower ones: what may be the title."""
    first = _first_prose(found, start, end)
    headings = []
    for number, block in enumerate(found[:end]):
        if 0 < block.hint.heading <= 3 and len(block.text) > 8:
            above = number < first <= number + _NEAR
            near = above and block.hint.reason is None and block.hint.link < 0.5
            headings.append(Heading(block.text, block.hint.heading, above, near))
    return sorted(headings, key=lambda heading: heading.level)


def _first_prose(found: Sequence[markup.Block], start: int, end: int) -> int:
    inside = range(start, end)
    return next((n for n in inside if not found[n].hint.heading and markup.is_prose(found[n])), start)


def _with_lead(found: Sequence[markup.Block], title: str, start: int) -> int:
    """Moves the start of the body up to a lead that stands in a block of its own between title and body."""
    above = [n for n in range(start) if tokens(found[n].text) == tokens(title) and found[n].hint.heading]
    if not above or start - above[-1] > _NEAR:
        return start
    for number in range(above[-1] + 1, start):
        block = found[number]
        if (
            block.hint.reason is None
            and block.hint.link < 0.3
            and len(block.text) > 60
            and block.text.rstrip()[-1:] in '.…"»”!؟'
        ):
            return number
    return start


def _or_article_body(paragraphs: list[str], article_body: str | None) -> list[str]:
    """The body of the page's own JSON-LD where the page shows (almost) nothing of it."""
    if not article_body:
        return paragraphs
    shown = sum(len(text) for text in paragraphs)
    if shown >= 0.5 * len(article_body):
        return paragraphs
    plain = re.sub(r"<[^>]{0,200}>", "\n", article_body)
    return [line for line in (clean_text(part).strip() for part in plain.splitlines()) if line] or paragraphs


def _outer_reason(block: markup.Block) -> str:
    cue = find_cue(block.text)
    if cue is not None:
        return cue.reason
    if block.hint.reason is not None:
        return block.hint.reason
    if is_date_line(block.text):
        return "other"
    return "menu" if len(block.text.split()) <= 4 else "teaser"


def _is_place(line: str, own: Collection[str]) -> bool:
    """Whether a line tells place and day, and no writer."""
    found = dateline(line, own)
    return found is not None and (found.place or found.agency) is not None


def _near_title(found: Sequence[markup.Block], title: str, first: int) -> range:
    """Numbers of the blocks from right above the title to the first of the body, which hold the page's date: the clock
    in a page's head is none."""
    titles = [n for n in range(first + 1) if tokens(found[n].text) == tokens(title)]
    return range(max(0, (titles[-1] if titles else first) - 3), min(first + 1, len(found)))
