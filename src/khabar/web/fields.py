"""The cells of an event as fields of a form, in the written form of the codebook, and back: `أرمينيا=ARM ; ^=AZE`.

A field that gives words alone (`أرمينيا`) is filled by the tables as a coder's would be.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec

from khabar.archive import CorrectionError
from khabar.archive.corrected import SIDES
from khabar.judging import read_cell, write_cells
from khabar.records import Article, CodedArticle, Event, Mention, Place, Time, Trigger

# Field -> its letter in the written form.
LETTERS = {"actors": "A", "recipients": "R", "speaker": "S", "place": "P", "time": "T", "toll": "N"}
PLAIN = ("type", "mode", "status")
# Stands for the value that a field leaves to the tables.
_OPEN = {"A": "UNK", "R": "UNK", "S": "UNK", "P": "UNK", "T": "0001"}


def written(event: Event, text: str) -> dict[str, str]:
    """Field -> what stands in it; `text` is the event's paragraph."""
    found = {"type": event.type, "mode": event.mode or "", "status": event.status}
    for name, letter in LETTERS.items():
        alone = Event(paragraph=event.paragraph, trigger=event.trigger, type=event.type, **{name: getattr(event, name)})
        try:
            found[name] = write_cells(alone, text)[letter]
        except ValueError:  # words that are no whole words cannot be written; unchanged, they stay as they are
            found[name] = _loose(getattr(event, name))
    return found


def _loose(value: Any) -> str:
    cells = value if isinstance(value, tuple) else (value,)
    return " ; ".join(f"{c.text or '^'}={'+'.join(getattr(c, 'codes', ())) or '?'}" for c in cells if c)


def changed(event: Event, text: str, values: Mapping[str, str]) -> dict[str, str]:
    """The fields whose content is not what stands in them."""
    before = written(event, text)
    return {name: value.strip() for name, value in values.items() if name in before and value.strip() != before[name]}


def read_trigger(text: str, value: str) -> Trigger:
    """The word of a paragraph that carries an event; `word#2` is its second occurrence. Raises `CorrectionError`."""
    found = _cell(text, f"S:{value.strip()}=UNK")["speaker"][0] if value.strip() else None
    if found is None or found.text is None or found.start is None or found.end is None:
        raise CorrectionError("trigger: choose the word of the paragraph that tells the act")
    return Trigger(text=found.text, start=found.start, end=found.end)


def read(article: Article, event: Event, values: Mapping[str, str]) -> dict[str, Any]:
    """Cells (as JSON gives them) of fields, read against the event's paragraph. Raises `CorrectionError`."""
    text = article.paragraphs[event.paragraph]
    cells: dict[str, Any] = {name: values[name] or None for name in PLAIN if name in values}
    typed: dict[str, Any] = {}
    for name, letter in LETTERS.items():
        if name not in values:
            continue
        items = [item.strip() for item in re.split(r"\s;(?:\s|$)", values[name]) if item.strip()]
        if letter in _OPEN:
            items = [item if "=" in item else f"{item}={_OPEN[letter]}?" for item in items]
        field = " ; ".join(item.removesuffix("?") for item in items)
        found = _cell(text, f"{letter}:{field}").get(name) if field else None
        typed[name] = _opened(found, [item.endswith("?") for item in items])
    return cells | complete(article, event, typed)


def _cell(text: str, field: str) -> dict[str, Any]:
    try:
        return read_cell(text, field)
    except ValueError as error:
        raise CorrectionError(str(error)) from None


def _opened(found: Any, left: list[bool]) -> Any:
    """Cells without the values that the field left open."""
    if isinstance(found, tuple):
        return tuple(
            msgspec.structs.replace(cell, codes=()) if open_ else cell for cell, open_ in zip(found, left, strict=True)
        )
    if isinstance(found, Place) and left[0]:
        return msgspec.structs.replace(found, country=None)
    if isinstance(found, Time) and left[0]:
        return msgspec.structs.replace(found, value=None)
    return found


def complete(article: Article, event: Event, cells: Mapping[str, Any]) -> dict[str, Any]:
    """Typed cells as JSON gives them, with what the tables know of their words: names and ids of parties whose codes
    they share, coordinates of places whose country they share, and values that are open. Raises `CorrectionError`
    where the tables do not know an open value."""
    actors, recipients, speaker = ([_bare(Mention, m) for m in cells.get(name) or ()] for name in SIDES)
    bare = Event(
        paragraph=event.paragraph, trigger=event.trigger, type=event.type, id="x:0:0:X", actors=tuple(actors),
        recipients=tuple(recipients), speaker=tuple(speaker), place=_bare(Place, cells.get("place")),
        time=_bare(Time, cells.get("time")),
    )  # fmt: skip
    known = _resolved(article, bare)
    found: dict[str, Any] = {}
    for name, value in cells.items():
        if name in SIDES:
            pairs = zip(value or (), getattr(known, name), strict=True)
            found[name] = tuple(_party(name, mention, by_table, event) for mention, by_table in pairs)
        elif name == "place" and value is not None:
            found[name] = _place(value, known.place, event.place)
        elif name == "time" and value is not None:
            found[name] = _time(value, known.time)
        else:
            found[name] = value if value is not None else {} if name == "toll" else None
    return {name: msgspec.to_builtins(value) for name, value in found.items()}


def _bare(kind: Any, cell: Any) -> Any:
    return kind(text=cell.text, start=cell.start, end=cell.end) if cell is not None else None


def _party(side: str, mention: Mention, known: Mention, event: Event) -> Mention:
    for old in getattr(event, side):
        if (old.start, old.end, old.codes) == (mention.start, mention.end, mention.codes):
            return old if mention.ids == () else mention
    if not mention.codes:
        if not known.codes:
            raise CorrectionError(
                f"{side}: «{mention.text or '^'}»: the tables do not know it; write {mention.text}=CODE"
            )
        return known
    if mention.ids == () and mention.text and sorted(mention.codes) == sorted(known.codes):
        return msgspec.structs.replace(mention, codes=known.codes, ids=known.ids, names=known.names)
    return mention


def _place(cell: Place, known: Place | None, old: Place | None) -> Place:
    if old and (old.start, old.end, old.country) == (cell.start, cell.end, cell.country) and cell.geonames is None:
        return old
    if cell.country is None and (known is None or known.country is None):
        raise CorrectionError(
            f"place: «{cell.text or '^'}»: the tables do not know it; write {cell.text or '^'}=COUNTRY"
        )
    if known and cell.geonames is None and cell.text and cell.country in (None, known.country):
        return msgspec.structs.replace(known, text=cell.text, start=cell.start, end=cell.end, link=None)
    return cell


def _time(cell: Time, known: Time | None) -> Time:
    if cell.value is None:
        if known is None or known.value is None:
            raise CorrectionError(f"time: «{cell.text or '^'}»: no known day; write {cell.text or '^'}=YYYY-MM-DD")
        return known
    return cell


def _resolved(article: Article, event: Event) -> Event:
    from khabar.resolve import resolve

    return resolve(article, CodedArticle(id=article.id, events=(event,)), _tables()).events[0]


def load() -> None:
    """Reads the tables, which takes a moment, before somebody waits for them."""
    _tables()


@cache
def _tables() -> Any:
    from khabar.resolve import load_tables

    return load_tables()
