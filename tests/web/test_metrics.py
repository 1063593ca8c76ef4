"""What Prometheus reads."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from khabar.archive import Archive, Run, open_archive
from khabar.records import Article, CodedArticle
from khabar.web import make_app, metrics


def scraped(client: TestClient) -> dict[tuple[str, ...], float]:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def store(archive: Archive, number: int) -> None:
    article = Article(id=f"a{number}", paragraphs=("عنوان", "فقرة"), url=f"https://example.org/{number}")
    archive.add(article, CodedArticle(id=article.id), coder="c 1", model="m")


def test_what_is_there_and_how_the_last_run_went(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_archive(tmp_path / "x.db") as archive:
        store(archive, 1)
        archive.note_run(Run(seconds=2.5, coder="c 1", version="1", pages=4, stored=1, known=1, failed=2))
        archive.note_faults([("x.html", "empty"), ("y.html", "empty")])
        client = TestClient(make_app(archive), base_url="http://localhost")
        assert client.get("/nowhere").status_code == 404
        found = scraped(client)
        assert found["khabar_archive_up",] == found["khabar_archive_articles",] == 1
        assert found["khabar_archive_failed_sources",] == 2
        assert found["khabar_archive_last_run_seconds",] == 2.5
        assert found["khabar_archive_last_run_pages", "failed"] == 2
        assert found["khabar_archive_coded_articles", "c 1", "m"] == 1
        assert found["khabar_http_requests_total", "GET", "404"] == 1
        assert abs(found["khabar_archive_last_added_timestamp_seconds",] - time.time()) < 60
        store(archive, 2)
        assert scraped(client)["khabar_archive_articles",] == 1  # not asked again so soon
        monkeypatch.setattr(metrics, "FRESH", 0.0)
        other = TestClient(make_app(archive), base_url="http://localhost")
        assert scraped(other)["khabar_archive_articles",] == 2
        other.get("/metrics", headers={"host": "elsewhere.example"})
        assert scraped(other)["khabar_http_requests_total", "GET", "403"] == 1


def test_an_archive_that_does_not_answer_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from khabar.archive import ArchiveError

    with open_archive(tmp_path / "x.db") as archive:
        client = TestClient(make_app(archive), base_url="http://localhost")

        def away() -> None:
            raise ArchiveError("away")

        monkeypatch.setattr(archive, "status", away)
        found = scraped(client)
        assert found["khabar_archive_up",] == 0
        assert ("khabar_archive_articles",) not in found
