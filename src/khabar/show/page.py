"""An article as one page of HTML that needs nothing else: text right to left, events marked, cells at the side.

Articles are hostile input: everything they hold is escaped, the page has no script, loads nothing, and links only to
http and https addresses.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from khabar.arabic import display
from khabar.records import Article, CodedArticle, Event, Mention, Place, Time
from khabar.show.cells import other_mentions
from khabar.show.labels import Language, labels, word
from khabar.show.marks import ROLES, Mark, cells_of, in_order, marks_of, segments
from khabar.show.markup import Child, Markup, join, tag
from khabar.show.terminal import reasons_of

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


@cache
def _css() -> str:
    return files("khabar.show").joinpath("data", "page.css").read_text(encoding="utf-8")


def show_html(article: Article, coded: CodedArticle, *, why: bool = False, language: Language = "ar") -> str:
    """The article as a page of HTML (UTF-8). Triggers are coloured by type and link to the cells of their event;
    mentions are underlined, overlapping ones too; lines that the page lost are folded away at its end. `why` adds
    reasons, confidences and alternatives; `language` is that of the page's own words.
    """
    events = in_order(coded)
    title = article.paragraphs[0] if article.paragraphs else ""
    body = tag(
        "div",
        _header(article, title, events, language),
        tag("main", _text(article, coded, events, language), _side(coded, events, why, language)),
        _dropped(article, language),
        _near(coded, language) if why else None,
        class_="page",
    )
    head = join(
        [
            Markup('<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'),
            Markup(f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'),
            tag("title", title or word("no_title", language)),
            Markup(f"<style>{_css()}{_links(events)}</style>"),
        ]
    )
    page = tag("html", tag("head", head), tag("body", body), lang=article.language, dir="rtl")
    return f"<!doctype html>\n{page}\n"


def _links(events: Sequence[Event]) -> str:
    """Rules that light up the words of the event under the pointer, or chosen."""
    return "".join(
        f"main:has(#e{n}:hover) .e{n},main:has(#e{n}:target) .e{n}{{outline:2px solid hsl({_hue(e)} 70% var(--edge));"
        "outline-offset:1px;border-radius:.2em}"
        for n, e in enumerate(events, 1)
    )


def _hue(event: Event) -> str:
    known = labels().get(event.type)
    return known.hue if known and known.hue else "0"


def _header(article: Article, title: str, events: Sequence[Event], language: Language) -> Markup:
    date = article.date or word("no_date", language)
    if article.date_evidence:
        date += f" ({article.date_evidence})"
    address: Child = article.url or article.source
    if article.url and article.url.startswith(("http://", "https://")):
        address = tag("a", article.url, href=article.url, rel="noreferrer noopener nofollow")
    known: list[Child] = [article.outlet, date, article.agency, article.byline, address]
    items = [tag("li", tag("bdi", item)) for item in known if item]
    marks = marks_of(events).get(0, ())
    shown = _marked(title, marks, events) if title else word("no_title", language)
    return tag(
        "header", tag("h1", shown, dir=display.direction(title, "rtl"), id="p0"), tag("ul", *items, class_="meta")
    )


def _text(article: Article, coded: CodedArticle, events: Sequence[Event], language: Language) -> Markup:
    marks, reasons = marks_of(events), dict(coded.not_body)
    shown: list[Child] = []
    for number, paragraph in enumerate(article.paragraphs[1:], 1):
        if not paragraph.strip():
            continue
        way = display.direction(paragraph, "rtl")
        if number in reasons:
            label = tag("span", word(reasons[number], language), class_="tag", title=word("not_body", language))
            shown.append(tag("p", label, paragraph, class_="out", dir=way, id=f"p{number}"))
        else:
            shown.append(tag("p", _marked(paragraph, marks.get(number, ()), events), dir=way, id=f"p{number}"))
    return tag("article", *shown)


def _marked(paragraph: str, marks: Sequence[Mark], events: Sequence[Event]) -> Markup:
    """A paragraph with its spans; where several overlap, each piece carries the classes of all."""
    parts: list[Child] = []
    for segment in segments(paragraph, marks):
        if not segment.marks:
            parts.append(segment.text)
            continue
        classes = " ".join(dict.fromkeys(f"e{mark.event}" for mark in segment.marks))
        triggers = [mark for mark in segment.marks if mark.role == "trigger"]
        if not triggers:
            parts.append(tag("span", segment.text, class_=f"m {classes}"))
            continue
        first = triggers[0].event
        style = f"--h:{_hue(events[first - 1])}"
        parts.append(tag("a", segment.text, class_=f"t {classes}", href=f"#e{first}", style=style))
        ending = [mark.event for mark in triggers if mark.end == segment.start + len(segment.text)]
        if ending:
            parts.append(tag("sup", ",".join(map(str, ending)), style=style))
    return join(parts)


def _side(coded: CodedArticle, events: Sequence[Event], why: bool, language: Language) -> Markup:
    if not events:
        return tag("aside", tag("p", word("no_events", language)))
    others = other_mentions(coded, events)
    cards = [_card(n, event, others.get(n, []), why, language) for n, event in enumerate(events, 1)]
    return tag("aside", tag("h2", f"{word('events', language)} ({len(events)})"), *cards)


def _card(number: int, event: Event, others: Sequence[int], why: bool, language: Language) -> Markup:
    kind = event.type + (f"/{event.mode}" if event.mode else "")
    status = None if event.status == "actual" else tag("span", word(event.status, language), class_="status")
    place = f"{word('paragraph', language)} {event.paragraph}"
    sure = "" if event.confidence is None else f" · {event.confidence:.2f}"
    head = tag(
        "h3",
        tag("a", f"{number}. {event.trigger.text}", href=f"#p{event.paragraph}"),
        tag("span", kind, class_="code"),
        tag("span", word(event.type, language)),
        status,
        tag("span", place + sure, class_="rest"),
    )
    cells: list[Child] = []
    for role in ROLES:
        for n, cell in enumerate(cells_of(event, role)):
            cells += [tag("dt", "" if n else word(role, language)), tag("dd", _cell(cell, language))]
    if event.toll:
        toll = "، ".join(f"{word(name, language)} {value}" for name, value in event.toll.items())
        cells += [tag("dt", word("toll", language)), tag("dd", tag("bdi", toll))]
    if others:
        links: list[Child] = [tag("a", str(other), href=f"#e{other}") for other in others]
        spaced: list[Child] = [part for link in links for part in (link, " ")]
        cells += [tag("dt", word("same_act", language)), tag("dd", *spaced)]
    reasons = [tag("li", tag("bdi", reason)) for reason in reasons_of(event)] if why else []
    more = tag("ul", *reasons, class_="why") if reasons else None
    return tag("section", head, tag("dl", *cells), more, class_="card", id=f"e{number}", style=f"--h:{_hue(event)}")


def _cell(cell: Mention | Place | Time, language: Language) -> Markup:
    """The words of a cell, its code or value, and what else is known of it."""
    words: Child = tag("bdi", cell.text) if cell.text else tag("span", word("understood", language), class_="more")
    more: list[str] = []
    if isinstance(cell, Mention):
        code = "+".join(cell.codes)
        more = [name for name in cell.names if name]
    elif isinstance(cell, Place):
        code = cell.country or ""
        more = [cell.name] if cell.name else []
        if cell.latitude is not None and cell.longitude is not None:
            more.append(f"{cell.latitude:.2f}, {cell.longitude:.2f}")
    else:
        code = cell.value or ""
    parts: list[Child] = [words, " ", tag("span", code or "?", class_="code")]
    if more:
        parts += [" ", tag("bdi", " · ".join(more), class_="more")]
    return join(parts)


def _dropped(article: Article, language: Language) -> Markup | None:
    if not article.dropped:
        return None
    lines = [
        tag("li", tag("span", word(d.reason, language), class_="tag"), tag("bdi", d.line)) for d in article.dropped
    ]
    return tag("details", tag("summary", f"{word('dropped', language)} ({len(lines)})"), tag("ul", *lines))


def _near(coded: CodedArticle, language: Language) -> Markup | None:
    if not coded.near:
        return None
    lines = [
        tag(
            "li",
            tag("bdi", n.trigger.text),
            " ",
            tag("span", f"{n.type} {n.probability:.2f} ¶{n.paragraph}", dir="ltr"),
        )
        for n in coded.near
    ]
    return tag("details", tag("summary", word("near", language)), tag("ul", *lines))
