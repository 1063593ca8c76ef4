"""What the tests in a browser stand on: a small archive of texts of our own, and what they all do with a page."""

from __future__ import annotations

from typing import Any

import msgspec
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from khabar.archive import Archive
from khabar.pipeline import Settings
from khabar.records import Article, CodedArticle, Dropped, Event, Mention, Place, Time, Trigger

TITLE = "دعوة إلى المحادثات"
LEAD = "دعت أرمينيا الثلاثاء أذربيجان إلى استئناف المحادثات في تبليسي، ثم دعت روسيا إلى حضورها."
OTHER = "قصفت طائرات مجهولة الأربعاء مخزنا قرب الخرطوم ولم تعلن أي جهة مسؤوليتها."
QUICK = Settings(coder="baseline")
HOSTILE = '<img src=x onerror="document.title=1"> \u202eمقلوب'
EVENT = "a1:1:0:REQUEST"
expect.set_options(timeout=30_000)  # machines that run tests do other things too


def _span(text: str, of: str = LEAD) -> dict[str, Any]:
    start = of.index(text)
    return {"text": text, "start": start, "end": start + len(text)}


def _request(id_: str) -> Event:
    return Event(
        id=f"{id_}:1:0:REQUEST", paragraph=1, trigger=Trigger(**_span("دعت")), type="REQUEST", mode="meet",
        actors=(Mention(**_span("أرمينيا"), codes=("ARM",), names=("Armenia",)),),
        recipients=(Mention(**_span("أذربيجان"), codes=("AZE",), names=("Azerbaijan",)),),
        place=Place(**_span("تبليسي"), country="GEO", geonames=611717, name="Tbilisi", latitude=41.7, longitude=44.8),
        time=Time(**_span("الثلاثاء"), value="2022-07-05"), confidence=0.8,
    )  # fmt: skip


def _raid(id_: str) -> Event:
    return Event(
        id=f"{id_}:1:0:ASSAULT", paragraph=1, trigger=Trigger(**_span("قصفت", OTHER)), type="ASSAULT", mode="aerial",
        actors=(Mention(**_span("طائرات", OTHER), codes=("UNK",)),), status="possible",
        place=Place(**_span("الخرطوم", OTHER), country="SDN", geonames=379252, name="Khartoum", latitude=15.55,
                    longitude=32.53),
        time=Time(**_span("الأربعاء", OTHER), value="2022-08-03"), confidence=0.55,
    )  # fmt: skip


def fill(archive: Archive) -> None:
    """Six articles: three of one text, two that tell a raid, a hostile one."""
    dropped = (Dropped(line="<b>شارك</b>", reason="share"),)
    for n in range(1, 4):
        article = Article(
            id=f"a{n}", paragraphs=(TITLE, LEAD), url=f"https://example.org/{n}", outlet="وكالة المثال",
            date="2022-07-06", dropped=dropped,
        )  # fmt: skip
        archive.add(article, CodedArticle(id=f"a{n}", events=(_request(f"a{n}"),), contexts=("diplomatic",)), coder="t")
    article = Article(
        id="b1", paragraphs=("غارة قرب الخرطوم", OTHER), url="https://example.org/b", outlet="صحيفة المثال",
        date="2022-08-04",
    )  # fmt: skip
    archive.add(article, CodedArticle(id="b1", events=(_raid("b1"),), contexts=("military",)), coder="t")
    article = Article(id="x1", paragraphs=(HOSTILE, HOSTILE), url="javascript:alert(1)", date="2022-08-05")
    archive.add(article, CodedArticle(id="x1"), coder="t")
    # Another paper tells the raid otherwise.
    other = OTHER.replace("مجهولة", "حربية")
    event = msgspec.structs.replace(_raid("b2"), status="actual", toll={"killed": "3"})
    article = Article(
        id="b2", paragraphs=("طائرات تقصف مخزنا قرب الخرطوم", other), url="https://example.org/b2",
        outlet="جريدة أخرى", date="2022-08-04",
    )  # fmt: skip
    archive.add(article, CodedArticle(id="b2", events=(event,), contexts=("military",)), coder="t")
    archive.link()


def settled(page: Page) -> None:
    """What a step replaced is ready for the next one; before, a button would send its form the plain way."""
    expect(page.locator("#said")).to_be_focused()


def named(page: Page, name: str, *, script: bool = True) -> None:
    """Says who corrects, once."""
    page.locator(".person").get_by_label("Your name").fill(name)
    page.get_by_role("button", name="That is me").click()
    expect(page.locator(".person summary")).to_contain_text(name)
    if script:
        settled(page)


def passes_axe(page: Page) -> None:
    """Whether labels, contrast and order are as WCAG asks."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
