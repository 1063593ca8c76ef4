"""A PostgreSQL server of the tests' own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import warnings
from pathlib import Path

import pytest


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parts[-3]))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).parent if initdb else None


def _as_server_user(*command: str) -> None:
    """PostgreSQL refuses to run as root."""
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    done = subprocess.run([*prefix, *command], capture_output=True, text=True, timeout=120, cwd="/")
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")


class Server:
    """A PostgreSQL server of the tests' own, on a socket in a folder of its own; it may be stopped and started."""

    def __init__(self, programs: Path) -> None:
        # A short path: the name of a socket has 107 bytes at most.
        self.folder = Path(tempfile.mkdtemp(prefix="khabar-pg-", dir="/tmp"))
        self.address = f"postgresql://khabar@/postgres?host={self.folder}"
        self._control = [str(programs / "pg_ctl"), "-D", str(self.folder / "data")]
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        _as_server_user(
            str(programs / "initdb"), "-D", str(self.folder / "data"), "-U", "khabar", "-A", "trust", "-E", "UTF8",
            "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip

    def start(self) -> None:
        folder = self.folder
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c max_connections=40"
        _as_server_user(*self._control, "-w", "-t", "60", "-l", str(folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        _as_server_user(*self._control, "-m", "immediate", "stop")

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def found_programs() -> Path:
    """The folder of PostgreSQL's programs; without them the test is skipped, with CI=true it fails."""
    programs = _programs()
    if programs is not None:
        return programs
    reason = "no PostgreSQL: apt-get install postgresql, or set KHABAR_TEST_POSTGRES=postgresql://…"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    warnings.warn(f"tests of PostgreSQL are skipped: {reason}", stacklevel=1)
    pytest.skip(reason)
