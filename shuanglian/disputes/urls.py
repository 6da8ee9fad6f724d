"""The addresses of mediation."""

from django.urls import path

from .views import cases, rounds

app_name = "disputes"
urlpatterns = [
    path("", cases.cases, name="cases"),
    path("new/", cases.new, name="new"),
    path("screening/", rounds.screening, name="screening"),
    path("screening/looked/", rounds.looked, name="looked"),
    path("figures/", rounds.figures, name="figures"),
    path("mediated/<int:case_id>/", cases.case, name="case"),
    path("mediated/<int:case_id>/assign/", cases.assign, name="assign"),
    path("mediated/<int:case_id>/parties/", cases.party, name="party"),
    path("mediated/<int:case_id>/parties/<int:party_id>/out/", cases.party_out, name="party_out"),
    path("mediated/<int:case_id>/meet/", cases.meet, name="meet"),
    path("mediated/<int:case_id>/agree/", cases.agree, name="agree"),
    path("mediated/<int:case_id>/scans/<int:scan_id>/", cases.scan, name="scan"),
    path("mediated/<int:case_id>/visit/", cases.visit, name="visit"),
    path("mediated/<int:case_id>/pass-up/", cases.pass_up, name="pass_up"),
    path("mediated/<int:case_id>/close/", cases.close, name="close"),
    path("mediated/<int:case_id>/forget/", cases.forget, name="forget"),
]
