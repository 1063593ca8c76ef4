"""The acts that one article tells: events of one act in title, lead and later paragraphs brought together.

Two events can be one act only if nothing speaks against it (type, status, mode, parties, place, time, and never in one
paragraph, where an act is coded once). They are one act if enough speaks for it: shared parties, victims, place, day,
means, the same word, a title that is told again. Speech acts need more: the same person in two paragraphs says two
things, unless the word is the same or one of the two is the title or lead.

An act's id is `{article}:a{paragraph}:{offset of the trigger}:{type}` of its first event in the text, so it stays the
same when later paragraphs are coded anew.
"""

from __future__ import annotations

from collections.abc import Sequence

from khabar.arabic import fold_key
from khabar.codebook import SPEECH_TYPES, TYPES
from khabar.pairing import two_sided
from khabar.records import Act, CodedArticle, Event, Mention, Place, Time
from khabar.stories.best import best_event, fullness
from khabar.stories.compatible import (
    codes,
    distance,
    equal_place,
    equal_time,
    same_mode,
    same_parties,
    same_place,
    same_time,
    same_toll,
    shared,
    whole_country,
)
from khabar.stories.roots import same_root

# Two-sided types: who is actor and who recipient changes with the wording (a visit has a guest, a meeting has not).
MUTUAL = frozenset(type_ for type_ in TYPES if two_sided(type_, None))
SHELLING = frozenset({"aerial", "drone", "heavy-weapons"})
_SHELLED = "قصف"
LEAD = 1  # the paragraph that tells the title again
# What must speak for one act (the sum of `evidence`), and the margin that title and lead are given.
ENOUGH = 2.5


def acts(coded: CodedArticle) -> tuple[Act, ...]:
    """The acts of an article in the order of their first mention; every event belongs to exactly one.

    `Act.events` are indexes into `coded.events`, the fullest mention first. `Act.best` has the trigger and paragraph of
    that mention and for every cell the best value of all.
    """
    order = sorted(range(len(coded.events)), key=lambda i: (coded.events[i].paragraph, coded.events[i].trigger.start))
    groups: list[list[int]] = []
    for index in order:
        event = coded.events[index]
        fits = [(_fit(event, [coded.events[i] for i in group]), n) for n, group in enumerate(groups)]
        score, n = max(fits, key=lambda fit: (fit[0], -fit[1]), default=(0.0, -1))
        if score >= ENOUGH:
            groups[n].append(index)
        else:
            groups.append([index])
    return tuple(_act(coded, group) for group in groups)


def _act(coded: CodedArticle, group: Sequence[int]) -> Act:
    first = coded.events[group[0]]
    events = tuple(sorted(group, key=lambda i: (-fullness(coded.events[i]), i)))
    return Act(
        id=f"{coded.id}:a{first.paragraph}:{first.trigger.start}:{first.type}",
        events=events,
        best=best_event([coded.events[i] for i in events]),
    )


def _fit(event: Event, group: Sequence[Event]) -> float:
    """How well an event fits the events of an act: the best evidence of one pair, 0 if any pair is impossible."""
    if not all(possible(event, other) for other in group):
        return 0.0
    pairs = [(evidence(event, other), other) for other in group]
    if event.type in SPEECH_TYPES:
        pairs = [(score, other) for score, other in pairs if _same_speech(event, other, group)]
    return max((score for score, _ in pairs), default=0.0)


def possible(a: Event, b: Event) -> bool:
    """Whether nothing speaks against two events being one act."""
    return (
        a.type == b.type
        and a.paragraph != b.paragraph
        and a.status == b.status
        and same_means(a, b)
        and _sides_fit(a, b)
        and (same_place(a.place, b.place) or refers_back(a, b))
        and same_time(a.time, b.time)
    )


def same_means(a: Event, b: Event) -> bool:
    """Whether two events can have been done by one means. The word for shelling is that for an air raid too."""
    return same_mode(a.mode, b.mode) or (
        {a.mode, b.mode} <= SHELLING and any(same_root(e.trigger.text, _SHELLED) for e in (a, b))
    )


def refers_back(a: Event, b: Event) -> bool:
    """Whether the later of two events is told by a noun with the article (`الهجوم`): what was told before, wherever in
    the country its paragraph then stands. A side and the day have to be the same."""
    if not a.place or not b.place or a.place.country != b.place.country:
        return False
    later = max(a, b, key=lambda e: e.paragraph)
    one_side = any(x and x == y for x, y in zip(sides(a), sides(b), strict=True))
    return fold_key(later.trigger.text).startswith("ال") and one_side and equal_time(a.time, b.time)


def sides(event: Event) -> tuple[frozenset[str], frozenset[str]]:
    if event.type in MUTUAL:
        return codes((*event.actors, *event.recipients)), frozenset()
    return codes(event.actors), codes(event.recipients)


def _sides_fit(a: Event, b: Event) -> bool:
    return all(same_parties(x, y) for x, y in zip(sides(a), sides(b), strict=True))


def _same_speech(a: Event, b: Event, group: Sequence[Event]) -> bool:
    """Whether two speech acts may be one: the same word, or the title or lead told again. A title stands for one act
    of the text: once a later paragraph has told it, others join by the same word only."""
    if same_root(a.trigger.text, b.trigger.text):
        return True
    first, later = sorted((a, b), key=lambda e: e.paragraph)
    told = any(e.paragraph > LEAD for e in group)
    return first.paragraph == 0 or (first.paragraph == LEAD and later.paragraph == LEAD + 1) if not told else False


def evidence(a: Event, b: Event) -> float:
    """What speaks for two possible events being one act; `ENOUGH` is enough. A shared pair of parties, of one side or
    of two, counts twice as much as a shared party."""
    (a_actors, a_recipients), (b_actors, b_recipients) = sides(a), sides(b)
    pair = a.type in MUTUAL and min(len(a_actors), len(b_actors)) > 1
    total = (3.0 if pair else 1.5) * shared(a_actors, b_actors) + 1.5 * shared(a_recipients, b_recipients)
    total += 1.0 * same_root(a.trigger.text, b.trigger.text)
    total += 0.5 if a.mode and a.mode == b.mode else 0.25 if a.mode and b.mode else 0.0
    total += same_names(a.actors, b.actors) + same_names(a.recipients, b.recipients)
    agree = same_toll(a, b)
    total += 1.5 if agree else -0.75 if agree is False else 0.0
    total += 1.25 if 0 in (a.paragraph, b.paragraph) else 0.0
    return total + where(a.place, b.place) + when(a.time, b.time)


def same_names(a: Sequence[Mention], b: Sequence[Mention]) -> float:
    """Persons and bodies that are known by name: shared ones speak for one act, others against it. An id that is the
    code itself names nobody."""
    x, y = ({id_ for m in side for id_ in m.ids if id_ and id_ not in m.codes} for side in (a, b))
    return 0.0 if not x or not y else 0.5 if x & y else -1.5


def where(a: Place | None, b: Place | None) -> float:
    """What two places say for one act, or against it."""
    if equal_place(a, b):
        return 1.0
    if not same_place(a, b):
        return -1.0
    if not a or not b or not a.country or a.country != b.country:
        return 0.0
    if a.text is None or b.text is None or whole_country(a) or whole_country(b):
        return 0.25
    # Places with coordinates are near here (`possible`); two other names without them rather speak against one act.
    return 0.5 if distance(a, b) is not None else -0.75


def when(a: Time | None, b: Time | None) -> float:
    if equal_time(a, b):
        return 1.0
    return 0.25 if a and b and a.value and b.value else 0.0
