""" "منذ X" by what happened: a state that goes on lasts from X to the publication date, a completed act took place at X
(CODEBOOK section 11)."""

from __future__ import annotations

import re
from datetime import date

from khabar.arabic import fold_key, strip_proclitics
from khabar.arabic.calendar import TimeExpression
from khabar.records import Event

# Captures and abductions, folded: completed in the moment, though what they brought about goes on.
COMPLETED = re.compile(r"^[وف]?(?:سيطر|استول|احتل|خطف|اختطف|اندلع|بد[اأ]|انطلق)")
SINCE = re.compile(r"(?:^|[\s(«\"])و?منذُ?\s+(?P<what>\D{3,45})$")
NOT_ITS = re.compile(r"[.!؟؛،,:\n]|\s(?:التي|الذي|الذين|عندما|حين|قد|كان|كانت|الماضي|الماضية|الجاري|و\S+)\s")
THEN = re.compile(r"^\S{0,2}\s*[،,]?\s*(?:عندما|حين|وهي|و\S)")
OF_IT = re.compile(r"\s+(?:من|على)\s+(?:\S+\s+){0,2}$")
# Acts that last, folded and without proclitics.
LASTING = re.compile(r"^(?:ال)?(?:حرب|حروب|نزاع|صراع|قتال|قصف|حصار|تجويع|معارك|اشتباكات|احتجاجات|تظاهرات|عنف)")
YEARS = re.compile(r"P\d+[YM]")


def as_meant(expression: TimeExpression, event: Event, text: str, reference: date | None) -> TimeExpression:
    """The expression with the value that it has for this event."""
    if expression.reason == "from it to the reference" and expression.parts and _completed(event):
        return expression.parts[0]._replace(reason="since it, of a completed act")
    if reference is None:
        return expression
    if (lasted := _lasted(expression, event, text, reference)) is not None:
        return lasted
    if expression.value is None or "/" in expression.value or expression.kind != "date":
        return expression
    start = max(0, expression.start - 60)
    since = SINCE.search(text, start, expression.start)
    if since is None or NOT_ITS.search(text, since.start("what"), expression.start):
        return expression
    if THEN.match(text[expression.end : expression.end + 20]):
        return expression
    if since.start() <= event.trigger.start < expression.start:
        return expression  # "منذ اندلاع الحرب في 2015": the outbreak itself was then
    if expression.value >= str(reference)[: len(expression.value)]:
        return expression
    return expression._replace(value=f"{expression.value}/{reference}", reason="from it to the reference")


def _lasted(expression: TimeExpression, event: Event, text: str, reference: date) -> TimeExpression | None:
    """ "بعد سبع سنوات من الحرب", "حصيلة ستة أشهر من القصف": the act has gone on so long."""
    if event.status != "actual" or expression.duration is None or not 0 <= event.trigger.start - expression.end < 40:
        return None
    if not OF_IT.match(text[expression.end : event.trigger.start]) or not YEARS.fullmatch(expression.duration):
        return None
    if not LASTING.match(strip_proclitics(fold_key(event.trigger.text))):
        return None
    count, unit = int(expression.duration[1:-1]), expression.duration[-1]
    if "/" in (expression.value or "") or count > 30:
        return None
    months = reference.year * 12 + reference.month - 1 - count * (12 if unit == "Y" else 1)
    first = f"{months // 12}" if unit == "Y" else f"{months // 12}-{months % 12 + 1:02d}"
    return expression._replace(value=f"{first}/{reference}", reason=f"so long up to the reference, - {count} {unit}")


def _completed(event: Event) -> bool:
    word = strip_proclitics(fold_key(event.trigger.text))
    return event.type == "ASSAULT" and COMPLETED.match(word) is not None
