"""Numbers in Arabic text: digits, words with agreement, duals of counted nouns, vague plurals, and their modifiers.

`find` gives cardinals with offsets, `number` the first value, `ordinal` the first ordinal. The tables are the project's
own (`data/number_words.tsv`, `number_modifiers.tsv`, `dual_nouns.tsv`). عشرات, مئات and آلاف stand for 20, 200
and 2000 with modifier `~`, as the codebook has it.
"""

from __future__ import annotations

from functools import cache
from itertools import zip_longest
from typing import Literal, NamedTuple

from khabar.arabic import numbers_digits
from khabar.arabic.clitics import read_table, strip_article, strip_proclitics, vocabulary
from khabar.arabic.folding import Folded, fold, fold_key
from khabar.arabic.numbers_words import Part, Reading, Token, part, read, tokenise

Modifier = Literal["", ">=", "<=", "~"]


class Number(NamedTuple):
    """A number in a text: `text == source[start:end]`; `counted` is the noun that it counts as written (of a dual, its
    singular), None if none follows."""

    start: int
    end: int
    text: str
    value: float
    modifier: Modifier
    counted: str | None


# What may follow a number without being counted by it.
_FUNCTION_WORDS = frozenset(
    fold_key(
        "في من على إلى عن مع أن إن التي الذي الذين بين بعد قبل خلال منذ حتى أو و كما لا لم لن قد ثم هو هي هم "
        "هذا هذه ذلك بينهم بينها بحسب وفق وفقا حسب تقريبا فقط أيضا بالمئة بالمائة فيما بينما عند عندما إذ لكن"
    ).split()
)


@cache
def _modifiers(side: str) -> tuple[tuple[tuple[str, ...], Modifier], ...]:
    """Cue words of one side, the longest first."""
    rows = [(tuple(r["cue"].split()), r["modifier"]) for r in read_table("number_modifiers.tsv") if r["side"] == side]
    return tuple(sorted(rows, key=lambda row: -len(row[0])))  # type: ignore[arg-type]


@cache
def _duals() -> dict[str, str]:
    """Folded dual forms (both cases) to their singular."""
    forms: dict[str, str] = {}
    for row in read_table("dual_nouns.tsv"):
        singular = fold_key(row["singular"])
        base = singular[:-1] + "ت" if singular.endswith("ه") else singular
        forms[base + "ان"] = row["singular"]
        if row["oblique"] == "yes":
            forms[base + "ين"] = row["singular"]
    return forms


def _dual(word: str) -> str | None:
    """The singular of a folded dual noun, None if the word is none or may as well be a plural."""
    if not word.endswith(("ان", "ين")) or len(word) < 5:
        return None
    bare = strip_article(strip_proclitics(word))
    if singular := _duals().get(bare) or _duals().get(word):
        return singular
    # A noun in ة has no sound masculine plural: its تان, تين is always a dual.
    if bare.endswith(("تان", "تين")) and len(bare) >= 6:
        counts = vocabulary()
        singular = bare[:-3] + "ه"
        if counts.get(singular, 0) + counts.get("ال" + singular, 0) >= 30:
            return bare[:-3] + "ة"
    return None


@cache
def _cue_words() -> tuple[frozenset[str], frozenset[str]]:
    """Words that end a cue before a number, words that begin one after it: nearly all others are passed by."""
    return (
        frozenset(cue[-1] for cue, _ in _modifiers("before")),
        frozenset(cue[0] for cue, _ in _modifiers("after")),
    )


def _before(tokens: list[Token], index: int) -> Modifier:
    last, ends = tokens[index - 1].text if index else "", _cue_words()[0]
    if last not in ends and last[1:] not in ends:
        return ""
    for cue, modifier in _modifiers("before"):
        first = index - len(cue)
        if first >= 0 and all(t.joined for t in tokens[first + 1 : index + 1]) and _stands(cue, tokens, first):
            return modifier
    return ""


def _stands(cue: tuple[str, ...], tokens: list[Token], first: int) -> bool:
    """Whether a cue before a number stands at a token, its first word perhaps with a proclitic."""
    span = tuple(t.text for t in tokens[first : first + len(cue)])
    if len(span) < len(cue):
        return False
    return span == cue or (span[1:] == cue[1:] and span[0][1:] == cue[0] and span[0][0] in "وفبلك")


def _after(tokens: list[Token], end: int) -> Modifier:
    begins = _cue_words()[1]
    for at in range(end, min(end + 3, len(tokens))):
        here = tokens[at].text in begins and all(t.joined for t in tokens[end : at + 1])
        # In "22 قتيلا وأكثر من 300 جريح" a longer cue begins at the word after the noun: it is of the next number.
        longest = max((len(c) for c, _ in _modifiers("before") if here and _stands(c, tokens, at)), default=0)
        for cue, modifier in _modifiers("after") if here else ():
            if len(cue) >= longest and tuple(t.text for t in tokens[at : at + len(cue)]) == cue:
                return modifier
        if part(tokens[at].text):
            break
    return ""


def _ordinal_at(parts: list[Part | None], tokens: list[Token], index: int) -> tuple[int, int] | None:
    """(end, value) of an ordinal that begins at a token."""
    first = parts[index]
    following = parts[index + 1] if index + 1 < len(parts) and tokens[index + 1].joined else None
    if first is None:
        return None
    tens = following is not None and following.kind == "ten" and following.conjunction
    if first.kind == "unit" and first.value == 1 and first.article and tens:
        pass  # القرن الواحد والعشرون
    elif first.kind not in ("ordinal", "ordinal_first"):
        return None
    value, end = int(first.value), index + 1
    if following is not None and value < 10 and first.kind in ("ordinal", "ordinal_first", "unit"):
        if following.kind == "ten1" and not following.conjunction:
            value, end = value + 10, end + 1
        elif tens:
            value, end = value + int(following.value), end + 1
    if end == index + 1 and first.kind == "ordinal_first":
        return None
    if end + 1 < len(tokens) and tokens[end].text == "بعد" and (more := parts[end + 1]) is not None:
        rest = (
            read(parts, [t.joined for t in tokens], end + 1) if more.kind in ("hundred", "hundreds", "scale") else None
        )
        if rest is not None and more.article:
            value, end = value + int(rest.value), rest.end
    return end, value


def _prepare(text: str) -> tuple[Folded, list[Token], list[Part | None]]:
    """The folded text, its tokens and what they may mean; a و that stands apart before a number joins it, a point
    before three digits is decimal if a million or more follows."""
    folded = fold(text)
    raw = tokenise(folded)
    tokens: list[Token] = []
    parts: list[Part | None] = []
    lone = False
    for token, following in zip_longest(raw, raw[1:]):
        piece = part(token.text)
        scale = part(following.text) if following is not None and following.joined else None
        if token.text == "و" and scale is not None:
            lone = True
            continue
        if piece is not None and piece.kind == "digits" and scale is not None and scale.value >= 1e6:
            value = numbers_digits.parse(token.text[piece.skip :], decimal_point=True)
            piece = piece._replace(value=piece.value if value is None else value)
        if token.text == "واحد" and scale is not None and scale.kind == "ten1" and not scale.conjunction:
            piece = Part(True, "", False, "teen_first", 1.0, 1)  # ثلاثمئة وأحد عشر
        if piece is not None and lone:
            piece = piece._replace(conjunction=True)
        lone = False
        tokens.append(token)
        parts.append(piece)
    return folded, tokens, parts


def _is_percent(tokens: list[Token], parts: list[Part | None], index: int) -> bool:
    piece = parts[index]
    return piece is not None and piece.kind == "hundred" and piece.article and (
        piece.preposition == "ب" or (index > 0 and tokens[index - 1].text in ("في", "ب"))
    )  # fmt: skip


def _value(tokens: list[Token], start: int, reading: Reading) -> float:
    """The reading's value; ألفا, مليونا alone right before a noun are duals."""
    last = tokens[reading.end - 1].text
    if reading.end == start + 1 and last.endswith(("الفا", "مليونا", "مليارا")) and _counted(tokens, reading.end):
        return 2 * reading.value
    return reading.value


def _counted(tokens: list[Token], end: int) -> str | None:
    """The folded noun counted by a number that ends before token `end`."""
    if end >= len(tokens) or not tokens[end].joined:
        return None
    word = tokens[end].text
    if word == "من" and end + 1 < len(tokens) and tokens[end + 1].joined:
        word = tokens[end + 1].text
    if word in _FUNCTION_WORDS or part(word) or not "ء" <= word[0] <= "ي":
        return None
    bare = strip_proclitics(word)
    return None if bare != word and word[0] in "وفبلكس" else word


def find(text: str) -> list[Number]:
    """The cardinal numbers of `text` in order. Ordinals, weekdays, percent signs, dates, clock times, codes (F16) and
    addresses are left out; a dual noun counts two."""
    folded, tokens, parts = _prepare(text)
    joined = [t.joined for t in tokens]
    found: list[Number] = []

    i, last_dual = 0, -2
    while i < len(tokens):
        piece = parts[i]
        if piece is None:
            singular = _dual(tokens[i].text)
            if singular and not (last_dual == i - 1 and joined[i]):  # an adjective agrees with its noun: غارتين جويتين
                last_dual = i
                start, end = folded.span(tokens[i].start, tokens[i].end)
                modifier = _before(tokens, i) or _after(tokens, i + 1)
                found.append(Number(start, end, text[start:end], 2.0, modifier, singular))
                following = parts[i + 1] if i + 1 < len(parts) and joined[i + 1] else None
                i += following is not None and following.kind == "unit" and following.value == 2
            i += 1
            continue
        if ordinal_end := _ordinal_at(parts, tokens, i):
            i = ordinal_end[0]
            continue
        reading = None if _is_percent(tokens, parts, i) else read(parts, joined, i)
        weekday = piece.article and piece.kind == "unit" and piece.value <= 2 and reading and reading.end == i + 1
        if reading is None or weekday:
            i += 1
            continue
        value = _value(tokens, i, reading)
        if reading.end + 1 < len(tokens) and tokens[reading.end].text == "فاصله":  # ثلاثة فاصلة خمسة
            decimals = read(parts, joined, reading.end + 1)
            if decimals is not None and decimals.value < 1000:
                value += decimals.value / 10 ** len(f"{decimals.value:.0f}")
                reading = decimals
        start, end = folded.span(tokens[i].start + piece.skip, tokens[reading.end - 1].end)
        modifier = _before(tokens, i) or _after(tokens, reading.end) or ("~" if reading.vague else "")
        counted = _counted(tokens, reading.end)
        if counted is not None:
            at = next(t for t in tokens[reading.end :] if t.text == counted)
            a, b = folded.span(at.start, at.end)
            counted = text[a:b]
        found.append(Number(start, end, text[start:end], value, modifier, counted))
        i = reading.end
    return found


def number(text: str) -> float | None:
    """The value of the first number in `text`, None if it has none."""
    found = find(text)
    return found[0].value if found else None


def ordinal(text: str) -> int | None:
    """The first ordinal in `text` (الرابعة والعشرون = 24, الثاني والعشرون بعد المئة = 122, الـ75 = 75), None if none.

    A definite cardinal after a noun is one as well (الذكرى الخمسون)."""
    _, tokens, parts = _prepare(text)
    for i in range(len(tokens)):
        if found := _ordinal_at(parts, tokens, i):
            return found[1]
    for i, piece in enumerate(parts):
        if piece is not None and piece.article and not _is_percent(tokens, parts, i) and piece.kind != "vague":
            reading = read(parts, [t.joined for t in tokens], i)
            if reading is not None and not reading.vague:
                return int(reading.value)
    return None
