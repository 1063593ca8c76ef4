"""Coded articles from JSON lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from khabar.judging import JudgingError, load_articles, load_coded

EVENT = (
    '{"paragraph": 0, "trigger": {"text": "قصف", "start": 0, "end": 3}, "type": "ASSAULT", "mode": null, '
    '"status": "actual", "actors": [], "recipients": null, "speaker": [], "place": null, "time": null, "toll": null, '
    '"extra": 1}'
)
GOOD = f'{{"id": "a", "contexts": [], "events": [{EVENT}], "more": true}}'


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "coded.jsonl"
    path.write_text(text, encoding="utf-8")
    return path


def test_extra_keys_nulls_marks_and_blank_lines_are_read(tmp_path: Path) -> None:
    coded = load_coded(write(tmp_path, f"\ufeff{GOOD}\n\n" + GOOD.replace('"id": "a"', '"id": "b"')))
    assert list(coded) == ["a", "b"]
    assert coded["a"].events[0].recipients == ()
    assert coded["a"].events[0].toll == {}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "not read"),
        ("[]", "not a JSON object"),
        ('{"id": "x", "events": [7]}', "an event is not a JSON object"),
        (GOOD, "article a a second time"),
        (GOOD.replace('"id": "a"', '"id": "b"').replace('"end": 3', '"end": 0'), "is not one word"),
        (GOOD.replace('"id": "a"', '"id": "b"').replace('"قصف"', '"قصف ثان"'), "is not one word"),
        (GOOD.replace('"id": "a"', '"id": "b"').replace('"actual"', '"sure"'), "not read"),
    ],
)
def test_faults_carry_file_and_line(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(JudgingError, match=message) as caught:
        load_coded(write(tmp_path, f"{GOOD}\n{line}\n"))
    assert "coded.jsonl:2: " in str(caught.value)


def test_missing_file_and_wrong_bytes_say_so(tmp_path: Path) -> None:
    with pytest.raises(JudgingError, match="No such file"):
        load_articles(tmp_path / "none.jsonl")
    (tmp_path / "bad.jsonl").write_bytes(b'{"id": "\xff"}')
    with pytest.raises(JudgingError, match=r"not UTF-8 \(byte 8\)"):
        load_articles(tmp_path / "bad.jsonl")


def test_json_nested_too_deep_is_named(tmp_path: Path) -> None:
    (tmp_path / "deep.jsonl").write_text('{"a":' * 5000 + "1" + "}" * 5000, encoding="utf-8")
    with pytest.raises(JudgingError, match=r"deep\.jsonl:1: not read"):
        load_coded(tmp_path / "deep.jsonl")


def test_articles_that_nobody_coded_are_no_coded_articles(tmp_path: Path) -> None:
    (tmp_path / "read.jsonl").write_text('{"id": "a", "paragraphs": ["عنوان"]}', encoding="utf-8")
    with pytest.raises(JudgingError, match=r"read\.jsonl:1: .*khabar code"):
        load_coded(tmp_path / "read.jsonl")
