"""The written form of coding (CODEBOOK section 10): reads it, checks it, writes it.

One article after another, fields separated by TAB: `@ID`, `C` contexts, `X` a dropped paragraph, and a line an event:
paragraph, trigger, type, mode, status, then `A:` `R:` `S:` `P:` `T:` `N:` fields.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from khabar.arabic import EDGE, words
from khabar.codebook import CONTEXTS, MODES, REASONS, TOLLS, check_code
from khabar.judging.loading import Fault
from khabar.records import STATUSES, Article, CodedArticle, Event, Mention, Place, Time, Trigger

_ROLES = {"A": "actors", "R": "recipients", "S": "speaker", "P": "place", "T": "time", "N": "toll"}
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
OCCURRENCE = re.compile(r"#(\d+)$")
_TOLL = re.compile(r"([a-z]+)\s*(>=|~|=)\s*(\d+)")
_ALPHA3 = re.compile(r"[A-Z]{3}")


class _Wrong(ValueError):
    """A fault of the line at hand; `read_coding` adds file and line."""


def occurrences(text: str, plain: str) -> tuple[list[tuple[int, int]], bool]:
    """Spans of a mention on whole words (any white space between its words), and whether it occurs at all."""
    found = words(text)
    starts, ends = {w.start for w in found}, {w.end for w in found}
    pattern = re.compile(r"\s+".join(re.escape(word) for word in plain.split()))
    spans = [m.span() for at in re.finditer(f"(?={pattern.pattern})", text) if (m := pattern.match(text, at.start()))]
    return [(s, e) for s, e in spans if s in starts and e in ends], bool(spans)


def _find(text: str, mention: str, what: str) -> tuple[int, int]:
    """Offsets of a mention, on whole words; `mention#2` is its second occurrence."""
    number = OCCURRENCE.search(mention)
    nth = int(number[1]) if number else 1
    if nth < 1:
        raise _Wrong(f"{what}: occurrence #{nth}")
    plain = (mention[: number.start()] if number else mention).strip().strip(EDGE)
    if not plain:
        raise _Wrong(f"{what}: empty mention")
    whole, anywhere = occurrences(text, plain)
    if not whole:
        raise _Wrong(f"{what}: «{plain}» is not in the paragraph" + (" as whole words" if anywhere else ""))
    if nth > len(whole):
        raise _Wrong(f"{what}: «{plain}» occurs {len(whole)} times, not {nth}")
    return whole[nth - 1]


def check_time(value: str) -> bool:
    """Whether `value` is `YYYY[-MM[-DD]]` or an interval of two such, the first not after the last."""
    parts = value.split("/")
    for part in parts:
        match = _DATE.fullmatch(part)
        try:
            if not match:
                return False
            datetime.date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
        except ValueError:
            return False
    return len(parts) == 1 or (len(parts) == 2 and parts[0][: len(parts[1])] <= parts[1])


def _span(text: str, mention: str, what: str) -> dict[str, Any]:
    if mention == "^":
        return {"text": None, "start": None, "end": None}
    start, end = _find(text, mention, what)
    return {"text": text[start:end], "start": start, "end": end}


def _split_value(item: str, what: str) -> tuple[str, str]:
    mention, sep, value = item.rpartition("=")
    if not sep or not mention.strip() or not value.strip():
        raise _Wrong(f"{what}: «{item}» needs mention=value")
    return mention.strip(), value.strip()


def _party(text: str, item: str, role: str) -> Mention:
    mention, value = _split_value(item, role)
    codes = tuple(value.split("+"))
    for code in codes:
        if not check_code(code):
            raise _Wrong(f"code «{code}»")
    return Mention(**_span(text, mention, role), codes=codes)


def _toll(item: str) -> dict[str, str]:
    toll = {}
    for part in filter(None, re.split(r"[;,]\s*", item)):
        match = _TOLL.fullmatch(part.strip())
        if not match or match[1] not in TOLLS:
            raise _Wrong(f"toll «{part}»")
        toll[match[1]] = ("" if match[2] == "=" else match[2]) + match[3]
    return toll


def _read_field(text: str, field: str, cells: dict[str, Any]) -> None:
    key, sep, rest = field.partition(":")
    if not sep or key not in _ROLES:
        raise _Wrong(f"field «{field}»")
    role = _ROLES[key]
    for item in filter(None, (part.strip() for part in rest.split(" ; "))):
        if key in "ARS":
            cells[role] = (*cells.get(role, ()), _party(text, item, role))
        elif key == "N":
            cells["toll"] = cells.get("toll", {}) | _toll(item)
        else:
            mention, value = _split_value(item, role)
            cell: Place | Time
            if key == "P":
                if not _ALPHA3.fullmatch(value):
                    raise _Wrong(f"place country «{value}»")
                cell = Place(**_span(text, mention, role), country=value)
            else:
                if not check_time(value):
                    raise _Wrong(f"time value «{value}»")
                cell = Time(**_span(text, mention, role), value=value)
            cells.setdefault(role, cell)  # of several places or times the first stands


def read_cell(text: str, field: str) -> dict[str, Any]:
    """One field of an event's line (`A:أرمينيا=ARM ; ^=AZE`, `T:الثلاثاء=2022-07-05`) against its paragraph, as values
    of `records.Event`. Raises `ValueError` with what is wrong."""
    cells: dict[str, Any] = {}
    _read_field(text, field, cells)
    return cells


def _read_event(fields: Sequence[str], paragraphs: Sequence[str]) -> Event:
    if len(fields) < 5:
        raise _Wrong("an event needs five columns, TAB between them")
    if not fields[0].isdigit() or int(fields[0]) >= len(paragraphs):
        raise _Wrong(f"no paragraph {fields[0]}")
    number = int(fields[0])
    text = paragraphs[number]
    trigger, kind, mode, status = (field.strip() for field in fields[1:5])
    if kind not in MODES:
        raise _Wrong(f"type «{kind}»")
    if mode not in ("-", "") and mode not in MODES[kind]:
        raise _Wrong(f"{kind} has no mode «{mode}»")
    if status not in STATUSES:
        raise _Wrong(f"status «{status}»")
    if " " in trigger:
        raise _Wrong(f"trigger «{trigger}» is more than one word")
    if trigger == "^":
        raise _Wrong("a trigger is always a word of the paragraph")
    start, end = _find(text, trigger, "trigger")
    cells: dict[str, Any] = {}
    for field in fields[5:]:
        if field.strip():
            _read_field(text, field.strip(), cells)
    return Event(
        paragraph=number,
        trigger=Trigger(text=text[start:end], start=start, end=end),
        type=kind,
        mode=None if mode in ("-", "") else mode,
        status=status,
        **cells,
    )


class _Draft:
    """The article whose lines are being read."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.contexts: tuple[str, ...] = ()
        self.not_body: list[tuple[int, str]] = []
        self.events: list[Event] = []
        self.seen: set[tuple[int, int, str]] = set()

    def line(self, fields: list[str]) -> None:
        """One line below the `@` line. Raises `ValueError` or `IndexError`."""
        if fields[0] == "C":
            contexts = [c.strip() for c in re.split(r"[;,]", fields[1] if len(fields) > 1 else "") if c.strip()]
            if bad := [context for context in contexts if context not in CONTEXTS]:
                raise _Wrong(f"context {bad}")
            self.contexts = tuple(contexts)
        elif fields[0] == "X":
            if len(fields) < 3 or not fields[1].strip().isdigit():
                raise _Wrong("X needs a paragraph number and a reason, TAB between them")
            number, reason = int(fields[1]), fields[2].strip()
            if reason not in REASONS or not 0 < number < len(self.article.paragraphs):
                raise _Wrong(f"dropped paragraph {fields[1:]}")
            self.not_body.append((number, reason))
        else:
            event = _read_event(fields, self.article.paragraphs)
            key = (event.paragraph, event.trigger.start, event.type)
            if key in self.seen:
                raise _Wrong("this trigger already has an event of this type in this paragraph")
            self.seen.add(key)
            self.events.append(event)

    def coded(self) -> CodedArticle:
        events = sorted(self.events, key=lambda e: (e.paragraph, e.trigger.start))
        return CodedArticle(
            id=self.article.id, contexts=self.contexts, not_body=tuple(self.not_body), events=tuple(events)
        )


def parse_coding(
    text: str, articles: Mapping[str, Article], source: str = "coding"
) -> tuple[list[CodedArticle], list[Fault]]:
    """The coded articles of a text in the written form, and its faults; a faulty line is left out, the rest is read.

    `articles` gives the paragraphs by article id. `source` is the name that faults carry.
    """
    drafts: dict[str, _Draft] = {}
    faults: list[Fault] = []
    current: _Draft | None = None
    skipping = False
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff")), 1):
        if not line.strip() or line.startswith(("```", "#")):
            continue
        try:
            if line.startswith("@"):
                key = line[1:].strip()
                skipping = key not in articles or key in drafts
                if skipping:
                    raise _Wrong(f"article «{key}» a second time" if key in drafts else f"no article «{key}»")
                current = drafts[key] = _Draft(articles[key])
            elif not skipping:
                if current is None:
                    raise _Wrong("before the first @ line")
                current.line(line.split("\t"))
        except ValueError as error:
            faults.append(Fault(source, number, str(error)))
    coded = [draft.coded() for draft in drafts.values()]
    for one in coded:
        dropped = {paragraph for paragraph, _ in one.not_body}
        if bad := sorted({event.paragraph for event in one.events} & dropped):
            faults.append(Fault(source, None, f"@{one.id}: events in dropped paragraphs {bad}"))
    return coded, faults


def read_coding(path: str | Path, articles: Mapping[str, Article]) -> tuple[list[CodedArticle], list[Fault]]:
    """As `parse_coding`, of a file (UTF-8, byte order mark allowed). A file that cannot be read is one fault."""
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except OSError as error:
        return [], [Fault(str(path), None, error.strerror or str(error))]
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return [], [Fault(str(path), line, "not UTF-8")]
    return parse_coding(text, articles, str(path))


def check(paths: Iterable[str | Path], articles: Mapping[str, Article]) -> list[Fault]:
    """Every fault of some files in the written form, and an article that two of the files hold."""
    faults: list[Fault] = []
    seen: dict[str, str] = {}
    for path in paths:
        coded, bad = read_coding(path, articles)
        faults += bad
        for one in coded:
            if one.id in seen:
                faults.append(Fault(str(path), None, f"@{one.id} is also in {seen[one.id]}"))
            seen.setdefault(one.id, str(path))
    return faults
