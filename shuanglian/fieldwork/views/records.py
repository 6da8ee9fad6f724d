"""What a cadre logs at a desk: visits, days in the village, services, matters, asks; a leader's inspections."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.attachments.answers import answer
from shuanglian.core import clock, profile
from shuanglian.core.forms import refusals_on
from shuanglian.core.paging import keyset
from shuanglian.fieldwork import access, hooks, queries, wording
from shuanglian.fieldwork.actions import asks, attendance, inspections, matters, services, visits
from shuanglian.fieldwork.forms import (
    AskForm,
    AttendanceForm,
    InspectionForm,
    MatterForm,
    ServiceForm,
    VisitForm,
    WhyForm,
)
from shuanglian.fieldwork.models import Visit
from shuanglian.registry import access as registry
from shuanglian.registry.models import Household

MOST = 200


@require_safe
@requires("fieldwork.view", "fieldwork.record")
def mine(request: SignedIn) -> HttpResponse:
    """A cadre's own households with the last visit and what they asked; his villages; this month's entries."""
    on, technicians = clock.today(), profile.active().fieldwork.kinds_of_posts(technician=True)
    homes = list(queries.households_of(request.user, on)[:MOST])
    keys = [one.pk for one in homes]
    last = queries.last_visits(keys, seen_by=request.user, most=1)
    waiting = queries.open_asks(keys, seen_by=request.user)
    who = access.cadre_of(request.user)
    recent = access.visits_seen_by(request.user).filter(cadre=who, withdrawn_at=None, replaced_by=None)
    return render(request, "fieldwork/mine.html", {
        "homes": sorted(((one, last.get(one.pk, [None])[0], waiting.get(one.pk, [])) for one in homes),
                        key=lambda row: (row[1].on if row[1] else date.min, row[0].pk)),
        "cadre": who, "villages": queries.villages_of(request.user, on),
        "recent": wording.told(recent.select_related("household", "cadre")[:10]),
        "technician": bool(who and who.posts.standing_on(on).filter(kind__in=technicians).exists()),
    })  # fmt: skip


@requires("fieldwork.view", "fieldwork.record")
def new_visit(request: SignedIn, pk: int) -> HttpResponse:
    """A visit to a household that is the cadre's to visit."""
    at = clock.now()
    return _visit_form(request, access.household_to_visit(request.user, pk, clock.day_of(at)), None)


@requires("fieldwork.view", "fieldwork.record")
def correct(request: SignedIn, visit_id: int) -> HttpResponse:
    """The visit once more, right; what was entered first stays behind it."""
    before = access.visit_to_change(request.user, visit_id)
    return _visit_form(request, before.household, before)


def _visit_form(request: SignedIn, home: Household, before: Visit | None) -> HttpResponse:
    who, at = access.cadre_to_record(request.user), clock.now()
    form = VisitForm(request.POST or None, request.FILES or None, household=home, before=before, at=at)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            kept = visits.record(cadre=who, by=request.user, at=at, **form.told())
            messages.success(request, _("已登记：{name}").format(name=home.head_name))
            return redirect("fieldwork:visit", kept.pk)
    return render(request, "fieldwork/visit_form.html", {
        "household": home, "form": form, "before": before,
        "asks": queries.open_asks([home.pk], seen_by=request.user).get(home.pk, []),
        "last": wording.told(queries.last_visits([home.pk], seen_by=request.user, most=2).get(home.pk, [])),
    }, status=422 if form.errors else 200)  # fmt: skip


@require_safe
@requires("fieldwork.view")
def visit(request: SignedIn, visit_id: int) -> HttpResponse:
    """One visit with what it brought, its photos, what it corrects and was corrected by."""
    found = access.visit_to_see(request.user, visit_id)
    own = found.cadre.user_id == request.user.pk and may(request.user, "fieldwork.record")
    later = Visit.objects.filter(replaces=found).first()
    return render(request, "fieldwork/visit.html", {
        "told": wording.told([found])[0], "visit": found, "photos": found.photos.order_by("pk"), "later": later,
        "may_change": own and found.withdrawn_at is None and later is None,
    })  # fmt: skip


@require_safe
@requires("fieldwork.view")
def photo(request: SignedIn, visit_id: int, place: int) -> HttpResponse:
    """A photo of a visit, to whoever may see the visit."""
    found = access.visit_to_see(request.user, visit_id)
    return answer(get_object_or_404(found.photos.select_related("attachment"), pk=place).attachment)


@requires("fieldwork.view", "fieldwork.record")
def withdraw(request: SignedIn, visit_id: int) -> HttpResponse:
    """Take an own visit back, with the reason."""
    found = access.visit_to_change(request.user, visit_id)
    form = WhyForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            visits.withdraw(visit=found, why=form.cleaned_data["why"], by=request.user, at=clock.now())
            messages.success(request, _("已撤回。"))
            return redirect("fieldwork:visit", found.pk)
    return _form(request, form, _("撤回走访：{name}").format(name=found.household.head_name), _("撤回"))


def _of_villages(request: SignedIn, form_class: Any, verb: Any, title: str, done: str) -> HttpResponse:
    """A form about one of the cadre's villages; kept by a verb that takes what the form tells."""
    who, at = access.cadre_to_record(request.user), clock.now()
    form = form_class(request.POST or None, villages=queries.villages_of(request.user, clock.day_of(at)), at=at)
    if form.is_valid():
        with refusals_on(form):
            verb(cadre=who, by=request.user, at=at, **form.told())
            messages.success(request, done)
            return redirect("fieldwork:mine")
    return _form(request, form, title, _("登记"))


def _form(request: SignedIn, form: Any, title: str, button: str) -> HttpResponse:
    return render(request, "fieldwork/form.html", {"form": form, "title": title, "button": button},
                  status=422 if form.errors else 200)  # fmt: skip


@requires("fieldwork.view", "fieldwork.record")
def new_day(request: SignedIn) -> HttpResponse:
    return _of_villages(request, AttendanceForm, attendance.mark, _("登记驻村"), _("已登记驻村。"))


@requires("fieldwork.view", "fieldwork.record")
def new_service(request: SignedIn) -> HttpResponse:
    return _of_villages(request, ServiceForm, services.record, _("登记农技服务"), _("已登记农技服务。"))


@requires("fieldwork.view", "fieldwork.record")
def new_matter(request: SignedIn) -> HttpResponse:
    return _of_villages(request, MatterForm, matters.record, _("登记办实事或培训"), _("已登记。"))


@requires("fieldwork.view", "fieldwork.record")
def new_ask(request: SignedIn, pk: int) -> HttpResponse:
    """What a household asked for, without a visit (by telephone, at the village office)."""
    at = clock.now()
    home = access.household_to_visit(request.user, pk, clock.day_of(at))
    form = AskForm(request.POST or None, at=at)
    if form.is_valid():
        with refusals_on(form):
            made = asks.raise_(household=home, on=clock.day_of(at), by=request.user, at=at, **form.told())
            if isinstance(made, hooks.Diverted):
                told = _("这件事走安全信件，不进诉求台账。查询号 {number}，请只告诉本人（只显示这一次）。")
                messages.success(request, told.format(number=made.number))
            else:
                messages.success(request, _("已登记诉求。"))
            return redirect("fieldwork:mine")
    return _form(request, form, _("登记诉求：{name}").format(name=home.head_name), _("登记"))


@requires("fieldwork.view", "fieldwork.inspect")
def new_inspection(request: SignedIn) -> HttpResponse:
    """A leader's inspection or study, at a desk."""
    at = clock.now()
    if request.user.area is None:
        raise PermissionDenied(_("您没有联系的区域。"))
    form = InspectionForm(request.POST or None, places=queries.places_of(request.user, clock.day_of(at)), at=at)
    if form.is_valid():
        with refusals_on(form):
            inspections.record(leader=access.cadre_of(request.user), by=request.user, at=at, **form.told())
            messages.success(request, _("已登记。"))
            return redirect("fieldwork:inspections")
    return render(request, "fieldwork/inspection_form.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@requires("fieldwork.view")
def inspection_list(request: SignedIn) -> HttpResponse:
    """Inspections and studies of an area, the newest first."""
    area = registry.area(request.user, request.GET.get("area"))
    rows = access.inspections_seen_by(request.user).within(area).standing()
    rows = rows.select_related("area__parent", "by", "leader")
    return render(request, "fieldwork/inspections.html", {
        "area": area, "page": keyset(rows, order=("-on", "-id"), after=request.GET.get("after")),
        "may_record": may(request.user, "fieldwork.inspect"),
    })  # fmt: skip
