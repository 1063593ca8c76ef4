"""What the coder heard of an event besides what it tells: mentions, places and times by their spans, and how likely."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec
import numpy as np

from khabar.coding.look.parties import Weighed
from khabar.coding.numeric import Floats, softmax
from khabar.coding.spans import spans_of
from khabar.coding.windows import Window, Word
from khabar.records import Heard, Link, Mention, Place, Scene, Time

UNLIKELY = 0.1  # a mention, or somebody understood, below it is no candidate of a role
FLOORS = (UNLIKELY, 0.5)  # words above the one, and above the other, make the places and times that are heard
Span = tuple[int, int, float]  # first word, last word, probability


class Coder(Protocol):
    """What codes of spans are guessed with."""

    @property
    def countries(self) -> Sequence[str]: ...

    @property
    def sectors(self) -> Sequence[str]: ...

    def spans(self, vectors: Floats) -> tuple[Floats, Floats]: ...


def code_guess(country: Floats, sector: Floats | None, coder: Coder) -> tuple[tuple[str, float], ...]:
    """The likeliest codes by the model alone, with probabilities."""
    c = softmax(country)
    top = np.argsort(-c, kind="stable")[:3]
    if sector is None:
        return tuple((coder.countries[j], round(float(c[j]), 4)) for j in top)
    s = softmax(sector)
    codes: dict[str, float] = {}
    sectors = np.argsort(-s, kind="stable")[:3]
    for j in top:
        for k in sectors:
            place, name = coder.countries[j], coder.sectors[k]
            if (place == "IGO") != name.startswith("IGO"):
                continue
            code = name if place == "IGO" else f"{place}.{name}" if name else place
            codes[code] = float(c[j] * s[k])
    return tuple((k, round(v, 4)) for k, v in sorted(codes.items(), key=lambda x: (-x[1], x[0]))[:4])


class Mentions:
    """The mentions of a window as they are asked for, their codes guessed once."""

    def __init__(self, window: Window, paragraphs: Sequence[str], vectors: Floats, coder: Coder) -> None:
        self.window, self.paragraphs, self.vectors, self.coder = window, paragraphs, vectors, coder
        self._made: dict[tuple[int, int], Mention] = {}
        self._guessed: dict[tuple[int, int], tuple[Floats, Floats]] = {}

    def party(self, span: Span) -> Mention:
        """A mention with the codes that the coder guesses."""
        made = self._made.get(span[:2])
        if made is None:
            country, sector = self._guess(span)
            text, start, end = self._text(span)
            made = self._made[span[:2]] = Mention(
                text=text, start=start, end=end, guess=code_guess(country, sector, self.coder)
            )
        return msgspec.structs.replace(made, confidence=span[2])

    def place(self, span: Span) -> Place:
        """A place with the countries that the coder guesses."""
        text, start, end = self._text(span)
        guess = code_guess(self._guess(span)[0], None, self.coder)
        return Place(text=text, start=start, end=end, confidence=span[2], guess=guess)

    def time(self, span: Span) -> Time:
        """A time as it is written."""
        text, start, end = self._text(span)
        return Time(text=text, start=start, end=end, confidence=span[2])

    def _guess(self, span: Span) -> tuple[Floats, Floats]:
        a, b, _ = span
        if (a, b) not in self._guessed:
            country, sector = self.coder.spans(self.vectors[a : b + 1].mean(0, keepdims=True))
            self._guessed[a, b] = country[0], sector[0]
        return self._guessed[a, b]

    def _text(self, span: Span) -> tuple[str, int, int]:
        a, b, _ = span
        words = self.window.words
        start, end = words[a].start, words[b].end
        return self.paragraphs[words[a].paragraph][start:end], start, end


def heard(
    weighed: Weighed, filled: Floats, understood: Floats, mention: Mentions, meant: Callable[[int], Mention]
) -> Heard:
    """What was heard of the parties of an event."""
    chances = list(zip(*weighed.chances, strict=True))
    likely = [n for n, both in enumerate(chances) if max(both) >= UNLIKELY]
    return Heard(
        states=tuple((s[0], s[1], s[2]) for s in weighed.states),
        filled=tuple(filled[:3].tolist()),
        understood=tuple(understood[:3].tolist()),
        meant=tuple(meant(r) if s[2] >= UNLIKELY else None for r, s in enumerate(weighed.states)),
        mentions=tuple(mention.party((*weighed.mentions[n], max(chances[n]))) for n in likely),
        chances=tuple(chances[n] for n in likely),
    )


def scene(
    roles: Floats, first: int, filled: Floats, understood: Floats, mention: Mentions, place: Place | None,
    time: Time | None,
) -> Scene:  # fmt: skip
    """What was heard of where and when; `place` and `time` are those without words. `roles` [words of the
    paragraph, 10] are probabilities of being inside and of beginning each role, `first` is the number of the
    paragraph's first word, `filled` and `understood` [5]."""
    found: list[dict[tuple[int, int], float]] = [{}, {}]
    for r, spans in zip((3, 4), found, strict=True):
        inside, begin = roles[:, r].tolist(), roles[:, 5 + r].tolist()
        for floor in FLOORS:
            spans |= {(a, b): p for a, b, p in spans_of(inside, begin, floor, first, mention.window.words)}
    places, times = ([(a, b, p) for (a, b), p in sorted(spans.items())] for spans in found)
    return Scene(
        filled=(float(filled[3]), float(filled[4])),
        understood=(float(understood[3]), float(understood[4])),
        places=tuple(map(mention.place, places)),
        times=tuple(map(mention.time, times)),
        chances=(tuple(p for *_, p in places), tuple(p for *_, p in times)),
        place=place,
        time=time,
    )


def pointed(pointer: Floats, words: Sequence[Word], named: Sequence[tuple[int, int]], trigger: int) -> Link | None:
    """Where an understood cell is named: the coded mention around the likeliest word, else that word."""
    scores = pointer.copy()
    scores[trigger] = -np.inf
    best = int(scores.argmax())
    a, b = min((s for s in named if s[0] <= best <= s[1]), key=lambda s: s[1] - s[0], default=(best, best))
    if words[a].paragraph != words[b].paragraph or words[a].start == words[b].end:
        return None
    return words[a].paragraph, words[a].start, words[b].end
