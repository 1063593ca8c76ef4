"""Each format, loaded again by the program that would read it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import networkx as nx
import openpyxl
import pandas as pd
import pytest
from rows_for_tests import ARM, ATTACK, AZE, BARE, DENIED, MEETING, PLANNED, ROWS, TEXT, TITLE, UNO, row

from khabar.archive.rows import PartyCell, PlaceCell, Row
from khabar.export import CSV_COLUMNS, FORMATS, ExportError, export, flat, read_csv
from khabar.export import icews as icews_format
from khabar.export import polecat as polecat_format


def written(format_: str, *rows: Row, **options: Any) -> bytes:
    out = io.BytesIO()
    export(rows or ROWS, format_, out, **options)
    return out.getvalue()


def frame(format_: str, *rows: Row, **options: Any) -> pd.DataFrame:
    data = written(format_, *rows, **options)
    return pd.read_csv(io.BytesIO(data), sep="\t", dtype=str, keep_default_na=False)


# --- polecat


def test_polecat_has_its_forty_columns_in_order() -> None:
    table = frame("polecat")
    assert tuple(table.columns) == polecat_format.COLUMNS
    assert len(table.columns) == 40
    assert list(table.columns[7:15]) == [
        "Actor Name", "Actor Country", "Actor COW", "Primary Actor Sector", "Actor Sectors", "Actor Title",
        "Actor Name Raw", "Wikipedia Actor ID",
    ]  # fmt: skip
    assert list(table.columns[-7:]) == [
        "Source", "Publication Date", "Story People", "Story Organizations", "Story Locations", "Language", "Version",
    ]  # fmt: skip


def test_polecat_cells() -> None:
    first = frame("polecat").iloc[0]
    expected = {
        "Event ID": "a1:a1:0:CONSULT", "Event Date": "2022-07-16", "Event Type": "CONSULT", "Event Mode": "None",
        "Intensity": "2.5", "Quad Code": "VERBAL COOPERATION", "Contexts": "diplomatic;territory",
        "Actor Name": "Jeyhun Bayramov; Government (Armenia)", "Actor Country": "AZE; ARM", "Actor COW": "373; 371",
        "Primary Actor Sector": "GOV", "Actor Sectors": "GOV", "Actor Title": "None",
        "Actor Name Raw": "وزير الخارجية; نظيره, الأرميني", "Wikipedia Actor ID": "Q1", "Recipient Name": "None",
        "Recipient Country": "None", "Recipient COW": "None", "Placename": "Tbilisi", "City": "Tbilisi",
        "District": "None", "Province": "Tbilisi", "Country": "GEO", "Latitude": "41.69", "GeoNames ID": "611717",
        "Raw Placename": "تبليسي", "Feature Type": "PPLC", "Source": "منفذ", "Publication Date": "2022-07-17",
        "Story People": "None", "Story Organizations": "Jeyhun Bayramov; الأمم المتحدة", "Language": "Arabic",
    }  # fmt: skip
    assert {name: first[name] for name in expected} == expected


def test_generic_names_are_those_of_the_code() -> None:
    party = PartyCell(code="USA.GOV", country="USA", sector="GOV", id="USA.GOV", name="United States GOV")
    first = frame("polecat", row(actors=(party,))).iloc[0]
    assert (first["Actor Name"], first["Wikipedia Actor ID"]) == ("Government (United States)", "None")


def test_polecat_empty_cells_are_the_word_none() -> None:
    (bare,) = [r for _, r in frame("polecat", BARE).iterrows()]
    assert bare["Actor Name"] == bare["Event Date"] == bare["Country"] == bare["Contexts"] == "None"
    assert (bare["Event Type"], bare["Event Mode"], bare["Intensity"]) == ("PROTEST", "demo", "-5.0")


@pytest.mark.parametrize("format_", ["polecat", "icews"])
def test_older_forms_hold_what_is_actual_and_planned_cooperation_as_agree(format_: str) -> None:
    table = frame(format_)
    assert not table["Event ID"].str.startswith("a4").any()
    planned = table[table["Event ID"] == PLANNED.event_id].iloc[0]
    if format_ == "polecat":
        assert (planned["Event Type"], planned["Event Mode"], planned["Intensity"]) == ("AGREE", "None", "2.5")
    else:
        assert planned["CAMEO Code"] == "036"
    whole = frame(format_, all_statuses=True)
    assert whole["Event ID"].str.startswith("a4").sum() == 1


def test_planned_conflict_is_left_out_unless_told_otherwise() -> None:
    strike = row(type="PROTEST", mode="strike", status="planned")
    assert frame("polecat", strike).empty
    assert frame("polecat", strike, all_statuses=True)["Event Type"].tolist() == ["PROTEST"]


@pytest.mark.parametrize(
    ("code", "expected"),
    [("IGO.UNO", "UNO"), ("IGO.EUR", "EUR"), ("IGO.NAT", "IGO"), ("IGO", "IGO"), ("INT.NGO", "NGO"),
     ("INT.REB", "IMG"), ("INT", None), ("UNK.CRM", None), ("PSE.REB", "PSE")],
)  # fmt: skip
def test_polecat_country_of_parties_that_are_no_states(code: str, expected: str | None) -> None:
    country, _, sector = code.partition(".")
    assert polecat_format.plover_country(PartyCell(code=code, country=country, sector=sector or None)) == expected


def test_lines_of_older_forms_survive_tabs_breaks_and_quotes_in_cells() -> None:
    odd = row(outlet='a\t"b"\nc', actors=(PartyCell(code="AZE", country="AZE", mention='"بدء'),))
    for format_ in ("polecat", "icews"):
        lines = written(format_, odd).decode().splitlines()
        assert len(lines) == 2
        cells = next(csv.reader(lines[1:], delimiter="\t"))
        assert 'a "b" c' in cells
        assert len(cells) == len(lines[0].split("\t"))


# --- icews


def test_icews_has_its_twenty_columns_and_codes_stay_text() -> None:
    table = frame("icews")
    assert tuple(table.columns) == icews_format.COLUMNS
    assert len(table.columns) == 20
    codes = table["CAMEO Code"].tolist()
    assert codes[:2] == ["040", "040"]
    assert "141" in codes


def test_icews_two_sided_acts_have_both_directions() -> None:
    table = frame("icews", MEETING)
    assert table["Event ID"].tolist() == ["a1:a1:0:CONSULT", "a1:a1:0:CONSULT#2"]
    assert table["Source Country"].tolist() == ["Azerbaijan", "Armenia"]
    assert table["Target Country"].tolist() == ["Armenia", "Azerbaijan"]
    assert table["Source Sectors"].tolist() == ["Government", "Government"]
    first = table.iloc[0]
    assert (first["Source Name"], first["Event Text"], first["Intensity"]) == ("Jeyhun Bayramov", "Consult", "1.0")
    assert (first["Story ID"], first["Sentence Number"], first["City"], first["Country"]) == (
        "a1", "1", "Tbilisi", "Georgia",
    )  # fmt: skip


def test_icews_one_row_for_each_target_and_unique_ids() -> None:
    table = frame("icews", ATTACK)
    assert table["Target Name"].tolist() == ["Business (Saudi Arabia)", "Citizen (Saudi Arabia)"]
    assert table["CAMEO Code"].tolist() == ["1952", "1952"]
    assert frame("icews")["Event ID"].is_unique


def test_icews_without_parties_still_has_its_row() -> None:
    bare = frame("icews", BARE).iloc[0]
    assert (bare["Source Name"], bare["Target Name"], bare["CAMEO Code"]) == ("", "", "141")


def test_icews_bodies_have_names_and_no_country() -> None:
    planned = frame("icews", PLANNED).iloc[0]
    assert (planned["Target Name"], planned["Target Country"]) == ("United Nations", "")
    assert planned["Target Sectors"] == "International Government Organization"


def test_icews_a_party_named_twice_is_one() -> None:
    assert len(icews_format.pairs(row(actors=(AZE, AZE, ARM)))) == 2


# --- csv and flat


def test_csv_cells_with_commas_quotes_and_breaks_come_back() -> None:
    first = next(csv.DictReader(io.StringIO(written("csv").decode(), newline="")))
    assert first["title"] == TITLE
    assert first["text"] == TEXT
    table = pd.read_csv(io.BytesIO(written("csv")))
    assert table["text"][0].replace("\r\n", "\n") == TEXT
    assert tuple(table.columns) == CSV_COLUMNS


def test_csv_values() -> None:
    table = pd.read_csv(io.BytesIO(written("csv")))
    meeting, attack = table.iloc[0], table.iloc[1]
    assert meeting["actor_codes"] == "AZE.GOV; ARM.GOV"
    assert meeting["actor_names"] == "Jeyhun Bayramov; "
    assert meeting["actor_mentions"] == "وزير الخارجية; نظيره, الأرميني"
    assert (meeting["quad_code"], meeting["intensity"], meeting["mentions"]) == ("VERBAL COOPERATION", 2.5, 3)
    assert (attack["killed"], attack["killed_relation"]) == (3, "=")
    assert (attack["injured"], attack["injured_relation"]) == (10, ">=")
    assert pd.isna(attack["missing"])
    assert (attack["first"], attack["last"], attack["recipient_sectors"]) == ("2022-03-01", "2022-03-31", "BUS; CVL")


def test_csv_without_mark_is_plain_utf8_and_with_mark_opens_in_a_spreadsheet(tmp_path: Path) -> None:
    assert written("csv").startswith(b"event_id,")
    path = tmp_path / "rows.csv"
    export(ROWS, "csv", path, bom=True)
    assert path.read_bytes().startswith(b"\xef\xbb\xbfevent_id,")
    rows = list(read_csv(path))
    assert next(iter(rows[0])) == "event_id"
    assert pd.read_csv(path, encoding="utf-8-sig")["event_id"][0] == MEETING.event_id


def test_csv_for_spreadsheets_runs_no_formulas_of_a_page() -> None:
    rows = [row(title=title) for title in ("=HYPERLINK(1)", "+1", "-قال", "@x", "عادي")]
    titles = pd.read_csv(io.BytesIO(written("csv", *rows, bom=True)), encoding="utf-8-sig")["title"].tolist()
    assert titles == ["'=HYPERLINK(1)", "'+1", "'-قال", "'@x", "عادي"]
    plain = pd.read_csv(io.BytesIO(written("csv", *rows)))["title"].tolist()
    assert plain[0] == "=HYPERLINK(1)"


def test_flat_is_the_row_of_the_csv() -> None:
    assert tuple(flat(MEETING)) == CSV_COLUMNS
    assert flat(MEETING)["place_latitude"] == 41.69
    assert flat(BARE)["place_name"] is None


# --- xlsx


def sheet(*rows: Row) -> Any:
    return openpyxl.load_workbook(io.BytesIO(written("xlsx", *rows))).active


def test_xlsx_is_laid_out_from_right_to_left_with_a_frozen_header() -> None:
    found = sheet()
    assert found.sheet_view.rightToLeft
    assert found.freeze_panes == "B2"
    assert [c.value for c in found[1]] == list(CSV_COLUMNS)
    assert found.max_row == len(ROWS) + 1


def test_xlsx_values_and_types() -> None:
    found = sheet()
    columns = {name: n for n, name in enumerate(CSV_COLUMNS)}
    first = found[2]
    assert first[columns["title"]].value == TITLE
    assert first[columns["intensity"]].value == 2.5
    assert found[3][columns["killed"]].value == 3
    assert first[columns["recipient_codes"]].value is None


def test_xlsx_text_is_never_a_formula() -> None:
    found = sheet(row(title="=1+1", text="=cmd|' /C calc'!A0"))
    cells = [c for c in found[2] if isinstance(c.value, str) and c.value.startswith("=")]
    assert len(cells) == 2
    assert all(c.data_type == "s" for c in cells)


def test_xlsx_characters_and_lengths_it_cannot_hold() -> None:
    found = sheet(row(title="خبر\x07\x00", text="ا" * 40_000))
    values = [c.value for c in found[2]]
    assert "خبر" in values
    assert max(len(str(v)) for v in values) == 32_767


# --- jsonl, parquet, geojson, graphml


def test_jsonl_writes_letters_and_whole_rows() -> None:
    data = written("jsonl").decode()
    assert "محادثات" in data
    assert "\\u06" not in data
    first, second, *_ = map(json.loads, data.splitlines())
    assert first["place"]["geonames"] == 611717
    assert first["actors"][0]["mention"] == "وزير الخارجية"
    assert (second["quad_code"], second["intensity"], second["toll"]) == (
        "MATERIAL CONFLICT", -9.0, {"killed": "3", "injured": ">=10"}
    )  # fmt: skip


def test_parquet_keeps_types() -> None:
    table = pd.read_parquet(io.BytesIO(written("parquet")))
    assert tuple(table.columns) == CSV_COLUMNS
    assert table["text"][0] == TEXT
    assert table["place_latitude"][0] == 41.69
    assert table["killed"][1] == 3
    assert pd.isna(table["killed"][0])
    assert len(table) == len(ROWS)


def test_geojson_has_a_point_for_each_place_with_coordinates() -> None:
    found = json.loads(written("geojson"))
    assert found["type"] == "FeatureCollection"
    (feature,) = found["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [44.83, 41.69]}
    assert feature["properties"]["actor_codes"] == "AZE.GOV; ARM.GOV"
    assert "mode" not in feature["properties"]
    assert len(json.loads(written("geojson", MEETING, MEETING, ATTACK))["features"]) == 2


def test_geojson_the_null_island_is_a_place() -> None:
    zero = row(place=PlaceCell(latitude=0.0, longitude=0.0, country="INT"))
    assert len(json.loads(written("geojson", zero))["features"]) == 1


def graph(*rows: Row) -> nx.MultiDiGraph:
    return nx.read_graphml(io.BytesIO(written("graphml", *rows)), force_multigraph=True)


def test_graphml_parties_and_dyads() -> None:
    found = graph(MEETING, MEETING, ATTACK, PLANNED, DENIED, BARE)
    assert set(found.nodes) == {"AZE.GOV", "ARM.GOV", "YEM.REB", "SAU.BUS", "SAU.CVL", "IGO.UNO"}
    assert found.nodes["AZE.GOV"]["name"] == "Government (Azerbaijan)"
    assert found.nodes["AZE.GOV"]["acts"] == 3
    assert found.nodes["IGO.UNO"]["name"] == "United Nations"
    (meeting,) = found.get_edge_data("ARM.GOV", "AZE.GOV").values()
    assert (meeting["type"], meeting["count"], meeting["mutual"]) == ("CONSULT", 2, True)
    assert (meeting["first"], meeting["last"], meeting["intensity"]) == ("2022-07-16", "2022-07-16", 2.5)
    assert found.get_edge_data("AZE.GOV", "ARM.GOV") is None
    (attack,) = found.get_edge_data("YEM.REB", "SAU.BUS").values()
    assert (attack["type"], attack["count"], attack["intensity"], attack["mutual"]) == ("ASSAULT", 1, -9.0, False)


def test_graphml_first_and_last_day_over_acts_and_hostile_names() -> None:
    later = row(actors=(AZE,), recipients=(UNO,), type="REQUEST", first="2022-09-01", last="2022-09-02")
    undated = row(actors=(AZE,), recipients=(UNO,), type="REQUEST")
    odd = row(actors=(PartyCell(code='<&"', mention="<script>"),), recipients=(UNO,), type="REQUEST")
    found = graph(later, undated, odd)
    (edge,) = found.get_edge_data("AZE.GOV", "IGO.UNO").values()
    assert (edge["count"], edge["first"], edge["last"]) == (2, "2022-09-01", "2022-09-02")
    assert '<&"' in found.nodes


# --- all of them


@pytest.mark.parametrize("format_", FORMATS)
def test_no_rows_are_a_whole_file(format_: str) -> None:
    out = io.BytesIO()
    assert export([], format_, out) == 0
    assert out.getvalue() or format_ == "jsonl"
    assert not out.closed


@pytest.mark.parametrize("format_", ["polecat", "icews", "csv", "jsonl", "geojson", "parquet"])
def test_rows_are_not_held(format_: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("khabar.export.parquet.BATCH", 10)
    out = io.BytesIO()
    sizes = []

    def rows() -> Any:
        for number in range(2000):
            sizes.append(out.tell())
            yield row(event_id=str(number), place=PlaceCell(latitude=1.0, longitude=2.0))

    assert export(rows(), format_, out) == 2000
    assert 0 < sizes[1000] < sizes[-1]


def test_a_failed_export_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("old")

    def rows() -> Any:
        yield MEETING
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        export(rows(), "csv", path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_unknown_formats_and_options_are_named() -> None:
    with pytest.raises(ExportError, match="no format 'ods'; formats are polecat icews csv"):
        written("ods")
    with pytest.raises(ExportError, match="jsonl knows no option bom"):
        written("jsonl", bom=True)
