"""Numbers written in digits: Arabic-Indic, Persian and ASCII digits, group and decimal signs of every press.

Signs: `٬` (U+066C) always parts groups, `٫` (U+066B) always decimals. Of `, . ، '` and thin spaces the last kind is
decimal if two kinds stand in one number (27٬300٫45; 48،205,36; 1.234,5); one kind alone parts groups if three digits
follow each time (27,300; 1.000.000) and decimals otherwise (3,5).
"""

from __future__ import annotations

import re

_DIGITS = {base + i: str(i) for base in (0x0660, 0x06F0) for i in range(10)}
SIGNS = ".,٫٬،'’"
NUMBER = re.compile(rf"[0-9٠-٩۰-۹]+(?:[{SIGNS}\u00a0\u202f\u2009][0-9٠-٩۰-۹]+)*")
_GROUPS = frozenset("٬'’\u00a0\u202f\u2009")


def parse(text: str, *, decimal_point: bool = False) -> float | None:
    """The value of a number in digits, None where it is none (a date 12.5.2020, a list 3،4،5).

    `decimal_point`: a single point before three digits is decimal (1.250 مليار), not a group sign (20.000 شخص).
    """
    plain = text.translate(_DIGITS)
    if not NUMBER.fullmatch(plain):
        return None
    pieces = re.split(r"(\D)", plain)
    digits, signs = pieces[::2], pieces[1::2]
    if not signs:
        return float(digits[0]) if len(digits[0]) <= 300 else None
    last = signs[-1]
    others = set(signs[:-1])
    decimal: bool | None
    if last == "٫" or (others and last not in others):
        decimal = True if last not in _GROUPS else None
    elif others or last in _GROUPS:
        decimal = False
    elif len(digits[1]) == 3 and digits[0].lstrip("0") and len(digits[0]) <= 3:
        decimal = last == "." and decimal_point
    else:
        decimal = True
    if decimal is None or len(set(signs[:-1] if decimal else signs)) > 1:
        return None
    whole = digits[:-1] if decimal else digits
    if len(whole) > 1 and (len(whole[0]) > 3 or not whole[0] or any(len(d) != 3 for d in whole[1:])):
        return None
    return float("".join(whole) + ("." + digits[-1] if decimal else ""))
