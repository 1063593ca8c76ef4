"""What could not be read, told to people."""

from __future__ import annotations

import msgspec


class Fault(msgspec.Struct, frozen=True, kw_only=False):
    """An input that gave no article: where it stood (path, or path and line of a JSONL file) and what is wrong."""

    source: str
    line: int | None
    message: str

    def __str__(self) -> str:
        where = self.source if self.line is None else f"{self.source}:{self.line}"
        return f"{where}: {self.message}"


class PageError(ValueError):
    """A page that cannot become an article; the message says why."""
