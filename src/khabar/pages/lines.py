"""The line labeller: which lines of a page are text of the article, and why the others are not.

One labeller for every input. Lines of HTML bring hints of their markup; lines of plain text have none, so wording,
length, punctuation, position and repetition decide. `not_body` is the same labeller on an article that is already
split into paragraphs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple

from khabar.arabic import fold_key
from khabar.records import Article

from .blurbs import content, features, first_blurb, has_blurbs, score
from .credit_names import verbs_of_saying
from .creditlines import credit_line, is_credit
from .cues import Cue, find_cue, is_date_line, line_key, words_of
from .datelines import dateline

LONGEST_BARE = 22  # words of a headline
_TERMINAL = ".؟?!…:؛"
_CLOSERS = " \t\"'”’»)]}*\u200f\u200e"
_BULLET = re.compile(r"^\s*(?:[-–—•*·▪●■]|\(?\d{1,2}\s*[-.)])\s*\S")
_SIGNATURE = re.compile(r"(?<=[.؟!…”\"»])\s*(?:\([^()]{2,25}\)|/[^/]{2,20}/)\s*$")  # "… أمس. (رويترز)"
_RULE = re.compile(r"^[\W_]*$")
_PLACE_BYLINE = re.compile(
    r"^[^\s،.:؟]+(?:\s[^\s،.:؟]+){0,3}\s*[-–—/]\s*[^\s،.:؟]+(?:\s[^\s،.:؟]+){0,3}(?:\s*[-–—/]\s*\S+(?:\s\S+)?)?$"
)


class Hint(NamedTuple):
    """What the markup says of a line: share of its letters inside links, heading level (0: none), whether the extractor
    kept it, and the reason that its container gives by tag, class or id (None: none)."""

    link: float = 0.0
    heading: int = 0
    kept: bool = False
    reason: str | None = None


class _Line(NamedTuple):
    text: str
    key: str
    raw: str
    size: int
    closed: bool  # ends with a mark that ends a sentence
    cut: bool  # ends with an ellipsis: an excerpt
    going_on: bool  # opens with a connective
    bullet: bool
    cue: Cue | None
    dated: bool

    @property
    def prose(self) -> bool:
        return (self.size >= 8 and self.closed and not self.cut) or self.size >= 28


def is_place_and_name(text: str) -> bool:
    """Whether a short line is a place and a name or an agency ("بيروت - ليلى حداد"): who reports from where."""
    raw = fold_key(text).strip()
    return raw.count(" ") < 7 and bool(_PLACE_BYLINE.match(raw))


def _line(text: str) -> _Line:
    raw = fold_key(text)
    key = line_key(text)
    body = _SIGNATURE.sub("", text).rstrip(_CLOSERS)
    words = raw.split()
    first = words[0].strip("\"'«“”(") if words else ""
    waw = first.startswith("و") and len(first) > 2 and first not in words_of("openers", "waw_word")
    return _Line(
        text=text,
        key=key,
        raw=raw,
        size=len(words),
        closed=body[-1:] in _TERMINAL and bool(body),
        cut=body.endswith(("…", "...", "..")),
        # A short bare line may open with من or لا and be a heading all the same; و tells in any line.
        going_on=waw or (first in words_of("openers", "continue") and (len(words) > 12 or body[-1:] in _TERMINAL[:1])),
        bullet=bool(_BULLET.match(text)),
        cue=find_cue(text, key),
        dated=is_date_line(text),
    )


def label_lines(
    lines: Sequence[str],
    *,
    title: str = "",
    whole: bool = False,
    hints: Sequence[Hint] | None = None,
    repeated: Collection[str] = frozenset(),
    outlet: str | None = None,
    url: str | None = None,
    above: int = 0,
    own: Collection[str] = (),
) -> list[str | None]:
    """The reason why each line is no text of the article (`REASONS` of `khabar.codebook`), None for text.

    `whole`: the lines are a whole page with menus before and lists after the article; otherwise they are the body as an
    extractor or an outlet's file gives it; `above` lines of a page stand above its title. `repeated` holds
    `line_key`s of lines that many pages of the outlet share; `own` are the names of the outlet.
    """
    facts = _closed_by_length(_without_false_credits([_line(text) for text in lines], own))
    labels: list[str | None] = [None] * len(lines)
    _mark_plain(facts, labels, hints, repeated, own)
    end = _mark_lists(facts, labels)
    if whole:
        _mark_repeats(facts, labels, line_key(title))
        start, end = _body_span(facts, labels, above, end, hints)
        _mark_outside(facts, labels, start, end)
    else:
        start = 0
        _mark_outside(facts, labels, 0, end)
    _mark_bare(facts, labels, start, end, hints)
    _mark_blurbs(facts, labels, title, outlet, url)
    return labels


def _closed_by_length(facts: list[_Line]) -> list[_Line]:
    """Where an outlet ends no sentence with a mark, long lines and lines that go on count as closed."""
    long = [line for line in facts if line.size >= 14 and line.cue is None and not line.cut]
    if not long or sum(line.closed for line in long) > 0.2 * len(long):
        return facts
    return [
        line._replace(closed=True)
        if not line.cut and line.cue is None and (line.size >= 14 or (line.size >= 7 and line.going_on))
        else line
        for line in facts
    ]


def _without_false_credits(facts: list[_Line], own: Collection[str]) -> list[_Line]:
    """Sentences that open as credits do lose that cue ("نقلا عن شهود، وصلت …", "كتب على حسابه:")."""
    kept = []
    for number, line in enumerate(facts):
        told = line.cue is not None and line.cue.reason in ("source", "byline") and line.closed and line.size > 1
        last = not any(later.prose for later in facts[number + 1 : number + 4])
        kept.append(line if not told or is_credit(line.text, own, last=last) else line._replace(cue=None))
    return kept


def not_body(article: Article) -> tuple[tuple[int, str], ...]:
    """Paragraphs of an article (numbers as in `paragraphs`, the title is 0) that are no text of it, with the reason."""
    paragraphs = article.paragraphs
    title = paragraphs[0] if paragraphs else ""
    labels = label_lines(paragraphs[1:], title=title, outlet=article.outlet, url=article.url)
    return tuple((number, reason) for number, reason in enumerate(labels, 1) if reason is not None)


def _mark_plain(
    facts: Sequence[_Line], labels: list[str | None], hints: Sequence[Hint] | None, repeated: Collection[str],
    own: Collection[str],
) -> None:  # fmt: skip
    """Lines that tell by themselves: cues, rules, dates, agency lines, markup, lines of the template."""
    for number, line in enumerate(facts):
        hint = hints[number] if hints else None
        if not line.key or _RULE.match(line.text):
            labels[number] = "rule" if len(line.text.strip()) > 3 else "other"
        elif line.cue is not None:
            labels[number] = line.cue.reason
        elif number and _takes_next(facts[number - 1].cue) and line.size < 40:
            labels[number] = labels[number - 1]
        elif line.dated:
            labels[number] = "other"
        elif (told := credit_line(line.text, own)) is not None:
            labels[number] = told.reason
        elif line.size <= 9 and not line.closed and dateline(line.text, own) is not None:
            labels[number] = "byline"
        elif hint is not None and hint.reason is not None:
            labels[number] = hint.reason
        elif line.key in repeated and line.size < 40:
            labels[number] = "menu" if line.size <= 4 else "other"
        elif line.size <= 14 and not _arabic(line.key):
            labels[number] = "caption" if "/" in line.text or "©" in line.text else "other"


def _takes_next(cue: Cue | None) -> bool:
    return cue is not None and cue.scope == "next"


def _arabic(key: str) -> bool:
    letters = [ch for ch in key if ch.isalpha()]
    return not letters or sum("\u0600" <= ch <= "\u06ff" for ch in letters) > 0.2 * len(letters)


def _mark_lists(facts: Sequence[_Line], labels: list[str | None]) -> int:
    """Headlines after a cue that opens a list; gives the number of the line where the article is over."""
    prose = 0
    number = 0
    while number < len(facts):
        line = facts[number]
        if labels[number] is None:
            prose += line.prose
        elif line.cue is not None and line.cue.scope == "head":
            number = _mark_list(facts, labels, number)
            continue
        elif line.cue is not None and line.cue.scope == "tail" and prose and not _resumes(facts, labels, number + 1):
            return number
        number += 1
    return len(facts)


def _mark_list(facts: Sequence[_Line], labels: list[str | None], head: int) -> int:
    """Marks what stands under the head of a list; gives the number of the line where the body goes on."""
    cue = facts[head].cue
    reason = cue.reason if cue else "read_also"
    number = head + 1
    taken = 0
    while number < len(facts):
        line = facts[number]
        if labels[number] is None:
            bare = not line.closed or line.cut or (line.size <= 14 and line.text.rstrip(_CLOSERS)[-1:] in "؟?!")
            if line.going_on and line.size >= 8 and (line.closed or line.size >= 12) and not line.cut:
                break
            if not bare and line.size >= 6 and not _blurb_under_list(facts, labels, number):
                break
            if bare and line.size > 40 and not line.cut:
                break
            labels[number] = "teaser" if line.closed and taken and line.size > 14 else reason
            taken += 1
        elif line.cue is not None and line.cue.scope in ("head", "tail"):
            break
        number += 1
    return number


def _blurb_under_list(facts: Sequence[_Line], labels: Sequence[str | None], number: int) -> bool:
    """Whether a whole sentence under a list of headlines is an excerpt of another story: no body follows."""
    body = [line.text for line, label in zip(facts[:number], labels, strict=False) if label is None and line.prose]
    if len(body) < 2 or facts[number].going_on:
        return False
    rest = [line for line in facts[number + 1 : number + 80] if line.prose and line.cue is None]
    if any(line.going_on for line in rest):
        return False
    paragraphs = ["", *body, facts[number].text]
    sets = [content(text) for text in paragraphs]
    return score(features(paragraphs, sets, len(paragraphs) - 1, template=True)) > 0


def _resumes(facts: Sequence[_Line], labels: Sequence[str | None], start: int) -> bool:
    """Whether the article goes on after a cue of its end: two paragraphs that open with a connective soon after."""
    near = [line for line, label in zip(facts[start : start + 8], labels[start:], strict=False) if label is None]
    return sum(line.prose and line.going_on for line in near) >= 2


def _weight(line: _Line, label: str | None, hint: Hint | None) -> float:
    """What a line adds to the body that holds it: words of prose for it, lists and cues against it."""
    if label in ("read_also", "teaser", "heading", "caption", "rule", "other", "share", "promo", "byline", "source"):
        return -3.0
    if label is not None:
        return -8.0
    if line.prose:
        weight = min(line.size, 60) * (1.0 if line.closed else 0.4)
        return weight * (0.3 if hint is not None and hint.link > 0.5 else 1.0)
    if line.closed and line.size >= 4 and not line.cut:
        return 0.5 * line.size
    return -6.0 if line.size >= 5 else -4.0


def _body_span(
    facts: Sequence[_Line], labels: Sequence[str | None], above: int, end: int, hints: Sequence[Hint] | None
) -> tuple[int, int]:
    """First and last + 1 line of the densest run of prose from `above` to `end`, closed lines if there is no prose."""
    best = (0.0, 0, 0)
    total, start = 0.0, above
    for number in range(above, end):
        total += _weight(facts[number], labels[number], hints[number] if hints else None)
        if total <= 0:
            total, start = 0.0, number + 1
        elif total > best[0]:
            best = (total, start, number + 1)
    if best[0] == 0.0:
        return _short_body(facts, labels, above, end)
    return best[1], _with_last_words(facts, labels, best[2], end)


def _with_last_words(facts: Sequence[_Line], labels: Sequence[str | None], stop: int, end: int) -> int:
    """Moves the end of the body over short closed sentences that go on with a connective."""
    number = stop
    while number < min(end, stop + 5):
        line = facts[number]
        number += 1
        if labels[number - 1] is None and line.closed and line.going_on and line.size >= 3 and not line.cut:
            stop = number
    return stop


def _short_body(facts: Sequence[_Line], labels: Sequence[str | None], above: int, end: int) -> tuple[int, int]:
    """A page without any long sentence: its closed lines, else everything that no cue takes away."""
    closed = [number for number in range(above, end) if labels[number] is None and facts[number].closed]
    if closed:
        return closed[0], closed[-1] + 1
    return above, end


def _mark_outside(facts: Sequence[_Line], labels: list[str | None], start: int, end: int) -> None:
    """Lines before the body are menu or headlines of others, lines after it go by the last head or tail above them."""
    for number in range(start):
        if labels[number] is None:
            labels[number] = "menu" if facts[number].size <= 4 else "teaser"
    reason = "read_also"
    for number in range(end, len(facts)):
        label, cue = labels[number], facts[number].cue
        if cue is not None and cue.scope in ("head", "tail"):
            reason = cue.reason
        if label is None:
            line = facts[number]
            headline = line.size >= 5 and not line.closed and reason in ("comment_form", "tags", "copyright")
            labels[number] = "teaser" if headline else "menu" if reason == "copyright" else reason


def _mark_repeats(facts: Sequence[_Line], labels: list[str | None], title: str) -> None:
    """Lines that stand on the page more than once: headlines in every list, sentences after their first time."""
    counts = Counter(line.key for line, label in zip(facts, labels, strict=True) if label is None and line.size >= 4)
    seen: set[str] = set()
    for number, line in enumerate(facts):
        if labels[number] is None and counts[line.key] > 1 and line.key != title:
            headline = line.size <= LONGEST_BARE and (not line.closed or line.text.rstrip(_CLOSERS)[-1:] in "؟?!…")
            if headline:
                labels[number] = "read_also"
            elif line.key in seen:
                labels[number] = "other"
            seen.add(line.key)


def _mark_bare(
    facts: Sequence[_Line], labels: list[str | None], start: int, end: int, hints: Sequence[Hint] | None
) -> None:
    """Headlines, subheadings, captions and names that stand in the body without any cue."""
    body = [number for number in range(start, end) if labels[number] is None]
    long = [facts[number] for number in body if facts[number].size >= 12]
    closed_style = len(long) < 2 or sum(line.closed for line in long) >= 0.6 * len(long)
    listing = sum(facts[number].bullet for number in body) >= 2
    questions = sum(facts[number].text.rstrip(_CLOSERS)[-1:] in "؟?" for number in body) if body else 0
    last_prose = max((number for number in body if facts[number].prose), default=-1)
    before: _Line | None = None
    for place, number in enumerate(body):
        line = facts[number]
        hint = hints[number] if hints else Hint()
        later = number < last_prose
        ready = before is None or before.closed or before.size <= 1
        colon = before is not None and before.text.rstrip().endswith(":") and (before.size > 5 or before.going_on)
        reason = None
        if ready and not colon and not (listing and line.bullet) and not line.going_on:
            reason = _bare_reason(line, hint, place, later, closed_style, questions >= 4)
        if reason is None:
            before = line
        labels[number] = reason


def _bare_reason(line: _Line, hint: Hint, place: int, later: bool, closed_style: bool, interview: bool) -> str | None:
    last = line.text.rstrip(_CLOSERS)[-1:]
    if line.closed and not line.cut:
        ask = last in "؟?!" and line.size <= 13 and not interview and place > 0 and line.text.count(".") <= 1
        ask = ask and not line.text.startswith(('"', "“", "«"))
        if ask or (hint.heading and line.size <= 14):
            return "heading" if line.size <= 7 else "read_also"
        first = line.raw.split()[0]
        head = first not in words_of("openers", "lead_verb")
        if first in verbs_of_saying():
            return None  # "كتب على حسابه:" leads to the words that follow
        if last == ":" and later and place > 0 and not line.going_on and line.size <= (12 if head else 4):
            return "heading"
        return None
    if hint.heading >= 2 and line.size <= LONGEST_BARE:
        return "heading"
    if hint.link > 0.8 and line.size <= LONGEST_BARE:
        return "read_also"
    if place == 0:
        if line.size <= 6 and _PLACE_BYLINE.match(line.raw):
            return "byline"
        if line.size <= 11 and later:
            return "byline" if line.size <= 4 else "caption"
        return None
    if place == 1 and line.size <= 8 and _PLACE_BYLINE.match(line.raw):
        return "byline"
    if not closed_style:
        return "heading" if line.size <= 5 and later else None
    if line.size <= 6:
        return "heading"
    return "read_also" if line.size <= LONGEST_BARE else None


def _mark_blurbs(
    facts: Sequence[_Line], labels: list[str | None], title: str, outlet: str | None, url: str | None
) -> None:
    body = [number for number, label in enumerate(labels) if label is None]
    if len(body) < 3:
        return
    paragraphs = [title, *(facts[number].text for number in body)]
    first = first_blurb(paragraphs, has_blurbs(outlet, url, paragraphs[1]))
    for number in body[first - 1 :]:
        labels[number] = "teaser"
