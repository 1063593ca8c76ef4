"""The role that an actor of the tables has on a date, and the actor of several of one name."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from khabar.resolve.tables import Actor, Tables

OFFICES = frozenset("GOV LEG MIL COP SPY JUD".split())  # sectors whose former holders are ELI


def resolve_actor(
    tables: Tables, ids: Sequence[str], date: str | None, prefer: Callable[[Actor], float]
) -> Actor | None:
    """The actor of several of one name, in the role of the date.

    A role that the date falls in is best; after the last office its holder is a former one (ELI); before the first he
    is what the first row says. Without a date the first row, the main role, stands, or an office that came after a seat
    in parliament.
    """
    best: tuple[float, Actor] | None = None
    for key in dict.fromkeys(ids):
        roles = tables.actors.get(key, ())
        if not roles:
            continue
        actor, fit = role_at(roles, date)
        score = fit + prefer(actor)
        if best is None or score > best[0]:
            best = (score, actor)
    return best[1] if best else None


def role_at(roles: Sequence[Actor], date: str | None) -> tuple[Actor, float]:
    """The role held on a date, and how well the date fits (2 held, 1 undated, 0 not yet or no longer)."""
    if date is None:
        main = next((r for r in roles if r.sector == "GOV"), roles[0]) if roles[0].sector == "LEG" else roles[0]
        return main, 1.0
    held = [r for r in roles if r.holds(date) and (r.since or r.until)]
    if held:
        return max(held, key=lambda r: r.since), 2.0
    lasting = [r for r in roles if r.holds(date)]
    if lasting:
        return lasting[0], 1.0
    past = [r for r in roles if r.until and r.until < date]
    if past:
        last = max(past, key=lambda r: r.until)
        if last.role.startswith("person") and last.sector in OFFICES:
            return last._replace(sector="ELI"), 0.5
        return last, 0.5
    first = min(roles, key=lambda r: r.since)
    return first, 0.0


def state_on(tables: Tables, country: str, date: str | None) -> str:
    """The state that a country was (part of) on a date: South Sudan was Sudan's before July 2011."""
    state = tables.countries.get(country)
    return state.of if state is not None and state.since and date is not None and date < state.since else country
