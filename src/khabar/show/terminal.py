"""An article in the terminal: right to left, events marked by number and colour, all cells listed under it.

Lines are in logical order, which terminals turn themselves; `bidi` turns them for those that do not. Without colour the
marks stay readable: `[قصف]3` is the trigger of event 3.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from khabar.arabic import display
from khabar.records import Article, CodedArticle, Event, Mention, Place, Time
from khabar.show.cells import cell_lines, other_mentions, summary
from khabar.show.labels import colour, word
from khabar.show.marks import BIDI, Mark, in_order, marks_of, plain, segments

_MARKED = re.compile(r"\[([^\[\]]*)\](\d+(?:,\d+)*)")
# The same after reordering: the number stands left of the word.
_TURNED = re.compile(r"(\d+(?:,\d+)*)\[([^\[\]]*)\]")
_INDENT = 4


def show_terminal(
    article: Article,
    coded: CodedArticle,
    *,
    width: int = 100,
    bidi: bool = False,
    why: bool = False,
    color: bool | None = None,
) -> str:
    """The article as text for a terminal of `width` columns, with a line break at its end.

    `bidi` reorders Arabic for terminals that do not; `why` adds reasons, confidences, methods and alternatives, and
    words that were nearly events; `color` forces or forbids colour (default: if standard output is a terminal).
    """
    if color is None:
        color = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    sheet = _Sheet(max(width, 30), bidi, color)
    events = in_order(coded)
    _head(sheet, article)
    _body(sheet, article, coded, events)
    _list(sheet, coded, events, why)
    _dropped(sheet, article)
    if why:
        _near(sheet, coded)
    return sheet.text()


class _Sheet:
    """Lines written so far, at a width and in an order."""

    def __init__(self, width: int, bidi: bool, color: bool) -> None:
        self.width, self.bidi = width, bidi
        self.out = io.StringIO()
        self.console = Console(
            file=self.out, width=width, force_terminal=color, color_system="standard" if color else None,
            no_color=not color, highlight=False, markup=False, emoji=False, soft_wrap=True, legacy_windows=False,
        )  # fmt: skip

    def text(self) -> str:
        return self.out.getvalue()

    def line(self, text: str = "", style: str = "", indent: int = 0) -> None:
        """Text of any length in the listing: left to right, wrapped, each line indented."""
        for part in wrap(BIDI.sub("", plain(text)), self.width - indent):
            shown = display.visual(part, "ltr") if self.bidi else part
            self.console.print(Text(" " * indent + shown, style=style))

    def paragraph(self, marked: str, styles: dict[int, str], style: str = "") -> None:
        """A paragraph of the article, right to left: turned and set to the right if the terminal does not turn."""
        for part in wrap(marked, self.width):
            shown, pattern = part, _MARKED
            number, words = 2, 1
            if self.bidi:
                turned = display.visual(part, "rtl")
                shown, pattern = " " * (self.width - display.width(turned)) + turned, _TURNED
                number, words = 1, 2
            text = Text(shown, style=style)
            for match in pattern.finditer(shown):
                event = int(match[number].split(",")[0])
                text.stylize(styles.get(event, ""), *match.span(words))
                text.stylize("bold", *match.span(number))
            self.console.print(text)


def wrap(text: str, width: int) -> Iterator[str]:
    """Lines of at most `width` columns, broken at spaces; a longer word is broken anywhere."""
    line, used = "", 0
    for piece in text.split(" "):
        length = display.width(piece)
        if line and used + 1 + length > width:
            yield line
            line, used = "", 0
        while length > width:
            yield piece[:width]
            piece = piece[width:]
            length = display.width(piece)
        line, used = (f"{line} {piece}", used + 1 + length) if line else (piece, length)
    yield line


def _head(sheet: _Sheet, article: Article) -> None:
    title = BIDI.sub("", plain(article.paragraphs[0] if article.paragraphs else ""))
    if not title:
        sheet.line(word("no_title", "en"), "dim")
    date = article.date or word("no_date", "en")
    if article.date_evidence:
        date += f" ({article.date_evidence})"
    known = (article.outlet, date, article.agency, article.byline, article.url or article.source, article.id)
    sheet.line(" · ".join(part for part in known if part), "dim")
    sheet.line()


def _body(sheet: _Sheet, article: Article, coded: CodedArticle, events: Sequence[Event]) -> None:
    marks, reasons = marks_of(events), dict(coded.not_body)
    styles = {number: f"bold {colour(event.type)} underline" for number, event in enumerate(events, 1)}
    for number, paragraph in enumerate(article.paragraphs):
        if not paragraph.strip():
            continue
        if number in reasons:
            sheet.paragraph(f"({reasons[number]}) {BIDI.sub('', plain(paragraph))}", {}, "dim")
        else:
            sheet.paragraph(marked(paragraph, marks.get(number, ())), styles, "bold" if number == 0 else "")
        sheet.line()


def marked(paragraph: str, marks: Sequence[Mark]) -> str:
    """The paragraph with its triggers in brackets and the numbers of their events behind."""
    triggers = [mark for mark in marks if mark.role == "trigger"]
    parts = []
    for segment in segments(paragraph, triggers):
        text = BIDI.sub("", plain(segment.text))
        numbers = ",".join(str(mark.event) for mark in segment.marks)
        parts.append(f"[{text}]{numbers}" if numbers else text.replace("[", "(").replace("]", ")"))
    return "".join(parts)


def _list(sheet: _Sheet, coded: CodedArticle, events: Sequence[Event], why: bool) -> None:
    if not events:
        sheet.line(word("no_events", "en"))
    others = other_mentions(coded, events)
    size = len(str(len(events)))
    for number, event in enumerate(events, 1):
        head = f"{number:{size}}  {summary(event)}"
        if others.get(number):
            head += f"  same act: {', '.join(map(str, others[number]))}"
        sheet.line(head, f"bold {colour(event.type)}")
        for role, value in cell_lines(event):
            sheet.line(f"{word(role, 'en'):10} {value}", indent=_INDENT)
        if why:
            for reason in reasons_of(event):
                sheet.line(reason, "dim", indent=_INDENT)


def reasons_of(event: Event) -> Iterator[str]:
    """Why an event is as it is: its reasons, the probabilities of its cells, methods and alternatives."""
    yield from (f"why: {reason}" for reason in event.why)
    if event.cells:
        yield "confidence: " + ", ".join(f"{name} {value:.2f}" for name, value in event.cells.items())
    cells: list[Mention | Place | Time] = [*event.actors, *event.recipients, *event.speaker]
    cells += [cell for cell in (event.place, event.time) if cell]
    for cell in cells:
        parts = []
        method = cell.reason if isinstance(cell, Time) else cell.method
        if method:
            parts.append(method)
        if cell.confidence is not None:
            parts.append(f"{cell.confidence:.2f}")
        if not isinstance(cell, Time) and cell.alternatives:
            parts.append("or " + ", ".join(cell.alternatives))
        if not isinstance(cell, Time) and cell.guess:
            parts.append("model: " + ", ".join(f"{code} {p:.2f}" for code, p in cell.guess[:3]))
        if parts:
            yield f"{cell.text or '^'}: {'; '.join(parts)}"


def _dropped(sheet: _Sheet, article: Article) -> None:
    if not article.dropped:
        return
    sheet.line()
    sheet.line(f"{word('dropped', 'en')} ({len(article.dropped)})", "bold")
    for dropped in article.dropped:
        sheet.line(f"{dropped.reason:12} {dropped.line}", "dim", indent=_INDENT)


def _near(sheet: _Sheet, coded: CodedArticle) -> None:
    if not coded.near:
        return
    sheet.line()
    sheet.line(word("near", "en"), "bold")
    for near in coded.near:
        line = f"{near.trigger.text}  {near.type}  {near.probability:.2f}  ¶{near.paragraph}"
        sheet.line(line, "dim", indent=_INDENT)
