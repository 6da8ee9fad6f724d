"""Pages of the trail."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuanglian.accounts.rights import SignedIn, requires
from shuanglian.core.paging import keyset

from . import queries
from .forms import FilterForm


@requires("trail.view")
@require_GET
def entries(request: SignedIn) -> HttpResponse:
    form = FilterForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    page = keyset(queries.entries(seen_by=request.user, **asked), order=("-number",), after=request.GET.get("after"))
    return render(request, "trail/entries.html", {"form": form, "page": page})


@requires("trail.view")
@require_GET
def entry(request: SignedIn, number: int) -> HttpResponse:
    found = queries.entries(seen_by=request.user).filter(number=number).first()
    if found is None:
        raise Http404(_("没有这条留痕。"))
    return render(request, "trail/entry.html", {"entry": found})
