"""Show: an article with its events marked, in the terminal or as one page of HTML.

In: an article and its coding. Out: text. It must never change what it shows, hide that a cell is open, or let an
article's text act: escape sequences, markup and bidi controls show as text.
"""

from khabar.show.page import show_html
from khabar.show.slug import slug
from khabar.show.terminal import show_terminal

__all__ = ["show_html", "show_terminal", "slug"]
