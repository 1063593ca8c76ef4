"""A person named after a title or noun ("the cleric X", "the wife of X"): whose code it is, his own or the noun's."""

from __future__ import annotations

from khabar.resolve.cues import cue_words
from khabar.resolve.part import State
from khabar.resolve.tables import Actor


def himself(state: State, actor: Actor, full: bool) -> bool:
    """A person named after a title or noun: whether his own code, or one of his kin's, has been taken."""
    mine = state.country in ("", actor.country)
    if state.kind == "kin" and mine and actor.sector in ("GOV", "ELI"):  # the kin of rulers are notables
        state.country, state.sector, state.strength = actor.country, "ELI", "head"
        return True
    if state.head in cue_words("party.campaign") and mine:  # a candidate's campaign
        state.country, state.sector, state.strength = actor.country, "PTY", "head"
        return True
    if not full or actor.country == "IGO":
        return False
    of_body = state.country == "IGO" and state.head in cue_words("party.envoy")  # to the body, not of it
    if of_body or (mine and _tells_more(state, actor)):
        state.country, state.sector, state.strength, state.actor = actor.country, actor.sector, "actor", actor.id
        return True
    if not state.country and state.sector == actor.sector:
        state.country = actor.country
        return True
    return False


def _tells_more(state: State, actor: Actor) -> bool:
    """Whether a person's own sector counts for more than the noun before his name ("the cleric", "leader")."""
    if actor.sector in ("REB", "PRM"):
        among = ("GOV", "PTY", "MIL", "REL", "JRN") if actor.sector == "REB" else ("GOV", "PTY", "MIL", "REL", "REB")
        return state.sector in among and state.kind != "kin"
    if state.sector == "GOV" and state.strength == "of" and state.head in cue_words("party.spokesman"):
        return True
    if actor.sector == "PTY" and state.head in cue_words("party.leader"):
        return state.sector in ("GOV", "REB")
    return (
        state.sector == "REL"
        or (state.sector == "LEG" and state.strength == "weakhead" and actor.sector == "GOV")
        or (state.strength == "weak" and not state.head)
    )
