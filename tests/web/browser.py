"""A real browser and a running server for tests and for the pictures in docs: Debian's Chromium, or that of
`KHABAR_BROWSER`."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from playwright.sync_api import Browser, sync_playwright

from khabar.archive import Archive
from khabar.pipeline import Settings
from khabar.web import make_app

MISSING = "no browser: apt-get install chromium fonts-noto-core, or set KHABAR_BROWSER=/path/to/chromium"


def executable() -> str | None:
    """The browser's program, None where there is none."""
    return os.environ.get("KHABAR_BROWSER") or shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def browser() -> Iterator[Browser]:
    """A headless browser. Root may not have a sandbox."""
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--force-color-profile=srgb"]
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=executable(), args=arguments)
        try:
            yield one
        finally:
            one.close()


@contextmanager
def serving(
    archive: Archive, *, edit: bool = False, token: str | None = None, settings: Settings | None = None
) -> Iterator[str]:
    """The reading room on a free port of this machine; gives its address."""
    app = make_app(archive, edit=edit, token=token, settings=settings)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    end = time.monotonic() + 30
    while not server.started:
        if time.monotonic() > end or not thread.is_alive():
            raise RuntimeError("the server did not start")
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(30)
