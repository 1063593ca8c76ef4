"""`khabar doctor --coverage`: which mentions the tables name, which the context decides, which stay open."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from khabar.cli import app
from khabar.doctor import Share, coverage
from khabar.records import CodedArticle, Event, Mention, Place, Trigger


def event(*actors: Mention, place: Place | None = None, speaker: tuple[Mention, ...] = ()) -> Event:
    return Event(
        paragraph=1, trigger=Trigger(text="قصف", start=0, end=3), type="ASSAULT", actors=actors, place=place,
        speaker=speaker,
    )  # fmt: skip


def test_shares_and_lists() -> None:
    army = Mention(text="الجيش السوري", codes=("SYR.MIL",), method="composition")
    rebels = Mention(text="المتمردين", codes=("YEM.REB",), method="weighed")
    unknown = Mention(text="مسلحون", codes=("UNK.UAF",), method="weighed")
    silent = Mention(codes=("SYR",), method="understood")
    nowhere, somewhere = Place(text="تلة", method="none"), Place(text="حلب", country="SYR", method="name")
    guessed = Place(text="تل", country="SYR", method="guess")
    found = coverage(
        [
            CodedArticle(id="a", events=(event(army, rebels, place=nowhere), event(rebels, silent, place=somewhere))),
            CodedArticle(id="b", events=(event(unknown, place=guessed, speaker=(Mention(text="مصدر"),)),)),
        ]
    )
    assert found.shares == {"party": Share(3, 1, 4), "place": Share(2, 1, 3), "speaker": Share(0, 0, 1)}
    assert found.unresolved == {("party", "مسلحون"): 1, ("place", "تلة"): 1, ("speaker", "مصدر"): 1}
    assert found.inferred == {
        ("party", "المتمردين", "YEM.REB", "weighed"): 2, ("place", "تل", "SYR", "guess"): 1,
    }  # fmt: skip


def test_nothing_coded_is_nothing_found() -> None:
    assert coverage([]) == ({}, {}, {})


def test_the_command_lists_what_the_tables_lack(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    texts = ["", "قصفت الطائرات الروسية مدينة حلب.", "وقصفت الطائرات السورية ريف حلب."]
    Path("a.jsonl").write_text(json.dumps({"id": "a", "date": "2018-07-16", "paragraphs": texts}), encoding="utf-8")
    done = CliRunner().invoke(app, ["doctor", "--coverage", "a.jsonl", "--coder", "baseline", "--top", "1"])
    assert done.exit_code == 0, done.output
    head, *rest = done.stdout.splitlines()
    assert head.startswith("party    2 of 2 resolved (100.0%), 2 by the tables (100.0%)")
    assert len([line for line in rest if line.startswith("party")]) <= 1
