"""Reading of files, folders, streams and bad inputs."""

from __future__ import annotations

import gzip
import io
import json
import pickle
import random
import time
from pathlib import Path

import pytest

from khabar.pages import Fault, article_id, read
from khabar.pages.sources import MAX_BYTES, files_of
from khabar.records import Article

TITLE = "وصول قافلة مساعدات طبية إلى الأبيض"
A = "أعلنت وزارة الصحة في الخرطوم، الأحد، وصول قافلة مساعدات طبية إلى مدينة الأبيض بعد توقف دام شهرين."
B = "وقال وزير الصحة إن القافلة تضم أدوية ومحاليل وريدية تكفي نحو عشرة آلاف مريض لمدة ثلاثة أشهر."
HTML = f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><p>{A}</p><p>{B}</p></body></html>"
TEXT = f"{TITLE}\n\n{A}\n\n{B}\n"


def one(path: Path) -> Article:
    (item,) = read(path)
    assert isinstance(item, Article), item
    return item


def fault(path: Path) -> Fault:
    (item,) = read(path)
    assert isinstance(item, Fault)
    return item


def put(path: Path, data: bytes | str) -> Path:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.html", HTML.encode()),
        ("a.txt", TEXT.encode()),
        ("a", HTML.encode("cp1256")),
        ("a.txt", TEXT.encode("iso-8859-6")),
        ("a.html.gz", gzip.compress(HTML.encode())),
        ("a.txt.gz", gzip.compress(TEXT.encode("utf-16"))),
        ("a.jsonl", json.dumps({"html": HTML}).encode()),
        ("a.json", json.dumps({"text": TEXT}, indent=1, ensure_ascii=False).encode()),
        ("a.ndjson.gz", gzip.compress(json.dumps({"title": TITLE, "text": f"{A}\n{B}"}).encode())),
        ("a.jsonl", json.dumps({"paragraphs": [TITLE, A, B]}).encode()),
        ("a.jsonl", json.dumps({"title": TITLE, "paragraphs": [A, B]}).encode()),
        ("a.jsonl", b"\xef\xbb\xbf" + json.dumps({"title": TITLE, "body": [A, B]}).encode()),
    ],
)
def test_forms(tmp_path: Path, name: str, data: bytes) -> None:
    path = put(tmp_path / name, data)
    assert one(path).paragraphs == (TITLE, A, B)
    (streamed,) = read(io.BytesIO(data))
    assert isinstance(streamed, Article)
    assert streamed.paragraphs == (TITLE, A, B)


def test_folder_of_any_mix_in_order(tmp_path: Path) -> None:
    put(tmp_path / "1.html", HTML)
    (tmp_path / "2").mkdir()
    put(tmp_path / "2" / "b.txt", TEXT)
    put(tmp_path / "2" / "style.css", "p { }")
    put(tmp_path / "3.jsonl", "\n".join(json.dumps({"text": TEXT, "id": f"n{n}"}) for n in range(3)))
    put(tmp_path / ".hidden", TEXT)
    items = list(read(tmp_path))
    assert all(isinstance(item, Article) for item in items)
    names = [Path(str(item.source)).name for item in items if isinstance(item, Article)]
    assert names == ["1.html", "b.txt", "3.jsonl:1", "3.jsonl:2", "3.jsonl:3"]


def test_what_the_page_does_not_say(tmp_path: Path) -> None:
    path = put(tmp_path / "a.txt", TEXT)
    assert one(path).date is None
    (item,) = read(path, date="2024-05-05", outlet="النيل", url="https://E.example/a?utm_source=x")
    assert isinstance(item, Article)
    assert (item.date, item.date_evidence, item.date_precision) == ("2024-05-05", "given", "day")
    assert (item.outlet, item.url) == ("النيل", "https://e.example/a")
    assert item.id == article_id("https://e.example/a", item.paragraphs)


def test_given_paragraphs_stay_letter_by_letter(tmp_path: Path) -> None:
    odd = ["عنوان\u200f الخبر ", "وقال  الوزيرُ: ﻻ تعليق\u00a0على ذلك في المدينة.", "اقرأ أيضا"]
    record = {"id": 7, "paragraphs": odd, "date": "2020-01-02", "agency": "واس", "unknown": [1],
              "dropped": [{"line": "x", "reason": "menu"}]}  # fmt: skip
    article = one(put(tmp_path / "a.jsonl", json.dumps(record)))
    assert article.paragraphs == tuple(odd)
    assert (article.id, article.date, article.agency, len(article.dropped)) == ("7", "2020-01-02", "واس", 1)


def test_bad_line_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    good = json.dumps({"text": TEXT})
    lines = [
        good,
        "{bad",
        "[1]",
        '{"x": 1}',
        '{"html": 5}',
        "",
        '{"text": ' + "[" * 100_000,
        '{"paragraphs": ["a", 1]}',
        good,
    ]
    path = put(tmp_path / "a.jsonl", "\n".join(lines))
    items = list(read(path))
    assert [item.line if isinstance(item, Fault) else 0 for item in items] == [0, 2, 3, 4, 5, 7, 8, 0]
    assert str(items[1]).startswith(f"{path}:2: ")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"\x89PNG\r\n\x1a\n" + random.Random(1).randbytes(500), "binary"),
        (random.Random(2).randbytes(3000), "binary"),
        (b"%PDF-1.7\n", "binary"),
        (b"\x1f\x8b\x08\x00damaged", "gz"),
        (gzip.compress(TEXT.encode())[:-9], "gz"),
        (b"<html><body></body></html>", "no text"),
        ("<p>رئیس جمهور ایران گفت که این توافق برای منطقه مهم است و باید اجرا شود.</p>".encode(), "Persian"),
        ("وزیر اعظم نے کہا ہے کہ ملک میں امن کی صورتحال بہتر ہے اور حکومت کام کر رہی ہے۔".encode(), "Urdu"),
        ("سەرۆکی هەرێم لەگەڵ وەزیری دەرەوە کۆبووەوە و باسیان لە دۆخی ناوچەکە کرد.".encode(), "Sorani"),
        ("د افغانستان د بهرنیو چارو وزارت وایي چې دوی به له ګاونډیو هېوادونو سره خبرې وکړي.".encode(), "Pashto"),
        ("ھۆكۈمەت بۇ يىل يېڭى پىلان ئېلان قىلدى ۋە خەلق بىلەن سۆھبەت ئۆتكۈزدى.".encode(), "Uyghur"),
        (b"The ministry announced a new plan on Sunday.", "not Arabic"),
        (b"x" * (MAX_BYTES + 1), "limit"),
        (gzip.compress(b"x" * (MAX_BYTES + 1), 1), "limit"),
    ],
)
def test_bad_input(tmp_path: Path, data: bytes, words: str) -> None:
    found = fault(put(tmp_path / "a.html", data))
    assert words in found.message
    assert "a.html" in str(found)


def test_missing_file(tmp_path: Path) -> None:
    assert "no such file" in fault(tmp_path / "nothing").message
    assert "no pages" in fault(tmp_path).message


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 100_000 + f"<p>{A}</p>",
        "<b>" * 50_000 + A,
        f"<p>{A}</p>" + ("<div>" * 200 + "<p>x</p>" + "</div>" * 200) * 20,
        f'<div class="{"related " * 50_000}"><p>{A}</p></div>',
        f"<p>{A}</p>" + "<p>قال.</p>" * 5_000,
        "<p>x</p>" * 160_000,
    ],
)
def test_html_bombs_end_soon(tmp_path: Path, body: str) -> None:
    start = time.perf_counter()
    assert len(list(read(put(tmp_path / "a.html", f"<html><body>{body}</body></html>")))) == 1
    assert time.perf_counter() - start < 20


def test_broken_utf8_is_read_and_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    article = one(put(tmp_path / "a.txt", TEXT.encode() + b"\xd9\x88 \xff\xfe \xd9\x88."))
    assert article.paragraphs[1:3] == (A, B)
    assert "2 bytes" in caplog.text


def test_same_page_twice_and_pickle(tmp_path: Path) -> None:
    put(tmp_path / "a.html", HTML)
    put(tmp_path / "b.html", HTML)
    items = list(read(tmp_path))
    assert [item.paragraphs for item in items if isinstance(item, Article)] == [(TITLE, A, B)] * 2  # no memory of pages
    assert pickle.loads(pickle.dumps(items)) == items


def test_template_lines_of_an_outlet(tmp_path: Path) -> None:
    texts = [f"{TITLE} {n}\n{A} {n}.\nخدمة الأخبار في جيبك أينما كنت طوال اليوم.\n{B}\n" for n in range(4)]
    path = put(tmp_path / "a.jsonl", "\n".join(json.dumps({"text": text, "outlet": "النيل"}) for text in texts))
    for item in read(path):
        assert isinstance(item, Article)
        assert not any("في جيبك" in text for text in item.paragraphs)


def test_one_line_and_no_title(tmp_path: Path) -> None:
    assert one(put(tmp_path / "a.txt", f"{A} {B}")).paragraphs == ("", f"{A} {B}")


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a"])
def test_json_nested_too_deep_is_named_and_the_rest_is_read(tmp_path: Path, name: str) -> None:
    put(tmp_path / "0.html", HTML)
    put(tmp_path / name, '{"a":' * 5000 + "1" + "}" * 5000 + "\n")
    put(tmp_path / "b.json", '{"a":\n' + "[" * 100_000)
    put(tmp_path / "z.html", HTML)
    first, deep, open_list, last = read(tmp_path)
    assert isinstance(first, Article)
    assert isinstance(deep, Fault)
    assert "nested too deep" in deep.message
    assert isinstance(open_list, Fault)
    assert isinstance(last, Article)


def test_json_that_is_no_line_of_one_article_is_not_read_as_text(tmp_path: Path) -> None:
    listed = json.dumps([{"text": TEXT}, {"text": TEXT}], ensure_ascii=False, indent=1)
    assert "one article a line" in fault(put(tmp_path / "list.json", listed)).message
    cut = json.dumps({"title": TITLE, "text": TEXT}, ensure_ascii=False, indent=1)[:-20]
    assert fault(put(tmp_path / "cut.json", cut)).message.startswith("no JSON")


@pytest.mark.parametrize(
    ("given", "day"),
    [
        ("1445-09-02", "2024-03-12"),
        ("1445/9/2", "2024-03-12"),
        ("2 رمضان 1445 هـ", "2024-03-12"),
        ("١٢/٣/٢٠٢٤", "2024-03-12"),
        ("2024-13-45", None),
        ("9999999999", None),
        ("أمس", None),
    ],
)
def test_a_given_date_is_read_or_told(
    tmp_path: Path, given: str, day: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    line = json.dumps({"paragraphs": [TITLE, A], "date": given}, ensure_ascii=False)
    assert one(put(tmp_path / "a.jsonl", line)).date == day
    assert [r.getMessage().startswith(f"{tmp_path / 'a.jsonl'}:1: date ") for r in caplog.records] == [True] * (not day)


def test_only_what_is_hidden_below_the_named_folder_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("news/a.txt", "news/sub/b.txt", "news/.git/objects/ab/cd/c.txt", "news/.hidden.txt", ".cache/x/d.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        put(path, TEXT)
    (tmp_path / "beside").mkdir()
    monkeypatch.chdir(tmp_path / "beside")
    assert [p.name for p in files_of(Path("../news"))] == ["a.txt", "b.txt"]
    assert [p.name for p in files_of(tmp_path / ".cache" / "x")] == ["d.txt"]
    assert len(list(read("../news"))) == 2
