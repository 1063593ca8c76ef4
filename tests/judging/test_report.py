"""Reports: scores as text, mistakes in context, resolution alone, body shares."""

from __future__ import annotations

from typing import Any

import msgspec

from khabar.judging import body_report, body_text, errors, evaluate_report, gold_spans, spans_report, strip_codes
from khabar.judging.report import worst
from khabar.records import Article, CodedArticle, Event, Mention, Place, Time, Trigger

TEXT = "قصف الجيش القرية، ودعا الوزير إلى التهدئة أمس"
ARTICLE = Article(id="a", paragraphs=("", TEXT, "تابعونا", "اقرأ أيضا", "عنوان"))


def event(word: str, kind: str, **cells: Any) -> Event:
    start = TEXT.index(word)
    return Event(paragraph=1, trigger=Trigger(text=word, start=start, end=start + len(word)), type=kind, **cells)


def mention(words: str, *codes: str) -> Mention:
    start = TEXT.index(words)
    return Mention(text=words, start=start, end=start + len(words), codes=codes)


GOLD = CodedArticle(
    id="a",
    not_body=((2, "promo"), (3, "read_also"), (4, "heading")),
    events=(
        event("قصف", "ASSAULT", actors=(mention("الجيش", "ARM.MIL"),), place=Place(text="القرية", country="AZE")),
        event("ودعا", "REQUEST", actors=(mention("الوزير", "AZE.GOV"), Mention(codes=("RUS",))),
              time=Time(text="أمس", start=42, end=45, value="2020-01-01")),
    ),
)  # fmt: skip


def test_mistakes_by_kind_worst_first() -> None:
    wrong = event("قصف", "ASSAULT", actors=(mention("الجيش", "AZE.MIL"),), place=Place(country="AZE"), confidence=0.9)
    extra = event("التهدئة", "AGREE", confidence=0.4)
    found = errors({"a": GOLD}, {"a": CodedArticle(id="a", events=(wrong, extra))})
    assert [e.kind for e in found] == ["missed", "invented", "country"]
    assert [e.kind for e in worst(found, 2)] == ["missed", "invented"]


def test_cells_alone_weigh_least_and_equal_events_nothing() -> None:
    same = msgspec.structs.replace(GOLD.events[0], confidence=0.7)
    planned = msgspec.structs.replace(GOLD.events[1], status="planned")
    found = errors({"a": GOLD}, {"a": CodedArticle(id="a", events=(same, planned))})
    assert [(e.kind, e.weight) for e in found] == [("cells", 0.1)]


def test_report_shows_the_mistake_in_its_paragraph() -> None:
    text = evaluate_report({"a": GOLD}, {}, {"a": ARTICLE}, mistakes=1)
    assert "detect     P 0.000  R 0.000  F1 0.000  (gold 2, coded 0)" in text
    assert "  ASSAULT    P 0.00" in text
    assert "missed  a paragraph 1  «قصف» الجيش القرية" in text
    assert "gold   قصف | ASSAULT | actual | A: الجيش=ARM.MIL | P: القرية=AZE" in text


def test_report_without_articles_or_mistakes() -> None:
    assert "missed  a paragraph 1  «قصف»\n" in evaluate_report({"a": GOLD}, {}, mistakes=1)
    plain = evaluate_report({"a": GOLD}, {"a": GOLD}, by_type=False)
    assert "ASSAULT" not in plain
    assert "mistakes" not in plain


def test_strip_codes_keeps_spans_only() -> None:
    bare = strip_codes(GOLD)
    assert bare.events[0].actors == (Mention(text="الجيش", start=4, end=9),)
    assert bare.events[1].time == Time(text="أمس", start=42, end=45)
    assert bare.events[0].place == Place(text="القرية")


def test_resolution_alone_parts_written_from_understood() -> None:
    table = {"الجيش": "AZE.MIL", "الوزير": "AZE.GOV"}

    def resolve(article: Article, draft: CodedArticle) -> CodedArticle:
        assert article is ARTICLE
        found = []
        for e in draft.events:
            actors = tuple(msgspec.structs.replace(m, codes=(table.get(m.text or "", "RUS"),)) for m in e.actors)
            time = e.time and msgspec.structs.replace(e.time, value="2020-01-01")
            found.append(msgspec.structs.replace(e, actors=actors, time=time))
        return msgspec.structs.replace(draft, events=tuple(found))

    result = gold_spans({"a": GOLD, "other": GOLD}, {"a": ARTICLE}, resolve, mistakes=5)
    assert (result.written["code"].hit, result.written["code"].of) == (1, 2)
    assert result.written["country:actors"].value == 0.5
    assert (result.written["place"].hit, result.written["time"].hit) == (0, 1)
    assert result.understood["code"].value == 1
    assert {(m.cell, m.text, m.gold, m.coded) for m in result.mistakes} == {
        ("actors", "الجيش", "ARM.MIL", "AZE.MIL"), ("place", "القرية", "AZE", "-")
    }  # fmt: skip
    assert "الجيش  ARM.MIL  AZE.MIL" in spans_report(result)


def test_events_left_out_by_the_resolver_count_as_wrong() -> None:
    result = gold_spans({"a": GOLD}, {"a": ARTICLE}, lambda _, draft: CodedArticle(id=draft.id))
    assert (result.written["code"].hit, result.written["code"].of) == (0, 2)
    assert (result.understood["code"].hit, result.understood["code"].of) == (0, 1)


def test_body_shares_by_reason() -> None:
    result = body_report({"a": GOLD}, {"a": ARTICLE}, lambda _: [(1, "other"), (2, "tags"), (3, "read_also")])
    assert (result.kept.hit, result.kept.of) == (0, 1)
    assert {k: (s.hit, s.of) for k, s in result.dropped.items()} == {
        "heading": (0, 1), "promo": (1, 1), "read_also": (1, 1)
    }  # fmt: skip
    assert (result.junk.hit, result.junk.of) == (2, 2)
    assert (result.reasons.hit, result.reasons.of) == (1, 2)
    assert result.lost == (("a", 1, "other"),)
    assert result.left == (("a", 4, "heading"),)
    assert "junk left: a paragraph 4 (heading)" in body_text(result, mistakes=3)
