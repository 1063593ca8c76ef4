"""The reading room: an archive as a local web application and a JSON interface.

In: an open `khabar.archive.Archive`. Out: an ASGI application (`make_app`). It must never write to the archive, load
anything from another host, or let an article's text act: markup, script and bidi controls show as text.
"""

from khabar.web.app import make_app
from khabar.web.guard import is_local

__all__ = ["is_local", "make_app"]
