"""Options from a file, messages as JSON."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Program = Callable[..., "subprocess.CompletedProcess[bytes]"]
CONFIG = """\
archive = "news.db"    # for every command
log-format = "json"

[run]
pages = ["pages", "nowhere"]
coder = "baseline"
date = 2022-07-16

[events]
type = "ASSAULT"
limit = 1
"""


@pytest.fixture
def config(tmp_path: Path, pages: Path) -> Path:
    path = tmp_path / "khabar.toml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


def test_a_file_in_the_folder_gives_what_the_command_line_does_not(config: Path, khabar: Program) -> None:
    done = khabar("run")
    assert done.returncode == 1
    told = [json.loads(line) for line in done.stderr.splitlines()]
    assert [one["reason"] for one in told if one.get("source") == "nowhere"] == ["no such file or folder"]
    assert [(one["pages"], one["added"], one["failed"]) for one in told if "added" in one] == [(5, 4, 1)]
    assert {one["level"] for one in told} == {"info", "warning"}
    assert (config.parent / "news.db").exists()
    assert not done.stdout
    rows = json.loads(khabar("events", "--json").stdout)
    assert [row["type"] for row in rows] == ["ASSAULT"]
    more = json.loads(khabar("events", "--json", "--limit", "9", "--type", "REQUEST").stdout)
    assert {row["type"] for row in more} == {"REQUEST"}
    other = khabar("status", KHABAR_ARCHIVE="other.db")
    assert other.returncode == 2
    assert "other.db" in json.loads(other.stderr)["message"]


def test_messages_below_the_level_are_left_out(config: Path, khabar: Program) -> None:
    khabar("run")
    assert b"of" in khabar("events").stderr
    assert khabar("--log-level", "warning", "events").stderr == b""
    assert khabar("--log-format", "text", "events").stderr.startswith(b"khabar: 1 of ")


@pytest.mark.parametrize(("text", "line", "words"), [
    ("[run]\njobs = 'x'\n", 2, "jobs = 'x'"),
    ("archive = 'a.db'\n\n[run]\nquiet = true\njbos = 2\n", 5, "run has no option 'jbos'; it has archive"),
    ("# none\ncolour = 3\n", 2, "no command has an option 'colour'"),
    ("[feeds]\nurl = 'x'\n", 1, "no command 'feeds'; commands are"),
    ("[run]\nquiet = 3\n", 2, "quiet takes true or false"),
    ("[run]\njobs = true\n", 2, "jobs takes a value"),
    ("[run]\njobs = [1, 2]\n", 2, "one value, not a list"),
    ("[run]\njobs = 0\n", 2, "jobs = 0"),
    ("log-format = 'xml'\n", None, "choose text or json"),
    ("[run\n", 1, "no TOML"),
])  # fmt: skip
def test_what_cannot_be_meant_is_named_with_its_line(
    tmp_path: Path, khabar: Program, text: str, line: int | None, words: str
) -> None:
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    done = khabar("--config", "own.toml", "run", "x")
    told = done.stderr.decode()
    assert done.returncode == 2
    assert words in told
    assert line is None or f"own.toml:{line}: " in told or f"line {line}" in told


def test_a_file_that_is_not_there_is_wrong_use(khabar: Program) -> None:
    done = khabar("--config", "none.toml", "status")
    assert done.returncode == 2
    assert b"none.toml: cannot be read" in done.stderr
