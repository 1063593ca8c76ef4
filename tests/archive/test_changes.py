"""What changed since a moment, and coding an archive anew."""

from __future__ import annotations

import msgspec
import pytest
import sqlalchemy as sa
from archive_samples import article, batch, coded

from khabar.archive import Archive, Query, QueryError, schema
from khabar.archive.changes import moment
from khabar.archive.recoding import aside

LATER = "2100-01-01"


def backdate(archive: Archive, at: str = "2020-01-01T00:00:00+00:00") -> None:
    """As if all had been stored long ago."""
    with archive._engine.begin() as connection:
        connection.execute(sa.update(schema.articles).values(added=at, coded=at))


def told(archive: Archive, since: str) -> set[tuple[str, str]]:
    return {(one.article_id, one.change) for one in archive.changes(since)}


def test_each_kind_of_change_is_told_once(archive: Archive) -> None:
    archive.add_batch(batch(1, 2, 3, 4, 5), coder="old")
    backdate(archive)
    assert told(archive, "2021-01-01") == set()
    assert {change for _, change in told(archive, "2019-01-01")} == {"added"}
    archive.add_batch(batch(6), coder="old")
    archive.add_batch(batch(2), coder="new")
    newer = article(3, id="art3newer", paragraphs=("عنوان", *article(3).paragraphs[1:]))
    archive.add(newer, msgspec.structs.replace(coded(3), id="art3newer"), coder="old")
    archive.forget(article(4).id)
    event = next(archive.events(Query(article=article(5).id, unit="event")))
    archive.correct(event.event_id, "change", {"status": "denied"}, who="ليلى")
    assert told(archive, "2021-01-01T00:00:00Z") == {
        (article(6).id, "added"), (article(2).id, "changed"), ("art3newer", "added"), (article(3).id, "withdrawn"),
        (article(4).id, "withdrawn"), (article(5).id, "changed"),
    }  # fmt: skip
    rows = archive.events(Query(changed_since="2021-01-01"))
    assert {row.article_id for row in rows} == {article(6).id, article(2).id, "art3newer", article(5).id}
    assert archive.count(Query(changed_since="2021-01-01", type="ASSAULT")) > 0
    assert told(archive, LATER) == set()
    assert archive.count(Query(changed_since=LATER)) == 0
    archive.add_batch(batch(4), coder="old")
    assert (article(4).id, "added") in told(archive, "2021-01-01")
    assert (article(4).id, "withdrawn") not in told(archive, "2021-01-01")


def test_moments() -> None:
    assert moment("2026-11-26") == "2026-11-26T00:00:00+00:00"
    assert moment("2026-11-26T13:00:00+02:00") == "2026-11-26T11:00:00+00:00"
    assert moment("2026-11-26 13:00") == "2026-11-26T13:00:00+00:00"
    for value in ("yesterday", "2026-13-01", ""):
        with pytest.raises(QueryError, match="no moment"):
            moment(value)


def codings(archive: Archive) -> set[str | None]:
    return {row.coder for row in archive.articles()}


def test_old_codings_stand_until_all_new_ones_are_there(archive: Archive) -> None:
    archive.add_batch(batch(*range(1, 8)), coder="old")
    before = list(archive.events(Query(unit="event", order="article")))
    again = archive.recoding("new")
    assert (again.resumed, again.left()) == (False, 7)
    part = again.next(0, 4)
    assert len(part) == 4
    again.lay_aside([(number, empty(one.id)) for number, one in part])
    assert list(archive.events(Query(unit="event", order="article"))) == before
    # Broken off, then resumed: what is there is not asked for again.
    again = archive.recoding("new")
    assert (again.resumed, again.left()) == (True, 3)
    rest = again.next(0, 10)
    again.lay_aside([(number, empty(one.id)) for number, one in rest])
    assert not again.next(0, 10)
    assert again.change_over(5) == 5
    assert codings(archive) == {"old", "new"}
    again = archive.recoding("new")
    assert (again.resumed, again.left()) == (True, 0)
    assert [again.change_over(5), again.change_over(5)] == [2, 0]
    assert codings(archive) == {"new"}
    assert archive.count(Query(unit="event")) == 0
    assert not archive.recoding("new").resumed


def empty(id_: str) -> msgspec.Struct:
    return msgspec.structs.replace(coded(1), id=id_, events=())


def test_a_page_that_changed_or_went_meanwhile_keeps_what_it_has(archive: Archive) -> None:
    archive.add_batch(batch(1, 2, 3), coder="old")
    again = archive.recoding("new")
    again.lay_aside([(number, empty(one.id)) for number, one in again.next(0, 10)])
    newer = article(1, id="newer", paragraphs=("عنوان", *article(1).paragraphs[1:]))
    archive.add(newer, msgspec.structs.replace(coded(1), id="newer"), coder="old")
    archive.forget(article(2).id)
    while again.change_over():
        pass
    assert {(row.id, row.coder) for row in archive.articles()} == {("newer", "old"), (article(3).id, "new")}
    assert len(archive.article("newer")[1].events) == 3
    with archive._engine.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(aside)).scalar() == 0


def test_another_goal_begins_anew_and_all_takes_the_same_coder_too(archive: Archive) -> None:
    archive.add_batch(batch(1, 2), coder="old")
    backdate(archive)
    first = archive.recoding("new")
    first.lay_aside([(number, empty(one.id)) for number, one in first.next(0, 1)])
    other = archive.recoding("old", all_=True)
    assert (other.resumed, other.left()) == (False, 2)
    other.lay_aside([(number, empty(one.id)) for number, one in other.next(0, 10)])
    assert other.change_over(1) == 1
    assert archive.recoding("old", all_=True).left() == 0
    assert archive.recoding("old").left() == 0


def test_what_people_said_stands_over_the_new_coding(archive: Archive) -> None:
    archive.add_batch(batch(1), coder="old")
    events = list(archive.events(Query(unit="event", order="article")))
    archive.correct(events[0].event_id, "change", {"status": "denied"}, who="ليلى")
    archive.correct(events[1].event_id, "delete", who="ليلى")
    again = archive.recoding("new")
    again.lay_aside([(number, msgspec.structs.replace(coded(1), id=one.id)) for number, one in again.next(0, 10)])
    while again.change_over():
        pass
    found = {row.event_id: row for row in archive.events(Query(unit="event"))}
    assert {row.coder for row in found.values()} == {"new"}
    assert found[events[0].event_id].status == "denied"
    assert events[1].event_id not in found
