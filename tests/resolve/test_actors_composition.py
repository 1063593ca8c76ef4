"""Composition by the tables: written examples, each with the codes that its words alone give."""

from __future__ import annotations

import pytest

from khabar.records import Article
from khabar.resolve import load_tables
from khabar.resolve.context import read_context

PLAIN = Article(id="a", paragraphs=("",))
EXAMPLES = [
    ("قطر", "QAT"), ("باكو", "AZE"), ("موسكو", "RUS"), ("أذربيجان", "AZE"), ("الجيش السوري", "SYR.MIL"),
    ("الجيش الإسرائيلي", "ISR.MIL"), ("الحكومة العراقية", "IRQ.GOV"), ("وزارة الخارجية الروسية", "RUS.GOV"),
    ("وزير الخارجية الأذري", "AZE.GOV"), ("وزيرة الخارجية الألمانية", "DEU.GOV"), ("البرلمان الأوروبي", "IGO.EUR"),
    ("البرلمان الأوكراني", "UKR.LEG"), ("الشرطة التركية", "TUR.COP"), ("حركة حماس", "PSE.REB"),
    ("كتائب القسام", "PSE.REB"), ("حزب الله", "LBN.REB"), ("السلطة الفلسطينية", "PSE.GOV"), ("حركة فتح", "PSE.PTY"),
    ("الحوثيون", "YEM.REB"), ("جماعة الحوثي", "YEM.REB"), ("الأمم المتحدة", "IGO.UNO"), ("الاتحاد الأوروبي", "IGO.EUR"),
    ("الجامعة العربية", "IGO.ARL"), ("حلف شمال الأطلسي", "IGO.NAT"), ("محكمة مصرية", "EGY.JUD"),
    ("القضاء اللبناني", "LBN.JUD"), ("متظاهرون عراقيون", "IRQ.CVL"), ("المتحدث باسم وزارة الدفاع الروسية", "RUS.GOV"),
    ("المتحدث باسم الجيش الإسرائيلي", "ISR.MIL"), ("وزيرا خارجية قطر ومصر", "QAT.GOV+EGY.GOV"),
    ("وزيرا الخارجية القطري والمصري", "QAT.GOV+EGY.GOV"), ("إسرائيل وحماس", "ISR+PSE.REB"),
    ("واشنطن وطهران", "USA+IRN"),
    ("مساعدة وزيرة الخارجية الأمريكية لشؤون الشرق الأدنى", "USA.GOV"), ("السفير البريطاني", "GBR.GOV"),
    ("القوات المسلحة الأرمينية", "ARM.MIL"), ("الرئيس الفرنسي", "FRA.GOV"), ("رئيس الوزراء الباكستاني", "PAK.GOV"),
    ("الرئيس الأمريكي السابق", "USA.ELI"), ("رويترز", "GBR.JRN"), ("وكالة فرانس برس", "FRA.JRN"),
    ("لوكالة رويترز", "GBR.JRN"),
    ("البيت الأبيض", "USA.GOV"), ("الكرملين", "RUS.GOV"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "codes"), EXAMPLES)
def test_words_alone(text: str, codes: str) -> None:
    parts = read_context(PLAIN, load_tables()).parts(text)
    assert "+".join(part.code for part in parts) == codes
