"""Names that an article explains itself: by a title that stands with them, or in a mention of another event."""

from __future__ import annotations

from collections.abc import Sequence

from khabar.resolve.compose import Part, compose
from khabar.resolve.context import Context
from khabar.resolve.cues import cue_words
from khabar.resolve.scan import Item, Token, scan
from khabar.resolve.surroundings import Surroundings, name_token

_CALLINGS = frozenset({"SOC", "JRN", "EDU", "MED", "LAB", "BUS", "CVL", "REL"})
_TITLE, _PLACES = 9, 8  # words of a title beside a name, places of a name, that are read


class Names:
    """Names that the article itself explains: token of a name -> the party it stood with, in order of the text."""

    def __init__(self) -> None:
        self.seen: dict[str, list[tuple[int, Part]]] = {}

    def add(self, paragraph: int, part: Part) -> None:
        if part.country and (part.sector or part.actor):
            for token in part.names:
                if len(token) > 2:
                    self.seen.setdefault(name_token(token), []).append((paragraph, part))

    def find(self, names: tuple[str, ...], paragraph: int) -> tuple[tuple[str, float], ...]:
        """Codes of the parties whose names share words with `names`, with a score (2 for the last word, 1 for others,
        less with distance), best first."""
        keys = [name_token(n) for n in names if len(n) > 2]
        found: dict[str, float] = {}
        for number, key in enumerate(keys):
            base = 2.0 if number == len(keys) - 1 else 1.0
            best: dict[str, float] = {}
            for where, part in self.seen.get(key, ()):
                best[part.code] = max(best.get(part.code, 0.0), base - 0.02 * min(abs(paragraph - where), 20))
            for code, score in best.items():
                found[code] = found.get(code, 0.0) + score
        return tuple(sorted(found.items(), key=lambda f: -f[1]))


def complete(part: Part) -> bool:
    return bool(part.country) and bool(part.sector or part.bare)


def titles(around: Surroundings, names: tuple[str, ...], paragraph: int) -> tuple[Part, ...]:
    """The parties that the article's text makes of a name by the title that stands with it: left of the name, or after
    it in apposition; those of earlier paragraphs first, then by distance."""
    last = names[-1] if names and len(names[-1]) > 1 else None
    wanted = next((n for n in reversed(names) if len(n) > 2), last)
    if wanted is None:
        return ()
    context = around.context
    places = around.places.get(name_token(wanted), [])
    found = []
    for number, at in sorted(places, key=lambda p: (p[0] > paragraph, abs(p[0] - paragraph), p[1]))[:_PLACES]:
        tokens = context.paragraphs[number].tokens
        part = _left(context, tokens, at) or _right(context, tokens, at)
        if part is not None:
            found.append(part)
    return tuple(found)


def _left(context: Context, tokens: list[Token], at: int) -> Part | None:
    """The title that runs up to a name, with at most three given names between."""
    start = at
    while start > 0 and at - start < _TITLE and not tokens[start].parted:
        start -= 1
    window = tokens[start:at]
    items = scan(window, context.tables.index)
    while items and all(e.kind == "family" for e in items[-1].elements):
        items.pop()  # a given name that others have as a family name
    if not items or at - start - items[-1].last > 3:
        return None
    if any(t.text in cue_words("preposition") for t in window[items[-1].last :]):
        return None
    first = len(items) - 1
    while first > 0 and _joined(window[items[first - 1].last : items[first].first]):
        first -= 1
    part = _phrase(context, tokens[start + items[first].first : at + 1])
    own = _calling(items[first + 1 :], window)
    if part is not None and own is not None:
        # "The Tunisian police [arrested] the lawyer X": he is no policeman.
        mine = _phrase(context, tokens[start + own.first : at + 1])
        if mine is not None and mine.sector in _CALLINGS and part.sector not in _CALLINGS:
            part = mine if complete(mine) else part._replace(sector=mine.sector)
    return part if part is not None and complete(part) and part.sector and part.strength not in ("people", "") else None


def _calling(items: Sequence[Item], window: list[Token]) -> Item | None:
    """The last head with the article after another word with it, which it therefore does not belong to."""
    heads = [i for i in items if any(e.kind == "head" for e in i.elements) and window[i.first].text.startswith("ال")]
    last = heads[-1] if heads else None
    return last if last is not None and window[last.first - 1].text.startswith("ال") else None


def _joined(between: list[Token]) -> bool:
    """Whether the words between two that the tables know may belong to one title: adjectives, a preposition."""
    return len(between) < 3 and all(t.text in cue_words("preposition") or t.text.startswith("ال") for t in between)


def _right(context: Context, tokens: list[Token], at: int) -> Part | None:
    """What a name is said to be after it: in apposition ("X, head of …"), by a definite title ("X the head of …"), or
    by one that rarely is the object of what X does ("X correspondent of …")."""
    if at + 1 >= len(tokens):
        return None
    after = tokens[at + 1]
    if not (after.parted or after.text.startswith("ال") or after.text in cue_words("name.apposed")):
        return None
    end = at + 2
    while end < len(tokens) and end - at < _TITLE and not tokens[end].parted:
        end += 1
    window = tokens[at + 1 : end]
    items = scan(window, context.tables.index)
    if not items or items[0].first > 0 or not any(e.kind == "head" for e in items[0].elements):
        return None
    part = _phrase(context, window, 0)
    if part is None or not complete(part) or not part.sector or part.strength not in ("head", "of", "actor"):
        return None
    return part


def _phrase(context: Context, window: list[Token], which: int = -1) -> Part | None:
    parts = compose(window, scan(window, context.tables.index), context.choose)
    return parts[which] if parts else None
