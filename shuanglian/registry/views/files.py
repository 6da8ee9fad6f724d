"""One household's page: file, members, years, history; full numbers only when asked for, with the reason logged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.core import clock
from shuanglian.core.profile import active, language
from shuanglian.kernel.ids import mask_card, mask_id, mask_phone
from shuanglian.registry import access, account, ledger, queries
from shuanglian.registry.actions.derived import INCOMES, head_code
from shuanglian.registry.fields import names
from shuanglian.registry.forms import RevealForm
from shuanglian.registry.models import Household, HouseholdYear, Person
from shuanglian.trail import trail

# What the page shows by year, side by side: (title, [(field, how it is shown, profile list)])
LAND = ("land_cultivated", "land_forest", "land_returned", "land_orchard", "land_pasture", "land_water")
ACCOUNT = (*INCOMES, "transfer_declared", "transfer_paid", "operating_cost", "net_income", "income_per_head")
YEARLY: list[tuple[Any, list[tuple[str, str, str]]]] = [
    (gettext_lazy("收入账（元）"), [(name, "yuan", "") for name in ACCOUNT]),
    (gettext_lazy("土地（亩）"), [(name, "number", "") for name in LAND]),
    (gettext_lazy("住房与道路"), [
        ("house_area", "number", ""), ("house_unsafe", "yes_no", ""), ("house_grade", "code", "house_grade"),
        ("road_kind", "code", "road"), ("road_km", "number", ""),
    ]),
    (gettext_lazy("饮水与生活"), [
        ("water_safe", "yes_no", ""), ("water_hard", "yes_no", ""), ("power", "yes_no", ""), ("toilet", "yes_no", ""),
        ("fuel", "code", "fuel"), ("cooperative", "yes_no", ""),
    ]),
]  # fmt: skip
COVERS = (
    ("medical_insurance", gettext_lazy("医保")), ("serious_insurance", gettext_lazy("大病保险")),
    ("pension_insurance", gettext_lazy("养老保险")), ("dibao", gettext_lazy("低保")),
)  # fmt: skip


@requires("registry.view")
@require_safe
def household(request: SignedIn, pk: int) -> HttpResponse:
    found = access.household(request.user, pk)
    return render(request, "registry/household.html", _page(request, found, shown=None))


@never_cache
@requires("registry.view")
@require_POST
def reveal(request: SignedIn, pk: int) -> HttpResponse:
    """Show one number in full, for this answer only; who looked, at what and what for goes into the trail (REG-1)."""
    found = access.household_to_reveal(request.user, pk)
    form = RevealForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请先写明查看用途，再点“显示”。"))
        return redirect("registry:household", pk=pk)
    what = form.cleaned_data["what"]
    people, _years = queries.whole(found)
    if what not in {"household", *(f"person-{person.pk}" for person in people)}:
        messages.error(request, _("没有这个号码。"))
        return redirect("registry:household", pk=pk)
    trail.look(what, about=found, by=request.user, at=clock.now(), why=form.cleaned_data["why"])
    return render(request, "registry/household.html", _page(request, found, shown=what))


def _page(request: SignedIn, found: Household, *, shown: str | None) -> dict[str, Any]:
    people, years = queries.whole(found)
    helped = ledger.helpers([found.pk])
    return {
        "household": found, "people": [_member(person, shown) for person in people], "years": years,
        "yearly": side_by_side(years), "numbers": _numbers(found, shown), "shown": shown,
        "helper": helped.get(found.pk), "need": ledger.need_label(found.need_band), "head_code": head_code(),
        "may_edit": may(request.user, "registry.edit"), "may_reveal": may(request.user, "registry.reveal"),
        "standing": found.left_on is None and found.removed_on is None,
    }  # fmt: skip


def _numbers(found: Household, shown: str | None) -> dict[str, str]:
    if shown == "household":
        return {"phone": found.phone, "bank_account": found.bank_account}
    return {"phone": mask_phone(found.phone), "bank_account": mask_card(found.bank_account)}


def _member(person: Person, shown: str | None) -> dict[str, Any]:
    full = shown == f"person-{person.pk}"
    masked = {
        "id_number": person.id_number if full else mask_id(person.id_number),
        "disability_card": person.disability_card if full else mask_id(person.disability_card),
        "phone": person.phone if full else mask_phone(person.phone),
    }  # fmt: skip
    return {"person": person, "numbers": masked, "full": full, "what": f"person-{person.pk}", "covers": covers(person)}


def covers(person: Person) -> list[str]:
    """What the person is insured by or receives; "no" is told as well, unknown is not."""
    told = []
    for name, word in COVERS:
        value = getattr(person, name)
        if value is not None:
            told.append(str(word) if value else _("无{cover}").format(cover=word))
    return told


Told = list[tuple[Any, list[tuple[str, str, str, list[Any]]]]]


def side_by_side(years: Sequence[Any], parts: Mapping[int, Mapping[str, Decimal]] | None = None) -> Told:
    """Every line of the years' table that has a value: its name, how it is shown, its list, the value of each year.

    parts: year → part of the account → yuan; where given, the parts stand below their channel (PLAN-4).
    """
    accounts = [account.Year(year, (parts or {}).get(year.year, {})) for year in years]
    told: Told = []
    for title, fields in YEARLY:
        lines = []
        for name, how, codes in fields:
            values = [getattr(year, name) for year in years]
            if any(value not in (None, "") for value in values):
                label = names(HouseholdYear, name)
                lines.append((label, how, codes, values))
                lines += _parts(name, accounts) if parts else []
        if lines:
            told.append((title, lines))
    return told


def _parts(channel: str, accounts: list[account.Year]) -> list[tuple[str, str, str, list[Any]]]:
    """Lines of the parts of a channel that any year tells apart."""
    lines = []
    for part in account.parts_of(channel, active()):
        values = [one.of_part(part, active()) for one in accounts]
        if any(values) and any(one.parts for one in accounts) and len(account.parts_of(channel, active())) > 1:
            lines.append((_("其中 {part}").format(part=part.label.in_(language())), "yuan", "", values))
    return lines
