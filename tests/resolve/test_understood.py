"""Parties without words: who may be meant, what speaks for each, and who is meant in made-up articles."""

from __future__ import annotations

import msgspec
import pytest

from khabar.records import CodedArticle, Event, Mention, Place, Trigger
from khabar.resolve.counts import Counts
from khabar.resolve.understood_rows import COLUMNS, Codes, Telling, Where, candidates, rows

NOTHING = Counts({}, {}, {}, {})


def _event(paragraph: int, start: int, word: str, kind: str, country: str | None = None, **roles: int) -> Event:
    """An event with some mentions a role; those of a negative number have no words."""
    made = {}
    for role, number in roles.items():
        one = (Mention(text="س", start=start + 10, end=start + 11),) * number if number > 0 else (Mention(),) * -number
        made[role] = one
    place = Place(country=country) if country else None
    trigger = Trigger(text=word, start=start, end=start + len(word))
    return Event(paragraph=paragraph, trigger=trigger, type=kind, status="actual", place=place, **made)


def _row(telling: Telling, number: int, role: str, codes: Codes) -> dict[str, float]:
    who = candidates(telling, number, role)
    return dict(
        zip(COLUMNS, rows(telling, number, role, who, NOTHING, {"NGA": ["title"]})[who.index(codes)], strict=True)
    )


DRAFT = CodedArticle(
    id="a" * 12,
    events=(
        _event(0, 0, "هجوم", "ASSAULT", "NGA", actors=1, recipients=1),
        _event(1, 0, "دعا", "REQUEST", actors=1),
        _event(2, 0, "الهجوم", "ASSAULT", "NGA", actors=-1, recipients=1),
        _event(3, 0, "محادثات", "CONSULT", actors=2),
        _event(4, 0, "لقاء", "CONSULT", actors=-1),
    ),
)
KNOWN: dict[Where, Codes] = {
    (0, "actors", 0): ("NGA.REB",), (0, "recipients", 0): ("NGA.MIL",), (1, "actors", 0): ("IGO.UNO",),
    (2, "recipients", 0): ("NGA.MIL",), (3, "actors", 0): ("NGA.GOV",), (3, "actors", 1): ("CMR.GOV",),
}  # fmt: skip


def test_candidates_are_the_others_and_the_parties_of_a_two_sided_act() -> None:
    who = candidates(Telling(DRAFT, KNOWN), 4, "actors")
    assert who == [("NGA.REB",), ("NGA.MIL",), ("IGO.UNO",), ("NGA.GOV",), ("CMR.GOV",), ("CMR.GOV", "NGA.GOV")]
    assert ("CMR.GOV", "NGA.GOV") not in candidates(Telling(DRAFT, KNOWN), 2, "recipients")


def test_what_the_role_already_has_without_words_is_no_candidate() -> None:
    telling = Telling(DRAFT, {(0, "actors", 0): ("NGA.REB",)})
    telling.add((4, "actors", 0), ("CMR.GOV",))
    assert candidates(telling, 4, "actors") == [("NGA.REB",)]
    assert candidates(telling, 2, "actors") == [("NGA.REB",), ("CMR.GOV",)]
    assert candidates(Telling(DRAFT, {}), 2, "actors") == []


def test_the_act_told_again_speaks_for_its_actor() -> None:
    telling = Telling(DRAFT, KNOWN)
    actor, other = (_row(telling, 2, "actors", codes) for codes in (("NGA.REB",), ("IGO.UNO",)))
    assert actor["type_before"] == pytest.approx(1 / 1.6)
    assert (actor["word"], actor["mode"]) == (pytest.approx(1 / 1.6), pytest.approx(1 / 1.6))
    assert (actor["dyad"], actor["place_alike"], actor["alike_rank"], actor["place"]) == (1, 1, 0, 1)
    assert (other["type_before"], other["word"], other["dyad"], other["alike_rank"]) == (0, 0, 0, 1)
    assert actor["votes"] > 0.8 > 0.2 > other["votes"]
    assert (actor["gap"], actor["order"], actor["first"], actor["title"], actor["named_title"]) == (2, 2, 0, 1, 1)
    assert (other["gap"], other["order"], other["first"], other["title"], other["named_title"]) == (1, 0, 1, 0, 0)


def test_the_recipient_is_known_to_be_on_the_other_side() -> None:
    row = _row(Telling(DRAFT, KNOWN), 2, "actors", ("NGA.MIL",))
    assert (row["other_same"], row["other_country"], row["here_after"], row["own"]) == (1, 1, 1, 2)
    assert (row["n"], row["n_role"], row["recipients"]) == (2, 0, 2)


def test_together_they_count_as_the_parties_of_their_act() -> None:
    row = _row(Telling(DRAFT, KNOWN), 4, "actors", ("CMR.GOV", "NGA.GOV"))
    assert (row["several"], row["type_before"], row["previous"], row["previous_alike"]) == (
        2,
        pytest.approx(1 / 1.3),
        1,
        1,
    )


def test_what_the_coder_says_of_a_mention_stands_in_its_row() -> None:
    hinted = msgspec.structs.replace(DRAFT.events[2], actors=(Mention(link=(1, 10, 11), guess=(("TCD.GOV", 0.9),)),))
    told = Telling(msgspec.structs.replace(DRAFT, events=(*DRAFT.events[:2], hinted, *DRAFT.events[3:])), KNOWN)
    assert candidates(told, 2, "actors")[-1] == ("TCD.GOV",)
    guessed, linked, other = (_row(told, 2, "actors", (code,)) for code in ("TCD.GOV", "IGO.UNO", "NGA.GOV"))
    assert (guessed["guess_code"], guessed["guess_country"], guessed["guess_top"]) == (0.9, 0.9, 0.9)
    assert (guessed["linked"], linked["linked"], linked["guess_code"]) == (0, 1, 0)
    assert (other["guess_sector"], other["linked_country"]) == (0.9, 0)
    silent = _row(Telling(DRAFT, KNOWN), 2, "actors", ("NGA.REB",))
    assert {silent[name] for name in ("guess_code", "guess_country", "guess_sector", "guess_top", "linked")} == {-1}
