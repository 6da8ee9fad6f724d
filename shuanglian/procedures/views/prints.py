"""Paper forms by page: print what stands, look at what was printed, take the signed scan back (REG-4, REG-5)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, requires
from shuanglian.attachments.answers import answer
from shuanglian.attachments.forms import EvidenceField
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on, says
from shuanglian.core.profile import language
from shuanglian.kernel.refusal import Refusal
from shuanglian.procedures import access, form_content, printing, rules, scope
from shuanglian.procedures.actions import prints
from shuanglian.procedures.models import Case, CaseList, FormPrint


class ScanForm(forms.Form):
    scan = EvidenceField(
        label=gettext_lazy("签字后的扫描件或照片"), help_text=gettext_lazy("PDF、JPG、PNG；传上后不能更换。")
    )


@requires("procedures.view")
@require_POST
def print_case(request: SignedIn, pk: int, step: str) -> HttpResponse:
    return _print(request, access.case(request.user, pk), step)


@requires("procedures.view")
@require_POST
def print_list(request: SignedIn, pk: int, step: str) -> HttpResponse:
    return _print(request, access.case_list(request.user, pk), step)


def _print(request: SignedIn, of: Case | CaseList, step: str) -> HttpResponse:
    """Keep what the form shows now and open its page, from where it is printed."""
    try:
        made = prints.make(of=of, step=step, by=request.user, at=clock.now())
    except Refusal as refusal:
        messages.error(request, says(refusal))
        return redirect("procedures:case" if isinstance(of, Case) else "procedures:list", of.pk)
    return redirect("procedures:form", made.pk)


@requires("procedures.view")
@require_safe
def form(request: SignedIn, pk: int) -> HttpResponse:
    """One printed form: what it shows, its fingerprint, whether that is still how things stand, the scan."""
    return _shown(request, _mine(request, pk), ScanForm())


@requires("procedures.view")
@require_safe
def form_pdf(request: SignedIn, pk: int) -> HttpResponse:
    printed = _mine(request, pk)
    response = HttpResponse(printing.pdf(printed), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="form-{printed.pk}.pdf"'
    return response


@requires("procedures.act")
@require_POST
def bring_scan(request: SignedIn, pk: int) -> HttpResponse:
    printed = _mine(request, pk)
    upload = ScanForm(request.POST, request.FILES)
    if upload.is_valid():
        with refusals_on(upload):
            prints.bring_back(printed=printed, upload=upload.cleaned_data["scan"], by=request.user, at=clock.now())
            messages.success(request, _("签字件已存，内容指纹 {mark}。").format(mark=printed.mark))
            return redirect("procedures:form", printed.pk)
    return _shown(request, printed, upload, status=422)


@requires("procedures.view")
@require_safe
def scan(request: SignedIn, pk: int) -> HttpResponse:
    printed = _mine(request, pk)
    if printed.scan is None:
        raise Http404
    return answer(printed.scan)


def _mine(request: SignedIn, pk: int) -> FormPrint:
    rows = scope.prints(seen_by=request.user).select_related("case__edition", "list", "by", "scan", "scanned_by")
    return get_object_or_404(rows, pk=pk)


def _shown(request: SignedIn, printed: FormPrint, upload: ScanForm, *, status: int = 200) -> HttpResponse:
    shown = printed.content
    lang = "zh" if language() == "zh" else "en"
    return render(request, "procedures/form.html", {
        "printed": printed, "form": upload, "title": shown["form"][lang], "step": shown["step"][lang],
        "columns": [one[lang] for one in shown["columns"]] + [one[lang] for one in shown["blank"]],
        "rows": [(*map(printing.spoken, row), *("" for _blank in shown["blank"])) for row in shown["rows"]],
        "says": shown["says"][lang],
        "signers": [one[lang] for one in shown["signers"]], "place": shown["place"], "number": shown["number"],
        "on": shown["on"], "still": _still(printed), "may_act": prints.may_bring(printed, request.user) is None,
    }, status=status)  # fmt: skip


def _still(printed: FormPrint) -> bool | None:
    """Whether the form would show the same today (but for its date); None when it can no longer be worked out."""
    of: Any = printed.list or printed.case
    try:
        cases = prints.cases_at(of, printed.step)
        procedure = rules.of_case(cases[0])
        now = form_content.content(procedure=procedure, step=procedure.step(printed.step), cases=cases, of=of,
                                   on=clock.today())  # fmt: skip
    except (Refusal, KeyError):
        return None
    return form_content.digest_of({**now, "on": printed.content["on"]}) == printed.digest


patterns = [
    path("cases/<int:pk>/forms/<slug:step>/", print_case, name="print_case"),
    path("lists/<int:pk>/forms/<slug:step>/", print_list, name="print_list"),
    path("forms/<int:pk>/", form, name="form"),
    path("forms/<int:pk>/pdf/", form_pdf, name="form_pdf"),
    path("forms/<int:pk>/scan/", bring_scan, name="bring_scan"),
    path("forms/<int:pk>/scan/file/", scan, name="scan"),
]
