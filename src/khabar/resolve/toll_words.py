"""Words and numbers of tolls: the words of `data/toll_words.tsv` and `data/toll_nouns.tsv`, and the numbers of a text
that may count persons."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from khabar.arabic import fold_key, numbers, strip_article, strip_proclitics
from khabar.resolve import schema
from khabar.resolve.cues import cue_words
from khabar.resolve.place_words import Token, tokenize

KILL, HURT = "killed", "injured"


class Cue(NamedTuple):
    category: str
    use: str


@cache
def _cues() -> dict[str, tuple[Cue, ...]]:
    found: dict[str, list[Cue]] = {}
    for row in schema.read_rows(schema.package_text("toll_words.tsv"), "toll_words.tsv", ("forms", "category", "use")):
        for form in row.list("forms"):
            cue = Cue(row["category"], row["use"])
            cues = found.setdefault(fold_key(form), [])
            if cue not in cues:
                cues.append(cue)
    return {form: tuple(cues) for form, cues in found.items()}


@cache
def _nouns() -> dict[str, frozenset[str]]:
    rows = schema.read_rows(schema.package_text("toll_nouns.tsv"), "toll_nouns.tsv", ("kind", "forms"))
    return {row["kind"]: frozenset(map(fold_key, row.list("forms"))) for row in rows}


@lru_cache(maxsize=30_000)
def cue_of(key: str) -> tuple[Cue, ...]:
    table = _cues()
    bare = strip_proclitics(key)
    found = table.get(key) or table.get(bare) or table.get(strip_article(bare))
    return found or (table.get(key[1:], ()) if key[:1] in ("و", "ف") else ())


def of_one(key: str) -> tuple[Cue, ...]:
    """The cues of a word without the pronoun of one person that it ends with ("اغتالته", "وقتلوه", "بتصفيته")."""
    for pronoun in ("ها", "ه"):
        stem = key.removesuffix(pronoun)
        if stem == key or len(stem) < 3:
            continue
        for form in (stem, stem + "ا" if stem.endswith("و") else "", stem[:-1] + "ه" if stem.endswith("ت") else ""):
            if form and (cues := cue_of(form)):
                return cues
    return ()


@lru_cache(maxsize=30_000)
def is_noun(key: str, kind: str) -> bool:
    nouns, bare = _nouns()[kind], strip_proclitics(key)
    return key in nouns or bare in nouns or strip_article(bare) in nouns


_TRYING = 6  # words between "حاول" and what was tried


def tried(tokens: Sequence[Token], at: int) -> bool:
    """Whether what a token tells was only attempted or sentenced to ("محاولة اغتيال", "حاول العام الماضي اغتيال")."""
    if at and tokens[at - 1].bare in cue_words("toll.attempt"):
        return True
    return not tokens[at].key.startswith("و") and any(
        t.bare in cue_words("toll.tried") for t in tokens[max(0, at - _TRYING) : at]
    )


def told_by(tokens: Sequence[Token], at: int) -> tuple[Cue, ...]:
    """The cues of a token where it tells of what happened: no attempt, no sentence of death, القضاء only with على."""
    cues = cue_of(tokens[at].key)
    if not cues:
        return ()
    penalty = tokens[at].bare in cue_words("toll.penalty") or tokens[at].key in cue_words("toll.hanged")
    carried_out = penalty and any(t.bare in cue_words("toll.carried out") for t in tokens[max(0, at - 8) : at])
    if tried(tokens, at) and not carried_out:
        return ()
    if penalty and not carried_out and any(t.bare in cue_words("toll.attempt") for t in tokens[max(0, at - 4) : at]):
        return ()
    if tokens[at].key == "فقد":
        return _lost(tokens, at)
    if cues[0].use == "until" and not (at and tokens[at - 1].key == "حتي"):
        return ()  # "رجم حتى الموت", but no "خطر الموت"
    if cues[0].use == "life" and not any(t.bare in cue_words("toll.taking") for t in tokens[max(0, at - 6) : at]):
        return ()  # "المخاطرة بحياة طفل"
    following = tokens[at + 1].key if at + 1 < len(tokens) else ""
    return cues if following == "علي" else tuple(c for c in cues if c.use != "on")


def _lost(tokens: Sequence[Token], at: int) -> tuple[Cue, ...]:
    """What "فقد" tells: lives lost ("فقد العشرات أرواحهم"), persons missing ("فقد ثلاثة بحارة"), or nothing, as "ف" and
    "قد" before a verb."""
    if any(t.key.startswith(("ارواح", "حيات")) for t in tokens[at + 1 : at + 6]):
        return (Cue(KILL, "verb"),)
    following = tokens[at + 1].key if at + 1 < len(tokens) else ""
    counted = numbers.find(following) or following in cue_words("toll.reaching")
    counted = counted or is_noun(following, "single") or is_noun(following, "other")
    return cue_of(tokens[at].key) if counted else ()


class Count(NamedTuple):
    """A number with the tokens `first` to `last` (inclusive) that it covers; a dual counts itself."""

    first: int
    last: int
    start: int
    end: int
    value: float
    modifier: str
    counted: str | None


def written(count: Count) -> str:
    return f"{count.modifier if count.modifier in ('>=', '~') else ''}{int(count.value)}"


@lru_cache(maxsize=64)  # read for the paragraph's tolls, then for the recipients' numbers
def counts_in(text: str) -> tuple[Count, ...]:
    """The numbers of a text that may count persons; a colon parts nothing ("القتلى: 12")."""
    plain = text.replace(":", " ")
    tokens = tokenize(plain)
    found = [*_counts(plain, tokens), *_construct_duals(tokens)]
    return tuple(sorted(found, key=lambda c: c.start))


def _construct_duals(tokens: Sequence[Token]) -> Iterator[Count]:
    """Two persons by a dual whose ن falls before its complement: "رجلي أمن", "ضابطا شرطة"."""
    for at, token in enumerate(tokens[:-1]):
        if is_noun(token.key, "dual") and is_noun(tokens[at + 1].key, "service") and tokens[at + 1].key[:1] != "و":
            yield Count(at, at, token.start, token.end, 2.0, "", token.key)


def _counts(text: str, tokens: Sequence[Token]) -> Iterator[Count]:
    for number in _ranges(text, numbers.find(text)):
        covered = [i for i, t in enumerate(tokens) if t.start < number.end and t.end > number.start]
        if not covered or number.value < 1 or number.value != int(number.value) or _is_name(number, tokens, covered):
            continue
        after = text[number.end : number.end + 2].strip()
        if after[:1] in ("%", "٪") or _is_time(number, tokens, covered):
            continue
        counted = number.counted
        if counted and is_noun(fold_key(counted), "thing"):
            continue
        following = tokens[covered[-1] + 1] if covered[-1] + 1 < len(tokens) else None
        counts_thing = following is not None and following.key == following.bare and is_noun(following.key, "thing")
        if counted is None and counts_thing:
            continue  # but "جرح أربعة بهجوم" counts no attacks
        sign = number.modifier
        if _and_some(text, tokens, covered[-1]):
            sign = ">="
        if not sign and covered[0] > 1 and tokens[covered[0] - 1].key == "الي" and tokens[covered[0] - 2].key == "يصل":
            sign = "~"  # "ما يصل إلى 300"
        if not sign and any(t.bare in cue_words("toll.passing") for t in tokens[max(0, covered[0] - 5) : covered[0]]):
            sign = ">="
        if sign in ("", "~") and _at_least(text, tokens, covered[-1]):
            sign = ">="
        if any(t.key.startswith("شارك") for t in tokens[covered[-1] + 1 : covered[-1] + 5]):
            continue  # those who did it
        if covered[0] and tokens[covered[0] - 1].key in ("هذين", "هذان", "هاتين", "هذه"):
            continue
        yield Count(covered[0], covered[-1], number.start, number.end, number.value, sign, counted)


_BETWEEN = re.compile(r"(?:^|\s)[وفبل]?(?:ما\s?)?بين\s+$")
_TO = re.compile(r"\s*(?:و\s?|(?:إلى|الى)\s+)")


def _ranges(text: str, found: Sequence[numbers.Number]) -> Iterator[numbers.Number]:
    """The numbers with both ends of a range as one: at least its lower end ("ما بين 45 و55 مسلحا")."""
    done = -1
    for at, one in enumerate(found):
        upper = found[at + 1] if at + 1 < len(found) else None
        if at <= done:
            continue
        if upper is not None and upper.value > one.value and _BETWEEN.search(text[max(0, one.start - 12) : one.start]) \
                and _TO.fullmatch(text[one.end : upper.start]):  # fmt: skip
            done = at + 1
            whole = text[one.start : upper.end]
            yield numbers.Number(one.start, upper.end, whole, one.value, ">=", upper.counted)
        else:
            yield one


def _and_some(text: str, tokens: Sequence[Token], last: int) -> bool:
    """Whether some more are joined to those counted ("ثلاثة من أبنائه وبعض أحفاده")."""
    for at in range(last + 1, min(len(tokens), last + 5)):
        if re.search(r"[.،؛:]", text[tokens[at - 1].end : tokens[at].start]):
            return False
        if tokens[at].key == "وبعض":
            return True
    return False


def _at_least(text: str, tokens: Sequence[Token], last: int) -> bool:
    """Whether "على الأقل" follows what a number counts, with no other number or clause between."""
    for at in range(last + 1, min(len(tokens) - 1, last + 7)):
        if tokens[at].key == "علي" and tokens[at + 1].key == "الاقل":
            return True
        if "،" in text[tokens[at - 1].end : tokens[at].start] or tokens[at].key.startswith("و"):
            return False
    return False


def _is_name(number: numbers.Number, tokens: Sequence[Token], covered: list[int]) -> bool:
    """Whether a number is a name, a date, an age, or counts a thing before it ("طالبان", "7 أكتوبر")."""
    first, last = tokens[covered[0]], tokens[covered[-1]]
    following = [t.bare for t in tokens[covered[-1] + 1 : covered[-1] + 3]]
    if following[:1] and (
        following[0] in cue_words("toll.percent")
        or (following[0] == "في" and following[-1] in cue_words("toll.percent"))
    ):
        return True
    if (
        first is last
        and first.key.endswith("يين")
        and strip_article(strip_proclitics(first.key)) not in cue_words("toll.dual")
    ):
        return True  # العسكريين: plural as well as dual
    if strip_proclitics(first.key) in cue_words("toll.no dual") or (
        following and following[0].split("/")[0] in cue_words("month")
    ):
        return True
    if following[:1] == ["من"] and following[-1] in cue_words("month"):
        return True
    if any(word in ("عمره", "عمرها", "العمر") for word in following):
        return True
    definite = strip_proclitics(last.key).startswith("ال")
    return definite and covered[0] > 0 and number.counted is None and is_noun(tokens[covered[0] - 1].key, "thing")


def _is_time(number: numbers.Number, tokens: Sequence[Token], covered: list[int]) -> bool:
    """Whether a bare number is a year, a day or the name of something ("عام 2011", "القرار 2216")."""
    before = tokens[covered[0] - 1].bare if covered[0] else ""
    bare, dating = number.counted is None or not number.text.strip().isdigit(), cue_words("toll.dating")
    if number.text.strip().isdigit() and 1900 <= number.value <= 2100:
        if before in cue_words("month"):
            return True
        following = tokens[covered[-1] + 1].key if covered[-1] + 1 < len(tokens) else ""
        person = is_noun(following, "single") or is_noun(following, "group") or cue_of(following)
        if not number.modifier and not person:
            return True
    if number.text.strip().isdigit() and 1900 <= number.value <= 2100 and (before in dating or number.counted is None):
        return True
    return bare and before in dating - {"في", "حتي", "منذ"}
