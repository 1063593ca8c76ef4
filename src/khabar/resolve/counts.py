"""Counts of mentions in the training articles: which codes short words of parties had there, in how many articles.

Source: `data/party_counts.tsv`, written by `benchmarks/resolution_fit.py`. Counts are one kind of evidence beside the
tables (`evidence`): they know what coders make of "sources" or "the coalition", not who holds an office today.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import NamedTuple

from khabar.arabic import stem
from khabar.records import CodedArticle
from khabar.resolve import schema
from khabar.resolve.forms import word_key
from khabar.resolve.scan import Token, tokenize

COLUMNS = ("kind", "key", "counts")
ROLES = ("actors", "recipients", "speaker")
LONGEST = 5  # words of a mention that is counted
Table = dict[str, dict[str, int]]
Row = tuple[str, str, str]  # kind, key, value
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
    """Counts from their table, each line read when it is first asked for. Raises `TableError` for a row of another form
    and, when it is asked for, `ValueError` for counts that are not CODE:NUMBER."""
    lines: dict[str, dict[str, str]] = {kind: {} for kind in Counts._fields}
    for row in schema.read_rows(text, file, COLUMNS):
        kind, key, values = row.cells.values()
        if kind not in lines:
            raise row.fail("kind", f"«{kind}» is none of {' '.join(lines)}")
        lines[kind][key] = values
    return Counts(**{kind: schema.Lines(there, _counted) for kind, there in lines.items()})


def _counted(line: str) -> dict[str, int]:
    pairs = (item.rpartition(":") for item in line.split())
    try:
        return {code: int(number) for code, _, number in pairs}
    except ValueError:
        raise ValueError(f"counts of party_counts.tsv: «{line}» is not CODE:NUMBER, with spaces between") from None


@cache
@schema.lasting
def load_counts() -> Counts:
    """The package's counts."""
    return read_counts(schema.package_text("party_counts.tsv"), "party_counts.tsv")


def rows_of(coded: CodedArticle) -> set[Row]:
    """What one article adds to the counts."""
    rows: set[Row] = set()
    for event in coded.events:
        for role in ROLES:
            for mention in getattr(event, role):
                for code in mention.codes:
                    rows.add(("role", f"{role} {event.type}", code.partition(".")[2] if code[:3] != "IGO" else "IGO"))
                if mention.text is None:
                    continue
                key = mention_key(tokenize(mention.text))
                if not key or len(key) > LONGEST:
                    continue
                rows.add(("mention", " ".join(key), "+".join(mention.codes)))
                if len(mention.codes) == 1:
                    code = mention.codes[0]
                    rows.add(("first", key[0], code.partition(".")[2] if code[:3] != "IGO" else "IGO"))
                    rows.add(("last", key[-1], code))
    return rows


def add(counts: Counts, rows: Iterable[Row], number: int) -> None:
    """Add (or with -1 take away) what one article has in the counts."""
    for kind, key, value in rows:
        table: Table = getattr(counts, kind)
        there = table.get(key)
        if there is None:
            there = table[key] = {}
        there[value] = there.get(value, 0) + number
        if there[value] <= 0:
            del there[value]


@contextmanager
def without(counts: Counts, rows: Iterable[Row]) -> Iterator[None]:
    """The counts without what some articles have in them, for the time of the block: who measures on articles that the
    counts know, or fits on them, must not read their codes there."""
    counted = [row for row in rows if getattr(counts, row[0]).get(row[1], {}).get(row[2])]
    add(counts, counted, -1)
    yield
    add(counts, counted, 1)
