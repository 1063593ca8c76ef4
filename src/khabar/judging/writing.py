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
    lines += [write_event(event, article.paragraphs[event.paragraph]) for event in coded.events]
    return "\n".join(lines) + "\n"


def write_event(event: Event, text: str) -> str:
    """The line of one event, without its end; `text` is its paragraph. Raises `ValueError` as `write_coding` does."""
    head = [str(event.paragraph), _mention(event.trigger, text), event.type, event.mode or "-", event.status]
    return "\t".join([*head, *(f"{letter}:{value}" for letter, value in write_cells(event, text).items() if value)])


def write_cells(event: Event, text: str) -> dict[str, str]:
    """The fields of an event by their letters (A, R, S, P, T, N), empty ones too. Raises `ValueError`."""
    sides = (("A", event.actors), ("R", event.recipients), ("S", event.speaker))
    cells = {
        letter: " ; ".join(f"{_mention(m, text)}={'+'.join(m.codes) or 'UNK'}" for m in mentions)
        for letter, mentions in sides
    }
    place, time = event.place, event.time
    cells["P"] = f"{_mention(place, text)}={place.country or 'UNK'}" if place else ""
    cells["T"] = f"{_mention(time, text)}={time.value}" if time and time.value else ""
    cells["N"] = ";".join(_toll(name, event.toll[name]) for name in TOLLS if name in event.toll)
    return cells


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
