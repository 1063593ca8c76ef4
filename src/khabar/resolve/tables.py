"""The tables of parties: countries, actors, head nouns; the package's own and a user's, indexed once.

Sources: written for the project from public facts (`data/README.md`). A user's directory holds files of the same form
(`countries*.tsv`, `actors*.tsv`, `heads*.tsv`); its rows override the package's by id (code, first form).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from khabar.arabic import fold_key
from khabar.resolve import schema
from khabar.resolve.cues import cue_words
from khabar.resolve.forms import expand, folded_key, is_plural_people, nisba, phrase_key
from khabar.resolve.gazetteer import load_gazetteer
from khabar.resolve.schema import Row, TableError

ACTOR_COLUMNS = ("id", "names", "latin", "country", "sector", "from", "to", "role", "wikidata")
HEAD_COLUMNS = ("forms", "sector", "kind")
KINDS = frozenset(
    "head weakhead of weak dept mod weakmod former skip state place source media armed terror civil kin rank title "
    "official oppos redcross".split()
)


class Country(NamedTuple):
    """A state: ISO alpha-3 code, Latin name, Wikidata id; before the day `since` it was part of the state `of`."""

    code: str
    latin: str
    names: tuple[str, ...]
    adjectives: tuple[str, ...]
    people: tuple[str, ...]
    capitals: tuple[str, ...]
    wikidata: str
    since: str = ""
    of: str = ""


class Actor(NamedTuple):
    """A named party in one role; `since`/`until` bound the role (YYYY[-MM[-DD]], empty: open). `id` is without `#n`."""

    id: str
    names: tuple[str, ...]
    latin: str
    country: str
    sector: str
    since: str
    until: str
    role: str
    wikidata: str
    order: int

    @property
    def code(self) -> str:
        return f"{self.country}.{self.sector}" if self.sector else self.country

    def holds(self, date: str) -> bool:
        """Whether the role is held on a date, or at some time of a year; bounds count to their own precision."""
        return not (self.since and date[: len(self.since)] < self.since[: len(date)]) and not (
            self.until and date[: len(self.until)] > self.until
        )


class Head(NamedTuple):
    """A head noun or modifier: its sector, how it composes (`KINDS`), a fixed code, the noun that names its row."""

    lemma: str
    sector: str
    kind: str
    fixed: str = ""


ElementKind = Literal["country", "adjective", "people", "capital", "actor", "family", "head"]


class Element(NamedTuple):
    """What a word or words of the tables may be; `article`: a name of one word that is meant only `with` the article
    ("the Base", not "a base") or only `without` it."""

    kind: ElementKind
    country: str = ""
    actor: str = ""
    head: Head | None = None
    article: str = ""


class Index(NamedTuple):
    """What words and phrases are. `alone`: key of a word -> what it is by itself; `longer`: keys of two words -> the
    rest of the phrases that begin with them and what those are, longest first; `openings`: the first of those keys;
    `read`: what `scan` has found out of a word, filled as it reads."""

    alone: dict[str, tuple[Element, ...]]
    longer: dict[tuple[str, str], tuple[tuple[tuple[str, ...], tuple[Element, ...]], ...]]
    openings: frozenset[str]
    read: dict[str, Any]


class Tables(NamedTuple):
    """All tables of parties; `actors` maps an actor's id to its roles in the order of the table. `directory` is the
    folder of a user's own tables, whose `places.tsv` the gazetteer reads."""

    countries: dict[str, Country]
    actors: dict[str, tuple[Actor, ...]]
    index: Index  # type: ignore[assignment]  # of the tables, not of the tuple
    directory: Path | None = None
    # Key of an outlet's Latin name (`outlet_key`) -> the country whose news it tells as its own (not "media world").
    outlets: Mapping[str, str] = {}


def _countries(rows: Iterable[Row]) -> dict[str, Country]:
    found: dict[str, Country] = {}
    for row in rows:
        code = row["code"]
        if len(code) != 3 or not code.isascii() or not code.isupper():
            raise row.fail("code", f"«{code}» is no alpha-3 code")
        if not row["names"]:
            raise row.fail("names", "a country needs a name")
        for adjective in row.list("adjectives"):
            if not fold_key(adjective).endswith("ي"):
                raise row.fail("adjectives", f"«{adjective}» does not end in ي")
        found[code] = Country(
            code, row["latin"], row.list("names"), row.list("adjectives"), row.list("people"), row.list("capitals"),
            schema.check_wikidata(row, "wikidata"), schema.check_date(row, "from"), row["of"],
        )  # fmt: skip
        if bool(row["from"]) != bool(row["of"]):
            raise row.fail("of", "a state that was part of another needs both: the day (from) and whose it was (of)")
    return found


def _actors(rows: Iterable[Row], countries: frozenset[str]) -> Iterator[tuple[str, Actor]]:
    """Row ids (with `#n`) and actors."""
    for order, row in enumerate(rows):
        key = schema.check_id(row, "id")
        country = schema.check_country(row, "country", countries)
        sector = schema.check_sector(row, "sector", country)
        since, until = schema.check_date(row, "from"), schema.check_date(row, "to")
        if since and until and until < since[: len(until)]:
            raise row.fail("to", f"{until} is before {since}")
        if not row["names"] and "#" not in key:
            raise row.fail("names", "an actor needs a name")
        if mark := next((mark for mark in (" : ", ";", "|") if mark in row["latin"]), None):
            raise row.fail("latin", f"the name of one actor, as people read it, without {mark.strip()}")
        yield (
            key,
            Actor(
                key.partition("#")[0], row.list("names"), row["latin"], country, sector, since, until, row["role"],
                schema.check_wikidata(row, "wikidata"), order,
            ),
        )  # fmt: skip


def _heads(rows: Iterable[Row]) -> Iterator[tuple[tuple[str, ...], Head]]:
    for row in rows:
        forms = row.list("forms")
        kind, _, fixed = row["kind"].partition("=")
        if fixed:
            schema.check_fixed(row, "kind", fixed)
            kind = "head"
        if kind not in KINDS:
            raise row.fail("kind", f"«{kind}» is none of {' '.join(sorted(KINDS))}, fixed=CODE")
        if row["sector"]:
            schema.check_sector(row, "sector", "UNK")
        if not forms:
            raise row.fail("forms", "a head needs a form")
        for form in forms:
            yield (form,), Head(fold_key(form).rstrip("+*~"), row["sector"], kind, fixed)


def family_name(name: str) -> tuple[str, ...]:
    """Keys of the family name of a person's full name: the last word with its particles; empty if no name alone, and
    for a name that the table writes with `!` at its end (its last word names other people too, or is a word)."""
    if name.endswith("!"):
        return ()
    words = fold_key(name).split()
    if len(words) < 2 or words[-1] in cue_words("name.word") or words[-1] in cue_words("name.place"):
        return ()
    given = cue_words("name.given")
    if words[-1] in given or words[-1].removeprefix("ال") in given:
        return ()
    start = len(words) - 1
    while start > 1 and words[start - 1] in cue_words("name.particle"):
        start -= 1
    key = phrase_key(" ".join(words[start:]))
    return key if len("".join(key)) >= 3 else ()


def _definite(form: str) -> bool:
    """Whether a name is one word with the article."""
    return " " not in form and len(form) > 4 and fold_key(form).startswith("ال")


def _place_article(name: str) -> str:
    """Whether a country's or capital's name stands with the article (الكاميرون, but كاميرون is a man) or without it;
    of several words either way."""
    return "" if " " in name else "with" if _definite(name) else "without"


def _article(family: str) -> str:
    """Whether a family name stands with the article, without it, or either way (some in ي: Barzani, al-Barzani)."""
    return "with" if _definite(family) else "" if fold_key(family).endswith("ي") else "without"


def _elements(
    countries: dict[str, Country], actors: dict[str, tuple[Actor, ...]], heads: Iterable[tuple[tuple[str, ...], Head]]
) -> Iterator[tuple[tuple[str, ...], Element]]:
    for country in countries.values():
        for name in country.names:
            yield phrase_key(name), Element("country", country.code, article=_place_article(name))
        for name in country.capitals:
            yield phrase_key(name), Element("capital", country.code, article=_place_article(name))
        for adjective in country.adjectives:
            for form in nisba(adjective):
                kind: ElementKind = "people" if is_plural_people(form.split()[-1]) else "adjective"
                yield phrase_key(form), Element(kind, country.code)
        for name in country.people:
            yield phrase_key(name), Element("people", country.code)
    for roles in actors.values():
        for actor in roles:
            person = actor.role.startswith("person")
            for name in actor.names:
                for form in expand(name):
                    yield folded_key(form), Element("actor", actor.country, actor.id, article="with" * _definite(form))
                if person and (family := family_name(name)):
                    article = _article(name.split()[-1]) if len(family) == 1 else ""
                    yield family, Element("family", actor.country, actor.id, article=article)
    for forms, head in heads:
        for form in forms:
            for word in expand(form):
                yield folded_key(word), Element("head", head=head)


def _index(elements: Iterable[tuple[tuple[str, ...], Element]]) -> Index:
    alone: dict[str, dict[Element, None]] = {}
    longer: dict[tuple[str, str], dict[tuple[str, ...], dict[Element, None]]] = {}
    for key, element in elements:
        if len(key) == 1:
            alone.setdefault(key[0], {})[element] = None
        elif key:
            longer.setdefault((key[0], key[1]), {}).setdefault(key[2:], {})[element] = None
    return Index(
        {word: tuple(found) for word, found in alone.items()},
        {
            two: tuple((rest, tuple(found)) for rest, found in sorted(rests.items(), key=lambda r: -len(r[0])))
            for two, rests in longer.items()
        },
        frozenset(first for first, _ in longer),
        {},
    )


def _texts(prefix: str, directory: Path | None) -> Iterator[tuple[str, str]]:
    for name in schema.package_tables(prefix):
        yield name, schema.package_text(name)
    if directory is not None:
        for path in sorted(directory.glob(f"{prefix}*.tsv")):
            yield str(path), schema.user_text(path)


def outlet_key(name: str) -> str:
    """An outlet's Latin name without what is written in several ways: "Al-Riyadh", "Al Riyadh (Saudi)"."""
    return re.sub(r"[^a-z0-9]", "", re.sub(r"\(.*?\)|\b(al|arabic|arabia)\b", "", name.lower()))


def _build(directory: Path | None) -> Tables:
    countries: dict[str, Country] = {}
    for file, text in _texts("countries", directory):
        countries |= _countries(schema.read_rows(text, file, schema.COUNTRY_COLUMNS))
    codes = frozenset(countries)
    rows: dict[str, Actor] = {}
    for file, text in _texts("actors", directory):
        rows |= dict(_actors(schema.read_rows(text, file, ACTOR_COLUMNS), codes))
    actors: dict[str, list[Actor]] = {}
    for actor in rows.values():
        actors.setdefault(actor.id, []).append(actor)
    heads: list[tuple[tuple[str, ...], Head]] = []
    for file, text in _texts("heads", directory):
        heads += _heads(schema.read_rows(text, file, HEAD_COLUMNS))
    frozen = {key: tuple(roles) for key, roles in actors.items()}
    outlets = {
        outlet_key(roles[0].latin): roles[0].country
        for roles in frozen.values() if roles[0].role in ("media", "state agency") and roles[0].latin
    }  # fmt: skip
    return Tables(countries, frozen, _index(_elements(countries, frozen, heads)), directory, outlets)


@cache
@schema.lasting
def load_tables(directory: Path | None = None) -> Tables:
    """The package's tables, with a user's on top (rows override by id; a new role of an actor is a row `id#2`).

    Raises `TableError` (file, line, column) for a bad row and for a directory without a table.
    """
    if directory is not None:
        directory = Path(directory)
        if not directory.is_dir():
            raise TableError(str(directory), 0, "-", "no such directory")
        if not any(directory.glob("*.tsv")):
            raise TableError(str(directory), 0, "-", "holds no .tsv table")
        load_gazetteer(directory)  # a bad row of places is told at once, not at the first place
    return _build(directory)
