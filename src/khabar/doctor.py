"""Whether khabar works here: packages, coder, tables, archive; and which mentions the tables do not know.

Comes in: nothing, or coded articles. Goes out: `Check`s and counts. It must never change anything.
"""

from __future__ import annotations

import importlib.metadata
import platform
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from khabar import __version__
from khabar.many import many
from khabar.records import CodedArticle, Mention, Place

NEEDED = ("msgspec", "typer", "rich", "trafilatura", "lxml", "hijridate", "sqlalchemy", "onnxruntime", "tokenizers")
# Package -> what it is for and how to get it.
EXTRAS = {
    "psycopg": ("archives on PostgreSQL", "postgres"),
    "pyarrow": ("the parquet export", "parquet"),
    "pandas": ("frames in Python", "pandas"),
    "starlette": ("the reading room", "web"),
}


class Check(NamedTuple):
    """One thing looked at: `good`, `absent` (not there and not needed), or `bad`; the message says what to do."""

    name: str
    state: Literal["good", "absent", "bad"]
    message: str


class Share(NamedTuple):
    """Of `whole` mentions with words `resolved` have a country or body, `named` of them by the tables' own rows."""

    resolved: int
    named: int
    whole: int


class Coverage(NamedTuple):
    """`shares` by role; `unresolved` counts (role, words); `inferred` counts (role, words, code, method) of what only
    the article around or the coder's guess decided."""

    shares: dict[str, Share]
    unresolved: Counter[tuple[str, str]]
    inferred: Counter[tuple[str, str, str, str]]


# Methods of the resolver that read the words themselves; the others go by the article or by the coder's guess.
NAMED = frozenset(
    ("table", "composition", "country", "family name", "sector weighed", "name", "state", "adjective", "border", "list")
)


def checks(archive: str, tables: str | None = None) -> list[Check]:
    """Looks at everything; an error in one check is that check's result."""
    looks: tuple[tuple[str, Callable[[], Iterable[Check]]], ...] = (
        ("python", _python),
        ("packages", _packages),
        ("coder", _coder),
        ("tables", lambda: _tables(tables)),
        ("archive", lambda: _archive(archive)),
        ("terminal", _terminal),
    )
    return [check for name, look in looks for check in _careful(name, look)]


def _careful(name: str, look: Callable[[], Iterable[Check]]) -> list[Check]:
    try:
        return list(look())
    except Exception as error:  # a doctor does not fall ill over a finding
        return [Check(name, "bad", f"{type(error).__name__}: {' '.join(str(error).split())}")]


def _python() -> Iterator[Check]:
    yield Check("khabar", "good", f"{__version__} in {Path(__file__).parent}")
    version = platform.python_version()
    good = sys.version_info >= (3, 11)
    yield Check("python", "good" if good else "bad", version if good else f"{version}: khabar needs 3.11 or newer")


def _packages() -> Iterator[Check]:
    versions = {name: _version(name) for name in NEEDED}
    missing = [name for name, version in versions.items() if version is None]
    if missing:
        yield Check("packages", "bad", f"missing: {', '.join(missing)}; pip install khabar brings them")
    else:
        yield Check("packages", "good", ", ".join(f"{name} {version}" for name, version in versions.items()))
    for name, (use, extra) in EXTRAS.items():
        version = _version(name)
        advice = f"not installed; needed only for {use}: pip install 'khabar[{extra}]'"
        yield Check(name, "good" if version else "absent", f"{version}, for {use}" if version else advice)


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _coder() -> Iterator[Check]:
    from khabar.coders import load_coder
    from khabar.records import Article

    for name in ("neural", "baseline"):
        try:
            coder = load_coder(name)
        except (ValueError, FileNotFoundError) as error:
            yield Check(name, "absent" if name == "neural" else "bad", str(error))
            continue
        # A sentence whose coding is beyond doubt, so that a damaged model shows.
        article = Article(id="doctor", paragraphs=("", "قصف الجيش السوري مدينة حلب يوم الثلاثاء."))
        events = coder.code_batch([article])[0].events
        works = any(event.type == "ASSAULT" for event in events)
        yield Check(
            name, "good" if works else "bad", coder.name if works else f"{coder.name} does not find a plain event"
        )
    yield Check("coder", "good", f"auto is {load_coder('auto').name}")


def _tables(folder: str | None) -> Iterator[Check]:
    from khabar.coders import load_tables

    tables = load_tables(folder)
    actors, countries = len(tables.actors), len(tables.countries)
    own = f", with yours in {folder}" if folder else ""
    yield Check("tables", "good", f"{many(countries, 'country', 'countries')}, {many(actors, 'named actor')}{own}")


def _archive(archive: str) -> Iterator[Check]:
    from khabar.archive import ArchiveError, open_archive

    if "://" not in archive and not Path(archive).exists():
        yield Check("archive", "absent", f"{archive}: none yet; khabar run PAGES makes it")
        return
    try:
        with open_archive(archive, create=False, readonly=True) as book:
            state = book.status()
    except ArchiveError as error:
        yield Check("archive", "bad", str(error))
        return
    yield Check("archive", "good", f"{state.location}: {many(state.articles, 'article')}, {many(state.acts, 'act')}")


def _terminal() -> Iterator[Check]:
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    good = encoding == "utf8"
    advice = f"{sys.stdout.encoding}: Arabic cannot be shown; set PYTHONUTF8=1"
    yield Check("terminal", "good" if good else "bad", "UTF-8" if good else advice)


def coverage(coded: Iterable[CodedArticle]) -> Coverage:
    """How far the tables reach: which mentions with words got no code (parties) or no country (places), and which got
    one from the context alone: what a table of your own should hold."""
    resolved: Counter[str] = Counter()
    named: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    unresolved: Counter[tuple[str, str]] = Counter()
    inferred: Counter[tuple[str, str, str, str]] = Counter()
    for article in coded:
        for role, cell in _cells(article):
            if cell.text is None:
                continue
            whole[role] += 1
            code = _code(cell)
            if code is None:
                unresolved[role, cell.text] += 1
                continue
            resolved[role] += 1
            if cell.method in NAMED:
                named[role] += 1
            else:
                inferred[role, cell.text, code, cell.method or ""] += 1
    shares = {role: Share(resolved[role], named[role], whole[role]) for role in sorted(whole)}
    return Coverage(shares, unresolved, inferred)


def _cells(article: CodedArticle) -> Iterator[tuple[str, Mention | Place]]:
    for event in article.events:
        for mention in event.actors + event.recipients:
            yield "party", mention
        for mention in event.speaker:
            yield "speaker", mention
        if event.place is not None:
            yield "place", event.place


def _code(cell: Mention | Place) -> str | None:
    """What a mention resolved to; None unless a country or body stands in every code."""
    if isinstance(cell, Place):
        return None if cell.country == "UNK" else cell.country
    known = bool(cell.codes) and not any(code.startswith("UNK") for code in cell.codes)
    return "+".join(cell.codes) if known else None
