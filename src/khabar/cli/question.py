"""The options by which `events`, `counts` and `export` ask the archive: one option a field of `Query`."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from khabar.archive import Query

WHO, WHAT, WHERE = "Who", "What", "Where and when"


def _many(help: str, panel: str, metavar: str = "TEXT") -> Any:
    return Annotated[
        list[str] | None, typer.Option(help=help, rich_help_panel=panel, metavar=metavar, show_default=False)
    ]


def _one(kind: Any, help: str, panel: str, metavar: str | None = None) -> Any:
    return Annotated[kind, typer.Option(help=help, rich_help_panel=panel, metavar=metavar)]


_PARTY = "ARM, ARM.GOV, .GOV, an id, or words of a name"
_DAY = "YYYY[-MM[-DD]]"
OPTIONS: dict[str, tuple[Any, Any]] = {
    "actor": (_many(f"Who did it: {_PARTY}. Each of these options may be given again: any of its values.", WHO), None),
    "recipient": (_many("To whom.", WHO), None),
    "party": (_many("Actor or recipient.", WHO), None),
    "speaker": (_many("On whose word.", WHO), None),
    "type": (_many("REQUEST, ASSAULT, … (docs/codebook.md).", WHAT), None),
    "mode": (_many("Mode of the type, as yield.", WHAT), None),
    "status": (_many("actual, planned, possible or denied.", WHAT), None),
    "context": (_many("Context of the article, as diplomatic.", WHAT), None),
    "text": (_one(str | None, "Articles that hold all these words, in any spelling.", WHAT, "WORDS"), None),
    "min_confidence": (_one(float | None, "Leave out what is less sure, 0 to 1.", WHAT, "P"), None),
    "place": (_many("A country (GEO), a GeoNames id, or words of a place's name.", WHERE), None),
    "since": (_one(str | None, "First day of the event (else of publication).", WHERE, _DAY), None),
    "until": (_one(str | None, "Last day.", WHERE, _DAY), None),
    "published_since": (_one(str | None, "First day of publication.", WHERE, _DAY), None),
    "published_until": (_one(str | None, "Last day of publication.", WHERE, _DAY), None),
    "changed_since": (
        _one(str | None, "Of articles stored, coded anew or corrected since then (UTC).", WHERE, "MOMENT"),
        None,
    ),
    "outlet": (_many("Outlet, by its name.", WHERE), None),
    "article": (_many("Article, by its id.", WHERE, "ID"), None),
    "unit": (
        _one(Literal["act", "event"], "act: what one article tells, once; event: every mention.", WHAT, "act|event"),
        "act",
    ),
}


def asks(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command that takes `query: Query` the options above in its place."""
    signature = inspect.signature(command)
    own = [
        # Written out here, because `Query` is not imported when a command only prints its help.
        parameter.replace(annotation=eval(parameter.annotation, command.__globals__))
        for name, parameter in signature.parameters.items()
        if name != "query"
    ]
    asked = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, (annotation, default) in OPTIONS.items()
    ]

    @wraps(command)
    def asking(*args: Any, **kwargs: Any) -> None:
        values = {name: kwargs.pop(name) for name in OPTIONS if name in kwargs}
        command(*args, query=_query(values), **kwargs)

    parameters = sorted([*own, *asked], key=lambda p: p.kind)
    asking.__signature__ = signature.replace(parameters=parameters, return_annotation=None)  # type: ignore[attr-defined]
    asking.__annotations__ = {p.name: p.annotation for p in parameters} | {"return": None}
    del asking.__wrapped__
    return asking


def _query(values: dict[str, Any]) -> Query:
    from khabar.archive import Query

    fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items() if v is not None}
    return Query(**fields)
