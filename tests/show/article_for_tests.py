"""A hostile article and its coding, for the tests of both ways to show it."""

from __future__ import annotations

from khabar.records import Article, CodedArticle, Dropped, Event, Mention, NearMiss, Place, Time, Trigger

PARAGRAPHS = (
    '<script>alert(1)</script> \u202eقصف\u202c "عنوان"',
    "قصفت طائرات مسيرة مستشفى في مدينة غزة أمس ما أدى إلى مقتل 5 أشخاص.",
    "اقرأ أيضا: قصة أخرى",
    "[مقتبس] دعا الأمين العام\x1b[31m إلى وقف القصف فورا",
)
ARTICLE = Article(
    id="x1", paragraphs=PARAGRAPHS, url="javascript:alert(1)", outlet='وكالة "<b>"', date="2023-01-05",
    date_evidence="meta", dropped=(Dropped(line="<img src=x onerror=alert(1)>", reason="promo"),),
)  # fmt: skip


GAZA = PARAGRAPHS[1].index("مدينة غزة")


def trigger(paragraph: int, word: str) -> Trigger:
    start = PARAGRAPHS[paragraph].index(word)
    return Trigger(text=word, start=start, end=start + len(word))


def mention(paragraph: int, words: str, *codes: str, **more: object) -> Mention:
    start = PARAGRAPHS[paragraph].index(words)
    return Mention(text=words, start=start, end=start + len(words), codes=codes, **more)  # type: ignore[arg-type]


DRONES = mention(1, "طائرات مسيرة", "ISR.MIL", names=("Israel Defense Forces",), method="table", confidence=0.8,
                 alternatives=("USA.MIL",), guess=(("ISR.MIL", 0.7),))  # fmt: skip
CODED = CodedArticle(
    id="x1",
    not_body=((2, "read_also"),),
    near=(NearMiss(paragraph=1, trigger=trigger(1, "مقتل"), type="ASSAULT", probability=0.41),),
    events=(
        Event(paragraph=3, trigger=trigger(3, "دعا"), type="REQUEST", mode="yield",
              actors=(mention(3, "الأمين العام", "IGO.UNO"), Mention(codes=("USA",)))),
        Event(paragraph=0, trigger=trigger(0, "قصف"), type="ASSAULT", confidence=0.8, place=Place(country="PSE")),
        Event(paragraph=1, trigger=trigger(1, "قصفت"), type="ASSAULT", mode="drone", confidence=0.97,
              actors=(DRONES,), recipients=(mention(1, "مستشفى في مدينة غزة", "PSE.MED"),),
              place=Place(text="مدينة غزة", start=GAZA, end=GAZA + 9, country="PSE", name="Gaza", latitude=31.5,
                          longitude=34.46, geonames=281133),
              time=Time(text="أمس", start=GAZA + 10, end=GAZA + 13, value="2023-01-04", reason="publication date"),
              toll={"killed": "5"}, why=("trigger 0.97",), cells={"mode": 0.9}),
        Event(paragraph=3, trigger=trigger(3, "القصف"), type="ASSAULT", status="possible"),
        Event(paragraph=3, trigger=trigger(3, "القصف"), type="RETREAT", status="possible", time=Time(text="؟")),
    ),
)  # fmt: skip
