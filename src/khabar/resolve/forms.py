"""Forms of Arabic words as the tables give them: nationality adjectives, participles, nouns; keys of words.

A table writes one form and a mark: `X+` a noun with feminine and dual, `X*` a sound masculine plural besides,
`X~` a noun in ة. All forms are folded; the article is cut from keys (`word_key`).
"""

from __future__ import annotations

import re
from functools import lru_cache

from khabar.arabic import fold_key, stem

_TOKEN = re.compile(r"[^\W_]+")
_PRONOUNS = ("هما", "هم", "هن", "ها", "نا", "كم", "ه")


def word_key(word: str) -> str:
    """A folded word without the article."""
    return word[2:] if len(word) > 4 and word.startswith("ال") else word


def phrase_key(phrase: str) -> tuple[str, ...]:
    """Keys of the words of a phrase as the tables hold it."""
    return folded_key(fold_key(phrase))


def folded_key(folded: str) -> tuple[str, ...]:
    """`phrase_key` of what is folded already."""
    return tuple([word_key(w) for w in _TOKEN.findall(folded)])


@lru_cache(maxsize=30_000)
def token_keys(token: str) -> tuple[str, ...]:
    """Keys under which a folded token may stand in a table: as written, then without its proclitics."""
    plain = word_key(token)
    bare = word_key(stem(token))
    keys = [plain]
    if bare != plain and len(bare) > 1:
        keys.append(bare)
    # `لل` writes no alef of the article; a single و before a name that the vocabulary does not know.
    if token.startswith("لل") and len(token) > 4 and token[2:] not in keys:
        keys.append(token[2:])
    elif token[0] in "وبلف" and len(token) > 4 and len(keys) == 1:
        rest = word_key(token[1:])
        if rest not in keys:
            keys.append(rest)
    return tuple(keys)


@lru_cache(maxsize=30_000)
def without_pronoun(key: str) -> str | None:
    """The noun of `حكومته`, `قواتها`, `مواطنيهم` (ة given back), or None if no pronoun can be cut."""
    for pronoun in _PRONOUNS:
        rest = key[: -len(pronoun)]
        if key.endswith(pronoun) and len(rest) >= 3:
            return rest
    return None


def pronoun_forms(rest: str) -> tuple[str, ...]:
    """Nouns that `rest` (a noun before its pronoun) may be: itself, with ة for ت, hamza of شركاؤ/شركائ given back."""
    if rest.endswith("ت"):
        return (rest, rest[:-1] + "ه")
    if rest[-1] in "وي":
        return (rest, rest[:-1], rest[:-1] + "ء")
    return (rest,)


def nisba(form: str) -> set[str]:
    """All gender, number and case forms of an adjective or noun in -ي, folded; of two words both are inflected."""
    words = fold_key(form).split()
    if len(words) == 2 and all(w.endswith("ي") for w in words):
        first, second = (_suffixed(w) for w in words)
        return {f"{a} {b}" for a, b in zip(first, second, strict=True)}
    if len(words) == 2:  # جنوب أفريقي: only the last word is inflected
        return {f"{words[0]} {w}" for w in _suffixed(words[1])}
    return set(_suffixed(words[0]))


def _suffixed(word: str) -> list[str]:
    return [word + s for s in ("", "ه", "ا", "ان", "ين", "ون", "ات", "تان", "تين")]


def expand(form: str) -> set[str]:
    """The folded forms that a table's entry stands for (marks `+`, `*`, `~`)."""
    mark = form[-1:]
    if mark not in "+*~" or not mark:
        return {fold_key(form)}
    word = fold_key(form[:-1])
    if mark == "~":
        base = word[:-1] if word.endswith("ه") else word
        return {word, *(base + s for s in ("تان", "تين", "تا", "تي", "ات"))}
    forms = {word + s for s in ("", "ا", "ان", "ين", "ي", "ه", "تان", "تين", "تا", "تي", "ات")}
    if mark == "*":
        forms |= {word + s for s in ("ون", "و")}
    return forms


def is_plural_people(form: str) -> bool:
    """Whether a folded nationality word is a sound masculine plural, dual or accusative: people rather than a state."""
    return form.endswith(("ون", "ين", "ان", "ات")) and len(form) > 4
