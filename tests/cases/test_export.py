"""Cases of topic `export` made after public fault reports in this field, and others of their kind."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from khabar.archive.rows import Row
from khabar.export import export, read_csv
from khabar.show import slug


def row(**cells: Any) -> Row:
    base: dict[str, Any] = {"event_id": "e", "article_id": "a", "type": "CONSULT", "status": "actual", "trigger": "خبر",
                            "trigger_start": 0, "trigger_end": 3, "paragraph": 0, "text": "خبر"}  # fmt: skip
    return Row(**base | cells)


def written(format_: str, *rows: Row, **options: Any) -> bytes:
    out = io.BytesIO()
    export(rows, format_, out, **options)
    return out.getvalue()


HEADERS = [
    (b"\xef\xbb\xbf\xd8\xa7\xd9\x84\xd8\xb9\xd9\x86\xd9\x88\xd8\xa7\xd9\x86,\xd8\xa7\xd9\x84\xd8\xaa\xd8\xa7\xd8\xb1"
     b"\xd9\x8a\xd8\xae\n\xd8\xae\xd8\xa8\xd8\xb1,2022-04-06\n", ["العنوان", "التاريخ"]),  # R158
    ("العنوان,التاريخ\nخبر,2022\n".encode(), ["العنوان", "التاريخ"]),
    ("\ufeff\"العنوان\"\r\nخبر\r\n".encode(), ["العنوان"]),
]  # fmt: skip


@pytest.mark.parametrize(("data", "names"), HEADERS)
def test_csv_read_header(tmp_path: Path, data: bytes, names: list[str]) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    assert list(next(read_csv(path))) == names


@pytest.mark.parametrize(
    "cell",
    ["قال: \"نعم\", ثم غادر", "سطر أول\nسطر ثان", "١٬٠٠٠",  # R159
     "سطر\r\nسطر", "\"", ",", "،؛", " مسافة ", "'نقل'", "a;b", "ـــ", "‏عربي‎ LTR"],
)  # fmt: skip
def test_csv_roundtrip(tmp_path: Path, cell: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(written("csv", row(title=cell, text=cell, outlet=cell)))
    (back,) = read_csv(path)
    assert (back["title"], back["text"], back["outlet"]) == (cell, cell, cell)
    (plain,) = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")) if "\r" not in cell else [back]
    assert plain["title"] == cell


@pytest.mark.parametrize("text", ["خبر", "إيران", "گزارش", "🕊 سلام", "«»"])  # R160: خبر
@pytest.mark.parametrize("format_", ["jsonl", "geojson"])
def test_json_write(format_: str, text: str) -> None:
    from khabar.archive.rows import PlaceCell

    data = written(format_, row(title=text, place=PlaceCell(latitude=1.0, longitude=2.0))).decode()
    assert text in data
    assert "\\u" not in data
    json.loads(data)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("عودة العمال إلى المصنع", "عودة-العمال-إلى-المصنع"),  # R161
        ("آثار عُمان وعلماء أربيل", "آثار-عمان-وعلماء-أربيل"),
        ("«قصف» على القرية… 3 قتلى!", "قصف-على-القرية-3-قتلى"),
        ("../../etc/passwd", "etc-passwd"),
        ("  ", "khabar"),
        ("US and إيران", "US-and-إيران"),
        ("مؤتمر\u200f الرياض\u202e", "مؤتمر-الرياض"),
    ],
)
def test_slug(text: str, name: str) -> None:
    assert slug(text) == name


def test_slug_fits_a_file_name() -> None:
    name = slug("كلمة " * 100)
    assert len(name.encode()) <= 200
    assert not name.endswith("-")


def test_xlsx_write() -> None:  # R163
    book = openpyxl.load_workbook(io.BytesIO(written("xlsx", row(title="خبر"))))
    assert all(sheet.sheet_view.rightToLeft for sheet in book.worksheets)
