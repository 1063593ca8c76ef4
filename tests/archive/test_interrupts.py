"""Ctrl-C and locks: what is being stored is stored whole, and no two kinds of waiting share a number."""

from __future__ import annotations

import os
import signal
from typing import Any

import pytest

from khabar.archive import Archive, connect, ledger, linking, migrate


def _run() -> ledger.Run:
    return ledger.Run(seconds=1.0, coder="baseline", version="0", pages=1, stored=1, known=0, failed=0, stopped=None)


def test_ctrl_c_waits_until_the_transaction_is_over(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    note = ledger.note_run

    def interrupted(*given: Any) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        note(*given)

    monkeypatch.setattr(ledger, "note_run", interrupted)
    handler = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        archive.note_run(_run())
    assert signal.getsignal(signal.SIGINT) is handler
    assert len(archive.runs()) == 1
    monkeypatch.setattr(ledger, "note_run", note)
    archive.note_run(_run())  # nothing was left open that this would wait for
    assert len(archive.runs()) == 2


def test_ctrl_c_pressed_twice_does_not_wait(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*given: Any) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        raise AssertionError("went on after the second")

    monkeypatch.setattr(ledger, "note_run", interrupted)
    with pytest.raises(KeyboardInterrupt):
        archive.note_run(_run())
    assert archive.runs() == []


def test_locks_of_a_server_have_numbers_of_their_own() -> None:
    # A writer that holds one shared and wants it alone waits for the other that does the same.
    assert len({connect._TABLES_LOCK, linking._LOCK, migrate._CREATION_LOCK}) == 3
