"""What is known of every role before its candidates are weighed: what the coder heard, with everybody's codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from heapq import nlargest
from typing import NamedTuple

from msgspec.structs import replace

from khabar.records import CodedArticle, Heard, HeardEvent, Mention
from khabar.resolve.acts import OTHER, ROLES
from khabar.resolve.context import Context
from khabar.resolve.counts import Counts
from khabar.resolve.dyad.rows import Named, Side
from khabar.resolve.parties import Found
from khabar.resolve.understood import Meant, named_near
from khabar.resolve.understood_rows import Telling, candidates
from khabar.resolve.understood_rows import rows as rows_without_words
from khabar.resolve.weighing import chances
from khabar.trees import Trees

LEAST = 0.1  # a mention's least chance of a role for it to be a candidate there
# Roles that are left as they are: empty with this chance, or with words and one mention far ahead (on held-out articles
# the trees change one in a hundred of these).
EMPTY, WORDS, FIRST, SECOND = 0.97, 0.9, 0.8, 0.15
MEANT = 4  # candidates without words
Span = tuple[int, int, int]  # paragraph, start, end as the coder gave them


class Party(NamedTuple):
    """A party of an event and what it was resolved to (None: nobody)."""

    mention: Mention
    fill: Found | Meant | None

    @property
    def codes(self) -> tuple[str, ...]:
        return self.fill.codes if self.fill is not None else ()


class Spoken(NamedTuple):
    """A mention with words and what it was resolved to, wherever it stands."""

    mention: Mention
    found: Found


Parties = Mapping[str, Sequence[Party]]  # of an event, by role


def sides(
    context: Context, draft: CodedArticle, parties: Sequence[Parties], spoken: Mapping[Span, Spoken], counts: Counts,
    understood: Trees,
) -> dict[tuple[int, str], Side]:  # fmt: skip
    """Of every event (number) and role that the coder gave candidates for. `parties` are those of each event as they
    are now, `spoken` all mentions that were resolved."""
    meant = _meant(context, draft, parties, counts, understood)
    found = {}
    for number, event in enumerate(draft.events):
        if not isinstance(event, HeardEvent):
            continue
        heard = event.heard
        for r, role in enumerate(ROLES):
            if _settled(heard, r, parties[number][role]):
                continue
            mentions = []
            for mention, likely in zip(heard.mentions, heard.chances, strict=True):
                start, end = mention.start or 0, mention.end or 0
                there = spoken.get((event.paragraph, start, end))
                if there is not None and likely[r] >= LEAST:
                    codes, sure = there.found.codes, there.found.share
                    mentions.append(Named(likely[r], likely[ROLES.index(OTHER[role])], start, end, codes, sure))
            mentions.sort(key=lambda one: (-one.chance, one.start, one.end))
            found[number, role] = Side(
                heard.states[r], heard.filled[r], heard.understood[r], mentions, meant.get((number, role), ()),
                silent.guess if (silent := heard.meant[r]) is not None else (),
            )  # fmt: skip
    return found


def _settled(heard: Heard, r: int, now: Sequence[Party]) -> bool:
    """Whether nothing is to be asked of a role."""
    empty, words, _ = heard.states[r]
    if not now:
        return empty >= EMPTY
    if len(now) > 1 or now[0].mention.text is None or words < WORDS:
        return False
    first, second = nlargest(2, (*(likely[r] for likely in heard.chances), 0.0, 0.0))
    return first >= FIRST and second < SECOND


def _meant(
    context: Context, draft: CodedArticle, parties: Sequence[Parties], counts: Counts, trees: Trees
) -> dict[tuple[int, str], list[tuple[tuple[str, ...], float]]]:
    """Of every role that may be understood: who may be meant, with chances, all ranked in one go."""
    asked: list[tuple[int, str]] = []
    events = []
    for number, event in enumerate(draft.events):
        changes = {}
        for r, role in enumerate(ROLES):
            if not isinstance(event, HeardEvent) or (silent := event.heard.meant[r]) is None:
                continue
            if _settled(event.heard, r, parties[number][role]):
                continue
            asked.append((number, role))
            there: tuple[Mention, ...] = getattr(event, role)
            if all(mention.text is not None for mention in there):
                changes[role] = (*there, silent)
        events.append(replace(event, **changes) if changes else event)
    known = {
        (number, role, place): one.codes
        for number, mine in enumerate(parties)
        for role in ROLES
        for place, one in enumerate(mine[role])
        if one.codes
    }
    telling = Telling(replace(draft, events=tuple(events)), known)
    problems = []
    named: dict[int, dict[str, list[str]]] = {}
    for number, role in asked:
        who = candidates(telling, number, role)
        if number not in named:
            named[number] = named_near(context, draft.events[number])
        if who:
            table = rows_without_words(telling, number, role, who, counts, named[number])
            problems.append((number, role, who, table))
    scores = iter(trees.scores([row for *_, table in problems for row in table]).tolist() if problems else ())
    return {
        (number, role): chances({codes: next(scores) for codes in who})[:MEANT] for number, role, who, _ in problems
    }
