"""Full-text search on the real indexes of both databases, with the cases of the Arabic layer's keys."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from archive_samples import LEAD, TITLE, acts, article, coded

from khabar.archive import Archive, Query, open_archive
from khabar.archive.folding import phrases
from khabar.records import Article, CodedArticle

_FILE = Path(__file__).parents[1] / "cases" / "cases_search.jsonl"
CASES = [json.loads(line) for line in _FILE.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def texts(new_address: Callable[[], str]) -> Iterator[Archive]:
    """One article a case, its text the only paragraph of the body."""
    with open_archive(new_address()) as archive:
        archive.add_batch(
            [
                (Article(id=case["id"], paragraphs=("", case["input"])), CodedArticle(id=case["id"]), ())
                for case in CASES
            ],
            coder="c",
        )
        yield archive


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_reported_fault(texts: Archive, case: dict[str, Any]) -> None:
    hits = texts.search(case["params"]["query"], limit=None)
    found = {hit.article.id: hit for hit in hits}
    assert (case["id"] in found) == case["expected"]
    if case["expected"]:
        assert (found[case["id"]].paragraph, found[case["id"]].text) == (1, case["input"])


@pytest.mark.parametrize("query", ["", " ", "!", "()", '"', "*", "a OR", "NEAR(", "title:", "-", "'", "\\", "&|", "::"])
def test_signs_are_no_syntax(filled: Archive, query: str) -> None:
    assert isinstance(filled.search(query), list)
    assert filled.count(Query(text=f"المحادثات {query}")) in (0, 20)


def test_no_word_finds_nothing(filled: Archive) -> None:
    assert filled.search(" ؟! ") == []


def test_title_outweighs_body(archive: Archive) -> None:
    for n, paragraphs in ((1, ("خبر", f"{LEAD} زلزال")), (2, ("زلزال قوي", LEAD))):
        archive.add(article(n, paragraphs=paragraphs), CodedArticle(id=article(n).id), acts=(), coder="c")
    hits = archive.search("الزلزال")
    assert [hit.article.id for hit in hits] == [article(2).id, article(1).id]
    assert hits[0].score > hits[1].score
    assert [hit.paragraph for hit in hits] == [0, 1]


def test_filters_and_pages(filled: Archive) -> None:
    assert len(filled.search("تبليسي", limit=None)) == 10
    assert len(filled.search("تبليسي", since="2022-07-05", until="2022-07-08")) == 4
    assert filled.search("تبليسي", outlet="أخرى") == []
    assert len(filled.search("تبليسي", outlet="وكاله المثال", limit=4)) == 4
    everything = [hit.article.id for hit in filled.search("تبليسي", limit=None)]
    assert [h.article.id for n in range(0, 10, 3) for h in filled.search("تبليسي", limit=3, offset=n)] == everything


def test_words_may_stand_in_several_paragraphs_but_phrases_may_not(filled: Archive) -> None:
    assert len(filled.search("تبليسي يريفان")) == 10
    assert filled.search('"تبليسي يريفان"') == []
    assert len(filled.search("«استئناف المحادثات»")) == 10
    assert phrases("«استئناف المحادثات» في") == [*phrases('"استئناف المحادثات"'), *phrases("في")]


def test_huge_article_is_found_by_its_beginning(archive: Archive) -> None:
    page = article(1, paragraphs=(TITLE, *(f"كلمة{n} زائدة" for n in range(120_000))))
    archive.add(page, CodedArticle(id=page.id), acts=(), coder="c")
    assert [hit.article.id for hit in archive.search("زائدة أرمينيا")] == [page.id]


def test_reindex_gives_the_same_answers(archive: Archive) -> None:
    archive.add(article(1), coded(1), acts=acts(coded(1)), coder="c")
    before = archive.search("أذربيجان")
    assert archive.reindex() == 1
    assert archive.search("أذربيجان") == before
