"""The title of an article: which of the page's titles, without the outlet's name, never without a part of itself."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from khabar.arabic import fold_key

from .cues import words_of

# Separators that templates put between title and outlet. Colon and comma are not among them: "X: Y" is a title.
SEPARATOR = re.compile(r"\s*(?:\s[-–—]{1,3}(?=\s)|[|»›«·•]|\s::\s|\s/\s|\s~\s)\s*")
_WORD = re.compile(r"\w+")
_ORDER = ("JSON-LD headline", "meta og:title", "title", "meta twitter:title", "meta title", "meta headline")


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
    if is_masthead(words):
        return True
    outlet = words_of("outlet_words", "outlet")
    section = words_of("outlet_words", "section")
    return len(words) <= 5 and (words[0] in outlet or words[-1] in outlet) and not set(words) <= section


def is_masthead(words: Sequence[str]) -> bool:
    """Whether some words are all of the kind that outlets are called by ("النهار الجديد")."""
    masthead, part = words_of("outlet_words", "masthead"), words_of("outlet_words", "masthead_part")
    return 2 <= len(words) <= 3 and set(words) <= masthead | part


class Heading(NamedTuple):
    """A heading of the page, whether it stands right above the body, and whether in no menu or list and no link."""

    text: str
    level: int
    above: bool = False
    near: bool = False


def choose_title(
    candidates: Sequence[tuple[str, str]], headings: Sequence[Heading], site_names: Sequence[str], body: str = ""
) -> str:
    """The title of a page from (where, text) of its head and its headings, the highest level first.

    A heading that the head knows too is the title the reader sees. Else it is the only heading of its level above the
    body, though the head words it otherwise or gives a section and the outlet, unless the text of the `body` bears the
    head's title out and that heading (a slogan, a section) hardly. Without such a heading the head's best title.
    """
    raw = [text for _, text in candidates]
    texts = [heading.text for heading in headings]
    cleaned = [clean_title(text, site_names, [*raw, *texts]) for text in raw]
    told = [
        (where, text) for (where, _), text in zip(candidates, cleaned, strict=True) if is_headline(text, site_names)
    ]
    known = [tokens(text) for _, text in told]
    shown = [heading for heading in headings if is_headline(heading.text, site_names)]
    for heading in shown:
        if tokens(heading.text) in known or tokens(clean_title(heading.text, site_names, cleaned)) in known:
            return clean_title(heading.text, site_names, cleaned)
    wide = set().union(*known) if known else set()
    shares = [_share(tokens(heading.text), wide) for heading in shown]
    if shown and max(shares) > 0.5:
        return clean_title(shown[shares.index(max(shares))].text, site_names, cleaned)
    best = min(told, key=lambda one: _ORDER.index(one[0]) if one[0] in _ORDER else len(_ORDER), default=("", ""))[1]
    near = [heading for heading in shown if heading.near]
    near = [heading for heading in near if heading.level == near[0].level]
    if len(near) == 1 and (not best or _borne_out(near[0].text, body) >= 0.5 * _borne_out(best, body)):
        return clean_title(near[0].text, site_names, cleaned)
    above = [heading for heading in shown if heading.above]
    if not best and above:
        return clean_title([heading for heading in above if heading.level == above[0].level][-1].text, site_names)
    usable = [text for text in (*cleaned, *texts) if len(tokens(text)) >= 2] or [*cleaned, *texts, ""]
    return best or usable[0]


def is_headline(text: str, site_names: Sequence[str] = ()) -> bool:
    """Whether a text may be the headline of an article: more than one word, no outlet's name, no section's."""
    words = tokens(text)
    section = words_of("outlet_words", "section") | words_of("outlet_words", "section_kind")
    sites = [tokens(name) for name in site_names]
    return (
        len(words) >= 2
        and words not in sites
        and not (len(words) <= 3 and words[0] in words_of("outlet_words", "house"))
        and not is_masthead(words)
        and not all(word in section or word.removeprefix("ال") in section for word in words)
    )


def _share(words: Sequence[str], others: Collection[str]) -> float:
    return sum(word in others for word in words) / len(words) if words else 0.0


def _borne_out(title: str, body: str) -> float:
    """The share of a title's words that its body has too, without article and particles."""
    stop = words_of("openers", "stop")
    words = [_bare(word) for word in tokens(title) if len(word) > 2 and word not in stop]
    return _share(words, {_bare(word) for word in tokens(body)})


def _bare(word: str) -> str:
    return re.sub(r"^(?:[وفبلك]?ال|لل|[وب])(?=\w{3})", "", word)
