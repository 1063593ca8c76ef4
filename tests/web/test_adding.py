"""Pages added from the room: files, pasted text, several at once; one bad page named; cancelled; refused. Texts are our
own."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from khabar.archive import Archive, open_archive
from khabar.pipeline import Settings
from khabar.web import make_app, uploads
from khabar.web.desk import ENDED, Desk, Wanted

PAGE = """غارة قرب الميناء

قصفت طائرات إسرائيلية مواقع للجيش السوري قرب ميناء طرطوس يوم الأحد.

ودعت روسيا إسرائيل إلى وقف الغارات.
"""
HTML = f"<!doctype html><html><body><h1>لقاء في عمان</h1><p>{PAGE.splitlines()[2]}</p></body></html>"
QUICK = Settings(coder="baseline")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(tmp_path / "khabar.db") as book:
        yield book


@pytest.fixture
def room(archive: Archive) -> Iterator[TestClient]:
    with TestClient(make_app(archive, edit=True, settings=QUICK), base_url="http://localhost") as client:
        yield client


def _send(room: TestClient, **more: Any) -> Any:
    secret = re.search(r'name="form" value="([^"]+)"', room.get("/add?lang=en").text)
    assert secret
    data = {"form": secret[1], "who": "Rima", **more.pop("data", {})}
    return room.post("/add", data=data, files=more.pop("files", [("files", ("", b""))]), **more)


def _ended(room: TestClient, id_: str, seconds: float = 120) -> dict[str, Any]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        job: dict[str, Any] = room.get(f"/api/jobs/{id_}").json()
        if job["state"] in ENDED:
            return job
        time.sleep(0.05)
    raise AssertionError(f"job {id_} did not end: {job}")


def test_files_and_a_pasted_page_go_the_whole_way(room: TestClient, archive: Archive) -> None:
    line = (
        '{"text": "اجتماع\\n\\nاجتمع وزير الخارجية المصري مع نظيره الأردني في عمان.", "url": "https://example.org/j"}'
    )
    files = [
        ("files", ("a.txt", PAGE.encode())),
        ("files", ("../../b.html", HTML.encode())),
        ("files", ("lines.jsonl", f"{line}\nno json\n".encode())),
        ("files", ("picture.jpg", b"\xff\xd8\xff\x00\x01\x02" * 50)),
    ]
    answer = _send(room, files=files, data={"pasted": PAGE.replace("طرطوس", "اللاذقية"), "date": "2024-05-02"})
    assert answer.status_code == 200, answer.text
    id_ = answer.url.path.rpartition("/")[2]
    job = _ended(room, id_)
    assert job["state"] == "done"
    assert job["counts"] == {"added": 4, "failed": 2}
    # Bad pages are named, with their line and reason; the rest went on.
    bad = {line["source"]: line["message"] for line in job["lines"] if line["outcome"] == "failed"}
    assert any(name.endswith("lines.jsonl:2") for name in bad)
    assert any("picture.jpg" in name and "binary" in message for name, message in bad.items())
    text = room.get(f"/add/{id_}?lang=en").text
    for line in job["lines"]:
        if line["id"]:
            assert f'href="/articles/{line["id"]}"' in text
            assert room.get(f"/articles/{line['id']}").status_code == 200
    assert sum(1 for _ in archive.articles()) == 4
    assert all(row.date == "2024-05-02" for row in archive.articles())
    # The same again is known, and says which articles.
    again = _ended(room, _send(room, files=files[:1], data={"date": "2024-05-02"}).url.path.rpartition("/")[2])
    assert again["counts"] == {"same": 1}
    assert again["lines"][0]["title"] == PAGE.splitlines()[0]
    assert archive.runs(1)[0].pages == 1


def test_what_cannot_be_added_is_refused_with_a_reason(room: TestClient, archive: Archive) -> None:
    for data, said in (
        ({}, "nothing was sent"),
        ({"pasted": PAGE, "who": " "}, "give a name"),
        ({"pasted": PAGE, "date": "yesterday"}, "is no day"),
        ({"pasted": PAGE, "url": "javascript:alert(1)"}, "is no web address"),
    ):
        answer = _send(room, data=data)
        assert answer.status_code == 422, said
        assert said in answer.text
    assert "ميناء طرطوس" in _send(room, data={"pasted": PAGE, "date": "x"}).text  # nothing typed is lost
    assert room.post("/add", data={"pasted": PAGE}, files=[("files", ("", b""))]).status_code == 403  # no secret
    assert room.post("/add", data={"pasted": PAGE}).status_code == 415
    assert room.post("/add", content=b"x", headers={"content-type": "multipart/form-data; boundary=b"}).status_code in (
        400, 403,
    )  # fmt: skip
    assert room.get("/add/none").status_code == 404
    assert room.get("/api/jobs/none").status_code == 404
    assert room.post("/api/jobs?who=R", content=b"").status_code == 422
    assert sum(1 for _ in archive.articles()) == 0


def test_a_read_only_room_takes_nothing(archive: Archive) -> None:
    with TestClient(make_app(archive), base_url="http://localhost") as room:
        assert room.get("/add").status_code == 403
        assert room.post("/api/jobs?who=R", content=PAGE.encode()).status_code == 403
        assert "/add" not in room.get("/").text


def test_too_much_is_refused(room: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST", 5000)
    answer = _send(room, files=[("files", ("a.txt", b"x" * 9000))])
    assert answer.status_code == 413


def test_as_json(room: TestClient) -> None:
    answer = room.post("/api/jobs?who=Rima&name=a.txt&url=https://example.org/1", content=PAGE.encode())
    assert answer.status_code == 202, answer.text
    job = _ended(room, answer.json()["id"])
    assert job["counts"] == {"added": 1}
    article = room.get(f"/api/articles/{job['lines'][0]['id']}").json()
    assert article["article"]["url"] == "https://example.org/1"
    assert room.get("/api/jobs").json()["jobs"][0]["id"] == job["id"]


def test_a_job_that_waits_and_one_that_works_are_cancelled(archive: Archive, tmp_path: Path) -> None:
    desk = Desk(archive, QUICK, lambda: None)
    gate = threading.Event()

    def wanted(name: str, pages: int) -> Wanted:
        folder = tmp_path / name
        folder.mkdir()
        lines = "".join(
            f'{{"text": "خبر {n}\\n\\nقصفت طائرات مواقع قرب الميناء رقم {n}.", "id": "{name}{n}"}}\n'
            for n in range(pages)
        )
        (folder / "0.jsonl").write_text(lines, encoding="utf-8")
        return Wanted(folder, ((folder / "0.jsonl", f"{name}.jsonl"),))

    seen: list[int] = []
    desk._changed = lambda: (seen.append(1), gate.set())[0]
    first = desk.add(wanted("a", 3000), who="R")
    second = desk.add(wanted("b", 1), who="R")
    assert desk.cancel(second.id) is not None
    assert gate.wait(120)
    desk.cancel(first.id)
    desk.close(60)
    one, two = desk.job(first.id), desk.job(second.id)
    assert one is not None
    assert two is not None
    assert (one.state, two.state) == ("cancelled", "cancelled")
    # What was stored stays, whole; folders are gone.
    assert 0 < one.done < 3000
    assert sum(1 for _ in archive.articles()) >= one.done - one.counts.get("failed", 0) > 0
    assert not (tmp_path / "a").exists()
    assert not (tmp_path / "b").exists()


def test_addresses_are_told_from_a_page() -> None:
    assert uploads.addresses_of("https://example.org/1\n\n http://example.org/2 \n") == (
        "https://example.org/1",
        "http://example.org/2",
    )
    assert uploads.addresses_of(PAGE) == ()
    assert uploads.addresses_of("خبر\nhttps://example.org/1") == ()
    assert uploads.addresses_of("") == ()


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found = self.path == "/1"
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(HTML.encode() if found else b"")

    def log_message(self, *_: Any) -> None:
        pass


def test_addresses_are_fetched_and_one_that_is_not_there_is_named(archive: Archive) -> None:
    site = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    at = f"http://127.0.0.1:{site.server_port}"
    for allowed, counts in ((False, {"failed": 2}), (True, {"added": 1, "failed": 1})):
        app = make_app(archive, edit=True, settings=QUICK, allow_local=allowed)
        with TestClient(app, base_url="http://localhost") as room:
            sent = _send(room, data={"pasted": f"{at}/1\n{at}/2"})
            job = _ended(room, sent.url.path.rpartition("/")[2])
        assert job["counts"] == counts, job
        assert job["total"] == 2
    bad = next(line for line in job["lines"] if line["outcome"] == "failed")
    assert bad["source"] == f"{at}/2"
    assert "not there" in bad["message"]
    site.shutdown()
    site.server_close()


def test_after_a_restart_the_archive_tells_what_was_added(archive: Archive) -> None:
    def started() -> TestClient:
        return TestClient(make_app(archive, edit=True, settings=QUICK), base_url="http://localhost")

    with started() as room:
        files = [("files", ("a.txt", PAGE.encode())), ("files", ("<b>.jpg", b"\xff\xd8\xff\x00\x01\x02" * 50))]
        id_ = _send(room, files=files).url.path.rpartition("/")[2]
        assert _ended(room, id_)["counts"] == {"added": 1, "failed": 1}
        page = room.get("/add?lang=en").text
        assert f'href="/add/{id_}"' in page
        assert "Before the server began" not in page  # nothing twice
    with started() as room:
        page = room.get("/add?lang=en").text
        assert f'href="/add/{id_}"' not in page
        told = re.search(r'<ul class="plain runs">(.*?)</ul>', page, re.DOTALL)
        assert told
        words = " ".join(re.sub(r"<[^>]+>", "", told[1]).split())
        assert re.fullmatch(
            r"20\S+ \S+ UTC · 2 pages stored 1 known 0 not read 1 what was stored since", words
        ), words  # fmt: skip
        # To the acts of its articles.
        address = re.search(r'href="(/\?changed_since=[^"]+)"', told[1])
        assert address
        assert f'data-total="{archive.status().acts}"' in room.get(address[1]).text
        # The page that was not read is named with its reason, and nothing in it acts.
        faults = page[page.index('<ul class="plain faults">') :]
        assert '<bdi dir="ltr">&lt;b&gt;.jpg</bdi>' in faults
        assert "binary" in faults
        assert "قبل بدء الخادم" in room.get("/add?lang=ar").text
        # The page of the job itself leads there.
        gone = room.get(f"/add/{id_}?lang=en")
        assert gone.status_code == 404
        assert 'href="/add">To what was added before' in gone.text
        listed = room.get("/api/jobs").json()
        assert listed["jobs"] == []
        assert [(run["pages"], run["stored"], run["failed"]) for run in listed["earlier"]] == [(2, 1, 1)]
        assert [uploads.sent_as(one["source"]) for one in listed["failed"]] == ["<b>.jpg"]
