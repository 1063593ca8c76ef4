"""Whether two trigger words are forms of one: a light reduction of Arabic words to the consonants of their root."""

from __future__ import annotations

from functools import lru_cache

from khabar.arabic import fold_key, stem

_SUFFIXES = ("هما", "تهم", "ها", "هم", "نا", "تا", "ات", "ون", "ين", "ان", "تي", "ته", "وا", "ه", "ت", "ي")
_PREFIXES = ("است", "يست", "تست", "مست", "سي", "سن", "ست", "ان", "مت", "يت", "تت", "ي", "ت", "ن", "م", "ا")
_WEAK = str.maketrans(dict.fromkeys("اويءةى", ""))


@lru_cache(maxsize=30_000)
def root(word: str) -> str:
    """The strong consonants of a word without clitics, endings, verb and noun prefixes and weak letters (`ودعا`,
    `دعوته`, `يدعو` -> `دع`; `اجتماع`, `اجتمع` -> `جتمع`). Folded; never empty for a word with letters."""
    base = stem(word)
    for suffix in _SUFFIXES:
        if base.endswith(suffix) and len(base) - len(suffix) >= 3:
            base = base.removesuffix(suffix)
            break
    for prefix in _PREFIXES:
        if base.startswith(prefix) and len(base) - len(prefix) >= 3:
            base = base.removeprefix(prefix)
            break
    strong = base.translate(_WEAK)
    # Words of one strong letter or none keep their weak ones: they would be equal to too much.
    return strong if len(strong) >= 2 else base


def same_root(a: str, b: str) -> bool:
    """Whether two words look like forms of one word. Both are words as written, clitics allowed."""
    x, y = root(a), root(b)
    # A short verb with the ت of the feminine (`دعت`, `حثت`) keeps it above.
    return x == y or _infixed(x, y) or _infixed(y, x) or (min(len(x), len(y)) == 2 and x + "ت" == y) or y + "ت" == x


def _infixed(longer: str, shorter: str) -> bool:
    """Form VIII and the like: `جتمع` against `جمع`, `شتبك` against `شبك`."""
    return len(longer) == len(shorter) + 1 and len(shorter) >= 3 and longer[1] in "تطد" and (
        longer[0] + longer[2:] == shorter
    )  # fmt: skip


def same_word(a: str, b: str) -> bool:
    """Whether two stretches of words share one word or more, apart from clitics and the article (`مدينة الموصل`,
    `بالموصل`)."""
    return bool({stem(word) for word in fold_key(a).split()} & {stem(word) for word in fold_key(b).split()})
