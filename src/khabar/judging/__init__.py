"""Judging: coded articles against gold, and the written form in which people code.

In: gold and coded articles by id, articles where words must be shown. Out: numbers and text. It must never change what
it judges, code anything itself, or read a part of a faulty file in silence.
"""

from khabar.judging.form import check, parse_coding, read_cell, read_coding
from khabar.judging.loading import Fault, JudgingError, load_articles, load_coded
from khabar.judging.parts import BodyShares, GoldSpans, Share, body_report, gold_spans, strip_codes
from khabar.judging.report import body_text, errors, evaluate_report, spans_report
from khabar.judging.scoring import score
from khabar.judging.writing import write_cells, write_coding, write_event

__all__ = [
    "BodyShares",
    "Fault",
    "GoldSpans",
    "JudgingError",
    "Share",
    "body_report",
    "body_text",
    "check",
    "errors",
    "evaluate_report",
    "gold_spans",
    "load_articles",
    "load_coded",
    "parse_coding",
    "read_cell",
    "read_coding",
    "score",
    "spans_report",
    "strip_codes",
    "write_cells",
    "write_coding",
    "write_event",
]
