"""A family's page: what each member is owed, why, what must be asked; the steps of one due (BEN-7, BEN-8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.benefits import access, catalogue, due_forms, family, queries, telling
from shuanglian.benefits.actions import dues as verbs
from shuanglian.benefits.actions import rounds
from shuanglian.benefits.chapters import STEP_NAMES
from shuanglian.benefits.models import Due
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on
from shuanglian.organisation.queries import bound_to
from shuanglian.registry.actions import statements
from shuanglian.registry.models import Household

from .common import day_of

S = Due.State


@requires("benefits.view")
@require_safe
def household(request: SignedIn, pk: int) -> HttpResponse:
    return _page(request, access.household(request.user, pk))


def _page(request: SignedIn, found: Household, form: due_forms.AnswersForm | None = None,
          status: int = 200) -> HttpResponse:  # fmt: skip
    on = day_of(request, found.village)
    shown = family.look(found, on)
    may_state = may(request.user, "benefits.state")
    if may_state and form is None:
        form = answers(request, shown, None)
    return render(request, "benefits/household.html", {
        "household": found, "family": shown, "on": on, "today": clock.today(), "form": form,
        "statements": family.statements(found), "may_state": may_state,
        "may_apply": may(request.user, "benefits.apply"), "may_edit": may(request.user, "registry.edit"),
        "withdraw": due_forms.WithdrawForm() if may_state else None,
    }, status=status)  # fmt: skip


def answers(request: SignedIn, shown: family.Family, data: Any) -> due_forms.AnswersForm | None:
    """The form of what is to be asked. A fact of the village is stated by who answers for the village as a whole."""
    whole = bound_to(request.user) == "area"
    questions = [one for one in shown.questions if one.record != "village" or whole]
    if not questions:
        return None
    return due_forms.AnswersForm(data, questions=questions, initial={"on": shown.on, "source": "visit"})


@requires("benefits.state")
@require_POST
def state(request: SignedIn, pk: int) -> HttpResponse:
    """Keep the answers and decide the family anew, all of it or nothing."""
    found = access.household(request.user, pk, "benefits.state")
    on = day_of(request, found.village)
    form = answers(request, family.look(found, on), request.POST)
    if form is None:
        messages.info(request, _("这一户没有要问的情况。"))
        return redirect("benefits:household", pk)
    if form.is_valid():
        given = form.answers()
        if not given:
            form.add_error(None, _("请至少回答一项。"))
        with refusals_on(form):
            if given:
                _keep(found, form, on, request)
                messages.success(request, _("已记下 {n} 项情况，并重新认定了这一户。").format(n=len(given)))
                return redirect("benefits:household", pk)
    return _page(request, found, form, status=422)


@transaction.atomic
def _keep(found: Household, form: due_forms.AnswersForm, on: date, request: SignedIn) -> None:
    told, at = form.cleaned_data, clock.now()
    statements.state_of_family(household=found, answers=form.told(), on=told["on"], source=told["source"],
                               note=told["note"], by=request.user, at=at)  # fmt: skip
    rounds.decide_household(household=found, on=max(on, told["on"]), by=request.user, at=at)


@requires("benefits.state")
@require_POST
def decide(request: SignedIn, pk: int) -> HttpResponse:
    """Decide the family on the day of the page and keep it."""
    found = access.household(request.user, pk, "benefits.state")
    on = min(day_of(request, found.village), clock.today())
    rounds.decide_household(household=found, on=on, by=request.user, at=clock.now())
    messages.success(request, _("已按 {on} 的政策和情况重新认定。").format(on=on.isoformat()))
    return redirect("benefits:household", pk)


@requires("benefits.state")
@require_http_methods(["GET", "POST"])
def withdraw(request: SignedIn, pk: int) -> HttpResponse:
    """Take a statement back and decide the family anew."""
    said = access.statement(request.user, pk)
    about = said.person.household if said.person else said.household
    form = due_forms.WithdrawForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form), transaction.atomic():
            at = clock.now()
            statements.withdraw(statement=said, why=form.cleaned_data["why"], by=request.user, at=at)
            if about is not None:
                on = day_of(request, about.village)
                rounds.decide_household(household=about, on=on, by=request.user, at=at)
            messages.success(request, _("已撤回。"))
            return redirect("benefits:household", about.pk) if about else redirect("benefits:policies")
    label = telling.label_of(f"{said.record}.{said.fact}")
    return render(request, "benefits/step.html", {
        "form": form, "title": _("撤回申明：{fact}").format(fact=label), "button": _("撤回"), "household": about,
        "back": ("benefits:household", about.pk) if about else None, "lead": "",
    })  # fmt: skip


# --- one due ----------------------------------------------------------------------------------------------------------
@requires("benefits.view")
@require_safe
def due(request: SignedIn, pk: int) -> HttpResponse:
    """One due: where it stands and how it came there, decisions as they were kept, money that came."""
    found = access.due(request.user, pk)
    known = catalogue.benefit(found.benefit)
    kept = list(found.decisions.select_related("by", "round").order_by("-id"))
    names = queries.names_of({one.pk: one for one in kept})
    told = [(one, telling.tell(one.reasons, one.inputs, known, names)) for one in kept]
    return render(request, "benefits/due.html", {
        "due": found, "household": found.household, "title": catalogue.title(found.benefit), "benefit": known,
        "period": catalogue.period_label(known, found.period), "department": catalogue.department(found.department),
        "decisions": told,
        "steps": [(one, STEP_NAMES.get(one.verb, one.verb)) for one in found.steps.select_related("by").order_by("id")],
        "payments": found.payments.order_by("paid_on", "id"), "papers": due_forms.papers_of(found),
        "asks": [telling.label_of(one) for one in found.asks],
        "doors": [one for one in STEPS.values() if found.state in verbs.MAY[one.verb][0] and may(
            request.user, one.permission)],
    })  # fmt: skip


@dataclass(frozen=True)
class Door:
    """A step that people take: its verb, the permission, its form, what its page says."""

    name: str
    verb: str
    permission: str
    act: Callable[..., Any]
    form: Callable[..., due_forms.OnForm]
    title: Any
    button: Any

    @property
    def url(self) -> str:
        return f"benefits:{self.name}"


STEPS = {
    one.name: one
    for one in (
        Door("apply", "applied", "benefits.apply", verbs.apply, due_forms.ApplyForm,
             gettext_lazy("代为申请"), gettext_lazy("登记申请")),
        Door("approve", "approved", "benefits.decide", verbs.approve, due_forms.ApproveForm,
             gettext_lazy("登记批准"), gettext_lazy("登记批准")),
        Door("refuse", "refused", "benefits.decide", verbs.refuse, due_forms.RefuseForm,
             gettext_lazy("登记不批准"), gettext_lazy("登记不批准")),
        Door("appeal", "appealed", "benefits.apply", verbs.appeal, due_forms.AppealForm,
             gettext_lazy("登记申诉"), gettext_lazy("登记申诉")),
    )
}  # fmt: skip


def _door(name: str) -> Callable[..., HttpResponseBase]:
    door = STEPS[name]

    @requires(door.permission)
    @require_http_methods(["GET", "POST"])
    def step(request: HttpRequest, pk: int) -> HttpResponse:
        actor: Any = request.user
        found = access.due(actor, pk, door.permission)
        more = {"papers": due_forms.papers_of(found)} if name == "apply" else {}
        form = door.form(request.POST or None, initial={"on": clock.today()}, **more)
        if form.is_valid():
            with refusals_on(form):
                door.act(due=found, by=actor, at=clock.now(), **form.given())  # type: ignore[attr-defined]
                messages.success(request, _("已登记。"))
                return redirect("benefits:due", pk)
        lead = found.person.name if found.person else found.household.head_name
        return render(request, "benefits/step.html", {
            "form": form, "title": door.title, "button": door.button, "household": found.household,
            "back": ("benefits:due", pk), "lead": f"{lead} · {catalogue.title(found.benefit)}",
        })  # fmt: skip

    step.__name__ = name
    step.__doc__ = f"Take the step “{door.verb}” of a due: gate → form → verb → answer."
    return step


patterns: list[Any] = [
    path("households/<int:pk>/", household, name="household"),
    path("households/<int:pk>/state/", state, name="state"),
    path("households/<int:pk>/decide/", decide, name="decide"),
    path("statements/<int:pk>/withdraw/", withdraw, name="withdraw"),
    path("dues/<int:pk>/", due, name="due"),
    *(path(f"dues/<int:pk>/{name}/", _door(name), name=name) for name in STEPS),
]
