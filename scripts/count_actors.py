"""What the package's tables of actors hold: python scripts/count_actors.py

A row is one office or phase of an actor; an actor is an id. Prints the files with their rows and actors, then how many
actors have each kind of country and sector.
"""

from __future__ import annotations

from collections import Counter

from khabar.resolve.schema import package_tables, package_text, read_rows
from khabar.resolve.tables import ACTOR_COLUMNS


def main() -> None:
    rows, actors, names = 0, 0, 0
    sectors: Counter[str] = Counter()
    countries: set[str] = set()
    print(f"{'file':<36}{'rows':>7}{'actors':>8}{'names':>8}")
    for file in package_tables("actors"):
        found = list(read_rows(package_text(file), file, ACTOR_COLUMNS))
        ids = {row["id"].partition("#")[0] for row in found}
        written = sum(len(row.list("names")) for row in found)
        print(f"{file:<36}{len(found):>7}{len(ids):>8}{written:>8}")
        rows, actors, names = rows + len(found), actors + len(ids), names + written
        sectors.update(row["country"] if row["country"] == "IGO" else row["sector"] or "state" for row in found)
        countries.update(row["country"] for row in found)
    print(f"{'all':<36}{rows:>7}{actors:>8}{names:>8}")
    print(f"{len(countries)} countries; rows by sector: " + ", ".join(f"{s} {n}" for s, n in sectors.most_common()))


if __name__ == "__main__":
    main()
