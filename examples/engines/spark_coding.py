"""Coding in Spark: python examples/engines/spark_coding.py examples/pages OUT.parquet [--coder baseline]

`mapInPandas` runs in Spark's Python workers, processes of their own, which keep the model from batch to batch. On a
cluster khabar and this folder's coding.py have to be there (`--py-files`, or one environment for all), and
`spark.sql.execution.arrow.maxRecordsPerBatch` sets how many articles come at once.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd
from pyspark.sql import SparkSession

from coding import COLUMNS, acts, article_rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages")
    parser.add_argument("out")
    parser.add_argument("--coder", default="auto")
    parser.add_argument("--master", default="local[2]")
    options = parser.parse_args()
    coder = options.coder

    def code(batches: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        for batch in batches:
            yield pd.DataFrame(list(acts(batch.to_dict("records"), coder)), columns=list(COLUMNS))

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # else the workers take whatever python3 there is
    spark = (
        SparkSession.builder.master(options.master)
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", 32)
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    spark.sparkContext.addPyFile(str(Path(__file__).with_name("coding.py")))
    articles = spark.createDataFrame(
        pd.DataFrame(article_rows(options.pages)), schema="id string, date string, paragraphs array<string>"
    )
    schema = ", ".join(f"{name} string" for name in COLUMNS)
    coded = articles.repartition(2).mapInPandas(code, schema=schema).cache()
    coded.write.mode("overwrite").parquet(options.out)
    coded.groupBy("type").count().orderBy("count", ascending=False).show()
    print(f"{coded.count()} events")
    spark.stop()


if __name__ == "__main__":
    main()
