"""Copies: the same article in another spelling or with small changes, and texts that are no copies."""

import datetime

import pytest

from khabar.records import Article
from khabar.stories import copies
from khabar.stories.links import FEATURES, Likeness, compare, features, label
from khabar.stories.profiles import asks, days_named, profile, signature

FIRST = (
    "وزير النقل يفتتح خط القطار الجديد في صفاقس",
    "افتتح وزير النقل صباح الأربعاء خطا جديدا للقطارات يربط الميناء بالمنطقة الصناعية في صفاقس، وقال إنه سيعمل يوميا.",
    "وحضر الافتتاح والي المدينة وعدد من النواب، وأعلن الوزير أن كلفة المشروع بلغت 40 مليون دينار.",
)
OTHER = (
    "نقابة العمال تدعو إلى إضراب في الموانئ",
    "دعت نقابة العمال إلى توظيف أبناء المنطقة أولا، مؤكدة أن المفاوضات مع الشركة ستتواصل خلال الأسبوع المقبل.",
)


def article(id_: str, paragraphs: tuple[str, ...]) -> Article:
    return Article(id=id_, paragraphs=paragraphs, date="2020-05-06")


def test_spelling_makes_no_other_article() -> None:
    assert copies.same_article(
        "أعلـن المجلسُ البلدى فى القاهره نتائج الإنتخابات", "أعلن المجلس البلدي في القاهرة نتائج الانتخابات"
    )


def test_arabic_texts_are_not_all_alike() -> None:
    assert not copies.same_article(" ".join(FIRST), " ".join(OTHER))


def test_empty_texts_are_no_copies() -> None:
    assert not copies.same_article("", "")
    assert copies.find([article("a", ("",)), article("b", ("",))]) == []


def test_find_meets_the_changed_copy_and_no_other() -> None:
    changed = (FIRST[0], "وكالات - " + FIRST[1], FIRST[2].replace("40", "42"))
    found = copies.find([article("a", FIRST), article("b", OTHER), article("c", changed)])
    assert [{copy.a, copy.b} for copy in found] == [{"a", "c"}]


def test_signatures_estimate_the_share_of_common_shingles() -> None:
    a, b = frozenset(range(0, 3000 * 7919, 7919)), frozenset(range(1000 * 7919, 4000 * 7919, 7919))
    estimate = float((signature(a) == signature(b)).mean())
    assert abs(estimate - 0.5) < 0.15  # Jaccard 2000 / 4000; three standard errors


def test_likeness_is_symmetric_and_orders() -> None:
    a, b, c = (profile(article(id_, text)) for id_, text in (("a", FIRST), ("b", OTHER), ("c", FIRST)))
    assert features(a, b) == features(b, a)
    assert compare(a, c).same > compare(a, b).same
    assert compare(a, c).copy
    assert not compare(a, b).copy


def test_days_that_a_lead_names() -> None:
    friday = datetime.date(2020, 5, 8).toordinal()
    named = days_named("قال الوزير، الخميس، إن الاجتماع عقد يوم الأربعاء، وأضاف اليوم", friday)
    assert named == {friday - 1, friday - 2, friday}
    assert days_named("أعلن الجمعة", friday) == {friday}
    assert days_named("أعلن والسبت", friday) == {friday - 6}
    assert days_named("أعلن الجمعة", None) == frozenset()


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("كيف ستبدو المدينة بعد عشر سنوات", True),
        ("رأي: المدينة التي نريد", True),
        ("صور من حفل الافتتاح", True),
        ("ماذا بعد الافتتاح؟", True),
        ("صورة جديدة للمدينة", False),
        ("محلل اقتصادي: الأسعار سترتفع", True),
        ("وزير النقل يفتتح خط القطار", False),
    ],
)
def test_titles_that_do_not_tell_the_news(title: str, expected: bool) -> None:
    assert asks(title) is expected


def test_a_short_report_is_told_by_a_long_one() -> None:
    short, long = (profile(article(id_, text)) for id_, text in (("a", FIRST[:2]), ("b", FIRST)))
    other = profile(article("c", OTHER))
    told = FEATURES.index("told")
    assert features(short, long)[told] == 1.0 == features(long, short)[told]
    assert features(short, other)[told] < 0.5


def test_labels_go_by_both_probabilities() -> None:
    assert label(Likeness(0.9, 0.95, False)) == "same"
    assert label(Likeness(0.2, 0.9, False)) == "thread"
    assert label(Likeness(0.1, 0.3, False)) == "different"
