"""Fixtures of the tests in a browser."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import MISSING, browser, executable, serving
from playwright.sync_api import Browser, Page
from room_samples import QUICK, fill

from khabar.archive import Archive, open_archive


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if executable() is None:
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING)
        warnings.warn(f"tests in a browser are skipped: {MISSING}", stacklevel=1)
        pytest.skip(MISSING)
    with browser() as one:
        yield one


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(tmp_path / "khabar.db") as book:
        fill(book)
        yield book


@pytest.fixture
def editable(fresh: Archive) -> Iterator[str]:
    with serving(fresh, edit=True) as at:
        yield at


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(locale="ar")
    one = context.new_page()
    one.set_default_timeout(30_000)
    faults: list[str] = []
    one.on("pageerror", lambda error: faults.append(str(error)))
    # A refused page is meant to be told as an error; anything else on the console is a fault.
    one.on(
        "console",
        lambda line: (
            faults.append(line.text) if line.type == "error" and "the server responded" not in line.text else 0
        ),
    )
    yield one
    context.close()
    assert not faults


@pytest.fixture
def adding(tmp_path: Path) -> Iterator[str]:
    with open_archive(tmp_path / "empty.db") as book, serving(book, edit=True, settings=QUICK) as at:
        yield at
