"""One way into all formats: `export(rows, format, out)`."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

from khabar.archive.rows import Row
from khabar.export.errors import ExportError

# Format -> its module, imported when it is asked for: openpyxl and pyarrow are slow to load.
FORMATS: Mapping[str, str] = {
    name: f"khabar.export.{name}"
    for name in ("polecat", "icews", "csv", "xlsx", "jsonl", "parquet", "geojson", "graphml")
}


def export(rows: Iterable[Row], format: str, out: Path | BinaryIO, **options: Any) -> int:
    """Writes rows in a format of `FORMATS` and returns how many went into it.

    `out` is a path, which is replaced only once all is written, or a binary stream. Rows are taken one after another
    and not held, except for xlsx and graphml. Options: `bom` (csv), `all_statuses` (polecat, icews).
    Raises `ExportError` for a format or option that does not exist, or what the format says.
    """
    write = _writer(format, options)
    if not isinstance(out, Path):
        return write(rows, out, **options)
    with replaced(out) as stream:
        return write(rows, stream, **options)


@contextmanager
def replaced(path: Path) -> Iterator[BinaryIO]:
    """A stream whose content takes the place of a file once all is written, and not where an error comes between. A
    link stays one; a device or a pipe is written to as it is."""
    if path.exists() and not path.is_file():
        with path.open("wb") as stream:
            yield stream
        return
    target = path.resolve()
    part = target.with_name(f"{target.name}.part{os.getpid()}")
    try:
        with part.open("wb") as stream:
            yield stream
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _writer(format: str, options: Mapping[str, Any]) -> Callable[..., int]:
    if format not in FORMATS:
        raise ExportError(f"no format {format!r}; formats are {' '.join(FORMATS)}")
    write: Callable[..., int] = import_module(FORMATS[format]).write
    for name in options:
        if name not in inspect.signature(write).parameters:
            raise ExportError(f"{format} knows no option {name}")
    return write
