"""The whole way: order, resuming, processes that die, runs that are killed, the ledger."""

from __future__ import annotations

import io
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

import khabar
from khabar.accounts import Done
from khabar.archive import Archive, open_archive
from khabar.articles import lines, read_line
from khabar.cli.report import report as tell
from khabar.coders import code_batch
from khabar.pages import Fault
from khabar.pipeline import Settings, Task, lost, parts, run, tasks
from khabar.records import Article, encode
from khabar.workers import ordered
from sample_pages import article, article_lines, html_page


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(tmp_path / "x.db") as book:
        yield book


def settings(archive: Archive, **more: str) -> Settings:
    return Settings(coder="baseline", archive=archive.where, **more)


def rows(archive: Archive) -> list[bytes]:
    """All that is stored of the articles, but for the time of storing."""
    return [encode(part) for row in archive.articles() for part in archive.article(row.id)]


def test_second_run_adds_nothing_and_a_changed_page_is_a_version(archive: Archive, pages: Path) -> None:
    first = run([pages], archive, settings(archive))
    assert (first.pages, first.outcomes, first.faults) == (4, {"added": 4, "same": 0}, 0)
    again = run([pages], archive, settings(archive))
    assert again.outcomes == {"same": 4}
    (pages / "one.html").write_text(html_page("عنوان جديد للخبر نفسه"), encoding="utf-8")
    third = run([pages], archive, settings(archive))
    assert third.outcomes == {"same": 3, "version": 1}
    assert archive.status().articles == 4


def test_articles_without_a_date_are_told(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "plain.txt").write_text("عنوان بلا تاريخ\nأعلنت وزارة الصحة وصول قافلة مساعدات طبية.\n", "utf-8")
    report = run([tmp_path / "plain.txt"], archive, settings(archive))
    told = io.StringIO()
    tell(archive, report, Console(file=told, width=200))
    assert archive.status().undated == 1
    assert "1 without a date" in told.getvalue()


def test_two_processes_store_the_same_in_the_same_order(tmp_path: Path, pages: Path) -> None:
    (pages / "more.jsonl").write_bytes(article_lines(40))
    stored = []
    for jobs in (1, 2):
        with open_archive(tmp_path / f"{jobs}.db") as book:
            report = run([pages], book, settings(book), jobs=jobs)
            assert report.pages == 44
            stored.append(rows(book))
    assert stored[0] == stored[1]
    assert len(stored[0]) == 2 * 42  # two of the 44 stand in three.jsonl and more.jsonl alike


def test_what_the_command_line_says_stands_where_the_page_does_not(archive: Archive, pages: Path) -> None:
    run([pages], archive, settings(archive, date="2020-01-02", outlet="الديوان"))
    found = {Path(row.source or "").name: row for row in archive.articles()}
    assert (found["two.txt"].date, found["two.txt"].outlet) == ("2020-01-02", "الديوان")
    assert found["one.html"].date == "2022-07-16"


def test_notice_hears_of_every_page_and_faults_keep_their_place(archive: Archive, pages: Path) -> None:
    (pages / "empty.html").write_bytes(b"")
    heard: list[Done] = []
    report = run([pages, "nowhere"], archive, settings(archive), notice=heard.append)
    assert sum(done.pages for done in heard) == report.pages == 6
    assert [Path(fault.source).name for done in heard for fault in done.faults] == ["empty.html", "nowhere"]
    assert {failed.source for failed in archive.faults()} == {str(pages / "empty.html"), "nowhere"}
    noted = archive.runs()[0]
    assert (noted.pages, noted.stored, noted.failed, noted.coder) == (6, 4, 2, "baseline-1")


def test_one_article_that_breaks_the_coder_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    from khabar import coders

    whole = coders.load_coder("baseline")

    class Fragile:
        name = "fragile"

        def code_batch(self, articles: list[Article], *, why: bool = False) -> object:
            if any(one.id == "a0001" for one in articles):
                raise RuntimeError("broken")
            return whole.code_batch(articles, why=why)

    monkeypatch.setattr(coders, "load_coder", lambda _: Fragile())
    given = [read_line(line) for line in lines_of(article_lines(3))]
    good, bad, also = code_batch([one for one in given if isinstance(one, Article)])
    assert isinstance(bad, Fault)
    assert "a0001 could not be coded (RuntimeError: broken)" in bad.message
    assert not isinstance(good, Fault)
    assert not isinstance(also, Fault)


def lines_of(data: bytes) -> list[object]:
    import io

    return list(lines(io.BytesIO(data), "x"))


def test_neighbours_never_change_a_result() -> None:
    given = [one for line in lines_of(article_lines(12)) if isinstance(one := read_line(line), Article)]  # type: ignore[arg-type]
    together = code_batch(given, coder="baseline")
    alone = [code_batch([one], coder="baseline")[0] for one in reversed(given)][::-1]
    assert [encode(one) for one in together if not isinstance(one, Fault)] == [
        encode(one) for one in alone if not isinstance(one, Fault)
    ]


def test_sources_are_read_as_they_are_needed(tmp_path: Path) -> None:
    """An endless pipe does not fill the memory: of a stream only the first window is taken."""
    fifo = tmp_path / "endless.jsonl"
    os.mkfifo(fifo)
    writer = subprocess.Popen(
        [sys.executable, "-c", "import sys\nout = open(sys.argv[1], 'wb')\nwhile True: out.write(sys.argv[2].encode())",
         str(fifo), article_lines(1).decode()],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        stream = tasks([fifo], Settings())
        assert [len(next(stream).pages) for _ in range(20)] == [8] * 20
        stream.close()  # type: ignore[attr-defined]
    finally:
        writer.kill()
        writer.wait()


# Processes


def square(number: int) -> int:
    if number == 13:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def squares(numbers: tuple[int, ...]) -> list[int]:
    return [square(number) for number in numbers]


def deadly_page(task: Task) -> Done:
    if any(page.source.endswith(":3") for page in task.pages):
        os.kill(os.getpid(), signal.SIGKILL)
    return Done(len(task.pages) + len(task.faults), faults=task.faults, read=tuple(page.source for page in task.pages))


def test_a_task_whose_process_dies_keeps_the_faults_it_bore(tmp_path: Path) -> None:
    (tmp_path / "missing.html").symlink_to(tmp_path / "nowhere")
    (tmp_path / "many.jsonl").write_bytes(article_lines(4))
    given = tasks([tmp_path / "missing.html", tmp_path / "many.jsonl"], Settings())
    found = list(ordered(deadly_page, given, jobs=2, parts=parts, lost=lost))
    assert sum(one.pages for one in found) == 5
    faults = [fault for one in found for fault in one.faults]
    assert [Path(fault.source).name for fault in faults] == ["missing.html", "many.jsonl:3"]
    assert len({source for one in found for source in one.read}) == 3


def test_a_process_that_dies_costs_only_what_killed_it() -> None:
    given = [tuple(range(start, start + 4)) for start in range(0, 40, 4)]
    found = ordered(
        squares, given, jobs=2, parts=lambda task: [(n,) for n in task], lost=lambda task: [-1 for _ in task]
    )
    assert [n for part in found for n in part] == [-1 if n == 13 else n * n for n in range(40)]


def stored(path: Path) -> int:
    if not path.exists():
        return 0
    try:
        with sqlite3.connect(path) as connection:
            return int(connection.execute("SELECT count(*) FROM articles").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


@pytest.mark.parametrize(("jobs", "how"), [("1", signal.SIGKILL), ("2", signal.SIGKILL), ("2", signal.SIGINT)])
def test_a_killed_run_goes_on_where_it_stopped(tmp_path: Path, jobs: str, how: signal.Signals) -> None:
    (tmp_path / "many.jsonl").write_bytes(article_lines(300))
    command = [
        sys.executable,
        "-m",
        "khabar",
        "run",
        "-q",
        "many.jsonl",
        "-a",
        "x.db",
        "-j",
        jobs,
        "--coder",
        "baseline",
    ]
    first = subprocess.Popen(
        command, cwd=tmp_path, stderr=subprocess.PIPE, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # jobs in the background ignore it
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while stored(tmp_path / "x.db") < 24 and time.monotonic() < deadline:
        time.sleep(0.02)
    if how is signal.SIGINT:
        os.killpg(first.pid, how)  # as a terminal does
    else:
        first.kill()
    _, told = first.communicate(timeout=60)
    assert first.returncode == (130 if how is signal.SIGINT else -signal.SIGKILL)
    assert b"Traceback" not in told
    before = stored(tmp_path / "x.db")
    assert 24 <= before < 300
    assert before % 8 == 0  # whole batches only
    second = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, timeout=300)
    assert second.returncode == 0
    with khabar.open(tmp_path / "x.db") as book:
        assert book.status().articles == 300
        with open_archive(tmp_path / "x.db", readonly=True) as whole:
            assert whole.runs()[0].known == before
        assert {row.id for row in book.articles()} == {str(article(n)["id"]) for n in range(300)}
