"""Writes into README.md and docs/*.md what they show: outputs of commands, and the options of every command.

    make docs

In a block fenced as `console`, a line `$ command` is run in the repository's folder and what it prints is put under it.
Between `<!-- options: NAME -->` and `<!-- end -->` stands the table of a command's options. `tests/test_docs.py` checks
that the tables are as here and that the commands run.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
FENCE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OPTIONS = re.compile(r"<!-- options: (\w+) -->\n.*?<!-- end -->", re.DOTALL)


def pages() -> list[Path]:
    """All pages that this program writes into."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def commands(text: str) -> list[str]:
    """The commands of all console blocks of a page."""
    return [line[2:] for block in FENCE.findall(text) for line in block.splitlines() if line.startswith("$ ")]


def run(command: str, folder: Path = ROOT, archive: str = "out/khabar.db") -> subprocess.CompletedProcess[str]:
    """A command as a reader would run it in a clone, khabar on the path."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))} | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "KHABAR_ARCHIVE": archive,
        "COLUMNS": "116",
    }
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=folder, env=environment, capture_output=True, text=True, errors="ignore", timeout=600, check=False,
    )  # fmt: skip


def shown(block: str) -> str:
    """A console block with its outputs anew."""
    lines: list[str] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            if line == "$ make run":
                shutil.rmtree(ROOT / "out", ignore_errors=True)  # as in a new clone
            done = run(line[2:])
            if done.returncode not in (0, 141):  # 141: `| head` had enough
                raise SystemExit(f"{line}\nexit status {done.returncode}\n{done.stderr}")
            lines += [line, *(text.rstrip() for text in done.stdout.rstrip().splitlines())]
    return "\n".join(lines) + "\n"


def options(name: str) -> str:
    """The table of a command's arguments and options, as `khabar NAME --help` gives them."""
    command = _commands()[name]
    lines = ["| argument or option | what |", "|---|---|"]
    for parameter in command.params:
        if parameter.name == "help":
            continue
        lines.append(f"| {_names(parameter)} | {_meaning(parameter)} |")
    return "\n".join(lines) + "\n"


def _commands() -> dict[str, Any]:
    import typer.main

    from khabar.cli import app

    return dict(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def _names(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        many = "…" if parameter.nargs == -1 else ""
        return f"`{parameter.name.upper()}{many}`"
    value = "" if parameter.is_flag else " " + (parameter.metavar or "TEXT").replace("|", r"\|")
    return ", ".join(f"`{name}{value}`" for name in sorted(parameter.opts, key=len, reverse=True))


def _meaning(parameter: Any) -> str:
    text = (parameter.help or "").replace("|", r"\|")
    default = parameter.default
    if parameter.param_type_name == "option" and not parameter.is_flag and default not in (None, (), []):
        text += f" Default: `{default}`."
    return text


def names() -> Iterator[str]:
    """The names of all commands."""
    yield from _commands()


def updated(text: str) -> str:
    """A page with its tables and outputs anew."""
    text = OPTIONS.sub(lambda m: f"<!-- options: {m[1]} -->\n{options(m[1])}<!-- end -->", text)
    return FENCE.sub(lambda m: f"```console\n{shown(m[1])}```", text)


def main() -> None:
    for page in pages():
        text = page.read_text(encoding="utf-8")
        new = updated(text)
        if new != text:
            page.write_text(new, encoding="utf-8")
            print(page.relative_to(ROOT))


if __name__ == "__main__":
    main()
