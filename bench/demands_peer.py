"""The naive way for the benchmark of demands: a form without a number of its own, the same verb behind it."""

import os
from uuid import uuid4

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuanglian.config.settings")
from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from django.conf import settings  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import include, path  # noqa: E402
from django.views.decorators.csrf import csrf_exempt  # noqa: E402

from shuanglian.areas.models import Area  # noqa: E402
from shuanglian.core import clock  # noqa: E402
from shuanglian.core.scoping import unscoped  # noqa: E402
from shuanglian.grievances import numbers  # noqa: E402
from shuanglian.grievances.actions import demands  # noqa: E402


@csrf_exempt
def naive(request: HttpRequest, code: str) -> HttpResponse:
    key = uuid4()
    with unscoped():
        demands.raise_(key=key, door="page", text=request.POST["text"], category="water", at=clock.now(),
                       village=Area.objects.current().get(code=code))  # fmt: skip
    return HttpResponse(numbers.number_of(key))


urlpatterns = [path("naive/<str:code>/", naive), path("", include("shuanglian.config.urls"))]
settings.ROOT_URLCONF = "bench.demands_peer"
