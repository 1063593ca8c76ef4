"""Following a press of our own: what is fetched, what is asked again, what stands in the archive."""

from __future__ import annotations

import threading
import time
from itertools import pairwise

import pytest
from feed_rounds import FAST, Round, articles
from press_server import Asked, Press, Reply, article, item, rss, stamp, title

from khabar.archive import Archive
from khabar.feeds import Source


def test_articles_come_from_their_pages_and_once_only(press: Press, archive: Archive, follow: Round) -> None:
    links = [press.page(f"/{n}", article(n)) for n in (1, 2)]
    feed = press.feed("/feed", rss(item(links[0], 1, stamp()), item("/2?utm_source=rss", 2)))
    press.replies["/2?utm_source=rss"] = Reply(article(2).encode())
    first = follow(feed)
    assert first.faults == {}
    assert first.counts["new articles"] == 2
    found = articles(archive)
    assert set(found) == {"/1", "/2"}  # by canonical address
    assert found["/1"].paragraphs[0] == title(1)
    assert len(found["/1"].paragraphs) == 3
    asked = len(press.asked)
    second = follow(feed)
    assert second.counts["feeds unchanged"] == 1
    assert press.paths()[asked:] == ["/feed"]  # neither the pages nor robots.txt again
    assert archive.follows.counts() == {"stored": 2}


def test_unchanged_feeds_are_asked_with_what_their_server_said(press: Press, follow: Round) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.headers.get("if-none-match") == '"v1"' and asked.headers.get("if-modified-since") == "then":
            return Reply(b"", 304)
        body = rss(item(press.page("/1", article(1)), 1)).encode()
        return Reply(body, headers=(("ETag", '"v1"'), ("Last-Modified", "then")), kind="application/rss+xml")

    press.replies["/feed"] = answer
    follow(press.url + "/feed")
    for _ in range(2):
        counts = follow(press.url + "/feed").counts
        assert counts["feeds unchanged"] == 1
    assert press.paths().count("/1") == 1


def test_date_and_outlet_of_the_feed_stand_only_where_the_page_has_none(
    press: Press, archive: Archive, follow: Round
) -> None:
    dated = '<meta property="article:published_time" content="2024-03-05T10:00:00+03:00">'
    own = '<meta property="og:site_name" content="موقع الجبل">'
    press.page("/1", article(1, dated + own))
    press.page("/2", article(2))
    day = time.strftime("%Y-%m-%d", time.gmtime(time.time() - 86400))
    feed = press.feed("/feed", rss(item("/1", 1, stamp(1)), item("/2", 2, stamp(1))))
    follow(Source(feed, "صحيفة الساحل"))
    found = articles(archive)
    assert (found["/1"].date, found["/1"].outlet) == ("2024-03-05", "موقع الجبل")
    assert "article:published_time" in str(found["/1"].date_evidence)
    assert (found["/2"].date, found["/2"].outlet) == (day, "صحيفة الساحل")
    assert str(found["/2"].date_evidence).startswith("feed: ")


TEXT = "<p>أعلن المجلس البلدي في المكلا فتح الطريق الساحلي أمام الشاحنات بعد إغلاق دام ثلاثة أيام بسبب السيول.</p>"


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        (Reply(b"", 404), "feed text"),
        (Reply(b"", 410), "feed text"),
        (Reply(b"", 403), "feed text"),
        (Reply(b"%PDF-1.7 ...", kind="application/pdf"), "feed text"),
        (Reply(b"", kind="text/html"), "feed text"),
        (Reply(b'<html><body><div id="app"></div><script src="/a.js"></script></body></html>'), "feed text"),
        (Reply(b"<html><p>The council opened the coastal road to trucks after a closure of three days."), "passed"),
    ],
    ids=["404", "410", "403", "pdf", "empty", "script only", "english"],
)
def test_text_of_the_feed_where_the_page_gives_no_article(
    press: Press, archive: Archive, follow: Round, reply: Reply, state: str
) -> None:
    press.replies["/1"] = reply
    feed = press.feed("/feed", rss(item(press.url + "/1", 1, stamp(), TEXT)))
    done = follow(feed)
    assert done.faults == {}
    assert archive.follows.counts() == {state: 1}
    if state == "feed text":
        found = articles(archive)["/1"]
        assert found.paragraphs[0] == title(1)
        assert found.paragraphs[1].startswith("أعلن المجلس البلدي")
        assert f"text of the feed {feed}" in str(found.source)
        assert found.url == press.url + "/1"
    follow(feed)
    assert press.paths().count("/1") == 1


def test_a_page_that_is_gone_and_no_text_is_a_failure_once(press: Press, archive: Archive, follow: Round) -> None:
    feed = press.feed("/feed", rss(item("/gone", 1), item("/1", 1)))
    press.page("/1", article(1))
    done = follow(feed)
    assert done.faults == {f"{press.url}/gone": "answered 404 (is not there)"}
    assert set(articles(archive)) == {"/1"}  # the rest goes on
    assert [failed.source for failed in archive.faults()] == [f"{press.url}/gone"]
    assert follow(feed).faults == {}


def test_trouble_that_passes_is_tried_again_with_a_limit(press: Press, archive: Archive, follow: Round) -> None:
    press.replies["/1"] = Reply(b"", 500)
    feed = press.feed("/feed", rss(item("/1", 1, stamp(), TEXT)))
    options = FAST._replace(tries=3)
    for n in (1, 2):
        done = follow(feed, options=options)
        assert "answered 500; tried again" in done.faults[press.url + "/1"]
        assert press.paths().count("/1") == 2 * n  # twice a round
        assert archive.follows.counts() == {"waiting": 1}
    assert follow(feed, options=options).faults == {}
    assert archive.follows.counts() == {"feed text": 1}
    assert archive.faults() == []
    follow(feed, options=options)
    assert press.paths().count("/1") == 6


def test_trouble_that_passed(press: Press, archive: Archive, follow: Round) -> None:
    answers = [Reply(b"", 503), Reply(article(1).encode())]
    press.replies["/1"] = lambda _: answers.pop(0)
    feed = press.feed("/feed", rss(item("/1", 1)))
    assert follow(feed).faults == {}
    assert archive.follows.counts() == {"stored": 1}


def test_what_waits_is_kept_though_the_feed_moves_on(press: Press, archive: Archive, follow: Round) -> None:
    press.page("/1", article(1))
    press.page("/2", article(2))
    press.feed("/feed", rss(item("/1", 1), item("/2", 2)))
    feed = press.url + "/feed"
    follow(feed, options=FAST._replace(most=1))
    assert archive.follows.counts() == {"stored": 1, "waiting": 1}
    press.feed("/feed", rss())
    follow(feed)
    assert archive.follows.counts() == {"stored": 2}


def test_a_stop_ends_soon_and_loses_nothing(press: Press, archive: Archive, follow: Round) -> None:
    stop = threading.Event()
    links = [press.page(f"/{n}", article(n)) for n in range(12)]

    def halting(asked: Asked) -> Reply:
        stop.set()
        return Reply(article(5).encode())

    press.replies["/5"] = halting
    feed = press.feed("/feed", rss(*(item(link, n, stamp(n / 100)) for n, link in enumerate(links))))
    began = time.monotonic()
    follow(feed, stop=stop)
    assert time.monotonic() - began < 20
    counts = archive.follows.counts()
    assert counts["waiting"] >= 3
    assert counts["stored"] == len(articles(archive)) >= 3
    follow(feed)
    assert archive.follows.counts() == {"stored": 12}


def test_an_article_that_its_feed_says_changed_is_fetched_again(press: Press, archive: Archive, follow: Round) -> None:
    def atom(when: str) -> str:
        entry = f'<entry><title>{title(1)}</title><link href="/1"/><updated>{when}</updated></entry>'
        return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title>{entry}</feed>'

    day = time.strftime("%Y-%m-%dT", time.gmtime())
    press.page("/1", article(1))
    feed = press.feed("/feed", atom(f"{day}01:00:00Z"), kind="application/atom+xml")
    follow(feed)
    press.page("/1", article(1).replace("أدوية", "خياما"))
    press.feed("/feed", atom(f"{day}03:00:00Z"), kind="application/atom+xml")
    assert follow(feed).counts["changed articles"] == 1
    (row,) = archive.articles()
    assert len(archive.versions(row.id)) == 2
    press.feed("/feed", atom(f"{day}03:10:00Z"), kind="application/atom+xml")
    assert "changed articles" not in {k for k, v in follow(feed).counts.items() if v}


def test_canonical_address_of_the_page_on_its_own_site(press: Press, archive: Archive, follow: Round) -> None:
    def page(href: str, n: int) -> str:
        return article(n, f'<link rel="canonical" href="{href}">')

    press.page("/amp/1", page("/news/1", 1))
    press.page("/2", page(press.url + "/", 2))  # a template's
    press.page("/3", page("https://elsewhere.example/3", 3))
    follow(press.feed("/feed", rss(item("/amp/1", 1), item("/2", 2), item("/3", 3))))
    assert set(articles(archive)) == {"/news/1", "/2", "/3"}


def test_old_entries_are_passed_over(press: Press, archive: Archive, follow: Round) -> None:
    press.page("/1", article(1))
    feed = press.feed("/feed", rss(item("/1", 1, stamp(2)), item("/2", 2, stamp(30))))
    done = follow(feed)
    assert done.counts["too old"] == 1
    assert set(articles(archive)) == {"/1"}


def test_one_host_is_never_asked_twice_at_once_nor_too_soon(press: Press, follow: Round) -> None:
    for n in range(4):
        press.page(f"/{n}", article(n))
    feed = press.feed("/feed", rss(*(item(f"/{n}", n) for n in range(4))))
    manners = FAST.manners._replace(delay=0.3)
    follow(feed, options=FAST._replace(manners=manners))
    times = [one.at for one in press.asked if one.path != "/robots.txt"]
    gaps = [later - before for before, later in pairwise(times)]
    assert len(gaps) == 4
    assert min(gaps) > 0.25
    assert press.asked[0].headers["user-agent"].startswith("khabar/")


def test_hosts_do_not_wait_for_each_other(archive: Archive, follow: Round) -> None:
    presses = [Press() for _ in range(3)]
    try:
        feeds = []
        for server in presses:
            for n in range(3):
                server.page(f"/{n}", article(n))
            feeds.append(server.feed("/feed", rss(*(item(f"/{n}", n) for n in range(3)))))
        manners = FAST.manners._replace(delay=0.3)
        follow(*feeds, options=FAST._replace(manners=manners))
    finally:
        for server in presses:
            server.close()
    assert archive.follows.counts() == {"stored": 9}
    first = [server.asked[0].at for server in presses]
    last = [server.asked[-1].at for server in presses]
    assert max(first) < min(last)  # all were asked while none was done
