"""A database that goes away for a while."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from postgres_server import Server

from khabar.accounts import Done
from khabar.archive import Away, open_archive, patiently
from khabar.pipeline import Settings, run
from sample_pages import article_lines


def test_what_does_not_answer_is_tried_again_and_given_up_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("khabar.archive.patience.time.sleep", slept.append)
    tries = iter([Away("gone"), Away("gone"), "there"])

    def action() -> str:
        found = next(tries)
        if isinstance(found, Away):
            raise found
        return found

    assert patiently(action) == "there"
    assert len(slept) == 2
    assert slept[1] > slept[0]

    def never() -> None:
        raise Away("gone")

    with pytest.raises(Away):
        patiently(never, patience=0.0)

    def wrong() -> None:
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        patiently(wrong)


@pytest.mark.postgres
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_run_waits_for_a_server_that_restarts(own_server: Server, tmp_path: Path, jobs: int) -> None:
    (tmp_path / "many.jsonl").write_bytes(article_lines(120))
    seen: list[int] = []
    away = threading.Event()

    def notice(done: Done) -> None:
        seen.append(done.pages)
        if len(seen) == 3:
            own_server.stop()

            def back() -> None:
                time.sleep(3)
                own_server.start()
                away.set()

            threading.Thread(target=back).start()

    with open_archive(own_server.address) as archive:
        settings = Settings(coder="baseline", archive=own_server.address, patience=60)
        report = run([tmp_path / "many.jsonl"], archive, settings, jobs=jobs, notice=notice)
        assert away.is_set()
        assert report.stopped is None
        assert report.faults == 0
        assert report.pages == sum(seen) == 120
        assert archive.status().articles == archive.status().versions == 120


@pytest.mark.postgres
def test_a_server_that_stays_away_ends_the_run_with_the_reason(own_server: Server, tmp_path: Path) -> None:
    (tmp_path / "many.jsonl").write_bytes(article_lines(40))

    def notice(done: Done) -> None:
        own_server.stop()

    with open_archive(own_server.address) as archive:
        settings = Settings(coder="baseline", archive=own_server.address, patience=1)
        report = run([tmp_path / "many.jsonl"], archive, settings, notice=notice)
        assert "does not answer" in (report.stopped or "")
        own_server.start()
        assert archive.status().articles == 8
        again = run([tmp_path / "many.jsonl"], archive, settings)
        assert (again.stopped, again.outcomes) == (None, {"added": 32, "same": 8})
