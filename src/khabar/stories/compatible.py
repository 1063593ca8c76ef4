"""Whether cells of two events can be those of one act: codes, places, times. All functions are symmetric."""

from __future__ import annotations

import calendar
import math
from collections.abc import Iterable

from khabar.records import Event, Mention, Place, Time
from khabar.stories.roots import same_word

# Modes that news use for one act in turn, the more special one second.
_MODES: frozenset[frozenset[str]] = frozenset(
    frozenset(pair)
    for pair in (
        ("explosives", "suicide-attack"), ("aerial", "drone"), ("targeted", "aerial"), ("targeted", "drone"),
        ("targeted", "firearms"), ("targeted", "explosives"), ("visit", "multilateral"),
        ("third-party", "multilateral"), ("demo", "riot"),
    )
)  # fmt: skip
# Kilometres within which two named places may be one: a quarter and its town, a village and its district.
NEAR_KM = 40.0
_UNKNOWN = frozenset({"UNK", "INT"})


def codes(mentions: Iterable[Mention]) -> frozenset[str]:
    """The set of codes of some mentions."""
    return frozenset(code for mention in mentions for code in mention.codes)


def same_mode(a: str | None, b: str | None) -> bool:
    """Whether two modes can be one act's: equal, one unsaid, or two names for one thing."""
    return a is None or b is None or a == b or frozenset((a, b)) in _MODES


def same_code(a: str, b: str) -> bool:
    """Whether two codes can be one party: equal, one the bare country of the other, or one of unknown country."""
    (a_country, _, a_sector), (b_country, _, b_sector) = a.partition("."), b.partition(".")
    countries = a_country == b_country or "UNK" in (a_country, b_country)
    return countries and (a_sector == b_sector or not a_sector or not b_sector or "UAF" in (a_sector, b_sector))


def same_parties(a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether two sets of codes can be one side of an act: one is empty, or every code of the smaller has its like in
    the larger (a mention may leave parties out, it does not name others)."""
    small, large = sorted((a, b), key=len)
    return all(any(same_code(code, other) for other in large) for code in small)


def shared(a: frozenset[str], b: frozenset[str]) -> float:
    """How much two sides have in common, 0 to 1: each code of the smaller set by its like in the larger (equal 1, bare
    country .6, unknown country .2), less if the larger names more."""
    if not a or not b:
        return 0.0
    small, large = sorted((a, b), key=len)
    likeness = sum(max(_likeness(code, other) for other in large) for code in small) / len(small)
    return likeness * (0.7 + 0.3 * len(small) / len(large))


def _likeness(a: str, b: str) -> float:
    if a == b:
        return 1.0
    if not same_code(a, b):
        return 0.0
    return 0.2 if a.startswith("UNK") or b.startswith("UNK") else 0.6


def days(value: str | None) -> tuple[str, str] | None:
    """First and last day of `YYYY[-MM[-DD]]` or `first/last`; None where it is neither."""
    if not value:
        return None
    first, _, last = value.partition("/")
    try:
        return _day(first, False), _day(last or first, True)
    except ValueError:
        return None


def _day(value: str, last: bool) -> str:
    parts = [int(part) for part in value.split("-")]
    if len(parts) == 3:
        return value
    month = parts[1] if len(parts) > 1 else (12 if last else 1)
    day = calendar.monthrange(parts[0], month)[1] if last else 1
    return f"{parts[0]:04d}-{month:02d}-{day:02d}"


def same_time(a: Time | None, b: Time | None) -> bool:
    """Whether two times can be one: one is open, or they overlap."""
    x, y = days(a.value if a else None), days(b.value if b else None)
    return x is None or y is None or (x[0] <= y[1] and y[0] <= x[1])


def equal_time(a: Time | None, b: Time | None) -> bool:
    """Whether both have the same value."""
    return a is not None and b is not None and a.value is not None and a.value == b.value


def distance(a: Place, b: Place) -> float | None:
    """Kilometres between two places, None where one has no coordinates."""
    if a.latitude is None or a.longitude is None or b.latitude is None or b.longitude is None:
        return None
    x, y = math.radians(a.latitude), math.radians(b.latitude)
    turn = math.radians(b.longitude - a.longitude)
    half = math.sin((x - y) / 2) ** 2 + math.cos(x) * math.cos(y) * math.sin(turn / 2) ** 2
    return 12742.0 * math.asin(min(1.0, math.sqrt(half)))


def whole_country(place: Place) -> bool:
    """Whether a place is a country or region and no point on the map."""
    return (place.feature or "").startswith(("PCL", "CONT", "RGN", "country")) or (
        place.text is None and place.geonames is None
    )


def same_place(a: Place | None, b: Place | None) -> bool:
    """Whether two places can be one: one is open or a whole country, or they stand near, contain or name each other."""
    if a is None or b is None or a.country is None or b.country is None:
        return True
    if a.country != b.country:
        return bool({a.country, b.country} & _UNKNOWN)
    if whole_country(a) or whole_country(b) or equal_place(a, b):
        return True
    apart = distance(a, b)
    if apart is not None:
        division = "ADM" in f"{a.feature} {b.feature}" and a.admin1 is not None and a.admin1 == b.admin1
        return apart <= NEAR_KM or division
    return True  # two names without coordinates: neither for nor against


def equal_place(a: Place | None, b: Place | None) -> bool:
    """Whether two places are the same point: the same GeoNames id, or a word of their names in common."""
    if a is None or b is None:
        return False
    if a.geonames is not None and b.geonames is not None:
        return a.geonames == b.geonames
    return a.text is not None and b.text is not None and same_word(a.text, b.text)


def same_toll(a: Event, b: Event) -> bool | None:
    """Whether the numbers of victims agree: True where one is equal, False where all differ, None where none can be
    compared, or where one names more victims than the other. A bound (`>=10`) agrees with what fulfils it, an estimate
    (`~20`) with anything."""
    both = a.toll.keys() & b.toll.keys()
    if any(same_number(a.toll[kind], b.toll[kind]) for kind in both):
        return True
    partial = codes(a.recipients) < codes(b.recipients) or codes(b.recipients) < codes(a.recipients)
    return None if not both or partial else False


def same_number(a: str, b: str) -> bool:
    """Whether two numbers of victims can both be right: a bound (`>=10`, `<=10`) agrees with what fulfils it, an
    estimate (`~20`) with anything, two bounds of one kind only if they are equal."""
    x, y = _bounds(a), _bounds(b)
    if a == b or x is None or y is None:
        return True
    return a[:2] != b[:2] and x[0] <= y[1] and y[0] <= x[1] if not a.isdigit() or not b.isdigit() else x == y


def _bounds(value: str) -> tuple[float, float] | None:
    """Least and greatest number that a value allows; None for an estimate or what is no number."""
    digits = value.lstrip("<>=")
    if not digits.isdigit():
        return None
    number = float(digits)
    return (number if value[0] != "<" else 0.0), (number if value[0] != ">" else math.inf)
