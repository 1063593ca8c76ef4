"""Which role of an actor a date picks."""

from __future__ import annotations

import pytest

from khabar.records import Article
from khabar.resolve import load_tables
from khabar.resolve.context import read_context
from khabar.resolve.roles import role_at

HELD = [
    ("federica_mogherini", "2014", "IGO.EUR"),  # took office that year
    ("federica_mogherini", "2014-05-20", "ITA.GOV"),
    ("barack_obama", None, "USA.GOV"),  # the office, not the seat before it
    ("barack_obama", "2007-03-01", "USA.LEG"),
    ("nasser_zefzafi", "2018-06-01", "MAR.SOC"),
    ("nasser_zefzafi", "2018-07-01", "MAR.CRM"),
    ("gebran_bassil", "2018-06-07", "LBN.GOV"),
]


@pytest.mark.parametrize(("key", "date", "code"), HELD)
def test_a_date_picks_a_role(key: str, date: str | None, code: str) -> None:
    assert role_at(load_tables().actors[key], date)[0].code == code


def test_a_name_among_other_names_is_less_sure() -> None:
    context = read_context(Article(id="a", paragraphs=("",)), load_tables())
    assert not context.parts("أردوغان")[0].weakly
    assert context.parts("شهاب أردوغان")[0].weakly  # a kinsman, perhaps


def test_a_conjunction_is_cut_from_a_short_word_that_begins_a_name() -> None:
    context = read_context(Article(id="a", paragraphs=("",)), load_tables())
    assert [p.code for p in context.parts("دمشق وتل أبيب")] == ["SYR", "ISR"]
