"""The trained coder: the same bytes whatever stands beside an article, offsets that point at words, odd input."""

import random
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pytest

from khabar.codebook import TYPES
from khabar.coding import has_model, load_coder
from khabar.coding.decode import bounds
from khabar.coding.neural import grouped
from khabar.coding.windows import windows
from khabar.records import Article, encode

pytestmark = pytest.mark.skipif(not has_model(), reason="the trained model is not in this checkout")

TEXTS = [
    (
        "وزير الخارجية المصري يدعو إثيوبيا إلى استئناف المحادثات",
        "دعا وزير الخارجية المصري، الاثنين، إثيوبيا إلى استئناف المحادثات حول السد برعاية الاتحاد الأفريقي.",
        "ورفضت أديس أبابا في وقت سابق أي شروط مسبقة، وقال متحدث باسم خارجيتها إن بلاده مستعدة للحوار.",
    ),
    (
        "قتلى في قصف على سوق شعبية شمالي المدينة",
        "قتل خمسة مدنيين وأصيب نحو عشرين آخرين في قصف مدفعي استهدف سوقا شعبية شمالي المدينة فجر الخميس، بحسب مصدر طبي.",
        "واتهم الجيش جماعة مسلحة بتنفيذ الهجوم، لكن الجماعة نفت مسؤوليتها عنه.",
    ),
    ("اجتماع ثلاثي في عمان", "عقد وزراء خارجية الأردن ومصر والعراق اجتماعا في عمان يوم الأحد لبحث التعاون الأمني."),
    ("", "تظاهر مئات العمال أمام مقر الحكومة احتجاجا على تأخر رواتبهم، فيما أطلقت الشرطة الغاز لتفريقهم."),
    ("نشرة الطقس", "درجات الحرارة تميل إلى الارتفاع اليوم في معظم المناطق."),
]


def articles(count=40):
    return [
        Article(id=f"a{i}", date="2024-05-16", paragraphs=TEXTS[i % len(TEXTS)] + TEXTS[(i * 7 + 3) % len(TEXTS)][1:])
        for i in range(count)
    ]


def code(batch):
    return [encode(draft) for draft in load_coder("neural").code_batch(batch)]


@pytest.fixture(scope="module")
def coder():
    return load_coder("neural")


@pytest.fixture(scope="module")
def alone(coder):
    return {a.id: encode(coder.code_batch([a])[0]) for a in articles()}


@pytest.mark.parametrize("size", [8, 32])
@pytest.mark.parametrize("shuffled", [False, True])
def test_same_bytes_whatever_the_batch(coder, alone, size, shuffled):
    batch = articles()
    if shuffled:
        random.Random(size).shuffle(batch)
    for first in range(0, len(batch), size):
        part = batch[first : first + size]
        assert [encode(d) for d in coder.code_batch(part)] == [alone[a.id] for a in part]


def test_same_bytes_in_another_process(alone):
    batch = articles(10)
    with ProcessPoolExecutor(2) as pool:
        for part, coded in zip([batch[:5], batch[5:]], pool.map(code, [batch[:5], batch[5:]]), strict=True):
            assert coded == [alone[a.id] for a in part]


def test_triggers_of_short_paragraphs_are_read_apart_from_those_of_long_ones():
    assert grouped([30]) == [[0]]
    assert grouped([30, 31, 29]) == [[1, 0, 2]]  # a call more costs more than three words
    assert [sorted(group) for group in grouped([10, 200, 12, 190, 11])] == [[1, 3], [0, 2, 4]]


def test_what_is_read_of_a_trigger_stays_with_it(coder):
    texts = ["", "دعا الوزير المصري إيران إلى وقف القصف", "واتهم الجيش " + "في بيان طويل جدا " * 30 + "جماعة مسلحة"]
    (window,) = windows(texts, coder.tokenize)
    reading = coder.backend.read(window)
    firsts = [next(n for n, w in enumerate(window.words) if w.paragraph == p and w.start == 0) for p in (1, 2)]
    start, length = np.array([bounds(window.words, n) for n in firsts]).T
    asked = np.array(firsts), np.array([TYPES.index("REQUEST"), TYPES.index("ACCUSE")]), start, length
    assert len(grouped(length.tolist())) == 2
    both = coder.backend.arguments(reading, *asked)
    for n in (0, 1):
        (alone,) = (coder.backend.arguments(reading, *(one[n : n + 1] for one in asked)),)
        for several, single in zip(both, alone, strict=True):
            some = several[n][: length[n]] if several is both.roles else several[n]
            assert some == pytest.approx(single[0], abs=1e-4)


def test_request_is_found_with_its_parties(coder):
    draft = coder.code_batch(articles(1))[0]
    request = next(e for e in draft.events if e.paragraph == 1 and e.type == "REQUEST")
    text = articles(1)[0].paragraphs[1]
    assert request.trigger.text == "دعا"
    assert any("الخارجية المصري" in (m.text or "") for m in request.actors)
    assert any(m.text == "إثيوبيا" for m in request.recipients)
    for cell in (request.trigger, *request.actors, *request.recipients):
        assert text[cell.start : cell.end] == cell.text


def test_weather_is_no_event(coder):
    assert coder.code_batch([Article(id="w", paragraphs=TEXTS[4])])[0].events == ()


def test_reasons_and_near_misses_where_asked_for(coder):
    plain, why = coder.code_batch(articles(1))[0], coder.code_batch(articles(1), why=True)[0]
    assert all(e.why == () for e in plain.events)
    assert plain.near == ()
    assert all(e.why for e in why.events)
    assert [e.trigger for e in plain.events] == [e.trigger for e in why.events]


@pytest.mark.parametrize(
    "paragraphs",
    [
        ("", "قصف الجيش المدينة " * 1700),
        ("عنوان", *(["التقى الوزير نظيره."] * 2000)),
        ("", "no Arabic at all", "12345"),
        ("#هاشتاغ #آخر", "#وسم #وسم"),
        ("\x00\x01", "قصف\x07 \u202eالجيش\u202c المدينة"),
        ("", ""),
        ("",),
    ],
)
def test_odd_articles_are_coded_or_left_empty_with_right_offsets(coder, paragraphs):
    draft = coder.code_batch([Article(id="x", paragraphs=paragraphs)])[0]
    for event in draft.events:
        text = paragraphs[event.paragraph]
        for cell in (event.trigger, *event.actors, *event.recipients, *event.speaker, event.place, event.time):
            if cell is not None and cell.start is not None:
                assert text[cell.start : cell.end] == cell.text


def test_confidences_are_probabilities(coder):
    for draft in coder.code_batch(articles(5)):
        for event in draft.events:
            assert 0 <= event.confidence <= 1
            assert all(0 <= p <= 1 for p in event.cells.values())
