"""Sitemaps and their indexes followed, packed ones too."""

from __future__ import annotations

import gzip
import time

from feed_rounds import Round, articles
from press_server import Press, article

from khabar.archive import Archive

TODAY = time.strftime("%Y-%m-%d", time.gmtime())


def url(path: str, when: str | None = None, news: str = "") -> str:
    told = f"<lastmod>{when}</lastmod>" if when else ""
    return f"<url><loc>{path}</loc>{told}{news}</url>"


def news(language: str = "ar") -> str:
    return (
        f"<n:news><n:publication><n:name>صحيفة الجبل</n:name><n:language>{language}</n:language></n:publication>"
        f"<n:publication_date>{TODAY}T06:00:00+03:00</n:publication_date><n:title>خبر</n:title></n:news>"
    )


def urlset(*urls: str) -> str:
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<urlset xmlns="{space}" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">{"".join(urls)}</urlset>'


def index(*maps: tuple[str, str | None]) -> str:
    inner = "".join(f"<sitemap><loc>{m}</loc>{f'<lastmod>{d}</lastmod>' if d else ''}</sitemap>" for m, d in maps)
    return f"<sitemapindex>{inner}</sitemapindex>"


def test_news_sitemap(press: Press, archive: Archive, follow: Round) -> None:
    for n in range(4):
        press.page(f"/{n}", article(n))
    urls = [url(f"{press.url}/0", news=news()), url("/1", news=news("en")), url("/2", "2020-01-01"), url("/3", TODAY)]
    done = follow(press.feed("/map", urlset(*urls)))
    assert (done.counts["in another language"], done.counts["too old"]) == (1, 1)
    found = articles(archive)
    assert set(found) == {"/0", "/3"}
    assert (found["/0"].outlet, found["/0"].date) == ("صحيفة الجبل", TODAY)
    assert found["/3"].date is None  # the last change of a page is no date of publication


def test_index_with_packed_maps(press: Press, archive: Archive, follow: Round) -> None:
    for n in range(5):
        press.page(f"/{n}", article(n))
    press.feed("/a.xml.gz", gzip.compress(urlset(url("/0"), url("/1")).encode()), kind="application/gzip")
    press.feed("/b.xml", urlset(url("/2", TODAY)))
    press.feed("/old.xml", urlset(url("/3")))
    press.feed("/deeper.xml", index(("/c.xml", None), ("/index.xml", None), ("/deeper.xml", None)))
    press.feed("/c.xml", urlset(url("/4")))
    maps = index(
        ("/a.xml.gz", None), ("/b.xml", TODAY), ("/old.xml", "2019-05-05"), ("/deeper.xml", None), ("/no", None)
    )
    feed = press.feed("/index.xml", maps)
    done = follow(feed)
    assert set(articles(archive)) == {"/0", "/1", "/2", "/4"}
    assert list(done.faults) == [press.url + "/no"]
    assert done.counts["sitemaps passed over"] == 1
    assert press.paths().count("/index.xml") == press.paths().count("/deeper.xml") == 1
    row = archive.follows.feeds()[press.url + "/a.xml.gz"]
    assert (row.kind, row.parent) == ("sitemap", feed)
    asked = len(press.asked)
    follow(feed)
    assert not [path for path in press.paths()[asked:] if path[1:].isdigit()]


def test_an_index_of_thousands_is_read_at_its_ends(press: Press, follow: Round) -> None:
    feed = press.feed("/index.xml", index(*((f"/m{n}.xml", None) for n in range(3000))))
    done = follow(feed)
    asked = [path for path in press.paths() if path.startswith("/m")]
    assert len(asked) == 50
    assert {"/m0.xml", "/m2999.xml"} <= set(asked)
    assert done.counts["sitemaps passed over"] == 2950
