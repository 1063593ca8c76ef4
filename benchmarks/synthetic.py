"""Made-up pages of about 60 words for benchmarks of whole runs: our own sentences with changing places, parties,
numbers and days, so that no two pages are alike and every one has events."""

from __future__ import annotations

import datetime
import json
import random
from collections.abc import Iterator

PLACES = "حلب|إدلب|حمص|درعا|الخرطوم|أم درمان|الفاشر|نيالا|صنعاء|عدن|تعز|الحديدة|غزة|رفح|خان يونس|بيروت|صور|بغداد|الموصل|البصرة|طرابلس|بنغازي|سرت|تبليسي"  # noqa: E501
STATES = (
    "سوريا|السودان|اليمن|لبنان|العراق|ليبيا|مصر|الأردن|تركيا|إيران|فرنسا|روسيا|الصين|قطر|الجزائر|تونس|المغرب|أرمينيا"
)
FORCES = "الجيش السوري|الجيش السوداني|قوات الدعم السريع|الجيش اليمني|الجيش الإسرائيلي|الجيش الليبي|الجيش العراقي"
SENTENCES = (
    "قصفت مدفعية {force} أحياء سكنية في مدينة {place} فجر اليوم، ما أدى إلى مقتل {n} أشخاص وإصابة {m} آخرين بجروح.",
    "وأدانت وزارة الخارجية في {state} الهجوم، ودعت جميع الأطراف إلى وقف فوري لإطلاق النار وحماية المدنيين.",
    "وفي سياق متصل، التقى وزير خارجية {state} نظيره في {other} وبحثا سبل إيصال المساعدات إلى سكان {place}.",
    "وأعلنت {state} إرسال {m} شاحنة محملة بالمواد الغذائية والأدوية إلى المتضررين في {place} خلال الأسبوع المقبل.",
    "وتظاهر مئات الأشخاص في {place} احتجاجا على تردي الأوضاع المعيشية، بينما انتشرت قوات الأمن في الشوارع الرئيسية.",
    "ورفضت حكومة {other} الاتهامات التي وجهتها إليها {state}، وقالت إنها ستواصل المحادثات برعاية الأمم المتحدة.",
)
HTML = """<!doctype html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>{title}</title>
<meta property="article:published_time" content="{date}T09:00:00+00:00"></head><body>
<nav><a href="/">الرئيسية</a> <a href="/news">أخبار</a></nav><article><h1>{title}</h1>{body}</article>
<footer>جميع الحقوق محفوظة</footer></body></html>"""


def page(number: int) -> dict[str, str]:
    """Page number n, the same at every call, as a line of JSONL bears it."""
    chance = random.Random(number)

    def one(words: str) -> str:
        return chance.choice(words.split("|"))

    place, state, other = one(PLACES), one(STATES), one(STATES)
    filled = [
        text.format(
            force=one(FORCES), place=place, state=state, other=other, n=chance.randint(3, 60), m=chance.randint(3, 90)
        )
        for text in chance.sample(SENTENCES, 3)
    ]
    title = f"تطورات {place}: {state} و{other} تتابعان الموقف للمرة {number}"
    date = datetime.date(2005, 1, 1) + datetime.timedelta(days=chance.randrange(7000))
    html = HTML.format(title=title, date=date.isoformat(), body="".join(f"<p>{text}</p>" for text in filled))
    return {"url": f"https://example.org/{number}", "outlet": f"صحيفة {number % 30}", "html": html}


def lines(first: int, last: int) -> Iterator[bytes]:
    """Pages as JSONL."""
    for number in range(first, last):
        yield json.dumps(page(number), ensure_ascii=False).encode() + b"\n"
