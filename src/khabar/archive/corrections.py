"""Storing what people say about events: each step in the log, what holds now beside it, the shown rows made anew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec
import sqlalchemy as sa

from khabar.archive import corrected as word
from khabar.archive import keys, read, schema, write
from khabar.archive.about import About, lift
from khabar.archive.corrected import CELLS, Standing
from khabar.archive.errors import Conflict, CorrectionError, UnknownEvent
from khabar.archive.flatten import Coding, pruned_json
from khabar.archive.standing import keep, keep_about, over, words_of
from khabar.records import Event, Record

Action = Literal["accept", "change", "delete", "add", "undo"]
LONGEST_NAME = 80
LONGEST_NOTE = 1000


class Judged(Record, frozen=True, kw_only=True):
    """An event as it is shown and what people said of it. `event` is None where it was deleted (or undone and the
    coder does not tell it); `etag` changes with every correction and every coding that changes the event."""

    id: str
    article_id: str
    etag: str
    event: Event | None
    standing: Standing | None = None


class Step(Record, frozen=True, kw_only=True):
    """One step of the log: who did what to which cell ("" is the event as a whole) and when (UTC)."""

    event_id: str
    at: str
    who: str
    cell: str
    action: Action
    old: Any = None
    new: Any = None
    note: str | None = None


def etag(event: Event | None, standing: Standing | None) -> str:
    """A word that tells this state of an event from every other."""
    parts = (str(standing.version if standing else 0), pruned_json(event) if event else "")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


class Page:
    """The version of a page that is shown, with its coding and what people say of it, within one transaction."""

    def __init__(self, connection: sa.Connection, row: Any) -> None:
        self.row = row
        self.article, self.coded = read.whole(connection, row)
        said = words_of(connection, [row.key])[row.key]
        self.standing, self.about = list(said.standing), said.about

    def judged(self, id_: str) -> Judged:
        """Raises `UnknownEvent`."""
        one = next((s for s in self.standing if id_ in (s.shown, s.event_id)), None)
        shown = one.shown if one else id_
        event = next((e for e in self.coded.events if e.id == shown), None)
        if event is None and one is None:
            raise UnknownEvent(f"no event {id_[:100]!r}")
        return Judged(id=shown or id_, article_id=self.article.id, etag=etag(event, one), event=event, standing=one)


def _page(connection: sa.Connection, id_: str, *, lock: bool) -> Page:
    """The page that tells the event. Raises `UnknownEvent`."""
    event, article, corrected = schema.EVENTS.cells.c, schema.articles.c, schema.corrected.c
    key = (
        connection.execute(
            sa.select(article.key)
            .join(schema.EVENTS.cells, sa.and_(event.month == article.month, event.article == article.article))
            .where(event.id == id_, article.current.is_(True))
        ).scalar()
        or connection.execute(
            sa.select(corrected.page).where(sa.or_(corrected.shown == id_, corrected.event_id == id_))
        ).scalar()
    )
    if key is None:
        raise UnknownEvent(f"no event {id_[:100]!r}")
    return opened(connection, key, lock=lock)


def opened(connection: sa.Connection, key: str, *, lock: bool) -> Page:
    if lock:
        write.lock(connection, [key])
    article = schema.articles.c
    row = connection.execute(sa.select(schema.articles).where(article.key == key, article.current.is_(True))).first()
    if row is None:
        raise UnknownEvent(f"no article {key[:100]!r}")
    return Page(connection, row)


def judged(connection: sa.Connection, id_: str) -> Judged:
    """An event as shown. Raises `UnknownEvent`."""
    return _page(connection, id_, lock=False).judged(id_)


def judged_of(connection: sa.Connection, key: str) -> list[Judged]:
    """All events of a page as shown, in the order of the text, then those that people deleted."""
    page = opened(connection, key, lock=False)
    ids = [event.id or "" for event in page.coded.events]
    gone = [one.event_id for one in page.standing if one.verdict == "deleted"]
    return [page.judged(id_) for id_ in (*ids, *gone)]


def steps(connection: sa.Connection, page: str | None = None, event_id: str | None = None) -> list[Step]:
    """The log, oldest first."""
    column = schema.corrections.c
    names = Step.__struct_fields__
    query = sa.select(*(column[name] for name in names)).order_by(column.at, column.event_id, column.cell)
    if page is not None:
        query = query.where(column.page == page)
    if event_id is not None:
        query = query.where(column.event_id == event_id)
    return [
        Step(**dict(row) | {name: msgspec.json.decode(row[name]) if row[name] else None for name in ("old", "new")})
        for row in connection.execute(query).mappings()
    ]


def correct(
    connection: sa.Connection, id_: str, action: Action, cells: Mapping[str, Any], who: str, expected: str | None,
    note: str | None,
) -> Judged:  # fmt: skip
    """One step about an event that is there.

    `accept` says that it is right as shown (`cells` names single ones, none means all), `change` sets `cells` (values
    as JSON gives them; an empty one empties the cell), `delete` takes it out, `undo` gives it back to the coder.
    `expected` is the etag that the person saw. Raises `UnknownEvent`, `Conflict`, `CorrectionError`.
    """
    page = _page(connection, id_, lock=True)
    before = page.judged(id_)
    if expected is not None and expected != before.etag:
        last = f" by {before.standing.who} at {before.standing.at[:19]} UTC" if before.standing else ""
        raise Conflict(f"event {id_}: changed meanwhile{last}; read it again, then correct it")
    at, who, note = now(), name_of(who), note_of(note)
    one, event = before.standing or first(page, before), before.event
    unknown = sorted(set(cells) - set(CELLS))
    if unknown:
        raise CorrectionError(f"no cell {', '.join(map(str, unknown))}; cells are {' '.join(CELLS)}")
    log: list[tuple[str, Action, Any, Any]] = []
    values = dict(one.cells)
    verdict: word.Verdict
    if action == "undo":
        if one.verdict == "undone" or not before.standing:
            raise CorrectionError(f"event {id_}: no correction to undo")
        verdict, values = "undone", {}
        log.append(("", "undo", {"verdict": one.verdict, "cells": one.cells}, None))
    elif event is None:
        raise CorrectionError(f"event {id_}: it was deleted; undo that first")
    elif action == "delete":
        verdict = "deleted"
        log.append(("", "delete", msgspec.to_builtins(event), None))
    elif action == "accept":
        shown = word.cells_of(event, cells or CELLS)
        values |= shown
        log += [(name, "accept", shown[name], shown[name]) for name in cells] or [("", "accept", None, None)]
        verdict = one.verdict if one.verdict == "added" else "changed" if cells else "accepted"
    elif action == "change":
        changed = word.check_event(word.with_cells(_modeless(event, cells), cells), page.article)
        old, new = word.cells_of(event), word.cells_of(changed)
        names = [name for name in CELLS if name in cells or (name == "mode" and new["mode"] != old["mode"])]
        _check_free(page, changed, event)
        log += [(name, "change" if new[name] else "delete", old[name], new[name]) for name in names]
        if not names:
            raise CorrectionError("nothing to change: no cell was given")
        values |= {name: new[name] for name in names}
        verdict = "added" if one.verdict == "added" else "changed"
    else:
        raise CorrectionError(f"no step {action!r}; steps are accept change delete undo")
    after = msgspec.structs.replace(one, verdict=verdict, cells=values, version=one.version + 1, who=who, at=at)
    others = [s for s in page.standing if s.event_id != one.event_id]
    store(connection, page, [*others, after], page.about)
    write_log(connection, page.row.key, one.event_id, at, who, log, note)
    return opened(connection, page.row.key, lock=False).judged(after.event_id)


def add(connection: sa.Connection, key: str, event: Event, who: str, note: str | None) -> Judged:
    """A person's own event, of which the coder says nothing. Raises `UnknownEvent`, `Conflict` (there is one of that
    word and type), `CorrectionError`."""
    page = opened(connection, key, lock=True)
    at, who, note = now(), name_of(who), note_of(note)
    event = word.check_event(event, page.article)
    if reason := dict(page.coded.not_body).get(event.paragraph):
        raise CorrectionError(f"paragraph {event.paragraph} is judged no text ({reason}); say first that it is text")
    _check_free(page, event, None)
    id_ = f"{page.article.id}:{event.paragraph}:{event.trigger.start}:{event.type}"
    known = {one.event_id for one in page.standing} | {e.id for e in page.coded.events}
    while id_ in known:  # such an event was deleted, or is another type now
        id_ = f"{page.article.id}:{event.paragraph}:{event.trigger.start}:+{id_.rpartition(':')[2]}"
    new = Standing(
        event_id=id_, page=page.row.key, shown=id_, paragraph=event.paragraph, trigger=event.trigger.text,
        trigger_start=event.trigger.start, trigger_end=event.trigger.end,
        line=word.line_number(page.article.paragraphs[event.paragraph]), verdict="added", cells=word.cells_of(event),
        coder=None, found=False, version=1, who=who, at=at,
    )  # fmt: skip
    store(connection, page, [*page.standing, new], page.about)
    write_log(connection, page.row.key, id_, at, who, [("", "add", None, msgspec.to_builtins(event))], note)
    return opened(connection, page.row.key, lock=False).judged(id_)


def first(page: Page, before: Judged) -> Standing:
    """The word about an event of which nobody said anything yet."""
    event = before.event
    assert event is not None
    return Standing(
        event_id=before.id, page=page.row.key, shown=before.id, paragraph=event.paragraph, trigger=event.trigger.text,
        trigger_start=event.trigger.start, trigger_end=event.trigger.end,
        line=word.line_number(page.article.paragraphs[event.paragraph]), verdict="undone", coder=event,
    )  # fmt: skip


def shown_cells(event: Event) -> dict[str, Any]:
    """All cells of an event, as a person's word that they are right keeps them."""
    return word.cells_of(event, CELLS)


def _modeless(event: Event, cells: Mapping[str, Any]) -> Event:
    """A new type does not keep the mode of the old one."""
    changed = "type" in cells and cells["type"] != event.type and "mode" not in cells
    return msgspec.structs.replace(event, mode=None) if changed else event


def _check_free(page: Page, event: Event, itself: Event | None) -> None:
    for other in page.coded.events:
        same = (other.paragraph, other.trigger.start, other.type) == (event.paragraph, event.trigger.start, event.type)
        if same and (itself is None or other.id != itself.id):
            raise Conflict(f"«{event.trigger.text}» already tells an event of type {event.type}: {other.id}")


def store(connection: sa.Connection, page: Page, standing: Sequence[Standing], about: About | None) -> None:
    """The words of people, and the rows of the page made anew with them."""
    own = word.underlay(lift(page.coded, page.about), page.standing)
    laid = over(page.article, own, standing, about)
    row = page.row
    keep(connection, laid.standing)
    keep_about(connection, laid.about)
    from khabar.stories import acts

    key = keys.Key(row.key, row.digest, row.article, row.month)
    entry = write.Item(page.article, laid.coded, tuple(acts(laid.coded)), key)
    write.recode(connection, entry, current=True, coding=Coding(row.coder, row.model, row.coded))


def write_log(
    connection: sa.Connection, page: str, event_id: str, at: str, who: str,
    log: Iterable[tuple[str, Action, Any, Any]], note: str | None,
) -> None:  # fmt: skip
    rows = [
        {
            "event_id": event_id, "at": at, "who": who, "cell": cell, "page": page, "action": action,
            "old": _json(old), "new": _json(new), "note": note,
        }
        for cell, action, old, new in log
    ]  # fmt: skip
    connection.execute(sa.insert(schema.corrections), rows)


def _json(value: Any) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


def name_of(who: str) -> str:
    name = " ".join(keys.storable_text(who).split())
    if not name or len(name) > LONGEST_NAME:
        raise CorrectionError(f"who corrects? give a name of 1 to {LONGEST_NAME} characters")
    return name


def note_of(note: str | None) -> str | None:
    if note and len(note) > LONGEST_NOTE:
        raise CorrectionError(f"note: longer than {LONGEST_NOTE} characters")
    return keys.storable_text(note.strip()) if note and note.strip() else None
