"""Which country an act may have happened in, and what speaks for each: one row of `COLUMNS` a candidate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from khabar.codebook import TYPES
from khabar.records import STATUSES, HeardEvent, Place
from khabar.resolve.acts import MODE, ROLES, TYPE, log_odds
from khabar.resolve.place_context import Evidence, context_at
from khabar.resolve.scene import others, standing
from khabar.resolve.scene.others import Others
from khabar.resolve.scene.standing import NOWHERE, Standing

METHODS = ("name", "state", "adjective", "border", "list", "reference", "context", "guess", "none")
HEAD = tuple(
    "type mode status paragraph filled understood empty_now words_now heard best speaker actors recipients sure"
    " dated candidates".split()
)
COLUMNS = (
    *HEAD,
    *"current nobody chance word rank sum resolved method guess guess_rank read linked named_party".split(),
    *"heard_beside actor recipient spoken_by parties named title_named around here".split(),
    *standing.COLUMNS, *others.COLUMNS,
)  # fmt: skip
CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "type": TYPES, "method": METHODS, "before": standing.BEFORE, "proclitic": standing.PROCLITICS,
}  # fmt: skip
_STATUS: Mapping[str, float] = {status: float(n) for n, status in enumerate(STATUSES)}
_METHOD = {method: float(n) for n, method in enumerate(METHODS)}
NOWHERE_CODES = ("IGO", "UNK")  # of parties, no places
GUESSED = 0.1  # least chance of a country that only the coder's guess tells


def head(event: HeardEvent, r: int, now: bool, words_now: bool, heard: Sequence[float]) -> list[float]:
    """The columns that all candidates share; `r` is 0 for places, 1 for times."""
    scene = event.scene
    return [
        float(TYPE[event.type]), float(MODE.get((event.type, event.mode or ""), 0)), _STATUS[event.status],
        float(event.paragraph), log_odds(scene.filled[r]), log_odds(scene.understood[r]), float(not now),
        float(words_now), float(len(heard)), max(heard, default=0.0), float(len(event.speaker)),
        float(len(event.actors)), float(len(event.recipients)), event.confidence or 0.0,
    ]  # fmt: skip


class Countries:
    """The countries of an article's parties, places and names."""

    def __init__(self, events: Sequence[HeardEvent], evidence: Sequence[Evidence], date: str | None) -> None:
        self.evidence, self.date = evidence, date
        self.linked: dict[tuple[int, int, int], str] = {}  # words that name a country or somebody of one
        self.beside: dict[tuple[int, int, int], list[tuple[int, float]]] = {}  # place words: who hears them
        for event in events:
            for role in ROLES:
                for one in getattr(event, role):
                    country = one.codes[0].partition(".")[0] if one.codes else "UNK"
                    if one.start is not None and country not in NOWHERE_CODES:
                        self.linked[event.paragraph, one.start, one.end] = country
        for number, event in enumerate(events):
            for chance, place in zip(event.scene.chances[0], event.scene.places, strict=True):
                if place.country:
                    span = (event.paragraph, place.start or 0, place.end or 0)
                    self.linked[span] = place.country
                    self.beside.setdefault(span, []).append((number, chance))
        self.titles = {one.country for one in evidence if one.paragraph == 0}
        self.named = Counter(one.country for one in evidence)
        self.inside = Counter((one.paragraph, one.country) for one in evidence)


def rows(
    number: int, event: HeardEvent, said: Others, known: Countries, at: Standing
) -> tuple[list[str | None], list[list[float]]]:
    """The candidates for the country of an act's place (None: no place), and a row of `COLUMNS` for each."""
    scene, now = event.scene, event.place
    current = now.country if now is not None else None
    guess = dict(scene.place.guess if scene.place is not None else ())
    ranks = {code: float(n) for n, code in enumerate(guess)}
    heard = list(zip(scene.chances[0], scene.places, strict=True))
    words: dict[str, list[tuple[float, Place]]] = {}
    for chance, place in heard:
        if place.country:
            words.setdefault(place.country, []).append((chance, place))
    link = known.linked.get(scene.place.link) if scene.place is not None and scene.place.link else None
    who: list[str | None] = [None, current, *words]
    who += [code for code, p in guess.items() if p >= GUESSED and code not in NOWHERE_CODES]
    who += [link, *said.candidates(number)]
    values = list(dict.fromkeys(who))
    told = said.columns(number, values)
    shared = head(event, 0, now is not None, now is not None and now.text is not None, [chance for chance, _ in heard])
    shared += [float(event.time is not None), float(len(values))]
    likely = sorted(scene.chances[0], reverse=True)
    context = context_at(known.evidence, event.paragraph, event.trigger.start, (), known.date).countries
    sides = [{code.partition(".")[0] for one in getattr(event, role) for code in one.codes} for role in ROLES]
    whole = sum(known.named.values()) + 1
    total = max(1.0, sum(likely))
    empty = (1 - scene.filled[0]) * (1 - scene.understood[0])
    parties = {
        (one.start, one.end): max(both) for one, both in zip(event.heard.mentions, event.heard.chances, strict=True)
    }
    table = []
    for value, others_say in zip(values, told, strict=True):
        mine = words.get(value, []) if value is not None else []
        sure, best = max(mine, key=lambda one: one[0], default=(0.0, None))
        chance = empty if value is None else scene.filled[0] * sum(p for p, _ in mine) / total
        if value is not None:
            chance += scene.understood[0] * guess.get(value, 0.0)
        span = (event.paragraph, best.start or 0, best.end or 0) if best is not None else None
        table.append([
            *shared, float(value == current), float(value is None), log_odds(chance),
            sure, float(likely.index(sure)) if best else 9.0,
            sum(p for p, _ in mine), (best.confidence or 0.0) if best else 0.0,
            _METHOD.get(best.method or "none", -1.0) if best else -1.0,
            guess.get(value, 0.0) if value is not None else -1.0, ranks.get(value or "", 9.0),
            dict(best.guess).get(value or "", 0.0) if best else -1.0, float(value is not None and value == link),
            parties.get((best.start, best.end), 0.0) if best else -1.0,
            max((p for n, p in known.beside.get(span, ()) if n != number), default=0.0) if span else -1.0,
            *(float(value in side) for side in sides), float(len(sides[0] | sides[1])),
            known.named[value] / whole if value is not None else -1.0, float(value in known.titles),
            context.get(value, 0.0) if value is not None else -1.0,
            float(known.inside[event.paragraph, value]) if value is not None else -1.0,
            *(at.columns(span[1], span[2]) if span else NOWHERE), *others_say,
        ])  # fmt: skip
    return values, table
