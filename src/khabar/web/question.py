"""The address of a page as a question to the archive, and back: every filter stands in the address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from khabar.archive import Query, QueryError
from khabar.archive.query import check

MANY = (
    "actor", "recipient", "party", "speaker", "type", "mode", "status", "context", "place", "outlet", "article",
)  # fmt: skip
ONE = (
    "text", "since", "until", "published_since", "published_until", "changed_since", "min_confidence", "unit", "order",
)  # fmt: skip
VIEWS = ("table", "timeline", "map", "network", "chart")
PAGE = 50
MOST = 500  # rows of one answer
LAST_PAGE = 2000
LONGEST = 200  # characters of a value
VALUES = 20  # values of a field


class Asked(NamedTuple):
    """A question as it stands in the address: its filters in order, and the query they mean."""

    filters: tuple[tuple[str, str], ...]
    query: Query

    def address(self, path: str = "/", **more: str | int | None) -> str:
        """The address of the same question, with other parameters beside it."""
        extra = [(name, str(value)) for name, value in more.items() if value is not None]
        question = urlencode([*(f for f in self.filters if f[0] not in more), *extra])
        return f"{path}?{question}" if question else path

    def without(self, taken: tuple[str, str], **more: str) -> str:
        """The address of the question with one filter less."""
        left = tuple(f for f in self.filters if f != taken)
        return self._replace(filters=left).address("/", **more)

    def value(self, name: str) -> str:
        """The values of a filter, as a field of the form shows them."""
        return " | ".join(value for key, value in self.filters if key == name)


def read(parameters: Iterable[tuple[str, str]], *, others: Sequence[str] = ()) -> Asked:
    """The question of an address. `others` are parameters that are no filters. Raises `QueryError` for an unknown
    name, a value that is too long, or one that the archive cannot read. ` | ` parts the values of a filter."""
    filters: list[tuple[str, str]] = []
    for name, raw in parameters:
        if name in others:
            continue
        if name not in MANY and name not in ONE:
            raise QueryError(f"no filter {name[:40]!r}; filters are {' '.join((*MANY, *ONE))}")
        for value in (part.strip() for part in (raw.split("|") if name in MANY else [raw])):
            if len(value) > LONGEST:
                raise QueryError(f"{name}: longer than {LONGEST} characters")
            if value and (name, value) not in filters:
                filters.append((name, value))
    fields: dict[str, Any] = {}
    for name in MANY:
        values = tuple(value for key, value in filters if key == name)
        if len(values) > VALUES:
            raise QueryError(f"{name}: more than {VALUES} values")
        if values:
            fields[name] = values
    for name, value in filters:
        if name in ONE:
            if name in fields:
                raise QueryError(f"{name}: given twice")
            fields[name] = number(name, value, float) if name == "min_confidence" else value
    return Asked(tuple(filters), check(Query(**fields)))


def number(name: str, value: str, kind: type[Any]) -> Any:
    """A number of the address. Raises `QueryError`."""
    try:
        if len(value) > 20:
            raise ValueError
        return kind(value)
    except ValueError:
        raise QueryError(f"{name}: {value[:40]!r} is no number") from None


def whole(parameters: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    """A whole number between `low` and `high`. Raises `QueryError` where it is none or below; above, `high` stands."""
    found = int(number(name, parameters.get(name, str(default)), int))
    if found < low:
        raise QueryError(f"{name}: {found} is below {low}")
    return min(found, high)
