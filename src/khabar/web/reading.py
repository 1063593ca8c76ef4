"""An article as a page shows it: its paragraphs with marks, a card an event, and what people said of each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from starlette.exceptions import HTTPException

from khabar.archive import Archive, Judged, Step, UnknownEvent
from khabar.archive.corrected import cells_of as raw_cells
from khabar.records import Article, CodedArticle, Event
from khabar.show.cells import other_mentions
from khabar.show.marks import ROLES, cells_of, in_order, marks_of, segments
from khabar.web.fields import written

_DONE = {"accept": "accepted", "change": "changed", "delete": "deleted", "add": "added"}


class Said(NamedTuple):
    """One thing that a person said of an event and that holds: of a cell ("" is the event as a whole), what was done to
    it (`accepted`, `changed`, `emptied`, `deleted`, `added`), by whom and when."""

    cell: str
    done: str
    who: str
    at: str


class Card(NamedTuple):
    """An event at the side of the text. `cells` are (role, cell); `own` the coder's differing cells as written; `said`
    what people said of it; `judged` is None only where the archive is of a moment later than the text."""

    number: int
    event: Event
    cells: list[tuple[str, Any]]
    judged: Judged | None
    own: dict[str, str]
    said: list[Said]


def page_of(archive: Archive, id_: str) -> dict[str, Any]:
    """What the template `article.html` needs. Raises 404."""
    try:
        judged = archive.judged_of(id_)
        about = archive.judged_article(id_)
    except UnknownEvent:
        raise HTTPException(404, f"no article {id_[:100]!r}") from None
    article, coded = archive.article(id_)
    events = in_order(coded)
    by_id = {one.id: one for one in judged}
    log = archive.history(id_) if any(one.standing for one in judged) else []
    return {
        "article": article,
        "paragraphs": _paragraphs(article, coded, events),
        "cards": [_card(n, event, by_id.get(event.id or ""), article, log) for n, event in enumerate(events, 1)],
        "gone": [(one, said_of(one, log)) for one in judged if one.event is None and one.standing is not None],
        "link": article.url if article.url and article.url.startswith(("http://", "https://")) else None,
        "others": other_mentions(coded, events),
        "about": about,
        "spoken_lines": dict(about.lines),
        "lines_by": dict(about.lines_by),
        "open": [one for one in judged if one.event and (not one.standing or one.standing.verdict == "undone")],
        "stories": archive.happening_ids([event.id for event in events if event.id]),
    }


def _paragraphs(
    article: Article, coded: CodedArticle, events: tuple[Event, ...]
) -> list[tuple[int, str, list[tuple[str, int | None, str | None, bool]], str | None]]:
    marks, reasons = marks_of(events), dict(coded.not_body)
    paragraphs = []
    for number, text in enumerate(article.paragraphs):
        pieces = []
        for piece in segments(text, marks.get(number, ())):
            triggers = [mark for mark in piece.marks if mark.role == "trigger"]
            first = triggers[0].event if triggers else None
            kind = events[first - 1].type if first else None
            pieces.append((piece.text, first, kind, bool(piece.marks)))
        paragraphs.append((number, text, pieces, reasons.get(number)))
    return paragraphs


def said_of(judged: Judged | None, log: Iterable[Step]) -> list[Said]:
    """What people said of an event and what holds of it: the event as a whole first, then cell by cell in the order of
    the log (oldest first)."""
    standing = judged.standing if judged else None
    if standing is None or standing.verdict == "undone":
        return []
    whole: Said | None = None
    cells: dict[str, Said] = {}
    for step in log:
        if step.event_id != standing.event_id:
            continue
        if step.action == "undo":  # gives back all that was said before
            whole, cells = None, {}
        elif step.cell:
            done = "emptied" if step.action == "delete" else _DONE[step.action]
            cells.pop(step.cell, None)
            cells[step.cell] = Said(step.cell, done, step.who, step.at)
        else:
            whole = Said("", _DONE[step.action], step.who, step.at)
    found = [*([whole] if whole else []), *(said for name, said in cells.items() if name in standing.cells)]
    return found or [Said("", standing.verdict, standing.who, standing.at)]


def _card(number: int, event: Event, judged: Judged | None, article: Article, log: Iterable[Step]) -> Card:
    cells = [(role, cell) for role in ROLES for cell in cells_of(event, role)]
    own: dict[str, str] = {}
    said = judged.standing if judged else None
    if said and said.coder and said.verdict != "undone":
        text = article.paragraphs[event.paragraph]
        plain = {"method", "confidence", "alternatives", "guess", "reason"}
        ours, theirs = _bare(raw_cells(event), plain), _bare(raw_cells(said.coder), plain)
        before = written(said.coder, text)
        own = {name: before[name] for name in theirs if theirs[name] != ours[name]}
    return Card(number, event, cells, judged, own, said_of(judged, log))


def _bare(value: Any, without: set[str]) -> Any:
    """The value without the keys that say how sure it is."""
    if isinstance(value, dict):
        return {key: _bare(part, without) for key, part in value.items() if key not in without}
    return [_bare(part, without) for part in value] if isinstance(value, list | tuple) else value
