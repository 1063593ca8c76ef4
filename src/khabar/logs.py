"""Notes of the rooms (a page with damaged bytes, a table read anew) as lines for people on standard error."""

from __future__ import annotations

import logging
import sys


class _People(logging.Handler):
    """Prints `khabar: message`; looks standard error up at every note, since a progress bar may stand before it."""

    def emit(self, record: logging.LogRecord) -> None:
        print(f"khabar: {record.getMessage()}", file=sys.stderr, flush=True)


def show_notes() -> None:
    """Shows khabar's own notes, and none of the libraries below it: what matters of theirs comes as a fault. May be
    called again."""
    own = logging.getLogger("khabar")
    if not own.handlers:
        own.addHandler(_People())
        own.propagate = False
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.NullHandler())
