"""Places, times and tolls weighed anew: their candidates, what speaks for each, and what is made of the likeliest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from msgspec.structs import replace

from khabar.records import Article, CodedArticle, Event, Heard, HeardEvent, Mention, Place, Scene, Time, Trigger
from khabar.resolve import load_tables, resolve
from khabar.resolve.gazetteer import load_gazetteer
from khabar.resolve.place_context import read_evidence
from khabar.resolve.scene import Ground, Ranking, load_ranking, problems, tolls, weigh_scenes
from khabar.resolve.scene.cells import CATEGORIES, CELLS, COLUMNS, Problem
from khabar.resolve.scene.choose import CURVES
from khabar.resolve.scene.standing import COLUMNS as STANDING
from khabar.resolve.scene.standing import Standing
from khabar.resolve.time_reading import reading_of
from khabar.trees import Trees

TEXT = (
    "غارات على مدينة حلب",
    "شنت طائرات غارات على مدينة حلب يوم الاثنين",
    "وأوقعت الغارات قتلى، وكان مجلس الأمن اجتمع في نيويورك في 3 مايو 2020",
)
ARTICLE = Article(id="c" * 12, paragraphs=TEXT, date="2020-05-06")
NOBODY = Heard(states=((0.99, 0.005, 0.005),) * 3, filled=(0.01,) * 3, understood=(0.01,) * 3, meant=(None,) * 3)
UNSURE = (0.5, 0.5)


def _words(paragraph: int, words: str) -> tuple[str, int, int]:
    start = TEXT[paragraph].index(words)
    return words, start, start + len(words)


def _place(paragraph: int, words: str, country: str | None) -> Place:
    text, start, end = _words(paragraph, words)
    return Place(text=text, start=start, end=end, country=country, method="name", confidence=0.9)


def _time(paragraph: int, words: str) -> Time:
    text, start, end = _words(paragraph, words)
    return Time(text=text, start=start, end=end, confidence=0.8)


def _event(paragraph: int, word: str, scene: Scene, kind: str = "ASSAULT", **more: object) -> HeardEvent:
    text, start, end = _words(paragraph, word)
    return HeardEvent(
        paragraph=paragraph, trigger=Trigger(text=text, start=start, end=end), type=kind, confidence=0.9, heard=NOBODY,
        scene=scene, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def _scene(
    places: Sequence[tuple[float, Place]] = (), times: Sequence[tuple[float, Time]] = (), **more: object
) -> Scene:
    return Scene(
        places=tuple(one for _, one in places), times=tuple(one for _, one in times),
        chances=(tuple(p for p, _ in places), tuple(p for p, _ in times)),
        **{"filled": UNSURE, "understood": UNSURE, **more},  # type: ignore[arg-type]
    )  # fmt: skip


ALEPPO = _place(1, "مدينة حلب", "SYR")


def _events(**second: object) -> list[HeardEvent]:
    """A lead that is placed and dated, and a later paragraph of which the coder only heard something."""
    monday = replace(_time(1, "يوم الاثنين"), value="2020-05-04", precision="day", reason="nearest one")
    return [
        _event(1, "غارات", _scene([(0.7, ALEPPO)], [(0.7, monday)]), place=ALEPPO, time=monday),
        _event(2, "الغارات", _scene(**second)),  # type: ignore[arg-type]
    ]


def _asked(events: Sequence[HeardEvent], article: Article = ARTICLE) -> dict[tuple[int, str], Problem]:
    evidence = read_evidence(article, load_gazetteer(None))
    return {
        (one.event, one.cell): one for one in problems(Ground(article, events, evidence, reading_of(article)), events)
    }


def _row(problem: Problem, value: str | None) -> dict[str, float]:
    row = problem.rows[problem.candidates.index(value)]
    return dict(zip(COLUMNS[problem.cell], row, strict=True))


def _ranking(**best: str) -> Ranking:
    """Trees that are for one candidate of a cell: with the greatest value of a column, or of the second one named where
    none has any of the first."""
    trees = {}
    for cell in CELLS:
        names = best.get(cell, "current").split()
        column, value = [], []
        for n, name in enumerate(names):
            column += [COLUMNS[cell].index(name), 0, 0]
            value += [0.0, 0.0, 4.0 if n or len(names) == 1 else 8.0]
        first = np.arange(len(names)) * 3
        ends = np.concatenate([[f, f + 1, f + 2] for f in first])
        yes, no = ends.copy(), ends.copy()
        yes[first], no[first] = first + 1, first + 2
        limit = np.where(np.isin(ends, first), 0.05, 0.0)
        trees[cell] = Trees(
            first, np.array(column), limit, np.zeros(len(ends), dtype=np.int64), yes, no, np.array(value)
        )  # fmt: skip
    return Ranking(trees, dict.fromkeys(CURVES, (1.0, 0.0)))


def _weighed(events: Sequence[HeardEvent], **best: str) -> tuple[Event, ...]:
    evidence = read_evidence(ARTICLE, load_gazetteer(None))
    return weigh_scenes(ARTICLE, events, evidence, reading_of(ARTICLE), _ranking(**best))


def test_candidates_for_a_place_are_none_the_words_heard_the_guess_and_the_acts_around() -> None:
    new_york = _place(2, "نيويورك", "USA")
    guessed = Place(guess=(("TUR", 0.4), ("IRQ", 0.05)))
    found = _asked(_events(places=[(0.3, new_york)], place=guessed))[1, "place"]
    assert set(found.candidates) == {None, "USA", "TUR", "SYR"}
    assert _row(found, "USA")["word"] == 0.3
    assert _row(found, "TUR")["guess"] == 0.4
    assert _row(found, None)["nobody"] == _row(found, None)["current"] == 1.0


def test_candidates_for_a_time_are_none_all_words_of_the_paragraph_and_the_acts_around() -> None:
    found = _asked(_events())[1, "time"]
    assert set(found.candidates) == {None, "2020-05-03", "2020-05-04"}
    assert _row(found, "2020-05-03")["share"] > 0
    assert _row(found, "2020-05-03")["word"] == 0.0  # the coder did not hear it
    assert _row(found, "2020-05-04")["given"] > 0


def test_an_act_that_is_alike_speaks_for_its_place_and_time() -> None:
    asked = _asked(_events(place=Place(guess=(("TUR", 0.4),))))
    aleppo, turkey = _row(asked[1, "place"], "SYR"), _row(asked[1, "place"], "TUR")
    assert (aleppo["typed"], turkey["typed"]) == (1.0, 0.0)
    assert aleppo["votes"] > turkey["votes"] == 0
    assert aleppo["title_named"] == 1.0
    assert _row(asked[1, "time"], "2020-05-04")["typed"] == 1.0


def test_days_are_told_by_where_they_lie() -> None:
    row = _row(_asked(_events())[1, "time"], "2020-05-03")
    assert (row["back"], row["ahead"], row["digits"], row["spans"]) == (1.0, 0.0, 10.0, 0.0)
    assert row["days"] == pytest.approx(3.0)


def test_words_that_the_coder_only_heard_become_the_place() -> None:
    new_york = _place(2, "نيويورك", "USA")
    made = _weighed(_events(places=[(0.3, new_york)]), place="word")
    assert made[1].place == new_york
    assert made[1].cells["place"] == pytest.approx(float(1 / (1 + 2 * np.exp(-4))), abs=0.02)
    assert [type(event) for event in made] == [Event, Event]


def test_a_place_that_only_another_act_tells_is_understood() -> None:
    link = (1, *_words(1, "مدينة حلب")[1:])
    (_, made) = _weighed(_events(place=Place(guess=(("SYR", 0.6),), link=link)), place="word typed")
    assert made.place is not None
    assert (made.place.country, made.place.text, made.place.method) == ("SYR", None, "understood")
    assert made.place.link == link


def test_acts_that_are_alike_speak_with_the_place_that_they_have_been_given() -> None:
    second = _events()[1]
    heard = _event(1, "غارات", _scene([(0.7, ALEPPO)]))  # without a place, until the trees give it one
    made = _weighed([heard, second], place="word typed")
    assert [event.place and event.place.country for event in made] == ["SYR", "SYR"]


def test_a_place_that_only_the_coder_guesses_is_a_country_alone() -> None:
    (_, made) = _weighed(_events(place=Place(guess=(("TUR", 0.6), ("SYR", 0.01)))), place="guess")
    assert made.place is not None
    assert (made.place.country, made.place.name, made.place.method) == ("TUR", None, "guess")


def test_nothing_takes_the_place_of_words_and_times_stay_with_their_words_but_open() -> None:
    (made, _) = _weighed(_events(), place="nobody", time="nobody")
    assert made.place is None
    assert made.time is not None
    assert (made.time.text, made.time.value) == ("يوم الاثنين", None)


def test_words_of_the_paragraph_become_the_time() -> None:
    (_, made) = _weighed(_events(), time="share")
    assert made.time is not None
    assert made.time.value == "2020-05-03"
    assert TEXT[2][made.time.start : made.time.end] == made.time.text


def test_a_time_that_only_another_act_tells_names_its_paragraph() -> None:
    (_, made) = _weighed(_events(), time="word typed")
    assert made.time is not None
    assert (made.time.value, made.time.text) == ("2020-05-04", None)
    assert made.time.reason is not None
    assert made.time.reason.startswith("from paragraph 1, «يوم الاثنين»")


FIGHT = "أوقعت الاشتباكات 36 قتيلا من المسلحين وسبعة قتلى من الجنود، وأصيب في الغارات 12 مدنيا. ودخل 40 جنديا البلدة"


def _fight(**more: object) -> tuple[Event, Event]:
    """Two acts of one paragraph: clashes with dead, raids with wounded."""
    made = []
    for word in ("الاشتباكات", "الغارات"):
        start = FIGHT.index(word)
        trigger = Trigger(text=word, start=start, end=start + len(word))
        made.append(Event(paragraph=1, trigger=trigger, type="ASSAULT", **more))  # type: ignore[arg-type]
    return made[0], made[1]


def test_candidates_for_a_toll_are_none_one_the_numbers_of_the_category_and_their_sums() -> None:
    here = _fight(cells={"toll:killed": 0.4})
    told = tolls.told(FIGHT)
    assert tolls.asked(here[0], told) == ["killed", "injured"]
    who, table = tolls.rows(here[0], "killed", told, here, FIGHT)
    assert set(who) == {None, "1", "36", "7", "43", "40"}
    rows = {value: dict(zip(tolls.COLUMNS, row, strict=True)) for value, row in zip(who, table, strict=True)}
    sorts = {value: tolls.SORTS[int(row["sort"])] for value, row in rows.items()}
    assert sorts == {None: "nobody", "1": "one", "36": "number", "7": "number", "43": "sum", "40": "bare"}
    assert rows["36"]["nearest"] == 1.0
    assert rows["36"]["distance"] < rows["7"]["distance"]


def test_a_number_is_nearer_to_the_act_beside_it() -> None:
    here = _fight()
    who, table = tolls.rows(here[0], "injured", tolls.told(FIGHT), here, FIGHT)
    row = dict(zip(tolls.COLUMNS, table[who.index("12")], strict=True))
    assert (row["nearest"], row["others_nearer"], row["between"]) == (0.0, 1.0, 1.0)


def test_a_toll_takes_the_number_that_the_trees_are_for_and_loses_it_where_they_are_for_none() -> None:
    article = Article(id="e" * 12, paragraphs=("", FIGHT), date="2020-05-06")
    events = [
        HeardEvent(**{**{n: getattr(e, n) for n in Event.__struct_fields__}, "heard": NOBODY, "scene": _scene()})
        for e in _fight(toll={"killed": "36"}, cells={"toll:killed": 0.4})
    ]
    evidence, reading = read_evidence(article, load_gazetteer(None)), reading_of(article)
    kept = weigh_scenes(article, events, evidence, reading, _ranking())
    assert [event.toll for event in kept] == [{"killed": "36"}] * 2
    none = weigh_scenes(article, events, evidence, reading, _ranking(toll="nobody"))
    assert [event.toll for event in none] == [{}] * 2
    assert 0.9 < none[0].cells["toll:killed"] < 1


def test_what_the_coder_is_sure_of_is_not_asked() -> None:
    scene = _scene([(0.99, ALEPPO)], filled=(0.99, 0.001), understood=(0.001, 0.001))
    sure = [_event(1, "غارات", scene, place=ALEPPO), *_events()[1:]]
    assert {cell for number, cell in _asked(sure) if number == 0} == set()
    beside = _scene([(0.99, ALEPPO), (0.3, _place(1, "طائرات", "TUR"))], filled=(0.99, 0.5))
    assert (0, "place") in _asked([_event(1, "غارات", beside, place=ALEPPO)])


def test_words_that_name_no_known_place_are_kept() -> None:
    article = Article(id="d" * 12, paragraphs=("", "قصفت طائرات مدينة وقواقستان الخيالية"), date="2020-05-06")
    words = "مدينة وقواقستان الخيالية"
    start = article.paragraphs[1].index(words)
    place = Place(text=words, start=start, end=start + len(words))
    scene = Scene(filled=(0.9, 0.01), understood=(0.05, 0.01), places=(place,), chances=((0.85,), ()))
    event = HeardEvent(
        paragraph=1, trigger=Trigger(text="قصفت", start=0, end=4), type="ASSAULT", confidence=0.9, heard=NOBODY,
        scene=scene, place=place,
    )  # fmt: skip
    coded = resolve(article, CodedArticle(id=article.id, events=(event,)), load_tables())
    assert coded.events[0].place is not None
    assert (coded.events[0].place.text, coded.events[0].place.country) == (words, None)


def test_words_that_name_no_known_place_stay_where_an_act_alike_has_one() -> None:
    unknown = _place(2, "نيويورك", None)
    lead, later = _events(places=[(0.6, unknown)])
    (_, made) = _weighed([lead, replace(later, place=unknown)], place="word typed")
    assert made.place == unknown


def test_a_draft_tells_of_all_events_what_was_heard_or_of_none() -> None:
    lead, later = _events()
    mixed = CodedArticle(id=ARTICLE.id, events=(lead, later.plain()))
    with pytest.raises(ValueError, match="of all events what else it heard, or of none"):
        resolve(ARTICLE, mixed, load_tables())
    plain = resolve(ARTICLE, CodedArticle(id=ARTICLE.id, events=(lead.plain(), later.plain())), load_tables())
    assert [type(event) for event in plain.events] == [Event, Event]


def test_words_of_bodies_between_states_are_no_place() -> None:
    words, start, end = _words(2, "مجلس الأمن")
    council = Mention(text=words, start=start, end=end, codes=("IGO.UNO",))
    lead, later = _events(place=Place(guess=(("IGO", 0.5),), link=(2, start, end)))
    asked = _asked([lead, replace(later, actors=(council,))])
    assert set(asked[1, "place"].candidates) == {None, "SYR"}


def test_where_words_stand_is_told_from_the_trigger() -> None:
    event = _event(2, "اجتمع", _scene(), "CONSULT")
    at = Standing(event, TEXT[2], [TEXT[2].index("الغارات"), event.trigger.start])
    after = dict(zip(STANDING, at.columns(*_words(2, "نيويورك")[1:]), strict=True))
    before = dict(zip(STANDING, at.columns(*_words(2, "الغارات")[1:]), strict=True))
    assert (after["after"], before["after"]) == (1.0, 0.0)
    assert after["before"] == 1.0  # في
    assert after["nearest"] == 1.0
    assert (before["sentence"], before["clause"]) == (1.0, 0.0)  # a comma between


def test_the_trees_ask_for_columns_that_there_are() -> None:
    for cell, trees in load_ranking().trees.items():
        assert len(trees.roots) >= 100
        assert trees.column.max() < len(COLUMNS[cell])
        tested = {int(c) for c, mask in zip(trees.column, trees.mask, strict=True) if mask}
        assert tested <= {COLUMNS[cell].index(name) for name in CATEGORIES[cell]}


def test_a_ranking_comes_back_from_its_arrays() -> None:
    one = load_ranking()
    again = Ranking.of(one.arrays())
    assert again.calibration == one.calibration
    for cell in CELLS:
        row = [[0.5] * len(COLUMNS[cell])]
        assert again.trees[cell].scores(row).tolist() == pytest.approx(one.trees[cell].scores(row).tolist())


def test_each_cell_has_a_row_a_candidate() -> None:
    found = _asked(_events(places=[(0.3, _place(2, "نيويورك", "USA"))])).values()
    assert {(one.event, one.cell) for one in found} >= {(1, "place"), (1, "time")}
    for one in found:
        assert len(one.rows) == len(one.candidates) == len(set(one.candidates)) > 1
        assert {len(row) for row in one.rows} == {len(COLUMNS[one.cell])}
