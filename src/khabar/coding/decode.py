"""From the model's numbers to events: which words are triggers, which spans are their arguments.

Everything here is arithmetic on numpy arrays that a backend gives for one window; both the run time (ONNX) and the
trainer (torch) pass through it, so what is measured in training is what runs.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, Protocol

import numpy as np

from khabar.codebook import CONTEXTS, MODES, TOLLS, TYPES
from khabar.coding.heard import UNLIKELY, Mentions, code_guess, heard, pointed, scene
from khabar.coding.look import Look, Scored, first_look
from khabar.coding.look.parties import Happening
from khabar.coding.modes import NAMED, left_by
from khabar.coding.numeric import Floats, Ints, sigmoid, softmax
from khabar.coding.reasons import ROLES, explain
from khabar.coding.spans import likeliest, spans_of
from khabar.coding.windows import Window, Word
from khabar.records import STATUSES, Event, HeardEvent, Mention, Place, Time, Trigger

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
    mention = Mentions(window, paragraphs, reading.words, backend)
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
            found = [mention.party(s) for s in filled[role]]
            if not found and implied[i, r]:
                found = [meant(r)]
            parties.append(tuple(found))
        where, when = _best(filled["place"]), _best(filled["time"])
        place = Place(
            confidence=float(understood[i, 3]), guess=code_guess(out.country[i, 3], None, backend),
            link=pointed(out.pointer[i, 3], window.words, named, word),
        ) if implied[i, 3] or understood[i, 3] >= UNLIKELY else None  # fmt: skip
        time = Time(
            confidence=float(understood[i, 4]), link=pointed(out.pointer[i, 4], window.words, named, word)
        ) if implied[i, 4] or understood[i, 4] >= UNLIKELY else None  # fmt: skip
        reasons: tuple[str, ...] = ()
        if why:
            here = roles[i, : length[i]]
            kinds = softmax(reading.types[word] / settings.temperature)
            reasons = explain(window, paragraphs, taken[i], kinds, status[i], here, int(start[i]))
        kind_of: Callable[..., Event] = Event
        if told:
            kind_of = functools.partial(
                HeardEvent,
                heard=heard(told[i], some[i], understood[i], mention, meant),
                scene=scene(roles[i, : length[i]], int(start[i]), some[i], understood[i], mention, place, time),
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
                place=mention.place(where) if where else place if implied[i, 3] else None,
                time=mention.time(when) if when else time if implied[i, 4] else None,
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


def _best(spans: list[tuple[int, int, float]]) -> tuple[int, int, float] | None:
    return max(spans, key=lambda s: s[2], default=None)
