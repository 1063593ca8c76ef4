"""Composition by the tables: written examples (`composition.tsv`), each with the codes that its words alone give."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from khabar.codebook import check_code
from khabar.records import Article
from khabar.resolve import load_tables
from khabar.resolve.context import read_context

PLAIN = Article(id="a", paragraphs=("",))
TABLE = Path(__file__).with_name("composition.tsv")
ROWS = [tuple(line.split("\t")) for line in TABLE.read_text(encoding="utf-8").splitlines()[1:]]


@pytest.mark.parametrize(("text", "codes"), [row[:2] for row in ROWS])
def test_words_alone(text: str, codes: str) -> None:
    parts = read_context(PLAIN, load_tables()).parts(text)
    assert "+".join(part.code for part in parts) == codes


def test_examples_are_sound() -> None:
    assert len(ROWS) >= 150
    assert max(Counter(row[0] for row in ROWS).values()) == 1
    assert all(check_code(code) for row in ROWS for code in row[1].split("+"))
    assert len({row[2] for row in ROWS}) >= 15


ONE_PERSON = [
    ("مستشار الرئيس اليمني ومنسق الإغاثة سالم باعباد", "YEM.GOV"),
    ("سالم باعباد، المستشار اليمني ورئيس لجنة الإغاثة", "YEM.GOV"),
    ("الرئيس اليمني ووزير الخارجية", "YEM.GOV"),
    ("وزير الدفاع الكيني ووزير الداخلية الأوغندي", "KEN.GOV+UGA.GOV"),
]


@pytest.mark.parametrize(("text", "codes"), ONE_PERSON)
def test_titles_of_one_person_are_one_party(text: str, codes: str) -> None:
    parts = read_context(PLAIN, load_tables()).parts(text)
    assert "+".join(dict.fromkeys(part.code for part in parts)) == codes
    if "باعباد" in text:
        assert len(parts) == 1


def test_a_name_with_the_article_is_no_word_without_it() -> None:
    context = read_context(PLAIN, load_tables())
    assert [p.code for p in context.parts("القاعدة")] == ["INT.REB"]
    assert [p.code for p in context.parts("قاعدة العند")] != ["INT.REB"]


def test_a_longer_name_is_not_the_known_name_at_its_end() -> None:
    context = read_context(PLAIN, load_tables())
    assert [p.country for p in context.parts("علي صالح")] == ["YEM"]
    assert [p.country for p in context.parts("سرحان علي صالح")] == [""]


def test_a_country_s_name_stands_with_its_article_or_without() -> None:
    context = read_context(PLAIN, load_tables())
    assert [p.code for p in context.parts("رئيس الكاميرون")] == ["CMR.GOV"]
    assert [p.code for p in context.parts("كاميرون")] == ["GBR.GOV"]  # the man
    assert "TLS" not in [p.country for p in context.parts("الديلي تلغراف")]  # Dili has no article


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("الخبير في الشؤون الإسرائيلية", ""),
        ("أستاذة الدراسات التركية", ""),
        ("محلل للشأن الإيراني", ""),
        ("الخبير الأردني في الشؤون الإسرائيلية", "JOR"),
        ("وزير الشؤون الخارجية التركي", "TUR"),
        ("وزارة الشؤون الإسلامية السعودية", "SAU"),
    ],
)
def test_a_nationality_that_somebody_studies_is_not_his(text: str, country: str) -> None:
    (part,) = read_context(PLAIN, load_tables()).parts(text)
    assert part.country == country


@pytest.mark.parametrize(
    "text", ["الأمم المتحدة والسلطات العسكرية", "الناتو ووزارة الدفاع", "وزارة الصحة والأمم المتحدة"]
)
def test_no_ministry_is_a_body_s(text: str) -> None:
    for part in read_context(PLAIN, load_tables()).parts(text):
        if part.country:
            check_code(part.code)


@pytest.mark.parametrize(("place", "country"), [("الخرطوم", "SDN"), ("نيودلهي", "IND")])
def test_a_party_of_two_countries_is_the_article_s(place: str, country: str) -> None:
    article = Article(id="a", paragraphs=("", f"قال حزب المؤتمر في {place} أمس إنه يرفض القرار."), date="2012-05-04")
    assert [p.country for p in read_context(article, load_tables()).parts("حزب المؤتمر")] == [country]


def test_the_taliban_s_government_is_in_kabul_wherever_it_is_told() -> None:
    article = Article(id="a", paragraphs=("", "في باكستان وإسلام آباد وبيشاور"), date="2010-01-04")
    assert [p.country for p in read_context(article, load_tables()).parts("حكومة طالبان")] == ["AFG"]
