"""A person's word about events, laid over what a coder says: pure functions over records.

A person's word is kept as `Standing`: the words of the article that it is about, and the cells that the person set. It
finds its event again in another coding (same trigger) and in another version of the page (same words), so that no
coder's run takes it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import msgspec

from khabar.arabic import words
from khabar.archive import keys
from khabar.archive.errors import CorrectionError
from khabar.archive.flatten import interval
from khabar.codebook import MODES, TOLLS, TYPES, check_code
from khabar.records import STATUSES, Article, CodedArticle, Event, Mention, Place, Record, Time, Trigger

Verdict = Literal["accepted", "changed", "deleted", "added", "undone"]
CELLS = ("type", "mode", "status", "actors", "recipients", "speaker", "place", "time", "toll")
SIDES = ("actors", "recipients", "speaker")
# What says in a cell that a person set it.
HUMAN = "human"
MOST = 20  # parties of a side


class Standing(Record, frozen=True, kw_only=True):
    """What people say of one event now.

    `event_id` is the id under which it was first corrected, `shown` that of the present version (None where its words
    are gone). `cells` maps those of `CELLS` that a person set to their values as JSON gives them; `coder` is the
    coder's own event, `found` whether the present coding tells it. `version` counts the steps so far.
    """

    event_id: str
    page: str
    shown: str | None
    paragraph: int
    trigger: str
    trigger_start: int
    trigger_end: int
    line: int
    verdict: Verdict
    cells: dict[str, Any] = msgspec.field(default_factory=dict)
    coder: Event | None = None
    found: bool = True
    version: int = 0
    who: str = ""
    at: str = ""


class Overlaid(NamedTuple):
    """A coding with the words of people in it, and these words as they stand there."""

    coded: CodedArticle
    standing: tuple[Standing, ...]


def line_number(text: str) -> int:
    """The number that stands for a paragraph's text."""
    return keys.number(text)


def cells_of(event: Event, names: Iterable[str] = CELLS) -> dict[str, Any]:
    """Cells of an event as JSON gives them."""
    return {name: msgspec.to_builtins(getattr(event, name)) for name in names}


def with_cells(event: Event, cells: Mapping[str, Any]) -> Event:
    """The event with a person's cells in it, marked as a person's. Raises `CorrectionError` for values of another
    form."""
    try:
        typed = msgspec.convert(
            {"paragraph": event.paragraph, "trigger": event.trigger, "type": event.type, **cells}, Event
        )
    except msgspec.ValidationError as error:
        raise CorrectionError(f"this is no value of its cell: {error}") from None
    values = {name: _marked(getattr(typed, name)) for name in cells if name in CELLS}
    sure = {name: p for name, p in event.cells.items() if name not in values} | dict.fromkeys(values, 1.0)
    return msgspec.structs.replace(event, **values, confidence=1.0, cells=sure)


def _marked(value: Any) -> Any:
    if isinstance(value, Mention | Place):
        return msgspec.structs.replace(value, method=HUMAN, confidence=1.0, alternatives=(), guess=())
    if isinstance(value, Time):
        return msgspec.structs.replace(value, reason=HUMAN, confidence=1.0)
    return tuple(_marked(part) for part in value) if isinstance(value, tuple) else value


def overlay(article: Article, coded: CodedArticle, standing: Sequence[Standing]) -> Overlaid:
    """The coder's coding with the words of people over it. Events stand in the order of the text."""
    if not standing:
        return Overlaid(coded, ())
    placed = [(one, _anchor(article, one)) for one in standing]
    matched = _matches(coded.events, placed)
    taken = set(matched.values())
    said: dict[tuple[int, int, str], Event] = {}
    now: list[Standing] = []
    ids: set[str] = set()
    for n, (one, anchor) in enumerate(placed):
        at = matched.get(n)
        coder = coded.events[at] if at is not None else one.coder
        if anchor is None:
            now.append(msgspec.structs.replace(one, shown=None, found=False))
            continue
        paragraph, trigger = anchor
        moved = trigger.start != one.trigger_start or line_number(article.paragraphs[paragraph]) != one.line
        prefix = f"{article.id}:{paragraph}:{trigger.start}:"
        id_ = one.event_id if one.event_id.startswith(prefix) else prefix + one.event_id.rpartition(":")[2]
        cells = _found_again(one.cells, article.paragraphs[paragraph]) if moved else one.cells
        now.append(
            msgspec.structs.replace(
                one, shown=id_, paragraph=paragraph, trigger_start=trigger.start, trigger_end=trigger.end,
                line=line_number(article.paragraphs[paragraph]), coder=coder, found=at is not None, cells=cells,
            )
        )  # fmt: skip
        if one.verdict == "deleted" or (one.verdict == "undone" and at is None):
            continue
        if one.verdict == "undone" and coder:
            event = coder
        else:
            base = coder or Event(paragraph=paragraph, trigger=trigger, type=str(cells.get("type", TYPES[0])))
            if at is None and moved:
                base = with_cells(base, _found_again(cells_of(base), article.paragraphs[paragraph]))
            base = msgspec.structs.replace(base, paragraph=paragraph, trigger=trigger, id=id_)
            event = with_cells(base, cells)
        ids.add(event.id or "")
        said[(paragraph, trigger.start, event.type)] = event
    # A coder's event that a person's now equals in words and type would be told twice.
    kept = [
        event
        for n, event in enumerate(coded.events)
        if n not in taken and (event.paragraph, event.trigger.start, event.type) not in said and event.id not in ids
    ]
    events = sorted([*kept, *said.values()], key=lambda e: (e.paragraph, e.trigger.start, e.type))
    return Overlaid(msgspec.structs.replace(coded, events=tuple(events)), tuple(now))


def underlay(coded: CodedArticle, standing: Iterable[Standing]) -> CodedArticle:
    """What the coder says by itself: the shown coding without the words of people."""
    ours = {one.shown for one in standing}
    own = [one.coder for one in standing if one.found and one.coder and one.shown]
    events = [event for event in coded.events if event.id not in ours] + own
    return msgspec.structs.replace(
        coded, events=tuple(sorted(events, key=lambda e: (e.paragraph, e.trigger.start, e.type)))
    )


Anchor = tuple[int, Trigger]


def _matches(events: Sequence[Event], placed: Sequence[tuple[Standing, Anchor | None]]) -> dict[int, int]:
    """Number of a person's word -> number of the coder's event that it is about: the same trigger, the same type
    first."""
    matched: dict[int, int] = {}
    taken: set[int] = set()
    for strict in (True, False):
        for n, (one, anchor) in enumerate(placed):
            if anchor is None or n in matched:
                continue
            types = {one.event_id.rpartition(":")[2], one.cells.get("type"), one.coder.type if one.coder else None}
            for at, event in enumerate(events):
                here = (event.paragraph, event.trigger.start) == (anchor[0], anchor[1].start)
                if here and at not in taken and (not strict or event.type in types):
                    matched[n] = at
                    taken.add(at)
                    break
    return matched


def _anchor(article: Article, one: Standing) -> Anchor | None:
    """Where the trigger stands now: at the same place; in the same paragraph moved; the same word of a changed
    paragraph; the same word where the article has it once."""
    texts = article.paragraphs
    order = sorted(range(len(texts)), key=lambda n: abs(n - one.paragraph))
    for number in order:
        if line_number(texts[number]) == one.line:
            return number, Trigger(text=one.trigger, start=one.trigger_start, end=one.trigger_end)
    spans = [(n, w.start, w.end) for n in order for w in words(texts[n]) if w.text == one.trigger]
    near = [span for span in spans if span[0] == one.paragraph]
    if near:
        spans = [min(near, key=lambda span: abs(span[1] - one.trigger_start))]
    if len(spans) != 1:
        return None
    number, start, end = spans[0]
    return number, Trigger(text=one.trigger, start=start, end=end)


def _found_again(cells: Mapping[str, Any], text: str) -> dict[str, Any]:
    """Cells whose words are looked for in a changed paragraph; words that it lacks are understood, not written."""

    def moved(cell: Any) -> Any:
        if isinstance(cell, list | tuple):
            return [moved(part) for part in cell]
        if not isinstance(cell, dict) or "start" not in cell:
            return cell
        span = span_of(text, cell["text"], cell["start"] or 0) if cell.get("text") else None
        if span is None:
            return {**cell, "text": None, "start": None, "end": None, "link": None}
        return {**cell, "text": text[span[0] : span[1]], "start": span[0], "end": span[1], "link": None}

    return {name: moved(value) for name, value in cells.items()}


def span_of(text: str, wanted: str, near: int = 0) -> tuple[int, int] | None:
    """The run of whole words of a paragraph that reads `wanted`, that nearest to offset `near`."""
    found, asked = words(text), [word.text for word in words(wanted)]
    spans = [
        (found[n].start, found[n + len(asked) - 1].end)
        for n in range(len(found) - len(asked) + 1)
        if asked and [word.text for word in found[n : n + len(asked)]] == asked
    ]
    return min(spans, key=lambda span: abs(span[0] - near)) if spans else None


def check_event(event: Event, article: Article) -> Event:
    """The event itself if the codebook and the article allow it. Raises `CorrectionError`: what, and what is
    possible."""
    if not 0 <= event.paragraph < len(article.paragraphs):
        raise CorrectionError(f"no paragraph {event.paragraph}: the article has 0 to {len(article.paragraphs) - 1}")
    text = article.paragraphs[event.paragraph]
    _check_span("trigger", event.trigger, text)
    if (event.trigger.start, event.trigger.end) not in {(w.start, w.end) for w in words(text)}:
        raise CorrectionError(f"trigger: «{event.trigger.text}» is not one whole word of paragraph {event.paragraph}")
    if event.type not in MODES:
        raise CorrectionError(f"no event type {event.type!r}; types are {' '.join(TYPES)}")
    if event.mode is not None and event.mode not in MODES[event.type]:
        allowed = " ".join(MODES[event.type])
        raise CorrectionError(
            f"{event.type} has no mode {event.mode!r}" + (f"; modes are {allowed}" if allowed else "")
        )
    if event.status not in STATUSES:
        raise CorrectionError(f"no status {event.status!r}; statuses are {' '.join(STATUSES)}")
    for side in SIDES:
        mentions = getattr(event, side)
        if len(mentions) > MOST:
            raise CorrectionError(f"{side}: more than {MOST}")
        for mention in mentions:
            _check_span(side, mention, text)
            if not mention.codes:
                raise CorrectionError(
                    f"{side}: «{mention.text or '^'}» has no code; write ARM, ARM.GOV, IGO.UNO or UNK"
                )
            for code in mention.codes:
                if not check_code(code):
                    raise CorrectionError(f"{side}: no code {code!r}; write ARM, ARM.GOV or IGO.UNO")
    if event.place:
        _check_span("place", event.place, text)
        country = event.place.country or ""
        if not (len(country) == 3 and country.isascii() and country.isalpha() and country.isupper()):
            raise CorrectionError(f"place: no country {country!r}; write three capitals, as GEO, INT or UNK")
    if event.time:
        _check_span("time", event.time, text)
        if event.time.value is not None and interval(event.time.value) is None:
            raise CorrectionError(f"time: no value {event.time.value!r}; write YYYY[-MM[-DD]] or first/last")
    for category, value in event.toll.items():
        if category not in TOLLS:
            raise CorrectionError(f"toll: no category {category!r}; categories are {' '.join(TOLLS)}")
        digits = value.removeprefix(">=").removeprefix("~")
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= 9):
            raise CorrectionError(f"toll: {category}: no number {value!r}; write 12, >=10 or ~200")
    return event


def _check_span(what: str, cell: Trigger | Mention | Place | Time, text: str) -> None:
    if cell.text is None and cell.start is None and cell.end is None:
        return
    if cell.text is None or cell.start is None or cell.end is None or not 0 <= cell.start < cell.end <= len(text):
        raise CorrectionError(f"{what}: words and their place in the paragraph belong together")
    if text[cell.start : cell.end] != cell.text:
        raise CorrectionError(f"{what}: «{cell.text}» does not stand at {cell.start}-{cell.end} of its paragraph")
