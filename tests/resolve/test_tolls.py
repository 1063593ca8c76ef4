"""Tolls: numbers of persons of a paragraph, and the event that each belongs to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khabar.codebook import TOLLS
from khabar.records import Article, Event, Mention, Trigger
from khabar.resolve import schema
from khabar.resolve.tolls import attach, read_tolls


def told(text: str) -> dict[str, str]:
    """Categories and values of a paragraph, the first of each category."""
    found: dict[str, str] = {}
    for toll in read_tolls(text):
        found.setdefault(toll.category, toll.value)
    return found


def test_tables() -> None:
    words = list(
        schema.read_rows(schema.package_text("toll_words.tsv"), "toll_words.tsv", ("forms", "category", "use"))
    )
    assert {row["category"] for row in words} == set(TOLLS)
    assert {row["use"] for row in words} <= {"verb", "noun", "victim", "life", "light", "on", "until"}
    nouns = schema.read_rows(schema.package_text("toll_nouns.tsv"), "toll_nouns.tsv", ("kind", "forms"))
    assert {row["kind"] for row in nouns} == {"thing", "single", "part", "group", "kin", "other", "dual", "service"}


@pytest.mark.parametrize(
    ("text", "tolls"),
    [
        ("قتل 12 شخصا في الانفجار", {"killed": "12"}),
        ("مقتل ثلاثة جنود وإصابة سبعة آخرين", {"killed": "3", "injured": "7"}),
        ("أسفر القصف عن مقتل ٢٣ مدنيا", {"killed": "23"}),
        ("سقط 19 قتيلا و40 جريحا", {"killed": "19", "injured": "40"}),
        ("سقوط عشرات القتلى والجرحى", {"killed": "~20", "injured": "~20"}),
        ("أدى إلى مقتل وإصابة المئات", {"killed": "~200", "injured": "~200"}),
        ("قتل 44 شخصا على الأقل", {"killed": ">=44"}),
        ("مقتل ما لا يقل عن 18 جنديا", {"killed": ">=18"}),
        ("مقتل أكثر من مئة مدني", {"killed": ">=100"}),
        ("وأصيب نحو خمسين متظاهرا", {"injured": "~50"}),
        ("مقتل جنديين وإصابة ثالث", {"killed": "2", "injured": "1"}),
        ("مقتل رجل وزوجته في الغارة", {"killed": "2"}),
        ("مقتل سبعة ضباط من الحرس ومدنيا واحدا", {"killed": "8"}),
        ("سقوط 22 لاجئا في القصف", {"killed": "22"}),
        ("احتجاجات قتل فيها ما لا يقل عن ستة صيادين", {"killed": ">=6"}),
        ("سجلت اللجنة 61 حالة خطف، و44 حالة إخفاء قسري", {"abducted": "61"}),
        ("سجن سبعة حراس لقتلهم تاجرا", {}),
        ("حكم على 31 بحارا بتهمة قتل صيادين", {}),
        ("نفذت السلطات حكم الإعدام في 11 مهربا", {"killed": "11"}),
        ("حكم بالإعدام على 11 مهربا", {}),
        ("فقد العشرات منهم أرواحهم", {"killed": "~20"}),
        ("فقد ثلاثة بحارة", {"missing": "3"}),
        ("فقد تم رصد 640 حالة تزوير", {}),
        ("أودى الحريق بحياة طفل", {"killed": "1"}),
        ("المخاطرة بحياة طفل", {}),
        ("سقط عشرات المسلحين بين قتيل وجريح", {}),
        ("مقتل شخصين من عناصر الأمن على الأقل", {"killed": ">=2"}),
        ("وصل عدد القتلى في البلدات التي أصابها القصف منذ الفجر إلى 31", {"killed": "31"}),
        ("قتل أربعون مدنيا وأجبر ثلاثة آلاف على النزوح", {"killed": "40", "displaced": "3000"}),
        ("قال مصدران إن 28 حارسا قتلوا", {"killed": "28"}),
        ("آذار 2016: مقتل 22 حارسا", {"killed": "22"}),
        ("العفو عن أكثر من 90 سجينا", {"released": ">=90"}),
        ("لقي 12 مسلحا مصرعهم", {"killed": "12"}),
        ("أودى الهجوم بحياة خمسة صيادين", {"killed": "5"}),
        ("إن 14 متمردا، منهم ثلاثة ضباط، قتلوا في كمين", {"killed": "14"}),
        ("ارتفع عدد القتلى إلى 133", {"killed": "133"}),
        ("مقتل 16 شخصا بينهم 3 أطفال وإصابة 80", {"killed": "16", "injured": "80"}),
        ("قتل 3 جنود و5 مدنيين", {"killed": "8"}),
        ("اعتقلت الشرطة أربعين متظاهرا", {"detained": "40"}),
        ("خطف مسلحون ستة مهندسين", {"abducted": "6"}),
        ("أفرجت السلطات عن 25 معتقلا", {"released": "25"}),
        ("نزوح ثلاثة آلاف شخص", {"displaced": "3000"}),
        ("فقدان عشرة مهاجرين", {"missing": "10"}),
        ("مقتل جندي في هجوم", {"killed": "1"}),
        ("أصيب أحد الحراس بالرصاص", {"injured": "1"}),
        ("مقتل ألفين وثلاثمئة مدني", {"killed": "2300"}),
        ("إن جنديين قتلا وأصيب أربعة في كمين", {"killed": "2", "injured": "4"}),
        ("إن ستة حراس قتلوا وجرح خمسة بهجوم على المقر", {"killed": "6", "injured": "5"}),
        ("لقي ثلاثة عمال مصرعهم وأصيب ستة آخرون", {"killed": "3", "injured": "6"}),
        ("إن عشرات المتمردين قتلوا وجرحوا في المعركة", {"killed": "~20", "injured": "~20"}),
        ("سقط قتيل واحد في الهجوم", {"killed": "1"}),
        ("مقتل رجلي أمن وإصابة ثلاثة آخرين", {"killed": "2", "injured": "3"}),
        ("انفجار يصيب ضابطي شرطة ومجندا", {"injured": "3"}),
        ("أدى الكمين إلى مصرع سبعة حراس وإصابة ثامن", {"killed": "7", "injured": "1"}),
        ("قتل ما بين 45 و55 مسلحا", {"killed": ">=45"}),
        ("مقتل بين عشرين إلى ثلاثين مدنيا", {"killed": ">=20"}),
        ("لقي أربعة حراس، على الأقل، مصرعهم", {"killed": ">=4"}),
        ("سقط نحو 29 قتيلا على الأقل", {"killed": ">=29"}),
        ("مقتل ما يصل إلى 300 جندي", {"killed": "~300"}),
        ("مقتل ثلاثة من أبنائه وبعض أحفاده", {"killed": ">=3"}),
        ("سقوط 22 قتيلا وأكثر من 60 جريحا", {"killed": "22", "injured": ">=60"}),
    ],
)
def test_numbers_of_persons(text: str, tolls: dict[str, str]) -> None:
    assert told(text) == tolls


@pytest.mark.parametrize(
    "text",
    [
        "تدمير 12 دبابة وثلاث سيارات",
        "منذ عام 2011 قتل كثيرون",
        "أصابت الغارات خمسة منازل",
        "قتل كثيرون في 7 أكتوبر",
        "هاجمت حركة طالبان المقر وقتلت حراسا",
        "41 قتيلا وجريحا في الانفجار",
        "محاولة اغتيال دبلوماسي",
        "حاول مسلحون قبل عام اغتيال دبلوماسي",
        "ذكرى هجمات الـ11 من سبتمبر ومقتل كثيرين",
        "حكم الإعدام شنقا بحق ستة متهمين",
        "قضت المحكمة بإعدام ستة متهمين",
        "ارتفع عدد القتلى بنسبة 24 في المئة",
        "عقدت خمسة اجتماعات مع 20 مسؤولا",
        "",
    ],
)
def test_no_toll(text: str) -> None:
    assert told(text) == {}


def test_offsets_are_those_of_the_number() -> None:
    text = "وقال «المصدر»: مقتل نحو 1,200 شخص"
    toll = read_tolls(text)[0]
    assert toll.value == "~1200"
    assert "1,200" in text[toll.start : toll.end]
    assert text[toll.at :].startswith("مقتل")


def event(text: str, word: str, kind: str = "ASSAULT", mode: str | None = None, **more: object) -> Event:
    start = text.index(word)
    return Event(
        paragraph=1, trigger=Trigger(text=word, start=start, end=start + len(word)), type=kind, mode=mode,
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


def tolls_of(text: str, *events: Event) -> list[dict[str, str]]:
    return [e.toll for e in attach(Article(id="a", paragraphs=("", text)), events)]


def test_each_toll_goes_to_its_event() -> None:
    text = "قتل خمسة جنود في هجوم انتحاري، واعتقلت القوات عشرين مشتبها به."
    assault, arrest = event(text, "هجوم"), event(text, "واعتقلت", "COERCE", "arrest")
    call = event(text, "مشتبها", "REQUEST")
    assert tolls_of(text, assault, arrest, call) == [{"killed": "5"}, {"detained": "20"}, {}]


def test_the_word_itself_and_the_sentence_decide() -> None:
    text = "أسفرت غارة عن مقتل تسعة مدنيين. وفي تفجير آخر أصيب أربعة حراس."
    assert tolls_of(text, event(text, "غارة"), event(text, "تفجير")) == [{"killed": "9"}, {"injured": "4"}]


def test_of_two_joined_events_the_first() -> None:
    text = "قالت المصادر إن المعارك والغارات أسفرت عن مقتل 30 مسلحا."
    assert tolls_of(text, event(text, "المعارك"), event(text, "والغارات")) == [{"killed": "30"}, {}]


def test_release_and_abduction() -> None:
    text = "أطلق الخاطفون سراح سبع رهائن بعد خطف 11 عاملا."
    release, abduction = event(text, "سراح", "RETREAT", "release"), event(text, "خطف", "ASSAULT", "abduct")
    assert tolls_of(text, release, abduction) == [{"released": "7"}, {"abducted": "11"}]


def test_a_dual_among_several_recipients() -> None:
    text = "سلم المتمردون بحارين صوماليين إلى الحكومة."
    words = ("بحارين صوماليين", "الحكومة")
    mentions = tuple(Mention(text=w, start=text.index(w), end=text.index(w) + len(w)) for w in words)
    assert tolls_of(text, event(text, "سلم", "RETREAT", "release", recipients=mentions)) == [{"released": "2"}]


def test_a_named_victim_that_was_hurt() -> None:
    text = "قالت المصادر إن القاضي سالم الحداد أصيب بانفجار لغم."
    victim = "القاضي سالم الحداد"
    mention = Mention(text=victim, start=text.index(victim), end=text.index(victim) + len(victim))
    assert tolls_of(text, event(text, "بانفجار", mode="explosives", recipients=(mention,))) == [{"injured": "1"}]


def test_of_two_attacks_the_one_that_the_coder_thinks_bloody() -> None:
    text = "جاء القصف بعد تفجير أسفر عن مقتل تسعة مدنيين."
    shelling = event(text, "القصف", cells={"time": 0.5, "toll:killed": 0.9})
    bombing = event(text, "تفجير", cells={"time": 0.5})
    assert tolls_of(text, shelling, bombing) == [{"killed": "9"}, {}]


def test_one_named_victim() -> None:
    text = "أعلنت الشرطة اغتيال القاضي سالم الحداد في عدن."
    victim = "القاضي سالم الحداد"
    start = text.index(victim)
    mention = Mention(text=victim, start=start, end=start + len(victim))
    assert tolls_of(text, event(text, "اغتيال", mode="targeted", recipients=(mention,))) == [{"killed": "1"}]


def test_what_did_not_happen_has_no_toll() -> None:
    text = "حذر من مقتل آلاف المدنيين في الهجوم."
    assert tolls_of(text, event(text, "الهجوم", status="possible")) == [{}]


@given(st.text(alphabet="قتل 12وثلاثةجنديإصابهم.،", max_size=50))
def test_any_text_is_read(text: str) -> None:
    for toll in read_tolls(text):
        assert toll.category in TOLLS
        assert 0 <= toll.start < toll.end <= len(text)


@pytest.mark.parametrize(("chance", "toll"), [(0.9, {"killed": "1"}), (0.5, {})])
def test_a_coder_that_is_sure_of_a_victim_whom_the_words_do_not_count(chance: float, toll: dict[str, str]) -> None:
    text = "شكره على موقفه بعد اغتيال والده."
    assert tolls_of(text, event(text, "اغتيال", cells={"toll:killed": chance})) == [toll]


def test_several_victims_whom_nobody_counts_are_not_one() -> None:
    text = "شكره على موقفه بعد إحراق مدنيين."
    victims = Mention(text="مدنيين", start=text.index("مدنيين"), end=text.index("مدنيين") + 6)
    assert tolls_of(text, event(text, "إحراق", cells={"toll:killed": 0.9}, recipients=(victims,))) == [{}]


@pytest.mark.parametrize(("cells", "toll"), [({"mode": 0.9}, {}), ({"toll:killed": 0.4}, {"killed": "1"})])
def test_one_victim_that_the_coder_thinks_unlikely(cells: dict[str, float], toll: dict[str, str]) -> None:
    text = "جاءت الحرب بعد مقتل جندي."
    assert tolls_of(text, event(text, "الحرب", cells=cells)) == [toll]


def test_a_number_in_brackets_after_the_victims() -> None:
    text = "اتهمهم باحتجاز صيادين جنوبيين (12 صيادا) في الميناء."
    victims = "صيادين جنوبيين"
    mention = Mention(text=victims, start=text.index(victims), end=text.index(victims) + len(victims))
    assert tolls_of(text, event(text, "باحتجاز", "COERCE", "arrest", recipients=(mention,))) == [{"detained": "12"}]


def test_these_three() -> None:
    text = "وقال الضابط إنه تم اعتقال هؤلاء الثلاثة فجرا."
    victims = "هؤلاء الثلاثة"
    mention = Mention(text=victims, start=text.index(victims), end=text.index(victims) + len(victims))
    assert tolls_of(text, event(text, "اعتقال", "COERCE", "arrest", recipients=(mention,))) == [{"detained": "3"}]


def of(text: str, words: str) -> Mention:
    return Mention(text=words, start=text.index(words), end=text.index(words) + len(words))


@pytest.mark.parametrize(
    ("text", "trigger", "victim", "toll"),
    [
        ("اتهموا الحزب بقتل القاضي سالم الحداد.", "بقتل", "القاضي سالم الحداد", {"killed": "1"}),
        ("القاضي سالم الحداد الذي اغتاله مسلح قبل عامين.", "اغتاله", "القاضي سالم الحداد", {"killed": "1"}),
        ("قائد الكتيبة التي تحرس السد شمالي البلدة قتل في كمين.", "كمين", "قائد الكتيبة", {"killed": "1"}),
        ("رجم رجل حتى الموت في البلدة.", "رجم", "رجل", {"killed": "1"}),
        ("ضربوا السائق حتى الموت.", "ضربوا", "السائق", {"killed": "1"}),
        ("قالت الشرطة إن حارسي المتجر قتلا أمس.", "قتلا", "حارسي المتجر", {"killed": "2"}),
        ("تحدثوا عن قتل هؤلاء.", "قتل", "هؤلاء", {}),
        ("تحدثوا عن قتل مهربي الوقود.", "قتل", "مهربي الوقود", {}),
        ("كانت الغارة قتلت أطفالا.", "قتلت", "أطفالا", {}),
    ],
)
def test_one_victim_or_several(text: str, trigger: str, victim: str, toll: dict[str, str]) -> None:
    assert tolls_of(text, event(text, trigger, recipients=(of(text, victim),))) == [toll]


def test_the_dead_of_a_riot() -> None:
    text = "قتل أربعة متظاهرين في مواجهات مع الشرطة."
    riot = event(text, "مواجهات", "PROTEST", "riot")
    assert tolls_of(text, riot) == [{"killed": "4"}]
    assert tolls_of(text, event(text, "قتل"), riot) == [{"killed": "4"}, {}]
