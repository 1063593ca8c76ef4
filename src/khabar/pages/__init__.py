"""Pages to articles.

In: HTML files, plain scraped text, JSONL of either or of articles, folders of any mix, gz of these, standard input, in
UTF-8, windows-1256, ISO-8859-6, UTF-16 or what the page declares. Out: `Article` records (title, paragraphs, date with
its evidence, outlet, agency, byline, dateline, address, every dropped line with its reason), or a `Fault` that says
what could not be read. This room must never invent a date, change the letters of paragraphs that come already split,
touch the network, keep state between pages, or let one bad input stop the rest.
"""

from .encoding import Decoded, decode
from .faults import Fault, PageError
from .languages import language
from .lines import Hint, label_lines, not_body
from .reading import article_id, read, read_or_fault, read_page, repeated_lines
from .sources import Pause, Source, iter_sources, iter_stream
from .urls import absolute_link, canonical_url, same_url

__all__ = [
    "Decoded",
    "Fault",
    "Hint",
    "PageError",
    "Pause",
    "Source",
    "absolute_link",
    "article_id",
    "canonical_url",
    "decode",
    "iter_sources",
    "iter_stream",
    "label_lines",
    "language",
    "not_body",
    "read",
    "read_or_fault",
    "read_page",
    "repeated_lines",
    "same_url",
]
