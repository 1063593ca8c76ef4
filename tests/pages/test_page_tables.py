"""The tables of `khabar.pages`: every row has its columns and values from the closed lists."""

from __future__ import annotations

from importlib.resources import files

import pytest

from khabar.codebook import REASONS
from khabar.pages import blurbs
from khabar.pages.credit_names import credit_words
from khabar.pages.cues import rows

COLUMNS = {
    "agencies": 3, "blurb_weights": 2, "credits": 2, "cues": 5, "date_words": 2, "glue": 2, "languages": 4,
    "letters": 2, "markup": 3, "months_latin": 2, "openers": 2, "outlet_words": 2, "outlets": 3, "tracking": 2,
}  # fmt: skip


def test_every_table_is_known() -> None:
    folder = files("khabar.pages") / "data"
    assert {item.name for item in folder.iterdir()} == {f"{name}.tsv" for name in COLUMNS}


@pytest.mark.parametrize(("table", "columns"), COLUMNS.items())
def test_columns(table: str, columns: int) -> None:
    found = rows(table)
    assert found
    assert all(len(row) == columns and all(cell.strip() for cell in row) for row in found)


def test_cues() -> None:
    for reason, scope, match, cue, longest in rows("cues"):
        assert reason in REASONS, cue
        assert scope in ("line", "next", "head", "tail"), cue
        assert match in ("whole", "start", "part", "end"), cue
        assert longest.isdigit(), cue


def test_common_forms_of_agencies_are_forms_of_them() -> None:
    for name, forms, common in rows("agencies"):
        assert common == "-" or set(common.split("|")) <= set(forms.split("|")), name


def test_words_of_credits() -> None:
    kinds = [row[0] for row in rows("credits")]
    assert sorted(kinds) == sorted(set(kinds))
    for kind in ("byline", "said", "country", "place", "ambiguous", "outlet", "own_work", "source", "given", "generic"):
        words = credit_words(kind)
        assert all(word == word.strip() and word for word in words), kind
        assert len(set(words)) == len(words), kind
    assert set(credit_words("ambiguous")) <= set(credit_words("place"))
    assert set(credit_words("generic")) <= {name for name, _, _ in rows("agencies")}


def test_reasons_of_markup() -> None:
    assert all(kind in ("tag", "attr", "href") and reason in REASONS for kind, _, reason in rows("markup"))


def test_weights_fit_the_features() -> None:
    sets = [blurbs.content("عنوان"), blurbs.content("نص")]
    assert set(blurbs.weights()) == set(blurbs.features(["عنوان", "نص"], sets, 1, template=False))
