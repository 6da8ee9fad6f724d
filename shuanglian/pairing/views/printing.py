"""Lists on paper, as jobs."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shuanglian.accounts.rights import SignedIn, requires
from shuanglian.core import clock
from shuanglian.jobs.actions import jobs
from shuanglian.pairing import access


@require_POST
@requires("pairing.view", "registry.export")
def print_round(request: SignedIn, pk: int) -> HttpResponse:
    """Order the workbook of all pairs of a round."""
    found = access.round_to_see(request.user, pk)
    job = jobs.start(
        kind="pairing.print", title=_("{name} 结对名单").format(name=found.name),
        params={"round": found.pk, "language": get_language()}, by=request.user, at=clock.now(),
        area_code=found.area_code,
    )  # fmt: skip
    return redirect("jobs:detail", job.pk)
