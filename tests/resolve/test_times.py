"""Times of events: values from the publication date, from the text's own words, from other mentions of the act."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from khabar.arabic.calendar import find_times
from khabar.records import Article, Event, Mention, Place, Time, Trigger
from khabar.resolve.times import attach_time, best_overlap, resolve_times, times_of, written_on


def article(*paragraphs: str, day: str | None = "2022-07-16", precision: str | None = None) -> Article:
    return Article(id="a", paragraphs=("", *paragraphs), date=day, date_precision=precision)  # type: ignore[arg-type]


def event(
    source: Article, paragraph: int, word: str, when: str | None, kind: str = "ASSAULT", status: str = "actual",
    actors: tuple[str, ...] = (), country: str | None = None, understood: bool = False,
) -> Event:  # fmt: skip
    text = source.paragraphs[paragraph]
    at = text.index(word)
    time = Time() if understood else None
    if when is not None:
        assert when in text
        time = Time(text=when, start=text.index(when), end=text.index(when) + len(when))
    return Event(
        paragraph=paragraph,
        trigger=Trigger(text=word, start=at, end=at + len(word)),
        type=kind,
        status=status,  # type: ignore[arg-type]
        time=time,
        actors=tuple(Mention(codes=(code,)) for code in actors),
        place=Place(country=country) if country else None,
    )


def values(source: Article, *events: Event) -> list[str | None]:
    return [e.time.value if e.time else None for e in resolve_times(source, events)]


@pytest.mark.parametrize(
    ("text", "when", "status", "value"),
    [
        ("قصفت الطائرات الميناء الخميس", "الخميس", "actual", "2022-07-14"),
        ("يبدأ القصف الخميس", "الخميس", "planned", "2022-07-21"),
        ("قد يبدأ القصف الخميس", "الخميس", "possible", "2022-07-21"),
        ("تستمر الغارات منذ مارس 2015", "منذ مارس 2015", "actual", "2015-03/2022-07-16"),
        ("تستمر الغارات منذ مارس 2015", "مارس 2015", "actual", "2015-03"),
        ("غارات يومي 12 و13 يوليو على الميناء", "12 و13 يوليو", "actual", "2022-07-12/2022-07-13"),
        ("غارات الجمعة والسبت على الميناء", "السبت", "actual", "2022-07-16"),
        ("غارات الأسبوع الماضي", "الأسبوع الماضي", "actual", "2022-07-03/2022-07-09"),
        ("غارات قبل أيام", "قبل أيام", "actual", None),
        ("غارات عند الساعة الثامنة صباحا", "الساعة الثامنة صباحا", "actual", None),
        ("الخميس وعند الساعة الثامنة صباحا غارات", "الساعة الثامنة صباحا", "actual", "2022-07-14"),
        ("غارات لليوم الثالث على التوالي", "لليوم الثالث على التوالي", "actual", "2022-07-14/2022-07-16"),
        ("غارات وسط المدينة", "وسط المدينة", "actual", None),
    ],
)
def test_value(text: str, when: str, status: str, value: str | None) -> None:
    source = article(text)
    assert values(source, event(source, 1, text.split()[0], when, status=status)) == [value]


def test_precision_and_reason_are_filled_and_the_words_kept() -> None:
    source = article("قصفت الطائرات الميناء الخميس")
    (after,) = resolve_times(source, [event(source, 1, "قصفت", "الخميس")])
    assert after.time is not None
    assert (after.time.text, after.time.precision) == ("الخميس", "day")
    assert after.time.reason


@pytest.mark.parametrize("day", [None, "2022-07", "bad"])
def test_without_a_publication_day_relative_times_stay_open(day: str | None) -> None:
    source = article("قصفت الطائرات الميناء الخميس", "واندلعت الحرب عام 2015", day=day)
    assert values(source, event(source, 1, "قصفت", "الخميس"), event(source, 2, "الحرب", "عام 2015")) == [None, "2015"]


def test_a_publication_month_is_no_day() -> None:
    source = article("قصفت الطائرات الميناء الخميس", day="2022-07-01", precision="month")
    assert values(source, event(source, 1, "قصفت", "الخميس")) == [None]


def test_no_time_stays_no_time() -> None:
    source = article("قصفت الطائرات الميناء الخميس")
    assert resolve_times(source, [event(source, 1, "قصفت", None)])[0].time is None


def test_the_next_day_of_another_paragraph() -> None:
    source = article("سقطت المدينة في 3 مايو 2021.", "وفي اليوم التالي قصفت الطائرات الميناء.")
    assert values(source, event(source, 2, "قصفت", "اليوم التالي")) == ["2021-05-04"]


def test_today_is_what_the_text_calls_today() -> None:
    paragraphs = ("قال متحدث اليوم الخميس إن الطائرات عادت.", "وكانت قصفت الميناء أمس.")
    assert written_on(paragraphs, date(2022, 7, 16)) == date(2022, 7, 14)
    source = article(*paragraphs)
    assert values(source, event(source, 2, "قصفت", "أمس")) == ["2022-07-13"]


def test_today_is_the_publication_day_where_the_text_contradicts_itself() -> None:
    paragraphs = ("وصل اليوم الخميس.", "وغادر أمس الجمعة.")
    assert written_on(paragraphs, date(2022, 7, 16)) == date(2022, 7, 16)


def test_almanac_pages() -> None:
    source = Article(id="a", paragraphs=("هذا اليوم في التاريخ", "1975 - توقيع معاهدة السلام"), date="2022-07-16")
    assert values(source, event(source, 1, "توقيع", "1975", kind="AGREE")) == ["1975-07-16"]


def test_an_understood_time_comes_from_another_mention_of_the_act() -> None:
    source = article("قصفت الطائرات الميناء الخميس", "وقال شهود إن القصف دام ساعات", "واندلع قصف آخر الأربعاء")
    events = (
        event(source, 1, "قصفت", "الخميس", actors=("SAU.MIL",), country="YEM"),
        event(source, 2, "القصف", None, understood=True, actors=("SAU.MIL",), country="YEM"),
        event(source, 3, "قصف", "الأربعاء", actors=("YEM.REB",), country="SAU"),
    )
    after = resolve_times(source, events)
    assert [e.time.value if e.time else "" for e in after] == ["2022-07-14", "2022-07-14", "2022-07-13"]
    assert after[1].time is not None
    assert after[1].time.text is None
    assert "paragraph 1" in (after[1].time.reason or "")


@pytest.mark.parametrize(
    ("kind", "actor", "country", "status"),
    [
        ("CONSULT", "SAU.GOV", "YEM", "actual"),
        ("ASSAULT", "YEM.REB", "SAU", "actual"),
        ("ASSAULT", "SAU.MIL", "YEM", "planned"),
    ],
)
def test_an_understood_time_comes_from_the_same_act_rather(kind: str, actor: str, country: str, status: str) -> None:
    """Another act stands nearer, the same act farther away."""
    source = article("قصفت الطائرات الميناء الأربعاء", "عقد أو قصف غيره الخميس", "وقال شهود إن القصف دام ساعات")
    events = (
        event(source, 1, "قصفت", "الأربعاء", actors=("SAU.MIL",), country="YEM"),
        event(source, 2, "قصف", "الخميس", kind=kind, actors=(actor,), country=country, status=status),
        event(source, 3, "القصف", None, understood=True, actors=("SAU.MIL",), country="YEM"),
    )
    assert values(source, *events)[2] == "2022-07-13"


def test_the_act_of_the_same_party_is_the_last_resort() -> None:
    source = article("أدان الوزير الهجوم الخميس", "ودعا إلى وقف القتال")
    events = (
        event(source, 1, "أدان", "الخميس", kind="ACCUSE", actors=("EGY.GOV",)),
        event(source, 2, "ودعا", None, kind="REQUEST", understood=True, actors=("EGY.GOV",)),
    )
    after = resolve_times(source, events)[1].time
    assert after is not None
    assert after.value == "2022-07-14"
    assert "(ACCUSE)" in (after.reason or "")


def test_without_another_dated_mention_a_time_stays_open() -> None:
    source = article("قصفت الطائرات الميناء", "وقال شهود إن القصف دام ساعات")
    events = (event(source, 1, "قصفت", None), event(source, 2, "القصف", None, understood=True))
    after = resolve_times(source, events)[1].time
    assert after is not None
    assert after.value is None
    assert (after.reason or "").startswith("open")


def sure(one: Event, chance: float) -> Event:
    """The event as a coder drafts it: `chance` is that of what the time cell says."""
    return msgspec.structs.replace(one, cells={"time": chance})


@pytest.mark.parametrize(("chance", "value"), [(0.95, "2022-07-14"), (0.05, None)])
def test_words_that_the_coder_doubts_stay_open(chance: float, value: str | None) -> None:
    source = article("قال المتحدث الخميس إن الوزير سافر، وكانت الطائرات قصفت الميناء")
    assert values(source, sure(event(source, 1, "قصفت", "الخميس"), chance)) == [value]


@pytest.mark.parametrize(
    ("empty", "kind", "actor", "value"),
    [(0.4, "ASSAULT", "SAU.MIL", "2022-07-14"), (0.99, "CONSULT", "YEM.GOV", None)],
)
def test_a_time_that_the_coder_may_have_missed_is_filled_in_from_the_same_act(
    empty: float, kind: str, actor: str, value: str | None
) -> None:
    source = article("قصفت الطائرات الميناء الخميس", "وقال شهود إن قصف الطائرات للميناء دام ساعات")
    events = (
        event(source, 1, "قصفت", "الخميس", actors=("SAU.MIL",), country="YEM"),
        sure(event(source, 2, "قصف", None, kind=kind, actors=(actor,), country="YEM"), empty),
    )
    assert values(source, *events)[1] == value


def test_an_earlier_mention_goes_before_a_later_one() -> None:
    source = article("قصفت الطائرات الميناء الأربعاء", "غير ذي صلة", "تواصل القصف", "قصف الجمعة")
    events = (
        event(source, 1, "قصفت", "الأربعاء"),
        event(source, 3, "القصف", None, understood=True),
        event(source, 4, "قصف", "الجمعة"),
    )
    assert values(source, *events)[1] == "2022-07-13"


def test_times_of_gives_a_list_for_each_paragraph() -> None:
    found = times_of(article("وصل أمس", "لا شيء", "في 2015 وفي 2016"))
    assert [[e.value for e in p] for p in found] == [[], ["2022-07-15"], [], ["2015", "2016"]]


@pytest.mark.parametrize(
    ("text", "trigger", "expected"),
    [
        ("قصفت الطائرات الميناء الخميس، وزار الوزير القاهرة الجمعة", "قصفت", "الخميس"),
        ("قصفت الطائرات الميناء الخميس، وزار الوزير القاهرة الجمعة", "وزار", "الجمعة"),
        ("قال المتحدث الجمعة إن الطائرات قصفت الميناء الخميس", "قصفت", "الخميس"),
        ("قال المتحدث الجمعة إن الطائرات قصفت الميناء", "قصفت", None),
        ("في 3 مايو 2021 قصفت الطائرات الميناء", "قصفت", "3 مايو 2021"),
        ("قصفت الطائرات الميناء 44 يوما", "قصفت", None),
    ],
)
def test_attach_time(text: str, trigger: str, expected: str | None) -> None:
    source = article(text)
    one = event(source, 1, trigger, None)
    found, chance = attach_time(text, one, find_times(text, date(2022, 7, 16)), published=source.date)
    assert (found.text if found else None) == expected
    assert 0 < chance <= 1


@pytest.mark.parametrize(
    ("text", "trigger", "when", "value"),
    [
        ("سيطرت القوات على المدينة منذ مارس 2015", "سيطرت", "منذ مارس 2015", "2015-03"),
        ("تحاصر القوات المدينة منذ مارس 2015", "تحاصر", "منذ مارس 2015", "2015-03/2022-07-16"),
        ("قتلت الطائرات 40 مدنيا منذ بدء الحملة في مارس 2015", "قتلت", "مارس 2015", "2015-03/2022-07-16"),
        ("منذ بدء الحملة في مارس 2015 والناس تنزح", "الحملة", "مارس 2015", "2015-03"),
        ("غادر السكان بعد سبع سنوات من الحرب", "الحرب", "سبع سنوات", "2015/2022-07-16"),
        ("استمر الحصار 44 يوما", "الحصار", "44 يوما", None),
    ],
)
def test_since_and_how_long_by_what_happened(text: str, trigger: str, when: str, value: str | None) -> None:
    source = article(text)
    assert values(source, event(source, 1, trigger, when)) == [value]


def test_best_overlap_prefers_the_part_that_fits() -> None:
    text = "من 3 مايو 2021 إلى 12 يونيو 2022"
    found = find_times(text)
    assert (best_overlap(found, 0, len(text)) or found[0]).value == "2021-05-03/2022-06-12"
    inner = best_overlap(found, text.index("12"), len(text))
    assert inner is not None
    assert inner.value == "2022-06-12"
    assert best_overlap(found, len(text), len(text) + 5) is None


def test_months_in_a_row_are_no_day() -> None:
    source = article("تواصل الإضراب للشهر الرابع على التوالي", "وقتل ثلاثة عند الساعة الخامسة مساء")
    first = event(source, 1, "الإضراب", "للشهر الرابع على التوالي")
    second = event(source, 2, "وقتل", "الساعة الخامسة مساء")
    after = resolve_times(source, [first, second])
    assert after[0].time is not None
    assert (after[0].time.value, after[0].time.precision) == ("2022-04/2022-07", "month")
    assert after[1].time is not None
    assert after[1].time.value is None
