"""Tables of parties, institutions and organisations: whom a name means, which country's where several have it."""

from __future__ import annotations

import pytest

from khabar.records import Article
from khabar.resolve import load_tables
from khabar.resolve.context import read_context
from khabar.resolve.forms import expand, phrase_key
from khabar.resolve.roles import role_at
from khabar.resolve.schema import package_tables, package_text, read_rows
from khabar.resolve.tables import ACTOR_COLUMNS

BODIES = ("actors_parties.tsv", "actors_institutions.tsv", "actors_organisations.tsv")


def codes(mention: str, text: str = "", date: str = "2019-05-01") -> list[str]:
    context = read_context(Article(id="a", paragraphs=(text,), date=date), load_tables())
    return [part.code for part in context.parts(mention)]


@pytest.mark.parametrize(
    ("mention", "code"),
    [
        ("أعضاء الكنيست", "ISR.LEG"),
        ("مجلس الدوما", "RUS.LEG"),
        ("قصر المرادية", "DZA.GOV"),
        ("الموساد", "ISR.SPY"),
        ("منظمة هيومن رايتس ووتش", "INT.NGO"),
        ("المتحدث باسم حركة النهضة", "TUN.PTY"),
        ("الحزب الديموقراطي الكردستاني", "IRQ.PTY"),
        ("بعثة الأمم المتحدة في جنوب السودان", "IGO.UNO"),
        ("الاتحاد العام التونسي للشغل", "TUN.LAB"),
        ("شركة غازبروم الروسية", "RUS.BUS"),
    ],
)
def test_a_name_that_only_one_body_has(mention: str, code: str) -> None:
    assert codes(mention) == [code]


@pytest.mark.parametrize(
    ("mention", "text", "code"),
    [
        ("حزب العدالة والتنمية", "قال مسؤول في أنقرة إن تركيا تتابع الأمر", "TUR.PTY"),
        ("حزب العدالة والتنمية", "قال مسؤول في الرباط إن المغرب يتابع الأمر", "MAR.PTY"),
        ("مجلس الأمن القومي", "قال مسؤول في بغداد إن العراق يتابع الأمر", "IRQ.GOV"),
        ("حركة طالبان", "قال مسؤول في كابول إن أفغانستان تتابع الأمر", "AFG.REB"),
        ("حركة طالبان", "قال مسؤول في إسلام آباد إن باكستان تتابع الأمر", "PAK.REB"),
        ("قوات التحالف", "قالت الرياض إن السعودية ترد في اليمن", "SAU.MIL"),
        ("قوات التحالف", "قالت واشنطن إن الولايات المتحدة ترد في العراق", "USA.MIL"),
    ],
)
def test_the_article_says_whose_a_common_name_is(mention: str, text: str, code: str) -> None:
    assert codes(mention, text) == [code]


@pytest.mark.parametrize(
    ("actor", "date", "code"),
    [
        ("rsf", "2020-01-01", "SDN.PRM"),
        ("tripoli_revolutionaries", "2014-05-01", "LBY.PRM"),
        ("zintan_brigades", "2011-05-01", "LBY.REB"),
        ("zintan_brigades", "2014-05-01", "LBY.PRM"),
        ("mahmoud_ali_youssouf", "2025-06-01", "IGO.AFU"),
        ("mahmoud_ali_youssouf", "2010-06-01", "DJI.GOV"),
        ("joseph_kabila", "2022-01-01", "COD.ELI"),
        ("luiz_inacio_lula_da_silva", "2015-01-01", "BRA.ELI"),
    ],
)
def test_sides_and_offices_change(actor: str, date: str, code: str) -> None:
    assert role_at(load_tables().actors[actor], date)[0].code == code


def test_a_country_has_a_name_once() -> None:
    """In one country no two bodies bear the same name: nothing could tell them apart."""
    seen: dict[tuple[str, tuple[str, ...]], str] = {}
    for file in package_tables("actors"):
        for row in read_rows(package_text(file), file, ACTOR_COLUMNS):
            if file not in BODIES:
                continue
            for name in row.list("names"):
                for form in expand(name):
                    key = (row["country"], phrase_key(form))
                    actor = row["id"].partition("#")[0]
                    assert seen.setdefault(key, actor) == actor, f"{name}: {seen[key]} and {actor}"


def test_names_have_words() -> None:
    for file in BODIES:
        for row in read_rows(package_text(file), file, ACTOR_COLUMNS):
            assert all(phrase_key(name) for name in row.list("names")), f"{file}, line {row.line}"
