"""What the program says beside its answers, on standard error: lines for people, or one JSON object a line.

Notes of the rooms (a page with damaged bytes, a table read anew) and messages of the commands go the same way. A JSON
line has `time` (UTC), `level`, `logger`, `message`, and the fields of what it tells (`source` and `line` of a page that
failed, the counts of a run).
"""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

import msgspec

Form = Literal["text", "json"]
LEVELS = ("debug", "info", "warning", "error")


class Look(NamedTuple):
    """How notes are shown: their form, and the least level that is."""

    form: Form = "text"
    level: str = "info"


class _Shown(logging.Handler):
    """Prints notes; looks standard error up at every note, since a progress bar may stand before it."""

    def __init__(self, form: Form) -> None:
        super().__init__()
        self.form: Form = form

    def emit(self, record: logging.LogRecord) -> None:
        line = f"khabar: {record.getMessage()}" if self.form == "text" else _json(record)
        print(line, file=sys.stderr, flush=True)


def _json(record: logging.LogRecord) -> str:
    at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    told = {"time": at, "level": record.levelname.lower(), "logger": record.name, "message": record.getMessage()}
    return msgspec.json.encode(told | getattr(record, "fields", {}), enc_hook=str).decode(errors="replace")


def show_notes(look: Look | None = None) -> None:
    """Shows khabar's own notes, and none of the libraries below it: what matters of theirs comes as a fault. May be
    called again; without `look` what was set before stays."""
    own = logging.getLogger("khabar")
    if look is not None or _handler() is None:
        look = look or Look()
        own.handlers = [_Shown(look.form)]
        own.setLevel(look.level.upper())
        own.propagate = False
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.NullHandler())


def look() -> Look:
    """How notes are shown now: what a process that is started here shall do too."""
    handler = _handler()
    level = logging.getLevelName(logging.getLogger("khabar").level).lower()
    return Look(handler.form if handler else "text", level if level in LEVELS else "info")


def note(message: str, level: int = logging.INFO, **fields: Any) -> None:
    """A message of a command, with what a program wants to know of it as fields."""
    if _handler() is None:
        print(f"khabar: {message}", file=sys.stderr, flush=True)
    else:
        # The message is no format: it may hold a percent sign.
        logging.getLogger("khabar.cli").log(level, "%s", message, extra={"fields": fields})


def _handler() -> _Shown | None:
    found = [handler for handler in logging.getLogger("khabar").handlers if isinstance(handler, _Shown)]
    return found[0] if found else None
