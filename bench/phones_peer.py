"""The naive way for the benchmark of phones: one POST a visit, logged in, the same verb, no number of the phone's own."""

import json
import os
from datetime import date, datetime
from uuid import uuid4

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuanglian.config.settings")
from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from django.conf import settings  # noqa: E402
from django.http import HttpRequest, HttpResponse, JsonResponse  # noqa: E402
from django.urls import include, path  # noqa: E402

from shuanglian.accounts.rights import requires  # noqa: E402
from shuanglian.core import clock  # noqa: E402
from shuanglian.fieldwork.actions import visits  # noqa: E402
from shuanglian.organisation.models import Cadre  # noqa: E402
from shuanglian.registry.models import Household  # noqa: E402


@requires("fieldwork.record")
def naive(request: HttpRequest) -> HttpResponse:
    told = json.loads(request.body)
    place = told["position"]
    visit = visits.record(
        household=Household.objects.select_related("village").get(pk=told["household"]), cadre=Cadre.objects.get(user=request.user),
        on=date.fromisoformat(told["on"]), started_at=datetime.fromisoformat(told["started_at"]),
        ended_at=datetime.fromisoformat(told["ended_at"]), tasks=told["tasks"], done=told["done"], met=told["met"],
        entered=told["entered"], position=(place["lon"], place["lat"], place["acc"]), given=told["given"], asks=told["asks"],
        channel="phone", key=uuid4(), by=request.user, at=clock.now(),
    )  # fmt: skip
    return JsonResponse({"id": visit.pk})


urlpatterns = [path("naive/", naive), path("", include("shuanglian.config.urls"))]
settings.ROOT_URLCONF = "bench.phones_peer"
