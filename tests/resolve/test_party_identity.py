"""Who is meant within an article: names and titles told elsewhere in it, bare heads, two in one word, the understood.

The texts are written for the tests.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from khabar.records import Article, CodedArticle, Event, Mention, Trigger
from khabar.resolve import load_tables, resolve
from khabar.resolve.compose import Part
from khabar.resolve.context import Around, features, read_context
from khabar.resolve.scan import tokenize
from khabar.resolve.several import Side, choose_pair, group_of, group_words, pair_kind, pair_words
from khabar.resolve.surroundings import Surroundings

Parties = dict[str, Sequence[str | None]]


def _mention(paragraph: str, text: str | None) -> Mention:
    if text is None:
        return Mention()
    start = paragraph.index(text)
    return Mention(text=text, start=start, end=start + len(text))


def _resolved(
    paragraphs: Sequence[str], events: Sequence[tuple[int, str, str, Parties]], date: str = "2022-03-10"
) -> list[Event]:
    """Events (paragraph, trigger, type, parties by role) resolved."""
    article = Article(id="a" * 12, paragraphs=tuple(paragraphs), date=date)
    made = []
    for number, word, kind, parties in events:
        text = paragraphs[number]
        at = text.index(word)
        roles = {role: tuple(_mention(text, m) for m in found) for role, found in parties.items()}
        trigger = Trigger(text=word, start=at, end=at + len(word))
        made.append(Event(paragraph=number, trigger=trigger, type=kind, status="actual", **roles))
    draft = CodedArticle(id=article.id, events=tuple(made))
    return list(resolve(article, draft, load_tables()).events)


def _codes(mentions: Sequence[Mention]) -> list[str]:
    return ["+".join(m.codes) for m in mentions]


FULL_THEN_FAMILY = (
    "وزير الخارجية الأوروغواياني يزور المنطقة",
    "أدان وزير الخارجية الأوروغواياني راميرو زنجبار الهجوم على السفارة.",
    "ودعا زنجبار الحكومة العراقية إلى التحقيق.",
)


def test_family_name_after_full_name() -> None:
    events = _resolved(
        FULL_THEN_FAMILY,
        [
            (1, "أدان", "ACCUSE", {"actors": ["وزير الخارجية الأوروغواياني راميرو زنجبار"]}),
            (2, "ودعا", "REQUEST", {"actors": ["زنجبار"], "recipients": ["الحكومة العراقية"]}),
        ],
    )
    assert _codes(events[0].actors) == ["URY.GOV"]
    assert _codes(events[1].actors) == ["URY.GOV"]
    assert _codes(events[1].recipients) == ["IRQ.GOV"]


def test_family_name_before_its_title() -> None:
    paragraphs = (
        "خلاف بعد زيارة",
        "رفض زنجبار لقاء الصحفيين في العاصمة أمس.",
        "وكان راميرو زنجبار، وزير الدفاع الأوروغواياني، قد وصل صباحا.",
    )
    events = _resolved(paragraphs, [(1, "رفض", "REJECT", {"actors": ["زنجبار"]})])
    assert _codes(events[0].actors) == ["URY.GOV"]


def test_another_mans_family_name_is_not_taken() -> None:
    """The table's Scholz is Olaf: a man of another given name is not he."""
    parts = read_context(Article(id="a", paragraphs=("",), date="2022-05-05"), load_tables()).parts
    assert [p.code for p in parts("شولتس")] == ["DEU.GOV"]
    assert [p.code for p in parts("بطرس شولتس")] == [""]


def test_the_movement_leads_back_to_its_name() -> None:
    paragraphs = (
        "حماس تدعو إلى الحوار",
        "دعت حركة حماس إلى حوار وطني شامل في القاهرة.",
        "واتهمت الحركة إسرائيل بقصف مستشفى.",
    )
    events = _resolved(
        paragraphs,
        [
            (1, "دعت", "REQUEST", {"actors": ["حركة حماس"]}),
            (2, "واتهمت", "ACCUSE", {"actors": ["الحركة"], "recipients": ["إسرائيل"]}),
        ],
    )
    assert _codes(events[1].actors) == ["PSE.REB"]


def test_bare_title_is_of_the_articles_country() -> None:
    paragraphs = (
        "الحكومة التونسية تقر الميزانية",
        "قررت الحكومة التونسية رفع الأجور في تونس.",
        "وانتقد نواب تونسيون القرار، ورفضت الحكومة الانتقادات.",
    )
    events = _resolved(
        paragraphs,
        [
            (2, "وانتقد", "ACCUSE", {"actors": ["نواب تونسيون"]}),
            (2, "ورفضت", "REJECT", {"actors": ["الحكومة"]}),
        ],
    )
    assert _codes(events[1].actors) == ["TUN.GOV"]


def test_two_sides_are_those_of_the_article() -> None:
    paragraphs = (
        "محادثات يابانية هندية",
        "عقد وزير الخارجية الياباني محادثات مع نظيره الهندي في نيودلهي.",
        "واتفق البلدان على زيادة التبادل.",
    )
    events = _resolved(
        paragraphs,
        [
            (1, "محادثات", "CONSULT", {"actors": ["وزير الخارجية الياباني", "نظيره الهندي"]}),
            (2, "واتفق", "AGREE", {"actors": ["البلدان"]}),
        ],
    )
    assert set(events[1].actors[0].codes) == {"JPN", "IND"}
    assert events[1].actors[0].method == "two sides"


def test_understood_actor_is_the_one_before() -> None:
    paragraphs = (
        "الجيش النيجيري يعلن هجوما",
        "هاجم الجيش النيجيري مواقع المسلحين في الشمال.",
        "وقصف قرية قريبة.",
    )
    events = _resolved(
        paragraphs,
        [
            (1, "هاجم", "ASSAULT", {"actors": ["الجيش النيجيري"]}),
            (2, "وقصف", "ASSAULT", {"actors": [None]}),
        ],
    )
    assert _codes(events[1].actors) == ["NGA.MIL"]
    assert events[1].actors[0].method == "understood"


def test_one_person_has_one_id_however_named() -> None:
    paragraphs = (
        "اعتقال محام في تونس",
        "اعتقلت الشرطة التونسية المحامي سمير زنجبار.",
        "وقال سمير زنجبار إنه بريء، ودعا زنجبار إلى الإفراج عنه.",
    )
    events = _resolved(
        paragraphs,
        [
            (1, "اعتقلت", "COERCE", {"actors": ["الشرطة التونسية"], "recipients": ["المحامي سمير زنجبار"]}),
            (2, "بريء", "REJECT", {"actors": ["سمير زنجبار"]}),
            (2, "ودعا", "REQUEST", {"actors": ["زنجبار"]}),
        ],
    )
    full, family = events[1].actors[0], events[2].actors[0]
    assert full.codes == family.codes == ("TUN.SOC",)  # a lawyer, though the police stand right before his title
    assert full.ids == family.ids
    assert full.ids[0].startswith("x-")


def test_same_words_same_identity_and_every_cell_accounted_for() -> None:
    events = _resolved(
        FULL_THEN_FAMILY,
        [
            (1, "أدان", "ACCUSE", {"actors": ["وزير الخارجية الأوروغواياني راميرو زنجبار"]}),
            (2, "ودعا", "REQUEST", {"actors": ["زنجبار"], "recipients": ["الحكومة العراقية"]}),
        ],
    )
    for event in events:
        for mention in (*event.actors, *event.recipients, *event.speaker):
            assert mention.method
            assert mention.confidence is not None
            assert 0 <= mention.confidence <= 1
            assert len(mention.codes) == len(mention.ids) == len(mention.names)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("البلدين", "state"), ("للبلدين", "state"), ("زعيمي البلدين", "state"), ("الجانبان", "side"),
        ("الطرفين", "side"), ("الرئيسان", "office"), ("الوزيرين", "office"), ("الكوريتين", "PRK+KOR"),
        ("البلد", ""), ("الوزير", ""), ("بلدان عربية", ""), ("البلدان", "state"), ("البلدان الجاران", "state"),
        ("هذان البلدان", "state"), ("البلدان معا", "state"), ("البلدان النامية", ""), ("سكان البلدان", ""),
        ("والبلدان الأخرى", ""),
    ],
)  # fmt: skip
def test_words_of_two(text: str, kind: str) -> None:
    assert pair_kind(tokenize(text)) == kind


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("الدول الثلاث", ("state", 3)), ("زعماء الدول الأربع", ("state", 4)), ("للوزراء الخمسة", ("office", 5)),
        ("الدول الغربية الثلاث", ("state", 3)), ("وزراء الخارجية الثلاثة", ("office", 3)),
        ("ثلاث دول", ("", 0)), ("الدول", ("", 0)), ("القرى الثلاث", ("", 0)), ("", ("", 0)),
        ("الدول الثلاث عشرة", ("", 0)), ("الدول السبع والعشرين", ("", 0)), ("قادة الفصائل الثلاثة", ("", 0)),
        ("وزراء الحكومة الثلاثة", ("", 0)), ("نواب رئيس الوزراء الثلاثة", ("", 0)),
    ],
)  # fmt: skip
def test_words_of_a_counted_group(text: str, group: tuple[str, int]) -> None:
    assert group_of(tokenize(text)) == group


def test_counted_group_is_who_the_article_names_together() -> None:
    paragraphs = (
        "اتفاق على السد",
        "وقع وزراء خارجية غانا وتوغو وبنين اتفاقا في أكرا.",
        "وأكدت الدول الثلاث التزامها.",
        "وأدانت الدول الخمس الهجوم.",
        "",
        "ودعت الدول الثلاث روسيا وبيلاروسيا والصين إلى الحوار.",
    )
    events = _resolved(
        paragraphs,
        [
            (1, "وقع", "AGREE", {"actors": ["وزراء خارجية غانا وتوغو وبنين"]}),
            (2, "وأكدت", "AGREE", {"actors": ["الدول الثلاث"]}),
            (3, "وأدانت", "ACCUSE", {"actors": ["الدول الخمس"]}),
            (5, "ودعت", "REQUEST", {"actors": ["الدول الثلاث"], "recipients": ["روسيا وبيلاروسيا والصين"]}),
        ],
    )
    assert set(events[1].actors[0].codes) == {"GHA", "TGO", "BEN"}
    assert events[1].actors[0].method == "counted"
    assert events[2].actors[0].codes == ("INT",)
    assert set(events[3].actors[0].codes) == {"GHA", "TGO", "BEN"}  # not those whom they call


def test_pair_leaves_mediators_out_and_takes_the_nearest() -> None:
    beside = [Side(("EGY.GOV", "ISR", "PSE.REB"), 1.0), Side(("ISR", "PSE.REB"), 1.0), Side(("IGO.UNO", "ISR"), 3.0)]
    assert set(choose_pair("side", "", beside, {})) == {"ISR", "PSE.REB"}
    assert set(choose_pair("state", "", [Side(("ISR.GOV", "EGY.GOV"), 1.0)], {})) == {"ISR", "EGY"}
    assert choose_pair("state", "", [], {"ISR": 2.0}) == ()
    assert choose_pair("PRK+KOR", "GOV", [], {}) == ("PRK.GOV", "KOR.GOV")


def test_pair_table_is_sound() -> None:
    assert set(pair_words().values()) >= {"state", "side", "office"}
    assert set(group_words()[0].values()) == {"state", "office"}
    assert set(group_words()[1].values()) == {3, 4, 5, 6, 7, 8}


def test_surroundings_vote_for_what_stands_near_a_name() -> None:
    paragraphs = ("", "قالت المحامية التونسية سماح زنجبار إن موكلها بريء.", "وطالبت زنجبار بالإفراج عنه.")
    context = read_context(Article(id="a", paragraphs=paragraphs, date="2022-03-10"), load_tables())
    near = Surroundings(context).near(("زنجبار",))
    assert near.places == 2
    assert max(near.sectors, key=lambda s: near.sectors[s]) == "SOC"
    assert max(near.countries, key=lambda c: near.countries[c]) == "TUN"
    assert [t.code for t in Surroundings(context).told("محامي")] == ["TUN.SOC"]


def test_events_outside_the_article_and_empty_mentions_do_no_harm() -> None:
    article = Article(id="a" * 12, paragraphs=("عنوان قصير",))
    trigger = Trigger(text="دعا", start=90, end=93)
    mentions = (Mention(text="", start=0, end=0), Mention(text="الوزير", start=400, end=406), Mention())
    event = Event(paragraph=7, trigger=trigger, type="REQUEST", status="actual", actors=mentions)
    resolved = resolve(article, CodedArticle(id=article.id, events=(event,)), load_tables())
    assert len(resolved.events[0].actors) == 3
    assert all(m.codes for m in resolved.events[0].actors if m.text is not None)


@pytest.mark.parametrize(
    ("outlet", "country"),
    [("Al-Riyadh", "SAU"), ("Hespress", "MAR"), ("Al-Watan (Saudi)", "SAU"), ("BBC Arabic", ""), (None, ""), ("?", "")],
)
def test_outlets_at_home(outlet: str | None, country: str) -> None:
    assert read_context(Article(id="a", paragraphs=("",), outlet=outlet), load_tables()).home == country


def test_countries_beside_a_mention_count_by_nearness() -> None:
    paragraphs = ("", "في مصر، قال ضابط في الشرطة الأردنية إن الوضع هادئ.")
    context = read_context(Article(id="a", paragraphs=paragraphs), load_tables())
    found = features(context, Part(sector="MIL", head="ضابط"), Around(1, 3))
    assert found["JOR"]["next"] > found["EGY"]["prior"] > 0
