"""Stable ids and Latin names of resolved parties; within an article one person has one id, however he is named."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from khabar.arabic import fold_key
from khabar.resolve.compose import Part
from khabar.resolve.surroundings import name_token
from khabar.resolve.tables import Tables


class Person(NamedTuple):
    """Whom a name means in an article: an actor of the tables, or the words of his fullest name and the text of it."""

    actor: str = ""
    names: tuple[str, ...] = ()
    text: str = ""


People = dict[tuple[str, str], Person]  # code and last word of the name


def people(parts: Iterable[tuple[Part, str | None]], tables: Tables) -> People:
    """Everybody whom an article's mentions (with their texts) call by a name.

    A mention that is only a name makes a person; one with a title gives the fuller name of such a person, and an actor
    of the tables is the person of his family name, if the codes agree."""
    found: People = {}
    titled: list[tuple[tuple[str, str], Part]] = []
    for part, text in parts:
        if part.actor and tables.actors[part.actor][0].role.startswith("person"):
            for name in tables.actors[part.actor][0].names:
                found[part.code, name_token(fold_key(name.rstrip("!*+~")).split()[-1])] = Person(part.actor)
        elif part.names:
            key = (part.code, name_token(part.names[-1]))
            if part.head or part.actor:
                titled.append((key, part))
            elif len(part.names) > len(found.get(key, Person()).names) and not found.get(key, Person()).actor:
                found[key] = Person("", part.names, text or "")
    for key, part in titled:
        person = found.get(key)
        if person is not None and not person.actor and len(part.names) > len(person.names):
            found[key] = person._replace(names=part.names)
    return found


def identify(part: Part, text: str | None, tables: Tables, known: People) -> tuple[str, str]:
    """Id and Latin name of a party: the table's; for a state or a sector of it `COUNTRY` or `COUNTRY.SECTOR`; for a
    name that no table knows one made from folded name, country and sector, with the Arabic name as it stands."""
    person = known.get((part.code, name_token(part.names[-1]))) if part.names else None
    actor = part.actor or (person.actor if person is not None else "")
    if actor:
        return actor, tables.actors[actor][0].latin
    if person is not None or (part.names and not part.head):
        names = person.names if person is not None else part.names
        key = f"{' '.join(fold_key(n) for n in names)}|{part.code}"
        return f"x-{hashlib.sha256(key.encode()).hexdigest()[:10]}", (person.text if person else "") or text or ""
    country = tables.countries.get(part.country)
    latin = country.latin if country else part.country
    return part.code, f"{latin} {part.sector}".strip()
