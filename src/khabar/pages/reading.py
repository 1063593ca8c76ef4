"""Page to article: one way for HTML, plain text and paragraphs that are already split."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from khabar.arabic import clean_text
from khabar.codebook import REASONS
from khabar.records import Article, Dropped, Page

from . import html as markup
from .credits import find_credits
from .cues import is_date_line, line_key
from .dates import Published, choose_date, given_date
from .encoding import repair
from .faults import Fault, PageError
from .languages import NAMES, language
from .lines import label_lines
from .metadata import Metadata, read_metadata
from .sources import Source, iter_sources
from .titles import choose_title, clean_title, tokens

_BATCH = 64  # pages over which lines of a template are counted
_NEAR = 6  # lines above the body that may hold its date
_GLUED = re.compile(
    r"\s*(?:اقرأ|إقرأ|اقرا|شاهد|طالع)\s?(?:أيضاً|أيضًا|أيضا|ايضاً|ايضا)\s*:?\s*(?P<rest>.{10,200}?)"
    r"(?=\s(?:و(?:قال|أضاف|اضاف|أكد|أوضح|كان|كانت|كشف|أشار|ذكر|جاء|قُ?تِ?ل|تابع|شدد|بحسب|في|من|يضم|أعلن)|من جانبه|من جهته|من ناحيته|من جهة|وفي|كما)\S*)"
)


class _Body(NamedTuple):
    title: str
    paragraphs: tuple[str, ...]
    dropped: tuple[Dropped, ...]
    date_lines: tuple[str, ...]
    metadata: Metadata = Metadata()


def read(
    source: Source, *, date: str | None = None, outlet: str | None = None, url: str | None = None
) -> Iterator[Article | Fault]:
    """Articles of a file, a folder, a stream or standard input ("-"), in input order; a Fault for what gives none.

    `date` (`YYYY-MM-DD`), `outlet` and `url` stand where the page does not say. Never raises for an input.
    """
    batch: list[Page | Fault] = []
    stream = iter_sources([source])
    while batch := list(islice(stream, _BATCH)):
        repeated = repeated_lines(page for page in batch if isinstance(page, Page))
        for item in batch:
            yield (
                item
                if isinstance(item, Fault)
                else read_or_fault(
                    item, date=date, outlet=outlet, url=url, repeated=repeated.get(item.outlet or outlet, frozenset())
                )
            )


def read_or_fault(
    page: Page,
    *,
    date: str | None = None,
    outlet: str | None = None,
    url: str | None = None,
    repeated: Collection[str] = frozenset(),
) -> Article | Fault:
    """As `read_page`, with a Fault instead of an error; the arguments stand where the page does not say."""
    import msgspec

    filled = msgspec.structs.replace(page, outlet=page.outlet or outlet, url=page.url or url)
    try:
        article = read_page(filled, repeated=repeated)
    except PageError as error:
        return _fault(page.source, str(error))
    except (RecursionError, MemoryError, ValueError, OverflowError) as error:  # one page never stops the rest
        return _fault(page.source, f"could not be read ({type(error).__name__}: {error})")
    if article.date is None and date is not None:
        published = given_date(date)
        article = msgspec.structs.replace(
            article, date=published.date, date_evidence=published.evidence, date_precision=published.precision
        )
    return article


def _fault(source: str, message: str) -> Fault:
    path, _, line = source.rpartition(":")
    return Fault(path, int(line), message) if path and line.isdigit() else Fault(source, None, message)


def repeated_lines(pages: Iterable[Page]) -> dict[str | None, frozenset[str]]:
    """Per outlet, keys of lines that at least three of its plain-text pages and a third of them share."""
    counts: dict[str | None, Counter[str]] = defaultdict(Counter)
    sizes: Counter[str | None] = Counter()
    for page in pages:
        if page.text is not None:
            sizes[page.outlet] += 1
            counts[page.outlet].update({line_key(line) for line in page.text.splitlines() if 0 < len(line) < 300})
    return {
        outlet: frozenset(key for key, n in found.items() if n >= max(3, sizes[outlet] / 3) and key)
        for outlet, found in counts.items()
    }


def read_page(page: Page, *, repeated: Collection[str] = frozenset()) -> Article:
    """The article of a page. Raises PageError: no text in it, another language (named), HTML that cannot be read."""
    if page.paragraphs is not None:
        return _given_article(page)
    if page.html is not None:
        body = _from_html(page)
    else:
        body = _from_text(page, repeated)
    _check(body.title, body.paragraphs)
    url = page.url or body.metadata.url
    published = given_date(page.date) if page.date else Published()
    if published.date is None:
        published = choose_date(body.metadata.published, body.metadata.modified, body.date_lines, url)
    sources = [item.line for item in body.dropped if item.reason == "source"]
    bylines = [item.line for item in body.dropped if item.reason == "byline"]
    credits = find_credits(body.paragraphs, sources, bylines)
    authors = [name for name in body.metadata.authors if tokens(name) and not _names_site(name, body.metadata)]
    paragraphs = (body.title, *body.paragraphs)
    from .urls import canonical_url

    address = canonical_url(url) if url else None
    return Article(
        id=page.id or article_id(address or page.source, paragraphs),
        paragraphs=paragraphs,
        url=address,
        outlet=page.outlet or (body.metadata.site_names[0] if body.metadata.site_names else None),
        date=published.date,
        date_evidence=published.evidence,
        date_precision="day" if published.date else None,
        agency=credits.agency,
        byline=credits.byline or (authors[0] if authors else None),
        dateline=credits.dateline,
        source=page.source,
        dropped=body.dropped,
    )


def article_id(address: str, paragraphs: Sequence[str]) -> str:
    """First 12 hex digits of the SHA-256 of address (or source path) and paragraphs, joined by newlines."""
    return hashlib.sha256("\n".join((address, *paragraphs)).encode("utf-8", "replace")).hexdigest()[:12]


def _check(title: str, paragraphs: Sequence[str]) -> None:
    text = "\n".join((title, *paragraphs))
    if not any(ch.isalpha() for ch in text):
        raise PageError("no text of an article in this page")
    found = language(" ".join(paragraphs) or title)
    if found != "ar":
        raise PageError(f"the page is in another language: {NAMES[found]} ({found})")


def _names_site(name: str, metadata: Metadata) -> bool:
    return any(tokens(name) == tokens(site) for site in metadata.site_names)


def _given_article(page: Page) -> Article:
    """Paragraphs that are already split stay as they are, letter by letter: offsets of codings count in them."""
    import msgspec

    paragraphs = page.paragraphs or ()
    if page.title is not None and (not paragraphs or paragraphs[0] != page.title):
        paragraphs = (page.title, *paragraphs)
    if not any(text.strip() for text in paragraphs):
        raise PageError("no paragraph with text")
    _check("", paragraphs)
    base = page.article or Article(id="", paragraphs=paragraphs)
    published = given_date(page.date) if page.date else Published()
    url = page.url or base.url
    return msgspec.structs.replace(
        base,
        id=page.id or article_id(url or page.source, paragraphs),
        paragraphs=paragraphs,
        url=url,
        outlet=page.outlet or base.outlet,
        date=published.date,
        date_evidence=(base.date_evidence or published.evidence) if published.date else None,
        date_precision=(base.date_precision or published.precision) if published.date else None,  # type: ignore[arg-type]
        source=base.source or page.source,
    )


def _dropped(line: str, reason: str | None) -> Dropped:
    return Dropped(line=line, reason=reason if reason in REASONS else "other")


def _from_text(page: Page, repeated: Collection[str]) -> _Body:
    text, _ = repair(page.text or "")
    lines = [line for line in (clean_text(raw).strip() for raw in text.splitlines()) if line]
    if not lines:
        raise PageError("no text of an article in this page")
    lines = [part for line in lines for part in _unglue(line)]
    labels = label_lines(lines, title=page.title or "", whole=True, repeated=repeated, outlet=page.outlet, url=page.url)
    first = next((number for number, label in enumerate(labels) if label is None), len(lines))
    title, places = _text_title(page.title, lines, labels, first)
    for number in places:
        labels[number] = None
    near = range(max(0, min(places, default=first) - 3), min(len(lines), first + 1))
    date_lines = [lines[number] for number in near if is_date_line(lines[number])]
    paragraphs = [
        line
        for number, (line, label) in enumerate(zip(lines, labels, strict=True))
        if label is None and number not in places
    ]
    dropped = [_dropped(line, label) for line, label in zip(lines, labels, strict=True) if label is not None]
    if len(places) > 1:  # the title stood there twice: once as the head of the page
        dropped.insert(0, Dropped(line=lines[places[0]], reason="menu"))
    return _Body(title, tuple(paragraphs), tuple(dropped), tuple(date_lines))


def _unglue(line: str) -> Iterator[str]:
    """Parts a paragraph from a headline that a template glued into it ("… محددة. اقرأ أيضاً العالم… وقال …")."""
    match = _GLUED.search(line) if len(line) > 200 else None
    if match is None or (match.start() < 20 and match.start() != 0):
        yield line
        return
    before, glued, after = line[: match.start()].strip(), match[0].strip(), line[match.end() :].strip()
    yield from (part for part in (before, glued) if part)
    if after:
        yield from _unglue(after)


def _text_title(
    given: str | None, lines: Sequence[str], labels: Sequence[str | None], first: int
) -> tuple[str, list[int]]:
    """The title of a text page and the lines that hold it: given, or the line that the head of the page repeats, or the
    bare line that stands right above the body."""
    head = [
        n for n in range(min(first + 1, len(lines))) if 2 <= len(lines[n].split()) <= 30 and not is_date_line(lines[n])
    ]
    if given:
        title = clean_title(given, (), [lines[n] for n in head])
        return title, [n for n in head if tokens(lines[n]) in (tokens(title), tokens(given)) and n <= first]
    for later in reversed(head):
        words = tokens(lines[later])
        if len(words) >= 3 and later and later <= first:
            same = [n for n in head if n < later and _contains(tokens(lines[n]), words)]
            if same and same[0] <= 2:
                return lines[later], [same[0], later]
    if not head:
        return "", []
    opening = head[0] if head[0] == 0 and labels[0] != "source" else -1
    if (
        opening == 0
        and _is_headline(lines[0])
        and (first == 0 or labels[0] in ("menu", "teaser", "caption", "read_also", "heading", "byline"))
    ):
        if first <= 3 or len(head) == 1:
            return clean_title(lines[0]), [0]
    above = [
        n
        for n in head
        if n < first
        and labels[n] in ("teaser", "menu", "read_also", "caption", "heading")
        and len(tokens(lines[n])) >= 4
    ]
    if above:
        choice = above[0] if above[0] == 0 else above[-1]
        return clean_title(lines[choice]), [choice]
    if first == 0 and _is_headline(lines[0]) and len(lines) > 1:
        return clean_title(lines[0]), [0]
    return "", []


def _is_headline(line: str) -> bool:
    return len(line.split()) <= 25 and not line.rstrip().endswith((".", "،", "؛", ":"))


def _contains(outer: Sequence[str], inner: Sequence[str]) -> bool:
    """Whether the words of `inner` stand at the beginning or the end of `outer`."""
    size = len(inner)
    return tuple(outer[:size]) == tuple(inner) or tuple(outer[-size:]) == tuple(inner)


def _from_html(page: Page) -> _Body:
    source, _ = repair(page.html or "")
    tree = markup.parse(source)
    if markup.count_elements(tree) > markup.MAX_ELEMENTS:
        raise PageError(f"more than {markup.MAX_ELEMENTS} elements, no page of an article")
    metadata = read_metadata(tree)
    found = markup.blocks(tree)
    if not found:
        raise PageError("no text of an article in this page")
    kept = markup.extracted(tree, None)
    start, end = markup.region(found, kept, metadata.article_body)
    headings = _headings(found, end)
    given = [("given", page.title)] if page.title else []
    sites = [*metadata.site_names, *([page.outlet] if page.outlet else [])]
    title = choose_title([*given, *metadata.titles], headings, sites)
    start = _with_lead(found, title, start)
    inside = found[start:end]
    hints = [block.hint._replace(kept=markup.compact(block.text) in kept) for block in inside]
    same = [tokens(block.text) == tokens(title) for block in inside]
    lines = [block.text for block in inside]
    labels = label_lines(lines, title=title, whole=True, hints=hints, outlet=page.outlet, url=page.url or metadata.url)
    paragraphs = [
        line for line, label, is_title in zip(lines, labels, same, strict=True) if label is None and not is_title
    ]
    first = start + next((n for n, label in enumerate(labels) if label is None and not same[n]), 0)
    paragraphs = _or_article_body(paragraphs, metadata.article_body)
    dropped = [
        *(_dropped(block.text, _outer_reason(block)) for block in found[:start] if tokens(block.text) != tokens(title)),
        *(
            _dropped(line, label)
            for line, label, is_title in zip(lines, labels, same, strict=True)
            if label and not is_title
        ),
        *(_dropped(block.text, _outer_reason(block)) for block in found[end:]),
    ]
    return _Body(title, tuple(paragraphs), tuple(dropped), tuple(_html_dates(found, title, first)), metadata)


def _headings(found: Sequence[markup.Block], end: int) -> list[str]:
    """Texts of first-level headings up to the end of the body, then of lower ones: what may be the title."""
    levels = sorted({block.hint.heading for block in found[:end] if 0 < block.hint.heading <= 3})
    return [
        block.text for level in levels for block in found[:end] if block.hint.heading == level and len(block.text) > 8
    ]


def _with_lead(found: Sequence[markup.Block], title: str, start: int) -> int:
    """Moves the start of the body up to a lead that stands in a block of its own between title and body."""
    above = [n for n in range(start) if tokens(found[n].text) == tokens(title) and found[n].hint.heading]
    if not above or start - above[-1] > 25:
        return start
    for number in range(above[-1] + 1, start):
        block = found[number]
        if (
            block.hint.reason is None
            and block.hint.link < 0.3
            and len(block.text) > 60
            and block.text.rstrip()[-1:] in '.…"»”!؟'
        ):
            return number
    return start


def _or_article_body(paragraphs: list[str], article_body: str | None) -> list[str]:
    """The body of the page's own JSON-LD where the page shows (almost) nothing of it."""
    if not article_body:
        return paragraphs
    shown = sum(len(text) for text in paragraphs)
    if shown >= 0.5 * len(article_body):
        return paragraphs
    plain = re.sub(r"<[^>]{0,200}>", "\n", article_body)
    return [line for line in (clean_text(part).strip() for part in plain.splitlines()) if line] or paragraphs


def _outer_reason(block: markup.Block) -> str:
    from .cues import find_cue

    cue = find_cue(block.text)
    if cue is not None:
        return cue.reason
    if block.hint.reason is not None:
        return block.hint.reason
    if is_date_line(block.text):
        return "other"
    return "menu" if len(block.text.split()) <= 4 else "teaser"


def _html_dates(found: Sequence[markup.Block], title: str, first: int) -> list[str]:
    """Date lines between the title and the body, then time tags there; the clock in a page's head is none of them."""
    titles = [n for n in range(first + 1) if tokens(found[n].text) == tokens(title)]
    begin = max(0, (titles[-1] if titles else first) - 3)
    near = found[begin : first + 1]
    lines = [block.time for block in near if block.time]
    lines += [block.text for block in near if len(block.text) <= 120 and is_date_line(block.text)]
    return lines
