"""Which role of an actor a date picks."""

from __future__ import annotations

import pytest

from khabar.records import Article, CodedArticle, Event, Mention, Place, Trigger
from khabar.resolve import load_tables, resolve
from khabar.resolve.context import read_context
from khabar.resolve.roles import role_at, state_on

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


@pytest.mark.parametrize(("date", "country"), [("2010-05-01", "SDN"), ("2011-07-09", "SSD"), (None, "SSD")])
def test_a_state_is_part_of_another_before_its_day(date: str | None, country: str) -> None:
    assert state_on(load_tables(), "SSD", date) == country
    assert state_on(load_tables(), "EGY", date) == "EGY"


def test_parties_and_places_are_of_the_state_of_their_day() -> None:
    text = "هاجم مسلحون قرية قرب جوبا ورد عليهم جيش جنوب السودان."
    trigger = Trigger(text="هاجم", start=0, end=4)
    army, place = text.index("جيش"), text.index("جوبا")
    attacked = Mention(text=text[army:-1], start=army, end=len(text) - 1)
    event = Event(
        paragraph=1, trigger=trigger, type="ASSAULT", recipients=(attacked,),
        place=Place(text="جوبا", start=place, end=place + 4),
    )  # fmt: skip
    for date, code in (("2010-02-03", "SDN"), ("2014-02-03", "SSD")):
        article = Article(id="a", paragraphs=("", text), date=date)
        (told,) = resolve(article, CodedArticle(id="a", events=(event,)), load_tables()).events
        assert told.recipients[0].codes == (f"{code}.MIL",)
        assert told.place is not None
        assert told.place.country == code
