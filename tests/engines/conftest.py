"""What `make test-engines` runs: needs the engines, which `make test` does without."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "archive"))

from postgres_server import Server, found_programs


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A running PostgreSQL server of the tests' own."""
    own = Server(found_programs())
    try:
        own.start()
        yield own
        own.stop()
    finally:
        own.remove()
