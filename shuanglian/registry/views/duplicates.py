"""Possible duplicates: the queue, two entries made one with a choice field by field, two files merged, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on, says
from shuanglian.core.paging import keyset
from shuanglian.kernel.refusal import Refusal
from shuanglian.registry import access, forms, joining_forms, queries
from shuanglian.registry.actions import merges, suspicions
from shuanglian.registry.actions import undo as undoing
from shuanglian.registry.fields import names
from shuanglian.registry.models import HouseholdLink, Suspicion

from .moves import answered, merged

FILES = "files"  # ?of=files: pairs of files instead of pairs of people
COMPARED = ("name", "id_number", "sex", "born_on", "relation", "ethnic", "education")
FILES_COMPARED = ("head_name", "size", "phone", "bank_account", "address", "main_cause", "since")


@requires("quality.view", "registry.view")
@require_safe
def queue(request: SignedIn) -> HttpResponse:
    """Possible duplicates side by side, numbers masked; the most alike first. People, or files that share a number."""
    area = access.area(request.user, request.GET.get("area"))
    state, of = request.GET.get("state", ""), request.GET.get("of", "")
    state = state if state in Suspicion.State.values else Suspicion.State.OPEN
    files = of == FILES
    read: Any = queries.file_suspicions if files else queries.suspicions
    rows = read(seen_by=request.user, area=area, state=state)
    page = keyset(rows, order=("-score", "id"), after=request.GET.get("after"), size=20)
    return render(request, "registry/suspicions.html", {
        "area": area, "page": page, "state": state, "states": Suspicion.State.choices, "files": files,
        "full": suspicions.is_full(rows) and state == Suspicion.State.OPEN,
        "pairs": [(row, _compared(row, FILES_COMPARED if files else COMPARED)) for row in page.rows],
        "may_edit": may(request.user, "registry.edit"),
    })  # fmt: skip


def _compared(row: Any, fields: Sequence[str]) -> list[tuple[str, str, str, bool]]:
    """The lines of the comparison: what, the one, the other, whether they are the same."""
    return [
        (names(type(row.one), name), joining_forms.value_text(row.one, name), joining_forms.value_text(row.other, name),
         getattr(row.one, name) == getattr(row.other, name))
        for name in fields
    ]  # fmt: skip


@requires("quality.view", "registry.edit")
@require_POST
def decide(request: SignedIn, pk: int) -> HttpResponse:
    """The same or different, with a note; nothing is merged."""
    found = access.suspicion_to_decide(request.user, pk)
    form = forms.DecideForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请选择“确为重复”或“不是重复”。"))
        return redirect("registry:suspicions")
    _say(request, found, form.cleaned_data["state"], form.cleaned_data["note"])
    return redirect("registry:suspicions")


@requires("quality.view", "registry.edit")
@require_POST
def decide_files(request: SignedIn, pk: int) -> HttpResponse:
    """Two files that share a number are two households: said so, with a note."""
    found = access.files_to_decide(request.user, pk)
    _say(request, found, Suspicion.State.DIFFERENT, request.POST.get("note", ""))
    return redirect(f"{reverse('registry:suspicions')}?of={FILES}")


def _say(request: SignedIn, found: Any, state: str, note: str) -> None:
    try:
        suspicions.decide(suspicion=found, state=state, note=note, on=clock.today(), by=request.user, at=clock.now())
        messages.success(request, _("已记录核实结果。"))
    except Refusal as refusal:
        messages.error(request, says(refusal))


@requires("quality.view", "registry.edit")
def merge_people(request: SignedIn, pk: int) -> HttpResponse:
    """Two entries are one person: which entry stays (?keep=other), and whose values."""
    found = access.suspicion_to_decide(request.user, pk)
    kept, gone = found.one, found.other
    if request.GET.get("keep") == "other":
        kept, gone = gone, kept
    form = joining_forms.SamePersonForm(request.POST or None, kept=kept, gone=gone, today=clock.today())

    def act() -> HouseholdLink:
        return suspicions.same_people(
            suspicion=found, kept=kept, note=form.cleaned_data["why"], by=request.user, at=clock.now(),
            **form.arguments(),
        )  # fmt: skip

    def foresee() -> list[str]:
        return merges.foresee_same(kept=kept, gone=gone, on=form.cleaned_data["on"], by=request.user, at=clock.now())

    files = {"other": gone.household} if gone.household_id != kept.household_id else {}
    return answered(
        request, form, act, foresee, title=_("合并重复人员：{name}").format(name=kept.name), household=kept.household,
        heads=(_entry_name(kept), _entry_name(gone)), swap="one" if request.GET.get("keep") == "other" else "other",
        **files,
    )  # fmt: skip


def _entry_name(person: object) -> str:
    return f"{person}（{getattr(person, 'number', '')}）"


@requires("quality.view", "registry.edit")
def merge_files(request: SignedIn, pk: int) -> HttpResponse:
    """Two files are one household: which number stays (?keep=other), then as any merge."""
    found = access.files_to_decide(request.user, pk)
    kept, closed = found.one, found.other
    if request.GET.get("keep") == "other":
        kept, closed = closed, kept
    return merged(request, kept, closed, partial(suspicions.same_files, suspicion=found), reason="note")


@requires("registry.edit")
def undo(request: SignedIn, pk: int) -> HttpResponse:
    """Take a merge back, with the reason."""
    link = access.link_to_undo(request.user, pk)
    form = forms.WhyForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            undoing.undo(link=link, why=form.cleaned_data["why"], by=request.user, at=clock.now())
            messages.success(request, _("已撤销，两份档案恢复原样。"))
            return redirect("registry:household", pk=link.source_id)
    return render(request, "registry/form.html", {
        "form": form, "title": _("撤销合并"), "button": _("撤销合并"), "household": link.target,
        "back": reverse("registry:story", args=[link.target_id]),
    })  # fmt: skip
