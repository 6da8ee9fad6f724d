"""Pages of imports: the list, handing in, one batch with its columns and findings, letting in and taking back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.core import profile
from shuanglian.core.clock import now
from shuanglian.core.forms import refusals_on, says
from shuanglian.core.paging import keyset
from shuanglian.kernel.refusal import Refusal
from shuanglian.trail import trail

from . import access, marking, queries, showing
from .actions import batches as verbs
from .engine import templates
from .engine.fields import KINDS, ROSTERS
from .forms import BatchFilter, FindingFilter, UploadForm, benefits, columns_from, kinds, whole_from
from .models import Batch

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FINDINGS_A_PAGE = 50
SMALL = 3_000  # rows: up to here the marked workbook is made while the reader waits


@requires("imports.run")
@require_GET
def batches(request: SignedIn) -> HttpResponse:
    """Batches of the reader's area, newest first."""
    chosen = BatchFilter(request.GET)
    found = queries.batches(seen_by=request.user, **chosen.asked())
    page = keyset(found, order=("-id",), after=request.GET.get("after"), size=30)
    return render(request, "sheets/batches.html", {"page": page, "filter": chosen, "kinds": dict(kinds())})


@requires("imports.run")
@require_http_methods(["GET", "POST"])
def upload(request: SignedIn) -> HttpResponse:
    """Hand in a roster; reading begins at once."""
    first = {"area": request.user.area, "year": profile.active().year, "kind": request.GET.get("kind", "")}
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user, initial=first)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        given["kind"] = given["kind"] or None
        given["whole"] = {"benefit": given.pop("benefit")}
        with refusals_on(form), transaction.atomic():
            at = now()
            batch = verbs.receive(**given, by=request.user, at=at)
            verbs.start_reading(batch=batch, by=request.user, at=at)
            return redirect("sheets:batch", pk=batch.pk)
    offered = [(kind, ROSTERS[kind].title(profile.language())) for kind in KINDS]
    return render(request, "sheets/upload.html", {"form": form, "offered": offered})


@requires("imports.run")
@require_GET
def batch(request: SignedIn, pk: int) -> HttpResponse:
    """One batch: where it stands, its columns, its findings, what may be done now."""
    return _page(request, access.batch(request.user, pk))


def _page(request: SignedIn, found: Batch, *, chosen: Any = None, status: int = 200) -> HttpResponse:
    page, narrowed = _findings(request, found)
    told = {
        "batch": found, "steps": showing.steps(found), "sheets": showing.sheets(found, chosen),
        "standing": found.standing, "others": showing.others(found), "kind": dict(kinds()).get(found.kind, ""),
        "kinds": kinds(), "benefits": benefits() if found.kind == "payments" else [],
        "whole": showing.told_once(found),
        "preview": showing.tallies(found.counts.get("would", {})), "done": showing.tallies(found.counts.get("did", {})),
        "same": queries.same_file(found), "dependents": showing.dependents(found), "findings": page, "filter": narrowed,
        "mine": found.job is not None and found.job.by_id == request.user.pk,
        "may_accept": may(request.user, "imports.accept"),
    }  # fmt: skip
    if request.htmx and request.htmx.target == "findings":
        return render(request, "sheets/findings.html", told)
    return render(request, "sheets/batch.html", told, status=status)


def _findings(request: SignedIn, found: Batch) -> tuple[Any, FindingFilter]:
    codes = [(code, f"{showing.named(code)}（{count}）") for code, _severity, count in showing.codes(found)]
    names = [one["sheet"] for one in found.layout.get("sheets", [])]
    narrowed = FindingFilter(request.GET, codes=codes, sheets=names)
    rows = queries.findings(found, **narrowed.asked())
    page = keyset(rows, order=("id",), after=request.GET.get("after"), size=FINDINGS_A_PAGE)
    return showing.findings(found, page), narrowed


@requires("imports.run")
@require_POST
def columns(request: SignedIn, pk: int) -> HttpResponse:
    """Say what the columns mean, and check with that."""
    found = access.batch_to_work_on(request.user, pk)
    mapping, left_out = columns_from(request.POST, found)
    try:
        verbs.set_mapping(
            batch=found, mapping=mapping, left_out=left_out, whole=whole_from(request.POST), by=request.user, at=now()
        )  # fmt: skip
    except Refusal as refusal:
        messages.error(request, says(refusal))
        return _page(request, found, chosen=mapping, status=422)
    return redirect("sheets:batch", pk=pk)


@requires("imports.run")
@require_POST
def read_again(request: SignedIn, pk: int) -> HttpResponse:
    """Read the file as another kind of roster, or once more."""
    kind = request.POST.get("kind")
    return _do(request, access.batch_to_work_on(request.user, pk), verbs.start_reading, kind=kind)


@requires("imports.accept")
@require_POST
def accept(request: SignedIn, pk: int) -> HttpResponse:
    skip = request.POST.get("skip_errors") == "1"
    return _do(request, access.batch_to_accept(request.user, pk), verbs.accept, skip_errors=skip)


@requires("imports.accept")
@require_POST
def undo(request: SignedIn, pk: int) -> HttpResponse:
    return _do(request, access.batch_to_accept(request.user, pk), verbs.undo)


@requires("imports.run")
@require_POST
def discard(request: SignedIn, pk: int) -> HttpResponse:
    return _do(
        request, access.batch_to_work_on(request.user, pk), verbs.discard, done=_("已放弃这个批次，文件已删除。")
    )


def _do(request: SignedIn, found: Batch, verb: Callable[..., Any], done: str = "", **told: Any) -> HttpResponse:
    try:
        verb(batch=found, by=request.user, at=now(), **told)
    except Refusal as refusal:
        messages.error(request, says(refusal))
    else:
        if done:
            messages.success(request, done)
    return redirect("sheets:batch", pk=found.pk)


@requires("imports.run")
@require_POST
def marked(request: SignedIn, pk: int) -> HttpResponse:
    """The uploaded workbook with the findings marked in its cells: at once when small, else as a job."""
    found = access.batch_to_work_on(request.user, pk)
    part = 2 if request.POST.get("part") == "2" else 1
    try:
        if found.counts.get("rows", 0) > SMALL:
            job = marking.order(batch=found, part=part, by=request.user, at=now(), language=get_language() or "")
            return redirect("jobs:detail", pk=job.pk)
        data, name = marking.workbook(found, part)
    except Refusal as refusal:
        messages.error(request, says(refusal))
        return redirect("sheets:batch", pk=pk)
    trail.write("imports.marked", about=found, by=request.user, at=now(), bytes=len(data))
    return _download(data, name)


@requires("imports.run")
@require_GET
def template(request: SignedIn, kind: str) -> HttpResponse:
    """An empty roster with drop-downs and explanations."""
    if kind not in KINDS:
        raise Http404(_("没有这种名册"))
    language = profile.language()
    data = templates.template(kind, profile.active(), language)
    return _download(data, f"{ROSTERS[kind].title(language)}.xlsx")


def _download(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
