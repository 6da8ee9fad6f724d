"""What is done to a demand: gate, form, verb, back to its page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.core import clock, profile
from shuanglian.core.forms import refusals_on, says
from shuanglian.grievances import access, forms
from shuanglian.grievances.access import HANDLE, VIEW
from shuanglian.grievances.actions import answers, demands, filing, moving
from shuanglian.grievances.holders import Ground
from shuanglian.grievances.models import Answer, Demand
from shuanglian.kernel.refusal import Refusal

from .demand import shown


def _done(
    request: SignedIn, demand: Demand, name: str, form: Any, verb: Callable[..., Any], said: str, **given: Any
) -> HttpResponse:
    """Run a verb with what the form holds; the page again when it, or the verb, refused."""
    if form.is_valid():
        with refusals_on(form):
            verb(demand=demand, by=request.user, at=clock.now(), **form.cleaned_data, **given)
            messages.success(request, said)
            return redirect("grievances:demand", demand.pk)
    return shown(request, demand, **{name: form})


def _moved(request: SignedIn, demand_id: int) -> HttpResponse | None:
    """Sent twice, or while somebody else acted: what stands is shown, and said."""
    found = access.demand_to_see(request.user, demand_id)
    if found.state == Demand.State.OPEN:
        return None
    messages.info(request, _("这条诉求现在不在办理中，没有改动。"))
    return redirect("grievances:demand", found.pk)


@require_POST
@requires(VIEW, HANDLE)
def solved(request: SignedIn, demand_id: int) -> HttpResponse:
    if (over := _moved(request, demand_id)) is not None:
        return over
    demand = access.demand_to_handle(request.user, demand_id)
    form = forms.SolvedForm(request.POST, request.FILES)
    return _done(request, demand, "solved", form, answers.answer, _("已答复，等本人回话。"),
                 outcome=Answer.Outcome.SOLVED)  # fmt: skip


@require_POST
@requires(VIEW, HANDLE)
def explained(request: SignedIn, demand_id: int) -> HttpResponse:
    if (over := _moved(request, demand_id)) is not None:
        return over
    demand = access.demand_to_handle(request.user, demand_id)
    return _done(request, demand, "explained", forms.ExplainedForm(request.POST), answers.answer,
                 _("已答复，等本人回话。"), outcome=Answer.Outcome.EXPLAINED)  # fmt: skip


@require_POST
@requires(VIEW, HANDLE)
def up(request: SignedIn, demand_id: int) -> HttpResponse:
    if (over := _moved(request, demand_id)) is not None:
        return over
    demand = access.demand_to_handle(request.user, demand_id)
    return _done(request, demand, "up", forms.UpForm(request.POST), moving.pass_up, _("已上报上一级。"))


@require_POST
@requires(VIEW, HANDLE)
def back(request: SignedIn, demand_id: int) -> HttpResponse:
    if (over := _moved(request, demand_id)) is not None:
        return over
    demand = access.demand_to_direct(request.user, demand_id)
    ground = Ground([demand], clock.today())
    below = [one.code for one in profile.active().grievances.ladder.below(ground.path(demand), demand.rung)]
    return _done(
        request, demand, "back", forms.BackForm(request.POST, below=below), moving.send_back, _("已退回下级。")
    )


@require_POST
@requires(VIEW, HANDLE)
def move(request: SignedIn, demand_id: int) -> HttpResponse:
    if (over := _moved(request, demand_id)) is not None:
        return over
    demand = access.demand_to_direct(request.user, demand_id)
    return _done(request, demand, "move", forms.MoveForm(request.POST, demand=demand), moving.move,
                 _("已转给那个部门，期限不变。"))  # fmt: skip


@require_POST
@requires(VIEW, HANDLE)
def note(request: SignedIn, demand_id: int) -> HttpResponse:
    if (over := _moved(request, demand_id)) is not None:
        return over
    demand = access.demand_to_handle(request.user, demand_id)
    return _done(request, demand, "note", forms.NoteForm(request.POST), demands.note, _("已记下办理情况。"))


@require_POST
@requires(VIEW, HANDLE)
def sort(request: SignedIn, demand_id: int) -> HttpResponse:
    if (over := _moved(request, demand_id)) is not None:
        return over
    demand = access.demand_to_handle(request.user, demand_id)
    return _done(request, demand, "sort", forms.SortForm(request.POST, demand=demand), demands.sort, _("已改类别。"))


@require_POST
@requires(VIEW)
def join(request: SignedIn, demand_id: int) -> HttpResponse:
    """Join those that were ticked; each is answered with this one."""
    demand = access.demand_to_join(request.user, demand_id)
    ticked = [int(one) for one in request.POST.getlist("with") if one.isascii() and one.isdigit() and len(one) < 19]
    rows = list(access.demands_seen_by(request.user).open().filter(pk__in=ticked))
    try:
        many = demands.join(demands=rows, to=demand, by=request.user, at=clock.now())
    except Refusal as refusal:
        messages.error(request, says(refusal))
        return redirect("grievances:demand", demand.pk)
    if many:
        messages.success(
            request, ngettext("已并入 {n} 条，答复时一起答复。", "已并入 {n} 条，答复时一起答复。", many).format(n=many)
        )
    else:
        messages.info(request, _("没有选要并入的诉求。"))
    return redirect("grievances:demand", demand.pk)


@require_POST
@requires(VIEW, HANDLE)
def part(request: SignedIn, demand_id: int) -> HttpResponse:
    demand = access.demand_to_see(request.user, demand_id)
    form = forms.WhyForm(request.POST, prefix="part")
    return _done(request, demand, "part", form, demands.part, _("已取消并案，单独办理。"))


@require_POST
@requires(VIEW, HANDLE)
def wait(request: SignedIn, demand_id: int) -> HttpResponse:
    """Tie it to a case of its household: what is decided there is this one's answer."""
    demand = access.demand_to_handle(request.user, demand_id)
    chosen = request.POST.get("case", "")
    case = filing.cases_of(demand).filter(pk=int(chosen) if chosen.isascii() and chosen.isdigit() else 0).first()
    try:
        if case is None:
            raise Refusal("no_such_case", _("请选这一户正在办理的事项"))
        filing.wait_for(demand=demand, case=case, by=request.user, at=clock.now())
        messages.success(request, _("这件事办结时，自动答复这条诉求。"))
    except Refusal as refusal:
        messages.error(request, says(refusal))
    return redirect("grievances:demand", demand.pk)


@require_POST
@requires(VIEW)
def tell(request: SignedIn, demand_id: int) -> HttpResponse:
    """Whoever told the person the answer writes down how."""
    demand = _to_speak_for(request, demand_id)
    return _done(request, demand, "tell", forms.TellForm(request.POST), answers.tell, _("已登记怎样告知的。"))


@require_POST
@requires(VIEW)
def word(request: SignedIn, demand_id: int) -> HttpResponse:
    """Whoever heard the person's yes or no writes it down."""
    demand = _to_speak_for(request, demand_id)
    form = forms.WordForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            told = form.cleaned_data
            answers.word(demand=demand, yes=told["yes"] == "yes", said=told["said"], score=told["score"],
                         by=request.user, at=clock.now())  # fmt: skip
            messages.success(request, _("已记下本人的意见。"))
            return redirect("grievances:demand", demand.pk)
    return shown(request, demand, word=form)


def _to_speak_for(request: SignedIn, demand_id: int) -> Demand:
    """Anybody who may handle or write down demands, of those he sees."""
    from django.core.exceptions import PermissionDenied

    if not (may(request.user, HANDLE) or may(request.user, access.TAKE)):
        raise PermissionDenied(_("您的角色没有这项权限。"))
    return access.demand_to_see(request.user, demand_id)
