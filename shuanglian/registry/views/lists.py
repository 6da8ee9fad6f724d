"""The household list: filters, orders, pages by key, exact search by a personal number (logged)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.areas.models import Area
from shuanglian.areas.queries import children
from shuanglian.core import clock
from shuanglian.core.paging import Page
from shuanglian.organisation.queries import bound_to
from shuanglian.registry import access, ledger, queries
from shuanglian.registry.forms import FilterForm
from shuanglian.registry.models import AreaCount, Household
from shuanglian.trail import trail

MOST_FOUND = 50  # a telephone of a village shop may stand in some files


@requires("registry.view")
@require_http_methods(["GET", "HEAD", "POST"])
def households(request: SignedIn) -> HttpResponse:
    """The list. The search box is posted, so that no identity number ever stands in an address or in a log of them."""
    if request.method == "POST":
        return _search(request)
    area = access.area(request.user, request.GET.get("area"))
    form = FilterForm(request.GET)
    wanted = form.wanted(area)
    rows = queries.households(seen_by=request.user, wanted=wanted)
    page = queries.paged(rows, order=queries.ORDERS[wanted.order], after=request.GET.get("after"))
    return render(
        request,
        "registry/households.html",
        {**_frame(request, area, form, page), "how_many": _how_many(request, rows, wanted)},
    )


def _search(request: SignedIn) -> HttpResponse:
    text = request.POST.get("q", "").replace("\0", "").strip()[:60]
    number = queries.personal_number(text)
    known = queries.households(seen_by=request.user, wanted=queries.Wanted(text=text, state="all")) if number else None
    if not number or (known is not None and known.exists()):
        kept = {key: value for key, value in request.GET.items() if key not in ("q", "after") and value}
        return redirect(f"{reverse('registry:households')}?{urlencode({**kept, 'q': text} if text else kept)}")
    if not may(request.user, "registry.reveal"):
        messages.error(request, _("您的角色不能按证件、电话或账号查找，请用姓名或户编号。"))
        return redirect("registry:households")
    found = list(queries.by_number(seen_by=request.user, number=number)[:MOST_FOUND])
    at = clock.now()
    area = access.area(request.user, None)
    trail.write("registry.search", by=request.user, at=at, area_code=area.code, what=_kind(number), found=len(found))
    for household in found:
        trail.look("search", about=household, by=request.user, at=at, why=_("按号码查找"))
    page: Page[Household] = Page(found, None, None)
    frame = _frame(request, area, FilterForm(), page)
    return render(request, "registry/households.html", {**frame, "by_number": True, "how_many": (len(found), False)})


def _kind(number: str) -> str:
    return "id_number" if len(number) == 18 else "phone" if len(number) == 11 else "number"


def _frame(request: SignedIn, area: Area, form: FilterForm, page: Page[Household]) -> dict[str, Any]:
    helped = ledger.helpers([household.pk for household in page.rows])
    own = request.user.area
    return {
        "area": area, "own": own, "form": form, "page": page, "figures": _figures(request, area),
        "rows": [(household, helped.get(household.pk)) for household in page.rows],
        "below": children(area) if area.level < Area.Level.VILLAGE else [],
        "above": area.parent if own is not None and area != own else None,
        "filtering": any(value for key, value in request.GET.items() if key not in ("area", "order", "after", "q")),
        "with_helpers": ledger.knows_helpers(),
    }  # fmt: skip


def _figures(request: SignedIn, area: Area) -> AreaCount | None:
    """The figures of the area, for those who see all of it."""
    return queries.figures(area) if bound_to(request.user) == "area" else None


def _how_many(request: SignedIn, rows: Any, wanted: queries.Wanted) -> tuple[int, bool] | None:
    """(how many, more than told) of a list that is only a part; None when the figures of the area say it."""
    return queries.at_most(rows) if wanted.narrows or bound_to(request.user) != "area" else None
