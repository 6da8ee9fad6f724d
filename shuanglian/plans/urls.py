"""The addresses of plans."""

from django.urls import path

from .views import agreeing, household, overview

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
]
