"""Encodings from public fault reports of this field (R01 to R11), each with siblings of its kind."""

from __future__ import annotations

import pytest

from khabar.pages import decode, read_page
from khabar.records import Page

TITLE = "وزير النقل يفتتح خطا جديدا للقطارات"
LEAD = (
    "افتتح وزير النقل في مدينة صفاقس صباح الأربعاء خطا جديدا للقطارات يربط الميناء بالمنطقة الصناعية، "
    "وقال إن الخط سيعمل يوميا."
)
NEXT = "وأضاف الوزير أن كلفة المشروع بلغت مئة مليون دينار، وأن الأشغال استمرت ثلاث سنوات بسبب تأخر وصول المعدات."


def page(head: str = "") -> str:
    return (
        f'<!doctype html><html lang="ar"><head>{head}<title>{TITLE}</title></head>'
        f"<body><article><h1>{TITLE}</h1><p>{LEAD}</p><p>{NEXT}</p></article></body></html>"
    )


def paragraphs(data: bytes, declared: str | None = None) -> tuple[str, ...]:
    return read_page(Page(source="case", html=decode(data, declared).text)).paragraphs


# R01: nothing is declared, letter statistics tell; R04: the page declares wrongly
@pytest.mark.parametrize("codec", ["cp1256", "iso-8859-6", "mac_arabic"])
@pytest.mark.parametrize(
    "head", ["", '<meta charset="utf-8">', '<meta charset="iso-8859-1">', '<meta charset="x-wrong">']
)
def test_single_byte_page(codec: str, head: str) -> None:
    data = page(head).encode(codec)
    expected = {"cp1256": "windows-1256", "mac_arabic": "mac-arabic"}.get(codec, codec)
    assert decode(data).encoding == expected
    assert paragraphs(data) == (TITLE, LEAD, NEXT)


def test_declared_as_the_other_arabic_encoding() -> None:
    data = page('<meta charset="windows-1256">').encode("iso-8859-6")
    assert decode(data).encoding == "iso-8859-6"
    assert paragraphs(data)[0] == TITLE


@pytest.mark.parametrize("declared", [None, "text/html; charset=windows-1256", "TEXT/HTML; Charset=CP1256"])
def test_header_against_meta(declared: str | None) -> None:  # R04
    data = page('<meta charset="utf-8">').encode("cp1256")
    decoded = decode(data, declared)
    assert decoded.encoding == "windows-1256"
    assert decoded.evidence == ("declared" if declared else "letter statistics")


# R02: few letters beyond ASCII, valid UTF-8 wins over everything
@pytest.mark.parametrize("word", ["مغلق", "تم", "لا", "،"])
@pytest.mark.parametrize("declared", [None, "windows-1256", "iso-8859-1"])
def test_mostly_ascii(word: str, declared: str | None) -> None:
    decoded = decode(f"Ref: 2022/118\nStatus: closed\nNote: {word}\nOwner: desk 4\n".encode(), declared)
    assert decoded.encoding == "utf-8"
    assert f"Note: {word}" in decoded.text


# R03: too little text for statistics, the declaration is right
@pytest.mark.parametrize(
    ("codec", "name"),
    [("cp1256", "windows-1256"), ("iso-8859-6", "iso-8859-6"), ("cp1256", "cp1256"), ("iso-8859-6", "ASMO-708")],
)
def test_short_declared_page(codec: str, name: str) -> None:
    html = (
        f'<html lang="ar"><head><meta charset="{name}"><title>خبر</title></head><body><p>وصل الوفد.</p></body></html>'
    )
    assert paragraphs(html.encode(codec)) == ("خبر", "وصل الوفد.")


def test_utf8_without_declaration() -> None:  # R05
    decoded = decode(page().encode())
    assert (decoded.encoding, decoded.replaced, decoded.repaired) == ("utf-8", 0, 0)
    assert paragraphs(page().encode()) == (TITLE, LEAD, NEXT)


# R07: byte order marks
@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_byte_order_marks(codec: str) -> None:
    data = page('<meta content="text/html; charset=utf-8" http-equiv="Content-Type" />').encode(codec)
    decoded = decode(data)
    assert "\ufeff" not in decoded.text
    assert decoded.text.startswith("<!doctype")
    assert paragraphs(data)[0] == TITLE


def test_mark_in_front_of_a_mark() -> None:
    assert decode("\ufeff\ufeffخبر".encode()).text == "خبر"


# R11: one bad byte does not spoil the rest, and is counted
@pytest.mark.parametrize("bad", [b"\xff", b"\xd8", b"\xe2\x80"])
def test_bad_bytes_are_counted(bad: bytes) -> None:
    decoded = decode(
        page().encode().replace(NEXT.encode(), b"\xd8\xae\xd8\xa8\xd8\xb1 " + bad + b" \xd8\xab\xd8\xa7\xd9\x86.")
    )
    assert decoded.encoding == "utf-8"
    assert decoded.replaced == 1
    assert TITLE in decoded.text


def misread(text: str, codec: str) -> str:
    return "".join(bytes([b]).decode(codec, "replace").replace("\ufffd", chr(b)) for b in text.encode())


# UTF-8 that somebody read as another encoding before it came here
@pytest.mark.parametrize("wrong", [misread(LEAD, "cp1252"), misread(LEAD, "latin-1"), misread(LEAD, "cp1256"),
                                   LEAD.encode("cp1256").decode("latin-1")])  # fmt: skip
def test_mojibake_is_repaired(wrong: str) -> None:
    decoded = decode(f"{wrong}\nسطر سليم من النص.\n".encode())
    assert decoded.text == f"{LEAD}\nسطر سليم من النص.\n"
    assert decoded.repaired > 50


@pytest.mark.parametrize(
    "sound",
    [
        "Le président français a été élu à l'unanimité — déjà vu",
        LEAD,
        "طظ § سعر اليورو ٣ €",
        "Übergrößenträger",
        "ظ طظ",
    ],
)
def test_sound_text_is_left_alone(sound: str) -> None:
    decoded = decode(sound.encode())
    assert (decoded.text, decoded.repaired) == (sound, 0)
