"""Steps about an article as a whole: its contexts and lines, and all its events at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from khabar.archive import about as word
from khabar.archive import corrections as steps
from khabar.archive.about import About, By, JudgedArticle, Line
from khabar.archive.corrected import Standing, line_number
from khabar.archive.errors import Conflict, CorrectionError

SPOKEN = ("accepted", "changed", "added")


def judged(connection: sa.Connection, key: str) -> JudgedArticle:
    """Contexts and lines of a page as shown. Raises `UnknownEvent`."""
    page = steps.opened(connection, key, lock=False)
    return word.judged(page.article, page.coded, page.about)


def correct(
    connection: sa.Connection, key: str, *, contexts: Sequence[str] | None, own_contexts: bool,
    lines: Mapping[int, str | None], who: str, expected: str | None, note: str | None,
) -> JudgedArticle:  # fmt: skip
    """One step: `contexts` are the article's (None: not spoken of; `own_contexts` gives them back to the coder),
    `lines` maps paragraphs to the reason why they are no text ("": text; None: the coder's word holds again).

    Raises `UnknownEvent`, `Conflict`, `CorrectionError`."""
    page = steps.opened(connection, key, lock=True)
    before = word.judged(page.article, page.coded, page.about)
    if expected is not None and expected != before.etag:
        last = f" by {before.who} at {(before.at or '')[:19]} UTC" if before.who else ""
        raise Conflict(f"article {before.id}: changed meanwhile{last}; look again, then correct it")
    at, who, note = steps.now(), steps.name_of(who), steps.note_of(note)
    spoken = _spoken(page)
    word.check_lines(page.article, lines, [event for event in page.coded.events if event.id in spoken])
    said = page.about or About(page=key, own_contexts=page.coded.contexts, own_not_body=page.coded.not_body)
    log: list[tuple[str, steps.Action, Any, Any]] = []
    if own_contexts:
        said = msgspec.structs.replace(said, contexts=None, contexts_by=None)
        log.append(("contexts", "undo", list(before.contexts), None))
    elif contexts is not None:
        said = msgspec.structs.replace(said, contexts=word.check_contexts(contexts), contexts_by=By(who, at))
        log.append(("contexts", "change", list(before.contexts), list(said.contexts or ())))
    reasons = dict(before.not_body)
    for number, reason in lines.items():
        line = line_number(page.article.paragraphs[number])
        kept = [one for one in said.lines if one.line != line]
        if reason is not None:
            kept.append(Line(line, number, reason, By(who, at)))
        said = msgspec.structs.replace(said, lines=tuple(kept))
        log.append((f"paragraph {number}", "undo" if reason is None else "change", reasons.get(number, ""), reason))
    if not log:
        raise CorrectionError("nothing to change: neither contexts nor a paragraph was given")
    said = msgspec.structs.replace(said, version=said.version + 1, who=who, at=at)
    steps.store(connection, page, page.standing, said)
    steps.write_log(connection, key, before.id, at, who, log, note)
    return judged(connection, key)


def _spoken(page: steps.Page) -> set[str | None]:
    return {one.shown for one in page.standing if one.verdict in SPOKEN}


def accept_all(connection: sa.Connection, key: str, seen: Mapping[str, str], who: str) -> tuple[int, str]:
    """Accepts every event that nobody spoke of yet, in one step. `seen` maps their ids to the etags that the person
    saw. Returns how many, and the moment by which `undo_all` takes them back.

    Raises `Conflict` where one is another now, or was not seen; then nothing is accepted."""
    page = steps.opened(connection, key, lock=True)
    at, who = steps.now(), steps.name_of(who)
    new: list[Standing] = []
    for event in page.coded.events:
        one = page.judged(event.id or "")
        if one.standing is not None and one.standing.verdict != "undone":
            continue
        if seen.get(one.id) != one.etag:
            last = f" by {one.standing.who}" if one.standing else ""
            raise Conflict(
                f"«{event.trigger.text}»: changed meanwhile{last}; nothing was accepted, look and accept again"
            )
        first = one.standing or steps.first(page, one)
        values = first.cells | steps.shown_cells(event)
        new.append(
            msgspec.structs.replace(first, verdict="accepted", cells=values, version=first.version + 1, who=who, at=at)
        )
    if not new:
        raise CorrectionError("people spoke of every event already")
    named = {first.event_id for first in new}
    others = [one for one in page.standing if one.event_id not in named]
    steps.store(connection, page, [*others, *new], page.about)
    for first in new:
        steps.write_log(connection, key, first.event_id, at, who, [("", "accept", None, None)], None)
    return len(new), at


def undo_all(connection: sa.Connection, key: str, moment: str, who: str) -> int:
    """Takes back what `accept_all` accepted at a moment, but for events of which somebody spoke since. Returns how
    many. Raises `CorrectionError` where there are none."""
    page = steps.opened(connection, key, lock=True)
    at, who = steps.now(), steps.name_of(who)
    taken = [one for one in page.standing if one.at == moment and one.verdict == "accepted"]
    if not taken:
        raise CorrectionError("nothing to take back: somebody spoke of these events since")
    now = [
        msgspec.structs.replace(one, verdict="undone", cells={}, version=one.version + 1, who=who, at=at)
        for one in taken
    ]
    named = {one.event_id for one in taken}
    steps.store(connection, page, [*(one for one in page.standing if one.event_id not in named), *now], page.about)
    for one in taken:
        old = {"verdict": one.verdict, "cells": one.cells}
        steps.write_log(connection, key, one.event_id, at, who, [("", "undo", old, None)], None)
    return len(taken)
