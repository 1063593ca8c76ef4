"""Where words stand that may tell the place or time of an act: seen from its trigger."""

from __future__ import annotations

import math
from collections.abc import Sequence

from khabar.arabic import fold_key
from khabar.records import Event
from khabar.resolve.time_choice import CLAUSE, SAYING, SENTENCE

COLUMNS = tuple("after distance middle nearest clause sentence saying start before proclitic".split())
BEFORE = ("", "في", "من", "الي", "علي", "عن", "مع", "قرب", "داخل", "عبر", "منذ", "بين", "خلال", "قبل", "بعد", "يوم")
PROCLITICS = ("", "ب", "ل", "و", "ف", "ك")
NOWHERE = (-1.0, 9.0, 9.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0)
_FAR = 400


class Standing:
    """Of the words of one event's paragraph."""

    def __init__(self, event: Event, text: str, triggers: Sequence[int]) -> None:
        self.text, self.triggers = text, triggers
        self.start, self.end = event.trigger.start, event.trigger.end

    def columns(self, start: int, end: int) -> tuple[float, ...]:
        """`COLUMNS` of the words between two offsets."""
        text, mine = self.text, self.start
        after = start >= self.end
        gap = start - self.end if after else mine - end
        between = text[self.end : start] if after else text[end:mine]
        middle = sum(1 for t in self.triggers if t != mine and min(mine, start) < t < max(mine, start))
        nearest = min(self.triggers, key=lambda t: abs(t - start) + (t > start) * 5) == mine
        lead = fold_key(text[max(0, start - 60) : start])
        words = lead.split()
        before = words[-1].strip('،,"«(') if words else ""
        return (
            float(after), math.log1p(min(max(gap, 0), _FAR)), float(min(middle, 4)), float(nearest),
            float(CLAUSE.search(between) is None), float(SENTENCE.search(between) is None),
            float(bool(SAYING.search(lead))), float(start == 0),
            float(BEFORE.index(before)) if before in BEFORE else -1.0,
            float(PROCLITICS.index(text[start])) if text[start] in PROCLITICS else 0.0,
        )  # fmt: skip
