"""Scores of single rooms: resolution alone over gold mentions, and body against dropped paragraphs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from khabar.judging.scoring import codes, countries, place_of, time_of
from khabar.records import Article, CodedArticle, Event, Mention, Record

ROLES = ("actors", "recipients", "speaker")


class Share(Record, frozen=True, kw_only=True):
    """`hit` of `of`."""

    hit: int
    of: int

    @property
    def value(self) -> float:
        """The share, 0.0 of nothing."""
        return self.hit / self.of if self.of else 0.0

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.hit} of {self.of})"


class Mistake(Record, frozen=True, kw_only=True):
    """A mention that was resolved wrongly `count` times: its words, what gold has and what came out."""

    cell: str
    text: str
    gold: str
    coded: str
    count: int


class GoldSpans(Record, frozen=True, kw_only=True):
    """Resolution alone. `written` are cells with words in the paragraph, `understood` those without (`^`).

    Keys: `code`, `country` (parties; equal sets), `place` (country), `time` (value); `code:actors` and so on by role.
    """

    written: dict[str, Share]
    understood: dict[str, Share]
    mistakes: tuple[Mistake, ...] = ()


class BodyShares(Record, frozen=True, kw_only=True):
    """Body and junk, counted in paragraphs other than the title.

    `kept`: gold body paragraphs that were kept. `dropped`: by gold reason, those that were dropped; `reasons`: of the
    dropped, how many with gold's own reason. `junk`: dropped junk other than bare subheadings and teasers.
    `lost` and `left` name paragraphs (article, number, reason) that were dropped wrongly or left standing.
    """

    kept: Share
    junk: Share
    dropped: dict[str, Share]
    reasons: Share
    lost: tuple[tuple[str, int, str], ...] = ()
    left: tuple[tuple[str, int, str], ...] = ()


def strip_codes(coded: CodedArticle) -> CodedArticle:
    """The same events with spans alone: no codes, ids, countries or time values."""
    return msgspec.structs.replace(coded, events=tuple(_bare(event) for event in coded.events))


def _bare(event: Event) -> Event:
    def parties(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
        return tuple(Mention(text=m.text, start=m.start, end=m.end) for m in mentions)

    place, time = event.place, event.time
    return msgspec.structs.replace(
        event,
        actors=parties(event.actors),
        recipients=parties(event.recipients),
        speaker=parties(event.speaker),
        place=place and type(place)(text=place.text, start=place.start, end=place.end),
        time=time and type(time)(text=time.text, start=time.start, end=time.end),
    )


class _Count:
    """Hits and totals by name, and mistakes."""

    def __init__(self) -> None:
        self.hit: Counter[str] = Counter()
        self.of: Counter[str] = Counter()
        self.wrong: Counter[tuple[str, str, str, str]] = Counter()

    def add(self, name: str, hit: bool) -> None:
        self.hit[name] += hit
        self.of[name] += 1

    def miss(self, cell: str, text: str | None, gold: str | None, coded: str | None) -> None:
        self.wrong[cell, text or "^", gold or "-", coded or "-"] += 1

    def shares(self) -> dict[str, Share]:
        return {name: Share(hit=self.hit[name], of=self.of[name]) for name in sorted(self.of)}


def gold_spans(
    gold: Mapping[str, CodedArticle],
    articles: Mapping[str, Article],
    resolve: Callable[[Article, CodedArticle], CodedArticle],
    mistakes: int = 0,
) -> GoldSpans:
    """Resolution alone: gold's spans are given to `resolve` without codes, and what it finds is compared with gold.

    `resolve(article, draft)` returns the draft with codes (`functools.partial(khabar.resolve.resolve, tables=…)`); a
    mention that it leaves out or moves counts as wrong. `mistakes` is how many of the commonest wrong cells to keep.
    Gold articles that `articles` lacks are left out.
    """
    written, understood = _Count(), _Count()
    for key, one in gold.items():
        if key not in articles:
            continue
        resolved = resolve(articles[key], strip_codes(one))
        found = {(e.paragraph, e.trigger.start, e.type): e for e in resolved.events}
        for event in one.events:
            other = found.get((event.paragraph, event.trigger.start, event.type))
            for role in ROLES:
                theirs: Sequence[Mention] = getattr(other, role) if other else ()
                _compare_parties(role, getattr(event, role), theirs, written, understood)
            _compare_cells(event, other, written, understood)
    common = [
        Mistake(cell=cell, text=text, gold=want, coded=got, count=count)
        for (cell, text, want, got), count in (written.wrong + understood.wrong).most_common(mistakes)
    ]
    return GoldSpans(written=written.shares(), understood=understood.shares(), mistakes=tuple(common))


def _compare_parties(
    role: str, gold: Sequence[Mention], coded: Sequence[Mention], written: _Count, understood: _Count
) -> None:
    by_span = {(m.start, m.end): m for m in coded if m.text is not None}
    for mention in gold:
        if mention.text is not None:
            other = by_span.get((mention.start, mention.end))
            _compare_sets(role, mention.text, [mention], [other] if other else [], written)
    silent = [m for m in gold if m.text is None]
    if silent:
        _compare_sets(role, None, silent, [m for m in coded if m.text is None], understood)


def _compare_sets(role: str, text: str | None, gold: list[Mention], coded: list[Mention], count: _Count) -> None:
    want, got = codes(gold), codes(coded)
    for suffix in ("", f":{role}"):
        count.add(f"code{suffix}", want == got)
        count.add(f"country{suffix}", countries(gold) == countries(coded))
    if want != got:
        count.miss(role, text, "+".join(sorted(want)), "+".join(sorted(got)))


def _compare_cells(gold: Event, coded: Event | None, written: _Count, understood: _Count) -> None:
    for name, cell, want, got in (
        ("place", gold.place, place_of(gold), place_of(coded) if coded else None),
        ("time", gold.time, time_of(gold), time_of(coded) if coded else None),
    ):
        if cell is None:
            continue
        count = written if cell.text is not None else understood
        count.add(name, want == got)
        if want != got:
            count.miss(name, cell.text, want, got)


def body_report(
    gold: Mapping[str, CodedArticle],
    articles: Mapping[str, Article],
    not_body: Callable[[Article], Iterable[tuple[int, str]]],
) -> BodyShares:
    """Kept body and dropped junk, against the `not_body` marks of gold. Gold articles that `articles` lacks are left
    out."""
    count = _Count()
    kinds: set[str] = set()
    lost, left = [], []
    for key, one in gold.items():
        if key not in articles:
            continue
        marked, ours = dict(one.not_body), dict(not_body(articles[key]))
        for number in range(1, len(articles[key].paragraphs)):
            reason, mine = marked.get(number), ours.get(number)
            if reason is None:
                count.add("kept", mine is None)
                lost += [(key, number, mine)] if mine else []
                continue
            kinds.add(reason)
            count.add(reason, mine is not None)
            if reason not in ("heading", "teaser"):
                count.add("junk", mine is not None)
            if mine is None:
                left.append((key, number, reason))
            else:
                count.add("reasons", mine == reason)
    shares = count.shares()
    none = Share(hit=0, of=0)
    return BodyShares(
        kept=shares.get("kept", none),
        junk=shares.get("junk", none),
        dropped={kind: shares[kind] for kind in sorted(kinds)},
        reasons=shares.get("reasons", none),
        lost=tuple(lost),
        left=tuple(left),
    )
