"""Happenings and threads in the archive, on both databases: joining, leaving, and the questions about them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from archive_samples import article, attack, coded, mention, request, single_acts

from khabar.archive import Archive, ArchiveError, Query, QueryError, ask, story_tables
from khabar.records import Article, CodedArticle, Event, Time

DAY = Time(value="2022-07-12", precision="day")
LEAD = "قصف الجيش الأذربيجاني قرية حدودية فجر الثلاثاء وقتل ثلاثة مدنيين."
TITLES = (
    "قتلى في قصف على قرية حدودية", "مدنيون يسقطون في هجوم مدفعي على الحدود", "يريفان: مقتل سكان في قصف أذربيجاني",
    "أنباء عن ضحايا في بلدة قرب خط التماس",
)  # fmt: skip
BODIES = (
    "وقال رئيس البلدية إن المدرسة تضررت وإن العائلات نزحت نحو الوادي ليلا خوفا من قذائف أخرى.",
    "وذكر شهود أن سيارات الإسعاف لم تصل إلا عند الظهر لأن الجسر كان مغلقا أمام حركة المرور.",
    "ونشرت وزارة الدفاع صورا لمنزل مدمر ولحظيرة أبقار احترقت بالكامل في الطرف الشرقي من القرية.",
    "وأعلنت منظمة إغاثة أنها سترسل خياما وأغطية إلى المدرسة التي لجأ إليها الأهالي منذ الصباح.",
)


def page(n: int, day: int, text: int | None = None, **changes: Any) -> Article:
    """An article of its own words, or of those of article `text`."""
    of = (n if text is None else text) % 4
    lines = (TITLES[of], LEAD, BODIES[of] if text is None else f"{BODIES[of]} (تحديث)")
    return article(n, paragraphs=lines, date=f"2022-07-{day:02d}", outlet=f"صحيفة {n}", **changes)


def attack_in(n: int, **changes: Any) -> Event:
    cells: dict[str, Any] = {
        "paragraph": 1, "time": DAY, "toll": {"killed": "3"}, "speaker": (),
        "actors": (mention("الجيش الأذربيجاني", LEAD, "AZE.MIL"),), "recipients": (mention("مدنيين", LEAD, "ARM.CVL"),),
        "place": None,
    }  # fmt: skip
    event = attack(f"art{n:09d}:1:0:ASSAULT")
    return msgspec.structs.replace(event, **{**cells, **changes})


def coding(n: int, *events: Event) -> CodedArticle:
    return coded(n, events=events or (attack_in(n),))


def add(archive: Archive, page_: Article, coding_: CodedArticle, coder: str = "c 1") -> None:
    archive.add_batch([(page_, coding_, single_acts(coding_))], coder=coder)


def fill(archive: Archive, *numbers: int) -> None:
    for n in numbers:
        add(archive, page(n, 12 + n % 2), coding(n, attack_in(n, toll={"killed": "3" if n < 3 else "5"})))
        archive.link([page(n, 12 + n % 2)])


def rows(archive: Archive) -> dict[str, list[tuple[Any, ...]]]:
    """All that linking stores."""
    tables = (
        story_tables.happenings,
        story_tables.members,
        story_tables.keys,
        story_tables.linked,
        story_tables.threads,
    )
    with archive._engine.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(sa.select(table))), key=repr)
            for table in tables
        }


def test_articles_join_what_is_there(archive: Archive) -> None:
    fill(archive, 1, 2, 3)
    (one,) = archive.happenings()
    assert (one.reports, one.outlets, one.texts, one.differ) == (3, 3, 3, 1)
    assert (one.type, one.first, one.last, one.published, one.outlet) == (
        "ASSAULT", "2022-07-12", "2022-07-12", "2022-07-12", "صحيفة 2",
    )  # fmt: skip
    told = archive.happening(one.id)
    assert [report.row.published for report in told.reports] == ["2022-07-12", "2022-07-13", "2022-07-13"]
    assert told.reports[0].row.article_id == "art000000002"
    killed = next(cell for cell in told.cells if cell.cell == "killed")
    assert not killed.agree
    assert {said.value: len(said.outlets) for said in killed.values} == {"3": 2, "5": 1}
    assert one.toll == {"killed": "3"}


def test_rows_name_their_happening(archive: Archive) -> None:
    fill(archive, 1, 2)
    (one,) = archive.happenings()
    acts, events = list(archive.events()), list(archive.events(Query(unit="event")))
    assert {row.happening for row in (*acts, *events)} == {one.id}
    ids = [row.event_id for row in (*acts, *events)]
    assert archive.happening_ids([*ids, "no such"]) == dict.fromkeys(ids, one.id)


def test_what_is_not_linked_has_no_happening_until_it_is(archive: Archive) -> None:
    add(archive, page(1, 12), coding(1))
    assert [row.happening for row in archive.events()] == [None]
    assert list(archive.happenings()) == []
    assert archive.link() == 1
    assert archive.link() == 0
    assert len(list(archive.happenings())) == 1


def test_a_copy_counts_once(archive: Archive) -> None:
    for n, text in ((1, None), (2, 1), (3, None)):
        add(archive, page(n, 12, text), coding(n))
    archive.link()
    (one,) = archive.happenings()
    assert (one.reports, one.outlets, one.texts) == (3, 3, 2)
    copies = {report.row.article_id: report.copy_of for report in archive.happening(one.id).reports}
    assert sorted(copies.values(), key=str) in (
        [None, None, "art000000001"],
        [None, None, "art000000002"],
    )


def test_two_attacks_of_one_week_stay_two(archive: Archive) -> None:
    later = Time(value="2022-07-16", precision="day")
    for n, day, time in ((1, 12, DAY), (2, 13, None), (3, 16, later), (5, 17, later)):
        add(archive, page(n, day), coding(n, attack_in(n, time=time)))
        archive.link()
    found = {row.article_id: row.happening for row in archive.events()}
    assert found["art000000001"] != found["art000000003"]
    assert found["art000000003"] == found["art000000005"]


def test_forgetting_a_report_makes_its_happening_anew(archive: Archive) -> None:
    fill(archive, 1, 2, 3)
    (before,) = archive.happenings()
    archive.forget("art000000003")
    (after,) = archive.happenings()
    assert after.id == before.id
    assert (after.reports, after.differ) == (2, 0)
    archive.forget("art000000001")
    archive.forget("art000000002")
    assert list(archive.happenings()) == []
    assert archive.threads(min_happenings=1) == []
    stored = rows(archive)
    assert all(not stored[name] for name in ("happenings", "happening_members", "happening_keys", "linked_articles"))


def test_the_id_stays_when_the_first_report_goes(archive: Archive) -> None:
    fill(archive, 1, 2)
    (before,) = archive.happenings()
    first = archive.happening(before.id).reports[0].row.article_id
    archive.forget(first)
    (after,) = archive.happenings()
    assert after.id == before.id
    assert after.article != first


def test_a_newer_coding_changes_what_its_happening_says(archive: Archive) -> None:
    fill(archive, 1, 2)
    (before,) = archive.happenings()
    add(archive, page(1, 13), coding(1, attack_in(1, toll={"killed": "9"})), coder="c 2")
    (after,) = archive.happenings()
    assert (after.id, after.reports, after.differ) == (before.id, 2, 1)
    other = coding(1, attack_in(1, time=Time(value="2022-07-01", precision="day")))
    add(archive, page(1, 13), other, coder="c 3")
    found = {h.first: h.reports for h in archive.happenings()}
    assert found == {"2022-07-12": 1, "2022-07-01": 1}
    assert archive.link() == 0


def test_a_newer_version_of_a_page_replaces_what_the_old_one_told(archive: Archive) -> None:
    fill(archive, 1, 2)
    changed = page(1, 13, text=3)
    add(archive, changed, coding(1, attack_in(1, toll={"killed": "7"})))
    archive.link([changed])
    (one,) = archive.happenings()
    assert one.reports == 2
    killed = next(cell for cell in archive.happening(one.id).cells if cell.cell == "killed")
    assert {said.value for said in killed.values} == {"3", "7"}


def test_linked_anew_it_does_not_matter_in_which_order_articles_came(new_address: Callable[[], str]) -> None:
    from khabar.archive import open_archive

    found = []
    for order in ((1, 2, 3, 5), (5, 3, 1, 2)):
        with open_archive(new_address()) as book:
            for n in order:
                time = DAY if n != 5 else Time(value="2022-07-16", precision="day")
                add(book, page(n, 12 if n != 5 else 16), coding(n, attack_in(n, time=time)))
                book.link()
            assert book.link(anew=True) == 4
            found.append(rows(book))
    assert found[0] == found[1]


def test_questions(archive: Archive) -> None:
    fill(archive, 1, 2)
    meet = request("art000000007:1:0:REQUEST", 1)
    add(archive, article(7), coded(7, events=(meet,)))
    archive.link()
    assert len(list(archive.happenings())) == 2
    assert [h.type for h in archive.happenings(Query(type="REQUEST"))] == ["REQUEST"]
    assert [h.type for h in archive.happenings(Query(actor="AZE"))] == ["ASSAULT"]
    assert [h.type for h in archive.happenings(Query(outlet="صحيفة 2"))] == ["ASSAULT"]
    assert [h.type for h in archive.happenings(min_reports=2)] == ["ASSAULT"]
    assert [h.type for h in archive.happenings(min_outlets=3)] == []
    both = [h.id for h in archive.happenings(Query(order="date"))]
    assert [h.id for h in archive.happenings(Query(order="date", limit=1))] == both[:1]
    assert [h.id for h in archive.happenings(Query(order="date", limit=1, offset=1))] == both[1:]
    assert [h.id for h in archive.happenings()] == both[::-1]
    with pytest.raises(QueryError, match="ordered by date"):
        archive.happenings(Query(order="confidence"))
    for wrong in ("x", "h123", "hzzzzzzzzzzzzzz"):
        with pytest.raises(QueryError, match="h and 14 digits"):
            archive.happening(wrong)
    with pytest.raises(ArchiveError, match="no happening"):
        archive.happening("h00000000000000")
    with pytest.raises(ArchiveError, match="no thread"):
        archive.thread("t00000000000000")


def test_a_thread_reads_from_first_to_last(archive: Archive) -> None:
    """Two happenings of one matter in a week; one of other parties stays out."""
    add(archive, page(1, 12), coding(1))
    protest = attack_in(3, type="ACCUSE", mode="allege", time=Time(value="2022-07-15", precision="day"), toll={})
    add(archive, page(3, 15), coding(3, protest))
    other = article(9, paragraphs=("ارتفاع أسعار القمح", "قالت هيئة الحبوب إن سعر الطن زاد."), date="2022-07-14")
    wheat = attack_in(9, type="COERCE", mode=None, actors=(mention(None, "", "EGY.GOV"),), recipients=(), toll={})
    add(archive, other, coding(9, wheat))
    archive.link()
    (thread,) = archive.threads()
    assert (thread.first, thread.last, thread.happenings, thread.reports) == ("2022-07-12", "2022-07-15", 2, 2)
    assert archive.threads(party="ARM") == [thread]
    assert archive.threads(party="AR") == []
    assert archive.threads(party="EGY") == []
    timeline = archive.thread(thread.id)
    assert [h.type for h in timeline.happenings] == ["ASSAULT", "ACCUSE"]
    assert {h.thread for h in timeline.happenings} == {thread.id}
    archive.forget("art000000003")
    assert archive.threads() == []


def test_writers_at_once_link_every_act_once(opened: Callable[..., Archive]) -> None:
    first, second = opened(), opened()

    def work(book: Archive, numbers: tuple[int, ...]) -> None:
        for n in numbers:
            add(book, page(n, 12 + n % 2), coding(n))
            book.link([page(n, 12 + n % 2)])

    with ThreadPoolExecutor(2) as pool:
        for done in (pool.submit(work, first, (1, 3, 5)), pool.submit(work, second, (2, 4, 6))):
            done.result()
    stored = rows(first)
    assert len(stored["happening_members"]) == len(stored["linked_articles"]) == 6
    assert sum(h.reports for h in first.happenings()) == 6
    assert len({member[3] for member in stored["happening_members"]}) == len(stored["happenings"])


def test_at_most_so_many_are_linked(archive: Archive) -> None:
    for n in (1, 2, 3):
        add(archive, page(n, 12), coding(n))
    assert archive.link(limit=2) == 2
    assert archive.link(limit=2) == 1


@pytest.mark.parametrize("order", ["date", "-date"])
def test_happenings_are_the_same_along_the_acts_and_gathered(
    archive: Archive, order: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(archive, 1, 2)
    for n in range(5, 12):
        day = f"2022-09-{2 * n:02d}"
        meet = msgspec.structs.replace(
            request(f"art{n:09d}:1:0:REQUEST", 1), time=Time(value=day, precision="day")
        )  # fmt: skip
        add(archive, article(n, date=day), coded(n, events=(meet,)))
    archive.link()
    for question in (
        Query(),
        Query(type="REQUEST"),
        Query(actor="AZE"),
        Query(outlet="صحيفة 2"),
        Query(since="2022-07"),
    ):
        query = msgspec.structs.replace(question, order=order)
        for least in (1, 2):
            plain = [one.id for one in archive.happenings(query, min_reports=least)]
            assert plain or least == 2
            for common in (0, 10_000):  # from how many on they are looked for along the acts
                monkeypatch.setattr(ask, "COMMON", common)
                some = msgspec.structs.replace(query, limit=100)
                assert [one.id for one in archive.happenings(some, min_reports=least)] == plain
                pages = [
                    one.id
                    for offset in range(0, len(plain) + 2, 2)
                    for one in archive.happenings(
                        msgspec.structs.replace(query, limit=2, offset=offset), min_reports=least
                    )
                ]
                assert pages == plain
    assert len(list(archive.happenings(Query(limit=100, order=order)))) > 2
