"""Pages and the program itself, for the tests of commands and pipeline."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sample_pages import PARAGRAPHS, TITLE, article_lines, html_page

Program = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder of three good pages: HTML, plain text, JSONL of two articles."""
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "one.html").write_text(html_page(), encoding="utf-8")
    (folder / "two.txt").write_text("\n\n".join((TITLE, *PARAGRAPHS)), encoding="utf-8")
    (folder / "three.jsonl").write_bytes(article_lines(2))
    return folder


@pytest.fixture
def khabar(tmp_path: Path) -> Program:
    """The program in a process of its own, in a folder of its own: what users get."""

    def run(*arguments: str | Path, stdin: bytes = b"", **settings: str) -> subprocess.CompletedProcess[bytes]:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("KHABAR_")} | settings
        return subprocess.run(
            [sys.executable, "-m", "khabar", *map(str, arguments)],
            input=stdin, capture_output=True, cwd=tmp_path, env=environment, timeout=300, check=False,
        )  # fmt: skip

    return run
