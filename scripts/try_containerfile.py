"""Runs the steps of a Containerfile as plain shell, in a folder: python scripts/try_containerfile.py FOLDER

For machines without a container engine. COPY copies, RUN runs, WORKDIR goes; what needs an engine (FROM, USER, VOLUME,
ENTRYPOINT) is told and left out, but for the entry point, which is asked for its version at the end.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def main() -> None:
    folder = Path(sys.argv[1]).resolve()
    file = Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "examples" / "deploy" / "Containerfile"
    here = folder

    def inside(text: str) -> str:
        """Absolute paths of the image lie in the folder; but for those of programs."""
        return re.sub(r"(?<![\w.])/(opt|data|tmp)(?=[/\s'\"]|$)", rf"{folder}/\1", text)

    for line in file.read_text(encoding="utf-8").splitlines():
        step, _, rest = line.strip().partition(" ")
        if not step or step.startswith("#"):
            continue
        print(f"-- {line}", flush=True)
        if step == "WORKDIR":
            here = Path(inside(rest))
            here.mkdir(parents=True, exist_ok=True)
        elif step == "COPY":
            *sources, target = rest.split()
            for source in sources:
                copy(ROOT / source, here / target, whole=len(sources) == 1)
        elif step == "RUN":
            (folder / "tmp").mkdir(exist_ok=True)
            environment = {k: v for k, v in os.environ.items() if not k.startswith(("KHABAR_", "VIRTUAL_ENV"))}
            subprocess.run(["sh", "-ec", inside(rest)], cwd=here, env=environment, check=True)
        elif step == "ENTRYPOINT":
            subprocess.run([*map(inside, json.loads(rest)), "--version"], cwd=here, check=True)


def copy(source: Path, target: Path, *, whole: bool) -> None:
    """As COPY does: a folder's contents into the target, a file into it or as it."""
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    elif whole and not target.is_dir():
        shutil.copy(source, target)
    else:
        target.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)


if __name__ == "__main__":
    main()
