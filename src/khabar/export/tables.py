"""Tables that exports translate by: intensity and quad codes, CAMEO codes, names of countries, sectors and bodies.

They are TSV files in `data/`. Types, quad codes and intensities are those of the PLOVER manual (Open Event Data
Alliance), CAMEO codes those of Schrodt's codebook with its Goldstein scale, COW numbers those of the Correlates of War
system membership; the choice of one CAMEO code for each type and mode is our own (docs/data-dictionary.md).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Cameo(NamedTuple):
    """A CAMEO event code as text (`010` is not `10`), its Goldstein scale and its label."""

    code: str
    goldstein: float
    text: str


class Country(NamedTuple):
    """A country's English name and its Correlates of War number ("" where it has none)."""

    name: str
    cow: str


def read_table(name: str) -> list[dict[str, str]]:
    """Rows of a table in `khabar/export/data`, by column."""
    text = files("khabar.export").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


@cache
def _intensities() -> Mapping[tuple[str, str], tuple[float, str]]:
    return {(r["type"], r["mode"]): (float(r["intensity"]), r["quad"]) for r in read_table("intensity.tsv")}


@cache
def _cameo() -> Mapping[tuple[str, str, str], Cameo]:
    return {
        (r["type"], r["mode"], r["planned"]): Cameo(r["cameo"], float(r["goldstein"]), r["text"])
        for r in read_table("cameo.tsv")
    }


@cache
def countries() -> Mapping[str, Country]:
    """ISO 3166 alpha-3 -> name and COW number."""
    return {r["code"]: Country(r["name"], r["cow"]) for r in read_table("countries.tsv")}


@cache
def sectors() -> Mapping[str, str]:
    """Sector code -> English name."""
    return {r["sector"]: r["name"] for r in read_table("sectors.tsv")}


@cache
def bodies() -> Mapping[str, tuple[str, str]]:
    """Code of an intergovernmental body -> its English name, and what PLOVER writes in the country's place."""
    return {r["body"]: (r["name"], r["plover"]) for r in read_table("bodies.tsv")}


def intensity(type: str, mode: str | None = None) -> float:
    """The PLOVER intensity of a type and mode, -10 (conflict) to 10 (cooperation); a mode without a value of its own
    has its type's. Raises `KeyError` for no type of the codebook."""
    table = _intensities()
    return table.get((type, mode or ""), table[type, ""])[0]


def quad_code(type: str) -> str:
    """`VERBAL COOPERATION`, `MATERIAL COOPERATION`, `VERBAL CONFLICT` or `MATERIAL CONFLICT`. Raises `KeyError`."""
    return _intensities()[type, ""][1]


def cameo(type: str, mode: str | None = None, planned: str | None = None) -> Cameo:
    """The CAMEO code of a type and mode; `planned` is the type of a planned event that is exported as AGREE. A pair
    that the table lacks has its type's code. Raises `KeyError` for no type of the codebook."""
    table = _cameo()
    return table.get((type, mode or "", planned or "")) or table[type, "", ""]


def country_name(code: str | None) -> str | None:
    """The English name of a country, None where the code is no country."""
    known = countries().get(code or "")
    return known.name if known else None
