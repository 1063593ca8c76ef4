"""A run on SLURM: python slurm_run.py PAGES… --archive postgresql://khabar@db/news --cores 200

Needs `pip install 'khabar[dask,postgres]' dask-jobqueue` in an environment that all nodes see. Started on a login node
(or as a job of its own), it asks SLURM for workers, runs, and gives them back. `--script` prints the job script.
"""

from __future__ import annotations

import argparse

from dask_jobqueue import SLURMCluster
from distributed import Client

from khabar import cluster
from khabar.archive import open_archive
from khabar.pipeline import Settings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="*")
    parser.add_argument("--archive", default="")
    parser.add_argument("--cores", type=int, default=100)
    parser.add_argument("--partition", default="normal")
    parser.add_argument("--hours", type=int, default=12)
    parser.add_argument("--script", action="store_true")
    options = parser.parse_args()
    workers = SLURMCluster(
        queue=options.partition, walltime=f"{options.hours:02}:00:00",
        # A job of eight processes of one thread: coding holds the GIL.
        cores=8, processes=8, memory="12GB", job_script_prologue=["export OMP_NUM_THREADS=1"],
    )  # fmt: skip
    if options.script:
        print(workers.job_script())
        return
    # Lost workers are asked for anew; a task of a lost worker goes to another.
    workers.adapt(minimum=8, maximum=options.cores)
    with workers, Client(workers) as client, open_archive(options.archive) as archive:
        report = cluster.run(client, options.pages, archive, Settings(), address=options.archive)
    print(f"{report.pages} pages in {report.seconds:.0f} s, {report.faults} failed {report.outcomes}")


if __name__ == "__main__":
    main()
