"""Questions: every filter, every order, rows with all their cells."""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path

import pytest
from archive_samples import BODY, acts, article, attack, coded, mention, single_acts

from khabar.archive import BY, Archive, PartyCell, PlaceCell, Query, QueryError, ask
from khabar.archive.nearest import count_words
from khabar.archive.query import check
from khabar.records import Act, CodedArticle, Time


def ids(archive: Archive, **fields: object) -> list[str]:
    return [row.event_id for row in archive.events(Query(**fields))]  # type: ignore[arg-type]


def test_a_row_has_every_cell(filled: Archive) -> None:
    row = next(filled.events(Query(type="assault", article="art000000003")))
    assert row.event_id == "art000000003:2:0:ASSAULT"
    assert (row.type, row.mode, row.status, row.unit) == ("ASSAULT", "heavy-weapons", "actual", "act")
    assert row.text == f"{BODY} (3)"
    assert row.text[row.trigger_start : row.trigger_end] == row.trigger == "وقصف"
    assert row.actors == (
        PartyCell(code="AZE.MIL", country="AZE", sector="MIL", name="Azerbaijani Armed Forces",
                  mention="الجيش الأذربيجاني", start=5, end=22),
    )  # fmt: skip
    assert row.recipients[0].code == "ARM.CVL"
    assert (row.speakers[0].id, row.speakers[0].name) == ("Q399", "Armenia")
    assert row.place == PlaceCell(
        name="Yerevan", raw="قرية حدودية", start=23, end=34, country="ARM", admin1="Syunik", latitude=40.18,
        longitude=44.51, geonames=616052, feature="PPL",
    )  # fmt: skip
    assert row.toll == {"killed": ">=3"}
    assert (row.published, row.first, row.last, row.dated) == ("2022-07-04", "2022-07-04", "2022-07-04", "article")
    assert row.contexts == ("diplomatic", "military")
    assert (row.outlet, row.agency, row.title) == ("وكالة المثال", "وكالات", article().paragraphs[0])
    assert (row.coder, row.model, row.confidence) == ("c 1", "m 1", 0.6)
    assert row.story_parties == ("Armenia", "Azerbaijan", "Azerbaijani Armed Forces", "مدنيين")
    assert row.story_places == ("Yerevan",)


def test_an_act_has_its_best_cells_and_all_its_mentions(filled: Archive) -> None:
    row = next(filled.events(Query(type="REQUEST", article="art000000001")))
    assert (row.event_id, row.mentions) == ("art000000001:1:0:REQUEST", 2)
    assert row.mention_ids == ("art000000001:1:0:REQUEST", "art000000001:0:8:REQUEST")
    assert (row.first, row.dated, row.time, row.paragraph) == ("2022-07-05", "event", "2022-07-05", 1)
    events = list(filled.events(Query(type="REQUEST", article="art000000001", unit="event")))
    assert [(event.paragraph, event.mentions) for event in events] == [(1, 1), (0, 1)]


def test_an_act_whose_best_is_no_single_event(archive: Archive) -> None:
    coding = coded(1)
    best = attack("art000000001:1:0:REQUEST", toll={"killed": "9"})
    archive.add(article(1), coding, acts=[Act(id="a", events=(1, 0, 2), best=best)], coder="c")
    (row,) = archive.events()
    assert (row.event_id, row.toll, row.mentions, row.type) == ("a", {"killed": "9"}, 3, "ASSAULT")


@pytest.mark.parametrize(
    ("fields", "types"),
    [
        ({"actor": "ARM"}, {"REQUEST"}),
        ({"actor": "AZE"}, {"ASSAULT"}),
        ({"actor": "AZE.MIL"}, {"ASSAULT"}),
        ({"actor": "AZE.GOV"}, set()),
        ({"actor": ".MIL"}, {"ASSAULT"}),
        ({"actor": ("AZE", "ARM")}, {"REQUEST", "ASSAULT"}),
        ({"actor": "ARM", "recipient": "AZE"}, {"REQUEST"}),
        ({"recipient": "ARM"}, {"ASSAULT"}),
        ({"recipient": ".CVL"}, {"ASSAULT"}),
        ({"party": "AZE"}, {"REQUEST", "ASSAULT"}),
        ({"party": "RUS"}, set()),
        ({"actor": "Q399"}, {"REQUEST"}),
        ({"speaker": "Q399"}, {"ASSAULT"}),
        ({"actor": "armenia"}, {"REQUEST"}),
        ({"actor": "Menia"}, set()),
        ({"actor": "ارمينيا"}, {"REQUEST"}),
        ({"actor": "الجيش الأذربيجانى"}, {"ASSAULT"}),
        ({"actor": "armed forces"}, {"ASSAULT"}),
        ({"actor": "!?"}, set()),
        ({"actor": "' OR 1=1 --"}, set()),
        ({"actor": "%"}, set()),
        ({"mode": "meet"}, {"REQUEST"}),
        ({"type": ("request", "ASSAULT")}, {"REQUEST", "ASSAULT"}),
        ({"status": "planned"}, set()),
        ({"context": "military"}, {"REQUEST", "ASSAULT"}),
        ({"context": "health"}, set()),
        ({"place": "ARM"}, {"ASSAULT"}),
        ({"place": "616052"}, {"ASSAULT"}),
        ({"place": "yerevan"}, {"ASSAULT"}),
        ({"place": "قرية"}, {"ASSAULT"}),
        ({"place": "باكو"}, set()),
        ({"outlet": "وكاله المثال"}, {"REQUEST", "ASSAULT"}),
        ({"outlet": "وكالة"}, set()),
        ({"text": "استئناف المحادثات"}, {"REQUEST", "ASSAULT"}),
        ({"text": "استئناف الزيارة"}, set()),
        ({"text": "\"الجيش الأذربيجاني\""}, {"REQUEST", "ASSAULT"}),
        ({"text": "\"الأذربيجاني الجيش\""}, set()),
        ({"text": "قصف المحادثات"}, {"REQUEST", "ASSAULT"}),
        ({"text": "?!"}, set()),
        ({"min_confidence": 0.7}, {"REQUEST"}),
        ({"until": "2022-06"}, set()),
        ({"since": "2022", "until": "2022"}, {"REQUEST", "ASSAULT"}),
        ({"published_since": "2023"}, set()),
        ({"actor": "", "type": ()}, {"REQUEST", "ASSAULT"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("unit", ["act", "event"])
def test_filters(filled: Archive, fields: dict[str, object], types: set[str], unit: str) -> None:
    query = Query(**fields, unit=unit)  # type: ignore[arg-type]
    rows = list(filled.events(query))
    assert {row.type for row in rows} == types
    assert filled.count(query) == len(rows)
    assert len({row.event_id for row in rows}) == len(rows)


def test_days_are_the_events_else_the_articles(filled: Archive) -> None:
    assert len(ids(filled, since="2022-07-05", until="2022-07-05", type="REQUEST")) == 10
    assert ids(filled, since="2022-07-05", until="2022-07-05", type="ASSAULT") == ["art000000004:2:0:ASSAULT"]
    assert ids(filled, published_since="2022-07-05", published_until="2022-07-05", type="REQUEST") == [
        "art000000004:1:0:REQUEST"
    ]


def test_an_event_that_lasts_is_found_where_it_overlaps(archive: Archive) -> None:
    war = attack("w", time=Time(value="2020-09-27/2020-11-10"))
    vague = attack("v", time=Time(value="2020"))
    open_ = attack("o", time=Time(value=None))
    odd = attack("z", time=Time(value="لاحقا"))
    coding = CodedArticle(id=article(1).id, events=(war, vague, open_, odd))
    archive.add(article(1, date=None), coding, acts=single_acts(coding), coder="c")
    assert set(ids(archive, since="2020-10-01", until="2020-10-02")) == {"w", "v"}
    assert ids(archive, until="2020-08") == ["v"]
    assert ids(archive, since="2020-12") == ["v"]
    rows = {row.event_id: (row.first, row.last, row.dated) for row in archive.events()}
    assert rows == {
        "w": ("2020-09-27", "2020-11-10", "event"), "v": ("2020-01-01", "2020-12-31", "event"),
        "o": (None, None, None), "z": (None, None, None),
    }  # fmt: skip
    assert ids(archive, order="-date")[2:] == ids(archive, order="-date", limit=9, offset=2)
    assert set(ids(archive, order="date")[:2]) == {"o", "z"}


def test_dates_of_less_precision_spread(archive: Archive) -> None:
    archive.add(article(1, date="2022-07-01", date_precision="month"), coded(1), acts=acts(coded(1)), coder="c")
    row = next(archive.events(Query(type="ASSAULT")))
    assert (row.first, row.last, row.published) == ("2022-07-01", "2022-07-31", "2022-07-01")


@pytest.mark.parametrize("unit", ["act", "event"])
@pytest.mark.parametrize("order", ["date", "-date", "confidence", "-confidence", "article"])
def test_orders_and_pages(filled: Archive, order: str, unit: str) -> None:
    rows = list(filled.events(Query(order=order, unit=unit)))  # type: ignore[arg-type]
    keys = {"date": "first", "confidence": "confidence"}
    if name := keys.get(order.lstrip("-")):
        values = [getattr(row, name) for row in rows]
        assert values == sorted(values, reverse=order.startswith("-"))
    else:
        # Rows of an article stand together.
        assert len(list(groupby(row.article_id for row in rows))) == 10
    pages = [
        row.event_id
        for offset in range(0, len(rows), 7)
        for row in filled.events(Query(order=order, unit=unit, limit=7, offset=offset))  # type: ignore[arg-type]
    ]
    assert pages == [row.event_id for row in rows]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"type": "WAR"}, "types are AGREE"),
        ({"mode": "nuke"}, "no mode 'nuke'"),
        ({"type": "REQUEST", "mode": "aerial"}, "modes are assist change meet yield"),
        ({"status": "maybe"}, "statuses are actual"),
        ({"context": "sport"}, "contexts are military"),
        ({"actor": "ARM.XYZ"}, "XYZ is none of"),
        ({"actor": ".XYZ"}, "no sector"),
        ({"since": "yesterday"}, "write YYYY"),
        ({"since": "2022-02-30"}, "no date"),
        ({"since": "2022-13"}, "no date"),
        ({"since": "2022-03", "until": "2022-02"}, "lies before"),
        ({"order": "size"}, "orders are"),
        ({"unit": "happening"}, "units are"),
        ({"limit": -1}, "below 0"),
        ({"min_confidence": 7}, "probability"),
    ],
)
def test_what_cannot_be_asked_is_said_at_once(archive: Archive, fields: dict[str, object], words: str) -> None:
    with pytest.raises(QueryError, match=words):
        archive.events(Query(**fields))  # type: ignore[arg-type]


@pytest.mark.parametrize("order", ["date", "-date"])
@pytest.mark.parametrize("unit", ["act", "event"])
def test_common_filters_give_the_same_rows(
    filled: Archive, order: str, unit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Filters that many rows pass are checked row by row instead of gathered."""
    for fields in (
        {"actor": ".MIL"}, {"recipient": "AZE"}, {"party": ("AZE", "armenia")}, {"speaker": "يريفان"},
        {"context": "military"}, {"text": "تبليسي"}, {"party": "ARM", "text": "تبليسي", "context": "diplomatic"},
    ):  # fmt: skip
        query = Query(**fields, order=order, unit=unit, limit=7, offset=1)  # type: ignore[arg-type]
        monkeypatch.setattr(ask, "COMMON", 10_000)
        gathered = list(filled.events(query))
        monkeypatch.setattr(ask, "COMMON", 1)
        assert list(filled.events(query)) == gathered
        assert len(gathered) == 7


def test_counts(filled: Archive) -> None:
    def intensity(type_: str, _: str | None) -> float | None:
        return {"REQUEST": -1.0, "ASSAULT": -10.0}[type_]

    rows = filled.counts(("month", "dyad", "type"), intensity=intensity)
    assert rows == [
        {"month": "2022-07", "source": "ARM", "target": "AZE", "type": "REQUEST", "n": 10, "intensity": -1.0},
        {"month": "2022-07", "source": "AZE", "target": "ARM", "type": "ASSAULT", "n": 10, "intensity": -10.0},
    ]
    # The same through the events themselves, and with filters on other tables.
    assert (
        filled.counts(("month", "dyad", "type"), Query(status="actual", place="ARM"), intensity=intensity) == rows[1:]
    )
    assert filled.counts(("month", "dyad", "type"), Query(actor="ARM", since="2022"), intensity=intensity) == rows[:1]
    assert filled.counts((), intensity=intensity) == [{"n": 20, "intensity": -5.5}]
    assert filled.counts(("type",), Query(unit="event"), intensity=intensity)[1]["n"] == 20
    assert filled.counts(("country",), intensity=lambda *_: None) == [
        {"country": None, "n": 10, "intensity": None}, {"country": "ARM", "n": 10, "intensity": None}
    ]  # fmt: skip
    assert filled.counts(("actor", "speaker_country"), intensity=intensity) == [
        {"actor": "AZE.MIL", "speaker_country": "ARM", "n": 10, "intensity": -10.0}
    ]
    for by in ("outlet", "context", "day", "year", "mode", "status", "language", "coder", "dated", "recipient"):
        assert sum(int(row["n"] or 0) for row in filled.counts((by,), intensity=intensity)) >= 20, by
    assert len(filled.counts(("day",), Query(limit=2, offset=1), intensity=intensity)) == 2
    with pytest.raises(QueryError, match="counts are by"):
        filled.counts(("weather",), intensity=intensity)


def test_an_act_counts_once_in_each_of_its_groups(archive: Archive) -> None:
    talks = attack(
        "t", type="CONSULT", mode=None, recipients=(),
        actors=(
            mention("الجيش", BODY, "RUS.GOV"), mention("يريفان", BODY, "ARM.GOV", "AZE.GOV"),
            mention("قرية", BODY, "ARM.MIL"), mention(None, BODY, "IGO.UNO"),
        ),
    )  # fmt: skip
    raid = attack("r", recipients=(mention("مدنيين", BODY, "ARM.CVL"), mention("قرية", BODY, "ARM.MIL")))
    lone = attack("l", recipients=())
    coding = CodedArticle(id=article(1).id, events=(talks, raid, lone))
    archive.add(article(1), coding, acts=single_acts(coding), coder="c")
    rows = archive.counts(("dyad", "type"), intensity=lambda *_: 0.0)
    assert [(row["source"], row["target"], row["type"], row["n"]) for row in rows] == [
        ("ARM", "AZE", "CONSULT", 1), ("ARM", "IGO.UNO", "CONSULT", 1), ("ARM", "RUS", "CONSULT", 1),
        ("AZE", "ARM", "ASSAULT", 1), ("AZE", "IGO.UNO", "CONSULT", 1), ("AZE", "RUS", "CONSULT", 1),
        ("IGO.UNO", "RUS", "CONSULT", 1),
    ]  # fmt: skip
    assert archive.counts(("actor_country",), Query(type="CONSULT"), intensity=lambda *_: 0.0) == [
        {"actor_country": code, "n": 1, "intensity": 0.0} for code in ("ARM", "AZE", "IGO", "RUS")
    ]


def test_status(filled: Archive) -> None:
    status = filled.status()
    assert (status.articles, status.versions, status.events, status.acts) == (10, 10, 30, 20)
    assert status.undated == 0
    assert (status.outlets, status.dropped_lines, status.corrections) == (1, 20, 0)
    assert (status.first, status.last) == ("2022-07-02", "2022-07-11")
    assert status.coders == (("c 1", "m 1", 10),)
    assert status.bytes
    assert status.bytes > 10_000


def test_articles_are_listed_in_order(filled: Archive) -> None:
    rows = list(filled.articles())
    assert [row.date for row in rows] == sorted(row.date for row in rows if row.date)
    assert [row.id for row in filled.articles(limit=3, offset=2)] == [row.id for row in rows[2:5]]
    assert (rows[0].events, rows[0].acts, rows[0].coder) == (3, 2, "c 1")


def test_the_documented_sql_works(filled: Archive) -> None:
    page = (Path(__file__).parents[2] / "docs" / "archive.md").read_text("utf-8")
    (block,) = re.findall(r"```sql\n(.+?)```", page, re.DOTALL)
    answers = []
    with filled._engine.connect() as connection:
        for statement in block.split(";\n"):
            if statement.strip():
                answers.append([tuple(row) for row in connection.exec_driver_sql(statement.replace(";", ""))])
    assert answers[0] == [("2022-07", "ARM", "AZE", 10)]
    assert len(answers[1]) == 10
    assert {persons for *_, persons in answers[1]} == {3}


@pytest.mark.parametrize(
    ("by", "near"),
    [
        ("place", "nearest: country geonames; counts are by day"),
        ("Newspaper", "nearest: outlet; counts are by"),
        ("recipiant", "nearest: recipient"),
        ("actor country", "nearest: actor_country"),
        ("zzz", "no count by 'zzz'; counts are by"),
    ],
)
def test_a_count_by_what_there_is_not_names_what_is_near(archive: Archive, by: str, near: str) -> None:
    with pytest.raises(QueryError, match=near):
        archive.counts((by,))


def test_words_of_the_codebook_that_are_misspelt_have_a_neighbour() -> None:
    for query, near in (
        (Query(type="ASALT"), "nearest: ASSAULT"), (Query(mode="aeriel"), "nearest: aerial"),
        (Query(context="diplomacy"), "nearest: diplomatic"), (Query(status="actuall"), "nearest: actual;"),
    ):  # fmt: skip
        with pytest.raises(QueryError, match=near):
            check(query)


def test_other_words_for_counts_lead_to_what_there_is() -> None:
    assert all(set(means) <= set(BY) and means for means in count_words().values())
    assert not set(count_words()) & set(BY)
