"""The reading room: every filter, every view, hostile articles, refusals. Texts are our own."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from html import unescape
from importlib.resources import files
from pathlib import Path

import networkx as nx
import pytest
from starlette.testclient import TestClient

from khabar.archive import Archive, open_archive
from khabar.codebook import CONTEXTS, MODES
from khabar.records import Article, CodedArticle, Dropped, Event, Mention, Place, Time, Trigger
from khabar.show.labels import labels
from khabar.web import make_app
from khabar.web.words import counted, word, words

LEAD = "دعت أرمينيا الثلاثاء أذربيجان إلى استئناف المحادثات في تبليسي بحسب الناطق."
HOSTILE = '<script>alert(1)</script> "><img src=x onerror=alert(2)> \u202eمقلوب'


def _span(text: str) -> dict[str, object]:
    start = LEAD.index(text)
    return {"text": text, "start": start, "end": start + len(text)}


def _event(id_: str) -> Event:
    start = LEAD.index("دعت")
    return Event(
        id=f"{id_}:1:{start}:REQUEST", paragraph=1, trigger=Trigger(text="دعت", start=start, end=start + 3),
        type="REQUEST", mode="meet",
        actors=(Mention(**_span("أرمينيا"), codes=("ARM",), names=("Armenia",)),),
        recipients=(Mention(**_span("أذربيجان"), codes=("AZE",), names=("Azerbaijan",)),),
        speaker=(Mention(**_span("الناطق"), codes=("ARM.GOV",)),),
        place=Place(**_span("تبليسي"), country="GEO", geonames=611717, name="Tbilisi", latitude=41.7, longitude=44.8),
        time=Time(**_span("الثلاثاء"), value="2022-07-05"), confidence=0.8,
    )  # fmt: skip


def _store(archive: Archive, n: int, title: str = "دعوة إلى المحادثات", url: str | None = None) -> None:
    article = Article(
        id=f"a{n}", paragraphs=(title, LEAD), url=url or f"https://example.org/{n}", outlet="وكالة المثال",
        date="2022-07-06", dropped=(Dropped(line="<b>شارك</b>", reason="share"),),
    )  # fmt: skip
    coded = CodedArticle(id=article.id, events=(_event(article.id),), contexts=("diplomatic",))
    archive.add(article, coded, coder="test")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("room") / "khabar.db"
    with open_archive(where) as archive:
        for n in range(60):
            _store(archive, n)
        _store(archive, 99, HOSTILE, "javascript:alert(3)")
    return where


@pytest.fixture(scope="module")
def room(path: Path) -> Iterator[TestClient]:
    with open_archive(path, readonly=True) as archive:
        yield TestClient(make_app(archive), base_url="http://localhost")


HITS = {
    "actor": "ARM", "recipient": "أذربيجان", "party": "AZE", "speaker": ".GOV", "type": "REQUEST", "mode": "meet",
    "status": "actual", "context": "diplomatic", "place": "GEO", "outlet": "وكالة المثال", "text": "ارمينيا",
    "since": "2022-07", "until": "2022-07-05", "min_confidence": "0.5",
}  # fmt: skip
MISSES = {
    "actor": "AZE", "recipient": "أرمينيا", "party": "FRA", "speaker": ".MIL", "type": "ASSAULT", "mode": "yield",
    "status": "denied", "context": "military", "place": "FRA", "outlet": "غيرها", "text": "زلزال",
    "since": "2023", "until": "2021", "min_confidence": "0.9",
}  # fmt: skip


@pytest.mark.parametrize("name", HITS)
def test_every_filter_finds_and_leaves_out(room: TestClient, name: str) -> None:
    assert room.get("/api/events", params={name: HITS[name]}).json()["total"] == 61
    assert room.get("/api/events", params={name: MISSES[name]}).json()["total"] == 0
    page = room.get("/", params={name: MISSES[name], "lang": "en"})
    assert page.status_code == 200
    assert "Nothing answers this question" in page.text


@pytest.mark.parametrize("view", ["table", "timeline", "map", "network", "chart"])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_views_show_the_selection(room: TestClient, view: str, language: str) -> None:
    page = room.get("/", params={"view": view, "lang": language, "actor": "ARM"})
    assert page.status_code == 200
    assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in page.text
    assert 'data-total="61"' in page.text
    assert "actor=ARM" in page.text  # the exports and the other views keep the filter
    mark = {
        "table": '<table class="rows">',
        "timeline": '<ol class="timeline">',
        "map": "<circle",
        "network": "<line",
        "chart": "<rect",
    }
    assert mark[view] in page.text


def test_pages_of_the_table(room: TestClient) -> None:
    first, second = (room.get("/", params={"page": n}).text for n in (1, 2))
    assert first.count("<tr") == 51
    assert second.count("<tr") == 12


def test_language_is_remembered(path: Path) -> None:
    with open_archive(path, readonly=True) as archive:
        client = TestClient(make_app(archive), base_url="http://localhost")
        assert 'lang="ar" dir="rtl"' in client.get("/").text
        client.get("/?lang=en")
        assert 'lang="en" dir="ltr"' in client.get("/").text


def test_hostile_article_shows_as_text(room: TestClient) -> None:
    for address in ("/articles/a99", "/?view=table&page=1&order=article", "/?view=timeline&article=a99"):
        page = room.get(address).text
        assert page.count("<script") == page.count('<script src="/static/')
        assert "<img" not in page
    page = room.get("/articles/a99").text
    assert "&lt;script&gt;alert(1)" in page
    assert "U+202E" in page.split("<article", 1)[1]
    assert 'href="javascript' not in page
    assert "&lt;b&gt;شارك" in page


def test_headers_forbid_what_is_not_ours(room: TestClient) -> None:
    for address in ("/", "/api/events", "/articles/none", "/static/room.css"):
        policy = room.get(address).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_pages_need_nothing_the_policy_forbids(room: TestClient) -> None:
    for address in ("/?view=map", "/?view=chart", "/articles/a1", "/actors/ARM"):
        page = room.get(address).text
        assert "style=" not in page
        assert 'src="http' not in page


def test_article_and_actor(room: TestClient) -> None:
    page = room.get("/articles/a1?lang=en").text
    assert 'class="t ty-REQUEST" href="#e1"' in page
    assert "share buttons" in page
    page = room.get("/actors/ARM?lang=en").text
    assert "What it did" in page
    assert "/actors/AZE" in page


@pytest.mark.parametrize(
    "address",
    [
        "/?type=NONSENSE", "/?actor=ARM.XXX", "/?since=never", "/?min_confidence=2", "/?min_confidence=nan%00",
        "/?page=0",
        "/?page=x", "/?nonsense=1", "/?unit=war", "/?order=up", "/?text=" + "x" * 300,
        "/?" + "&".join(f"actor=A{n}" for n in range(30)), "/?since=2022&since=2023", "/?status=real",
    ],
)  # fmt: skip
def test_nonsense_is_a_clear_error(room: TestClient, address: str) -> None:
    page = room.get(address)
    assert page.status_code == 400
    assert "<main" in page.text
    if "page=" not in address:
        answer = room.get(address.replace("/?", "/api/events?"))
        assert answer.status_code == 400
        assert answer.json()["error"]["message"]


def test_unknown_things(room: TestClient) -> None:
    for address in ("/articles/none", "/articles/../../etc/passwd", "/actors/XYZ", "/nowhere", "/?view=pie",
                    "/export/exe", "/static/..%2fapp.py", "/static/%2e%2e/app.py"):  # fmt: skip
        assert room.get(address).status_code == 404, address
    assert room.get("/api/articles/none").json()["error"]["status"] == 404
    assert room.post("/").status_code == 405
    assert room.get("/?text=" + "x" * 5000).status_code == 414


def test_pages_of_the_interface(room: TestClient) -> None:
    seen, address = [], "/api/events?actor=ARM&limit=25"
    while address:
        answer = room.get(address).json()
        seen += [row["event_id"] for row in answer["events"]]
        address = answer["next"]
    assert len(seen) == len(set(seen)) == 61
    assert room.get("/api/events?limit=99999").json()["limit"] == 500
    assert room.get("/api/counts?by=type").json()["counts"][0]["n"] == 61
    assert room.get("/api/counts?by=nonsense").status_code == 400
    assert len(room.get("/api/search?text=المحادثات&limit=5").json()["hits"]) == 5
    assert room.get("/api/articles/a1").json()["article"]["id"] == "a1"


def test_exports_hold_the_selection(room: TestClient) -> None:
    csv, jsonl, geo, graph = (room.get(f"/export/{f}?article=a1") for f in ("csv", "jsonl", "geojson", "graphml"))
    assert len(csv.text.strip().splitlines()) == 2
    assert len(jsonl.text.strip().splitlines()) == 1
    assert len(json.loads(geo.text)["features"]) == 1
    assert set(nx.read_graphml(io.BytesIO(graph.content)).nodes) == {"ARM", "AZE"}
    assert len(room.get("/export/jsonl").text.strip().splitlines()) == 61


def test_token(path: Path) -> None:
    token = "a-long-secret-word"
    with open_archive(path, readonly=True) as archive:
        client = TestClient(make_app(archive, token=token), base_url="http://news.example")
        assert client.get("/").status_code == 401
        assert client.get("/api/events").json()["error"]["status"] == 401
        assert client.get("/?token=wrong").status_code == 401
        assert client.get("/api/events", headers={"Authorization": f"Bearer {token}"}).status_code == 200
        assert client.get(f"/?token={token}").status_code == 200
        assert client.get("/articles/a1").status_code == 200


def test_another_hosts_name_is_refused(room: TestClient) -> None:
    assert room.get("/", headers={"Host": "evil.example"}).status_code == 403
    assert room.get("/", headers={"Host": "127.0.0.1:8000"}).status_code == 200


def test_empty_archive_says_what_to_do(tmp_path: Path) -> None:
    with open_archive(tmp_path / "khabar.db") as archive:
        page = TestClient(make_app(archive), base_url="http://localhost").get("/?lang=en").text
    assert "khabar run PAGES" in page


def test_damaged_archive_is_a_page(tmp_path: Path) -> None:
    where = tmp_path / "khabar.db"
    with open_archive(where) as archive:
        _store(archive, 1)
    with open_archive(where) as archive:
        with archive._engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE event_parties")
            connection.exec_driver_sql("DROP TABLE act_parties")
        answer = TestClient(make_app(archive), base_url="http://localhost").get("/api/events?actor=ARM")
    assert answer.status_code == 503
    assert "archive" in answer.json()["error"]["message"]


def test_words_stand_in_both_languages() -> None:
    assert all(both["ar"] and both["en"] for both in words().values())


def test_the_chart_exports_its_counts_and_filters_are_taken_away(room: TestClient) -> None:
    page = room.get("/?view=chart&actor=ARM&lang=en").text
    assert page.index("/export/counts?actor=ARM") < page.index("/export/csv?actor=ARM")
    lines = room.get("/export/counts?actor=ARM").text.splitlines()
    assert lines[0] == "month,type,n,intensity"
    assert sum(int(line.split(",")[2]) for line in lines[1:]) == 61
    assert 'href="/?view=chart" title="Take this filter away"' in page


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/?since=never", "ليس «never» تاريخا"), ("/?actor=ARM.XXX", "لا رمز طرف «ARM.XXX»"),
        ("/?view=pie", "لا عرض «pie»"),
        ("/articles/none", "لا مقال «none»"), ("/actors/XYZ", "لا طرف «XYZ»"), ("/nowhere", "لا شيء عند هذا العنوان"),
        ("/add", "هذه الغرفة للقراءة وحدها"), ("/?type=NONSENSE", "لا نوع «NONSENSE»"),
        ("/?min_confidence=2", "أدنى ثقة عدد بين 0 و1"), ("/happenings/none", "لا حدث «none»"),
    ],
)  # fmt: skip
def test_what_is_refused_is_told_in_the_readers_language(room: TestClient, address: str, said: str) -> None:
    room.cookies.clear()
    message = re.search(r'<p dir="auto">(.*?)</p>', room.get(address, headers={"cookie": "khabar_lang=ar"}).text)
    assert message
    assert unescape(message[1]).startswith(said), message[1]


def test_arabic_messages_begin_with_arabic() -> None:
    """Else a browser would set the whole line from left to right."""
    text = files("khabar.web").joinpath("data", "messages.tsv").read_text(encoding="utf-8")
    for line in text.splitlines()[1:]:
        english, arabic = line.split("\t")
        assert "ء" <= arabic[0] <= "ي", line
        assert set(re.findall(r"{(\d)}", arabic)) <= {str(n) for n in range(english.count("{}"))}, line


def test_numbers_agree_with_their_nouns() -> None:
    said = {n: counted("pages", n, "ar") for n in (1, 2, 3, 11, 100, 103, 1012)}
    assert said == {
        1: "صفحة واحدة", 2: "صفحتان", 3: "3 صفحات", 11: "11 صفحة", 100: "100 صفحة", 103: "103 صفحات",
        1012: "1,012 صفحة",
    }  # fmt: skip
    assert [counted("pages", n, "en") for n in (0, 1, 2)] == ["0 pages", "1 page", "2 pages"]
    assert [counted("with_date", n, "en", total=1200) for n in (1, 3)] == [
        "1 of 1,200 has a known date", "3 of 1,200 have a known date",
    ]  # fmt: skip
    assert counted("with_date", 3, "ar", total=1200) == "3 من 1,200 لها تاريخ معروف"


def test_every_word_of_the_pages_is_there_in_both_languages() -> None:
    known = words()
    used = set()
    for template in Path(str(files("khabar.web").joinpath("templates"))).glob("*.html"):
        text = template.read_text(encoding="utf-8")
        used |= set(re.findall(r"\b[wn]\('(\w+)'", text))
    missing = {key for key in used if key not in known and key not in labels() and not key.endswith("_")}
    assert not missing
    assert all(entry["ar"] and entry["en"] for entry in known.values())
    for mode in {mode for modes in MODES.values() for mode in modes}:
        assert f"mode_{mode}" in known
    for context in CONTEXTS:
        assert word(context, "ar") != context
