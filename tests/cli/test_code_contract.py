"""`khabar code`: input order, one line each, nothing else on standard output; ids kept; nothing coded in not_body."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from khabar.codebook import MODES
from khabar.records import STATUSES
from sample_pages import article, article_lines

Program = Callable[..., Any]


def coded(output: bytes) -> list[dict[str, Any]]:
    assert output.endswith(b"\n")
    return [json.loads(line) for line in output.decode().splitlines()]


def test_standard_input_to_standard_output_in_order(khabar: Program) -> None:
    done = khabar("code", "-", stdin=article_lines(20))
    assert done.returncode == 0
    assert done.stderr == b""
    assert [one["id"] for one in coded(done.stdout)] == [f"a{n:04}" for n in range(20)]


def test_a_line_is_a_coded_article_of_the_codebook(khabar: Program) -> None:
    lines = coded(khabar("code", "-", stdin=article_lines(4)).stdout)
    assert sum(len(one["events"]) for one in lines) >= 4
    for one in lines:
        texts = article(int(one["id"][1:]))["paragraphs"]
        assert {"id", "contexts", "not_body", "events"} <= one.keys()
        for event in one["events"]:
            assert event["mode"] is None or event["mode"] in MODES[event["type"]]
            assert event["status"] in STATUSES
            spans = [event["trigger"], *event["actors"], *event["recipients"], *event["speaker"]]
            spans += [cell for cell in (event["place"], event["time"]) if cell]
            for span in spans:
                if span["text"] is not None:
                    assert texts[event["paragraph"]][span["start"] : span["end"]] == span["text"]  # type: ignore[index]


def test_output_file_and_several_inputs(khabar: Program, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(article_lines(3))
    (tmp_path / "b.jsonl").write_bytes(json.dumps(article(7)).encode())  # no newline at the end
    done = khabar("code", "a.jsonl", "b.jsonl", "-o", "coded.jsonl")
    assert (done.returncode, done.stdout) == (0, b"")
    ids = [one["id"] for one in coded((tmp_path / "coded.jsonl").read_bytes())]
    assert ids == ["a0000", "a0001", "a0002", "a0007"]


def test_same_bytes_with_two_processes(khabar: Program) -> None:
    one = khabar("code", "-", stdin=article_lines(20))
    two = khabar("code", "-", "--jobs", "2", stdin=article_lines(20))
    assert two.returncode == 0
    assert one.stdout == two.stdout


def test_nothing_is_coded_in_paragraphs_that_are_no_text_of_the_article(khabar: Program) -> None:
    junk = "اقرأ أيضا: الجيش السوري يقصف مدينة حلب"
    given = article(0) | {"paragraphs": [*article(0)["paragraphs"], junk]}  # type: ignore[misc]
    (one,) = coded(khabar("code", "-", stdin=json.dumps(given).encode()).stdout)
    assert [3, "read_also"] in one["not_body"]
    dropped = {number for number, _ in one["not_body"]}
    assert one["events"]
    assert not dropped & {event["paragraph"] for event in one["events"]}


def test_what_is_no_news_gives_a_line_too(khabar: Program) -> None:
    articles = [
        {"id": 5, "paragraphs": []},
        {"id": "latin", "paragraphs": ["", "No Arabic at all, in 3 words."]},
        {"id": "tags", "paragraphs": ["#وسم", "#وسم_آخر #وسم"]},
        {"id": "controls", "paragraphs": ["\u0000\u0001", "قصف \u202bالجيش\u202c\u0007 حلب"]},
        {"paragraphs": ["", "عقد الوزيران اجتماعا."]},
    ]
    done = khabar("code", "-", stdin="\n".join(map(json.dumps, articles)).encode())
    assert (done.returncode, done.stderr) == (0, b"")
    lines = coded(done.stdout)
    assert [one["id"] for one in lines[:4]] == ["5", "latin", "tags", "controls"]
    assert len(lines[4]["id"]) == 12  # none was given: it is made of place and paragraphs


BAD_LINES = [
    (b"{not json", b"no JSON"),
    (b'["a"]', b"no article"),
    (b'{"id": "x"}', b"paragraphs"),
    (b'{"id": "x", "paragraphs": ["a", 3]}', b"paragraphs"),
    (b'{"id": "x", "paragraphs": ["a"], "date": "July"}', b"YYYY-MM-DD"),
    (b'{"id": "x", "paragraphs": ["a"], "date": "2022-02-30"}', b"YYYY-MM-DD"),
    (b'{"id": "x", "paragraphs": ["\xff\xfe"]}', b"no JSON"),
    (b"[" * 100_000, b"no "),
]


@pytest.mark.parametrize(("line", "message"), BAD_LINES)
def test_a_bad_line_is_named_and_the_rest_goes_on(khabar: Program, line: bytes, message: bytes) -> None:
    good = article_lines(2).splitlines()
    done = khabar("code", "-", stdin=b"\n".join((good[0], line, b"", good[1])))
    assert done.returncode == 1
    assert [one["id"] for one in coded(done.stdout)] == ["a0000", "a0001"]
    assert b"standard input:2: " in done.stderr
    assert message in done.stderr
    assert b"Traceback" not in done.stderr


def test_missing_file_is_named_and_the_rest_goes_on(khabar: Program, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(article_lines(1))
    done = khabar("code", "nowhere.jsonl", "a.jsonl")
    assert done.returncode == 1
    assert b"nowhere.jsonl: " in done.stderr
    assert len(coded(done.stdout)) == 1


def test_output_is_never_the_input(khabar: Program, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(article_lines(1))
    done = khabar("code", "a.jsonl", "-o", "a.jsonl")
    assert done.returncode == 2
    assert (tmp_path / "a.jsonl").read_bytes() == article_lines(1)


@pytest.mark.parametrize(
    "arguments", [["code"], ["code", "-", "--coder", "none"], ["code", "-", "--jobs", "0"], ["nope"]]
)
def test_wrong_use(khabar: Program, arguments: list[str]) -> None:
    done = khabar(*arguments)
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr
    assert b"Traceback" not in done.stderr
