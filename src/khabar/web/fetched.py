"""Pages of addresses that a reader named, asked as `khabar follow` asks: politely, within limits, never on the local
network. The one part of the room that leaves this machine, and only for what was named."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

from khabar.archive import Archive
from khabar.pages import Fault, Pause, canonical_url
from khabar.records import Page

MISSING = "addresses need the extra feeds: pip install 'khabar[feeds]'; or save the page and send the file"
SIZE = 10 * 2**20  # bytes of a page


def pages(
    addresses: Sequence[str], archive: Archive, stop: threading.Event, *, allow_local: bool = False
) -> Iterator[Page | Fault | Pause]:
    """A page or a fault an address, as they come."""
    try:
        from khabar.feeds.articles import Told, Unread, of_answer, reason
        from khabar.feeds.asking import Asker, Job, Trouble
        from khabar.feeds.fetching import Limits
        from khabar.feeds.guard import Refused, web_address
        from khabar.feeds.hosts import Manners
    except ModuleNotFoundError:
        yield from (Fault(address, None, MISSING) for address in addresses)
        return
    jobs = []
    for address in dict.fromkeys(addresses):
        try:
            jobs.append(Job(web_address(address), SIZE, {"Accept": "text/html"}, address))
        except Refused as error:
            yield Fault(address, None, str(error))
    ledger = archive.follows
    asker = Asker(Limits(allow_local=allow_local), Manners(), ledger.hosts(), stop)
    try:
        asker.add(jobs)
        while asker.open and not stop.is_set():
            found = asker.result(0.5)
            if found is None:
                yield Pause.PAUSE
                continue
            address, came = found.job.about, found.came
            if isinstance(came, Trouble):
                yield Fault(address, None, came.message)
            elif came.status != 200:
                yield Fault(address, None, reason(came.status))
            else:
                page = of_answer(came, canonical_url(address), Told())
                yield Fault(address, None, page.message) if isinstance(page, Unread) else page
    finally:
        asker.close()
        for row in asker.news():
            ledger.note_host(row)
