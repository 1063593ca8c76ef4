"""The record that the calendar reader returns."""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal["date", "time", "duration", "set"]


class TimeExpression(NamedTuple):
    """A time expression of a text.

    `start`, `end`: offsets into the text as given, end exclusive, and `text` the words between them. `value`:
    `YYYY[-MM[-DD]]` or `first/last`, None where text and reference leave it open. `kind`: date (also a day with a
    clock time), time (a clock time alone), duration or set (recurring). `precision`: year, month, week, day, hour or
    minute as the words give it, also where the value is open. `reason`: how the value was found, or why it is open.
    `calendar`: gregorian or hijri. `clock`: `HH:MM` in 24 hours. `duration`: ISO 8601 (`P3Y`, `PT48H`).
    `parts`: the single expressions inside a range or list, or inside "since X" the X.
    """

    start: int
    end: int
    text: str
    value: str | None
    kind: Kind
    precision: str
    reason: str
    calendar: str = "gregorian"
    clock: str | None = None
    duration: str | None = None
    parts: tuple[TimeExpression, ...] = ()
