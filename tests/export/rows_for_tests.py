"""Rows that the tests of all formats share."""

from __future__ import annotations

from typing import Any

from khabar.archive.rows import PartyCell, PlaceCell, Row

TITLE = 'قال: "نعم", ثم غادر'
TEXT = "=سطر أول\nسطر ثان; تم\tانتهى «الأول»"
AZE = PartyCell(code="AZE.GOV", country="AZE", sector="GOV", id="Q1", name="Jeyhun Bayramov", mention="وزير الخارجية",
                start=0, end=13)  # fmt: skip
ARM = PartyCell(code="ARM.GOV", country="ARM", sector="GOV", mention="نظيره; الأرميني", position=1)
UNO = PartyCell(code="IGO.UNO", country="IGO", sector="UNO", mention="الأمم المتحدة")
TBILISI = PlaceCell(name="Tbilisi", raw="تبليسي", country="GEO", latitude=41.69, longitude=44.83, geonames=611717,
                    feature="PPLC", admin1="Tbilisi")  # fmt: skip


def row(**cells: Any) -> Row:
    base: dict[str, Any] = {
        "event_id": "a1:a1:0:CONSULT", "article_id": "a1", "type": "CONSULT", "status": "actual",
        "trigger": "محادثات", "trigger_start": 4, "trigger_end": 11, "paragraph": 1, "text": TEXT, "title": TITLE,
    }  # fmt: skip
    return Row(**base | cells)


MEETING = row(
    actors=(AZE, ARM), place=TBILISI, first="2022-07-16", last="2022-07-16", dated="event", time="2022-07-16",
    time_text="السبت", precision="day", published="2022-07-17", outlet="منفذ", url="https://example.org/1?a=1&b=2",
    contexts=("diplomatic", "territory"), confidence=0.91, mentions=3, mention_ids=("a1:1:4:CONSULT", "a1:3:0:CONSULT"),
    story_parties=("Jeyhun Bayramov", "الأمم المتحدة"), story_places=("Tbilisi",), coder="neural", model="1",
)  # fmt: skip
ATTACK = row(
    event_id="a2:a0:3:ASSAULT", article_id="a2", type="ASSAULT", mode="drone", trigger="قصف", paragraph=0,
    actors=(PartyCell(code="YEM.REB", country="YEM", sector="REB", name="Houthis", mention="الحوثيون"),),
    recipients=(PartyCell(code="SAU.BUS", country="SAU", sector="BUS", mention="شركة"),
                PartyCell(code="SAU.CVL", country="SAU", sector="CVL", mention="مدنيين")),
    toll={"killed": "3", "injured": ">=10"}, first="2022-03-01", last="2022-03-31", dated="event", time="2022-03",
    place=PlaceCell(raw="جدة", country="SAU"), published="2022-04-01",
)  # fmt: skip
PLANNED = row(event_id="a3:a0:0:CONSULT", article_id="a3", mode="visit", status="planned", actors=(AZE,),
              recipients=(UNO,), first="2022-08-01", last="2022-08-01", dated="event")  # fmt: skip
DENIED = row(event_id="a4:a0:0:ASSAULT", article_id="a4", type="ASSAULT", status="denied", actors=(AZE,),
             recipients=(ARM,))  # fmt: skip
BARE = row(event_id="a5:a2:9:PROTEST", article_id="a5", type="PROTEST", mode="demo")
ROWS = (MEETING, ATTACK, PLANNED, DENIED, BARE)
