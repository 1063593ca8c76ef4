"""Pairs of countries as they are stored: only of acts that have two sides, one country with itself too."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from archive_samples import article, attack, mention, single_acts, trigger

from khabar.archive import Archive, OlderArchive, Query, migrate_archive, open_archive, schema
from khabar.export.graphml import edges_of
from khabar.export.icews import pairs
from khabar.records import CodedArticle, Event

RAID = "قصفت واشنطن ولندن مخازن في الجبل مساء السبت."
CLASH = "ودارت اشتباكات بين فصيل معارض والجيش قرب السد."
FIGHT = "واستهدف الجيش فصيلا معارضا عند الجسر."
TALKS = "وعقد الوزير محادثات مع نظيره ومع رئيس أركان بلاده."
TEXT = ("عنوان", RAID, CLASH, FIGHT, TALKS)


def event(number: int, word: str, type_: str, actors: dict[str, str], recipients: dict[str, str], **more: Any) -> Event:
    text = TEXT[number]
    return attack(
        f"e{number}", paragraph=number, trigger=trigger(word, text), type=type_, mode=more.pop("mode", None),
        actors=tuple(mention(words, text, code) for words, code in actors.items()),
        recipients=tuple(mention(words, text, code) for words, code in recipients.items()),
        speaker=(), place=None, toll={}, time=None, **more,
    )  # fmt: skip


EVENTS = (
    event(1, "قصفت", "ASSAULT", {"واشنطن": "USA", "لندن": "GBR"}, {}),
    event(2, "اشتباكات", "ASSAULT", {"فصيل معارض": "SYR.REB", "الجيش": "SYR.MIL"}, {}),
    event(3, "استهدف", "ASSAULT", {"الجيش": "SYR.MIL"}, {"فصيلا معارضا": "SYR.REB"}),
    event(4, "محادثات", "CONSULT", {"الوزير": "OMN.GOV", "نظيره": "QAT.GOV", "رئيس أركان": "OMN.MIL"}, {}),
)
STORED = [("OMN", "QAT", "CONSULT", 1), ("SYR", "SYR", "ASSAULT", 2)]


def fill(archive: Archive, *events: Event, coder: str = "c") -> None:
    coding = CodedArticle(id=article(1).id, events=events)
    archive.add(article(1, paragraphs=TEXT), coding, acts=single_acts(coding), coder=coder)


def told(archive: Archive, unit: Any = "act") -> list[tuple[Any, ...]]:
    rows = archive.counts(("dyad", "type"), Query(unit=unit), intensity=lambda *_: 0.0)
    return [(row["source"], row["target"], row["type"], row["n"]) for row in rows]


def stored(archive: Archive) -> list[list[tuple[Any, ...]]]:
    with archive._engine.connect() as connection:
        tables = (schema.EVENTS.dyads, schema.ACTS.dyads)
        return [
            [tuple(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key.columns))]
            for table in tables
        ]


def test_only_two_sides_make_a_pair_and_one_country_may_be_both(archive: Archive) -> None:
    fill(archive, *EVENTS)
    assert told(archive) == told(archive, "event") == STORED
    assert told(archive) == [
        (row["source"], row["target"], row["type"], row["n"])
        for row in archive.counts(("dyad", "type"), Query(min_confidence=0.1), intensity=lambda *_: 0.0)
    ]


def test_actor_and_recipient_asked_for_is_never_a_pair_of_actors(archive: Archive) -> None:
    fill(archive, *EVENTS)
    assert [row.trigger for row in archive.events(Query(actor="SYR", recipient="SYR"))] == ["استهدف"]
    assert archive.count(Query(actor="SYR", recipient="SYR")) == 1


def test_pairs_go_with_their_coding_and_their_page(archive: Archive) -> None:
    fill(archive, *EVENTS)
    fill(archive, EVENTS[0], coder="d")
    assert told(archive) == []
    fill(archive, *EVENTS[:2], coder="e")
    assert told(archive) == [("SYR", "SYR", "ASSAULT", 1)]
    assert archive.forget(article(1).id)
    assert stored(archive) == [[], []]


def test_an_archive_of_version_4_pairs_its_actors_anew(address: str) -> None:
    with open_archive(address) as archive:
        fill(archive, *EVENTS)
        right = stored(archive)
        with archive._engine.begin() as connection:
            for family in (schema.EVENTS, schema.ACTS):
                connection.execute(sa.delete(family.dyads).where(family.dyads.c.sided.is_(False)))
                key = connection.execute(sa.select(family.cells.c.month, family.cells.c.article)).first()
                assert key is not None
                was = {"month": key[0], "article": key[1], "number": 0, "source": "GBR", "target": "USA"}
                connection.execute(sa.insert(family.dyads), [{**was, "type": "ASSAULT", "sided": False}])
            connection.execute(sa.update(schema.meta).where(schema.meta.c.name == "schema").values(value="4"))
    with pytest.raises(OlderArchive, match="khabar migrate"):
        open_archive(address)
    assert migrate_archive(address).before == 4
    with open_archive(address) as mended:
        assert stored(mended) == right


def test_exports_pair_as_the_archive_does(archive: Archive) -> None:
    fill(archive, *EVENTS)
    rows = {row.trigger: row for row in archive.events(Query())}
    edges = {word: {(edge.source, edge.target, edge.mutual) for edge in edges_of(row)} for word, row in rows.items()}
    assert edges == {
        "قصفت": set(),
        "اشتباكات": {("SYR.MIL", "SYR.REB", True)},
        "استهدف": {("SYR.MIL", "SYR.REB", False)},
        "محادثات": {("OMN.GOV", "QAT.GOV", True), ("OMN.MIL", "QAT.GOV", True)},
    }
    named = {
        word: {(a and a.code, b and b.code) for a, b in pairs(row)} for word, row in rows.items()
    }  # fmt: skip
    assert named["قصفت"] == {("USA", None), ("GBR", None)}
    assert named["اشتباكات"] == {("SYR.MIL", "SYR.REB"), ("SYR.REB", "SYR.MIL")}
    assert ("OMN.GOV", "OMN.MIL") not in named["محادثات"]
    assert len(named["محادثات"]) == 4
