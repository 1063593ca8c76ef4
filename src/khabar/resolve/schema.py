"""Reading and checking the TSV tables: a row that breaks the schema is named by file, line and column."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from importlib.resources import files
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from khabar.codebook import BODIES, SECTORS, check_code

COUNTRY_COLUMNS = ("code", "latin", "names", "adjectives", "people", "capitals", "wikidata", "from", "of")
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?$")
_WIKIDATA = re.compile(r"Q\d+$")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]*(?:#\d+)?$")


P = ParamSpec("P")
T = TypeVar("T")
V = TypeVar("V")


def lasting(load: Callable[P, T]) -> Callable[P, T]:
    """A loader of what lives as long as the process. Tables are some hundred thousand objects without cycles: the
    garbage collector, which would walk through all of them again and again, waits while they are made and never looks
    at them afterwards."""

    @wraps(load)
    def loaded(*args: P.args, **kwargs: P.kwargs) -> T:
        running = gc.isenabled()
        gc.disable()
        try:
            return load(*args, **kwargs)
        finally:
            gc.freeze()
            if running:
                gc.enable()

    return loaded


class Lines(dict[str, V]):
    """A table by key whose lines are read when `get` first asks for them: of tens of thousands an article needs some
    dozens. `read` makes a value of a line; what was set is a value already. Only `get` reads: as a dict it holds what
    was read or set so far."""

    def __init__(self, lines: Mapping[str, str], read: Callable[[str], V]) -> None:
        super().__init__()
        self._lines, self._read = lines, read

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a key, `default` where the table has none."""
        found = super().get(key)
        if found is None and (line := self._lines.get(key)) is not None:
            found = self[key] = self._read(line)
        return default if found is None else found


class TableError(ValueError):
    """A row that breaks its table's schema: file, line (1 is the header), column, and what to do."""

    def __init__(self, file: str, line: int, column: str, message: str) -> None:
        super().__init__(f"{file}, line {line}, column {column}: {message}")
        self.file, self.line, self.column, self.message = file, line, column, message


@dataclass(slots=True)  # not frozen: some hundred thousand are made before the first article, at a third of the time
class Row:
    """One row of a table: where it stands and its cells by column."""

    file: str
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def list(self, column: str) -> tuple[str, ...]:
        """The cell's values, `|` between them."""
        return tuple(v.strip() for v in self.cells[column].split("|") if v.strip())

    def fail(self, column: str, message: str) -> TableError:
        return TableError(self.file, self.line, column, message)


def package_text(name: str) -> str:
    """Text of a table of the package."""
    return (files("khabar.resolve") / "data" / name).read_text(encoding="utf-8")


def package_tables(prefix: str) -> list[str]:
    """Names of the package's tables that begin with `prefix`, in order."""
    folder = files("khabar.resolve") / "data"
    return sorted(f.name for f in folder.iterdir() if f.name.startswith(prefix) and f.name.endswith(".tsv"))


def user_text(path: Path) -> str:
    """Text of a user's table; raises `TableError` if it is no UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as fault:
        line = path.read_bytes()[: fault.start].count(b"\n") + 1
        raise TableError(str(path), line, "-", "not UTF-8; save the table as UTF-8") from None


def read_rows(text: str, file: str, columns: Sequence[str]) -> Iterator[Row]:
    """Rows of a table with a header line. Empty lines and lines that begin with `#` are skipped; cells missing at the
    end of a row are empty. Raises `TableError` for an unknown or missing column and for a row with too many cells."""
    lines = text.splitlines()
    if not lines:
        return
    header = lines[0].split("\t")
    for name in header:
        if name not in columns:
            raise TableError(file, 1, name, f"unknown column; the columns are {', '.join(columns)}")
    if header[0] != columns[0]:
        raise TableError(file, 1, header[0], f"the first column must be {columns[0]}")
    empty = dict.fromkeys(columns, "")
    for number, line in enumerate(lines[1:], 2):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [*map(str.strip, line.split("\t"))]
        if len(cells) > len(header):
            raise TableError(file, number, header[-1], f"{len(cells)} cells, but the header has {len(header)} columns")
        yield Row(file, number, {**empty, **dict(zip(header, cells, strict=False))})


def check_country(row: Row, column: str, countries: frozenset[str]) -> str:
    """An ISO alpha-3 code of the country table, or INT, UNK, IGO."""
    code = row[column]
    if code not in countries and code not in ("INT", "UNK", "IGO"):
        raise row.fail(
            column, f"«{code}» is no country of countries.tsv (ISO alpha-3, PSE, XKX, ESH, TWN), INT, UNK or IGO"
        )
    return code


def check_sector(row: Row, column: str, country: str) -> str:
    """A sector of the codebook (for IGO a body), or empty for the state itself."""
    sector = row[column]
    allowed = BODIES if country == "IGO" else SECTORS
    if (sector and sector not in allowed) or (country == "IGO" and not sector):
        raise row.fail(column, f"«{sector}» is none of {' '.join(sorted(allowed))}")
    return sector


def check_date(row: Row, column: str) -> str:
    """Empty, YYYY, YYYY-MM or YYYY-MM-DD."""
    value = row[column]
    if value and not _DATE.match(value):
        raise row.fail(column, f"«{value}» is no date (YYYY, YYYY-MM or YYYY-MM-DD)")
    return value


def check_id(row: Row, column: str) -> str:
    """Latin letters, digits, point, underscore, hyphen; `#2` at the end marks a second role of the same actor."""
    value = row[column]
    if not _ID.match(value):
        raise row.fail(column, f"«{value}» is no id (Latin letters, digits, . _ -; a second role ends in #2)")
    return value


def check_wikidata(row: Row, column: str) -> str:
    value = row[column]
    if value and not _WIKIDATA.match(value):
        raise row.fail(column, f"«{value}» is no Wikidata id (Q and digits)")
    return value


def check_fixed(row: Row, column: str, code: str) -> str:
    if not check_code(code):
        raise row.fail(column, f"«{code}» is no code of the codebook")
    return code
