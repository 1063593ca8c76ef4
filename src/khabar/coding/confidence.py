"""From a model's raw probabilities to calibrated ones.

The slope and offset of each cell were fitted on a held-out fold of train by `training.calibrate` (Platt 1999: a
logistic curve over the log odds) against the finished record, so that they carry what resolution adds or loses too.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import msgspec

from khabar.records import Event


def squash(p: float, slope: float, offset: float) -> float:
    """The calibrated probability of raw probability `p`."""
    p = min(max(p, 1e-6), 1 - 1e-6)
    return 1 / (1 + math.exp(-(slope * math.log(p / (1 - p)) + offset)))


def calibrated(event: Event, calibration: Mapping[str, tuple[float, float]]) -> Event:
    """The event with `confidence` and `cells` calibrated, rounded to three digits."""
    cells = {k: round(squash(p, *calibration[k]) if k in calibration else p, 3) for k, p in event.cells.items()}
    raw = event.confidence or 0.0
    confidence = squash(raw, *calibration["event"]) if "event" in calibration else raw
    return msgspec.structs.replace(event, confidence=round(confidence, 3), cells=cells)
