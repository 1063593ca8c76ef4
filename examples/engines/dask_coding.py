"""Coding in Dask without khabar's archive: python examples/engines/dask_coding.py examples/pages OUT [--coder baseline]

For events as files; `khabar run --scheduler ADDRESS` does the same into an archive and goes on where it stopped. OUT
is a folder of JSON lines. One thread a worker: coding holds the GIL.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

import dask.bag
from distributed import Client, LocalCluster

from coding import acts, article_rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages")
    parser.add_argument("out")
    parser.add_argument("--coder", default="auto")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    with (
        LocalCluster(n_workers=options.workers, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        client.upload_file(str(Path(__file__).with_name("coding.py")))
        articles = dask.bag.from_sequence(article_rows(options.pages), npartitions=options.workers * 2)
        coded = articles.map_partitions(lambda rows: list(acts(list(rows), options.coder))).persist()
        coded.map(lambda row: json.dumps(row, ensure_ascii=False)).to_textfiles(f"{options.out}/*.jsonl")
        for type_, number in Counter(coded.pluck("type").compute()).most_common():
            print(f"{type_:<10} {number}")
        print(f"{coded.count().compute()} events")


if __name__ == "__main__":
    main()
