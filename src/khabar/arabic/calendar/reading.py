"""Small readers over tokens: numbers, day ordinals, months, years, amounts. Each returns (next index, what it read)."""

from __future__ import annotations

from collections.abc import Sequence

from khabar.arabic.calendar.lexicon import Meaning, Month, Token, month_starts, months
from khabar.arabic.calendar.spec import Amounts

Tokens = Sequence[Token]
END = Token(-1, -1, "", "", "", "", False, {})
ABOUT = frozenset(["نحو", "حوالي", "حوالى", "قرابه", "زهاء", "تقريبا", "قريب"])
MORE = (("اكثر", "من"), ("اقل", "من"), ("ازيد", "من"), ("ما", "يقرب", "من"), ("ما", "يقارب"), ("ما", "يزيد", "عن"),
        ("ما", "يزيد", "علي"), ("ما", "لا", "يقل", "عن"), ("ما", "يناهز"))  # fmt: skip
MORE_STARTS = frozenset(words[0] for words in MORE)
ERA_HIJRI = frozenset(["ه", "هجري", "هجريه", "هجريا", "للهجره", "هـ"])
ERA_GREGORIAN = frozenset(["م", "ميلادي", "ميلاديه", "ميلاديا", "للميلاد"])
YEAR_SEPARATORS = frozenset(",،-–—/.")


def at(t: Tokens, i: int) -> Token:
    """The token, or an empty one outside the text."""
    return t[i] if 0 <= i < len(t) else END


def cat(token: Token, category: str) -> Meaning | None:
    """The token's meaning in a category."""
    return token.cats.get(category)


def digits(token: Token) -> int | None:
    """The number of a digit token, at most six digits."""
    return int(token.text) if token.kind == "n" and len(token.text) <= 6 else None


def adjoining(t: Tokens, i: int) -> bool:
    """Whether token i stands right before token i+1 without a space."""
    return at(t, i).end == at(t, i + 1).start


def number(t: Tokens, i: int) -> tuple[int, int] | None:
    """A number in digits or words up to 9999 (ثلاثة، خمسة عشر، واحد وعشرون، ألفين وخمسة عشر)."""
    if (value := digits(at(t, i))) is not None:
        if (
            at(t, i + 1).text in {".", ",", "٫"}
            and at(t, i + 2).kind == "n"
            and adjoining(t, i)
            and adjoining(t, i + 1)
        ):
            return None
        return i + 1, value
    first = cat(at(t, i), "number")
    if first is None:
        return None
    total, j = first.value, i + 1
    if first.tag in ("", "teen") and at(t, j).bare in ("عشر", "عشره") and not at(t, j).prefix and total < 10:
        return j + 1, total + 10
    if first.tag == "teen" and at(t, j).prefix != "و":
        return None
    while True:
        more = cat(at(t, j), "number")
        if more is None or at(t, j).prefix != "و" or at(t, j).definite != at(t, i).definite:
            break
        if more.tag == "" and at(t, j + 1).bare in ("عشر", "عشره") and not at(t, j + 1).prefix:
            total, j = total + more.value + 10, j + 2
            continue
        total, j = total + more.value, j + 1
    return j, total


def ordinal(t: Tokens, i: int) -> tuple[int, int] | None:
    """A definite ordinal 1–31 (العاشر، الثاني عشر، الحادي والعشرين، الثلاثين)."""
    token = at(t, i)
    tens = cat(token, "number")
    if tens and tens.tag == "ten" and token.definite:
        return i + 1, tens.value
    first = cat(token, "ordinal")
    if first is None or not token.definite:
        return None
    after = at(t, i + 1)
    if after.bare in ("عشر", "عشره") and not after.prefix and not after.definite:
        return i + 2, first.value + 10
    more = cat(after, "number")
    if more and more.tag == "ten" and after.prefix == "و" and after.definite:
        return i + 2, first.value + more.value
    return None if first.tag == "base" else (i + 1, first.value)


def one_month(t: Tokens, i: int) -> tuple[int, Month] | None:
    """One month name of up to three words, the first perhaps with a proclitic."""
    token = at(t, i)
    if token.kind != "w" or token.bare not in month_starts():
        return None
    first = ("ال" + token.bare) if token.definite else token.bare
    table = months()
    two, three = at(t, i + 1), at(t, i + 2)
    for size, key in ((3, (first, two.text, three.text)), (2, (first, two.text)), (1, (first,))):
        if (found := table.get(key)) is not None:
            if size == 2 and two.kind == "n" and len(two.text) > 1:
                continue
            return i + size, found
    return None


def month(t: Tokens, i: int) -> tuple[int, Month, bool] | None:
    """A month with its second name (أبريل/نيسان، نيسان (أبريل)، يوليو تموز); True if it had one.

    Of two names of different months the first counts (a slip of the pen) unless both are of one tradition.
    """
    found = one_month(t, i)
    if found is None:
        return None
    j, first = found
    sign = at(t, j).text
    k = j + 1 if sign in ("/", "(", "-", "–", "[", "\\") else j
    other = one_month(t, k)
    if other is None or at(t, k).prefix or other[1].calendar != first.calendar or other[1].tradition == first.tradition:
        return j, first, False
    if other[1].number != first.number and sign not in ("/", "(", "["):
        return j, first, False
    end = other[0]
    if sign in ("(", "[") and at(t, end).text in (")", "]"):
        end += 1
    return end, first, True


def era(t: Tokens, j: int) -> tuple[int, str | None]:
    """An era mark after a year: م, هـ, ميلادي, هجرية …"""
    token = at(t, j)
    text = token.text
    if text == "(" and at(t, j + 2).text == ")" and at(t, j + 1).text in ERA_HIJRI | ERA_GREGORIAN:
        return j + 3, "hijri" if at(t, j + 1).text in ERA_HIJRI else "gregorian"
    if text in ERA_HIJRI:
        return j + 1, "hijri"
    if text in ERA_GREGORIAN and (
        len(text) > 1 or adjoining(t, j - 1) or at(t, j + 1).text in ("", ")", "،", ".", "-")
    ):
        return j + 1, "gregorian"
    return j, None


def before_christ(t: Tokens, j: int) -> bool:
    """قبل الميلاد، قبل المسيح، ق.م after a year or century."""
    if at(t, j).text == "قبل":
        return at(t, j + 1).text in ("الميلاد", "المسيح")
    return at(t, j).text == "ق" and (at(t, j + 1).text == "م" or at(t, j + 2).text == "م")


def damaged(t: Tokens, i: int) -> bool:
    """A digit token with a sign and more digits right before or after it is part of something else."""
    before, after = at(t, i - 1), at(t, i + 1)
    if after.text in {".", ",", "٫", "٬", ":"} and adjoining(t, i) and at(t, i + 2).kind == "n" and adjoining(t, i + 1):
        return True
    signs = {".", ",", "٫", "٬", ":"}
    if before.text in signs and at(t, i - 2).kind == "n" and adjoining(t, i - 1) and adjoining(t, i - 2):
        return True
    return after.text in {"%", "٪"} or (before.kind == "w" and before.text.isascii() and adjoining(t, i - 1))


def marked_year(t: Tokens, i: int) -> tuple[int, int, str] | None:
    """عام 2011، العام 2011، سنة 1443هـ، لعام ألفين وعشرة: (next, year, calendar)."""
    unit = cat(at(t, i), "unit")
    if unit is None or unit != (1, "Y") or at(t, i).text == "عاما":
        return None
    j = i + 1
    if at(t, j).kind == "n":
        year = digits(at(t, j))
        if year is None or not 3 <= len(at(t, j).text) <= 4 or damaged(t, j):
            return None
        j += 1
    else:
        words = number(t, j)
        if words is None or words[1] < 1000:
            return None
        j, year = words
    if before_christ(t, j):
        return None
    j, calendar = era(t, j)
    return j, year, calendar or "gregorian"


def plain_year(t: Tokens, i: int, *, low: int = 1800, high: int = 2100) -> tuple[int, int, str] | None:
    """A year of four digits without عام: (next, year, calendar); Hijri only with its mark."""
    token = at(t, i)
    if token.kind != "n" or len(token.text) != 4 or damaged(t, i):
        return None
    year = int(token.text)
    j, calendar = era(t, i + 1)
    if calendar == "hijri" and 1 <= year <= 1600:
        return j, year, "hijri"
    return (j, year, "gregorian") if low <= year <= high else None


def amount(t: Tokens, i: int) -> tuple[int, int, str] | None:
    """One amount of time: (next, count, unit): يومين، ثلاثة أيام، 44 يوما، شهر واحد، عام."""
    token = at(t, i)
    unit = cat(token, "unit")
    if unit is not None and not token.definite:
        after = at(t, i + 1)
        if unit.value == 3:
            return None
        if unit.value == 1 and (after.kind == "n" or cat(after, "weekday") or one_month(t, i + 1)):
            return None
        j = i + 1
        if (unit.value == 1 and at(t, j).text in ("واحد", "واحده", "كامل", "كامله")) or (
            unit.value == 2 and at(t, j).text in ("اثنين", "اثنتين", "كاملين", "متتاليين")
        ):
            j += 1
        half = at(t, j)
        if half.text == "ونصف" and unit.tag in ("Y", "H", "DEC"):
            return j + 1, unit.value, unit.tag
        return j, unit.value, unit.tag
    counted = number(t, i)
    if counted is None:
        return None
    j, count = counted
    unit = cat(at(t, j), "unit")
    if unit is None or unit.value == 2 or at(t, j).definite or at(t, j).prefix:
        return None
    return j + 1, count, unit.tag


def about(t: Tokens, i: int) -> tuple[int, bool]:
    """Skips نحو، أكثر من، ما يقرب من …: (next, whether there was one)."""
    if at(t, i).text in ABOUT:
        return i + 1, True
    if at(t, i).text not in MORE_STARTS:
        return i, False
    for words in MORE:
        if all(at(t, i + k).text == word for k, word in enumerate(words)):
            return i + len(words), True
    return i, False


def amounts(t: Tokens, i: int) -> tuple[int, Amounts, bool] | None:
    """Amounts joined by و (عامين وشهر واحد و21 يوما): (next, amounts, approximate)."""
    j, approximate = about(t, i)
    first = amount(t, j)
    if first is None:
        return None
    j, found = first[0], [first[1:]]
    while True:
        k = j
        if at(t, k).text == "و":
            k += 1
        elif at(t, k).prefix != "و":
            break
        more = amount(t, k)
        if more is None or SIZE[more[2]] >= SIZE[found[-1][1]]:
            break
        j = more[0]
        found.append(more[1:])
    if at(t, j).text in ABOUT:
        j, approximate = j + 1, True
    return j, tuple(found), approximate


SIZE = {"CEN": 9, "DEC": 8, "Y": 7, "M": 6, "W": 5, "D": 4, "NI": 4, "H": 3, "MIN": 2}
