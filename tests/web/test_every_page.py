"""Every page of the room in a real Chromium, in each of its states: it fits the window and passes axe (labels,
contrast, order), in both languages, wide and narrow, light and dark. Texts are our own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from browser import serving
from playwright.sync_api import Browser, Page, expect
from room_samples import EVENT, LEAD, QUICK, fill, passes_axe
from starlette.routing import Match, Route

from khabar.archive import Archive, Run, open_archive
from khabar.records import Article, CodedArticle, Event, Trigger
from khabar.web import make_app

WAYS = [("ar", 1280, "light"), ("ar", 360, "dark"), ("en", 1280, "dark"), ("en", 360, "light")]
TWO = [("ar", 360, "dark"), ("en", 1280, "light")]  # of states that differ little from a page of `MAIN`
MAIN = (
    "table", "timeline", "map", "network", "chart", "article", "article judged", "article to correct", "actor",
    "happenings", "happening", "thread", "adding", "job",
)  # fmt: skip
Step = Callable[[Page], None]


class State(NamedTuple):
    """A page: its address, what opens there, and an element that must be seen then."""

    path: str
    seen: str
    step: Step | None = None
    edit: bool = False


def _click(selector: str) -> Step:
    return lambda page: page.locator(selector).first.click()


def _pick(page: Page) -> None:
    page.locator("#p1").focus()
    page.keyboard.press("ArrowLeft")


def _keys(page: Page) -> None:
    page.keyboard.press("?")


def _refused(page: Page) -> None:
    page.locator("[name=pasted]").fill("https://example.org/a page")
    page.locator(".adding summary").click()
    page.locator("[name=date]").fill("x")
    page.locator(".adding button").click()


STATES = {
    "table": State("/", "tbody tr"),
    "filters": State("/?type=REQUEST&actor=ARM&context=diplomatic", ".grid", _click(".ask summary")),
    "timeline": State("/?view=timeline", ".timeline li"),
    "map": State("/?view=map", ".map circle"),
    "network": State("/?view=network", ".network circle"),
    "chart": State("/?view=chart", ".chart rect"),
    "second page": State("/?unit=event&page=2", "nav.pages a"),
    "nothing found": State("/?text=زلزال&type=AID", ".note"),
    "no places": State("/?view=map&article=n1", ".note"),
    "no pairs": State("/?view=network&article=n1", ".note"),
    "no dates": State("/?view=chart&article=n1", ".note"),
    "empty archive": State("/", ".note"),
    "empty archive, to be filled": State("/", ".note a", edit=True),
    "no happenings": State("/happenings", ".note"),
    "article": State("/articles/a2", ".card"),
    "article judged": State("/articles/a1", ".verdict, .by", _click(".dropped summary, .own summary")),
    "article without events": State("/articles/x1", "aside"),
    "article to correct": State("/articles/a2", ".card .tools [value=accept]", edit=True),
    "article judged, to correct": State("/articles/a1", ".verdict", _click(".own summary"), edit=True),
    "form of an event": State(f"/articles/a1?edit={EVENT}", "form[data-open]", edit=True),
    "form of a new event": State("/articles/a1?add=1", "#add[open]", edit=True),
    "contexts": State("/articles/a1", "#contexts fieldset", _click("#contexts summary"), edit=True),
    "paragraph": State("/articles/b1", ".line select", _click(".line summary"), edit=True),
    "chosen words": State("/articles/a2", "#pick", _pick, edit=True),
    "saved": State("/articles/a1?said=saved", "#said", edit=True),
    "all accepted": State("/articles/a1?said=all&n=3&moment=x", "#said form", edit=True),
    "actor": State("/actors/ARM", ".timeline li"),
    "happenings": State("/happenings", ".timeline li"),
    "happening": State("/happenings/{happening}", ".sides article"),
    "thread": State("/threads/{thread}", ".timeline li"),
    "adding": State("/add", ".runs li, .faults li", edit=True),
    "adding refused": State("/add", "[role=alert]", _refused, edit=True),
    "job": State("/add/{job}", ".lines .bad", edit=True),
    "keys": State("/", "dialog[open]", _keys),
    "keys to correct": State("/articles/a1", "dialog[open]", _keys, edit=True),
    "no such page": State("/none", "main.note"),
    "no such article": State("/articles/none", "main.note"),
    "no such job": State("/add/none", "main.note", edit=True),
    "bad question": State("/?since=never", "main.note"),
    "read only": State("/add", "main.note"),
    "wrong method": State("/edit", "main.note"),
}  # fmt: skip


class Room(NamedTuple):
    """Addresses: a room that reads, one that is edited, one that is empty."""

    read: str
    edit: str
    empty: str
    empty_edit: str
    ids: dict[str, str]


def _judged(archive: Archive) -> None:
    archive.correct(EVENT, "change", {"status": "planned", "mode": "yield"}, who="ريما")
    archive.correct(EVENT, "accept", {"actors": None}, who="Sami")
    archive.correct("a3:1:0:REQUEST", "delete", who="Sami")
    archive.correct_article("a1", contexts=["military"], lines={1: ""}, who="ريما")
    archive.correct_article("b1", contexts=["military"], lines={1: "promo"}, who="Sami")


def _more(archive: Archive) -> None:
    """What the samples lack: an act of which nothing is known but its word, more rows than one page, runs, faults."""
    bare = Event(id="n1:1:0:REQUEST", paragraph=1, trigger=Trigger(text="دعت", start=0, end=3), type="REQUEST")
    archive.add(Article(id="n1", paragraphs=("دعوة", LEAD)), CodedArticle(id="n1", events=(bare,)), coder="t")
    many = " ".join(["دعت"] * 60)
    events = tuple(
        Event(id=f"m1:1:{4 * n}:REQUEST", paragraph=1, trigger=Trigger(text="دعت", start=4 * n, end=4 * n + 3),
              type="REQUEST")
        for n in range(60)
    )  # fmt: skip
    archive.add(Article(id="m1", paragraphs=("دعوات", many)), CodedArticle(id="m1", events=events), coder="t")
    archive.note_run(Run(ended="2024-05-01T10:00:00+00:00", seconds=3, pages=5, stored=3, known=1, failed=1))
    archive.note_run(Run(ended="2024-05-02T10:00:00+00:00", seconds=3, pages=1, failed=1, stopped="the disk is full"))
    archive.note_faults([("upload:0123abcd/صفحة.jpg", "binary, no text"), ("a/very/long/" + "path" * 30, "no text")])


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Room]:
    where = tmp_path_factory.mktemp("room")
    with open_archive(where / "khabar.db") as book, open_archive(where / "empty.db") as empty:
        fill(book)
        _judged(book)
        _more(book)
        with (
            serving(book) as read, serving(book, edit=True, settings=QUICK) as edit, serving(empty) as nothing,
            serving(empty, edit=True, settings=QUICK) as begun,
        ):  # fmt: skip
            ids = {
                "happening": next(one.id for one in book.happenings(min_reports=2)),
                "thread": book.threads(min_happenings=1)[0].id,
                "job": _job(chromium, edit),
            }
            yield Room(read, edit, nothing, begun, ids)


def _job(chromium: Browser, at: str) -> str:
    """A job that has ended, one of its pages not read."""
    page = chromium.new_page()
    page.goto(f"{at}/add")
    files = [("page.txt", "text/plain", f"خبر\n\n{LEAD}".encode()), ("bad.jpg", "image/jpeg", b"\xff\xd8\x00\x01" * 99)]
    page.locator("[type=file]").set_input_files(
        [{"name": name, "mimeType": kind, "buffer": body} for name, kind, body in files]
    )
    page.locator(".adding [name=who]").fill("Rima")
    page.locator(".adding button").click()
    expect(page.locator("#job[data-state=done]")).to_be_visible(timeout=120_000)
    id_ = page.url.rpartition("/")[2]
    page.close()
    return id_


@pytest.mark.parametrize(
    ("name", "language", "width", "scheme"),
    [(name, *way) for name in STATES for way in (WAYS if name in MAIN else TWO)],
)
def test_a_page_fits_and_passes_axe(page: Page, room: Room, name: str, language: str, width: int, scheme: str) -> None:
    state = STATES[name]
    nothing = name.startswith("empty") or name == "no happenings"
    at = (room.empty_edit if state.edit else room.empty) if nothing else room.edit if state.edit else room.read
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    here = {"url": at, "httpOnly": True}
    page.context.add_cookies(
        [{"name": "khabar_lang", "value": language, **here}, {"name": "khabar_who", "value": "Rima", **here}]  # type: ignore[typeddict-item]
    )
    page.goto(at + state.path.format(**room.ids))
    if state.step is not None:
        state.step(page)
    for one in state.seen.split(", "):
        expect(page.locator(one).first).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", language)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    passes_axe(page)


def test_no_page_is_forgotten(tmp_path_factory: pytest.TempPathFactory) -> None:
    with open_archive(tmp_path_factory.mktemp("none") / "khabar.db") as book:
        routes = [one for one in make_app(book, edit=True).routes if isinstance(one, Route)]
    no_pages = ("/api", "/export", "/openapi", "/metrics", "/types.css", "/add/{id}/cancel")
    for route in routes:
        if route.path.startswith(no_pages):
            continue
        asked = [state.path.partition("?")[0].format(happening="x", thread="x", job="x") for state in STATES.values()]
        reached = [
            path for path in asked if route.matches({"type": "http", "method": "GET", "path": path})[0] != Match.NONE
        ]
        assert reached, route.path
