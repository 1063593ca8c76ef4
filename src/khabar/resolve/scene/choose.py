"""From the candidates of an act's place, time and toll to what fills them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from khabar.coding.confidence import squash
from khabar.records import Article, Event, HeardEvent, Place, Time
from khabar.resolve.place_context import Evidence
from khabar.resolve.place_understood import in_country
from khabar.resolve.scene import times
from khabar.resolve.scene.cells import CELLS, Ground, Problem, problems
from khabar.resolve.time_reading import Reading
from khabar.resolve.times import from_mention, from_words, looks_ahead
from khabar.trees import Trees, likelihoods

FILE = "scene.npz"
CURVES = tuple((cell, empty) for cell in CELLS for empty in (False, True))


class Ranking(NamedTuple):
    """For each cell trees whose sum is the score of a candidate, and, filled and empty apart, the slope and offset that
    make log odds of the likeliest one's chance those of being right."""

    trees: Mapping[str, Trees]
    calibration: Mapping[tuple[str, bool], tuple[float, float]]

    @classmethod
    def of(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Ranking:
        """From the arrays of `FILE`."""
        several = arrays["calibration"].tolist()
        curves = {key: (slope, offset) for key, (slope, offset) in zip(CURVES, several, strict=True)}
        return cls({cell: Trees.of(arrays, cell) for cell in CELLS}, curves)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """What `of` reads."""
        found = {"calibration": np.array([self.calibration[key] for key in CURVES])}
        for cell, trees in self.trees.items():
            found |= trees.arrays(cell)
        return found


@cache
def load_ranking() -> Ranking:
    """The package's own."""
    with (files("khabar.resolve") / "data" / FILE).open("rb") as file, np.load(file) as arrays:
        return Ranking.of(arrays)


def weigh_scenes(
    article: Article, events: Sequence[HeardEvent], evidence: Sequence[Evidence], reading: Reading, ranking: Ranking
) -> tuple[Event, ...]:
    """The events with their likeliest places, times and tolls, plain; `cells` of the three hold the probability that
    country, value and number are right. Places and times are decided twice: the second time acts that are alike speak
    with those that they have been given."""
    ground = Ground(article, events, evidence, reading)
    told = _weighed(events, problems(ground, events), ranking, reading)
    changed = {n for n, (old, new) in enumerate(zip(events, told, strict=True)) if _scene(old) != _scene(new)}
    if changed:
        told = _weighed(told, problems(ground, told, changed), ranking, reading)
    return tuple(event.plain() for event in told)


def _scene(event: Event) -> tuple[str | None, str | None]:
    return event.place.country if event.place is not None else None, _value(event)


def _weighed(
    events: Sequence[HeardEvent], asked: Sequence[Problem], ranking: Ranking, reading: Reading
) -> list[HeardEvent]:
    """The events with the likeliest of each cell that is asked."""
    changes: list[dict[str, Any]] = [{"cells": dict(event.cells)} for event in events]
    for cell in CELLS:
        mine = [one for one in asked if one.cell == cell]
        if not mine:
            continue
        scores = ranking.trees[cell].scores([row for one in mine for row in one.rows])
        for one, part in zip(mine, np.split(scores, np.cumsum([len(one.rows) for one in mine])[:-1]), strict=True):
            chances = likelihoods(part)
            best = int(chances.argmax())
            value = one.candidates[best]
            curve = ranking.calibration[cell, value is None]
            change = changes[one.event]
            name = f"toll:{one.category}" if cell == "toll" else cell
            change["cells"][name] = round(squash(float(chances[best]), *curve), 3)
            if cell == "place":
                change["place"] = _place(one, value, events)
            elif cell == "time":
                change["time"] = _time(one, value, events, reading)
            else:
                change["toll"] = _toll(one, value, change.get("toll", events[one.event].toll))
    return [replace(event, **change) for event, change in zip(events, changes, strict=True)]


def _place(problem: Problem, country: str | None, events: Sequence[HeardEvent]) -> Place | None:
    """The place in a country: the one that stands there now, the likeliest words, that of an act alike."""
    event = events[problem.event]
    now = event.place
    if now is not None and now.country == country:
        return now
    if country is None:
        return None
    words = [
        (p, -n) for n, (p, one) in enumerate(zip(event.scene.chances[0], event.scene.places, strict=True))
        if one.country == country
    ]  # fmt: skip
    if words:
        return event.scene.places[-max(words)[1]]
    if now is not None and now.text is not None and now.country is None:
        return now  # a name that no table knows stays as it is written
    return in_country(event, problem.event, country, events, event.scene.place)


def _time(problem: Problem, value: str | None, events: Sequence[HeardEvent], reading: Reading) -> Time | None:
    """The time with a value: the one that stands there now, the likeliest words, that of an act alike."""
    event = events[problem.event]
    now = event.time
    if now is not None and now.value == value:
        return now
    if value is None:
        if now is None or now.text is None:
            return None
        return replace(now, value=None, precision=None, reason="open: the words rather date something else")
    for one in problem.words:
        if isinstance(one, times.Written) and one.value == value:
            return Time(
                text=one.text, start=one.start, end=one.end, value=value, precision=one.said.expression.precision,
                reason=one.said.reason, confidence=one.chance or one.share,
            )  # fmt: skip
    told = [other for n, other in enumerate(events) if n != problem.event and _value(other) == value]
    dated = [other for other in told if other.time is not None and other.time.text is not None]
    silent = replace(event, time=event.scene.time)
    if dated:
        nearest = min(dated, key=lambda other: (other.type != event.type, abs(other.paragraph - event.paragraph)))
        return from_mention(silent, nearest)
    if told:
        return told[0].time
    return from_words(silent, value, reading(looks_ahead(event)))


def _toll(problem: Problem, value: str | None, now: Mapping[str, str]) -> dict[str, str]:
    """A toll with another number, or none, of one category."""
    kept = {category: number for category, number in now.items() if category != problem.category}
    return kept if value is None else {**kept, problem.category: value}


def _value(event: Event) -> str | None:
    return event.time.value if event.time is not None else None
