"""The addresses of plans."""

from django.urls import path

from .views import agreeing, household, overview, village, village_acts, villages

app_name = "plans"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("list/", overview.listed, name="list"),
    path("list/export/", overview.export, name="export"),
    path("catalogue/", overview.catalogue, name="catalogue"),
    path("households/<int:pk>/", household.household, name="household"),
    path("households/<int:pk>/write/", household.write, name="write"),
    path("versions/<int:pk>/", household.version, name="version"),
    path("versions/<int:pk>/compare/<int:other>/", household.compare, name="compare"),
    path("versions/<int:pk>/agree/", agreeing.agree, name="agree"),
    path("versions/<int:pk>/approve/", agreeing.approve, name="approve"),
    path("versions/<int:pk>/return/", agreeing.send_back, name="send_back"),
    path("versions/<int:pk>/pdf/", agreeing.pdf, name="pdf"),
    path("versions/<int:pk>/review/", agreeing.review, name="review"),
    path("agreements/<int:pk>/file/", agreeing.agreement_file, name="agreement_file"),
    path("planned/<int:pk>/progress/", agreeing.log, name="log"),
    path("progress/<int:pk>/withdraw/", agreeing.withdraw, name="withdraw"),
    path("villages/", villages.villages, name="villages"),
    path("villages/export/", villages.export, name="villages_export"),
    path("villages/<str:code>/", village.village, name="village"),
    path("villages/<str:code>/write/", village.write, name="village_write"),
    path("village-plans/<int:pk>/", village.version, name="village_version"),
    path("village-plans/<int:pk>/compare/<int:other>/", village.compare, name="village_compare"),
    path("village-plans/<int:pk>/submit/", village_acts.submit, name="village_submit"),
    path("village-plans/<int:pk>/agree/", village_acts.agree, name="village_agree"),
    path("village-plans/<int:pk>/approve/", village_acts.approve, name="village_approve"),
    path("village-plans/<int:pk>/return/", village_acts.send_back, name="village_send_back"),
    path("village-plans/<int:pk>/pdf/", village.pdf, name="village_pdf"),
    path("village-minutes/<int:pk>/", village_acts.minutes, name="village_minutes"),
    path("village-lines/<int:pk>/result/", village_acts.log, name="village_log"),
]
