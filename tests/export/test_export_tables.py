"""The tables that exports translate by."""

from __future__ import annotations

import re

import pytest

from khabar.codebook import BODIES, MODES, SECTORS, TYPES
from khabar.export import cameo, country_name, intensity, quad_code
from khabar.export.comparable import AGREED_WHEN_PLANNED
from khabar.export.tables import bodies, countries, read_table, sectors

PAIRS = [(type_, mode) for type_, modes in MODES.items() for mode in ("", *modes)]


def test_every_type_has_an_intensity_and_a_quad_code() -> None:
    assert {quad_code(t) for t in TYPES} == {
        f"{kind} {side}" for kind in ("VERBAL", "MATERIAL") for side in ("COOPERATION", "CONFLICT")
    }
    assert all(-10 <= intensity(t) <= 10 for t in TYPES)


@pytest.mark.parametrize(
    ("type_", "mode", "value"),
    [("AID", None, 10), ("COOPERATE", None, 9.5), ("REQUEST", "yield", 0), ("ACCUSE", None, -2),
     ("ACCUSE", "allege", -3.5), ("ASSAULT", "aerial", -9), ("ASSAULT", "unconventional", -10)],
)  # fmt: skip
def test_intensities(type_: str, mode: str | None, value: float) -> None:
    assert intensity(type_, mode) == value


def test_conflict_is_not_above_cooperation() -> None:
    for type_ in TYPES:
        assert (intensity(type_) > 0) == quad_code(type_).endswith("COOPERATION")


def test_unknown_types_are_errors() -> None:
    for lookup in (intensity, quad_code, cameo):
        with pytest.raises(KeyError):
            lookup("WEATHER")


@pytest.mark.parametrize(("type_", "mode"), PAIRS)
def test_every_type_and_mode_has_a_cameo_code(type_: str, mode: str) -> None:
    code = cameo(type_, mode or None)
    assert re.fullmatch(r"[012]\d\d\d?", code.code)
    assert code.text
    assert -10 <= code.goldstein <= 10


@pytest.mark.parametrize(
    ("type_", "mode", "planned", "code"),
    [("CONSULT", "visit", None, "042"), ("CONSULT", "phone", None, "041"), ("PROTEST", "demo", None, "141"),
     ("PROTEST", "strike", None, "143"), ("PROTEST", "riot", None, "145"), ("COERCE", "arrest", None, "173"),
     ("ASSAULT", "abduct", None, "181"), ("ASSAULT", "explosives", None, "183"),
     ("ASSAULT", "suicide-attack", None, "1831"), ("ASSAULT", "firearms", None, "193"),
     ("ASSAULT", "heavy-weapons", None, "194"), ("ASSAULT", "aerial", None, "195"), ("AGREE", None, None, "030"),
     ("AGREE", None, "CONSULT", "036"), ("AGREE", None, "AID", "033"), ("RETREAT", "withdraw", None, "0874"),
     ("ACCUSE", "investigate", None, "090"), ("SANCTION", "discontinue", None, "163"),
     ("CONSULT", "no such mode", None, "040")],
)  # fmt: skip
def test_cameo_defaults(type_: str, mode: str | None, planned: str | None, code: str) -> None:
    assert cameo(type_, mode, planned).code == code


def test_cameo_roots_agree_with_plover_s_own_table() -> None:
    roots = {
        "AGREE": "03", "CONSULT": "04", "SUPPORT": "05", "COOPERATE": "06", "AID": "07", "CONCEDE": "08",
        "RETREAT": "08", "REQUEST": "10", "REJECT": "12", "THREATEN": "13", "PROTEST": "14", "MOBILIZE": "15",
    }  # fmt: skip
    for type_, root in roots.items():
        assert all(cameo(type_, mode).code.startswith(root) for mode in (None, *MODES[type_]))


def test_the_cameo_table_has_no_pair_twice_and_no_unknown_one() -> None:
    rows = [(r["type"], r["mode"], r["planned"]) for r in read_table("cameo.tsv")]
    assert len(set(rows)) == len(rows)
    assert {(t, m) for t, m, p in rows if not p} == set(PAIRS)
    assert {p for _, _, p in rows if p} == set(AGREED_WHEN_PLANNED)


def test_countries_bodies_and_sectors_are_whole() -> None:
    assert set(sectors()) == set(SECTORS)
    assert set(bodies()) == set(BODIES)
    assert {"PSE", "XKX", "ESH", "TWN", "SSD"} <= countries().keys()
    numbers = [c.cow for c in countries().values() if c.cow]
    assert len(numbers) == len(set(numbers)) == 195
    assert (countries()["USA"].cow, countries()["SYR"].cow, countries()["PSE"].cow) == ("2", "652", "")
    assert country_name("ARM") == "Armenia"
    assert country_name("INT") is None
    assert country_name(None) is None
