"""Corrections in the gold's written form: read back, they are what is shown."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from khabar import cli
from khabar.archive import open_archive
from khabar.judging import load_articles, read_coding
from khabar.records import Article, CodedArticle, Event, Mention, Trigger

LEAD = "دعت أرمينيا أذربيجان إلى المحادثات واتهمت تركيا بعرقلتها."


def _event(word: str, type_: str) -> Event:
    start = LEAD.index(word)
    actor = LEAD.index("أرمينيا")
    return Event(
        paragraph=1, trigger=Trigger(text=word, start=start, end=start + len(word)), type=type_, confidence=0.5,
        actors=(Mention(text="أرمينيا", start=actor, end=actor + 7, codes=("ARM",)),),
    )  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    where = tmp_path / "khabar.db"
    with open_archive(where) as archive:
        for id_ in ("a", "b", "c"):
            article = Article(id=id_, paragraphs=("دعوة", LEAD), source=id_, date="2024-05-02")
            coded = CodedArticle(id=id_, events=(_event("دعت", "REQUEST"), _event("واتهمت", "ACCUSE")))
            archive.add(article, coded, coder="one")
        first, second = archive.judged_of("a")
        archive.correct(first.id, "change", {"recipients": [{"codes": ["AZE"]}], "mode": "meet"}, who="Rima")
        archive.correct(second.id, "delete", who="Sami")
        archive.correct(archive.judged_of("b")[0].id, "accept", who="Rima")
    return where


def _export(*arguments: str) -> int:
    try:
        cli.app(["export", "corrections", *arguments], standalone_mode=False)
    except Exception as error:
        return int(getattr(error, "exit_code", 1))
    return 0


def test_what_was_corrected_is_read_back(path: Path, tmp_path: Path) -> None:
    form, texts = tmp_path / "form.tsv", tmp_path / "articles.jsonl"
    assert _export("-a", str(path), "-o", str(form), "--articles", str(texts)) == 0
    articles = load_articles(texts)
    coded, faults = read_coding(form, articles)
    assert not faults
    assert [one.id for one in coded] == ["a", "b"]  # of c nobody said anything
    assert [(e.type, e.mode) for e in coded[0].events] == [("REQUEST", "meet")]
    assert coded[0].events[0].recipients[0].codes == ("AZE",)
    assert len(coded[1].events) == 2
    text = form.read_text(encoding="utf-8")
    assert "# changed · Rima" in text
    assert "coder: 1\tدعت\tREQUEST\t-" in text  # the coder's own value stays beside it
    assert "# deleted · Sami" in text
    assert "# coder\n" in text


def test_only_articles_that_are_judged_whole(path: Path, tmp_path: Path) -> None:
    form = tmp_path / "form.tsv"
    assert _export("-a", str(path), "-o", str(form), "--complete") == 0
    text = form.read_text(encoding="utf-8")
    assert "@a" in text
    assert "@b" not in text
    assert _export("-a", str(path), "-o", str(form), "--article", "b") == 0
    assert form.read_text(encoding="utf-8").startswith("@b")


def test_what_the_form_cannot_write_is_a_comment(tmp_path: Path) -> None:
    with open_archive(tmp_path / "khabar.db") as archive:
        half = Mention(text="رمينيا", start=LEAD.index("رمينيا"), end=LEAD.index("رمينيا") + 6, codes=("ARM",))
        event = msgspec.structs.replace(_event("دعت", "REQUEST"), actors=(half,))
        article = Article(id="a", paragraphs=("دعوة", LEAD), source="a")
        archive.add(article, CodedArticle(id="a", events=(event,)), coder="one")
        archive.correct(archive.judged_of("a")[0].id, "accept", who="Rima")
    form = tmp_path / "form.tsv"
    assert _export("-a", str(tmp_path / "khabar.db"), "-o", str(form)) == 0
    assert "# left out, REQUEST" in form.read_text(encoding="utf-8")
