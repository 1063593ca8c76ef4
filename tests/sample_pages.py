"""Pages and articles written for the tests."""

from __future__ import annotations

import datetime
import json

TITLE = "وزيرا خارجية أرمينيا وأذربيجان يلتقيان في تبليسي"
PARAGRAPHS = (
    "التقى وزير الخارجية الأرميني أرارات ميرزويان نظيره الأذربيجاني جيحون بيراموف في تبليسي يوم السبت.",
    "ودعا الوزير الأرميني أذربيجان إلى إطلاق سراح الأسرى، وفق بيان للخارجية الأرمينية.",
    "وقصف الجيش السوداني مواقع لقوات الدعم السريع في الخرطوم، ما أسفر عن مقتل 12 شخصا.",
)
HTML = """<!doctype html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>{title} | صحيفة التجربة</title>
<meta property="og:title" content="{title}"><meta property="article:published_time" content="{date}T09:00:00+00:00">
<meta property="og:site_name" content="صحيفة التجربة"></head><body><nav><a href="/">الرئيسية</a></nav>
<article><h1>{title}</h1>{body}</article><footer>جميع الحقوق محفوظة</footer></body></html>"""


def html_page(title: str = TITLE, paragraphs: tuple[str, ...] = PARAGRAPHS, date: str = "2022-07-16") -> str:
    """A page in the manner of an outlet's template."""
    return HTML.format(title=title, date=date, body="".join(f"<p>{text}</p>" for text in paragraphs))


def article(number: int) -> dict[str, object]:
    """An article whose text tells its number; each of another day, so that no two tell the same happening."""
    place = ("حلب", "إدلب", "حمص", "درعا")[number % 4]
    return {
        "id": f"a{number:04}",
        "date": (datetime.date(2022, 7, 16) - datetime.timedelta(days=7 * (number % 1000))).isoformat(),
        "outlet": "التجربة",
        "url": f"https://news.example/{number}",
        "paragraphs": [
            f"غارات على {place}",
            f"قصف الجيش السوري مدينة {place} يوم الجمعة، ما أسفر عن مقتل {number + 3} مدنيين.",
            "وأدانت فرنسا القصف ودعت دمشق إلى وقف إطلاق النار.",
        ],
    }


def article_lines(count: int) -> bytes:
    """JSONL of that many articles."""
    return b"".join(json.dumps(article(n), ensure_ascii=False).encode() + b"\n" for n in range(count))
