"""Waiting for a database that has gone away: a server that restarts, a network that is down for a while."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from typing import TypeVar

from khabar.archive.errors import Away

T = TypeVar("T")
log = logging.getLogger(__name__)

PATIENCE = 600.0  # seconds
_FIRST, _LONGEST = 0.5, 15.0  # seconds between two tries


def patiently(action: Callable[[], T], patience: float = PATIENCE) -> T:
    """The action's result; while the server does not answer it is tried again, for `patience` seconds in all.

    The action must be one transaction that may be done twice: a connection that breaks at its end leaves open whether
    it was stored. Raises `Away` when the time is over, any other error at once.
    """
    started = time.monotonic()
    pause = _FIRST
    while True:
        try:
            found = action()
        except Away as error:
            waited = time.monotonic() - started
            if waited + pause > patience:
                raise
            if pause == _FIRST:
                log.warning("%s; waiting for it, up to %.0f seconds", error, patience)
            time.sleep(pause * random.uniform(0.8, 1.2))
            pause = min(pause * 2, _LONGEST)
        else:
            if pause > _FIRST:
                log.warning("the server answers again after %.0f seconds", time.monotonic() - started)
            return found
