"""`khabar link`, `khabar happenings`, `khabar show --happening` and `--thread`, `khabar export happenings`."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from khabar.archive import open_archive
from khabar.cli import app
from khabar.export.happenings import COLUMNS
from khabar.records import Article, CodedArticle, Event, Mention, Time, Trigger

LEAD = "اعتقلت الشرطة عشرة متظاهرين في العاصمة مساء الأحد."
SECOND = "احتجزت قوات الأمن متظاهرين وسط العاصمة مساء الأحد، وفق ناشطين."

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Call:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KHABAR_ARCHIVE", raising=False)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str) -> tuple[int, str, str]:
        done = CliRunner().invoke(app, list(arguments))
        return done.exit_code, done.stdout, done.stderr

    return run


def told(id_: str, text: str, detained: str, day: int) -> tuple[Article, CodedArticle, None]:
    event = Event(
        id=f"{id_}:1:0:COERCE", paragraph=1, trigger=Trigger(text=text.split()[0], start=0, end=len(text.split()[0])),
        type="COERCE", mode="arrest", actors=(Mention(codes=("ARM.COP",)),), recipients=(Mention(codes=("ARM.CVL",)),),
        speaker=(Mention(text="ناشطين", codes=("ARM.SOC",)),) if "ناشطين" in text else (),
        time=Time(value="2024-05-26", precision="day"), toll={"detained": detained},
    )  # fmt: skip
    article = Article(
        id=id_,
        paragraphs=("احتجاجات في العاصمة", text),
        outlet=f"صحيفة {id_}",
        date=f"2024-05-{day}",
        source=f"{id_}.txt",
    )
    return article, CodedArticle(id=id_, events=(event,)), None


@pytest.fixture
def stored(call: Call) -> str:
    with open_archive("x.db") as archive:
        archive.add_batch([told("a1", LEAD, "10", 26), told("b2", SECOND, "30", 27)], coder="c")
    status, out, _ = call("link", "-a", "x.db")
    assert (status, out) == (0, "archive x.db: 2 articles linked\n")
    return "x.db"


def happening(call: Call) -> str:
    return call("happenings", "-a", "x.db")[1].split()[0]


def test_link_says_how_many_and_does_nothing_twice(call: Call, stored: str) -> None:
    assert call("link", "-a", stored)[1] == "archive x.db: 0 articles linked\n"
    assert call("link", "-a", stored, "--anew")[1] == "archive x.db: 2 articles linked\n"


def test_happenings_on_a_line_each(call: Call, stored: str) -> None:
    status, out, _ = call("happenings", "-a", stored)
    assert status == 0
    (line,) = out.splitlines()
    assert "2024-05-26  COERCE arrest  ARM.COP > ARM.CVL" in line
    assert "2 reports, 2 outlets, 2 texts  احتجاجات في العاصمة" in line
    assert call("happenings", "-a", stored, "--min-outlets", "3")[1] == ""
    assert call("happenings", "-a", stored, "--type", "PROTEST")[1] == ""


def test_happenings_as_tables(call: Call, stored: str) -> None:
    (row,) = csv.DictReader(io.StringIO(call("happenings", "-a", stored, "--format", "csv")[1]))
    assert list(row) == [name for name, _ in COLUMNS]
    assert (row["reports"], row["texts"], row["differ"], row["actor_codes"]) == ("2", "2", "1", "ARM.COP")
    line = json.loads(call("happenings", "-a", stored, "--format", "jsonl", "--reports")[1])
    assert line["happening"]["id"] == row["id"]
    assert [report["row"]["article_id"] for report in line["reports"]] == ["a1", "b2"]
    (detained,) = [cell for cell in line["cells"] if cell["cell"] == "detained"]
    assert detained["agree"] is False
    assert {said["value"]: said["speakers"] for said in detained["values"]} == {"10": [], "30": ["ناشطين"]}


def test_show_a_happening_and_its_thread(call: Call, stored: str) -> None:
    status, out, _ = call("show", "--happening", happening(call), "-a", stored)
    assert status == 0
    assert LEAD in out
    assert SECOND in out
    assert "detained  differ" in out
    assert "30  1 (صحيفة b2, on the word of ناشطين)" in out
    thread = next(line.split()[1] for line in out.splitlines() if line.startswith("thread "))
    status, out, _ = call("show", "--thread", thread, "-a", stored)
    assert status == 0
    assert out.startswith(f"{thread}  2024-05-26 to 2024-05-26  ARM")
    assert happening(call) in out


def test_export_of_happenings(call: Call, stored: str) -> None:
    assert call("export", "happenings", "-a", stored, "-o", "h.csv")[0] == 0
    (row,) = csv.DictReader(io.StringIO(Path("h.csv").read_text("utf-8")))
    assert row["id"] == happening(call)
    status, _, err = call("export", "happenings", "-a", stored, "-o", "h.jsonl", "--since", "2024")
    assert status == 0
    assert "h.jsonl: 1 happening\n" in err
    assert json.loads(Path("h.jsonl").read_text("utf-8"))["happening"]["differ"] == 1


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("show",), 2, "name one"),
        (("show", "a1", "--happening", "h1"), 2, "name one"),
        (("show", "--happening", "h1", "-a", "x.db"), 2, "h and 14 digits"),
        (("show", "--happening", "h00000000000000", "-a", "x.db"), 1, "no happening"),
        (("show", "--thread", "t00000000000000", "-a", "x.db"), 1, "no thread"),
        (("happenings", "-a", "no.db"), 2, "no such file"),
        (("happenings", "-a", "x.db", "--actor", ".XXX"), 2, "no sector"),
    ],
)
def test_wrong_use(call: Call, stored: str, arguments: tuple[str, ...], status: int, message: str) -> None:
    found, _, err = call(*arguments)
    assert message in err
    assert found == status


def test_columns_of_happenings_are_described() -> None:
    text = (Path(__file__).parents[2] / "docs" / "data-dictionary.md").read_text("utf-8")
    section = text.partition("\n## happenings")[2].partition("\n## ")[0]
    for name, _ in COLUMNS:
        assert f"`{name}`" in section
