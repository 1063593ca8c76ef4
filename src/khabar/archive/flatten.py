"""Records to rows: one article with what was coded from it, as the dictionaries that go into the tables."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

import msgspec

from khabar.archive import keys
from khabar.archive.folding import name_key, text_key
from khabar.pairing import country_pairs, state, two_sided
from khabar.records import Act, Article, CodedArticle, Event, Mention, Record, Trigger

# Table name -> its rows.
Rows = dict[str, list[dict[str, Any]]]
R = TypeVar("R", bound=Record)

_TOLL = re.compile(r"(>=|<=|~)?\s*(\d{1,15})")


def storable(record: R) -> R:
    """The record with characters that no database stores replaced one for one by U+FFFD, so that offsets hold."""
    try:
        if b"\\u0000" not in msgspec.json.encode(record):
            return record
    except UnicodeEncodeError:
        pass
    return msgspec.convert(_replaced(msgspec.to_builtins(record)), type(record))


def _replaced(value: Any) -> Any:
    if isinstance(value, str):
        return keys.storable_text(value)
    if isinstance(value, dict):
        return {_replaced(k): _replaced(v) for k, v in value.items()}
    return [_replaced(v) for v in value] if isinstance(value, list | tuple) else value


def pruned_json(record: Record) -> str:
    """JSON of a record without the keys that hold nothing; reading it gives the record again."""
    return msgspec.json.encode(_pruned(record)).decode()


def retired_json(events: Iterable[Event]) -> str:
    """JSON of the events of a version that is shown no more."""
    return f"[{','.join(map(pruned_json, events))}]"


def _pruned(record: Record) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name in record.__struct_fields__:
        value = getattr(record, name)
        if value is None or value == () or value == {}:
            continue
        if isinstance(value, Record):
            value = _pruned(value)
        elif isinstance(value, tuple) and isinstance(value[0], Record):
            value = [_pruned(part) for part in value]
        kept[name] = value
    return kept


def interval(value: str | None) -> tuple[str, str] | None:
    """First and last day of `YYYY[-MM[-DD]]` or `first/last`; None where it is neither."""
    if not value:
        return None
    first, _, last = value.partition("/")
    low, high = _day(first, last=False), _day(last or first, last=True)
    return (low, high) if low and high and low <= high else None


def _day(value: str, *, last: bool) -> str | None:
    parts = value.strip().split("T")[0].split("-")
    try:
        year, month, day = (*map(int, parts), 0, 0)[:3]
        if not (1 <= year <= 9999 and 0 <= month <= 12):
            return None
        month = month or (12 if last else 1)
        length = calendar.monthrange(year, month)[1]
        return f"{year:04d}-{month:02d}-{day or (length if last else 1):02d}" if day <= length else None
    except ValueError:
        return None


def published(article: Article) -> tuple[str, str] | None:
    """First and last day of the publication date, as wide as its precision."""
    date = article.date or ""
    return interval({"month": date[:7], "year": date[:4]}.get(article.date_precision or "", date))


class Coding(NamedTuple):
    """Whose coding it is and when it was stored (UTC, ISO 8601)."""

    coder: str
    model: str | None
    at: str


def article_rows(article: Article, key: keys.Key) -> Rows:
    """Rows of what was read: the article (without what the coding fills), its paragraphs and dropped lines."""
    place = {"month": key.month, "article": key.number}
    title = article.paragraphs[0] if article.paragraphs else ""
    head = {
        **place, "id": article.id, "key": key.page, "digest": key.digest, "current": True, "title": title,
        "url": article.url, "source": article.source, "outlet": article.outlet,
        "outlet_key": text_key(article.outlet) if article.outlet else None,
        "published": article.date, "date_evidence": article.date_evidence, "date_precision": article.date_precision,
        "agency": article.agency, "byline": article.byline, "dateline": article.dateline,
        "language": article.language,
    }  # fmt: skip
    return {
        "articles": [head],
        "paragraphs": [{**place, "paragraph": n, "text": text} for n, text in enumerate(article.paragraphs)],
        "dropped": [
            {**place, "position": n, "line": d.line, "reason": d.reason} for n, d in enumerate(article.dropped)
        ],
        "texts": [text_row(article.paragraphs, key.number)],
    }


def text_row(paragraphs: Sequence[str], number: int) -> dict[str, Any]:
    """The row of the full-text index: search keys of title and body."""
    return {
        "article": number,
        "title": text_key(paragraphs[0]) if paragraphs else "",
        "body": text_key("\n".join(paragraphs[1:])),
    }


def coded_head(coded: CodedArticle, acts: Sequence[Act], coding: Coding) -> dict[str, Any]:
    """The columns of `articles` that the coding fills."""
    people = (
        name
        for event in coded.events
        for mention in (*event.actors, *event.recipients, *event.speaker)
        for name in (mention.names or (mention.text,))
    )
    places = (event.place.name or event.place.text for event in coded.events if event.place)
    return {
        "coder": coding.coder, "model": coding.model, "coded": coding.at, "coded_by": coded.coder,
        "contexts": _list(coded.contexts), "not_body": _list(coded.not_body),
        "story_parties": _list(_distinct(people)), "story_places": _list(_distinct(places)),
        "events": len(coded.events), "acts": len(acts),
    }  # fmt: skip


def _distinct(values: Iterator[str | None]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))


def _list(values: Sequence[Any]) -> str:
    return msgspec.json.encode(values).decode()


def coded_rows(article: Article, coded: CodedArticle, acts: Sequence[Act], key: keys.Key, coding: Coding) -> Rows:
    """Rows of what was coded. The days of the publication date stand where an event has no time."""
    rows: Rows = {"contexts": []}
    about = (article.paragraphs, published(article))
    place = {"month": key.month, "article": key.number}
    for position, context in enumerate(dict.fromkeys(coded.contexts)):
        rows["contexts"].append({**place, "position": position, "context": context})
    act_of = {number: n for n, act in enumerate(acts) for number in act.events}
    common = {**place, "coder": coding.coder, "model": coding.model}
    for n, event in enumerate(coded.events):
        own = {**common, "number": n, "id": event.id, "act": act_of.get(n), "record": pruned_json(event)}
        _event(rows, "event", "events", event, own, *about)
    ids = [event.id for event in coded.events]
    for n, act in enumerate(acts):
        lead = coded.events[act.events[0]]
        own = {
            **common, "number": n, "id": act.id, "lead": act.events[0], "mentions": len(act.events),
            "mention_ids": _list([ids[i] for i in act.events]),
            "record": None if act.best == lead else pruned_json(act.best),
        }  # fmt: skip
        _event(rows, "act", "acts", act.best, own, *about)
    return rows


def _event(
    rows: Rows,
    unit: str,
    cells: str,
    event: Event,
    own: dict[str, Any],
    paragraphs: Sequence[str],
    days: tuple[str, str] | None,
) -> None:
    time, place = event.time, event.place
    told = interval(time.value) if time else None
    first, last = told or days or (None, None)
    row = {
        **own, "paragraph": event.paragraph, "trigger": event.trigger.text, "trigger_start": event.trigger.start,
        "trigger_end": event.trigger.end, "type": event.type, "mode": event.mode, "status": event.status,
        "confidence": event.confidence, "first": first, "last": last,
        "dated": "event" if told else "article" if days else None,
        "time": time.value if time else None, "time_text": time.text if time else None,
        "time_start": time.start if time else None, "time_end": time.end if time else None,
        "precision": time.precision if time else None,
        "place": place.name if place else None, "place_text": place.text if place else None,
        "place_start": place.start if place else None, "place_end": place.end if place else None,
        "place_label": _label(rows, place.text, place.name) if place else None,
        "country": place.country if place else None, "admin1": place.admin1 if place else None,
        "geonames": place.geonames if place else None, "latitude": place.latitude if place else None,
        "longitude": place.longitude if place else None, "feature": place.feature if place else None,
    }  # fmt: skip
    rows.setdefault(cells, []).append(row)
    place_key = {"month": own["month"], "article": own["article"], "number": own["number"]}
    told_of = {"type": event.type, "mode": event.mode, "first": first, "last": last}
    sides: dict[str, set[str]] = {"actor": set(), "recipient": set(), "speaker": set()}
    parties = rows.setdefault(f"{unit}_parties", [])
    for role, mentions in (("actor", event.actors), ("recipient", event.recipients), ("speaker", event.speaker)):
        for position, mention in enumerate(mentions):
            for party in _parties(rows, mention):
                if party["code"]:
                    sides[role].add(party["code"])
                parties.append({**place_key, "role": role, "position": position, **party, **told_of})
    text = paragraphs[event.paragraph] if event.paragraph < len(paragraphs) else ""
    if event.recipients:
        pairs = {(state(source), state(target)) for source in sides["actor"] for target in sides["recipient"]}
    else:
        pairs = mutual(sides["actor"], event.type, event.mode, event.trigger, text)
    rows.setdefault(f"{unit}_dyads", []).extend(
        {**place_key, "source": source, "target": target, **told_of, "sided": bool(event.recipients)}
        for source, target in sorted(pairs)
    )
    rows.setdefault(f"{unit}_tolls", []).extend(
        {**place_key, "category": category, "value": value, **_toll(value)} for category, value in event.toll.items()
    )


def mutual(codes: set[str], type_: str, mode: str | None, trigger: Trigger, text: str) -> set[tuple[str, str]]:
    """The pairs of countries that the actors of an event without recipients make; `text` is its paragraph."""
    if len(codes) < 2 or not two_sided(type_, mode, trigger.text, text[: trigger.start], text[trigger.end :]):
        return set()
    return country_pairs(codes)


def _parties(rows: Rows, mention: Mention) -> Iterator[dict[str, Any]]:
    for part, code in enumerate(mention.codes or (None,)):
        country, _, sector = (code or "").partition(".")
        actor_id = mention.ids[part] if part < len(mention.ids) else None
        name = mention.names[part] if part < len(mention.names) else None
        yield {
            "part": part, "code": code, "country": country or None, "sector": sector or None,
            "actor_id": actor_id or None, "name": name or None, "mention": mention.text,
            "mention_start": mention.start, "mention_end": mention.end, "method": mention.method,
            "confidence": mention.confidence, "label": _label(rows, mention.text, name),
        }  # fmt: skip


def _label(rows: Rows, written: str | None, latin: str | None) -> int | None:
    key = name_key(written, latin)
    if not key.strip():
        return None
    label = keys.number(key)
    rows.setdefault("names", []).append({"label": label, "key": key})
    return label


def _toll(value: str) -> dict[str, Any]:
    match = _TOLL.fullmatch(value.strip())
    return {"relation": (match[1] or "") if match else "", "persons": int(match[2]) if match else None}
