"""The documentation against the program: every command is there with its options, links lead somewhere, and what stands
in console blocks runs."""

from __future__ import annotations

import importlib.util
import re
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


update = _load(ROOT / "docs" / "update.py")
COMMANDS = sorted(update.names())
PAGES = [page.relative_to(ROOT).as_posix() for page in update.pages()]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_stands_in_the_documentation_with_its_options(name: str) -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert f"\n## khabar {name}\n" in text
    assert f"<!-- options: {name} -->\n{update.options(name)}<!-- end -->" in text, "the options changed: run make docs"
    for row in update.options(name).splitlines()[2:]:
        assert not row.rstrip().endswith("| |"), f"khabar {name}: an option without help: {row}"


def test_no_other_command_is_documented() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^## khabar (\w+)$", text, re.MULTILINE)) == COMMANDS


@pytest.mark.parametrize("page", [*PAGES, "CHANGELOG.md", "corpus/README.md", "training/README.md"])
def test_links_lead_somewhere(page: str) -> None:
    path = ROOT / page
    for link in re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8")):
        if "://" not in link:
            assert (path.parent / link).exists(), f"{page}: {link}"


def test_every_page_of_the_documentation_is_in_its_index() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    for page in (ROOT / "docs").glob("*.md"):
        assert page.name == "index.md" or f"]({page.name})" in index


def test_every_command_line_names_a_command_and_options_that_exist() -> None:
    for page in PAGES:
        for command, rest in re.findall(r"^(?:\$ )?(?:.*\| )?khabar (\w+)([^|\n>]*)", _code(page), re.MULTILINE):
            assert command in COMMANDS, f"{page}: khabar {command}"
            for option in re.findall(r"(?<!\S)--[a-z-]+", rest.partition(" #")[0]):
                assert f"`{option}" in update.options(command), f"{page}: khabar {command} {option}"


def _code(page: str) -> str:
    text = (ROOT / page).read_text(encoding="utf-8")
    return "\n".join(re.findall(r"^```(?:sh|console)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the examples and scripts, and the archive that `make run` makes of them."""
    folder = tmp_path_factory.mktemp("clone")
    for name in ("examples", "scripts"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "out").mkdir()
    done = update.run("khabar run examples/pages --archive out/khabar.db", folder)
    assert done.returncode == 0, done.stderr
    return folder


SHOWN = [
    (page, command)
    for page in PAGES
    for command in update.commands((ROOT / page).read_text(encoding="utf-8"))
    if not command.startswith("make ")
]


@pytest.mark.parametrize(("page", "command"), SHOWN)
def test_what_the_documentation_shows_runs(clone: Path, page: str, command: str) -> None:
    done = update.run(command, clone)
    assert done.returncode in (0, 141), done.stderr
    assert done.stdout.strip()
    assert "Traceback" not in done.stderr
