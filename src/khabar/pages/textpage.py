"""Plain scraped text to title, paragraphs and dropped lines."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache

from khabar.arabic import clean_text
from khabar.records import Dropped, Page

from .body import Body, dropped_line
from .creditlines import relabel, signature
from .cues import is_date_line, rows
from .encoding import repair
from .faults import PageError
from .lines import is_place_and_name, label_lines
from .outlets import own_names
from .titles import clean_title, tokens

_NEAR = 3  # lines above the title that may hold its date


@cache
def _glued() -> re.Pattern[str]:
    """A headline of another story inside a paragraph: its cue and all up to a word with which the text goes on."""
    words = {row[0]: "|".join(re.escape(word) for word in row[1].split("|")) for row in rows("glue")}
    return re.compile(
        rf"\s*(?:{words['head']})\s?(?:{words['also']})\s*:?\s*.{{10,200}}?(?=\s(?:{words['resume']})(?:[\s،,:]|$))"
    )


def read_text(page: Page, repeated: Collection[str]) -> Body:
    text, _ = repair(page.text or "")
    lines = [line for line in (clean_text(raw).strip() for raw in text.splitlines()) if line]
    if not lines:
        raise PageError("no text of an article in this page")
    lines = [part for line in lines for part in _unglue(line)]
    title, places = _text_title(page.title, lines)
    own = own_names(page.outlet, (), [("given", page.title or ""), ("first line", lines[0])], title)
    above = places[-1] + 1 if places else 0
    labels = label_lines(
        lines, title=title, whole=True, repeated=repeated, outlet=page.outlet, url=page.url, above=above, own=own
    )
    first = next((number for number in range(above, len(lines)) if labels[number] is None), len(lines))
    if not places and not title:
        title, places = _title_above(lines, labels, first)
    for number in places:
        labels[number] = None
    near = range(max(0, (places[-1] if places else first) - _NEAR), min(len(lines), first + 1))
    date_lines = [lines[number] for number in near if is_date_line(lines[number])]
    datelines = [lines[number] for number in near if labels[number] is not None and number not in places]
    last = max((number for number, label in enumerate(labels) if label is None), default=first)
    between = range((places[-1] + 1) if places else near.start, first)
    for number, reason in relabel(lines, labels, [*between, *signature(lines, last + 1)], own).items():
        labels[number] = reason
    bylines = [lines[number] for number in range(near.start, min(last + 3, len(lines))) if labels[number] == "byline"]
    paragraphs = [
        line
        for number, (line, label) in enumerate(zip(lines, labels, strict=True))
        if label is None and number not in places
    ]
    dropped = [dropped_line(line, label) for line, label in zip(lines, labels, strict=True) if label is not None]
    if len(places) > 1:  # the title stood there twice: once as the head of the page
        dropped.insert(0, Dropped(line=lines[places[0]], reason="menu"))
    return Body(
        title, tuple(paragraphs), tuple(dropped), tuple(date_lines), tuple(bylines), datelines=tuple(datelines), own=own
    )


def _unglue(line: str) -> Iterator[str]:
    """Parts a paragraph from a headline that a template glued into it ("… محددة. اقرأ أيضاً العالم… وقال …")."""
    match = _glued().search(line) if len(line) > 200 else None
    if match is None or (match.start() < 20 and match.start() != 0):
        yield line
        return
    before, glued, after = line[: match.start()].strip(), match[0].strip(), line[match.end() :].strip()
    yield from (part for part in (before, glued) if part)
    if after:
        yield from _unglue(after)


def _text_title(given: str | None, lines: Sequence[str]) -> tuple[str, list[int]]:
    """The title of a text page and the lines that hold it, the last of them right above the body: the line that the
    head of the page or its carrier gives, else none yet."""
    short = [n for n in range(len(lines)) if 2 <= len(lines[n].split()) <= 30 and not is_date_line(lines[n])]
    opening = clean_title(lines[0])
    given = given if given and len(tokens(given)) >= 2 else None  # one word is the outlet, no headline
    if given:
        title = clean_title(given, (), lines[:3])
        same = [n for n in short if tokens(lines[n]) in (tokens(title), tokens(given)) and _above_prose(lines, n)]
        if same:
            return title, same[:1] if same[0] else same[:2]
    for test, within in ((_contains, 30), (_reorders, 12)):  # word for word before another order
        for later in short:
            if later and test(tokens(opening), tokens(lines[later])) and _above_prose(lines, later, within):
                return lines[later], [0, later]
    return (clean_title(given, (), lines[:3]), []) if given else ("", [])


def _above_prose(lines: Sequence[str], number: int, within: int = 30) -> bool:
    """Whether a long closed line follows soon: a title stands above its article, a headline in a list does not."""
    return any(
        len(line.split()) >= 12 and line.rstrip(' "”»)').endswith((".", "؟", "!", "…"))
        for line in lines[number + 1 : number + 1 + within]
    )


def _title_above(lines: Sequence[str], labels: Sequence[str | None], first: int) -> tuple[str, list[int]]:
    """The title of a page whose head repeats none: its first line, or the bare line right above the body."""
    bare = ("menu", "teaser", "read_also", "caption", "heading")
    head = [n for n in range(min(first, len(lines))) if labels[n] in bare and _may_be_title(lines[n])]
    if head:
        choice = 0 if head[0] == 0 and (first <= 4 or len(head) == 1) else head[-1]
        return clean_title(lines[choice]), [choice]
    if first == 0 and len(lines) > 1 and _is_headline(lines[0]):
        return clean_title(lines[0]), [0]
    return "", []


def _may_be_title(line: str) -> bool:
    return 3 <= len(tokens(line)) <= 30 and "://" not in line and not is_place_and_name(line)


def _is_headline(line: str) -> bool:
    return len(line.split()) <= 25 and not line.rstrip().endswith((".", "،", "؛", ":"))


def _contains(head: Sequence[str], line: Sequence[str]) -> bool:
    """Whether the words of a line open or end the head of the page and are most of it."""
    size = len(line)
    return size >= 3 and size >= 0.5 * len(head) and (head[:size] == line or head[-size:] == line)


def _reorders(head: Sequence[str], line: Sequence[str]) -> bool:
    """Whether a line is the headline of the head in other words or another order."""
    return len(line) >= 3 and sum(word in head for word in line) >= 0.75 * max(len(line), len(head))
