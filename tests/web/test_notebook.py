"""The notebook of the documentation runs on an archive of the examples, and is the one that its script writes."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import nbformat
import pytest

from khabar import cli

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def script() -> object:
    spec = importlib.util.spec_from_file_location("notebook_script", ROOT / "scripts" / "notebook.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["notebook_script"] = module
    spec.loader.exec_module(module)
    return module


def test_the_notebook_answers_its_three_questions(script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.chdir(ROOT)
    archive = tmp_path / "khabar.db"
    with pytest.raises(SystemExit) as ended:
        cli.app(["run", "-q", "examples/pages", "--archive", str(archive)])
    assert ended.value.code in (0, None)
    stored = nbformat.read(ROOT / "docs" / "notebook.ipynb", as_version=4)
    assert [cell.source for cell in stored.cells] == [cell.source for cell in script.notebook().cells]
    done = script.run(stored, str(archive))
    printed = "".join(
        output.get("text", "") for cell in done.cells if cell.cell_type == "code" for output in cell.outputs
    )
    for answer in ("acts in 24 articles", "Most hostile", "acts of violence", "have a cell in dispute"):
        assert answer in printed
    pictures = [o for c in done.cells if c.cell_type == "code" for o in c.outputs if "image/png" in o.get("data", {})]
    assert len(pictures) == 1
