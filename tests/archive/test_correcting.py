"""What people say of events: kept through every later coding, in the gold's form, two at once. Texts are our own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from khabar.archive import Archive, Conflict, CorrectionError, Query, UnknownEvent, open_archive
from khabar.archive.corrected import overlay, span_of, underlay
from khabar.records import Article, CodedArticle, Event, Mention, Place, Trigger

TITLE = "دعوة إلى المحادثات"
LEAD = "دعت أرمينيا أذربيجان إلى المحادثات واتهمت تركيا بعرقلتها في تبليسي."


def _span(text: str, of: str = LEAD) -> dict[str, object]:
    start = of.index(text)
    return {"text": text, "start": start, "end": start + len(text)}


def _event(word: str = "دعت", type_: str = "REQUEST", id_: str = "a", mode: str | None = "meet") -> Event:
    trigger = Trigger(**_span(word))
    return Event(
        id=f"{id_}:1:{trigger.start}:{type_}", paragraph=1, trigger=trigger, type=type_, mode=mode,
        actors=(Mention(**_span("أرمينيا"), codes=("ARM",), names=("Armenia",)),),
        recipients=(Mention(**_span("أذربيجان"), codes=("AZE",)),), confidence=0.6,
    )  # fmt: skip


def _article(id_: str = "a", lead: str = LEAD, *more: str) -> Article:
    return Article(id=id_, paragraphs=(TITLE, *more, lead), url="https://example.org/1", date="2024-05-02")


def _store(archive: Archive, *events: Event, coder: str = "one", article: Article | None = None) -> str:
    article = article or _article()
    return archive.add(article, CodedArticle(id=article.id, events=events), coder=coder)


@pytest.fixture(params=["sqlite", "postgresql"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Archive:
    if request.param == "sqlite":
        return open_archive(tmp_path / "khabar.db")
    database: Callable[[], str] = request.getfixturevalue("database")
    return open_archive(database())


def test_accept_change_delete_undo(archive: Archive) -> None:
    _store(archive, _event(), _event("واتهمت", "ACCUSE", mode=None))
    request, accuse = archive.judged_of("a")
    done = archive.correct(request.id, "accept", who="Rima", etag=request.etag)
    assert done.standing is not None
    assert (done.standing.verdict, done.standing.who, done.standing.version) == ("accepted", "Rima", 1)
    turkey = msgspec.to_builtins(Mention(**_span("تركيا"), codes=("TUR",)))
    changed = archive.correct(accuse.id, "change", {"recipients": [turkey], "mode": "allege"}, who="Rima", note="why")
    assert changed.event is not None
    assert changed.event.recipients[0].codes == ("TUR",)
    assert changed.event.recipients[0].method == "human"
    assert changed.event.confidence == 1.0
    assert changed.standing is not None
    assert changed.standing.coder is not None
    assert changed.standing.coder.recipients[0].codes == ("AZE",)  # the coder's own value stays beside it
    # Every table that is asked follows.
    for unit in ("event", "act"):
        assert [row.type for row in archive.events(Query(recipient="TUR", unit=unit))] == ["ACCUSE"]
    assert archive.counts(["dyad"], Query(type="ACCUSE"))[0]["target"] == "TUR"
    archive.correct(request.id, "delete", who="Sami")
    assert [event.type for event in archive.article("a")[1].events] == ["ACCUSE"]
    assert archive.judged(request.id).event is None
    archive.correct(request.id, "undo", who="Sami")
    assert {event.type for event in archive.article("a")[1].events} == {"ACCUSE", "REQUEST"}
    assert archive.article("a")[1].events[0].confidence == 0.6
    log = archive.history("a")
    assert [(step.who, step.action, step.cell) for step in log] == [
        ("Rima", "accept", ""), ("Rima", "change", "mode"), ("Rima", "change", "recipients"), ("Sami", "delete", ""),
        ("Sami", "undo", ""),
    ]  # fmt: skip
    assert log[2].old[0]["codes"] == ["AZE"]
    assert log[2].new[0]["codes"] == ["TUR"]
    assert archive.status().corrections == 5
    archive.forget("a")
    assert archive.history() == []


def test_no_later_coding_takes_a_word_back(archive: Archive) -> None:
    _store(archive, _event(), _event("واتهمت", "ACCUSE", mode=None))
    request, accuse = archive.judged_of("a")
    archive.correct(request.id, "change", {"type": "THREATEN"}, who="Rima")
    archive.correct(accuse.id, "delete", who="Rima")
    place = Place(**_span("تبليسي"), country="GEO")
    added = Event(paragraph=1, trigger=Trigger(**_span("المحادثات")), type="CONSULT", place=place)
    archive.add_event("a", added, who="Rima")
    for coder, events in (
        ("two", (_event("واتهمت", "REJECT", mode=None), _event(mode="yield"))),  # other types at the same words
        ("three", ()),  # a coder that finds nothing
        ("four", (_event(), _event("واتهمت", "ACCUSE", mode=None), _event("المحادثات", "CONSULT", mode=None))),
    ):
        assert _store(archive, *events, coder=coder) == "recoded"
        shown = archive.article("a")[1].events
        assert [(e.trigger.text, e.type) for e in shown] == [("دعت", "THREATEN"), ("المحادثات", "CONSULT")], coder
        assert shown[0].id == request.id
        assert shown[1].place is not None
        assert shown[1].place.country == "GEO"
    assert archive.judged(accuse.id).standing is not None
    archive.correct(request.id, "undo", who="Rima")
    assert archive.article("a")[1].events[0].type == "REQUEST"


def test_a_word_moves_to_a_new_version_of_the_page(archive: Archive) -> None:
    _store(archive, _event())
    (request,) = archive.judged_of("a")
    archive.correct(request.id, "change", {"status": "denied"}, who="Rima")
    # A paragraph stands before it now; the coder finds it there.
    moved = _article("b", LEAD, "فقرة أخرى.")
    event = msgspec.structs.replace(_event(id_="b"), paragraph=2, id=None)
    assert _store(archive, event, article=moved) == "version"
    (shown,) = archive.article("b")[1].events
    assert (shown.paragraph, shown.status) == (2, "denied")
    # The words changed, and the coder finds nothing.
    lead = "ثم " + LEAD.replace("أذربيجان ", "")
    assert _store(archive, article=_article("c", lead)) == "version"
    (shown,) = archive.article("c")[1].events
    assert (shown.trigger.start, shown.status) == (3, "denied")
    assert lead[shown.actors[0].start : shown.actors[0].end] == "أرمينيا"
    assert (shown.recipients[0].text, shown.recipients[0].codes) == (None, ("AZE",))
    # The word is gone: the correction is kept, and comes back with it.
    assert _store(archive, article=_article("d", "لا شيء.")) == "version"
    assert archive.article("d")[1].events == ()
    assert archive.judged(request.id).standing is not None
    assert _store(archive, article=_article("e", "قبل ذلك " + LEAD)) == "version"
    assert archive.article("e")[1].events[0].status == "denied"


def test_of_two_at_once_the_second_is_told(archive: Archive) -> None:
    _store(archive, _event())
    (seen,) = archive.judged_of("a")
    archive.correct(seen.id, "change", {"status": "denied"}, who="Rima", etag=seen.etag)
    with pytest.raises(Conflict, match="Rima"):
        archive.correct(seen.id, "delete", who="Sami", etag=seen.etag)
    assert archive.article("a")[1].events[0].status == "denied"
    again = archive.judged(seen.id)
    archive.correct(seen.id, "change", {"mode": "yield"}, who="Sami", etag=again.etag)
    (shown,) = archive.article("a")[1].events
    assert (shown.status, shown.mode) == ("denied", "yield")
    assert {step.who for step in archive.history(event_id=seen.id)} == {"Rima", "Sami"}


def test_of_many_at_once_one_wins(archive: Archive) -> None:
    _store(archive, _event())
    (seen,) = archive.judged_of("a")
    won: list[str] = []
    lost: list[str] = []

    def work(name: str) -> None:
        try:
            archive.correct(seen.id, "change", {"status": "planned"}, who=name, etag=seen.etag)
            won.append(name)
        except Conflict:
            lost.append(name)

    threads = [threading.Thread(target=work, args=(f"person {n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (len(won), len(lost)) == (1, 5)
    assert [step.who for step in archive.history()] == won


BAD = [
    {"type": "WAR"}, {"mode": "aerial"}, {"status": "true"}, {"actors": [{"text": "أرمينيا", "codes": ["ARM"]}]},
    {"actors": [{"codes": ["Armenia"]}]}, {"actors": [{"codes": []}]}, {"actors": "ARM"}, {"place": {"country": "geo"}},
    {"place": {"text": "يريفان", "start": 0, "end": 6, "country": "ARM"}}, {"time": {"value": "2024-13"}},
    {"toll": {"killed": "many"}}, {"toll": {"lost": "3"}}, {"trigger": {"text": "x", "start": 0, "end": 1}}, {},
    {"actors": [{"codes": ["ARM"]}] * 50}, {"type": None}, {"confidence": 2},
]  # fmt: skip


@pytest.mark.parametrize("cells", BAD, ids=str)
def test_values_are_those_of_the_codebook(tmp_path: Path, cells: dict[str, object]) -> None:
    with open_archive(tmp_path / "khabar.db") as archive:
        _store(archive, _event())
        (seen,) = archive.judged_of("a")
        with pytest.raises(CorrectionError):
            archive.correct(seen.id, "change", cells, who="Rima")
        assert archive.judged(seen.id) == seen
        assert archive.history() == []


def test_refusals(tmp_path: Path) -> None:
    with open_archive(tmp_path / "khabar.db") as archive:
        _store(archive, _event())
        (seen,) = archive.judged_of("a")
        for who in ("", "  ", "x" * 100):
            with pytest.raises(CorrectionError):
                archive.correct(seen.id, "accept", who=who)
        with pytest.raises(UnknownEvent):
            archive.correct("none:1:2:AID", "accept", who="Rima")
        with pytest.raises(UnknownEvent):
            archive.add_event("none", _event(), who="Rima")
        with pytest.raises(CorrectionError, match="undo"):
            archive.correct(seen.id, "undo", who="Rima")
        with pytest.raises(Conflict):
            archive.add_event("a", _event(), who="Rima")
        half = Event(paragraph=1, trigger=Trigger(text="دع", start=0, end=2), type="AID")
        for event in (half, msgspec.structs.replace(half, paragraph=7)):
            with pytest.raises(CorrectionError):
                archive.add_event("a", event, who="Rima")
        archive.correct(seen.id, "delete", who="Rima")
        with pytest.raises(CorrectionError, match="deleted"):
            archive.correct(seen.id, "accept", who="Rima")
        # What was deleted can be added anew, and undone beside it.
        again = archive.add_event("a", _event(), who="Sami")
        assert again.id != seen.id
        assert len(archive.article("a")[1].events) == 1


def test_a_single_cell_is_accepted_or_emptied(tmp_path: Path) -> None:
    with open_archive(tmp_path / "khabar.db") as archive:
        _store(archive, _event())
        (seen,) = archive.judged_of("a")
        archive.correct(seen.id, "accept", {"mode": None}, who="Rima")
        archive.correct(seen.id, "change", {"recipients": []}, who="Rima")
        other = msgspec.structs.replace(_event(mode="yield"), status="planned")
        _store(archive, other, coder="two")
        (shown,) = archive.article("a")[1].events
        assert (shown.mode, shown.recipients, shown.status) == ("meet", (), "planned")  # the coder still fills the rest
        assert [step.action for step in archive.history()] == ["accept", "delete"]


def test_a_read_only_archive_says_so(tmp_path: Path) -> None:
    path = tmp_path / "khabar.db"
    with open_archive(path) as archive:
        _store(archive, _event())
    with open_archive(path, readonly=True) as archive:
        (seen,) = archive.judged_of("a")
        with pytest.raises(Exception, match="read-only"):
            archive.correct(seen.id, "accept", who="Rima")


def test_overlay_and_underlay_are_each_others_way_back(tmp_path: Path) -> None:
    coder = CodedArticle(id="a", events=(_event(), _event("واتهمت", "ACCUSE", mode=None)))
    with open_archive(tmp_path / "khabar.db") as archive:
        archive.add(_article(), coder, coder="one")
        for judged, action in zip(archive.judged_of("a"), ("accept", "delete"), strict=True):
            archive.correct(judged.id, action, who="Rima")
        standing = [judged.standing for judged in archive.judged_of("a") if judged.standing]
        assert len(standing) == 2
        shown = overlay(_article(), coder, standing)
        assert underlay(shown.coded, shown.standing) == coder
        assert archive.article("a")[1].events == shown.coded.events


def test_words_are_found_again() -> None:
    text = "في تبليسي، ثم في تبليسي أيضا"
    assert span_of(text, "في تبليسي") == (0, 9)
    assert span_of(text, "تبليسي", near=20) == (17, 23)
    assert span_of(text, "تبلي") is None
    assert span_of(text, "") is None


def test_happenings_follow_a_correction(tmp_path: Path) -> None:
    with open_archive(tmp_path / "khabar.db") as archive:
        for n in (1, 2):
            lead = LEAD if n == 1 else f"وبحسب مصدر، {LEAD}"
            article = Article(
                id=f"a{n}", paragraphs=(TITLE, lead), url=f"https://example.org/{n}", date="2024-05-02", outlet=f"o{n}"
            )
            shift = lead.index("دعت")
            event = _event(id_=f"a{n}")
            moved = Trigger(text="دعت", start=shift, end=shift + 3)
            bare = (
                tuple(Mention(codes=m.codes) for m in event.actors),
                tuple(Mention(codes=m.codes) for m in event.recipients),
            )
            event = msgspec.structs.replace(event, id=None, trigger=moved, actors=bare[0], recipients=bare[1])
            archive.add(article, CodedArticle(id=article.id, events=(event,)), coder="one")
        archive.link()
        (one,) = archive.happenings(min_reports=2)
        (seen,) = archive.judged_of("a2")
        archive.correct(seen.id, "change", {"status": "denied"}, who="Rima")
        told = archive.happening(archive.happening_ids([seen.id])[seen.id])
        status = next(cell for cell in told.cells if cell.cell == "status")
        assert told.happening.id == one.id
        assert {said.value: said.articles for said in status.values} == {"actual": ("a1",), "denied": ("a2",)}
        archive.correct(seen.id, "delete", who="Rima")
        assert list(archive.happenings(min_reports=2)) == []
        assert archive.happening_ids([seen.id]) == {}
