"""Forms about an article as a whole: who corrects, its contexts, a line that is no text, all events at once."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from khabar.archive import Archive, CorrectionError

ACTIONS = ("name", "contexts", "line", "accept_all", "undo_all")
Pairs = Sequence[tuple[str, str]]


class Values(dict[str, str]):
    """What stands in the fields of a form; a field that nobody filled is empty."""

    def __missing__(self, name: str) -> str:
        return ""


def done(archive: Archive, values: Values, pairs: Pairs) -> str:
    """Does what a form says; gives the address of the page that shows it. Raises `Conflict`, `CorrectionError`,
    `UnknownEvent`."""
    article, who, action = values["article"], values["who"], values["action"]
    at, after, etag = f"/articles/{quote(article, safe='')}", "?said=saved", values["etag"] or None
    note = values["note"] or None
    if action == "name":
        if not who.strip():
            raise CorrectionError("who corrects? give a name")
        return f"{at}#events"
    if action == "contexts":
        chosen = [value for name, value in pairs if name == "context"]
        own = values["own"] == "yes"
        archive.correct_article(article, contexts=chosen, own_contexts=own, who=who, etag=etag, note=note)
        return f"{at}{after}#contexts"
    if action == "line":
        number = values["paragraph"]
        if not (number.isascii() and number.isdecimal() and len(number) < 6):
            raise CorrectionError(f"no paragraph {number[:10]!r}")
        reason = None if values["reason"] == "own" else "" if values["reason"] == "text" else values["reason"]
        archive.correct_article(article, lines={int(number): reason}, who=who, etag=etag, note=note)
        return f"{at}{after}#p{int(number)}"
    if action == "accept_all":
        seen = {id_: was for was, _, id_ in (value.partition(" ") for name, value in pairs if name == "seen")}
        n, moment = archive.accept_all(article, seen, who=who)
        return f"{at}?said=all&n={n}&moment={quote(moment)}#events"
    archive.undo_all(article, values["moment"], who=who)
    return f"{at}{after}#events"
