"""Payrolls: lines by batch, provision and state, the queue of those to be looked at, differences, sums (FUND-5)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.benefits import access, catalogue, likeness, payment_queries
from shuanglian.benefits.actions import payments as verbs
from shuanglian.benefits.models import Payment
from shuanglian.benefits.payment_forms import AnswerForm, PaymentFilter
from shuanglian.benefits.payment_queries import ORDER, Candidate, Wanted
from shuanglian.core import clock
from shuanglian.core.forms import says, translated
from shuanglian.kernel.ids import mask_id
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_, Said
from shuanglian.registry import access as registry
from shuanglian.registry.models import Person
from shuanglian.registry.queries import paged
from shuanglian.registry.scope import visible_people
from shuanglian.sheets import queries as sheets

from .common import place

KEPT = ("area", "batch", "benefit", "year", "text")  # what the queue carries from line to line


def _asked(request: SignedIn, **how: bool) -> tuple[Any, PaymentFilter, Wanted]:
    area = registry.area(request.user, request.GET.get("area"))
    form = PaymentFilter(request.GET, **how)
    return area, form, form.wanted(area)


def _frame(request: SignedIn, here: str, **how: bool) -> tuple[dict[str, Any], Wanted]:
    area, form, wanted = _asked(request, **how)
    return {
        **place(request, area), "form": form, "wanted": wanted, "here": here, "kept": _kept(request),
        "filtering": any(request.GET.get(name) for name in form.fields),
        "may_match": may(request.user, "benefits.match"),
    }, wanted  # fmt: skip


def _kept(request: SignedIn) -> str:
    return urlencode({name: request.GET[name] for name in KEPT if request.GET.get(name)})


@requires("benefits.view")
@require_safe
def payments(request: SignedIn) -> HttpResponse:
    """The lines of payrolls, with how sure it is who they are."""
    told, wanted = _frame(request, "lines")
    rows = payment_queries.payments(seen_by=request.user, wanted=wanted)
    page = paged(rows, order=ORDER, after=request.GET.get("after"))
    counts = payment_queries.by_match(seen_by=request.user, wanted=wanted)
    return render(request, "benefits/payments.html", {
        **told, "page": page, "rows": [(one, catalogue.title(one.benefit)) for one in page.rows],
        "counts": [(state, label, counts[state]) for state, label in Payment.Match.choices],
        "open": counts[Payment.Match.OPEN], "total": sum(counts.values()),
        "may_import": may(request.user, "imports.run"),
    })  # fmt: skip


@requires("benefits.view", "benefits.match")
@require_safe
def review(request: SignedIn) -> HttpResponse:
    """The next line to be looked at, of the whole queue or of what was asked."""
    _area, _form, wanted = _asked(request)
    after = request.GET.get("after", "")
    former = access.payment(request.user, int(after)) if after.isdecimal() and len(after) < 18 else None
    found = payment_queries.next_open(seen_by=request.user, wanted=wanted, after=former)
    if found is None:
        messages.success(request, _("没有待核对的发放记录了。"))
        return redirect(f"{reverse('benefits:payments')}?{_kept(request)}")
    return redirect(f"{reverse('benefits:payment', args=[found.pk])}?{_kept(request)}")


@requires("benefits.view")
@require_http_methods(["GET", "HEAD", "POST"])
def payment(request: SignedIn, pk: int) -> HttpResponse:
    """One line beside those it may be; the answer, and on to the next."""
    if request.method == "POST":
        found = access.payment(request.user, pk, "benefits.match")
        return _answer(request, found)
    found = access.payment(request.user, pk)
    text = request.GET.get("who", "").replace("\0", "").strip()[:40]
    told = payment_queries.candidates(seen_by=request.user, payment=found, text=text)
    _area, _form, wanted = _asked(request)
    working = may(request.user, "benefits.match")
    counts = payment_queries.by_match(seen_by=request.user, wanted=wanted) if working else {}
    return render(request, "benefits/payment.html", {
        "payment": found, "title": catalogue.title(found.benefit), "details": _details(found),
        "candidates": [_shown(found, one) for one in told], "text": text, "may_match": working, "form": AnswerForm(),
        "kept": _kept(request), "open": counts.get(Payment.Match.OPEN, 0),
        "strong": likeness.is_strong(found.candidates),
        "department": catalogue.department(known.department) if (known := catalogue.benefit(found.benefit)) else "",
    })  # fmt: skip


def _answer(request: SignedIn, found: Payment) -> HttpResponse:
    form = AnswerForm(request.POST)
    here = f"{reverse('benefits:payment', args=[found.pk])}?{_kept(request)}"
    if not form.is_valid():
        messages.error(request, _("请选择这是谁，或选“不在册”“先放着”。"))
        return redirect(here)
    told = {"payment": found, "note": form.cleaned_data["note"], "by": request.user, "at": clock.now()}
    match form.cleaned_data["answer"]:
        case "nobody":
            verbs.nobody(**told)
        case "open":
            verbs.leave_open(**told)
        case number:
            people = visible_people(seen_by=request.user).select_related("household")
            verbs.choose(person=get_object_or_404(people, pk=int(number)), **told)
    messages.success(request, _("已记录核对结果。"))
    return redirect(f"{reverse('benefits:review')}?{urlencode({'after': found.pk})}&{_kept(request)}")


def _details(found: Payment) -> list[tuple[str, str]]:
    """What else the list says of the line, in words."""
    labels = {
        "period": _("发放月份"), "class": _("低保类别"), "persons": _("享受人数"), "school": _("学校"),
        "hospital_cost": _("住院总费用"), "reimbursed": _("报销金额"), "head_name": _("户主姓名"),
        "born": _("出生日期"),
    }  # fmt: skip
    return [(label, str(found.details[name])) for name, label in labels.items() if found.details.get(name)]


def _shown(found: Payment, one: Candidate) -> dict[str, Any]:
    """One candidate as the page shows it: numbers masked, what speaks for and against."""
    person: Person = one.person
    return {
        "person": person, "household": person.household, "number": mask_id(person.id_number), "score": one.score,
        "chosen": found.person_id == person.pk,
        "why": [translated(Said(likeness.WHY.get(code, SAME.get(code, code)))) for code in one.why],
    }  # fmt: skip


SAME = {"same_id": N_("证件号码相同")}


@requires("benefits.view", "benefits.match")
@require_http_methods(["GET", "HEAD", "POST"])
def strong(request: SignedIn) -> HttpResponse:
    """Open lines whose first candidate nobody else comes near: all on one page, taken at once or one by one."""
    told, wanted = _frame(request, "strong", matching=False)
    found = payment_queries.strong(seen_by=request.user, wanted=wanted)
    if request.method == "POST":
        ticked = {int(one) for one in request.POST.getlist("payment") if one.isdecimal() and len(one) < 18}
        chosen = [one for one in found if one.pk in ticked]
        taken = verbs.choose_strong(payments=chosen, by=request.user, at=clock.now()) if chosen else 0
        messages.success(request, ngettext("已接受 {n} 条。", "已接受 {n} 条。", taken).format(n=taken))
        return redirect(f"{reverse('benefits:strong')}?{_kept(request)}")
    shown = found[:MOST_STRONG]
    people = visible_people(seen_by=request.user).select_related("household__village__parent")
    known = people.in_bulk([one.candidates[0]["person"] for one in shown])
    rows = [
        {"payment": one, "title": catalogue.title(one.benefit), "person": known[first["person"]],
         "score": first["score"], "why": [translated(Said(likeness.WHY.get(code, code))) for code in first["why"]]}
        for one in shown if (first := one.candidates[0])["person"] in known
    ]  # fmt: skip
    return render(request, "benefits/strong.html", {**told, "rows": rows, "more": len(found) - len(shown)})


MOST_STRONG = 200


@requires("benefits.view")
@require_safe
def differences(request: SignedIn) -> HttpResponse:
    """What was paid against what is owed, each difference in a sentence."""
    told, wanted = _frame(request, "differences", matching=False, partial=True)
    rows = payment_queries.differing(seen_by=request.user, wanted=wanted)
    page = paged(rows, order=ORDER, after=request.GET.get("after"))
    explained = [
        {"due": due, "title": catalogue.title(due.benefit), "lines": lines, "said": said,
         "period": catalogue.period_label(catalogue.benefit(due.benefit), due.period)}
        for due, lines, said in payment_queries.explained(page.rows)
    ]  # fmt: skip
    return render(request, "benefits/differences.html", {**told, "page": page, "rows": explained})


@requires("benefits.view")
@require_safe
def totals(request: SignedIn) -> HttpResponse:
    """Paid against owed, by provision and by the regions below."""
    told, wanted = _frame(request, "totals", matching=False)
    by_benefit = payment_queries.sums(seen_by=request.user, wanted=wanted, below=False)
    by_place = payment_queries.sums(seen_by=request.user, wanted=wanted, below=True)
    areas = payment_queries.places(told["area"])
    order = {code: at for at, code in enumerate(catalogue.benefits())}
    return render(request, "benefits/payment_totals.html", {
        **told,
        "by_benefit": [(code, catalogue.title(code), by_benefit[code])
                       for code in sorted(by_benefit, key=lambda one: order.get(one, len(order)))],
        "by_place": [(areas[code], by_place[code]) for code in sorted(areas) if code in by_place],
        "elsewhere": [one for code, one in by_place.items() if code not in areas],
    })  # fmt: skip


@requires("benefits.view", "benefits.match")
@require_POST
def look_again(request: SignedIn) -> HttpResponse:
    """Compare open lines, and those that were nobody's, with the register as it is now."""
    area = registry.area(request.user, request.POST.get("area"))
    told = verbs.look_again(area=area, by=request.user, at=clock.now())
    sentence = _("重新比对了 {looked} 条，认出 {named} 条。")
    messages.success(request, sentence.format(**told))
    return redirect(f"{reverse('benefits:payments')}?{urlencode({'area': area.code})}")


@requires("benefits.view", "benefits.match", "imports.accept")
@require_POST
def restore(request: SignedIn, pk: int) -> HttpResponse:
    """Take back what people have answered about a payroll, so that it can be undone."""
    batch = get_object_or_404(sheets.batches(seen_by=request.user), pk=pk)
    try:
        lines = verbs.restore(batch=batch, by=request.user, at=clock.now())
        messages.success(request, _("已放弃这批名册的人工核对（{n} 条）。").format(n=lines))
    except Refusal as refusal:
        messages.error(request, says(refusal))
    return redirect("sheets:batch", pk=pk)


patterns: list[Any] = [
    path("payments/", payments, name="payments"),
    path("payments/review/", review, name="review"),
    path("payments/strong/", strong, name="strong"),
    path("payments/differences/", differences, name="differences"),
    path("payments/totals/", totals, name="payment_totals"),
    path("payments/look-again/", look_again, name="look_again"),
    path("payments/imports/<int:pk>/restore/", restore, name="restore_batch"),
    path("payments/<int:pk>/", payment, name="payment"),
]
