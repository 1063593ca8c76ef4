"""One TOML file with the options of all commands: `--config FILE`, else `khabar.toml` in this folder.

Comes in: the file and the commands. Goes out: for each command the values that stand where the command line and the
environment say nothing. A key that no command knows, or a value that cannot be one, is wrong use, named with its line.

    archive = "postgresql://me@server/news"    # every command that has the option
    log-format = "json"

    [run]                                      # one command
    pages = ["/srv/pages"]
    jobs = 4
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from khabar.cli.console import wrong_use

FILE = "khabar.toml"
_OWN = ("help", "version", "config")


class Config(NamedTuple):
    """`program` are the options of `khabar` itself, `commands` those of each command, by the parameters' names."""

    program: dict[str, Any]
    commands: dict[str, dict[str, Any]]


def read(path: Path, context: Any) -> Config:
    """The file, checked against the options of the program whose `context` it is, and of its commands."""
    program: Any = context.command
    commands: Mapping[str, Any] = program.commands
    try:
        text = path.read_text(encoding="utf-8")
        whole = tomllib.loads(text)
    except OSError as error:
        raise wrong_use(f"--config {path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise wrong_use(f"--config {path}: is no UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise wrong_use(f"{path}: no TOML: {error}") from None
    lines = _Lines(path, text, context)
    found = Config({}, {name: {} for name in commands})
    known = {name: dict(_parameters(command)) for name, command in commands.items()}
    own = dict(_parameters(program))
    tables = {key: value for key, value in whole.items() if isinstance(value, dict)}
    for key, value in whole.items():
        if key in tables:
            continue
        holders = [name for name in known if key in known[name]]
        if key in own:
            found.program[own[key].name] = _value(own[key], value, lines, key)
        elif not holders:
            raise lines.wrong("", key, f"no command has an option {key!r}")
        for name in holders:
            found.commands[name][known[name][key].name] = _value(known[name][key], value, lines, key)
    for command, table in tables.items():
        if command not in known:
            raise lines.wrong(command, None, f"no command {command!r}; commands are {' '.join(sorted(known))}")
        for key, value in table.items():
            parameter = known[command].get(key)
            if parameter is None:
                names = " ".join(sorted(name for name in known[command] if "_" not in name))
                raise lines.wrong(command, key, f"{command} has no option {key!r}; it has {names}")
            found.commands[command][parameter.name] = _value(parameter, value, lines, key, command)
    return found


def _parameters(command: Any) -> Iterator[tuple[str, Any]]:
    """Key of the file -> parameter: the long option without its dashes (or with underscores), an argument's name."""
    for parameter in command.params:
        if parameter.name in _OWN:
            continue
        for name in parameter.opts:
            if name.startswith("--") or parameter.param_type_name == "argument":
                yield name.removeprefix("--"), parameter
                yield name.removeprefix("--").replace("-", "_"), parameter


def _value(parameter: Any, value: Any, lines: _Lines, key: str, table: str = "") -> Any:
    many = bool(parameter.multiple or parameter.nargs == -1)
    if isinstance(value, list) and not many:
        raise lines.wrong(table, key, f"{key} takes one value, not a list")
    values = value if isinstance(value, list) else [value]
    for one in values:
        if bool(getattr(parameter, "is_flag", False)) != isinstance(one, bool):
            takes = "a value, not true or false" if isinstance(one, bool) else "true or false"
            raise lines.wrong(table, key, f"{key} takes {takes}")
    plain = [_plain(one, lines, table, key) for one in values]
    given = plain if many else plain[0]
    try:
        parameter.process_value(lines.context, given)
    except Exception as error:
        reason = getattr(error, "message", None) or str(error)
        raise lines.wrong(table, key, f"{key} = {value!r}: {reason}") from None
    return given


def _plain(value: Any, lines: _Lines, table: str, key: str) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, datetime.date | datetime.datetime):
        return value.isoformat()  # `date = 2022-07-16` is a date in TOML
    if isinstance(value, str | int | float):
        return str(value)  # as it would stand on the command line
    raise lines.wrong(table, key, f"{key}: {value!r} is no value of an option")


class _Lines:
    """Where a key stands in the file, for messages."""

    def __init__(self, path: Path, text: str, context: Any) -> None:
        self._path, self.context = path, context
        self._at: dict[tuple[str, str | None], int] = {}
        table = ""
        for number, line in enumerate(text.splitlines(), 1):
            if header := re.match(r"\s*\[+\s*[\"']?([\w-]+)", line):
                table = header[1]
                self._at.setdefault((table, None), number)
            elif key := re.match(r"\s*[\"']?([\w-]+)[\"']?\s*[=.]", line):
                self._at.setdefault((table, key[1]), number)

    def wrong(self, table: str, key: str | None, message: str) -> Exception:
        """Wrong use, with file and line."""
        line = self._at.get((table, key)) or self._at.get(("", table))
        return wrong_use(f"{self._path}{f':{line}' if line else ''}: {message}")
