"""What is drawn of an answer: points of the map, the network of parties, counts over time. Numbers only, no markup."""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from khabar.archive import Row
from khabar.archive.rows import PointRow
from khabar.codebook import TYPES
from khabar.export.graphml import edges_of

NODES = 40  # parties drawn; those with the most acts
GAPS = 60  # empty months or years that a chart shows; an act of another century would push the others out of sight
BESIDE = 95  # least distance of two parties, of 1000


class Point(NamedTuple):
    """A place of the map: hundredths of a degree east and south, radius, how many rows, most common type, name."""

    x: float
    y: float
    radius: float
    n: int
    type: str
    name: str
    place: str


class Chart(NamedTuple):
    """Bars by month or year: (label, total, [(type, y, height)]), heights in percent of the highest."""

    bars: list[tuple[str, int, list[tuple[str, float, float]]]]
    highest: int
    types: list[tuple[str, int]]


class Network(NamedTuple):
    """Nodes (code, x, y, radius, count) and edges (x1, y1, x2, y2, width, type, count, source, target)."""

    nodes: list[tuple[str, float, float, float, int]]
    edges: list[tuple[float, float, float, float, float, str, int, str, str]]


def points(rows: Iterable[PointRow]) -> list[Point]:
    """Rows at one place make one point."""
    found: dict[tuple[float, float], list[PointRow]] = {}
    for row in rows:
        found.setdefault((row.longitude, row.latitude), []).append(row)
    drawn = []
    for (east, north), here in found.items():
        first = here[0]
        value = str(first.geonames) if first.geonames else first.name or ""
        type_ = Counter(row.type for row in here).most_common(1)[0][0]
        drawn.append(Point(east * 100, -north * 100, math.sqrt(len(here)), len(here), type_, first.written, value))
    return sorted(drawn, key=lambda p: -p.n)


def window(drawn: Sequence[Point]) -> tuple[float, float, float, float]:
    """x, y, width and height of the part of the world that holds the points, with room around them, twice as wide as
    high."""
    left, right = min(p.x for p in drawn), max(p.x for p in drawn)
    top, bottom = min(p.y for p in drawn), max(p.y for p in drawn)
    height = max((bottom - top) * 1.3, (right - left) * 1.3 / 2, 800)
    height = min(height, 18000)
    return (left + right) / 2 - height, (top + bottom) / 2 - height / 2, height * 2, height


def chart(counts: Iterable[Mapping[str, Any]], by: str) -> Chart:
    """Stacked bars of counts by `by` (month or year) and type, with room for months and years of which nothing is told
    between the first and the last, unless these are more than `GAPS`."""
    stacks: dict[str, Counter[str]] = {}
    totals: Counter[str] = Counter()
    for count in counts:
        if count[by]:
            stacks.setdefault(str(count[by]), Counter())[str(count["type"])] += int(count["n"])
            totals[str(count["type"])] += int(count["n"])
    highest = max((sum(stack.values()) for stack in stacks.values()), default=0)
    bars = []
    for label in _labels(sorted(stacks), by):
        stack = stacks.get(label, Counter())
        base, parts = 100.0, []
        for type_ in TYPES:
            if n := stack[type_]:
                height = 100 * n / highest
                base -= height
                parts.append((type_, round(base, 2), round(height, 2)))
        bars.append((label, sum(stack.values()), parts))
    return Chart(bars, highest, totals.most_common())


def _labels(told: list[str], by: str) -> list[str]:
    """The months or years (`YYYY-MM`, `YYYY`) from the first to the last of those told."""
    if not told:
        return []
    numbers = [int(label[:4]) * 12 + int(label[5:7]) - 1 if by == "month" else int(label) for label in told]
    every = range(numbers[0], numbers[-1] + 1)
    if len(every) - len(told) > GAPS:
        return told
    return [f"{n // 12:04}-{n % 12 + 1:02}" if by == "month" else f"{n:04}" for n in every]


def pairs_of(rows: Iterable[Row]) -> Counter[tuple[str, str, str]]:
    """(source, target, type) -> how many rows."""
    return Counter((e.source, e.target, e.type) for row in rows for e in edges_of(row))


def has_pair(row: Row) -> bool:
    """Whether a row draws a line."""
    return any(edge.source != edge.target for edge in edges_of(row))


def counts_csv(counts: Iterable[Mapping[str, Any]]) -> str:
    """Tidy counts by month and type as CSV; an empty month holds what has no date."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("month", "type", "n", "intensity"))
    writer.writerows((c["month"] or "", c["type"], c["n"], c["intensity"]) for c in counts)
    return out.getvalue()


def network(pairs: Mapping[tuple[str, str, str], int]) -> Network:
    """Parties laid out by forces (Fruchterman and Reingold) in a square of 1000, begun on a circle: the same pairs give
    the same picture. Several types between two parties draw one line of the most common one; what a party or country
    does to itself draws none."""
    pairs = {pair: n for pair, n in pairs.items() if pair[0] != pair[1]}
    weight: Counter[str] = Counter()
    for (source, target, _), n in pairs.items():
        weight[source] += n
        weight[target] += n
    codes = [code for code, _ in sorted(weight.items(), key=lambda w: (-w[1], w[0]))[:NODES]]
    index = {code: i for i, code in enumerate(codes)}
    lines: dict[tuple[str, str], Counter[str]] = {}
    for (source, target, type_), n in pairs.items():
        if source in index and target in index:
            lines.setdefault((source, target), Counter())[type_] += n
    if not lines:
        return Network([], [])
    at = _layout(len(codes), [(index[s], index[t], sum(c.values())) for (s, t), c in lines.items()])
    most, heaviest = max(sum(c.values()) for c in lines.values()), max(weight.values())
    nodes = [
        (
            code,
            *at[i],
            round(12 + 22 * math.sqrt(weight[code] / heaviest), 1),
            weight[code],
        )
        for code, i in index.items()
    ]
    edges = []
    for (source, target), kinds in sorted(lines.items(), key=lambda line: sum(line[1].values())):
        n = sum(kinds.values())
        (x1, y1), (x2, y2) = at[index[source]], at[index[target]]
        edges.append((x1, y1, x2, y2, round(1.5 + 7 * n / most, 1), kinds.most_common(1)[0][0], n, source, target))
    return Network(nodes, edges)


def _layout(size: int, links: Sequence[tuple[int, int, int]]) -> list[tuple[float, float]]:
    angle = np.arange(size) * 2 * np.pi / size
    at = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    ideal = 1.6 / math.sqrt(size)
    pull = np.zeros((size, size))
    for a, b, n in links:
        pull[a, b] = pull[b, a] = 1 + math.log(n)
    for step in range(200):
        apart = at[:, None, :] - at[None, :, :]
        distance = np.maximum(np.linalg.norm(apart, axis=2), 0.01)
        force = ideal**2 / distance**2 - pull * distance / ideal
        move = (apart * (force / distance)[:, :, None] * distance[:, :, None]).sum(axis=1) - at * 0.3
        length = np.maximum(np.linalg.norm(move, axis=1, keepdims=True), 1e-9)
        at = at + move / length * np.minimum(length, 0.15 * (1 - step / 200))
    low, span = at.min(axis=0), np.maximum(np.ptp(at, axis=0), 1e-6)
    placed = 90 + (at - low) / span * 820
    # Names take more room than the forces leave: what lies too near is moved apart.
    for _ in range(120):
        apart = placed[:, None, :] - placed[None, :, :]
        distance = np.linalg.norm(apart * (0.8, 1.0), axis=2)
        np.fill_diagonal(distance, np.inf)
        lack = np.maximum(BESIDE - distance, 0)
        if not lack.any():
            break
        along = np.where(distance[:, :, None] > 1e-6, apart / np.maximum(distance, 1e-6)[:, :, None], 0.7)
        placed = np.clip(placed + (along * lack[:, :, None] * 0.3).sum(axis=1), 60, 940)
    return [(round(float(x), 1), round(float(y), 1)) for x, y in placed]
