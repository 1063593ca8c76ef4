"""The Arabic layer: spelling, words, clitics, numbers, names, order on the screen (and `khabar.arabic.calendar`).

In: strings as found. Out: folded strings and records with offsets into the string as given (code points, end
exclusive). Never: I/O, state, or an error for a strange string; every function is total. Tables are TSV in `data/`.
"""

from khabar.arabic import numbers
from khabar.arabic.clitics import Clitic, split, stem, strip_article, strip_proclitics
from khabar.arabic.display import direction, visual, width
from khabar.arabic.folding import Folded, clean_text, fold, fold_key, is_arabic, strip_marks
from khabar.arabic.names import name_key, same_name
from khabar.arabic.numbers import Number, number, ordinal
from khabar.arabic.search import matches, search_key, search_terms
from khabar.arabic.words import EDGE, Word, sentences, tokens, words

__all__ = [
    "EDGE",
    "Clitic",
    "Folded",
    "Number",
    "Word",
    "clean_text",
    "direction",
    "fold",
    "fold_key",
    "is_arabic",
    "matches",
    "name_key",
    "number",
    "numbers",
    "ordinal",
    "same_name",
    "search_key",
    "search_terms",
    "sentences",
    "split",
    "stem",
    "strip_article",
    "strip_marks",
    "strip_proclitics",
    "tokens",
    "visual",
    "width",
    "words",
]
