"""Tolls: how many persons an event killed, injured, detained, abducted, released, displaced, or left missing.

`read_tolls` reads a paragraph: every number (digits, words, duals, vague plurals) that stands with a word of
`data/toll_words.tsv`; numbers of things and parts of a whole ("بينهم 3 أطفال") are left out. `attach` gives each to the
event of the paragraph that it belongs to, by type, by the word itself, by sentence and nearness (CODEBOOK section 8).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import msgspec

from khabar.arabic import fold_key, numbers, sentences, strip_article, strip_proclitics
from khabar.records import Article, Event, Mention
from khabar.resolve import schema
from khabar.resolve.place_words import Token, states, tokenize

KILL, HURT = "killed", "injured"
NEAR = 5  # words between a toll word and its number


class Toll(NamedTuple):
    """A number of persons in a paragraph: offsets of the number (or of the single victim), `value` as written in
    section 8 (`12`, `>=10`, `~200`), `words` the words that give the category, `at` where they begin."""

    start: int
    end: int
    category: str
    value: str
    words: str
    at: int


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


@lru_cache(maxsize=100_000)
def _cue(key: str) -> tuple[Cue, ...]:
    table = _cues()
    bare = strip_proclitics(key)
    return table.get(key) or table.get(bare) or table.get(strip_article(bare)) or ()


@lru_cache(maxsize=100_000)
def _is(key: str, kind: str) -> bool:
    nouns, bare = _nouns()[kind], strip_proclitics(key)
    return key in nouns or bare in nouns or strip_article(bare) in nouns


class _Count(NamedTuple):
    """A number with the tokens `first` to `last` (inclusive) that it covers; a dual counts itself."""

    first: int
    last: int
    start: int
    end: int
    value: float
    modifier: str
    counted: str | None


def read_tolls(text: str) -> list[Toll]:
    """The tolls told in a paragraph, in order; offsets into `text`."""
    text = text.replace(":", " ")
    tokens = tokenize(text)
    counts = list(_counts(text, tokens))
    borders = [end for _, end in sentences(text)]
    found: list[Toll] = []
    for number, count in enumerate(counts):
        if _is_part(count, text, tokens):
            continue
        others = [c for i, c in enumerate(counts) if i != number]
        for at in _cue_of(count, tokens, others, borders, text):
            cues = _cue(tokens[at].key)
            joined = _joined(at, tokens, text, others)
            if joined and not _is_vague(count, text):
                continue  # "41 قتيلا وجريحا" says neither how many died nor how many were hurt
            for category in dict.fromkeys([cues[0].category, *joined]):
                found.append(
                    Toll(count.start, count.end, category, _written(count), text[tokens[at].start : tokens[at].end],
                         tokens[at].start)
                )  # fmt: skip
    found = _summed(found, text)
    taken = {toll.at for toll in found}
    found += [t for t in _singles(text, tokens, counts) if t.at not in taken]
    return sorted(found, key=lambda t: t.start)


def _is_vague(count: _Count, text: str) -> bool:
    """Whether a number is one of the vague plurals ("عشرات")."""
    return count.modifier == "~" and strip_article(strip_proclitics(text[count.start : count.end].split()[0])) in _VAGUE


_VAGUE = frozenset(map(fold_key, "عشرات مئات مئتي آلاف ألوف مئآت".split()))


def _written(count: _Count) -> str:
    return f"{count.modifier if count.modifier in ('>=', '~') else ''}{int(count.value)}"


def _counts(text: str, tokens: Sequence[Token]) -> Iterator[_Count]:
    for number in numbers.find(text):
        covered = [i for i, t in enumerate(tokens) if t.start < number.end and t.end > number.start]
        if not covered or number.value < 1 or number.value != int(number.value) or _is_name(number, tokens, covered):
            continue
        after = text[number.end : number.end + 2].strip()
        if after[:1] in ("%", "٪") or _is_time(number, tokens, covered):
            continue
        counted = number.counted
        if counted and _is(fold_key(counted), "thing"):
            continue
        if counted is None and covered[-1] + 1 < len(tokens) and _is(tokens[covered[-1] + 1].key, "thing"):
            continue
        sign = number.modifier
        if not sign and any(t.bare in _PASSING for t in tokens[max(0, covered[0] - 5) : covered[0]]):
            sign = ">="
        if covered[0] and tokens[covered[0] - 1].key in ("هذين", "هذان", "هاتين", "هذه", "هولاء"):
            continue
        yield _Count(covered[0], covered[-1], number.start, number.end, number.value, sign, counted)


# Duals that are names, or parties of a fight rather than persons.
_NO_DUALS = frozenset(map(fold_key, "طالبان الطرفان الطرفين الجانبان الجانبين البلدان البلدين حزيران نيسان".split()))
_PERCENT = frozenset(map(fold_key, "بالمئة بالمائة المئة المائة".split()))
_MONTHS = frozenset(
    fold_key(
        "يناير فبراير مارس أبريل إبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر كانون شباط آذار نيسان أيار حزيران "
        "تموز آب أيلول تشرين جانفي فيفري أفريل ماي جوان جويلية أوت محرم صفر ربيع جمادى رجب شعبان رمضان شوال ذي"
    ).split()
)


def _is_name(number: numbers.Number, tokens: Sequence[Token], covered: list[int]) -> bool:
    """Whether a number is a name, a date, an age, or counts a thing before it ("طالبان", "7 أكتوبر", "السنوات الأربع")."""
    first, last = tokens[covered[0]], tokens[covered[-1]]
    following = [t.bare for t in tokens[covered[-1] + 1 : covered[-1] + 3]]
    if following[:1] and (following[0] in _PERCENT or (following[0] == "في" and following[-1] in _PERCENT)):
        return True
    if first is last and first.key.endswith("يين"):
        return True  # العسكريين: plural as well as dual
    if strip_proclitics(first.key) in _NO_DUALS or (following and following[0].split("/")[0] in _MONTHS):
        return True
    if any(word in ("عمره", "عمرها", "العمر") for word in following):
        return True
    definite = strip_proclitics(last.key).startswith("ال")
    return definite and covered[0] > 0 and number.counted is None and _is(tokens[covered[0] - 1].key, "thing")


_PASSING = frozenset(map(fold_key, "تجاوز تجاوزت يتجاوز تتجاوز يفوق فاق تخطى تخطت تتخطى يتخطى".split()))
_DATING = frozenset(
    "عام سنه العام في منذ حتي يناير فبراير مارس ابريل مايو يونيو يوليو اغسطس سبتمبر اكتوبر نوفمبر ديسمبر اللواء لواء الفرقه "
    "القرار رقم الساعه عمره عمرها العمر الماده يوم".split()
)


def _is_time(number: numbers.Number, tokens: Sequence[Token], covered: list[int]) -> bool:
    """Whether a bare number is a year, a day or the name of something ("عام 2011", "القرار 2216")."""
    before = tokens[covered[0] - 1].bare if covered[0] else ""
    bare = number.counted is None or not number.text.strip().isdigit()
    if number.text.strip().isdigit() and 1900 <= number.value <= 2100 and (before in _DATING or number.counted is None):
        return True
    return bare and before in _DATING - {"في", "حتي", "منذ"}


def _is_part(count: _Count, text: str, tokens: Sequence[Token]) -> bool:
    """Whether the number only counts part of a whole ("بينهم 3 أطفال"): nothing of a toll in between."""
    for at in range(count.first - 1, max(-1, count.first - 14), -1):
        between = text[tokens[at].end : tokens[at + 1].start]
        if re.search(r"[.؛!؟]", between):
            return False
        if _cue(tokens[at].key):
            # "من بينهم ثلاثة قتلى" keeps going back: the part's own noun does not end it.
            return False
        if _is(tokens[at].key, "part") and tokens[at].key != "منها":
            # "16 قتيلا بينهم ثمانية مسلحين، و80 جريحا": a victim's own noun after a comma begins anew.
            return not (_has_victim(count, tokens) and count.first - at > 2)
    return False


def _told_by(tokens: Sequence[Token], at: int) -> tuple[Cue, ...]:
    """The cues of a token where it tells of what happened: no attempt, no sentence of death, القضاء only with على."""
    if at and tokens[at - 1].bare in _ATTEMPT:
        return ()
    cues = _cue(tokens[at].key)
    following = tokens[at + 1].key if at + 1 < len(tokens) else ""
    return cues if following == "علي" else tuple(c for c in cues if c.use != "on")


def _has_victim(count: _Count, tokens: Sequence[Token]) -> bool:
    after = tokens[count.last + 1] if count.last + 1 < len(tokens) else None
    return after is not None and any(c.use == "victim" for c in _cue(after.key))


def _cue_of(
    count: _Count, tokens: Sequence[Token], others: Sequence[_Count], borders: Sequence[int], text: str
) -> list[int]:  # fmt: skip
    """The token that gives the number's category (at most one): its own noun, the nearest before, a verb after."""
    stop = next((b for b in borders if b >= count.end), len(text))
    start = max((b for b in borders if b <= count.start), default=0)
    taken = {i for c in others for i in range(c.first, c.last + 1)}
    after: list[int] = []
    within = False  # in "بينهم أربعة أطفال", whose number is not passed over but read through
    for at in range(count.last, min(len(tokens), count.last + 8)):
        within = within or (at > count.last and _is(tokens[at].key, "part"))
        if tokens[at].start >= stop or (at in taken and at > count.last and not within):
            break
        if at > count.last and re.search(r"[؛:،]", text[tokens[at - 1].end : tokens[at].start]):
            break
        if at > count.last and tokens[at].key.startswith(("و", "ف")) and _cue(tokens[at].key[1:]):
            break  # "مقتل أربعة مدنيين وإصابة 22": the next word has a number of its own
        after.append(at)
    for at in after[:3]:
        if any(c.use == "victim" for c in _cue(tokens[at].key)) and (at > count.last or count.first == count.last):
            return [at]
    before = _before(count, tokens, taken, start, text)
    if before is not None and count.first - before <= 3:
        return [before]
    for at in after:
        cues = _told_by(tokens, at)
        if at > count.last and any(c.use in ("verb", "light") for c in cues) and not tokens[at].key.startswith("و"):
            return [at]
    return [before] if before is not None else []


def _before(count: _Count, tokens: Sequence[Token], taken: set[int], start: int, text: str) -> int | None:
    steps, limit = 0, NEAR
    total = count.first > 0 and tokens[count.first - 1].bare in _REACHING
    for at in range(count.first - 1, -1, -1):
        if total and _is_total(tokens, at):
            return at
        if tokens[at].start < start or steps >= (12 if total else limit):
            return None
        gap = text[tokens[at].end : tokens[at + 1].start]
        if re.search(r"[؛.]", gap):
            return None
        if _told_by(tokens, at):
            if any(c.use == "victim" for c in _cue(tokens[at].key)) and not _reaches(tokens, at, count.first):
                return None
            return at
        if at in taken:
            if not tokens[at + 1].key.startswith("و") and not any(t.key.startswith("و") for t in tokens[at + 2 : count.first + 1]):
                return None
            limit = 9
        steps += 1
    return None


_REACHING = frozenset("الي بلغ بلغت وصل وصلت بلغوا هو نحو حوالي قرابه بحوالي بنحو باكثر اكثر من علي الاقل يتجاوز تجاوز".split())


def _reaches(tokens: Sequence[Token], at: int, number: int) -> bool:
    """Whether a total is told: "ارتفع عدد القتلى إلى 133", "عدد القتلى 133"."""
    counted = at > 0 and tokens[at - 1].bare in ("عدد", "حصيله", "اعداد", "عدد ضحايا")
    return counted or any(t.bare in _REACHING for t in tokens[at + 1 : number])


def _is_total(tokens: Sequence[Token], at: int) -> bool:
    """Whether the token is the victims of "عدد القتلى", "حصيلة القتلى"."""
    victims = any(c.use in ("victim", "noun") for c in _cue(tokens[at].key))
    return victims and at > 0 and tokens[at - 1].bare in ("عدد", "حصيله", "اعداد")


def _joined(at: int, tokens: Sequence[Token], text: str, others: Sequence[_Count]) -> list[str]:
    """Other categories that share the number: "مقتل وإصابة العشرات", "عشرات القتلى والجرحى"."""
    found = []
    here = {c.use == "victim" for c in _cue(tokens[at].key)}
    alone = at > 1 and _is(tokens[at - 2].key, "single")  # "أن طفلا قتل وأصيب 15"
    if tokens[at].key.startswith("و") and at and not alone and (cues := _cue(tokens[at - 1].key)):
        apart = text[tokens[at - 1].end : tokens[at].start].strip()
        if not apart and {c.use == "victim" for c in cues} & here:
            found.append(cues[0].category)
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if following is not None and following.key.startswith("و") and (cues := _cue(following.key)):
        own = any(at + 2 <= c.first <= at + 3 for c in others)
        if True in here and any(c.use == "victim" for c in cues) and not own:
            found.append(cues[0].category)
    return found


def _summed(tolls: list[Toll], text: str) -> list[Toll]:
    """Numbers joined by و under one word of a category are added ("قتل 3 جنود و5 مدنيين", "18 شابا و14 آخر")."""
    merged: list[Toll] = []
    for toll in tolls:
        last = next((t for t in reversed(merged) if t.category == toll.category), None)
        if last is not None and last.at == toll.at and last.start != toll.start and toll.start > last.at:
            between = text[last.end : toll.start]
            other = re.match(r"\s*\S*\s*(?:آخر|اخر|آخرين|اخرين|آخرون|أخرى)", text[toll.end :])
            if (len(between) < 40 or other) and re.search(r"(^|\s)و\s*$|\sو$|و$", between) or text[toll.start] == "و":
                value = int(re.sub(r"\D", "", last.value)) + int(re.sub(r"\D", "", toll.value))
                sign = re.sub(r"\d", "", last.value) or re.sub(r"\d", "", toll.value)
                merged[merged.index(last)] = last._replace(end=toll.end, value=f"{sign}{value}")
                continue
        merged.append(toll)
    return merged


_ONE = frozenset(map(fold_key, "مصرعه مصرعها حتفه حتفها مقتله مقتلها استشهاده".split()))


def _singles(text: str, tokens: Sequence[Token], counts: Sequence[_Count]) -> Iterator[Toll]:
    """One victim without a number: "مقتل جندي", "أصيب أحد المتظاهرين", "جنديا قتل", "لقي أمين شرطة مصرعه"."""
    numbered = {i for c in counts for i in range(c.first, c.last + 1)}
    for at, token in enumerate(tokens):
        cues = [c for c in _told_by(tokens, at) if c.category in (KILL, HURT) and c.use in ("verb", "noun", "life")]
        if not cues:
            continue
        words = text[token.start : token.end]
        if token.bare in _ONE or token.key in _ONE:
            yield Toll(token.start, token.end, cues[0].category, "1", words, token.start)
        elif at + 1 < len(tokens) and at + 1 not in numbered and _one_victim(text, tokens, at, at + 1):
            victim = tokens[at + 1]
            yield Toll(victim.start, victim.end, cues[0].category, "1", words, token.start)
        elif cues[0].use == "verb" and at and not token.key.startswith(("و", "ف", "ب", "ل")) and at - 1 not in numbered:
            victim = tokens[at - 1]
            if _is(victim.key, "single") and not text[victim.end : token.start].strip() and "ال" != victim.key[:2]:
                yield Toll(victim.start, victim.end, cues[0].category, "1", words, token.start)


_ATTEMPT = frozenset(map(fold_key, "محاولة محاولات بمحاولة قضت حكم الحكم عقوبة أحكام يعتزم خطة مخطط".split()))


def _one_victim(text: str, tokens: Sequence[Token], at: int, following: int) -> bool:
    victim = tokens[following]
    if text[tokens[at].end : victim.start].strip() or victim.key.startswith("ال"):
        return False
    if victim.key.startswith(("ب", "ل")) and victim.bare != victim.key and not _is(victim.key, "single"):
        return False
    after = tokens[following + 1] if following + 1 < len(tokens) else None
    collective = after is not None and _is(after.key, "group") and victim.bare not in ("احد", "احدي")
    return _is(victim.key, "single") and not collective


# Which types take a category, the likeliest first.
TAKES: dict[str, tuple[str, ...]] = {
    "killed": ("ASSAULT",), "injured": ("ASSAULT",), "missing": ("ASSAULT",),
    "detained": ("COERCE",), "abducted": ("ASSAULT",), "released": ("RETREAT", "AID", "CONCEDE"),
    "displaced": ("ASSAULT", "COERCE", "RETREAT"),
}  # fmt: skip
TYPES = frozenset(kind for kinds in TAKES.values() for kind in kinds)


def attach(article: Article, events: Sequence[Event]) -> tuple[Event, ...]:
    """The events with `toll` filled from their own paragraphs. Only actual events take one."""
    by_paragraph: dict[int, list[int]] = {}
    for number, event in enumerate(events):
        if event.type in TYPES and 0 <= event.paragraph < len(article.paragraphs):
            by_paragraph.setdefault(event.paragraph, []).append(number)
    tolls: dict[int, dict[str, str]] = {}
    for paragraph, numbers_ in by_paragraph.items():
        text = article.paragraphs[paragraph]
        borders = [end for _, end in sentences(text)]
        near = {n: events[n] for n in numbers_ if events[n].status == "actual"}
        numbered = sorted(read_tolls(text), key=lambda t: (_is_one(t, text), t.start))
        for toll in numbered:
            owner = _owner(toll, near, borders, text)
            if owner is not None:
                category = "abducted" if toll.category == "detained" and _abducts(near[owner]) else toll.category
                tolls.setdefault(owner, {}).setdefault(category, toll.value)
        counts = list(_counts(text, tokenize(text)))
        for number, event in near.items():
            for category, value in _by_recipients(event, text, counts).items():
                tolls.setdefault(number, {}).setdefault(category, value)
        for number in _named_victims(near, text, borders):
            tolls.setdefault(number, {}).setdefault(KILL, "1")
    return tuple(
        msgspec.structs.replace(event, toll=tolls[number]) if number in tolls else event
        for number, event in enumerate(events)
    )


def _named_victims(events: dict[int, Event], text: str, borders: Sequence[int]) -> Iterator[int]:
    """Attacks on one person of whom the same sentence says that he died ("القيادي … المقتول بغارة")."""
    tokens = tokenize(text)
    for number, event in events.items():
        if event.type != "ASSAULT" or len(event.recipients) != 1 or event.mode == "abduct":
            continue
        victim = event.recipients[0]
        if victim.text is None or victim.start is None or not _is_single(victim.text):
            continue
        for at, token in enumerate(tokens):
            died = any(c.category == KILL and c.use in ("verb", "noun") for c in _told_by(tokens, at))
            low, high = sorted((token.start, victim.start))
            if died and high - low < 60 and not any(low < b <= high for b in borders):
                yield number
                break


def _is_one(toll: Toll, text: str) -> bool:
    """Whether the toll is of a single victim told without a number: a total in the paragraph goes before it."""
    return toll.value == "1" and not text[toll.start : toll.end].isdigit()


def _abducts(event: Event) -> bool:
    return event.type == "ASSAULT" and event.mode == "abduct"


def _fits(toll: Toll, event: Event) -> float | None:
    """How well an event's type takes a category (less is better), None if it cannot."""
    if toll.category == "detained":
        if event.type == "COERCE" and event.mode == "arrest":
            return 0.0
        return 0.5 if _abducts(event) else None
    if toll.category == "abducted":
        return 0.0 if _abducts(event) else None
    if toll.category == "released":
        return {"RETREAT": 0.0 if event.mode == "release" else None, "AID": 0.5, "CONCEDE": 0.5}.get(event.type)
    if toll.category in (KILL, HURT):
        if event.type != "ASSAULT":
            return None
        return 2.5 if event.mode in ("abduct", "destroy", "torture") and toll.category == KILL else 0.0
    if toll.category == "displaced":
        order = {"ASSAULT": 0.0, "COERCE": 0.5 if event.mode in ("deport", "restrict", "seize") else None,
                 "RETREAT": 1.0 if event.mode == "withdraw" else None}  # fmt: skip
        return order.get(event.type)
    return 0.0 if event.type == "ASSAULT" else None


_MARKS = frozenset(map(fold_key, "منذ بعد قبل عقب قبيل".split()))
_CAPTURE = re.compile(r"سيطر|استعاد|استول|حرر|تحرير|تقدم|احتل|اقتحم|اقتحام|دخل|توغل")


def _owner(toll: Toll, events: dict[int, Event], borders: Sequence[int], text: str) -> int | None:
    """The event that a toll belongs to: its own word's, else the nearest by type, sentence and distance; a mark of time
    ("منذ التدخل") and a capture come last, of two joined by و the first ("المعارك والغارات أسفرت عن")."""
    ranked: list[tuple[float, int, int]] = []
    for number, event in events.items():
        fit = _fits(toll, event)
        if fit is None:
            continue
        start = event.trigger.start
        if start == toll.at or event.trigger.start <= toll.at < event.trigger.end:
            return number
        apart = sum(1 for b in borders if min(start, toll.start) < b <= max(start, toll.start))
        gap = toll.start - event.trigger.end if start < toll.start else (start - toll.end) * 1.2
        if any(strip_proclitics(fold_key(w)) in _MARKS for w in text[:start].split()[-2:]):
            gap += 60
        if _CAPTURE.search(fold_key(event.trigger.text)):
            gap += 60
        ranked.append((fit * 60 + apart * 150 + gap, start, number))
    if not ranked:
        return None
    best = events[min(ranked)[2]]
    for _, start, number in ranked:
        between = text[events[number].trigger.end : best.trigger.start]
        joined = fold_key(best.trigger.text).startswith("و") and best.trigger.end < toll.at
        if joined and start < best.trigger.start and len(between) < 25 and not re.search(r"[.،؛]", between):
            return number
    return min(ranked)[2]


def _by_recipients(event: Event, text: str, counts: Sequence[_Count]) -> dict[str, str]:
    """A toll that the event's own words give: a number before its recipient, or one single victim of a killing."""
    category = _own_category(event)
    if category is None or not event.recipients:
        return {}
    before = text[: event.trigger.start].split()
    if before and strip_proclitics(fold_key(before[-1])) in _ATTEMPT:
        return {}
    named = [m for m in event.recipients if m.text is not None]
    if len(event.recipients) > 1:
        # Several persons named one by one.
        alone = category in (KILL, HURT) and all(m.text is not None and _is_single(m.text) for m in event.recipients)
        return {category: str(len(named))} if alone else {}
    if not named:
        one = category == KILL and _killing(event) and _single_code(event.recipients[0])
        return {category: "1"} if one else {}
    victim = named[0]
    start, end = victim.start or 0, victim.end or 0
    for count in counts:
        if start - 2 <= count.start < end or 0 <= start - count.end <= 2:
            return {category: _written(count)}
    return {category: "1"} if category in (KILL, HURT) and _is_single(victim.text or "") else {}


def _single_code(victim: Mention) -> bool:
    """An understood victim is one person if it is known by a name."""
    return len(victim.codes) == 1 and len(victim.names) == 1 and victim.codes[0] not in victim.ids and bool(victim.ids)


def _own_category(event: Event) -> str | None:
    if event.type == "COERCE" and event.mode == "arrest":
        return "detained"
    if event.type == "RETREAT" and event.mode == "release":
        return "released"
    if event.type != "ASSAULT":
        return None
    if event.mode == "abduct":
        return "abducted"
    cues = _cue(fold_key(event.trigger.text))
    return next((c.category for c in cues if c.category in (KILL, HURT)), None)


def _killing(event: Event) -> bool:
    return any(c.category == KILL for c in _cue(fold_key(event.trigger.text)))


def _is_single(text: str) -> bool:
    """Whether the words of a victim name one person: no plural, collective or state at their head."""
    tokens = tokenize(text)
    if not tokens:
        return False
    head = tokens[0]
    bare = strip_article(head.bare)
    if _is(head.key, "single"):
        return not any(_is(t.key, "group") for t in tokens[1:2]) or bare in ("احد", "احدي")
    if any(_is(t.key, "group") or t.key.startswith("و") for t in tokens[:2]) or _is(head.key, "thing"):
        return False
    if bare.endswith(("ون", "ات", "تين")) or (bare.endswith("ين") and (len(tokens) == 1 or head.key != bare)):
        return False
    return len(head.key) > 2 and head.bare not in states()[0] and head.key not in states()[0]
