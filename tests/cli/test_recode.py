"""Coding an archive anew, and publishing what changed."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from khabar.archive import Query, open_archive
from khabar.archive.recoding import aside
from sample_pages import article_lines

Program = Callable[..., "subprocess.CompletedProcess[bytes]"]


# A recoding that is killed when the second lot is laid aside.
KILLED = """
import os, signal
from khabar.archive import open_archive
from khabar.pipeline import Settings
from khabar.recoding import recode
lots = []
def notice(done):
    lots.append(done)
    if len(lots) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
with open_archive("x.db") as book:
    recode(book, Settings(coder="baseline"), all_=True, notice=notice)
"""


def laid_aside(path: Path) -> int:
    import sqlite3

    try:
        with sqlite3.connect(path) as connection:
            return int(connection.execute(f"SELECT count(*) FROM {aside.name}").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def test_a_killed_recoding_goes_on_and_shows_the_old_coding_till_then(tmp_path: Path, khabar: Program) -> None:
    (tmp_path / "many.jsonl").write_bytes(article_lines(48))
    assert khabar("run", "-q", "many.jsonl", "-a", "x.db", "--coder", "baseline").returncode == 0
    with open_archive(tmp_path / "x.db") as book:
        before = [row.event_id for row in book.events(Query(order="article"))]
        at = max(str(row.added) for row in book.articles())
        event = next(book.events(Query(unit="event"))).event_id
        book.correct(event, "change", {"status": "denied"}, who="ليلى")
    while time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime()) <= at[:19]:
        time.sleep(0.1)  # --all takes what was coded before it began
    killed = subprocess.run([sys.executable, "-c", KILLED], cwd=tmp_path, check=False, timeout=120)
    assert killed.returncode == -signal.SIGKILL
    kept = laid_aside(tmp_path / "x.db")
    assert kept == 16
    with open_archive(tmp_path / "x.db") as book:
        assert [row.event_id for row in book.events(Query(order="article"))] == before
    second = khabar("recode", "--all", "-a", "x.db", "--coder", "baseline")
    assert second.returncode == 0, second.stderr
    assert "48 articles coded anew in" in second.stderr.decode()
    assert f"({kept} of them in an earlier call)" in second.stderr.decode()
    with open_archive(tmp_path / "x.db") as book:
        assert sorted(row.event_id for row in book.events(Query(order="article"))) == sorted(before)
        assert next(book.events(Query(unit="event", status="denied"))).event_id == event
        assert laid_aside(tmp_path / "x.db") == 0
    assert b"0 articles coded anew" in khabar("recode", "-a", "x.db", "--coder", "baseline").stderr


def test_export_of_what_is_new_goes_on_from_its_file(tmp_path: Path, pages: Path, khabar: Program) -> None:
    def exported() -> tuple[set[str], dict[str, str]]:
        done = khabar("export", "csv", "-o", "o.csv", "--since-last", "m", "--changes", "c", "-a", "x.db")
        assert done.returncode == 0, done.stderr
        with (tmp_path / "o.csv").open(encoding="utf-8") as stream:
            rows = {row["article_id"] for row in csv.DictReader(stream)}
        lines = (tmp_path / "c").read_text("utf-8").splitlines()
        return rows, {one["article_id"]: one["change"] for one in map(json.loads, lines)}

    assert khabar("run", "-q", pages, "-a", "x.db", "--coder", "baseline").returncode == 0
    rows, told = exported()
    assert len(rows) == 4
    assert rows == set(told)
    (tmp_path / "m").write_text("2100-01-01T00:00:00+00:00\n", "utf-8")
    assert exported() == (set(), {})
    moment = (tmp_path / "m").read_text("utf-8")
    assert moment < time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
    assert khabar("forget", "a0000", "-a", "x.db").returncode == 0
    rows, told = exported()
    assert "a0000" not in rows
    assert told["a0000"] == "withdrawn"
    since = khabar("export", "jsonl", "-o", "-", "--since", "2100-01-01T00:00:00Z", "-a", "x.db")
    assert (since.returncode, since.stdout) == (0, b"")
    assert b"next time: --since 20" in since.stderr


def test_moments_that_cannot_be_meant_are_wrong_use(pages: Path, khabar: Program) -> None:
    assert khabar("run", "-q", pages, "-a", "x.db", "--coder", "baseline").returncode == 0
    for more in (
        ["--changed-since", "yesterday"],
        ["--since", "13:00"],
        ["--changes", "c"],
        ["--changed-since", "2026-01-01", "--since", "2026-01-01T00:00"],
        ["--changed-since", "2026-01-01", "--since-last", "m"],
    ):
        done = khabar("export", "csv", "-o", "o.csv", "-a", "x.db", *more)
        assert done.returncode == 2, more
        assert done.stderr
