"""Extraction from public fault reports of this field (R13 to R24, R51 to R53), each with siblings of its kind."""

from __future__ import annotations

import json

import pytest

from khabar.pages import absolute_link, language, read_page
from khabar.records import Article, Page

TITLE = "وزير النقل يفتتح خطا جديدا للقطارات"
LEAD = (
    "افتتح وزير النقل في مدينة صفاقس صباح الأربعاء خطا جديدا للقطارات يربط الميناء بالمنطقة الصناعية، "
    "وقال إن الخط سيعمل يوميا."
)
NEXT = "وأضاف الوزير أن كلفة المشروع بلغت مئة مليون دينار، وأن الأشغال استمرت ثلاث سنوات بسبب تأخر وصول المعدات."
LAST = "وشكر الوزير العمال."
LINKS = ("إضراب في ميناء رادس يؤخر سفن الشحن", "أسعار الوقود ترتفع للمرة الثانية هذا العام")


def read(html: str, url: str | None = None) -> Article:
    return read_page(Page(source="case", html=html, url=url))


def wrap(body: str, head: str = f"<title>{TITLE}</title>") -> str:
    return f'<!doctype html><html lang="ar"><head>{head}</head><body>{body}</body></html>'


def anchors(tag: str = "li") -> str:
    return "".join(f'<{tag}><a href="/a/{n}">{text}</a></{tag}>' for n, text in enumerate(LINKS))


# R13: a box of links inside the article
@pytest.mark.parametrize(
    "box",
    [
        f'<div class="more"><h3>اقرأ أيضا</h3><ul>{anchors()}</ul></div>',
        f"<p><strong>اقرأ أيضاً:</strong></p>{anchors('p')}",
        f'<div class="td-related">{anchors("div")}</div>',
        f"<h4>مواضيع ذات صلة</h4><div>{anchors('div')}</div>",
        f"<p>قد يهمك أيضاً</p><p>{LINKS[0]}</p><p>{LINKS[1]}</p>",
        f'<aside><p>شاهد أيضا</p><p><a href="/v">{LINKS[0]}</a></p></aside>',
        f'<p>اقرأ المزيد: <a href="/x">{LINKS[0]}</a></p>',
    ],
)
@pytest.mark.parametrize("place", ["middle", "end"])
def test_links_to_other_stories(box: str, place: str) -> None:
    inner = f"<p>{LEAD}</p>{box}<p>{NEXT}</p>" if place == "middle" else f"<p>{LEAD}</p><p>{NEXT}</p>{box}"
    article = read(wrap(f"<article><h1>{TITLE}</h1>{inner}</article>"))
    assert article.paragraphs == (TITLE, LEAD, NEXT)
    assert any(LINKS[0] in item.line for item in article.dropped)


# R14, R15: nothing comes out twice, short articles come out whole
@pytest.mark.parametrize(
    "body",
    [
        f"<main><article><div><br>{LEAD}</div></article></main>",
        f"<main><article><section><div><div>{LEAD}</div></div></section></article></main>",
        f'<article><div class="mobile"><p>{LEAD}</p></div><div class="desktop"><p>{LEAD}</p></div></article>',
        f"<table><tr><td><p>{LEAD}</p></td></tr></table>",
    ],
)
def test_once(body: str) -> None:
    assert read(wrap(body)).paragraphs == (TITLE, LEAD)


def test_short_article_in_order() -> None:
    one, two = "وصل الوفد إلى المدينة فجر اليوم بعد تأخير.", "ومن المقرر أن يلتقي المحافظ ظهرا."
    menu, end = "<nav>القائمة</nav>", "<footer>كل الحقوق محفوظة</footer>"
    html = f"{menu}<article><h1>{TITLE}</h1><p>{one}</p><p>{two}</p></article>{end}"
    assert read(wrap(html)).paragraphs == (TITLE, one, two)


# what a page may be built of
@pytest.mark.parametrize(
    "body",
    [
        f"<h1>{TITLE}</h1><div>{LEAD}<br><br>{NEXT}<br/>{LAST}</div>",
        f"<h1>{TITLE}</h1><div><div>{LEAD}</div><div>{NEXT}</div><div>{LAST}</div></div>",
        f"<h1>{TITLE}</h1><div class='summary'>{LEAD}</div><img src=x><div><p>{NEXT}</p><p>{LAST}</p></div>",
        f"<article><h1>{TITLE}</h1><h2>{LEAD}</h2><div><p>{NEXT}</p><p>{LAST}</p></div></article>",
        f"<h1>{TITLE}</h1><figure><img><figcaption>القطار الجديد (رويترز)</figcaption></figure>"
        f"<p>{LEAD}</p><p>{NEXT}</p><p>{LAST}</p>"
        "<section class='comments'><p>شكرا للوزارة على هذا العمل الكبير.</p></section>",
    ],
)
def test_bodies(body: str) -> None:
    menu = "<nav><ul><li><a href=/>الرئيسية</a></li><li><a href=/p>سياسة</a></li></ul></nav>"
    assert read(wrap(menu + body)).paragraphs == (TITLE, LEAD, NEXT, LAST)


def test_body_of_the_metadata() -> None:
    news = {"@type": "NewsArticle", "headline": TITLE, "datePublished": "2023-05-06T01:00:00+03:00"}
    graph = {"@graph": [{"@type": "WebPage"}, {**news, "articleBody": f"{LEAD}\n{NEXT}"}]}
    script = f'<script type="application/ld+json">{json.dumps(graph)}</script>'
    article = read(wrap("<div id='app'></div><footer>جميع الحقوق محفوظة</footer>", script))
    assert article.paragraphs == (TITLE, LEAD, NEXT)
    assert (article.date, article.date_evidence) == ("2023-05-06", "JSON-LD datePublished")


# R17 to R19: the outlet's name leaves the title, nothing else does
@pytest.mark.parametrize(
    ("written", "site", "title"),
    [
        (f"{TITLE} – وكالة المرفأ", "وكالة المرفأ", TITLE),
        (f"{TITLE} — وكالة المرفأ", "وكالة المرفأ", TITLE),
        (f"{TITLE} - وكالة المرفأ", "", TITLE),
        (f"{TITLE} | المرفأ", "المرفأ", TITLE),
        (f"{TITLE} | أخبار | المرفأ", "المرفأ", f"{TITLE} | أخبار"),
        (f"وكالة المرفأ :: {TITLE}", "وكالة المرفأ", TITLE),
        (f"{TITLE} - almarfa.com", "", TITLE),
        ("الأمم المتحدة: مليون نازح في السودان", "وكالة المرفأ", "الأمم المتحدة: مليون نازح في السودان"),
        ("وكالة المرفأ: مليون نازح في السودان", "وكالة المرفأ", "وكالة المرفأ: مليون نازح في السودان"),
        ("غزة - رفح: المعبر يفتح ثلاثة أيام", "", "غزة - رفح: المعبر يفتح ثلاثة أيام"),
        ("صنعاء - عدن: الطريق يفتح - وكالة المرفأ", "وكالة المرفأ", "صنعاء - عدن: الطريق يفتح"),
        ("تونس | إضراب عام في قطاع النقل", "", "تونس | إضراب عام في قطاع النقل"),
    ],
)
def test_titles(written: str, site: str, title: str) -> None:
    head = f"<title>{written}</title>" + (f'<meta property="og:site_name" content="{site}">' if site else "")
    assert read(wrap(f"<article><p>{LEAD}</p><p>{NEXT}</p></article>", head)).paragraphs[0] == title


def test_first_heading_is_the_outlet() -> None:
    head = f"<title>{TITLE} - صحيفة المرفأ</title>"
    body = f"<header><h1><a href=/>صحيفة المرفأ</a></h1></header><h2>{TITLE}</h2><div><p>{LEAD}</p><p>{NEXT}</p></div>"
    article = read(wrap(body, head))
    assert article.paragraphs == (TITLE, LEAD, NEXT)
    assert article.outlet == "صحيفة المرفأ"


# R22: letters beyond ASCII in base and link
@pytest.mark.parametrize(
    ("href", "base", "link"),
    [
        ("تونس-1.html", "/أخبار/", "https://e.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/%D8%AA%D9%88%D9%86%D8%B3-1.html"),
        (
            "%D8%AA%D9%88%D9%86%D8%B3",
            "/أخبار/",
            "https://e.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/%D8%AA%D9%88%D9%86%D8%B3",
        ),
        ("?q=خبر", None, "https://e.example/index.php/%D9%85%D8%AE%D8%A7%D8%B2%D9%86?q=%D8%AE%D8%A8%D8%B1"),
        ("../a", None, "https://e.example/a"),
        ("//f.example/x", None, "https://f.example/x"),
        ("mailto:a@b.example", None, "mailto:a@b.example"),
    ],
)
def test_links(href: str, base: str | None, link: str) -> None:
    assert absolute_link(href, "https://e.example/index.php/%D9%85%D8%AE%D8%A7%D8%B2%D9%86", base) == link


# R23, R24: short texts in Arabic script
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("أعلنت الحكومة أمس زيادة في رواتب المعلمين", "ar"),
        ("زلزال يضرب ايران", "ar"),
        ("مقتل جندي", "ar"),
        ("قال قائد القیادة المركزیة إن القوات باقیة", "ar"),  # typed with Persian ye
        ("این گزارش تازه چیست؟", "fa"),
        ("وزیر خارجه با همتای ترک خود گفتگو کرد", "fa"),
        ("وزیر اعظم نے کہا ہے کہ ملک میں امن ہے", "ur"),
        ("سەرۆکی هەرێم لەگەڵ وەزیر کۆبووەوە", "ckb"),
        ("د افغانستان ولسمشر وویل چې سوله به راشي", "ps"),
        ("ھۆكۈمەت بۇ يىل يېڭى پىلان ئېلان قىلدى", "ug"),
        ("Breaking news from the region", "other"),
        ("", "other"),
    ],
)
def test_language(text: str, code: str) -> None:
    assert language(text) == code


# R51 to R53: the day of publication, and no other
@pytest.mark.parametrize(
    ("head", "line", "url", "day"),
    [
        ("", "آخر تحديث: 9 أبريل 2022 - نشر في: 6 أبريل 2022", None, "2022-04-06"),
        ("", "نشر في: 6 أبريل 2022 | آخر تحديث: 9 أبريل 2022", None, "2022-04-06"),
        ("", "آخر تحديث: 9 أبريل 2022", "https://e.example/2022/04/06/a", "2022-04-06"),
        ("", "", "https://e.example/news/خطة-2030-1-للتشجير", None),
        ("", "", "https://e.example/2030/1/خطة", None),
        ("", "", "https://e.example/20221345/a", None),
        ("", "", "https://e.example/2022/13/45/a", None),
        ("", "", "https://e.example/news/20220406/a", "2022-04-06"),
        ('<meta property="article:published_time" content="1970-01-01T00:00:00Z">', "", None, None),
        (
            '<meta property="article:modified_time" content="2022-04-09T10:00:00+03:00">',
            "الأربعاء 6 أبريل 2022",
            None,
            "2022-04-06",
        ),
        ('<meta name="dc.date" content="2023-01-02">', "", None, "2023-01-02"),
        (
            '<meta property="article:published_time" content="2022-04-05T22:30:00Z">',
            "الأربعاء 6 أبريل 2022",
            None,
            "2022-04-06",
        ),
        ("", "Published April 6, 2022", None, "2022-04-06"),
        ("", "٦ أبريل ٢٠٢٢ - ١٠:٣٠ ص", None, "2022-04-06"),
        ("", "منذ 3 ساعات", None, None),
    ],
)
def test_published(head: str, line: str, url: str | None, day: str | None) -> None:
    past = "وكان الخط السابق افتتح في 3 مارس 1999."
    inner = f"<div>{line}</div><p>{LEAD}</p><p>{past}</p><p>{NEXT}</p>"
    body = f"<article><h1>{TITLE}</h1>{inner}</article><p>© 2021</p>"
    article = read(wrap(body, f"<title>{TITLE}</title>{head}"), url)
    assert article.date == day
    assert (article.date_precision, article.date_evidence is None) == (("day", False) if day else (None, True))


def test_last_update_alone_is_told_as_such() -> None:
    article = read(wrap(f"<article><h1>{TITLE}</h1><div>آخر تحديث: 9 أبريل 2022</div><p>{LEAD}</p></article>"))
    assert article.date == "2022-04-09"
    assert article.date_evidence is not None
    assert article.date_evidence.startswith("last update")
