"""HTML that escapes by default: what is not made here is text."""

from __future__ import annotations

import re
from html import escape

from khabar.show.marks import BIDI, plain


class Markup(str):
    """A string that is HTML already."""

    __slots__ = ()


Child = str | Markup | None
_CONTROLS = re.compile(f"({BIDI.pattern})")


def text(value: str) -> Markup:
    """Text of a page as HTML: escaped, control characters gone, bidi controls shown as their names, so that what is
    written is what is seen."""
    parts = _CONTROLS.split(plain(value))
    shown = (f'<span class="ctl">U+{ord(part):04X}</span>' if n % 2 else escape(part) for n, part in enumerate(parts))
    return Markup("".join(shown))


def join(children: list[Child]) -> Markup:
    """Children one after another; strings are escaped, None is left out."""
    return Markup("".join(c if isinstance(c, Markup) else text(c) for c in children if c is not None))


def tag(name: str, *children: Child, **attributes: str | None) -> Markup:
    """An element. Attribute names end in `_` where Python has the word (`class_`); None leaves an attribute out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(plain(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{name}{written}>{join(list(children))}</{name}>")
