"""The JSON interface against its own description (Schemathesis): no question or body may break it, and every answer is
of the form that is written. Texts are our own."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import missing_required_header, negative_data_rejection, positive_data_acceptance
from starlette.testclient import TestClient

from khabar.archive import open_archive
from khabar.pipeline import Settings
from khabar.records import Article, CodedArticle, Event, Mention, Trigger
from khabar.web import make_app

TOKEN = "a-long-secret-word"
LEAD = "دعت أرمينيا أذربيجان إلى المحادثات."
EVENT = "a0:1:0:REQUEST"

_folder = tempfile.TemporaryDirectory(prefix="khabar-interface-")
_archive = open_archive(Path(_folder.name) / "khabar.db")
for _n in range(3):
    _event = Event(
        id=f"a{_n}:1:0:REQUEST", paragraph=1, trigger=Trigger(text="دعت", start=0, end=3), type="REQUEST",
        actors=(Mention(text="أرمينيا", start=4, end=11, codes=("ARM",)),), confidence=0.5,
    )  # fmt: skip
    _article = Article(id=f"a{_n}", paragraphs=("دعوة", LEAD), source=f"p{_n}", date="2024-05-02", outlet="صحيفة")
    _archive.add(_article, CodedArticle(id=f"a{_n}", events=(_event,), contexts=("diplomatic",)), coder="t")

app = make_app(_archive, token=TOKEN, edit=True, settings=Settings(coder="baseline"))
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
schema = schemathesis.openapi.from_asgi("/openapi.json", app, headers=HEADERS)


# What a party code or a mode may be is told in words, not in the schema: what it allows may be refused, and the other
# way round a number or a date may be written otherwise than it says. A missing If-Match is 428 (RFC 6585), which
# Schemathesis does not know.
NOT_CHECKED = [positive_data_acceptance, negative_data_rejection, missing_required_header]


@schema.parametrize()
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_every_answer_is_as_described(case: schemathesis.Case) -> None:
    case.call_and_validate(headers=HEADERS, excluded_checks=NOT_CHECKED)


@pytest.fixture
def client() -> TestClient:
    return TestClient(app, base_url="http://localhost", headers=HEADERS)


def test_events_of_an_article_can_only_be_added(client: TestClient) -> None:
    answer = client.patch("/api/articles/a0/events", json={"who": "منى", "contexts": ["military"]})
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"


def test_every_address_of_the_interface_is_described(client: TestClient) -> None:
    described = json.loads(client.get("/openapi.json").content)["paths"]
    known = {
        route.path.replace(":path}", "}")  # type: ignore[attr-defined]
        for route in app.routes
        if route.path.startswith(("/api", "/export"))  # type: ignore[attr-defined]
    }
    assert set(described) == known


def test_search_takes_the_filters_of_the_page(client: TestClient) -> None:
    def hits(**filters: str) -> int:
        return len(client.get("/api/search", params={"text": "المحادثات", **filters}).json()["hits"])

    assert hits() == 3
    for name, hit, miss in (
        ("actor", "ARM", "FRA"), ("type", "REQUEST", "AID"), ("status", "actual", "denied"),
        ("context", "diplomatic", "military"), ("article", "a1", "none"), ("outlet", "صحيفة", "غيرها"),
        ("min_confidence", "0.4", "0.9"), ("since", "2024", "2025"), ("published_until", "2024", "2023"),
    ):  # fmt: skip
        assert hits(**{name: hit}) == (1 if name == "article" else 3), name
        assert hits(**{name: miss}) == 0, name
    assert client.get("/api/search").status_code == 400
    assert client.get("/api/search?text=%20").status_code == 400


def test_ids_are_stable_and_pages_fit_together(client: TestClient) -> None:
    whole = client.get("/api/events?unit=event&order=article").json()["events"]
    parts = [
        client.get(f"/api/events?unit=event&order=article&limit=1&offset={n}").json()["events"][0]
        for n in range(len(whole))
    ]
    assert parts == whole
    assert client.get(f"/api/events/{whole[0]['event_id']}").json()["id"] == whole[0]["event_id"]


def test_hostile_values_are_only_text(client: TestClient) -> None:
    for value in (
        "'; DROP TABLE events; --",
        '" OR 1=1',
        "%",
        "_",
        "*",
        "NEAR(",
        "\x00",
        "\u202e",
        "<script>",
        "𝔸" * 150,
    ):
        for path in ("/api/events", "/api/search", "/export/csv"):
            answer = client.get(path, params={"text": value})
            assert answer.status_code in (200, 400), (path, value)
        assert client.get("/api/events", params={"actor": value}).json().get("total", 0) == 0
    assert client.get("/api/events").json()["total"] == 3
