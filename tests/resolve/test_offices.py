"""No office of the tables has two holders at once, but for those that `office_overlaps.tsv` lists with the reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import combinations
from pathlib import Path

from khabar.resolve import Tables, load_tables
from khabar.resolve.tables import Actor

ONE_HOLDER = ("person president", "person prime minister", "person monarch")
HANDOVER = 62  # days that two terms may share: dates are to the month in places
LISTED = Path(__file__).with_name("office_overlaps.tsv")


def _bound(value: str, *, last: bool) -> date:
    """First or last day of a date to the year, month or day; open bounds are far away."""
    if not value:
        return date.max if last else date.min
    numbers = [int(n) for n in value.split("-")]
    month = numbers[1] if len(numbers) > 1 else 12 if last else 1
    day = numbers[2] if len(numbers) > 2 else 28 if last else 1
    return date(numbers[0], month, day)


def overlaps(tables: Tables) -> Iterator[tuple[str, str, str, str]]:
    """Office, country and the ids of two who hold it at once."""
    holders: dict[tuple[str, str], list[Actor]] = defaultdict(list)
    for roles in tables.actors.values():
        for actor in roles:
            if actor.role in ONE_HOLDER and actor.sector == "GOV" and actor.since:
                holders[actor.role, actor.country].append(actor)
    for (role, country), found in sorted(holders.items()):
        for a, b in combinations(sorted(found, key=lambda x: (x.since, x.id)), 2):
            shared = min(_bound(a.until, last=True), _bound(b.until, last=True)) - max(
                _bound(a.since, last=False), _bound(b.since, last=False)
            )
            if a.id != b.id and shared.days > HANDOVER:
                yield role, country, *sorted((a.id, b.id))  # type: ignore[misc]


def listed() -> dict[tuple[str, ...], str]:
    rows = [line.split("\t") for line in LISTED.read_text(encoding="utf-8").splitlines()[1:]]
    return {tuple(row[:4]): row[4] for row in rows}


def test_no_office_has_two_holders() -> None:
    unlisted = sorted(set(overlaps(load_tables())) - listed().keys())
    assert not unlisted, f"two holders of one office at once: {unlisted}"


def test_listed_overlaps_have_a_reason() -> None:
    assert all(reason in ("contested", "acting") for reason in listed().values())


def test_every_listed_overlap_is_one() -> None:
    assert not listed().keys() - set(overlaps(load_tables()))
