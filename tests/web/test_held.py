"""Slow answers are held, quick ones are not; nobody waits twice; a correction forgets them."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from khabar.archive import Archive, Query, QueryError, open_archive
from khabar.records import Article, CodedArticle, Event, Trigger
from khabar.web import held
from khabar.web.held import Held


def _slow(calls: list[int], seconds: float = 0.06) -> int:
    calls.append(1)
    time.sleep(seconds)
    return len(calls)


def test_slow_answers_are_held_and_found_anew_behind_the_readers_back() -> None:
    one, calls = Held(), []
    assert one.get("a", lambda: _slow(calls)) == 1
    assert one.get("a", lambda: _slow(calls)) == 1
    assert len(calls) == 1
    # Old: given once more, and found anew by a thread.
    one._answers["a"] = one._answers["a"]._replace(at=time.monotonic() - 1000)
    assert one.get("a", lambda: _slow(calls)) == 1
    end = time.monotonic() + 10
    while one.known("a") != 2 and time.monotonic() < end:
        time.sleep(0.01)
    assert one.known("a") == 2
    one.clear()
    assert one.known("a") is None


def test_quick_answers_are_not_held() -> None:
    one, calls = Held(), []
    for n in (1, 2, 3):
        assert one.get("a", lambda: _slow(calls, 0)) == n


def test_those_who_ask_at_once_wait_for_one() -> None:
    one, calls, found = Held(), [], []
    threads = [threading.Thread(target=lambda: found.append(one.get("a", lambda: _slow(calls, 0.3)))) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert found == [1] * 5


def test_what_fails_is_told_and_not_held() -> None:
    one, calls = Held(), []

    def broken() -> int:
        raise QueryError("no")

    with pytest.raises(QueryError):
        one.get("a", broken)
    one.later("a", broken)
    assert one.get("a", lambda: _slow(calls)) == 1


def test_an_answer_begun_before_a_correction_is_not_kept() -> None:
    one = Held()

    def find() -> int:
        one.clear()
        time.sleep(0.05)
        return 1

    assert one.get("a", find) == 1
    assert one.known("a") is None


def test_the_oldest_answers_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "MOST", 2)
    one, calls = Held(), []
    for key in "abc":
        one.get(key, lambda: _slow(calls, 0.04))
    assert one.known("a") is None
    assert one.known("c") == 3


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    book = open_archive(tmp_path / "khabar.db")
    for n in range(30):
        event = Event(paragraph=0, trigger=Trigger(text="دعت", start=0, end=3), type="REQUEST")
        book.add(Article(id=f"a{n}", paragraphs=("دعت",), source=f"p{n}"), CodedArticle(id=f"a{n}", events=(event,)),
                 coder="t")  # fmt: skip
    return book


def test_of_very_many_rows_the_first_are_counted(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    assert archive.count(Query(), up_to=7) == 7
    assert archive.count(Query(type="REQUEST"), up_to=100) == 30
    assert archive.count(Query(article="a1"), up_to=7) == 1
    one = Held()
    assert held.total(one, archive, Query()) == (30, True)
    monkeypatch.setattr(held, "COUNTED", 10)
    monkeypatch.setattr(held, "QUICK", 0.0)
    assert held.total(one, archive, Query()) == (10, False)
    end = time.monotonic() + 10
    while one.known(("total", Query())) is None and time.monotonic() < end:
        time.sleep(0.01)
    assert held.total(one, archive, Query()) == (30, True)  # who asks again gets the whole number
