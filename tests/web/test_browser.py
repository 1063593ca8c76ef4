"""The reading room in a real Chromium: search, filters, map, corrections by mouse and by keyboard, both languages, a
narrow screen. Texts are our own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import serving
from playwright.sync_api import Browser, Page, expect
from room_samples import EVENT, LEAD, fill, named, passes_axe

from khabar.archive import Archive, open_archive


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with open_archive(tmp_path_factory.mktemp("room") / "khabar.db") as book:
        fill(book)
        yield book


@pytest.fixture(scope="module")
def address(archive: Archive) -> Iterator[str]:
    with serving(archive) as at:
        yield at


def test_search_from_the_page(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.get_by_role("searchbox").fill("المحادثات")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(3)
    assert "text=" in page.url  # a view can be sent as a link
    page.get_by_role("searchbox").fill("زلزال")
    page.keyboard.press("Enter")
    expect(page.locator("main h2")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(0)


def test_filter_from_the_page(page: Page, address: str) -> None:
    page.goto(f"{address}/?lang=en")
    page.locator("summary", has_text="Filters").click()
    page.locator("[name=type]").select_option("ASSAULT")
    page.get_by_label("Place", exact=True).fill("الخرطوم")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    for view in ("Timeline", "Map", "Network", "Counts", "Table"):
        page.get_by_role("link", name=view, exact=True).click()
        assert "type=ASSAULT" in page.url
        expect(page.locator(".count")).to_have_text("2 results")
    with page.expect_download() as got:
        page.get_by_role("link", name="csv").click()
    assert Path(got.value.path()).read_text(encoding="utf-8").count("ASSAULT") >= 1
    page.get_by_role("link", name="Clear all").click()
    expect(page.locator("tbody tr")).to_have_count(5)


def test_map_points_lead_to_their_place(page: Page, address: str) -> None:
    page.goto(f"{address}/?view=map&lang=en")
    expect(page.locator("svg.map circle")).to_have_count(2)
    box = page.locator("svg.map").bounding_box()
    assert box
    assert box["width"] > 300
    page.locator(".places a", has_text="الخرطوم").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    page.goto(f"{address}/?view=map")
    page.locator("svg.map a").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(3)


def test_both_languages(page: Page, address: str) -> None:
    page.goto(address)
    page.locator(".switch").click()
    expect(page.locator("html")).to_have_attribute("dir", "ltr")
    expect(page.get_by_role("button", name="Search")).to_be_visible()
    page.goto(f"{address}/articles/a1")  # remembered
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator(".switch").click()
    expect(page.locator("html")).to_have_attribute("lang", "ar")


def test_hostile_page_shows_as_text(page: Page, address: str) -> None:
    page.goto(f"{address}/articles/x1")
    expect(page.locator("article h1")).to_contain_text("<img src=x")
    assert page.locator("article img").count() == 0
    assert page.title() != "1"
    assert page.locator("article a").count() == 0


def _raid_happening(archive: Archive) -> str:
    return next(one.id for one in archive.happenings(min_reports=2) if one.type == "ASSAULT")


def test_reports_stand_side_by_side_and_differences_are_marked(page: Page, archive: Archive, address: str) -> None:
    page.goto(f"{address}/happenings?lang=en")
    page.locator(f'a[href="/happenings/{_raid_happening(archive)}"]').click()
    expect(page.locator(".sides article")).to_have_count(2)
    boxes = [one.bounding_box() for one in page.locator(".sides article").all()]
    assert all(boxes)
    assert boxes[0]["y"] == boxes[1]["y"]  # type: ignore[index]
    expect(page.locator("tr.differ", has_text="actual")).to_have_count(1)
    expect(page.locator("tr.differ", has_text="possible")).to_have_count(1)
    expect(page.locator(".sides mark")).to_have_text(["قصفت", "قصفت"])
    page.goto(f"{address}/articles/b1?lang=en")
    page.get_by_role("link", name="Compare the reports").click()
    assert "/happenings/" in page.url


def test_correction_by_mouse(page: Page, editable: str, fresh: Archive) -> None:
    page.goto(f"{editable}/articles/a1?lang=en")
    passes_axe(page)
    page.get_by_role("link", name="Change 1").click()
    expect(page.locator("form.edit[data-open]")).to_be_visible()
    passes_axe(page)
    form = page.locator("form.edit[data-open]")
    form.locator("[name=status]").select_option("planned")
    form.locator("[name=speaker]").fill("")
    _select(page, "روسيا")
    page.locator("#pick [data-into=speaker]").click()
    expect(form.locator("[name=speaker]")).to_have_value("روسيا")
    form.get_by_label("Your name").fill("Rima")
    form.get_by_role("button", name="Save").click()
    expect(page.locator("#said")).to_have_text("Saved")
    expect(page.locator(".verdict")).to_contain_text("changed by Rima")
    event = fresh.article("a1")[1].events[0]
    assert (event.status, event.speaker[0].codes) == ("planned", ("RUS",))
    page.locator(".own summary").click()
    expect(page.locator(".own")).to_contain_text("actual")
    page.get_by_role("button", name="Back to the coder 1").click()
    expect(page.locator(".verdict")).to_have_count(0)
    page.get_by_role("button", name="Delete 1").click()
    expect(page.locator(".gone .verdict")).to_contain_text("deleted by Rima")
    assert fresh.article("a1")[1].events == ()


def _select(page: Page, words: str) -> None:
    """Selects words of the second paragraph with the mouse."""
    box = page.evaluate(
        """words => {
            const walk = document.createTreeWalker(document.getElementById('p1'), NodeFilter.SHOW_TEXT);
            for (let node; (node = walk.nextNode());) {
                const at = node.textContent.indexOf(words);
                if (at < 0) continue;
                const range = document.createRange();
                range.setStart(node, at);
                range.setEnd(node, at + words.length);
                range.startContainer.parentElement.scrollIntoView({block: 'center'});
                const {left, right, top, bottom} = range.getBoundingClientRect();
                return [left, right, (top + bottom) / 2];
            }
        }""",
        words,
    )
    left, right, middle = box
    page.mouse.move(right - 1, middle)
    page.mouse.down()
    page.mouse.move((left + right) / 2, middle)
    page.mouse.move(left + 1, middle)
    page.mouse.up()


def test_a_missed_event_is_added_by_keyboard(page: Page, editable: str, fresh: Archive) -> None:
    page.goto(f"{editable}/articles/a1?lang=en")
    paragraph = page.locator("#p1")
    paragraph.focus()
    seen = 0
    for _ in range(20):  # دعت … ثم دعت
        page.keyboard.press("ArrowLeft")
        seen += page.evaluate("document.getSelection().toString()").strip().startswith("دعت")
        if seen == 2:
            break
    expect(page.locator("#picked")).to_have_text("دعت")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    form = page.locator("#add form")
    expect(form.get_by_label("Word that tells the act")).to_have_value("دعت#2")
    expect(form.locator("[name=type]")).to_be_focused()
    page.keyboard.type("requests")
    form.locator("[name=actors]").focus()
    page.keyboard.type("أرمينيا")
    form.locator("[name=recipients]").focus()
    page.keyboard.type("روسيا")
    form.get_by_label("Your name").focus()
    page.keyboard.type("Sami")
    page.keyboard.press("Enter")
    expect(page.locator(".verdict")).to_contain_text("added by Sami")
    event = fresh.article("a1")[1].events[1]
    assert (event.type, event.trigger.start) == ("REQUEST", LEAD.rindex("دعت"))
    assert (event.actors[0].codes, event.recipients[0].codes) == (("ARM",), ("RUS",))


def test_a_refused_value_stays_in_the_form(page: Page, editable: str, fresh: Archive) -> None:
    page.goto(f"{editable}/articles/a1?edit={EVENT}&lang=en")
    form = page.locator("form.edit[data-open]")
    form.locator("[name=actors]").fill("أرمينيا=NOWHERE")
    form.get_by_label("Your name").fill("Rima")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert")).to_contain_text("NOWHERE")
    expect(form.locator("[name=actors]")).to_have_value("أرمينيا=NOWHERE")
    assert fresh.history() == []


def test_of_two_readers_the_second_is_told(page: Page, chromium: Browser, editable: str, fresh: Archive) -> None:
    page.goto(f"{editable}/articles/a1?edit={EVENT}&lang=en")
    form = page.locator("form.edit[data-open]")
    form.locator("[name=mode]").select_option("yield")
    form.get_by_label("Your name").fill("Sami")
    other = chromium.new_context().new_page()
    other.goto(f"{editable}/articles/a1?lang=en")
    named(other, "Rima")
    other.get_by_role("button", name="Right 1").click()
    expect(other.locator(".verdict")).to_contain_text("accepted by Rima")
    other.context.close()
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert")).to_contain_text("Rima")
    expect(form.locator("[name=mode]")).to_have_value("yield")
    form.get_by_role("button", name="Save").click()
    expect(page.locator(".verdict")).to_contain_text("changed by Sami")
    assert [step.who for step in fresh.history("a1")] == ["Rima", "Sami"]


def test_without_script_forms_work_too(chromium: Browser, editable: str, fresh: Archive) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{editable}/articles/a1?lang=en")
    named(page, "Rima", script=False)
    page.get_by_role("button", name="Right 1").click()
    expect(page.locator(".verdict")).to_contain_text("accepted by Rima")
    context.close()
    assert len(fresh.history("a1")) == 1


def test_a_narrow_screen_can_correct(page: Page, editable: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{editable}/articles/a1?edit={EVENT}&lang=en")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    passes_axe(page)
