"""What people say of whole articles: contexts, lines that are no text, all events at once; kept through every later
coding, exported in the gold's form. Texts are our own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from khabar.archive import Archive, Conflict, CorrectionError, Query, UnknownEvent, open_archive
from khabar.export import corrections
from khabar.judging import parse_coding
from khabar.records import Article, CodedArticle, Event, Mention, Trigger

TITLE = "دعوة إلى المحادثات"
LEAD = "دعت أرمينيا أذربيجان إلى المحادثات."
TAIL = "واتهمت تركيا أرمينيا بعرقلتها."
SHARE = "شارك المقال مع أصدقائك"


def _event(paragraph: int, text: str, word: str, type_: str, party: str, code: str) -> Event:
    start, at = text.index(word), text.index(party)
    return Event(
        id=f"a:{paragraph}:{start}:{type_}", paragraph=paragraph, type=type_, confidence=0.6,
        trigger=Trigger(text=word, start=start, end=start + len(word)),
        actors=(Mention(text=party, start=at, end=at + len(party), codes=(code,)),),
    )  # fmt: skip


REQUEST = _event(1, LEAD, "دعت", "REQUEST", "أرمينيا", "ARM")
ACCUSE = _event(2, TAIL, "واتهمت", "ACCUSE", "تركيا", "TUR")
ARTICLE = Article(id="a", paragraphs=(TITLE, LEAD, TAIL, SHARE), url="https://example.org/1", date="2024-05-02")


def _store(archive: Archive, *events: Event, coder: str = "one", article: Article = ARTICLE) -> str:
    coded = CodedArticle(
        id="a", events=events, contexts=("diplomatic",), not_body=((len(article.paragraphs) - 1, "share"),)
    )
    return archive.add(article, coded, coder=coder)


@pytest.fixture(params=["sqlite", "postgresql"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Archive:
    if request.param == "sqlite":
        book = open_archive(tmp_path / "khabar.db")
    else:
        database: Callable[[], str] = request.getfixturevalue("database")
        book = open_archive(database())
    _store(book, REQUEST, ACCUSE)
    return book


def _types(archive: Archive) -> list[str]:
    return [row.type for row in archive.events(Query(unit="event", order="article"))]


def test_contexts_are_kept_through_a_later_coding_and_given_back(archive: Archive) -> None:
    before = archive.judged_article("a")
    done = archive.correct_article(
        "a", contexts=["economic", "military", "economic"], who="Rima", etag=before.etag, note="n"
    )
    assert done.contexts == ("military", "economic")
    assert (done.own_contexts, done.who, done.contexts_judged) == (("diplomatic",), "Rima", True)
    assert archive.count(Query(context=("military",))) == 2
    assert archive.count(Query(context=("diplomatic",))) == 0
    assert _store(archive, REQUEST, ACCUSE, coder="two") == "recoded"
    assert archive.article("a")[1].contexts == ("military", "economic")
    (step,) = archive.history("a")
    assert (step.event_id, step.cell, step.who, step.note) == ("a", "contexts", "Rima", "n")
    assert (step.old, step.new) == (["diplomatic"], ["military", "economic"])
    assert [row.id for row in archive.corrected()] == ["a"]
    back = archive.correct_article("a", own_contexts=True, who="Sami")
    assert back.contexts == ("diplomatic",)
    assert archive.corrected() == []


def test_a_paragraph_judged_no_text_withholds_its_events_until_it_is_text_again(archive: Archive) -> None:
    done = archive.correct_article("a", lines={2: "read_also"}, who="Rima")
    assert done.not_body == ((2, "read_also"), (3, "share"))
    assert (done.lines, done.withheld) == (((2, "read_also"),), 1)
    assert _types(archive) == ["REQUEST"]
    # Neither another coding nor a correction of another event brings them back.
    assert _store(archive, REQUEST, ACCUSE, coder="two") == "recoded"
    assert _types(archive) == ["REQUEST"]
    archive.correct(REQUEST.id or "", "accept", who="Rima")
    assert _types(archive) == ["REQUEST"]
    with pytest.raises(CorrectionError, match="no text"):
        archive.add_event("a", msgspec.structs.replace(ACCUSE, id=None), who="Rima")
    # A newer version of the page where the line moved.
    moved = Article(id="a", paragraphs=(TITLE, LEAD, "سطر جديد.", TAIL, SHARE), url=ARTICLE.url, date=ARTICLE.date)
    late = msgspec.structs.replace(ACCUSE, paragraph=3, id="a:3:0:ACCUSE")
    assert _store(archive, REQUEST, late, coder="two", article=moved) == "version"
    assert _types(archive) == ["REQUEST"]
    assert archive.article("a")[1].not_body == ((3, "read_also"), (4, "share"))
    back = archive.correct_article("a", lines={3: None}, who="Sami")
    assert back.not_body == ((4, "share"),)
    assert _types(archive) == ["REQUEST", "ACCUSE"]
    assert archive.judged_of("a")[0].standing is not None  # the accepted one still is


def test_a_dropped_line_is_text_and_can_bear_an_event(archive: Archive) -> None:
    share = _event(3, SHARE, "شارك", "SUPPORT", "المقال", "UNK")
    with pytest.raises(CorrectionError, match="say first that it is text"):
        archive.add_event("a", share, who="Rima")
    assert archive.correct_article("a", lines={3: ""}, who="Rima").not_body == ()
    archive.add_event("a", share, who="Rima")
    assert _types(archive) == ["REQUEST", "ACCUSE", "SUPPORT"]
    with pytest.raises(CorrectionError, match="people spoke for"):
        archive.correct_article("a", lines={3: "share"}, who="Sami")
    _store(archive, REQUEST, ACCUSE, coder="two")
    assert archive.article("a")[1].not_body == ()
    assert _types(archive) == ["REQUEST", "ACCUSE", "SUPPORT"]


def test_what_the_codebook_does_not_have_is_refused(archive: Archive) -> None:
    for lines, said in (({9: "share"}, "no paragraph 9"), ({0: "share"}, "the title"), ({1: "boring"}, "no reason")):
        with pytest.raises(CorrectionError, match=said):
            archive.correct_article("a", lines=lines, who="Rima")
    with pytest.raises(CorrectionError, match="no context"):
        archive.correct_article("a", contexts=["weather"], who="Rima")
    with pytest.raises(CorrectionError, match="nothing to change"):
        archive.correct_article("a", who="Rima")
    with pytest.raises(CorrectionError, match="who corrects"):
        archive.correct_article("a", contexts=[], who=" ")
    with pytest.raises(UnknownEvent):
        archive.correct_article("b", contexts=[], who="Rima")
    assert archive.history() == []


def test_of_two_the_second_is_told(archive: Archive) -> None:
    before = archive.judged_article("a")
    archive.correct_article("a", contexts=["military"], who="Rima", etag=before.etag)
    with pytest.raises(Conflict, match="Rima"):
        archive.correct_article("a", lines={2: "promo"}, who="Sami", etag=before.etag)
    seen = {one.id: one.etag for one in archive.judged_of("a")}
    archive.correct(ACCUSE.id or "", "change", {"status": "denied"}, who="Rima")
    archive.correct(ACCUSE.id or "", "undo", who="Rima")
    with pytest.raises(Conflict, match="nothing was accepted"):
        archive.accept_all("a", seen, who="Sami")
    assert archive.judged(REQUEST.id or "").standing is None


def test_all_events_are_accepted_at_once_and_taken_back(archive: Archive) -> None:
    archive.correct(ACCUSE.id or "", "change", {"status": "denied"}, who="Rima")
    seen = {one.id: one.etag for one in archive.judged_of("a")}
    n, moment = archive.accept_all("a", seen, who="Sami")
    assert n == 1  # of the other somebody spoke already
    verdicts = {one.id: one.standing.verdict for one in archive.judged_of("a") if one.standing}
    assert verdicts == {REQUEST.id: "accepted", ACCUSE.id: "changed"}
    with pytest.raises(CorrectionError, match="every event"):
        archive.accept_all("a", {}, who="Sami")
    assert archive.undo_all("a", moment, who="Sami") == 1
    assert archive.judged_of("a")[0].event == REQUEST
    with pytest.raises(CorrectionError, match="nothing to take back"):
        archive.undo_all("a", moment, who="Sami")
    assert [(s.action, s.who) for s in archive.history("a")] == [
        ("change", "Rima"),
        ("accept", "Sami"),
        ("undo", "Sami"),
    ]


def test_the_gold_form_has_them_and_says_whose(archive: Archive) -> None:
    archive.correct_article("a", contexts=["military"], lines={2: "read_also"}, who="Rima")
    article, coded = archive.article("a")
    text = corrections.written(article, coded, archive.judged_of("a"), archive.judged_article("a"))
    assert "# contexts changed · Rima" in text
    assert "coder: diplomatic" in text
    assert "# paragraph 2 read_also · Rima" in text
    (read,), faults = parse_coding(text, {"a": article})
    assert faults == []
    assert (read.contexts, read.not_body) == (("military",), ((2, "read_also"), (3, "share")))
    assert [event.type for event in read.events] == ["REQUEST"]


def test_a_forgotten_page_takes_its_words_along(archive: Archive) -> None:
    archive.correct_article("a", contexts=["military"], who="Rima")
    assert archive.forget("a") == 1
    _store(archive, REQUEST)
    assert archive.article("a")[1].contexts == ("diplomatic",)
    assert archive.judged_article("a").who is None
