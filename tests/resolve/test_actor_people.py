"""Tables of people: one id in one file, family names that stand alone, offices that end."""

from __future__ import annotations

from pathlib import Path

import pytest

from khabar.records import Article
from khabar.resolve import load_tables
from khabar.resolve.context import read_context
from khabar.resolve.roles import role_at
from khabar.resolve.schema import package_tables, package_text, read_rows
from khabar.resolve.tables import ACTOR_COLUMNS, family_name


def test_an_actor_stands_in_one_file_and_its_roles_are_counted() -> None:
    files: dict[str, str] = {}
    roles: dict[str, list[str]] = {}
    for file in package_tables("actors"):
        for row in read_rows(package_text(file), file, ACTOR_COLUMNS):
            key, _, number = row["id"].partition("#")
            assert files.setdefault(key, file) == file, f"{key} stands in {files[key]} and in {file}"
            roles.setdefault(key, []).append(number or "1")
    wrong = {key: numbers for key, numbers in roles.items() if len(set(numbers)) != len(numbers)}
    assert not wrong


def test_names_are_plain() -> None:
    """No brackets or signs of a pattern are left in a name; a mark stands at its end only."""
    for file in package_tables("actors"):
        for row in read_rows(package_text(file), file, ACTOR_COLUMNS):
            for name in row.list("names"):
                assert not set(name) & set("[]{}?;,/"), f"{file}, line {row.line}: {name}"
                assert not set(name[:-1]) & set("!*~"), f"{file}, line {row.line}: {name}"


def test_a_marked_name_gives_no_family_name(tmp_path: Path) -> None:
    assert family_name("فلان الزنجبيلي") == ("زنجبيلي",)
    assert family_name("فلان الزنجبيلي!") == ()
    head = "id\tnames\tlatin\tcountry\tsector\tfrom\tto\trole\n"
    (tmp_path / "actors_mine.tsv").write_text(head + "zz\tفلان الزنجبيلي!\tF. Z.\tQAT\tGOV\t\t\tperson\n", "utf-8")
    context = read_context(Article(id="a", paragraphs=("",), date="2012-03-01"), load_tables(tmp_path))
    assert [p.actor for p in context.parts("فلان الزنجبيلي")] == ["zz"]
    assert not any(p.actor for p in context.parts("الزنجبيلي"))


@pytest.mark.parametrize(
    ("actor", "date", "code"),
    [
        ("hulusi_akar", "2016-07-15", "TUR.MIL"),
        ("hulusi_akar", "2020-01-01", "TUR.GOV"),
        ("elmar_mammadyarov", "2021-01-01", "AZE.ELI"),
        ("nikol_pashinyan", "2015-01-01", "ARM.PTY"),
        ("nikol_pashinyan", "2020-10-10", "ARM.GOV"),
        ("volkan_bozkir", "2020-12-01", "IGO.UNO"),
    ],
)
def test_offices_end(actor: str, date: str, code: str) -> None:
    assert role_at(load_tables().actors[actor], date)[0].code == code


@pytest.mark.parametrize("words", ["حتى", "الجمعة", "القدس", "الحرب", "السفر", "المشار"])
def test_common_words_are_nobodys_family_name(words: str) -> None:
    context = read_context(Article(id="a", paragraphs=("",), date="2018-05-01"), load_tables())
    assert all(not part.weakly and not part.actor for part in context.parts(words))


def test_a_name_that_is_mostly_a_word_counts_in_a_mention_only() -> None:
    article = Article(id="a", paragraphs=("", "أعلن الوزير فتح المعبر وحسم الأمر."), date="2018-05-01")
    context = read_context(article, load_tables())
    assert context.countries["PSE"] == context.countries["EGY"] == 0
    assert [part.code for part in context.parts("فتح")] == ["PSE.PTY"]
