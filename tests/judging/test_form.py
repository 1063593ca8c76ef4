"""The written form: what it reads, what it refuses with file and line, and that writing gives the same back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khabar.arabic import words
from khabar.codebook import MODES
from khabar.judging import check, parse_coding, read_coding, write_coding
from khabar.records import Article, CodedArticle, Event, Mention, Place, Time, Trigger

TEXTS = (
    "قصف مدفعي على قرية حدودية",
    "قال متحدث باسم الجيش إن قصف القرية أوقع 3 قتلى، وإن قصف يوم الأحد كان الأعنف «منذ أشهر».",
    "اقرأ أيضا",
)
ARTICLES = {"a1": Article(id="a1", paragraphs=TEXTS)}


def read(*lines: str) -> tuple[list[CodedArticle], list[str]]:
    coded, faults = parse_coding("\n".join(lines), ARTICLES, "x.txt")
    return coded, [str(fault) for fault in faults]


def test_reads_every_field() -> None:
    (coded,), faults = read(
        "# a remark",
        "@a1",
        "C\tmilitary; territory",
        "X\t2\tread_also",
        "1\tقصف#2\tASSAULT\theavy-weapons\tdenied\tA:^=AZE.MIL ; الجيش=ARM.MIL+RUS\tS:متحدث باسم الجيش=ARM.MIL"
        "\tP:القرية=AZE\tT:يوم الأحد=2020-09-27\tN:killed=3;injured>=10;missing~4000",
    )
    assert faults == []
    assert (coded.contexts, coded.not_body) == (("military", "territory"), ((2, "read_also"),))
    (event,) = coded.events
    assert event.trigger.start == TEXTS[1].index("قصف", 30)
    assert (event.mode, event.status) == ("heavy-weapons", "denied")
    assert event.actors[0] == Mention(codes=("AZE.MIL",))
    assert event.actors[1].codes == ("ARM.MIL", "RUS")
    assert event.place == Place(text="القرية", start=28, end=34, country="AZE")
    assert event.time is not None
    assert event.time.value == "2020-09-27"
    assert event.toll == {"killed": "3", "injured": ">=10", "missing": "~4000"}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1\tقصف\tASSAULT", "five columns"),
        ("9\tقصف\tASSAULT\t-\tactual", "no paragraph 9"),
        ("1\tقصف\tATTACK\t-\tactual", "type «ATTACK»"),
        ("1\tقصف\tASSAULT\tdemo\tactual", "no mode «demo»"),
        ("1\tقصف\tASSAULT\t-\tsure", "status «sure»"),
        ("1\tقصف القرية\tASSAULT\t-\tactual", "more than one word"),
        ("1\t^\tASSAULT\t-\tactual", "always a word"),
        ("1\tقص\tASSAULT\t-\tactual", "as whole words"),
        ("1\tهجوم\tASSAULT\t-\tactual", "not in the paragraph"),
        ("1\tقصف#3\tASSAULT\t-\tactual", "occurs 2 times, not 3"),
        ("1\tقصف#0\tASSAULT\t-\tactual", "occurrence #0"),
        ("1\tقصف\tASSAULT\t-\tactual\tA:الجيش", "needs mention=value"),
        ("1\tقصف\tASSAULT\t-\tactual\tA:الجيش=ARM.XYZ", "code «ARM.XYZ»"),
        ("1\tقصف\tASSAULT\t-\tactual\tA:الجيش=IGO.ABC", "code «IGO.ABC»"),
        ("1\tقصف\tASSAULT\t-\tactual\tP:القرية=AZ", "place country «AZ»"),
        ("1\tقصف\tASSAULT\t-\tactual\tT:يوم الأحد=2020-02-30", "time value"),
        ("1\tقصف\tASSAULT\t-\tactual\tT:يوم الأحد=2021/2020", "time value"),
        ("1\tقصف\tASSAULT\t-\tactual\tN:dead=3", "toll «dead=3»"),
        ("1\tقصف\tASSAULT\t-\tactual\tQ:x=1", "field «Q:x=1»"),
        ("X\t0\tmenu", "dropped paragraph"),
        ("X\t1\tnonsense", "dropped paragraph"),
        ("X\t1", "paragraph number and a reason"),
        ("C\tweather", "context"),
    ],
)
def test_names_each_fault_with_its_line_and_reads_on(line: str, message: str) -> None:
    (coded,), (fault,) = read("@a1", line, "0\tقصف\tASSAULT\t-\tactual")
    assert fault.startswith("x.txt:2: ")
    assert message in fault
    assert [e.paragraph for e in coded.events] == [0]


def test_events_of_unknown_or_repeated_articles_are_skipped() -> None:
    coded, faults = read("1\tقصف\tASSAULT\t-\tactual", "@zz", "0\tقصف\tASSAULT\t-\tactual", "@a1", "@a1", "0\tx")
    assert [c.id for c in coded] == ["a1"]
    assert [f.split(": ", 1)[1] for f in faults] == [
        "before the first @ line", "no article «zz»", "article «a1» a second time"
    ]  # fmt: skip


def test_same_trigger_twice_and_events_in_dropped_paragraphs_are_faults() -> None:
    line = "2\tاقرأ\tREQUEST\t-\tactual"
    (coded,), faults = read("@a1", "X\t2\tread_also", line, line)
    assert len(coded.events) == 1
    assert "already has an event" in faults[0]
    assert faults[1] == "x.txt: @a1: events in dropped paragraphs [2]"


def test_file_with_mark_and_windows_lines(tmp_path: Path) -> None:
    path = tmp_path / "c.txt"
    path.write_bytes("\ufeff@a1\r\nC\tmilitary\r\n0\tقصف\tASSAULT\t-\tactual\r\n".encode())
    (coded,), faults = read_coding(path, ARTICLES)
    assert (faults, coded.contexts, len(coded.events)) == ([], ("military",), 1)


def test_check_names_missing_files_broken_bytes_and_articles_in_two_files(tmp_path: Path) -> None:
    for name in ("one.txt", "two.txt"):
        (tmp_path / name).write_text("@a1\nC\tmilitary\n", encoding="utf-8")
    (tmp_path / "bad.txt").write_bytes(b"@a1\n\xff\xfe\n")
    faults = check([tmp_path / name for name in ("none.txt", "bad.txt", "one.txt", "two.txt")], ARTICLES)
    messages = [str(f).removeprefix(str(tmp_path)) for f in faults]
    assert messages[0].startswith("/none.txt: ")
    assert messages[1] == "/bad.txt:2: not UTF-8"
    assert "@a1 is also in" in messages[2]


SPANS = [[(a.start, b.end) for i, a in enumerate(w) for b in w[i:]] for w in (words(t) for t in TEXTS)]


@st.composite
def coded_articles(draw: st.DrawFn) -> CodedArticle:
    found = []
    for paragraph, at in draw(st.sets(st.tuples(st.integers(0, 1), st.integers(0, 4)), max_size=5)):
        text = TEXTS[paragraph]

        def cell(kind: type, text: str = text, paragraph: int = paragraph, **values: object) -> object:
            if draw(st.booleans()):
                return kind(**values)
            start, end = draw(st.sampled_from(SPANS[paragraph]))
            return kind(text=text[start:end], start=start, end=end, **values)

        word = words(text)[at]
        kind = draw(st.sampled_from(list(MODES)))
        party = [cell(Mention, codes=("AZE", "IGO.UNO")) for _ in range(draw(st.integers(0, 3)))]
        found.append(
            Event(
                paragraph=paragraph,
                trigger=Trigger(text=word.text, start=word.start, end=word.end),
                type=kind,
                mode=draw(st.sampled_from((None, *MODES[kind]))),
                status=draw(st.sampled_from(("actual", "denied"))),
                actors=tuple(party),  # type: ignore[arg-type]
                place=draw(st.none() | st.just(cell(Place, country="GEO"))),  # type: ignore[arg-type]
                time=draw(st.none() | st.just(cell(Time, value="2020-09/2020-11"))),  # type: ignore[arg-type]
                toll=draw(st.sampled_from(({}, {"killed": "3"}, {"killed": "~20", "missing": ">=4"}))),
            )
        )
    found.sort(key=lambda e: (e.paragraph, e.trigger.start))
    return CodedArticle(id="a1", contexts=("legal",), not_body=((2, "promo"),), events=tuple(found))


@given(coded_articles())
def test_round_trip(coded: CodedArticle) -> None:
    assert parse_coding(write_coding(coded, ARTICLES), ARTICLES) == ([coded], [])


def test_hashes_and_carets_in_the_text_round_trip() -> None:
    article = Article(id="h", paragraphs=("", "نشر الوسم دعا#7 ثم ^ وقال دعا", ""))
    start = article.paragraphs[1].index("دعا#7")
    caret = article.paragraphs[1].index("^")
    coded = CodedArticle(
        id="h",
        events=(
            Event(
                paragraph=1,
                trigger=Trigger(text="دعا#7", start=start, end=start + 5),
                type="REQUEST",
                actors=(Mention(text="^", start=caret, end=caret + 1, codes=("UNK",)),),
            ),
        ),
    )
    assert parse_coding(write_coding(coded, {"h": article}), {"h": article}) == ([coded], [])


def test_unresolved_cells_are_written_unknown() -> None:
    event = Event(paragraph=0, trigger=Trigger(text="قصف", start=0, end=3), type="ASSAULT", actors=(Mention(),),
                  place=Place(text="قرية", start=14, end=18), time=Time())  # fmt: skip
    text = write_coding(CodedArticle(id="a1", events=(event,)), ARTICLES)
    assert text.splitlines()[2] == "0\tقصف\tASSAULT\t-\tactual\tA:^=UNK\tP:قرية=UNK"


def test_part_of_a_word_cannot_be_written() -> None:
    event = Event(paragraph=0, trigger=Trigger(text="قص", start=0, end=2), type="ASSAULT")
    with pytest.raises(ValueError, match="whole words"):
        write_coding(CodedArticle(id="a1", events=(event,)), ARTICLES)
