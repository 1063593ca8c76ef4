"""The reading room in a real Chromium: keys, whole articles corrected, pages added. Texts are our own."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from room_samples import named, passes_axe, settled

from khabar.archive import Archive


def test_all_are_accepted_by_a_key_and_taken_back_by_a_click(page: Page, editable: str, fresh: Archive) -> None:
    page.goto(f"{editable}/articles/a1?lang=en")
    named(page, "Rima")
    page.keyboard.press("A")
    expect(page.locator("#said")).to_contain_text("1 event accepted")
    expect(page.locator(".verdict")).to_contain_text("accepted by Rima")
    passes_axe(page)
    page.locator("#said").get_by_role("button", name="Undo").click()
    expect(page.locator(".verdict")).to_have_count(0)
    assert [step.action for step in fresh.history("a1")] == ["accept", "undo"]


def test_one_event_is_judged_by_keys_alone(page: Page, editable: str, fresh: Archive) -> None:
    page.goto(f"{editable}/articles/a1?lang=en")
    named(page, "Rima")
    page.keyboard.press("j")
    expect(page.locator("#e1")).to_be_focused()
    page.keyboard.press("a")
    expect(page.locator(".verdict")).to_contain_text("accepted by Rima")
    settled(page)
    page.keyboard.press("u")
    expect(page.locator(".verdict")).to_have_count(0)
    settled(page)
    page.keyboard.press("e")
    expect(page.locator("form.edit[data-open]")).to_be_visible()
    expect(page.locator("form.edit[data-open] select").first).to_be_focused()
    page.keyboard.press("d")  # in a field it is a letter
    expect(page.locator("form.edit[data-open]")).to_be_visible()
    assert [step.action for step in fresh.history("a1")] == ["accept", "undo"]


def test_a_form_that_came_with_its_page_has_the_focus(page: Page, editable: str, fresh: Archive) -> None:
    page.goto(f"{editable}/articles/a1?lang=en")
    named(page, "Rima")
    link = page.locator("[data-key=change]").first.get_attribute("href")
    page.goto(f"{editable}{link}")
    expect(page.locator("form.edit[data-open] select").first).to_be_focused()
    assert fresh.history("a1") == []


def test_the_sheet_of_keys_opens_moves_and_turns_them_off(page: Page, editable: str) -> None:
    page.goto(f"{editable}/?lang=en")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("tbody tr").nth(1)).to_be_focused()
    page.keyboard.press("2")
    expect(page.locator(".timeline")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    passes_axe(page)
    page.get_by_label("Single-key shortcuts are on").uncheck()
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("1")
    page.keyboard.press("?")  # the sheet still opens, so that they can be turned on again
    expect(page.get_by_role("dialog")).to_be_visible()
    assert "view=timeline" in page.url
    page.get_by_label("Single-key shortcuts are on").check()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_contexts_and_a_line_that_is_no_text(page: Page, editable: str, fresh: Archive) -> None:
    page.goto(f"{editable}/articles/a1?lang=en")
    named(page, "Rima")
    page.locator("#contexts summary").click()
    page.get_by_label("military").check()
    passes_axe(page)
    page.locator("#contexts").get_by_role("button", name="Save").click()
    expect(page.locator("#contexts a")).to_have_text(["military", "diplomatic"])
    page.locator(".line summary").click()
    page.get_by_label("This paragraph is").select_option("promo")
    page.locator(".line").get_by_role("button", name="Save").click()
    expect(page.locator("#p1.out")).to_be_visible()
    expect(page.locator("#events")).to_contain_text("1 event is withheld")
    passes_axe(page)
    assert fresh.article("a1")[1].events == ()
    page.locator(".line summary").click()
    page.get_by_label("This paragraph is").select_option("own")
    page.locator(".line").get_by_role("button", name="Save").click()
    expect(page.locator("#e1")).to_be_visible()
    assert len(fresh.article("a1")[1].events) == 1


PAGE = "غارة قرب الميناء\n\nقصفت طائرات إسرائيلية مواقع للجيش السوري قرب ميناء طرطوس يوم الأحد."


def test_an_empty_room_leads_to_adding_pages(page: Page, adding: str) -> None:
    page.goto(f"{adding}/?lang=en")
    passes_axe(page)
    page.get_by_role("link", name="Add pages here").click()
    passes_axe(page)
    page.locator("[type=file]").set_input_files(
        [
            {"name": "page.txt", "mimeType": "text/plain", "buffer": PAGE.encode()},
            {"name": "bad.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\x00\x01" * 99},
        ]
    )
    page.get_by_label("Your name").fill("Rima")
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_url("**/add/*")
    page.reload()  # the job does not mind
    expect(page.locator("#job[data-state=done]")).to_be_visible(timeout=120_000)
    expect(page.locator("#said")).to_have_text("Done: 2 pages")
    expect(page.locator(".lines li")).to_have_count(2)
    expect(page.locator(".lines .bad")).to_have_count(1)
    expect(page.locator(".lines")).to_contain_text("bad.jpg")
    passes_axe(page)
    page.locator(".lines a").click()
    expect(page.locator("article h1")).to_have_attribute("data-text", "غارة قرب الميناء")


def test_a_long_job_shows_its_progress_and_is_cancelled(page: Page, adding: str) -> None:
    lines = "".join(
        f'{{"id": "{n}", "text": "خبر {n}\\n\\nقصفت طائرات مواقع قرب الميناء {n}."}}\n' for n in range(2000)
    )
    page.goto(f"{adding}/add?lang=en")
    page.locator("[type=file]").set_input_files(
        {"name": "many.jsonl", "mimeType": "application/x-ndjson", "buffer": lines.encode()}
    )
    page.get_by_label("Your name").fill("Rima")
    page.get_by_role("button", name="Add", exact=True).click()
    bar = page.get_by_role("progressbar")
    expect(bar).to_have_attribute("max", "2000")
    expect(page.locator(".lines li").first).to_be_visible(timeout=120_000)
    assert int(bar.get_attribute("value") or 0) > 0
    page.get_by_role("button", name="Cancel the rest").click()
    expect(page.locator("#job[data-state=cancelled]")).to_be_visible(timeout=120_000)
    expect(page.get_by_role("progressbar")).to_have_count(0)
    passes_axe(page)
