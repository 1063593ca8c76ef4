"""A party as it is read from a mention: what has been read so far, what came of it."""

from __future__ import annotations

from typing import NamedTuple

from khabar.resolve.roles import OFFICES


class Part(NamedTuple):
    """One party of a mention: `country` or `sector` empty where the words leave it open.

    `strength` says what the sector rests on: "head", "weak" (a noun that the context may overrule), "people",
    "actor" (a named party), "" (none). `names` are words that no table knows (a person's name, mostly).
    """

    country: str = ""
    sector: str = ""
    strength: str = ""
    actor: str = ""
    head: str = ""
    kind: str = ""
    former: bool = False
    pronoun: bool = False
    bare: bool = False  # a state as such: name, capital, adjective alone
    names: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    located: str = ""  # a country that only follows a preposition
    weakly: bool = False  # rests on a family name alone

    @property
    def code(self) -> str:
        return f"{self.country}.{self.sector}" if self.sector else self.country


class State:
    """What has been read of one part so far."""

    def __init__(self) -> None:
        self.country = self.sector = self.strength = self.actor = self.head = self.kind = self.located = ""
        self.former = self.pronoun = self.governed = self.person = self.weakly = self.stately = False
        self.names: list[str] = []
        self.alternatives: list[str] = []

    def part(self) -> Part:
        sector = self.sector
        if self.former and (sector in OFFICES or not sector):
            sector = "ELI"
        return Part(
            self.country, sector, self.strength, self.actor, self.head, self.kind, self.former, self.pronoun,
            bool(self.country) and not sector, tuple(self.names), tuple(self.alternatives), self.located, self.weakly,
        )  # fmt: skip
