"""What examples/deploy holds: the image's build steps as plain shell, units, manifests, the job script of SLURM."""

from __future__ import annotations

import configparser
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "examples" / "deploy"


def test_the_steps_of_the_containerfile_run(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "try_containerfile.py"), str(tmp_path)],
        capture_output=True, text=True, timeout=1200, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert done.stdout.count("khabar 0.") == 2
    assert "ok  neural" in done.stdout or "ok  coder" in done.stdout


@pytest.mark.parametrize("path", sorted((DEPLOY / "kubernetes").glob("*.yaml")), ids=lambda p: p.name)
def test_manifests_are_as_kubernetes_wants_them(path: Path) -> None:
    import kubernetes_validate

    version = kubernetes_validate.latest_version()
    parts = list(yaml.safe_load_all(path.read_text("utf-8")))
    assert parts
    for part in parts:
        kubernetes_validate.validate(part, version, strict=True)
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(
            parts[0] | {"spec": {"replicas": "many"}}, kubernetes_validate.latest_version(), strict=True
        )


@pytest.mark.parametrize("path", sorted(DEPLOY.glob("*.service")), ids=lambda p: p.name)
def test_units_start_commands_that_exist(path: Path) -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(path, "utf-8")
    command = unit["Service"]["ExecStart"].split()
    shown = subprocess.run(
        [sys.executable, "-m", "khabar", *command[1:], "--help"], capture_output=True, text=True, check=False
    )
    assert shown.returncode == 0, shown.stderr
    if shutil.which("systemd-analyze"):
        told = subprocess.run(["systemd-analyze", "verify", str(path)], capture_output=True, text=True, check=False)
        assert "Unknown" not in told.stderr


def test_the_job_script_of_slurm(tmp_path: Path) -> None:
    script = DEPLOY / "slurm_run.py"
    done = subprocess.run(
        [sys.executable, str(script), "--script"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    for line in ("#SBATCH -p normal", "#SBATCH -t 12:00:00", "export OMP_NUM_THREADS=1", "--nworkers 8"):
        assert line in done.stdout
