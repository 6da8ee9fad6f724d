"""What the pages of demands share: without a ladder in the profile there are none."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from shuanglian.core import profile

View = Callable[..., HttpResponseBase]


def with_ladder(view: View) -> View:
    """404, and why, where the programme takes no demands."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not profile.active().grievances.runs:
            raise Http404(_("方案没有规定诉求怎样受理"))
        return view(request, *args, **kwargs)

    return shown
