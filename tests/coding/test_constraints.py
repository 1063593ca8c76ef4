from khabar.coding.confidence import calibrated, squash
from khabar.coding.constraints import consistent
from khabar.records import Event, Mention, Trigger


def event(kind="CONSULT", start=0, **cells):
    return Event(paragraph=1, trigger=Trigger(text="كلمة", start=start, end=start + 4), type=kind, **cells)


def party(start):
    return Mention(text="كلمة", start=start, end=start + 4)


def test_two_sided_acts_have_all_parties_as_actors():
    (e,) = consistent([event(actors=(party(10),), recipients=(party(5),))])
    assert [m.start for m in e.actors] == [5, 10]
    assert e.recipients == ()


def test_a_visit_keeps_guest_and_host():
    (e,) = consistent([event(mode="visit", actors=(party(10),), recipients=(party(5),))])
    assert len(e.recipients) == 1


def test_who_speaks_for_himself_is_no_source():
    (e,) = consistent([event("REQUEST", actors=(party(10),), speaker=(party(10), party(20)))])
    assert [m.start for m in e.speaker] == [20]
    (e,) = consistent([event("ASSAULT", actors=(party(10),), speaker=(party(10),))])
    assert len(e.speaker) == 1


def test_one_word_is_one_event_of_a_type_and_order_is_the_texts():
    found = consistent([event(start=9, confidence=0.6), event(start=2), event(start=9, confidence=0.9)])
    assert [(e.trigger.start, e.confidence) for e in found] == [(2, None), (9, 0.9)]


def test_calibration_bends_log_odds():
    assert squash(0.5, 1, 0) == 0.5
    assert squash(0.9, 0.5, 0) < 0.9
    e = calibrated(event(confidence=0.9, cells={"mode": 0.8}), {"event": (1, -1)})
    assert e.confidence == 0.768
    assert e.cells == {"mode": 0.8}
