"""The cells of an article's events that are asked again, each with its candidates."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from khabar.records import Article, Event, HeardEvent, Place
from khabar.resolve.place_context import Evidence
from khabar.resolve.scene import places, times, tolls
from khabar.resolve.scene.others import Others, acts_of
from khabar.resolve.scene.standing import Standing
from khabar.resolve.time_reading import Reading, main_day, reference_of
from khabar.resolve.times import Said, dated_of, looks_ahead, said_by

CELLS = ("place", "time", "toll")
COLUMNS = {"place": places.COLUMNS, "time": times.COLUMNS, "toll": tolls.COLUMNS}
CATEGORIES = {"place": places.CATEGORIES, "time": times.CATEGORIES, "toll": tolls.CATEGORIES}
# Nothing is asked of a place or time that the coder takes for empty as surely as that, or of words that it is as sure
# of, beside which no others are likely (measured on held-out articles).
EMPTY, WORDS, SECOND = (0.02, 0.04), (0.95, 0.9), 0.1


class Problem(NamedTuple):
    """A cell to be decided: the number of its event, which of `CELLS`, its candidates (None: empty) with a row of
    `COLUMNS` for each, and the words that may fill it, or the category of a toll."""

    event: int
    cell: str
    candidates: Sequence[str | None]
    rows: list[list[float]]
    words: Sequence[Place | times.Written] = ()
    category: str = ""

    def value(self, event: Event) -> str | None:
        """What an event has in this cell."""
        if self.cell == "place":
            return event.place.country if event.place is not None else None
        if self.cell == "time":
            return event.time.value if event.time is not None else None
        return event.toll.get(self.category)


class Ground:
    """What is known of an article whatever its places and times: what words say, where they stand, which countries are
    named."""

    def __init__(
        self, article: Article, events: Sequence[HeardEvent], evidence: Sequence[Evidence], reading: Reading
    ) -> None:
        self.article, self.reading = article, reading
        self.read = _read(article, events, reading)
        self.lands = places.Countries(events, evidence, article.date)
        self.main = main_day(reading(False))
        self._at: dict[int, Standing] = {}
        self._written: dict[int, tuple[list[times.Written], float]] = {}

    def at(self, number: int, event: HeardEvent, events: Sequence[HeardEvent]) -> Standing:
        """Where words of an event's paragraph stand."""
        if number not in self._at:
            triggers = [e.trigger.start for e in events if e.paragraph == event.paragraph]
            self._at[number] = Standing(event, self.article.paragraphs[event.paragraph], triggers)
        return self._at[number]

    def written(self, number: int, event: HeardEvent, at: Standing) -> tuple[list[times.Written], float]:
        """The words of an event's paragraph that may date it."""
        if number not in self._written:
            found = self.reading(looks_ahead(event))[event.paragraph]
            self._written[number] = times.written(
                event, at.text, found, at.triggers, self.article.date, self.read[number]
            )  # fmt: skip
        return self._written[number]


def problems(
    ground: Ground, events: Sequence[HeardEvent], changed: Collection[int] | None = None
) -> list[Problem]:  # fmt: skip
    """Every cell that the coder is not sure of and that has more than one candidate; where it is known which events
    have `changed`, only places and times of events that one of those is like."""
    acts = acts_of(events)
    dates = _dates(ground, events)
    here, then = Others.places(acts), Others.times(acts)
    found = list(_tolls(ground.article, events)) if changed is None else []
    for number, event in enumerate(events):
        if changed is not None and not any(other in changed for _, other, *_ in acts.like(number)):
            continue
        asked = [cell for r, cell in enumerate(CELLS[:2]) if not _settled(event, r)]
        if not asked:
            continue
        at = ground.at(number, event, events)
        if "place" in asked:
            whole = places.rows(number, event, here, ground.lands, at)
            found.append(Problem(number, "place", *whole, event.scene.places))
        if "time" in asked:
            words, none = ground.written(number, event, at)
            table = times.rows(number, event, words, none, then, dates, at)
            found.append(Problem(number, "time", *table, words))
    return [one for one in found if len(one.candidates) > 1]


def _tolls(article: Article, events: Sequence[HeardEvent]) -> Iterator[Problem]:
    """What each event's paragraph tells of how many it killed, hurt, detained …."""
    told: dict[int, tolls.Told] = {}
    for number, event in enumerate(events):
        if not tolls.takes(event):
            continue
        text = article.paragraphs[event.paragraph]
        if event.paragraph not in told:
            told[event.paragraph] = tolls.told(text)
        here = [other for other in events if other.paragraph == event.paragraph]
        for category in tolls.asked(event, told[event.paragraph]):
            table = tolls.rows(event, category, told[event.paragraph], here, text)
            yield Problem(number, "toll", *table, category=category)


def _settled(event: HeardEvent, r: int) -> bool:
    """Whether nothing is to be asked of a cell (0 place, 1 time)."""
    scene, now = event.scene, (event.place, event.time)[r]
    if now is None:
        return scene.filled[r] < EMPTY[r] and scene.understood[r] < EMPTY[r]
    if now.text is None or scene.filled[r] < WORDS[r]:
        return False
    likely = sorted(scene.chances[r], reverse=True)
    return bool(likely) and likely[0] >= WORDS[r] and (len(likely) < 2 or likely[1] < SECOND)


Words = Mapping[tuple[int, int], Said]  # what words (start, end) of an event's paragraph say of times


def _read(article: Article, events: Sequence[HeardEvent], reading: Reading) -> list[Words]:
    """What the time words that each event hears say."""
    reference = reference_of(article)
    return [
        {
            (time.start or 0, time.end or 0): said
            for time in event.scene.times
            if (said := said_by(article, event, time, reading, reference)) is not None
        }
        for event in events
    ]


def _dates(ground: Ground, events: Sequence[HeardEvent]) -> times.Dates:
    """What the article's acts and words say of times."""
    linked: dict[tuple[int, int, int], str] = {}
    heard: dict[tuple[int, int, int], list[tuple[int, float]]] = {}
    for number, (event, mine) in enumerate(zip(events, ground.read, strict=True)):
        for chance, time in zip(event.scene.chances[1], event.scene.times, strict=True):
            span = (time.start or 0, time.end or 0)
            if span in mine and (value := mine[span].value) is not None:
                linked[event.paragraph, *span] = value
                heard.setdefault((event.paragraph, *span), []).append((number, chance))
    return times.Dates(ground.article.date, ground.main, dated_of(events), linked, heard)
