"""Coding in Ray Data: python examples/engines/ray_coding.py examples/pages OUT [--coder baseline]

A class for `map_batches` becomes an actor, a process that loads the model once and codes batch after batch;
`concurrency` says how many there are. OUT is a folder of Parquet files.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

import ray

from coding import COLUMNS, acts, article_rows


class Coder:
    """An actor that codes."""

    def __init__(self, coder: str) -> None:
        self.coder = coder

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[Any]]:
        rows = [dict(zip(batch, values, strict=True)) for values in zip(*batch.values(), strict=True)]
        found = list(acts(rows, self.coder))
        return {name: [row[name] for row in found] for name in COLUMNS}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages")
    parser.add_argument("out")
    parser.add_argument("--coder", default="auto")
    parser.add_argument("--actors", type=int, default=2)
    options = parser.parse_args()
    ray.init(
        num_cpus=options.actors + 1, include_dashboard=False, log_to_driver=False,
        runtime_env={"env_vars": {"PYTHONPATH": str(Path(__file__).parent.resolve())}},
    )  # fmt: skip
    coded = (
        ray.data.from_items(article_rows(options.pages))
        .repartition(options.actors * 2)
        .map_batches(Coder, fn_constructor_args=(options.coder,), batch_size=8, concurrency=options.actors)
        .materialize()
    )
    coded.write_parquet(str(Path(options.out).resolve()))
    for type_, number in Counter(row["type"] for row in coded.iter_rows()).most_common():
        print(f"{type_:<10} {number}")
    print(f"{coded.count()} events")
    ray.shutdown()


if __name__ == "__main__":
    main()
