"""The commands. They are thin: they read options, call one public function of a room, and print.

Comes in: the command line. Goes out: answers on standard output, messages on standard error, an exit status (0 all
well, 1 finished but some inputs failed, 2 wrong use). A command must never hold a rule that a room should know, show a
traceback, or print anything but its answer on standard output.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from khabar import __version__
from khabar.cli import asking, checking, coding, exporting, judging, keeping, reading, running, showing
from khabar.cli.console import FAILED, INTERRUPTED, WRONG_USE, Problem, say

app = typer.Typer(
    name="khabar",
    help="Arabic news in, a record one can question out: who did what to whom, where, when, on whose word.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"khabar {__version__}")
        raise typer.Exit


@app.callback()
def _khabar(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="The version.")] = False,
) -> None:
    """Arabic news in, a record one can question out: who did what to whom, where, when, on whose word."""


for name, command in (
    ("run", running.run), ("read", reading.read), ("code", coding.code), ("show", showing.show),
    ("events", asking.events), ("counts", asking.counts), ("export", exporting.export),
    ("evaluate", judging.evaluate), ("status", keeping.status), ("forget", keeping.forget),
    ("migrate", keeping.migrate), ("doctor", checking.doctor),
):  # fmt: skip
    app.command(name)(command)


def main() -> None:
    """The program `khabar`. Never shows a traceback, unless `KHABAR_DEBUG` is set."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # Arabic must get out whatever the locale says
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(_run())


def _run() -> int:
    from khabar.archive.errors import ArchiveError, QueryError

    try:
        app()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else FAILED if end.code else 0
    except Problem as problem:
        say(str(problem))
        return problem.status
    except QueryError as error:
        say(str(error))
        return WRONG_USE
    except ArchiveError as error:
        say(str(error))
        return FAILED
    except KeyboardInterrupt:
        say("interrupted; what was finished is stored")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has gone away (`| head`): nothing to tell, and nothing more to flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    except Exception as error:
        if os.environ.get("KHABAR_DEBUG"):
            raise
        say(f"unexpected {type(error).__name__}: {error}. This is a fault of khabar; KHABAR_DEBUG=1 shows where")
        return FAILED
    return 0
