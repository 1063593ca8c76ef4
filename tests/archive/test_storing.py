"""Storing: what goes in comes out again, once, whole, and in its newest version."""

from __future__ import annotations

import msgspec
import pytest
import sqlalchemy as sa
from archive_samples import acts, article, attack, batch, coded

from khabar.archive import Archive, ArchiveError, Query, digest, page_key, schema
from khabar.records import Article, CodedArticle


def tables(archive: Archive) -> dict[str, int]:
    """Rows of every table."""
    with archive._engine.connect() as connection:
        return {
            name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for name, table in schema.metadata.tables.items()
        }


def test_what_is_stored_comes_back_equal(archive: Archive) -> None:
    assert archive.add(article(), coded(), acts=acts(coded()), coder="c 1", model="m") == "added"
    assert archive.article(article().id) == (article(), coded())
    assert archive.article("https://example.org/news/1") == (article(), coded())


def test_an_article_without_anything_comes_back_equal(archive: Archive) -> None:
    bare, nothing = Article(id="x", paragraphs=()), CodedArticle(id="x")
    assert archive.add(bare, nothing, acts=(), coder="c") == "added"
    assert archive.article("x") == (bare, nothing)
    assert list(archive.events()) == []


def test_running_twice_adds_nothing(archive: Archive) -> None:
    first = archive.add_batch(batch(1, 2, 3), coder="c")
    before = tables(archive)
    assert first == ["added"] * 3
    assert archive.add_batch(batch(1, 2, 3), coder="c") == ["same"] * 3
    assert archive.add_batch(batch(3, 3, 4), coder="c") == ["same", "same", "added"]
    after = tables(archive)
    assert after["articles"] == 4
    assert before["acts"] / 3 == after["acts"] / 4


def test_one_page_twice_in_a_batch_is_one_page(archive: Archive) -> None:
    other_tracking = msgspec.structs.replace(article(1), url="https://EXAMPLE.org/news/1?utm_source=y#top")
    entries = [*batch(1), (other_tracking, coded(1), acts(coded(1)))]
    assert archive.add_batch(entries, coder="c") == ["added", "same"]


def test_a_changed_page_is_a_new_version(archive: Archive) -> None:
    archive.add(*batch(1)[0][:2], acts=acts(coded(1)), coder="c")
    changed = article(1, id="new", paragraphs=("عنوان جديد", "فقرة جديدة"))
    new = CodedArticle(id="new", events=(attack("new:1:0:ASSAULT", paragraph=1),))
    assert archive.add(changed, new, acts=acts(new), coder="c") == "version"
    assert [row.event_id for row in archive.events()] == ["new:1:0:ASSAULT"]
    assert [row.id for row in archive.articles()] == ["new"]
    assert [(row.id, row.current) for row in archive.versions("new")] == [("art000000001", False), ("new", True)]
    assert archive.article("https://example.org/news/1")[0] == changed
    assert archive.article("art000000001", digest=digest(article(1))) == (article(1), coded(1))
    assert [hit.article.id for hit in archive.search("جديدة")] == ["new"]
    assert archive.search("تبليسي") == []
    assert archive.add(changed, new, acts=acts(new), coder="c") == "same"


def test_another_date_is_another_version(archive: Archive) -> None:
    archive.add(article(1), coded(1), acts=acts(coded(1)), coder="c")
    assert archive.add(article(1, date="2022-08-01"), coded(1), acts=acts(coded(1)), coder="c") == "version"
    assert archive.status().articles == 1
    assert archive.status().versions == 2


def test_versions_of_one_batch(archive: Archive) -> None:
    changed = article(1, paragraphs=("آخر",))
    entries = [*batch(1), (changed, CodedArticle(id=changed.id), ())]
    assert archive.add_batch(entries, coder="c") == ["added", "version"]
    assert archive.article(changed.id)[0] == changed


def test_equal_texts_at_two_addresses_are_two_articles(archive: Archive) -> None:
    twin = article(1, url="https://example.org/copy", id="twin")
    archive.add(article(1), coded(1), acts=acts(coded(1)), coder="c")
    assert archive.add(twin, coded(1, id="twin"), acts=acts(coded(1, id="twin")), coder="c") == "added"
    assert archive.status().articles == 2


def test_two_pages_of_one_id_are_told_apart(archive: Archive) -> None:
    one = article(1, id="1", url="https://a.example/x")
    two = article(2, id="1", url="https://b.example/y")
    for page in (one, two):
        assert archive.add(page, coded(1, id="1"), acts=acts(coded(1, id="1")), coder="c") == "added"
    ids = [row.id for row in archive.articles()]
    assert ids[0] == "1"
    assert ids[1].startswith("1-")
    events = [row.event_id for row in archive.events()]
    assert len(set(events)) == len(events) == 4
    assert archive.article(ids[1])[0].paragraphs == two.paragraphs
    again = [archive.add(page, coded(1, id="1"), acts=acts(coded(1, id="1")), coder="c") for page in (two, one)]
    assert again == ["same", "same"]


def test_a_newer_coder_replaces_the_older_ones_rows(archive: Archive) -> None:
    archive.add_batch(batch(1, 2), coder="old 1")
    better = coded(1, events=coded(1).events[:1], contexts=("territory",), coder="new")
    assert archive.known([article(1)], coder="new 2") == [False]
    assert archive.add(article(1), better, acts=acts(better), coder="new 2", model="m2") == "recoded"
    assert archive.article("art000000001") == (article(1), better)
    assert archive.known([article(1), article(2)], coder="new 2") == [True, False]
    rows = list(archive.events(Query(article="art000000001")))
    assert [(row.coder, row.model) for row in rows] == [("new 2", "m2")]
    counted = tables(archive)
    assert (counted["articles"], counted["events"], counted["contexts"]) == (2, 4, 3)
    assert [row.id for row in archive.articles(coder_not="new 2")] == ["art000000002"]
    assert archive.status().coders == (("new 2", "m2", 1), ("old 1", None, 1))


def test_has_and_known(archive: Archive) -> None:
    archive.add_batch(batch(1), coder="c 1")
    key, version = page_key(article(1)), digest(article(1))
    assert archive.has(key, version)
    assert archive.has(key, version, coder="c 1")
    assert not archive.has(key, version, coder="c 2")
    assert not archive.has(key, "0" * 32)
    assert archive.known([article(2), article(1)]) == [False, True]
    assert archive.known([]) == []


def test_pages_without_address_go_by_their_source(archive: Archive) -> None:
    page = article(1, url=None)
    assert page_key(page) == "pages/1.html"
    assert page_key(article(1, url=None, source=None)) == "id:art000000001"
    archive.add(page, coded(1), acts=acts(coded(1)), coder="c")
    assert archive.article("pages/1.html")[0] == page


def test_forget_leaves_nothing_but_the_id(archive: Archive) -> None:
    archive.add_batch(batch(2), coder="c")
    before = tables(archive)
    secret = attack("s", actors=(msgspec.structs.replace(attack("s").actors[0], names=("Nobody Elsewhere",)),))
    for text in ("نص اول", "نص ثان"):
        page = article(1, paragraphs=(text, "فقرة", "فقرة سرية"))
        coding = CodedArticle(id=page.id, contexts=("crime",), events=(secret,))
        archive.add(page, coding, acts=acts(coding), coder="c")
    assert archive.count(Query(actor="nobody elsewhere")) == 1
    assert archive.forget("https://example.org/news/1") == 2
    # Its ids, so that who published its rows hears that they hold no more.
    assert tables(archive) == before | {"forgotten": 1}
    assert archive.search("سرية") == []
    assert archive.forget("https://example.org/news/1") == 0
    with pytest.raises(ArchiveError, match="no article"):
        archive.article("art000000001")
    assert archive.article("art000000002") == (article(2), coded(2))


def test_characters_that_no_database_stores(archive: Archive) -> None:
    page = article(1, paragraphs=("عنوان\x00", "نص\ud800 وقصف"), url=None, source="pages/\udce9.html")
    archive.add(page, coded(1), acts=acts(coded(1)), coder="c")
    assert archive.known([page], coder="c") == [True]
    assert archive.add(page, coded(1), acts=acts(coded(1)), coder="c") == "same"
    archive.note_faults([(str(page.source), "no text")])
    assert [failed.source for failed in archive.faults()] == ["pages/\ufffd.html"]
    archive.note_faults([], [str(page.source)])
    assert archive.faults() == []
    assert archive.article(page.id)[0].paragraphs == ("عنوان\ufffd", "نص\ufffd وقصف")


def test_events_get_an_id_and_a_toll_of_words_does_no_harm(archive: Archive) -> None:
    event = attack("x", id=None, toll={"killed": "many", "missing": "~4000"})
    archive.add(article(1), CodedArticle(id=article(1).id, events=(event,)), coder="c", acts=())
    row = next(archive.events(Query(unit="event")))
    assert row.event_id == f"{article(1).id}:2:0:ASSAULT"
    assert row.toll == {"killed": "many", "missing": "~4000"}


def test_nothing_of_a_batch_that_fails_is_stored(archive: Archive) -> None:
    archive.add_batch(batch(1), coder="c")
    before = tables(archive)
    broken = attack("x", toll={"killed": None})  # type: ignore[dict-item]
    coding = CodedArticle(id=article(3).id, events=(broken,))
    with pytest.raises(Exception):  # noqa: B017, PT011 - what kind of error is the database's matter
        archive.add_batch([*batch(2), (article(3), coding, acts(coding))], coder="c")
    assert tables(archive) == before
    assert archive.add_batch(batch(2), coder="c") == ["added"]
