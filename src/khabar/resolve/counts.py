"""Counts of mentions in the training articles: which codes short words of parties had there, in how many articles.

Source: `data/party_counts.tsv`, written by `benchmarks/resolution_fit.py`. Counts are one kind of evidence beside the
tables (`evidence`): they know what coders make of "sources" or "the coalition", not who holds an office today.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from khabar.arabic import stem
from khabar.resolve import schema
from khabar.resolve.forms import word_key
from khabar.resolve.scan import Token

COLUMNS = ("kind", "key", "counts")
Table = dict[str, dict[str, int]]
_NONE: dict[str, int] = {}


class Counts(NamedTuple):
    """`mention`: whole mention -> codes; `first`: first word -> sectors; `last`: last word -> codes; `role`: role and
    event type -> sectors. Counts are of articles."""

    mention: Table
    first: Table
    last: Table
    role: Table

    def of(self, kind: str, key: str) -> Mapping[str, int]:
        table: Table = getattr(self, kind)
        return table.get(key, _NONE)


def mention_key(tokens: Sequence[Token]) -> tuple[str, ...]:
    """Words of a mention as the counts hold them: folded, without proclitics of the first word, without articles."""
    if not tokens:
        return ()
    return (word_key(stem(tokens[0].text)), *(word_key(t.text) for t in tokens[1:]))


def read_counts(text: str, file: str) -> Counts:
    """Counts from their table. Raises `TableError` for a row of another form."""
    counts = Counts({}, {}, {}, {})
    for row in schema.read_rows(text, file, COLUMNS):
        if row["kind"] not in Counts._fields:
            raise row.fail("kind", f"«{row['kind']}» is none of {' '.join(Counts._fields)}")
        values = {}
        for item in row["counts"].split():
            code, _, number = item.rpartition(":")
            if not number.isdigit():
                raise row.fail("counts", f"«{item}» is not CODE:NUMBER")
            values[code] = int(number)
        getattr(counts, row["kind"])[row["key"]] = values
    return counts


@cache
@schema.lasting
def load_counts() -> Counts:
    """The package's counts."""
    return read_counts(schema.package_text("party_counts.tsv"), "party_counts.tsv")
