"""Writes coded articles in the written form of CODEBOOK section 10, so that people can read and correct them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from khabar.arabic import EDGE
from khabar.codebook import TOLLS
from khabar.judging.form import OCCURRENCE, occurrences
from khabar.records import Article, CodedArticle, Event, Mention, Place, Time, Trigger


def write_coding(coded: CodedArticle | Iterable[CodedArticle], articles: Mapping[str, Article]) -> str:
    """Coded articles in the written form; `parse_coding` gives them back (codes, countries, values; no confidences).

    `articles` gives the paragraphs, which tell the second occurrence of a word from the first. A mention without codes
    and a place without country are written `UNK`; a time without value has no written form and is left out.
    Raises `ValueError` for a mention that is not on whole words or holds ` ; `.
    """
    many = (coded,) if isinstance(coded, CodedArticle) else coded
    return "".join(_article(one, articles[one.id]) for one in many)


def _article(coded: CodedArticle, article: Article) -> str:
    lines = [f"@{coded.id}", f"C\t{';'.join(coded.contexts)}".rstrip("\t")]
    lines += [f"X\t{paragraph}\t{reason}" for paragraph, reason in coded.not_body]
    lines += [_event(event, article.paragraphs[event.paragraph]) for event in coded.events]
    return "\n".join(lines) + "\n"


def _event(event: Event, text: str) -> str:
    fields = [str(event.paragraph), _mention(event.trigger, text), event.type, event.mode or "-", event.status]
    for letter, mentions in (("A", event.actors), ("R", event.recipients), ("S", event.speaker)):
        if mentions:
            items = [f"{_mention(m, text)}={'+'.join(m.codes) or 'UNK'}" for m in mentions]
            fields.append(f"{letter}:{' ; '.join(items)}")
    if event.place:
        fields.append(f"P:{_mention(event.place, text)}={event.place.country or 'UNK'}")
    if event.time and event.time.value:
        fields.append(f"T:{_mention(event.time, text)}={event.time.value}")
    if event.toll:
        fields.append("N:" + ";".join(_toll(name, event.toll[name]) for name in TOLLS if name in event.toll))
    return "\t".join(fields)


def _toll(name: str, value: str) -> str:
    return f"{name}{value}" if value.startswith((">=", "~")) else f"{name}={value}"


def _mention(cell: Trigger | Mention | Place | Time, text: str) -> str:
    """The words of a cell as they are written, with `#n` where they alone would mean another occurrence."""
    if cell.text is None or cell.start is None or cell.end is None:
        return "^"
    plain = " ".join(text[cell.start : cell.end].split())
    whole, _ = occurrences(text, plain) if plain else ([], False)
    if (cell.start, cell.end) not in whole or " ; " in plain or plain != plain.strip(EDGE):
        raise ValueError(f"«{cell.text}» ({cell.start}-{cell.end}) cannot be written: it is not a run of whole words")
    nth = whole.index((cell.start, cell.end)) + 1
    return f"{plain}#{nth}" if nth > 1 or plain == "^" or OCCURRENCE.search(plain) else plain
