"""The line labeller on plain lines and on paragraphs; all texts written for these tests."""

from __future__ import annotations

from khabar.pages import label_lines, not_body
from khabar.records import Article

TITLE = "وصول قافلة مساعدات طبية إلى الأبيض"
A = "أعلنت وزارة الصحة في الخرطوم، الأحد، وصول قافلة مساعدات طبية إلى مدينة الأبيض بعد توقف دام شهرين."
B = "وقال وزير الصحة إن القافلة تضم أدوية ومحاليل وريدية تكفي نحو عشرة آلاف مريض لمدة ثلاثة أشهر."
C = "وأضاف أن الوزارة تنسق مع المنظمات الدولية لإيصال دفعة ثانية خلال الأسبوع المقبل عبر الطريق نفسه."
D = "وكانت المدينة قد شهدت نقصا حادا في الأدوية منذ بداية العام بسبب انقطاع الطرق المؤدية إليها."
HEADLINES = ("مجلس الأمن يبحث الوضع في دارفور", "واشنطن تدعو إلى هدنة إنسانية عاجلة", "هل تنجح الوساطة هذه المرة؟")


def article(*paragraphs: str, outlet: str | None = None) -> Article:
    return Article(id="x", paragraphs=(TITLE, *paragraphs), outlet=outlet)


def marks(*paragraphs: str, outlet: str | None = None) -> dict[int, str]:
    return dict(not_body(article(*paragraphs, outlet=outlet)))


def test_plain_body_is_kept() -> None:
    assert marks(A, B, C, D) == {}


def test_headlines_after_a_cue_then_the_body_goes_on() -> None:
    found = marks(A, B, "اقرأ أيضا", *HEADLINES, C, D)
    assert sorted(found) == [3, 4, 5, 6]
    assert set(found.values()) == {"read_also"}


def test_headlines_without_a_cue() -> None:
    assert sorted(marks(A, B, *HEADLINES, C, D)) == [3, 4, 5]


def test_subheading_question_and_rule() -> None:
    assert marks(A, B, "مخاوف السكان", C, "ماذا بعد؟", D, "--------------") == {3: "heading", 5: "heading", 7: "rule"}


def test_promotion_source_and_signature_lines() -> None:
    found = marks(A, B, C, "المصدر: وكالات", "تابعونا على قناتنا في تلغرام", "// انتهى //", "10:37 ت م")
    assert found == {4: "source", 5: "promo", 6: "other", 7: "other"}


def test_name_and_place_above_the_lead() -> None:
    assert marks("ليلى حداد", "بي بي سي - بيروت", A, B, C) == {1: "byline", 2: "source"}


def test_sentence_without_final_mark_is_kept() -> None:
    assert marks(A, B.rstrip("."), C, D.rstrip(".")) == {}


def test_page_without_final_marks_is_kept() -> None:
    assert marks(A.rstrip("."), B.rstrip("."), C.rstrip("."), D.rstrip(".")) == {}


def test_list_after_a_colon_is_kept() -> None:
    assert marks(A, "وتشمل القافلة:", "أدوية القلب والسكري", "لقاحات الأطفال", B, C) == {}
    assert marks(A, "- الأمين العام للمنظمة", "- رئيس اللجنة الدولية", "- وزير الصحة", B, C) == {}


def test_interview_is_kept() -> None:
    questions = [f"*{ask}" for ask in ("كيف ترى الوضع؟", "وما البديل؟", "من المسؤول؟", "هل من أمل؟")]
    lines = [line for ask in questions for line in (ask, "- " + C)]
    assert marks(A, *lines) == {}


def test_signed_last_sentence_is_kept() -> None:
    assert marks(A, B, C + " (رويترز)") == {}


def test_blurbs_of_other_stories_at_the_end() -> None:
    blurbs = (
        "أعلن الرئيس الفرنسي، الاثنين، تعيين حكومة جديدة برئاسة وزير الاقتصاد السابق بعد أسابيع من المشاورات.",
        "قالت الشرطة البرازيلية إن أربعة أشخاص قتلوا في انهيار جسر غربي البلاد، الثلاثاء، وفقا لوسائل إعلام محلية.",
        "كشفت شركة يابانية عن هاتف جديد يعمل بالطاقة الشمسية خلال معرض التقنية في طوكيو، الأربعاء.",
    )
    lead = "الخرطوم، السودان (CNN) -- " + A
    assert marks(lead, B, C, D, *blurbs, outlet="CNN Arabic") == {5: "teaser", 6: "teaser", 7: "teaser"}
    assert marks(lead, B, C, D, outlet="CNN Arabic") == {}


def test_whole_page_of_text() -> None:
    lines = [
        f"{TITLE} - صحيفة النيل", "الرئيسية", "سياسة", "اقتصاد", "رياضة", "أسعار الذهب ترتفع", TITLE,
        "الأحد 5 مايو 2024",
        A, B, "شاهد أيضا", HEADLINES[0], C, D, "الكلمات الدلالية", "السودان", "الأبيض", "اترك تعليقا",
        "قواعد التعليق طويلة جدا وعلى كل قارئ أن يلتزم بها قبل أن يكتب تعليقه في هذا الموقع.",
        "جميع الحقوق محفوظة 2024",
    ]  # fmt: skip
    labels = label_lines(lines, title=TITLE, whole=True, above=7)
    assert [line for line, label in zip(lines, labels, strict=True) if label is None] == [A, B, C, D]
    assert labels[10] == labels[11] == "read_also"
    assert labels[14] == labels[15] == "tags"
    assert labels[-1] == "copyright"


def test_repeated_lines_of_a_template() -> None:
    assert label_lines([A, "خدمة الأخبار في جيبك", B, C], repeated={"خدمه الاخبار في جيبك"})[1] == "menu"


def test_empty() -> None:
    assert label_lines([]) == []
    assert not_body(Article(id="x", paragraphs=())) == ()
    assert marks("") == {1: "other"}


def test_outlet_that_ends_no_sentence_with_a_mark_keeps_its_body():
    lines = [
        "قتل سبعة مدنيين وأصيب نحو عشرين آخرين في قصف مدفعي استهدف سوقا شعبية شمالي المدينة صباح الخميس",
        "وقال مصدر طبي إن المستشفى استقبل عشرات الجرحى وناشد المنظمات تقديم مساعدات عاجلة",
        "واتهم الجيش الجماعة المسلحة باستهداف المدنيين عمدا",
        "أخبار ذات صلة",
        "تراجع أسعار الحبوب عالميا",
    ]
    labels = label_lines(lines, title="قتلى في قصف على سوق", whole=True)
    assert labels[:3] == [None, None, None]
    assert all(labels[3:])
