"""What is asked in a quicker way is the same as asked plainly, on both databases."""

from __future__ import annotations

from collections import Counter

import pytest

from khabar.archive import Archive, Query


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
