"""The commands through typer's runner, on one archive."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

import khabar
from khabar.cli import app
from khabar.export import FORMATS
from sample_pages import TITLE, article, article_lines, html_page

Call = Callable[..., "Result"]


class Result:
    """What a command gave."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Call:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KHABAR_ARCHIVE", raising=False)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str, stdin: bytes | None = None) -> Result:
        done = CliRunner().invoke(app, list(arguments), input=stdin)
        return Result(done.exit_code, done.stdout, done.stderr)

    return run


@pytest.fixture
def archive(call: Call, pages: Path) -> str:
    assert call("run", "-q", str(pages), "-a", "x.db").status == 0
    return "x.db"


def test_help_of_every_command_and_version(call: Call) -> None:
    for name in ("run", "read", "code", "show", "events", "counts", "export", "evaluate", "status", "forget", "migrate",
                 "doctor"):  # fmt: skip
        shown = call(name, "--help")
        assert shown.status == 0
        assert f"khabar {name}" in shown.out
        assert name in call("--help").out
    assert call("--version").out == f"khabar {khabar.__version__}\n"


def test_run_reports_what_it_found(call: Call, pages: Path) -> None:
    told = call("run", str(pages), "-a", "x.db")
    assert told.status == 0
    for part in ("4 pages in", "4 new", "4 articles", "Acts by type", "ASSAULT", "Most active pairs", "Latest acts"):
        assert part in told.out
    assert "4 known" in call("run", str(pages), "-a", "x.db").out


def test_run_prints_plain_lines_where_there_is_no_terminal(
    call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("khabar.cli.progress.EVERY", 0.0)
    (tmp_path / "a.jsonl").write_bytes(article_lines(16))
    told = call("run", "a.jsonl", "-a", "x.db")
    assert "8 of 16" in told.err or "8 pages of 16" in told.err
    assert "pages/s" in told.err
    assert "pages/s" not in told.out


def test_read_gives_articles_with_what_it_dropped(call: Call, pages: Path) -> None:
    read = call("read", str(pages / "one.html"))
    assert read.status == 0
    (one,) = [json.loads(line) for line in read.out.splitlines()]
    assert one["paragraphs"][0] == TITLE
    assert (one["date"], one["date_precision"], one["outlet"]) == ("2022-07-16", "day", "صحيفة التجربة")


def test_read_standard_input_with_what_the_page_does_not_say(call: Call) -> None:
    text = f"{TITLE}\n\n{article(0)['paragraphs'][1]}\n"  # type: ignore[index]
    read = call("read", "-", "--date", "2022-07-16", "--outlet", "الديوان", "--url", "https://a.example/1",
                stdin=text.encode())  # fmt: skip
    one = json.loads(read.out)
    assert (one["date"], one["outlet"], one["url"]) == ("2022-07-16", "الديوان", "https://a.example/1")


@pytest.mark.parametrize("date", ["2022-7-16", "2022-02-30", "yesterday", "20220716"])
def test_a_date_that_is_none_is_wrong_use(call: Call, date: str) -> None:
    done = call("read", "-", "--date", date, stdin=b"x")
    assert done.status == 2
    assert "--date" in done.err


def test_read_then_code_is_what_run_stores(call: Call, archive: str, pages: Path) -> None:
    assert call("read", str(pages), "-o", "a.jsonl").status == 0
    assert call("code", "a.jsonl", "-o", "c.jsonl").status == 0
    coded = [json.loads(line) for line in Path("c.jsonl").read_text(encoding="utf-8").splitlines()]
    events = json.loads(call("events", "--unit", "event", "--json", "-a", archive).out)
    assert sorted(e["id"] for one in coded for e in one["events"]) == sorted(row["event_id"] for row in events)


def test_events_as_table_json_and_csv(call: Call, archive: str) -> None:
    rows = json.loads(call("events", "--type", "assault", "-a", archive, "--json").out)
    assert rows
    assert {row["type"] for row in rows} == {"ASSAULT"}
    table = call("events", "--type", "assault", "-a", archive)
    assert "ASSAULT" in table.out
    assert "قصف" in table.out
    assert f"{len(rows)} of {len(rows)} acts" in table.err
    found = list(csv.DictReader(io.StringIO(call("events", "--type", "assault", "-a", archive, "--csv").out)))
    assert [row["event_id"] for row in found] == [row["event_id"] for row in rows]


def test_events_by_party_day_and_limit(call: Call, archive: str) -> None:
    by = json.loads(call("events", "--actor", "SDN.MIL", "--json", "-a", archive).out)
    assert by
    assert all(any(cell["code"] == "SDN.MIL" for cell in row["actors"]) for row in by)
    several = json.loads(call("events", "--actor", "SDN", "--actor", "SYR", "--json", "-a", archive).out)
    assert len(several) > len(by)
    assert json.loads(call("events", "--since", "2023", "--json", "-a", archive).out) == []
    assert "1 of " in call("events", "--limit", "1", "-a", archive).err


def test_counts_are_tidy(call: Call, archive: str) -> None:
    rows = list(csv.DictReader(io.StringIO(call("counts", "--by", "type", "--csv", "-a", archive).out)))
    assert list(rows[0]) == ["type", "n", "intensity"]
    whole = json.loads(call("events", "--json", "-a", archive).out)
    assert sum(int(row["n"]) for row in rows) == len(whole)
    assert json.loads(call("counts", "--by", "month,dyad,type", "--json", "-a", archive).out)[0].keys() == {
        "month", "source", "target", "type", "n", "intensity",
    }  # fmt: skip
    assert "intensity" in call("counts", "-a", archive).out


@pytest.mark.parametrize("arguments", [
    ["events", "--type", "WAR"], ["events", "--since", "July"], ["counts", "--by", "weather"],
    ["events", "--json", "--csv"], ["events", "--order", "size"], ["export", "excel", "-o", "x"],
    ["export", "jsonl", "--bom", "-o", "x"], ["events", "--min-confidence", "7"], ["export", "csv"],
])  # fmt: skip
def test_questions_that_cannot_be_asked_are_wrong_use(call: Call, archive: str, arguments: list[str]) -> None:
    done = call(*arguments, "-a", archive)
    assert done.status == 2
    assert done.out == ""
    assert done.err


@pytest.mark.parametrize("command", [["events"], ["counts"], ["status"], ["forget", "x"], ["export", "csv", "-o", "-"]])
def test_an_archive_that_is_not_there_says_how_to_make_it(call: Call, command: list[str]) -> None:
    done = call(*command, "-a", "nowhere.db")
    assert done.status == 2
    assert "nowhere.db" in done.err
    assert "khabar run" in done.err
    assert not Path("nowhere.db").exists()


@pytest.mark.parametrize("format", sorted(FORMATS))
def test_export_every_format(call: Call, archive: str, format: str) -> None:
    done = call("export", format, "-o", f"out.{format}", "-a", archive)
    assert done.status == 0, done.err
    assert Path(f"out.{format}").stat().st_size > 0
    assert format in call("export", "--help").out


def test_export_of_a_question_to_standard_output(call: Call, archive: str) -> None:
    done = call("export", "jsonl", "-o", "-", "--type", "ASSAULT", "-a", archive)
    assert {json.loads(line)["type"] for line in done.out.splitlines()} == {"ASSAULT"}


def test_show_from_archive_from_file_and_as_html(call: Call, archive: str, pages: Path) -> None:
    from_archive = call("show", "a0000", "-a", archive)
    assert from_archive.status == 0
    assert "قصف" in from_archive.out
    assert "ASSAULT" in from_archive.out
    assert "ASSAULT" in call("show", str(pages / "one.html"), "--why").out
    assert call("show", "a0000", "-a", archive, "--html", "a.html").status == 0
    assert 'dir="rtl"' in Path("a.html").read_text(encoding="utf-8")
    missing = call("show", "none", "-a", archive)
    assert missing.status == 1
    assert "no article 'none'" in missing.err


def test_forget_takes_all_of_an_article_out(call: Call, archive: str) -> None:
    assert call("forget", "a0000", "-a", archive).status == 0
    assert json.loads(call("events", "--article", "a0000", "--json", "-a", archive).out) == []
    again = call("forget", "a0000", "-a", archive)
    assert again.status == 1
    assert "a0000" in again.err


def test_status_and_migrate(call: Call, archive: str) -> None:
    assert "4 shown" in call("status", "-a", archive).out
    state = json.loads(call("status", "-a", archive, "--json").out)
    assert (state["articles"], state["failed"], state["runs"][0]["stored"]) == (4, [], 4)
    assert "up to date" in call("migrate", "-a", archive).out


def test_archive_from_the_environment(call: Call, archive: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KHABAR_ARCHIVE", archive)
    assert json.loads(call("status", "--json").out)["articles"] == 4


def test_evaluate_reads_both_forms(call: Call, pages: Path) -> None:
    Path("a.jsonl").write_bytes(article_lines(3))
    assert call("code", "a.jsonl", "-o", "c.jsonl").status == 0
    same = call("evaluate", "c.jsonl", "c.jsonl", "--articles", "a.jsonl")
    assert "detect     P 1.000  R 1.000  F1 1.000" in same.out
    assert json.loads(call("evaluate", "c.jsonl", "c.jsonl", "--json").out)["articles"] == 3
    Path("gold.txt").write_text("@a0000\nC\tmilitary\n1\tقصف\tASSAULT\t-\tactual\tA:الجيش السوري=SYR.MIL\n", "utf-8")
    written = call("evaluate", "gold.txt", "c.jsonl", "--articles", "a.jsonl")
    assert written.status == 0
    assert written.out.startswith("1 article\n")
    rooms = call("evaluate", "gold.txt", "--gold-spans", "--body", "--articles", "a.jsonl")
    assert "resolution over gold spans" in rooms.out
    assert "body kept" in rooms.out
    assert call("evaluate", "c.jsonl").status == 2
    Path("bad.jsonl").write_text('{"id": 1}\n', encoding="utf-8")
    bad = call("evaluate", "c.jsonl", "bad.jsonl")
    assert bad.status == 1
    assert "bad.jsonl:1" in bad.err


def test_doctor_tells_what_works_and_what_is_unresolved(call: Call, archive: str) -> None:
    well = call("doctor", "-a", archive)
    assert well.status == 0, well.out
    for name in ("python", "packages", "baseline", "tables", "archive"):
        assert f"\nok  {name} " in f"\n{well.out}"
    strange = article(0) | {"paragraphs": ["", "قصفت كتائب الزعفران المجهولة مدينة حلب."]}
    Path("a.jsonl").write_text(json.dumps(strange), encoding="utf-8")
    found = call("doctor", "--coverage", "a.jsonl")
    assert found.status == 0
    assert "resolved" in found.out


def test_own_tables_must_be_readable(call: Call, tmp_path: Path) -> None:
    assert call("run", "-q", ".", "--tables", "nowhere").status == 2
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "actors.tsv").write_text("no\theader\n", encoding="utf-8")
    done = call("code", "-", "--tables", "tables", stdin=article_lines(1))
    assert done.status == 2
    assert "actors.tsv" in done.err


def test_python_api(archive: str, pages: Path, tmp_path: Path) -> None:
    articles = list(khabar.read(pages))
    assert len(articles) == 4
    assert khabar.code_batch(articles)[0] == khabar.code(articles[0])
    with khabar.open(tmp_path / archive) as book:
        rows = book.rows(type="ASSAULT", unit="act")
        assert rows
        frame = book.events(type="ASSAULT")
        assert list(frame["event_id"]) == [row.event_id for row in rows]
        assert book.counts("type", type="ASSAULT")[0]["n"] == len(rows)
        told = book.happenings(type="ASSAULT")
        assert {row.happening for row in rows} == set(told["id"])
        assert book.happening(told["id"].iloc[0]).reports
        assert list(book.happenings(type="AID", place="FRA")["id"]) == []
        assert book.article(rows[0].article_id)[0].id == rows[0].article_id
        with pytest.raises(ValueError, match="no field"):
            book.events(colour="red")
    (pages / "bad.html").write_bytes(b"")
    with pytest.warns(UserWarning, match="bad.html"):
        assert len(list(khabar.read(pages))) == 4
    (pages / "bad.html").write_text(html_page("عنوان"), encoding="utf-8")
