"""A writer process for the tests: stores articles one transaction each and says so; started, killed and squeezed by
`test_robustness.py`. Arguments: address, first number, last number, greatest file size (0: any)."""

from __future__ import annotations

import resource
import sys

from archive_samples import batch

from khabar.archive import ArchiveError, open_archive


def main(address: str, first: int, last: int, size: int) -> int:
    archive = open_archive(address)
    if size:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    try:
        for n in range(first, last, 5):
            archive.add_batch(batch(*range(n, min(n + 5, last))), coder="c")
            print(n, flush=True)
    except ArchiveError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], *map(int, sys.argv[2:5])))
