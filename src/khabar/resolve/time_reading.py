"""The time expressions of an article, read against the day that its text calls today."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from khabar.arabic.calendar import TimeExpression, find_times
from khabar.arabic.folding import fold_key
from khabar.records import Article

TODAY = re.compile(
    r"\b(?:اول من امس|امس|اليوم|غدا|البارحه)\s*\(?\s*(?:الاحد|الاثنين|الثلاثاء|الاربعاء|الخميس|الجمعه|السبت)\b"
)
ALMANAC = re.compile(r"(?:هذا|مثل هذا|ذات) اليوم (?:في|من) (?:ال)?تاريخ|(?:حدث )?في مثل هذا اليوم")
MAIN = ("nearest one up to", "day word relative")  # reasons of the days that news is told of
OFFSETS = {"اول": -2, "امس": -1, "البارحه": -1, "اليوم": 0, "غدا": 1}
WEEKDAYS = ("الاثنين", "الثلاثاء", "الاربعاء", "الخميس", "الجمعه", "السبت", "الاحد")

# Expressions by paragraph, for events that look ahead (True), back (False), or as the words around say (None).
Reading = Callable[[bool | None], list[list[TimeExpression]]]


def reference_of(article: Article) -> date | None:
    """The publication day, if the article has one known to the day."""
    if article.date is None or article.date_precision not in (None, "day"):
        return None
    try:
        return date.fromisoformat(article.date[:10])
    except ValueError:
        return None


def written_on(paragraphs: Sequence[str], published: date) -> date:
    """The day that the text itself calls today: "أمس الثلاثاء" in a page of Thursday was written on Wednesday.

    At most three days before publication; the publication day where the text names no weekday beside a day word, or
    where its own words disagree.
    """
    votes: Counter[int] = Counter()
    for paragraph in paragraphs:
        for match in TODAY.finditer(fold_key(paragraph)):
            words = re.findall(r"\w+", match.group())
            today = published + timedelta(days=OFFSETS[words[0]])
            gap = (today.weekday() - WEEKDAYS.index(words[-1])) % 7
            if gap <= 3:
                votes[gap] += 1
    if not votes:
        return published
    gap, count = votes.most_common(1)[0]
    return published - timedelta(days=gap) if count * 2 > sum(votes.values()) else published


def times_of(article: Article) -> list[list[TimeExpression]]:
    """All time expressions of an article by paragraph, read against its publication date."""
    return reading_of(article)(None)


def reading_of(article: Article) -> Reading:
    """The article's time expressions, each way of looking read once."""
    reference = reference_of(article)
    done: dict[bool | None, list[list[TimeExpression]]] = {}
    silent: list[int] = []  # paragraphs without a time, however one looks

    def reading(future: bool | None) -> list[list[TimeExpression]]:
        if future not in done:
            done[future] = list(_read(article, reference, future, silent))
            if not silent:
                silent.extend(number for number, found in enumerate(done[future]) if not found)
        return done[future]

    return reading


def _read(
    article: Article, reference: date | None, future: bool | None, silent: Sequence[int]
) -> Iterator[list[TimeExpression]]:  # fmt: skip
    """Expressions by paragraph; what a paragraph told last is what the next one's "the same day" goes back to."""
    previous: str | None = None
    main: date | None = None
    today = written_on(article.paragraphs, reference) if reference is not None else None
    almanac = reference if reference is not None and article.paragraphs and ALMANAC.search(
        fold_key(article.paragraphs[0])) else None  # fmt: skip
    for number, paragraph in enumerate(article.paragraphs):
        if number in silent:
            yield []
            continue
        found = find_times(paragraph, today, future=future, previous=previous, main=main)
        if almanac is not None and found and found[0].start <= 1 and len(found[0].value or "") == 4:
            day = f"{found[0].value}-{almanac:%m-%d}"
            found[0] = found[0]._replace(value=day, precision="day", reason="this day in the year written")
        if today is not None and reference is not None and today != reference:
            found = [_until(e, today, reference) for e in found]
        previous = next((e.value for e in reversed(found) if e.value is not None and e.kind == "date"), previous)
        main = next((date.fromisoformat(e.value) for e in found if e.value and e.reason.startswith(MAIN)), main)
        yield found


def _until(expression: TimeExpression, today: date, published: date) -> TimeExpression:
    """ "Since X" runs to the publication date, also where the text's own today is a day earlier."""
    value = expression.value
    if value is not None and expression.reason == "from it to the reference" and value.endswith(f"/{today}"):
        return expression._replace(value=value.removesuffix(str(today)) + str(published))
    return expression


def best_overlap(expressions: Sequence[TimeExpression], start: int, end: int) -> TimeExpression | None:
    """The expression, or the part of one, whose words fit the span best; None if none touches it."""
    best: TimeExpression | None = None
    best_fit = 0.0
    for expression in _flat(expressions):
        common = min(end, expression.end) - max(start, expression.start)
        if common <= 0:
            continue
        fit = common / (max(end, expression.end) - min(start, expression.start))
        if fit > best_fit or (fit == best_fit and best is not None and best.value is None and expression.value):
            best, best_fit = expression, fit
    return best


def _flat(expressions: Sequence[TimeExpression]) -> Iterator[TimeExpression]:
    for expression in expressions:
        yield expression
        yield from _flat(expression.parts)


def main_day(paragraphs: Sequence[Sequence[TimeExpression]]) -> str | None:
    """The day that the beginning of the article tells of: the first one in its title and first two paragraphs."""
    for found in paragraphs[:3]:
        for one in found:
            if one.value is not None and one.reason.startswith(MAIN):
                return one.value
    return None
