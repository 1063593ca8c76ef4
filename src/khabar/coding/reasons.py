"""Why an event was coded, and why none was: the model's own numbers in words, for `khabar show --why`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from khabar.codebook import TYPES
from khabar.coding.look import Scored
from khabar.coding.numeric import Floats
from khabar.coding.windows import Window
from khabar.records import STATUSES, NearMiss, Trigger

ROLES = ("actors", "recipients", "speaker", "place", "time")
CLOSE = 0.05  # alternatives below this probability are not worth a reader's time
HEARD = 0.15  # a word counted as heard for a role


def explain(
    window: Window, paragraphs: Sequence[str], scored: Scored, types: Floats, status: Floats, roles: Floats, start: int
) -> tuple[str, ...]:
    """Reasons for the event of a trigger: its types and statuses by probability, and for each role the words heard.

    `types` [17] and `status` [4] are probabilities; `roles` [P, 10] those of the paragraph's words, the first of which
    is word `start` of the window.
    """

    def text(j: int) -> str:
        w = window.words[j]
        return paragraphs[w.paragraph][w.start : w.end]

    ranked = [(("no event", *TYPES)[j], float(types[j])) for j in np.argsort(-types, kind="stable")[:3]]
    lines = [
        f"«{text(scored.word)}»: " + ", ".join(f"{k} {p:.2f}" for n, (k, p) in enumerate(ranked) if not n or p > CLOSE)
    ]
    lines[0] += f"; weighed with what stands around it: {TYPES[scored.type]} {scored.score:.2f}"
    states = sorted(zip(STATUSES, map(float, status), strict=True), key=lambda x: -x[1])
    lines.append("status: " + ", ".join(f"{s} {p:.2f}" for n, (s, p) in enumerate(states) if not n or p > CLOSE))
    for r, role in enumerate(ROLES):
        heard = [(start + j, float(roles[j, r])) for j in range(len(roles)) if roles[j, r] > HEARD]
        if heard:
            lines.append(f"{role}: " + ", ".join(f"{text(j)} {p:.2f}" for j, p in heard))
    return tuple(lines)


def near_misses(
    window: Window, scored: Sequence[Scored], paragraphs: Sequence[str], threshold: float
) -> list[NearMiss]:  # fmt: skip
    """Words that nearly were triggers: their likeliest type, and the probability that stayed below `threshold`."""
    found = []
    for one in sorted(scored):
        if CLOSE < one.score <= threshold:
            w = window.words[one.word]
            trigger = Trigger(text=paragraphs[w.paragraph][w.start : w.end], start=w.start, end=w.end)
            kind, p = TYPES[one.type], round(one.score, 3)
            found.append(NearMiss(paragraph=w.paragraph, trigger=trigger, type=kind, probability=p))
    return found
