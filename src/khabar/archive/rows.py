"""What the archive answers with: one `Row` an event or act, with every cell that exports and the terminal need.

Offsets count Unicode code points of the paragraph's string (`Row.text`), end exclusive; None where the party, place or
time is understood and not written in that paragraph. Days are `YYYY-MM-DD`; an open cell is None, never a guess.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec

from khabar.records import Record

Unit = Literal["event", "act"]
# A party resolved with less confidence is rather a guess: tables for people mark it.
UNSURE = 0.4
# Where the days of a row come from: the time of the event, else the article's publication date, else nowhere.
Dating = Literal["event", "article"]


class PartyCell(Record, frozen=True, kw_only=True):
    """One party of an event. A mention of several parties gives several cells with the same `mention` and `position`.

    `code` is `COUNTRY`, `COUNTRY.SECTOR`, `IGO` or `IGO.BODY` (None where nothing was resolved); `country` and `sector`
    are its two halves. `id` is the actor's id in the tables, `name` its Latin name, `mention` the words as written.
    """

    code: str | None = None
    country: str | None = None
    sector: str | None = None
    id: str | None = None
    name: str | None = None
    mention: str | None = None
    start: int | None = None
    end: int | None = None
    method: str | None = None
    confidence: float | None = None
    position: int = 0


class PlaceCell(Record, frozen=True, kw_only=True):
    """The place of an event: `name` as the gazetteer writes it, `raw` as the paragraph does, `country` alpha-3,
    `admin1` the first-order division, `feature` the GeoNames feature code, degrees WGS 84."""

    name: str | None = None
    raw: str | None = None
    start: int | None = None
    end: int | None = None
    country: str | None = None
    admin1: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    geonames: int | None = None
    feature: str | None = None
    method: str | None = None
    confidence: float | None = None


class Row(Record, frozen=True, kw_only=True):
    """One event (`unit` "event") or one act with its best cells (`unit` "act").

    `first` and `last` are the days of the event's time, else of the publication date (`dated` says which, None if
    neither is known); `time` is the value as coded (`YYYY[-MM[-DD]]` or `first/last`), `published` the article's date.
    `mentions` counts the events that tell the act and `mention_ids` names them, fullest first (1 and its own id for an
    event). `happening` is the id of the happening that it tells, None where it is not linked yet. `text` is the
    paragraph that holds the trigger: the proof. `story_parties` and `story_places` name what the whole article's events
    hold (POLECAT's story columns).
    """

    event_id: str
    article_id: str
    type: str
    status: str
    trigger: str
    trigger_start: int
    trigger_end: int
    paragraph: int
    text: str
    unit: Unit = "act"
    mode: str | None = None
    url: str | None = None
    source: str | None = None
    outlet: str | None = None
    agency: str | None = None
    title: str | None = None
    language: str = "ar"
    published: str | None = None
    published_precision: str | None = None
    first: str | None = None
    last: str | None = None
    dated: Dating | None = None
    time: str | None = None
    time_text: str | None = None
    precision: str | None = None
    contexts: tuple[str, ...] = ()
    actors: tuple[PartyCell, ...] = ()
    recipients: tuple[PartyCell, ...] = ()
    speakers: tuple[PartyCell, ...] = ()
    place: PlaceCell | None = None
    toll: dict[str, str] = msgspec.field(default_factory=dict)
    mentions: int = 1
    mention_ids: tuple[str, ...] = ()
    happening: str | None = None
    confidence: float | None = None
    why: tuple[str, ...] = ()
    story_parties: tuple[str, ...] = ()
    story_places: tuple[str, ...] = ()
    coder: str | None = None
    model: str | None = None


class PointRow(NamedTuple):
    """Where an event or act is (degrees WGS 84), of what type it is, and the place as written and in the gazetteer."""

    latitude: float
    longitude: float
    type: str
    written: str
    name: str | None = None
    geonames: int | None = None


class ArticleRow(Record, frozen=True, kw_only=True):
    """One version of a page in the archive. `key` is its canonical address, else its source path; `digest` tells its
    versions apart; `current` marks the one that is shown."""

    id: str
    key: str
    digest: str
    title: str
    url: str | None = None
    source: str | None = None
    outlet: str | None = None
    date: str | None = None
    language: str = "ar"
    current: bool = True
    events: int = 0
    acts: int = 0
    added: str | None = None
    coder: str | None = None
    model: str | None = None


class Hit(Record, frozen=True, kw_only=True):
    """An article found by full-text search, best first. `text` is its first paragraph that holds a searched word,
    `paragraph` that paragraph's number; `score` grows with relevance (its scale depends on the database)."""

    article: ArticleRow
    score: float
    paragraph: int | None = None
    text: str | None = None


class Status(Record, frozen=True, kw_only=True):
    """What the archive holds. `articles` counts pages as shown, `undated` those of them whose day of publication is not
    known, `versions` all versions; days are publication dates."""

    location: str
    database: str
    schema: int
    articles: int
    undated: int
    versions: int
    events: int
    acts: int
    outlets: int
    dropped_lines: int
    corrections: int
    first: str | None = None
    last: str | None = None
    last_added: str | None = None
    coders: tuple[tuple[str, str | None, int], ...] = ()
    bytes: int | None = None


class Migration(Record, frozen=True, kw_only=True):
    """What `migrate` did: schema versions before and after, and the backup's path (None where none was made)."""

    before: int
    after: int
    backup: str | None = None
