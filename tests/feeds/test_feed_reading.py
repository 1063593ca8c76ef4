"""Bytes of feeds, sitemaps and lists of feeds: what is read of them. R-numbers are public fault reports."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from press_server import item, rss

from khabar.feeds import FeedError, Source, read_feed, read_list
from khabar.feeds.fetching import retry_after
from khabar.feeds.markup import document, lines
from khabar.feeds.reading import instant

AT = "https://e.example/feeds/all.xml"
OPENING = "وزير النقل يفتتح خطا جديدا للقطارات"


def titles(data: bytes | str) -> list[str]:
    return [entry.title for entry in read_feed(data.encode() if isinstance(data, str) else data, AT).entries]


def channel(inner: str, head: str = "") -> str:
    return f'{head}<rss version="2.0"><channel>{inner}</channel></rss>'


def test_one_bad_byte_costs_one_letter() -> None:  # R11
    good = f"<item><title>{OPENING}</title><link>https://e.example/1</link></item>".encode()
    bad = "<item><title>خبر ".encode() + b"\xff" + "ثان</title><link>https://e.example/2</link></item>".encode()
    head = b'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
    first, second = read_feed(head + good + bad + b"</channel></rss>", AT).entries
    assert (first.title, first.link) == (OPENING, "https://e.example/1")
    assert second.title.endswith("ثان")
    assert second.link == "https://e.example/2"


@pytest.mark.parametrize("declared", ["windows-1256", "ISO-8859-6", "us-ascii", "utf-16", "nonsense"])
def test_a_wrong_declaration(declared: str) -> None:  # R165
    head = f'<?xml version="1.0" encoding="{declared}"?>'
    assert titles(channel(f"<item><title>{OPENING}</title></item>", head)) == [OPENING]


@pytest.mark.parametrize("encoding", ["cp1256", "iso-8859-6", "utf-16", "utf-8-sig"])
def test_other_encodings(encoding: str) -> None:
    text = channel(f"<item><title>{OPENING}</title></item>" * 3, '<?xml version="1.0"?>')
    assert titles(text.encode(encoding)) == [OPENING] * 3


def test_the_last_letter_stays() -> None:  # R166: its last byte is A0 or 85, which byte strings take for white space
    for text in ("ارتفاع الضحايا إلى ٣٠", "بدء العام", "انتخابات المحام"):
        assert titles(channel(f"<item><title>{text} </title></item>", '<?xml version="1.0" encoding="utf-8"?>')) == [
            text
        ]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<![CDATA[&#8220;المرفأ&#8221;: &#1582;&#1576;&#1585;]]>", "“المرفأ”: خبر"),  # R167
        ("&amp;quot;المرفأ&amp;quot;", '"المرفأ"'),
        ("&laquo;المرفأ&raquo;&nbsp;خبر", "«المرفأ» خبر"),
        ("المرفأ &unknown; خبر", "المرفأ &unknown; خبر"),
        ("المرفأ & الميناء", "المرفأ & الميناء"),
        ("<![CDATA[<b>المرفأ</b> اليوم]]>", "المرفأ اليوم"),
        ("المرفأ < الميناء", "المرفأ < الميناء"),
        ("\n  المرفأ\n  اليوم ", "المرفأ اليوم"),
        ("المرفأ\x0b\x00 اليوم", "المرفأ اليوم"),
    ],
)
def test_titles(written: str, read: str) -> None:
    assert titles(channel(f"<item><title>{written}</title><link>/1</link></item>")) == [read]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("&lt;![CDATA[نص الخبر]]&gt;", ["نص الخبر"]),  # R168
        ('<![CDATA[<p class="b">نص الخبر</p>]]>', ["نص الخبر"]),  # R172
        ("&lt;p&gt;نص الخبر&lt;/p&gt;&lt;p&gt;سطر ثان&lt;/p&gt;", ["نص الخبر", "سطر ثان"]),
        ("&amp;lt;p&amp;gt;نص الخبر&amp;lt;/p&amp;gt;", ["نص الخبر"]),
        ("<![CDATA[نص<br>الخبر<script>x()</script><style>p{}</style>]]>", ["نص", "الخبر"]),
        ("<![CDATA[<img src='x' alt='a > b'> نص <!-- سر --> الخبر]]>", ["نص الخبر"]),
        ("نص الخبر", ["نص الخبر"]),
        ("", []),
    ],
)
def test_texts(written: str, read: list[str]) -> None:
    (entry,) = read_feed(
        channel(f"<item><title>خبر</title><description>{written}</description></item>").encode(), AT
    ).entries
    assert [*entry.text] == read


def test_the_fuller_text_is_taken() -> None:
    more = "<content:encoded><![CDATA[<p>الفقرة الأولى.</p><p>الفقرة الثانية.</p>]]></content:encoded>"
    feed = channel(f"<item><title>خبر</title><description>الفقرة…</description>{more}</item>").replace(
        "<rss ", '<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    )
    assert read_feed(feed.encode(), AT).entries[0].text == ("الفقرة الأولى.", "الفقرة الثانية.")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Mon, 19 Aug 24 17:42:08 +0200", "2024-08-19T17:42:08+02:00"),  # R170
        ("Mon, 19 Aug 2024 17:42:08 GMT", "2024-08-19T17:42:08+00:00"),
        ("19 Aug 2024 17:42 +0300", "2024-08-19T17:42:00+03:00"),
        ("Wed, 10 Jul 2024 12:00:00 GMT+3", "2024-07-10T12:00:00+03:00"),
        ("2024-08-19T17:42:08Z", "2024-08-19T17:42:08+00:00"),
        ("2024-08-19T17:42:08.123+03:00", "2024-08-19T17:42:08+03:00"),
        ("2024-08-19", "2024-08-19"),
        ("2024-8-1", "2024-08-01"),
        ("الأربعاء، 10 يوليو 2024 - 12:30", "2024-07-10"),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("Mon, 01 Jan 0001 00:00:00 +0000", None),
        ("2024-13-45", None),
        ("tomorrow", None),
        ("", None),
        (None, None),
    ],
)
def test_times(written: str | None, read: str | None) -> None:
    assert instant(written) == read


@given(st.text(max_size=60))
@settings(max_examples=200)
def test_no_time_breaks_anything(written: str) -> None:
    assert instant(written) is None or instant(written)[:4].isdigit()  # type: ignore[index]


@given(
    st.binary(max_size=400), st.sampled_from([b"", b"<rss><channel><item><title>", b"<urlset><url><loc>", b"<feed>"])
)
@settings(max_examples=300, deadline=None)
def test_no_bytes_break_anything(data: bytes, head: bytes) -> None:
    with contextlib.suppress(FeedError):
        read_feed(head + data, AT)


def test_atom_and_rdf() -> None:
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://e.example/"><title>الميناء</title><entry>'
        '<title type="html">&lt;b&gt;خبر&lt;/b&gt;</title><link rel="enclosure" href="/a.mp3"/>'
        '<link rel="alternate" href="/1"/><id>tag:1</id>'
        "<published>2024-08-19T01:02:03+03:00</published>"
        "<updated>2024-08-20T01:02:03+03:00</updated>"
        "<content type='html'>&lt;p&gt;نص&lt;/p&gt;</content></entry></feed>"
    )
    feed = read_feed(atom.encode(), AT)
    (entry,) = feed.entries
    assert (feed.kind, feed.title) == ("atom", "الميناء")
    assert (entry.title, entry.link, entry.text) == ("خبر", "https://e.example/1", ("نص",))
    assert (entry.published, entry.updated) == ("2024-08-19T01:02:03+03:00", "2024-08-20T01:02:03+03:00")
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>الميناء</title></channel><item><title>خبر</title>'
        "<link>https://e.example/1</link><dc:date>2024-08-19T01:02:03Z</dc:date></item></rdf:RDF>"
    )
    (entry,) = read_feed(rdf.encode(), AT).entries
    assert (entry.title, entry.link) == ("خبر", "https://e.example/1")
    assert (entry.published or entry.updated) == "2024-08-19T01:02:03+00:00"


@pytest.mark.parametrize(
    ("inner", "link"),
    [
        ("<link>1?a=2&amp;b=3</link>", "https://e.example/feeds/1?a=2&b=3"),
        ("<link>/خبر أول</link>", "https://e.example/%D8%AE%D8%A8%D8%B1%20%D8%A3%D9%88%D9%84"),
        ("<link>https://أخبار.example/1</link>", "https://xn--igbicxr.example/1"),
        ("<link><![CDATA[ /1?a=2&b=3 ]]></link>", "https://e.example/1?a=2&b=3"),
        ("<link>/1?a=2&b=3</link>", "https://e.example/1?a=2&b=3"),
        ("<guid>https://e.example/1</guid>", "https://e.example/1"),
        ("<guid>tag:e.example:1</guid>", None),
        ("<link>javascript:alert(1)</link>", None),
        ("", None),
        (
            "<link>https://feeds.example/~r/1</link><feedburner:origLink>https://e.example/1</feedburner:origLink>",
            "https://e.example/1",
        ),
    ],
)
def test_links(inner: str, link: str | None) -> None:
    head = channel(f"<item><title>خبر</title>{inner}</item>").replace(
        "<rss ", '<rss xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" '
    )
    assert read_feed(head.encode(), AT).entries[0].link == link


@pytest.mark.parametrize(
    "before",
    [
        "\n\n",
        "\ufeff",
        "<br />\n<b>Warning</b>: include() failed\n",
        "<!-- <rss> -->",
        '<?xml version="1.0"?><?xml-stylesheet href="a.xsl"?>',
        '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://e.example/rss-0.91.dtd">',
        '<!DOCTYPE rss [<!ENTITY nbsp "&#160;"><!-- ]> --><!ENTITY x "<rss>]>">]>',
    ],
    ids="lines mark warning comment instructions dtd subset".split(),
)
def test_what_stands_before_the_feed(before: str) -> None:
    assert titles(before + rss(item("/1", 1), head="")) == titles(rss(item("/1", 1)))


def test_entities_of_its_own_are_not_resolved() -> None:
    root, rest = document('<!DOCTYPE rss [<!ENTITY a "bomb">]><rss><channel><title>&a;</title></channel></rss>')
    assert root == "rss"
    assert "bomb" not in rest
    assert "&amp;a;" in rest


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"hello", "neither RSS nor Atom nor a sitemap"),
        (b"<opml><body/></opml>", "a list of feeds; save it"),
        (
            b'<html><head><link rel="alternate" type="application/rss+xml" href="/rss?a=1&amp;b=2"><link rel=alternate '
            b"type=application/atom+xml href=/atom></head></html>",
            "a page, no feed; it names these feeds: https://e.example/rss?a=1&b=2 https://e.example/atom",
        ),
        (b"<!doctype html><html><p>x</p></html>", "a page, no feed"),
    ],
    ids="empty text opml page-with-feeds page".split(),
)
def test_no_feed(data: bytes, words: str) -> None:
    with pytest.raises(FeedError, match=words.replace("?", r"\?")):
        read_feed(data, AT)


NEWS = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> https://e.example/1 </loc><lastmod>2024-08-19T10:00:00+03:00</lastmod>
<image:image><image:loc>https://e.example/a.jpg</image:loc><image:title>صورة</image:title></image:image>
<news:news><news:publication><news:name>الميناء</news:name><news:language>ar</news:language></news:publication>
<news:publication_date>2024-08-19T09:00:00+03:00</news:publication_date><news:title>خبر</news:title></news:news></url>
<url><loc>/2</loc></url><url><loc>javascript:x</loc></url><url></url></urlset>"""


def test_news_sitemap() -> None:
    feed = read_feed(NEWS.encode(), AT)
    assert feed.kind == "news sitemap"
    first, second = feed.entries
    assert (first.link, first.title, first.outlet, first.language) == ("https://e.example/1", "خبر", "الميناء", "ar")
    assert (first.published, first.updated) == ("2024-08-19T09:00:00+03:00", "2024-08-19T10:00:00+03:00")
    assert (second.link, second.published) == ("https://e.example/2", None)


def test_sitemap_index_and_lists() -> None:
    index = (
        "<sitemapindex><sitemap><loc>/a.xml</loc><lastmod>2024-08-19</lastmod></sitemap>"
        "<sitemap><loc>b.xml</loc></sitemap></sitemapindex>"
    )
    feed = read_feed(index.encode(), AT)
    assert feed.kind == "sitemap index"
    assert feed.maps == (("https://e.example/a.xml", "2024-08-19"), ("https://e.example/feeds/b.xml", None))
    plain = read_feed(b"https://e.example/1\nhttps://e.example/2\n", AT)
    assert [entry.link for entry in plain.entries] == ["https://e.example/1", "https://e.example/2"]
    cut = read_feed(b"<urlset><url><loc>https://e.example/1</loc></url><url><loc>https://e.exa", AT)
    assert [entry.link for entry in cut.entries][:1] == ["https://e.example/1"]


OPML = """<?xml version="1.0" encoding="utf-8"?><opml version="2.0"><head><title>x</title></head><body>
<outline text="اليمن"><outline type="rss" text="الساحل" title="صحيفة الساحل" xmlUrl="https://e.example/rss" htmlUrl="https://e.example"/>
<outline type="rss" text="بلا عنوان"/></outline>
<OUTLINE TYPE="rss" TEXT="الجبل" XMLURL="https://جبل.example/خبر"/>
<outline type="rss" text="ملف" xmlUrl="file:///etc/passwd"/>
</body></opml>"""


def test_opml(tmp_path: Path) -> None:
    path = tmp_path / "feeds.opml"
    path.write_text(OPML, encoding="utf-8")
    found, wrong = read_list(path)
    assert found == [
        Source("https://e.example/rss", "صحيفة الساحل", f"{path}:2"),
        Source("https://xn--ngbh7e.example/%D8%AE%D8%A8%D8%B1", "الجبل", f"{path}:4"),
    ]
    assert [message.split(": ")[0] for message in wrong] == [f"{path}:3", f"{path}:5"]
    path.write_bytes(OPML.replace("utf-8", "windows-1256").encode("cp1256"))
    assert [source.outlet for source in read_list(path)[0]] == ["صحيفة الساحل", "الجبل"]


def test_lists_of_addresses(tmp_path: Path) -> None:
    path = tmp_path / "feeds.txt"
    path.write_text("# اليمن\n\nhttps://e.example/rss  صحيفة الساحل\nhttps://e.example/2\nnot one\n", encoding="utf-8")
    found, wrong = read_list(path)
    assert [(source.address, source.outlet) for source in found] == [
        ("https://e.example/rss", "صحيفة الساحل"),
        ("https://e.example/2", None),
    ]
    assert len(wrong) == 1
    assert wrong[0].startswith(f"{path}:5: ")


def test_lists_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(FeedError, match="cannot be read"):
        read_list(tmp_path / "none.opml")
    with pytest.raises(FeedError, match="cannot be read"):
        read_list(tmp_path)
    bomb = tmp_path / "bomb.opml"
    bomb.write_text(
        '<!DOCTYPE opml [<!ENTITY a "x">]><opml><body><outline text="&a;" xmlUrl="https://e.example/"/></body></opml>'
    )
    assert read_list(bomb)[0][0].outlet == "&a;"


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("120", 120), ("0", 0), ("9999999999", 7 * 86400), ("-5", None), ("soon", None), ("", None), ("١٢", None),
     ("Mon, 19 Aug 2024 17:42:08 GMT", 0), ("Mon, 19 Aug 3024 17:42:08 GMT", 7 * 86400)],
)  # fmt: skip
def test_retry_after(told: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": told}) == seconds


HOSTILE = ("<", "<![CDATA[", "&lt;", "<p ", "<!--", "<script>", "<b>", "<p class='", "&", "]]>", "<!DOCTYPE [", "<?")


@pytest.mark.parametrize("portion", HOSTILE)
def test_hostile_markup_takes_no_time(portion: str) -> None:
    began = time.process_time()
    lines(portion * (200_000 // len(portion)))
    with contextlib.suppress(FeedError):
        document(portion * (2_000_000 // len(portion)))
    with contextlib.suppress(FeedError):
        read_feed(b"<rss><channel><item><title>x</title>" + portion.encode() * (1_300_000 // len(portion)), AT)
    assert time.process_time() - began < 30
