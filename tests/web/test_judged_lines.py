"""On an article's page everything that a person judged says who judged it and when: events, cells, paragraphs,
contexts. Texts are our own."""

from __future__ import annotations

import re
from html import unescape

import msgspec
import pytest
from room_samples import EVENT
from starlette.testclient import TestClient

from khabar.archive import Archive
from khabar.archive.about import About
from khabar.archive.standing import keep_about
from khabar.web import make_app


@pytest.fixture
def archive(fresh: Archive) -> Archive:
    return fresh


@pytest.fixture
def room(archive: Archive) -> TestClient:
    return TestClient(make_app(archive), base_url="http://localhost")  # also who may not correct is told


def _lines(room: TestClient, kind: str, article: str = "a1", language: str = "en") -> list[str]:
    """What stands in lists or paragraphs of a class, without the moments that must stand there."""
    page = room.get(f"/articles/{article}?lang={language}").text
    pattern = rf'<p class="{kind}">(.*?)</p>' if kind == "by" else rf'<ul class="{kind}"[^>]*>(.*?)</ul>'
    found = []
    for part in re.findall(pattern, page, re.DOTALL):
        for line in re.findall(r"<li>(.*?)</li>", part, re.DOTALL) or [part]:
            assert re.search(
                r'<time dir="ltr" datetime="\d{4}-\d\d-\d\dT[^"]+\+00:00">[-\d]+ \d\d:\d\d UTC</time>', line
            )
            words = unescape(re.sub(r"<time.*?</time>|<[^>]+>", "", line))
            found.append(" ".join(words.split()).removesuffix(" ·"))
    return found


def test_each_cell_says_whose_it_is(room: TestClient, archive: Archive) -> None:
    assert _lines(room, "verdict") == []
    archive.correct(EVENT, "change", {"status": "planned", "place": None}, who="ريما")
    archive.correct(EVENT, "accept", {"actors": None}, who="Sami")
    archive.correct(EVENT, "change", {"status": "denied"}, who="Noor")
    assert _lines(room, "verdict") == [
        "Place: emptied by ريما", "actor: accepted by Sami", "Status: changed by Noor",
    ]  # fmt: skip
    archive.correct(EVENT, "accept", who="Hala")
    assert _lines(room, "verdict")[0] == "accepted by Hala"
    assert _lines(room, "verdict", language="ar") == [
        "إقرار Hala", "المكان: إفراغ ريما", "الفاعل: إقرار Sami", "الحال: تعديل Noor",
    ]  # fmt: skip
    archive.correct(EVENT, "undo", who="Noor")
    assert _lines(room, "verdict") == []
    archive.correct(EVENT, "change", {"mode": "yield"}, who="Sami")  # what was said before is gone
    assert _lines(room, "verdict") == ["Mode: changed by Sami"]
    archive.correct(EVENT, "delete", who="Hala")
    assert "deleted by Hala" in _lines(room, "verdict")


def test_all_at_once_is_told_of_each_event(room: TestClient, archive: Archive) -> None:
    archive.accept_all("a1", {one.id: one.etag for one in archive.judged_of("a1")}, who="Rima")
    assert _lines(room, "verdict") == ["accepted by Rima"]


def test_paragraphs_and_contexts_say_whose_they_are(room: TestClient, archive: Archive) -> None:
    assert _lines(room, "by") == []
    archive.correct_article("a1", contexts=["military"], who="Rima")
    archive.correct_article("a1", lines={1: "promo"}, who="سامي")
    archive.correct_article("x1", lines={1: ""}, who="<b>Noor</b>")
    assert _lines(room, "by") == ["contexts set by Rima", "judged no text by سامي"]
    assert _lines(room, "by", language="ar") == ["سياقات بتحديد Rima", "ليست من النص بحكم سامي"]
    assert _lines(room, "by", article="x1") == ["judged text by <b>Noor</b>"]
    about = room.get("/api/articles/a1").json()["about"]
    assert about["contexts_by"]["who"] == "Rima"
    assert [(n, by["who"]) for n, by in about["lines_by"]] == [(1, "سامي")]
    archive.correct_article("a1", own_contexts=True, lines={1: None}, who="Rima")
    assert _lines(room, "by") == []


def test_words_of_before_have_no_name(room: TestClient, archive: Archive) -> None:
    """Archives of before kept only who spoke last of an article, not of which line."""
    archive.correct_article("a1", contexts=["military"], lines={1: "promo"}, who="Rima")
    with archive._engine.begin() as connection:
        (record,) = connection.exec_driver_sql("SELECT record FROM corrected_articles").scalars()
        about = msgspec.json.decode(record, type=About)
        lines = tuple(msgspec.structs.replace(one, by=None) for one in about.lines)
        keep_about(connection, msgspec.structs.replace(about, contexts_by=None, lines=lines))
    page = room.get("/articles/a1?lang=en").text
    assert page.count('<p class="by">by a reader</p>') == 2
