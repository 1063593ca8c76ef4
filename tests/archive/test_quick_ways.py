"""What is asked in a quicker way is the same as asked plainly, on both databases."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec
import pytest
from archive_samples import article, attack

from khabar.archive import Archive, Query, open_archive
from khabar.archive.ask import select_keys
from khabar.archive.connect import is_sqlite
from khabar.records import CodedArticle, Time


@pytest.mark.parametrize("unit", ["act", "event"])
def test_points_are_those_of_the_rows(filled: Archive, unit: str) -> None:
    query = Query(unit=unit)  # type: ignore[arg-type]
    plain = Counter(
        (row.place.latitude, row.place.longitude, row.type, row.place.geonames)
        for row in filled.events(query)
        if row.place and row.place.latitude is not None
    )
    assert plain
    assert Counter((p.latitude, p.longitude, p.type, p.geonames) for p in filled.points(query)) == plain
    assert len(filled.points(Query(limit=3, offset=1))) <= 3


def test_partners_are_counted_as_the_rows_tell(filled: Archive) -> None:
    codes = {cell.code for row in filled.events() for cell in row.actors if cell.code}
    assert codes
    found = 0
    for code in sorted(codes)[:12]:
        plain: Counter[str] = Counter()
        for mine, theirs in (("actors", "recipients"), ("recipients", "actors")):
            for row in filled.events():
                if code in {cell.code for cell in getattr(row, mine)}:
                    plain.update({cell.code for cell in getattr(row, theirs) if cell.code})
        if "." in code:  # without a sector the code is that of the whole country
            assert dict(filled.partners(code)) == dict(plain)
            found += bool(plain)
    assert found
    assert filled.partners("XYZ") == []


def test_a_pair_of_countries_is_found_by_its_table(filled: Archive) -> None:
    rows = list(filled.events())
    pairs = {
        (a.country, b.country) for row in rows for a in row.actors for b in row.recipients if a.country and b.country
    }
    assert pairs
    for source, target in sorted(pairs)[:15]:
        plain = [
            row.event_id
            for row in rows
            if source in {cell.country for cell in row.actors} and target in {cell.country for cell in row.recipients}
        ]
        query = Query(actor=source, recipient=target)
        assert sorted(row.event_id for row in filled.events(query)) == sorted(plain)
        assert filled.count(query) == len(plain)
        assert filled.count(query, up_to=1) == 1


@pytest.mark.parametrize(
    "question", [{}, {"actor": "ARM"}, {"since": "2022", "until": "2023"}, {"type": "ASSAULT"}, {"place": "GEO"}]
)
def test_counting_up_to(filled: Archive, question: dict[str, str]) -> None:
    whole = filled.count(Query(**question))  # type: ignore[arg-type]
    for most in (1, 2, 1000):
        assert filled.count(Query(**question), up_to=most) == min(most, whole)  # type: ignore[arg-type]
    assert sum(int(row["n"] or 0) for row in filled.counts(["type"], Query(**question))) == whole  # type: ignore[arg-type]
    assert sum(int(row["n"] or 0) for row in filled.counts(["month", "mode"], Query(**question))) == whole  # type: ignore[arg-type]


LED: list[dict[str, Any]] = [
    {"actor": "ARM"}, {"recipient": "ARM"}, {"speaker": "ARM"}, {"actor": "GEO.GOV"},
    {"actor": "GEO", "type": "ASSAULT"},
    {"actor": "ARM", "since": "2022", "until": "2023"}, {"actor": "ARM", "recipient": "AZE"},
    {"actor": "ARM", "recipient": "AZE", "type": "ASSAULT", "status": "actual"}, {"actor": "ARM", "place": "GEO"},
    {"actor": "ARM", "speaker": "ARM"}, {"actor": "ARM", "min_confidence": 0.5},
    {"actor": "ARM", "published_since": "2021"}, {"actor": "XYZ"},
]  # fmt: skip


@pytest.mark.parametrize("unit", ["act", "event"])
@pytest.mark.parametrize("order", ["date", "-date"])
@pytest.mark.parametrize("question", LED, ids=str)
def test_what_a_party_did_is_found_by_its_days(
    filled: Archive, question: dict[str, Any], order: Any, unit: Any
) -> None:
    whole = [row.event_id for row in filled.events(Query(**question, order=order, unit=unit))]
    assert len(set(whole)) == len(whole)
    assert [row.event_id for row in filled.events(Query(**question, order=order, unit=unit, limit=500))] == whole
    parts = [
        row.event_id
        for offset in range(0, len(whole) + 2, 2)
        for row in filled.events(Query(**question, order=order, unit=unit, limit=2, offset=offset))
    ]
    assert parts == whole
    assert filled.count(Query(**question, unit=unit)) == len(whole)
    for by in (["type"], ["month", "type"], ["day"], ["mode", "year"], ["status"]):
        assert sum(int(row["n"] or 0) for row in filled.counts(by, Query(**question, unit=unit))) == len(whole)


def test_led_questions_find_something(filled: Archive) -> None:
    found = [filled.count(Query(**question)) for question in LED]
    assert sum(map(bool, found)) >= 5


def test_places_and_parties_are_looked_up_by_their_indexes(filled: Archive) -> None:
    if not is_sqlite(filled._engine):
        pytest.skip("PostgreSQL plans by how many rows there are")
    for question, index in (
        ({"place": "GEO"}, "acts_country"), ({"actor": "ARM"}, "act_parties_days"),
        ({"actor": "ARM", "recipient": "AZE"}, "act_dyads_days"),
    ):  # fmt: skip
        with filled._engine.connect() as connection:
            statement = select_keys(connection, Query(**question, limit=5))  # type: ignore[arg-type]
            text = statement.compile(connection, compile_kwargs={"literal_binds": True})
            plan = " ".join(str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}"))
        assert index in plan
        assert "SCAN acts" not in plan


@pytest.mark.parametrize("order", ["date", "-date"])
def test_what_is_asked_since_a_day_is_what_ended_since(order: Any) -> None:
    with open_archive(":memory:") as archive:
        times = ["2022-07-01", "2022-06/2022-08", "2022-07-16", "2021", "2022-07-16/2022-07-20", "2022-08-02", None]
        for n, value in enumerate(times):
            time = Time(text="", start=0, end=0, value=value, precision="day") if value else None
            told = msgspec.structs.replace(attack(f"{n:012x}"), time=time)
            item = article(n + 1, id=f"{n:012x}", date="2022-07-16")
            archive.add(item, CodedArticle(id=item.id, events=(told,)), coder="c")
        whole = list(archive.events(Query(order=order)))
        for since, until in (
            ("2022-07-16", None),
            ("2022-07-16", "2022-07-16"),
            ("2022-07", "2022-07"),
            ("2023", None),
        ):
            last = {None: "9999", "2022-07": "2022-07-31"}.get(until, until) or ""
            first = since if len(since) == 10 else f"{since}-01"
            plain = [r.event_id for r in whole if (r.last or "") >= first and (r.first or "9") <= last]
            query = Query(since=since, until=until, order=order)
            assert [row.event_id for row in archive.events(query)] == plain
            for most in (1, 3, 100):
                part = msgspec.structs.replace(query, limit=most)
                assert [row.event_id for row in archive.events(part)] == plain[:most]
                assert archive.count(query, up_to=most) == min(most, len(plain))
                part = msgspec.structs.replace(query, limit=most, offset=1)
                assert [row.event_id for row in archive.events(part)] == plain[1 : most + 1]
