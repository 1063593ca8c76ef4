"""Dates, clock times, durations and recurring times in Arabic text, of all its calendar traditions.

In: a string and, if known, a reference day (publication date or dateline). Out: `TimeExpression`s with offsets into the
string as given, a value (`YYYY[-MM[-DD]]` or `first/last`), its precision and the reason. Never: a first of January,
today's day or a year that neither the text nor the reference gives; a damaged year is refused; no I/O, no state.

Months: Gulf/Egyptian, Levantine, Maghrebi, double names, Hijri (Umm al-Qura by hijridate; tabular outside 1343–1500);
tables in `data/`.
"""

from khabar.arabic.calendar.expression import TimeExpression
from khabar.arabic.calendar.finder import find_times, parse_date
from khabar.arabic.calendar.hijri import from_hijri, to_hijri

__all__ = ["TimeExpression", "find_times", "from_hijri", "parse_date", "to_hijri"]
