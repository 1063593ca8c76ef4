"""The title of an article: which of the page's titles, without the outlet's name, never without a part of itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from khabar.arabic import fold_key

from .cues import words_of

# Separators that templates put between title and outlet. Colon and comma are not among them: "X: Y" is a title.
SEPARATOR = re.compile(r"\s*(?:\s[-–—]{1,3}(?=\s)|[|»›«·•]|\s::\s|\s/\s|\s~\s)\s*")
_WORD = re.compile(r"\w+")
_URGENT = re.compile(r"^(?:عاجل|بالفيديو|بالصور|فيديو|صور)\s*[|:.]+\s*")


def tokens(text: str) -> tuple[str, ...]:
    """Folded words of a title, for comparison."""
    return tuple(_WORD.findall(fold_key(text).lower()))


def clean_title(raw: str, site_names: Sequence[str] = (), rivals: Sequence[str] = ()) -> str:
    """`raw` without the name of the outlet at either end.

    A part after (or before) a separator goes where it is one of `site_names`, or where one of the `rivals` (other
    titles of the page) is the rest without it, or where it reads as an outlet's name ("وكالة …", "… نيوز"). Anything
    else stays.
    """
    title = " ".join(raw.split())
    names = [name for name in (tokens(site) for site in site_names) if name]
    known = {tokens(rival) for rival in rivals}
    for _ in range(3):
        parts = list(SEPARATOR.finditer(title))
        if not parts:
            break
        head, tail = title[: parts[-1].start()], title[parts[-1].end() :]
        first, rest = title[: parts[0].start()], title[parts[0].end() :]
        if _is_outlet(tail, names) or (tokens(head) in known and len(tokens(head)) >= 3) or not tokens(tail):
            title = head
        elif _is_outlet(first, names) or (tokens(rest) in known and len(tokens(rest)) >= 3) or not tokens(first):
            title = rest
        else:
            break
    return title.strip(" -–—|»›·•\u200f\u200e")


def _is_outlet(part: str, names: Sequence[tuple[str, ...]]) -> bool:
    words = tokens(part)
    if not words or len(words) > 7:
        return False
    if any(words == name or (len(name) > 1 and words[: len(name)] == name) or words[-len(name) :] == name
           or (len(words) <= len(name) and words == name[: len(words)]) for name in names):  # fmt: skip
        return True
    if re.fullmatch(r"[A-Za-z0-9.\-]+\.(?:com|net|org|info|tv|co|ae|eg|sa)", part.strip()):
        return True
    outlet = words_of("outlet_words", "outlet")
    section = words_of("outlet_words", "section")
    return len(words) <= 5 and (words[0] in outlet or words[-1] in outlet) and not set(words) <= section


def choose_title(candidates: Sequence[tuple[str, str]], headings: Sequence[str], site_names: Sequence[str]) -> str:
    """The title of a page from (where, text) of its head and the texts of its first-level headings near the body.

    A heading of the page that the head knows too is the title the reader sees; without such a heading the shortest
    of the head's titles that the others begin with.
    """
    raw = [text for _, text in candidates]
    cleaned = [clean_title(text, site_names, [*raw, *headings]) for text in raw]
    known = [tokens(text) for text in cleaned]
    wide = set().union(*known) if known else set()
    best: tuple[float, str] | None = None
    for heading in headings:
        words = tokens(heading)
        if len(words) < 2:
            continue
        shared = sum(word in wide for word in words) / len(words) if wide else 0.0
        if words in known:
            return clean_title(heading, site_names, cleaned)
        if shared > (best[0] if best else 0.5):
            best = (shared, clean_title(heading, site_names, cleaned))
    if best is not None:
        return best[1]
    usable = [text for text in cleaned if len(tokens(text)) >= 2] or cleaned
    if usable:
        order = ("JSON-LD headline", "meta og:title", "title", "meta twitter:title", "meta title", "meta headline")
        ranked = sorted(
            ((order.index(where) if where in order else 9, text)
             for (where, _), text in zip(candidates, cleaned, strict=True) if text in usable),
            key=lambda pair: pair[0],
        )  # fmt: skip
        return ranked[0][1]
    return headings[0] if headings else ""
