"""Where answers are written: never over what is read, and a file is replaced only once all is written."""

from __future__ import annotations

import os
import shlex
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from khabar.cli import app
from khabar.export import replaced
from sample_pages import html_page

OVER_WHAT_IS_READ = """
export csv -o x.db
export xlsx -o ./alias.db
export happenings -o x.db
export corrections -o x.db
export corrections -o c.tsv --articles x.db
export csv -o c.csv --since 2026-11-26T13:00:00Z --changes x.db
export csv -o c.csv --since 2026-11-26T13:00:00Z --changes c.csv
export csv -o c.csv --since-last x.db
happenings -o x.db
happenings --format csv -o alias.db
show pages/one.html --coder baseline --html x.db
show pages/one.html --coder baseline --html pages/one.html
"""


def call(line: str) -> Result:
    return CliRunner().invoke(app, shlex.split(line))


@pytest.fixture
def folder(pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with pages, their archive and a link to it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KHABAR_ARCHIVE", "x.db")
    assert call("run -q --coder baseline pages").exit_code == 0
    (tmp_path / "alias.db").symlink_to("x.db")
    return tmp_path


def test_no_command_writes_over_what_it_reads(folder: Path) -> None:
    before, page = (folder / "x.db").read_bytes(), (folder / "pages" / "one.html").read_bytes()
    for line in OVER_WHAT_IS_READ.strip().splitlines():
        done = call(line)
        assert done.exit_code == 2, line
        assert "name another file" in done.stderr, line
        assert (folder / "x.db").read_bytes() == before, line
    assert (folder / "pages" / "one.html").read_bytes() == page


def test_articles_are_not_written_among_the_pages_they_are_read_from(folder: Path) -> None:
    done = call("read pages -o pages/zz.jsonl")
    assert done.exit_code == 2
    assert "pages/zz.jsonl: lies in the folder pages" in done.stderr
    assert not (folder / "pages" / "zz.jsonl").exists()


def test_the_archive_in_the_folder_that_is_read_is_no_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KHABAR_ARCHIVE", raising=False)
    (tmp_path / "one.html").write_text(html_page(), encoding="utf-8")
    for _ in range(2):
        done = call("run -q --coder baseline .")
        assert (done.exit_code, done.stderr) == (0, "")
    assert (tmp_path / "khabar.db").exists()


def _break_off(path: Path) -> None:
    with replaced(path) as stream:
        stream.write(b"half")
        raise KeyError


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    target, link = tmp_path / "a.csv", tmp_path / "link.csv"
    target.write_text("before", encoding="utf-8")
    link.symlink_to(target)
    with pytest.raises(KeyError):
        _break_off(link)
    assert target.read_text(encoding="utf-8") == "before"
    with replaced(link) as stream:
        stream.write(b"all")
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "all"
    assert {path.name for path in tmp_path.iterdir()} == {"a.csv", "link.csv"}


def test_a_pipe_is_written_to_and_stays_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with replaced(pipe) as stream:
            stream.write(b"rows")
        assert os.read(reader, 10) == b"rows"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_one_address_is_that_of_one_page(folder: Path) -> None:
    """Else every page but the last would be an older version of it, and found by no question."""
    before = (folder / "x.db").read_bytes()
    for command in ("run -q --coder baseline", "read"):
        for pages in ("pages", "pages/one.html pages/two.txt", "pages/three.jsonl"):
            done = call(f"{command} {pages} --url https://news.example/1")
            assert done.exit_code == 2, done.output
            assert "is the address of one page, and these are" in done.stderr
        done = call(f"{command} pages/one.html --url news")
        assert done.exit_code == 2
        assert "no web address" in done.stderr
    assert (folder / "x.db").read_bytes() == before
    told = call("read pages/one.html --url https://news.example/1")
    assert told.exit_code == 0
