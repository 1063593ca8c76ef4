"""The baseline coder: what it finds in plain sentences, its tables, and that no input breaks it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khabar.arabic import fold_key, words
from khabar.codebook import MODES
from khabar.coding import load_coder
from khabar.coding.baseline import BaselineCoder, code
from khabar.coding.lexicon import Spans, Triggers, read_table
from khabar.records import STATUSES, Article, CodedArticle, Event


def coded(*paragraphs: str) -> CodedArticle:
    return BaselineCoder().code(Article(id="a", paragraphs=paragraphs))


def only(text: str, kind: str) -> Event:
    found = [e for e in coded("", text).events if e.type == kind]
    assert len(found) == 1, found
    return found[0]


def test_actor_after_its_verb_and_recipient_after_a_preposition() -> None:
    event = only("طالب الرئيس الأوكراني من القوات الروسية ذلك.", "REQUEST")
    assert event.trigger.text == "طالب"
    assert [m.text for m in event.actors] == ["الرئيس الأوكراني"]
    assert [m.text for m in event.recipients] == ["القوات الروسية"]


def test_attack_with_place() -> None:
    event = only("شنت القوات الروسية غارات على مواقع في إدلب.", "ASSAULT")
    assert event.trigger.text == "غارات"
    assert [m.text for m in event.actors] == ["القوات الروسية"]
    assert event.place is not None
    assert event.place.text == "إدلب"


def test_speaker_of_a_reported_act() -> None:
    event = only("وقال المرصد السوري إن قصفا استهدف بلدة في حلب.", "ASSAULT")
    assert [m.text for m in event.speaker] == ["المرصد السوري"]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("سيلتقي وزير الخارجية نظيره الفرنسي.", "planned"),
        ("التقى وزير الخارجية نظيره الفرنسي.", "actual"),
        ("ربما قصفت القوات الموقع.", "possible"),
        ("نفت الوزارة قصف الموقع.", "denied"),
    ],
)
def test_status_from_cue_words(text: str, status: str) -> None:
    assert coded("", text).events[0].status == status


def test_understood_actor_of_a_speech_act() -> None:
    event = only("ودعا إلى ضبط النفس.", "REQUEST")
    assert [m.text for m in event.actors] == [None]


def test_every_offset_leads_to_its_words() -> None:
    text = "التقى الرئيس المصري، اليوم الثلاثاء، وفدا من قطر في القاهرة.وأدان قصف غزة!"
    for event in coded(text, text).events:
        parts = [event.trigger, *event.actors, *event.recipients, *event.speaker, event.place, event.time]
        for part in filter(None, parts):
            if part.text is not None:
                assert text[part.start : part.end] == part.text
        assert not set(event.trigger.text) & set(" .،!")
        assert any(w.start <= event.trigger.start < event.trigger.end <= w.end for w in words(text))


def test_an_act_told_twice_in_a_paragraph_is_one_event() -> None:
    events = coded("", "أدانت فرنسا الهجوم. وأدانت فرنسا الهجوم مرة أخرى.").events
    assert sorted(e.type for e in events) == ["ACCUSE", "ASSAULT"]


def test_junk_paragraphs_are_listed_and_not_coded() -> None:
    article = Article(
        id="a", paragraphs=("قصف على غزة", "أدانت مصر قصف غزة اليوم في بيان لها.", "اقرأ أيضا", "---------")
    )
    draft = code(article)
    junk = {number for number, _ in draft.not_body}
    assert 3 in junk
    assert all(e.paragraph not in junk for e in draft.events)
    assert BaselineCoder().code_batch([article]) == [draft]


ODD = [
    (),
    ("",),
    ("", ""),
    ("قصف " * 5000,),
    ("كلمة" * 20_000,),
    ("\x00\x07 \u200f\u202e", "no Arabic here, 12/5 $$ <b>"),
    ("日本語", "1" * 500),
    ("أدان\x00ت\u200b مصر\ud7ff",),
]


@pytest.mark.parametrize("paragraphs", ODD, ids=range(len(ODD)))
def test_odd_input(paragraphs: tuple[str, ...]) -> None:
    draft = code(Article(id="x", paragraphs=paragraphs))
    assert draft.id == "x"
    assert all(0 <= e.paragraph < len(paragraphs) for e in draft.events)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(alphabet="قصفدانتمروفيالىك ،.«»\n\u200f12abـً", max_size=80), max_size=4).map(tuple))
def test_any_text(paragraphs: tuple[str, ...]) -> None:
    for event in code(Article(id="x", paragraphs=paragraphs)).events:
        assert event.status in STATUSES
        assert event.mode is None or event.mode in MODES[event.type]


def test_coders_by_name() -> None:
    assert load_coder("baseline").name.startswith("baseline")
    with pytest.raises(ValueError, match="no coder «better»"):
        load_coder("better")


def test_trigger_lexicon() -> None:
    rows = read_table("trigger_lexicon.tsv")
    assert len(rows) > 2000
    for row in rows:
        assert row["word"] == fold_key(row["word"])
        assert 0 <= int(row["as_trigger"]) <= int(row["in_all"])
        if row["type"]:
            assert not row["mode"] or row["mode"] in MODES[row["type"]]
        else:
            assert row["as_trigger"] == "0"


def test_other_tables() -> None:
    assert {(r["kind"], r["place"]) for r in read_table("span_lexicon.tsv")} == {
        (kind, place) for kind in ("party", "place") for place in ("first", "next")
    }
    assert {r["role"] for r in read_table("role_lexicon.tsv")} == {"actor", "recipient", "speaker", "-"}
    assert {r["status"] for r in read_table("status_cues.tsv")} <= set(STATUSES)
    assert all(int(r["reach"]) for r in read_table("status_cues.tsv"))
    assert {r["takes"] for r in read_table("speaker_cues.tsv")} == {"subject", "source"}


def test_triggers_back_off_to_the_stem_and_drop_pronouns() -> None:
    table = Triggers([("هجوم", "ASSAULT", "", 8, 10), ("دعوه", "REQUEST", "meet", 3, 4)])
    assert table.look_up("والهجوم") is not None
    assert (hit := table.look_up("دعوته")) is not None
    assert (hit.type, hit.mode) == ("REQUEST", "meet")
    assert table.look_up("كتاب") is None


def test_spans_stop_at_punctuation() -> None:
    spans = Spans({"وزير": (9, 10)}, {"الخارجيه": (9, 10), "الروسي": (9, 10)})
    text = "قال وزير الخارجية، الروسي لافروف"
    assert [(s.first, s.last) for s in spans.find(text, words(text))] == [(1, 3)]
