"""Short lists of words by which the resolver knows something (`data/cue_words.tsv`): one row a list.

`kind` is the list's name, and where a list says more than that, what it says stands behind `=`: `capital=KWT`,
`adjective=PSE`, `back=city+town` (the features that a word like "the city" may lead back to).
"""

from __future__ import annotations

from functools import cache

from khabar.arabic import fold_key
from khabar.resolve import schema

COLUMNS = ("kind", "forms", "meaning")
TOLD = frozenset(("capital", "adjective", "back"))


@cache
def _lists() -> dict[str, tuple[str, ...]]:
    """Name of a list -> its folded forms. Raises `TableError` for a list without forms or with one name twice."""
    found: dict[str, tuple[str, ...]] = {}
    for row in schema.read_rows(schema.package_text("cue_words.tsv"), "cue_words.tsv", COLUMNS):
        kind, forms = row["kind"], row.list("forms")
        if kind in found:
            raise row.fail("kind", f"there is a list «{kind}» already; put the forms into one row")
        if not forms:
            raise row.fail("forms", "a list needs a form")
        found[kind] = tuple(map(fold_key, forms))
    return found


@cache
def cue_words(kind: str) -> frozenset[str]:
    """The folded forms of a list. Raises `KeyError` for a list that the table does not hold."""
    return frozenset(_lists()[kind])


@cache
def told(what: str) -> dict[str, tuple[str, ...]]:
    """What lists named `what=…` say -> their folded forms; `what` is one of `TOLD`."""
    return {kind.partition("=")[2]: forms for kind, forms in _lists().items() if kind.startswith(f"{what}=")}
