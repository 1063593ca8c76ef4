"""What one article tells of one act, and whether two articles tell the same: the evidence that happenings are made of.

Two tellings can be one happening only if nothing speaks against it: type, status, means, parties, place, days. They
are one if enough speaks for it: what the acts share (as within an article, `khabar.stories.acts`), and how alike the
paragraphs and the openings of the two articles are.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import NamedTuple

from khabar.arabic import search_terms
from khabar.codebook import SPEECH_TYPES
from khabar.records import Act, Article, Event, Mention
from khabar.stories import compatible
from khabar.stories.acts import MUTUAL, SHELLING, same_names, sides, where
from khabar.stories.compatible import equal_place, same_mode, same_place, same_toll, whole_country
from khabar.stories.profiles import OPENING, Vector, cosine, vector
from khabar.stories.roots import same_root

# What must speak for one happening (`evidence`), set on the example pages and the tuning half of the judged pairs.
ENOUGH = 3.5
# What likeness of texts adds at most, unless they are copies, whose cells agree too.
TEXTS = 3.0
# Days between the publications of two reports of a happening that names no day of its own.
WINDOW = 3
# An act that is told later by its day ("the attack of 6 June") joins whatever is known of that day; outlets count the
# night of an act to either day.
SLACK = 1
# A longer time (a month, a year) says nothing about the day.
LONG = 10
# Means that outlets and the coder take for each other at times.
_ARMED = SHELLING | {"explosives", "firearms", "suicide-attack", "targeted"}
_DENIABLE = frozenset({"actual", "denied"})


class Telling(NamedTuple):
    """An act as one article tells it. `days` are the first and last day of the act (proleptic ordinals) where the text
    names them to a few days, `published` the day of the article; `words` are those of the paragraph that tells it,
    `opening` those of the article's beginning, `lead` whether title or lead tell it."""

    event: Event
    article: int
    outlet: str
    published: int | None
    days: tuple[int, int] | None
    words: Vector
    opening: Vector
    lead: bool


def ordinal(day: str | None) -> int | None:
    """Proleptic ordinal of `YYYY-MM-DD`, None where it is none."""
    try:
        return datetime.date.fromisoformat(day or "").toordinal()
    except ValueError:
        return None


def days_of(event: Event) -> tuple[int, int] | None:
    """First and last day of an event as ordinals, None where its time is open or longer than `LONG` days."""
    named = compatible.days(event.time.value if event.time else None)
    first, last = (ordinal(day) for day in named) if named else (None, None)
    return (first, last) if first is not None and last is not None and last - first <= LONG else None


def opening_terms(paragraphs: Sequence[str]) -> list[str]:
    """The first `OPENING` terms of an article."""
    terms: list[str] = []
    for paragraph in paragraphs:
        terms += search_terms(paragraph)
        if len(terms) >= OPENING:
            break
    return terms[:OPENING]


def tellings(article: Article, acts: Sequence[Act], number: int, paragraph_of: Sequence[int]) -> list[Telling]:
    """What an article tells, an act each. `number` is the article's; `paragraph_of` the first paragraph of each act."""
    opening = vector(opening_terms(article.paragraphs))
    words: dict[int, Vector] = {}
    found = []
    for act, first in zip(acts, paragraph_of, strict=True):
        n = act.best.paragraph
        if n not in words:
            words[n] = vector(search_terms(article.paragraphs[n])) if n < len(article.paragraphs) else {}
        found.append(
            Telling(
                event=act.best,
                article=number,
                outlet=article.outlet or "",
                published=ordinal(article.date),
                days=days_of(act.best),
                words=words[n],
                opening=opening,
                lead=first <= 1,
            )
        )
    return found


def apart(a: Telling, b: Telling) -> int | None:
    """Days between two tellings: of the acts where both name them, else of the publications; None where unknown."""
    if a.days and b.days:
        return max(0, a.days[0] - b.days[1], b.days[0] - a.days[1])
    if a.published is None or b.published is None:
        return None
    return abs(a.published - b.published)


def possible(a: Telling, b: Telling) -> bool:
    """Whether nothing speaks against two tellings being one happening."""
    x, y = a.event, b.event
    return (
        x.type == y.type
        and (same_mode(x.mode, y.mode) or x.type != "ASSAULT" or {x.mode, y.mode} <= _ARMED)
        and _days_fit(a, b)
        and _sides_fit(x, y)
        and same_place(x.place, y.place)
        and _status_fit(a, b)
    )


def _status_fit(a: Telling, b: Telling) -> bool:
    """A denial belongs to what it denies; what one calls planned and the other done has to be of one day."""
    if (a.event.status in _DENIABLE) == (b.event.status in _DENIABLE):
        return True
    return apart(a, b) == 0


def _days_fit(a: Telling, b: Telling) -> bool:
    gap = apart(a, b)
    if gap is None:
        return True
    if a.days and b.days:
        return gap <= SLACK
    named, other = (a, b) if a.days else (b, a)
    if named.days and other.published is not None:
        # One names the day, the other is news: of that day or of those before it.
        return named.days[0] - SLACK <= other.published <= named.days[1] + WINDOW
    return gap <= WINDOW


def _sides_fit(a: Event, b: Event) -> bool:
    """Outlets name other parts of the parties, and sectors are often open: one country or body in common is enough."""
    return all(
        not x or not y or "UNK" in x | y or bool(x & y)
        for x, y in ((_countries(p), _countries(q)) for p, q in zip(sides(a), sides(b), strict=True))
    )


def _countries(codes: frozenset[str]) -> frozenset[str]:
    return frozenset(code if code.startswith("IGO.") else code.partition(".")[0] for code in codes)


def clashes(a: Event, b: Event) -> float:
    """What speaks against two tellings without making one happening impossible, for a coder may err: other means,
    another sector of one country, planned and done."""
    total = 0.0 if same_mode(a.mode, b.mode) else 0.25 if {a.mode, b.mode} <= SHELLING else 1.25
    for x, y in zip(sides(a), sides(b), strict=True):
        total += 0.5 if x and y and not compatible.shared(x, y) else 0.0
    return total + (1.0 if (a.status in _DENIABLE) != (b.status in _DENIABLE) else 0.0)


def evidence(a: Telling, b: Telling) -> float:
    """What speaks for two possible tellings being one happening; `ENOUGH` is enough. Symmetric."""
    openings = (2.0 if a.lead and b.lead else 1.0) * cosine(a.opening, b.opening)
    return cells_alike(a, b) + 3.0 * cosine(a.words, b.words) + openings


def cells_alike(a: Telling, b: Telling) -> float:
    """The part of the evidence that does not come from the texts."""
    x, y = a.event, b.event
    (x_actors, x_recipients), (y_actors, y_recipients) = sides(x), sides(y)
    pair = x.type in MUTUAL and min(len(x_actors), len(y_actors)) > 1
    who = compatible.shared(x_actors, y_actors)
    total = (2.5 if pair else 1.25) * who + 1.25 * compatible.shared(x_recipients, y_recipients)
    total += _names(x.actors, y.actors) + _names(x.recipients, y.recipients)
    total += 0.75 * same_root(x.trigger.text, y.trigger.text) + (0.5 if x.mode and x.mode == y.mode else 0.0)
    total += _victims(x, y)
    total += where(x.place, y.place) + _when(a, b) - clashes(x, y)
    if x.type in SPEECH_TYPES:
        # One party says many things a day: the words have to be alike.
        total -= 0.75 + (1.0 if who < 0.6 else 0.0)
    return total


def _names(a: Sequence[Mention], b: Sequence[Mention]) -> float:
    """Persons and bodies in common or not; other names of several may still be one act."""
    return max(-1.0, same_names(a, b))


def _victims(a: Event, b: Event) -> float:
    """Numbers of victims: outlets differ a little, of one thing seldom by more than twice."""
    agree = same_toll(a, b)
    if agree is not False:
        return 1.25 if agree else 0.0
    both = ((_number(a.toll[kind]), _number(b.toll[kind])) for kind in a.toll.keys() & b.toll.keys())
    return -0.25 if all(max(x, y) <= 2 * min(x, y) for x, y in both) else -1.0


def _number(value: str) -> int:
    digits = value.lstrip("<>=~")
    return int(digits) if digits.isdigit() else 0


def _when(a: Telling, b: Telling) -> float:
    gap = apart(a, b)
    if gap is None:
        return 0.0
    if a.days and b.days:
        exact = a.days == b.days
        return (1.0 if exact else 0.25) if gap == 0 else -1.0
    return 0.25 if gap == 0 else -0.4 * gap


def promising(a: Telling, b: Telling) -> bool:
    """Whether two possible tellings may be one happening once their texts are looked at."""
    return cells_alike(a, b) >= ENOUGH - TEXTS


def pinned(a: Telling, b: Telling) -> bool:
    """Whether the two name one point on the map or one day, so that they are not merely two acts of one kind."""
    place = equal_place(a.event.place, b.event.place) and not any(
        t.event.place is None or whole_country(t.event.place) for t in (a, b)
    )
    return place or bool(a.days and a.days == b.days)
