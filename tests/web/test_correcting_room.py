"""Corrections from the page and as JSON: accepted, changed, deleted, added; refused where they must be."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from starlette.testclient import TestClient

from khabar.archive import Archive, connect, open_archive
from khabar.records import Article, CodedArticle, Event, Mention, Trigger
from khabar.web import make_app

TITLE = "دعوة إلى المحادثات"
LEAD = "دعت أرمينيا الثلاثاء أذربيجان إلى استئناف المحادثات في تبليسي ثم دعت روسيا إليها."


def _span(text: str) -> dict[str, Any]:
    start = LEAD.index(text)
    return {"text": text, "start": start, "end": start + len(text)}


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    event = Event(
        id="a:1:0:REQUEST", paragraph=1, trigger=Trigger(**_span("دعت")), type="REQUEST", mode="meet", confidence=0.6,
        actors=(Mention(**_span("أرمينيا"), codes=("ARM",), ids=("ARM",), names=("Armenia",)),),
    )  # fmt: skip
    with open_archive(tmp_path / "khabar.db") as book:
        article = Article(id="a", paragraphs=(TITLE, LEAD), url="https://example.org/a", date="2022-07-06")
        book.add(article, CodedArticle(id="a", events=(event,)), coder="test")
        yield book


@pytest.fixture
def room(archive: Archive) -> TestClient:
    return TestClient(make_app(archive, edit=True), base_url="http://localhost")


EVENT = "a:1:0:REQUEST"


def _form(room: TestClient, page: str = "/articles/a?lang=en", **values: str) -> dict[str, str]:
    """The hidden fields of the page's form and what a person types."""
    room.cookies.set("khabar_who", "Rima")
    text = room.get(page).text
    secret = re.search(r'name="form" value="([^"]+)"', text)
    etag = re.search(rf'name="event" value="{EVENT}"><input type="hidden" name="etag" value="([^"]+)"', text)
    assert secret
    hidden = {"form": secret[1], "article": "a", "who": "Rima", "lang": "en"}
    if etag:
        hidden |= {"event": EVENT, "etag": etag[1]}
    return hidden | values


def test_accept_and_undo(room: TestClient, archive: Archive) -> None:
    answer = room.post("/edit", data=_form(room, action="accept"))
    assert answer.status_code == 200
    assert answer.history[0].status_code == 303
    assert "accepted by" in answer.text
    assert "Rima" in answer.text
    assert "Saved" in answer.text
    assert archive.judged(EVENT).standing is not None
    # The name is kept for the next form.
    assert 'type="hidden" name="who" value="Rima"' in room.get("/articles/a").text
    assert "accepted by" not in room.post("/edit", data=_form(room, action="undo")).text


def test_change_cells(room: TestClient, archive: Archive) -> None:
    page = f"/articles/a?edit={EVENT}&lang=en"
    text = room.get(page).text
    assert 'name="actors" data-cell="actors" value="أرمينيا=ARM"' in text
    typed = {
        "type": "REQUEST", "mode": "meet", "status": "actual", "speaker": "", "toll": "",
        "actors": "أرمينيا=ARM", "recipients": "أذربيجان ; ^=RUS.GOV", "place": "تبليسي", "time": "الثلاثاء",
    }  # fmt: skip
    answer = room.post("/edit", data=_form(room, page, action="change", note="lead", **typed))
    assert answer.status_code == 200, answer.text
    (event,) = archive.article("a")[1].events
    # The tables fill codes, names, coordinates and days.
    assert [m.codes for m in event.recipients] == [("AZE",), ("RUS.GOV",)]
    assert event.recipients[0].names == ("Azerbaijan",)
    assert event.place is not None
    assert event.place.geonames == 611717
    assert event.time is not None
    assert event.time.value == "2022-07-05"
    assert event.actors[0].method is None  # what nobody touched stays the coder's
    assert {step.cell for step in archive.history("a")} == {"recipients", "place", "time"}
    assert "What the coder said" in answer.text
    assert room.get("/api/events?recipient=AZE").json()["total"] == 1


def test_single_cells_are_confirmed_and_emptied(room: TestClient, archive: Archive) -> None:
    page = f"/articles/a?edit={EVENT}"
    typed = {"type": "REQUEST", "mode": "", "status": "actual", "actors": "أرمينيا=ARM", "confirm": "actors"}
    assert room.post("/edit", data=_form(room, page, action="change", **typed)).status_code == 200
    assert [(step.action, step.cell) for step in archive.history("a")] == [("delete", "mode"), ("accept", "actors")]


def test_what_the_codebook_refuses_stays_in_the_form(room: TestClient, archive: Archive) -> None:
    page = f"/articles/a?edit={EVENT}"
    for wrong in ("أرمينيا=ARMENIA", "يريفان=ARM", "أرمين=ARM", "=ARM"):
        answer = room.post("/edit", data=_form(room, page, action="change", actors=wrong, type="REQUEST", mode="meet"))
        assert answer.status_code == 422
        assert f'value="{wrong}"' in answer.text
        assert 'role="alert"' in answer.text
    answer = room.post("/edit", data=_form(room, page, action="change", type="ACCUSE", mode="yield"))
    assert answer.status_code == 422
    assert archive.history() == []


def test_delete_is_listed_and_taken_back(room: TestClient, archive: Archive) -> None:
    answer = room.post("/edit", data=_form(room, action="delete"))
    assert "deleted by" in answer.text
    assert archive.article("a")[1].events == ()
    assert room.get("/api/events").json()["total"] == 0
    room.post("/edit", data=_form(room, action="undo"))
    assert len(archive.article("a")[1].events) == 1


def test_add_by_words(room: TestClient, archive: Archive) -> None:
    typed = {"paragraph": "1", "trigger": "دعت#2", "type": "REQUEST", "actors": "روسيا", "event": ""}
    answer = room.post("/edit", data=_form(room, action="add", **typed))
    assert answer.status_code == 200, answer.text
    assert "added by" in answer.text
    event = archive.article("a")[1].events[1]
    assert (event.trigger.start, event.actors[0].codes) == (LEAD.rindex("دعت"), ("RUS",))
    again = room.post("/edit", data=_form(room, action="add", **typed))
    assert again.status_code == 409
    assert 'value="دعت#2"' in again.text  # nothing that was typed is lost
    for bad in ({"paragraph": "9"}, {"paragraph": "x"}, {"trigger": "ليس"}, {"trigger": ""}, {"type": ""}):
        assert room.post("/edit", data=_form(room, action="add", **typed | bad)).status_code == 422


def test_the_second_of_two_sees_the_first(room: TestClient, archive: Archive) -> None:
    page = f"/articles/a?edit={EVENT}&lang=en"
    second = _form(room, page, action="change", type="REQUEST", mode="yield", status="actual", actors="أرمينيا=ARM")
    first = _form(room, action="change", type="REQUEST", mode="meet", status="denied", actors="أرمينيا=ARM")
    assert room.post("/edit", data=first).status_code == 200
    answer = room.post("/edit", data=second | {"who": "Sami"})
    assert answer.status_code == 409
    assert "Rima" in answer.text
    assert re.search(r'<option value="yield" selected', answer.text)  # what the second typed is still there
    assert archive.article("a")[1].events[0].mode == "meet"
    etag = re.search(rf'name="event" value="{EVENT}"><input type="hidden" name="etag" value="([^"]+)"', answer.text)
    assert etag
    assert room.post("/edit", data=second | {"who": "Sami", "etag": etag[1], "status": "denied"}).status_code == 200
    event = archive.article("a")[1].events[0]
    assert (event.mode, event.status) == ("yield", "denied")
    assert room.post("/edit", data=first | {"action": "delete"}).status_code == 409


def test_only_forms_of_this_room_change_anything(room: TestClient, archive: Archive) -> None:
    form = _form(room, action="delete")
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}):
        assert room.post("/edit", data=form, headers=headers).status_code == 403
        assert room.request("DELETE", f"/api/events/{EVENT}", json={"who": "x"}, headers=headers).status_code == 403
    assert room.post("/edit", data=form | {"form": "guess"}).status_code == 403
    assert room.post("/edit", data={k: v for k, v in form.items() if k != "form"}).status_code == 403
    assert room.post("/edit", json=form).status_code == 415
    text = {"content-type": "text/plain", "if-match": "*"}
    assert room.request("PATCH", f"/api/events/{EVENT}", content=b"{}", headers=text).status_code == 415
    assert room.get("/edit").status_code == 405
    assert room.post("/edit", data=form | {"note": "x" * 70000}).status_code == 413
    assert archive.history() == []
    assert room.post("/edit", data=form, headers={"origin": "http://localhost"}).status_code == 200


def test_without_edit_it_is_read_only(archive: Archive) -> None:
    room = TestClient(make_app(archive), base_url="http://localhost")
    page = room.get(f"/articles/a?edit={EVENT}").text
    assert page.count("<form") == page.count('<form method="dialog"')
    assert page.count("<script") == 1  # the keys
    assert room.post("/edit", data={"action": "delete"}).status_code == 403
    for answer in (
        room.patch(f"/api/events/{EVENT}", json={"who": "x"}),
        room.request("DELETE", f"/api/events/{EVENT}", json={"who": "x"}),
        room.post("/api/articles/a/events", json={}),
    ):
        assert answer.status_code == 403
        assert "--edit" in answer.json()["error"]["message"]


def test_with_a_token_changes_need_it_too(archive: Archive) -> None:
    room = TestClient(make_app(archive, token="a-long-secret-word", edit=True), base_url="http://news.example")
    change = {"who": "Rima", "action": "accept"}
    assert room.patch(f"/api/events/{EVENT}", json=change, headers={"if-match": "*"}).status_code == 401
    headers = {"if-match": "*", "authorization": "Bearer a-long-secret-word"}
    assert room.patch(f"/api/events/{EVENT}", json=change, headers=headers).status_code == 200
    evil = headers | {"origin": "https://evil.example"}
    assert room.patch(f"/api/events/{EVENT}", json=change, headers=evil).status_code == 403


def test_json(room: TestClient, archive: Archive) -> None:
    seen = room.get(f"/api/events/{EVENT}")
    etag = seen.headers["etag"]
    assert seen.json()["event"]["type"] == "REQUEST"
    change = {"who": "Rima", "cells": {"recipients": [_span("أذربيجان")], "place": _span("تبليسي")}}
    assert room.patch(f"/api/events/{EVENT}", json=change).status_code == 428
    done = room.patch(f"/api/events/{EVENT}", json=change, headers={"if-match": etag})
    assert done.status_code == 200, done.text
    assert done.json()["event"]["recipients"][0]["codes"] == ["AZE"]
    assert done.json()["event"]["place"]["country"] == "GEO"
    assert done.json()["standing"]["coder"]["recipients"] == []
    lost = room.request("DELETE", f"/api/events/{EVENT}", json={"who": "Sami"}, headers={"if-match": etag})
    assert lost.status_code == 409
    assert lost.json()["now"]["etag"] == done.json()["etag"]
    accept = {"who": "Sami", "action": "accept", "cells": ["mode"]}
    assert room.patch(f"/api/events/{EVENT}", json=accept, headers={"if-match": "*"}).status_code == 200
    new = {"who": "Rima", "paragraph": 1, "trigger": "دعت#2", "cells": {"type": "REQUEST", "actors": [_span("روسيا")]}}
    added = room.post("/api/articles/a/events", json=new)
    assert added.status_code == 201, added.text
    assert room.post("/api/articles/a/events", json=new).status_code == 409
    gone = room.request(
        "DELETE", f"/api/events/{added.json()['id']}", json={"who": "Rima"}, headers={"if-match": added.headers["etag"]}
    )
    assert gone.status_code == 200
    assert gone.json()["event"] is None
    log = room.get("/api/corrections?article=a&limit=2").json()
    assert (log["total"], len(log["corrections"])) == (5, 2)
    assert room.get(log["next"]).json()["corrections"][0]["action"] == "accept"
    whole = room.get("/api/articles/a").json()
    assert {one["id"]: one["etag"] for one in whole["judged"]}[EVENT] == archive.judged(EVENT).etag


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"[]", b'{"who": 1}', b'{"who": "x", "nonsense": 1}', b"\xff", b"[" * 50000,
        msgspec.json.encode({"who": "x", "cells": {"type": "WAR"}}),
        msgspec.json.encode({"who": "x", "cells": {"actors": [{"text": "x", "start": -1, "end": 900}]}}),
        msgspec.json.encode({"who": "x", "cells": {"actors": {"a": 1}}}),
        msgspec.json.encode({"who": "x", "cells": {"nonsense": 1}}),
        msgspec.json.encode({"who": "x", "action": "explode"}),
        msgspec.json.encode({"who": "", "action": "accept"}),
        msgspec.json.encode({"who": "x", "cells": {"place": {"country": "GEO", "start": 3}}}),
        msgspec.json.encode({"who": "x", "cells": {"time": {"value": "yesterday"}}}),
    ],
)  # fmt: skip
def test_bad_bodies_change_nothing(room: TestClient, archive: Archive, body: bytes) -> None:
    headers = {"content-type": "application/json", "if-match": "*"}
    answer = room.patch(f"/api/events/{EVENT}", content=body, headers=headers)
    assert answer.status_code in (400, 422)
    assert answer.json()["error"]["message"]
    assert archive.history() == []


def test_unknown_ids(room: TestClient) -> None:
    for answer in (
        room.get("/api/events/none"), room.patch("/api/events/none", json={"who": "x"}, headers={"if-match": "*"}),
        room.post("/api/articles/none/events", json={"who": "x", "paragraph": 0, "trigger": "x", "cells": {}}),
        room.get("/api/corrections?article=none"),
    ):  # fmt: skip
        assert answer.status_code == 404
        assert answer.json()["error"]["status"] == 404
    assert room.get("/articles/a?edit=none").status_code == 404
    assert room.get("/api/corrections?nonsense=1").status_code == 400


def test_a_locked_archive_says_so_and_loses_nothing(
    room: TestClient, archive: Archive, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    form = _form(room, action="accept")
    archive._engine.dispose()
    monkeypatch.setattr(connect, "WAIT", 0.2)
    other = sqlite3.connect(tmp_path / "khabar.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        answer = room.post("/edit", data=form)
        assert answer.status_code == 503
        assert "another program" in answer.text
        headers = {"if-match": "*"}
        change = {"who": "Rima", "action": "accept"}
        told = room.patch(f"/api/events/{EVENT}", json=change, headers=headers)
        assert told.status_code == 503
        assert "another program" in told.json()["error"]["message"]
        assert room.get("/articles/a").status_code == 200  # reading goes on
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert room.post("/edit", data=form).status_code == 200


def test_a_read_only_file_says_so(archive: Archive, tmp_path: Path) -> None:
    with open_archive(tmp_path / "khabar.db", readonly=True) as locked:
        room = TestClient(make_app(locked, edit=True), base_url="http://localhost")
        answer = room.patch(f"/api/events/{EVENT}", json={"who": "x", "action": "accept"}, headers={"if-match": "*"})
    assert answer.status_code == 503
    assert "read-only" in answer.json()["error"]["message"]


def test_hostile_names_and_notes_show_as_text(room: TestClient) -> None:
    name = '<script>alert(1)</script>"\u202e'
    page = room.post("/edit", data=_form(room, action="accept", who=name)).text
    assert "&lt;script&gt;alert(1)" in page
    assert page.count("<script") == page.count('<script src="/static/') == 3  # our own
    assert "U+202E" in page


def _whole(room: TestClient, action: str, **values: Any) -> Any:
    """A form about the article as a whole, as its page holds it."""
    room.cookies.set("khabar_who", "Rima")
    text = room.get("/articles/a?lang=en").text
    form = next(part for part in text.split("<form") if f'value="{action}"' in part)
    hidden = dict(re.findall(r'type="hidden" name="(form|article|etag|who|paragraph)" value="([^"]*)"', form))
    seen = re.findall(r'name="seen" value="([^"]*)"', form)
    return room.post("/edit", data={"action": action, **hidden, **({"seen": seen} if seen else {}), **values})


def test_contexts_from_the_page(room: TestClient, archive: Archive) -> None:
    answer = _whole(room, "contexts", context=["military", "economic"])
    assert answer.status_code == 200, answer.text
    assert "Saved" in answer.text
    assert archive.article("a")[1].contexts == ("military", "economic")
    assert _whole(room, "contexts", context=["weather"]).status_code == 422
    _whole(room, "contexts", own="yes")
    assert archive.article("a")[1].contexts == ()
    assert [step.who for step in archive.history("a")] == ["Rima", "Rima"]


def test_a_line_is_no_text_and_text_again(room: TestClient, archive: Archive) -> None:
    answer = _whole(room, "line", paragraph="1", reason="promo")
    assert answer.status_code == 200
    assert "1 event is withheld" in answer.text
    assert archive.article("a")[1].events == ()
    _whole(room, "line", paragraph="1", reason="own")
    assert [event.id for event in archive.article("a")[1].events] == [EVENT]
    for values, status in (
        ({"paragraph": "0", "reason": "promo"}, 422), ({"paragraph": "x", "reason": "promo"}, 422),
        ({"paragraph": "1", "reason": "dull"}, 422), ({"etag": "old", "reason": "promo"}, 409),
    ):  # fmt: skip
        assert _whole(room, "line", **values).status_code == status, values


def test_all_are_accepted_with_one_click_and_taken_back_with_another(room: TestClient, archive: Archive) -> None:
    answer = _whole(room, "accept_all")
    assert "1 event accepted" in answer.text
    moment = re.search(r'name="moment" value="([^"]+)"', answer.text)
    assert moment
    form = next(part for part in answer.text.split("<form") if 'value="undo_all"' in part)
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    back = room.post("/edit", data=hidden | {"action": "undo_all"})
    assert back.status_code == 200, back.text
    judged = archive.judged(EVENT)
    assert judged.standing is not None
    assert judged.standing.verdict == "undone"
    assert room.post("/edit", data=hidden | {"action": "undo_all"}).status_code == 422


def test_whole_articles_as_json(room: TestClient, archive: Archive) -> None:
    got = room.get("/api/articles/a").json()["about"]
    body = {"who": "Rima", "contexts": ["military"], "lines": {"1": "promo"}}
    assert room.patch("/api/articles/a", json=body).status_code == 428
    answer = room.patch("/api/articles/a", json=body, headers={"If-Match": f'"{got["etag"]}"'})
    assert answer.status_code == 200, answer.text
    assert (answer.json()["contexts"], answer.json()["withheld"]) == (["military"], 1)
    late = room.patch("/api/articles/a", json=body, headers={"If-Match": got["etag"]})
    assert late.status_code == 409
    assert late.json()["now"]["etag"] == answer.json()["etag"]
    for bad, status in (({"who": "R", "contexts": ["x"]}, 422), ({"who": "R", "lines": {"9": "promo"}}, 422),
                        ({"who": "R"}, 422), ({"who": "R", "lines": {"x": "promo"}}, 400)):  # fmt: skip
        assert room.patch("/api/articles/a", json=bad, headers={"If-Match": "*"}).status_code == status, bad
    assert room.patch("/api/articles/none", json=body, headers={"If-Match": "*"}).status_code == 404
    assert len(archive.history("a")) == 2
