"""Places from public fault reports of this field (their numbers are R124 to R133), each with siblings of its kind."""

from __future__ import annotations

import pytest

from khabar.resolve.place_finder import find_countries, find_places


@pytest.mark.parametrize(
    ("text", "places"),
    [
        # R124: the city is not the state
        ("وصل الوفد إلى مراكش في المغرب", [("مراكش", "city", "MAR"), ("المغرب", "country", "MAR")]),
        ("غادر الوزير الجزائر العاصمة إلى وهران", [("الجزائر العاصمة", "city", "DZA"), ("وهران", "city", "DZA")]),
        # R125: sunset and prayer
        ("اجتمع الأهالي بعد صلاة المغرب", []),
        ("أفطر الصائمون عند أذان المغرب", []),
        ("وقبيل المغرب عاد الهدوء إلى الشارع", []),
        ("زار المغرب أمس", [("المغرب", "country", "MAR")]),
        # R126: a grenade is no Grenada
        ("انفجرت قنبلة يدوية قرب السوق", []),
        ("ألقى مجهول قنبلة على دورية", []),
        ("غزت القوات الأمريكية غرينادا", [("غرينادا", "country", "GRD")]),
        # R127: the moon
        ("هبطت المركبة على سطح القمر", []),
        ("يظهر القمر بدرا الليلة", []),
        ("عاصمة جزر القمر", [("جزر القمر", "country", "COM")]),
        # other words that are names as well
        ("استقبلت قطر وفدا", [("قطر", "country", "QAT")]),
        ("نصف قطر الدائرة", []),
        ("خسر النادي الدعم المالي", []),
        ("فاز البنين والبنات", []),
        ("كتبت صحيفة واشنطن بوست", []),
        ("يقع على نهر الأردن", [("نهر الأردن", "river", "INT")]),
    ],
)
def test_places(text: str, places: list[tuple[str, str, str]]) -> None:
    assert [(p.text, p.kind, p.country) for p in find_places(text)] == places


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("وفد من جزر القمر يزور دولة الإمارات العربية المتحدة", ["COM", "ARE"]),  # R128
        ("استقبلت المملكة العربية السعودية رئيس جنوب السودان", ["SAU", "SSD"]),
        ("التقى السفير المصري القوات العراقية", ["EGY", "IRQ"]),  # R131
        ("اتهمت المعارضة السورية الطيران الروسي والإيرانيين", ["SYR", "RUS", "IRN"]),
        ("أسعار الشركات الأوروبية ترتفع", []),  # R132
        ("القمة الأفريقية والشركات الآسيوية", []),
    ],
)
def test_countries(text: str, countries: list[str]) -> None:
    assert find_countries(text) == countries


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("أعلنت الحكومة الليبية في طرابلس حظر التجول", "LBY"),  # R130
        ("انتشر الجيش اللبناني في طرابلس", "LBN"),
        ("عاد الهدوء إلى طرابلس شمال لبنان", "LBN"),
        ("قصفت القوات اليمنية مواقع في مدينة البيضاء", "YEM"),
    ],
)
def test_a_nationality_decides_between_namesakes(text: str, country: str) -> None:
    cities = [p for p in find_places(text) if p.text in ("طرابلس", "البيضاء")]
    assert [p.country for p in cities] == [country]


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [("بنغازي", "Benghazi", "LBY"), ("وفي القاهرة", "Cairo", "EGY"), ("إلى دير الزور", "Deir ez-Zor", "SYR")],
)
def test_usual_latin_names(text: str, name: str, country: str) -> None:  # R133
    found = find_places(text)
    assert [p.country for p in found] == [country]
    assert found[0].name.startswith(name)
