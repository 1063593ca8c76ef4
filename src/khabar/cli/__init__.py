"""The commands. They are thin: they read options, call one public function of a room, and print.

Comes in: the command line. Goes out: answers on standard output, messages on standard error, an exit status (0 all
well, 1 finished but some inputs failed, 2 wrong use). A command must never hold a rule that a room should know, show a
traceback, or print anything but its answer on standard output.
"""

from __future__ import annotations

import io
import logging
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from khabar import __version__
from khabar.cli import (
    asking,
    checking,
    coding,
    config,
    exporting,
    follow,
    judging,
    keeping,
    reading,
    recoding,
    running,
    serving,
    showing,
    stories,
)
from khabar.cli.console import FAILED, INTERRUPTED, WRONG_USE, Problem, say, wrong_use
from khabar.logs import LEVELS, Look, show_notes


class Commands(TyperGroup):
    """Turns errors into a message and an exit status; shows no traceback, unless `KHABAR_DEBUG` is set."""

    def invoke(self, ctx: Any) -> Any:
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result
        except Problem as problem:
            raise _ended(str(problem), problem.status) from None
        except KeyboardInterrupt:
            raise _ended("interrupted; what was finished is stored", INTERRUPTED) from None
        except BrokenPipeError:
            # The reader has gone away (`| head`): nothing to tell, and nothing more to flush.
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            raise typer.Exit(0) from None
        except Exception as error:
            # Loaded here alone: commands without an archive start sooner.
            from khabar.archive.errors import ArchiveError, QueryError

            if isinstance(error, ArchiveError | QueryError):
                raise _ended(str(error), WRONG_USE if isinstance(error, QueryError) else FAILED) from None
            # Typer ends a command, and tells wrong use, by exceptions of its own (of click in older versions).
            if os.environ.get("KHABAR_DEBUG") or type(error).__module__.startswith(("typer", "click")):
                raise
            advice = "This is a fault of khabar; KHABAR_DEBUG=1 shows where"
            raise _ended(f"unexpected {type(error).__name__}: {error}. {advice}", FAILED) from None


def _ended(message: str, status: int) -> typer.Exit:
    say(message, logging.ERROR)
    return typer.Exit(status)


app = typer.Typer(
    name="khabar",
    cls=Commands,
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
    context: typer.Context,
    config_file: Annotated[
        Path | None,
        typer.Option(
            "--config",
            envvar="KHABAR_CONFIG",
            metavar="FILE",
            help="Options of all commands in one file (docs/operations.md); khabar.toml in this folder unless named.",
            show_default=False,
        ),
    ] = None,
    log_format: Annotated[
        str, typer.Option(envvar="KHABAR_LOG_FORMAT", metavar="text|json", help="How messages are written.")
    ] = "text",
    log_level: Annotated[
        str, typer.Option(envvar="KHABAR_LOG_LEVEL", metavar="|".join(LEVELS), help="The least that is told.")
    ] = "info",
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="The version.")] = False,  # noqa: ARG001
) -> None:
    """Arabic news in, a record one can question out: who did what to whom, where, when, on whose word."""
    own: dict[str, Any] = {}
    path = config_file or Path(config.FILE)
    if config_file is not None or path.exists():
        own, context.default_map = config.read(path, context)
    look = {"log_format": log_format, "log_level": log_level} | {
        name: value for name, value in own.items() if _untold(context, name)
    }
    form, level = look["log_format"], look["log_level"].lower()
    if form not in ("text", "json"):
        raise wrong_use(f"--log-format {form}: choose text or json")
    if level not in LEVELS:
        raise wrong_use(f"--log-level {level}: choose one of {' '.join(LEVELS)}")
    if (form, level) != ("text", "info"):
        show_notes(Look(form, level))


def _untold(context: typer.Context, name: str) -> bool:
    """Whether neither the command line nor the environment sets an option."""
    source = context.get_parameter_source(name)
    return source is None or source.name == "DEFAULT"


for name, command in (
    ("run", running.run), ("follow", follow.follow), ("read", reading.read), ("code", coding.code),
    ("show", showing.show),
    ("events", asking.events), ("counts", asking.counts), ("export", exporting.export),
    ("happenings", stories.happenings), ("link", stories.link),
    ("evaluate", judging.evaluate), ("status", keeping.status), ("forget", keeping.forget),
    ("migrate", keeping.migrate), ("recode", recoding.recode), ("doctor", checking.doctor), ("serve", serving.serve),
):  # fmt: skip
    app.command(name)(command)


def main() -> None:
    """The program `khabar`."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # Arabic must get out whatever the locale says
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    show_notes()
    app()
