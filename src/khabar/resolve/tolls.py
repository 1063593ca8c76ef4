"""Tolls: how many persons an event killed, injured, detained, abducted, released, displaced, or left missing.

`read_tolls` reads a paragraph: every number (digits, words, duals, vague plurals) that stands with a word of
`data/toll_words.tsv`; numbers of things and parts of a whole ("بينهم 3 أطفال") are left out. `attach` gives each to the
event of the paragraph that it belongs to, by type, by the word itself, by sentence and nearness (CODEBOOK section 8).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from khabar.arabic import fold_key, sentences, strip_article, strip_proclitics
from khabar.records import Article, Event, Mention
from khabar.resolve.cues import cue_words
from khabar.resolve.place_words import states, tokenize
from khabar.resolve.toll_reading import Toll, read_tolls
from khabar.resolve.toll_words import HURT, KILL, Count, counts_in, cue_of, is_noun, of_one, told_by, tried, written

__all__ = ["Toll", "attach", "read_tolls"]

# Which types take a category, the likeliest first.
TAKES: dict[str, tuple[str, ...]] = {
    "killed": ("ASSAULT", "PROTEST"), "injured": ("ASSAULT", "PROTEST"), "missing": ("ASSAULT",),
    "detained": ("COERCE",), "abducted": ("ASSAULT",), "released": ("RETREAT", "AID", "CONCEDE"),
    "displaced": ("ASSAULT", "COERCE", "RETREAT", "AID"),
}  # fmt: skip
LEAST = 0.05  # what a coder does not name is that likely
UNLIKELY, SURE = 0.15, 0.8  # set on the coder's held-out articles (a single victim is kept, is added)
AT_ONCE = 15  # characters between "قتل" and the act in which somebody died
DOUBT = 200.0  # characters that a coder's doubt of a toll is worth
TYPES = frozenset(kind for kinds in TAKES.values() for kind in kinds)


def attach(article: Article, events: Sequence[Event]) -> tuple[Event, ...]:
    """The events with `toll` filled from their own paragraphs. Only actual events take one."""
    by_paragraph: dict[int, list[int]] = {}
    for number, event in enumerate(events):
        if event.status == "actual" and event.type in TYPES and 0 <= event.paragraph < len(article.paragraphs):
            by_paragraph.setdefault(event.paragraph, []).append(number)
    tolls: dict[int, dict[str, str]] = {}
    for paragraph, numbers_ in by_paragraph.items():
        text = article.paragraphs[paragraph]
        borders = [end for _, end in sentences(text)]
        near = {n: events[n] for n in numbers_}
        numbered = sorted(read_tolls(text), key=lambda t: (_is_one(t, text), t.start))
        for toll in numbered:
            owner = _owner(toll, near, borders, text)
            if owner is not None:
                category = "abducted" if toll.category == "detained" and _abducts(near[owner]) else toll.category
                tolls.setdefault(owner, {}).setdefault(category, toll.value)
        counts = counts_in(text)
        for number, event in near.items():
            for category, value in _by_recipients(event, text, counts).items():
                tolls.setdefault(number, {}).setdefault(category, value)
        for number, category in _named_victims(near, text, borders, counts):
            if not tolls.get(number):
                tolls.setdefault(number, {})[category] = "1"
        for number, event in near.items():
            if event.cells:
                tolls[number] = _as_said(event, tolls.get(number, {}))
    return tuple(
        msgspec.structs.replace(event, toll=tolls[number]) if tolls.get(number) else event
        for number, event in enumerate(events)
    )


def _as_said(event: Event, toll: dict[str, str]) -> dict[str, str]:
    """A toll with what the coder says of it: one victim that it thinks unlikely is none, and where it is sure that
    there is one and the words count nobody, it is one person."""
    kept = {k: v for k, v in toll.items() if v != "1" or event.cells.get(f"toll:{k}", LEAST) >= UNLIKELY}
    sure = event.cells.get("toll:killed", 0.0) >= SURE and not kept and event.type == "ASSAULT"
    plural = any(m.text is not None and not is_single(m.text) for m in event.recipients)
    return {"killed": "1"} if sure and not plural else kept


def _named_victims(
    events: dict[int, Event], text: str, borders: Sequence[int], counts: Sequence[Count]
) -> Iterator[tuple[int, str]]:  # fmt: skip
    """Attacks on one person of whom the same sentence says that he died or was hurt ("القيادي … المقتول بغارة")."""
    tokens = tokenize(text)
    for number, event in events.items():
        if event.type != "ASSAULT" or len(event.recipients) != 1 or event.mode in ("abduct", "sexual"):
            continue
        victim = event.recipients[0]
        if victim.text is None or victim.start is None or not is_single(victim.text):
            continue
        if any(0 <= victim.start - c.end <= 2 for c in counts):
            continue
        for at, token in enumerate(tokens):
            hurt = [c.category for c in told_by(tokens, at) if c.category in (KILL, HURT) and c.use in _ENDS]
            low, high = sorted((token.start, victim.start))
            gap = token.start - (victim.end or 0) if victim.start < token.start else victim.start - token.end
            near = gap < 10 if hurt[:1] == [HURT] else high - low < 35 or 0 <= gap < 10
            # "قائد الفرقة التي تقاتل في الشمال قتل في كمين": the act follows at once.
            near = near or (bool(hurt) and gap >= 0 and 0 < event.trigger.start - token.end < AT_ONCE)
            if hurt and near and not any(low < b <= high for b in borders):
                yield number, hurt[0]
                break


_ENDS = frozenset(("verb", "noun", "life", "until"))


def _is_one(toll: Toll, text: str) -> bool:
    """Whether the toll is of a single victim told without a number: a total in the paragraph goes before it."""
    return toll.value == "1" and not text[toll.start : toll.end].isdigit()


def _abducts(event: Event) -> bool:
    return event.type == "ASSAULT" and event.mode == "abduct"


def _fits(toll: Toll, event: Event) -> float | None:
    """How well an event's type takes a category (less is better), None if it cannot."""
    if toll.category == "detained":
        if event.type == "COERCE" and event.mode == "arrest":
            return 0.0
        return 0.5 if _abducts(event) else None
    if toll.category == "abducted":
        return 0.0 if _abducts(event) else 2.0 if event.type == "ASSAULT" else None
    if toll.category == "released":
        return {"RETREAT": 0.0 if event.mode == "release" else None, "AID": 0.5, "CONCEDE": 0.5}.get(event.type)
    if toll.category in (KILL, HURT):
        if event.type == "PROTEST":
            return 10.0  # a riot's dead, where no attack of the paragraph takes them
        if event.type != "ASSAULT":
            return None
        return 2.5 if event.mode in ("abduct", "destroy", "torture") and toll.category == KILL else 0.0
    if toll.category == "displaced":
        moved = _EVACUATION.search(fold_key(event.trigger.text)) is not None
        order = {
            "ASSAULT": 0.0,
            "AID": 0.3 if moved else None,
            "COERCE": 0.5 if event.mode in ("deport", "restrict", "seize") else None,
            "RETREAT": 1.0 if event.mode == "withdraw" else None,
        }
        return order.get(event.type)
    return 0.0 if event.type == "ASSAULT" else None


_EVACUATION = re.compile(r"اجل[اوي]|اجلت|اخلا|خروج|خرج|غادر|ترحيل")
_CAPTURE = re.compile(r"سيطر|استعاد|استول|حرر|تحرير|تقدم|احتل|اقتحم|اقتحام|دخل|توغل")


def _owner(toll: Toll, events: dict[int, Event], borders: Sequence[int], text: str) -> int | None:
    """The event that a toll belongs to: its own word's, else the nearest by type, sentence and distance; a mark of time
    ("منذ التدخل") and a capture come last, of two joined by و the first ("المعارك والغارات أسفرت عن")."""
    ranked: list[tuple[float, int, int]] = []
    for number, event in events.items():
        fit = _fits(toll, event)
        if fit is None:
            continue
        start = event.trigger.start
        if start == toll.at or event.trigger.start <= toll.at < event.trigger.end:
            return number
        apart = sum(1 for b in borders if min(start, toll.start) < b <= max(start, toll.start))
        gap = toll.start - event.trigger.end if start < toll.start else (start - toll.end) * 1.2
        if any(strip_proclitics(fold_key(w)) in cue_words("toll.mark") for w in text[:start].split()[-2:]):
            gap += 60
        if _CAPTURE.search(fold_key(event.trigger.text)):
            gap += 60
        doubt = 1 - event.cells.get(f"toll:{toll.category}", LEAST) if event.cells else 0.0
        ranked.append((fit * 60 + apart * 150 + gap + doubt * DOUBT, start, number))
    if not ranked:
        return None
    best = events[min(ranked)[2]]
    for _, start, number in ranked:
        between = text[events[number].trigger.end : best.trigger.start]
        joined = fold_key(best.trigger.text).startswith("و") and best.trigger.end < toll.at
        if joined and start < best.trigger.start and len(between) < 25 and not re.search(r"[.،؛]", between):
            return number
    return min(ranked)[2]


def _by_recipients(event: Event, text: str, counts: Sequence[Count]) -> dict[str, str]:
    """A toll that the event's own words give: a number before its recipient, or one single victim of a killing."""
    category = own_category(event)
    if category is None or not event.recipients:
        return {}
    if _attempted(event, text):
        return {}
    named = [m for m in event.recipients if m.text is not None]
    key = strip_proclitics(fold_key(event.trigger.text))
    if key in cue_words("toll.two") and all(_counted(m, text, counts) is None for m in named):
        return {category: "2"}
    if len(event.recipients) > 1:
        for victim in named:
            if (value := _counted(victim, text, counts)) is not None and category in ("released", "detained"):
                return {category: value}
        # Several persons named one by one.
        alone = category in (KILL, HURT) and all(m.text is not None and is_single(m.text) for m in event.recipients)
        return {category: str(len(named))} if alone else {}
    if not named:
        one = category == KILL and _killing(event) and _single_code(event.recipients[0])
        him = fold_key(event.trigger.text).endswith("ه") and bool(of_one(fold_key(event.trigger.text)))
        return {category: "1"} if one or him else {}
    victim = named[0]
    if (value := _counted(victim, text, counts)) is not None:
        return {category: value}
    return {category: "1"} if category in (KILL, HURT) and is_single(victim.text or "") else {}


def _counted(victim: Mention, text: str, counts: Sequence[Count]) -> str | None:
    """The number of a victim's own words: before them, in them, a dual, or "أحد"."""
    start, end = victim.start or 0, victim.end or 0
    for count in counts:
        bracketed = 0 <= count.start - end <= 2 and text[end : count.start].strip() == "("  # "أسرى (12 أسيرا)"
        if start - 2 <= count.start < end or 0 <= start - count.end <= 2 or bracketed:
            return written(count)
    words = [fold_key(w) for w in (victim.text or "").split()]
    before = text[:start].split()
    if (before and strip_proclitics(fold_key(before[-1])) in ("احد", "احدي")) or words[:1] in (["احد"], ["احدي"]):
        return "1"
    dual = len(words) > 1 and all(w.endswith("ين") and not w.startswith("ال") for w in words[:2])
    # "قرصانين صوماليين": the noun's own ending is that of the dual only where it is no sound plural.
    return "2" if dual and words[1].endswith("يين") and not words[0].endswith("يين") and not is_noun(
        words[0], "group") else None  # fmt: skip


def _attempted(event: Event, text: str) -> bool:
    tokens = tokenize(text)
    at = next((i for i, t in enumerate(tokens) if t.start >= event.trigger.start), None)
    return at is not None and tried(tokens, at)


def _single_code(victim: Mention) -> bool:
    """An understood victim is one person if it is known by a name."""
    return len(victim.codes) == 1 and len(victim.names) == 1 and victim.codes[0] not in victim.ids and bool(victim.ids)


def own_category(event: Event) -> str | None:
    if event.type == "COERCE" and event.mode == "arrest":
        return "detained"
    if event.type == "RETREAT" and event.mode == "release":
        return "released"
    if event.type != "ASSAULT":
        return None
    if event.mode == "abduct":
        return "abducted"
    key = fold_key(event.trigger.text)
    cues = cue_of(key) or of_one(key)
    return next((c.category for c in cues if c.category in (KILL, HURT) and c.use != "light"), None)


def _killing(event: Event) -> bool:
    return any(c.category == KILL for c in cue_of(fold_key(event.trigger.text)))


def _is_group(key: str) -> bool:
    """Whether a word names several persons, also as an object ("أطفالا")."""
    return is_noun(key, "group") or (key.endswith("ا") and is_noun(key[:-1], "group"))


def is_single(text: str) -> bool:
    """Whether the words of a victim name one person: no plural, collective or state at their head."""
    tokens = tokenize(text)
    if not tokens:
        return False
    head = tokens[0]
    bare = strip_article(head.bare)
    if is_noun(head.key, "single"):
        return not any(is_noun(t.key, "group") for t in tokens[1:2]) or bare in ("احد", "احدي")
    if any(_is_group(t.key) or t.key.startswith("و") for t in tokens[:2]) or is_noun(head.key, "thing"):
        return False
    if len(tokens) > 1 and head.key.startswith("م") and head.key.endswith("ي"):
        return False  # "مهربي المخدرات", "مسلحي الحركة": a sound plural before its complement
    if bare.endswith(("ون", "ات", "تين")) or (bare.endswith("ين") and (len(tokens) == 1 or head.key != bare)):
        return False
    return len(head.key) > 2 and head.bare not in states()[0] and head.key not in states()[0]
