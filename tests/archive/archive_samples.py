"""Articles and codings for the tests: short texts of our own with every cell filled."""

from __future__ import annotations

from typing import Any

from khabar.records import Act, Article, CodedArticle, Dropped, Event, Mention, Place, Time, Trigger

TITLE = "أرمينيا تدعو أذربيجان إلى العودة للمحادثات"
LEAD = "دعت أرمينيا الثلاثاء أذربيجان إلى استئناف المحادثات في تبليسي."
BODY = "وقصف الجيش الأذربيجاني قرية حدودية فقتل 3 مدنيين على الأقل، بحسب يريفان."


def article(n: int = 1, **changes: Any) -> Article:
    fields: dict[str, Any] = {
        "id": f"art{n:09d}",
        "paragraphs": (TITLE, LEAD, f"{BODY} ({n})"),
        "url": f"https://example.org/news/{n}?utm_source=x",
        "outlet": "وكالة المثال",
        "date": f"2022-07-{n % 28 + 1:02d}",
        "date_evidence": "meta",
        "date_precision": "day",
        "agency": "وكالات",
        "byline": "سارة",
        "dateline": "يريفان",
        "source": f"pages/{n}.html",
        "dropped": (Dropped(line="اقرأ أيضا", reason="read_also"), Dropped(line="شارك", reason="share")),
    }
    return Article(**{**fields, **changes})


def span(text: str, paragraph: str) -> dict[str, Any]:
    """The words with their offsets in the paragraph."""
    start = paragraph.index(text)
    return {"text": text, "start": start, "end": start + len(text)}


def mention(text: str | None, paragraph: str, *codes: str, **more: Any) -> Mention:
    return Mention(**(span(text, paragraph) if text else {}), codes=codes, **more)


def trigger(text: str, paragraph: str) -> Trigger:
    return Trigger(**span(text, paragraph))


def request(id_: str, paragraph: int = 1) -> Event:
    text = (TITLE, LEAD)[paragraph]
    return Event(
        id=id_,
        paragraph=paragraph,
        trigger=trigger("تدعو" if paragraph == 0 else "دعت", text),
        type="REQUEST",
        mode="meet",
        actors=(mention("أرمينيا", text, "ARM", ids=("Q399",), names=("Armenia",), method="table", confidence=0.9),),
        recipients=(mention("أذربيجان", text, "AZE", names=("Azerbaijan",)),),
        time=Time(value="2022-07-05", precision="day", **span("الثلاثاء", LEAD)) if paragraph == 1 else None,
        confidence=0.8 if paragraph == 1 else 0.7,
        cells={"type": 0.95},
        why=("دعا → REQUEST",),
    )


def attack(id_: str, **changes: Any) -> Event:
    fields: dict[str, Any] = {
        "id": id_,
        "paragraph": 2,
        "trigger": trigger("وقصف", BODY),
        "type": "ASSAULT",
        "mode": "heavy-weapons",
        "actors": (mention("الجيش الأذربيجاني", BODY, "AZE.MIL", names=("Azerbaijani Armed Forces",)),),
        "recipients": (mention("مدنيين", BODY, "ARM.CVL"),),
        "speaker": (
            mention("يريفان", BODY, "ARM", ids=("Q399",), names=("Armenia",), guess=(("ARM", 0.75), ("ARM.GOV", 0.25))),
        ),
        "place": Place(
            **span("قرية حدودية", BODY),
            country="ARM",
            geonames=616052,
            name="Yerevan",
            latitude=40.18,
            longitude=44.51,
            feature="PPL",
            admin1="Syunik",
            alternatives=("x",),
        ),
        "toll": {"killed": ">=3"},
        "confidence": 0.6,
    }
    return Event(**{**fields, **changes})


def coded(n: int = 1, **changes: Any) -> CodedArticle:
    id_ = changes.pop("id", f"art{n:09d}")
    events = (request(f"{id_}:0:8:REQUEST", 0), request(f"{id_}:1:0:REQUEST", 1), attack(f"{id_}:2:0:ASSAULT"))
    fields: dict[str, Any] = {
        "id": id_,
        "contexts": ("diplomatic", "military"),
        "not_body": ((2, "other"),),
        "events": events,
        "coder": "test",
    }
    return CodedArticle(**{**fields, **changes})


def acts(coding: CodedArticle) -> tuple[Act, ...]:
    """The first two events are one act, its best cells those of the second; every other event is an act of its own."""
    events = coding.events
    if len(events) < 3:
        return tuple(Act(id=str(event.id), events=(n,), best=event) for n, event in enumerate(events))
    merged = Act(id=str(events[1].id), events=(1, 0), best=events[1])
    return (merged, *(Act(id=str(e.id), events=(n,), best=e) for n, e in enumerate(events) if n > 1))


def batch(*numbers: int) -> list[tuple[Article, CodedArticle, tuple[Act, ...]]]:
    return [(article(n), coded(n), acts(coded(n))) for n in numbers]


def single_acts(coding: CodedArticle) -> tuple[Act, ...]:
    """Every event an act of its own."""
    return tuple(Act(id=str(event.id), events=(n,), best=event) for n, event in enumerate(coding.events))
