"""Mentions that stop inside a name of the tables."""

from __future__ import annotations

import pytest

from khabar.records import Article, CodedArticle, Event, Mention, Trigger
from khabar.resolve import load_tables, resolve


def actors(text: str, *spans: str) -> tuple[Mention, ...]:
    """The actors of the one event of a text, resolved; `spans` are the coder's mentions."""
    word = text.split()[0]
    mentions = tuple(Mention(text=s, start=text.index(s), end=text.index(s) + len(s)) for s in spans)
    event = Event(
        paragraph=1,
        trigger=Trigger(text=word, start=0, end=len(word)),
        type="PROTEST",
        status="actual",
        actors=mentions,
    )
    article = Article(id="x", paragraphs=("عنوان", text), date="2024-05-12")
    return resolve(article, CodedArticle(id="x", events=(event,)), load_tables()).events[0].actors


@pytest.mark.parametrize(
    ("text", "span", "whole", "codes"),
    [
        ("أضرب الاتحاد العام التونسي للشغل يوم الخميس.", "الاتحاد العام", "الاتحاد العام التونسي للشغل", ("TUN.LAB",)),
        (
            "أدان الهلال الأحمر العربي السوري القصف.",
            "الهلال الأحمر العربي",
            "الهلال الأحمر العربي السوري",
            ("SYR.NGO",),
        ),
        ("أضرب الاتحاد الأوروبي اليوم.", "الاتحاد الأوروبي", "الاتحاد الأوروبي", ("IGO.EUR",)),
        ("قصف التحالف الدولي بقيادة واشنطن المدينة.", "التحالف الدولي", "التحالف الدولي", ("USA.MIL",)),
        ("أضربت الشرطة الدولية (انتربول) اليوم.", "الشرطة الدولية", "الشرطة الدولية", ("IGO.OTH",)),
    ],
)
def test_the_rest_of_the_name(text: str, span: str, whole: str, codes: tuple[str, ...]) -> None:
    (actor,) = actors(text, span)
    assert (actor.text, actor.codes) == (whole, codes)
    assert text[actor.start : actor.end] == whole


def test_the_rest_is_another_role_s() -> None:
    text = "أدان الاتحاد العام التونسي للشغل القصف."
    one, other = (
        Mention(text=s, start=text.index(s), end=text.index(s) + len(s)) for s in ("الاتحاد العام", "التونسي للشغل")
    )
    event = Event(
        paragraph=1, trigger=Trigger(text="أدان", start=0, end=4), type="ACCUSE", status="actual",
        actors=(one,), recipients=(other,),
    )  # fmt: skip
    article = Article(id="x", paragraphs=("عنوان", text), date="2024-05-12")
    after = resolve(article, CodedArticle(id="x", events=(event,)), load_tables()).events[0]
    assert (after.actors[0].text, after.recipients[0].text) == ("الاتحاد العام", "التونسي للشغل")


@pytest.mark.parametrize(("paragraph", "start"), [(7, 5), (-1, 5), (1, -4)])
def test_a_draft_that_points_outside_the_article_stays_as_it_is(paragraph: int, start: int) -> None:
    text = "أضرب الاتحاد العام التونسي للشغل."
    mention = Mention(text="الاتحاد العام", start=start, end=18)
    event = Event(
        paragraph=paragraph,
        trigger=Trigger(text="أضرب", start=0, end=4),
        type="PROTEST",
        status="actual",
        actors=(mention,),
    )
    article = Article(id="x", paragraphs=("عنوان", text), date="2024-05-12")
    after = resolve(article, CodedArticle(id="x", events=(event,)), load_tables()).events[0]
    assert after.actors[0].text == "الاتحاد العام"


def test_the_rest_is_another_mention() -> None:
    text = "أضرب الاتحاد العام التونسي للشغل يوم الخميس."
    assert [m.text for m in actors(text, "الاتحاد العام", "التونسي")] == ["الاتحاد العام", "التونسي"]
