"""What somebody may have meant by a word that a question does not know."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

MOST = 3


def instead(value: str, allowed: Sequence[str], words: Mapping[str, Sequence[str]] | None = None) -> str:
    """`nearest: country geonames; ` for a refusal that goes on with all there are; empty where nothing is near.
    `words` are other words for what there is."""
    folded = value.strip().casefold().replace(" ", "_").replace("-", "_")
    plain = {one.casefold().replace("-", "_"): one for one in allowed}
    if words and folded in words:
        found = list(words[folded])
    else:
        # A word that is part of another (`diplom`, `country_actor`) is as near as one that is spelt alike.
        means = {key: (one,) for key, one in plain.items()} | {key: tuple(few) for key, few in (words or {}).items()}
        spelt = difflib.get_close_matches(folded, list(means), n=MOST, cutoff=0.7)
        found = [one for near in spelt for one in means[near]]
        found += [one for key, one in plain.items() if len(folded) > 3 and (folded in key or key in folded)]
    told = list(dict.fromkeys(found))[:MOST]
    return f"nearest: {' '.join(told)}; " if told else ""


@cache
def count_words() -> Mapping[str, tuple[str, ...]]:
    """Other words for what counts are by: `data/count_words.tsv`."""
    text = files("khabar.archive").joinpath("data", "count_words.tsv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return {row["word"]: tuple(row["means"].split()) for row in rows}
