"""Numbers with their nouns in messages: `1 outlet`, `2 outlets`."""

from __future__ import annotations


def many(n: int, noun: str, plural: str = "") -> str:
    """The number with its noun; `plural` where it is not made with s."""
    return f"{n} {noun if n == 1 else plural or f'{noun}s'}"
