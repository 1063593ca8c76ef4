"""`khabar follow` in a process of its own: lists of feeds, exit status, a loop that Ctrl-C ends with nothing lost."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "feeds"))
from press_server import Press, Reply, article, item, rss

Program = Callable[..., "subprocess.CompletedProcess[bytes]"]
QUICK = ("--allow-local", "--delay", "0", "--coder", "baseline", "--archive", "news.db")


@pytest.fixture
def press() -> Iterator[Press]:
    server = Press()
    for n in range(4):
        server.page(f"/{n}", article(n))
    server.feed("/feed", rss(item("/1", 1), item("/2", 2)))
    yield server
    server.close()


def stored(khabar: Program) -> int:
    done = khabar("status", "--json", "--archive", "news.db")
    return int(json.loads(done.stdout)["articles"])


def test_lists_and_addresses(khabar: Program, press: Press, tmp_path: Path) -> None:
    (tmp_path / "feeds.opml").write_text(
        f'<opml version="2.0"><body><outline text="الجبل" xmlUrl="{press.url}/feed"/></body></opml>', encoding="utf-8"
    )
    press.feed("/other", rss(item("/3", 3)))
    done = khabar("follow", "feeds.opml", press.url + "/other", *QUICK)
    assert done.returncode == 0, done.stderr.decode()
    line = done.stdout.decode()
    assert "2 feeds read, 0 unchanged, 0 failed; 3 articles named, 3 new" in line
    assert stored(khabar) == 3
    done = khabar("follow", "feeds.opml", press.url + "/other", *QUICK)
    assert "0 feeds read, 2 unchanged" in done.stdout.decode()
    assert done.returncode == 0


def test_failures_are_named_and_counted(khabar: Program, press: Press, tmp_path: Path) -> None:
    (tmp_path / "feeds.txt").write_text(f"{press.url}/feed\nnot-an-address\n{press.url}/none\n", encoding="utf-8")
    press.replies["/2"] = Reply(b"", 404)
    done = khabar("follow", "feeds.txt", *QUICK)
    assert done.returncode == 1
    told = done.stderr.decode()
    assert "feeds.txt:2: 'not-an-address' is no web address" in told
    assert f"{press.url}/none: answered 404" in told
    assert f"{press.url}/2: answered 404" in told
    assert "3 inputs failed" in told
    assert stored(khabar) == 1
    told = khabar("status", "--archive", "news.db").stdout.decode()
    assert "followed    2 feeds, 1 failing, last asked 2" in told
    assert "articles: 1 failed, 1 stored" in told
    state = json.loads(khabar("status", "--json", "--archive", "news.db").stdout)
    assert state["followed"] == {"failed": 1, "stored": 1}
    assert {failed["source"] for failed in state["failed"]} == {f"{press.url}/none", f"{press.url}/2"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("none.opml",), "none.opml: cannot be read"),
        (("empty.txt",), "no feed in it"),
        (("ftp://e.example/",), "is no web address"),
        (("http://user:secret@e.example/",), "write it without"),
        (("https://e.example/", "--every", "-1"), "--every"),
        (("https://e.example/", "--agent", "خبر"), "letters of ASCII only"),
    ],
)
def test_wrong_use(khabar: Program, tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    (tmp_path / "empty.txt").write_text("# nothing\n", encoding="utf-8")
    done = khabar("follow", *arguments)
    assert done.returncode == 2
    assert words in done.stderr.decode()
    assert "secret" not in done.stderr.decode()
    assert not (tmp_path / "khabar.db").exists()


def test_local_addresses_are_refused_by_default(khabar: Program, press: Press) -> None:
    done = khabar("follow", press.url + "/feed", "--delay", "0", "--coder", "baseline", "--archive", "news.db")
    assert done.returncode == 1
    assert "--allow-local lets khabar ask there" in done.stderr.decode()
    assert press.asked == []


def test_a_loop_that_ctrl_c_ends(khabar: Program, press: Press, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "khabar", "follow", press.url + "/feed", *QUICK, "--every", "0.02"]
    loop = subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={k: v for k, v in os.environ.items() if not k.startswith("KHABAR_")},
    )  # fmt: skip
    try:
        wait_for(lambda: press.paths().count("/feed") >= 2)
        press.feed("/feed", rss(item("/3", 3), item("/2", 2)))
        press.replies["/broken"] = Reply(b"", 500)
        wait_for(lambda: "/3" in press.paths())
        loop.send_signal(signal.SIGINT)
        out, told = loop.communicate(timeout=60)
    finally:
        loop.kill()
    assert loop.returncode == 130, told.decode()
    assert "what was fetched is stored" in told.decode()
    assert "Traceback" not in told.decode()
    assert len(re.findall(r"feeds? read", out.decode())) >= 2
    assert stored(khabar) == 3


def test_a_kill_loses_nothing(khabar: Program, press: Press, tmp_path: Path) -> None:
    for n in range(30):
        press.page(f"/{n}", article(n), wait=0.05)
    feed = press.feed("/feed", rss(*(item(f"/{n}", n) for n in range(30))), headers=(("ETag", '"v1"'),))
    command = [sys.executable, "-m", "khabar", "follow", feed, *QUICK]
    running = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: len(press.paths()) >= 12)
    finally:
        running.kill()
        running.wait(30)
    # The feed has not changed, and says so: what it named waits in the archive.
    press.replies["/feed"] = Reply(b"", 304)
    done = khabar("follow", feed, *QUICK)
    assert done.returncode == 0, done.stderr.decode()
    assert "1 unchanged" in done.stdout.decode()
    assert stored(khabar) == 30


def wait_for(happened: Callable[[], bool]) -> None:
    for _ in range(600):
        if happened():
            return
        time.sleep(0.1)
    raise AssertionError("it did not happen within a minute")
