"""The doors, room by room."""

from django.urls import include, path

from shuanglian.benefits.views.cards import family
from shuanglian.complaints.views.public import from_card
from shuanglian.core import errors
from shuanglian.grievances.views.card import ask
from shuanglian.notices.views.public import robots
from shuanglian.scrutiny.views.call_backs import family as asked

urlpatterns = [
    path("", include("shuanglian.web.urls")),
    path("accounts/", include("shuanglian.accounts.urls")),
    path("areas/", include("shuanglian.areas.urls")),
    path("imports/", include("shuanglian.sheets.urls")),
    path("jobs/", include("shuanglian.jobs.urls")),
    path("organisation/", include("shuanglian.organisation.urls")),
    path("registry/", include("shuanglian.registry.urls")),
    path("pairing/", include("shuanglian.pairing.urls")),
    path("benefits/", include("shuanglian.benefits.urls")),
    path("k/<str:code>/", family, name="family"),
    path("k/<str:code>/report/", from_card, name="family_report"),
    path("k/<str:code>/ask/", ask, name="family_ask"),
    path("k/<str:code>/visit/", asked, name="family_visit"),
    path("procedures/", include("shuanglian.procedures.urls")),
    path("notices/", include("shuanglian.notices.urls")),
    path("n/", include("shuanglian.notices.public_urls")),
    path("robots.txt", robots, name="robots"),
    path("recognition/", include("shuanglian.recognition.urls")),
    path("exits/", include("shuanglian.exits.urls")),
    path("adjustment/", include("shuanglian.adjustment.urls")),
    path("lookback/", include("shuanglian.lookback.urls")),
    path("notifications/", include("shuanglian.notifications.urls")),
    path("plans/", include("shuanglian.plans.urls")),
    path("fieldwork/", include("shuanglian.fieldwork.urls")),
    path("s/", include("shuanglian.complaints.public_urls")),
    path("complaints/", include("shuanglian.complaints.urls")),
    path("d/", include("shuanglian.grievances.public_urls")),
    path("grievances/", include("shuanglian.grievances.urls")),
    path("policywatch/", include("shuanglian.policywatch.urls")),
    path("p/", include("shuanglian.policywatch.public_urls")),
    path("disputes/", include("shuanglian.disputes.urls")),
    path("scrutiny/", include("shuanglian.scrutiny.urls")),
    path("duties/", include("shuanglian.duties.urls")),
    path("phone/", include("shuanglian.phone.urls")),
    path("trail/", include("shuanglian.trail.urls")),
]
handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler429 = errors.too_many
handler500 = errors.server_error
