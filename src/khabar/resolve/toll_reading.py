"""Tolls of a paragraph: which number counts whom, by the word that it stands with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from khabar.arabic import fold_key, sentences, strip_article, strip_proclitics
from khabar.resolve.cues import cue_words
from khabar.resolve.place_words import Token, tokenize
from khabar.resolve.toll_words import HURT, KILL, Count, counts_in, cue_of, is_noun, told_by, written

NEAR = 5  # words between a toll word and its number
FAR = 22  # between "عدد القتلى" and "إلى خمسة"


class Toll(NamedTuple):
    """A number of persons in a paragraph: offsets of the number (or of the single victim), `value` as written in
    section 8 (`12`, `>=10`, `~200`), `words` the words that give the category, `at` where they begin."""

    start: int
    end: int
    category: str
    value: str
    words: str
    at: int


@lru_cache(maxsize=64)  # read to attach them, then to weigh them anew
def read_tolls(text: str) -> tuple[Toll, ...]:
    """The tolls told in a paragraph, in order; offsets into `text`."""
    text = text.replace(":", " ")
    tokens = tokenize(text)
    if not any(cue_of(token.key) for token in tokens):
        return ()
    counts = counts_in(text)
    borders = [end for _, end in sentences(text)]
    found: list[Toll] = []
    for number, count in enumerate(counts):
        if _is_part(count, text, tokens) or _is_mixed(count, tokens):
            continue
        others = [c for i, c in enumerate(counts) if i != number]
        for at in _cue_of(count, tokens, others, borders, text):
            cues = told_by(tokens, at) or cue_of(tokens[at].key)
            joined = _joined(at, tokens, text, others)
            if at and tokens[at - 1].key == "بين":
                continue  # "سقط 5122 بين قتيل وجريح"
            if joined and not _is_vague(count, text):
                continue  # "41 قتيلا وجريحا" says neither how many died nor how many were hurt
            more = _one_more(count, tokens, text)
            count = count._replace(value=count.value + more)
            for category in dict.fromkeys([cues[0].category, *joined]):
                found.append(
                    Toll(count.start, count.end, category, written(count), text[tokens[at].start : tokens[at].end],
                         tokens[at].start)
                )  # fmt: skip
    found = _summed(found, text)
    taken = {toll.at for toll in found}
    found += [t for t in _singles(text, tokens, counts) if t.at not in taken]
    return tuple(sorted(found, key=lambda t: t.start))


def _is_mixed(count: Count, tokens: Sequence[Token]) -> bool:
    """Whether dead and hurt are counted together: "سقط عشرات المدنيين بين قتيل وجريح"."""
    for at in range(count.last, min(len(tokens) - 1, count.last + 7)):
        if tokens[at].key == "بين" and any(c.use == "victim" for c in cue_of(tokens[at + 1].key)):
            return True
    return False


def _one_more(count: Count, tokens: Sequence[Token], text: str) -> int:
    """1 where one more person is joined to those counted: "سبعة ضباط من الشرطة ومدنيا", "ثلاثة جنود وامرأة"."""
    if count.modifier == "~":
        return 0
    for at in range(count.last + 1, min(len(tokens), count.last + 7)):
        between = text[tokens[at - 1].end : tokens[at].start]
        if re.search(r"[.،؛:]", between) or is_noun(tokens[at].key, "part") or cue_of(tokens[at].key):
            return 0
        if tokens[at].key.startswith("و") and len(tokens[at].key) > 3:
            single = is_noun(tokens[at].key[1:], "single") and not tokens[at].key.startswith("وال")
            if at + 1 < len(tokens) and tokens[at + 1].key.startswith("واحد"):
                return 0  # a number of its own
            return int(single and tokens[at].key[1:] not in ("احد", "احدي"))
    return 0


def _is_vague(count: Count, text: str) -> bool:
    """Whether a number is one of the vague plurals ("عشرات")."""
    return count.modifier == "~" and strip_article(
        strip_proclitics(text[count.start : count.end].split()[0])
    ) in cue_words("toll.vague")


def _is_part(count: Count, text: str, tokens: Sequence[Token]) -> bool:
    """Whether the number only counts part of a whole ("بينهم 3 أطفال"): nothing of a toll in between."""
    for at in range(count.first - 1, max(-1, count.first - 14), -1):
        between = text[tokens[at].end : tokens[at + 1].start]
        if re.search(r"[.؛!؟]", between):
            return False
        if cue_of(tokens[at].key):
            # "من بينهم ثلاثة قتلى" keeps going back: the part's own noun does not end it.
            return False
        if tokens[at].key == "بين" and at and tokens[at - 1].key.endswith("من"):
            return True
        if is_noun(tokens[at].key, "part") and tokens[at].key != "منها":
            # "16 قتيلا بينهم ثمانية مسلحين، و80 جريحا": a victim's own noun after a comma begins anew.
            return not (_has_victim(count, tokens) and count.first - at > 2)
    return False


def _has_victim(count: Count, tokens: Sequence[Token]) -> bool:
    after = tokens[count.last + 1] if count.last + 1 < len(tokens) else None
    return after is not None and any(c.use == "victim" for c in cue_of(after.key))


def _cue_of(
    count: Count, tokens: Sequence[Token], others: Sequence[Count], borders: Sequence[int], text: str
) -> list[int]:  # fmt: skip
    """The token that gives the number's category (at most one): its own noun, the nearest before, a verb after."""
    stop = next((b for b in borders if b >= count.end), len(text))
    start = max((b for b in borders if b <= count.start), default=0)
    taken = {i for c in others for i in range(c.first, c.last + 1)}
    if count.counted is not None and fold_key(count.counted) in cue_words("toll.cases"):
        at = count.last + 2  # "4 حالات خطف": of what follows, or of nothing
        return [at] if at < len(tokens) and cue_of(tokens[at].key) else []
    after: list[int] = []
    within = False  # in "بينهم أربعة أطفال", whose number is not passed over but read through
    for at in range(count.last, min(len(tokens), count.last + 8)):
        within = within or (at > count.last and is_noun(tokens[at].key, "part"))
        if tokens[at].start >= stop or (at in taken and at > count.last and not within):
            break
        if at > count.last and re.search(r"[؛:،]", text[tokens[at - 1].end : tokens[at].start]):
            break
        if at > count.last and tokens[at].key.startswith(("و", "ف")) and cue_of(tokens[at].key[1:]):
            break  # "مقتل أربعة مدنيين وإصابة 22": the next word has a number of its own
        after.append(at)
    before = _before(count, tokens, taken, start, text)
    for at in after[:3]:
        # Prisoners, hostages, refugees: what they were; the word before says what happened ("أفرجت عن 25 معتقلا").
        cues = cue_of(tokens[at].key)
        if before is not None and cues and cues[0].category in _STATES and cues[0].use == "victim":
            return [before]
        if any(c.use == "victim" for c in cues) and (at > count.last or count.first == count.last):
            return [at]
        if at <= count.last + 1 and any(c.use == "noun" for c in cues) and tokens[at].key in cue_words("toll.victims"):
            return [at]
    if before is not None and count.first - before <= 3:
        return [before]
    for at in after:
        cues = told_by(tokens, at)
        if at > count.last and any(c.use in ("verb", "light") for c in cues) and not tokens[at].key.startswith("و"):
            if _is_charge(tokens, at):
                break
            return [at]
    if before is not None:
        return [before]
    # "14 متمردا، منهم ثلاثة ضباط، قتلوا": the plural verb that the sentence comes back to.
    for at in range(count.last + 1, min(len(tokens), count.last + 17)):
        if tokens[at].start >= stop:
            break
        if cues := told_by(tokens, at):
            plural = tokens[at].key.endswith("وا") and not tokens[at].key.startswith(("و", "ف"))
            return [at] if plural and any(c.use in ("verb", "light") for c in cues) else []
    return []


def _is_charge(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word tells what those before it are accused of or punished for ("بتهمة قتل", "لقتلهم")."""
    if tokens[at].key.startswith("ل") and tokens[at].bare != tokens[at].key:
        return True
    return any(t.bare.startswith(tuple(cue_words("toll.charge"))) for t in tokens[max(0, at - 2) : at])


_STATES = frozenset(("detained", "abducted", "displaced"))


def _before(count: Count, tokens: Sequence[Token], taken: set[int], start: int, text: str) -> int | None:
    steps, limit = 0, NEAR
    if " ".join(t.key for t in tokens[max(0, count.first - 4) : count.first]).endswith(("ما لا يقل عن", "ما يزيد علي")):
        steps = -4
    total = count.first > 0 and tokens[count.first - 1].bare in cue_words("toll.reaching")
    for at in range(count.first - 1, -1, -1):
        if total and _is_total(tokens, at):
            return at
        if tokens[at].start < start or steps >= (FAR if total else limit):
            return None
        gap = text[tokens[at].end : tokens[at + 1].start]
        if re.search(r"[؛.]", gap):
            return None
        if told_by(tokens, at):
            number = (
                count.value <= 2 and at == count.first - 1 and tokens[count.first].key in cue_words("toll.agreeing")
            )
            if any(c.use == "victim" for c in cue_of(tokens[at].key)) and not (
                number or _reaches(tokens, at, count.first)
            ):
                return None
            return at
        if at in taken:
            if not tokens[at + 1].key.startswith("و") and not any(
                t.key.startswith("و") for t in tokens[at + 2 : count.first + 1]
            ):
                return None
            limit = 9
        steps += 1
    return None


def _reaches(tokens: Sequence[Token], at: int, number: int) -> bool:
    """Whether a total is told: "ارتفع عدد القتلى إلى 133", "عدد القتلى 133"."""
    counted = at > 0 and tokens[at - 1].bare in ("عدد", "حصيله", "اعداد", "عدد ضحايا")
    return counted or any(t.bare in cue_words("toll.reaching") for t in tokens[at + 1 : number])


def _is_total(tokens: Sequence[Token], at: int) -> bool:
    """Whether the token is the victims of "عدد القتلى", "حصيلة القتلى"."""
    victims = any(c.use in ("victim", "noun") for c in cue_of(tokens[at].key))
    return victims and at > 0 and tokens[at - 1].bare in ("عدد", "حصيله", "اعداد")


def _joined(at: int, tokens: Sequence[Token], text: str, others: Sequence[Count]) -> list[str]:
    """Other categories that share the number: "مقتل وإصابة العشرات", "عشرات القتلى والجرحى"."""
    found = []
    here = {c.use == "victim" for c in cue_of(tokens[at].key)}
    # "أن طفلا قتل وأصيب 15", "جنود قتلوا وأصيب أربعة", "لقوا مصرعهم وأصيب ستة": the word before has its own subject.
    alone = at > 1 and (is_noun(tokens[at - 2].key, "single") or _own_subject(tokens[at - 1], tokens[at]))
    if tokens[at].key.startswith("و") and at and not alone and (cues := cue_of(tokens[at - 1].key)):
        apart = text[tokens[at - 1].end : tokens[at].start].strip()
        if not apart and {c.use == "victim" for c in cues} & here:
            found.append(cues[0].category)
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if following is not None and following.key.startswith("و") and (cues := cue_of(following.key)):
        own = any(at + 2 <= c.first <= at + 3 for c in others)
        told = tokens[at].key.endswith("وا") and following.key.endswith("وا") and any(c.use == "verb" for c in cues)
        if ((True in here and any(c.use == "victim" for c in cues)) or told) and not own:
            found.append(cues[0].category)
    return found


def _own_subject(word: Token, following: Token) -> bool:
    """Whether a word's ending goes back to a subject that a second word, joined to it, does not share."""
    if {word.bare, word.key} & (cue_words("toll.death of one") | cue_words("toll.death of several")):
        return True
    return word.key.endswith("ا") and not following.key.endswith("ا")


def _summed(tolls: list[Toll], text: str) -> list[Toll]:
    """Numbers joined by و under one word of a category are added ("قتل 3 جنود و5 مدنيين", "18 شابا و14 آخر")."""
    merged: list[Toll] = []
    for toll in tolls:
        last = next((t for t in reversed(merged) if t.category == toll.category), None)
        if last is not None and last.at == toll.at and last.start != toll.start:
            between = text[last.end : toll.start]
            other = re.match(r"\s*\S*\s*(?:آخر|اخر|آخرين|اخرين|آخرون|أخرى)", text[toll.end :])
            if ((len(between) < 60 or other) and re.search(r"(^|\s)و\s*$|\sو$|و$", between)) or text[toll.start] == "و":
                value = int(re.sub(r"\D", "", last.value)) + int(re.sub(r"\D", "", toll.value))
                sign = re.sub(r"\d", "", last.value) or re.sub(r"\d", "", toll.value)
                merged[merged.index(last)] = last._replace(end=toll.end, value=f"{sign}{value}")
                continue
        merged.append(toll)
    return merged


def _singles(text: str, tokens: Sequence[Token], counts: Sequence[Count]) -> Iterator[Toll]:
    """One victim without a number: "مقتل جندي", "أصيب أحد المتظاهرين", "جنديا قتل", "لقي أمين شرطة مصرعه"."""
    numbered = {i for c in counts for i in range(c.first, c.last + 1)}
    for at, token in enumerate(tokens):
        cues = [c for c in told_by(tokens, at) if c.category in (KILL, HURT) and c.use in ("verb", "noun", "life")]
        if not cues:
            continue
        words = text[token.start : token.end]
        if token.bare in cue_words("toll.death of one") or token.key in cue_words("toll.death of one"):
            yield Toll(token.start, token.end, cues[0].category, "1", words, token.start)
        elif at + 1 < len(tokens) and at + 1 not in numbered and _one_victim(text, tokens, at, at + 1):
            victim = tokens[at + 1]
            with_kin = at + 2 < len(tokens) and is_noun(tokens[at + 2].key, "kin") and tokens[at + 2].key[0] == "و"
            yield Toll(victim.start, victim.end, cues[0].category, "2" if with_kin else "1", words, token.start)
        elif at + 1 < len(tokens) and is_noun(tokens[at + 1].key, "other") and token.key.startswith("و"):
            # "مقتل جنديين وإصابة ثالث"
            yield Toll(token.end, tokens[at + 1].end, cues[0].category, "1", words, token.start)
        elif cues[0].use == "verb" and at and not token.key.startswith(("و", "ف", "ب", "ل")) and at - 1 not in numbered:
            victim = tokens[at - 1]
            if is_noun(victim.key, "single") and not text[victim.end : token.start].strip() and victim.key[:2] != "ال":
                yield Toll(victim.start, victim.end, cues[0].category, "1", words, token.start)


def _one_victim(text: str, tokens: Sequence[Token], at: int, following: int) -> bool:
    victim = tokens[following]
    if text[tokens[at].end : victim.start].strip() or victim.key.startswith("ال"):
        return False
    if victim.key.startswith(("ب", "ل")) and victim.bare != victim.key and not is_noun(victim.key, "single"):
        return False
    after = tokens[following + 1] if following + 1 < len(tokens) else None
    collective = after is not None and is_noun(after.key, "group") and victim.bare not in ("احد", "احدي")
    return is_noun(victim.key, "single") and not collective
