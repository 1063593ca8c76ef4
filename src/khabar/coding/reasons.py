"""Why an event was coded, and why none was: the model's own numbers in words, for `khabar show --why`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from khabar.codebook import TYPES
from khabar.coding.numeric import Floats, softmax
from khabar.coding.windows import Window
from khabar.records import STATUSES, NearMiss, Trigger

ROLES = ("actors", "recipients", "speaker", "place", "time")
CLOSE = 0.05  # alternatives below this probability are not worth a reader's time
HEARD = 0.15  # a word counted as heard for a role


def explain(
    window: Window, paragraphs: Sequence[str], word: int, types: Floats, status: Floats, roles: Floats, start: int
) -> tuple[str, ...]:
    """Reasons for the event at `word`: its types and statuses by probability, and for each role the words heard.

    `types` [17] and `status` [4] are probabilities; `roles` [P, 10] those of the paragraph's words, the first of which
    is word `start` of the window.
    """

    def text(j: int) -> str:
        w = window.words[j]
        return paragraphs[w.paragraph][w.start : w.end]

    ranked = [(("no event", *TYPES)[j], float(types[j])) for j in np.argsort(-types, kind="stable")[:3]]
    lines = [f"«{text(word)}»: " + ", ".join(f"{k} {p:.2f}" for n, (k, p) in enumerate(ranked) if not n or p > CLOSE)]
    states = sorted(zip(STATUSES, map(float, status), strict=True), key=lambda x: -x[1])
    lines.append("status: " + ", ".join(f"{s} {p:.2f}" for n, (s, p) in enumerate(states) if not n or p > CLOSE))
    for r, role in enumerate(ROLES):
        heard = [(start + j, float(roles[j, r])) for j in range(len(roles)) if roles[j, r] > HEARD]
        if heard:
            lines.append(f"{role}: " + ", ".join(f"{text(j)} {p:.2f}" for j, p in heard))
    return tuple(lines)


def near_misses(
    window: Window, types: Floats, paragraphs: Sequence[str], threshold: float, temperature: float
) -> list[NearMiss]:
    """Words that nearly were triggers: their likeliest type, and the probability that stayed below `threshold`.

    `types` [W, 17] are the logits of the window's words.
    """
    probability = softmax(types / np.float32(temperature))
    found = []
    for j, w in enumerate(window.words):
        p = float(1 - probability[j, 0])
        if w.predict and w.start < w.end and CLOSE < p <= threshold:
            kind = TYPES[int(probability[j, 1:].argmax())]
            trigger = Trigger(text=paragraphs[w.paragraph][w.start : w.end], start=w.start, end=w.end)
            found.append(NearMiss(paragraph=w.paragraph, trigger=trigger, type=kind, probability=round(p, 3)))
    return found
