"""From the model's numbers to events: which words are triggers, which spans are their arguments.

Everything here is arithmetic on numpy arrays that a backend gives for one window; both the run time (ONNX) and the
trainer (torch) pass through it, so what is measured in training is what runs.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from khabar.codebook import CONTEXTS, MODES, TOLLS, TYPES
from khabar.coding.look import Look, Scored, first_look
from khabar.coding.look.parties import Happening, Weighed
from khabar.coding.modes import NAMED, left_by
from khabar.coding.numeric import Floats, Ints, sigmoid, softmax
from khabar.coding.reasons import ROLES, explain
from khabar.coding.spans import likeliest, spans_of
from khabar.coding.windows import Window, Word
from khabar.records import STATUSES, Event, Heard, HeardEvent, Link, Mention, Place, Time, Trigger

UNLIKELY = 0.1  # a mention, or somebody understood, below it is no candidate of a role
PAIRS: list[tuple[str, str | None]] = [(t, m) for t in TYPES for m in (None, *MODES[t])]


class Reading(NamedTuple):
    """One window as the encoder reads it: word vectors [W, 384], type logits [W, 17] (0 is no trigger), context
    logits [37], and for each paragraph of the window the logit that it is no text of the article."""

    words: Floats
    types: Floats
    contexts: Floats
    junk: dict[int, float]


class Arguments(NamedTuple):
    """What the model says of each trigger; shapes as in `training.model.Arguments`."""

    roles: Floats
    mode: Floats
    status: Floats
    toll: Floats
    understood: Floats
    pointer: Floats
    country: Floats
    sector: Floats
    filled: Floats


class Backend(Protocol):
    """The numbers of a model for one window."""

    @property
    def countries(self) -> Sequence[str]: ...

    @property
    def sectors(self) -> Sequence[str]: ...

    def read(self, window: Window) -> Reading: ...

    def arguments(self, reading: Reading, triggers: Ints, types: Ints, start: Ints, length: Ints) -> Arguments: ...

    def spans(self, vectors: Floats) -> tuple[Floats, Floats]: ...


class Settings(NamedTuple):
    """Thresholds, found on held-out folds of train and stored with the model."""

    trigger: float = 0.5  # least probability that a word is a trigger at all
    role: tuple[float, float, float, float, float] = (0.5, 0.5, 0.5, 0.5, 0.5)
    understood: tuple[float, float, float, float, float] = (0.5, 0.5, 0.5, 0.5, 0.5)
    # Least probability that a role has words at all, for its likeliest words to be taken where none reaches `role`.
    filled: tuple[float, float, float, float, float] = (1.0, 1.0, 1.0, 1.0, 1.0)
    status: float = 0.5  # least probability that an event is not actual
    junk: float = 0.5
    context: float = 0.4
    # With a second look: least probability of a second actor, recipient, speaker.
    further: tuple[float, float, float] = (0.5, 0.5, 0.5)
    temperature: float = 1.0  # of the type logits
    # Slope and offset by which a cell's log odds become calibrated ones; a cell not named here stays as it is.
    calibration: Mapping[str, tuple[float, float]] = MappingProxyType({})

    def plain(self) -> dict[str, object]:
        """The settings as `model.json` holds them."""
        return self._asdict() | {"calibration": dict(self.calibration)}


def bounds(words: Sequence[Word], word: int) -> tuple[int, int]:
    """(first word, count) of the coded words of the paragraph that holds `word`."""
    number = words[word].paragraph
    first = last = word
    while first > 0 and words[first - 1].paragraph == number and words[first - 1].predict:
        first -= 1
    while last + 1 < len(words) and words[last + 1].paragraph == number and words[last + 1].predict:
        last += 1
    return first, last - first + 1


def skipped(reading: Reading, settings: Settings) -> frozenset[int]:
    """Paragraphs of a window that are no text of the article; the title always is."""
    return frozenset(
        number
        for number, logit in reading.junk.items()
        if number and sigmoid(np.array(logit, dtype=np.float32)) > settings.junk
    )


def decode(
    window: Window,
    reading: Reading,
    backend: Backend,
    paragraphs: Sequence[str],
    settings: Settings,
    scored: Sequence[Scored] | None = None,
    look: Look | None = None,
    *,
    why: bool = False,
) -> list[Event]:
    """Events of one window, in the order of their triggers; mentions carry `guess`, not codes.

    `scored` are the words that may be triggers (by the encoder alone where it is not given), `look` says who the
    parties are (thresholds of `settings` where it is not given).

    `cells` holds a probability for each cell: of what it says, or of its being empty. With `why`, each event says in
    words what carried it and what else was close.
    """
    if scored is None:
        scored = first_look(window, reading.types, settings.temperature, skipped(reading, settings))
    taken = sorted(one for one in scored if one.score > settings.trigger)
    if not taken:
        return []
    triggers = np.array([one.word for one in taken], dtype=np.int64)
    types = np.array([one.type for one in taken], dtype=np.int64)
    extent = [bounds(window.words, int(t)) for t in triggers]
    start, length = (np.array(x, dtype=np.int64) for x in zip(*extent, strict=True))
    out = backend.arguments(reading, triggers, types, start, length)
    roles, understood, some = sigmoid(out.roles), sigmoid(out.understood), sigmoid(out.filled)
    toll, status = sigmoid(out.toll), softmax(out.status)
    told = look.parties(
        [
            Happening(
                one.word, one.type, int(start[i]), roles[i, : length[i]].T.tolist(), some[i].tolist(),
                understood[i].tolist(), float(status[i, 0]),
            )
            for i, one in enumerate(taken)
        ],
        window, paragraphs, settings.further,
    ) if look else None  # fmt: skip
    implied = understood > np.array(settings.understood, dtype=np.float32)
    draft = []
    for i, word in enumerate(map(int, triggers)):
        cells: dict[str, float] = {}
        kind = TYPES[types[i]]
        mode = _mode(out.mode[i], kind, window.words[word], paragraphs[window.words[word].paragraph], cells)
        chosen = 1 + int(status[i, 1:].argmax()) if 1 - status[i, 0] > settings.status else 0  # 0 is "actual"
        cells["status"] = float(status[i, chosen])
        filled: dict[str, list[tuple[int, int, float]]] = {}
        for r, role in enumerate(ROLES):
            if told and r < len(told[i].told):
                filled[role], implied[i, r], cells[role] = told[i].told[r]
                continue
            inside, begin = roles[i, : length[i], r], roles[i, : length[i], len(ROLES) + r].tolist()
            filled[role] = spans_of(inside.tolist(), begin, settings.role[r], int(start[i]), window.words)
            silent = float(understood[i, r])
            if not filled[role] and some[i, r] > max(settings.filled[r], silent):
                filled[role] = likeliest(inside, begin, int(start[i]), window.words)
            if filled[role]:
                cells[role] = min(p for *_, p in filled[role])
            else:
                cells[role] = silent if implied[i, r] else 1 - max(silent, float(inside.max()))
        for t, name in enumerate(TOLLS):
            if toll[i, t] > 0.1:
                cells[f"toll:{name}"] = float(toll[i, t])
        draft.append((i, word, kind, mode, STATUSES[chosen], filled, cells))
    named = sorted({(a, b) for d in draft for spans in d[5].values() for a, b, _ in spans})
    mention = _Mentions(window, paragraphs, reading, backend)
    events = []
    for i, word, kind, mode, state, filled, cells in draft:
        w = window.words[word]

        def meant(r: int, i: int = i, word: int = word) -> Mention:
            return Mention(
                confidence=float(understood[i, r]),
                guess=code_guess(out.country[i, r], out.sector[i, r], backend),
                link=pointed(out.pointer[i, r], window.words, named, word),
            )

        parties: list[tuple[Mention, ...]] = []
        for r, role in enumerate(ROLES[:3]):
            found = [mention(s) for s in filled[role]]
            if not found and implied[i, r]:
                found = [meant(r)]
            parties.append(tuple(found))
        place = _place(filled["place"], i, word, window, paragraphs, reading, backend, out, understood, implied, named)
        reasons: tuple[str, ...] = ()
        if why:
            heard = roles[i, : length[i]]
            kinds = softmax(reading.types[word] / settings.temperature)
            reasons = explain(window, paragraphs, taken[i], kinds, status[i], heard, int(start[i]))
        kind_of = (
            functools.partial(HeardEvent, heard=_heard(told[i], some[i], understood[i], mention, meant))
            if told
            else Event
        )
        events.append(
            kind_of(
                paragraph=w.paragraph,
                trigger=Trigger(text=paragraphs[w.paragraph][w.start : w.end], start=w.start, end=w.end),
                type=kind,
                mode=mode,
                status=state,
                actors=parties[0],
                recipients=parties[1],
                speaker=parties[2],
                place=place,
                time=_time(filled["time"], i, word, window, paragraphs, out, understood, implied, named),
                confidence=taken[i].score,
                cells=cells,
                why=reasons,
            )
        )
    return events


def contexts(readings: Sequence[Reading], threshold: float) -> tuple[str, ...]:
    """Contexts of an article: the mean of its windows' logits; at least one, at most four, likeliest first."""
    if not readings:
        return ()
    p = sigmoid(np.mean([r.contexts for r in readings], axis=0))
    order = np.argsort(-p, kind="stable")[:4]
    return tuple(CONTEXTS[j] for n, j in enumerate(order) if n == 0 or p[j] > threshold)


def _mode(logits: Floats, kind: str, word: Word, text: str, cells: dict[str, float]) -> str | None:
    modes = [j for j, (t, _) in enumerate(PAIRS) if t == kind]
    p = softmax(logits[modes])
    left = left_by(text[word.start : word.end], kind, text[word.end :])
    open_ = [n for n, j in enumerate(modes) if left is None or PAIRS[j][1] in left]
    best = max(open_, key=lambda n: p[n])
    cells["mode"] = float(p[best]) if left is None else max(float(p[best]), NAMED)
    return PAIRS[modes[best]][1]


def _text(a: int, b: int, window: Window, paragraphs: Sequence[str]) -> tuple[str, int, int]:
    start, end = window.words[a].start, window.words[b].end
    return paragraphs[window.words[a].paragraph][start:end], start, end


def code_guess(country: Floats, sector: Floats | None, backend: Backend) -> tuple[tuple[str, float], ...]:
    """The likeliest codes by the model alone, with probabilities."""
    c = softmax(country)
    top = np.argsort(-c, kind="stable")[:3]
    if sector is None:
        return tuple((backend.countries[j], round(float(c[j]), 4)) for j in top)
    s = softmax(sector)
    codes: dict[str, float] = {}
    sectors = np.argsort(-s, kind="stable")[:3]
    for j in top:
        for k in sectors:
            place, name = backend.countries[j], backend.sectors[k]
            if (place == "IGO") != name.startswith("IGO"):
                continue
            code = name if place == "IGO" else f"{place}.{name}" if name else place
            codes[code] = float(c[j] * s[k])
    return tuple((k, round(v, 4)) for k, v in sorted(codes.items(), key=lambda x: (-x[1], x[0]))[:4])


class _Mentions:
    """The mentions of a window as they are asked for, each made once but for its probability."""

    def __init__(self, window: Window, paragraphs: Sequence[str], reading: Reading, backend: Backend) -> None:
        self.window, self.paragraphs, self.reading, self.backend = window, paragraphs, reading, backend
        self.made: dict[tuple[int, int], Mention] = {}

    def __call__(self, span: tuple[int, int, float]) -> Mention:
        a, b, p = span
        made = self.made.get((a, b))
        if made is None:
            text, start, end = _text(a, b, self.window, self.paragraphs)
            country, sector = self.backend.spans(self.reading.words[a : b + 1].mean(0, keepdims=True))
            guess = code_guess(country[0], sector[0], self.backend)
            made = self.made[a, b] = Mention(text=text, start=start, end=end, guess=guess)
        return msgspec.structs.replace(made, confidence=p)


def _heard(
    weighed: Weighed, filled: Floats, understood: Floats, mention: _Mentions, meant: Callable[[int], Mention]
) -> Heard:
    chances = list(zip(*weighed.chances, strict=True))
    likely = [n for n, both in enumerate(chances) if max(both) >= UNLIKELY]
    return Heard(
        states=tuple((s[0], s[1], s[2]) for s in weighed.states),
        filled=tuple(filled[:3].tolist()),
        understood=tuple(understood[:3].tolist()),
        meant=tuple(meant(r) if s[2] >= UNLIKELY else None for r, s in enumerate(weighed.states)),
        mentions=tuple(mention((*weighed.mentions[n], max(chances[n]))) for n in likely),
        chances=tuple(chances[n] for n in likely),
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


def _best(spans: list[tuple[int, int, float]]) -> tuple[int, int, float] | None:
    return max(spans, key=lambda s: s[2], default=None)


def _place(
    spans: list[tuple[int, int, float]], i: int, word: int, window: Window, paragraphs: Sequence[str], reading: Reading,
    backend: Backend, out: Arguments, understood: Floats, implied: NDArray[np.bool_],
    named: Sequence[tuple[int, int]],
) -> Place | None:  # fmt: skip
    if best := _best(spans):
        a, b, p = best
        text, start, end = _text(a, b, window, paragraphs)
        country, _ = backend.spans(reading.words[a : b + 1].mean(0, keepdims=True))
        return Place(text=text, start=start, end=end, confidence=p, guess=code_guess(country[0], None, backend))
    if implied[i, 3]:
        return Place(
            confidence=float(understood[i, 3]), guess=code_guess(out.country[i, 3], None, backend),
            link=pointed(out.pointer[i, 3], window.words, named, word),
        )  # fmt: skip
    return None


def _time(
    spans: list[tuple[int, int, float]], i: int, word: int, window: Window, paragraphs: Sequence[str], out: Arguments,
    understood: Floats, implied: NDArray[np.bool_], named: Sequence[tuple[int, int]],
) -> Time | None:  # fmt: skip
    if best := _best(spans):
        a, b, p = best
        text, start, end = _text(a, b, window, paragraphs)
        return Time(text=text, start=start, end=end, confidence=p)
    if implied[i, 4]:
        return Time(confidence=float(understood[i, 4]), link=pointed(out.pointer[i, 4], window.words, named, word))
    return None
