"""`--tables DIR` with places.tsv: places added and overridden, a bad row named by file, line and column."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from khabar.cli import app

HEADER = "id\tnames\tlatin\tcountry\tlatitude\tlongitude\tfeature\tgeonames\tfrom\tto\n"
TEXT = "قصفت الطائرات بلدة تلة الفرسان يوم الخميس."
Run = Callable[..., Any]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)
    start = TEXT.index("تلة")
    place = {"text": "تلة الفرسان", "start": start, "end": start + 11, "country": "MRT"}
    event = {
        "paragraph": 1, "trigger": {"text": "قصفت", "start": 0, "end": 4}, "type": "ASSAULT", "mode": None,
        "status": "actual", "actors": [], "recipients": [], "speaker": [], "place": place, "time": None, "toll": {},
    }  # fmt: skip
    gold = {"id": "a", "contexts": [], "not_body": [], "events": [event]}
    Path("gold.jsonl").write_text(json.dumps(gold), encoding="utf-8")
    Path("a.jsonl").write_text(
        json.dumps({"id": "a", "date": "2018-07-16", "paragraphs": ["", TEXT]}), encoding="utf-8"
    )
    Path("own").mkdir()

    def call(*arguments: str) -> Any:
        command = ["evaluate", "gold.jsonl", "--articles", "a.jsonl", "--gold-spans", "--json", *arguments]
        return CliRunner().invoke(app, command)

    return call


def share(done: Any) -> dict[str, int]:
    assert done.exit_code == 0, done.output
    place: dict[str, int] = json.loads(done.stdout)["gold_spans"]["written"]["place"]
    return place


def test_an_added_place_is_found(run: Run) -> None:
    row = "mine\tتل الفرسان|تلة الفرسان\tTall al-Fursan\tMRT\t18.1\t-15.9\ttown\t\t\t\n"
    Path("own/places.tsv").write_text(HEADER + row, encoding="utf-8")
    assert share(run())["hit"] == 0
    assert share(run("--tables", str(Path("own").resolve())))["hit"] == 1


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("mine\tتل\tTall\tMauritania\t18.1\t-15.9\ttown\t\t\t", "country"),
        ("mine\tتل\tTall\tMRT\t118.1\t-15.9\ttown\t\t\t", "latitude"),
        ("mine\tتل\tTall\tMRT\t18.1\twest\ttown\t\t\t", "longitude"),
        ("mine\tتل\tTall\tMRT\t18.1\t-15.9\thamlet\t\t\t", "feature"),
        ("mine\tتل\tTall\tMRT\t18.1\t-15.9\ttown\tQ12\t\t", "geonames"),
        ("mine\tتل\tTall\tMRT\t18.1\t-15.9\ttown\t\tlast year\t", "from"),
        ("mine\t\tTall\tMRT\t18.1\t-15.9\ttown\t\t\t", "names"),
        ("\tتل\tTall\tMRT\t18.1\t-15.9\ttown\t\t\t", "id"),
        ("good\tتل\tTall\tMRT\t18.1\t-15.9\ttown\t\t\t", "id"),
    ],
)
def test_a_bad_row_is_named(run: Run, row: str, column: str) -> None:
    good = "good\tتلة الفرسان\tTall\tMRT\t18.1\t-15.9\ttown\t\t\t\n"
    Path("own/places.tsv").write_text(HEADER + good + row + "\n", encoding="utf-8")
    done = run("--tables", str(Path("own").resolve()))
    assert done.exit_code == 2
    for part in ("places.tsv", "line 3", f"column {column}"):
        assert part in done.stderr


def test_a_row_with_a_known_id_replaces_the_packages(run: Run) -> None:
    from khabar.resolve.gazetteer import load_gazetteer

    old = load_gazetteer().lookup("بدخشان")
    mine = next(row for row in old if row.id == "afg-admin1-badakhshan")
    Path("own/places.tsv").write_text(
        HEADER + f"{mine.id}\tبدخشان\tMine\tTJK\t38\t73\tadmin1\t\t\t\n", encoding="utf-8"
    )
    new = load_gazetteer(Path("own").resolve()).lookup("بدخشان")
    assert [row.country for row in new if row.id == mine.id] == ["TJK"]
    assert len(new) == len(old)
    assert share(run("--tables", str(Path("own").resolve())))["of"] == 1
