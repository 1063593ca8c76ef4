"""Parties of little confidence are marked where people read, and nowhere else; numbers agree with their nouns."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from khabar.archive import open_archive
from khabar.cli import app
from khabar.many import many
from khabar.records import Article, CodedArticle, Event, Mention, Trigger

TEXT = "طالبت الحكومة جارتها بفتح المعبر."
BEHIND, ALONE = "? behind a code: ", "? alone: "


def request(
    id_: str, actor: Mention, *recipients: Mention, type_: str = "REQUEST"
) -> tuple[Article, CodedArticle, None]:
    event = Event(
        id=f"{id_}:1:0:{type_}", paragraph=1, trigger=Trigger(text="طالبت", start=0, end=5), type=type_,
        actors=(actor,), recipients=recipients, confidence=0.9,
    )  # fmt: skip
    article = Article(id=id_, paragraphs=("عنوان", TEXT), outlet="صحيفة", date="2024-03-01", source=f"{id_}.txt")
    return article, CodedArticle(id=id_, events=(event,)), None


SURE = Mention(text="الحكومة", codes=("OMN.GOV",), confidence=0.9)
GUESS = Mention(text="جارتها", codes=("YEM",), confidence=0.14)


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> object:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str) -> tuple[str, str]:
        done = CliRunner().invoke(app, [*arguments, "-a", "x.db"])
        assert done.exit_code == 0, done.output
        return done.stdout, done.stderr

    return run


def fill(*told: tuple[Article, CodedArticle, None]) -> None:
    with open_archive("x.db") as archive:
        archive.add_batch(list(told), coder="c")


def test_a_guess_is_marked_and_explained_once(call) -> None:  # type: ignore[no-untyped-def]
    fill(request("a1", SURE, GUESS), request("a2", SURE, GUESS))
    out, err = call("events")
    assert out.count("YEM?") == 2
    assert "OMN.GOV?" not in out
    assert err.count(BEHIND) == 1
    assert ALONE not in err
    for by, marked in (("recipient", "YEM?"), ("dyad", "OMN      YEM?"), ("recipient_country", "YEM?")):
        out, err = call("counts", "--by", by)
        assert marked in out
        assert err.count(BEHIND) == 1


def test_what_one_act_is_sure_of_is_no_guess_in_counts(call) -> None:  # type: ignore[no-untyped-def]
    fill(
        request("a1", SURE, GUESS),
        request("a2", SURE, Mention(text="جارتها", codes=("YEM",), confidence=0.8)),
        request("a3", SURE, GUESS, type_="ACCUSE"),
    )
    out, err = call("counts", "--by", "dyad,type")
    assert ["?" in line for line in out.splitlines()[2:]] == [True, False]
    assert BEHIND in err
    assert "?" not in call("counts", "--by", "dyad")[0]
    assert call("counts", "--by", "type")[1] == ""


def test_actors_of_a_clash_are_marked(call) -> None:  # type: ignore[no-untyped-def]
    sides = Mention(text="الطرفان", codes=("OMN.MIL", "YEM.REB"), confidence=0.2)
    fill(request("a1", sides, type_="CONSULT"))
    assert "OMN?     YEM?" in call("counts", "--by", "dyad")[0]


def test_machine_outputs_bear_no_marks(call) -> None:  # type: ignore[no-untyped-def]
    fill(request("a1", SURE, GUESS))
    for command in (("events",), ("counts", "--by", "recipient")):
        for form in ("--json", "--csv"):
            out, err = call(*command, form)
            assert "YEM" in out
            assert "YEM?" not in out
            assert BEHIND not in err
    (row,) = json.loads(call("events", "--json")[0])
    assert row["recipients"][0]["confidence"] == 0.14


def test_an_open_party_and_a_sure_one_need_no_word_about_guesses(call) -> None:  # type: ignore[no-untyped-def]
    fill(request("a1", SURE, Mention(text="جارتها")))
    out, err = call("events")
    assert " ? " in out
    assert ALONE in err
    assert BEHIND not in err


def test_happenings_mark_their_guesses_and_count_in_good_english(call) -> None:  # type: ignore[no-untyped-def]
    fill(request("a1", SURE, GUESS))
    call("link")
    out, err = call("happenings")
    assert "OMN.GOV > YEM?  1 report, 1 outlet, 1 text  " in out
    assert err.count(BEHIND) == 1


@pytest.mark.parametrize(("n", "said"), [(0, "0 outlets"), (1, "1 outlet"), (2, "2 outlets")])
def test_numbers_agree_with_their_nouns(n: int, said: str) -> None:
    assert many(n, "outlet") == said
    assert many(n, "country", "countries") == said.replace("outlets", "countries").replace("outlet", "country")


def test_no_message_counts_one_of_many(call) -> None:  # type: ignore[no-untyped-def]
    fill(request("a1", SURE, GUESS))
    call("link")
    told = call("status")[0] + "".join(call("events")) + call("link", "--anew")[0]
    assert "1 version, 1 outlet" in told
    assert "1 event, 1 act" in told
    assert "1 of 1 act\n" in told
    assert "1 article linked" in told
    assert not [word for word in ("1 acts", "1 events", "1 outlets", "1 articles", "1 versions") if word in told]
