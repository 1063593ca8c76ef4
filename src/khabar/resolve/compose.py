"""Composition: head nouns give the sector, names and nationality adjectives the country (CODEBOOK section 5).

A mention is read from its first word: a minister is GOV whatever follows; a spokesman, leader or member takes the code
of the body that he speaks for; a modifier ("military", "former") changes the sector of a head that leaves it open.
Conjunctions part a mention into several parties, which share head or nationality where one lacks it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from khabar.arabic import fold_key, stem
from khabar.resolve.cues import cue_words
from khabar.resolve.himself import himself
from khabar.resolve.part import Part as Part
from khabar.resolve.part import State
from khabar.resolve.pieces import is_party, pieces
from khabar.resolve.roles import OFFICES
from khabar.resolve.scan import Item, Token
from khabar.resolve.tables import Actor, Element, Head

# Which reading of the words a text's context prefers: the roles of the actors in question, best first.
Chooser = Callable[[Sequence[str], str], Actor | None]
_OPEN = ("", "weak", "of", "people", "source")
_RUN = frozenset("GOV SOC CRM COP JUD REL SPY MIL".split())  # what an armed movement may have of its own


def _head(state: State, head: Head, pronoun: bool) -> None:
    kind = head.kind
    if head.fixed:
        if state.strength in _OPEN:
            state.country, _, state.sector = head.fixed.partition(".")
            state.strength = "actor"
        elif not state.country:
            state.country = head.fixed.partition(".")[0]
        return
    if kind == "skip":
        return
    if _in_parliament(state, head.sector):
        return
    if pronoun and head.lemma in cue_words("party.deputy") - {"نواب"}:  # "his deputy": no member of parliament
        head, kind = head._replace(sector="GOV"), "of"
    if not state.head and kind not in ("mod", "former", "official", "weakmod"):
        state.head, state.kind, state.pronoun = head.lemma, kind, pronoun
    if kind == "former":
        state.former = state.former or state.kind not in ("weakhead",) or state.sector != "GOV"
    elif kind == "state":
        state.stately = True
    elif kind == "place":
        if not state.sector:
            state.sector, state.strength = "", "weak"
    elif kind == "source":
        state.strength = state.strength or "source"
    elif kind in ("title", "rank"):
        if not state.sector and head.sector:
            state.sector, state.strength = head.sector, "weak"
        state.person = True
    elif kind == "official":
        if state.sector in ("", "JRN") and (state.head or state.strength or not state.country):
            state.sector, state.strength = "GOV", "weak" if not state.sector else "head"
    elif kind == "mod":
        if state.strength in ("", "of", "source", "weak") and not (
            state.strength == "weak" and state.sector in ("REB", "UAF")
        ):
            state.sector, state.strength = head.sector, "head"
    elif kind == "weakmod":
        if state.strength in ("", "source", "of") and state.head not in cue_words("party.president"):
            state.sector, state.strength = head.sector, "weak"
    elif kind == "of":
        if not state.sector or state.strength == "source" or _deputy(state, head):
            state.sector, state.strength = head.sector, "of"
        elif state.strength == "of" and state.governed:
            pass
    elif kind in ("weak", "kin", "civil"):
        if state.strength in ("", "source") or (state.strength == "of" and kind == "civil"):
            state.sector, state.strength = head.sector, "weak" if kind == "weak" else "head"
    elif kind in ("weakhead", "dept"):
        if state.strength in ("", "of", "source") or (state.strength == "weak" and not state.governed):
            state.sector, state.strength = head.sector, "weakhead"
    elif kind == "armed" and state.sector in ("REB", "PRM") and state.strength == "weakhead":
        pass  # an armed group is no unknown gunman
    elif kind in ("head", "media", "armed", "terror", "oppos", "redcross") and (
        state.strength in ("", "of", "source")
        or (state.strength == "weak" and not state.governed)
        or (state.strength == "weakhead" and kind in ("armed", "terror", "oppos"))
        or _deputy(state, head)
    ):
        if state.strength == "of":  # an official in a ministry: what follows says whose ministry it is
            state.governed = False
        state.sector, state.strength = head.sector, "head"


def _in_parliament(state: State, sector: str) -> bool:
    """A party's members "in parliament": what has been read becomes LEG."""
    if not (state.governed and state.sector == "PTY" and state.kind != "head" and sector == "LEG"):
        return False
    state.sector, state.strength = "LEG", "head"
    return True


def _deputy(state: State, head: Head) -> bool:
    """`نائب` before an office is a deputy, not a member of parliament."""
    return (
        state.head in cue_words("party.deputy")
        and state.strength == "weakhead"
        and not state.governed
        and head.sector in OFFICES - {"LEG"}
    )  # fmt: skip


def _country(state: State, element: Element) -> None:
    if state.governed and not state.country and state.strength not in ("", "of", "source", "weakhead"):
        state.located = state.located or element.country
        return
    if state.country:
        if state.country == "INT" and state.actor and state.governed:  # a branch of what has no country
            state.country, state.actor = element.country, ""
        return
    state.country = element.country
    if state.kind == "armed" and state.sector == "UAF" and element.kind in ("adjective", "people"):
        state.sector = "REB"  # whose nation is known is no unknown gunman
    if element.kind == "people" and not state.sector and not state.stately:
        state.strength = state.strength or "people"


def _actor(state: State, actor: Actor, family: bool, full: bool = False) -> None:
    person = actor.role.startswith("person")
    if not actor.sector and state.strength:  # states together: the head keeps its sector
        _country(state, Element("country", actor.country))
        return
    if state.country in ("", actor.country) and _in_parliament(state, actor.sector):
        state.country = actor.country
        return
    if (not state.head and not state.country and not state.sector) or state.strength in ("source", ""):
        if state.country and state.country != actor.country and not person:
            return
        state.country, state.sector, state.strength = actor.country, actor.sector, "actor"
        state.actor, state.weakly = actor.id, family
        return
    if person and not family and himself(state, actor, full):
        return
    if state.governed and state.strength not in ("of", "weakhead", "weak"):
        state.located = state.located or actor.country
        return
    if person:
        if state.kind in ("kin",) or (state.strength == "weak" and state.sector == "CVL"):
            state.country = state.country or actor.country
            return
        if actor.country == "IGO":  # "the secretary-general", "spokesman of": no other sector goes with a body
            if not state.country or state.country == "IGO":
                state.country, state.sector, state.strength, state.actor = "IGO", actor.sector, "actor", actor.id
            return
        possessed = state.strength == "weakhead"
        if not state.country or state.country == actor.country:
            if possessed and state.sector == "MIL" and actor.sector in ("REB", "PRM"):
                state.sector = actor.sector
            elif state.strength in ("of", "weak") and state.kind in ("rank", "title"):
                state.sector, state.strength = actor.sector, "actor"
            state.country = actor.country
            if not possessed:
                state.actor = actor.id
        return
    if state.governed and state.country and state.strength == "of" and actor.country == "IGO":
        return  # a state's envoy to a body is the state's
    if state.head in cue_words("party.deputy") and state.strength == "weakhead" and actor.sector == "PTY":
        state.country, state.strength = state.country or actor.country, "head"
        return  # a party's member of parliament
    if state.head in cue_words("party.branch") and state.country and actor.country == "INT":
        state.sector, state.strength = actor.sector, "actor"
        return
    # A body: whoever speaks for it, leads it or fights for it has its code; all that an armed movement runs is its own.
    if (
        (actor.sector == "REB" and state.sector in _RUN and state.kind in ("head", "of") and not state.governed)
        or state.strength in ("of", "weakhead")
        or (state.strength == "weak" and not state.governed)
        or ((state.strength == "head" and state.kind in ("armed", "terror", "media")) or state.sector in ("REB", "PRM"))
    ):
        if (
            state.country
            and state.country != actor.country
            and state.strength != "of"
            and actor.country not in ("IGO", "INT")
        ):
            return
        state.country, state.sector, state.strength, state.actor = actor.country, actor.sector, "actor", actor.id
    elif not state.country:
        state.country = actor.country
        if actor.country == "IGO":
            state.sector, state.strength, state.actor = actor.sector, "actor", actor.id


def _read(tokens: Sequence[Token], items: Sequence[Item], choose: Chooser, since: int, until: int) -> Part:
    state = State()
    position = since
    for number, item in enumerate(items):
        _words(state, tokens, position, item.first)
        position = item.last
        if item.governed and (state.head or state.country):
            state.governed = True
        after = _nationality(item, items[number + 1 : number + 2])
        chosen = _choose(state, item, choose, after)
        if isinstance(chosen, Actor):
            family, person = all(e.kind != "actor" for e in item.elements), chosen.role.startswith("person")
            if after and after != chosen.country != "IGO" and not person and chosen.sector not in ("REB", "PRM"):
                chosen = chosen._replace(country=after, id="")  # another country's body of the same name
            if person and (
                _of_another(chosen, item, tokens, state, items) if family else _of_longer(chosen, item, tokens, state)
            ):
                state.names += [t.text for t in tokens[item.first : item.last]]
            else:
                within = person and len(items) == 1 and _within(chosen, item, tokens[since:until], since)
                _actor(state, chosen, family or within, item.last - item.first > 1)
        elif chosen is not None and chosen.head is not None:
            _head(state, chosen.head, item.pronoun)
        elif chosen is not None and not _topic(item, tokens, since):
            _country(state, chosen)
    _words(state, tokens, position, until)
    return state.part()


def _topic(item: Item, tokens: Sequence[Token], since: int) -> bool:
    """Whether a nationality is what somebody studies or deals with: `خبير في الشؤون الإسرائيلية`."""
    adjective = all(e.kind in ("adjective", "people") for e in item.elements)
    return adjective and item.first > since and stem(tokens[item.first - 1].text) in cue_words("party.topic")


def _nationality(item: Item, following: Sequence[Item]) -> str:
    """The country of a nationality adjective right after some words, or ""."""
    for other in following:
        if other.first == item.last and not other.conjoined and not other.governed:
            return next((e.country for e in other.elements if e.kind in ("adjective", "people")), "")
    return ""


def _of_another(actor: Actor, item: Item, tokens: Sequence[Token], state: State, items: Sequence[Item]) -> bool:
    """Whether a family name is borne by somebody else: another given name stands before it, or a name goes on."""
    before = tokens[item.first - 1].text if item.first else ""
    if before and state.names[-1:] == [before]:
        return not _in_name(before, actor)
    known = {i.first for i in items if any(e.kind != "family" for e in i.elements)}
    after = tokens[item.last] if item.last < len(tokens) and item.last not in known else None
    return after is not None and not after.parted and after.text not in cue_words("preposition") and len(after.text) > 2


def _within(actor: Actor, item: Item, tokens: Sequence[Token], since: int) -> bool:
    """Whether a name of one word may be part of a longer one, a kinsman's or a namesake's: other names stand beside it
    and nothing else."""
    if item.last - item.first > 1 or item.governed or not 1 < len(tokens) < 5 or any(t.parted for t in tokens[1:]):
        return False
    others = [t.text for number, t in enumerate(tokens, since) if number != item.first]
    return not any(o in cue_words("preposition") or _in_name(o, actor) for o in others)


def _of_longer(actor: Actor, item: Item, tokens: Sequence[Token], state: State) -> bool:
    """Whether a name of two words is the end of another's longer name: a given name stands before it, alone."""
    before = tokens[0].text
    within = item.first == 1 and item.last == 3 and state.names == [before] and not tokens[1].parted
    return within and before[0] not in "الوب" and len(before) > 2 and not _in_name(before, actor)


def _in_name(word: str, actor: Actor) -> bool:
    return any(word in fold_key(name) for name in actor.names)


def _words(state: State, tokens: Sequence[Token], first: int, last: int) -> None:
    for token in tokens[first:last]:
        if token.text in cue_words("preposition"):
            state.governed = True
        elif len(token.text) > 1:
            state.names.append(token.text)


def _choose(state: State, item: Item, choose: Chooser, after: str) -> Element | Actor | None:
    """The reading of an item: a country or an actor before a head, an actor as context and what was read suggest."""
    said = state.country or after
    actors = [e.actor for e in item.elements if e.kind == "actor"]
    families = [e.actor for e in item.elements if e.kind == "family"]
    countries = [e for e in item.elements if e.kind in ("country", "adjective", "people", "capital")]
    heads = [e for e in item.elements if e.kind == "head"]
    if actors and not (countries and state.head):
        return choose(actors, said)
    if countries:
        state.alternatives += [c.country for c in countries[1:] if c.country != countries[0].country]
        same = [c for c in countries if c.country == state.country]
        return same[0] if same else countries[0]
    if heads:
        return heads[0]
    if families:
        return choose(families, said)
    return None


def _one_person(pieces: Sequence[tuple[list[Item], int, int]], parts: Sequence[Part], tokens: Sequence[Token]) -> bool:
    """Whether conjoined titles are one person's: a single full name with offices in the singular on both sides of و."""
    named = [number for number, part in enumerate(parts) if len(part.names) > 1]
    if len(parts) > 3 or named not in ([0], [len(parts) - 1]):
        return False
    if any(part.names or part.pronoun for number, part in enumerate(parts) if number != named[0]):
        return False
    titles = [next((stem(tokens[i.first].text) for i in piece if is_party(i)), "") for piece, _, _ in pieces]
    apposed = named == [0] and bool(pieces[0][0]) and pieces[0][0][0].first - pieces[0][1] > 1
    # One man holds a minor office beside another ("adviser to the president and coordinator of …"); any office is his
    # that stands in apposition to his name.
    minor, offices = cue_words("party.minor"), cue_words("party.head") | cue_words("party.minor")
    return all(title in offices for title in titles) and (apposed or titles[0] in minor)


def _retinue(part: Part) -> bool:
    """Whether it is "and its allies": no party of its own beside the one whose they are."""
    return part.pronoun and part.head in cue_words("party.allies") and not part.country and not part.names


def compose(tokens: Sequence[Token], items: Sequence[Item], choose: Chooser) -> list[Part]:
    """The parties that a mention's words name, in order; at least one part, perhaps an empty one."""
    several = list(pieces(items, tokens))
    parts = [_read(tokens, piece, choose, since, until) for piece, since, until in several]
    if len(parts) == 1:
        return parts
    if _one_person(several, parts, tokens):
        country = next((p.country for p in parts if p.country), "")
        first = next((p for p in parts if not p.former), parts[0])
        return [first if first.country else first._replace(country=country)]
    first, *others = parts
    parts = [p for p in (first, *(o for o in others if not _retinue(o))) if p.code or p.located or p.head] or [first]
    shared: list[Part] = []
    last = next((p.country for p in reversed(parts) if p.country), "")
    for number, part in enumerate(parts):
        before = shared[-1] if shared else None
        if (
            before is not None
            and part.country
            and not part.head
            and not part.sector
            and not part.actor
            and before.sector
        ):
            if not before.actor:
                part = part._replace(sector=before.sector, strength=before.strength, head=before.head, bare=False)
        elif not part.country and (part.head or part.sector):
            of_before = before.country if before and before.country != "IGO" else ""  # no ministry is a body's
            of_last = last if last != "IGO" else ""
            part = part._replace(country=of_before or (of_last and (part.located or of_last)))
        shared.append(part)
        if number and part.code == before.code and part.actor == before.actor:  # type: ignore[union-attr]
            shared.pop()
    return shared
