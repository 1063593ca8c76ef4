"""The outlet of a page that nobody names: from its head, the end of its titles, its copyright line, its address.

Only a name that the page itself writes as its own, or at last its host, is taken; words of sections are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from khabar.arabic import fold_key

from .cues import is_date_line, words_of
from .titles import SEPARATOR, tokens

_MOST = 5  # words of a name
_YEARS = re.compile(r"(?:(?:19|20)\d\d|[٠-٩]{4})\s*(?:[-–—/]\s*(?:(?:19|20)?\d\d|[٠-٩]{4}))?\s*م?(?!\w)")
_RIGHTS = re.compile(
    r"©|\(c\)|copyrights?|all rights reserved|\bby\b|محفوظ[ةه](?:\s+لدى|\s+لموقع)?"
    r"|(?:(?:جميع|كافة|كل)\s+)?(?:ال)?حقوق(?:\s+(?:النشر|الطبع|التأليف)(?:\s+و(?:النشر|الطبع|التأليف))?)?",
    re.IGNORECASE,
)
_SAYS_RIGHTS = re.compile(r"©|\(c\)|copyright|حقوق.{0,25}محفوظ|محفوظ.{0,12}حقوق", re.IGNORECASE)
_APP = re.compile(
    r"(?:حم[ّ]?ل(?:وا)?|نز[ّ]?ل(?:وا)?|ثبت(?:وا)?)\s+تطبيق\s+(\S+(?:\s\S+){0,2}?)\s+(?:على|الآن|من|عبر|مجانا)"
)
_EDGES = " \t.,،؛:|-–—/*•·»«\"'()[]\u200e\u200f"


def find_outlet(
    site_names: Sequence[str],
    titles: Iterable[tuple[str, str]],
    title: str,
    lines: Iterable[str],
    url: str | None,
    near: Sequence[str] = (),
) -> str | None:
    """The outlet's name. `titles` are (where, text) of the page's head, `title` the one chosen, `lines` those dropped
    as no text of the article, `near` those of them next to its title."""
    for site in site_names:
        if own := _without_slogan(site):
            return own
    every = list(lines)
    return (
        _of_titles(list(titles), title)
        or next((name for line in reversed(every) if (name := _of_rights(line))), None)
        or next((name for line in every if (name := _of_app(line))), None)
        or next((name for line in near if (name := _of_line(line))), None)
        or _of_address(url)
    )


def own_names(
    outlet: str | None, site_names: Sequence[str], titles: Sequence[tuple[str, str]], title: str
) -> tuple[str, ...]:
    """Names by which a page calls its outlet, as far as they are known before its text is: given, of its head, beside
    its title."""
    sites = [own for site in site_names if (own := _without_slogan(site))]
    return tuple(dict.fromkeys(name for name in (outlet, *sites, _of_titles(titles, title)) if name))


def _without_slogan(name: str) -> str | None:
    """The name where the template adds a slogan ("الميناء | أخبار اليمن والعالم")."""
    parts = [part.strip(_EDGES) for part in SEPARATOR.split(name)]
    parts = [part for part in parts if tokens(part)]
    return parts[0] if parts and not _is_section(tokens(parts[0])) else (" ".join(name.split()) or None)


def _of_titles(titles: Sequence[tuple[str, str]], title: str) -> str | None:
    """What stands beside the title in the page's own titles, if it is one thing and no section."""
    words = tokens(title)
    if len(words) < 2:
        return None
    for _, text in titles:
        parts = [part.strip(_EDGES) for part in SEPARATOR.split(text)]
        at = next((n for n, part in enumerate(parts) if tokens(part) == words), None)
        if at is None:
            # A title may hold separators itself: what is left after it as a whole.
            rest = text[len(title) :] if text.startswith(title) else ""
            others = [part.strip(_EDGES) for part in SEPARATOR.split(rest)]
        else:
            others = parts[:at] + parts[at + 1 :]
        names = [part for part in others if _may_be_name(part)]
        if len(names) == 1:
            return names[0]
    return None


def _of_rights(line: str) -> str | None:
    """The owner in a copyright line ("جميع الحقوق محفوظة © صحيفة الميناء 2024")."""
    if len(line) > 140 or not _SAYS_RIGHTS.search(line):
        return None
    text = _RIGHTS.sub("|", _YEARS.sub("|", line))
    parts = [re.sub(r"^(?:لـ|ل(?=ل?ا?\w{4,}))\s*", "", part.strip(_EDGES)) for part in re.split(r"[|.؛،,]", text)]
    names = [part for part in parts if _may_be_name(part)]
    return names[0] if len(names) == 1 else None


def _of_app(line: str) -> str | None:
    found = _APP.search(line) if len(line) < 200 else None
    return found[1].strip(_EDGES) if found and _may_be_name(found[1]) else None


def _of_line(line: str) -> str | None:
    """A line of its own under the title that is a name ("الجريدة المغاربية", "شبكة الساحل | 2024/06/07")."""
    parts = [part.strip(_EDGES) for part in re.split(r"\s[-–—|]\s|\|", line)]
    names = [part for part in parts if tokens(part) and not is_date_line(part) and not re.search(r"\d", part)]
    if len(names) != 1 or not 2 <= len(tokens(names[0])) <= 3 or not _may_be_name(names[0]):
        return None
    first = tokens(names[0])[0].removeprefix("ال")
    return names[0] if first in words_of("outlet_words", "house") else None


def _of_address(url: str | None) -> str | None:
    """The host, without what is the same on every site."""
    host = (urlsplit(url).hostname or "").lower() if url and url.startswith("http") else ""
    host = host.removeprefix("www.")
    return host if "." in host and not host.replace(".", "").isdigit() else None


def _may_be_name(part: str) -> bool:
    words = tokens(part)
    if not 1 <= len(words) <= _MOST or not any(len(word) > 1 for word in words) or is_date_line(part):
        return False
    if part.rstrip().endswith(("؟", "!", ":", "…")) or all(word.isdigit() for word in words):
        return False
    return not _is_section(words)


def _is_section(words: Sequence[str]) -> bool:
    section = words_of("outlet_words", "section")
    return all(word in section or fold_key(word).removeprefix("ال") in section for word in words)
