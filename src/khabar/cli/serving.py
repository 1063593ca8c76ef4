"""`khabar serve`: the reading room."""

from __future__ import annotations

from typing import Annotated

import typer

from khabar.cli.console import (
    DEFAULT_ARCHIVE,
    ArchiveOption,
    CoderOption,
    Problem,
    TablesOption,
    check_coder,
    check_tables,
    opened,
    say,
    wrong_use,
)


def serve(
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    host: Annotated[str, typer.Option(help="Address to answer on; any but this machine's own needs --token.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to answer on.")] = 8000,
    token: Annotated[
        str | None, typer.Option(envvar="KHABAR_TOKEN", help="Word that every reader must know.", show_default=False)
    ] = None,
    edit: Annotated[
        bool, typer.Option("--edit", help="Let readers correct and add pages; without it the archive is only read.")
    ] = False,
    coder: CoderOption = "auto",
    tables: TablesOption = None,
) -> None:
    """Read and question the archive in a browser, and by its JSON interface."""
    try:
        import uvicorn

        from khabar.pipeline import Settings
        from khabar.web import is_local, make_app
    except ModuleNotFoundError as missing:
        raise Problem(f"serve needs {missing.name}; install it with: pip install 'khabar[web]'") from None
    if token is None and not is_local(host):
        raise wrong_use(f"--host {host}: others could read the archive; give a --token, or leave --host out")
    if token is not None and len(token) < 12:
        raise wrong_use("--token: shorter than 12 characters")
    check_coder(coder)
    settings = Settings(coder=coder, tables=check_tables(tables))
    # Who may add pages may begin with none.
    with opened(archive, create=edit, readonly=not edit) as book:
        shown = f"[{host}]" if ":" in host else host
        how = "readers may correct and add" if edit else "read-only"
        say(f"reading room on http://{shown}:{port}/ ({how}; Ctrl+C ends it)")
        # The access log would hold the token of the first address.
        app = make_app(book, token=token, edit=edit, settings=settings)
        uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False)
