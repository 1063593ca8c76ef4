"""Servers that are slow, broken, out to hurt, or want to be left alone. Each row of the table in docs/feeds.md that is
about them has its test here."""

from __future__ import annotations

import gzip
import itertools
import socket
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from feed_rounds import FAST, Round, articles
from press_server import Asked, Press, Reply, article, item, rss, stamp, title

from khabar.archive import Archive
from khabar.feeds import guard

TEXT = "أعلن المجلس البلدي في المكلا فتح الطريق الساحلي أمام الشاحنات بعد إغلاق دام ثلاثة أيام بسبب السيول."
QUICK = FAST._replace(limits=FAST.limits._replace(wait=0.4, whole=1.2), attempts=1)
MB = 2**20


def endless(portion: bytes, wait: float = 0.0) -> Callable[[], Iterator[bytes]]:
    def body() -> Iterator[bytes]:
        while True:
            time.sleep(wait)
            yield portion

    return body


def alone(press: Press, follow: Round, reply: Reply, options: object = FAST) -> str:
    """What khabar says of a feed that answers so, asked together with a good one, which must be read."""
    press.page("/1", article(1))
    good = press.feed("/good", rss(item("/1", 1)))
    press.replies["/bad"] = reply
    done = follow(press.url + "/bad", good, options=options)
    assert done.counts["feeds read"] == 1
    assert done.counts["stored"] == 1
    assert list(done.faults) == [press.url + "/bad"]
    return done.faults[press.url + "/bad"]


SMALL = FAST._replace(feed_size=2 * MB)
BOMB = gzip.compress(b"<rss><channel>" + b" " * (40 * MB), 9)
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ها">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in itertools.pairwise("abcdefghij"))
    + f']><rss version="2.0"><channel><title>&j;</title>{item("/1", 1)}</channel></rss>'
)


@pytest.mark.parametrize(
    ("reply", "words", "options"),
    [
        (Reply(b"", wait=1.0), "no answer within 0.4 seconds", QUICK),
        (Reply(endless(b" ", 0.1)), "no whole answer within 1.2 seconds", QUICK),
        (Reply(b"", 404), "answered 404 (is not there)", FAST),
        (Reply(b"", 410), "answered 410 (is gone); not asked again for 30 days", FAST),
        (Reply(b"", 403), "answered 403 (refuses)", FAST),
        (Reply(b"", 500), "answered 500", FAST),
        (Reply(b"", 302, (("Location", "/bad"),)), "redirects in a circle", FAST),
        (Reply(b"", 302, (("Location", "ftp://e.example/"),)), "no web address", FAST),
        (Reply(b"", 302, (("Location", "http://u:p@e.example/"),)), "bears a name or password", FAST),
        (Reply(b"", 200), "empty", FAST),
        (Reply(b'{"a": 1}', kind="application/json"), "neither RSS nor Atom nor a sitemap", FAST),
        (Reply(b"\x00\x01\x02" * 3000, kind="application/octet-stream"), "neither RSS nor Atom nor a sitemap", FAST),
        (Reply(endless(b" " * 65536)), "larger than 2 MB, the limit", SMALL),
        (Reply(b"", headers=(("Content-Length", str(100 * MB)),)), "larger than 2 MB, the limit", SMALL),
        (Reply(BOMB, headers=(("Content-Encoding", "gzip"),)), "larger than 2 MB, the limit", SMALL),
        (Reply(BOMB), "its gz file is larger than 2 MB", SMALL),
        (Reply(zlib.compress(b" " * (40 * MB)), headers=(("Content-Encoding", "deflate"),)), "larger than 2 MB", SMALL),
        (Reply(BOMB[:9000], headers=(("Content-Encoding", "gzip"),)), "gzip data cut in the middle", FAST),
        (Reply(b"<rss>", headers=(("Content-Length", "9000"),)), "cannot be reached", QUICK),
        (Reply(b"x", headers=(("Content-Encoding", "zstd"),)), "neither RSS", FAST),
        (Reply(b"x", headers=tuple((f"X-{n}", "y") for n in range(300))), "cannot be reached", FAST),
    ],
    ids="silent drip 404 410 403 500 circle ftp password empty json binary endless 100MB bomb gz-file deflate cut-gz "
    "cut unknown-encoding headers".split(),
)  # fmt: skip
def test_a_bad_feed_is_named_and_the_rest_goes_on(
    press: Press, follow: Round, reply: Reply, words: str, options: object
) -> None:
    assert words in alone(press, follow, reply, options)


def test_a_head_that_drips(press: Press, follow: Round) -> None:
    """Below HTTP: a server that sends a byte of its head now and then for ever."""
    line = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                client, _ = line.accept()
            except OSError:
                return
            threading.Thread(target=drip, args=(client,), daemon=True).start()

    def drip(client: socket.socket) -> None:
        try:
            client.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
            while True:
                client.sendall(b"a")
                time.sleep(0.1)
        except OSError:
            client.close()

    threading.Thread(target=serve, daemon=True).start()
    url = f"http://127.0.0.1:{line.getsockname()[1]}/feed"
    began = time.monotonic()
    done = follow(url, options=QUICK)
    line.close()
    assert "within 1.2 seconds" in done.faults[url]
    assert time.monotonic() - began < 8


def test_nobody_listens(follow: Round) -> None:
    with socket.create_server(("127.0.0.1", 0)) as line:
        port = line.getsockname()[1]
    done = follow(f"http://127.0.0.1:{port}/feed")
    assert "cannot be reached" in next(iter(done.faults.values()))


def test_too_many_redirects(press: Press, follow: Round) -> None:
    for n in range(9):
        press.replies[f"/to{n}"] = Reply(b"", 302, (("Location", f"/to{n + 1}"),))
    assert "more than 5 redirects" in alone(press, follow, Reply(b"", 301, (("Location", "/to0"),)))
    assert press.paths().count("/to8") == 0


def test_redirects_are_followed_and_told_when_they_are_for_good(press: Press, archive: Archive, follow: Round) -> None:
    where = "/خبر/1"
    press.replies["/feed"] = Reply(b"", 301, (("Location", "/new"),))
    press.feed("/new", rss(item("/old", 1)))
    # As servers write it: UTF-8 as it is.
    press.replies["/old"] = Reply(b"", 302, (("Location", where.encode().decode("latin-1")),))
    press.page("/%D8%AE%D8%A8%D8%B1/1", article(1))
    assert follow(press.url + "/feed").faults == {}
    assert set(articles(archive)) == {"/%D8%AE%D8%A8%D8%B1/1"}
    (row,) = archive.follows.feeds().values()
    assert row.message == f"moved for good to {press.url}/new; follow that"


def test_xml_bombs_and_files_of_the_disk_stay_closed(press: Press, archive: Archive, follow: Round) -> None:
    press.page("/1", article(1))
    began = time.monotonic()
    laughs = press.feed("/laughs", LAUGHS)
    outside = '<!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY w SYSTEM "http://127.0.0.1:1/x">]>'
    told = item("/2", 2, stamp(), f"{TEXT} &f; &w;").replace("<![CDATA[", "").replace("]]>", "")
    disk = press.feed("/disk", rss(told, head=outside))
    follow(laughs, disk)
    assert time.monotonic() - began < 20
    found = articles(archive)
    assert set(found) == {"/1", "/2"}
    assert "root:" not in " ".join(found["/2"].paragraphs)


def test_a_feed_of_100_mb_costs_no_memory(press: Press, follow: Round) -> None:
    portion = item("/1", 1).encode() * 400
    whole = (portion for _ in range(100 * MB // len(portion)))
    tracemalloc.start()
    try:
        words = alone(press, follow, Reply(lambda: itertools.chain([b"<rss><channel>"], whole)))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "larger than 20 MB, the limit; not read" in words
    assert peak < 90 * MB


def test_robots_txt_is_kept(press: Press, archive: Archive, follow: Round) -> None:
    rules = "User-agent: *\nDisallow: /private\nAllow: /\n\nUser-agent: khabar\nDisallow: /no\nCrawl-delay: 0.2\n"
    press.page("/robots.txt", rules, kind="text/plain")
    for path in ("/1", "/no/2", "/no/3", "/private/4"):
        press.page(path, article(int(path[-1])))
    press.replies["/5"] = Reply(b"", 302, (("Location", "/no/2"),))
    items = [item("/1", 1), item("/no/2", 2), item("/no/3", 3, stamp(), TEXT), item("/private/4", 4), item("/5", 5)]
    feed = press.feed("/feed", rss(*items))
    done = follow(feed, press.feed("/no/feed", rss()))
    assert done.faults == {f"{press.url}/no/feed": "robots.txt of 127.0.0.1 forbids it"}
    assert done.counts["passed over"] == 2
    assert set(articles(archive)) == {"/1", "/no/3", "/private/4"}  # 3 by the feed's text
    assert not [path for path in press.paths() if path.startswith("/no/")]
    times = [one.at for one in press.asked if one.path != "/robots.txt"]
    assert min(later - before for before, later in itertools.pairwise(times)) > 0.15


@pytest.mark.parametrize(
    ("reply", "read"),
    [
        (Reply(b"", 404), True),
        (Reply(b"", 403), True),
        (Reply(b"", 500), False),
        (Reply(b"", 302, (("Location", "/robots.txt"),)), True),
        (Reply(b"\xff\xfe\x00 garbage \xff" * 500, kind="text/plain"), True),
        (Reply(b"Disallow: /" + b"\n# x" * 400_000, kind="text/plain"), True),
        (Reply(b"User-agent: *\nDisallow: /" + b"\n# x" * 400_000, kind="text/plain"), False),
        (Reply(endless(b"# x\n" * 999), kind="text/plain"), True),
        (Reply(b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /", kind="text/plain"), False),
    ],
    ids=["404", "403", "500", "circle", "garbage", "huge", "huge and all forbidden", "endless", "all forbidden"],
)
def test_robots_txt_of_all_kinds(press: Press, archive: Archive, follow: Round, reply: Reply, read: bool) -> None:
    press.replies["/robots.txt"] = reply
    press.page("/1", article(1))
    done = follow(press.feed("/feed", rss(item("/1", 1))))
    assert bool(articles(archive)) is read
    assert bool(done.faults) is not read
    assert ("/feed" in press.paths()) is read


def test_429_is_waited_for_where_it_is_short(press: Press, archive: Archive, follow: Round) -> None:
    answers = [Reply(b"", 429, (("Retry-After", "1"),)), Reply(article(1).encode())]
    press.replies["/1"] = lambda _: answers.pop(0)
    options = FAST._replace(manners=FAST.manners._replace(patience=5.0))
    assert follow(press.feed("/feed", rss(item("/1", 1))), options=options).faults == {}
    first, second = (one.at for one in press.asked if one.path == "/1")
    assert second - first > 0.9
    assert set(articles(archive)) == {"/1"}


def test_429_is_kept_from_run_to_run_where_it_is_long(press: Press, archive: Archive, follow: Round) -> None:
    def answer(_: Asked) -> Reply:
        return Reply(b"", 429, (("Retry-After", "3600"),))

    for n in (2, 3):
        press.page(f"/{n}", article(n))
    press.replies["/1"] = answer
    feed = press.feed("/feed", rss(*(item(f"/{n}", n, stamp(n / 24)) for n in (1, 2, 3))))
    done = follow(feed)
    assert list(done.faults) == [press.url + "/1"]
    assert "asked to be left alone for 3600 seconds; tried again in 1 hour" in done.faults[press.url + "/1"]
    assert done.counts["left for the next run"] == 2
    asked = len(press.asked)
    again = follow(feed)
    assert len(press.asked) == asked
    assert "asked to be left alone until 2" in again.faults[feed]
    (row,) = archive.follows.hosts().values()
    assert (datetime.fromisoformat(str(row.until)) - datetime.now(UTC)).total_seconds() > 3000
    assert archive.follows.counts() == {"waiting": 3}


def test_a_host_that_fails_and_fails_is_left_alone(press: Press, archive: Archive, follow: Round) -> None:
    for n in range(12):
        press.replies[f"/{n}"] = Reply(b"", 500)
    feed = press.feed("/feed", rss(*(item(f"/{n}", n) for n in range(12))))
    done = follow(feed, options=FAST._replace(attempts=1))
    assert len([path for path in press.paths() if path[1:].isdigit()]) == 4
    assert done.counts["left for the next run"] == 8
    assert len(done.faults) == 4
    assert archive.follows.counts() == {"waiting": 12}


def test_a_feed_that_fails_and_fails_is_asked_more_seldom(press: Press, follow: Round) -> None:
    press.replies["/feed"] = Reply(b"", 404)
    for _ in range(5):
        assert follow(press.url + "/feed").faults
    assert press.paths().count("/feed") == 3


def test_wrong_encodings(press: Press, archive: Archive, follow: Round) -> None:
    press.page("/1", article(1).encode("cp1256"), kind="text/html")
    legacy = rss(item("/1", 1), item("/2", 2, stamp(), TEXT), head='<?xml version="1.0" encoding="windows-1256"?>')
    one = press.feed("/one", legacy.encode("cp1256"), kind="application/xml")
    other = legacy.replace("/1", "/3").replace("/2", "/4")
    two = press.feed("/two", other.encode(), kind="text/xml; charset=windows-1256")  # declared so, and UTF-8
    press.page("/3", article(3))
    follow(one, two)
    found = articles(archive)
    assert [found[path].paragraphs[0] for path in ("/1", "/2", "/3", "/4")] == [title(1), title(2), title(3), title(2)]
    assert found["/1"].paragraphs[1].startswith("أعلنت السلطة المحلية في عدن")


LOCAL = ("127.0.0.1", "127.8.9.1", "10.0.0.8", "172.20.1.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
         "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1",
         "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "::127.0.0.1",
         "240.0.0.1")  # fmt: skip


@pytest.mark.parametrize("number", LOCAL)
def test_local_numbers(number: str) -> None:
    assert not guard.is_public(number)


@pytest.mark.parametrize("number", ["8.8.8.8", "93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:8.8.8.8"])
def test_public_numbers(number: str) -> None:
    assert guard.is_public(number)


STRICT = FAST._replace(limits=FAST.limits._replace(allow_local=False))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "0"])
def test_local_addresses_are_refused_unless_allowed(press: Press, follow: Round, host: str) -> None:
    feed = f"http://{host}:{press.port}/feed"
    done = follow(feed, options=STRICT)
    # A system may know no such spelling; then it is no host at all.
    assert any(words in str(done.faults) for words in ("is an address of the local network", "cannot be reached"))
    assert press.asked == []


def test_a_redirect_to_a_local_address_is_refused(
    press: Press, archive: Archive, follow: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The press stands for a server of the public internet, 127.0.0.2 for one of the local network.
    monkeypatch.setattr(guard, "is_public", lambda number: number == "127.0.0.1")
    inside = f"http://127.0.0.2:{press.port}/1"
    press.page("/1", article(1))
    press.replies["/go"] = Reply(b"", 302, (("Location", inside),))
    feed = press.feed("/feed", rss(item("/go", 1), item(inside, 2), item("/1", 1)))
    done = follow(feed, options=STRICT)
    for address in (press.url + "/go", inside):
        assert "127.0.0.2 is an address of the local network" in done.faults[address]
        assert "--allow-local" in done.faults[address]
    assert set(articles(archive)) == {"/1"}


def test_a_name_that_changes_its_answer(press: Press, follow: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    """The number that was judged is the number that is connected to: the name is not looked up a second time."""
    found: list[str] = []
    real = socket.getaddrinfo

    def rebinding(host: str, *rest: object, **more: object) -> object:
        if host != "news.example":
            return real(host, *rest, **more)  # type: ignore[arg-type]
        found.append("127.0.0.1" if not found else "127.0.0.2")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (found[-1], press.port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(guard, "is_public", lambda number: number == "127.0.0.1")
    feed = f"http://news.example:{press.port}/feed"
    press.feed("/feed", rss())
    done = follow(feed, options=STRICT)
    # robots.txt came from the first answer; for the feed the name pointed inside.
    assert press.paths() == ["/robots.txt"]
    assert "news.example is an address of the local network (127.0.0.2)" in done.faults[feed]
    assert found == ["127.0.0.1", "127.0.0.2"]


def test_links_that_are_no_web_addresses(press: Press, archive: Archive, follow: Round) -> None:
    links = ("file:///etc/passwd", "javascript:alert(1)", "http://", "http://[bad", "mailto:a@e.example", "", "data:,x")
    press.page("/1", article(1))
    done = follow(press.feed("/feed", rss(*(item(link, 1) for link in links), item("/1", 1))))
    assert done.faults == {}
    assert done.counts["entries without address"] >= 5
    assert "/1" in articles(archive)
