"""The examples for other engines give the events that khabar gives by itself."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import pytest

import khabar

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "engines"


@pytest.fixture(scope="module")
def expected() -> Counter[str]:
    """Types of the events in the examples' pages."""
    coded = khabar.code_batch(khabar.read(ROOT / "examples" / "pages"), coder="baseline")
    return Counter(event.type for article in coded for event in article.events)


def example(name: str, out: Path) -> str:
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / name), str(ROOT / "examples" / "pages"), str(out), "--coder", "baseline"],
        env=os.environ | {"RAY_worker_niceness": "0"},  # Ray's workers else stand back from all else on the machine
        cwd=out.parent, capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.mark.parametrize(("engine", "name"), [
    ("pyspark", "spark_coding.py"), ("ray", "ray_coding.py"), ("distributed", "dask_coding.py"),
])  # fmt: skip
def test_the_example_gives_all_events(engine: str, name: str, tmp_path: Path, expected: Counter[str]) -> None:
    if find_spec(engine) is None:
        pytest.skip(f"{engine} is not installed: pip install {engine}")
    if engine == "pyspark" and shutil.which("java") is None:
        pytest.skip("Spark needs Java: apt-get install openjdk-17-jre-headless")
    out = tmp_path / "out"
    assert f"{expected.total()} events" in example(name, out)
    if engine == "distributed":
        lines = [line for part in out.glob("*.jsonl") for line in part.read_text("utf-8").splitlines()]
        assert Counter(json.loads(line)["type"] for line in lines) == expected
    else:
        import pandas as pd

        assert Counter(pd.read_parquet(out)["type"]) == expected
