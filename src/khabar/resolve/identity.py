"""Stable ids and Latin names of resolved parties."""

from __future__ import annotations

import hashlib

from khabar.arabic import fold_key
from khabar.resolve.compose import Part
from khabar.resolve.tables import Tables


def identify(part: Part, text: str | None, tables: Tables) -> tuple[str, str]:
    """Id and Latin name of a party: the table's; for a state or a sector of it `COUNTRY` or `COUNTRY.SECTOR`; for a
    name that no table knows one made from folded name, country and sector, with the Arabic name as it stands."""
    if part.actor:
        roles = tables.actors[part.actor]
        return part.actor, roles[0].latin
    country = tables.countries.get(part.country)
    latin = country.latin if country else part.country
    if part.names and not part.head:
        key = f"{' '.join(fold_key(n) for n in part.names)}|{part.code}"
        return f"x-{hashlib.sha256(key.encode()).hexdigest()[:10]}", text or ""
    return part.code, f"{latin} {part.sector}".strip()
