"""Makes src/khabar/web/static/land.svg from the npm package world-atlas (Natural Earth 1:50m, TopoJSON).

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python scripts/land_outlines.py package/countries-50m.json

Equirectangular: x is longitude, y is minus latitude, in hundredths of a degree; arcs are simplified by Douglas and
Peucker's method, each arc once, so that neighbours keep a common border.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

TOLERANCE = 0.05  # degrees
SMALLEST = 0.02  # square degrees: islands below are left out
Point = tuple[float, float]


def arcs_of(topology: dict) -> list[list[Point]]:
    """The arcs in degrees."""
    (kx, ky), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * kx + dx, y * ky + dy))
        found.append(points)
    return found


def simplified(points: list[Point]) -> list[Point]:
    """The line without the points that lie closer than `TOLERANCE` to it. A ring is cut at its farthest point."""
    if len(points) < 3:
        return points
    (x1, y1), (x2, y2) = points[0], points[-1]
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5

    def distance(point: Point) -> float:
        if not length:
            return ((point[0] - x1) ** 2 + (point[1] - y1) ** 2) ** 0.5
        return abs((x2 - x1) * (y1 - point[1]) - (x1 - point[0]) * (y2 - y1)) / length

    far = max(range(1, len(points) - 1), key=lambda i: distance(points[i]))
    if distance(points[far]) <= TOLERANCE:
        return [points[0], points[-1]]
    return simplified(points[: far + 1])[:-1] + simplified(points[far:])


def area(points: list[Point]) -> float:
    """Of a ring, in square degrees."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, points[1:] + points[:1], strict=True))) / 2


def path(points: list[Point], *, close: bool) -> str:
    """An SVG path of relative steps in hundredths of a degree."""
    grid = [(round(x * 100), round(-y * 100)) for x, y in points]
    steps = [f"M{grid[0][0]} {grid[0][1]}l"]
    for (x1, y1), (x2, y2) in pairwise(grid):
        if (x1, y1) != (x2, y2):
            steps.append(f"{x2 - x1} {y2 - y1} ")
    return "".join(steps).replace(" -", "-").strip() + ("z" if close else "") if len(steps) > 1 else ""


def main(source: str) -> None:
    """Writes the file."""
    topology = json.loads(Path(source).read_text(encoding="utf-8"))
    arcs = [simplified(arc) for arc in arcs_of(topology)]

    def ring(numbers: list[int]) -> list[Point]:
        points: list[Point] = []
        for n in numbers:
            arc = arcs[n] if n >= 0 else arcs[~n][::-1]
            points += arc[1:] if points else arc
        return points

    uses: Counter[int] = Counter()
    land = []
    for shape in topology["objects"]["countries"]["geometries"]:
        polygons = shape.get("arcs") or []
        for polygon in [polygons] if shape.get("type") == "Polygon" else polygons:
            for numbers in polygon:
                uses.update(n if n >= 0 else ~n for n in numbers)
                points = ring(numbers)
                if area(points) >= SMALLEST and max(y for _, y in points) > -60:
                    land.append(path(points, close=True))
    borders = [path(arcs[n], close=False) for n, times in uses.items() if times > 1]
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-18000 -9000 36000 15000">'
        f'<path fill="#8d8877" fill-opacity=".34" d="{"".join(land)}"/>'
        f'<path fill="none" stroke="#7d786a" stroke-opacity=".7" '
        f'stroke-width="1" vector-effect="non-scaling-stroke" d="{"".join(borders)}"/></svg>\n'
    )
    out = Path(__file__).parent.parent / "src/khabar/web/static/land.svg"
    out.write_text(svg, encoding="utf-8")
    print(f"{out}: {len(svg.encode()) / 1000:.0f} kB")


if __name__ == "__main__":
    main(sys.argv[1])
