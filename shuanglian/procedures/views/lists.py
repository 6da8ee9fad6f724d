"""Lists: made, looked at, and moved as one: a meeting, a round of visits, an approval with exceptions (REG-4)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on, says
from shuanglian.core.paging import keyset
from shuanglian.core.profile import language
from shuanglian.kernel.refusal import Refusal
from shuanglian.procedures import access, facts, form_content, queries, rules, showing
from shuanglian.procedures.actions import checking, lists, papers, postings, signatures
from shuanglian.procedures.actions.moving import Moved, Wish
from shuanglian.procedures.forms import JoinForm, ListForm, PaperForm, TogetherForm
from shuanglian.procedures.models import Case, CaseList, Drawn
from shuanglian.rules.procedures import Procedure, Step

MOST_SHOWN = 500
MOST_WORDS = 120


@requires("procedures.view")
@require_safe
def listing(request: SignedIn) -> HttpResponse:
    page = keyset(queries.lists(seen_by=request.user), order=("-id",), after=request.GET.get("after"), size=30)
    rows = [(one, showing.title(one.procedure), queries.cases_of(one).count()) for one in page.rows]
    return render(request, "procedures/lists.html", {"page": page, "rows": rows, "room": "lists",
                                                     "may_act": may(request.user, "procedures.act")})  # fmt: skip


@requires("procedures.act")
def new(request: SignedIn) -> HttpResponse:
    """A list of the reader's area: all its cases of a procedure that are on none, or lists of the areas below."""
    if request.user.area is None:
        raise Http404
    form = ListForm(request.POST or None, clock.today())
    if form.is_valid():
        with refusals_on(form):
            code = form.cleaned_data["procedure"]
            free = queries.cases(seen_by=request.user).filter(procedure=code, list=None).exclude(step="")
            made = lists.make(procedure=code, name=form.cleaned_data["name"], area=request.user.area, cases=free,
                              by=request.user, at=clock.now())  # fmt: skip
            return redirect("procedures:list", made.pk)
    return render(request, "procedures/list_new.html", {"form": form, "room": "lists"})


@requires("procedures.view")
@require_safe
def detail(request: SignedIn, pk: int) -> HttpResponse:
    return _detail(request, access.case_list(request.user, pk))


def _detail(request: SignedIn, of: CaseList, moved: Moved | None = None, **forms: Any) -> HttpResponse:
    """The list: where its cases stand, and for the step that is the reader's the form that moves them together."""
    rows = queries.cases_of(of).select_related("edition", "area", "posted").order_by("area_code", "pk")
    procedure = _procedure(of, rows.first())
    standing = queries.standing(of)
    mine = queries.waits_for(procedure, request.user) if may(request.user, "procedures.act") else []
    wanted = request.GET.get("step", "")
    here = [step for step in procedure.steps if step.code in mine and standing.get(step.code)]
    step = next((one for one in here if one.code == wanted), here[0] if here else None)
    shown = list((rows.filter(step=step.code) if step else rows)[:MOST_SHOWN])
    pks = [case.pk for case in shown if case.draw_id]
    drawn = set(Drawn.objects.filter(case__in=pks, draw=F("case__draw")).values_list("case", flat=True))
    bars = [{"step": one, "label": one.label.in_(language()), "level": showing.level_label(one),
             "many": standing.get(one.code, 0)} for one in procedure.steps]  # fmt: skip
    return render(request, "procedures/list.html", {
        "list": of, "title": procedure.label.in_(language()), "room": "lists", "step": step, "here": here,
        "step_label": step.label.in_(language()) if step else "",
        "bars": bars, "printable": _printable(of, bars),
        "ends": [(label, standing[stand]) for stand, label in Case.Stand.choices if standing.get(stand)],
        "all": sum(standing.values()), "cases": [_line(case, procedure, drawn, step, request.POST) for case in shown],
        "off_the_wall": showing.off_the_wall([case for case in shown if not showing.is_up(case)], step, clock.today()),
        "prints": showing.prints(of, request.user),
        "shown": form_content.to_be_signed(shown, step, clock.today()),
        "seen": queries.mark_of(of, step.code) if step and step.kind == "approval" else "",
        "more": (standing.get(step.code, 0) if step else sum(standing.values())) - len(shown),
        "parts": of.parts.select_related("area"), "refused": _refused(moved, of) if moved else [],
        "join": _join(request, of, forms.get("join")), "paper": forms.get("paper") or _paper(of, step),
        "together": forms.get("together") or TogetherForm(None, clock.today()),
        "draw": of.draws.filter(step=step.code).first() if step and step.kind == "recheck" else None,
        "signers": showing.posts(step, request.user) if step else [],
    }, status=400 if forms else 200)  # fmt: skip


def _printable(of: CaseList, bars: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The steps with a form at which cases of the list stand or have been."""
    been = {step for doers in queries.cases_of(of).values_list("doers", flat=True)[:MOST_SHOWN] for step in doers}
    return [one for one in bars if one["step"].form and (one["many"] or one["step"].code in been)]


def _procedure(of: CaseList, case: Case | None) -> Procedure:
    return rules.of_case(case) if case else rules.in_force(of.procedure, of.opened_on)


def _line(case: Case, procedure: Procedure, drawn: set[int], step: Step | None, filled: Any) -> dict[str, Any]:
    """A case of the list; what was filled in beside it stays when the list is refused (`filled`)."""
    at = procedure.step(case.step) if case.step and case.step in procedure else None
    return {
        "case": case, "step": at.label.in_(language()) if at else case.get_stand_display(), "drawn": case.pk in drawn,
        "choices": _choices(case, procedure, step) if step else [], "why": filled.get(f"why_{case.pk}", ""),
        "outcome": filled.get(f"outcome_{case.pk}", ""),
        "ticked": "case" not in filled or str(case.pk) in filled.getlist("case"),
    }  # fmt: skip


def _choices(case: Case, procedure: Procedure, step: Step) -> list[tuple[str, str]]:
    """What can be said of one case at a step that decides house by house: (value, label)."""
    back = [(f"back:{code}", f"{_('退回')}：{procedure.step(code).label.in_(language())}") for code in step.back_to]
    if step.kind == "approval":
        first = [("", _("仍扣下"))] if case.held else [("", _("批准")), ("hold", _("扣下"))]
        return [*first, ("refuse", _("不批准")), *back]
    if step.kind == "recheck":
        return [("leave", "—"), ("check_confirmed", _("属实")), ("check_doubtful", _("有疑问"))]
    return [("leave", "—"), ("pass", _("属实")), ("refuse", _("不符，否决")), *back]


def _refused(moved: Moved, of: CaseList) -> list[tuple[Case, str]]:
    rows = queries.cases_of(of).in_bulk(moved.refused)
    return [(rows[pk], says(refusal)) for pk, refusal in moved.refused.items() if pk in rows]


def _join(request: SignedIn, of: CaseList, filled: JoinForm | None) -> JoinForm | None:
    if not may(request.user, "procedures.act") or of.part_of_id or facts.level_of(request.user) == "village":
        return None
    form = filled or JoinForm(None, of)
    return form if form.fields["parts"].queryset.exists() else None  # type: ignore[attr-defined]


def _paper(of: CaseList, step: Step | None) -> PaperForm | None:
    return PaperForm(None, None, step) if step and step.documents and step.kind != "evaluation" else None


@requires("procedures.act")
@require_POST
def join(request: SignedIn, pk: int) -> HttpResponse:
    of = access.case_list(request.user, pk, "procedures.act")
    form = JoinForm(request.POST, of)
    if form.is_valid():
        with refusals_on(form):
            lists.join(into=of, parts=form.cleaned_data["parts"], by=request.user, at=clock.now())
            return redirect("procedures:list", of.pk)
    return _detail(request, of, join=form)


@requires("procedures.act")
@require_POST
def together(request: SignedIn, pk: int, step: str) -> HttpResponse:
    """One deed for the ticked cases at the step: pass, post, close, finish, sign, or approve but for exceptions."""
    of = access.case_list(request.user, pk, "procedures.act")
    form = TogetherForm(request.POST, clock.today())
    if form.is_valid():
        with refusals_on(form):
            moved = _carry_out(request, of, step, form)
            many = len(moved.done)
            messages.success(request, ngettext("已办 {many} 户", "已办 {many} 户", many).format(many=many))
            if moved.refused:
                return _detail(request, of, moved)
            return redirect("procedures:list", of.pk)
    return _detail(request, of, together=form)


def _carry_out(request: SignedIn, of: CaseList, step: str, form: TogetherForm) -> Moved:
    rows = queries.cases_of(of).select_related("edition").filter(step=step)
    first = rows.first()
    if first is None:
        raise Refusal("moved_on", _("这个批次已经没有户在这一步，请刷新"))
    at_step = rules.of_case(first).step(step)
    told: dict[str, Any] = {"step": step, "by": request.user, "at": clock.now(), "of": of}
    on = form.cleaned_data["on"]
    ticked = [int(pk) for pk in request.POST.getlist("case") if pk.isdecimal()]
    pks = list(rows.filter(pk__in=ticked).values_list("pk", flat=True))
    if at_step.kind in ("approval", "verification", "comparison", "recheck"):
        return _one_by_one(request, rows, at_step, on, told)
    if not pks:
        raise Refusal("nothing_ticked", _("请先勾选户"))
    if at_step.stands and request.POST.get("deed") == "post":
        said = {pk: request.POST.get(f"said_{pk}", "")[:MOST_WORDS] for pk in pks}
        return postings.post(cases=pks, said=said, **told)
    if at_step.kind == "notice":
        return postings.close(cases=pks, on=on, **told)
    if at_step.kind == "signoff":
        some = list(rows.filter(pk__in=pks).select_related("area", "edition", "list"))
        shown = form_content.as_shown(some, at_step, clock.today(), request.POST)
        return signatures.sign(post=request.POST.get("post", ""), shown=shown, on=on, strict=False, **told)[1]
    return lists.move_together(cases=pks, wish=Wish("pass"), on=on, **told)


def _one_by_one(request: SignedIn, rows: Any, step: Step, on: Any, told: dict[str, Any]) -> Moved:
    """What was chosen beside each case: `outcome_ID`, with `why_ID` and how it was found."""
    chosen: dict[int, tuple[str, str]] = {}
    for pk in rows.values_list("pk", flat=True):
        if (outcome := request.POST.get(f"outcome_{pk}", "")) not in ("", "leave"):
            chosen[pk] = (outcome, request.POST.get(f"why_{pk}", "").strip())
    if step.kind == "approval":
        return _approved(request, chosen, step, on, told)
    if step.kind == "recheck" and request.POST.get("deed") == "finish":
        return checking.finish(cases=list(rows.values_list("pk", flat=True)), on=on, **told)
    if not chosen:
        raise Refusal("nothing_ticked", _("请先填写各户的结论"))
    method = request.POST.get("method", "")
    findings = {pk: _finding(outcome, why, method) for pk, (outcome, why) in chosen.items()}
    if step.kind == "recheck":
        return checking.check(step=step.code, findings=findings, on=on, by=told["by"], at=told["at"])
    return checking.verify(findings=findings, on=on, strict=False, **told)


def _finding(outcome: str, why: str, method: str) -> checking.Finding:
    """pass · refuse · check_confirmed · check_doubtful · back:STEP"""
    deed, _colon, to = outcome.partition(":")
    said = {"told": why} if why else {}
    if deed in ("check_confirmed", "check_doubtful"):
        return checking.Finding(deed.removeprefix("check_"), method, why, "check", content=said)
    if deed == "back":
        return checking.Finding("doubtful", method, why, "back", to, said)
    if deed == "refuse":
        return checking.Finding("doubtful", method, why, "refuse", content=said)
    return checking.Finding("confirmed", method, why, content=said)


def _approved(
    request: SignedIn, chosen: dict[int, tuple[str, str]], step: Step, on: Any, told: dict[str, Any]
) -> Moved:
    of: CaseList = told["of"]
    by_outcome: dict[str, dict[int, str]] = {"hold": {}, "refuse": {}}
    back: dict[int, tuple[str, str]] = {}
    for pk, (outcome, why) in chosen.items():
        deed, _colon, to = outcome.partition(":")
        if deed == "back":
            back[pk] = (to, why)
        elif deed in by_outcome:
            by_outcome[deed][pk] = why
    return lists.approve(of=of, step=step.code, on=on, by=told["by"], at=told["at"], back=back,
                         seen=request.POST.get("seen", ""), **by_outcome)  # fmt: skip


@requires("procedures.act")
@require_POST
def draw(request: SignedIn, pk: int, step: str) -> HttpResponse:
    """Draw who is re-checked."""
    of = access.case_list(request.user, pk, "procedures.act")
    try:
        made = checking.draw(of=of, step=step, by=request.user, at=clock.now())
        messages.success(request, _("已抽取 {many} 户，共 {of} 户").format(many=made.drawn.count(), of=made.of))
    except Refusal as refusal:
        messages.error(request, says(refusal))
    return redirect("procedures:list", of.pk)


@requires("procedures.act")
@require_POST
def bring(request: SignedIn, pk: int, step: str) -> HttpResponse:
    """A paper for all cases of the list at the step."""
    of = access.case_list(request.user, pk, "procedures.act")
    first = queries.cases_of(of).select_related("edition").filter(step=step).first()
    if first is None:
        return redirect("procedures:list", of.pk)
    form = PaperForm(request.POST, request.FILES, rules.of_case(first).step(step))
    if form.is_valid():
        with refusals_on(form):
            papers.add(of=of, step=step, code=form.cleaned_data["code"], upload=form.cleaned_data["upload"],
                       by=request.user, at=clock.now())  # fmt: skip
            messages.success(request, _("材料已保存"))
            return redirect("procedures:list", of.pk)
    return _detail(request, of, paper=form)


patterns = [
    path("lists/", listing, name="lists"),
    path("lists/new/", new, name="list_new"),
    path("lists/<int:pk>/", detail, name="list"),
    path("lists/<int:pk>/join/", join, name="join"),
    path("lists/<int:pk>/<slug:step>/together/", together, name="together"),
    path("lists/<int:pk>/<slug:step>/draw/", draw, name="draw"),
    path("lists/<int:pk>/<slug:step>/paper/", bring, name="bring_list"),
]
