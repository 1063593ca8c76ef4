"""`khabar follow`: feeds and sitemaps into the archive, once or in a loop."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from khabar.cli.console import (
    DEFAULT_ARCHIVE,
    FAILED,
    INTERRUPTED,
    ArchiveOption,
    CoderOption,
    Faults,
    JobsOption,
    Problem,
    TablesOption,
    check_coder,
    check_tables,
    opened,
    say,
    wrong_use,
)
from khabar.many import many

if TYPE_CHECKING:
    from khabar.accounts import Report
    from khabar.archive import Archive
    from khabar.feeds import Follower, Options, Source
    from khabar.pipeline import Settings


def follow(
    feeds: Annotated[
        list[str],
        typer.Argument(
            help="Addresses of feeds or sitemaps; OPML files; text files with an address a line.",
            show_default=False,
        ),
    ],
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    every: Annotated[
        float | None,
        typer.Option("--every", min=0.01, metavar="MINUTES", help="Go on for ever: a round every so many minutes."),
    ] = None,
    days: Annotated[
        int, typer.Option("--days", min=0, metavar="N", help="Pass over what a feed dates more than N days back.")
    ] = 7,
    most: Annotated[
        int, typer.Option("--most", min=1, metavar="N", help="Articles of one feed in one round; the rest waits.")
    ] = 500,
    delay: Annotated[
        float, typer.Option("--delay", min=0, metavar="SECONDS", help="Pause between two questions to one host.")
    ] = 2.0,
    wait: Annotated[
        float, typer.Option("--wait", min=0.1, metavar="SECONDS", help="How long to wait for the next bytes.")
    ] = 20.0,
    tries: Annotated[
        int, typer.Option("--tries", min=1, metavar="N", help="Rounds that try an article before it is given up.")
    ] = 5,
    allow_local: Annotated[
        bool, typer.Option("--allow-local", help="Ask addresses of the local network too, which is refused else.")
    ] = False,
    agent: Annotated[
        str | None, typer.Option("--agent", metavar="TEXT", help="Added to the name khabar gives: a way to reach you.")
    ] = None,
    jobs: JobsOption = 1,
    coder: CoderOption = "auto",
    tables: TablesOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No line for a round.")] = False,
) -> None:
    """Feeds and sitemaps into the archive: what they name and the archive has not seen is fetched, coded and stored.

    What a server says did not change is not read again; what failed is tried again, with a limit; where a page gives no
    article, the text of the feed stands for it, marked as such. Ctrl-C ends after what is on its way.
    """
    if agent is not None and (not agent.isascii() or not agent.isprintable()):
        raise wrong_use("--agent: letters of ASCII only, in one line")
    options = _options(days, most, delay, wait, tries, allow_local, agent)
    faults = Faults()
    sources = _sources(feeds, faults)
    check_coder(coder)
    folder = check_tables(tables)
    stop = threading.Event()
    from khabar.pipeline import Settings

    settings = Settings(coder=coder, tables=folder, archive=archive)
    with opened(archive, create=True, readonly=False) as book, _stopped_by_signal(stop):
        while True:
            began = time.monotonic()
            before = faults.count
            result, follower = _round(book, sources, options, settings, jobs, faults, stop)
            if not quiet:
                print(_line(result, follower, faults.count - before), flush=True)
            if result.stopped:
                say(result.stopped)
                if every is None:
                    raise typer.Exit(FAILED)
            if every is None or stop.is_set() or stop.wait(max(0.0, every * 60 - (time.monotonic() - began))):
                break
    if stop.is_set():
        say("stopped; what was fetched is stored, the rest waits for the next round")
        raise typer.Exit(INTERRUPTED)
    faults.end()


def _options(
    days: int, most: int, delay: float, wait: float, tries: int, allow_local: bool, agent: str | None
) -> Options:
    try:
        from khabar.feeds import Options
        from khabar.feeds.fetching import AGENT, Limits
        from khabar.feeds.hosts import Manners
    except ModuleNotFoundError as missing:
        raise Problem(f"follow needs {missing.name}; install it with: pip install 'khabar[feeds]'") from None
    limits = Limits(
        wait=wait, whole=wait * 4.5, allow_local=allow_local, agent=f"{AGENT} {agent}" if agent else AGENT
    )  # fmt: skip
    return Options(limits=limits, manners=Manners(delay=delay), days=days, most=most, tries=tries)


def _sources(feeds: Sequence[str], faults: Faults) -> list[Source]:
    """Feeds by address, each once. A file that cannot be read, and no feed at all, is wrong use."""
    from khabar.feeds import FeedError, Refused, Source, read_list, web_address

    found: dict[str, Source] = {}
    for name in feeds:
        try:
            if "://" in name:
                sources, wrong = [Source(web_address(name))], list[str]()
            else:
                sources, wrong = read_list(name)
        except (FeedError, Refused) as error:
            raise wrong_use(str(error)) from None
        for message in wrong:
            faults.add(message)
        for source in sources:
            found.setdefault(source.address, source)
    if not found:
        raise wrong_use(f"{' '.join(feeds)[:200]}: no feed in it")
    return list(found.values())


def _round(
    book: Archive, sources: list[Source], options: Options, settings: Settings, jobs: int, faults: Faults,
    stop: threading.Event,
) -> tuple[Report, Follower]:  # fmt: skip
    from khabar.accounts import Done, fault_place
    from khabar.feeds import Follower
    from khabar.pipeline import run as whole_way

    follower = Follower(book, sources, options, stop)

    def notice(done: Done) -> None:
        for fault in done.faults:
            faults.add(fault)
        follower.notice([fault_place(fault) for fault in done.faults], done.read)

    return whole_way(follower.pages(), book, settings, jobs=jobs, notice=notice), follower


@contextlib.contextmanager
def _stopped_by_signal(stop: threading.Event) -> Iterator[None]:
    """The first Ctrl-C (or SIGTERM) asks for an end, the second ends."""

    def ask(_number: int, _frame: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        say("stopping: what was fetched is stored first (once more ends at once)")

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _line(result: Report, follower: Follower, failed: int) -> str:
    """A round in one line."""
    n = follower.counts
    out = result.outcomes
    feeds = [
        f"{many(n['feeds read'], 'feed')} read", f"{n['feeds unchanged']} unchanged", f"{n['feeds failed']} failed",
        *([f"{n['feeds left alone']} left alone"] if n["feeds left alone"] else []),
    ]  # fmt: skip
    articles = [
        f"{many(n['new articles'] + n['changed articles'], 'article')} named", f"{out.get('added', 0)} new",
        f"{out.get('version', 0)} changed", f"{out.get('same', 0)} known",
        *(f"{n[name]} {_ONE.get(name, name) if n[name] == 1 else name}" for name in _SPOKEN if n[name]),
        many(failed, "failure"),
    ]  # fmt: skip
    when = datetime.now().astimezone().isoformat(timespec="seconds")
    return f"{when}  {', '.join(feeds)}; {', '.join(articles)} ({result.seconds:.1f} s)"


_ONE = {"entries without address": "entry without address", "sitemaps passed over": "sitemap passed over"}
_SPOKEN = (
    "feed text", "too old", "in another language", "passed over", "entries without address", "to be tried again",
    "left for the next run", "sitemaps passed over",
)  # fmt: skip
