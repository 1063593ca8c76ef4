"""What all commands share: where answers and messages go, how errors are told, which archive is meant.

Answers go to standard output and nothing else does; messages, faults and progress go to standard error.
Exit status: 0 all well, 1 finished but some inputs failed, 2 wrong use.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from khabar.logs import note
from khabar.many import many

if TYPE_CHECKING:
    from rich.console import Console

    from khabar.archive import Archive
    from khabar.pages import Fault

FAILED, WRONG_USE, INTERRUPTED = 1, 2, 130
DEFAULT_ARCHIVE = "khabar.db"

ArchiveOption = Annotated[
    str,
    typer.Option(
        "--archive", "-a", envvar="KHABAR_ARCHIVE", metavar="FILE_OR_URL",
        help="The archive: an SQLite file, or postgresql://user@host/name.",
    ),
]  # fmt: skip
CoderOption = Annotated[
    str, typer.Option("--coder", metavar="NAME", help="baseline, neural, or auto: neural if its model is installed.")
]
TablesOption = Annotated[
    Path | None,
    typer.Option("--tables", metavar="DIR", help="A folder of your own tables; their lines stand before khabar's."),
]
JobsOption = Annotated[int, typer.Option("--jobs", "-j", min=1, metavar="N", help="Processes that read and code.")]
PatienceOption = Annotated[
    float,
    typer.Option(
        "--patience", min=0, metavar="SECONDS", help="How long to wait for a database server that does not answer."
    ),
]
OutputOption = Annotated[
    str, typer.Option("--output", "-o", metavar="FILE", help="Where to write; - is standard output.")
]
DateOption = Annotated[
    str | None,
    typer.Option("--date", metavar="YYYY-MM-DD", help="Publication date of pages that do not say it."),
]
OutletOption = Annotated[str | None, typer.Option("--outlet", help="Outlet of pages that do not say it.")]
UrlOption = Annotated[str | None, typer.Option("--url", help="Address of a page that does not say it.")]


class Problem(Exception):
    """An error for people: the message says what, where and what to do; `status` is the exit status."""

    def __init__(self, message: str, status: int = FAILED) -> None:
        super().__init__(message)
        self.status = status


def wrong_use(message: str) -> Problem:
    """A command that was called in a way that cannot be meant."""
    return Problem(message, WRONG_USE)


def say(message: str, level: int = logging.INFO, **fields: Any) -> None:
    """A message on standard error; `fields` stand beside it where messages are JSON (`--log-format json`)."""
    note(message, level, **fields)


class Faults:
    """Names faults as they come and counts them."""

    def __init__(self) -> None:
        self.count = 0

    def add(self, fault: Fault | str) -> None:
        self.count += 1
        if isinstance(fault, str):
            say(fault, logging.WARNING)
        else:
            say(str(fault), logging.WARNING, source=fault.source, line=fault.line, reason=fault.message)

    def end(self, what: str = "input") -> None:
        """Ends the command with status 1 if there was a fault."""
        if self.count:
            say(f"{many(self.count, what)} failed (named above)", logging.WARNING)
            raise typer.Exit(FAILED)


def check_date(value: str | None) -> None:
    """Raises wrong use unless `value` is a day."""
    import datetime

    if value is not None:
        try:
            if len(value) != 10:
                raise ValueError
            datetime.date.fromisoformat(value)
        except ValueError:
            raise wrong_use(f"--date {value}: no day; write YYYY-MM-DD, as 2022-07-16") from None


def check_url(value: str | None, pages: Sequence[str]) -> None:
    """Raises wrong use unless `value` is a web address, and of one page: several would be versions of each other."""
    if value is None:
        return
    if not value.startswith(("http://", "https://")):
        raise wrong_use(f"--url {value}: no web address; write https://…")
    from khabar.cli.progress import count_pages

    number = count_pages(pages)
    if number is not None and number > 1:
        raise wrong_use(f"--url {value}: is the address of one page, and these are {number}; name one page")


def check_coder(name: str) -> None:
    """Raises wrong use unless the coder is there."""
    from khabar.coders import load_coder

    try:
        load_coder(name)
    except (ValueError, FileNotFoundError) as error:
        raise wrong_use(f"--coder {name}: {error}") from None


def check_tables(folder: Path | None) -> str | None:
    """The folder as the pipeline takes it. Raises wrong use unless its tables can be read."""
    if folder is None:
        return None
    if not folder.is_dir():
        raise wrong_use(f"--tables {folder}: no such folder")
    from khabar.coders import load_tables

    try:
        load_tables(str(folder))
    except (ValueError, OSError) as error:
        raise wrong_use(f"--tables: {error}") from None
    return str(folder)


@contextmanager
def opened(
    archive: str, *, create: bool = False, readonly: bool = True, partitioned: bool = False
) -> Iterator[Archive]:
    """The archive, closed at the end. An archive that is not there is wrong use unless it may be made."""
    from khabar.archive import open_archive

    if not create and "://" not in archive and not Path(archive).exists():
        raise wrong_use(f"archive {archive}: no such file; name one with --archive, or make it with: khabar run PAGES")
    book = open_archive(archive, create=create, readonly=readonly, partitioned=partitioned)
    try:
        yield book
    finally:
        book.close()


def check_output(
    output: str | Path | None, *, option: str = "-o", inputs: Iterable[str] = (), archive: str = ""
) -> None:
    """Raises wrong use where writing would destroy what is read: an input, a page of a folder, the archive."""
    path = Path(output or "-")
    if output is None or str(output) == "-":
        return
    if archive and "://" not in archive and _same(path, Path(archive)):
        raise wrong_use(f"{option} {output}: is the archive; name another file")
    for name in inputs:
        folder = Path(name).resolve()
        if name == "-":
            continue
        if _same(path, folder):
            raise wrong_use(f"{option} {output}: is one of the inputs; name another file")
        if folder.is_dir() and folder in path.resolve().parents and not path.is_dir():
            raise wrong_use(f"{option} {output}: lies in the folder {name}, which is read; name a file outside of it")


def _same(one: Path, other: Path) -> bool:
    """Whether two paths are one file, there already or to be made."""
    if one.exists() and other.exists():
        return one.samefile(other)
    return one.resolve() == other.resolve()


@contextmanager
def writer(
    output: str, inputs: Iterable[str] = (), *, option: str = "-o", archive: str = "", whole: bool = False
) -> Iterator[BinaryIO]:
    """A binary stream to `output`. Raises wrong use if it cannot be opened, or is one of the inputs or the archive.
    With `whole` a file that is there already is replaced only once all is written."""
    check_output(output, option=option, inputs=inputs, archive=archive)
    if output == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(output)
    if whole:
        from khabar.export import replaced

        try:
            with replaced(path) as stream:
                yield stream
        except OSError as error:
            what = "what was there before is untouched"
            raise Problem(f"{output}: cannot be written: {error.strerror}; {what}") from None
        return
    try:
        stream = path.open("wb")
    except OSError as error:
        raise wrong_use(f"{option} {output}: cannot be written: {error.strerror}") from None
    try:
        with stream:
            yield stream
    except OSError as error:
        raise Problem(f"{output}: cannot be written: {error.strerror}; what is in it is not whole") from None


def stdout() -> Console:
    """A console for answers: as wide as the terminal, or as wide as the answer where it is read by a program."""
    return _console(sys.stdout)


def stderr() -> Console:
    """A console for progress."""
    return _console(sys.stderr)


def _console(stream: IO[str]) -> Console:
    from rich.console import Console

    class Pipe(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError  # as everything else that prints

    width = None if stream.isatty() or "COLUMNS" in os.environ else 1000
    return Pipe(file=stream, width=width, highlight=False, markup=False, soft_wrap=False)
