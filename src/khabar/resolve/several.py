"""Parties told by their number: "the two sides", "leaders of the two Koreas", "the three presidents".

The words say how many, not who. Who is meant are so many parties that the article sets beside each other: two of an
event of two sides, or just as many states as an event names; near the mention rather than far, before it rather than
after.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from itertools import combinations
from typing import NamedTuple

from khabar.arabic import fold_key, stem
from khabar.records import CodedArticle
from khabar.resolve import schema
from khabar.resolve.cues import cue_words
from khabar.resolve.forms import word_key
from khabar.resolve.scan import Token, tokenize

Codes = tuple[str, ...]
Where = tuple[int, str, int]  # event number, role, number within the role
_TWO_SIDED = frozenset({"CONSULT", "AGREE", "COOPERATE", "ASSAULT"})
_APART = frozenset({"REB", "PTY", "PRM"})
_EITHER, _OF_PLURALS = "بلدان", ("ه", "اخري")  # words are folded
_ADJECTIVES = ("يه", "يين", "يون", "العرب")  # of countries and offices: الدول الغربية الثلاث، وزراء الخارجية الثلاثة
_NOBODY = frozenset({"CVL", "REF", "JRN", "MED", "NGO", "EDU"})
KINDS = ("state", "office", "side")


@cache
def pair_words() -> dict[str, str]:
    """Folded words in the dual -> `state`, `office`, `side`, or the two codes that are always meant.

    Raises `TableError` for a kind that is none of these."""
    found = {}
    for row in schema.read_rows(schema.package_text("pair_words.tsv"), "pair_words.tsv", ("forms", "kind")):
        kind = row["kind"].removeprefix("fixed=")
        if kind == row["kind"] and kind not in KINDS:
            raise row.fail("kind", f"«{kind}» is none of {' '.join(KINDS)}, fixed=CODE+CODE")
        for code in kind.split("+") if kind != row["kind"] else ():
            schema.check_fixed(row, "kind", code)
        for form in row.list("forms"):
            found[fold_key(form)] = kind
    return found


@cache
def group_words() -> tuple[dict[str, str], dict[str, int]]:
    """Folded plurals of a counted group -> `state` or `office`, and folded numerals -> number.

    Raises `TableError` for a kind that is neither nor `number=N`."""
    nouns, numbers = {}, {}
    for row in schema.read_rows(schema.package_text("group_words.tsv"), "group_words.tsv", ("forms", "kind")):
        kind = row["kind"].removeprefix("number=")
        if not (kind in KINDS[:2] if kind == row["kind"] else kind.isdecimal()):
            raise row.fail("kind", f"«{row['kind']}» is none of {' '.join(KINDS[:2])}, number=N")
        for form in row.list("forms"):
            if kind == row["kind"]:
                nouns[fold_key(form)] = kind
            else:
                numbers[fold_key(form)] = int(kind)
    return nouns, numbers


def _key(token: Token, words: Collection[str]) -> str:
    return token.text if token.text in words else word_key(stem(token.text))


def pair_kind(tokens: Sequence[Token]) -> str:
    """What kind of two a mention is of, or "": a dual of a state anywhere in it decides before one of an office."""
    words = pair_words()
    kinds = [words[key] for n, t in enumerate(tokens) if (key := _key(t, words)) in words and not _plural(tokens, n)]
    return next((k for k in kinds if k != "office"), kinds[0] if kinds else "")


def _plural(tokens: Sequence[Token], n: int) -> bool:
    """Whether a word that can be dual or plural (بلدان) is the plural: another noun governs it, or an adjective of
    plurals follows (البلدان النامية)."""
    if word_key(stem(tokens[n].text)) != _EITHER:
        return False
    governed = n > 0 and tokens[n - 1].text.removeprefix("و") != "هذان"
    return governed or (n + 1 < len(tokens) and tokens[n + 1].text.endswith(_OF_PLURALS))


def group_of(tokens: Sequence[Token]) -> tuple[str, int]:
    """What kind of group a mention counts, and how many it holds ("the three states"); ("", 0) for any other. The noun
    stands right before its number or before adjectives; without an article on the number ("three states") nobody in
    particular is meant."""
    nouns, numbers = group_words()
    for n, token in enumerate(tokens):
        number = numbers.get(word_key(token.text), 0) if token.text.startswith("ال") else 0
        if not number or _more(tokens, n + 1):
            continue
        k = n - 1
        while k > 0 and tokens[k].text.endswith(_ADJECTIVES) and _key(tokens[k], nouns) not in nouns:
            k -= 1
        kind = nouns.get(_key(tokens[k], nouns), "") if k >= 0 else ""
        if kind and not (k > 0 and word_key(stem(tokens[k - 1].text)) in cue_words("group.headed")):
            return kind, number
    return "", 0


def _more(tokens: Sequence[Token], n: int) -> bool:
    """Whether a numeral goes on: الثلاث عشرة، السبع والعشرين."""
    return n < len(tokens) and tokens[n].text in cue_words("group.more")


class Side(NamedTuple):
    """Parties that one event sets beside each other, and how much that counts for the mention in question."""

    codes: Codes
    weight: float


def _near(gap: int) -> float:
    """How much an event counts that stands so many paragraphs on; what is told before counts more."""
    return 1 / (1 + 0.4 * abs(gap)) * (0.6 if gap > 0 else 1.0)


def sides(draft: CodedArticle, codes: Mapping[Where, Codes], event: int) -> list[Side]:
    """What the article's events set beside each other, as seen from an event; mentions without codes are not there."""
    found = []
    here = draft.events[event].paragraph
    for number, other in enumerate(draft.events):
        parties: dict[str, None] = {}
        for role in ("actors", "recipients"):
            for place in range(len(getattr(other, role))):
                parties |= dict.fromkeys(codes.get((number, role, place), ()))
        if len(parties) < 2:
            continue
        near = _near(other.paragraph - here) * (1.5 if number == event else 1.0)
        found.append(Side(tuple(parties), near * (2.0 if other.type in _TWO_SIDED else 1.0)))
    return found


class Several(NamedTuple):
    """A mention told by its number: what kind of party, how many, and the sector that its head says ("" if none)."""

    kind: str
    number: int
    sector: str


def choose_group(group: Several, draft: CodedArticle, codes: Mapping[Where, Codes], event: int) -> Codes:
    """The codes of a counted group of states as seen from an event, or () if no other event names just so many
    together; a group of offices is looked for among officials of its sector."""
    votes: dict[tuple[str, ...], float] = {}
    here = draft.events[event].paragraph
    for n, other in enumerate(draft.events):
        if n == event:
            continue  # who stands there is the other side
        near = _near(other.paragraph - here)
        roles = [
            {
                _bloc("state", code): None
                for k in range(len(getattr(other, role)))
                for code in codes.get((n, role, k), ())
                if group.kind == "state" or code.partition(".")[2] == group.sector
            }
            for role in ("actors", "recipients")
        ]
        both = roles[0] | roles[1] if all(roles) else {}
        for named, weight in ((roles[0], near), (roles[1], near), (both, near / 2)):
            named.pop("", None)
            if len(named) == group.number:
                key = tuple(sorted(named))
                votes[key] = votes.get(key, 0.0) + weight
    if not votes:
        return ()
    best = max(votes.items(), key=lambda v: (v[1], v[0]))[0]
    return tuple(f"{c}.{group.sector}" if group.sector else c for c in best)


def choose_pair(kind: str, sector: str, beside: Iterable[Side], seen: Mapping[str, float]) -> Codes:
    """The two codes of a mention of two, or () if the article names no two. `sector` is what the mention's head says
    ("" for states and sides as such); `seen` weighs the article's codes, for articles that set no two side by side."""
    if "+" in kind:
        two = tuple(kind.split("+"))
        return tuple(f"{c}.{sector}" for c in two) if sector else two
    votes: dict[tuple[str, str], float] = {}
    alone: dict[str, float] = {}
    forms: dict[str, dict[str, float]] = {}
    for side in (*beside, *(Side((code,), weight / 100) for code, weight in seen.items())):
        blocs = dict.fromkeys(_bloc(kind, c) for c in side.codes)
        blocs.pop("", None)
        for pair in combinations(blocs, 2):
            key = (min(pair), max(pair))
            votes[key] = votes.get(key, 0.0) + side.weight / max(len(blocs) - 1, 1) ** 2
        for code in side.codes:
            bloc = _bloc(kind, code)
            there = forms.setdefault(bloc, {})
            there[code] = there.get(code, 0.0) + side.weight
            if bloc:
                alone[bloc] = alone.get(bloc, 0.0) + side.weight
    if votes:
        best: tuple[str, ...] = max(votes.items(), key=lambda v: (v[1], v[0]))[0]
    else:
        best = tuple(sorted(alone, key=lambda k: (-alone[k], k))[:2])
    if len(best) < 2:
        return ()
    if kind == "side":
        return tuple(max(forms[b], key=lambda c: (forms[b][c], c)) for b in best)
    return tuple(f"{c}.{sector}" if sector else c for c in best)


def _bloc(kind: str, code: str) -> str:
    """Whose side a code is on: its state, for a mention of two sides also the armed or the opposition of a state;
    mediators are nobody's."""
    country, _, sector = code.partition(".")
    if (
        country == "IGO"
        or sector in _NOBODY
        or (country in ("INT", "UNK") and not (kind == "side" and sector in _APART))
    ):
        return ""
    return f"{country}.{sector}" if kind == "side" and sector in _APART else country


def counted(draft: CodedArticle, alone: Iterable[Where], codes: Mapping[Where, Codes]) -> dict[Where, Several]:
    """The mentions told by their number among `alone` (event number, role, number within the role: those whose words
    name no country); `codes` is what each was resolved to as one party."""
    kinds = {}
    for where in alone:
        text = getattr(draft.events[where[0]], where[1])[where[2]].text
        tokens = tokenize(text) if text else []
        sector = codes[where][0].partition(".")[2]
        if kind := pair_kind(tokens):
            headed = kind == "office" or (kind != "side" and len(tokens) > 1)
            kinds[(where[0], where[1], where[2])] = Several(kind, 2, sector if headed else "")
        elif (group := group_of(tokens))[0]:
            headed = group_words()[0].get(_key(tokens[0], group_words()[0])) != "state"
            kinds[(where[0], where[1], where[2])] = Several(*group, sector if headed else "")
    return kinds


def several(draft: CodedArticle, kinds: Mapping[Where, Several], single: Mapping[Where, Codes]) -> dict[Where, Codes]:
    """The codes of every mention told by its number, if the article names so many; `single` is what all others resolve
    to."""
    seen: dict[str, float] = {}
    for found in single.values():
        for code in found:
            seen[code] = seen.get(code, 0.0) + 1.0
    chosen = {
        where: choose_pair(one.kind, one.sector, sides(draft, single, where[0]), seen)
        if one.number == 2
        else choose_group(one, draft, single, where[0])
        for where, one in kinds.items()
    }
    return {where: codes for where, codes in chosen.items() if codes}
