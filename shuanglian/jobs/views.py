"""Pages of background work: my jobs, one job with its progress, its file."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuanglian.accounts.rights import SignedIn, requires
from shuanglian.core.clock import now
from shuanglian.core.forms import says
from shuanglian.core.paging import keyset
from shuanglian.kernel.refusal import Refusal
from shuanglian.trail import trail

from . import access, files, queries
from .actions import jobs


@requires()
@require_GET
def mine(request: SignedIn) -> HttpResponse:
    page = keyset(queries.mine(seen_by=request.user), order=("-id",), after=request.GET.get("after"), size=30)
    return render(request, "jobs/jobs.html", {"page": page})


@requires()
@require_GET
def detail(request: SignedIn, pk: int) -> HttpResponse:
    return render(request, "jobs/job.html", {"job": access.own_job(request.user, pk)})


@requires()
@require_GET
def progress(request: SignedIn, pk: int) -> HttpResponse:
    """The part of a page that shows how far a job is; asked for every two seconds until it is over."""
    job = access.own_job(request.user, pk)
    response = render(request, "jobs/progress.html", {"job": job, "reload": request.GET.get("reload")})
    if job.is_over and request.GET.get("reload"):
        response["HX-Refresh"] = "true"  # the page around it shows what the job has made
    return response


@requires()
@require_POST
def cancel(request: SignedIn, pk: int) -> HttpResponse:
    return _ask(request, pk, jobs.cancel, _("已要求取消。"))


@requires()
@require_POST
def retry(request: SignedIn, pk: int) -> HttpResponse:
    return _ask(request, pk, jobs.retry, _("已重新开始。"))


def _ask(request: SignedIn, pk: int, verb, done: str) -> HttpResponse:  # type: ignore[no-untyped-def]
    job = access.own_job(request.user, pk)
    try:
        job = verb(job=job, by=request.user, at=now())
        if not request.htmx:
            messages.success(request, done)
    except Refusal as refusal:
        messages.error(request, says(refusal))
    if request.htmx:
        job.refresh_from_db()
        return render(request, "jobs/progress.html", {"job": job})
    return redirect("jobs:detail", pk=job.pk)


@requires()
@require_GET
def file(request: SignedIn, pk: int) -> HttpResponse:
    """The result file, decrypted, to the person who asked for it; every fetch stands in the trail."""
    job = access.job_with_file(request.user, pk)
    try:
        data = files.fetch(job.file) if job.file else None
    except FileNotFoundError:
        data = None
    if data is None:
        raise Http404(_("文件已按保存期限清除，请重新生成。"))
    trail.write("jobs.fetch", about=job, by=request.user, at=now(), file_name=job.file_name, bytes=len(data))
    response = HttpResponse(data, content_type="application/octet-stream")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(job.file_name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
