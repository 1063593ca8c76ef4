"""GraphML: parties as nodes, and for each type an edge from actor to recipient with the number of its acts.

A node is a party code (`AZE.GOV`). An edge carries the type, the count, the mean intensity, and the first and last day;
two-sided acts (talks, clashes: `khabar.pairing`) give one edge a pair with `mutual` true, its ends in alphabetical
order. Actors that do one thing together to nobody named, and rows with one known party, have no edge; the parties are
nodes all the same. Denied acts are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from khabar.archive.rows import PartyCell, Row
from khabar.export.comparable import acts_mutually, display_name
from khabar.export.tables import intensity
from khabar.pairing import mutual_pairs

_KEYS = (
    ("name", "node", "string"), ("country", "node", "string"), ("sector", "node", "string"), ("acts", "node", "int"),
    ("type", "edge", "string"), ("count", "edge", "int"), ("intensity", "edge", "double"),
    ("mutual", "edge", "boolean"), ("first", "edge", "string"), ("last", "edge", "string"),
)  # fmt: skip


class Edge(NamedTuple):
    """What an edge stands for."""

    source: str
    target: str
    type: str
    mutual: bool


class _Sum:
    """What is counted over the acts of an edge."""

    def __init__(self) -> None:
        self.count = 0
        self.intensity = 0.0
        self.days: list[str] = []

    def add(self, row: Row) -> None:
        self.count += 1
        self.intensity += intensity(row.type, row.mode)
        self.days = [min([*self.days, row.first]), max([*self.days, row.last or row.first])] if row.first else self.days


def write(rows: Iterable[Row], out: BinaryIO) -> int:
    """Writes the graph; returns how many rows went into it."""
    nodes: dict[str, PartyCell] = {}
    acts: Counter[str] = Counter()
    edges: dict[Edge, _Sum] = {}
    number = 0
    for row in rows:
        if row.status == "denied":
            continue
        number += 1
        parties = {p.code: p for p in (*row.actors, *row.recipients) if p.code}
        acts.update(parties.keys())
        for code, party in parties.items():
            nodes.setdefault(code, party)
        for edge in edges_of(row):
            edges.setdefault(edge, _Sum()).add(row)
    for line in _document(nodes, acts, edges):
        out.write(line.encode() + b"\n")
    return number


def edges_of(row: Row) -> set[Edge]:
    """The edges of one row."""
    actors = {p.code for p in row.actors if p.code}
    recipients = {p.code for p in row.recipients if p.code}
    if recipients:
        return {Edge(a, r, row.type, False) for a in actors for r in recipients}
    return {Edge(a, b, row.type, True) for a, b in mutual_pairs(actors)} if acts_mutually(row) else set()


def _document(nodes: dict[str, PartyCell], acts: Counter[str], edges: dict[Edge, _Sum]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    for name, of, kind in _KEYS:
        yield f'<key id="{of}_{name}" for="{of}" attr.name="{name}" attr.type="{kind}"/>'
    yield '<graph id="khabar" edgedefault="directed">'
    for code, party in sorted(nodes.items()):
        # The name is the code's: several persons of one code are one node.
        name = display_name(PartyCell(code=code, country=party.country, sector=party.sector)) or code
        yield f"<node id={quoteattr(code)}>"
        yield from _data("node", name=name, country=party.country, sector=party.sector, acts=acts[code])
        yield "</node>"
    for number, (edge, total) in enumerate(sorted(edges.items(), key=lambda item: item[0])):
        yield f'<edge id="e{number}" source={quoteattr(edge.source)} target={quoteattr(edge.target)}>'
        first, last = total.days or (None, None)
        yield from _data(
            "edge", type=edge.type, count=total.count, intensity=round(total.intensity / total.count, 3),
            mutual=str(edge.mutual).lower(), first=first, last=last,
        )  # fmt: skip
        yield "</edge>"
    yield "</graph>"
    yield "</graphml>"


def _data(of: str, **values: str | int | float | None) -> Iterator[str]:
    for name, value in values.items():
        if value is not None:
            yield f'<data key="{of}_{name}">{escape(str(value))}</data>'
