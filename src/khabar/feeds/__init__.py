"""Feeds and sitemaps to pages.

In: addresses of RSS and Atom feeds, sitemaps and their indexes, or lists of them (OPML), and the archive's ledger of
what was seen. Out: `Page`s with an article as read, and `Fault`s, for the pipeline. This is the one room that touches
the network. It must never ask an address of the local network unless told to, ask a host faster than it wants, ask what
robots.txt forbids, read an answer without limits of size and time, resolve entities, or let a feed's date stand before
the page's own.
"""

from .follow import Follower, Options
from .guard import Refused, web_address
from .markup import FeedError
from .opml import Source, read_list
from .reading import Entry, Feed, read_feed

__all__ = [
    "Entry",
    "Feed",
    "FeedError",
    "Follower",
    "Options",
    "Refused",
    "Source",
    "read_feed",
    "read_list",
    "web_address",
]
