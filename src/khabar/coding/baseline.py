"""The baseline coder: words that were triggers before, nearest parties, cue words. A public row of the benchmark.

Nothing is learned but counts (`khabar.coding.lexicon`). It codes each sentence by itself and leaves codes to the
resolver, also those of understood actors (text and offsets None).
"""

from __future__ import annotations

from collections.abc import Sequence

from khabar.arabic import Word, split, strip_article, strip_proclitics, words
from khabar.arabic import sentences as sentence_spans
from khabar.arabic.calendar import find_times
from khabar.codebook import SPEECH_TYPES
from khabar.coding import lexicon
from khabar.coding.constraints import consistent
from khabar.records import Article, CodedArticle, Event, Mention, Place, Status, Time, Trigger

NAME = "baseline-1"
# The probability from which a word is taken as a trigger: best F1 in five-fold cross-validation on train.
THRESHOLD = 0.35
# The share from which a role is believed.
ROLE_SHARE = 0.3
# Types that nearly always have an actor: where none is found it is understood (train: 553 of 647 such events).
ALWAYS_ACTED = frozenset({"AGREE", "CONSULT", "REJECT", "REQUEST", "SUPPORT", "THREATEN"})
# Characters between a trigger and the date that is taken for its time; best F1 on train.
NEAR_TIME = 60
# What a sentence costs is bounded: longer ones are coded in pieces of this many words.
LONGEST_SENTENCE = 400


def _pieces(text: str) -> list[list[Word]]:
    """The words of every sentence of a paragraph, a monstrous sentence in pieces."""
    pieces: list[list[Word]] = []
    for start, end in sentence_spans(text):
        found = [Word(start + w.start, start + w.end, w.text) for w in words(text[start:end])]
        pieces += [found[i : i + LONGEST_SENTENCE] for i in range(0, len(found), LONGEST_SENTENCE)]
    return pieces


def _status(sentence: Sequence[Word], index: int) -> Status:
    prefixes = split(sentence[index].text)[0].prefixes
    if "س" in prefixes:
        return "planned"
    cues = lexicon.status_cues()
    stem = strip_proclitics(sentence[index].text)
    if index and lexicon.shape(sentence[index - 1]) == "قد" and stem[:1] in "يت":
        return "possible"
    for distance in range(1, 6):
        for at, reach in ((index - distance, distance), (index + distance, -distance)):
            if 0 <= at < len(sentence) and (cue := cues.get(lexicon.shape(sentence[at]))):
                near = 0 < reach <= cue.reach or cue.reach <= reach < 0
                if near:
                    return cue.status  # type: ignore[return-value]
    return "actual"


def _mention(text: str, sentence: Sequence[Word], span: lexicon.Span) -> tuple[str, int, int]:
    start, end = sentence[span.first].start, sentence[span.last - 1].end
    return text[start:end], start, end


def _speaker(sentence: Sequence[Word], parties: Sequence[lexicon.Span]) -> lexicon.Span | None:
    """The party right after a verb of saying or بحسب: the speaker of what its sentence reports."""
    cues = lexicon.speaker_cues()
    firsts = {span.first: span for span in parties}
    for i, word in enumerate(sentence):
        if strip_proclitics(word.text) in cues:
            found = next((firsts[j] for j in range(i + 1, i + 4) if j in firsts), None)
            if found is not None:
                return found
    return None


def _place(text: str, sentence: Sequence[Word], places: Sequence[lexicon.Span], index: int) -> Place | None:
    near = [s for s in places if not s.first <= index < s.last and abs(s.first - index) < lexicon.FAR]
    inside = [s for s in near if _is_inside(sentence, s)]
    if not inside:
        return None
    best = min(inside, key=lambda s: (abs(s.first - index), s.first))
    word, start, end = _mention(text, sentence, best)
    return Place(text=word, start=start, end=end)


def _is_inside(sentence: Sequence[Word], span: lexicon.Span) -> bool:
    """Whether في or ب stands before a place."""
    before = lexicon.shape(sentence[span.first - 1]) if span.first else ""
    return (
        before in ("في", "وفي", "قرب", "شمال", "جنوب", "شرق", "غرب", "بمدينه", "مدينه")
        or "ب" in split(sentence[span.first].text)[0].prefixes
    )


def _paragraph(number: int, text: str) -> list[Event]:
    events: list[Event] = []
    seen: set[tuple[str, str]] = set()
    times: list[Time] | None = None
    for sentence in _pieces(text):
        hits = [(i, hit) for i, word in enumerate(sentence) if (hit := lexicon.triggers().look_up(word.text))]
        hits = [(i, hit) for i, hit in hits if hit.probability >= THRESHOLD]
        if not hits:
            continue
        if times is None:
            times = [Time(text=t.text, start=t.start, end=t.end) for t in find_times(text) if t.kind == "date"]
        parties = lexicon.spans("party").find(text, sentence)
        places = lexicon.spans("place").find(text, sentence)
        speaker = _speaker(sentence, parties)
        for index, hit in hits:
            word = sentence[index]
            key = hit.type, strip_article(strip_proclitics(word.text))
            if key in seen:
                continue
            seen.add(key)
            speech = hit.type in SPEECH_TYPES
            found: dict[str, list[Mention]] = {"actor": [], "recipient": [], "speaker": []}
            for span, rank in lexicon.ranked(parties, index):
                context = lexicon.context(text, sentence, span, index, rank, number == 0)
                role, share = lexicon.roles().best(hit.type, *context)
                if span == speaker and not speech:
                    role, share = "speaker", 1.0
                if role in found and share >= ROLE_SHARE:
                    mention, start, end = _mention(text, sentence, span)
                    found[role].append(Mention(text=mention, start=start, end=end, confidence=round(share, 3)))
            if not found["actor"] and hit.type in ALWAYS_ACTED and number:
                found["actor"].append(Mention())
            first, last = sentence[0].start, sentence[-1].end
            near = [t for t in times if first <= (t.start or 0) < last and abs((t.start or 0) - word.start) < NEAR_TIME]
            events.append(
                Event(
                    paragraph=number,
                    trigger=Trigger(text=word.text, start=word.start, end=word.end),
                    type=hit.type,
                    mode=hit.mode,
                    status=_status(sentence, index),
                    actors=tuple(found["actor"]),
                    recipients=tuple(found["recipient"]),
                    speaker=tuple(found["speaker"]),
                    place=None if speech else _place(text, sentence, places, index),
                    time=min(near, key=lambda t: abs((t.start or 0) - word.start), default=None),
                    confidence=round(hit.probability, 3),
                )
            )
    return events


class BaselineCoder:
    """The lexicon coder behind the `Coder` protocol."""

    name = NAME

    def code(self, article: Article, skip: frozenset[int] = frozenset()) -> CodedArticle:
        """The draft of one article; paragraphs numbered in `skip` are not read."""
        events: list[Event] = []
        for number, text in enumerate(article.paragraphs):
            if number not in skip:
                events += _paragraph(number, text)
        return CodedArticle(id=article.id, events=consistent(events), coder=self.name)

    def code_batch(self, articles: Sequence[Article], *, why: bool = False) -> list[CodedArticle]:  # noqa: ARG002
        """Drafts in the order of `articles`; paragraphs judged no text of the article are skipped and listed."""
        return [code(article) for article in articles]


def code(article: Article) -> CodedArticle:
    """The draft of one article: spans without codes; paragraphs judged no text of it are skipped and listed."""
    from khabar.pages import not_body

    junk = not_body(article)
    draft = BaselineCoder().code(article, frozenset(number for number, _ in junk))
    return CodedArticle(id=draft.id, not_body=junk, events=draft.events, coder=draft.coder)
