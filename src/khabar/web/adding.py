"""Adding pages from the room: the form, a job's page with its progress, and the same as JSON."""

from __future__ import annotations

import hmac
import shutil
from datetime import date, datetime, timedelta
from typing import NamedTuple
from urllib.parse import parse_qsl, quote

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from khabar.archive import Archive, CorrectionError, Failed, Run
from khabar.web import editing, uploads, views
from khabar.web.desk import ENDED, Busy, Desk, Job, Wanted, new_folder
from khabar.web.whole import Values

OTHER_SITE = "this form is of an earlier start of the server, or of another site; load the page again"
NOTHING = "nothing was sent: choose files, or paste a page or addresses"
GONE = "this server knows no such job: jobs are remembered as long as it runs; what they stored stays"
RUNS = 10  # of before this server, shown
FAULTS = 50  # pages that were not read, shown


def _desk(request: Request) -> Desk:
    editing.must_edit(request)
    desk: Desk = request.app.state.desk
    return desk


async def add(request: Request) -> Response:
    """The form, or what it sends."""
    desk = _desk(request)
    if request.method != "POST":
        return await run_in_threadpool(_form, request, desk)
    folder = new_folder()
    try:
        sent = await uploads.taken(request, folder)
        _same_site(request, sent.values)
        values = {name: value.strip() for name, value in sent.values.items()}
        try:
            job = await run_in_threadpool(_begun, desk, Wanted(folder, sent.files, sent.addresses), values)
        except (CorrectionError, Busy) as error:
            shutil.rmtree(folder, ignore_errors=True)
            status = 429 if isinstance(error, Busy) else 422
            return await run_in_threadpool(_form, request, desk, status, str(error), values)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    answer = RedirectResponse(f"/add/{job.id}", 303)
    editing.remember(answer, job.who)
    return answer


class Earlier(NamedTuple):
    """A run of before; `since` is the moment from which on its articles were stored, None where it stored none."""

    run: Run
    since: str | None


def earlier(desk: Desk) -> list[Earlier]:
    """The last runs of before this server."""
    found = []
    for run in desk.earlier(RUNS):
        ended = datetime.fromisoformat(run.ended or "")
        since = f"{ended - timedelta(seconds=run.seconds + 1):%Y-%m-%dT%H:%M:%SZ}" if run.stored else None
        found.append(Earlier(run, since))
    return found


def _faults(request: Request) -> list[Failed]:
    archive: Archive = request.app.state.archive
    return archive.faults(FAULTS)


def _form(
    request: Request, desk: Desk, status: int = 200, error: str = "", values: dict[str, str] | None = None
) -> Response:
    shown = Values(values or {"who": editing.who_of(request)})
    return views.render(
        request, "add.html", status, jobs=desk.jobs(), error=error, values=shown,
        form_secret=request.app.state.secret, earlier=earlier(desk), faults=_faults(request),
    )  # fmt: skip


def _begun(desk: Desk, wanted: Wanted, values: dict[str, str]) -> Job:
    """Raises `CorrectionError` for a form that cannot be followed, `Busy`."""
    if not wanted.files and not wanted.addresses:
        raise CorrectionError(NOTHING)
    who = " ".join(values.get("who", "").split())[:80]
    if not who:
        raise CorrectionError("who adds? give a name")
    day, url = values.get("date") or None, values.get("url") or None
    if day is not None and not _is_day(day):
        raise CorrectionError(f"date: {day[:40]!r} is no day; write YYYY-MM-DD")
    if url is not None and not uploads.addresses_of(url):
        raise CorrectionError(f"address: {url[:80]!r} is no web address")
    if url is not None and len(wanted.files) != 1:
        raise CorrectionError("an address belongs to one page; leave it out where there are several")
    return desk.add(wanted, who=who, date=day, outlet=(values.get("outlet") or "")[:200] or None, url=url)


def _is_day(value: str) -> bool:
    try:
        return len(value) == 10 and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _same_site(request: Request, values: dict[str, str]) -> None:
    if not hmac.compare_digest(values.pop("form", "").encode(), request.app.state.secret.encode()):
        raise HTTPException(403, OTHER_SITE)


def job(request: Request) -> Response:
    """A job's page. While it works the page asks for itself again. One of an earlier server leads to what it left."""
    found = _desk(request).job(request.path_params["id"])
    if found is None:
        return views.error(request, 404, GONE, way=("/add", "to_jobs"))
    return views.render(request, "job.html", job=found, ended=ENDED, form_secret=request.app.state.secret)


def _known(request: Request) -> Job:
    found = _desk(request).job(request.path_params["id"])
    if found is None:
        raise HTTPException(404, GONE)
    return found


async def cancel(request: Request) -> Response:
    """Ends a job; then its page."""
    desk = _desk(request)
    values = dict(parse_qsl((await editing.body_of(request)).decode("utf-8", "replace")))
    _same_site(request, values)
    if desk.cancel(request.path_params["id"]) is None:
        raise HTTPException(404, GONE)
    return RedirectResponse(f"/add/{quote(request.path_params['id'])}", 303)


# As JSON


def _json(value: object, status: int = 200, **headers: str) -> Response:
    return Response(msgspec.json.encode(value), status, headers, media_type="application/json")


async def jobs(request: Request) -> Response:
    """All jobs, newest first, with what earlier servers left; or a new one: the body is a page, or JSONL, WARC, gz of
    these."""
    desk = _desk(request)
    if request.method != "POST":
        return await run_in_threadpool(_listed, request, desk)
    given = dict(request.query_params)
    if unknown := sorted(set(given) - {"who", "name", "date", "outlet", "url"}):
        raise HTTPException(400, f"no parameter {unknown[0][:40]!r}; parameters are who name date outlet url")
    folder = new_folder()
    try:
        file = await uploads.body(request, folder, given.get("name", "page"))
        begun = await run_in_threadpool(_begun, desk, Wanted(folder, (file,) if file else ()), given)
    except Busy as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise HTTPException(429, str(error)) from None
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return _json(begun, 202, location=f"/api/jobs/{begun.id}")


def _listed(request: Request, desk: Desk) -> Response:
    known = [msgspec.structs.replace(one, lines=()) for one in desk.jobs()]
    return _json({"jobs": known, "earlier": desk.earlier(RUNS), "failed": _faults(request)})


def one_job(request: Request) -> Response:
    """A job as it stands, with what became of its pages; DELETE cancels it."""
    found = _known(request)
    if request.method == "DELETE":
        found = _desk(request).cancel(found.id) or found
    return _json(found)
