"""Coding an archive anew by a newer coder or with other tables: articles as stored -> coded -> laid aside -> shown.

The archive's pages are not read again: their stored text is coded. Old codings stand until all new ones are there
(`khabar.archive.Recoding`); a recoding that was broken off goes on where it stopped; what people said of events stands
over the new coding as it stood over the old one. An article that cannot be coded keeps its old coding and is named.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import msgspec

from khabar import __version__
from khabar.archive import Archive, Recoding, Run, patiently
from khabar.coders import DIED, TASK, code_batch, load_coder
from khabar.pages import Fault
from khabar.pipeline import Settings
from khabar.records import Article, CodedArticle
from khabar.workers import ordered

AT_ONCE = 64  # articles read from the archive at once
LOT = 50  # articles that change over in one transaction

Numbered = tuple[int, Article]


class Coded(msgspec.Struct, frozen=True):
    """A lot of articles coded: by their numbers in the archive, and what could not be coded."""

    codings: tuple[tuple[int, CodedArticle], ...]
    faults: tuple[Fault, ...] = ()


class Recoded(msgspec.Struct, frozen=True, kw_only=True):
    """What a recoding did: articles coded now, articles that bear the new coding (those of an earlier, broken-off call
    among them), articles that keep the old one."""

    coded: int
    replaced: int
    faults: int
    seconds: float
    resumed: bool


def code_lot(lot: Sequence[Numbered], *, coder: str, tables: str | None) -> Coded:
    """A lot of articles, coded and resolved."""
    found = code_batch([article for _, article in lot], coder=coder, tables=tables)
    pairs = list(zip((number for number, _ in lot), found, strict=True))
    return Coded(
        tuple((number, one) for number, one in pairs if not isinstance(one, Fault)),
        tuple(one for _, one in pairs if isinstance(one, Fault)),
    )


def recode(
    archive: Archive,
    settings: Settings,
    *,
    all_: bool = False,
    jobs: int = 1,
    begun: Callable[[int], None] = lambda _: None,
    notice: Callable[[Coded], None] = lambda _: None,
) -> Recoded:
    """Codes anew what another coder coded; with `all_` what this coder coded too (its tables may be new).

    `begun` hears how many articles are to be coded, `notice` of every lot when it is laid aside. Raises `ArchiveError`;
    what was laid aside until then is found by the next call.
    """
    started = time.monotonic()
    coder = load_coder(settings.coder).name
    recoding = archive.recoding(coder, all_=all_)
    begun(recoding.left())
    function = partial(code_lot, coder=settings.coder, tables=settings.tables)
    coded = faults = 0
    stream = ordered(
        function, _lots(recoding, settings.patience), jobs=jobs, parts=lambda lot: [(one,) for one in lot], lost=_lost
    )
    try:
        for done in stream:
            patiently(partial(recoding.lay_aside, done.codings), settings.patience)
            coded, faults = coded + len(done.codings), faults + len(done.faults)
            notice(done)
    finally:
        stream.close()  # type: ignore[attr-defined]
    replaced = 0
    while number := patiently(partial(recoding.change_over, LOT), settings.patience):
        replaced += number
    patiently(archive.link, settings.patience)
    seconds = time.monotonic() - started
    archive.note_run(
        Run(seconds=round(seconds, 3), coder=coder, version=__version__, pages=coded, stored=replaced, failed=faults)
    )
    return Recoded(coded=coded, replaced=replaced, faults=faults, seconds=seconds, resumed=recoding.resumed)


def _lots(recoding: Recoding, patience: float) -> Iterator[tuple[Numbered, ...]]:
    last = -1
    while found := patiently(partial(recoding.next, last, AT_ONCE), patience):
        for start in range(0, len(found), TASK):
            yield tuple(found[start : start + TASK])
        last = found[-1][0]


def _lost(lot: Sequence[Numbered]) -> Coded:
    return Coded((), tuple(Fault(a.source or a.id, None, DIED.format("article")) for _, a in lot))
