"""The records that pass between the rooms.

Every record is an immutable `msgspec.Struct`; its JSON names are those of `docs/records.md`. Paragraph numbers are
those of the article (0 is the title). Offsets count Unicode code points of that paragraph's string as given, end
exclusive. A party, place or time that is understood but not written in the paragraph has `text`, `start` and `end`
of None. This module imports nothing of the package: every room may import it, it imports no room.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

Precision = Literal["day", "month", "year"]
Status = Literal["actual", "planned", "possible", "denied"]
STATUSES: tuple[Status, ...] = ("actual", "planned", "possible", "denied")


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all records: immutable, written with every key."""


class Dropped(Record, frozen=True, kw_only=True):
    """A line of the page that is no text of the article, with the reason (one of `REASONS`)."""

    line: str
    reason: str


class Page(Record, frozen=True, kw_only=True):
    """One source as found: bytes or text of a page with what its carrier says about it.

    `source` names where it stood (path, or path:line for a line of JSONL) and is what error messages show.
    Exactly one of `html` and `text` is set; `paragraphs` is set instead of both where the carrier already gives them;
    `article` is what else the carrier says then (date evidence, agency, dropped lines).
    """

    source: str
    html: str | None = None
    text: str | None = None
    paragraphs: tuple[str, ...] | None = None
    id: str | None = None
    url: str | None = None
    date: str | None = None
    outlet: str | None = None
    title: str | None = None
    encoding: str | None = None
    article: Article | None = None


class Article(Record, frozen=True, kw_only=True):
    """An article as read: `paragraphs[0]` is the title ("" if none); `date` is `YYYY-MM-DD` or None."""

    id: str
    paragraphs: tuple[str, ...]
    url: str | None = None
    outlet: str | None = None
    date: str | None = None
    date_evidence: str | None = None
    date_precision: Precision | None = None
    agency: str | None = None
    byline: str | None = None
    dateline: str | None = None
    language: str = "ar"
    source: str | None = None
    dropped: tuple[Dropped, ...] = ()


# Where the coder thinks that an understood party, place or time is named: (paragraph, start, end).
Link = tuple[int, int, int]


class Trigger(Record, frozen=True, kw_only=True):
    """The word that carries an event."""

    text: str
    start: int
    end: int


class Mention(Record, frozen=True, kw_only=True):
    """A party of an event: the words and what they resolve to.

    `codes` hold `COUNTRY`, `COUNTRY.SECTOR` or `IGO.BODY` (CODEBOOK section 5), several for a mention of several
    parties; `ids` and `names` (Latin) run parallel to `codes`. `guess` is what the model alone would say
    (code, probability), best first: evidence for the resolver. `method` says how the codes were found,
    `alternatives` what else they could have been, `confidence` is a probability.
    """

    text: str | None = None
    start: int | None = None
    end: int | None = None
    codes: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    method: str | None = None
    alternatives: tuple[str, ...] = ()
    confidence: float | None = None
    guess: tuple[tuple[str, float], ...] = ()
    link: Link | None = None


class Place(Record, frozen=True, kw_only=True):
    """The place of an event. `country` is ISO 3166 alpha-3 (or INT, UNK), `geonames` the GeoNames id."""

    text: str | None = None
    start: int | None = None
    end: int | None = None
    country: str | None = None
    geonames: int | None = None
    name: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    feature: str | None = None
    admin1: str | None = None
    method: str | None = None
    alternatives: tuple[str, ...] = ()
    confidence: float | None = None
    guess: tuple[tuple[str, float], ...] = ()
    link: Link | None = None


class Time(Record, frozen=True, kw_only=True):
    """The time of an event: `value` is `YYYY[-MM[-DD]]` or `first/last`, None where the text leaves it open."""

    text: str | None = None
    start: int | None = None
    end: int | None = None
    value: str | None = None
    precision: str | None = None
    reason: str | None = None
    confidence: float | None = None
    link: Link | None = None


class Event(Record, frozen=True, kw_only=True):
    """One act told by one word of one paragraph (CODEBOOK section 1).

    `toll` maps a category (`killed`, `injured`, …) to a number as written in section 8 (`12`, `>=10`, `~200`).
    `confidence` is the probability that the event (trigger and type) is right; `cells` that of single cells.
    `why` holds human-readable reasons (`khabar show --why`).
    """

    paragraph: int
    trigger: Trigger
    type: str
    mode: str | None = None
    status: Status = "actual"
    actors: tuple[Mention, ...] = ()
    recipients: tuple[Mention, ...] = ()
    speaker: tuple[Mention, ...] = ()
    place: Place | None = None
    time: Time | None = None
    toll: dict[str, str] = msgspec.field(default_factory=dict)
    id: str | None = None
    confidence: float | None = None
    cells: dict[str, float] = msgspec.field(default_factory=dict)
    why: tuple[str, ...] = ()


class Heard(Record, frozen=True, kw_only=True):
    """What the coder heard of an event's actors, recipients and speaker, the likely and the unlikely.

    Of each role: `states`, the probabilities that it is empty, has words, is understood; `filled` and `understood`, the
    last two by the reader of arguments alone; `meant`, what it would be without words (`guess` and `link`; None where
    that is next to impossible). `mentions` are all that may fill one of the three, `chances` how likely each does.
    """

    states: tuple[tuple[float, float, float], ...]
    filled: tuple[float, ...]
    understood: tuple[float, ...]
    meant: tuple[Mention | None, ...]
    mentions: tuple[Mention, ...] = ()
    chances: tuple[tuple[float, ...], ...] = ()


class Scene(Record, frozen=True, kw_only=True):
    """What the coder heard of where and when an event happened, the likely and the unlikely.

    `filled` and `understood` are the probabilities that place and time have words in the paragraph, or none there;
    `places` and `times` all words that may tell them, `chances` how likely each of both does, `place` and `time` what
    they would be without words (None where that is next to impossible).
    """

    filled: tuple[float, float]
    understood: tuple[float, float]
    places: tuple[Place, ...] = ()
    times: tuple[Time, ...] = ()
    chances: tuple[tuple[float, ...], tuple[float, ...]] = ((), ())
    place: Place | None = None
    time: Time | None = None


class HeardEvent(Event, frozen=True, kw_only=True):
    """An event of a draft, with what else the coder heard: the resolver weighs it anew (`resolve.dyad`,
    `resolve.scene`) and gives an `Event`."""

    heard: Heard
    scene: Scene

    def plain(self, **changes: object) -> Event:
        """The event alone, with some fields changed."""
        fields: dict[str, Any] = {name: getattr(self, name) for name in Event.__struct_fields__}
        return Event(**{**fields, **changes})


class NearMiss(Record, frozen=True, kw_only=True):
    """A word that was nearly an event (`khabar show --why`): the type it would have been, and its probability."""

    paragraph: int
    trigger: Trigger
    type: str
    probability: float


class CodedArticle(Record, frozen=True, kw_only=True):
    """What an article tells. `not_body` lists paragraphs judged no text of the article, with the reason;
    `near` is filled only where reasons were asked for."""

    id: str
    contexts: tuple[str, ...] = ()
    not_body: tuple[tuple[int, str], ...] = ()
    events: tuple[Event, ...] = ()
    coder: str | None = None
    near: tuple[NearMiss, ...] = ()


class Act(Record, frozen=True, kw_only=True):
    """One act as an article tells it: `events` are indexes into `CodedArticle.events`, the fullest mention first;
    `best` is an event whose cells are the best of all mentions. A party, place or time that `best` takes from another
    paragraph than its own keeps its words in `text`; its offsets are None and `link` says where the words stand."""

    id: str
    events: tuple[int, ...]
    best: Event


def encode(record: Record) -> bytes:
    """JSON of a record: UTF-8, keys in the order of the class, no spaces."""
    return msgspec.json.encode(record)


def decode_article(data: bytes | str) -> Article:
    """An article from JSON; keys it does not know are ignored. Raises `msgspec.ValidationError`."""
    return msgspec.json.decode(data, type=Article)


def decode_coded(data: bytes | str) -> CodedArticle:
    """A coded article from JSON; keys it does not know are ignored. Raises `msgspec.ValidationError`."""
    return msgspec.json.decode(data, type=CodedArticle)
